"""Soft deletes, restores and destroys, with what goes along with them."""

from __future__ import annotations

from uuid import UUID

from icosa.catalog.model import Catalog, Field, Object
from icosa.catalog.standard_rules import carried_along
from icosa.naming import literal, quoted
from icosa.plan.writes import Removal, Remove
from icosa.sql.creates import ACTOR, answer_of
from icosa.sql.events import answer_pieces, event_record, event_row, insert_events, open_document
from icosa.sql.pages import PageWriter
from icosa.sql.scope import Aliases
from icosa.sql.statement import Statement
from icosa.sql.text import Const, Expr, concat
from icosa.sql.updates import locked_rows


def compile_remove(full: Catalog, view: Catalog, plan: Remove) -> Statement:
    """Return the statement of a delete, restore or destroy.

    Parameter `$1` is the JSON of the columns of `updatedBy`, `$2` the actor; the plan's values follow.
    """
    return _Removal(full, view, plan).statement()


class _Removal:
    """One statement in the making: its WITH entries and the events they lead to."""

    def __init__(self, full: Catalog, view: Catalog, plan: Remove) -> None:
        self.full = full
        self.plan = plan
        self.owner = full.by_id[plan.target.source.object.id]
        self.writer = PageWriter(view, Aliases())
        self.entries = [f"before AS MATERIALIZED ({locked_rows(full, plan.target)})"]
        self.events: list[str] = []
        self.followed: set[UUID] = set()

    def statement(self) -> Statement:
        """Return the finished statement."""
        if self.plan.removal is Removal.DESTROY:
            told = self._destroy()
        else:
            told = self._mark()
        event = event_record(self.owner)
        record = answer_pieces(self.writer, self.plan.record, event, "r", "d.text")
        order = "r.id" if self.plan.target.id is None else None
        answer = answer_of(self.plan.keys, record, f"{told} r JOIN document d ON d.id = r.id", order)
        events = f"event AS ({insert_events(self.full, ACTOR, self.events)})"
        return Statement(f"WITH {', '.join([*self.entries, events])} SELECT {answer} AS body FROM (SELECT $1::jsonb) x")

    def _document(self, rows: str, extra: str = "", join: str = "") -> None:
        text = open_document(self.writer, event_record(self.owner), "a")
        self.entries.append(f"document AS MATERIALIZED (SELECT a.id, {text} AS text{extra} FROM {rows} a{join})")

    def _mark(self) -> str:
        deleting = self.plan.removal is Removal.DELETE
        moment = 'coalesce(b."deletedAt", now())' if deleting else "NULL"
        stamps = ", ".join(
            f"{quoted(leaf.column)} = u.{quoted(leaf.column)}" for leaf in self.owner.field_by_name["updatedBy"].leaves
        )
        types = ", ".join(
            f"{quoted(leaf.column)} {leaf.type.pg_type}" for leaf in self.owner.field_by_name["updatedBy"].leaves
        )
        self.entries.append(
            f'after AS (UPDATE {self.owner.sql_name} r SET "deletedAt" = {moment}, "updatedAt" = now(), {stamps} '
            f"FROM before b, jsonb_to_record($1::jsonb) AS u({types}) WHERE r.id = b.id RETURNING r.*)"
        )
        was_done = f'b."deletedAt" IS {"NOT NULL" if deleting else "NULL"}'
        self._document("after", f", {was_done} AS was_done", " JOIN before b ON b.id = a.id")
        action = f"CASE WHEN d.was_done THEN 'updated' ELSE {literal(self.plan.removal.value)} END"
        changed = "CASE WHEN d.was_done THEN '{}' ELSE '{deletedAt}' END"
        self.events.append(
            f"SELECT {event_row(self.owner, 'd', action, changed=changed, after=CLOSED)} FROM document d"
        )
        for number, carried in enumerate(carried_along(self.full, self.owner)):
            self._carry(number, carried, deleting=deleting)
        return "after"

    def _carry(self, number: int, carried: Field, *, deleting: bool) -> None:
        target, inverse = self.full.target(carried), self.full.inverse(carried)
        if target is None or inverse is None:
            return
        name = f"carried{number}"
        state = 'c."deletedAt" IS NULL' if deleting else 'c."deletedAt" >= b."deletedAt"'
        self.entries.append(
            f'{name} AS (UPDATE {target.sql_name} c SET "deletedAt" = {"now()" if deleting else "NULL"}, "updatedAt" = now() '
            f"FROM before b WHERE c.{inverse.join_sql} = b.id AND {state} RETURNING c.*)"
        )
        after = self.writer.record(event_record(target), "c")
        row = event_row(target, "c", literal(self.plan.removal.value), changed="'{deletedAt}'", after=after)
        self.events.append(f"SELECT {row} FROM {name} c")

    def _destroy(self) -> str:
        self.entries.append(
            f"gone AS (DELETE FROM {self.owner.sql_name} r USING before b WHERE r.id = b.id RETURNING r.*)"
        )
        self._document("gone")
        self.events.append(f"SELECT {event_row(self.owner, 'd', DESTROYED, before=CLOSED)} FROM document d")
        self.followed = {self.owner.id}
        self._follow(self.owner, "gone")
        return "gone"

    def _follow(self, parent: Object, rows: str) -> None:
        """Do with an event what the foreign keys would do in silence, as deep as records go along.

        One statement may change a row once only, so each table is followed into once; the rest is left to the foreign
        keys, and a `touched` event tells that nothing kept of the table holds any longer, nor of those that follow it.
        """
        gone = []
        for child in self.full.objects:
            for each in child.fields:
                relation = each.relation
                if relation is None or not relation.many_to_one or relation.target_object_id != parent.id:
                    continue
                if relation.on_delete not in {"CASCADE", "SET_NULL"}:
                    continue
                if child.id in self.followed:
                    reached = self._reached(child) if relation.on_delete == "CASCADE" else {child: None}
                    self.events.extend(f"SELECT {event_row(one, 'b', TOUCHED)} FROM {rows} b" for one in reached)
                    continue
                self.followed.add(child.id)
                name = f"follow{len(self.entries)}"
                if relation.on_delete == "CASCADE":
                    self._take_along(child, each, name, rows)
                    gone.append((child, name))
                else:
                    self._empty(child, each, name, rows)
        for child, name in gone:
            self._follow(child, name)

    def _reached(self, parent: Object) -> dict[Object, None]:
        """Return the objects that the foreign keys change when records of one are destroyed, it included."""
        reached = {parent: None}
        cascading = [parent]
        while cascading:
            gone = cascading.pop()
            for child in self.full.objects:
                for relation in (each.relation for each in child.fields):
                    if relation is None or not relation.many_to_one or relation.target_object_id != gone.id:
                        continue
                    if relation.on_delete == "CASCADE" and child not in reached:
                        cascading.append(child)
                    if relation.on_delete in {"CASCADE", "SET_NULL"}:
                        reached[child] = None
        return reached

    def _take_along(self, child: Object, each: Field, name: str, rows: str) -> None:
        column = each.join_sql
        self.entries.append(
            f"{name} AS (DELETE FROM {child.sql_name} c USING {rows} b WHERE c.{column} = b.id RETURNING c.*)"
        )
        before = self.writer.record(event_record(child), "c")
        self.events.append(f"SELECT {event_row(child, 'c', DESTROYED, before=before)} FROM {name} c")

    def _empty(self, child: Object, each: Field, name: str, rows: str) -> None:
        column = each.join_sql
        self.entries.append(
            f'{name} AS (UPDATE {child.sql_name} c SET {column} = NULL, "updatedAt" = now() '
            f"FROM {rows} b WHERE c.{column} = b.id RETURNING c.*, b.id AS _former)"
        )
        after = self.writer.record(event_record(child), "c")
        former = concat([Const(f'{{"{each.join_column}":"'), Expr("c._former"), Const('"}')])
        row = event_row(child, "c", "'updated'", changed=f"ARRAY[{literal(each.name)}]", before=former, after=after)
        self.events.append(f"SELECT {row} FROM {name} c")


CLOSED = "(d.text || '}')"
DESTROYED = "'destroyed'"
TOUCHED = "'touched'"
