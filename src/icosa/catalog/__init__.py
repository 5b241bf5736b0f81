"""The workspace's model as an immutable, versioned snapshot: objects, fields, relations.

This room knows what exists and how it is called and stored. It does not know requests, protocols or roles: a role's view
of the model is a smaller catalog that `access` cuts out of it.
"""
