"""Icosa: a self-hosted CRM API server that speaks Twenty's API."""

__version__ = "0.1.0"
