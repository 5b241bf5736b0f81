"""The statements that make timeline activities of published events (`data-model.md`, "Timeline events")."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from icosa.catalog.model import Catalog, Field, Object
from icosa.naming import literal

MERGED_WITHIN = "interval '10 minutes'"
LINKS = (("note", "noteTarget"), ("task", "taskTarget"))


@dataclass(frozen=True)
class TimelineSql:
    """The statements that make a workspace's timeline activities.

    Args:
        catalog: the whole model.
        timeline: its object of timeline activities.
    """

    catalog: Catalog
    timeline: Object

    @cached_property
    def targets(self) -> Mapping[UUID, Field]:
        """The field that leads to the record, by its object."""
        return _leads(self.timeline)

    @cached_property
    def links(self) -> frozenset[UUID]:
        """The objects whose events tell of other objects' records too."""
        names = {name for pair in LINKS for name in pair}
        return frozenset(each.id for each in self.catalog.objects if each.name_singular in names)

    @cached_property
    def sources(self) -> str:
        """SQL that finds the objects of the events after `$1`, up to `$2`."""
        return f"""
            SELECT DISTINCT e.object_id FROM {self.catalog.published_table} p JOIN {self.catalog.event_table} e USING (sequence)
            WHERE p.position > $1 AND p.position <= $2
        """

    @cached_property
    def subjects(self) -> str:
        """SQL that finds the objects whose records the events after `$1`, up to `$2`, tell of."""
        return f"""
            WITH {self._told("NULL::jsonb")}, entry AS ({" UNION ALL ".join(self._entries(self.targets))})
            SELECT DISTINCT object_id FROM entry
        """

    def statement(self, subjects: Collection[UUID]) -> str:
        """Return SQL that turns the events after `$1`, up to `$2`, into activities.

        Events of one name, by one member, on one record, are one activity when they lie within ten minutes. A record's creation
        has nothing to be one with.

        Args:
            subjects: the objects that the events tell of; a statement about every object of a large model takes PostgreSQL
                a quarter of a second to plan, and locks all their tables.
        """
        targets = {each: field for each, field in self.targets.items() if each in subjects}
        return f"""
            WITH {self._told("CASE WHEN e.action = 'updated' THEN core.event_diff(e.before, e.after) END")}, entry AS (
                {" UNION ALL ".join(self._entries(targets))}
            ), merged AS MATERIALIZED (
                SELECT name, object_id, record_id, member, linked_object, linked_id, max(linked_name) AS linked_name,
                    min(happened_at) AS first, max(happened_at) AS last,
                    CASE count(diff) WHEN 0 THEN NULL WHEN 1 THEN (array_agg(diff) FILTER (WHERE diff IS NOT NULL))[1]
                        ELSE core.merged_diff(array_agg(diff ORDER BY position)) END AS diff
                FROM entry WHERE NOT is_creation GROUP BY name, object_id, record_id, member, linked_object, linked_id
            ), matched AS MATERIALIZED (
                SELECT m.*, r.id AS recent FROM merged m LEFT JOIN LATERAL (
                    {" UNION ALL ".join(self._recent(targets))} ORDER BY 2 DESC LIMIT 1
                ) r ON true
                UNION ALL
                SELECT name, object_id, record_id, member, linked_object, linked_id, linked_name, happened_at, happened_at, diff,
                    NULL::uuid
                FROM entry WHERE is_creation
            ), changed AS (
                UPDATE {self.timeline.sql_name} t SET
                    "happensAt" = m.last, "updatedAt" = now(),
                    properties = CASE WHEN m.diff IS NULL THEN t.properties ELSE jsonb_build_object(
                        'diff', core.merged_diff(ARRAY[t.properties -> 'diff', m.diff])) END
                FROM matched m WHERE t.id = m.recent
            ), made AS (
                INSERT INTO {self.timeline.sql_name} (
                    name, "happensAt", properties, "workspaceMemberId", "linkedRecordCachedName", "linkedRecordId",
                    "linkedObjectMetadataId", {", ".join(field.join_sql for field in targets.values())}
                )
                SELECT m.name, m.last, CASE WHEN m.diff IS NOT NULL THEN jsonb_build_object('diff', m.diff) END,
                    {self._there("workspaceMember", "m.member")}, m.linked_name, m.linked_id, m.linked_object,
                    {", ".join(self._target(object_id) for object_id in targets)}
                FROM matched m WHERE m.recent IS NULL
            )
            INSERT INTO {self.catalog.event_table} (object_id, record_id, action)
            SELECT '{self.timeline.id}', '{UUID(int=0)}', 'touched' WHERE EXISTS (SELECT FROM matched)
        """

    def _told(self, diff: str) -> str:
        """Return the WITH entry of the events; documents are large, and only those of notes, tasks and their links are needed."""
        links = ", ".join(f"'{each}'" for each in self.links) or "NULL"
        return f"""
            told AS MATERIALIZED (
                SELECT p.position, e.happened_at, e.object_id, e.record_id, e.action, o.name_singular,
                    (e.actor ->> 'workspaceMemberId')::uuid AS member, {diff} AS diff,
                    CASE WHEN e.object_id IN ({links}) THEN coalesce(e.after, e.before) END AS document
                FROM {self.catalog.published_table} p
                JOIN {self.catalog.event_table} e USING (sequence)
                JOIN core.object_metadata o ON o.id = e.object_id AND o.is_audit_logged
                WHERE p.position > $1 AND p.position <= $2 AND (e.action <> 'updated' OR e.changed <> '{{}}')
            )
        """

    def _entries(self, targets: Mapping[UUID, Field]) -> Iterator[str]:
        """Yield SELECTs of entries: of a record's own events, and of those of notes and tasks about it."""
        own = ", ".join(f"'{each}'" for each in targets)
        yield (
            "SELECT t.position, t.happened_at, t.name_singular || '.' || t.action AS name, t.object_id, t.record_id, t.member, "
            "t.diff, NULL::uuid AS linked_object, NULL::uuid AS linked_id, NULL::text AS linked_name, "
            "t.action = 'created' AS is_creation "
            f"FROM told t WHERE t.object_id IN ({own})"
        )
        for name, link_name in LINKS:
            owner, link = self.catalog.by_singular.get(name), self.catalog.by_singular.get(link_name)
            if owner is None or link is None:
                continue
            leads = {each: field for each, field in _leads(link).items() if each in targets}
            if leads:
                yield self._of_linked(owner, link, leads)
                yield self._of_links(owner, link, leads)

    def _of_linked(self, owner: Object, link: Object, leads: Mapping[UUID, Field]) -> str:
        """Return entries for the records that a changed note or task is about."""
        pairs = ", ".join(f"('{each}'::uuid, l.{lead.join_sql})" for each, lead in leads.items())
        return (
            f"SELECT t.position, t.happened_at, {literal(f'linked-{owner.name_singular}.')} || t.action, x.object_id, x.record_id, "
            "t.member, t.diff, t.object_id, t.record_id, t.document ->> 'title', false "
            f'FROM told t JOIN {link.sql_name} l ON l."{owner.name_singular}Id" = t.record_id AND l."deletedAt" IS NULL '
            f"CROSS JOIN LATERAL (VALUES {pairs}) x(object_id, record_id) "
            f"WHERE t.object_id = '{owner.id}' AND t.action <> 'created' AND x.record_id IS NOT NULL"
        )

    def _of_links(self, owner: Object, link: Object, leads: Mapping[UUID, Field]) -> str:
        """Return entries for the records to which a note or task was just linked."""
        pairs = ", ".join(
            f"('{each}'::uuid, (t.document ->> {literal(str(lead.join_column))})::uuid)" for each, lead in leads.items()
        )
        key = f"{owner.name_singular}Id"
        return (
            f"SELECT t.position, t.happened_at, {literal(f'linked-{owner.name_singular}.created')}, x.object_id, x.record_id, "
            f"t.member, NULL::jsonb, '{owner.id}'::uuid, l.id, l.title, false "
            f"FROM told t JOIN {owner.sql_name} l ON l.id = (t.document ->> {literal(key)})::uuid "
            f"CROSS JOIN LATERAL (VALUES {pairs}) x(object_id, record_id) "
            f"WHERE t.object_id = '{link.id}' AND t.action = 'created' AND x.record_id IS NOT NULL"
        )

    def _recent(self, targets: Mapping[UUID, Field]) -> Iterator[str]:
        """Yield SELECTs of the activity that an entry `m` adds to, one for each object that it may be on."""
        for object_id, field in targets.items():
            yield (
                f'(SELECT a.id, a."happensAt" FROM {self.timeline.sql_name} a '
                f"WHERE m.object_id = '{object_id}' AND a.{field.join_sql} = m.record_id AND a.name = m.name "
                'AND a."workspaceMemberId" IS NOT DISTINCT FROM m.member AND a."linkedRecordId" IS NOT DISTINCT FROM m.linked_id '
                f'AND a."happensAt" > m.first - {MERGED_WITHIN} AND a."deletedAt" IS NULL)'
            )

    def _target(self, object_id: UUID) -> str:
        """Return SQL for the id of an entry's record where it is one of an object, and still there."""
        owner = self.catalog.by_id[object_id]
        return f"CASE WHEN m.object_id = '{object_id}' THEN {self._there(owner.name_singular, 'm.record_id')} END"

    def _there(self, name: str, identifier: str) -> str:
        return f"(SELECT there.id FROM {self.catalog.by_singular[name].sql_name} there WHERE there.id = {identifier})"


def _leads(link: Object) -> Mapping[UUID, Field]:
    """Return the fields that lead to a record, by its object."""
    return {
        each.relation.target_object_id: each
        for each in link.fields
        if each.morph_name == "target" and each.relation is not None
    }
