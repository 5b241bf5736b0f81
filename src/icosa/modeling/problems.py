"""What the rules of the data model refuse, in the form that clients look into (`metadata.md` section 13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from icosa.errors import IcosaError


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule.

    Attributes:
        code: such as `INVALID_FIELD_INPUT`.
        message: one sentence that names what is wrong.
        value: what was sent.
    """

    code: str
    message: str
    value: Any = None


class Invalid(IcosaError):
    """A change of the model that breaks rules; nothing was changed.

    Args:
        kind: the key in `errors`: `objectMetadata`, `fieldMetadata`, `index`, `view` and so on.
        action: create, update or delete.
        problems: at least one.
        subject: what tells which row it was.
    """

    status = 400
    family = "METADATA_VALIDATION_FAILED"

    def __init__(
        self, kind: str, action: str, problems: Sequence[Problem], subject: Mapping[str, Any] | None = None
    ) -> None:
        message = "; ".join(each.message for each in problems)
        report = {
            "type": action,
            "status": "fail",
            "metadataName": kind,
            "flatEntityMinimalInformation": dict(subject or {}),
            "errors": [
                {
                    "code": each.code,
                    "message": each.message,
                    "userFriendlyMessage": each.message,
                    **({} if each.value is None else {"value": each.value}),
                }
                for each in problems
            ],
        }
        summary = {"totalErrors": len(problems), kind: len(problems)}
        super().__init__(message, None, errors={kind: [report]}, summary=summary)


class Problems:
    """Collects the problems of one row.

    Args:
        kind: see `Invalid`.
        action: create, update or delete.
        subject: what tells which row it is.
    """

    def __init__(self, kind: str, action: str, subject: Mapping[str, Any] | None = None) -> None:
        self._kind = kind
        self._action = action
        self._subject = subject
        self._found: list[Problem] = []

    def add(self, code: str, message: str, value: Any = None) -> None:
        """Note a problem."""
        self._found.append(Problem(code, message, value))

    def check(self) -> None:
        """Raise when there is any.

        Raises:
            Invalid: all of them.
        """
        if self._found:
            raise Invalid(self._kind, self._action, self._found, self._subject)

    def refuse(self, code: str, message: str, value: Any = None) -> Invalid:
        """Return the refusal of everything so far and one more problem."""
        self.add(code, message, value)
        return Invalid(self._kind, self._action, self._found, self._subject)
