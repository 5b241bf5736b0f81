"""The webhooks of an object: what is sent when its records change (`webhooks.md` section 3)."""

from __future__ import annotations

from icosa.catalog.model import Object
from icosa.fields.json_schema import LONG, TEXT, JsonSchema
from icosa.openapi.changes import ACTIONS
from icosa.openapi.components import Names, body, reference
from icosa.openapi.records import RecordNames
from icosa.openapi.shared import UUID

WITH_CHANGES = frozenset({"updated", "deleted", "restored"})
# A tag of their own: generators write one file for each, and a webhook's would take the place of the object's.
TAG: JsonSchema = {
    "name": "Webhook events",
    # Told once, and not with each of an object's five webhooks: a document of 60 objects has to stay below 2 MB.
    "description": (
        "What the server sends to the webhooks that want it. A thin webhook is sent a record's `id` alone; of a record over "
        "256 kB, `truncated`, it is sent only what changed. `userId` and `workspaceMemberId` are there when a person did it, "
        "`apiKeyId` when an API key did."
    ),
}


def _header(name: str, description: str) -> JsonSchema:
    return {"name": name, "in": "header", "description": description, "schema": dict(TEXT)}


HEADERS: dict[str, JsonSchema] = {
    "twentyTimestamp": _header("X-Twenty-Webhook-Timestamp", "Milliseconds since 1970."),
    "twentySignature": _header(
        "X-Twenty-Webhook-Signature", "Hex HMAC-SHA256 of `<timestamp>:<body>` with the secret."
    ),
    "twentyNonce": _header("X-Twenty-Webhook-Nonce", "32 random hex digits, not signed."),
    "webhookId": _header("webhook-id", "The delivery; the same when it is repeated."),
    "webhookTimestamp": _header("webhook-timestamp", "Seconds since 1970."),
    "webhookSignature": _header("webhook-signature", "`v1,` and the base64 HMAC-SHA256 of `<id>.<timestamp>.<body>`."),
}


def webhooks(owner: Object, names: RecordNames, ids: Names) -> dict[str, JsonSchema]:
    """Return the five webhooks of an object by name."""
    return {
        f"{owner.type_name} {action.capitalize()}": {"post": _webhook(owner, names, action, ids)} for action in ACTIONS
    }


def _webhook(owner: Object, names: RecordNames, action: str, ids: Names) -> JsonSchema:
    properties: JsonSchema = {
        "targetUrl": {"type": "string", "format": "uri"},
        "eventName": {"type": "string", "const": f"{owner.name_singular}.{action}"},
        "objectMetadata": reference("ChangedObject"),
        "workspaceId": UUID,
        "webhookId": UUID,
        "eventDate": {"type": "string", "format": "date-time"},
        "userId": UUID,
        "workspaceMemberId": UUID,
        "apiKeyId": UUID,
        "record": reference(names.answer),
        "id": {**UUID, "description": "The delivery's, as in `webhook-id`."},
        "sequence": {**LONG, "description": "The event's place in the change feed."},
        "truncated": {"type": "boolean"},
    }
    if action in WITH_CHANGES:
        properties["updatedFields"] = {"type": "array", "items": dict(TEXT)}
        properties["previousRecord"] = {"type": "object", "description": "The old values of the changed fields."}
    optional = {"userId", "workspaceMemberId", "apiKeyId", "previousRecord", "truncated"}
    schema = {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }
    return {
        "tags": [TAG["name"]],
        "summary": f"{owner.type_name} {action}",
        "operationId": ids.claim(f"on{owner.type_name}{action.capitalize()}"),
        "security": [],
        "parameters": list(HEADERS.values()),
        "requestBody": body(schema),
        "responses": {"200": {"description": "Any 2xx says that it has arrived; all else is tried again."}},
    }
