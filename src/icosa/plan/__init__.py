"""What a request means, as frozen data that no protocol and no SQL has touched.

A plan names objects, fields and columns of the catalog it was made with, and holds positions of parameters, never their
values: requests of one shape have equal plans, so that their statement is compiled once.
"""
