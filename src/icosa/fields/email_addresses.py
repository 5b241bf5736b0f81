"""E-mail addresses: what passes for one, and its stored form (`field-types.json`, EMAILS).

The contract's rule is wider than RFC 5321: a host without a dot and letters of any script pass. A validating library
would refuse addresses that clients of this API send, so the rule stands here.
"""

from __future__ import annotations

import re

from icosa.errors import BadInput

PART = r"""[^\s@"\x00-\x1f.]+"""
ADDRESS = re.compile(rf"{PART}(?:\.{PART})*@{PART}(?:\.{PART})*")


def normalise_email(text: str) -> str:
    """Return the address in lower case.

    Raises:
        BadInput: it does not look like an address, or a dot stands at an end or beside another; nothing is trimmed.
    """
    if not ADDRESS.fullmatch(text):
        raise BadInput("must be an e-mail address such as name@example.com, without blanks around it")
    return text.lower()
