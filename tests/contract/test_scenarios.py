"""The contract's scenarios, played over HTTP on an empty workspace and on one that holds the demo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests_contract_runner import play

from support.serving import EMAIL, PASSWORD, running_server

HERE = Path(__file__).parent / "scenarios"
FOLDERS = ("rest-core", "graphql-core", "metadata", "auth", "field-reports")


def scenarios(folder: str) -> Iterator[dict[str, Any]]:
    for file in sorted((HERE / folder).glob("*.yaml")):
        yield from (each for each in yaml.safe_load_all(file.read_text()) if each)


@pytest.mark.parametrize("demo", [False, True], ids=["empty", "demo"])
def test_scenarios(database_url: str, demo: bool) -> None:
    with running_server(database_url, demo=demo) as server:
        chosen = [each for folder in FOLDERS for each in scenarios(folder)]
        given = {"email": EMAIL, "password": PASSWORD}
        problems = {}
        for scenario in chosen:
            outcome, problem = play(scenario, server.url, server.key, given, 30, False)
            if outcome != "passed":
                problems[scenario["id"]] = problem
    assert len(chosen) > 430
    assert problems == {}
