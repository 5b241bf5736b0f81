"""What a webhook's registration may hold, and its stored form (`webhooks.md` sections 1 and 2)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

import ada_url

from icosa.modeling.problems import Problems

RECORD_EVENT = re.compile(r"(\*|[a-z][A-Za-z0-9]*)\.(\*|created|updated|deleted|restored|destroyed)")
METADATA_EVENT = re.compile(r"metadata\.(\*|[a-z][A-Za-z0-9]*)\.(\*|created|updated|deleted)")
EVERYTHING = ["*.*"]
PAYLOADS = ("full", "thin")
SECRET_BYTES = 32
LONGEST_TEXT = 2000
MOST_OPERATIONS = 1000
INVALID = "INVALID_WEBHOOK_INPUT"
INVALID_URL = "INVALID_TARGET_URL"


def checked_url(value: Any, problems: Problems) -> str:
    """Return an address as the URL standard writes it (WHATWG); notes what is wrong with it."""
    problem = "must be a URL such as https://example.com/hook"
    if isinstance(value, str) and len(value) <= LONGEST_TEXT:
        try:
            url = ada_url.URL(value)
        except ValueError:
            pass
        else:
            if url.protocol not in {"http:", "https:"}:
                problem = "must begin with http:// or https://"
            elif url.username or url.password:
                problem = "must not hold a user name or a password; the secret signs each request"
            else:
                return str(url.href)
    problems.add(INVALID_URL, f"targetUrl: {problem}", value)
    problems.add(INVALID, f"targetUrl: {problem}", value)
    return ""


def checked_operations(value: Any, problems: Problems) -> list[str]:
    """Return a list of operations, each once, in the order sent; notes those that could never match."""
    if not isinstance(value, list) or not value or len(value) > MOST_OPERATIONS:
        problems.add(INVALID, "operations: must be a list of at least one, such as company.created or *.*", value)
        return []
    for each in value:
        if not isinstance(each, str) or not (RECORD_EVENT.fullmatch(each) or METADATA_EVENT.fullmatch(each)):
            problems.add(
                INVALID,
                "operations: each must be <object>.<created|updated|deleted|restored|destroyed> or "
                "metadata.<kind>.<created|updated|deleted>, where any part may be *",
                each,
            )
    return list(dict.fromkeys(str(each) for each in value))


def checked_text(value: Any, key: str, problems: Problems) -> str | None:
    """Return a text trimmed, its inner runs of blanks made one; None for null."""
    if value is None:
        return None
    if not isinstance(value, str) or "\0" in value or len(value) > LONGEST_TEXT:
        problems.add(INVALID, f"{key}: must be a text of at most {LONGEST_TEXT} characters", value)
        return None
    return " ".join(value.split())


def made_secret() -> str:
    """Return a new secret: hex digits, which are base64 too, so that Standard Webhooks libraries take them as they are."""
    return secrets.token_hex(SECRET_BYTES)


def checked_secret(value: Any, problems: Problems) -> str:
    """Return the secret: one that is made when none is sent, and none, for unsigned requests, when it is empty."""
    if value is None:
        return made_secret()
    if not isinstance(value, str) or "\0" in value or len(value) > LONGEST_TEXT:
        problems.add(INVALID, f"secret: must be a text of at most {LONGEST_TEXT} characters")
        return ""
    return value


def checked_fields(value: Any, problems: Problems) -> list[str]:
    """Return the fields of which one must have changed for an `updated` event to count; empty for any."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        problems.add(INVALID, "updatedFields: must be a list of field names", value)
        return []
    return list(dict.fromkeys(value))


def checked_payload(value: Any, problems: Problems) -> str:
    """Return how much of a record is sent: all of it unless something else is asked for."""
    if value is None:
        return PAYLOADS[0]
    if value not in PAYLOADS:
        problems.add(INVALID, f"payload: must be one of {', '.join(PAYLOADS)}", value)
    return str(value)


def checked_flag(value: Any, key: str, problems: Problems) -> bool:
    """Return a truth value; true when none is sent."""
    if value is not None and not isinstance(value, bool):
        problems.add(INVALID, f"{key}: must be true or false", value)
    return value is not False


def checked(given: Mapping[str, Any], problems: Problems, *, creating: bool) -> dict[str, Any]:
    """Return the columns that a request sets.

    Args:
        given: the input; unknown keys are ignored.
        problems: takes every broken rule.
        creating: whether what is missing gets its default; else it is left alone.

    Raises:
        Invalid: a rule is broken.
    """
    columns: dict[str, Any] = {}
    if creating or "targetUrl" in given:
        columns["target_url"] = checked_url(given.get("targetUrl"), problems)
    if creating or "operations" in given:
        columns["operations"] = checked_operations(given.get("operations"), problems)
    if creating or "description" in given:
        columns["description"] = checked_text(given.get("description"), "description", problems)
    if creating or given.get("secret") is not None:
        columns["secret"] = checked_secret(given.get("secret"), problems)
    if creating or "updatedFields" in given:
        columns["updated_fields"] = checked_fields(given.get("updatedFields"), problems)
    if creating or "payload" in given:
        columns["payload"] = checked_payload(given.get("payload"), problems)
    if creating or "isActive" in given:
        columns["is_active"] = checked_flag(given.get("isActive"), "isActive", problems)
    problems.check()
    return columns
