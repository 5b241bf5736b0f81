"""Every answer of the Metadata API over REST fits its document: bare arrays, wrapped definitions, `true`."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from icosa.access.feature_flags import DIRECT_FORMAT, set_feature_flag
from icosa.modeling.view_rules import PARTS
from support.house import House
from support.openapi import Judge
from support.serving import EMAIL, PASSWORD

UNKNOWN = "5a0b5f0e-3c1d-4f7a-9d57-0f5f6b1f2c3d"
NAMES = {"nameSingular": "rocket", "namePlural": "rockets", "labelSingular": "Rocket", "labelPlural": "Rockets"}
OPTIONS = [{"value": value, "label": value, "position": place} for place, value in enumerate(("ONE", "TWO"))]


@pytest.fixture
def judge(house: House) -> Judge:
    return Judge(house, "metadata", "/rest/metadata")


def wanted(judge: Judge, *paths: str) -> set[str]:
    """Return the ids of all operations below some paths."""
    return {
        operation["operationId"] for path, _, operation in judge.document.operations() if path.split("/")[1] in paths
    }


def done(judge: Judge) -> set[str]:
    return {operation for _, operation in judge.asked}


def test_objects_and_fields(judge: Judge) -> None:
    judge("GET", "/objects")
    judge("GET", "/objects", limit=1)
    judge("GET", "/objects", limit=0)
    judge("GET", "/fields")
    rocket = judge("POST", "/objects", {**NAMES, "icon": "IconRocket"}, 201)["data"]["createOneObject"]["id"]
    judge("GET", f"/objects/{rocket}")
    judge("GET", "/objects/rockets")
    judge("PATCH", f"/objects/{rocket}", {"description": "Flies", "color": "red"})
    company = judge("GET", "/objects/company")["data"]["object"]["id"]
    payload = {
        "type": "MANY_TO_ONE",
        "targetObjectMetadataId": company,
        "targetFieldLabel": "R",
        "targetFieldIcon": "I",
    }
    bodies: list[dict[str, Any]] = [
        {"type": "TEXT", "name": "motto", "defaultValue": "'up'"},
        {"type": "SELECT", "name": "stage", "options": OPTIONS},
        {"type": "RATING", "name": "stars"},
        {"type": "CURRENCY", "name": "price"},
        {"type": "RELATION", "name": "maker", "relationCreationPayload": payload},
        {
            "type": "MORPH_RELATION",
            "name": "about",
            "morphRelationsCreationPayload": [{**payload, "targetFieldLabel": "S"}],
        },
    ]
    for body in bodies:
        sent = {"objectMetadataId": rocket, "label": body["name"], **body}
        assert judge.document.problems({"$ref": "#/components/schemas/Field"}, sent) == []
        made = judge("POST", "/fields", sent, 201)["data"]["createOneField"]
        judge("GET", f"/fields/{made['id']}")
        judge("PATCH", f"/fields/{made['id']}", {"label": f"{body['name']} 2"})
    judge("GET", "/picklists")
    judge("GET", "/picklists", object="rocket", type="SELECT")
    judge("GET", "/picklists/rocket")
    judge("GET", "/picklists/rocket/stage")
    judge("DELETE", f"/fields/{made['id']}")
    judge("DELETE", f"/objects/{rocket}")
    assert wanted(judge, "objects", "fields", "picklists") <= done(judge)


def test_webhooks(judge: Judge) -> None:
    made = judge("POST", "/webhooks", {"targetUrl": "https://example.com/hook"}, 201)
    judge("POST", "/webhooks", {"targetUrl": "https://b.org", "operations": ["*.*"], "description": "B"}, 201)
    assert len(judge("GET", "/webhooks")) == 2
    judge("GET", f"/webhooks/{made['id']}")
    judge("PATCH", f"/webhooks/{made['id']}", {"description": "Other", "secret": ""})
    assert judge("DELETE", f"/webhooks/{made['id']}") is True
    judge("GET", f"/webhooks/{made['id']}", status=404)
    judge("POST", "/webhooks", {"targetUrl": "nowhere"}, 400)
    assert wanted(judge, "webhooks") <= done(judge)


def switch_direct_format(house: House, *, value: bool) -> None:
    """Set the switch and wait for the server to hear of it."""
    house.run(set_feature_flag(house.database, house.workspace_id, DIRECT_FORMAT, value=value))
    for _ in range(500):
        if isinstance(house.ask("GET", "/rest/metadata/objects").json["data"], list) is value:
            return
        house.run(asyncio.sleep(0.01))
    raise AssertionError(f"the direct format is still {'off' if value else 'on'}")


def test_the_direct_format(house: House) -> None:
    """A workspace's switch takes `data` from around objects, fields and picklists, and the document says so."""
    switch_direct_format(house, value=True)
    flags = "{ currentWorkspace { featureFlags { key value } } }"
    told = house.ask("POST", "/metadata", {"query": flags}).json["data"]["currentWorkspace"]["featureFlags"]
    assert told == [{"key": DIRECT_FORMAT, "value": True}]
    judge = Judge(house, "metadata", "/rest/metadata")
    page = judge("GET", "/objects", limit=2)
    assert [set(page), len(page["data"])] == [{"data", "pageInfo", "totalCount"}, 2]
    rocket = judge("POST", "/objects", {**NAMES, "icon": "IconRocket"}, 201)
    assert judge("GET", "/objects/rockets")["id"] == rocket["id"]
    assert judge("PATCH", f"/objects/{rocket['id']}", {"color": "red"})["color"] == "red"
    given = {"objectMetadataId": rocket["id"], "type": "SELECT", "name": "stage", "label": "Stage", "options": OPTIONS}
    field = judge("POST", "/fields", given, 201)["id"]
    assert judge("GET", f"/fields/{field}")["name"] == "stage"
    assert judge("GET", "/fields")["data"][0]["id"]
    assert judge("PATCH", f"/fields/{field}", {"label": "Step"})["label"] == "Step"
    assert judge("GET", "/picklists/rockets")["data"][0]["id"] == field
    assert judge("GET", "/picklists/rockets/stage")["label"] == "Step"
    assert judge("GET", "/views")[0]["id"]
    assert judge("DELETE", f"/fields/{field}")["id"] == field
    assert judge("DELETE", f"/objects/{rocket['id']}")["id"] == rocket["id"]
    judge("GET", f"/objects/{rocket['id']}", status=404)
    assert wanted(judge, "objects", "fields") <= done(judge)
    switch_direct_format(house, value=False)
    assert house.ask("GET", "/rest/metadata/objects").json["data"]["objects"]


