"""How each person wants to hear of things, what waits for their next day's e-mail, and the regular work that ran."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.topics import DEFAULT_HOUR, EVERY_DAY, Language, Topic, Way
from app.extensions import Base, UtcDateTime, enum_by_value


class MailSetting(Base):
    """How one person gets mail. Who has no row has the defaults.

    `digest_hour` is an hour of the day in the United Kingdom, `digest_days` the ISO numbers of weekdays ("12345").
    `digest_seen_on` is the last day for which the day's e-mail was made or found empty, so that none is made twice.
    `bounced_at` and what the server said stand there while mail to `bounced_address` is refused for good.
    """

    __tablename__ = "mail_setting"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    language: Mapped[Language] = mapped_column(enum_by_value(Language), default=Language.ENGLISH)
    digest: Mapped[bool] = mapped_column(default=True)
    digest_hour: Mapped[int] = mapped_column(default=DEFAULT_HOUR)
    digest_days: Mapped[str] = mapped_column(String(7), default=EVERY_DAY)
    digest_seen_on: Mapped[date | None]
    bounced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bounced_address: Mapped[str] = mapped_column(String(254), default="")
    bounced_because: Mapped[str] = mapped_column(String(500), default="")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MessagePreference(Base):
    """How one person hears of one topic, where they chose another way than the topic's own."""

    __tablename__ = "message_preference"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(enum_by_value(Topic), primary_key=True)
    way: Mapped[Way] = mapped_column(enum_by_value(Way))


class Notice(Base):
    """A message that waits for a person's next day's e-mail, in words and in their language. It goes with that e-mail.

    `place` is the organisation that it is about, in words; empty where it is about none.
    """

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_user_id_id", "user_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    topic: Mapped[Topic] = mapped_column(enum_by_value(Topic))
    template: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class RegularRun(Base):
    """One piece of regular work on one day in the United Kingdom. `error` says why it broke off; then it is tried again."""

    __tablename__ = "regular_run"
    __table_args__ = (UniqueConstraint("day", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    name: Mapped[str] = mapped_column(String(60))
    tries: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    count: Mapped[int] = mapped_column(default=0)  # how many things it did
    error: Mapped[str] = mapped_column(String(500), default="")
