"""Numbered SQL files of the `core` schema, applied at start, each once, in its own transaction, under a lock.

Kept migration libraries need a second database driver or an ORM; forty lines over asyncpg do what is needed here.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from icosa.errors import Misconfigured
from icosa.store.database import Database

LOCK = 0x1C05A
NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
PREPARE = """
CREATE SCHEMA IF NOT EXISTS core;
CREATE TABLE IF NOT EXISTS core.schema_migration (
    version int PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    version: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """What tells a changed file from the one that was applied."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations(folder: Traversable | None = None) -> list[Migration]:
    """Return the migrations of a folder in their order, by default those of this package."""
    found = []
    for each in (folder or files("icosa.store") / "migrations").iterdir():
        name = NAME.fullmatch(each.name)
        if name:
            found.append(Migration(int(name[1]), name[2], each.read_text(encoding="utf-8")))
    return sorted(found, key=lambda migration: migration.version)


async def migrate(database: Database, folder: Traversable | None = None) -> list[str]:
    """Apply what is missing and return the names of what was applied.

    Raises:
        Misconfigured: an applied file has changed since, or the database is newer than this program.
    """
    migrations = {each.version: each for each in read_migrations(folder)}
    applied: list[str] = []
    async with database.transaction() as connection:
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        await connection.execute(PREPARE)
        known = {row["version"]: row for row in await connection.fetch("SELECT * FROM core.schema_migration")}
        for version, row in known.items():
            if version not in migrations:
                raise Misconfigured(
                    f"The database has migration {version:04} '{row['name']}', which this program lacks"
                )
            if migrations[version].checksum != row["checksum"]:
                raise Misconfigured(f"Migration {version:04} '{row['name']}' has changed since it was applied")
        for version, migration in migrations.items():
            if version in known:
                continue
            async with connection.transaction():
                await connection.execute(migration.sql)
                await connection.execute(
                    "INSERT INTO core.schema_migration (version, name, checksum) VALUES ($1, $2, $3)",
                    version,
                    migration.name,
                    migration.checksum,
                )
            applied.append(migration.name)
    return applied
