"""Serving the built web app: its files, its page for every address of the app, redirects of older addresses.

This room knows files, caching and security headers. It knows nothing about records, accounts or SQL; the app asks the
API like any other client.
"""
