"""Help from outside: an adviser of an umbrella body with three providers, the sites of one, and a small consortium."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from app.demo.cast import PASSWORD, Provider
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.access import Right
from app.domain.lifecycle import EDITABLE
from app.domain.parts import SITE, SiteKind
from app.domain.self_assessment import Claim
from app.extensions import db
from app.models import Application
from app.services import advising, applications, consortia, invitations, parts, sites
from app.services.advising import Help
from app.services.sites import SiteFacts

UMBRELLA = "Pennine Voluntary Action"
HELPED = {  # provider -> the rights that it gives
    "crumpsall": frozenset({Right.ANSWER, Right.EVIDENCE, Right.PLAN}),
    "fylde-advocacy": frozenset({Right.SEE}),
    "kent-estuary": frozenset({Right.ANSWER, Right.REPLY}),
}
WITH_SITES = "crumpsall"
SITES = (
    (SiteFacts("Crumpsall Lane hall", SiteKind.PLACE, "The ground floor, three days a week"), 2),
    (SiteFacts("Allotment hut", SiteKind.PLACE, "Springfield Road allotments"), 1),
    (SiteFacts("Phone line", SiteKind.SERVICE, "Calls from volunteers' homes"), None),
)
ON_PREMISES = "SAF.2.6"
FOUNDER, PARTNER = "lune-lantern", "quernmore-carers"
TOGETHER = "Lune Valley Care Together"
BEGAN = 22  # days ago


def helping_stories(stage: Stage, today: date) -> list[Story]:
    """Everything that begins with somebody from outside, or at several places."""
    return [_advice(stage, today), _sites(stage, today), _consortium(stage, today)]


def _advice(stage: Stage, today: date) -> Story:
    adviser = stage.cast.adviser
    for number, (key, rights) in enumerate(HELPED.items()):
        yield at(today - days(BEGAN - number), 9, 30)
        provider = stage.cast.provider(key)
        lead = stage.actor(provider.people[0])
        advising.invite_adviser(
            stage.organisation_ids[key],
            adviser.email,
            Help(rights, UMBRELLA),
            actor=lead,
            now=stage.now,
            today=stage.today,
        )
        yield at(today - days(BEGAN - number), 14)
        token = stage.token_mailed_to(adviser)
        if number:
            invitations.accept_invitation(token, actor=stage.afresh(adviser), now=stage.now)
        else:
            invitations.accept_as_newcomer(token, adviser.name, PASSWORD, passwords=stage.passwords, now=stage.now)


def _sites(stage: Stage, today: date) -> Story:
    yield at(today - days(BEGAN), 11)
    provider = stage.cast.provider(WITH_SITES)
    lead, organisation_id = stage.actor(provider.people[0]), stage.organisation_ids[WITH_SITES]
    made = [sites.add_site(organisation_id, facts, actor=lead, now=stage.now) for facts, _ in SITES]
    yield at(today - days(BEGAN - 2), 16)
    application_id = _draft_of(organisation_id)
    for site_id, (facts, point) in zip(made, SITES, strict=True):
        if point is not None:
            claim = Claim(point, False, f"{facts.name} was walked through with two members. The list is on the wall.")
            parts.record_part(application_id, ON_PREMISES, SITE, site_id, claim, 0, actor=lead, now=stage.now)


def _draft_of(organisation_id: int) -> int:
    return db.session.scalars(
        select(Application.id)
        .where(Application.organisation_id == organisation_id, Application.status.in_(EDITABLE))
        .order_by(Application.id)
        .limit(1)
    ).one()


def _consortium(stage: Stage, today: date) -> Story:
    """One provider's lead describes the consortium; it joins itself, and asks another to."""
    yield at(today - days(BEGAN - 4), 10)
    founder, partner = stage.cast.provider(FOUNDER), stage.cast.provider(PARTNER)
    together = replace(
        founder,
        key="lune-together",
        name=TOGETHER,
        kind="consortium",
        has=frozenset(),
        summary="Two charities of the Lune valley that offer respite and company together.",
        description="We share a rota, a safeguarding lead and one number to call.",
    )
    stage.start_organisation(together, founder.people[0])
    consortium_id = stage.organisation_ids[together.key]
    for member in (founder, partner):
        yield at(today - days(BEGAN - 4), 12 if member is founder else 15)
        _join(stage, consortium_id, founder, member)
    yield at(today - days(BEGAN - 5), 9)
    lead = stage.afresh(founder.people[0])
    edition_id = stage.edition("peer-quality-mark", "2026")[0]
    applications.start_application(consortium_id, edition_id, "level-1", actor=lead, now=stage.now)


def _join(stage: Stage, consortium_id: int, founder: Provider, member: Provider) -> None:
    inviter, person = stage.afresh(founder.people[0]), member.people[0]
    consortia.invite_member(consortium_id, person.email, actor=inviter, now=stage.now)
    token, actor = stage.token_mailed_to(person), stage.afresh(person)
    consortia.join_consortium(token, stage.organisation_ids[member.key], actor=actor, now=stage.now)
