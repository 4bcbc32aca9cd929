"""What a provider does with certificates of other bodies: bring one, correct it, renew it, take it back, have it checked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.backends.storage import Storage
from app.domain.access import Action, Actor, Subject, require
from app.domain.certificates_held import MOST_HELD, Certificate, CheckState, checked_certificate
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.evidence import AlreadyInLibrary, Brought, Contents
from app.domain.topics import Topic
from app.models import EvidenceVersion, Organisation, Passport, PassportCheck, Scheme
from app.queries.certificate_choices import ANOTHER, choice_of, schemes_using
from app.services.evidence_items import make_item
from app.services.telling import officers_of, tell
from app.services.transactions import locked, record, transaction
from app.services.uploads import KeptFile, Upload, keep_upload


@dataclass(frozen=True)
class NewPassport:
    """What somebody brings: which certificate it is (`choice`: a key of the list, or ANOTHER), what it says, its proof.

    `ask` are the ids of the schemes that are to check it at once; one that does not take such a certificate is left out.
    """

    choice: str
    certificate: Certificate
    upload: Upload | None = None
    ask: frozenset[int] = frozenset()


def add_passport(
    organisation_id: int,
    new: NewPassport,
    *,
    storage: Storage,
    actor: Actor,
    now: datetime,
    today: date,
    replaces_id: int | None = None,
) -> int:
    """Bring a certificate, have it checked where `new.ask` says so, and return its id.

    With `replaces_id` it follows another one, which goes on counting until its own end, and the same schemes are asked.
    Raises NotFound, NotAllowed,
    Invalid (also for a file that cannot be taken), StorageFull, Conflict where there are too many.
    """
    require(actor, Action.ADD_PASSPORT, Subject(organisation_id=organisation_id))
    given = _checked(new, today, has_proof=new.upload is not None)
    kept = keep_upload(new.upload, storage)
    with transaction() as session:
        locked(session, Organisation, organisation_id)
        _refuse_too_many(session, organisation_id)
        replaced = _replaced(session, replaces_id, organisation_id)
        passport = Passport(organisation_id=organisation_id, created_at=now, created_by_id=actor.user_id)
        passport.replaces_id = replaced.id if replaced else None
        _write(passport, given)
        passport.proof_id = _proof(session, organisation_id, given, kept, actor, now)
        session.add(passport)
        _record(session, actor, "passport.renewed" if replaced else "passport.added", passport, now)
        ask = new.ask | {check.scheme_id for check in replaced.checks} if replaced else new.ask
        for scheme_id in sorted(ask & _taking(passport)):
            _ask(session, passport, scheme_id, actor, now)
        return passport.id


def _checked(new: NewPassport, today: date, *, has_proof: bool) -> Certificate:
    """The certificate under the title and the codes of what was chosen. Raises Invalid."""
    given, choice = replace(new.certificate, scheme="", level=None, criterion=None), choice_of(new.choice)
    if choice is not None:
        named = choice.named
        given = replace(given, title=named.in_full, scheme=named.code, level=named.level, criterion=named.criterion)
    try:
        checked = checked_certificate(given, has_proof=has_proof, today=today)
    except Invalid as refusal:
        unknown = _not_chosen(new.choice, choice is not None)
        # The list names it: its name is asked for only where it is another one.
        said = {field: words for field, words in refusal.errors.items() if field != "title" or not unknown}
        raise Invalid({**unknown, **said}) from refusal
    if errors := _not_chosen(new.choice, choice is not None):
        raise Invalid(errors)
    return checked


def _not_chosen(key: str, known: bool) -> dict[str, str]:
    return {} if known or key == ANOTHER else {"choice": "Choose which certificate it is, or “Another one”."}


def _refuse_too_many(session: Session, organisation_id: int) -> None:
    there = session.scalar(
        select(func.count()).where(Passport.organisation_id == organisation_id, Passport.withdrawn_at.is_(None))
    )
    if (there or 0) >= MOST_HELD:
        raise Conflict(f"You have {MOST_HELD} certificates here. Take back those that no longer matter first.")


def _replaced(session: Session, passport_id: int | None, organisation_id: int) -> Passport | None:
    """The certificate that is followed. None is followed twice. Raises NotFound, Conflict."""
    if passport_id is None:
        return None
    passport = locked(session, Passport, passport_id)
    if passport.organisation_id != organisation_id:
        raise NotFound("There is no such certificate.")
    follower = select(Passport.id).where(Passport.replaces_id == passport.id, Passport.withdrawn_at.is_(None)).limit(1)
    if session.scalar(follower) is not None:
        raise Conflict("The certificate that follows this one is here already. Go on with that one.")
    return passport


def _write(passport: Passport, given: Certificate) -> None:
    assert given.issued_on is not None  # a certificate that was checked has one
    passport.scheme_code, passport.level, passport.criterion = given.scheme, given.level, given.criterion
    passport.title, passport.number, passport.holder = given.title, given.number, given.holder
    passport.issued_on, passport.ends_on, passport.url = given.issued_on, given.ends_on, given.url


def _proof(
    session: Session, organisation_id: int, given: Certificate, kept: KeptFile | None, actor: Actor, now: datetime
) -> int | None:
    """The version in the library that shows it: a new piece, or the one that has the same file already."""
    if kept is None:
        return None
    contents = Contents(issued_on=given.issued_on, expires_on=given.ends_on)
    title = f"{given.title}, {given.number}"[:200]
    try:
        item_id = make_item(session, organisation_id, Brought.DOCUMENT.value, title, contents, kept, actor, now).id
    except AlreadyInLibrary as twin:
        item_id = twin.item_id
    session.flush()
    return session.scalars(
        select(EvidenceVersion.id)
        .where(EvidenceVersion.item_id == item_id, EvidenceVersion.sha256 == kept.sha256)
        .order_by(EvidenceVersion.number.desc())
        .limit(1)
    ).one()


def change_passport(
    passport_id: int, new: NewPassport, version: int, *, storage: Storage, actor: Actor, now: datetime, today: date
) -> None:
    """Correct a certificate that no scheme has looked at yet. Without a file the proof stays.

    `version` is that of the certificate which the form showed. Raises NotFound, NotAllowed, Invalid, StorageFull, and
    Conflict where a scheme has looked at it or a colleague changed it meanwhile.
    """
    has_proof = new.upload is not None or _has_proof(passport_id, actor)
    given = _checked(new, today, has_proof=has_proof)
    kept = keep_upload(new.upload, storage)
    with transaction() as session:
        passport = own_passport(session, passport_id, actor)
        if passport.withdrawn_at is not None or any(each.state is not CheckState.WAITING for each in passport.checks):
            raise Conflict("This certificate can no longer be changed. Bring the one that follows it instead.")
        if passport.version != version:
            raise Conflict("A colleague changed this certificate while you were writing. Read it again first.")
        before = _as_data(passport)
        _write(passport, given)
        passport.proof_id = _proof(session, passport.organisation_id, given, kept, actor, now) or passport.proof_id
        if _as_data(passport) == before:
            return
        passport.version += 1
        passport.told_days = None
        _forget_schemes_without_use(session, passport)
        if passport.checks:
            _keep_as_it_is(session, passport)
        _record(session, actor, "passport.changed", passport, now, before=before, after=_as_data(passport))


def _has_proof(passport_id: int, actor: Actor) -> bool:
    with transaction() as session:
        return own_passport(session, passport_id, actor).proof_id is not None


def _forget_schemes_without_use(session: Session, passport: Passport) -> None:
    """It is another certificate now: a scheme that takes it no more is asked no more."""
    taking = _taking(passport)
    for check in passport.checks:
        if check.scheme_id not in taking:
            session.delete(check)


def _taking(passport: Passport) -> frozenset[int]:
    """The ids of the schemes that take such a certificate."""
    using = schemes_using(passport.scheme_code, passport.level, passport.criterion)
    return frozenset(each.scheme_id for each in using)


def withdraw_passport(passport_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a certificate back: it answers nothing from now on. What rested on it is kept. Doing so twice changes nothing.

    Raises NotFound, NotAllowed.
    """
    with transaction() as session:
        passport = own_passport(session, passport_id, actor)
        if passport.withdrawn_at is not None:
            return
        passport.withdrawn_at = now
        _record(session, actor, "passport.withdrawn", passport, now)


