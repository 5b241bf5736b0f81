"""Roles that people make and change: labels, rights by object and field, flags (`metadata.md` section 12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from icosa.access.audit import Actor, audit
from icosa.access.changes import Change, ChangeKind, announce
from icosa.access.permissions import SETTINGS_FLAGS, TOOL_FLAGS
from icosa.access.texts import checked_text
from icosa.access.workspaces import keep_an_admin
from icosa.catalog.model import Catalog
from icosa.errors import BadInput, Forbidden, NotFound
from icosa.store.database import Database

LONGEST = 100
COLUMNS: Mapping[str, str] = {
    "canUpdateAllSettings": "can_update_all_settings",
    "canAccessAllTools": "can_access_all_tools",
    "canReadAllObjectRecords": "can_read_all_object_records",
    "canUpdateAllObjectRecords": "can_update_all_object_records",
    "canSoftDeleteAllObjectRecords": "can_soft_delete_all_object_records",
    "canDestroyAllObjectRecords": "can_destroy_all_object_records",
    "canBeAssignedToUsers": "can_be_assigned_to_users",
    "canBeAssignedToAgents": "can_be_assigned_to_agents",
    "canBeAssignedToApiKeys": "can_be_assigned_to_api_keys",
}
WRITES = ("can_update_all_object_records", "can_soft_delete_all_object_records", "can_destroy_all_object_records")
OBJECT_RIGHTS: Mapping[str, str] = {
    "canReadObjectRecords": "can_read",
    "canUpdateObjectRecords": "can_update",
    "canSoftDeleteObjectRecords": "can_soft_delete",
    "canDestroyObjectRecords": "can_destroy",
}
CODE = "INVALID_ROLE_INPUT"


class RoleRefused(BadInput):
    """A rule of roles that is broken; protocols tell it as a validation report."""


class RoleEditing:
    """Makes and changes the roles of one workspace.

    Args:
        database: where they are.
        workspace_id: whose.
        by: who changes them.
        changed: called after each change is committed; `Authenticator.forget` in a server.
    """

    def __init__(self, database: Database, workspace_id: UUID, by: Actor, changed: Callable[[Change], None]) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._by = by
        self._changed = changed

    async def create(self, given: Mapping[str, Any]) -> UUID:
        """Make a role; what is not given is not allowed, but it may be given to anybody.

        Raises:
            RoleRefused: the label is taken, writing without reading.
            BadInput: a bad label.
        """
        row = _columns(given)
        row["label"] = checked_text(str(given.get("label") or ""), "label", LONGEST, CODE)
        _check_reading(row)
        names = sorted(row)
        places = ", ".join(f"${number + 2}" for number in range(len(names)))
        sql = f"insert into core.role (workspace_id, {', '.join(names)}) values ($1, {places}) returning id"
        try:
            async with self._database.transaction() as connection:
                made: UUID = await connection.fetchval(sql, self._workspace_id, *(row[name] for name in names))
                await audit(connection, self._by, self._workspace_id, "role.created", made, label=row["label"])
        except asyncpg.UniqueViolationError:
            raise _taken(row["label"]) from None
        return made

    async def update(self, role_id: UUID, given: Mapping[str, Any]) -> None:
        """Change a role.

        Raises:
            NotFound: there is no such role.
            RoleRefused: see `create`; a role that may not be changed.
        """
        row = _columns(given)
        if given.get("label") is not None:
            row["label"] = checked_text(str(given["label"]), "label", LONGEST, CODE)
        async with self._database.transaction() as connection:
            before = await self._role(connection, role_id)
            self._check_editable(before)
            _check_reading({**dict(before), **row})
            if row:
                names = sorted(row)
                columns = ", ".join(f"{name} = ${number + 2}" for number, name in enumerate(names))
                try:
                    await connection.execute(
                        f"update core.role set {columns}, updated_at = now() where id = $1",
                        role_id,
                        *(row[name] for name in names),
                    )
                except asyncpg.UniqueViolationError:
                    raise _taken(row["label"]) from None
            await self._announce(connection, role_id, "role.changed")
        self._tell(role_id)

    async def delete(self, role_id: UUID) -> None:
        """Delete a role; the people who had it get the default one.

        Raises:
            NotFound: there is no such role.
            Forbidden: Admin, or the default role.
            BadInput: keys have it, and the default role may not be given to keys.
        """
        async with self._database.transaction() as connection:
            role = await self._role(connection, role_id)
            default = await connection.fetchrow(
                "select r.* from core.role r join core.workspace w on w.default_role_id = r.id where w.id = $1",
                self._workspace_id,
            )
            if not role["is_editable"]:
                raise Forbidden("The role Admin cannot be deleted", "CANNOT_UNASSIGN_LAST_ADMIN")
            if default is None or default["id"] == role_id:
                raise Forbidden("The default role cannot be deleted", "DEFAULT_ROLE_CANNOT_BE_DELETED")
            keys = await connection.fetchval("select count(*) from core.api_key where role_id = $1", role_id)
            if keys and not default["can_be_assigned_to_api_keys"]:
                raise BadInput("API keys have this role, and the default role may not be given to keys", CODE)
            for table in ("user_workspace", "api_key"):
                await connection.execute(
                    f"update core.{table} set role_id = $2 where role_id = $1", role_id, default["id"]
                )
            await connection.execute("delete from core.role where id = $1", role_id)
            await self._announce(connection, role_id, "role.deleted")
        self._tell(role_id)

    async def set_objects(self, catalog: Catalog, role_id: UUID, entries: Sequence[Mapping[str, Any]]) -> None:
        """Replace a role's rights by object; within a named object what is not sent keeps its value.

        Raises:
            NotFound: there is no such role or object.
            Forbidden: a system object.
            BadInput: writing without reading, nothing given.
        """
        if not entries:
            raise BadInput("objectPermissions: at least one is required", CODE)
        async with self._database.transaction() as connection:
            role = await self._role(connection, role_id)
            self._check_editable(role)
            before = {
                row["object_id"]: row
                for row in await connection.fetch("select * from core.object_permission where role_id = $1", role_id)
            }
            kept = []
            for entry in entries:
                owner = catalog.by_id.get(UUID(str(entry["objectMetadataId"])))
                if owner is None:
                    raise NotFound("There is no such object", "OBJECT_METADATA_NOT_FOUND")
                if owner.is_system:
                    raise Forbidden(
                        "Rights on system objects cannot be changed", "CANNOT_ADD_OBJECT_PERMISSION_ON_SYSTEM_OBJECT"
                    )
                kept.append((owner.id, *_object_rights(entry, before.get(owner.id), role)))
            await connection.execute("delete from core.object_permission where role_id = $1", role_id)
            await connection.executemany(
                "insert into core.object_permission (role_id, object_id, can_read, can_update, can_soft_delete, can_destroy) "
                "values ($1, $2, $3, $4, $5, $6) on conflict (role_id, object_id) do update set can_read = excluded.can_read, "
                "can_update = excluded.can_update, can_soft_delete = excluded.can_soft_delete, "
                "can_destroy = excluded.can_destroy",
                [(role_id, *each) for each in kept],
            )
            await self._announce(connection, role_id, "role.object_permissions_changed")
        self._tell(role_id)

    async def set_fields(self, catalog: Catalog, role_id: UUID, entries: Sequence[Mapping[str, Any]]) -> None:
        """Restrict fields, or take restrictions away; on a relation the other end follows.

        Raises:
            NotFound: there is no such role, object or field.
            BadInput: something other than a restriction, a field twice, two ends that contradict each other.
        """
        rights: dict[UUID, tuple[UUID, bool | None, bool | None]] = {}
        async with self._database.transaction() as connection:
            self._check_editable(await self._role(connection, role_id))
            named = [UUID(str(entry["fieldMetadataId"])) for entry in entries]
            if len(set(named)) < len(named):
                raise BadInput("fieldPermissions: a field stands twice", CODE)
            for entry, field_id in zip(entries, named, strict=True):
                read, update = entry.get("canReadFieldValue"), entry.get("canUpdateFieldValue")
                if read is True or update is True:
                    raise BadInput("fieldPermissions: a field can only be restricted", "ONLY_FIELD_RESTRICTION_ALLOWED")
                each = catalog.field_by_id.get(field_id)
                if each is None or str(each.object_id) != str(entry["objectMetadataId"]).lower():
                    raise NotFound("There is no such field on the object", "FIELD_METADATA_NOT_FOUND")
                if read is False and catalog.by_id[each.object_id].label_identifier_field_id == each.id:
                    raise BadInput(f"{each.name}: the label identifier stays readable", CODE)
                other = catalog.inverse(each)
                for one in (each, other) if other is not None else (each,):
                    value = (one.object_id, read, update)
                    if rights.setdefault(one.id, value) != value:
                        raise BadInput(f"{one.name}: the two ends of the relation contradict each other", CODE)
            for field_id, (object_id, read, update) in rights.items():
                if read is None and update is None:
                    await connection.execute(
                        "delete from core.field_permission where role_id = $1 and field_id = $2", role_id, field_id
                    )
                    continue
                await connection.execute(
                    "insert into core.field_permission (role_id, object_id, field_id, can_read, can_update) "
                    "values ($1, $2, $3, $4, $5) on conflict (role_id, field_id) "
                    "do update set can_read = excluded.can_read, can_update = excluded.can_update",
                    role_id,
                    object_id,
                    field_id,
                    read,
                    update,
                )
            await self._announce(connection, role_id, "role.field_permissions_changed")
        self._tell(role_id)

    async def set_flags(self, role_id: UUID, flags: Sequence[str]) -> None:
        """Replace a role's flags.

        Raises:
            NotFound: there is no such role.
            BadInput: an unknown flag.
        """
        unknown = sorted(set(flags) - SETTINGS_FLAGS - TOOL_FLAGS)
        if unknown:
            raise BadInput(f"permissionFlagKeys: there is no flag '{unknown[0]}'", CODE)
        async with self._database.transaction() as connection:
            self._check_editable(await self._role(connection, role_id))
            await connection.execute(
                "delete from core.permission_flag where role_id = $1 and flag <> all($2::text[])", role_id, list(flags)
            )
            await connection.execute(
                "insert into core.permission_flag (role_id, flag) select $1, unnest($2::text[]) on conflict do nothing",
                role_id,
                list(flags),
            )
            await self._announce(connection, role_id, "role.flags_changed")
        self._tell(role_id)

    async def give_to_member(self, member_id: UUID, role_id: UUID, caller_member: UUID | None) -> None:
        """Give a workspace member another role.

        Raises:
            NotFound: there is no such member or role.
            Forbidden: nobody changes the own role; the last Admin stays one.
            BadInput: a role that people may not have.
        """
        if member_id == caller_member:
            raise Forbidden("Nobody changes the own role", "CANNOT_UPDATE_SELF_ROLE")
        async with self._database.transaction() as connection:
            role = await self._role(connection, role_id)
            if not role["can_be_assigned_to_users"]:
                raise BadInput("roleId: this role may not be given to people", "ROLE_NOT_ASSIGNABLE")
            if role["is_editable"]:
                await keep_an_admin(connection, self._workspace_id, member_id)
            row = await connection.fetchrow(
                "update core.user_workspace set role_id = $3 where workspace_id = $1 and workspace_member_id = $2 "
                "and deleted_at is null returning user_id",
                self._workspace_id,
                member_id,
                role_id,
            )
            if row is None:
                raise NotFound("There is no such workspace member", "USER_WORKSPACE_NOT_FOUND")
            await self._announce(connection, role_id, "role.given")
        self._tell(role_id)

    async def _role(self, connection: Any, role_id: UUID) -> Any:
        row = await connection.fetchrow(
            "select * from core.role where id = $1 and workspace_id = $2 for update", role_id, self._workspace_id
        )
        if row is None:
            raise NotFound("There is no role with this id", "ROLE_NOT_FOUND")
        return row

    @staticmethod
    def _check_editable(role: Any) -> None:
        if not role["is_editable"]:
            raise RoleRefused(f"The role {role['label']} cannot be changed", "ROLE_NOT_EDITABLE")

    async def _announce(self, connection: Any, role_id: UUID, action: str) -> None:
        await announce(connection, Change(self._workspace_id, ChangeKind.ROLE, role_id))
        await audit(connection, self._by, self._workspace_id, action, role_id)

    def _tell(self, role_id: UUID) -> None:
        self._changed(Change(self._workspace_id, ChangeKind.ROLE, role_id))


def _taken(label: str) -> RoleRefused:
    return RoleRefused(f"label: there is a role '{label}' already", "ROLE_LABEL_ALREADY_EXISTS")


def _columns(given: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {column: given[key] for key, column in COLUMNS.items() if given.get(key) is not None}
    for key in ("description", "icon"):
        if given.get(key) is not None:
            row[key] = checked_text(str(given[key]), key, 1000, CODE, shortest=0)
    return row


def _check_reading(row: Mapping[str, Any]) -> None:
    if not row.get("can_read_all_object_records") and any(row.get(name) for name in WRITES):
        raise RoleRefused(
            "A role that may not read all records may not write them either",
            "CANNOT_GIVE_WRITING_PERMISSION_WITHOUT_READING_PERMISSION",
        )


def _object_rights(entry: Mapping[str, Any], before: Any, role: Any) -> tuple[bool | None, ...]:
    rights = {
        column: entry[key] if key in entry else None if before is None else before[column]
        for key, column in OBJECT_RIGHTS.items()
    }
    reads = role["can_read_all_object_records"] if rights["can_read"] is None else rights["can_read"]
    if not reads and any(rights[name] for name in ("can_update", "can_soft_delete", "can_destroy")):
        raise BadInput(
            "Records that may not be read may not be written either",
            "CANNOT_GIVE_WRITING_PERMISSION_ON_NON_READABLE_OBJECT",
        )
    return tuple(rights.values())
