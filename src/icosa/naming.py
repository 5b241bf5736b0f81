"""Spelling of names: how an object's or a field's name is raised, joined and quoted."""

from __future__ import annotations

import hashlib

LONGEST = 63
DIGEST = 16


def capitalized(name: str) -> str:
    """Return the name with its first letter raised and nothing else changed (`DECISIONS.md` item 13)."""
    return name[:1].upper() + name[1:]


def stored_name(name: str) -> str:
    """Return the name of the column that holds a field or a part of one.

    PostgreSQL keeps 63 bytes of a name (manual, "Identifiers and Key Words") and cuts the rest off in silence; API names
    may be longer once a relation or a part is told by them, so a long one ends in a digest of the whole.
    """
    if len(name) <= LONGEST:
        return name
    return f"{name[: LONGEST - DIGEST]}{hashlib.sha256(name.encode()).hexdigest()[:DIGEST]}"


def quoted(identifier: str) -> str:
    """Return a PostgreSQL identifier in double quotes; only names out of the catalog may be passed."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a PostgreSQL text literal, for constants of ours (key names, option values) and never for client values."""
    if "\\" in text:
        return " E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
    return "'" + text.replace("'", "''") + "'"
