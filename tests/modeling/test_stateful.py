"""Random changes of the model while others write records: afterwards catalog, tables, schema and documents agree.

After every change the snapshot that was made out of the one before holds what the whole model holds when it is read, be it
in the process that made the change or in one that missed some changes in between.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from icosa.catalog.renew import renew_catalog
from icosa.doctor.check import examine
from support.catalogs import differences, kept_differences, loaded
from support.house import House
from support.model import OBJECTS, options

KINDS: dict[str, dict[str, Any]] = {
    "TEXT": {},
    "NUMBER": {"defaultValue": 3},
    "BOOLEAN": {},
    "DATE_TIME": {},
    "CURRENCY": {},
    "LINKS": {},
    "ADDRESS": {},
    "ARRAY": {},
    "RAW_JSON": {},
    "SELECT": {"options": options("A", "B")},
    "MULTI_SELECT": {"options": options("A", "B")},
}
CHANGES = {
    "object": ("createOneObject", "CreateOneObjectInput", "object"),
    "field": ("createOneField", "CreateOneFieldMetadataInput", "field"),
}


def machine_of(house: House) -> Callable[[], RuleBasedStateMachine]:
    class Changes(RuleBasedStateMachine):
        objects: Bundle[tuple[str, int]] = Bundle("objects")
        fields: Bundle[str] = Bundle("fields")
        number = 0

        def __init__(self) -> None:
            super().__init__()
            self.plurals = {"companies"}
            self.asleep = loaded(house)

        @invariant()
        def the_snapshot_is_the_model(self) -> None:
            assert kept_differences(house) == []

        @rule()
        def wake(self) -> None:
            """Let a process that heard nothing for a while catch up."""
            renewed = house.run(renew_catalog(house.database, self.asleep))
            assert differences(renewed, loaded(house)) == []
            self.asleep = renewed

        def change(self, document: str, variables: dict[str, Any]) -> Any:
            """Send a change while records are read and written; return its data, None when it is refused."""
            body = {"query": document, "variables": variables}
            plurals = sorted(self.plurals)[-2:]
            document_of_all = " ".join(f"{each}(first: 2) {{ edges {{ node {{ id name }} }} }}" for each in plurals)
            records: list[tuple[str, str, Any]] = [("POST", "/graphql", {"query": f"{{ {document_of_all} }}"})]
            for plural in plurals:
                records.append(("POST", f"/rest/{plural}", {"name": "while changing"}))
                records.append(("GET", f"/rest/{plural}?depth=1&limit=5", None))
            answer, *written = house.together(("POST", "/metadata", body), *records)
            assert all(each.status < 500 for each in written), [each.content for each in written if each.status >= 500]
            assert b"INTERNAL_SERVER_ERROR" not in b"".join(each.content for each in (answer, *written))
            assert answer.status == 200, answer.content
            data = answer.json.get("data") or {}
            return next(iter(data.values()), None)

        def create(self, what: str, given: dict[str, Any]) -> str | None:
            name, kind, key = CHANGES[what]
            document = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ id }} }}"
            made = self.change(document, {"input": {key: given}})
            return None if made is None else str(made["id"])

        @rule(target=objects)
        def create_object(self) -> Any:
            Changes.number += 1
            name = f"thing{Changes.number}"
            texts = {"labelSingular": name.capitalize(), "labelPlural": f"{name}s".capitalize()}
            made = self.create("object", {"nameSingular": name, "namePlural": f"{name}s", **texts})
            assert made is not None
            self.plurals.add(f"{name}s")
            return made, Changes.number

        @rule(target=fields, owner=objects, kind=st.sampled_from(sorted(KINDS)))
        def create_field(self, owner: tuple[str, int], kind: str) -> Any:
            Changes.number += 1
            given = {
                "objectMetadataId": owner[0],
                "type": kind,
                "name": f"field{Changes.number}",
                "label": "Field",
                **KINDS[kind],
            }
            made = self.create("field", given)
            return multiple() if made is None else made

        @rule(target=fields, owner=objects, other=objects, kind=st.sampled_from(["MANY_TO_ONE", "ONE_TO_MANY"]))
        def create_relation(self, owner: tuple[str, int], other: tuple[str, int], kind: str) -> Any:
            Changes.number += 1
            payload = {
                "type": kind,
                "targetObjectMetadataId": other[0],
                "targetFieldLabel": f"Back {Changes.number}",
                "targetFieldIcon": "IconX",
            }
            name = f"link{Changes.number}"
            given = {"objectMetadataId": owner[0], "type": "RELATION", "name": name, "label": "Link"}
            made = self.create("field", {**given, "relationCreationPayload": payload})
            return multiple() if made is None else made

        @rule(field=fields, change=st.sampled_from(["name", "isActive", "isUnique"]))
        def update_field(self, field: str, change: str) -> None:
            Changes.number += 1
            value: Any = {"name": f"renamed{Changes.number}", "isActive": False, "isUnique": True}[change]
            document = "mutation ($input: UpdateOneFieldMetadataInput!) { updateOneField(input: $input) { id } }"
            self.change(document, {"input": {"id": field, "update": {change: value}}})

        @rule(owner=objects)
        def rename_object(self, owner: tuple[str, int]) -> None:
            Changes.number += 1
            names = {"nameSingular": f"other{Changes.number}", "namePlural": f"other{Changes.number}s"}
            document = "mutation ($input: UpdateOneObjectInput!) { updateOneObject(input: $input) { id } }"
            self.change(document, {"input": {"id": owner[0], "update": names}})

        @rule(field=fields)
        def create_index(self, field: str) -> None:
            each = loaded(house).field_by_id.get(UUID(field))
            if each is None:
                return
            parts = [{"subFieldName": leaf.path[1]} if each.is_composite else {} for leaf in each.leaves[:1]]
            indexed = [{"fieldMetadataId": field, **part} for part in parts]
            document = "mutation ($input: CreateIndexInput!) { createOneIndex(input: {index: $input}) { id } }"
            self.change(document, {"input": {"objectMetadataId": str(each.object_id), "fields": indexed}})

        @rule(field=consumes(fields))
        def delete_field(self, field: str) -> None:
            self.change("mutation ($id: UUID!) { deleteOneField(input: {id: $id}) { id } }", {"id": field})

        @rule(owner=consumes(objects))
        def delete_object(self, owner: tuple[str, int]) -> None:
            self.change("mutation ($id: UUID!) { deleteOneObject(input: {id: $id}) { id } }", {"id": owner[0]})

        def teardown(self) -> None:
            self.wake()
            assert house.run(examine(house.database, house.workspace_id)) == []
            answer = house.ask("POST", "/metadata", {"query": OBJECTS})
            for edge in answer.json["data"]["objects"]["edges"]:
                if edge["node"]["isCustom"]:
                    self.change(
                        "mutation ($id: UUID!) { deleteOneObject(input: {id: $id}) { id } }", {"id": edge["node"]["id"]}
                    )

    return Changes


def test_random_changes(house: House) -> None:
    limits = settings(
        max_examples=10,
        stateful_step_count=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    run_state_machine_as_test(machine_of(house), settings=limits)
