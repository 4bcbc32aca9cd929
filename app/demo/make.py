"""Makes the demonstration: the scheme's people, and every provider's story, in the order of time up to now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, delete, event, select, update

from app.demo.cast import Cast, sign_ins
from app.demo.choosing import choosing_stories
from app.demo.clock import Story, at, days, run
from app.demo.colleagues import AT_WORK, colleagues_story
from app.demo.disputes import disputes_stories
from app.demo.editions import BEFORE, CHANGED_ON, FRAMEWORK, load_earlier
from app.demo.evidence import evidence_stories
from app.demo.feedback import feedback_stories
from app.demo.findings import findings_stories
from app.demo.helping import helping_stories
from app.demo.improving import improving_stories
from app.demo.interests import interests_stories
from app.demo.leads import leads_stories
from app.demo.lists import lists_stories
from app.demo.next_edition import next_edition_story
from app.demo.offers import offers_stories
from app.demo.packs import packs_stories
from app.demo.panel import panel_stories
from app.demo.passports import passports_stories
from app.demo.populations import make_populations
from app.demo.reconciling import reconciling_stories
from app.demo.reports import reports_stories
from app.demo.running import running_stories
from app.demo.same_words import words_stories
from app.demo.second_mark import WANT_IT, second_mark_story
from app.demo.stage import Stage
from app.demo.stories import provider_story
from app.demo.visits import visits_stories
from app.demo.watching import watching_stories
from app.domain.access import NOBODY, Role
from app.extensions import db
from app.models import AuditRow, MailMessage, Notice, Organisation, Scheme
from app.services.digests import write_digest
from app.services.frameworks import close_edition, load_standards
from app.services.transactions import record, transaction

MADE = "demonstration.made"
TOLD_BY_NOW = timedelta(days=2)
SCHEME_BEGAN = 1520
"""Days before today. Its first award is a little more than three and a half years old, so that some have run out."""

BESIDE = (
    helping_stories,
    passports_stories,
    evidence_stories,
    improving_stories,
    leads_stories,
    disputes_stories,
    findings_stories,
    reconciling_stories,
    running_stories,
    reports_stories,
    panel_stories,
    visits_stories,
    watching_stories,
    offers_stories,
    choosing_stories,
    lists_stories,
    words_stories,
)
"""What happens beside the cases themselves. All of it takes place side by side, in the order of time."""


class HalfMade(Exception):
    """Making broke off once: there are invented organisations, and no note that everything was made."""


def made_already() -> bool:
    """Whether the demonstration was made. Raises HalfMade where that was begun and broke off."""
    if db.session.scalars(select(AuditRow.id).where(AuditRow.action == MADE).limit(1)).first():
        return True
    if db.session.scalars(select(Organisation.id).where(Organisation.invented.is_(True)).limit(1)).first():
        raise HalfMade
    return False


def make(stage: Stage, now: datetime) -> None:
    """Make everything, up to `now`. Each act is a use-case's transaction; the whole can be thrown away and made again."""
    stage.set_clock(now)
    today = stage.today
    load_standards(stage.standards, now=now)
    begins = today - days(SCHEME_BEGAN)
    stories = [_scheme_story(stage, begins), _editions_story(stage), next_edition_story(stage, today)]
    stories += [provider_story(stage, provider, today) for provider in stage.cast.providers]
    stories += [second_mark_story(stage, stage.cast.provider(key), today) for key in WANT_IT]
    stories += feedback_stories(stage, today)
    stories += interests_stories(stage, today)
    stories += packs_stories(stage, today)
    stories.append(colleagues_story(stage, stage.cast.provider(AT_WORK), today))
    stories += [story for stories_of in BESIDE for story in stories_of(stage, today)]
    with without_waiting_for_the_disk(db.engine):
        run(stories, now, stage.set_clock)
        stage.set_clock(now)
        _note_that_all_is_made(stage)


def _note_that_all_is_made(stage: Stage) -> None:
    make_populations(stage.now)
    with transaction() as session:
        # What was owed in the past counts as sent then: a demonstration with a mail server writes only what is new.
        session.execute(update(MailMessage).where(MailMessage.sent_at.is_(None)).values(sent_at=MailMessage.queued_at))
        session.execute(delete(Notice).where(Notice.at < stage.now - TOLD_BY_NOW))
        record(session, NOBODY, MADE, session.get_one(Scheme, stage.scheme_id), stage.now, scheme_id=stage.scheme_id)
    for sign_in in sign_ins(stage.cast):  # so that the outbox shows the day's e-mail of those whom one can become
        write_digest(stage.user_id(sign_in.person), stage.now)


def _scheme_story(stage: Stage, begins: date) -> Story:
    """The scheme gets its first edition, its manager, and everybody who works for it."""
    cast: Cast = stage.cast
    load_earlier(stage.standards, begins)
    yield at(begins, 9)
    stage.appoint(cast.manager)
    posts = [(person, Role.ASSESSOR) for person in cast.assessors]
    posts += [(person, Role.PANEL_MEMBER) for person in cast.panel]
    posts += [(cast.deputy_manager, Role.MANAGER), (cast.auditor, Role.AUDITOR)]
    for number, (person, role) in enumerate(posts, 1):
        yield at(begins + days(number // 3), 10 + number % 8)
        stage.invite(person, role)


def _editions_story(stage: Stage) -> Story:
    """The earlier edition takes no new applications once the shipped one is in force."""
    yield at(CHANGED_ON, 0)
    close_edition(FRAMEWORK, BEFORE, now=stage.now)


@contextmanager
def without_waiting_for_the_disk(engine: Engine) -> Iterator[None]:
    """Meanwhile SQLite does not wait for each of some thousand transactions to reach the disk.

    A crash of the machine while the demonstration is made could lose it, and then it is made again.
    """

    def hurry(connection, _entry) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    if engine.dialect.name != "sqlite":
        yield
        return
    db.session.remove()
    engine.dispose()
    event.listen(engine, "connect", hurry)
    try:
        yield
    finally:
        event.remove(engine, "connect", hurry)
        db.session.remove()
        engine.dispose()
