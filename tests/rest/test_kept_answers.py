"""Answers are kept until something that they tell of has changed, and not a moment longer."""

from __future__ import annotations

import importlib
import inspect
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from icosa.records.engine import Engine
from icosa.records.kept import ENTRY_BYTES, VALUE_BYTES, KeptAnswer, KeptAnswers
from support.house import House, open_house
from support.model import Model
from support.nothing_kept import ask_twice
from support.statements import tell_statements

READERS = ("aggregates", "conditions", "groups", "order", "pages", "records", "scope", "searches")
PEOPLE = "/rest/people?depth=1"


class Spy:
    """Notes what kept statements were sent, with their parameters and rows."""

    def __init__(self, house: House) -> None:
        self.sent: list[tuple[tuple[Any, ...], Any]] = []
        tell_statements(house, self._note)

    def _note(self, sql: str, args: tuple[Any, ...], rows: Sequence[Any]) -> None:
        del sql
        self.sent += [(args, row) for row in rows if "snapshot" in row or row.get("holds")]

    def made_anew(self) -> list[bool]:
        """Return of each answer since the last call whether the database made it."""
        made = [row.get("body") is not None for _, row in self.sent]
        self.sent.clear()
        return made


@pytest.fixture
def spy(house: House) -> Spy:
    house.quiet()
    return Spy(house)


def engine_of(house: House) -> Engine:
    return house.base.service.engine


def graphql(document: str) -> tuple[str, str, dict[str, str]]:
    return "POST", "/graphql", {"query": document}


def test_an_answer_is_made_anew_only_when_something_it_tells_of_has_changed(house: House, spy: Spy) -> None:
    company = house.make("companies", [{"name": "One"}])[0]["id"]
    person = house.make("people", [{"companyId": company}])[0]["id"]
    note = house.make("notes", [{"title": "N"}])[0]["id"]
    house.make("noteTargets", [{"noteId": note, "targetPersonId": person}])
    nested = "people { edges { node { company { name } } } } "
    requests: dict[str, tuple[tuple[Any, ...], set[str]]] = {
        "list": (("GET", "/rest/people"), {"person"}),
        "depth": (("GET", PEOPLE), {"person", "company", "noteTarget"}),
        "one": (("GET", f"/rest/people/{person}?depth=1"), {"person", "company", "noteTarget"}),
        "filter": (("GET", "/rest/people?filter=company.name[eq]:One"), {"person", "company"}),
        "order": (("GET", "/rest/people?order_by=company.name"), {"person", "company"}),
        "GraphQL": (graphql(f"{{ {nested} }}"), {"person", "company"}),
        "one-to-many": (graphql("{ companies { edges { node { people { totalCount } } } } }"), {"person", "company"}),
        "morph": (
            graphql("{ noteTargets { edges { node { targetPerson { id } note { title } } } } }"),
            {"noteTarget", "person", "note"},
        ),
        "groups": (("GET", '/rest/people/groupBy?group_by=[{"company":{"name":true}}]'), {"person", "company"}),
    }
    target = house.ask("GET", "/rest/noteTargets").json["data"]["noteTargets"][0]["id"]
    changes = {
        "person": f"/rest/people/{person}",
        "company": f"/rest/companies/{company}",
        "note": f"/rest/notes/{note}",
        "noteTarget": f"/rest/noteTargets/{target}",
    }
    tasks = house.make("tasks", [{}])[0]["id"]
    for request, _ in requests.values():
        house.ask(*request)
    for changed, path in {**changes, "task": f"/rest/tasks/{tasks}"}.items():
        assert house.ask("PATCH", path, {"position": 7}).status == 200
        for name, (request, depends) in requests.items():
            spy.made_anew()
            first, second = house.ask(*request), house.ask(*request)
            assert first.content == second.content
            assert spy.made_anew() == [changed in depends, False], (name, changed)


