"""What people are written: invitations and password resets, in English and Romanian."""

from __future__ import annotations

from icosa.mail.mailers import Message

INVITATION = {
    "en": (
        "{inviter} invites you to {workspace}",
        "Hello,\n\n{inviter} invites you to the workspace {workspace}. To join, open this link:\n\n{link}\n\n"
        "It holds for {time} and can be used once. If you expected no invitation, ignore this message.\n",
    ),
    "ro": (
        "{inviter} te invită în {workspace}",
        "Bună ziua,\n\n{inviter} te invită în spațiul de lucru {workspace}. Ca să intri, deschide acest link:\n\n{link}\n\n"
        "Este valabil {time} și poate fi folosit o singură dată. Dacă nu așteptai o invitație, ignoră acest mesaj.\n",
    ),
}
RESET = {
    "en": (
        "A new password for Icosa",
        "Hello,\n\nsomebody asked for a new password for this address. If it was you, open this link:\n\n{link}\n\n"
        "It holds for {time} and can be used once. If it was not you, ignore this message: nothing has changed.\n",
    ),
    "ro": (
        "O parolă nouă pentru Icosa",
        "Bună ziua,\n\ncineva a cerut o parolă nouă pentru această adresă. Dacă ai fost tu, deschide acest link:\n\n{link}\n\n"
        "Este valabil {time} și poate fi folosit o singură dată. Dacă nu ai fost tu, ignoră acest mesaj: "
        "nu s-a schimbat nimic.\n",
    ),
}
UNITS = {
    "en": (("minute", "minutes"), ("hour", "hours"), ("day", "days")),
    "ro": (("minut", "minute"), ("oră", "ore"), ("zi", "zile")),
}
MINUTE, HOUR, DAY = 60, 3600, 86400


def invitation_letter(to: str, locale: str, *, inviter: str, workspace: str, link: str, seconds: float) -> Message:
    """Return the letter of an invitation.

    Args:
        to: who is invited.
        locale: the language of who invites, the other's not being known.
        inviter: the name of who invites.
        workspace: the workspace's name.
        link: where to join.
        seconds: how long the link holds.
    """
    subject, text = INVITATION[_language(locale)]
    told = {"inviter": inviter, "workspace": workspace, "link": link, "time": time_text(seconds, locale)}
    return Message(to, subject.format(**told), text.format(**told))


def reset_letter(to: str, locale: str, *, link: str, seconds: float) -> Message:
    """Return the letter with the link to a new password; see `invitation_letter`."""
    subject, text = RESET[_language(locale)]
    return Message(to, subject, text.format(link=link, time=time_text(seconds, locale)))


def time_text(seconds: float, locale: str) -> str:
    """Return a time such as `5 minutes`; Romanian puts `de` before the noun from 20 on (CLDR, plural rules)."""
    minutes, hours, days = UNITS[_language(locale)]
    unit, names = (DAY, days) if seconds >= DAY else (HOUR, hours) if seconds >= HOUR else (MINUTE, minutes)
    number = max(1, round(seconds / unit))
    joint = " de " if _language(locale) == "ro" and (number % 100 >= 20 or number % 100 == 0) else " "
    return f"{number}{joint}{names[0] if number == 1 else names[1]}"


def _language(locale: str) -> str:
    return "ro" if locale.lower().startswith("ro") else "en"
