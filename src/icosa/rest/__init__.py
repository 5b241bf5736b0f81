"""The Core REST API: words of a request become a plan, a domain error becomes REST's envelope.

This room knows paths, query parameters, bodies and statuses (`rest-core.md`). It does not know SQL, nor the other
protocols.
"""
