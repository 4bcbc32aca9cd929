"""The guides of docs/ as pages, for those who write frameworks and have no copy of the program."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.domain.access import Action
from app.domain.errors import NotFound
from app.edge.session import allow
from app.web.public import bp
from config import ROOT

GUIDES = {
    "framework-format": "How to write a framework",
    "framework-clauses": "Gates, findings, terms and publication",
    "scoring": "How scores become an outcome",
    "editions": "From one edition to the next",
    "crosswalks": "Using an answer under other frameworks",
    "frameworks-elsewhere": "Frameworks from elsewhere",
}
CLASSES = {
    "paragraph_open": "govuk-body ts-measure",
    "bullet_list_open": "govuk-list govuk-list--bullet ts-measure",
    "ordered_list_open": "govuk-list govuk-list--number ts-measure",
    "table_open": "govuk-table ts-table ts-table--small",
    "thead_open": "govuk-table__head",
    "tr_open": "govuk-table__row",
    "th_open": "govuk-table__header",
    "td_open": "govuk-table__cell",
    "link_open": "govuk-link",
}
SIZES = {"h2": "l", "h3": "m", "h4": "s", "h5": "s", "h6": "s"}


@dataclass(frozen=True)
class Guide:
    """A guide as a page: its title, its headings as (anchor, words, level), and the rest as HTML."""

    title: str
    headings: tuple[tuple[str, str, int], ...]
    html: Markup


@bp.get("/guides/<name>")
@allow(Action.USE_PUBLIC_SITE)
def guide(name: str) -> ResponseReturnValue:
    if name not in GUIDES:
        raise NotFound("There is no such guide.")
    return render_template("public/guide.html", guide=_guide(name), name=name, guides=GUIDES)


@lru_cache(maxsize=len(GUIDES))
def _guide(name: str) -> Guide:
    text = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("table_open", _table_open)
    markdown.add_render_rule("table_close", lambda *_: "</table></div>\n")
    markdown.add_render_rule("fence", _code)
    markdown.add_render_rule("code_block", _code)
    tokens = markdown.parse(text)
    title, tokens = tokens[1].content, tokens[3:]  # the page says its first heading itself
    headings = tuple(_headings(tokens))
    _dress(tokens)
    return Guide(title, headings, Markup(markdown.renderer.render(tokens, markdown.options, {})))  # noqa: S704


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[str, str, int]]:
    """Gives each heading its anchor, the highest one level below the page's own, and tells it."""
    seen: dict[str, int] = {}
    highest = min((int(token.tag[1]) for token in tokens if token.type == "heading_open"), default=1)
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type != "heading_open":
            continue
        level = int(opening.tag[1]) - highest + 2
        words = "".join(child.content for child in inline.children or ())
        anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        seen[anchor] = seen.get(anchor, -1) + 1
        anchor = f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor
        opening.tag = closing.tag = f"h{level}"
        opening.attrs = {"id": anchor, "class": f"govuk-heading-{SIZES[opening.tag]}"}
        yield anchor, words, level


def _dress(tokens: Sequence[Token]) -> None:
    """Gives everything the look of the other pages, and leads links between guides to their pages."""
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "th_open" and not inline.content:  # the corner of a table names nothing
            opening.type, opening.tag, closing.type, closing.tag = "td_open", "td", "td_close", "td"
        if opening.type == "link_open":
            _lead(opening, inline, closing)
    for token in tokens:
        if token.type in CLASSES:
            token.attrSet("class", CLASSES[token.type])
        if token.type == "th_open":
            token.attrSet("scope", "col")
        token.attrs.pop("style", None)
        _dress(token.children or ())


def _lead(opening: Token, words: Token, closing: Token) -> None:
    """Leads a link to a guide to its page. What else lies in docs/ is named without a link: it comes with the program."""
    path, _, anchor = str(opening.attrGet("href")).partition("#")
    name = path.rsplit("/", 1)[-1].removesuffix(".md")
    if not path or path.startswith(("http:", "https:")):
        return
    if name in GUIDES:
        opening.attrSet("href", f"{url_for('.guide', name=name)}{f'#{anchor}' if anchor else ''}")
    else:
        opening.type = closing.type = "text"
        opening.content = closing.content = ""
    if words.content.endswith(".md"):
        words.content = f"“{GUIDES[name]}”" if name in GUIDES else f"the page “{name}” that comes with the program"


def _table_open(*_: Any) -> str:
    return f'<div class="ts-table-box" tabindex="0"><table class="{CLASSES["table_open"]}">\n'


def _code(_renderer: Any, tokens: Sequence[Token], place: int, *_: Any) -> str:
    return str(Markup('<pre class="ts-guide__code" tabindex="0"><code>{}</code></pre>\n').format(tokens[place].content))
