"""What PostgreSQL refuses, as errors that name the field and the rule."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from icosa.catalog.model import Catalog, Object
from icosa.errors import BadInput, IcosaError

KEY_PREFIX = "fk_"


class Clash(BadInput):
    """A unique value that another record holds; `index` tells which."""

    def __init__(self, message: str, index: str) -> None:
        super().__init__(message, None)
        self.index = index


def violation(problem: asyncpg.PostgresError, full: Catalog, owner: Object) -> IcosaError | None:
    """Return the refusal that a database error means, or None when it is our own fault.

    Args:
        problem: the driver's error.
        full: the whole model.
        owner: the object that was written.
    """
    match problem:
        case asyncpg.UniqueViolationError():
            return _clash(problem, full)
        case asyncpg.ForeignKeyViolationError():
            return _missing_target(problem, full)
        case asyncpg.NotNullViolationError():
            return BadInput(f"{problem.column_name}: a value is required", "INVALID_ARGS_DATA")
        case asyncpg.ProgramLimitExceededError():
            return BadInput(
                f"A value is too long to be kept in an index of {owner.label_plural.lower()}", "INVALID_ARGS_DATA"
            )
        case asyncpg.DataError():
            return BadInput("A value is out of the range that can be stored", "INVALID_ARGS_DATA")
        case _:
            return None


def _clash(problem: asyncpg.PostgresError, full: Catalog) -> BadInput:
    name = problem.constraint_name or ""
    for owner in full.objects:
        for key in owner.unique_keys:
            if key.name == name:
                fields = " and ".join(each.name for each in key.fields)
                return Clash(
                    f"A duplicate entry was detected: another {owner.label_singular.lower()} has this {fields}", name
                )
    return Clash("A duplicate entry was detected: a record with this id exists already", name)


def _missing_target(problem: asyncpg.PostgresError, full: Catalog) -> BadInput:
    name = problem.constraint_name or ""
    field = full.field_by_id.get(UUID(name.removeprefix(KEY_PREFIX))) if name.startswith(KEY_PREFIX) else None
    if field is None:
        return BadInput("The record is still referred to", "INVALID_ARGS_DATA")
    target = full.target(field)
    label = target.label_singular.lower() if target else "record"
    return BadInput(f"{field.join_column}: there is no {label} with this id", "INVALID_ARGS_DATA")
