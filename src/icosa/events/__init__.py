"""The event log as others read it: published in one order, as a feed, as a stream, as a record's history.

Knows the log, positions and who may see what of an event. Does not know how events are written (`sql.events`), webhooks,
HTTP or GraphQL.
"""
