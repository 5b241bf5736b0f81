"""What every document has around its paths (`openapi.md` sections 1 and 2)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cache
from importlib.resources import files

from icosa import __version__
from icosa.fields.json_schema import JsonSchema
from icosa.openapi.components import answer

SERVER = "\0server"
"""Stands for the server's address in a kept document; no catalog text holds a NUL character."""


class Kind(Enum):
    """The two documents."""

    CORE = "core"
    METADATA = "metadata"

    @property
    def route(self) -> str:
        """The document's own path."""
        return f"/open-api/{self.value}"


SERVERS: Mapping[Kind, str] = {Kind.CORE: "/rest", Kind.METADATA: "/rest/metadata"}
TITLES: Mapping[Kind, str] = {Kind.CORE: "Icosa API", Kind.METADATA: "Icosa Metadata API"}
SECURITY: JsonSchema = {
    "bearerAuth": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An API key or a session's token, pasted as it is.",
    }
}


@cache
def guide(kind: Kind) -> str:
    """Return the text that explains an API to people, in Markdown."""
    return files("icosa.openapi").joinpath("guides", f"{kind.value}.md").read_text(encoding="utf-8").strip()


def framed(kind: Kind, paths: JsonSchema, components: JsonSchema, **more: object) -> JsonSchema:
    """Return a whole document.

    Args:
        kind: which one.
        paths: by their text.
        components: schemas, parameters and responses.
        more: further keys, such as `tags`.
    """
    return {
        "openapi": "3.1.1",
        "info": {
            "title": TITLES[kind],
            "version": __version__,
            "summary": "The API of this workspace, as its data model and your role make it",
            "description": guide(kind),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": f"{SERVER}{SERVERS[kind]}"}],
        "externalDocs": {
            "description": "What a document of this form means",
            "url": "https://spec.openapis.org/oas/v3.1.1.html",
        },
        "security": [{"bearerAuth": []}],
        **more,
        "paths": paths,
        "components": {"securitySchemes": SECURITY, **components},
    }


def own_path(kind: Kind, refused: JsonSchema, **more: object) -> JsonSchema:
    """Return the path of the document itself, which stands below `/rest` whatever the server of the others is.

    Args:
        kind: which document.
        refused: the answers to a caller who gets none.
        more: further keys of the operation, such as `tags`.
    """
    operation = {
        **more,
        "summary": "This document",
        "operationId": "getOpenApiSchema",
        "responses": {"200": answer("The document", {"type": "object"}), **refused},
    }
    return {kind.route: {"servers": [{"url": f"{SERVER}{SERVERS[Kind.CORE]}"}], "get": operation}}


def base_document(kind: Kind) -> JsonSchema:
    """Return what is told without a token: where to ask, and with what."""
    return framed(kind, own_path(kind, {"401": {"description": "The token does not hold."}}), {})
