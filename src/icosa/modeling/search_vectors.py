"""How a table keeps its search vector: a trigger fills it whenever a field that is searched is written.

A generated column would do the same, but PostgreSQL plans its expression anew for each statement that writes, which costs
more than writing the row; and it cannot get another expression without a rewrite of the table, which nobody can read
meanwhile.
"""

from __future__ import annotations

from icosa.catalog.model import Catalog, Object
from icosa.modeling import ddl
from icosa.naming import quoted

COLUMN = "searchVector"


def trigger_name(owner: Object) -> str:
    """Return the trigger's name, and that of its function."""
    return f"search_{owner.id.hex}"


def function_name(owner: Object) -> str:
    """Return the trigger's function, qualified and quoted."""
    return f"{quoted(owner.schema)}.{quoted(trigger_name(owner))}"


def keep_search_vector(owner: Object) -> list[str]:
    """Return the statements after which a trigger keeps the search vector; none of them looks at a row.

    The trigger fires as well for whoever writes the vector itself, so that nobody gives it another value.
    """
    if COLUMN not in owner.field_by_name:
        return []
    searched = [leaf.column for name in owner.search_fields for leaf in owner.field_by_name[name].leaves]
    columns = ", ".join(quoted(column) for column in (COLUMN, *searched))
    return [
        trigger_function(owner),
        f"CREATE OR REPLACE TRIGGER {quoted(trigger_name(owner))} BEFORE INSERT OR UPDATE OF {columns} "
        f"ON {owner.sql_name} FOR EACH ROW EXECUTE FUNCTION {function_name(owner)}()",
    ]


def trigger_function(owner: Object) -> str:
    """Return the function by which a trigger fills the search vector."""
    return (
        f"CREATE OR REPLACE FUNCTION {function_name(owner)}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN "
        f'NEW."searchVector" := {ddl.search_expression(owner, "NEW.")}; RETURN NEW; END $body$'
    )


def dropped_function(owner: Object) -> str:
    """Return the statement that takes the function away once its table is gone."""
    return f"DROP FUNCTION IF EXISTS {function_name(owner)}()"


def refill(owner: Object) -> str:
    """Return the statement that fills the search vectors of all records; the trigger knows what with."""
    return f'UPDATE {owner.sql_name} t SET "searchVector" = NULL WHERE {_outdated(owner)}'


def refill_batch(catalog: Catalog, owner: Object, size: int) -> str:
    """Return the statement that fills the search vector of the next records behind an id; it answers the last one's id.

    Rows that hold what they should are left alone; the trigger fills the others, and a `touched` event tells of them.
    """
    return (
        f"WITH batch AS (SELECT id FROM {owner.sql_name} WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT {size}), "
        f'filled AS (UPDATE {owner.sql_name} t SET "searchVector" = NULL FROM batch WHERE t.id = batch.id '
        f"AND {_outdated(owner)} RETURNING t.id), "
        f"told AS ({ddl.touched_where(catalog, owner, 'EXISTS (SELECT FROM filled)')}) "
        "SELECT id FROM batch ORDER BY id DESC LIMIT 1"
    )


def _outdated(owner: Object) -> str:
    return f't."searchVector" IS DISTINCT FROM {ddl.search_expression(owner, "t.")}'
