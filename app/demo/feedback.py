"""What people who use the invented providers say: rounds that were closed, one that goes on, and a concern."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

import yaml
from sqlalchemy import select

from app.demo.cast import HERE, Provider
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.access import NOBODY
from app.domain.asks import EvidenceKind
from app.domain.lifecycle import ApplicationStatus
from app.domain.voice import Concern, NewRound, Said, form_of
from app.extensions import db
from app.models import Application, MailMessage, VoiceRound
from app.queries.frameworks import framework_of
from app.services import evidence, voice_answers, voice_rounds
from app.services.evidence import Behind

WHO = ("self", "self", "self", "helped", "carer")
LINK = "/say/"
ATTACHED = 8  # days ago


@dataclass(frozen=True)
class Round:
    """One round as feedback.yaml tells it; see there. `together` more answers come from one network at once."""

    provider: str
    title: str
    service: str
    framework: str
    ago: int
    days: int
    answers: int
    personal: int
    well: int
    together: int = 0


@lru_cache(maxsize=1)
def told() -> tuple[tuple[Round, dict[str, Any]], ...]:
    """The rounds, each with what people write."""
    written = yaml.safe_load((HERE / "feedback.yaml").read_text("utf-8"))
    return tuple((Round(**each["round"]), each) for each in written)


def feedback_stories(stage: Stage, today: date) -> list[Story]:
    return [_story(stage, each, said, today) for each, said in told()]


def _story(stage: Stage, each: Round, said: dict[str, Any], today: date) -> Story:
    provider = stage.cast.provider(each.provider)
    begins, lead = today - days(each.ago), provider.people[0]
    yield at(begins, 9, 30)
    edition_id = stage.edition(each.framework, "2026")[0]
    ends = begins + days(each.days)
    new = NewRound(each.title, each.service, edition_id, begins, ends)
    organisation_id = stage.organisation_ids[each.provider]
    actor = stage.actor(lead)
    round_id = voice_rounds.open_round(organisation_id, new, actor=actor, now=stage.now, today=stage.today)
    yield at(begins, 10)
    links = _invite(stage, provider, round_id, each.personal + each.personal // 2)
    for moment, number in _moments(begins, min(ends, today - days(1)), each.answers):
        yield moment
        link = links[number] if number < each.personal else _open_link(round_id)
        _say(stage, round_id, link, each, said, number)
    if each.together:
        yield at(today - days(2), 14)
        for number in range(each.together):
            _say(stage, round_id, _open_link(round_id), each, {}, number, network="the day room")
    if ends < today:
        yield at(ends, 17)
        voice_rounds.close_round(round_id, actor=actor, now=stage.now, today=stage.today)
        yield at(max(ends, today - days(ATTACHED)), 18)  # a draft that was begun since can use it
        _attach(stage, provider, round_id)


def _moments(begins: date, ends: date, answers: int) -> Iterator[tuple[datetime, int]]:
    """Spread over the days of the round, in office hours."""
    span = max((ends - begins).days, 1)
    for number in range(answers):
        day = begins + days(1 + number * (span - 1) // max(answers, 1))
        yield datetime.combine(day, time(11 + number % 5, number * 7 % 60), at(day, 0).tzinfo), number


def _invite(stage: Stage, provider: Provider, round_id: int, people: int) -> list[str]:
    """Invite by e-mail, and return the links as those who were written to find them."""
    if not people:
        return []
    addresses = [f"person{number}@{provider.key}-friends.example.org" for number in range(1, people + 1)]
    before = db.session.scalars(select(MailMessage.id).order_by(MailMessage.id.desc()).limit(1)).first() or 0
    voice_rounds.invite(
        round_id, "\n".join(addresses), tokens=stage.tokens, actor=stage.actor(provider.people[0]), now=stage.now,
        today=stage.today,
    )  # fmt: skip
    texts = db.session.scalars(select(MailMessage.text).where(MailMessage.id > before).order_by(MailMessage.id))
    return [text.partition(LINK)[2].split("\n")[0].split("?")[0].strip() for text in texts]


def _open_link(round_id: int) -> str:
    return str(db.session.scalars(select(VoiceRound.link).where(VoiceRound.id == round_id)).one())


def _say(
    stage: Stage, round_id: int, link: str, each: Round, said: dict[str, Any], number: int, network: str = ""
) -> None:
    """One person fills in the form. The first of a round that has a concern tells it."""
    dice = stage.dice(each.title, number, network)
    form = form_of(db.session.scalars(select(VoiceRound.questions).where(VoiceRound.id == round_id)).one())
    best, rest = ("always", "usually"), ("sometimes", "rarely")
    choices = {one.code: dice.choice(best if dice.randrange(10) < each.well else rest) for one in form.statements}
    asked = "good" if number % 2 == 0 else "better"
    written = said.get(asked, [])[number // 2 : number // 2 + 1]
    comments = dict(zip([asked], written, strict=False))
    language = "cy" if any("Mae'r" in text for text in comments.values()) else "en"
    concern = Concern(said["concern"]) if number == 0 and "concern" in said else None
    voice_answers.answer(
        link, Said(dice.choice(WHO), language, choices, comments), concern, f"{each.title} {number} {network}",
        sender=voice_answers.Sender(network or f"person {each.title} {number}"),
        tokens=stage.tokens, actor=NOBODY, now=stage.now, today=stage.today,
    )  # fmt: skip


def _attach(stage: Stage, provider: Provider, round_id: int) -> None:
    """Stand what people said behind the first criterion of a draft that asks for it, where the provider writes one."""
    db.session.rollback()
    found = db.session.get(VoiceRound, round_id)
    draft = db.session.scalars(
        select(Application)
        .where(
            Application.organisation_id == stage.organisation_ids[provider.key],
            Application.status == ApplicationStatus.DRAFT,
        )
        .order_by(Application.id)
        .limit(1)
    ).first()
    if found is None or found.item_id is None or draft is None:
        return
    for criterion in framework_of(draft.edition).criteria:
        for ask in criterion.evidence:
            if ask.kind is EvidenceKind.USER_FEEDBACK:
                behind = Behind(draft.id, criterion.code, ask.code)
                actor = stage.actor(provider.people[0])
                evidence.attach_evidence(found.item_id, behind, actor=actor, now=stage.now)
                return
