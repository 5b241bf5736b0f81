"""The webhooks of an object: what is sent when its records change (`webhooks.md` section 3)."""

from __future__ import annotations

from icosa.catalog.model import Object
from icosa.fields.json_schema import JsonSchema
from icosa.openapi.components import Names, body, reference
from icosa.openapi.records import RecordNames
from icosa.openapi.shared import UUID

ACTIONS = ("created", "updated", "deleted", "restored", "destroyed")
WITH_CHANGES = frozenset({"updated", "deleted", "restored"})
TEXT: JsonSchema = {"type": "string"}
# A tag of their own: generators write one file for each, and a webhook's would take the place of the object's.
TAG: JsonSchema = {"name": "Webhook events", "description": "What the server sends to the webhooks that want it."}
HEADERS = (
    ("X-Twenty-Webhook-Timestamp", "Milliseconds since 1970."),
    ("X-Twenty-Webhook-Signature", "Hex HMAC-SHA256 of `<timestamp>:<body>` with the secret."),
    ("X-Twenty-Webhook-Nonce", "32 random hex digits, not signed."),
    ("webhook-id", "The delivery; the same when it is repeated."),
    ("webhook-timestamp", "Seconds since 1970."),
    ("webhook-signature", "`v1,` and the base64 HMAC-SHA256 of `<id>.<timestamp>.<body>`."),
)
PARAMETERS = [{"name": name, "in": "header", "description": told, "schema": TEXT} for name, told in HEADERS]


def webhooks(owner: Object, names: RecordNames, ids: Names) -> dict[str, JsonSchema]:
    """Return the five webhooks of an object by name."""
    return {
        f"{owner.type_name} {action.capitalize()}": {"post": _webhook(owner, names, action, ids)} for action in ACTIONS
    }


def _webhook(owner: Object, names: RecordNames, action: str, ids: Names) -> JsonSchema:
    record = reference(names.answer)
    properties: JsonSchema = {
        "targetUrl": {"type": "string", "format": "uri"},
        "eventName": {"type": "string", "const": f"{owner.name_singular}.{action}"},
        "objectMetadata": {
            "type": "object",
            "properties": {"id": UUID, "nameSingular": TEXT},
            "required": ["id", "nameSingular"],
        },
        "workspaceId": UUID,
        "webhookId": UUID,
        "eventDate": {"type": "string", "format": "date-time"},
        "userId": {**UUID, "description": "Absent when an API key did it."},
        "workspaceMemberId": {**UUID, "description": "Absent when an API key did it."},
        "apiKeyId": {**UUID, "description": "Present when an API key did it."},
        "record": record,
    }
    if action in WITH_CHANGES:
        properties["updatedFields"] = {"type": "array", "items": TEXT}
        properties["previousRecord"] = {"type": "object", "description": "The old values of the changed fields."}
    optional = {"userId", "workspaceMemberId", "apiKeyId", "previousRecord"}
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
        "parameters": PARAMETERS,
        "requestBody": body(schema),
        "responses": {"200": {"description": "Any 2xx says that it has arrived; all else is tried again."}},
    }
