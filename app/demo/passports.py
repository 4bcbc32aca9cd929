"""What some providers hold elsewhere: accepted, waiting, refused, and about to end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO

from sqlalchemy import select

from app.demo.clock import Story, at, days
from app.demo.documents import pdf
from app.demo.stage import Stage
from app.domain.certificates_held import Certificate, CheckMove
from app.extensions import db
from app.models import Passport
from app.queries.certificate_choices import ANOTHER
from app.services import passport_checks, passports
from app.services.passports import NewPassport
from app.services.uploads import Upload

CYBER, TOOLKIT = "cyber-essentials|certified|", "nhs-dsp-toolkit|standards-met|"
BODIES = {CYBER: "Cyber Essentials", TOOLKIT: "Data Security and Protection Toolkit"}


@dataclass(frozen=True)
class Held:
    """One certificate: issued `issued` days ago and valid for a year, brought `brought` days ago, and what came of it."""

    provider: str
    choice: str
    number: str
    issued: int
    brought: int
    title: str = ""
    verdict: CheckMove | None = None
    after: int = 6  # days until the scheme looked at it
    reason: str = ""


HELD = (
    Held("bay-memory", CYBER, "CE-118204", 150, 38, verdict=CheckMove.ACCEPT),
    Held("bay-memory", TOOLKIT, "8HK72", 354, 37, verdict=CheckMove.ACCEPT),
    Held(
        "bay-memory",
        ANOTHER,
        "DCS-20931",
        120,
        20,
        title="Disability Confident Employer, Department for Work and Pensions",
    ),
    Held("hyndburn-hands", TOOLKIT, "H4R2D", 40, 5),
    Held(
        "crumpsall",
        TOOLKIT,
        "A2K9F",
        200,
        25,
        verdict=CheckMove.REFUSE,
        reason=(
            "The file is the letter that you registered, not the result. Please bring the page that says “standards met”, or "
            "the address of your published result."
        ),
    ),
    Held("kent-estuary", CYBER, "CE-109340", 200, 80, verdict=CheckMove.ACCEPT),
)


def passports_stories(stage: Stage, today: date) -> list[Story]:
    return [_story(stage, each, number, today) for number, each in enumerate(HELD)]


def _story(stage: Stage, held: Held, number: int, today: date) -> Story:
    """The lead brings it and asks the scheme, which looks at it some days later."""
    yield at(today - days(held.brought), 12, 7 * number)
    _bring(stage, held, today)
    if held.verdict is None:
        return
    yield at(today - days(held.brought - held.after), 11, 7 * number)
    passport_checks.check_passport(
        stage.scheme_id,
        _id_of(stage, held),
        held.verdict,
        version=1,
        reason=held.reason,
        actor=stage.actor(stage.cast.manager),
        now=stage.now,
        today=stage.today,
    )


def _bring(stage: Stage, held: Held, today: date) -> None:
    provider = stage.cast.provider(held.provider)
    issued, ends = today - days(held.issued), today + days(364 - held.issued)
    body = BODIES.get(held.choice, held.title)
    words = [
        f"This is to certify that {provider.name} holds {body}.",
        f"Number {held.number}. Issued {issued:%d %B %Y}, valid until {ends:%d %B %Y}.",
        "Made up for a demonstration. It certifies nothing.",
    ]
    certificate = Certificate(
        title=held.title, number=held.number, holder=provider.name, issued_on=issued, ends_on=ends
    )
    upload = Upload(f"{held.number}.pdf", BytesIO(pdf(f"Certificate {held.number}", words)))
    passports.add_passport(
        stage.organisation_ids[provider.key],
        NewPassport(held.choice, certificate, upload, frozenset({stage.scheme_id})),
        storage=stage.storage,
        actor=stage.actor(provider.people[0]),
        now=stage.now,
        today=stage.today,
    )


def _id_of(stage: Stage, held: Held) -> int:
    return db.session.scalars(
        select(Passport.id).where(
            Passport.organisation_id == stage.organisation_ids[held.provider], Passport.number == held.number
        )
    ).one()
