"""Who keeps an eye on which provider or search, and what they were told of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.topics import Language, Way
from app.domain.watching import Pace
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.award import RegisterEntry

ONE_OWNER = "(owner_id IS NULL) <> (team_id IS NULL)"


class Watch(Base):
    """That a person or a team watches an entry of the register. `hears` are codes of app.domain.watching.Heard.

    One that was taken away stays for a while (`removed_at`), so that it can be put back.
    """

    __tablename__ = "watch"
    __table_args__ = (
        CheckConstraint(ONE_OWNER, name="one_owner"),
        UniqueConstraint("owner_id", "entry_id", name="uq_watch_owner_id_entry_id"),
        UniqueConstraint("team_id", "entry_id", name="uq_watch_team_id_entry_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"), index=True)
    hears: Mapped[list[str]] = mapped_column(default=list)
    way: Mapped[Way] = mapped_column(enum_by_value(Way), default=Way.AT_ONCE)
    paused: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    entry: Mapped[RegisterEntry] = relationship()


class MailWatch(Base):
    """That somebody without an account gets mail about an entry. A row is made by following the link of a first mail.

    `secret` stands in the address that ends it, which is in every mail. The row is gone as soon as they end it.
    """

    __tablename__ = "mail_watch"
    __table_args__ = (UniqueConstraint("email", "entry_id", name="uq_mail_watch_email_entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[Language] = mapped_column(enum_by_value(Language), default=Language.ENGLISH)
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"), index=True)
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ExpiryNotice(Base):
    """That those who watch an entry were told of the end of its award, `days` before its last day; -1 is after it."""

    __tablename__ = "expiry_notice"
    __table_args__ = (
        UniqueConstraint("entry_id", "expires_on", "days", name="uq_expiry_notice_entry_id_expires_on_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"))
    expires_on: Mapped[date]
    days: Mapped[int]
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WatchFeed(Base):
    """A private address at which a feed reader gets what happened to all that is watched. Its secret is kept as a hash."""

    __tablename__ = "watch_feed"
    __table_args__ = (CheckConstraint(ONE_OWNER, name="one_owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SavedSearch(Base):
    """A search of the register under a name. `query` is the end of its address, as the search page writes it.

    `asks` is what that page asked of the register's index (app.backends.asked), so that it can be asked again without it.
    `matched` holds the ids of the entries that fitted when it was last run (app.backends.id_sets), so that each run tells
    exactly what is new and what no longer fits.
    """

    __tablename__ = "saved_search"
    __table_args__ = (CheckConstraint(ONE_OWNER, name="one_owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(2000))
    asks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    on_new: Mapped[bool] = mapped_column(default=True)
    on_gone: Mapped[bool] = mapped_column(default=False)
    pace: Mapped[Pace] = mapped_column(enum_by_value(Pace), default=Pace.DAILY)
    paused: Mapped[bool] = mapped_column(default=False)
    matched: Mapped[bytes] = mapped_column(LargeBinary)
    total: Mapped[int]
    seen_revision: Mapped[int]  # the register's, when it was last run ...
    seen_on: Mapped[date]  # ... and the day, since some things change with the calendar alone
    told_on: Mapped[date]
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)


class SearchNews(Base):
    """What one run of a saved search found: how many entries are new or gone, and the ids of the first of them."""

    __tablename__ = "search_news"
    __table_args__ = (Index("ix_search_news_search_id_found_at", "search_id", "found_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    search_id: Mapped[int] = mapped_column(ForeignKey("saved_search.id"))
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    new_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    new_count: Mapped[int] = mapped_column(default=0)
    gone_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    gone_count: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AlertCursor(Base):
    """How far a piece of telling has come in a table that only grows."""

    __tablename__ = "alert_cursor"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
