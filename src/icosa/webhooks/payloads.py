"""SQL for the body of a request: what receivers made for Twenty read, and a few keys more (`webhooks.md` section 3).

Aliases: `d` is the delivery, `w` its webhook, `e` the event, `o` the event's object. The body is written anew for each
attempt, out of what does not change any more, so that it stays the same and is kept only once.
"""

from __future__ import annotations

from icosa.events.texts import BOOKKEEPING, DATE, WITH_CHANGES, actor_ids, entries, optional, previous

LONGEST_RECORD = 256 * 1024

RECORD = "coalesce(e.after, e.before)::text"
CHANGED_KEY = "(c.key = 'id' OR c.key = ANY(e.changed) OR c.key = ANY(SELECT name || 'Id' FROM unnest(e.changed) name))"
IS_LONG = f"(w.payload = 'full' AND octet_length({RECORD}) > {LONGEST_RECORD})"
HEAD = """
    '{"targetUrl":' || to_json(w.target_url) || ',"eventName":' || to_json(d.event_name)
"""
PLACE = f"""
    ',"workspaceId":"' || w.workspace_id || '","webhookId":"' || w.id || '","eventDate":"' || {DATE} || '"'
"""
TAIL = """
    ',"id":"' || d.id || '","sequence":' || d.position
"""
SHOWN = f"""
    CASE WHEN w.payload = 'thin' THEN '{{"id":"' || e.record_id || '"}}'
        WHEN {IS_LONG} THEN {entries("coalesce(e.after, e.before)", CHANGED_KEY)}
        ELSE {RECORD} END
"""
CHANGES = f"CASE WHEN {WITH_CHANGES} THEN array_to_json(e.changed)::text END"
OLD_VALUES = f"CASE WHEN w.payload = 'full' AND NOT {IS_LONG} THEN {previous()} END"
OF_RECORD = " || ".join(
    (
        HEAD,
        """',"objectMetadata":{"id":"' || o.id || '","nameSingular":' || to_json(o.name_singular) || '}'""",
        PLACE,
        actor_ids("userId", "workspaceMemberId"),
        f"""',"record":' || {SHOWN}""",
        optional("updatedFields", CHANGES),
        TAIL,
        actor_ids("apiKeyId"),
        optional("previousRecord", OLD_VALUES),
        f"""CASE WHEN {IS_LONG} THEN ',"truncated":true' ELSE '' END""",
        "'}'",
    )
)

DIFFERENT = f"c.key <> ALL('{BOOKKEEPING}') AND c.value::text IS DISTINCT FROM (e.before -> c.key)::text"
DIFF = f"""
    (SELECT '{{' || coalesce(string_agg(
        to_json(c.key)::text || ':{{"before":' || coalesce((e.before -> c.key)::text, 'null') || ',"after":' || c.value::text || '}}',
        ','), '') || '}}' FROM json_each(e.after) c WHERE {DIFFERENT})
"""
PROPERTIES = f"""
    CASE e.action
        WHEN 'created' THEN '{{"after":' || e.after::text || '}}'
        WHEN 'deleted' THEN '{{"before":' || e.before::text || '}}'
        ELSE '{{"before":' || e.before::text || ',"after":' || e.after::text
            || ',"updatedFields":' || array_to_json(e.changed)::text || ',"diff":' || {DIFF} || '}}' END
"""
OF_MODEL = " || ".join(
    (
        HEAD,
        PLACE,
        actor_ids("userId", "apiKeyId"),
        """',"event":{"type":"' || e.action || '","metadataName":' || to_json(e.kind)""",
        f"""',"recordId":"' || e.record_id || '","properties":' || {PROPERTIES} || '}}'""",
        TAIL,
        "'}'",
    )
)
BODY = f"CASE WHEN e.kind IS NULL THEN {OF_RECORD} ELSE {OF_MODEL} END"
