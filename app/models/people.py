"""People who sign in, the roles they hold, and invitations to take one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.access import Role
from app.extensions import Base, UtcDateTime, enum_by_value


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
    """A tie between a person and an organisation that bars them from its cases until the scheme's bar has passed."""

    __tablename__ = "interest"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    nature: Mapped[str] = mapped_column(String(500))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInAttempt(Base):
    """One try to sign in or to have a link sent, kept to slow down guessing. `key` is a hash of address or account."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    succeeded: Mapped[bool]
