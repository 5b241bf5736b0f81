"""Clients that generators make of the documents: they compile, and read what the server answers."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path
from types import ModuleType

import pytest
from openapi_python_client.strings import snake_case

from openapi.workspace import FIELDS, KIND_OPTIONS, KINDS, ORDER, Workspace

HERE = Path(__file__).parent
TOOLS = Path(sys.executable).parent
GO_OPTIONS = "packageName=client,withGoMod=false,enumClassPrefix=true,disallowAdditionalPropertiesIfNotPresent=false"
ONLY_CODE = "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"
MICROS = 2_500_000_123_456


def run(folder: Path, *command: str, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]
    return done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("npm") is None, reason="needs Node.js and npm, which this machine has not")
def test_the_documents_lint_and_their_typescript_compiles(workspace: Workspace, tmp_path: Path) -> None:
    folder = shutil.copytree(HERE / "typescript", tmp_path / "typescript")
    workspace.save(folder)
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
    told = run(
        folder,
        str(TOOLS / "openapi-python-client"),
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


def test_a_python_client_reads_live_answers(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.save(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    core, metadata = (generate(tmp_path, kind) for kind in KINDS)
    of = importlib.import_module

    client = of(f"{core}.client").AuthenticatedClient(
        f"{workspace.url}/rest", token=workspace.key, raise_on_unexpected_status=True
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

    orders = of(f"{core}.api.orders.find_many_orders").sync(client=client, filter_="name[eq]:First").data.orders
    (first,) = [each.to_dict() for each in orders]
    assert {name: first[name] for name in ORDER} == ORDER
    history = of(f"{core}.api.companies.find_company_history").sync(made.data.create_company.id, client=client)
    assert [each.action.value for each in history.data.history] == ["created"]

    client = of(f"{metadata}.client").AuthenticatedClient(
        f"{workspace.url}/rest/metadata", token=workspace.key, raise_on_unexpected_status=True
    )
    objects = of(f"{metadata}.api.objects.find_many_objects").sync(client=client)
    assert {"company", "person"} <= {each.name_singular for each in objects.data.objects}
    assert of(f"{metadata}.api.views.find_many_views").sync(client=client)[0].view_fields


def models_of(folder: Path, kind: str) -> ModuleType:
    """Return the pydantic models that datamodel-code-generator makes of a document."""
    told = ("--input", f"{kind}.json", "--input-file-type", "openapi", "--output", f"{kind}_models.py")
    made = (
        "--output-model-type",
        "pydantic_v2.BaseModel",
        "--target-python-version",
        "3.11",
        "--formatters",
        "builtin",
    )
    run(folder, str(TOOLS / "datamodel-codegen"), *told, *made)
    found = importlib.util.spec_from_file_location(f"{kind}_models", folder / f"{kind}_models.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    # Its classes name one another in texts, which pydantic looks up here.
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    return module


def test_pydantic_models_read_live_answers(workspace: Workspace, tmp_path: Path) -> None:
    workspace.save(tmp_path)
    core, metadata = (models_of(tmp_path, kind) for kind in KINDS)
    documents = [json.loads((tmp_path / f"{kind}.json").read_text()) for kind in KINDS]
    classes = re.findall(r"^class (\w+)", (tmp_path / "core_models.py").read_text(), re.MULTILINE)
    # A number behind a name, which the generator gives to a part without one, is told by no document.
    assert not {name for name in classes if name[-1].isdigit()} - set(documents[0]["components"]["schemas"])
    rows = 0
    with workspace.client() as client:
        for path, item in documents[0]["paths"].items():
            if "/" in path[1:] and path != "/changes/feed":
                continue
            schema = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
            model = getattr(core, schema.rpartition("/")[2])
            for depth in (0, 1):
                answer = client.get(f"/rest{path}", params={"depth": depth, "limit": 50}).raise_for_status()
                read = model.model_validate_json(answer.content, strict=True)
                ((tag, sent),) = answer.json()["data"].items()
                assert len(getattr(read.data, tag)) == len(sent)
                rows += len(sent)
        assert rows > 100
        order = client.get("/rest/orders", params={"filter": "name[eq]:First", "depth": 1}).content
        (first,) = core.OrderListResponse.model_validate_json(order).data.orders
        assert first.model_dump(include={"name", *FIELDS}, by_alias=True, mode="json").items() <= ORDER.items()
        assert first.else_.name == "Third"
        for name in ("objects", "fields"):
            answer = client.get(f"/rest/metadata/{name}").content
            title = name.capitalize()[:-1]
            assert getattr(metadata, f"{title}ListResponse").model_validate_json(answer).data
    body = core.Order(name="Second", kind=KIND_OPTIONS[0], **{"class": "A"})
    assert body.model_dump(mode="json", by_alias=True, exclude_unset=True) == {
        "name": "Second",
        "kind": "CLASS",
        "class": "A",
    }


@pytest.mark.skipif(
    shutil.which("go") is None or shutil.which("java") is None,
    reason="needs Go and Java, which this machine has not: Debian's golang-go and default-jre-headless",
)
def test_a_go_client_compiles_and_reads_live_answers(workspace: Workspace, tmp_path: Path) -> None:
    folder = shutil.copytree(HERE / "go", tmp_path / "go")
    workspace.save(tmp_path)
    core = json.loads((tmp_path / "core.json").read_text())
    # What the server sends to others is no part of a client, and a fifth of the time to compile.
    del core["webhooks"]
    (folder / "core.json").write_text(json.dumps(core))
    asked = ("generate", "-i", "core.json", "-g", "go", "-o", "client", "--additional-properties", GO_OPTIONS)
    only = ("--global-property", ONLY_CODE)
    run(folder, str(TOOLS / "openapi-generator-cli"), *asked, *only, JAVA_OPTS="-XX:TieredStopAtLevel=1")
    run(folder, "go", "build", "-gcflags=-N -l", "-o", "session", ".", GOPROXY="off", GOFLAGS="-mod=mod")
    told = json.loads(run(folder, str(folder / "session"), ICOSA_URL=workspace.url, ICOSA_KEY=workspace.key))
    assert told.pop("lists") > 35
    assert told.pop("rows") > 200
    assert told == {
        "amount": MICROS,
        "kind": "CLASS",
        "else": "Third",
        "deleted": True,
        "actions": "deleted created ",
        "status": 404,
        "code": "RECORD_NOT_FOUND",
    }
