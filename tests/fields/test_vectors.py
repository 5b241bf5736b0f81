"""The contract's vectors: what each type makes of an input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from icosa.errors import BadInput
from icosa.fields.base import Mode
from icosa.fields.moments import parse_date, parse_date_time
from icosa.fields.registry import FIELD_TYPES
from icosa.fields.rich_text_blocks import Unconvertible, markdown_from_blocks
from icosa.fields.rich_text_markdown import blocks_from_markdown, normalise_rich_text
from icosa.fields.spec import FieldSpec

TYPES = {
    each["type"]: each
    for each in json.loads((Path(__file__).parent.parent / "contract" / "field-types.json").read_text())
}


def vectors(kind: str) -> list[Any]:
    return [pytest.param(kind, each, id=f"{kind}-{number}") for number, each in enumerate(TYPES[kind]["vectors"])]


def without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_ids(each) for key, each in value.items() if key != "id"}
    return [without_ids(each) for each in value] if isinstance(value, list) else value


def test_every_type_of_the_contract_is_there() -> None:
    assert set(FIELD_TYPES) == set(TYPES)


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_operators_are_those_of_the_contract(kind: str) -> None:
    spec = FieldSpec("f", settings={"relationType": "MANY_TO_ONE"})
    leaves = FIELD_TYPES[kind].leaves(spec)
    declared = TYPES[kind]["subFields"] or [TYPES[kind]]
    # Refused on a single select (`DECISIONS.md` item 24) and offered on the search vector (`graphql-core.md` section 15).
    ours = {"SELECT": {"containsAny", "isEmptyArray"}, "RATING": {"containsAny", "isEmptyArray"}}
    added = {"TS_VECTOR": {"search"}}
    for leaf, part in zip(leaves, declared, strict=True):
        wanted = set(part["filterOperators"]) - ours.get(part["type"], set())
        assert leaf.type.operators == wanted | added.get(part["type"], set()), leaf.label


@pytest.mark.parametrize(("kind", "vector"), vectors("DATE_TIME"))
def test_moments(kind: str, vector: dict[str, Any]) -> None:
    del kind
    if vector.get("refused"):
        with pytest.raises(ValueError):
            parse_date_time(vector["in"])
    else:
        assert parse_date_time(vector["in"]) == parse_date_time(vector["stored"])


def test_dates() -> None:
    for text in (
        "2025-03-04",
        "20250304",
        "2025.03.04",
        "03-04-2025",
        "March 4, 2025",
        "04-Mar-2025",
        "2025-03-04T23:00:00Z",
    ):
        assert parse_date(text).isoformat() == "2025-03-04"
    for text in ("2025-03-04T05:00:00-05:00", "2025-02-30", "2025", "tomorrow", ""):
        with pytest.raises(ValueError):
            parse_date(text)


@pytest.mark.parametrize(("kind", "vector"), [*vectors("EMAILS"), *vectors("PHONES"), *vectors("LINKS")])
def test_composites(kind: str, vector: dict[str, Any]) -> None:
    def accepted() -> dict[str, Any]:
        spec, field_type = FieldSpec("f"), FIELD_TYPES[kind]
        stored = field_type.accept(vector["in"], spec, field_type.leaves(spec), Mode.CREATE)
        return {name[1].lower() + name[2:]: value for name, value in stored.items() if value}

    if "refused" in vector or vector.get("accepted") is False:
        with pytest.raises(BadInput) as refused:
            accepted()
        assert refused.value.message.startswith("f.")
        if "refused" in vector:
            assert refused.value.code == vector["refused"]
    elif "stored" in vector:
        assert accepted() == {
            name: json.loads(value) if value.startswith("[") else value
            for name, value in vector["stored"].items()
            if value
        }
    else:
        accepted()


@pytest.mark.parametrize(
    "vector", TYPES["RICH_TEXT"]["vectors"]["markdownToBlocks"], ids=lambda each: repr(each["markdown"])
)
def test_markdown_to_blocks(vector: dict[str, Any]) -> None:
    assert without_ids(blocks_from_markdown(vector["markdown"])) == vector["blocks"]


@pytest.mark.parametrize(
    "vector", TYPES["RICH_TEXT"]["vectors"]["blocksToMarkdown"], ids=lambda each: repr(each["markdown"])
)
def test_blocks_to_markdown(vector: dict[str, Any]) -> None:
    if vector.get("conversionFails"):
        with pytest.raises(Unconvertible):
            markdown_from_blocks(vector["blocks"])
        sent = json.dumps(vector["blocks"])
        assert normalise_rich_text(None, sent) == (sent, sent)
    else:
        assert markdown_from_blocks(vector["blocks"]) == vector["markdown"]


@pytest.mark.parametrize(
    "blocknote",
    [
        "{}",
        "not json",
        "5",
        '[{"type":"paragraph","content":[{"type":"link","href":" JavaScript:alert(1)"}]}]',
        '[{"props":{"url":"data:x"}}]',
    ],
)
def test_blocks_that_are_refused(blocknote: str) -> None:
    with pytest.raises(BadInput):
        normalise_rich_text(None, blocknote)
