"""What waits about certificates of other bodies: those that end or were refused, and what a scheme is to check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.domain.access import Action, Actor, Role, Subject, may
from app.domain.certificates_held import SOON, CheckState
from app.domain.to_do import Kind, ToDo
from app.domain.wording import counted, dated, joined
from app.extensions import db
from app.models import Passport, PassportCheck, Scheme
from app.queries.resting import Resting, resting_awards

MOST = 50


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """Certificates that end or were not accepted, and awards that rest on what fell. Four statements."""
    own = [each for each in organisation_ids if may(actor, Action.ADD_PASSPORT, Subject(organisation_id=each))]
    if not own:
        return []
    resting = resting_awards(db.session(), today, organisation_ids=own)
    fallen = [_fallen(each) for each in resting if each.fell]
    return [*fallen, *_refused(own, today), *_ending(own, today)][:MOST]


def for_managers(actor: Actor, today: date) -> list[ToDo]:
    """What the schemes that the actor manages are to check, and awards that rest on what fell. Three statements."""
    schemes = [scheme_id for scheme_id, roles in actor.schemes.items() if Role.MANAGER in roles]
    if not schemes:
        return []
    resting = resting_awards(db.session(), today, scheme_ids=schemes)
    decide = [_decide(each) for each in resting if each.fell and actor.role_at(each.organisation_id) is None]
    return [*decide[:MOST], *_to_check(schemes, actor)]


def _fallen(resting: Resting) -> ToDo:
    return ToDo(
        Kind.PASSPORT,
        f"Bring what answers {joined(resting.codes)} now: award {resting.award_number} rests on it",
        f"/organisations/{resting.organisation_id}/held-elsewhere",
        when=f"{resting.title} counts no more",
        organisation_id=resting.organisation_id,
    )


def _refused(organisation_ids: Sequence[int], today: date) -> Iterator[ToDo]:
    follower = aliased(Passport)
    followed = select(follower.id).where(follower.replaces_id == Passport.id, follower.withdrawn_at.is_(None)).exists()
    rows = db.session.execute(
        select(Passport.id, Passport.organisation_id, Passport.title, Scheme.title)
        .join(PassportCheck, PassportCheck.passport_id == Passport.id)
        .join(Scheme, Scheme.id == PassportCheck.scheme_id)
        .where(
            Passport.organisation_id.in_(organisation_ids),
            Passport.withdrawn_at.is_(None),
            Passport.ends_on.is_(None) | (Passport.ends_on >= today),
            PassportCheck.state.in_([CheckState.REFUSED, CheckState.REVOKED]),
            ~followed,
        )
        .order_by(Passport.id.desc())
        .limit(MOST)
    )
    for passport_id, organisation_id, title, scheme in rows:
        yield ToDo(
            Kind.PASSPORT,
            f"Bring {title} again with better proof, or stop using it",
            f"/organisations/{organisation_id}/held-elsewhere/{passport_id}",
            when=f"not accepted by {scheme}",
            organisation_id=organisation_id,
        )


def _ending(organisation_ids: Sequence[int], today: date) -> Iterator[ToDo]:
    """Those that end soon, or ended lately, and that no other follows."""
    follower = aliased(Passport)
    followed = select(follower.id).where(follower.replaces_id == Passport.id, follower.withdrawn_at.is_(None)).exists()
    rows = db.session.execute(
        select(Passport.id, Passport.organisation_id, Passport.title, Passport.ends_on)
        .where(
            Passport.organisation_id.in_(organisation_ids),
            Passport.withdrawn_at.is_(None),
            Passport.ends_on.between(today - timedelta(days=SOON), today + timedelta(days=SOON)),
            ~followed,
        )
        .order_by(Passport.ends_on, Passport.id)
        .limit(MOST)
    )
    for passport_id, organisation_id, title, ends_on in rows:
        over = ends_on is not None and ends_on < today
        yield ToDo(
            Kind.PASSPORT,
            f"Renew {title}",
            f"/organisations/{organisation_id}/held-elsewhere/{passport_id}",
            due_on=ends_on,
            when=f"ended on {dated(ends_on)}" if over and ends_on else "",
            organisation_id=organisation_id,
        )


def _decide(resting: Resting) -> ToDo:
    return ToDo(
        Kind.PASSPORT,
        f"Decide on award {resting.award_number} of {resting.provider}",
        f"/schemes/{resting.scheme_code}/cases/{resting.application_id}",
        when=f"{resting.title} counts no more",
    )


def _to_check(schemes: Sequence[int], actor: Actor) -> Iterator[ToDo]:
    rows = db.session.execute(
        select(Scheme.code, Scheme.title, func.count())
        .join(PassportCheck, PassportCheck.scheme_id == Scheme.id)
        .join(Passport, Passport.id == PassportCheck.passport_id)
        .where(
            Scheme.id.in_(schemes),
            PassportCheck.state == CheckState.WAITING,
            Passport.withdrawn_at.is_(None),
            Passport.organisation_id.not_in([*actor.organisations, *actor.helps]),
        )
        .group_by(Scheme.id, Scheme.code, Scheme.title)
        .order_by(Scheme.title)
        .limit(MOST)
    )
    for code, title, count in rows:
        what = f"Check {counted(count, 'certificate')} that providers of {title} hold elsewhere"
        yield ToDo(Kind.PASSPORT, what, f"/schemes/{code}/passports")
