"""A provider that holds what another body awarded, and a framework that takes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

from app.domain.certificates_held import Certificate, CheckMove
from app.edge.backends import storage
from app.extensions import db
from app.models import Notice, Organisation, Passport, Scheme, User
from app.services import passports
from app.services.passport_checks import check_passport
from app.services.passports import NewPassport
from app.services.uploads import Upload
from tests import factories as make
from tests.conftest import NOON

TODAY = NOON.date()
YEAR = timedelta(days=365)
CYBER, FIRE = "cyber-essentials|certified|", "fire-mark||"
TAKES = make.SMALL_FRAMEWORK.replace(
    "            required: 1\n            evidence:",
    "            required: 1\n"
    "            passports: [{scheme: cyber-essentials, level: certified, counts_as: 2}]\n"
    "            evidence:",
).replace(
    "            text: New trustees are told their duties.\n            scale: fulfilment\n",
    "            text: New trustees are told their duties.\n            scale: fulfilment\n"
    "            passports: [{scheme: fire-mark}, {scheme: cyber-essentials, level: certified, counts_as: 1}]\n",
)
ENDS_WITH = TAKES.replace("award: {valid: 3 years,", "award: {ends_with_passports: true, valid: 3 years,")

CERTIFICATE = Certificate(
    title="", number="CE-4711", holder="The Provider", issued_on=TODAY - timedelta(days=30), ends_on=TODAY + YEAR
)


def at(day: date) -> datetime:
    """Noon of a day."""
    return datetime.combine(day, time(12), UTC)


def bring(of: Organisation, by: User, choice: str = CYBER, *ask: Scheme, **changes: object) -> int:
    """A certificate with a proof of its own, as its provider brings it. Returns its id."""
    certificate = replace(CERTIFICATE, **changes)
    upload = Upload("proof.txt", BytesIO(f"{of.name} {certificate.number} {certificate.ends_on}".encode()))
    asked = frozenset(each.id for each in ask)
    new = NewPassport(choice, certificate, upload, asked)
    return passports.add_passport(of.id, new, storage=storage(), actor=make.actor(by), now=NOON, today=TODAY)


def check(scheme: Scheme, passport_id: int, by: User, move: CheckMove = CheckMove.ACCEPT, **values: object) -> None:
    """What one scheme says of it."""
    day = values.pop("day", TODAY)
    given = {"version": 1, "reason": "" if move is CheckMove.ACCEPT else "The number is not on their list."}
    check_passport(scheme.id, passport_id, move, actor=make.actor(by), now=at(day), today=day, **{**given, **values})


def mails(words: str) -> list[str]:
    """To whom messages are owed whose subject or text has these words: each address as often as it is told."""
    db.session.expire_all()
    noted = db.session.execute(db.select(User.email, Notice).join(User, User.id == Notice.user_id).order_by(Notice.id))
    return [email for email, each in noted if words in each.subject or words in each.text]


def passport(passport_id: int) -> Passport:
    """The certificate as it is stored."""
    db.session.expire_all()
    return db.session.get(Passport, passport_id)
