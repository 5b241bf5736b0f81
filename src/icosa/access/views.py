"""A role's view of the model: a smaller catalog, without what may not be read and with the rest's rights marked.

Every plan is made with a view, so that what may not be seen is never in a statement.
"""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

from icosa.access.permissions import WORKFLOWS, Permissions
from icosa.catalog.model import Catalog, Field, Object

SEARCH_VECTOR = "searchVector"
TIMELINE = "timelineActivity"
RETOLD = frozenset({"properties", "linkedRecordCachedName"})


Restricted = WeakKeyDictionary[Object, tuple[frozenset[str] | None, Object | None]]


class Views:
    """Makes views and keeps them for as long as their catalog and role last.

    What a change of the model leaves alone is the same object in both catalogs, and so it is in both views.
    """

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Catalog, WeakKeyDictionary[Permissions, Catalog]] = WeakKeyDictionary()
        self._restricted: WeakKeyDictionary[Permissions, Restricted] = WeakKeyDictionary()

    def view(self, full: Catalog, permissions: Permissions) -> Catalog:
        """Return what a role may see of a model; the model itself when the role restricts nothing."""
        if permissions.restricts_nothing:
            return full
        by_role = self._kept.setdefault(full, WeakKeyDictionary())
        found = by_role.get(permissions)
        if found is None:
            found = restrict(full, permissions, self._restricted.setdefault(permissions, WeakKeyDictionary()))
            by_role[permissions] = found
        return found


def restrict(full: Catalog, permissions: Permissions, known: Restricted | None = None) -> Catalog:
    """Return the part of a model that a role may read; `known` holds what the role may see of objects met before."""
    known = WeakKeyDictionary() if known is None else known
    retold = _retold(full, permissions)
    objects = []
    for each in full.objects:
        found = known.get(each)
        if found is None or found[0] != retold:
            found = known[each] = (retold, _restricted(each, permissions, retold))
        if found[1] is not None:
            objects.append(found[1])
    return Catalog(full.workspace_id, full.schema, full.version, tuple(objects), full.flags)


def _retold(full: Catalog, permissions: Permissions) -> frozenset[str] | None:
    """Return the fields of timeline activities that would let hidden values through; None when every activity might.

    An activity tells of another record: that it was changed, and from which values to which. Workflows, which hardly any
    role reads, are left out of account: nobody writes them here.
    """
    if any(not permissions.can_read(each) for each in full.objects if each.name_singular not in WORKFLOWS):
        return None
    return RETOLD if permissions.unreadable else frozenset()


def _restricted(owner: Object, permissions: Permissions, retold: frozenset[str] | None) -> Object | None:
    rights = permissions.on(owner)
    is_timeline = owner.name_singular == TIMELINE
    if not rights.read or (is_timeline and retold is None):
        return None
    readable = {
        each.name for each in owner.fields if permissions.may_read_field(each.id) or _always_readable(owner, each)
    }
    if is_timeline and retold:
        readable -= retold
    if not readable.issuperset(owner.search_fields):
        # The vector holds the words of every search field, of the hidden ones too.
        readable.discard(SEARCH_VECTOR)
    fields = tuple(each for each in owner.fields if each.name in readable)
    columns = {leaf.column for each in fields for leaf in each.leaves}
    ids = {each.id for each in fields}
    return replace(
        owner,
        fields=fields,
        can_update=bool(rights.update),
        can_soft_delete=bool(rights.soft_delete),
        can_destroy=bool(rights.destroy),
        unwritable=permissions.unwritable,
        hidden=frozenset(
            name for each in owner.fields if each.name not in readable for name in (each.name, each.join_column) if name
        ),
        duplicate_criteria=tuple(each for each in owner.duplicate_criteria if columns.issuperset(each)),
        unique_keys=tuple(key for key in owner.unique_keys if all(leaf.column in columns for leaf in key.leaves)),
        indexes=tuple(index for index in owner.indexes if ids.issuperset(index.fields)),
        image_identifier_field_id=image if (image := owner.image_identifier_field_id) in ids else None,
    )


def _always_readable(owner: Object, each: Field) -> bool:
    """Return whether a field stays readable whatever the role says: without it a record cannot be named."""
    return each.name == "id" or each.id == owner.label_identifier_field_id
