"""Markdown as blocks (`data-model.md`, "From markdown to blocks"), and the rules of a rich text's two halves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import uuid4

import orjson
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from icosa.errors import BadInput
from icosa.fields.rich_text_blocks import Block, Unconvertible, markdown_from_blocks

PROPS = {"backgroundColor": "default", "textColor": "default", "textAlignment": "left"}
CHECK = re.compile(r"\[([ xX])\]\s+")
UNDERLINE = {"<u>": True, "</u>": False}
SAFE_LINK = re.compile(r"(https?:|mailto:|tel:|[^:]*([/?#]|$))", re.IGNORECASE)
LINK_KEYS = frozenset({"url", "href"})
DEEPEST = 60
STYLE_OF = {"strong": "bold", "em": "italic", "s": "strike"}


def normalise_rich_text(markdown: str | None, blocknote: str | None) -> tuple[str | None, str | None]:
    """Return both halves of a rich text.

    Args:
        markdown: None when absent or empty.
        blocknote: JSON text of a list of blocks; None when absent or empty.

    Raises:
        BadInput: blocknote holds no JSON list, or a link with a scheme that could run a script.
    """
    if blocknote is None:
        return markdown, None if markdown is None else orjson.dumps(blocks_from_markdown(markdown)).decode()
    blocks = checked_blocks(blocknote)
    if markdown is not None:
        return markdown, blocknote
    try:
        return markdown_from_blocks(blocks), blocknote
    except Unconvertible:
        return blocknote, blocknote


def checked_blocks(blocknote: str) -> list[Any]:
    """Return the blocks of a block document.

    Raises:
        BadInput: see `normalise_rich_text`.
    """
    try:
        blocks = orjson.loads(blocknote)
    except orjson.JSONDecodeError:
        raise BadInput("blocknote must be the JSON text of a list of blocks") from None
    if not isinstance(blocks, list):
        raise BadInput("blocknote must be the JSON text of a list of blocks")
    pending: list[Any] = [blocks]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            for key, value in item.items():
                if key in LINK_KEYS and isinstance(value, str) and not SAFE_LINK.match(value.strip()):
                    raise BadInput("blocknote holds a link whose scheme is none of http, https, mailto and tel")
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
    return blocks


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    parser.validateLink = lambda url: SAFE_LINK.match(url.strip()) is not None  # type: ignore[method-assign]
    return parser


def blocks_from_markdown(markdown: str) -> list[Block]:
    """Return the blocks of a markdown; each has an id of its own."""
    root = SyntaxTreeNode(_parser().parse(markdown))
    return _blocks(root.children) or [_block("paragraph", dict(PROPS), [])]


def _block(kind: str, props: dict[str, Any], content: Any = None, children: list[Block] | None = None) -> Block:
    block: Block = {"id": str(uuid4()), "type": kind, "props": props}
    if content is not None:
        block["content"] = content
    block["children"] = children or []
    return block


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> list[Block]:
    return [block for node in nodes for block in _from_node(node)]


def _from_node(node: SyntaxTreeNode) -> list[Block]:
    match node.type:
        case "paragraph":
            return _paragraph(node)
        case "heading":
            props = {**PROPS, "level": int(node.tag[1]), "isToggleable": False}
            return [_block("heading", props, _spans(node))]
        case "bullet_list" | "ordered_list":
            kind = "bulletListItem" if node.type == "bullet_list" else "numberedListItem"
            return [_item(kind, each) for each in node.children]
        case "fence" | "code_block":
            text = {"type": "text", "text": node.content.removesuffix("\n"), "styles": {}}
            return [_block("codeBlock", {"language": node.info.strip() or "text"}, [text])]
        case "blockquote":
            texts: list[Any] = []
            for each in node.children:
                texts += ([{"type": "text", "text": "\n", "styles": {}}] if texts else []) + _spans(each)
            return [_block("quote", {"backgroundColor": "default", "textColor": "default"}, _joined(texts))]
        case "hr":
            return [_block("divider", {})]
        case "table":
            return [_table(node)]
        case "html_block":
            return [_block("paragraph", dict(PROPS), [{"type": "text", "text": node.content.strip(), "styles": {}}])]
        case _:
            return []


def _paragraph(node: SyntaxTreeNode) -> list[Block]:
    """Return a paragraph, its images as blocks of their own."""
    inline = node.children[0].children if node.children else []
    images = [each for each in inline if each.type == "image"]
    blocks = [_image(each) for each in images]
    content = _spans(node)
    if content or not images:
        blocks.insert(0, _block("paragraph", dict(PROPS), content))
    return blocks


def _image(node: SyntaxTreeNode) -> Block:
    props = {
        "textAlignment": "left",
        "backgroundColor": "default",
        "name": node.content,
        "url": str(node.attrs.get("src", "")),
        "caption": "",
        "showPreview": True,
    }
    return _block("image", props)


def _item(kind: str, node: SyntaxTreeNode) -> Block:
    content: list[Any] = []
    rest = list(node.children)
    if rest and rest[0].type == "paragraph":
        content = _spans(rest.pop(0))
    checked = CHECK.match(content[0]["text"]) if content and content[0]["type"] == "text" else None
    props: dict[str, Any] = dict(PROPS)
    if checked:
        kind = "checkListItem"
        props["checked"] = checked[1] != " "
        content[0]["text"] = content[0]["text"][checked.end() :]
        content = [each for each in content if each.get("text") != ""]
    return _block(kind, props, content, _blocks(rest))


def _table(node: SyntaxTreeNode) -> Block:
    rows = [row for section in node.children for row in section.children]
    written = [{"cells": [_cell(cell) for cell in row.children]} for row in rows]
    width = len(written[0]["cells"]) if written else 0
    content = {"type": "tableContent", "columnWidths": [None] * width, "headerRows": 1, "rows": written}
    return _block("table", {"textColor": "default"}, content)


def _cell(node: SyntaxTreeNode) -> dict[str, Any]:
    return {"type": "tableCell", "content": _spans(node), "props": {"colspan": 1, "rowspan": 1, **PROPS}}


def _spans(node: SyntaxTreeNode) -> list[Any]:
    """Return the texts and links of a node's inline content, neighbours of one style joined."""
    inline = node.children[0].children if node.children and node.children[0].type == "inline" else []
    spans = _joined(_inline(inline, {}))
    if spans and spans[-1]["type"] == "text":
        spans[-1]["text"] = spans[-1]["text"].rstrip()
        spans = [each for each in spans if each.get("text") != ""]
    return spans


