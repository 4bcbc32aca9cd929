"""Answers of a consortium that wait for a member's part, as things to do for the people of that member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.access import Actor
from app.domain.lifecycle import EDITABLE
from app.domain.parts import MEMBER, Giver, Givers
from app.domain.self_assessment import Progress
from app.domain.to_do import Kind, ToDo
from app.domain.wording import counted
from app.extensions import db
from app.models import AnswerPart, Application, ConsortiumMember
from app.queries.frameworks import asked_under, framework_of
from app.queries.parts import MOST_MEMBERS, asked_in_parts, claim_of_part
from app.queries.passports import Held, held_by
from app.queries.self_assessments import facts_for

MOST = 20
Done = frozenset[tuple[int, str, int]]


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """One thing for each open application of a consortium in which parts of the actor's own members are not done.

    What a certificate answers waits for nobody. Four statements at most; none for who works for no member.
    """
    mine = {each: actor.acts_for[each] for each in organisation_ids if each in actor.acts_for}
    applications = _open(list(mine)) if mine else ()
    if not applications:
        return []
    givers, done = _givers(list(mine)), _done([each.id for each in applications], mine)
    held = held_by(db.session(), applications, today)
    waiting = [(each, _waiting(each, givers, mine, done, _answered(each, held, today))) for each in applications]
    return [_thing(application, codes) for application, codes in waiting if codes]


def _open(consortium_ids: Sequence[int]) -> Sequence[Application]:
    return db.session.scalars(
        select(Application)
        .where(Application.organisation_id.in_(consortium_ids), Application.status.in_(EDITABLE))
        .options(joinedload(Application.edition), joinedload(Application.organisation))
        .order_by(Application.id.desc())
        .limit(MOST)
    ).all()


def _givers(consortium_ids: Sequence[int]) -> Mapping[int, Givers]:
    """The members of each consortium, without their names, which nobody reads here."""
    rows = db.session.execute(
        select(ConsortiumMember.consortium_id, ConsortiumMember.member_id, ConsortiumMember.leads)
        .where(ConsortiumMember.consortium_id.in_(consortium_ids), ConsortiumMember.left_at.is_(None))
        .order_by(ConsortiumMember.id)
        .limit(MOST_MEMBERS * len(consortium_ids))
    )
    found: dict[int, tuple[Giver, ...]] = {}
    for consortium_id, member_id, leads in rows:
        found[consortium_id] = (*found.get(consortium_id, ()), Giver(MEMBER, member_id, "", leads))
    return {key: Givers(members=members) for key, members in found.items()}


def _done(application_ids: Sequence[int], mine: Mapping[int, frozenset[int]]) -> Done:
    """(application, criterion, member) of each part of the actor's members that is finished."""
    members = {member for each in mine.values() for member in each}
    rows = db.session.scalars(
        select(AnswerPart).where(AnswerPart.application_id.in_(application_ids), AnswerPart.member_id.in_(members))
    )
    return frozenset(
        (row.application_id, row.criterion_code, row.member_id or 0)
        for row in rows
        if claim_of_part(row).progress is Progress.DONE
    )


def _answered(application: Application, held: Mapping[int, Held], today: date) -> Set[str]:
    """The criteria that a certificate of another body answers."""
    here = held[application.id]
    return here.answering(framework_of(application.edition), today).keys() - here.own


def _waiting(
    application: Application,
    givers: Mapping[int, Givers],
    mine: Mapping[int, frozenset[int]],
    done: Done,
    answered: Set[str],
) -> list[str]:
    """The criteria for which a part of the actor's members is missing, in reading order."""
    framework, consortium = framework_of(application.edition), application.organisation_id
    in_parts = asked_in_parts(framework, givers[consortium]) if consortium in givers else {}
    every = asked_under(framework, facts_for(application), application.target)
    return [
        code
        for each in every
        if each.applies and (code := each.criterion.code) in in_parts and code not in answered
        if any(
            giver.giver_id in mine[consortium] and (application.id, code, giver.giver_id) not in done
            for giver in in_parts[code][0]
        )
    ]


def _thing(application: Application, codes: Sequence[str]) -> ToDo:
    title = f"{application.edition.title} {application.edition.edition}"
    one = f"/applications/{application.id}/criteria/{codes[0]}"
    return ToDo(
        kind=Kind.CRITERIA,
        what=f"Answer your part of {title} for {application.organisation.name}",
        path=one if len(codes) == 1 else f"/applications/{application.id}",
        due_on=None,
        when=f"{counted(len(codes), 'criterion waits', 'criteria wait')} for it",
        organisation_id=application.organisation_id,
    )
