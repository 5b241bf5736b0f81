"""How the program writes its log: to stderr, without what could open a door (`auth.md` section 12).

Tracebacks are plain: a richer one would print local variables, and with them tokens and passwords.
"""

from __future__ import annotations

import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

HIDDEN = "[hidden]"
# A JSON Web Token; what follows `Bearer`; the value of a parameter that is named like a token.
SECRETS = re.compile(
    r"eyJ[\w-]+\.[\w-]+\.[\w-]*|(?<=bearer )[^\s'\",;]+|(?<=\btoken=)[^&\s'\"]+|(?<=\bapiKey=)[^&\s'\"]+"
    r"|(?<=\baccess_token=)[^&\s'\"]+",
    re.ASCII | re.IGNORECASE,
)


def configure_logs() -> None:
    """Set the program's log up; what a process calls first."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            hide_secrets,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        logger_factory=_to_stderr,
    )


def hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace tokens in what is about to be written."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = SECRETS.sub(HIDDEN, value)
    return event


def _to_stderr(*_: Any) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)
