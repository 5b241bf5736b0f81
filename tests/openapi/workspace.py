"""A workspace for generators: sample data, and objects and fields that are called like words of programming languages.

`type` and `object` are no such names, since they are reserved (`metadata.md` section 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from support.serving import Server

KINDS = ("core", "metadata")
OBJECTS = {
    "order": "orders",
    "class": "classes",
    "list1": "list1s",
    "import": "imports",
    "map": "maps",
    "self": "selves",
    "error": "errors",
}
FIELDS = (
    "class",
    "from",
    "import",
    "self",
    "list",
    "true",
    "int",
    "map",
    "func",
    "json",
    "schema",
    "copy",
    "default",
)
KIND_OPTIONS = ("CLASS", "NONE", "TRUE", "DEFAULT", "A1")
ORDER = {"name": "First", "kind": "CLASS", **{name: f"a {name}" for name in FIELDS}}


@dataclass(frozen=True)
class Workspace:
    """A running server with awkward names in its workspace.

    Attributes:
        url: the server's address.
        key: an API key with the Admin role.
    """

    url: str
    key: str

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"authorization": f"Bearer {self.key}"}, timeout=60)

    def save(self, folder: Path) -> None:
        """Save both documents as files."""
        with self.client() as client:
            for kind in KINDS:
                answer = client.get(f"/rest/open-api/{kind}").raise_for_status()
                (folder / f"{kind}.json").write_bytes(answer.content)


def with_awkward_names(server: Server) -> Workspace:
    """Put objects, fields and records into a server's workspace."""
    workspace = Workspace(server.url, server.key)
    with workspace.client() as client:

        def send(path: str, body: Any) -> Any:
            return client.post(path, json=body).raise_for_status().json()["data"]

        ids = {}
        for one, many in OBJECTS.items():
            names = {"nameSingular": one, "namePlural": many, "labelSingular": f"{one}.", "labelPlural": f"{many}."}
            ids[one] = send("/rest/metadata/objects", names)["createOneObject"]["id"]
        order = {"objectMetadataId": ids["order"]}
        for name in FIELDS:
            send("/rest/metadata/fields", {**order, "type": "TEXT", "name": name, "label": name})
        options = [{"value": value, "label": value, "position": place} for place, value in enumerate(KIND_OPTIONS)]
        send("/rest/metadata/fields", {**order, "type": "SELECT", "name": "kind", "label": "Kind", "options": options})
        other = {"type": "MANY_TO_ONE", "targetObjectMetadataId": ids["class"]}
        other |= {"targetFieldLabel": "Orders", "targetFieldIcon": "IconBox"}
        relation = {"type": "RELATION", "name": "else", "label": "Else"}
        send("/rest/metadata/fields", {**order, **relation, "relationCreationPayload": other})
        first = send("/rest/classes", {"name": "Third"})["createClass"]["id"]
        send("/rest/orders", {**ORDER, "elseId": first})
        for many in OBJECTS.values():
            send(f"/rest/{many}", {"name": many})
    return workspace
