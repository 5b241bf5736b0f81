"""A planned answer equals what graphql-core's own execution gives over naive resolvers."""

from __future__ import annotations

from random import Random

from graphql import parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icosa.catalog.load import load_catalog
from icosa.graphql.schema import make_schema
from support.graphql_documents import Maker
from support.house import House
from support.naive_graphql import Workspace

VARIABLES = {"yes": True, "no": False}


def test_planned_answers_equal_executed_ones(demo: House) -> None:
    catalog = demo.run(load_catalog(demo.database, demo.workspace_id))
    schema = make_schema(catalog)
    workspace = Workspace(demo, catalog)

    @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32))
    def check(seed: int) -> None:
        text = Maker(Random(seed), catalog, workspace.records).document()
        document = parse(text)
        assert validate(schema, document) == [], text
        answer = demo.ask("POST", "/graphql", {"query": text, "variables": VARIABLES}).json
        assert "errors" not in answer, (text, answer["errors"])
        assert "extensions" not in answer, (text, answer)
        assert answer["data"] == workspace.answer(schema, document, VARIABLES), text

    check()
