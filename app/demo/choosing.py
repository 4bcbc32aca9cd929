"""A team of commissioners around Morecambe Bay: a shortlist that they work on, a link to it, and what they locked of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.demo.cast import PASSWORD
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.choosing import Verdict
from app.extensions import db
from app.models import RegisterEntry, ShortlistItem
from app.queries.locked_content import Said
from app.services import locking, shortlist_items, shortlist_shares, teams
from app.services.shortlists import Described

BEGAN, LOCKED = 12, 5  # days ago
TEAM, BODY = "Morecambe Bay integrated care community", "Lancashire and South Cumbria commissioners"
LIST = "Company for people with dementia, winter"
PURPOSE = (
    "Twenty places for people with dementia and their carers around the Bay, from January. Near enough for a bus, and able to "
    "begin within a month."
)
SEARCH = "/register?q=dementia&near=LA4+5BX&miles=20"
CONSIDERED = {
    "bay-memory": ("Known to both surgeries in Morecambe. Two places on Thursdays.", Verdict.CHOSEN),
    "kent-estuary": ("Day centre with transport. Ask about weekends.", Verdict.OPEN),
    "quernmore-carers": ("For carers rather than for those they care for. Keep for the spring.", Verdict.NOT_CHOSEN),
    "lune-lantern": ("", Verdict.OPEN),
    "heysham-harbour": ("Rang on Tuesday: could begin in three weeks.", Verdict.CHOSEN),
    "torrisholme-stroke": ("", Verdict.OPEN),
}
ANOTHER = ("fylde-advocacy", "skerton-table", "lyth-valley")
REASONS = "Chosen: who can begin in January and lies on a bus route. Not chosen: good work, but for others than those we look for."


def choosing_stories(stage: Stage, today: date) -> list[Story]:
    return [_choosing(stage, today)]


def _choosing(stage: Stage, today: date) -> Story:
    yield at(today - days(BEGAN), 9, 10)
    commissioner, colleague = stage.cast.commissioner, stage.cast.second_commissioner
    stage.sign_up(commissioner)
    team_id = teams.make_team(TEAM, BODY, actor=stage.actor(commissioner), now=stage.now)
    actor = stage.afresh(commissioner)
    teams.invite_to_team(team_id, colleague.email, actor=actor, now=stage.now)
    yield at(today - days(BEGAN - 1), 11)
    teams.join_team_as_newcomer(
        stage.token_mailed_to(colleague), colleague.name, PASSWORD, passwords=stage.passwords, now=stage.now
    )
    slugs = _slugs(stage, tuple(CONSIDERED))
    notes = {slug: CONSIDERED[key][0] for key, slug in slugs.items()}
    described = Described(LIST, PURPOSE, SEARCH)
    added = shortlist_items.add_to_list(None, described, team_id, notes, actor=actor, now=stage.now)
    yield at(today - days(LOCKED + 1), 15, 40)
    _decide(stage, added.list_id, slugs)
    yield at(today - days(LOCKED), 10, 5)
    said = Said(TEAM, REASONS, SEARCH, with_notes=True)
    locking.lock_list(
        added.list_id, said, stage.today, site=stage.issue.base_url, actor=actor, now=stage.now, today=stage.today
    )
    shortlist_shares.share_list(
        added.list_id, "Members of the board", False, None, actor=actor, now=stage.now, today=stage.today
    )
    other = dict.fromkeys(_slugs(stage, ANOTHER).values(), "")
    shortlist_items.add_to_list(None, Described("To ring before Easter"), None, other, actor=actor, now=stage.now)


def _slugs(stage: Stage, keys: tuple[str, ...]) -> dict[str, str]:
    """The entries of those providers that are on the register by now."""
    ids = {stage.organisation_ids[key]: key for key in keys if key in stage.organisation_ids}
    rows = db.session.execute(
        select(RegisterEntry.organisation_id, RegisterEntry.slug)
        .where(RegisterEntry.organisation_id.in_(ids))
        .order_by(RegisterEntry.id)
    )
    return {ids[organisation_id]: slug for organisation_id, slug in rows}


def _decide(stage: Stage, list_id: int, slugs: dict[str, str]) -> None:
    actor = stage.afresh(stage.cast.second_commissioner)
    rows = db.session.execute(
        select(RegisterEntry.slug, ShortlistItem.id, ShortlistItem.note, ShortlistItem.version)
        .join(ShortlistItem, ShortlistItem.entry_id == RegisterEntry.id)
        .where(ShortlistItem.shortlist_id == list_id)
        .order_by(ShortlistItem.position)
    ).all()
    keys = {slug: key for key, slug in slugs.items()}
    for slug, item_id, note, version in rows:
        verdict = CONSIDERED[keys[slug]][1]
        shortlist_items.write_item(list_id, item_id, note, verdict.value, version, actor=actor, now=stage.now)
