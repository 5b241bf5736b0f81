"""Names that people give: trimmed, not empty, not too long, and something that PostgreSQL can hold."""

from __future__ import annotations

from icosa.errors import BadInput


def checked_text(text: str, what: str, longest: int, code: str, *, shortest: int = 1) -> str:
    """Return a text without blanks around it.

    Args:
        text: what was sent.
        what: its name in the error's text.
        longest: how many characters it may have.
        code: the error's code.
        shortest: how many characters it must have.

    Raises:
        BadInput: too short, too long, or with characters that cannot be stored (NUL, halves of surrogate pairs).
    """
    trimmed = text.strip()
    if not shortest <= len(trimmed) <= longest:
        amount = f"{shortest} to {longest}" if shortest else f"at most {longest}"
        raise BadInput(f"{what}: must have {amount} characters", code)
    if "\x00" in trimmed or any("\ud800" <= sign <= "\udfff" for sign in trimmed):
        raise BadInput(f"{what}: holds a character that cannot be stored", code)
    return trimmed
