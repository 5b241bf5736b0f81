"""What is told of a record when a client does not say it: every field, and at depth 1 every relation."""

from __future__ import annotations

from icosa.catalog.model import Catalog, Field, Object
from icosa.plan.reads import Content, JoinId, Many, One, Page, Read, Record, Records, Source
from icosa.sql.events import field_entry

MOST_RELATED = 60


def flat_record(owner: Object) -> Record:
    """Return a record at depth 0: its own columns, join columns among them (`rest-core.md` section 4)."""
    fields = sorted(owner.fields, key=lambda each: each.name == "searchVector")
    return Record(owner, tuple(entry for each in fields for entry in field_entry(each)))


def deep_record(catalog: Catalog, owner: Object) -> Record:
    """Return a record at depth 1: the relations that the caller may read are told too (`rest-core.md` section 8)."""
    entries: list[tuple[str, Content]] = []
    for each in owner.fields:
        target = catalog.target(each)
        if each.relation is None:
            entries.extend(field_entry(each))
        elif each.join_column is not None:
            entries.extend(_one(each, target))
        elif target is not None and catalog.inverse(each) is not None:
            entries.append((each.name, _many(each, target)))
    return Record(owner, tuple(entries))


def _one(relation: Field, target: Object | None) -> list[tuple[str, Content]]:
    if target is None:
        return list(field_entry(relation))
    return [(relation.join_column or "", JoinId(relation)), (relation.name, One(relation, flat_record(target)))]


def _many(relation: Field, target: Object) -> Many:
    return Many(relation, Read(Source(target), Page(MOST_RELATED), Records(flat_record(target))))


class Selections:
    """The records of one view, made once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._made: dict[tuple[Object, int], Record] = {}

    def record(self, owner: Object, depth: int) -> Record:
        """Return what is told of an object's records at depth 0 or 1."""
        found = self._made.get((owner, depth))
        if found is None:
            found = deep_record(self._catalog, owner) if depth else flat_record(owner)
            self._made[owner, depth] = found
        return found
