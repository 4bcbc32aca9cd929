"""The stage: acts as any invented person, through the use-cases, at the stage's own time."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.backends.passwords import Passwords
from app.backends.postcodes import Places
from app.backends.storage import Storage
from app.backends.tokens import Tokens
from app.demo.cast import PASSWORD, Cast, Person, Provider
from app.demo.words import Voice
from app.domain.access import Actor, Role
from app.domain.framework import Framework
from app.extensions import db
from app.models import FrameworkEdition, MailMessage, Organisation, Scheme, User
from app.queries.frameworks import framework_of
from app.queries.people import actor_of
from app.services import invitations, organisations, sign_up
from app.services.granting import Issue
from app.services.transactions import record, transaction

UK = ZoneInfo("Europe/London")


class OnePassword(Passwords):
    """Hashes each password once and keeps the hash: everybody in the demonstration has the same, and hashing is slow."""

    def __init__(self, hasher: Passwords) -> None:
        self._inner = hasher
        self._kept: dict[str, str] = {}

    def hash(self, password: str) -> str:
        if password not in self._kept:
            self._kept[password] = self._inner.hash(password)
        return self._kept[password]


@dataclass
class Stage:
    """What acting needs from outside, the stage's time, and who and what has been made so far."""

    cast: Cast
    places: Places
    storage: Storage
    passwords: Passwords
    tokens: Tokens
    issue: Issue
    standards: Path
    now: datetime
    _actors: dict[str, Actor] = field(default_factory=dict)
    organisation_ids: dict[str, int] = field(default_factory=dict)
    items: dict[str, dict[str, int]] = field(default_factory=dict)  # by provider and piece

    def set_clock(self, now: datetime) -> None:
        self.now = now

    @property
    def today(self) -> date:
        return self.now.astimezone(UK).date()

    @cached_property
    def scheme_id(self) -> int:
        return db.session.scalars(select(Scheme.id).where(Scheme.code == "community-care-mark")).one()

    def actor(self, person: Person) -> Actor:
        """Who the person is, read once: whoever acts has all their roles by then."""
        if person.email not in self._actors:
            user = db.session.scalars(select(User).where(User.email == person.email)).one()
            self._actors[person.email] = actor_of(user)
        return self._actors[person.email]

    def afresh(self, person: Person) -> Actor:
        """Who the person is now, where their roles may have changed."""
        self._actors.pop(person.email, None)
        return self.actor(person)

    def user_id(self, person: Person) -> int:
        found = self.actor(person).user_id
        assert found is not None  # an actor read from the table of users has an id
        return found

    def voice(self, provider: Provider) -> Voice:
        return Voice(provider, self.today)

    def edition(self, code: str, edition: str) -> tuple[int, Framework]:
        """An edition's id and framework."""
        found = db.session.scalars(
            select(FrameworkEdition).where(FrameworkEdition.code == code, FrameworkEdition.edition == edition)
        ).one()
        return found.id, framework_of(found)

    def token_mailed_to(self, person: Person) -> str:
        """The token of the link in the newest message to the person, as its reader would follow it."""
        text = db.session.scalars(
            select(MailMessage.text).where(MailMessage.recipient == person.email).order_by(MailMessage.id.desc())
        ).first()
        found = re.search(r"%BASE%/(?:confirm|invitations|team-invitations)/(\S+)", text or "")
        if found is None:
            raise LookupError(f"No link was sent to {person.email}.")
        return found[1]

    def appoint(self, person: Person, scheme: str = "community-care-mark") -> None:
        """The operator appoints the scheme's first manager, who takes it up."""
        invitations.appoint_manager(scheme, person.email, now=self.now)
        self._accept(person)

    def invite(self, person: Person, role: Role, scheme_id: int | None = None, manager: Person | None = None) -> None:
        """A manager invites somebody to their scheme, who accepts."""
        actor = self.actor(manager or self.cast.manager)
        invitations.invite_to_scheme(
            scheme_id or self.scheme_id, person.email, role, lay=person.lay, actor=actor, now=self.now
        )
        self._accept(person)

    def invite_colleague(self, provider: Provider) -> None:
        """The provider's lead invites a contributor, who accepts."""
        lead, colleague = provider.people
        invitations.invite_to_organisation(
            self.organisation_ids[provider.key], colleague.email, Role.CONTRIBUTOR, actor=self.actor(lead), now=self.now
        )
        self._accept(colleague)

    def _accept(self, person: Person) -> None:
        token = self.token_mailed_to(person)
        invitations.accept_as_newcomer(token, person.name, PASSWORD, passwords=self.passwords, now=self.now)

    def sign_up(self, person: Person) -> None:
        """Somebody makes an account and confirms its address by the link that was mailed."""
        sign_up.sign_up(
            person.name,
            person.email,
            PASSWORD,
            address=f"at {person.email}",
            passwords=self.passwords,
            tokens=self.tokens,
            now=self.now,
        )
        sign_up.confirm(self.token_mailed_to(person), tokens=self.tokens, now=self.now)

    def start_organisation(self, provider: Provider, lead: Person | None = None) -> None:
        """The lead describes the organisation, which is then marked as invented: no profile form can say that."""
        lead = lead or provider.people[0]
        actor = self.actor(lead)
        organisation_id = organisations.start_organisation(
            provider.profile(), places=self.places, actor=actor, now=self.now
        )
        with transaction() as session:
            organisation = session.get_one(Organisation, organisation_id)
            organisation.invented = True
            record(
                session, actor, "organisation.marked-invented", organisation, self.now, organisation_id=organisation_id
            )
        self.organisation_ids[provider.key] = organisation_id
        del self._actors[lead.email]  # its roles have changed

    def dice(self, *about: object) -> random.Random:
        """Chance that falls alike every time for the same words."""
        return random.Random(" ".join(map(str, about)))
