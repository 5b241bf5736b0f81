"""Invitations, joining and leaving over the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from support.accounts import (
    RENEW,
    Outbox,
    Session,
    exchange,
    invite,
    join,
    log_in,
    refusal,
    sign_in,
)
from support.clock import Clock
from support.house import House, open_house
from support.serving import EMAIL

BOB, WORD = "bob@example.com", "a password of bob's"
LIST = "{ findWorkspaceInvitations { id email roleId } }"
RESEND = "mutation ($id: String!) { resendWorkspaceInvitation(appTokenId: $id) { success errors result { id } } }"
WITHDRAW = "mutation ($id: String!) { deleteWorkspaceInvitation(appTokenId: $id) }"
FIND = "query ($link: String!) { findInvitation(token: $link) { email workspace { displayName } } }"
REMOVE = "mutation ($id: String!) { deleteUserFromWorkspace(workspaceMemberIdToDelete: $id) { id } }"
ROLES = "{ getRoles { id label workspaceMembers { id userEmail } } }"
GIVE = "mutation ($m: UUID!, $r: UUID!) { updateWorkspaceMemberRole(workspaceMemberId: $m, roleId: $r) { id } }"
ME = "{ currentUser { firstName lastName workspaceMember { id roles { label } } } }"
OPEN_DOOR = "mutation ($open: Boolean!) { updateWorkspace(data: {isPublicInviteLinkEnabled: $open}) { inviteHash } }"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


@pytest.fixture
def house(database_url: str, clock: Clock, outbox: Outbox) -> Iterator[House]:
    with open_house(
        database_url, clock=clock, mailer=outbox, host="127.0.0.1", server_url="https://crm.example.com"
    ) as house:
        yield house


@pytest.fixture
def admin(house: House) -> Session:
    return sign_in(house)


def role_id(house: House, admin: Session, label: str) -> str:
    roles = house.operate(ROLES, bearer=admin.access)["data"]["getRoles"]
    return next(str(each["id"]) for each in roles if each["label"] == label)


def enter(house: House, admin: Session, outbox: Outbox, role: str | None = None) -> Session:
    """Invite Bob, let him in and return his session."""
    invite(house, admin, BOB, role=None if role is None else role_id(house, admin, role))
    answer = join(house, BOB, WORD, token=outbox.token)
    return exchange(house, answer["data"]["signUpInWorkspace"]["loginToken"]["token"])


def me(house: House, session: Session) -> Any:
    return house.operate(ME, bearer=session.access)["data"]["currentUser"]


def test_an_invitation_lets_somebody_in_once(house: House, admin: Session, outbox: Outbox) -> None:
    sent = invite(house, admin, BOB)
    assert (sent["success"], sent["errors"], sent["result"][0]["email"]) == (True, [], BOB)
    letter = outbox.letters[0]
    assert letter.to == BOB and letter.subject == "Ada Marlowe invites you to Tests"
    assert f"https://crm.example.com/invite#{outbox.token}\n" in letter.text and "30 days" in letter.text
    found = house.operate(FIND, link=outbox.token)["data"]["findInvitation"]
    assert found == {"email": BOB, "workspace": {"displayName": "Tests"}}
    answer = join(house, "BOB@example.com", WORD, token=outbox.token)["data"]["signUpInWorkspace"]
    assert answer["workspace"]["id"] == str(house.workspace_id)
    session = exchange(house, answer["loginToken"]["token"])
    told = me(house, session)
    assert (told["firstName"], told["workspaceMember"]["roles"]) == ("Bob", [{"label": "Member"}])
    assert refusal(join(house, BOB, WORD, token=outbox.token)) == ("FORBIDDEN", "INVALID_INVITATION")
    assert house.operate(LIST, bearer=admin.access)["data"]["findWorkspaceInvitations"] == []
    assert sign_in(house, BOB, WORD)
    members = house.ask("GET", "/rest/workspaceMembers", key=session.access).json["data"]["workspaceMembers"]
    assert {each["userEmail"] for each in members} == {EMAIL, BOB}


def test_a_letter_speaks_the_language_of_who_invites(house: House, admin: Session, outbox: Outbox) -> None:
    house.run(house.database.execute("update core.\"user\" set locale = 'ro-RO'"))
    invite(house, admin, BOB)
    assert outbox.letters[0].subject == "Ada Marlowe te invită în Tests"
    assert "30 de zile" in outbox.letters[0].text


def test_only_the_digest_of_a_link_is_kept(house: House, admin: Session, outbox: Outbox) -> None:
    invite(house, admin, BOB)
    for table in ("invitation", "audit"):
        rows = house.run(house.database.fetch_all(f"select t::text from core.{table} t"))
        assert rows and not any(outbox.token in row[0] for row in rows), table
    told = house.operate(LIST, bearer=admin.access)
    assert outbox.token not in str(told)


def test_an_invitation_is_for_one_address(house: House, admin: Session, outbox: Outbox) -> None:
    invite(house, admin, BOB)
    assert refusal(join(house, "eve@example.com", WORD, token=outbox.token)) == ("FORBIDDEN", "INVALID_INVITATION")
    assert house.run(house.database.fetch_value('select count(*) from core."user"')) == 1


def test_an_invitation_expires(house: House, admin: Session, outbox: Outbox, clock: Clock) -> None:
    invite(house, admin, BOB)
    clock.go(30 * 86400)
    assert refusal(house.operate(FIND, link=outbox.token)) == ("FORBIDDEN", "INVALID_INVITATION")
    assert refusal(join(house, BOB, WORD, token=outbox.token)) == ("FORBIDDEN", "INVALID_INVITATION")


@pytest.mark.parametrize("how", ["resend", "invite"])
def test_sending_again_makes_a_new_link_and_ends_the_old_one(
    house: House, admin: Session, outbox: Outbox, how: str
) -> None:
    identifier = invite(house, admin, BOB)["result"][0]["id"]
    old = outbox.token
    if how == "resend":
        again = house.operate(RESEND, bearer=admin.access, id=identifier)["data"]["resendWorkspaceInvitation"]
    else:
        again = invite(house, admin, BOB)
    assert again["success"] and [each["id"] for each in again["result"]] == [identifier]
    assert refusal(join(house, BOB, WORD, token=old)) == ("FORBIDDEN", "INVALID_INVITATION")
    assert join(house, BOB, WORD, token=outbox.token)["data"]


def test_a_withdrawn_invitation_does_not_hold(house: House, admin: Session, outbox: Outbox) -> None:
    identifier = invite(house, admin, BOB)["result"][0]["id"]
    assert house.operate(WITHDRAW, bearer=admin.access, id=identifier)["data"] == {
        "deleteWorkspaceInvitation": "success"
    }
    assert refusal(join(house, BOB, WORD, token=outbox.token)) == ("FORBIDDEN", "INVALID_INVITATION")
    for document in (WITHDRAW, RESEND):
        assert refusal(house.operate(document, bearer=admin.access, id=identifier))[0] == "NOT_FOUND"
        assert refusal(house.operate(document, bearer=admin.access, id="x"))[0] == "BAD_USER_INPUT"


def test_what_cannot_be_invited_is_named_and_the_rest_is_invited(house: House, admin: Session) -> None:
    sent = invite(house, admin, "nobody", EMAIL, BOB, BOB)
    assert not sent["success"] and len(sent["errors"]) == 2
    assert sent["errors"][0].startswith("nobody:") and sent["errors"][1].startswith(f"{EMAIL}:")
    assert [each["email"] for each in sent["result"]] == [BOB]
    assert refusal(invite(house, admin))[0] == "BAD_USER_INPUT"
    assert refusal(invite(house, admin, *(f"{n}@example.com" for n in range(51))))[0] == "BAD_USER_INPUT"


def test_a_letter_that_does_not_leave_is_told(house: House, admin: Session, outbox: Outbox) -> None:
    outbox.works = False
    sent = invite(house, admin, BOB)
    assert not sent["success"] and BOB in sent["errors"][0] and len(sent["result"]) == 1


def test_a_role_may_be_given_along(house: House, admin: Session, outbox: Outbox) -> None:
    session = enter(house, admin, outbox, "Read only")
    assert me(house, session)["workspaceMember"]["roles"] == [{"label": "Read only"}]
    assert house.ask("POST", "/rest/companies", {"name": "x"}, key=session.access).status == 403


def test_a_role_that_people_may_not_have_is_refused(house: House, admin: Session) -> None:
    only_keys = house.run(
        house.database.fetch_value(
            "insert into core.role (workspace_id, label, can_be_assigned_to_users) values ($1, 'Bot', false) returning id",
            house.workspace_id,
        )
    )
    assert refusal(invite(house, admin, BOB, role=str(only_keys))) == ("BAD_USER_INPUT", "ROLE_NOT_ASSIGNABLE")
    unknown = "01234567-89ab-4def-8123-456789abcdef"
    assert refusal(invite(house, admin, BOB, role=unknown)) == ("NOT_FOUND", "ROLE_NOT_FOUND")


def test_who_may_invite_and_who_may_pick_a_role(house: House, admin: Session, outbox: Outbox) -> None:
    bob = enter(house, admin, outbox)
    assert refusal(invite(house, bob, "eve@example.com")) == ("FORBIDDEN", "PERMISSION_DENIED")
    for document, given in ((LIST, {}), (REMOVE, {"id": "x"}), (WITHDRAW, {"id": "x"}), (RESEND, {"id": "x"})):
        assert refusal(house.operate(document, bearer=bob.access, **given)) == ("FORBIDDEN", "PERMISSION_DENIED")
    member = "select id from core.role where label = 'Member'"
    house.run(
        house.database.execute(
            f"insert into core.permission_flag (role_id, flag) ({member[:7]}id, 'WORKSPACE_MEMBERS' {member[9:]})"
        )
    )
    house.run(house.database.execute("select pg_notify('icosa_access', '')"))
    bob = sign_in(house, BOB, WORD)
    assert invite(house, bob, "eve@example.com")["success"]
    wanted = role_id(house, admin, "Admin")
    assert refusal(invite(house, bob, "eve@example.com", role=wanted)) == ("FORBIDDEN", "PERMISSION_DENIED")


def test_a_key_invites_nobody_and_removes_nobody(house: House) -> None:
    for document, given in (
        ('mutation { sendInvitations(emails: ["x@example.com"]) { success } }', {}),
        (REMOVE, {"id": "x"}),
        (WITHDRAW, {"id": "x"}),
    ):
        assert refusal(house.operate(document, bearer=house.key, **given)) == ("FORBIDDEN", "FORBIDDEN_EXCEPTION")


def test_the_public_link_holds_while_it_is_switched_on(house: House, admin: Session) -> None:
    invite_hash = house.operate("{ currentWorkspace { inviteHash } }", bearer=admin.access)["data"]["currentWorkspace"][
        "inviteHash"
    ]
    assert refusal(join(house, BOB, WORD, invite=invite_hash)) == ("FORBIDDEN", "INVALID_INVITATION")
    house.operate(OPEN_DOOR, bearer=admin.access, open=True)
    assert refusal(join(house, BOB, WORD, invite="wrong")) == ("FORBIDDEN", "INVALID_INVITATION")
    login = join(house, BOB, WORD, invite=invite_hash)["data"]["signUpInWorkspace"]["loginToken"]["token"]
    assert me(house, exchange(house, login))["workspaceMember"]["roles"] == [{"label": "Member"}]
    house.operate(OPEN_DOOR, bearer=admin.access, open=False)
    assert refusal(join(house, "eve@example.com", WORD, invite=invite_hash)) == ("FORBIDDEN", "INVALID_INVITATION")


def test_without_an_invitation_nobody_joins(house: House) -> None:
    assert refusal(join(house, BOB, WORD)) == ("FORBIDDEN", "SIGNUP_DISABLED")
    for _ in range(10):
        assert refusal(join(house, BOB, WORD, token="guess")) == ("FORBIDDEN", "INVALID_INVITATION")
    assert refusal(join(house, BOB, WORD, token="guess")) == ("BAD_USER_INPUT", "LIMIT_REACHED")


def test_a_removed_member_is_out_at_once_and_may_come_back(house: House, admin: Session, outbox: Outbox) -> None:
    bob = enter(house, admin, outbox)
    member_id = me(house, bob)["workspaceMember"]["id"]
    task = house.make("tasks", [{"title": "His", "assigneeId": member_id}])[0]
    assert house.operate(REMOVE, bearer=admin.access, id=member_id)["data"]["deleteUserFromWorkspace"]["id"]
    answer = house.ask("GET", "/rest/companies", key=bob.access)
    assert (answer.status, answer.json["code"]) == (401, "UNKNOWN_USER")
    assert refusal(house.operate(RENEW, refresh=bob.refresh))[0] == "FORBIDDEN"
    assert refusal(log_in(house, BOB, WORD)) == ("FORBIDDEN", "FORBIDDEN_EXCEPTION")
    assert house.ask("GET", f"/rest/workspaceMembers/{member_id}").status == 404
    assert refusal(house.operate(REMOVE, bearer=admin.access, id=member_id))[0] == "NOT_FOUND"
    invite(house, admin, BOB)
    assert refusal(join(house, BOB, "another password", token=outbox.token)) == ("FORBIDDEN", "FORBIDDEN_EXCEPTION")
    login = join(house, BOB, WORD, token=outbox.token)["data"]["signUpInWorkspace"]["loginToken"]["token"]
    assert me(house, exchange(house, login))["workspaceMember"]["id"] == member_id
    found = house.ask("GET", f"/rest/tasks/{task['id']}?depth=1").json["data"]["task"]
    assert found["assignee"]["userEmail"] == BOB


def test_the_last_admin_stays(house: House, admin: Session, outbox: Outbox) -> None:
    own = me(house, admin)["workspaceMember"]["id"]
    refused = ("FORBIDDEN", "CANNOT_UNASSIGN_LAST_ADMIN")
    assert refusal(house.operate(REMOVE, bearer=admin.access, id=own)) == refused
    bob = enter(house, admin, outbox, "Admin")
    member = role_id(house, admin, "Member")
    assert house.operate(GIVE, bearer=bob.access, m=own, r=member)["data"]
    bobs = me(house, bob)["workspaceMember"]["id"]
    flags = "insert into core.permission_flag (role_id, flag) select id, 'ROLES' from core.role where label = 'Member'"
    house.run(house.database.execute(flags))
    house.run(house.database.execute("select pg_notify('icosa_access', '')"))
    again = sign_in(house)
    assert refusal(house.operate(GIVE, bearer=again.access, m=bobs, r=member)) == refused


def test_a_members_record_is_not_made_or_removed_past_all_this(house: House, admin: Session) -> None:
    own = me(house, admin)["workspaceMember"]["id"]
    assert house.ask("DELETE", f"/rest/workspaceMembers/{own}").status in {400, 403}
    assert house.ask("POST", "/rest/workspaceMembers", {"userEmail": "x@example.com"}).status == 403
