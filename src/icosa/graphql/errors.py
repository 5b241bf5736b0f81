"""Domain errors in GraphQL's form (`graphql-core.md` section 13)."""

from __future__ import annotations

from typing import Any

from graphql import FieldNode, get_location

from icosa.errors import IcosaError


def error_entry(problem: IcosaError, request_id: str, nodes: list[FieldNode] | None = None) -> dict[str, Any]:
    """Return an entry of `errors`.

    Args:
        problem: the refusal.
        request_id: of the request, as the header X-Request-Id tells it.
        nodes: the root field that failed; None when the whole request did.
    """
    extensions: dict[str, Any] = {"code": problem.family}
    if problem.code is not None:
        extensions["subCode"] = problem.code
    extensions.update(problem.details)
    extensions["userFriendlyMessage"] = problem.message
    extensions["requestId"] = request_id
    made: dict[str, Any] = {"message": problem.message, "extensions": extensions}
    if nodes:
        made["path"] = [(nodes[0].alias or nodes[0].name).value]
        if nodes[0].loc is not None:
            location = get_location(nodes[0].loc.source, nodes[0].loc.start)
            made["locations"] = [{"line": location.line, "column": location.column}]
    return made
