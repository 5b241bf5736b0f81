"""SQL for the JSON text of an event, as the feed, the history and webhooks tell it.

Aliases: `e` is the event's row, `o` its object's row in `core.object_metadata`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from icosa.catalog.model import Catalog, Object
from icosa.naming import literal

DATE = """to_char(e.happened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""
BOOKKEEPING = "{updatedAt,updatedBy,position}"
WITH_CHANGES = "e.action IN ('updated', 'deleted', 'restored')"
ACTOR_IDS = ("userId", "workspaceMemberId", "apiKeyId")


def optional(key: str, text: str) -> str:
    """Return SQL for `,"key":text`, or nothing where the text is null."""
    return f"""coalesce(',"{key}":' || {text}, '')"""


def actor_ids(*names: str) -> str:
    """Return SQL for the ids of who did it; those that are unknown are left out (`webhooks.md` section 3)."""
    return " || ".join(optional(name, f"(e.actor -> '{name}')::text") for name in names)


def entries(document: str, condition: str) -> str:
    """Return SQL for a JSON object of those entries `c` of a document that meet a condition."""
    return (
        "(SELECT '{' || coalesce(string_agg(to_json(c.key)::text || ':' || c.value::text, ','), '') || '}' "
        f"FROM json_each({document}) c WHERE {condition})"
    )


def previous(allowed: str = "true") -> str:
    """Return SQL for the old values of what an update changed; null for what is no update."""
    changed = f"c.key <> ALL('{BOOKKEEPING}') AND c.value::text IS DISTINCT FROM (e.after -> c.key)::text AND {allowed}"
    return f"CASE WHEN e.action = 'updated' AND e.before IS NOT NULL THEN {entries('e.before', changed)} END"


class Reader:
    """SQL for what a role may see of an event of its objects.

    Args:
        full: the whole model.
        view: what the role may read of it.
        owners: the objects whose events are told.
    """

    def __init__(self, full: Catalog, view: Catalog, owners: Sequence[Object]) -> None:
        self._limited = {
            owner.id: owner for owner in owners if len(full.by_id[owner.id].fields) != len(view.by_id[owner.id].fields)
        }

    def record(self, column: str) -> str:
        """Return SQL for the record in `after` or `before`, without what the role may not see."""
        return self._choose(
            lambda owner: entries(f"e.{column}", f"c.key = ANY({_keys(owner)})"), otherwise=f"e.{column}::text"
        )

    def previous(self) -> str:
        """Return SQL for the old values of what an update changed."""
        return self._choose(lambda owner: previous(f"c.key = ANY({_keys(owner)})"), otherwise=previous())

    def changed(self) -> str:
        """Return SQL for the names of the changed fields, a text array."""
        return self._choose(
            lambda owner: (
                "ARRAY(SELECT name FROM unnest(e.changed) WITH ORDINALITY x(name, place) "
                f"WHERE name = ANY({_names(owner)}) ORDER BY place)"
            ),
            otherwise="e.changed",
        )

    def shows(self) -> str:
        """Return SQL that is false for a change of nothing but fields that the role may not see."""
        return self._choose(lambda owner: f"(e.action <> 'updated' OR e.changed && {_names(owner)})", otherwise="true")

    def _choose(self, text: Callable[[Object], str], *, otherwise: str) -> str:
        cases = "".join(
            f" WHEN e.object_id = {literal(str(owner.id))}::uuid THEN {text(owner)}" for owner in self._limited.values()
        )
        return f"CASE{cases} ELSE {otherwise} END" if cases else otherwise


def _keys(owner: Object) -> str:
    return _array(dict.fromkeys(leaf.path[0] for each in owner.fields for leaf in each.leaves))


def _names(owner: Object) -> str:
    return _array([each.name for each in owner.fields])


def _array(texts: Iterable[str]) -> str:
    return f"ARRAY[{', '.join(literal(text) for text in texts)}]::text[]"
