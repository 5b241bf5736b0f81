"""The documents as bytes: made once for each view of the model, and told to each caller with its own server's address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from weakref import WeakKeyDictionary

import orjson
import xxhash
import yaml

from icosa.catalog.model import Catalog
from icosa.fields.json_schema import JsonSchema
from icosa.openapi.core import core_document
from icosa.openapi.frame import SERVER, Kind, base_document
from icosa.openapi.metadata import Rights, metadata_document
from icosa.records.kept import Kept

MOST_YAML = 16
WIDTH = 120
# LibYAML's, ten times as quick, is missing from PyYAML where no wheel fits the machine.
Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
PLACE = orjson.dumps(SERVER)[1:-1]


class Documents:
    """Makes documents and keeps them for as long as what they were made of lasts."""

    def __init__(self) -> None:
        # A change of the model or of a role makes another view, with which the documents of the old one go.
        self._core: WeakKeyDictionary[Catalog, dict[bool, bytes]] = WeakKeyDictionary()
        self._metadata: dict[tuple[Rights, bool], bytes] = {}
        self._yaml: Kept[bytes, bytes] = Kept(MOST_YAML)
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

    def metadata(self, rights: Rights, server: str, *, direct: bool) -> bytes:
        """Return the document of definitions, for a caller with these rights; see `metadata_document`."""
        shape = (rights, direct)
        found = self._metadata.get(shape)
        if found is None:
            found = self._metadata[shape] = made(lambda: metadata_document(rights, direct=direct))
        return at(found, server)

    async def as_yaml(self, document: bytes) -> bytes:
        """Return a document as YAML; what was asked for last is kept, since writing it takes a second."""
        tag = etag(document)
        found = self._yaml.get(tag)
        if found is None:
            found = await asyncio.to_thread(to_yaml, document)
            self._yaml.put(tag, found)
        return found


def to_yaml(document: bytes) -> bytes:
    """Return a JSON document as YAML, its keys in the same order."""
    text: str = yaml.dump(orjson.loads(document), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)
    return text.encode()


def made(make: Callable[[], JsonSchema]) -> bytes:
    """Return a document as JSON, its server's address still open."""
    return orjson.dumps(make())


def at(document: bytes, server: str) -> bytes:
    """Return a document with its server's address put in."""
    return document.replace(PLACE, orjson.dumps(server)[1:-1])


def etag(content: bytes) -> bytes:
    """Return the strong entity tag of a body."""
    return b'"%s"' % xxhash.xxh3_128_hexdigest(content).encode()
