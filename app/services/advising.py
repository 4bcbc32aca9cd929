"""Letting somebody from outside help, with exactly the rights that the organisation gives, and ending it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import GIVEN_TO_ADVISERS, Action, Actor, Right, Role, Subject, require
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.people import email_address
from app.domain.topics import Topic
from app.models import AdviserGrant, Invitation, Membership, Organisation, User
from app.services.helping import untie
from app.services.invitations import send_new
from app.services.telling import people_of, tell
from app.services.transactions import locked, record, transaction

LONGEST_NAME = 200


@dataclass(frozen=True)
class Help:
    """What an organisation lets an adviser do, and through which day; None where it says no end."""

    rights: frozenset[Right]
    works_for: str = ""
    ends_on: date | None = None


def invite_adviser(organisation_id: int, email: str, help_: Help, *, actor: Actor, now: datetime, today: date) -> int:
    """Offer rights to somebody by mail. An open offer to the same address is replaced. Returns its id.

    Raises NotFound, NotAllowed, Throttled, and Invalid on `email`, `rights`, `works_for` or `ends_on`.
    """
    require(actor, Action.LET_ADVISE, Subject(organisation_id=organisation_id))
    email, rights = email_address(email), _checked(help_, today)
    with transaction() as session:
        organisation = locked(session, Organisation, organisation_id)
        works_here = (
            select(Membership.id).join(User).where(User.email == email, Membership.organisation_id == organisation_id)
        )
        if session.scalars(works_here).first():
            raise Invalid({"email": f"{email} works with {organisation.name} here, and needs no rights from outside."})
        offer = Invitation(
            email=email,
            organisation_id=organisation_id,
            role=Role.ADVISER,
            rights=rights,
            works_for=help_.works_for.strip(),
            ends_on=help_.ends_on,
        )
        return send_new(session, offer, organisation.name, actor, now)


def _checked(help_: Help, today: date) -> list[str]:
    """The rights as they are stored, in the order in which they are offered. Raises Invalid."""
    errors = {}
    if not help_.rights.issubset(GIVEN_TO_ADVISERS):
        errors["rights"] = "Choose from the list what they may do."
    if len(help_.works_for) > LONGEST_NAME:
        errors["works_for"] = f"The name may have at most {LONGEST_NAME} characters."
    if help_.ends_on is not None and help_.ends_on < today:
        errors["ends_on"] = "The last day must be today or later. Leave it empty for no end."
    if errors:
        raise Invalid(errors)
    return in_order(help_.rights | {Right.SEE})


def in_order(rights: Iterable[Right]) -> list[str]:
    """The rights' codes in the order in which they are offered."""
    given = set(rights)
    return [right.value for right in GIVEN_TO_ADVISERS if right in given]


def change_rights(grant_id: int, help_: Help, version: int, *, actor: Actor, now: datetime, today: date) -> None:
    """Give an adviser other rights from now on. `version` is that of the grant which the form showed.

    Raises NotFound, NotAllowed, Invalid, and Conflict where a colleague changed it meanwhile or it has ended.
    """
    rights = _checked(help_, today)
    with transaction() as session:
        grant = _standing(session, grant_id, actor, Action.LET_ADVISE)
        if grant.version != version:
            raise Conflict("A colleague changed these rights meanwhile. Look at them as they stand now.")
        before = {"rights": grant.rights, "until": str(grant.ends_on or "")}
        after = {"rights": rights, "until": str(help_.ends_on or "")}
        grant.works_for = help_.works_for.strip()
        if before == after:
            return
        grant.rights, grant.ends_on, grant.version = rights, help_.ends_on, grant.version + 1
        _record(session, actor, "adviser.rights-changed", grant, now, before=before, after=after)
        tell(
            session,
            [grant.user],
            "adviser_rights_changed",
            now,
            topic=Topic.PEOPLE,
            organisation=grant.organisation.name,
            rights=rights,
            ends_on=help_.ends_on,
        )


def end_advice(grant_id: int, *, actor: Actor, now: datetime) -> None:
    """Take an adviser's rights away, from this moment on. Raises NotFound, NotAllowed, Conflict where they have ended."""
    with transaction() as session:
        grant = _standing(session, grant_id, actor, Action.LET_ADVISE)
        _end(session, grant, actor, now)
        words = {"organisation": grant.organisation.name, "ends_on": None}
        tell(session, [grant.user], "adviser_ended", now, topic=Topic.PEOPLE, **words)


def stop_advising(organisation_id: int, *, actor: Actor, now: datetime) -> None:
    """Give back the rights that one holds at an organisation. Raises NotFound where there are none."""
    require(actor, Action.USE_ACCOUNT)
    with transaction() as session:
        grants = session.scalars(
            select(AdviserGrant)
            .where(
                AdviserGrant.organisation_id == organisation_id,
                AdviserGrant.user_id == actor.user_id,
                AdviserGrant.ended_at.is_(None),
            )
            .with_for_update()
        ).all()
        if not grants:
            raise NotFound("There is no such page, or it is not open to you.")
        for grant in grants:
            _end(session, grant, actor, now)
        leads = people_of(session, organisation_id, Role.LEAD)
        tell(
            session,
            leads,
            "adviser_stopped",
            now,
            topic=Topic.SHARING,
            organisation=grants[0].organisation.name,
            organisation_id=organisation_id,
            adviser=actor.name,
        )


def _standing(session: Session, grant_id: int, actor: Actor, action: Action) -> AdviserGrant:
    grant = locked(session, AdviserGrant, grant_id)
    require(actor, action, Subject(organisation_id=grant.organisation_id))
    if grant.ended_at is not None:
        raise Conflict("These rights have ended already.")
    return grant


def _end(session: Session, grant: AdviserGrant, actor: Actor, now: datetime) -> None:
    grant.ended_at, grant.ended_by_id, grant.version = now, actor.user_id, grant.version + 1
    untie(session, grant, now)
    _record(session, actor, "adviser.ended", grant, now)


def _record(session: Session, actor: Actor, action: str, grant: AdviserGrant, now: datetime, **detail: Any) -> None:
    record(session, actor, action, grant, now, organisation_id=grant.organisation_id, person=grant.user.name, **detail)
