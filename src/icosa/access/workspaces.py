"""Workspaces and the people in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from anyascii import anyascii

from icosa.access.changes import Change, ChangeKind, announce
from icosa.access.passwords import hash_password
from icosa.access.sessions import end_sessions
from icosa.access.texts import checked_text
from icosa.errors import BadInput, Forbidden, NotFound
from icosa.fields.email_addresses import normalise_email
from icosa.fields.uuids import is_uuid
from icosa.store.database import Database

LONGEST_NAME = 100
LONGEST_EMAIL = 254
LONGEST_LOCALE = 20
LONGEST_SUBDOMAIN = 40
INVALID = "INVALID_WORKSPACE_INPUT"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
SUBDOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)

JOIN = """
insert into core.user_workspace (user_id, workspace_id, workspace_member_id, role_id) values ($1, $2, $3, $4)
on conflict (user_id, workspace_id) do update set
    workspace_member_id = excluded.workspace_member_id, role_id = excluded.role_id, deleted_at = null
where user_workspace.deleted_at is not null
returning id
"""


ADMINS = """
select m.workspace_member_id from core.user_workspace m join core.role r on r.id = m.role_id
where m.workspace_id = $1 and m.deleted_at is null and r.label = 'Admin' and not r.is_editable
order by m.id for update of m
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is to become a user.

    Attributes:
        email: the address to sign in with.
        password: 8 to 128 characters; None for somebody who is not to sign in.
        first_name: at most 100 characters.
        last_name: the same.
        locale: the language of what is sent to the person, such as `ro-RO`.
    """

    email: str
    password: str | None
    first_name: str = ""
    last_name: str = ""
    locale: str = "en"


def schema_of(workspace_id: UUID) -> str:
    """Return the name of a workspace's PostgreSQL schema: the id in base 36, which keeps names short."""
    number, digits = workspace_id.int, ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    return f"workspace_{digits or '0'}"


async def create_workspace(
    connection: Any,
    display_name: str,
    *,
    subdomain: str | None = None,
    workspace_id: UUID | None = None,
    is_active: bool = True,
) -> tuple[UUID, str]:
    """Insert a workspace's row and return its id and its schema's name; the schema itself is made by `modeling`.

    Args:
        connection: inside a transaction.
        display_name: 1 to 100 characters once trimmed.
        subdomain: under which it is found when there are several.
        workspace_id: its id; a new one when there is none.
        is_active: whether it is ready; the first run over the API has a step that makes it so.

    Raises:
        BadInput: no name, too long a one, or a subdomain that does not fit or is taken.
    """
    name = checked_text(display_name, "The workspace's name", LONGEST_NAME, INVALID)
    if subdomain is not None and not SUBDOMAIN.fullmatch(subdomain):
        raise BadInput("subdomain: must be small letters, digits and hyphens", INVALID)
    made = workspace_id or uuid4()
    schema = schema_of(made)
    row = await connection.fetchrow(
        "insert into core.workspace (id, display_name, schema_name, subdomain, activation_status) "
        "values ($1, $2, $3, $4, $5) on conflict (subdomain) do nothing returning id",
        made,
        name,
        schema,
        subdomain,
        "ACTIVE" if is_active else "PENDING_CREATION",
    )
    if row is None:
        raise BadInput(f"subdomain: '{subdomain}' is taken", INVALID)
    return made, schema


async def free_subdomain(connection: Any, display_name: str) -> str:
    """Return a subdomain made of a workspace's name that no workspace has yet.

    Args:
        connection: inside a transaction that keeps others from making workspaces.
        display_name: letters of any script are written with Latin ones.
    """
    plain = re.sub(r"[^a-z0-9]+", "-", anyascii(display_name).lower()).strip("-")[:LONGEST_SUBDOMAIN].strip("-")
    wanted, number = plain or "workspace", 1
    while await connection.fetchval("select exists (select from core.workspace where subdomain = $1)", wanted):
        number += 1
        wanted = f"{plain or 'workspace'}-{number}"
    return wanted


