"""Who is asking, and what they may do: API keys, tokens, people, roles.

This room knows tokens, roles and permissions. It does not know how records are stored, nor HTTP.
"""
