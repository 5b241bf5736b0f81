"""Two workspaces on one server: with a token of one, the other's ids are as unknown as any (`auth.md` section 5)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from icosa.access.workspaces import Person
from icosa.founding.workspaces import found_workspace
from icosa.metadata.rest_routes import ROUTES
from icosa.metadata.schema import make_schema
from support.accounts import refusal, sign_in
from support.documents import documents
from support.house import Answer, House, open_house
from support.serving import PASSWORD

UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
BORDERING = (
    "object_metadata",
    "field_metadata",
    "view",
    "role",
    "api_key",
    "webhook",
    "user_workspace",
    "invitation",
)


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url, host="127.0.0.1", is_multiworkspace_enabled=True) as house:
        yield house


class Neighbour:
    """Another workspace with something of everything in it."""

    def __init__(self, house: House) -> None:
        self.house = house
        person = Person("neighbour@example.com", PASSWORD, "Nela", "Borza")
        founded = house.run(found_workspace(house.database, "Next door", person, legacy_fields=True, several=True))
        self.workspace_id = founded.workspace_id
        self.schema = founded.catalog.schema
        own, house.workspace_id = house.workspace_id, founded.workspace_id
        self.key = house.make_key()
        house.workspace_id = own
        company = house.ask("POST", "/rest/companies", {"name": "Secretive"}, key=self.key).json["data"][
            "createCompany"
        ]
        house.ask("POST", "/rest/people", {"name": {"lastName": "Hush"}, "companyId": company["id"]}, key=self.key)
        hook = {"targetUrl": "https://hush.example.com/", "operations": ["*.*"]}
        house.ask("POST", "/rest/metadata/webhooks", hook, key=self.key)
        house.run(
            house.database.execute(
                "insert into core.invitation (workspace_id, email, token_hash, expires_at) "
                "values ($1, 'hush@example.com', '\\x00', now() + interval '1 day')",
                self.workspace_id,
            )
        )
        self.ids = {"company": UUID(company["id"]), "member": founded.member_id, "workspace": self.workspace_id}
        for table in BORDERING:
            found = house.run(
                house.database.fetch_value(
                    f"select id from core.{table} where workspace_id = $1 order by id limit 1", self.workspace_id
                )
            )
            assert found is not None, table
            self.ids[table] = found

    def everything(self) -> list[str]:
        """Return all rows of the workspace."""
        tables = [f'{self.schema}."company"', f'{self.schema}."person"', f"{self.schema}.event"]
        rows: list[str] = []
        for table in tables:
            # The server itself notes, a moment later, that it has written timelines.
            told = " where action <> 'touched'" if table.endswith(".event") else ""
            found = self.house.run(self.house.database.fetch_all(f"select t::text from {table} t{told}"))
            rows += [row[0] for row in found]
        for table in (*BORDERING, "view_part"):
            statement = f"select t::text from core.{table} t where workspace_id = $1"
            if table == "api_key":
                statement = (
                    "select (id, name, role_id, expires_at, revoked_at)::text from core.api_key where workspace_id = $1"
                )
            if table == "view_part":
                statement = "select t::text from core.view_part t join core.view v on v.id = t.view_id where v.workspace_id = $1"
            rows += [row[0] for row in self.house.run(self.house.database.fetch_all(statement, self.workspace_id))]
        return sorted(rows)


def plain(answer: Answer) -> tuple[int, str]:
    """Return an answer without ids and moments, which differ by themselves."""
    text = UUIDS.sub("<id>", answer.content.decode())
    text = re.sub(r'"requestId":"\w+"', "", text)
    return answer.status, re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "<moment>", text)


def rest_requests(identifier: str) -> Iterator[tuple[str, str, Any]]:
    for plural in ("companies", "people", "workspaceMembers"):
        yield "GET", f"/rest/{plural}/{identifier}", None
        yield "GET", f"/rest/{plural}/{identifier}?depth=1", None
        yield "GET", f"/rest/{plural}?filter=id[eq]:{identifier}", None
        yield "PATCH", f"/rest/{plural}/{identifier}", {}
        yield "DELETE", f"/rest/{plural}/{identifier}", None
        yield "DELETE", f"/rest/{plural}/{identifier}?soft_delete=true", None
        yield "PATCH", f"/rest/restore/{plural}/{identifier}", None
    yield "GET", f"/rest/people?filter=company.id[eq]:{identifier}", None
    yield "GET", f'/rest/companies/groupBy?group_by=[{{"name":true}}]&viewId={identifier}', None
    yield "PATCH", f"/rest/companies?filter=id[eq]:{identifier}", {"name": "Taken over"}
    yield "DELETE", f"/rest/companies?filter=id[eq]:{identifier}", None
    yield "POST", "/rest/companies/duplicates", {"ids": [identifier]}
    yield "PATCH", "/rest/companies/merge", {"ids": [identifier, str(uuid4())], "conflictPriorityIndex": 0}
    yield "POST", "/rest/people", {"companyId": identifier}
    yield "POST", "/rest/people", {"company": {"connect": {"where": {"id": identifier}}}}
    yield "POST", "/rest/notes", {"position": 1, "createdBy": {"source": "MANUAL", "workspaceMemberId": identifier}}
    for route in ROUTES:
        if "{id}" in route.path or "{name}" in route.path:
            path = "/".join(identifier if part.startswith("{") else part for part in route.path)
            for method in sorted(route.methods):
                yield method, f"/rest/metadata/{path}", {} if method in {"POST", "PATCH", "PUT"} else None
    for parameter in ("viewId", "objectMetadataId", "object"):
        for listed in ("views", "viewFields", "viewFilters", "picklists"):
            yield "GET", f"/rest/metadata/{listed}?{parameter}={identifier}", None
    field = {"type": "TEXT", "name": "spy", "label": "Spy", "objectMetadataId": identifier}
    yield "POST", "/rest/metadata/fields", field
    yield "POST", "/rest/metadata/views", {"name": "Spy", "objectMetadataId": identifier, "icon": "IconEye"}
    yield "POST", "/rest/metadata/viewFields", {"viewId": identifier, "fieldMetadataId": identifier, "position": 0}


def test_over_rest_a_neighbours_ids_are_unknown(house: House) -> None:
    neighbour = Neighbour(house)
    before = neighbour.everything()
    unknown = str(uuid4())
    problems = []
    for kind, identifier in neighbour.ids.items():
        pairs = zip(rest_requests(str(identifier)), rest_requests(unknown), strict=True)
        for (method, path, body), (_, other, other_body) in pairs:
            theirs, nobodys = house.ask(method, path, body), house.ask(method, other, other_body)
            # What was made by the first of the two would clash with the second.
            house.run(house.database.execute("delete from core.sign_in_failure"))
            if plain(theirs) != plain(nobodys) or theirs.status >= 500:
                problems.append((kind, method, path, theirs.content[:200], nobodys.content[:200]))
    assert problems == []
    assert neighbour.everything() == before


def filled(value: Any, identifier: str) -> Any:
    if isinstance(value, dict):
        return {name: filled(each, identifier) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, identifier) for each in value]
    return identifier if isinstance(value, str) and (UUIDS.fullmatch(value) or value == "x" * 10) else value


def test_over_graphql_a_neighbours_ids_are_unknown(house: House) -> None:
    neighbour = Neighbour(house)
    before = neighbour.everything()
    session = sign_in(house)
    problems = []
    skipped = {"changePassword", "signUpInNewWorkspace", "signUp", "createOneRole"}
    for name, (document, variables) in documents(make_schema()).items():
        if name in skipped or not variables:
            continue
        for kind, identifier in neighbour.ids.items():
            answers = [
                house.ask(
                    "POST",
                    "/metadata",
                    {"query": document, "variables": filled(variables, each)},
                    key=session.access,
                )
                for each in (str(identifier), str(uuid4()))
            ]
            house.run(house.database.execute("delete from core.sign_in_failure"))
            if plain(answers[0]) != plain(answers[1]) or answers[0].status >= 500:
                problems.append((name, kind, answers[0].content[:200], answers[1].content[:200]))
    core = [
        "query ($id: UUID!) { company(filter: {id: {eq: $id}}) { name } }",
        "query ($id: UUID!) { companies(filter: {id: {eq: $id}}) { totalCount edges { node { name } } } }",
        "query ($id: UUID!) { people(filter: {companyId: {eq: $id}}) { totalCount } }",
        'mutation ($id: UUID!) { updateCompany(id: $id, data: {name: "Taken over"}) { name } }',
        "mutation ($id: UUID!) { deleteCompany(id: $id) { name } }",
        "mutation ($id: UUID!) { destroyCompany(id: $id) { name } }",
        "mutation ($id: UUID!) { restoreCompany(id: $id) { name } }",
        "mutation ($id: UUID!) { createPerson(data: {companyId: $id}) { company { name } } }",
    ]
    for document in core:
        for kind, identifier in neighbour.ids.items():
            answers = [
                house.ask("POST", "/graphql", {"query": document, "variables": {"id": str(each)}})
                for each in (identifier, uuid4())
            ]
            if plain(answers[0]) != plain(answers[1]):
                problems.append((document, kind, answers[0].content[:200], answers[1].content[:200]))
    assert problems == []
    assert neighbour.everything() == before


def test_lists_searches_and_documents_hold_ones_own_only(house: House) -> None:
    neighbour = Neighbour(house)
    theirs = {str(each) for each in neighbour.ids.values()}
    session = sign_in(house)
    for path in (
        "companies",
        "people",
        "workspaceMembers",
        "metadata/objects",
        "metadata/fields",
        "metadata/views",
        "metadata/apiKeys",
        "metadata/webhooks",
        "metadata/picklists",
        "open-api/core",
        "open-api/metadata",
    ):
        answer = house.ask("GET", f"/rest/{path}", key=session.access)
        text = answer.content.decode()
        assert answer.status == 200 and not theirs & set(UUIDS.findall(text)), path
        assert "ecretive" not in text and "hush" not in text.lower(), path
    search = '{ search(searchInput: "Secretive", limit: 10) { edges { node { recordId } } } }'
    assert json.loads(house.ask("POST", "/graphql", {"query": search}).content)["data"]["search"]["edges"] == []
    for document in (
        "{ apiKeys { id } }",
        "{ webhooks { id } }",
        "{ getRoles { id } }",
        "{ findWorkspaceInvitations { id } }",
    ):
        assert not theirs & set(UUIDS.findall(str(house.operate(document, bearer=session.access)))), document


def test_a_person_of_another_workspace_gets_no_token_for_this_one(house: House) -> None:
    Neighbour(house)
    other = sign_in(house, "neighbour@example.com")
    own = house.operate("{ currentWorkspace { displayName } }", bearer=other.access)["data"]["currentWorkspace"]
    assert own["displayName"] == "Next door"
    answer = house.operate('mutation { renewToken(appToken: "x") { tokens { refreshToken { token } } } }')
    assert refusal(answer)[0] == "UNAUTHENTICATED"
