"""A plan becomes one SQL statement whose single value is the finished JSON body.

This room knows tables, joins, filters, keyset pages, aggregates and event rows. It does not know HTTP, GraphQL or where
a permission came from. Identifiers come out of the catalog, quoted; every value is a parameter.
"""
