"""Use cases on the catalog: make and change objects, fields, relations and indexes, with their tables.

This room knows rules of the model and DDL. It does not know HTTP, GraphQL or records.
"""
