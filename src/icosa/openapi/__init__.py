"""The OpenAPI documents, made from the caller's view of the model.

This room knows what the routes of the other protocols send and get (`openapi.md`), and says it in OpenAPI 3.1. It does
not know records, SQL, nor the other protocols' code: the tests hold the documents to the answers.
"""
