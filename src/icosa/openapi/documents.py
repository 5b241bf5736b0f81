"""The documents as bytes: made once for each view of the model, and told to each caller with its own server's address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from weakref import WeakKeyDictionary

import orjson
import xxhash

from icosa.catalog.model import Catalog
from icosa.fields.json_schema import JsonSchema
from icosa.openapi.core import core_document
from icosa.openapi.frame import SERVER, Kind, base_document
from icosa.openapi.metadata import Rights, metadata_document

PLACE = orjson.dumps(SERVER)[1:-1]


class Documents:
    """Makes documents and keeps them for as long as what they were made of lasts."""

    def __init__(self) -> None:
        # A change of the model or of a role makes another view, with which the documents of the old one go.
        self._core: WeakKeyDictionary[Catalog, dict[bool, bytes]] = WeakKeyDictionary()
        self._metadata: dict[Rights, bytes] = {}
        self._base = {kind: orjson.dumps(base_document(kind)) for kind in Kind}

    def base(self, kind: Kind, server: str) -> bytes:
        """Return what is told without a token."""
        return at(self._base[kind], server)

    async def core(self, view: Catalog, *, by_person: bool, server: str) -> bytes:
        """Return the document of records.

        Args:
            view: what the caller's role may see.
            by_person: whether a signed-in person asks, not a key.
            server: the address that the routes stand below.
        """
        kept = self._core.setdefault(view, {})
        found = kept.get(by_person)
        if found is None:
            # It takes long enough to keep other requests waiting.
            found = await asyncio.to_thread(made, lambda: core_document(view, by_person=by_person))
            kept[by_person] = found
        return at(found, server)

    def metadata(self, rights: Rights, server: str) -> bytes:
        """Return the document of definitions, for a caller with these rights."""
        found = self._metadata.get(rights)
        if found is None:
            found = self._metadata[rights] = made(lambda: metadata_document(rights))
        return at(found, server)


def made(make: Callable[[], JsonSchema]) -> bytes:
    """Return a document as JSON, its server's address still open."""
    return orjson.dumps(make())


def at(document: bytes, server: str) -> bytes:
    """Return a document with its server's address put in."""
    return document.replace(PLACE, orjson.dumps(server)[1:-1])


def etag(content: bytes) -> bytes:
    """Return the strong entity tag of a body."""
    return b'"%s"' % xxhash.xxh3_128_hexdigest(content).encode()
