"""A caller's access to a workspace's records: who it is, the whole model, and the part of it that it may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from icosa.catalog.model import Catalog
from icosa.records.documents import Author


@dataclass(frozen=True, eq=False)
class Access:
    """What every use case on records is given.

    Attributes:
        full: the whole model, for what the server itself has to know.
        view: what the caller's role may read, with what it may write marked on it.
        author: the caller as `createdBy` and `updatedBy` tell it.
        by_person: whether a signed-in person calls, not a key.
        identity: ids of the caller for the event log.
        tools: the tools that the caller's role allows, such as `UPLOAD_FILE`.
    """

    full: Catalog
    view: Catalog
    author: Author
    by_person: bool
    identity: dict[str, Any]
    tools: Callable[[str], bool] = lambda _tool: True

    def may(self, tool: str) -> bool:
        """Return whether the caller's role allows a tool."""
        return self.tools(tool)

    @cached_property
    def actor_json(self) -> str:
        """The caller as event rows hold it."""
        return orjson.dumps({"source": self.author.source, "name": self.author.name, **self.identity}).decode()
