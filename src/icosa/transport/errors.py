"""Domain errors in REST's envelope (`rest-core.md` section 3)."""

from __future__ import annotations

import orjson

from icosa.errors import IcosaError, Unauthenticated
from icosa.transport.messages import Response

FAMILIES = {
    400: "BadRequestException",
    401: "UNAUTHENTICATED",
    403: "ForbiddenException",
    404: "NotFoundException",
    409: "ConflictException",
    413: "PayloadTooLargeException",
    429: "HttpException",
    503: "TimeoutException",
}


def error_response(problem: IcosaError) -> Response:
    """Return the answer of a refusal: always one message, a code where the contract has one."""
    body: dict[str, object] = {
        "statusCode": problem.status,
        "error": FAMILIES.get(problem.status, "InternalServerErrorException"),
        "messages": [problem.message],
    }
    if problem.code is not None:
        body["code"] = problem.code
    body.update(problem.details)
    headers = [(b"www-authenticate", b"Bearer")] if isinstance(problem, Unauthenticated) else []
    return Response(problem.status, orjson.dumps(body), headers)


def plain_error(status: int, error: str, message: str) -> Response:
    """Return one of the two answers of another shape: an unreadable body, an unknown path."""
    return Response(status, orjson.dumps({"message": message, "error": error, "statusCode": status}))
