"""What a webhook's owner should know though nothing forbids it (`webhooks.md` sections 2 and 5)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from icosa.catalog.model import Catalog
from icosa.webhooks.addresses import AddressRules, literal_address

LOOPBACK = "127.0.0.1"


def warnings(target_url: str, operations: Iterable[str], catalog: Catalog, rules: AddressRules) -> list[str]:
    """Return one sentence for each thing that will keep a webhook from being what its owner expects."""
    found = []
    address = urlsplit(target_url)
    host = address.hostname or ""
    if address.scheme == "http":
        found.append("The address begins with http: whoever is on the way can read what is sent.")
    reached = LOOPBACK if host == "localhost" or host.endswith(".localhost") else literal_address(host)
    if reached is not None and not rules.is_open(host, reached):
        found.append(
            "The address is one of a private network: nothing is sent there unless "
            "OUTBOUND_HTTP_ALLOWED_INTERNAL_HOSTS names it."
        )
    for operation in operations:
        subject = operation.partition(".")[0]
        if subject not in {"*", "metadata"} and subject not in catalog.by_singular:
            found.append(f"There is no object '{subject}' at present.")
    return found
