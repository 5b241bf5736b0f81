"""Where requests may go (`webhooks.md` sections 4 and 5, "SSRF")."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from icosa.errors import IcosaError
from icosa.modeling.problems import Problems
from icosa.webhooks.addresses import AddressRules
from icosa.webhooks.client import Outcome, Sender
from icosa.webhooks.rules import checked_url
from support.receiver import Receiver

SAFE = AddressRules()
BLOCKED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.9.9.9",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "64:ff9b::a00:1",
    "2001:db8::1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "2002:a00:1::",
    "2002:7f00:1::",
    "::10.0.0.1",
    "::127.0.0.1",
]
OPEN = [
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "192.0.1.1",
    "223.255.255.255",
    "2606:4700::1",
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", BLOCKED)
def test_private_addresses_are_closed(address: str) -> None:
    assert not SAFE.is_open("hooks.example.com", address)
    assert AddressRules(safe=False).is_open("hooks.example.com", address)


@pytest.mark.parametrize("address", OPEN)
def test_public_addresses_are_open(address: str) -> None:
    assert SAFE.is_open("hooks.example.com", address)


def test_names_addresses_and_networks_can_be_allowed() -> None:
    rules = AddressRules.of(["n8n.internal", "10.1.0.0/16", "192.168.1.5", "fd00::/8"], safe=True)
    assert rules.is_open("N8N.internal", "127.0.0.1")
    assert rules.is_open("a.example.com", "10.1.2.3")
    assert rules.is_open("a.example.com", "::ffff:10.1.2.3")
    assert rules.is_open("a.example.com", "fd00::7")
    assert not rules.is_open("a.example.com", "10.2.0.1")
    assert not rules.is_open("a.example.com", "192.168.1.6")


class Names(AbstractResolver):
    """Resolves every name to the addresses it was given."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        del family
        return [
            ResolveResult(hostname=host, host=each, port=port, family=socket.AF_INET, proto=0, flags=0)
            for each in self._addresses
        ]

    async def close(self) -> None:
        pass


async def send(url: str, rules: AddressRules = SAFE, resolver: AbstractResolver | None = None) -> Outcome:
    sender = Sender(rules, 2, resolver)
    try:
        return await sender.send(url, b"{}", {})
    finally:
        await sender.close()


def stored(url: str) -> str:
    return checked_url(url, Problems("webhook", "create", {}))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f.1:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://localhost:{port}/",
    ],
)
async def test_nothing_reaches_the_servers_own_network(url: str) -> None:
    receiver = Receiver()
    await receiver.start()
    outcome = await send(stored(url.format(port=receiver.port)))
    await receiver.stop()
    assert (outcome.error, outcome.status) == ("blocked-address", None)
    assert receiver.got == []


async def test_a_name_with_one_private_address_among_others_is_closed() -> None:
    receiver = Receiver()
    await receiver.start()
    url = f"http://hooks.example.com:{receiver.port}/"
    assert (await send(url, resolver=Names("8.8.8.8", "127.0.0.1"))).error == "blocked-address"
    assert (await send(url, AddressRules.of(["hooks.example.com"], safe=True), Names("127.0.0.1"))).succeeded
    await receiver.stop()
    assert receiver.got[0].headers["Host"] == f"hooks.example.com:{receiver.port}"


async def test_a_redirect_is_a_failure_and_nobody_follows_it() -> None:
    receiver = Receiver()
    await receiver.start()
    receiver.answer = lambda _: web.Response(
        status=307, headers={"Location": f"http://127.0.0.1:{receiver.port}/inside"}
    )
    outcome = await send(receiver.url, AddressRules.of(["127.0.0.1"], safe=True))
    await receiver.stop()
    assert outcome.error == "http-307"
    assert [each.path for each in receiver.got] == ["/hook"]


async def test_an_unknown_name_is_a_dns_error() -> None:
    class Nothing(Names):
        async def resolve(self, *args: Any, **given: Any) -> list[ResolveResult]:
            raise OSError("no such name")

    assert (await send("https://nowhere.example.com/", resolver=Nothing())).error == "dns"


async def test_a_long_answer_is_cut_and_unprintable_bytes_are_replaced() -> None:
    receiver = Receiver()
    await receiver.start()
    receiver.answer = lambda _: web.Response(body=b"\0\xff" + b"x" * 100_000)
    outcome = await send(receiver.url, AddressRules.of(["127.0.0.1"], safe=True))
    await receiver.stop()
    assert outcome.body == "\ufffd\ufffd" + "x" * 4094


def test_credentials_are_refused_at_registration() -> None:
    problems = Problems("webhook", "create", {})
    checked_url("http://user@127.0.0.1/", problems)
    with pytest.raises(IcosaError):
        problems.check()
