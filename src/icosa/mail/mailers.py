"""Ways for a message to leave the server; the settings choose one."""

from __future__ import annotations

from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from typing import Protocol

import aiosmtplib
import structlog

from icosa.settings import Settings

TIMEOUT_SECONDS = 20
IMPLICIT_TLS_PORT = 465

log = structlog.get_logger("icosa.mail")


@dataclass(frozen=True, slots=True)
class Message:
    """A message in plain text.

    Attributes:
        to: the one address it goes to.
        subject: one line.
        text: its body.
    """

    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """Sends messages."""

    async def send(self, message: Message) -> bool:
        """Send a message and return whether it left; a failure is written to the log and never raised."""


class LogMailer:
    """Writes messages to the log, for servers that have no mail: the operator passes the links on."""

    async def send(self, message: Message) -> bool:
        """Write the message to the log."""
        log.info("mail not sent: no mail server is set", to=message.to, subject=message.subject, text=message.text)
        return True


class SmtpMailer:
    """Hands messages to an SMTP server (RFC 5321), encrypted where it can be unless that is switched off.

    Args:
        settings: host, port, user, password and sender.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def send(self, message: Message) -> bool:
        """Send the message."""
        given = self._settings
        try:
            await aiosmtplib.send(
                self._written(message),
                hostname=given.smtp_host,
                port=given.smtp_port,
                username=given.smtp_user or None,
                password=given.smtp_password or None,
                use_tls=given.smtp_port == IMPLICIT_TLS_PORT and not given.smtp_no_tls,
                start_tls=False if given.smtp_no_tls else None,
                timeout=TIMEOUT_SECONDS,
            )
        except (aiosmtplib.SMTPException, MessageError, OSError, ValueError) as problem:
            log.error("mail could not be sent", subject=message.subject, problem=repr(problem))
            return False
        return True

    def _written(self, message: Message) -> EmailMessage:
        given = self._settings
        mail = EmailMessage()
        mail["From"] = formataddr((given.email_from_name, given.email_from_address))
        # Checked as one address: a comma in it would make two of it.
        mail["To"] = Address(addr_spec=message.to)
        mail["Subject"] = " ".join(message.subject.split())
        mail["Message-ID"] = make_msgid(domain=given.email_from_address.rpartition("@")[2] or None)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        return mail


def make_mailer(settings: Settings) -> Mailer:
    """Return the mailer that the settings name: SMTP when there is a server, else the log."""
    return SmtpMailer(settings) if settings.smtp_host else LogMailer()
