"""The files of the built web app, as they are sent."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DIST = Path(__file__).parent / "dist"
PAGE = "index.html"
# Their names hold a digest of what is in them.
HASHED = "assets/"
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
}


@dataclass(frozen=True, slots=True)
class File:
    """One file.

    Attributes:
        path: where it lies.
        etag: a strong entity tag.
        content_type: with the character set for texts.
        is_hashed: whether its name changes with its content, so that it may be kept for ever.
        has_gzip: whether its compressed form lies beside it.
    """

    path: Path
    etag: str
    content_type: bytes
    is_hashed: bool
    has_gzip: bool

    def read(self, *, compressed: bool) -> bytes:
        """Return the bytes to send."""
        return (self.path.with_name(f"{self.path.name}.gz") if compressed else self.path).read_bytes()


def find_files(dist: Path) -> Mapping[str, File]:
    """Return the files by their path below `dist`; none when the app is not built."""
    found = {}
    for path in sorted(dist.rglob("*")) if dist.is_dir() else ():
        name = path.relative_to(dist).as_posix()
        if path.is_file() and path.suffix != ".gz" and not path.name.startswith("."):
            found[name] = File(
                path,
                f'"{hashlib.sha256(path.read_bytes()).hexdigest()[:32]}"',
                _content_type(path),
                name.startswith(HASHED),
                path.with_name(f"{path.name}.gz").exists(),
            )
    return found


def _content_type(path: Path) -> bytes:
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or kind == "image/svg+xml"
    return (f"{kind}; charset=utf-8" if is_text else kind).encode("ascii")


def page_of(html: str, base_path: str) -> bytes:
    """Return the app's page with the server's base path in front of the addresses in it.

    The build writes them as `./…`, which would be looked for below whatever address the page was opened at.
    """
    return html.replace('"./', f'"{base_path}/').encode()