def test_what_held_is_checked_by_itself_and_what_changes_all_the_time_is_not(house: House, spy: Spy) -> None:
    company = house.make("companies", [{"name": "One"}])[0]["id"]
    sent: list[str] = []
    tell_statements(house, lambda sql, _, __: sent.append("check" if "AS holds" in sql else "whole"))

    def read() -> list[str]:
        sent.clear()
        house.ask("GET", "/rest/companies")
        return list(sent)

    assert [read() for _ in range(4)] == [["whole"], ["whole"], ["check"], ["check"]]
    for expected in (["check", "whole"], ["whole"], ["whole"]):
        house.ask("PATCH", f"/rest/companies/{company}", {"name": "Two"})
        assert read() == expected
    assert [read() for _ in range(2)] == [["whole"], ["check"]]


def test_a_record_without_relations_is_just_read(house: House, spy: Spy) -> None:
    company = house.make("companies", [{"name": "One"}])[0]["id"]
    house.ask("GET", f"/rest/companies/{company}")
    house.ask(*graphql(f'{{ company(filter: {{id: {{eq: "{company}"}}}}) {{ id name }} }}'))
    assert spy.sent == []


def test_a_record_that_is_gone_is_not_told_of(house: House, spy: Spy) -> None:
    company = house.make("companies", [{"name": "One"}])[0]["id"]
    path = f"/rest/companies/{company}?depth=1"
    assert [house.ask("GET", path).status for _ in range(2)] == [200, 200]
    house.ask("DELETE", f"/rest/companies/{company}")
    assert [house.ask("GET", path).status for _ in range(2)] == [404, 404]
    assert len(spy.sent) == 4


def test_the_count_is_kept_when_the_page_is_not(house: House, spy: Spy) -> None:
    company = house.make("companies", [{"name": "One"}])[0]["id"]
    house.make("people", [{"companyId": company}])
    assert house.ask("GET", PEOPLE).json["totalCount"] == 1
    # A count that is wrong shows that it was not taken again.
    engine = engine_of(house)
    ((asked, (_, snapshot)),) = [(key, kept) for key, kept in engine._counts._kept.items() if kept[0] == 1]
    engine._counts.put(asked, (41, snapshot))
    house.ask("PATCH", f"/rest/companies/{company}", {"name": "Two"})
    answer = house.ask("GET", PEOPLE).json
    assert (answer["totalCount"], answer["data"]["people"][0]["company"]["name"]) == (41, "Two")
    assert spy.made_anew() == [True, True]
    house.make("people", [{}])
    assert house.ask("GET", PEOPLE).json["totalCount"] == 2


def test_the_count_is_kept_when_the_page_is_too_long(house: House, spy: Spy) -> None:
    house.make("companies", [{"name": "One"}])
    engine = engine_of(house)
    engine._answers = KeptAnswers(1000, 10)
    for _ in range(2):
        assert house.ask("GET", "/rest/companies").json["totalCount"] == 1
    (_, first), (given, _) = spy.sent
    assert given[-2:] == (1, first["snapshot"])
    assert spy.made_anew() == [True, True]
    assert engine._answers.size == 0


def test_what_foreign_keys_do_in_silence_is_known(house: House, spy: Spy) -> None:
    model = Model(house)
    for owner, name, target in (("company", "parent", "company"), ("person", "boss", "person")):
        objects = model.objects()
        field = model.create_relation(objects[owner], name, objects[target], f"Those of the {name}")["id"]
        model.update_field(field, settings={"onDelete": "CASCADE"})
    parent = house.make("companies", [{"name": "Parent"}])[0]["id"]
    child = house.make("companies", [{"name": "Child", "parentId": parent}])[0]["id"]
    house.make("people", [{"name": {"firstName": "P"}, "companyId": child}])
    house.make("notes", [{"title": "N"}])
    asked = ("/rest/companies", "/rest/people", "/rest/people?filter=company.name[eq]:Child")
    assert [house.ask("GET", each).json["totalCount"] for each in asked] == [2, 1, 1]
    # The child goes with its parent by a foreign key alone, and the person loses its company by another.
    house.ask("DELETE", f"/rest/companies/{parent}")
    assert [ask_twice(house, "GET", each).json["totalCount"] for each in asked] == [0, 1, 0]
    assert house.ask("GET", "/rest/people").json["data"]["people"][0]["companyId"] is None
    del spy


