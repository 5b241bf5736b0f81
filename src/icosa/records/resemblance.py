"""Find duplicates of records, and merge them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from icosa.catalog.model import Object
from icosa.errors import BadInput, NotFound
from icosa.fields.uuids import is_uuid
from icosa.plan.reads import Read, Record
from icosa.plan.writes import Duplicates, Merge
from icosa.records.access import Access
from icosa.records.documents import Documents
from icosa.records.object_rules import Operation, check_operation
from icosa.records.service import RecordService, not_found, to_json
from icosa.sql.merges import compile_merge

MOST_DUPLICATES = 200
MOST_MERGED = 9


def plan_duplicates(
    access: Access, read: Read, data: Any, ids: Any, *, prefix: str, suffix: str
) -> tuple[Duplicates, str]:
    """Return the plan that finds one page of duplicates for each subject, in the order sent, and its first value.

    Args:
        access: the caller's.
        read: one page, in the protocol's form.
        data: bodies of records that need not exist; None when ids are given.
        ids: ids of records, unknown ones are skipped; None when data is given.
        prefix: constant text before the pages.
        suffix: constant text behind them.

    Raises:
        BadInput: both or neither, no data, a bad id or a body that breaks a rule.
    """
    owner = read.source.object
    if (data is None) == (ids is None):
        raise BadInput("Give either 'data' or 'ids'", "INVALID_QUERY_INPUT")
    subjects = _ids(ids) if data is None else _documents(access, owner, data)
    return Duplicates(read, by_ids=data is None, prefix=prefix, suffix=suffix), to_json(subjects)


def _ids(ids: Any) -> list[str]:
    if not isinstance(ids, list) or not all(is_uuid(each) for each in ids):
        raise BadInput("ids: must be a list of UUIDs", "INVALID_QUERY_INPUT")
    return ids


def _documents(access: Access, owner: Object, data: Any) -> list[Any]:
    if not isinstance(data, list) or not data:
        raise BadInput("data: must be a list of records, not an empty one", "INVALID_QUERY_INPUT")
    reader = Documents(access.view, owner, access.author)
    return [reader.subject(body) for body in data]


async def merge(
    service: RecordService,
    access: Access,
    owner: Object,
    ids: Any,
    priority: Any,
    record: Record,
    keys: tuple[str, ...],
    *,
    dry_run: bool,
    further: Sequence[Any] = (),
) -> bytes:
    """Make one record of several and return it.

    Args:
        service: runs the statement.
        access: the caller's.
        owner: the object of the records.
        ids: 2 to 9 ids.
        priority: which of them survives, from 0.
        record: what is told of it.
        keys: keys around the answer.
        dry_run: only tell.
        further: the values that `record` refers to, from parameter `$3` on.

    Raises:
        BadInput: too few or too many ids, an index out of range, an object without duplicate criteria.
        NotFound: an id that is unknown, deleted, or stands twice.
        Forbidden: the caller may not.
    """
    if not owner.duplicate_criteria:
        raise BadInput(f"{owner.label_plural} have no duplicate criteria and cannot be merged", "INVALID_QUERY_INPUT")
    if not isinstance(ids, list) or not 2 <= len(ids) <= MOST_MERGED or not all(is_uuid(each) for each in ids):
        raise BadInput(f"ids: must be a list of 2 to {MOST_MERGED} UUIDs", "INVALID_QUERY_INPUT")
    if not isinstance(priority, int) or isinstance(priority, bool) or not 0 <= priority < len(ids):
        raise BadInput("conflictPriorityIndex: must be a place in the list of ids", "INVALID_QUERY_INPUT")
    if not isinstance(dry_run, bool):
        raise BadInput("dryRun: must be true or false", "INVALID_QUERY_INPUT")
    check_operation(owner, Operation.UPDATE_ONE, by_person=access.by_person)
    check_operation(owner, Operation.DESTROY, by_person=access.by_person)
    if len({each.lower() for each in ids}) < len(ids):
        raise NotFound("ids: the same record stands twice", "RECORD_NOT_FOUND")
    ranked = [ids[priority], *ids[:priority], *ids[priority + 1 :]]
    document = {**Documents(access.full, access.full.by_id[owner.id], access.author).update({}), "ids": ranked}
    plan = Merge(owner, record, dry_run, keys)
    statement = service.engine.statement(access.view, plan, lambda: compile_merge(access.full, access.view, plan))
    answer = await service.engine.write(statement, [to_json(document), access.actor_json, *further], access.full, owner)
    if answer.problem is not None or answer.body is None:
        raise not_found(owner)
    return answer.body
