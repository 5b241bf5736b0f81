"""The fixed core fields beside `search`, and their types (`graphql-core.md` section 12)."""

from __future__ import annotations

from collections.abc import Mapping

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLField,
    GraphQLInt,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLString,
)

from icosa.catalog.model import Catalog
from icosa.graphql.scalars import SCALARS

OBJECTS = ("Person", "Company", "Opportunity")
UUID = SCALARS["UUID"]
DATE_TIME = SCALARS["DateTime"]
UPLOAD = GraphQLScalarType("Upload", description="A file of a multipart request (graphql-multipart-request-spec).")


def _object(name: str, **fields: GraphQLOutputType) -> GraphQLObjectType:
    return GraphQLObjectType(name, {key: GraphQLField(kind) for key, kind in fields.items()})


def _needed(kind: GraphQLObjectType | GraphQLScalarType) -> GraphQLNonNull[GraphQLObjectType | GraphQLScalarType]:
    return GraphQLNonNull(kind)


def _list(kind: GraphQLObjectType) -> GraphQLOutputType:
    return GraphQLNonNull(GraphQLList(GraphQLNonNull(kind)))


PERSON: dict[str, GraphQLOutputType] = {
    "personId": UUID,
    "workspaceMemberId": UUID,
    "firstName": _needed(GraphQLString),
    "lastName": _needed(GraphQLString),
    "displayName": _needed(GraphQLString),
    "avatarUrl": _needed(GraphQLString),
    "handle": _needed(GraphQLString),
}
THREAD_PARTICIPANT = _object("TimelineThreadParticipant", **PERSON)
THREAD = _object(
    "TimelineThread",
    id=_needed(UUID),
    read=_needed(GraphQLBoolean),
    visibility=_needed(GraphQLString),
    firstParticipant=_needed(THREAD_PARTICIPANT),
    lastTwoParticipants=_list(THREAD_PARTICIPANT),
    lastMessageReceivedAt=_needed(DATE_TIME),
    lastMessageBody=_needed(GraphQLString),
    subject=_needed(GraphQLString),
    numberOfMessagesInThread=_needed(GraphQLInt),
    participantCount=_needed(GraphQLInt),
)
THREADS = _object("TimelineThreadsWithTotal", totalNumberOfThreads=_needed(GraphQLInt), timelineThreads=_list(THREAD))
EVENT_PARTICIPANT = _object("TimelineCalendarEventParticipant", **PERSON)
EVENT_LINK = _object("LinkMetadata", primaryLinkLabel=_needed(GraphQLString), primaryLinkUrl=_needed(GraphQLString))
CALENDAR_EVENT = _object(
    "TimelineCalendarEvent",
    id=_needed(UUID),
    title=_needed(GraphQLString),
    isCanceled=_needed(GraphQLBoolean),
    isFullDay=_needed(GraphQLBoolean),
    startsAt=_needed(DATE_TIME),
    endsAt=_needed(DATE_TIME),
    description=_needed(GraphQLString),
    location=_needed(GraphQLString),
    conferenceSolution=_needed(GraphQLString),
    conferenceLink=_needed(EVENT_LINK),
    participants=_list(EVENT_PARTICIPANT),
    visibility=_needed(GraphQLString),
)
CALENDAR_EVENTS = _object(
    "TimelineCalendarEventsWithTotal",
    totalNumberOfCalendarEvents=_needed(GraphQLInt),
    timelineCalendarEvents=_list(CALENDAR_EVENT),
)
UPLOADED = _object(
    "FileWithSignedUrl",
    id=_needed(UUID),
    path=_needed(GraphQLString),
    size=GraphQLNonNull(SCALARS["BigInt"]),
    createdAt=_needed(DATE_TIME),
    url=_needed(GraphQLString),
)
TYPES: tuple[GraphQLNamedType, ...] = (
    UPLOAD,
    THREAD_PARTICIPANT,
    THREAD,
    THREADS,
    EVENT_PARTICIPANT,
    EVENT_LINK,
    CALENDAR_EVENT,
    CALENDAR_EVENTS,
    UPLOADED,
)
PAGE = {
    "page": GraphQLArgument(GraphQLNonNull(GraphQLInt)),
    "pageSize": GraphQLArgument(GraphQLNonNull(GraphQLInt)),
}
ID = GraphQLArgument(GraphQLNonNull(UUID))


def _timeline(prefix: str, answer: GraphQLObjectType) -> dict[str, GraphQLField]:
    of_objects = {
        f"{prefix}From{name}Id": GraphQLField(GraphQLNonNull(answer), {f"{name.lower()}Id": ID, **PAGE})
        for name in OBJECTS
    }
    named = {"objectNameSingular": GraphQLArgument(GraphQLNonNull(GraphQLString)), "recordId": ID, **PAGE}
    return {**of_objects, f"{prefix}FromObjectRecord": GraphQLField(GraphQLNonNull(answer), named)}


TIMELINES = {
    **_timeline("getTimelineThreads", THREADS),
    **_timeline("getTimelineCalendarEvents", CALENDAR_EVENTS),
}
QUERIES: Mapping[str, GraphQLField] = {
    **TIMELINES,
    "isMaintenanceModeBannerDismissed": GraphQLField(GraphQLNonNull(GraphQLBoolean)),
}
MUTATIONS: Mapping[str, GraphQLField] = {
    "dismissReconnectAccountBanner": GraphQLField(GraphQLNonNull(GraphQLBoolean), {"connectedAccountId": ID}),
    "dismissMaintenanceModeBanner": GraphQLField(GraphQLNonNull(GraphQLBoolean)),
    "uploadFilesFieldFile": GraphQLField(
        GraphQLNonNull(UPLOADED),
        {
            "file": GraphQLArgument(GraphQLNonNull(UPLOAD)),
            "fieldMetadataId": GraphQLArgument(GraphQLString),
            "fieldMetadataUniversalIdentifier": GraphQLArgument(GraphQLString),
        },
    ),
}


def core_fields(view: Catalog) -> tuple[Mapping[str, GraphQLField], Mapping[str, GraphQLField]]:
    """Return the core fields of a view's schema: queries and mutations.

    A workspace may have an object by the name of one of their types from before they were there; it keeps its name, and
    goes without these fields.
    """
    taken = {owner.type_name for owner in view.objects}
    return ({}, {}) if any(kind.name in taken for kind in TYPES) else (QUERIES, MUTATIONS)