def test_nothing_kept_outlasts_a_change_of_the_model(house: House, spy: Spy) -> None:
    model = Model(house)
    boat = model.create_object("boat", "boats")
    house.make("boats", [{"name": "Ark"}])
    asked = "/rest/boats"
    before = house.ask("GET", asked).json["data"]["boats"][0]
    field = model.create_field(boat, "TEXT", "flag", defaultValue="'red'")["id"]
    assert house.ask("GET", asked).json["data"]["boats"][0] == {**before, "flag": "red"}
    model.update_field(field, name="pennant")
    assert house.ask("GET", asked).json["data"]["boats"][0]["pennant"] == "red"
    model.delete_field(field)
    assert house.ask("GET", asked).json["data"]["boats"][0] == before
    # Not even where the statement says the same as before.
    model.create_object("raft", "rafts")
    assert house.ask("GET", asked).json["data"]["boats"][0] == before
    assert spy.made_anew() == [True] * 5


def test_links_of_kept_answers_are_signed_anew(database_url: str, tmp_path: Path) -> None:
    now = [time.time()]
    with open_house(database_url, clock=lambda: now[0], files_dir=tmp_path) as house:
        spy = Spy(house)
        house.quiet()
        fields = house.ask("GET", "/rest/metadata/objects/attachment").json["data"]["object"]["fields"]
        field = next(each["id"] for each in fields if each["name"] == "file")
        operations = {
            "query": "mutation ($file: Upload!, $field: String) "
            "{ uploadFilesFieldFile(file: $file, fieldMetadataId: $field) { id } }",
            "variables": {"file": None, "field": field},
        }
        parts = (
            ("operations", json.dumps(operations)),
            ("map", '{"0": ["variables.file"]}'),
            ('0"; filename="a.png', "x"),
        )
        body = "".join(
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in parts
        )
        headers = {"content-type": "multipart/form-data; boundary=b"}
        sent = house.ask("POST", "/metadata", raw=f"{body}--b--\r\n".encode(), headers=headers)
        file = sent.json["data"]["uploadFilesFieldFile"]["id"]
        house.make("attachments", [{"name": "A", "file": [{"fileId": file, "label": "a"}]}])
        requests: list[tuple[Any, ...]] = [
            ("GET", "/rest/attachments"),
            graphql("{ attachments { edges { node { file { url } } } } }"),
        ]
        first = [house.ask(*each).content for each in requests]
        now[0] += 7200
        spy.made_anew()
        second = [house.ask(*each).content for each in requests]
        assert spy.made_anew() == [False, False]
        for before, after in zip(first, second, strict=True):
            assert b"token=" in before and before != after


def test_only_aliases_name_the_tables_that_reads_look_at() -> None:
    for name in READERS:
        source = inspect.getsource(importlib.import_module(f"icosa.sql.{name}"))
        assert source.count("sql_name") == (1 if name == "scope" else 0), name


def entry(*bodies: int) -> int:
    return sum(ENTRY_BYTES + VALUE_BYTES + 1 + body for body in bodies)


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept = KeptAnswers(entry(100, 100), 1000)
    for name in "ab":
        kept.put((name,), b"x" * 100, "1:1:")
    assert kept.get(("a",)) == KeptAnswer(b"x" * 100, "1:1:")
    kept.put(("c",), b"y" * 100, "2:2:")
    assert (kept.get(("b",)), kept.size) == (None, entry(100, 100))
    assert kept.get(("a",)) and kept.get(("c",))


def test_an_answer_takes_the_place_of_the_former_one() -> None:
    kept = KeptAnswers(10_000, 1000)
    kept.put(("a",), b"x" * 100, "1:1:")
    kept.put(("a",), b"x" * 50, "2:2:")
    assert (kept.get(("a",)), kept.size) == (KeptAnswer(b"x" * 50, "2:2:"), entry(50))
    for none in (None, b"x" * 1001):
        kept.put(("a",), b"x", "3:3:")
        kept.put(("a",), none, "4:4:")
        assert (kept.get(("a",)), kept.size) == (None, 0)


def test_what_was_asked_takes_room_as_well() -> None:
    kept = KeptAnswers(2000, 1000)
    kept.put(("a" * 2000,), b"x", "1:1:")
    kept.put((("a",) * 100, 5), b"x", "1:1:")
    assert kept.size == 0
    kept.put((5, None, ("a", "b")), b"x", "1:1:")
    assert kept.size == ENTRY_BYTES + 5 * VALUE_BYTES + 3
