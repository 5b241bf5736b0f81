"""Letters leave over SMTP, or stand in the log."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any

import pytest
import structlog
from aiosmtpd.smtp import SMTP

from icosa.mail.mailers import LogMailer, Message, SmtpMailer, make_mailer
from icosa.settings import Settings

LETTER = Message("bob@example.com", "Invitație\r\nBcc: eve@example.com", "Bună ziua,\n\nșapte țări\n")


class Mailbox:
    def __init__(self) -> None:
        self.came: list[tuple[list[str], EmailMessage]] = []
        self.refuses = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refuses:
            return "554 no"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.came.append((envelope.rcpt_tos, message))
        return "250 OK"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def settings(mailbox: Mailbox) -> AsyncIterator[Settings]:
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(mailbox), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield Settings(
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_no_tls=True,
        email_from_address="crm@example.com",
        email_from_name="Ștefan's CRM",
        server_url="https://crm.example.com",
    )
    server.close()


async def test_a_letter_arrives_whole_and_nothing_slips_into_its_head(mailbox: Mailbox, settings: Settings) -> None:
    assert await SmtpMailer(settings).send(LETTER)
    ((to, message),) = mailbox.came
    assert to == ["bob@example.com"] and message["Bcc"] is None
    assert message["Subject"] == "Invitație Bcc: eve@example.com"
    assert message["From"] == "Ștefan's CRM <crm@example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().replace("\r\n", "\n") == LETTER.text


@pytest.mark.parametrize("to", ["bob@example.com\r\nBcc: eve@example.com", "bob@example.com, eve@example.com"])
async def test_what_is_not_one_address_does_not_leave(mailbox: Mailbox, settings: Settings, to: str) -> None:
    assert not await SmtpMailer(settings).send(Message(to, "x", "y"))
    assert mailbox.came == []


async def test_a_failure_is_told_and_not_raised(mailbox: Mailbox, settings: Settings) -> None:
    mailbox.refuses = True
    assert not await SmtpMailer(settings).send(LETTER)
    assert not await SmtpMailer(settings.model_copy(update={"smtp_port": 1})).send(LETTER)


async def test_without_a_mail_server_the_letter_stands_in_the_log() -> None:
    with structlog.testing.capture_logs() as lines:
        assert await LogMailer().send(LETTER)
    assert lines[0]["to"] == "bob@example.com" and lines[0]["text"] == LETTER.text


def test_the_settings_choose() -> None:
    assert isinstance(make_mailer(Settings()), LogMailer)
    assert isinstance(make_mailer(Settings(smtp_host="mail.example.com")), SmtpMailer)
