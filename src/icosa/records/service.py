"""Find, create, update, delete, restore and destroy records: the use cases that both protocols call.

Each takes the caller's access, checks the right, plans, runs one statement and returns the body that PostgreSQL wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson

from icosa.catalog.model import Object, UniqueKey
from icosa.errors import BadInput, NotFound
from icosa.plan.filters import Filter, says_something
from icosa.plan.groups import GroupBy
from icosa.plan.reads import Read, ReadOne, Record, Source
from icosa.plan.search import Search
from icosa.plan.values import Values
from icosa.plan.writes import Create, Duplicates, Removal, Remove, Target, Update
from icosa.records.access import Access
from icosa.records.attached import complete_files
from icosa.records.coalescing import Coalescing
from icosa.records.documents import Document, Documents
from icosa.records.engine import Answer, Engine
from icosa.records.object_rules import Operation, check_operation
from icosa.records.violations import Clash
from icosa.sql.clashes import compile_holder, compile_restored_holder
from icosa.sql.creates import compile_create
from icosa.sql.duplicates import compile_duplicates
from icosa.sql.groups import compile_group_by
from icosa.sql.inputs import TARGET
from icosa.sql.pages import compile_read, compile_read_one
from icosa.sql.removals import compile_remove
from icosa.sql.searches import compile_search
from icosa.sql.statement import Statement
from icosa.sql.updates import compile_update
from icosa.sql.upserts import compile_upsert

ReadPlan = Read | ReadOne | GroupBy | Duplicates | Search

MOST_WRITTEN = 200
WRITE_PARAMETERS = 2

PROBLEMS = {
    "TOO_MANY": (f"The filter finds more than {MOST_WRITTEN} records; narrow it", "TOO_MANY_RECORDS_TO_UPDATE"),
    "SEVERAL_MATCHES": ("The unique values belong to different records", "UPSERT_MULTIPLE_MATCHING_RECORDS_CONFLICT"),
}


class RecordService:
    """The use cases on records.

    Args:
        engine: runs the statements.
        allow_unfiltered: `ALLOW_UNFILTERED_BULK_WRITES`.
    """

    def __init__(self, engine: Engine, *, allow_unfiltered: bool = False) -> None:
        self.engine = engine
        self._coalescing = Coalescing()
        self._allow_unfiltered = allow_unfiltered

    def statement(
        self, access: Access, plan: ReadPlan, parameters: int, prefix: str = "", suffix: str = ""
    ) -> Statement:
        """Return the statement of a read, for a caller that keeps it beside the request it came from.

        Args:
            access: the caller's.
            plan: what is read.
            parameters: how many values the plan has.
            prefix: constant text before a page's JSON in the body.
            suffix: constant text behind it.
        """
        view = access.view
        match plan:
            case Read():
                shape = (plan, parameters, prefix, suffix)
                return self.engine.statement(view, shape, lambda: compile_read(view, plan, parameters, prefix, suffix))
            case ReadOne():
                return self.engine.statement(view, (plan, parameters), lambda: compile_read_one(view, plan, parameters))
            case GroupBy():
                return self.engine.statement(view, (plan, parameters), lambda: compile_group_by(view, plan, parameters))
            case Duplicates():
                return self.engine.statement(view, plan, lambda: compile_duplicates(view, plan))
            case Search():
                return self.engine.statement(view, plan, lambda: compile_search(view, plan))

    async def group(self, access: Access, plan: GroupBy, values: Values) -> bytes:
        """Return groups of records as a JSON array.

        Raises:
            BadInput: a value that cannot be compared.
        """
        return await self.engine.read(self.statement(access, plan, len(values)), values) or b""

    async def create(
        self,
        access: Access,
        owner: Object,
        bodies: Sequence[Any],
        record: Record,
        keys: tuple[str, ...],
        *,
        many: bool,
        further: Sequence[Any] = (),
    ) -> bytes:
        """Make records, all or none, and return them in the order sent.

        `further` are the values that `record` refers to, from parameter `$3` on.

        Raises:
            BadInput: a body that breaks a rule, too many of them, a taken unique value, a missing related record.
            Forbidden: the caller may not.
        """
        check_operation(owner, Operation.CREATE, by_person=access.by_person)
        check_number(bodies)
        reader = Documents(access.view, owner, access.author)
        documents = [reader.create(body, index) for index, body in enumerate(bodies)]
        await complete_files(self.engine, access.full.workspace_id, owner, documents)
        plan = Create(owner, reader.columns(documents), record, keys, many=many)
        if not (many or further or plan.columns.connects):
            return self._done(await self._create_one(access, plan, documents[0]), owner)
        values = [to_json(documents if many else documents[0]), access.actor_json, *further]
        statement = self._create_statement(access, plan)
        return self._done(await self._write(access, owner, statement, values, documents), owner)

    async def _create_one(self, access: Access, plan: Create, document: Document) -> Answer:
        text = to_json(document)
        statement = self._create_statement(access, plan)

        async def alone() -> Answer:
            return await self._write(access, plan.object, statement, [text, access.actor_json], [document])

        async def together(texts: Sequence[str], _: Sequence[str]) -> Sequence[Answer]:
            several = self._create_statement(access, replace(plan, apart=True))
            return await self.engine.write_apart(several, [array(texts), access.actor_json], access.full)

        kind = (statement.serial, access.actor_json)
        return await self._coalescing.write(kind, text, document["id"].lower(), alone, together)

    def _create_statement(self, access: Access, plan: Create) -> Statement:
        return self.engine.statement(access.view, plan, lambda: compile_create(access.full, access.view, plan))

    async def upsert(
        self,
        access: Access,
        owner: Object,
        bodies: Sequence[Any],
        record: Record,
        keys: tuple[str, ...],
        *,
        many: bool,
        further: Sequence[Any] = (),
    ) -> bytes:
        """Change the records that the bodies match by id or a unique field, and make the others; see `create`.

        Raises:
            BadInput: see `create`; also a body that matches two different records.
            Forbidden: the caller may not.
        """
        check_operation(owner, Operation.CREATE, by_person=access.by_person)
        check_operation(owner, Operation.UPDATE_ONE, by_person=access.by_person)
        check_number(bodies)
        reader = Documents(access.view, owner, access.author)
        documents = [reader.upsert(body, index) for index, body in enumerate(bodies)]
        await complete_files(self.engine, access.full.workspace_id, owner, documents)
        plan = Create(owner, reader.columns(documents), record, keys, many=many, upsert=True)
        statement = self.engine.statement(access.view, plan, lambda: compile_upsert(access.full, access.view, plan))
        values = [to_json(documents), access.actor_json, *further]
        return self._done(await self._write(access, owner, statement, values, documents, again=True), owner)

    async def update_one(
        self,
        access: Access,
        owner: Object,
        identifier: Any,
        body: Any,
        record: Record,
        keys: tuple[str, ...],
        further: Sequence[Any] = (),
    ) -> bytes:
        """Change one record, deleted or not.

        `further` are the values that `record` refers to, from parameter `$4` on.

        Raises:
            BadInput: see `create`.
            Forbidden: the caller may not.
            NotFound: `RECORD_NOT_FOUND`.
        """
        check_operation(owner, Operation.UPDATE_ONE, by_person=access.by_person)
        source = Source(owner, with_deleted=True)
        plan, document = await self._update_plan(
            access, Target(source, WRITE_PARAMETERS), body, str(identifier), record, keys
        )
        if further or plan.columns.connects:
            return self._done(await self._update(access, plan, document, [identifier, *further]), owner)
        document[TARGET] = str(identifier)
        text = to_json(document)
        statement = self._update_statement(access, plan)

        async def alone() -> Answer:
            return await self._write(access, owner, statement, [text, access.actor_json, identifier], [document])

        async def together(texts: Sequence[str], ids: Sequence[str]) -> Sequence[Answer]:
            several = self._update_statement(access, replace(plan, target=Target(source, ids=WRITE_PARAMETERS)))
            return await self.engine.write_apart(several, [array(texts), access.actor_json, ids], access.full)

        kind = (statement.serial, access.actor_json)
        return self._done(await self._coalescing.write(kind, text, str(identifier).lower(), alone, together), owner)

    async def update_many(
        self,
        access: Access,
        owner: Object,
        condition: Filter | None,
        values: Values,
        body: Any,
        record: Record,
        keys: tuple[str, ...],
    ) -> bytes:
        """Change all records that a filter finds, at most 200, to the same values.

        `values` has its first two places reserved; behind the filter's come those that `record` refers to.

        Raises:
            BadInput: see `create`; also a filter that asks nothing or finds too many.
            Forbidden: the caller may not.
        """
        check_operation(owner, Operation.UPDATE_MANY, by_person=access.by_person)
        self._check_filter(condition)
        target = Target(Source(owner, condition, with_deleted=True), most=MOST_WRITTEN)
        plan, document = await self._update_plan(access, target, body, None, record, keys)
        return self._done(await self._update(access, plan, document, values[WRITE_PARAMETERS:]), owner)

    async def remove_one(
        self,
        access: Access,
        owner: Object,
        identifier: Any,
        removal: Removal,
        record: Record,
        keys: tuple[str, ...],
        further: Sequence[Any] = (),
    ) -> bytes:
        """Soft-delete, restore or destroy one record.

        `further` are the values that `record` refers to, from parameter `$4` on.

        Raises:
            Forbidden: the caller may not.
            NotFound: `RECORD_NOT_FOUND`.
            BadInput: restoring into a unique value that another record holds by now.
        """
        check_operation(owner, ONE[removal], by_person=access.by_person)
        target = Target(Source(owner, with_deleted=True), WRITE_PARAMETERS)
        return await self._remove(access, target, [identifier], removal, record, keys, further)

    async def remove_many(
        self,
        access: Access,
        owner: Object,
        condition: Filter | None,
        values: Values,
        removal: Removal,
        record: Record,
        keys: tuple[str, ...],
        further: Sequence[Any] = (),
    ) -> bytes:
        """Soft-delete, restore or destroy all records that a filter finds.

        `values` are the filter's, with their first two places reserved; `further` are those that `record` refers to.

        Raises:
            Forbidden: the caller may not.
            BadInput: a filter that asks nothing; see also `remove_one`.
        """
        check_operation(owner, MANY[removal], by_person=access.by_person)
        self._check_filter(condition)
        target = Target(Source(owner, condition, with_deleted=True))
        return await self._remove(access, target, values[WRITE_PARAMETERS:], removal, record, keys, further)

    async def _update_plan(
        self, access: Access, target: Target, body: Any, identifier: str | None, record: Record, keys: tuple[str, ...]
    ) -> tuple[Update, Document]:
        owner = target.source.object
        reader = Documents(access.view, owner, access.author)
        document = reader.update(body, identifier)
        await complete_files(self.engine, access.full.workspace_id, owner, [document])
        return Update(target, reader.columns([document]), record, keys), document

    def _update_statement(self, access: Access, plan: Update) -> Statement:
        return self.engine.statement(access.view, plan, lambda: compile_update(access.full, access.view, plan))

    async def _update(self, access: Access, plan: Update, document: Document, values: Sequence[Any]) -> Answer:
        statement = self._update_statement(access, plan)
        parameters = [to_json(document), access.actor_json, *values]
        return await self._write(access, plan.target.source.object, statement, parameters, [document])

    async def _remove(
        self,
        access: Access,
        target: Target,
        values: Sequence[Any],
        removal: Removal,
        record: Record,
        keys: tuple[str, ...],
        further: Sequence[Any],
    ) -> bytes:
        owner = target.source.object
        plan = Remove(target, removal, record, keys)
        statement = self.engine.statement(access.view, plan, lambda: compile_remove(access.full, access.view, plan))
        document = Documents(access.full, access.full.by_id[owner.id], access.author).update({})
        parameters = [to_json(document), access.actor_json, *values]
        try:
            answer = await self.engine.write(statement, [*parameters, *further], access.full, owner)
        except Clash as clash:
            key = self._key(access, owner, clash)
            if key is None:
                raise
            holder = compile_restored_holder(access.full, owner, key, target)
            raise self._named(clash, owner, await self.engine.find(holder, parameters)) from None
        return self._done(answer, owner)

    async def _write(
        self,
        access: Access,
        owner: Object,
        statement: Statement,
        values: Sequence[Any],
        documents: list[Document],
        *,
        again: bool = False,
    ) -> Answer:
        """Run a write; a clash names the record in the way, and an upsert that lost a race is tried once more."""
        try:
            return await self.engine.write(statement, values, access.full, owner)
        except Clash as clash:
            key = self._key(access, owner, clash)
            holder = await self.engine.find(compile_holder(access.full.by_id[owner.id], key), [to_json(documents)])
            if again and holder is not None:
                return await self._write(access, owner, statement, values, documents)
            raise self._named(clash, owner, holder) from None

    @staticmethod
    def _key(access: Access, owner: Object, clash: Clash) -> UniqueKey | None:
        keys = access.full.by_id[owner.id].unique_keys
        return next((key for key in keys if key.name == clash.index), None)

    @staticmethod
    def _named(clash: Clash, owner: Object, holder: Any) -> BadInput:
        if holder is None:
            return clash
        return BadInput(
            clash.message,
            clash.code,
            conflictingRecordId=str(holder),
            conflictingObjectNameSingular=owner.name_singular,
        )

    def _check_filter(self, condition: Filter | None) -> None:
        if not self._allow_unfiltered and not says_something(condition):
            raise BadInput(
                "A filter is required; to mean every record, ask for an id that is not null", "INVALID_ARGS_FILTER"
            )

    @staticmethod
    def _done(answer: Answer, owner: Object) -> bytes:
        if answer.problem is not None:
            raise problem_error(answer.problem)
        if answer.body is None:
            raise not_found(owner)
        return answer.body


ONE = {Removal.DELETE: Operation.DELETE, Removal.RESTORE: Operation.RESTORE, Removal.DESTROY: Operation.DESTROY}
MANY = {**ONE, Removal.DELETE: Operation.DELETE_MANY}


def problem_error(problem: str) -> BadInput:
    """Return the refusal that a statement found."""
    kind, _, name = problem.partition(":")
    if kind == "CONNECT":
        return BadInput(f"{name}.connect: there is no such record", "INVALID_ARGS_DATA")
    message, code = PROBLEMS[kind]
    return BadInput(message, code)


def not_found(owner: Object) -> NotFound:
    """Return the refusal of an unknown record."""
    return NotFound(f"There is no {owner.label_singular.lower()} with this id", "RECORD_NOT_FOUND")


def check_number(bodies: Sequence[Any]) -> None:
    """Refuse more records than one request may write (`DECISIONS.md` item 23).

    Raises:
        BadInput: `TOO_MANY_RECORDS_TO_UPDATE`.
    """
    if len(bodies) > MOST_WRITTEN:
        raise BadInput(f"At most {MOST_WRITTEN} records can be written at once", "TOO_MANY_RECORDS_TO_UPDATE")


def to_json(document: Any) -> str:
    """Return a document as the text of a parameter."""
    return orjson.dumps(document).decode()


def array(documents: Sequence[str]) -> str:
    """Return documents that are text already as the text of an array."""
    return f"[{','.join(documents)}]"
