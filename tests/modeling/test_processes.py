"""Several processes over one model: they see each other's changes, and one that is killed leaves the old or the new model."""

from __future__ import annotations

import asyncio
import json
import signal
import threading
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any

from icosa.doctor.check import examine
from icosa.store.database import Database
from support.house import House, existing_house
from support.model import Model
from support.serving import Server, running_server, serving, start

CREATE = "mutation ($input: CreateOneObjectInput!) { createOneObject(input: $input) { id } }"


def ask(url: str, key: str, path: str, body: Any = None) -> Any:
    request = urllib.request.Request(url + path, headers={"Authorization": f"Bearer {key}"})
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        return json.load(refused)


def object_given(number: int) -> dict[str, str]:
    name = f"thing{number}"
    return {"nameSingular": name, "namePlural": f"{name}s", "labelSingular": name, "labelPlural": f"{name}s"}


def until_served(url: str, key: str, path: str, served: bool) -> None:
    """Wait for a route to come or to go, a second at the most: the notice takes a few milliseconds."""
    for _ in range(100):
        if ("data" in ask(url, key, path)) is served:
            return
        time.sleep(0.01)
    raise AssertionError(path)


def test_two_servers_see_each_others_changes(database_url: str) -> None:
    with running_server(database_url) as one, serving(one.environment) as other:
        for number in range(3):
            until_served(other, one.key, f"/rest/thing{number}s", served=False)
            given = {"input": {"object": object_given(number)}}
            made = ask(one.url, one.key, "/metadata", {"query": CREATE, "variables": given})["data"]["createOneObject"]
            until_served(other, one.key, f"/rest/thing{number}s", served=True)
            query = {"query": f'mutation {{ createThing{number}(data: {{name: "a"}}) {{ name }} }}'}
            assert ask(other, one.key, "/graphql", query)["data"] == {f"createThing{number}": {"name": "a"}}
            ask(
                other,
                one.key,
                "/metadata",
                {"query": f'mutation {{ deleteOneObject(input: {{id: "{made["id"]}"}}) {{ id }} }}'},
            )
            until_served(one.url, one.key, f"/rest/thing{number}s", served=False)


def test_a_process_that_missed_a_change_asks_again(house: House, model: Model, database_url: str) -> None:
    barn = model.create_object("barn", "barns")
    field = model.create_field(barn, "TEXT", "colour")
    house.make("barns", [{"name": "a", "colour": "red"}])
    with existing_house(database_url, house.key) as deaf:
        query = {"query": "{ barns { edges { node { name } } } companies { totalCount } }"}
        assert "colour" in deaf.ask("GET", "/rest/barns").json["data"]["barns"][0]
        assert deaf.ask("POST", "/graphql", query).json["data"]["barns"]["edges"] == [{"node": {"name": "a"}}]
        listening = deaf.database._listening
        assert listening is not None
        listening.cancel()
        model.delete_field(field["id"])
        assert "colour" not in deaf.ask("GET", "/rest/barns").json["data"]["barns"][0]
        model.create_field(barn, "TEXT", "colour")
        model.update_object(barn["id"], nameSingular="stable", namePlural="stables")
        house.run(house.database.execute("SELECT 1"))
        written = deaf.ask("POST", "/rest/barns", {"name": "b"})
        assert written.status == 201, written.content
        model.delete_object(barn["id"])
        assert deaf.ask("POST", "/rest/barns", {"name": "c"}).status == 400
        answer = deaf.ask("POST", "/graphql", query).json
        assert [each["extensions"]["code"] for each in answer["errors"]] == ["GRAPHQL_VALIDATION_FAILED"]
        # Closing must not wait for the listener that this test has stopped.
        deaf.database._listening = None


def changing(server: Server, url: str, first: int, started: threading.Event) -> None:
    """Send changes until the server is gone."""
    number = first
    try:
        while True:
            ask(
                url,
                server.key,
                "/metadata",
                {"query": CREATE, "variables": {"input": {"object": object_given(number)}}},
            )
            number += 1
            if number == first + 2:
                started.set()
    except (OSError, HTTPException):
        started.set()


async def differences(database_url: str) -> list[str]:
    database = await Database.connect(database_url, size=2)
    try:
        return await examine(database, await database.fetch_value("SELECT id FROM core.workspace"))
    finally:
        await database.close()


def test_a_killed_server_leaves_no_mix(database_url: str) -> None:
    with running_server(database_url) as server:
        for times in range(3):
            process, url, _ = start(server.environment)
            started = threading.Event()
            threads = [
                threading.Thread(target=changing, args=(server, url, 1000 * times + 100 * each, started))
                for each in range(3)
            ]
            for thread in threads:
                thread.start()
            started.wait()
            process.send_signal(signal.SIGKILL)
            process.wait()
            for thread in threads:
                thread.join()
            assert asyncio.run(differences(database_url)) == []
        # The other server goes on, and makes what the killed one did not.
        given = {"input": {"object": object_given(9999)}}
        assert "data" in ask(server.url, server.key, "/metadata", {"query": CREATE, "variables": given})
        assert asyncio.run(differences(database_url)) == []
