"""GraphQL over HTTP: methods, bodies, documents, limits, persisted queries."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import Any

from support.house import Answer, House
from support.model import Model

COUNT = "{ companies(first: 1) { totalCount } }"


def ask(house: House, query: str, variables: Any = None, **options: Any) -> Answer:
    return house.ask("POST", "/graphql", {"query": query, "variables": variables or {}}, **options)


def code(answer: Answer) -> str:
    return str(answer.json["errors"][0]["extensions"]["code"])


def test_bodies_and_methods(house: House) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert house.ask("POST", "/graphql", raw=b"query=%7B__typename%7D", headers=form).json == {
        "data": {"__typename": "Query"}
    }
    for raw, headers, status in (
        (b'{"query": ', {}, 400),
        (b"", {"content-type": "application/json"}, 415),
        (b"query", {"content-type": "text/plain"}, 415),
        (b"[]", {}, 400),
        (b'{"variables": {}}', {}, 400),
        (b'{"query": "  "}', {}, 400),
        (b'{"query": 5}', {}, 400),
        (b'{"query": "{ __typename }", "variables": 5}', {}, 400),
        (b'{"query": "query A { __typename } query B { __typename }"}', {}, 400),
        (b'{"query": "query A { __typename }", "operationName": "B"}', {}, 400),
    ):
        answer = house.ask("POST", "/graphql", raw=raw, headers=headers)
        assert answer.status == status, (raw, answer.content)
        assert "errors" in answer.json or answer.json["statusCode"] == status
    assert house.ask("GET", "/graphql", parameters={"query": COUNT}).json["data"]["companies"] == {"totalCount": 0}
    assert house.ask("GET", "/graphql", parameters={"query": "mutation { createNote(data: {}) { id } }"}).status == 405
    assert house.ask("PUT", "/graphql", {"query": COUNT}).status == 405
    assert house.ask("POST", "/graphql/", {"query": COUNT}).status == 200


def test_documents_that_do_not_hold(house: House) -> None:
    asked = {"accept": "application/graphql-response+json"}
    for query, expected in (("{ companies(", "GRAPHQL_PARSE_FAILED"), ("{ companies }", "GRAPHQL_VALIDATION_FAILED")):
        plain, typed = ask(house, query), ask(house, query, headers=asked)
        assert (plain.status, code(plain), typed.status) == (200, expected, 400)
        assert plain.json["errors"][0]["locations"] and "data" not in plain.json
        assert typed.headers["content-type"].startswith("application/graphql-response+json")
    other = ask(house, "{ zebras { id } }", headers={"x-schema-version": "-1"})
    assert "mismatch" in other.json["errors"][0]["message"]
    again = ask(house, "subscription { x }")
    assert code(again) == "GRAPHQL_VALIDATION_FAILED"


def test_leniences_warn_and_strictness_refuses(house: House) -> None:
    house.make("companies", [{"name": "One"}])
    query = "query ($f: WrongInput) { companies(filter: $f) { edges { node { nam x: body { markdown } name } } } }"
    answer = ask(house, query, {"f": {"name": {"eq": "One"}}}).json
    assert answer["data"]["companies"]["edges"] == [{"node": {"nam": None, "x": None, "name": "One"}}]
    warnings = {each["unknown"]: each for each in answer["extensions"]["warnings"]}
    assert set(warnings) == {"nam", "body", "WrongInput"}
    assert warnings["nam"]["suggestion"] == "name" and warnings["nam"]["path"] == ["companies", "edges", "node", "nam"]
    assert warnings["nam"]["locations"] == [{"line": 1, "column": query.index("nam ") + 1}]
    strict = ask(house, query, headers={"x-graphql-strict": "true"})
    assert code(strict) == "GRAPHQL_VALIDATION_FAILED" and "data" not in strict.json
    # The same document asked again kindly still works: strictness is kept apart.
    assert "data" in ask(house, query).json


def test_errors_of_root_fields(house: House) -> None:
    house.make("companies", [{"name": "One"}])
    answer = ask(house, "{ good: companies { totalCount } bad: companies(first: -1) { totalCount } }").json
    assert answer["data"] == {"good": {"totalCount": 1}, "bad": None}
    (error,) = answer["errors"]
    assert error["path"] == ["bad"] and error["locations"] == [{"line": 1, "column": 34}]
    assert error["extensions"]["subCode"] == "INVALID_ARGS_FIRST" and "first" in error["message"]
    assert error["extensions"]["requestId"]
    half = ask(
        house, 'mutation { a: createNote(data: {title: 5}) { id } b: createNote(data: {title: "x"}) { title } }'
    ).json
    assert half["data"] == {"a": None, "b": {"title": "x"}} and half["errors"][0]["path"] == ["a"]
    missing = ask(house, "query ($f: CompanyFilterInput!) { company(filter: $f) { id } notes { totalCount } }").json
    assert missing["data"] == {"company": None, "notes": {"totalCount": 1}}
    assert missing["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_limits(house: House) -> None:
    house.quiet()
    ask(house, COUNT)
    deep = "id"
    for _ in range(3):
        deep = f"company {{ people {{ edges {{ node {{ {deep} }} }} }} }}"
    wide = "a: edges { node { noteTargets { edges { node { targetCompany { people { edges { node { id } } } } } } } } }"
    for query, sub_code in (
        (f"{{ people {{ edges {{ node {{ {deep} }} }} }} }}", "MAX_DEPTH_REACHED"),
        (f"{{ companies {{ edges {{ node {{ people(first: 3000) {{ {wide} }} }} }} }} }}", "TOO_COMPLEX_QUERY"),
        ("{ " + " ".join(f"a{n}: companies {{ totalCount }}" for n in range(21)) + " }", "INVALID_QUERY_INPUT"),
        ("{ companies { " + "totalCount " * 60 + "} }", "TOO_COMPLEX_QUERY"),
        ("{ companies { " + " ".join(f"a{n}: totalCount" for n in range(1200)) + "} }", "TOO_COMPLEX_QUERY"),
        ("{ companies { totalCount } } #" + "x" * 1_000_000, "TOO_COMPLEX_QUERY"),
    ):
        before = house.database.statements
        answer = ask(house, query)
        assert answer.json["errors"][0]["extensions"].get("subCode") == sub_code, answer.content[:300]
        assert house.database.statements == before
    for query in ("{ a " * 10_000 + "}" * 10_000, "{ companies(filter: " + "{not: " * 10_000 + "} }"):
        assert code(ask(house, query)) == "GRAPHQL_PARSE_FAILED"
    nested: Any = {}
    for _ in range(500):
        nested = {"not": nested}
    assert code(ask(house, "query ($f: CompanyFilterInput) { companies(filter: $f) { totalCount } }", {"f": nested}))


def test_persisted_queries(house: House) -> None:
    digest = hashlib.sha256(COUNT.encode()).hexdigest()
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": digest}}
    first = house.ask("POST", "/graphql", {"extensions": extensions})
    assert code(first) == "PERSISTED_QUERY_NOT_FOUND"
    assert house.ask("POST", "/graphql", {"query": COUNT, "extensions": extensions}).json["data"]
    assert house.ask("POST", "/graphql", {"extensions": extensions}).json["data"] == {"companies": {"totalCount": 0}}
    parameters = {"extensions": json.dumps(extensions)}
    assert house.ask("GET", "/graphql", parameters=parameters).json["data"]
    wrong = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}
    assert house.ask("POST", "/graphql", {"query": COUNT, "extensions": wrong}).status == 400


def test_what_was_read_before_is_checked_all_the_same(house: House) -> None:
    raw = json.dumps({"query": "{ companies { edges { node { name unknown } } } }"}).encode()
    post = partial(house.ask, "POST", "/graphql", raw=raw)
    json_type, plain = {"content-type": "application/json"}, {"content-type": "text/plain"}
    told = [post().json for _ in range(3)]
    assert told[0]["data"] == {"companies": {"edges": []}} and told[0]["extensions"]["warnings"]
    assert told == [told[0]] * 3
    assert post(headers=plain).status == 415
    assert post(key="nobody").status == post(key="nobody", headers=json_type).status == 401
    assert code(post(headers={"x-graphql-strict": "true"})) == "GRAPHQL_VALIDATION_FAILED"
    house.make("companies", [{"name": "One"}])
    assert post().json["data"] == {"companies": {"edges": [{"node": {"name": "One", "unknown": None}}]}}
    Model(house).create_field(Model(house).objects()["company"], "TEXT", "unknown")
    assert post().json == {"data": {"companies": {"edges": [{"node": {"name": "One", "unknown": ""}}]}}}


def test_only_what_is_prepared_is_held_in_memory(house: House) -> None:
    handler = house.application.records.graphql  # type: ignore[union-attr]
    ask(house, 'mutation { createCompany(data: {name: "One"}) { id } }')
    ask(house, "{ companies { edges { node { id } } }")
    assert not handler._known._kept
    ask(house, COUNT)
    assert [text.body for text in handler._known._kept] == [text.body for _, text in handler._api._prepared._kept]
    assert COUNT.encode() in next(iter(handler._known._kept)).body


def test_a_hash_finds_its_query_for_as_long_as_that_is_sent_along(house: House) -> None:
    digest = hashlib.sha256(COUNT.encode()).hexdigest()
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": digest}}
    both = ("POST", "/graphql", {"query": COUNT, "extensions": extensions})
    assert house.ask(*both).json["data"]
    persisted = house.application.records.graphql._persisted  # type: ignore[union-attr]
    persisted._kept.clear()
    assert house.ask(*both).json["data"]
    assert house.ask("POST", "/graphql", {"extensions": extensions}).json["data"]


def test_one_statement_for_each_root_field(house: House) -> None:
    house.quiet()
    company = house.make("companies", [{"name": "One"}, {"name": "Two"}])[0]
    house.make("people", [{"companyId": company["id"]}])
    fields = "id name people(first: 5) { totalCount edges { node { id } } }"
    for query, statements in (
        (f"{{ companies(first: 20) {{ totalCount edges {{ node {{ {fields} }} }} }} }}", 1),
        (f'{{ company(filter: {{name: {{eq: "One"}}}}) {{ {fields} }} people {{ totalCount }} }}', 2),
        ("{ companiesGroupBy(groupBy: [{name: true}]) { groupByDimensionValues edges { node { id } } } }", 1),
        (f'{{ companyDuplicates(ids: ["{company["id"]}"]) {{ totalCount }} }}', 1),
        ('{ search(searchInput: "one", limit: 5) { edges { node { label } } } }', 1),
        (f'mutation {{ updateCompany(id: "{company["id"]}", data: {{name: "1"}}) {{ {fields} }} }}', 1),
        (f"mutation {{ createCompanies(data: [{{}}, {{}}]) {{ {fields} }} }}", 1),
        ("{ __typename }", 0),
    ):
        for _ in range(2):
            before = house.database.statements
            assert "errors" not in ask(house, query).json, query
            assert house.database.statements - before == statements, query


def test_introspection_is_kept(house: House) -> None:
    query = "query ($n: String!) { __type(name: $n) { name kind } __schema { queryType { name } } }"
    for _ in range(2):
        answer = ask(house, query, {"n": "Company"}).json
        assert answer["data"] == {
            "__type": {"name": "Company", "kind": "OBJECT"},
            "__schema": {"queryType": {"name": "Query"}},
        }
    assert ask(house, query, {"n": "Nothing"}).json["data"]["__type"] is None


def test_a_role_sees_its_own_schema(house: House) -> None:
    house.make("people", [{"emails": {"primaryEmail": "secret@example.com"}}])
    hide = """
        insert into core.field_permission (role_id, object_id, field_id, can_read)
        select r.id, f.object_id, f.id, false
        from core.role r, core.field_metadata f join core.object_metadata o on o.id = f.object_id
        where r.label = 'Read only' and o.name_singular = 'person' and f.name = 'emails'
    """
    forbid = """
        insert into core.object_permission (role_id, object_id, can_read)
        select r.id, o.id, false from core.role r, core.object_metadata o
        where r.label = 'Read only' and o.name_singular = 'note'
    """
    house.run(house.database.execute(hide))
    house.run(house.database.execute(forbid))
    key = house.make_key("Read only")
    for query in (
        "{ people { edges { node { emails { primaryEmail } } } } }",
        "{ notes { totalCount } }",
        "{ noteTargets { edges { node { note { id } } } } }",
        'mutation { createNote(data: {title: "x"}) { id } }',
        'mutation { createPerson(data: {jobTitle: "x"}) { id } }',
    ):
        answer = ask(house, query, key=key)
        assert code(answer) == "FORBIDDEN", (query, answer.content)
        assert b"secret@" not in answer.content
    told = ask(house, '{ __type(name: "Person") { fields { name } } n: __type(name: "Note") { name } }', key=key).json
    names = {each["name"] for each in told["data"]["__type"]["fields"]}
    assert "jobTitle" in names and "emails" not in names and told["data"]["n"] is None
    for filtered in (
        "filter: {emails: {primaryEmail: {is: NOT_NULL}}}",
        "orderBy: [{emails: {primaryEmail: AscNullsLast}}]",
    ):
        assert code(ask(house, f"{{ people({filtered}) {{ totalCount }} }}", key=key)) == "FORBIDDEN"
    found = ask(house, '{ search(searchInput: "secret", limit: 5) { edges { node { label } } } }', key=key).json
    assert found["data"]["search"]["edges"] == []
