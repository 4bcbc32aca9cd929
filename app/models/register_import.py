"""Lists of approved providers that a scheme brings in from elsewhere: the file, and each of its rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.lifecycle.life import after
from app.domain.lifecycle.list_import import IMPORT_MOVES, ImportMove, ImportState
from app.domain.list_import import Outcome
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.scheme import FrameworkEdition, Scheme


class RegisterImport(Base):
    """One file. `basis` says on which decisions its awards rest; the register shows it.

    `mapping` maps our columns to those of the file. `level`, `granted_on` and `expires_on` are for rows that say nothing.
    `total` counts the rows of the file. Of the present step `to_do` counts the rows (0 while it is not known), `done` those
    that are behind it, and `reached` is the id of the last of them. A worker that is at it says so in `worked_at`.
    """

    __tablename__ = "register_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("framework_edition.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    file_key: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20), default="")  # of app.backends.list_files.Kind, once it was read
    headers: Mapped[list[str]] = mapped_column(default=list)
    basis: Mapped[str] = mapped_column(Text, default="")
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    level: Mapped[str] = mapped_column(String(40), default="")
    granted_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    state: Mapped[ImportState] = mapped_column(enum_by_value(ImportState))
    state_at: Mapped[datetime] = mapped_column(UtcDateTime)
    worked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    to_do: Mapped[int] = mapped_column(default=0, server_default="0")
    reached: Mapped[int] = mapped_column(default=0, server_default="0")
    problem: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was undone
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)

    scheme: Mapped[Scheme] = relationship()
    edition: Mapped[FrameworkEdition] = relationship()

    def make(self, move: ImportMove, now: datetime) -> None:
        """Change the state by `move`; the count begins anew. Raises IllegalMove."""
        self.state = after(IMPORT_MOVES, self.state, move, "list")
        self.state_at, self.worked_at = now, None
        self.done = self.to_do = self.reached = 0
        self.version += 1


class RegisterImportRow(Base):
    """One row of the file: what stood in it, what was read from it, and what becomes or became of it.

    `cells` are the file's own, by its headers; `read` the values as they would be stored; `problems` sentences by our column.
    `candidates` are organisations that it may be, as {"id", "name"}. `choice` is what a person decided: "new", "leave" or an
    organisation's id; "" leaves it to the outcome. `award_id` is what it became.
    """

    __tablename__ = "register_import_row"
    __table_args__ = (
        Index("ix_register_import_row_import_id_outcome", "import_id", "outcome", "id"),
        Index("ix_register_import_row_import_id_id_award_id", "import_id", "id", "award_id"),  # the next rows of a step
        Index(  # how many rows become what, counted without reading one
            "ix_register_import_row_import_id_outcome_choice_award_id", "import_id", "outcome", "choice", "award_id"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("register_import.id"))
    line: Mapped[int]
    cells: Mapped[dict[str, Any]] = mapped_column(default=dict)
    read: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problems: Mapped[dict[str, Any]] = mapped_column(default=dict)
    notes: Mapped[list[str]] = mapped_column(default=list)
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    outcome: Mapped[Outcome] = mapped_column(enum_by_value(Outcome))
    choice: Mapped[str] = mapped_column(String(20), default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id"))
