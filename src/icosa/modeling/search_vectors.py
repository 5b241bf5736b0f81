"""How a table keeps its search vector: as a generated column, or on a table that was large when its search changed, by a
trigger.

A generated column cannot get another expression without a rewrite of the table, which nobody can read meanwhile. So a
large table's column stops to be generated, a trigger fills it from then on, and the rows that are there are filled in
small batches (`table_work`).
"""

from __future__ import annotations

from typing import Any

from icosa.catalog.model import Object
from icosa.modeling import ddl
from icosa.naming import quoted

IS_TRIGGERED = "select exists (select from pg_trigger where tgrelid = to_regclass($1) and tgname = $2)"


def trigger_name(owner: Object) -> str:
    """Return the trigger's name, and that of its function."""
    return f"search_{owner.id.hex}"


def function_name(owner: Object) -> str:
    """Return the trigger's function, qualified and quoted."""
    return f"{quoted(owner.schema)}.{quoted(trigger_name(owner))}"


async def is_triggered(connection: Any, owner: Object) -> bool:
    """Return whether a trigger keeps the table's search vector."""
    return bool(await connection.fetchval(IS_TRIGGERED, owner.sql_name, trigger_name(owner)))


def renewed_in_place(owner: Object) -> list[str]:
    """Return the statements that make the search vector of a small table anew, its index with it."""
    table = f"ALTER TABLE {owner.sql_name}"
    return [
        *dropped_trigger(owner),
        f'{table} DROP COLUMN "searchVector"',
        f"{table} ADD COLUMN {ddl.search_column(owner)}",
        ddl.search_index(owner),
    ]


def renewed_by_trigger(owner: Object) -> list[str]:
    """Return the statements after which a trigger keeps the search vector; none of them looks at a row."""
    return [
        f'ALTER TABLE {owner.sql_name} ALTER COLUMN "searchVector" DROP EXPRESSION IF EXISTS',
        trigger_function(owner),
        f"CREATE OR REPLACE TRIGGER {quoted(trigger_name(owner))} BEFORE INSERT OR UPDATE ON {owner.sql_name} "
        f"FOR EACH ROW EXECUTE FUNCTION {function_name(owner)}()",
    ]


def trigger_function(owner: Object) -> str:
    """Return the function by which a trigger fills the search vector."""
    return (
        f"CREATE OR REPLACE FUNCTION {function_name(owner)}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN "
        f'NEW."searchVector" := {ddl.search_expression(owner, "NEW.")}; RETURN NEW; END $body$'
    )


def dropped_trigger(owner: Object) -> list[str]:
    """Return the statements that take the trigger and its function away, where they are."""
    return [
        f"DROP TRIGGER IF EXISTS {quoted(trigger_name(owner))} ON {owner.sql_name}",
        f"DROP FUNCTION IF EXISTS {function_name(owner)}()",
    ]


def refill_batch(owner: Object, size: int) -> str:
    """Return the statement that fills the search vector of the next records behind an id; it answers the last one's id.

    Rows that hold what they should are left alone; the trigger fills the others.
    """
    return (
        f"WITH batch AS (SELECT id FROM {owner.sql_name} WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT {size}), "
        f'filled AS (UPDATE {owner.sql_name} t SET "searchVector" = NULL FROM batch WHERE t.id = batch.id '
        f'AND t."searchVector" IS DISTINCT FROM {ddl.search_expression(owner, "t.")}) '
        "SELECT id FROM batch ORDER BY id DESC LIMIT 1"
    )