async def create_user(connection: Any, person: Person, *, admin: bool) -> UUID:
    """Insert a user and return its id.

    Args:
        connection: inside a transaction.
        person: who it is.
        admin: whether it may administer the server.

    Raises:
        BadInput: no e-mail address, a password that is too short or too long, or a user with that address.
    """
    email = normalise_email(checked_text(person.email, "email", LONGEST_EMAIL, "INVALID_EMAIL"))
    user_id: UUID | None = await connection.fetchval(
        'insert into core."user" (email, first_name, last_name, password_hash, can_access_full_admin_panel, locale) '
        "values ($1, $2, $3, $4, $5, $6) on conflict (email) do nothing returning id",
        email,
        checked_text(person.first_name, "firstName", LONGEST_NAME, "INVALID_USER_INPUT", shortest=0),
        checked_text(person.last_name, "lastName", LONGEST_NAME, "INVALID_USER_INPUT", shortest=0),
        None if person.password is None else await hash_password(person.password),
        admin,
        checked_text(person.locale, "locale", LONGEST_LOCALE, "INVALID_USER_INPUT"),
    )
    if user_id is None:
        raise BadInput(f"There is a user with the address {email} already", "USER_ALREADY_EXISTS")
    return user_id


async def join_workspace(connection: Any, workspace_id: UUID, user_id: UUID, member_id: UUID, role_id: UUID) -> UUID:
    """Make a user a member of a workspace with a role, or a member again, and return the membership's id.

    Args:
        connection: inside a transaction.
        workspace_id: the workspace.
        user_id: the user.
        member_id: the id of the `workspaceMember` record, which is written by `records`.
        role_id: one of the workspace's roles that users may have.

    Raises:
        BadInput: a role that users may not have, or a user who is a member already.
        NotFound: the workspace has no such role.
    """
    role = await connection.fetchrow(
        "select label, can_be_assigned_to_users from core.role where id = $1 and workspace_id = $2 for share",
        role_id,
        workspace_id,
    )
    if role is None:
        raise NotFound("There is no role with this id", "ROLE_NOT_FOUND")
    if not role["can_be_assigned_to_users"]:
        raise BadInput(f"roleId: the role {role['label']} may not be given to users", "ROLE_NOT_ASSIGNABLE")
    membership: UUID | None = await connection.fetchval(JOIN, user_id, workspace_id, member_id, role_id)
    if membership is None:
        raise BadInput("The user is a member of the workspace already", "USER_ALREADY_EXISTS")
    await announce(connection, Change(workspace_id, ChangeKind.USER, user_id))
    return membership


async def leave_workspace(connection: Any, workspace_id: UUID, member_id: UUID) -> UUID:
    """End a membership and its sessions, and return the user's id.

    Args:
        connection: inside a transaction.
        workspace_id: the workspace.
        member_id: the id of the `workspaceMember` record.

    Raises:
        NotFound: there is no such member.
        Forbidden: `CANNOT_UNASSIGN_LAST_ADMIN`.
    """
    await keep_an_admin(connection, workspace_id, member_id)
    user_id: UUID | None = await connection.fetchval(
        "update core.user_workspace set deleted_at = now() "
        "where workspace_id = $1 and workspace_member_id = $2 and deleted_at is null returning user_id",
        workspace_id,
        member_id,
    )
    if user_id is None:
        raise NotFound("There is no such workspace member", "USER_WORKSPACE_NOT_FOUND")
    await end_sessions(connection, user_id, workspace_id)
    await announce(connection, Change(workspace_id, ChangeKind.USER, user_id))
    return user_id


async def keep_an_admin(connection: Any, workspace_id: UUID, member_id: UUID) -> None:
    """Raise when a member is the last Admin, and keep the others from leaving until the transaction ends.

    Raises:
        Forbidden: `CANNOT_UNASSIGN_LAST_ADMIN`.
    """
    admins = [row["workspace_member_id"] for row in await connection.fetch(ADMINS, workspace_id)]
    if admins == [member_id]:
        raise Forbidden("The last member with the role Admin keeps it", "CANNOT_UNASSIGN_LAST_ADMIN")


async def find_workspace(database: Database, asked: str | None = None) -> Any:
    """Return the row of the workspace that is asked for by id or name, or of the only one.

    Raises:
        NotFound: there is none, or several fit.
    """
    rows = await database.fetch_all("select * from core.workspace where deleted_at is null order by created_at, id")
    if not rows:
        raise NotFound("There is no workspace yet; make one with 'icosa init'", "WORKSPACE_NOT_FOUND")
    if asked is not None:
        rows = [row for row in rows if asked == row["display_name"] or (is_uuid(asked) and row["id"] == UUID(asked))]
    if not rows:
        raise NotFound(f"There is no workspace '{asked}'", "WORKSPACE_NOT_FOUND")
    if len(rows) > 1:
        names = ", ".join(f"{row['display_name']} ({row['id']})" for row in rows)
        raise NotFound(f"There are several workspaces, name one: {names}", "WORKSPACE_NOT_FOUND")
    return rows[0]
