from __future__ import annotations

from pathlib import Path

import pytest

from icosa.errors import Misconfigured
from icosa.store.database import Database
from icosa.store.migrations import migrate


def write(folder: Path, name: str, sql: str) -> None:
    (folder / name).write_text(sql)


async def test_each_file_is_applied_once(database: Database, tmp_path: Path) -> None:
    write(tmp_path, "0001_one.sql", "create table core.one (id int)")
    assert await migrate(database, tmp_path) == ["one"]
    write(tmp_path, "0002_two.sql", "create table core.two (id int)")
    assert await migrate(database, tmp_path) == ["two"]
    assert await migrate(database, tmp_path) == []


async def test_a_failing_file_leaves_nothing(database: Database, tmp_path: Path) -> None:
    write(tmp_path, "0001_one.sql", "create table core.one (id int); select nothing")
    with pytest.raises(Exception, match="nothing"):
        await migrate(database, tmp_path)
    assert await database.fetch_value("SELECT to_regclass('core.one')") is None


async def test_changed_and_unknown_files_are_refused(database: Database, tmp_path: Path) -> None:
    write(tmp_path, "0001_one.sql", "select 1")
    await migrate(database, tmp_path)
    write(tmp_path, "0001_one.sql", "select 2")
    with pytest.raises(Misconfigured, match="has changed"):
        await migrate(database, tmp_path)
    (tmp_path / "0001_one.sql").unlink()
    with pytest.raises(Misconfigured, match="lacks"):
        await migrate(database, tmp_path)