def ask_to_check(passport_id: int, scheme_id: int, *, actor: Actor, now: datetime) -> None:
    """Show a certificate to a scheme that would take it, and ask it to check it. Doing so twice changes nothing.

    Raises NotFound (also for a scheme that does not take it), NotAllowed, Conflict once it is taken back.
    """
    with transaction() as session:
        passport = own_passport(session, passport_id, actor)
        if passport.withdrawn_at is not None:
            raise Conflict("You took this certificate back, so nobody can check it.")
        _ask(session, passport, scheme_id, actor, now)


def _ask(session: Session, passport: Passport, scheme_id: int, actor: Actor, now: datetime) -> None:
    if scheme_id not in _taking(passport):
        raise NotFound("This scheme does not take that certificate.")
    if scheme_id in _asked(session, passport.id):
        return
    check = PassportCheck(passport_id=passport.id, scheme_id=scheme_id, state=CheckState.WAITING, asked_at=now)
    session.add(check)
    _keep_as_it_is(session, passport)
    scheme = session.get_one(Scheme, scheme_id)
    _record(session, actor, "passport.check-asked", passport, now, scheme_id=scheme_id, scheme=scheme.title)
    tell(
        session,
        officers_of(session, scheme_id),
        "passport_to_check",
        now,
        topic=Topic.PASSPORTS,
        provider=session.get_one(Organisation, passport.organisation_id).name,
        title=passport.title,
        scheme=scheme.code,
        passport_id=passport.id,
    )


def _keep_as_it_is(session: Session, passport: Passport) -> None:
    """What a scheme may have seen never changes: who corrects the proof makes another version."""
    if passport.proof_id is not None:
        session.get_one(EvidenceVersion, passport.proof_id).handed_in = True


def _asked(session: Session, passport_id: int) -> Collection[int]:
    return set(session.scalars(select(PassportCheck.scheme_id).where(PassportCheck.passport_id == passport_id)))


def own_passport(session: Session, passport_id: int, actor: Actor) -> Passport:
    """A certificate of the actor's own organisation, held. Raises NotFound, NotAllowed."""
    passport = locked(session, Passport, passport_id)
    require(actor, Action.ADD_PASSPORT, Subject(organisation_id=passport.organisation_id))
    return passport


def _as_data(passport: Passport) -> dict[str, object]:
    days = {"issued_on": passport.issued_on.isoformat(), "ends_on": passport.ends_on and passport.ends_on.isoformat()}
    fields = ("scheme_code", "level", "criterion", "title", "number", "holder", "url", "proof_id")
    return {**{field: getattr(passport, field) for field in fields}, **days}


def _record(
    session: Session,
    actor: Actor,
    action: str,
    passport: Passport,
    now: datetime,
    *,
    scheme_id: int | None = None,
    **detail: Any,
) -> None:
    record(
        session,
        actor,
        action,
        passport,
        now,
        organisation_id=passport.organisation_id,
        scheme_id=scheme_id,
        number=passport.number,
        certificate=passport.title,
        **detail,
    )
