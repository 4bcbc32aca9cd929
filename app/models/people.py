"""People who sign in, the roles they hold, and invitations to take one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.access import Role
from app.domain.impartiality import TieKind, Whose
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.organisation import Organisation


class User(Base):
    """A person. `session_key` changes when the password does, which ends every session that is open."""

    __tablename__ = "user"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    session_key: Mapped[str] = mapped_column(String(64))
    email_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    two_step_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # since when a password alone is not enough
    two_step_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when first told that it is required
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    memberships: Mapped[list[Membership]] = relationship(back_populates="user")
    posts: Mapped[list[SchemePost]] = relationship(back_populates="user")


class Membership(Base):
    """That a person works for an organisation here, as its lead or a contributor."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_by_value(Role))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(back_populates="memberships")


class SchemePost(Base):
    """That a person holds a role in a scheme. One person may hold several."""

    __tablename__ = "scheme_post"
    __table_args__ = (UniqueConstraint("user_id", "scheme_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_by_value(Role))
    lay: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(back_populates="posts")


class Invitation(Base):
    """An offer by e-mail to take a role in an organisation or in a scheme. Only a hash of its token is kept.

    To an adviser it offers `rights` until `ends_on`; `works_for` is the umbrella body that they come from.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("(organisation_id IS NULL) <> (scheme_id IS NULL)", name="organisation_or_scheme"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    scheme_id: Mapped[int | None] = mapped_column(ForeignKey("scheme.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_by_value(Role))
    lay: Mapped[bool] = mapped_column(default=False)
    rights: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    works_for: Mapped[str] = mapped_column(String(200), default="", server_default="")
    ends_on: Mapped[date | None]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # none: the operator, by command
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Interest(Base):
    """A tie between a person and an organisation, which bars them from its cases until the scheme's bar has passed.

    The organisation is one of those here, or one that is only named. A row is never deleted: a tie ends (`ended_at`), and
    what was put down wrongly is closed with its reason. `noticed` ones are kept by the system, from memberships, advice
    and declarations on a case, and are not the person's to change.
    """

    __tablename__ = "interest"
    __table_args__ = (
        Index("ix_interest_user_id", "user_id"),
        CheckConstraint("organisation_id IS NOT NULL OR organisation_name <> ''", name="some_organisation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    organisation_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    name_key: Mapped[str] = mapped_column(String(200), default="", server_default="", index=True)  # of a name alone
    kind: Mapped[TieKind] = mapped_column(enum_by_value(TieKind), default=TieKind.OTHER, server_default="other")
    whose: Mapped[Whose] = mapped_column(enum_by_value(Whose), default=Whose.OWN, server_default="own")
    nature: Mapped[str] = mapped_column(String(500))
    since_on: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noticed: Mapped[bool] = mapped_column(default=False, server_default=false())
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_because: Mapped[str] = mapped_column(String(500), default="", server_default="")
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("interest.id"))  # the row that this one corrects

    organisation: Mapped[Organisation | None] = relationship()


class InterestRegister(Base):
    """When a person last confirmed their register of interests, and when they were first asked to.

    `has_none` says that they confirmed to have none. `reminded_on` is the day of the last e-mail about it.
    """

    __tablename__ = "interest_register"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), unique=True)
    asked_on: Mapped[date]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    has_none: Mapped[bool] = mapped_column(default=False)
    reminded_on: Mapped[date | None]


class Competence(Base):
    """What somebody who holds a post in a scheme can judge, where they can travel, and how much they can take on.

    `areas` are codes of nodes of the scheme's frameworks, `travels` GSS codes of councils (empty: anywhere), `most` the
    most cases at once. Away from the first day through the last, where these are said.
    """

    __tablename__ = "competence"
    __table_args__ = (
        UniqueConstraint("user_id", "scheme_id"),
        CheckConstraint("most BETWEEN 0 AND 99", name="most_cases"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    services: Mapped[list[str]] = mapped_column(default=list)
    areas: Mapped[list[str]] = mapped_column(default=list)
    client_groups: Mapped[list[str]] = mapped_column(default=list)
    languages: Mapped[list[str]] = mapped_column(default=list)
    travels: Mapped[list[str]] = mapped_column(default=list)
    most: Mapped[int | None]
    away_from: Mapped[date | None]
    away_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class SignInAttempt(Base):
    """One try to sign in or to have a link sent, kept to slow down guessing. `key` is a hash of address or account."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    succeeded: Mapped[bool]
