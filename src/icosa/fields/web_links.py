"""Web links: what passes for one, and its stored form (`rest-core.md` section 11, `field-types.json` LINKS)."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote

import idna

from icosa.errors import BadInput

SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://", re.ASCII)
OTHER_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+-]*:(?!\d)", re.ASCII)
AUTHORITY = re.compile(r"(?:[^@/?#]*@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^:/?#\[\]]*)(?::(?P<port>\d{0,5}))?", re.ASCII)
LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?", re.ASCII)
DEFAULT_PORTS = {"http": "80", "https": "443"}
KEPT_SIGNS = "!$%&'()*+,-./:;=?@[]_~#|^\\"
FORBIDDEN = re.compile(r"[\x00-\x20\x7f]")
LONGEST_HOST = 253


def normalise_link(text: str) -> str:
    """Return the stored form of a link.

    With a scheme: scheme and host in lower case, no default port, one slash at the very end gone, other characters
    percent-encoded. Without one: exactly as sent, if it is a host when `https://` is put before it.

    Raises:
        BadInput: `INVALID_URL`: another scheme than http and https, blanks or control characters, no host.
    """
    if FORBIDDEN.search(text):
        raise _invalid("must be a web address without blanks")
    scheme = SCHEME.match(text)
    if scheme is None:
        if OTHER_SCHEME.match(text):
            raise _invalid("must be a web address with http or https")
        _host(text)
        return text
    name = scheme[1].lower()
    if name not in DEFAULT_PORTS:
        raise _invalid("must be a web address with http or https")
    rest = text[scheme.end() :]
    host, port, after = _host(rest)
    port = "" if port in {"", DEFAULT_PORTS[name]} else f":{port}"
    tail = quote(after, safe=KEPT_SIGNS)
    if tail and tail[0] in "?#":
        tail = f"/{tail}"
    return f"{name}://{host}{port}{tail}".removesuffix("/")


def _host(rest: str) -> tuple[str, str, str]:
    """Return the host in its stored form, the port, and what follows; raises BadInput."""
    found = AUTHORITY.match(rest)
    if found is None or (rest[found.end() :] and rest[found.end()] not in "/?#"):
        raise _invalid("must be a web address such as https://example.com")
    host, port = found["host"], found["port"] or ""
    if port and int(port) > 65535:
        raise _invalid("its port must be at most 65535")
    if "@" in found[0]:
        raise _invalid("must be a web address without a user name")
    return _checked_host(host), port, rest[found.end() :]


def _checked_host(host: str) -> str:
    """Return a host name in lower case, in its ASCII form; localhost, IP addresses and names with a dot pass."""
    if host.startswith("["):
        return _address(host[1:-1], host)
    lowered = host.lower()
    if lowered == "localhost":
        return lowered
    if re.fullmatch(r"[\d.]+", lowered):
        return _address(lowered, lowered)
    if not lowered.isascii():
        try:
            lowered = idna.encode(lowered, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise _invalid("its host is no valid name") from None
    labels = lowered.removesuffix(".").split(".")
    if len(labels) < 2 or len(lowered) > LONGEST_HOST or not all(LABEL.fullmatch(each) for each in labels):
        raise _invalid("its host must be a name with a dot, such as example.com")
    if labels[-1].isdigit():
        raise _invalid("its host is no valid name")
    return lowered


def _address(text: str, stored: str) -> str:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        raise _invalid("its host is no valid name") from None
    return stored.lower()


def _invalid(rule: str) -> BadInput:
    return BadInput(rule, "INVALID_URL")
