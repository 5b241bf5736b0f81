"""Every page of the app, for the tests that look at all of them."""

from __future__ import annotations

import time
from typing import Any

import httpx

from support.serving import Server

PATIENCE_SECONDS = 60
OUTSIDE = ("/sign-in", "/reset-password", "/invite")
PLAYGROUNDS = tuple(
    f"/settings/playground/{api}/{schema}" for api in ("rest", "graphql") for schema in ("core", "metadata")
)


def inside(server: Server) -> dict[str, str]:
    """Return the pages behind the sign-in, name to path; records, keys and webhooks are those of the server."""
    client = httpx.Client(base_url=server.url, headers={"authorization": f"Bearer {server.key}"}, timeout=30)
    company = client.get("/rest/companies?limit=1").json()["data"]["companies"][0]["id"]
    key = client.get("/rest/metadata/apiKeys").json()[0]["id"]
    webhook = _webhook(client)
    return {
        "start": "/",
        "objects": "/objects",
        "records": "/objects/companies",
        "record": f"/objects/companies/{company}",
        "data-model": "/settings/data-model",
        "object": "/settings/data-model/companies",
        "api-webhooks": "/settings/api-webhooks",
        "new-key": "/settings/api-webhooks/apis/new",
        "key": f"/settings/api-webhooks/apis/{key}",
        "new-webhook": "/settings/api-webhooks/webhooks/new",
        "webhook": f"/settings/api-webhooks/webhooks/{webhook}",
        "delivery": f"/settings/api-webhooks/webhooks/{webhook}/deliveries/{_delivery(client, webhook)}",
        "requests": "/settings/requests",
        "members": "/settings/members",
        "roles": "/settings/roles",
        "about": "/settings/about",
        "not-found": "/settings/nothing-here",
    }


def _webhook(client: httpx.Client) -> Any:
    found = client.get("/rest/metadata/webhooks").json()
    if not found:
        wish = {"targetUrl": "https://example.com/icosa", "operations": ["company.*", "person.created"]}
        return client.post("/rest/metadata/webhooks", json=wish).json()["id"]
    return found[0]["id"]


def _delivery(client: httpx.Client, webhook: str) -> Any:
    """Return a delivery of a webhook; where there is none, somebody comes and goes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    path = f"/rest/metadata/webhooks/{webhook}/deliveries"
    while not (found := client.get(path).json()["data"]["webhookDeliveries"]):
        assert time.monotonic() < deadline, "nothing is delivered"
        person = client.post("/rest/people", json={"name": {"firstName": "Ada"}}).json()["data"]["createPerson"]["id"]
        client.delete(f"/rest/people/{person}")
        time.sleep(1)
    return found[0]["id"]
