"""Whatever text is stored comes back letter by letter in valid JSON, from every place that writes it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.house import House

HOSTILE = [
    "quote \" backslash \\ slash / apostrophe '",
    "".join(map(chr, range(1, 32))) + "\x7f",
    "\u2028\u2029\ufeff\u200b",
    "😀 \U0010ffff \U00020000",
    "שלום مرحبا \u202e gnirts",
    "'); DROP TABLE company; --",
    "%s {0} $1 ${x} \\u0041 </script>",
    "e\u0301 é ﬁ",
]
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=80)


def body_of(text: str) -> dict[str, object]:
    return {
        "name": text,
        "address": {"addressCity": text, "addressStreet1": text},
        "annualRevenue": {"currencyCode": text},
        "linkedinLink": {"primaryLinkUrl": "https://example.com", "primaryLinkLabel": text},
    }


def check(house: House, text: str) -> None:
    made = house.make("companies", [body_of(text)])[0]
    listed = house.ask("GET", "/rest/companies", parameters={"filter": f"id[eq]:{made['id']}"}).json
    read = house.ask("GET", f"/rest/companies/{made['id']}").json["data"]["company"]
    for company in (made, listed["data"]["companies"][0], read):
        assert company["name"] == text
        assert company["address"]["addressCity"] == text
        assert (company["annualRevenue"]["currencyCode"] or "") == text
        assert company["linkedinLink"]["primaryLinkLabel"] == text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts(house: House, text: str) -> None:
    check(house, text)


def test_a_megabyte(house: House) -> None:
    check(house, 'ab"\\é\n' * 170_000)
    check(house, " ".join(f"word{number}" for number in range(120_000)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_any_text(house: House, text: str) -> None:
    check(house, text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS.filter(bool))
def test_a_text_is_found_by_itself(house: House, text: str) -> None:
    made = house.make("companies", [{"name": text}])[0]
    if "'" in text and '"' in text:
        return
    quote = "'" if '"' in text else '"'
    found = house.ask(
        "GET", "/rest/companies", parameters={"filter": f"name[eq]:{quote}{text}{quote},id[eq]:{made['id']}"}
    )
    assert found.status == 200, found.content
    assert found.json["totalCount"] == 1
