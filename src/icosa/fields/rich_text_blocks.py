"""Blocks as markdown (`data-model.md`, "From blocks to markdown")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

Block = dict[str, Any]

LISTS = frozenset({"bulletListItem", "numberedListItem", "checkListItem"})
STYLES = (("code", "`"), ("strike", "~~"), ("italic", "*"), ("bold", "**"))
CELL_WIDTH = 10
DEEPEST = 100


class Unconvertible(Exception):
    """A block of an unknown type or of a form that no block has."""


def markdown_from_blocks(blocks: Sequence[Any]) -> str:
    """Return the markdown of a list of blocks; it ends with one line break.

    Raises:
        Unconvertible: see there.
    """
    return "\n".join(_lines(blocks, 0)) + "\n"


def _lines(blocks: Sequence[Any], depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        raise Unconvertible
    previous, number = "", 0
    for place, block in enumerate(blocks):
        if not isinstance(block, dict):
            raise Unconvertible
        kind = block.get("type")
        number = number + 1 if kind == previous == "numberedListItem" else 1
        if place and not (kind in LISTS and kind == previous):
            yield ""
        yield from _block(block, kind, number)
        children = block.get("children") or []
        if not isinstance(children, list):
            raise Unconvertible
        if children:
            if kind not in LISTS:
                yield ""
            indent = "   " if kind == "numberedListItem" else "  " if kind in LISTS else ""
            yield from (f"{indent}{line}" if line else line for line in _lines(children, depth + 1))
        previous = kind if isinstance(kind, str) else ""


def _block(block: Block, kind: Any, number: int) -> Iterator[str]:
    props = block.get("props") or {}
    content = block.get("content")
    match kind:
        case "paragraph":
            yield _inline(content)
        case "heading":
            level = props.get("level", 1)
            yield f"{'#' * (level if isinstance(level, int) and 1 <= level <= 6 else 1)} {_inline(content)}"
        case "bulletListItem":
            yield f"* {_inline(content)}"
        case "numberedListItem":
            yield f"{number}. {_inline(content)}"
        case "checkListItem":
            yield f"* [{'x' if props.get('checked') else ' '}] {_inline(content)}"
        case "codeBlock":
            yield f"```{props.get('language') or ''}"
            yield from _inline(content).split("\n")
            yield "```"
        case "quote":
            yield from (f"> {line}" for line in _inline(content).split("\n"))
        case "divider":
            yield "***"
        case "table":
            yield from _table(content)
        case "image":
            yield _image(props)
        case "file" | "video" | "audio":
            yield f"[{props.get('name') or ''}]({props.get('url') or ''})"
        case _:
            raise Unconvertible


def _image(props: dict[str, Any]) -> str:
    name, url, caption = (str(props.get(key) or "") for key in ("name", "url", "caption"))
    if not caption:
        return f"![{name}]({url})"
    return f'<figure><img alt="{escape(name)}" src="{escape(url)}"><figcaption>{escape(caption)}</figcaption></figure>'


def _inline(content: Any) -> str:
    if content is None:
        return ""
    if isinstance(content, str):
        return content.replace("\n", "\\\n")
    if not isinstance(content, list):
        raise Unconvertible
    return "".join(_span(each) for each in content)


def _span(span: Any) -> str:
    if isinstance(span, str):
        return span
    if not isinstance(span, dict):
        raise Unconvertible
    if span.get("type") == "link":
        texts = span.get("content")
        inner = texts if isinstance(texts, str) else "".join(_text(each) for each in texts or [])
        return f"[{inner}]({span.get('href') or ''})"
    return _text(span)


def _text(span: Any) -> str:
    if not isinstance(span, dict) or not isinstance(span.get("text"), str):
        raise Unconvertible
    text: str = span["text"].replace("\n", "\\\n")
    styles = span.get("styles") or {}
    inner = text.strip()
    if not inner or not isinstance(styles, dict):
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    for style, sign in STYLES:
        if styles.get(style):
            inner = f"{sign}{inner}{sign}"
    return f"{before}{inner}{after}"


def _table(content: Any) -> Iterator[str]:
    rows = content.get("rows") if isinstance(content, dict) else None
    if not isinstance(rows, list) or not rows:
        raise Unconvertible
    written = [[_cell(cell) for cell in row.get("cells") or []] for row in rows if isinstance(row, dict)]
    width = max((len(row) for row in written), default=0)
    for place, row in enumerate(written):
        cells = row + [""] * (width - len(row))
        yield f"| {' | '.join(cell.ljust(CELL_WIDTH) for cell in cells)} |"
        if place == 0:
            yield f"| {' | '.join('-' * CELL_WIDTH for _ in cells)} |"


def _cell(cell: Any) -> str:
    content = cell.get("content") if isinstance(cell, dict) else cell
    return _inline(content).replace("|", "\\|").replace("\\\n", " ")
