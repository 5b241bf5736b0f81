"""Spelling of names: how an object's or a field's name is raised, joined and quoted."""

from __future__ import annotations


def capitalized(name: str) -> str:
    """Return the name with its first letter raised and nothing else changed (`DECISIONS.md` item 13)."""
    return name[:1].upper() + name[1:]


def quoted(identifier: str) -> str:
    """Return a PostgreSQL identifier in double quotes; only names out of the catalog may be passed."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a PostgreSQL text literal, for constants of ours (key names, option values) and never for client values."""
    if "\\" in text:
        return " E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
    return "'" + text.replace("'", "''") + "'"
