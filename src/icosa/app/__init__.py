"""The process: the ASGI application, its start and its stop.

This room puts the others together. It knows nothing about records.
"""
