"""People who sign in over the API, the letters that they get, and a clock for their tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from icosa.mail.mailers import Message
from support.house import House
from support.serving import EMAIL, PASSWORD

ORIGIN = "http://localhost:3000"
TOKENS = "tokens { accessOrWorkspaceAgnosticToken { token } refreshToken { token } }"
LOG_IN = """
mutation ($email: String!, $password: String!, $origin: String!) {
  getLoginTokenFromCredentials(email: $email, password: $password, origin: $origin) { loginToken { token } } }
"""
EXCHANGE = f"""
mutation ($login: String!, $origin: String!) {{ getAuthTokensFromLoginToken(loginToken: $login, origin: $origin) {{
  {TOKENS} }} }}
"""
RENEW = f"mutation ($refresh: String!) {{ renewToken(appToken: $refresh) {{ {TOKENS} }} }}"
JOIN = """
mutation ($email: String!, $password: String!, $token: String, $hash: String) {
  signUpInWorkspace(email: $email, password: $password, workspacePersonalInviteToken: $token, workspaceInviteHash: $hash,
    firstName: "Bob", lastName: "Stone") { loginToken { token } workspace { id } } }
"""
INVITE = """
mutation ($emails: [String!]!, $role: UUID) { sendInvitations(emails: $emails, roleId: $role) {
  success errors result { id email roleId expiresAt } } }
"""


@dataclass
class Outbox:
    """Keeps letters instead of sending them."""

    letters: list[Message] = field(default_factory=list)
    works: bool = True

    async def send(self, message: Message) -> bool:
        if self.works:
            self.letters.append(message)
        return self.works

    @property
    def token(self) -> str:
        """What the link of the last letter carries."""
        return self.letters[-1].text.partition("#")[2].partition("\n")[0]


@dataclass(frozen=True)
class Session:
    """A pair of tokens."""

    access: str
    refresh: str


def session_of(answer: Any) -> Session:
    (body,) = answer["data"].values()
    tokens = body["tokens"]
    return Session(tokens["accessOrWorkspaceAgnosticToken"]["token"], tokens["refreshToken"]["token"])


def log_in(house: House, email: str = EMAIL, password: str = PASSWORD) -> Any:
    """Ask for a login token and return the answer."""
    return house.operate(LOG_IN, email=email, password=password, origin=ORIGIN)


def exchange(house: House, login: str) -> Session:
    return session_of(house.operate(EXCHANGE, login=login, origin=ORIGIN))


def sign_in(house: House, email: str = EMAIL, password: str = PASSWORD) -> Session:
    answer = log_in(house, email, password)
    return exchange(house, answer["data"]["getLoginTokenFromCredentials"]["loginToken"]["token"])


def refusal(answer: Any) -> tuple[str, str | None]:
    """Return code and subcode of a refused document."""
    extensions = answer["errors"][0]["extensions"]
    return extensions["code"], extensions.get("subCode")


def join(house: House, email: str, password: str, *, token: str | None = None, invite: str | None = None) -> Any:
    return house.operate(JOIN, email=email, password=password, token=token, hash=invite)


def invite(house: House, session: Session, *emails: str, role: str | None = None) -> Any:
    answer = house.operate(INVITE, bearer=session.access, emails=list(emails), role=role)
    return answer["data"]["sendInvitations"] if answer.get("data") else answer
