"""One provider's page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from app.backends.kept import Kept
from app.domain.access import Action
from app.edge.kept_answers import same_for_all
from app.edge.session import allow, now, today
from app.queries.register_entry import EntryPage, entry_state, register_entry_page
from app.queries.register_rows import STANDING
from app.web.jinja import moment
from app.web.public import bp
from app.web.public.entry_data import entry_data

MOST_KEPT = 500
"""How many pages each process keeps: some 20 kB each."""


@dataclass(frozen=True)
class Written:
    """A page as everybody reads it, without its frame and what is for one person: its parts in HTML, and its data."""

    page: EntryPage
    top: Markup
    rest: Markup
    data: Markup
    address: str


_kept: Kept[Written] = Kept(MOST_KEPT)


@bp.get("/register/<slug>")
@allow(Action.USE_PUBLIC_SITE)
def entry(slug: str) -> ResponseReturnValue:
    """Written once for each state of the organisation's entries and each hour, and then taken from memory; its frame each time.

    The page says the minute at which it was read, so that no other minute may show it.
    """
    same_for_all(lambda: entry_state(slug), minutes=1)
    read_at = now()
    written = _kept.get((slug, entry_state(slug), today(), read_at.hour), lambda: _write(slug))
    return render_template("public/entry.html", written=written, page=written.page, read_at=moment(read_at))


def _write(slug: str) -> Written:
    page = register_entry_page(slug, today())
    base = str(current_app.config["BASE_URL"])
    address = base + url_for(".entry", slug=slug)
    data = entry_data(page, address, base + url_for(".verified", number=page.number))
    values = {"page": page, "row": page.entry, "ended": page.entry.standing.status not in STANDING, "today": today()}
    top, rest = (Markup(render_template(f"public/_entry_{part}.html", **values)) for part in ("top", "rest"))  # noqa: S704  # our own templates, which escape
    return Written(page, top, rest, htmlsafe_json_dumps(data), address)


def forget_pages() -> None:
    """Write every page anew: for when the tables were emptied or brought back from elsewhere."""
    _kept.forget()
