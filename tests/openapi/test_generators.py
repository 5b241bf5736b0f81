"""Clients that generators make of the documents: they compile, and read what the server answers."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from openapi_python_client.strings import snake_case

from support.serving import Server, running_server

PROJECT = Path(__file__).parent / "typescript"
KINDS = ("core", "metadata")


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def save(server: Server, folder: Path) -> None:
    """Save both documents as files."""
    for kind in KINDS:
        request = urllib.request.Request(
            f"{server.url}/rest/open-api/{kind}", headers={"Authorization": f"Bearer {server.key}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            (folder / f"{kind}.json").write_bytes(answer.read())


@pytest.fixture
def server(database_url: str) -> Iterator[Server]:
    with running_server(database_url, demo=True) as server:
        yield server


@pytest.mark.skipif(shutil.which("npm") is None, reason="needs Node.js and npm, which this machine has not")
def test_the_documents_lint_and_their_typescript_compiles(server: Server, tmp_path: Path) -> None:
    folder = shutil.copytree(PROJECT, tmp_path / "typescript")
    save(server, folder)
    run(folder, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error")
    for kind in KINDS:
        run(folder, "npx", "redocly", "lint", f"{kind}.json", "--extends=recommended")
        run(folder, "npx", "openapi-typescript", f"{kind}.json", "-o", f"{kind}.ts")
    options = ("--strict", "--noEmit", "--module", "nodenext", "--target", "es2022")
    run(folder, "npx", "tsc", *options, "session.ts")


def generate(folder: Path, kind: str) -> str:
    """Make a Python client of a document and return its package's name; a part that is left out is a failure."""
    package = f"icosa_{kind}_client"
    (folder / "config.yaml").write_text("post_hooks: []\n")
    tool = str(Path(sys.executable).parent / "openapi-python-client")
    told = run(
        folder,
        tool,
        "generate",
        "--path",
        f"{kind}.json",
        "--config",
        "config.yaml",
        "--meta",
        "none",
        "--output-path",
        package,
        "--fail-on-warning",
    )
    assert "WARNING" not in told
    return package


def test_a_python_client_reads_live_answers(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(server, tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    core, metadata = (generate(tmp_path, kind) for kind in KINDS)
    of = importlib.import_module

    client = of(f"{core}.client").AuthenticatedClient(
        f"{server.url}/rest", token=server.key, raise_on_unexpected_status=True
    )
    lists = [
        (tag, operation["operationId"])
        for path, item in json.loads((tmp_path / "core.json").read_text())["paths"].items()
        if path.count("/") == 1
        for operation in [item["get"]]
        for tag in operation["tags"]
    ]
    assert len(lists) > 25
    rows = 0
    for (tag, operation), depth in product(lists, (0, 1)):
        module = of(f"{core}.api.{snake_case(tag)}.{snake_case(operation)}")
        answer = module.sync_detailed(client=client, limit=20, depth=depth)
        read, sent = answer.parsed.data.to_dict()[tag], json.loads(answer.content)["data"][tag]
        assert [each["id"] for each in read] == [each["id"] for each in sent]
        rows += len(read)
    assert rows > 100

    models = of(f"{core}.models")
    body = models.Company(name="Acme", domain_name=models.LinksInput(primary_link_url="https://gen.example.com"))
    made = of(f"{core}.api.companies.create_one_company").sync(client=client, body=body)
    assert made.data.create_company.domain_name.primary_link_url == "https://gen.example.com"
    assert made.data.create_company.deleted_at is None

    client = of(f"{metadata}.client").AuthenticatedClient(
        f"{server.url}/rest/metadata", token=server.key, raise_on_unexpected_status=True
    )
    objects = of(f"{metadata}.api.objects.find_many_objects").sync(client=client)
    assert {"company", "person"} <= {each.name_singular for each in objects.data.objects}
    assert of(f"{metadata}.api.views.find_many_views").sync(client=client)[0].view_fields
