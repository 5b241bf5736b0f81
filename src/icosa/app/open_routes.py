"""The routes that need no token (`auth.md` section 9)."""

from __future__ import annotations

import asyncpg
import orjson

from icosa import __version__
from icosa.access.setup import Setup
from icosa.errors import Unavailable
from icosa.settings import Settings
from icosa.store.database import Database
from icosa.store.migrations import read_migrations
from icosa.transport.errors import error_response
from icosa.transport.messages import Request, Response
from icosa.webhooks.worker import ALIVE

UNCACHED = (b"cache-control", b"no-cache, no-store, must-revalidate")
HEALTHY = orjson.dumps({"status": "ok", "info": {}, "error": {}, "details": {}})


def healthz() -> Response:
    """Tell that the process is there; nothing is checked."""
    return Response(200, HEALTHY, [UNCACHED])


async def readyz(database: Database) -> Response:
    """Tell whether the database answers and has every migration; also whether some process delivers webhooks."""
    wanted = max(migration.version for migration in read_migrations())
    try:
        applied = await database.fetch_value("SELECT max(version) FROM core.schema_migration")
        delivering = await database.is_held(ALIVE)
        problem = None if applied == wanted else f"migration {wanted:04} is not applied"
    except (Unavailable, asyncpg.PostgresError):
        problem = "the database does not answer"
    if problem is None:
        webhooks = {"status": "up"} if delivering else {"status": "down", "message": "no worker delivers webhooks"}
        told = {"database": {"status": "up"}, "webhooks": webhooks}
        body = {"status": "ok", "info": told, "error": {}, "details": told}
        return Response(200, orjson.dumps(body), [UNCACHED])
    details = {"database": {"status": "down", "message": problem}}
    body = {"status": "error", "info": {}, "error": details, "details": details}
    return Response(503, orjson.dumps(body), [UNCACHED])


async def client_config(settings: Settings, setup: Setup) -> Response:
    """Tell a front end what it needs before anybody has signed in, the first run among it; no secrets."""
    try:
        is_needed = not await setup.is_done()
    except Unavailable as problem:
        return error_response(problem)
    body = {
        "appVersion": __version__,
        "authProviders": {"google": False, "magicLink": False, "password": True, "microsoft": False, "sso": []},
        "billing": {"isBillingEnabled": False, "billingUrl": None, "trialPeriods": []},
        "signInPrefilled": settings.sign_in_prefilled,
        "isMultiWorkspaceEnabled": settings.is_multiworkspace_enabled,
        "isEmailVerificationRequired": False,
        "defaultSubdomain": settings.default_subdomain,
        "frontDomain": "",
        "analyticsEnabled": False,
        "support": {"supportDriver": "NONE", "supportFrontChatId": None},
        "sentry": {"environment": None, "release": None, "dsn": None},
        "captcha": {"provider": None, "siteKey": None},
        "api": {"mutationMaximumAffectedRecords": settings.mutation_maximum_affected_records},
        "canManageFeatureFlags": False,
        "publicFeatureFlags": [],
        "setup": {"isNeeded": is_needed, "isTokenRequired": is_needed and setup.is_token_needed},
    }
    return Response(200, orjson.dumps(body), [UNCACHED])


def unknown(request: Request) -> Response:
    """Answer a path that nobody owns."""
    body = {"message": f"Cannot {request.method} {request.path}", "error": "Not Found", "statusCode": 404}
    return Response(404, orjson.dumps(body))
