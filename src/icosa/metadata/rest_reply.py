"""A route of the Metadata API over REST, and an answer before it is JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it is JSON.

    Attributes:
        body: what is told.
        status: of HTTP.
        key: the key below `data` that the body stands under in the wrapped format; None when it stands bare in both.
        page: what stands beside the body of a list.
    """

    body: Any
    status: int = 200
    key: str | None = None
    page: Mapping[str, Any] = field(default_factory=dict)

    def content(self, *, direct: bool) -> Any:
        """Return the answer in one of the two formats (`metadata.md` section 2)."""
        if self.key is None:
            return self.body
        if direct:
            return {"data": self.body, **self.page} if self.page else self.body
        return {"data": {self.key: self.body}, **self.page}


Run = Callable[..., Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Route:
    """One route.

    Attributes:
        methods: in capitals.
        path: parts below `/rest/metadata`; `{id}` is an id, `{name}` any text.
        run: takes the context, the parameters, the body and the path's variable parts.
        flag: the setting that the role must allow.
        needs_session: whether only a signed-in person may.
        parameters: query parameters that are used.
        missing: the code of the 404 for an id that is none; None answers 400.
        bare: whether a write may come without a body, which counts as an empty one.
    """

    methods: frozenset[str]
    path: tuple[str, ...]
    run: Run
    flag: str | None = None
    needs_session: bool = False
    parameters: frozenset[str] = frozenset()
    missing: str | None = None
    bare: bool = False


def route(
    methods: str,
    path: str,
    run: Run,
    *,
    flag: str | None = None,
    needs_session: bool = False,
    parameters: frozenset[str] = frozenset(),
    missing: str | None = None,
    bare: bool = False,
) -> Route:
    """Return a route; methods are separated by blanks, parts of the path by slashes."""
    return Route(
        frozenset(methods.split()), tuple(path.split("/")), run, flag, needs_session, parameters, missing, bare
    )
