"""The rooms that answer requests, put together upon the foundation."""

from __future__ import annotations

from dataclasses import dataclass

from icosa.access.api_keys import ApiKeys
from icosa.access.invitations import Invitations
from icosa.access.origins import Origins
from icosa.access.password_resets import PasswordResets
from icosa.access.request_log import RequestLog
from icosa.access.sessions import Sessions
from icosa.access.setup import Setup
from icosa.access.sign_up import SignUp
from icosa.app.foundation import Foundation
from icosa.demo.rows import DemoOptions
from icosa.demo.seeder import seed_demo
from icosa.events.history import Histories
from icosa.events.streams import Streams
from icosa.founding.joining import Joining
from icosa.graphql.arguments import read_filter
from icosa.graphql.execution import GraphqlApi
from icosa.graphql.handler import GraphqlHandler
from icosa.mail.mailers import Mailer
from icosa.metadata.context import Services
from icosa.metadata.handler import MetadataHandler
from icosa.metadata.rest_handler import MetadataRestHandler
from icosa.metadata.subscriptions import Subscriptions
from icosa.modeling.change import Modeler
from icosa.openapi.handler import OpenApiHandler
from icosa.rest.api import RestApi
from icosa.rest.changes import ChangesHandler
from icosa.rest.downloads import DownloadHandler
from icosa.rest.handler import RestHandler
from icosa.webhooks.deliveries import Deliveries
from icosa.webhooks.registrations import Webhooks


@dataclass(frozen=True)
class RecordRooms:
    """What answers requests for records."""

    rest: RestHandler
    changes: ChangesHandler
    graphql: GraphqlHandler
    downloads: DownloadHandler


def record_rooms(base: Foundation) -> RecordRooms:
    """Return REST, change feed, GraphQL and files."""
    rest = RestHandler(RestApi(base.service, Histories(base.database), base.views), base.authorize)
    api = GraphqlApi(base.service, base.settings.graphql_limits, base.views, base.uploads)
    return RecordRooms(
        rest=rest,
        changes=ChangesHandler(base.feed, base.authorize, base.authorizer, rest, base.closing),
        graphql=GraphqlHandler(api, base.authorize, strict=base.settings.graphql_strict),
        downloads=DownloadHandler(base.uploads),
    )


@dataclass(frozen=True)
class MetadataRooms:
    """What answers requests about the model, about people and keys, and what documents tell of both."""

    services: Services
    graphql: MetadataHandler
    rest: MetadataRestHandler
    openapi: OpenApiHandler

    async def stop(self) -> None:
        """Write down what was noted and send what waits to be sent."""
        await self.services.request_log.stop()
        await self.services.password_resets.close()


def metadata_rooms(base: Foundation, secret: str, mailer: Mailer) -> MetadataRooms:
    """Return the Metadata API in GraphQL and REST, and the OpenAPI documents.

    Args:
        base: what they stand on.
        secret: what tokens are signed with.
        mailer: sends e-mail.
    """
    services = _services(base, secret, mailer)
    services.request_log.start()
    return MetadataRooms(
        services=services,
        graphql=MetadataHandler(services, base.authorize.known, base.authorize.user),
        rest=MetadataRestHandler(services, base.authorize.known),
        openapi=OpenApiHandler(base.authorize.known, base.settings),
    )


def _services(base: Foundation, secret: str, mailer: Mailer) -> Services:
    settings, database, tokens, news = base.settings, base.database, base.tokens, base.news
    sessions = Sessions(database, tokens, settings.lifetimes)
    setup = Setup(database, settings, secret)
    invitations = Invitations(database, tokens, settings.lifetimes)
    return Services(
        database=database,
        snapshots=base.snapshots,
        modeler=Modeler(database, base.snapshots, base.work),
        authenticator=base.authenticator,
        api_keys=ApiKeys(database, tokens, base.authenticator.forget),
        sessions=sessions,
        webhooks=Webhooks(database, base.vault),
        deliveries=Deliveries(database, news.sender, base.vault, news.policy.keep_bodies),
        request_log=RequestLog(
            database, settings.request_log_size, with_unknown=not settings.is_multiworkspace_enabled
        ),
        address_rules=news.rules,
        subscriptions=Subscriptions(
            database, base.feed, Streams(database), base.authorizer.known, read_filter, base.closing
        ),
        settings=settings,
        wrote=news.wrote,
        origins=Origins(database, settings),
        setup=setup,
        uploads=base.uploads,
        sign_up=SignUp(database, sessions, setup),
        invitations=invitations,
        joining=Joining(database, sessions, invitations),
        password_resets=PasswordResets(database, tokens, settings.lifetimes, mailer, settings.public_url),
        mailer=mailer,
        fill=lambda workspace_id: seed_demo(database, base.uploads, workspace_id, DemoOptions()),
    )
