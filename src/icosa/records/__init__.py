"""Use cases on records: find, create, update, upsert, delete, restore, destroy, merge, duplicates, group.

Each takes a caller's access and a plan, compiles the plan once for its shape, runs one statement and returns its body.
This room does not know HTTP or GraphQL.
"""
