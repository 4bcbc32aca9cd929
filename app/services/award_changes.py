"""Changes that need a new certificate: an award confirmed, its scope changed, its level reduced, its holder's name put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.certificates import level_colour
from app.domain.access import Actor
from app.domain.errors import Conflict, Invalid
from app.domain.framework import Level
from app.domain.lifecycle import CURRENT, AwardMove
from app.domain.passports import last_day
from app.models import Application, Award
from app.queries.award_choices import lower_levels
from app.queries.award_moves import open_moves
from app.queries.award_scope import Covered, covered_by, scope_in_words
from app.queries.frameworks import framework_of
from app.services.award_rules import changed, held_award, refuse_if_moved
from app.services.awards import LONGEST
from app.services.issuing import Press, issue_certificate
from app.services.transactions import transaction
from app.services.using_passports import rests_on

NOT_NOW = "This cannot be done to the award as it is now."


@dataclass(frozen=True)
class Reissue:
    """Why a certificate is issued again. `reason` goes to the provider, `public` is the register's sentence.

    `seen` is what the award was when its page was opened; empty asks nothing.
    """

    reason: str
    public: str = ""
    seen: str = ""


@dataclass(frozen=True)
class NewScope(Reissue):
    """What the award covers from now on. `assessed` says how what is added was assessed; needed where anything is."""

    services: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    assessed: str = ""


@dataclass(frozen=True)
class Lower(Reissue):
    """The lower level, by its code."""

    level: str = ""


@dataclass(frozen=True)
class _Done:
    """What a change did, for its letter and the audit trail. `detail` says from what to what."""

    event: str
    public: str
    detail: Mapping[str, str] = field(default_factory=dict)


def confirm(award_id: int, change: Reissue, press: Press, *, actor: Actor, now: datetime, today: date) -> None:
    """Confirm a provisional award: from now on it lasts as long as any other, counted from its first day.

    Raises NotFound, NotAllowed, Invalid (`reason`), IllegalMove, Conflict where it changed meanwhile or cannot be confirmed.
    """
    with transaction() as session:
        application, award = _held(session, award_id, change, AwardMove.CONFIRM, actor, today)
        _check(change)
        before = award.expires_on
        award.make(AwardMove.CONFIRM, today, change.public.strip() or "Award confirmed.")
        award.provisional = False
        award.conditions_due_on = None
        terms = framework_of(award.edition).award
        award.expires_on = max(before, last_day(terms, None, award.counted_from, rests_on(session, application)))
        detail = {"before": before.isoformat(), "expires_on": award.expires_on.isoformat()}
        done = _Done("confirmed", award.status_reason, detail)
        _issue(session, award, application, change, done, press, actor, now, today)


def change_scope(award_id: int, change: NewScope, press: Press, *, actor: Actor, now: datetime, today: date) -> None:
    """Add or drop services or sites. Raises as `confirm`, and Invalid (`services`, `sites`, `assessed`)."""
    with transaction() as session:
        application, award = _held(session, award_id, change, AwardMove.CHANGE_SCOPE, actor, today)
        before, after = covered_by(award), Covered(change.services, change.sites)
        _check(change, _scope_errors(before, after, change.assessed))
        award.make(AwardMove.CHANGE_SCOPE, today, award.status_reason)
        old = list(award.scope)
        award.covers = {"services": list(after.services), "sites": list(after.sites)}
        award.scope = scope_in_words(award.organisation, after)
        public = change.public.strip() or "What the award covers has changed."
        detail = {"before": "; ".join(old), "scope": "; ".join(award.scope), "assessed": change.assessed.strip()}
        done = _Done("scope-changed", public, {key: words for key, words in detail.items() if words})
        _issue(session, award, application, change, done, press, actor, now, today)


def reduce_level(award_id: int, change: Lower, press: Press, *, actor: Actor, now: datetime, today: date) -> None:
    """Bring the award down to a lower level; its last day stays. Raises as `confirm`, and Invalid (`level`)."""
    with transaction() as session:
        application, award = _held(session, award_id, change, AwardMove.REDUCE, actor, today)
        lower = {level.code: level for level in lower_levels(award)}
        errors = {} if change.level in lower else {"level": "Choose a level below the one it has."}
        _check(change, errors)
        before = award.level_title
        award.make(AwardMove.REDUCE, today, award.status_reason)
        _set_level(award, lower[change.level])
        public = change.public.strip() or f"Reduced from {before} to {award.level_title}."
        done = _Done("reduced", public, {"before": before, "level": award.level_title})
        _issue(session, award, application, change, done, press, actor, now, today)


def reissue(award_id: int, change: Reissue, press: Press, *, actor: Actor, now: datetime, today: date) -> None:
    """Issue the certificate again, in the name that its holder has now. Raises as `confirm`."""
    with transaction() as session:
        application, award = held_award(session, award_id, actor, today)
        refuse_if_moved(session, award, change.seen, (AwardMove.SUSPEND,), today)
        if award.status not in CURRENT:
            raise Conflict(NOT_NOW)
        _check(change)
        before, award.holder_name = award.holder_name, award.organisation.name
        public = change.public.strip() or "Certificate issued again."
        done = _Done("reissued", public, {"before": before, "name": award.holder_name})
        _issue(session, award, application, change, done, press, actor, now, today)


def _held(
    session: Session, award_id: int, change: Reissue, move: AwardMove, actor: Actor, today: date
) -> tuple[Application, Award]:
    application, award = held_award(session, award_id, actor, today)
    refuse_if_moved(session, award, change.seen, (move,), today)
    if move not in open_moves(award, today):
        raise Conflict(NOT_NOW)
    return application, award


def _check(change: Reissue, errors: Mapping[str, str] | None = None) -> None:
    found = dict(errors or {})
    if not change.reason.strip():
        found["reason"] = "Write the reason. The provider will read it."
    for name in ("reason", "public", "assessed"):
        if len(getattr(change, name, "")) > LONGEST:
            found[name] = f"Keep this under {LONGEST:,} characters."
    if found:
        raise Invalid(found)


def _scope_errors(before: Covered, after: Covered, assessed: str) -> dict[str, str]:
    if not after.services:
        return {"services": "Choose at least one service. To end the award, withdraw it."}
    if set(after.services) == set(before.services) and set(after.sites) == set(before.sites):
        return {"services": "This is what the award covers already."}
    added = [
        *(set(after.services) - set(before.services)),
        *(set(after.sites) - set(before.sites) if before.sites else ()),
    ]
    if added and not assessed.strip():
        return {"assessed": "Say how what is added was assessed: who looked at it, when, and what they saw."}
    return {}


def _set_level(award: Award, level: Level) -> None:
    levels = framework_of(award.edition).levels
    award.level, award.level_title = level.code, str(level.title)
    award.level_colour = level_colour(level.code, level.rank + 1, len(levels))


def _issue(
    session: Session,
    award: Award,
    application: Application,
    change: Reissue,
    done: _Done,
    press: Press,
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    """The new certificate, and what every change sets off."""
    reason = change.reason.strip()
    issue_certificate(session, award, application, actor, press, now, today, why=done.public)
    changed(
        session, award, application, actor, done.event, now, today, reason=reason, public=done.public, **done.detail
    )
