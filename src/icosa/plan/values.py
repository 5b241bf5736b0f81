"""The values of one request, in the order of the positions that its plan holds."""

from __future__ import annotations

from typing import Any


class Values(list[Any]):
    """Collects values while a plan is made.

    A write's statement has parameters of its own before the plan's; `reserved` of them come first and are filled in later.
    """

    def __init__(self, reserved: int = 0) -> None:
        super().__init__([None] * reserved)

    def add(self, value: Any) -> int:
        """Keep a value and return its position, from 0."""
        self.append(value)
        return len(self) - 1
