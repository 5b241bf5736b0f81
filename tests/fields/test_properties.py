"""Normalisers take any text: they refuse it or make something that they leave as it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icosa.errors import BadInput
from icosa.fields.base import Mode
from icosa.fields.moments import parse_date_time
from icosa.fields.registry import FIELD_TYPES
from icosa.fields.rich_text_markdown import blocks_from_markdown, normalise_rich_text
from icosa.fields.spec import FieldSpec, Option
from icosa.fields.web_links import normalise_link

TEXTS = st.text(max_size=60)
URLISH = st.text(st.sampled_from("https:/.example?#@[]%äß 1-_A"), max_size=40)
KEYS = TEXTS | st.sampled_from(["primaryLinkUrl", "number", "source"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
OPTIONS = (Option("1", "ONE", "One", None, 0),)


@given(URLISH | URLISH.map("https://".__add__))
def test_links_settle(text: str) -> None:
    try:
        once = normalise_link(text)
    except BadInput:
        return
    assert normalise_link(once) == once


@given(TEXTS)
def test_moments_are_read_or_refused(text: str) -> None:
    try:
        moment = parse_date_time(text)
    except ValueError:
        return
    assert parse_date_time(moment.isoformat().replace("+00:00", "Z")) == moment


@pytest.mark.parametrize("kind", sorted(FIELD_TYPES))
@given(value=JSON, mode=st.sampled_from(Mode))
def test_any_json_is_stored_or_refused(kind: str, value: Any, mode: Mode) -> None:
    spec = FieldSpec("f", options=OPTIONS, settings={"relationType": "MANY_TO_ONE"})
    try:
        stored = FIELD_TYPES[kind].accept(value, spec, FIELD_TYPES[kind].leaves(spec), mode)
    except BadInput as refused:
        assert refused.message.startswith("f")
        return
    json.dumps(stored, allow_nan=False)


@given(st.text(st.sampled_from("#*-_`>|[]()!~<u/>x1. \n\t\\"), max_size=80))
def test_markdown_always_has_blocks_that_can_be_written(markdown: str) -> None:
    normalise_rich_text(None, json.dumps(blocks_from_markdown(markdown)))


@pytest.mark.parametrize("markdown", ["[" * 20_000, "> " * 5_000, "- " * 5_000 + "x", "*a **b " * 5_000])
def test_deep_markdown_is_taken(markdown: str) -> None:
    assert blocks_from_markdown(markdown)


def test_deep_blocks_are_taken() -> None:
    deep = '{"type":"paragraph","children":[' * 300 + "]}" * 300
    markdown, blocknote = normalise_rich_text(None, f"[{deep}]")
    assert markdown == blocknote
