"""From names to columns: what a filter's or an order's path means in the caller's view of the model."""

from __future__ import annotations

from collections.abc import Sequence

from icosa.catalog.model import Catalog, Object
from icosa.errors import BadInput, Forbidden, IcosaError
from icosa.plan.filters import Path


def no_field(owner: Object, name: str, code: str, label: str = "") -> IcosaError:
    """Return the refusal of a name that is no field, or none that the caller may read (`rest-core.md` section 3).

    Args:
        owner: the object, in the caller's view.
        name: what was asked for.
        code: the code where there is no such field.
        label: what stands before the words that clients look for (`clients.md` section 3).
    """
    before = f"{label}: " if label else ""
    if name in owner.hidden:
        return Forbidden(f"{before or name + ': '}your role may not read or write this field", "PERMISSION_DENIED")
    return BadInput(f'{before}Object {owner.name_singular} doesn\'t have any "{name}" field.', code)


def no_target(owner: Object, name: str) -> IcosaError:
    """Return the refusal of a relation to records that the caller may not read."""
    return Forbidden(f"{owner.name_singular}.{name}: your role may not read these records", "PERMISSION_DENIED")


def resolve(catalog: Catalog, owner: Object, steps: Sequence[str], code: str) -> Path:
    """Return the column that a path names.

    Args:
        catalog: the caller's view.
        owner: the object the path starts at.
        steps: `["stage"]`, `["name", "firstName"]`, `["companyId"]`, `["company", "name"]`,
            `["company", "address", "addressCity"]`.
        code: the code of a refusal.

    Raises:
        BadInput: an unknown name, a composite or a relation without what it needs, a second hop, a one-to-many relation.
        Forbidden: what the caller may not read.
    """
    own = owner.leaf_by_path.get(tuple(steps))
    if own is not None:
        return Path(own)
    label = ".".join(steps)
    field = owner.field_by_name.get(steps[0])
    if field is None:
        raise no_field(owner, steps[0], code, label)
    if field.relation is None:
        return _refuse_field(label, field.is_composite, [leaf.path[-1] for leaf in field.leaves], code)
    if not field.relation.many_to_one:
        raise BadInput(f"{label}: a one-to-many relation cannot be used here", code)
    target = catalog.target(field)
    if target is None:
        raise no_target(owner, steps[0])
    if len(steps) == 1:
        raise BadInput(f"{label}: name a field of the related record, or use '{field.join_column}'", code)
    behind = target.leaf_by_path.get(tuple(steps[1:]))
    if behind is not None:
        return Path(behind, field)
    inner = target.field_by_name.get(steps[1])
    if inner is None:
        raise no_field(target, steps[1], code, label)
    if inner.relation is not None:
        raise BadInput(f"{label}: only one relation can be followed", code)
    return _refuse_field(label, inner.is_composite, [leaf.path[-1] for leaf in inner.leaves], code)


def _refuse_field(label: str, composite: bool, parts: Sequence[str], code: str) -> Path:
    if composite:
        raise BadInput(f"{label}: name one of its sub-fields: {', '.join(parts)}", code)
    raise BadInput(f"{label}: the field has no sub-fields", code)
