"""Feedback as the provider sees it: its rounds, and what came of each. It is shown numbers and words, never a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.domain.access import Action, Actor, may
from app.domain.access import Subject as About
from app.domain.errors import NotFound
from app.domain.voice import Form, Question, form_of
from app.domain.voice_results import Results
from app.domain.wording import Text
from app.extensions import db
from app.models import Application, EvidenceVersion, FrameworkEdition, Organisation, VoiceInvite, VoiceRound
from app.queries.frameworks import framework_of
from app.queries.lists import SERVICES, title
from app.queries.organisations import open_editions, own_organisation
from app.queries.voice_data import Standings, is_open, results_of, standings_of
from app.queries.voice_form import asked_by, core_form, theme_titles

PER_PAGE = 20
COMMENTS = 100  # of each question on one page


@dataclass(frozen=True)
class RoundRow:
    """One round in the list. `state` is early, open or closed."""

    round_id: int
    title: str
    service: str
    state: str
    opens_on: date
    closes_on: date
    closed_at: datetime | None
    answers: int
    invited: int


@dataclass(frozen=True)
class RoundsPage:
    """The rounds of an organisation, newest first."""

    organisation_id: int
    organisation: str
    rows: tuple[RoundRow, ...]
    page: int
    pages: int
    may_ask: bool


@dataclass(frozen=True)
class Choices:
    """What can be chosen for a new round. `frameworks` are (edition's id, title, statements it adds)."""

    organisation_id: int
    organisation: str
    services: tuple[tuple[str, str], ...]
    frameworks: tuple[tuple[int, str, tuple[str, ...]], ...]
    form: Form


@dataclass(frozen=True)
class Written:
    """What people wrote to one question: `total` comments, and those of them that this page shows."""

    question: Question
    total: int
    texts: tuple[str, ...]


@dataclass(frozen=True)
class RoundPage:
    """One round with its results. `used` of `row.invited` personal links were used; `item` is (id, newest version).

    `written` holds comments of `theme`, or all where it is empty, on page `page` of `pages`.
    """

    organisation_id: int
    organisation: str
    row: RoundRow
    link: str
    framework: str
    form: Form
    results: Results
    standings: Standings
    used: int
    theme_titles: dict[str, Text]
    item: tuple[int, int] | None
    may_ask: bool
    theme: str
    written: tuple[Written, ...]
    page: int
    pages: int


def rounds_page(organisation_id: int, page: int, actor: Actor, today: date) -> RoundsPage:
    """Four statements. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor, Action.SEE_FEEDBACK)
    own = select(VoiceRound).where(VoiceRound.organisation_id == organisation_id)
    total = db.session.scalar(own.with_only_columns(func.count())) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    found = db.session.scalars(own.order_by(VoiceRound.id.desc()).limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    counts = standings_of(db.session(), [each.id for each in found])
    return RoundsPage(
        organisation_id=organisation_id,
        organisation=organisation.name,
        rows=tuple(_row(each, counts.get(each.id, Standings()), today) for each in found),
        page=page,
        pages=pages,
        may_ask=_may_ask(actor, organisation_id),
    )


def _may_ask(actor: Actor, organisation_id: int) -> bool:
    return may(actor, Action.ASK_FOR_FEEDBACK, About(organisation_id=organisation_id))


def _row(found: VoiceRound, standings: Standings, today: date) -> RoundRow:
    closed = found.closed_at is not None or today > found.closes_on
    return RoundRow(
        round_id=found.id,
        title=found.title,
        service=title(SERVICES, found.service) if found.service else "",
        state="closed" if closed else "open" if is_open(found, today) else "early",
        opens_on=found.opens_on,
        closes_on=found.closes_on,
        closed_at=found.closed_at,
        answers=standings.counted,
        invited=found.invited,
    )


def round_choices(organisation_id: int, actor: Actor) -> Choices:
    """What a new round can be about: services of the profile, and frameworks that ask what people say.

    Those that the organisation has begun stand first. Raises NotFound, NotAllowed.
    """
    organisation = own_organisation(organisation_id, actor, Action.ASK_FOR_FEEDBACK)
    begun = set(
        db.session.scalars(select(Application.edition_id).where(Application.organisation_id == organisation_id))
    )
    editions = sorted(open_editions(), key=lambda each: each.id not in begun)
    return Choices(
        organisation_id=organisation_id,
        organisation=organisation.name,
        services=tuple((code, title(SERVICES, code)) for code in organisation.services),
        frameworks=_adding(editions),
        form=core_form(),
    )


def _adding(editions: Sequence[FrameworkEdition]) -> tuple[tuple[int, str, tuple[str, ...]], ...]:
    found = []
    for each in editions:
        statements = asked_by(framework_of(each))
        if statements:
            found.append((each.id, f"{each.title} {each.edition}", tuple(str(one.text) for one in statements)))
    return tuple(found)


def own_round(organisation_id: int, round_id: int, actor: Actor, action: Action) -> tuple[Organisation, VoiceRound]:
    """A round under its organisation's address. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor, action)
    found = db.session.get(VoiceRound, round_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound("There is no such page, or it is not open to you.")
    return organisation, found


def round_page(
    organisation_id: int,
    round_id: int,
    actor: Actor,
    today: date,
    action: Action = Action.SEE_FEEDBACK,
    *,
    theme: str = "",
    page: int = 1,
) -> RoundPage:
    """One round. At most seven statements. Raises NotFound, NotAllowed."""
    organisation, found = own_round(organisation_id, round_id, actor, action)
    standings = standings_of(db.session(), [found.id]).get(found.id, Standings())
    edition = db.session.get(FrameworkEdition, found.edition_id) if found.edition_id else None
    used = select(func.count()).where(VoiceInvite.round_id == found.id, VoiceInvite.used.is_(True))
    form, results = form_of(found.questions), results_of(db.session(), found)
    theme = theme if theme in {each.code for each in results.themes} else ""
    written, page, pages = _written(form, results, theme, page)
    return RoundPage(
        organisation_id=organisation_id,
        organisation=organisation.name,
        row=_row(found, standings, today),
        link=found.link,
        framework=f"{edition.title} {edition.edition}" if edition else "",
        form=form,
        results=results,
        standings=standings,
        used=db.session.scalar(used) or 0,
        theme_titles=theme_titles(),
        item=_item(found),
        may_ask=_may_ask(actor, organisation_id),
        theme=theme,
        written=written,
        page=page,
        pages=pages,
    )


def _written(form: Form, results: Results, theme: str, page: int) -> tuple[tuple[Written, ...], int, int]:
    """(the comments on one page, its number, how many pages there are); each page holds some of every question."""
    by_question: dict[str, list[str]] = {}
    for each in results.comments:
        if not theme or theme in each.themes:
            by_question.setdefault(each.question, []).append(each.text)
    pages = max(1, -(-max(map(len, by_question.values()), default=0) // COMMENTS))
    page = min(max(page, 1), pages)
    here = slice((page - 1) * COMMENTS, page * COMMENTS)
    written = tuple(
        Written(question, len(texts), tuple(texts[here]))
        for question in form.words
        if (texts := by_question.get(question.code))
    )
    return written, page, pages


def _item(found: VoiceRound) -> tuple[int, int] | None:
    if found.item_id is None:
        return None
    newest = select(func.max(EvidenceVersion.number)).where(EvidenceVersion.item_id == found.item_id)
    return found.item_id, db.session.scalar(newest) or 1


@dataclass(frozen=True)
class PosterFacts:
    """What a poster says. `link` is the end of the address."""

    provider: str
    service: str
    link: str
    closes_on: date


def poster_facts(organisation_id: int, round_id: int, actor: Actor) -> PosterFacts:
    """Raises NotFound, NotAllowed."""
    organisation, found = own_round(organisation_id, round_id, actor, Action.SEE_FEEDBACK)
    service = title(SERVICES, found.service) if found.service else ""
    return PosterFacts(organisation.name, service, found.link, found.closes_on)
