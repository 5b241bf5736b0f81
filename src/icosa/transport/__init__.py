"""HTTP as all protocols share it: requests with their body read, responses, request ids, CORS, limits.

This room knows ASGI. It does not know records, roles or what a path means.
"""
