"""Random documents over the whole schema, with values that fit and values that do not, never meet a fault of ours."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)

from icosa.catalog.load import load_catalog
from icosa.graphql.schema import make_schema
from support.house import House

DOCUMENTS = 2000
LIKELY = {"last": 0.1, "before": 0.05, "after": 0.05, "viewId": 0.1, "data": 0.5}
HOSTILE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    "x",
    "\u0000",
    "'; drop table x; --",
    "\U0001f600 \u202e",
    "2030-01-01T00:00:00Z",
    "8d2c1b5e-0000-4000-8000-000000000000",
    [],
    {},
    [None],
    {"x": {}},
    "eyJpZCI6MX0=",
)


class Fuzzer:
    def __init__(self, random: Random, schema: GraphQLSchema) -> None:
        self._random = random
        self._schema = schema
        self.variables: dict[str, Any] = {}
        self._declared: list[str] = []

    def document(self) -> str:
        mutation = self._random.random() < 0.4
        root = self._schema.mutation_type if mutation else self._schema.query_type
        assert root is not None
        fields = self._random.sample(sorted(root.fields), self._random.randint(1, 3))
        chosen = [f"r{number}: {self._field(root, name, 0)}" for number, name in enumerate(fields)]
        header = f"({', '.join(self._declared)})" if self._declared else ""
        return f"{'mutation' if mutation else 'query'} Fuzz{header} {{ {' '.join(chosen)} }}"

    def _field(self, owner: GraphQLObjectType, name: str, depth: int) -> str:
        field = owner.fields[name]
        arguments = []
        for argument, definition in field.args.items():
            required = isinstance(definition.type, GraphQLNonNull)
            if required or self._random.random() < LIKELY.get(argument, 0.4):
                arguments.append(f"{argument}: {self._variable(definition.type)}")
        inner = get_named_type(field.type)
        selection = self._selection(inner, depth + 1) if isinstance(inner, GraphQLObjectType) else ""
        return f"{name}{'(' + ', '.join(arguments) + ')' if arguments else ''} {selection}"

    def _selection(self, owner: GraphQLObjectType, depth: int) -> str:
        names = [
            name
            for name, field in owner.fields.items()
            if depth < 6 or not isinstance(get_named_type(field.type), GraphQLObjectType)
        ]
        preferred = [name for name in ("edges", "node", "pageInfo") if name in names]
        chosen = {*self._random.sample(names, min(len(names), self._random.randint(1, 4)))}
        chosen.update(name for name in preferred if self._random.random() < 0.6)
        fields = [self._field(owner, name, depth) for name in sorted(chosen)]
        if self._random.random() < 0.05:
            fields.append("noSuchField")
        return f"{{ {' '.join(fields) or '__typename'} __typename }}"

    def _variable(self, kind: Any) -> str:
        name = f"v{len(self.variables)}"
        self.variables[name] = self._value(kind, 0)
        self._declared.append(f"${name}: {kind}")
        return f"${name}"

    def _value(self, kind: Any, depth: int) -> Any:
        if self._random.random() < 0.06:
            return self._random.choice(HOSTILE)
        if isinstance(kind, GraphQLNonNull):
            return self._value(kind.of_type, depth)
        if isinstance(kind, GraphQLList):
            return [self._value(kind.of_type, depth + 1) for _ in range(self._random.randint(0, 2))]
        if isinstance(kind, GraphQLEnumType):
            return self._random.choice(list(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            if depth > 5:
                return {}
            # A test holds one operator and a dimension one key; elsewhere more may stand together.
            most = 1 if kind.name.endswith(("Filter", "GroupByInput")) else self._random.choice((1, 1, 1, 2, 3))
            names = self._random.sample(list(kind.fields), min(len(kind.fields), most))
            return {name: self._value(kind.fields[name].type, depth + 1) for name in names}
        plain: dict[str, Any] = {
            "Int": self._random.randint(0, 5),
            "Float": self._random.random() * 10,
            "Boolean": self._random.random() < 0.8,
            "DateTime": "2030-05-01T10:00:00Z",
            "Date": "2030-05-01",
            "UUID": "8d2c1b5e-0000-4000-8000-000000000000",
            "ID": "8d2c1b5e-0000-4000-8000-000000000000",
            "BigFloat": "12.5",
            "Position": self._random.choice((1, "first", "last")),
            "JSON": self._random.choice(([], {"a": 1})),
        }
        return plain.get(kind.name, "some text")


def test_random_documents_never_meet_a_fault(demo: House) -> None:
    schema = make_schema(demo.run(load_catalog(demo.database, demo.workspace_id)))
    codes: dict[str, int] = {}
    for seed in range(DOCUMENTS):
        fuzzer = Fuzzer(Random(seed), schema)
        text = fuzzer.document()
        answer = demo.ask("POST", "/graphql", {"query": text, "variables": fuzzer.variables})
        told = json.dumps({"query": text, "variables": fuzzer.variables})
        assert answer.status == 200, (answer.content, told)
        errors = answer.json.get("errors", [])
        for error in errors:
            code = error["extensions"]["code"]
            codes[code] = codes.get(code, 0) + 1
            assert code not in {"INTERNAL_SERVER_ERROR", "TIMEOUT", "GRAPHQL_PARSE_FAILED"}, (error, told)
        codes["none"] = codes.get("none", 0) + sum(
            each is not None for each in (answer.json.get("data") or {}).values()
        )
    # The documents have to be worth something: many root fields work, many break a rule.
    assert codes["none"] > DOCUMENTS * 0.4, codes
    assert codes["BAD_USER_INPUT"] > DOCUMENTS * 0.2, codes
