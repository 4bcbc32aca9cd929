"""Words that stand for each other in the register's search, and the log of what search indexes have to hear of."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, event, insert
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.extensions import Base, UtcDateTime
from app.models.award import RegisterEntry


class SearchWords(Base):
    """A group of words of which each stands for the others. With a `code` it takes the place of that group of the list.

    A group without words is one that was taken away.
    """

    __tablename__ = "search_words"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str | None] = mapped_column(String(40), unique=True)
    words: Mapped[list[str]]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


def _stamp() -> str:
    return secrets.token_hex(16)


class RegisterChange(Base):
    """What a search index cannot see from the entries' revisions: other words, an entry that is gone, a new database.

    The `stamp` of the last row is another one after each change, and in each database.
    """

    __tablename__ = "register_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    stamp: Mapped[str] = mapped_column(String(32), unique=True, default=_stamp)
    kind: Mapped[str] = mapped_column(String(20))  # words, removed, private; made: the first of a database
    entry_id: Mapped[int | None]  # of what is removed: no row is there any more for a foreign key to name
    revision: Mapped[int | None]  # of private: the entry's from which on its address is told nowhere


@event.listens_for(RegisterEntry, "after_delete")
def _note_removal(_mapper: Mapper[Any], connection: Connection, entry: RegisterEntry) -> None:
    connection.execute(insert(RegisterChange).values(stamp=_stamp(), kind="removed", entry_id=entry.id))
