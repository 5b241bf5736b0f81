"""The operations on an object's records, with the bodies that they send and answer (`openapi.md` sections 3 and 6)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from icosa.catalog.model import Object
from icosa.fields.json_schema import LONG, JsonSchema
from icosa.openapi.components import Names, Schemas, answer, body, reference
from icosa.openapi.records import RecordNames
from icosa.openapi.shared import UUID, refusals
from icosa.records.object_rules import Operation, refusal
from icosa.records.resemblance import MOST_MERGED
from icosa.transport.parameters import FILTER_OPERATORS, MOST_LISTED


@dataclass(frozen=True, slots=True)
class Success:
    """The answer of an operation that went well."""

    schema: JsonSchema
    status: int = 200


class ObjectPaths:
    """Makes the paths of one object.

    Args:
        owner: the object, out of the caller's view.
        names: its record schemas.
        schemas: takes the schemas of bodies and answers.
        ids: gives out operation ids.
        by_person: whether a signed-in person asks, not a key.
    """

    def __init__(self, owner: Object, names: RecordNames, schemas: Schemas, ids: Names, *, by_person: bool) -> None:
        self._owner = owner
        self._names = names
        self._schemas = schemas
        self._ids = ids
        self._by_person = by_person
        self._paths: defaultdict[str, JsonSchema] = defaultdict(dict)
        self._record = reference(names.answer)
        self._one = owner.type_name
        self._many = owner.plural_type_name

    def paths(self) -> dict[str, JsonSchema]:
        """Return the paths by their text, with the operations that the object and the caller can do."""
        self._reads()
        if self._may(Operation.CREATE):
            self._creates()
        self._updates()
        self._removals()
        self._restores()
        if self._owner.duplicate_criteria:
            self._likenesses()
        return dict(self._paths)

    def _may(self, operation: Operation) -> bool:
        return refusal(self._owner, operation, by_person=self._by_person) is None

    def _reads(self) -> None:
        plural, singular = self._owner.name_plural, self._owner.name_singular
        rows = {"type": "array", "items": self._record}
        page = {
            "type": "object",
            "properties": {
                "data": self._schemas.add(f"{self._one}ListResponseData", _keyed(plural, rows)),
                "pageInfo": reference("PageInfo"),
                "totalCount": {**LONG, "description": "How many records match, whatever the page."},
            },
            "required": ["data", "pageInfo", "totalCount"],
        }
        self._add(
            f"/{plural}",
            "get",
            f"findMany{self._many}",
            f"Find Many {plural}",
            ["orderBy", "filter", "limit", "depth", "startingAfter", "endingBefore"],
            Success(self._schemas.add(f"{self._one}ListResponse", page)),
        )
        self._add(
            f"/{plural}/{{id}}",
            "get",
            f"findOne{self._one}",
            f"Find One {singular}",
            ["idPath", "depth"],
            Success(self._wrapped(f"{self._one}Response", singular, self._record)),
            refused=("404",),
        )
        self._add(
            f"/{plural}/{{id}}/history",
            "get",
            f"find{self._one}History",
            f"Find the history of one {singular}",
            ["idPath", "limit", "startingAfter"],
            Success(reference("RecordHistoryListResponse")),
            refused=("404",),
        )
        group = {
            "type": "object",
            "description": "The group's values, the aggregates that were asked for (counts, sums and averages as texts) "
            "and the sample.",
            "properties": {
                "groupByDimensionValues": {"type": "array", "items": {}},
                "records": {"type": "array", "items": self._record},
            },
            "required": ["groupByDimensionValues"],
            "additionalProperties": True,
        }
        groups = {"type": "array", "items": self._schemas.add(f"{self._one}Group", group)}
        self._add(
            f"/{plural}/groupBy",
            "get",
            f"groupBy{self._many}",
            f"Group By {plural}",
            [
                "groupBy",
                "filter",
                "orderByOfGroups",
                "limitOfGroups",
                "viewId",
                "aggregate",
                "includeRecordsSample",
                "orderByForRecords",
            ],
            Success(self._schemas.add(f"{self._one}GroupsResponse", groups)),
            refused=("403", "404"),
        )

    def _creates(self) -> None:
        plural, create = self._owner.name_plural, reference(self._names.create)
        self._add(
            f"/{plural}",
            "post",
            f"createOne{self._one}",
            f"Create One {self._owner.name_singular}",
            ["depth", "upsert"],
            Success(self._wrapped(f"Create{self._one}Response", f"create{self._one}", self._record), 201),
            sent=create,
        )
        self._add(
            f"/batch/{plural}",
            "post",
            f"createMany{self._many}",
            f"Create Many {plural}",
            ["depth", "upsert"],
            Success(self._wrapped_list(f"Create{self._many}Response", f"create{self._many}", self._record), 201),
            sent={"type": "array", "items": create, "maxItems": MOST_LISTED},
        )

    def _updates(self) -> None:
        plural, update = self._owner.name_plural, reference(self._names.update)
        if self._may(Operation.UPDATE_MANY):
            self._add(
                f"/{plural}",
                "patch",
                f"updateMany{self._many}",
                f"Update Many {plural}",
                ["depth", "filter"],
                Success(self._wrapped_list(f"Update{self._many}Response", f"update{self._many}", self._record)),
                sent=update,
            )
        if self._may(Operation.UPDATE_ONE):
            self._add(
                f"/{plural}/{{id}}",
                "patch",
                f"updateOne{self._one}",
                f"Update One {self._owner.name_singular}",
                ["idPath", "depth"],
                Success(self._wrapped(f"Update{self._one}Response", f"update{self._one}", self._record)),
                sent=update,
                refused=("404",),
            )

    def _removals(self) -> None:
        plural = self._owner.name_plural
        soft = ["softDelete"] if self._may(Operation.DELETE) else []
        if self._may(Operation.DESTROY) or self._may(Operation.DELETE_MANY):
            self._add(
                f"/{plural}",
                "delete",
                f"deleteMany{self._many}",
                f"Delete Many {plural}",
                ["filter", *soft],
                Success(
                    self._wrapped_list(f"Delete{self._many}Response", f"delete{self._many}", reference("RecordId"))
                ),
                refused=("403",),
            )
        if self._may(Operation.DESTROY) or self._may(Operation.DELETE):
            self._add(
                f"/{plural}/{{id}}",
                "delete",
                f"deleteOne{self._one}",
                f"Delete One {self._owner.name_singular}",
                ["idPath", *soft],
                Success(self._wrapped(f"Delete{self._one}Response", f"delete{self._one}", reference("RecordId"))),
                refused=("403", "404"),
            )

    def _restores(self) -> None:
        plural = self._owner.name_plural
        if not self._may(Operation.RESTORE):
            return
        self._add(
            f"/restore/{plural}/{{id}}",
            "patch",
            f"restoreOne{self._one}",
            f"Restore One {self._owner.name_singular}",
            ["idPath", "depth"],
            Success(self._wrapped(f"Restore{self._one}Response", f"restore{self._one}", self._record)),
            refused=("403", "404"),
        )
        self._add(
            f"/restore/{plural}",
            "patch",
            f"restoreMany{self._many}",
            f"Restore Many {plural}",
            ["filter", "depth"],
            Success(self._wrapped_list(f"Restore{self._many}Response", f"restore{self._many}", self._record)),
            refused=("403",),
        )

    def _likenesses(self) -> None:
        plural = self._owner.name_plural
        asked = {
            "type": "object",
            "description": "Either records as they would be created, or ids.",
            "properties": {
                "data": {"type": "array", "items": reference(self._names.create), "minItems": 1},
                "ids": {"type": "array", "items": UUID},
            },
        }
        found = {
            "type": "object",
            "properties": {
                f"{self._owner.name_singular}Duplicates": {"type": "array", "items": self._record},
                "totalCount": dict(LONG),
                "pageInfo": reference("PageInfo"),
            },
            "required": [f"{self._owner.name_singular}Duplicates", "totalCount", "pageInfo"],
        }
        duplicates = self._schemas.add(f"{self._one}Duplicates", found)
        self._add(
            f"/{plural}/duplicates",
            "post",
            f"find{self._one}Duplicates",
            f"Find {self._owner.name_singular} Duplicates",
            ["depth"],
            Success(self._wrapped_list(f"{self._one}DuplicatesResponse", None, duplicates)),
            sent=self._schemas.add(f"Find{self._one}DuplicatesRequest", asked),
        )
        if self._may(Operation.UPDATE_ONE) and self._may(Operation.DESTROY):
            self._add(
                f"/{plural}/merge",
                "patch",
                f"mergeMany{self._many}",
                f"Merge Many {plural}",
                ["depth"],
                Success(self._wrapped(f"Merge{self._one}Response", f"merge{self._one}", self._record)),
                sent=self._schemas.add(f"MergeMany{self._many}Request", MERGE),
                refused=("404",),
            )

    def _wrapped(self, name: str, key: str, schema: JsonSchema) -> JsonSchema:
        """Keep the schema of an answer `{data: {key: …}}` and return the reference to it."""
        return self._schemas.add(name, _keyed("data", self._schemas.add(f"{name}Data", _keyed(key, schema))))

    def _wrapped_list(self, name: str, key: str | None, item: JsonSchema) -> JsonSchema:
        """Keep the schema of an answer `{data: {key: […]}}`, without a key `{data: […]}`, and return the reference to it."""
        rows: JsonSchema = {"type": "array", "items": item}
        return self._schemas.add(name, _keyed("data", rows)) if key is None else self._wrapped(name, key, rows)

    def _add(
        self,
        path: str,
        method: str,
        operation_id: str,
        summary: str,
        parameters: list[str],
        success: Success,
        *,
        sent: JsonSchema | None = None,
        refused: tuple[str, ...] = (),
    ) -> None:
        more = refused if sent is None else (*refused, "403", "413")
        self._paths[path][method] = {
            "tags": [self._owner.name_plural],
            "summary": summary,
            "operationId": self._ids.claim(operation_id),
            "parameters": [self._parameter(name, method) for name in parameters],
            **({} if sent is None else {"requestBody": body(sent)}),
            "responses": {
                str(success.status): answer("Done" if success.status == 200 else "Created", success.schema),
                **refusals(*more),
            },
        }

    def _parameter(self, name: str, method: str) -> JsonSchema:
        """Return the reference to a parameter; that of `filter` tells what can be compared and how."""
        told = reference(name, "parameters")
        if name != "filter":
            return told
        if method != "get":
            return {**told, "description": "Which records; required, `id[is]:NOT_NULL` means all."}
        return {**told, "description": comparators(self._owner)}


MERGE: JsonSchema = {
    "type": "object",
    "properties": {
        "ids": {"type": "array", "items": UUID, "minItems": 2, "maxItems": MOST_MERGED},
        "conflictPriorityIndex": {
            "type": "integer",
            "minimum": 0,
            "description": "The place in `ids`, from 0, of the record that stays and whose values win.",
        },
        "dryRun": {"type": "boolean", "description": "Only tells what would come of it."},
    },
    "required": ["ids", "conflictPriorityIndex"],
}


def _keyed(key: str, schema: JsonSchema) -> JsonSchema:
    return {"type": "object", "properties": {key: schema}, "required": [key]}


def comparators(owner: Object) -> str:
    """Return what a filter may compare, fields with the same comparators together."""
    by_operators: defaultdict[str, list[str]] = defaultdict(list)
    for field in owner.fields:
        if field.type.is_documented:
            for leaf in field.leaves:
                by_operators[" ".join(sorted(leaf.type.operators & FILTER_OPERATORS))].append(leaf.label)
    lines = [f"- `{operators}`: {', '.join(names)}" for operators, names in by_operators.items()]
    return "\n".join(["`field[comparator]:value`, joined by commas.", "", *lines])
