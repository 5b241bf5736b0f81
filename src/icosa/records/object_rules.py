"""What the API refuses on some standard objects (`graphql-core.md` section 11 "Object rules", `writeRules`)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from icosa.catalog.model import Object
from icosa.errors import BadInput, Forbidden, IcosaError


class Operation(Enum):
    """A kind of write."""

    CREATE = "created"
    UPDATE_ONE = "updated"
    UPDATE_MANY = "updated many at a time"
    DELETE = "deleted"
    DELETE_MANY = "deleted many at a time"
    RESTORE = "restored"
    DESTROY = "destroyed"


_DENIED: Mapping[str, frozenset[Operation]] = MappingProxyType(
    {
        "workspaceMember": frozenset({Operation.CREATE, Operation.UPDATE_MANY, Operation.RESTORE, Operation.DESTROY}),
        "workflow": frozenset({Operation.UPDATE_MANY}),
        "workflowVersion": frozenset({Operation.CREATE, Operation.UPDATE_MANY, Operation.DELETE_MANY}),
        "workflowRun": frozenset(
            {
                Operation.CREATE,
                Operation.UPDATE_ONE,
                Operation.UPDATE_MANY,
                Operation.DELETE,
                Operation.DELETE_MANY,
                Operation.DESTROY,
            }
        ),
    }
)

_BAD: Mapping[str, frozenset[Operation]] = MappingProxyType(
    {
        "workspaceMember": frozenset({Operation.DELETE, Operation.DELETE_MANY}),
        "blocklist": frozenset({Operation.UPDATE_MANY}),
    }
)

_PERSONAL = frozenset({Operation.CREATE, Operation.UPDATE_ONE})


def check_operation(owner: Object, operation: Operation, *, by_person: bool) -> None:
    """Refuse what an object's rules or the caller's role forbid.

    Args:
        owner: the object, out of the caller's view.
        operation: what is asked.
        by_person: whether a signed-in person calls, not a key.

    Raises:
        Forbidden: `PERMISSION_DENIED`, or `FORBIDDEN` for an API key on blocklist records.
        BadInput: `BAD_REQUEST` where the operation has no sense.
    """
    found = refusal(owner, operation, by_person=by_person)
    if found is not None:
        raise found


def refusal(owner: Object, operation: Operation, *, by_person: bool) -> IcosaError | None:
    """Return what `check_operation` raises, None when the operation is allowed."""
    found = _standard_refusal(owner, operation, by_person=by_person) if not owner.is_custom else None
    if found is not None:
        return found
    allowed = {
        Operation.CREATE: owner.can_update,
        Operation.UPDATE_ONE: owner.can_update,
        Operation.UPDATE_MANY: owner.can_update,
        Operation.DELETE: owner.can_soft_delete,
        Operation.DELETE_MANY: owner.can_soft_delete,
        Operation.RESTORE: owner.can_soft_delete,
        Operation.DESTROY: owner.can_destroy,
    }
    if not allowed[operation]:
        return Forbidden(f"Your role may not have {owner.label_plural.lower()} {operation.value}", "PERMISSION_DENIED")
    return None


def _standard_refusal(owner: Object, operation: Operation, *, by_person: bool) -> IcosaError | None:
    name = owner.name_singular
    if operation in _DENIED.get(name, ()):
        return Forbidden(f"{owner.label_plural} cannot be {operation.value} here", "PERMISSION_DENIED")
    if operation in _BAD.get(name, ()):
        return BadInput(f"{owner.label_plural} cannot be {operation.value} here", "BAD_REQUEST")
    if name == "blocklist" and operation in _PERSONAL and not by_person:
        return Forbidden("Only a signed-in person may write blocklist records", "FORBIDDEN")
    return None
