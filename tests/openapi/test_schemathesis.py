"""Random requests made from the documents never fail the server and never get an answer that they do not tell of."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from support.serving import Server, running_server

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = int(os.environ.get("ICOSA_OPENAPI_EXAMPLES", "3"))
CORE = ("companies", "people", "opportunities", "noteTargets", "workspaceMembers", "Change feed")
ENDLESS = "streamChangeFeed"


@pytest.fixture
def server(database_url: str) -> Iterator[Server]:
    with running_server(database_url, demo=True) as server:
        yield server


def tried(server: Server, kind: str, tags: tuple[str, ...] | None) -> int:
    """Send random requests to the operations of some tags and return to how many operations."""
    headers = {"Authorization": f"Bearer {server.key}"}
    schema = schemathesis.openapi.from_url(f"{server.url}/rest/open-api/{kind}", headers=headers)
    chosen = schema if tags is None else schema.include(tag=list(tags)).exclude(operation_id=ENDLESS)
    count = 0
    for result in chosen.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def asks(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        asks()
        count += 1
    return count


def test_random_requests_about_records(server: Server) -> None:
    assert tried(server, "core", CORE) > 40


def test_random_requests_about_definitions(server: Server) -> None:
    assert tried(server, "metadata", None) > 40
