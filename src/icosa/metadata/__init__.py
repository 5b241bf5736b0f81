"""The Metadata API: the data model, views, roles, keys and the workspace, over GraphQL `/metadata` and REST `/rest/metadata`.

Unlike the Core API its schema is fixed, so documents are executed by graphql-core; both protocols call the same use cases.
"""
