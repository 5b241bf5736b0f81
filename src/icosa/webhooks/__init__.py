"""Webhooks: who wants to hear of which events, and where (`webhooks.md`).

Knows registrations and their rules. Does not know HTTP routes, GraphQL, or how records are stored.
"""
