"""Service users' voice: rounds of feedback, who was asked, what was said, and concerns, which stand apart from all that."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.organisation import Organisation


class Standing(StrEnum):
    """Whether an answer counts: many from one network in an hour wait until the scheme has looked."""

    COUNTED = "counted"
    HELD = "held"
    LEFT_OUT = "left-out"


class StepKind(StrEnum):
    """What a manager did about a concern."""

    READ = "read"
    NOTE = "note"
    PASSED_ON = "passed-on"
    CLOSED = "closed"
    REOPENED = "reopened"


class VoiceRound(Base):
    """One round in which a provider asks people what they think. `questions` is what is asked, frozen when it opened.

    `link` is the part of the address that the poster shows. `service` is a code of standards/lists/service-types.yaml,
    empty where all services are meant. Closing is final. `item_id` is the evidence that was made of it.
    """

    __tablename__ = "voice_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    service: Mapped[str] = mapped_column(String(40), default="")
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("framework_edition.id"))
    questions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    link: Mapped[str] = mapped_column(String(20), unique=True)
    opens_on: Mapped[date]
    closes_on: Mapped[date] = mapped_column(index=True)
    invited: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # none: its last day had passed
    item_id: Mapped[int | None] = mapped_column(ForeignKey("evidence_item.id"))

    organisation: Mapped[Organisation] = relationship()


class VoiceInvite(Base):
    """A personal link to a round. The address is forgotten once it is not needed; nothing ties an answer to its link.

    `key` is a hash of the link. The link itself is kept as long as the address, for the reminder.
    `address_key` is a keyed hash of the address, so that nobody is asked twice; it is forgotten when the round closes.
    """

    __tablename__ = "voice_invite"
    __table_args__ = (UniqueConstraint("round_id", "address_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voice_round.id"), index=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    link: Mapped[str] = mapped_column(String(40), default="", server_default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    address_key: Mapped[str | None] = mapped_column(String(64))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("mail_message.id", ondelete="SET NULL"))
    used: Mapped[bool] = mapped_column(default=False)
    reminded: Mapped[bool] = mapped_column(default=False)
    invited_on: Mapped[date]


class VoiceAnswer(Base):
    """What one person said. The month is all that is kept of when, and nothing of who.

    `choices` maps a question's code to a point of the scale, `comments` to words; `themes`
    are "question theme" for each that was found in the words.
    `network` is a keyed hash of where it came from within one hour, kept with `received_on` until the day is over.
    `once` is of the page that was sent, so that sending it twice counts once.
    """

    __tablename__ = "voice_answer"
    __table_args__ = (
        UniqueConstraint("round_id", "once"),
        Index("ix_voice_answer_round_id_standing", "round_id", "standing"),
        Index("ix_voice_answer_network", "network"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voice_round.id"))
    personal: Mapped[bool]
    month: Mapped[date]  # the first of it
    who: Mapped[str] = mapped_column(String(10))  # self, helped or carer
    language: Mapped[str] = mapped_column(String(5))
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
    comments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    themes: Mapped[list[str]] = mapped_column(default=list)
    standing: Mapped[Standing] = mapped_column(enum_by_value(Standing))
    once: Mapped[str] = mapped_column(String(64))
    network: Mapped[str | None] = mapped_column(String(64))
    received_on: Mapped[date | None]


class VoiceSnapshot(Base):
    """The figures behind one version of the evidence that a round became. `final` once the round was closed."""

    __tablename__ = "voice_snapshot"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voice_round.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("evidence_version.id"), unique=True)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    final: Mapped[bool] = mapped_column(default=False)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)


class VoiceConcern(Base):
    """That somebody may be harmed or unsafe, told to schemes and never to the provider. It stands beside no answer."""

    __tablename__ = "voice_concern"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(String(300), default="")
    language: Mapped[str] = mapped_column(String(5))
    service: Mapped[str] = mapped_column(String(40), default="")
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    once: Mapped[str] = mapped_column(String(64), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    organisation: Mapped[Organisation] = relationship()


class VoiceConcernScheme(Base):
    """That a scheme's managers were told of a concern and look after it."""

    __tablename__ = "voice_concern_scheme"
    __table_args__ = (UniqueConstraint("concern_id", "scheme_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int] = mapped_column(ForeignKey("voice_concern.id"))
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)


class VoiceConcernStep(Base):
    """One thing that a manager did about a concern, in the order of `id`, never altered."""

    __tablename__ = "voice_concern_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int] = mapped_column(ForeignKey("voice_concern.id"), index=True)
    kind: Mapped[StepKind] = mapped_column(enum_by_value(StepKind))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    to_whom: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[str] = mapped_column(Text, default="")
