"""The sync client of `docs/sync.md`, as it is printed there, keeps a copy through restarts of its own and of the server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from support.serving import environment_of, running_server, serving

DOCUMENT = Path(__file__).parents[2] / "docs" / "sync.md"
MOST_LINES = 24


def ask(url: str, key: str, method: str, path: str, body: Any = None) -> Any:
    content = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}{path}", content, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def companies(url: str, key: str) -> dict[str, Any]:
    rows = ask(url, key, "GET", "/rest/companies?limit=200")["data"]["companies"]
    return {row["id"]: row["name"] for row in rows}


def test_the_client_keeps_a_copy(database_url: str, tmp_path: Path) -> None:
    found = re.search(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert found is not None
    assert len(found[1].splitlines()) <= MOST_LINES
    program, state = tmp_path / "sync.py", tmp_path / "sync.json"
    program.write_text(found[1])

    def sync(url: str, key: str) -> dict[str, Any]:
        told = {"ICOSA_URL": url, "ICOSA_KEY": key, "SYNC_STATE": str(state), "SYNC_ONCE": "1", "SYNC_WAIT": "1"}
        subprocess.run([sys.executable, program], env=os.environ | told, check=True, timeout=60)
        kept = json.loads(state.read_text())["companies"]
        return {key: row["name"] for key, row in kept.items()}

    with running_server(database_url) as server:
        first = [
            ask(server.url, server.key, "POST", "/rest/companies", {"name": name})["data"]["createCompany"]["id"]
            for name in ("One", "Two", "Three")
        ]
        assert sync(server.url, server.key) == companies(server.url, server.key)
    with serving(environment_of(database_url)) as url:
        ask(url, server.key, "PATCH", f"/rest/companies/{first[0]}", {"name": "Uno"})
        ask(url, server.key, "DELETE", f"/rest/companies/{first[1]}")
        ask(url, server.key, "POST", "/rest/companies", {"name": "Four"})
        copy = sync(url, server.key)
        assert copy == companies(url, server.key)
        assert sorted(copy.values()) == ["Four", "Three", "Uno"]
