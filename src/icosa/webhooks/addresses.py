"""Which addresses a request may go to: nothing of the server's own network unless it is allowed (`webhooks.md` section 4)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

BLOCKED = tuple(
    ipaddress.ip_network(text)
    for text in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
        "64:ff9b::/96",
        "2001:db8::/32",
    ]
)
SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
COMPATIBLE = ipaddress.IPv6Network("::/96")


class BlockedAddress(Exception):
    """A request would go to an address that is closed to it."""


def embedded(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in SIX_TO_FOUR:
        return ipaddress.IPv4Address(address.packed[2:6])
    if address in COMPATIBLE and int(address) > 1:
        return ipaddress.IPv4Address(address.packed[12:])
    return address


@dataclass(frozen=True)
class AddressRules:
    """Says which addresses are open.

    Attributes:
        safe: off, every address is open.
        hosts: names whose addresses are open all the same.
        networks: open networks of one's own.
    """

    safe: bool = True
    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = field(default=())

    @classmethod
    def of(cls, allowed: Iterable[str], *, safe: bool) -> Self:
        """Return the rules for a list of names, addresses and networks."""
        hosts, networks = set(), []
        for text in allowed:
            try:
                networks.append(ipaddress.ip_network(text, strict=False))
            except ValueError:
                hosts.add(text.lower())
        return cls(safe, frozenset(hosts), tuple(networks))

    def is_open(self, host: str, address: str) -> bool:
        """Return whether a request to a host may go to an address that it has."""
        if not self.safe or host.lower() in self.hosts:
            return True
        given = ipaddress.ip_address(address.partition("%")[0])
        meant = embedded(given)
        if any(one in network for network in self.networks for one in (given, meant) if one.version == network.version):
            return True
        return not any(
            one in network for network in BLOCKED for one in {given, meant} if one.version == network.version
        )

    def check(self, host: str, addresses: Iterable[str]) -> None:
        """Refuse a host one of whose addresses is closed.

        Raises:
            BlockedAddress: names the host.
        """
        if not all(self.is_open(host, address) for address in addresses):
            raise BlockedAddress(f"{host} is, or leads to, an address of a private network")


def literal_address(host: str) -> str | None:
    """Return a host that is an address itself, without the brackets of an IPv6 one; None for a name."""
    text = host.removeprefix("[").removesuffix("]")
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