def _inline(nodes: Sequence[SyntaxTreeNode], styles: dict[str, bool]) -> list[Any]:
    spans: list[Any] = []
    styles = dict(styles)
    for node in nodes:
        match node.type:
            case "text":
                spans.append({"type": "text", "text": node.content, "styles": dict(styles)})
            case "softbreak" | "hardbreak":
                spans.append({"type": "text", "text": "\n ", "styles": dict(styles)})
            case "code_inline":
                spans.append({"type": "text", "text": node.content, "styles": {**styles, "code": True}})
            case "strong" | "em" | "s":
                spans += _inline(node.children, {**styles, STYLE_OF[node.type]: True})
            case "link":
                content = _joined(each for each in _inline(node.children, styles) if each["type"] == "text")
                spans.append({"type": "link", "href": str(node.attrs.get("href", "")), "content": content})
            case "html_inline" if node.content.lower() in UNDERLINE:
                styles.pop("underline", None)
                if UNDERLINE[node.content.lower()]:
                    styles["underline"] = True
            case "html_inline":
                spans.append({"type": "text", "text": node.content, "styles": dict(styles)})
            case _:
                continue
    return spans


def _joined(spans: Any) -> list[Any]:
    joined: list[Any] = []
    for span in spans:
        if joined and span["type"] == joined[-1]["type"] == "text" and span["styles"] == joined[-1]["styles"]:
            joined[-1]["text"] += span["text"]
        else:
            joined.append(span)
    return joined
