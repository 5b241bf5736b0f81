"""What a role allows: records by object and field, settings and tools by flag (`metadata.md` section 12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson

from icosa.catalog.model import Object

SETTINGS_FLAGS = frozenset(
    {
        "AI_SETTINGS",
        "API_KEYS_AND_WEBHOOKS",
        "APPLICATIONS",
        "BILLING",
        "DATA_MODEL",
        "IMPERSONATE",
        "LAYOUTS",
        "MARKETPLACE_APPS",
        "ROLES",
        "SECURITY",
        "SSO_BYPASS",
        "WORKFLOWS",
        "WORKSPACE",
        "WORKSPACE_MEMBERS",
    }
)
TOOL_FLAGS = frozenset(
    {
        "AI",
        "CODE_INTERPRETER_TOOL",
        "CONNECTED_ACCOUNTS",
        "CREATE_CALENDAR_EVENT_TOOL",
        "DOWNLOAD_FILE",
        "EXPORT_CSV",
        "HTTP_REQUEST_TOOL",
        "IMPORT_CSV",
        "PROFILE_INFORMATION",
        "SEND_EMAIL_TOOL",
        "UPLOAD_FILE",
        "VIEWS",
    }
)
MEMBERS = "workspaceMember"
WORKFLOWS = frozenset({"workflow", "workflowRun", "workflowVersion"})


@dataclass(frozen=True, slots=True)
class RecordRights:
    """Rights on the records of one object; None inherits the role's."""

    read: bool | None = None
    update: bool | None = None
    soft_delete: bool | None = None
    destroy: bool | None = None

    @property
    def writes(self) -> bool:
        """Whether any of the writing rights is given."""
        return bool(self.update or self.soft_delete or self.destroy)


EVERYTHING = RecordRights(read=True, update=True, soft_delete=True, destroy=True)
READING = RecordRights(read=True, update=False, soft_delete=False, destroy=False)
NOTHING = RecordRights(read=False, update=False, soft_delete=False, destroy=False)


@dataclass(frozen=True, eq=False)
class Permissions:
    """A role's rights, compared by identity: a changed role is another object, and views made with it are kept apart.

    Attributes:
        role_id: the role.
        records: rights on the records of every object that has none of its own.
        objects: rights by object.
        unreadable: fields that may not be read.
        unwritable: fields that may not be written.
        flags: settings and tools that are allowed one by one.
        all_settings: whether every setting is allowed.
        all_tools: whether every tool is allowed.
    """

    role_id: UUID
    records: RecordRights
    objects: Mapping[UUID, RecordRights] = field(default_factory=dict)
    unreadable: frozenset[UUID] = frozenset()
    unwritable: frozenset[UUID] = frozenset()
    flags: frozenset[str] = frozenset()
    all_settings: bool = False
    all_tools: bool = False

    @cached_property
    def restricts_nothing(self) -> bool:
        """Whether every record of every object may be read and written."""
        return (
            self.records == EVERYTHING
            and not self.objects
            and not self.unreadable
            and not self.unwritable
            and self.has_flag("WORKFLOWS")
            and self.has_flag("WORKSPACE_MEMBERS")
        )

    @cached_property
    def writes_anything(self) -> bool:
        """Whether there is any record that the role may change."""
        return self.records.writes or any(own.writes for own in self.objects.values())

    def on(self, owner: Object) -> RecordRights:
        """Return the rights on an object's records, none of them None.

        System objects are open to every role, but a role that may change no record at all does not get to change
        these either: a read-only key only reads (`auth.md` section 2, "Role").
        """
        if owner.name_singular in WORKFLOWS:
            return self._open if self.has_flag("WORKFLOWS") else NOTHING
        if owner.name_singular == MEMBERS:
            return EVERYTHING if self.has_flag("WORKSPACE_MEMBERS") else READING
        if owner.is_system:
            return self._open
        own = self.objects.get(owner.id, RecordRights())
        return RecordRights(
            read=self.records.read if own.read is None else own.read,
            update=self.records.update if own.update is None else own.update,
            soft_delete=self.records.soft_delete if own.soft_delete is None else own.soft_delete,
            destroy=self.records.destroy if own.destroy is None else own.destroy,
        )

    @property
    def _open(self) -> RecordRights:
        return EVERYTHING if self.writes_anything else READING

    def can_read(self, owner: Object) -> bool:
        """Return whether an object's records may be read."""
        return bool(self.on(owner).read)

    def can_update(self, owner: Object) -> bool:
        """Return whether an object's records may be created and changed."""
        return bool(self.on(owner).update)

    def can_soft_delete(self, owner: Object) -> bool:
        """Return whether an object's records may be deleted so that they can be restored."""
        return bool(self.on(owner).soft_delete)

    def can_destroy(self, owner: Object) -> bool:
        """Return whether an object's records may be deleted for good."""
        return bool(self.on(owner).destroy)

    def may_read_field(self, field_id: UUID) -> bool:
        """Return whether a field of a readable object may be read."""
        return field_id not in self.unreadable

    def may_update_field(self, field_id: UUID) -> bool:
        """Return whether a field of a writable object may be written, for which it must be readable."""
        return field_id not in self.unwritable and field_id not in self.unreadable

    def has_flag(self, flag: str) -> bool:
        """Return whether a setting or a tool is allowed."""
        return flag in self.flags or (self.all_tools if flag in TOOL_FLAGS else self.all_settings)

    def granted_flags(self) -> list[str]:
        """Return every setting and tool that is allowed."""
        return [flag for flag in sorted(SETTINGS_FLAGS | TOOL_FLAGS) if self.has_flag(flag)]


class KnownRoles:
    """Keeps one `Permissions` object for each text of rights, so that equal rights are the same object.

    Args:
        most: how many.
    """

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._kept: dict[str, Permissions] = {}

    def of(self, rights: str) -> Permissions:
        """Return the rights that a text of `core.role_rights` tells."""
        found = self._kept.get(rights)
        if found is None:
            if len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            found = self._kept[rights] = permissions_of(orjson.loads(rights))
        return found


async def load_permissions(database: Any, roles: KnownRoles, role_id: UUID) -> Permissions | None:
    """Return the rights of a role as they are now; None when there is no such role."""
    rights = await database.fetch_value("select core.role_rights($1)", role_id)
    return None if rights is None else roles.of(rights)


def permissions_of(told: Mapping[str, Any]) -> Permissions:
    """Return the rights that a document of `core.role_rights` tells."""
    return Permissions(
        role_id=UUID(told["id"]),
        records=RecordRights(
            read=told["can_read_all_object_records"],
            update=told["can_update_all_object_records"],
            soft_delete=told["can_soft_delete_all_object_records"],
            destroy=told["can_destroy_all_object_records"],
        ),
        objects={
            UUID(each["object_id"]): RecordRights(
                each["can_read"], each["can_update"], each["can_soft_delete"], each["can_destroy"]
            )
            for each in told["objects"]
        },
        unreadable=frozenset(UUID(each["field_id"]) for each in told["fields"] if each["can_read"] is False),
        unwritable=frozenset(UUID(each["field_id"]) for each in told["fields"] if each["can_update"] is False),
        flags=frozenset(told["flags"]),
        all_settings=told["can_update_all_settings"],
        all_tools=told["can_access_all_tools"],
    )
