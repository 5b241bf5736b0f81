"""Whether a workspace's model, its tables and what the protocols tell of it agree.

Knows the catalog, the tables that `modeling` makes of it, and the documents that the protocols make of it. Changes nothing.
"""
