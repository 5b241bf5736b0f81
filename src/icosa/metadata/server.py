"""What the server tells its users about itself: version, database, limits (`web-app.md` part 3, `/settings/about`)."""

from __future__ import annotations

from icosa import __version__
from icosa.metadata.context import Context, Operations
from icosa.metadata.definitions import Told

OPERATIONS = Operations()
LICENSE = "Apache-2.0"


@OPERATIONS.add("serverInfo")
async def server_info(context: Context) -> Told:
    """Return the server's version and limits; 0 means that there is no limit."""
    settings = context.services.settings
    return {
        "version": __version__,
        "license": LICENSE,
        "databaseVersion": await context.services.database.fetch_value("SHOW server_version"),
        "bodyLimit": settings.body_limit,
        "shortLimit": settings.short_limit,
        "shortLimitTtlMs": settings.short_ttl_ms,
        "longLimit": settings.long_limit,
        "longLimitTtlMs": settings.long_ttl_ms,
        "graphqlRootFields": settings.graphql_root_fields,
        "graphqlComplexity": settings.graphql_complexity,
        "requestLogSize": settings.request_log_size,
    }