def test_views_and_their_parts(judge: Judge) -> None:
    task = judge("GET", "/objects/task")["data"]["object"]
    fields = {each["name"]: each["id"] for each in task["fields"]}
    board = {"name": "Board", "objectMetadataId": task["id"], "icon": "IconBox"}
    grouped = {**board, "type": "KANBAN", "mainGroupByFieldMetadataId": fields["status"]}
    view = judge("POST", "/views", grouped, 201)["id"]
    assert judge("GET", "/views", objectMetadataId=task["id"])
    parts: dict[str, dict[str, Any]] = {
        "viewField": {"fieldMetadataId": fields["title"]},
        "viewFilter": {"fieldMetadataId": fields["title"], "value": "x"},
        "viewFilterGroup": {},
        "viewSort": {"fieldMetadataId": fields["title"], "direction": "DESC"},
        "viewGroup": {"fieldValue": "DONE"},
        "viewFieldGroup": {"name": "G"},
    }
    assert set(parts) == set(PARTS)
    ids = {}
    for name, body in parts.items():
        ids[name] = judge("POST", f"/{name}s", {"viewId": view, **body}, 201)["id"]
    judge("GET", f"/views/{view}")
    for name, part_id in ids.items():
        assert judge("GET", f"/{name}s", viewId=view)
        judge("GET", f"/{name}s")
        judge("GET", f"/{name}s/{part_id}")
        judge("PATCH", f"/{name}s/{part_id}", {})
        if name != "viewField":
            assert judge("DELETE", f"/{name}s/{part_id}") == {"success": True}
    judge("DELETE", f"/viewFields/{UNKNOWN}", status=404)
    judge("PATCH", f"/views/{view}", {"name": "Table", "type": "TABLE"})
    assert judge("DELETE", f"/views/{view}") == {"success": True}
    missing = wanted(judge, "views", *(f"{name}s" for name in PARTS)) - done(judge)
    assert missing <= {"deleteOneViewField"}


def session_token(house: House) -> str:
    login = house.ask(
        "POST",
        "/metadata",
        {
            "query": "mutation ($e: String!, $p: String!, $o: String!) { getLoginTokenFromCredentials("
            "email: $e, password: $p, origin: $o) { loginToken { token } } }",
            "variables": {"e": EMAIL, "p": PASSWORD, "o": "http://localhost"},
        },
    ).json["data"]["getLoginTokenFromCredentials"]["loginToken"]["token"]
    pair = house.ask(
        "POST",
        "/metadata",
        {
            "query": "mutation ($t: String!, $o: String!) { getAuthTokensFromLoginToken(loginToken: $t, origin: $o) "
            "{ tokens { accessOrWorkspaceAgnosticToken { token } } } }",
            "variables": {"t": login, "o": "http://localhost"},
        },
    ).json["data"]["getAuthTokensFromLoginToken"]
    return str(pair["tokens"]["accessOrWorkspaceAgnosticToken"]["token"])


def test_keys_are_made_by_people(house: House, judge: Judge) -> None:
    role = house.run(house.database.fetch_value("select id::text from core.role where label = 'Admin'"))
    body = {"name": "Other", "expiresAt": "2040-01-01T00:00:00.000Z", "roleId": role}
    assert judge("GET", "/apiKeys")
    judge("POST", "/apiKeys", body, 403)
    house.key = session_token(house)
    made = judge("POST", "/apiKeys", body, 201)["id"]
    judge("GET", f"/apiKeys/{made}")
    judge("PATCH", f"/apiKeys/{made}", {"name": "Renamed"})
    judge("DELETE", f"/apiKeys/{made}")
    judge("DELETE", f"/apiKeys/{UNKNOWN}", status=404)
    assert wanted(judge, "apiKeys") <= done(judge)
    # A person may write what a key may not.
    paths = house.ask("GET", "/rest/open-api/core").json["paths"]
    assert set(paths["/blocklists"]) == {"get", "post", "delete"}
    assert "patch" in paths["/blocklists/{id}"]
