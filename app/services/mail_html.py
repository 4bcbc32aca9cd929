"""A message as a page: made from its text, so that the two never say different things."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from app.domain.mail_text import blocks
from app.domain.topics import Language
from app.services.letters import FOOT, IN_WELSH


def as_html(subject: str, text: str, language: Language, ours: str) -> str:
    """The page of a message whose text is finished; `ours` is the product's address, which alone becomes a link."""
    body, parted, foot = text.rpartition(FOOT)
    if not parted:
        body, foot = foot, ""
    first, parts_languages, welsh = body.partition(IN_WELSH)
    page: str = _layout().render(
        subject=subject,
        language=language.value,
        home=ours,
        blocks=blocks(first, ours),
        welsh=blocks(parts_languages + welsh, ours),
        foot=blocks(foot, ours),
    )
    return page


@lru_cache(maxsize=1)
def _layout() -> Template:
    environment = Environment(
        loader=PackageLoader("app", "templates/email"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("layout.html")
