"""The Metadata API, asked as a client asks it."""

from __future__ import annotations

from typing import Any

from support.house import House

OBJECTS = """
query { objects(paging: {first: 1000}) { edges { node { id nameSingular namePlural isCustom
  fieldsList { id name type isCustom isSystem options settings } } } } }
"""
OBJECT = "id nameSingular namePlural fieldsList { id name type options settings }"
FIELD = """
id name type label options settings defaultValue isUnique isActive
relation { targetObjectMetadata { nameSingular } targetFieldMetadata { id name } }
"""


class Refused(AssertionError):
    """The API refused a request; holds its errors."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        self.errors = errors

    @property
    def code(self) -> str:
        """The first problem's code: that of the validation report when there is one."""
        extensions = self.errors[0]["extensions"]
        for reports in (extensions.get("errors") or {}).values():
            for report in reports:
                for each in report["errors"]:
                    return str(each["code"])
        return str(extensions.get("subCode") or extensions["code"])


class Model:
    """The data model of a house's workspace."""

    def __init__(self, house: House) -> None:
        self.house = house

    def ask(self, document: str, **variables: Any) -> Any:
        """Return the data of a document's only root field; raises Refused."""
        answer = self.house.ask("POST", "/metadata", {"query": document, "variables": variables})
        assert answer.status == 200, answer.content
        if answer.json.get("errors"):
            raise Refused(answer.json["errors"])
        return next(iter(answer.json["data"].values()))

    def objects(self) -> dict[str, Any]:
        """Return every object by its singular name."""
        return {each["node"]["nameSingular"]: each["node"] for each in self.ask(OBJECTS)["edges"]}

    def create_object(self, singular: str, plural: str, **more: Any) -> Any:
        given = {
            "nameSingular": singular,
            "namePlural": plural,
            "labelSingular": singular.capitalize(),
            "labelPlural": plural.capitalize(),
            **more,
        }
        document = f"mutation ($input: CreateOneObjectInput!) {{ createOneObject(input: $input) {{ {OBJECT} }} }}"
        return self.ask(document, input={"object": given})

    def update_object(self, identifier: str, **changes: Any) -> Any:
        document = f"mutation ($input: UpdateOneObjectInput!) {{ updateOneObject(input: $input) {{ {OBJECT} }} }}"
        return self.ask(document, input={"id": identifier, "update": changes})

    def delete_object(self, identifier: str) -> Any:
        return self.ask("mutation ($id: UUID!) { deleteOneObject(input: {id: $id}) { id } }", id=identifier)

    def create_field(self, owner: Any, kind: str, name: str, **more: Any) -> Any:
        given = {"objectMetadataId": owner["id"], "type": kind, "name": name, "label": name.capitalize(), **more}
        document = f"mutation ($input: CreateOneFieldMetadataInput!) {{ createOneField(input: $input) {{ {FIELD} }} }}"
        return self.ask(document, input={"field": given})

    def create_relation(self, owner: Any, name: str, target: Any, back: str, kind: str = "MANY_TO_ONE") -> Any:
        """Make a relation to another object, where `back` is the label of the field that leads here."""
        payload = {
            "type": kind,
            "targetObjectMetadataId": target["id"],
            "targetFieldLabel": back,
            "targetFieldIcon": "IconX",
        }
        return self.create_field(owner, "RELATION", name, relationCreationPayload=payload)

    def update_field(self, identifier: str, **changes: Any) -> Any:
        document = f"mutation ($input: UpdateOneFieldMetadataInput!) {{ updateOneField(input: $input) {{ {FIELD} }} }}"
        return self.ask(document, input={"id": identifier, "update": changes})

    def delete_field(self, identifier: str) -> Any:
        return self.ask("mutation ($id: UUID!) { deleteOneField(input: {id: $id}) { id } }", id=identifier)


def options(*values: str) -> list[dict[str, Any]]:
    """Return options as a client sends them."""
    return [
        {"value": each, "label": each.capitalize(), "color": "blue", "position": n} for n, each in enumerate(values)
    ]
