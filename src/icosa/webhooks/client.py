"""Sends one request: to a checked address, once, without following anybody (`webhooks.md` section 5, "SSRF")."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from icosa import __version__
from icosa.webhooks.addresses import AddressRules, BlockedAddress, literal_address

CONNECT_SECONDS = 5
MOST_BODY = 4096
MOST_HEADERS = 50
LONGEST_HEADER = 500
AGENT = f"Icosa/{__version__}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request.

    Attributes:
        status: of the answer; None when there was none.
        error: `timeout`, `dns`, `tls`, `refused`, `disconnected`, `blocked-address` or `http-<status>`; None for a 2xx.
        duration_ms: from the first byte out to the last one in.
        headers: of the answer.
        body: the answer's first 4 KiB.
    """

    status: int | None
    error: str | None
    duration_ms: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether the receiver took it."""
        return self.error is None


class _Resolver(AbstractResolver):
    """Resolves a name and refuses it when one of its addresses is closed; the connection goes to what was checked."""

    def __init__(self, rules: AddressRules, resolver: AbstractResolver) -> None:
        self._rules = rules
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        self._rules.check(host, [each["host"] for each in found])
        return found

    async def close(self) -> None:
        await self._resolver.close()


class Sender:
    """Sends requests; made inside a running loop.

    Args:
        rules: which addresses are open.
        timeout_seconds: for a request in all.
        resolver: finds the addresses of names; the machine's own unless another is given.
    """

    def __init__(self, rules: AddressRules, timeout_seconds: float, resolver: AbstractResolver | None = None) -> None:
        self.rules = rules
        checked = _Resolver(rules, resolver or aiohttp.ThreadedResolver())
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=checked, use_dns_cache=False, limit=0),
            timeout=aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=CONNECT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": AGENT, "Content-Type": "application/json"},
            trust_env=False,
        )

    async def close(self) -> None:
        """Let the connections go."""
        await self._session.close()

    async def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """POST a body and return what became of it; nothing is raised."""
        started = time.perf_counter()
        status, told, text = None, {}, ""
        error: str | None
        try:
            target = URL(url, encoded=True)
            address = literal_address(target.host or "")
            if address is not None:
                self.rules.check(address, [address])
            async with self._session.post(target, data=body, headers=headers, allow_redirects=False) as answer:
                status = answer.status
                told = _headers(answer)
                text = await _beginning(answer)
            error = None if 200 <= status < 300 else f"http-{status}"
        except BlockedAddress:
            error = "blocked-address"
        except TimeoutError:
            error = "timeout"
        except aiohttp.ClientConnectorDNSError:
            error = "dns"
        except (aiohttp.ClientSSLError, ssl.SSLError):
            error = "tls"
        except aiohttp.ClientConnectorError:
            error = "refused"
        except (aiohttp.ClientError, OSError, ValueError):
            error = "disconnected"
        return Outcome(status, error, round((time.perf_counter() - started) * 1000), told, text)


def _headers(answer: aiohttp.ClientResponse) -> dict[str, str]:
    return {
        _kept(name.encode("utf-8", "replace"))[:LONGEST_HEADER]: _kept(value.encode("utf-8", "replace"))[
            :LONGEST_HEADER
        ]
        for name, value in list(answer.headers.items())[:MOST_HEADERS]
    }


async def _beginning(answer: aiohttp.ClientResponse) -> str:
    """Return the first bytes of a body as text that PostgreSQL can keep."""
    read = b""
    while len(read) < MOST_BODY:
        piece = await answer.content.read(MOST_BODY - len(read))
        if not piece:
            break
        read += piece
    return _kept(read)


def _kept(content: bytes) -> str:
    return content.decode("utf-8", "replace").replace("\0", "\ufffd")
