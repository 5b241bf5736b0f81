"""The files of the demo: small texts, tables, pictures and one-page PDFs, made of bytes that never differ."""

from __future__ import annotations

import csv
import io
import struct
import zlib
from collections.abc import Callable

from icosa.demo.plan import Dice, ascii_name
from icosa.demo.words import MIDDLES, OPENINGS

PNG_SIGN = b"\x89PNG\r\n\x1a\n"
SIDE = 96
DOT = 8
COLOURS = ((37, 99, 235), (5, 150, 105), (217, 119, 6), (124, 58, 237), (219, 39, 119), (71, 85, 105))
WHITE = (255, 255, 255)
# Letters of five rows of three dots each, read as bits from the left.
LETTERS = {
    "A": (2, 5, 7, 5, 5), "B": (6, 5, 6, 5, 6), "C": (3, 4, 4, 4, 3), "D": (6, 5, 5, 5, 6), "E": (7, 4, 6, 4, 7),
    "F": (7, 4, 6, 4, 4), "G": (3, 4, 5, 5, 3), "H": (5, 5, 7, 5, 5), "I": (7, 2, 2, 2, 7), "J": (1, 1, 1, 5, 2),
    "K": (5, 5, 6, 5, 5), "L": (4, 4, 4, 4, 7), "M": (5, 7, 7, 5, 5), "N": (6, 5, 5, 5, 5), "O": (2, 5, 5, 5, 2),
    "P": (6, 5, 6, 4, 4), "Q": (2, 5, 5, 6, 3), "R": (6, 5, 6, 5, 5), "S": (3, 4, 2, 1, 6), "T": (7, 2, 2, 2, 2),
    "U": (5, 5, 5, 5, 7), "V": (5, 5, 5, 5, 2), "W": (5, 5, 7, 7, 5), "X": (5, 5, 2, 5, 5), "Y": (5, 5, 2, 2, 2),
    "Z": (7, 1, 2, 4, 7),
}  # fmt: skip


def paper(ending: str, name: str, number: int, dice: Dice) -> bytes:
    """Return the content of a file.

    Args:
        ending: `txt`, `csv`, `png` or `pdf`.
        name: what it is about.
        number: which one it is; pictures of six numbers in a row have six colours.
        dice: chance.
    """
    if ending == "png":
        return _picture(name, COLOURS[number % len(COLOURS)])
    kinds: dict[str, Callable[[str, Dice], bytes]] = {"txt": _text, "csv": _table, "pdf": _page}
    return kinds[ending](name, dice)


def _lines(dice: Dice) -> list[str]:
    return [f"{dice.pick(OPENINGS)} {dice.pick(MIDDLES)}." for _ in range(dice.between(6, 14))]


def _text(name: str, dice: Dice) -> bytes:
    return "\n".join((name, "", *_lines(dice), "")).encode()


def _table(name: str, dice: Dice) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("Company", "Item", "Seats", "Price"))
    for number in range(dice.between(8, 20)):
        writer.writerow((name, f"Item {number + 1}", dice.between(1, 50), f"{dice.between(100, 90_000) / 100:.2f}"))
    return out.getvalue().encode()


def _picture(name: str, ground: tuple[int, int, int]) -> bytes:
    """Return a coloured square with the initials of a name."""
    initials = [sign for sign in (word[:1].upper() for word in name.split()) if sign in LETTERS][:2] or ["X"]
    width = (4 * len(initials) - 1) * DOT
    left, top = (SIDE - width) // 2, (SIDE - 5 * DOT) // 2
    rows = bytearray()
    for y in range(SIDE):
        dots = "".join("1" if _is_drawn(initials, (x - left) // DOT, (y - top) // DOT) else "0" for x in range(SIDE))
        rows += b"\0" + int(dots, 2).to_bytes(SIDE // 8, "big")
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 1, 3, 0, 0, 0)
    # Not compressed: what a compressor makes of the same dots depends on its version.
    data = zlib.compress(bytes(rows), 0)
    chunks = ((b"IHDR", header), (b"PLTE", bytes(ground + WHITE)), (b"IDAT", data), (b"IEND", b""))
    return PNG_SIGN + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _is_drawn(initials: list[str], column: int, row: int) -> bool:
    letter, dot = divmod(column, 4)
    if not (0 <= letter < len(initials) and 0 <= row < 5 and dot < 3):
        return False
    return bool(LETTERS[initials[letter]][row] >> (2 - dot) & 1)


def _page(name: str, dice: Dice) -> bytes:
    """Return a PDF of one page (ISO 32000-1, 7.5): its objects, where each begins, and where that is told."""
    title = " ".join(ascii_name(word).capitalize() for word in name.split())
    shown = b"".join(b"(%s) Tj T*\n" % line.encode("ascii") for line in (title, "", *_lines(dice)))
    drawn = b"BT /F1 12 Tf 18 TL 72 770 Td\n" + shown + b"ET"
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body, starts = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        starts.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    places = b"".join(b"%010d 00000 n \n" % start for start in starts)
    count = len(parts) + 1
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        count, places, count, len(body),
    )  # fmt: skip
