"""An OpenAPI document as the judge of answers: the schema of a status, and whether a body fits it."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from support.house import Answer, House

METHODS = ("get", "post", "patch", "delete")
NAME = re.compile(r"[A-Za-z0-9._-]+")


class Document:
    """One document, with a validator for each schema of an answer."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        self._validators: dict[str, Draft202012Validator] = {}

    @cached_property
    def _templates(self) -> list[tuple[re.Pattern[str], str]]:
        # A path without variables wins over one with them (OpenAPI 3.1.1, section 4.8.8.1).
        paths = sorted(self.content["paths"], key=lambda path: path.count("{"))
        return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in paths]

    def operation(self, method: str, path: str) -> dict[str, Any]:
        """Return the operation of a path below the document's server."""
        template = next(text for pattern, text in self._templates if pattern.fullmatch(path))
        return self.content["paths"][template][method.lower()]  # type: ignore[no-any-return]

    def operations(self) -> list[tuple[str, str, dict[str, Any]]]:
        return [
            (path, method, item[method])
            for path, item in self.content["paths"].items()
            for method in METHODS
            if method in item
        ]

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return what a reference leads to."""
        found = schema
        while "$ref" in found:
            part: Any = self.content
            for key in found["$ref"].removeprefix("#/").split("/"):
                part = part[key]
            found = part
        return found

    def problems(self, schema: dict[str, Any], body: Any) -> list[str]:
        """Return what is wrong with a body, by its place."""
        key = str(schema)
        if key not in self._validators:
            whole = {"components": self.content["components"], **schema}
            self._validators[key] = Draft202012Validator(whole, format_checker=FormatChecker())
        return [
            f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"
            for error in self._validators[key].iter_errors(body)
        ]

    def check(self, method: str, path: str, answer: Answer) -> None:
        """Assert that an answer is one that the operation tells of."""
        operation = self.operation(method, path)
        responses = operation["responses"]
        assert str(answer.status) in responses, (method, path, answer.status, answer.content[:500])
        response = self.resolved(responses[str(answer.status)])
        schema = response["content"]["application/json"]["schema"]
        assert self.problems(schema, answer.json) == [], (method, path, answer.content[:500])


def fetch(house: House, kind: str, **asked: Any) -> Document:
    answer = house.ask("GET", f"/rest/open-api/{kind}", **asked)
    assert answer.status == 200, answer.content
    return Document(answer.json)


class Judge:
    """Asks the API and holds each answer to the document that the server gives."""

    def __init__(self, house: House, kind: str, root: str) -> None:
        self._house = house
        self._root = root
        self.document = fetch(house, kind)
        self.asked: set[tuple[str, str]] = set()

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200, **parameters: Any) -> Any:
        answer = self._house.ask(method, f"{self._root}{path}", body, parameters=parameters)
        assert answer.status == status, (method, path, answer.content[:500])
        self.document.check(method, path, answer)
        self.asked.add((method, self.document.operation(method, path)["operationId"]))
        return answer.json


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        found = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return found.union(*(references(each) for each in node.values()))
    return set().union(*(references(each) for each in node)) if isinstance(node, list) else set()


def repeated(names: list[str]) -> list[str]:
    return [name for name, count in Counter(name.lower() for name in names).items() if count > 1]


def check_names(document: Document) -> None:
    content = document.content
    for kind in ("schemas", "parameters", "responses"):
        names = list(content["components"][kind])
        assert repeated(names) == []
        assert all(NAME.fullmatch(name) for name in names)
    operations = [operation for _, _, operation in document.operations()]
    operations += [item["post"] for item in content.get("webhooks", {}).values()]
    ids = [operation["operationId"] for operation in operations]
    assert repeated(ids) == []
    assert all(name[0].islower() for name in ids)
    tags = [tag["name"] for tag in content["tags"]]
    assert repeated(tags) == []
    assert {tag for operation in operations for tag in operation["tags"]} <= set(tags)
    for reference in references(content):
        document.resolved({"$ref": reference})
