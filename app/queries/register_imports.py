"""The lists that a scheme brought into the register: all of them, one with its rows, and what is wrong in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.backends.list_files import KIND_WORDS, Kind
from app.domain.access import Action, Actor, Role, Subject, require
from app.domain.errors import NotFound
from app.domain.lifecycle.list_import import AT_WORK, UNDO_WITHIN, ImportState
from app.domain.list_import import ABOUT, Outcome
from app.extensions import db
from app.models import Award, FrameworkEdition, RegisterEntry, RegisterImport, RegisterImportRow, SchemePost, User
from app.queries.frameworks import framework_of
from app.queries.schemes import SchemeRow, office_scheme

PAGE_SIZE = 50
MOST_LISTS = 200
STATE_WORDS = {
    ImportState.READING: "Being read",
    ImportState.READY: "To be looked at",
    ImportState.APPLYING: "Being brought in",
    ImportState.DONE: "Brought in",
    ImportState.UNDOING: "Being taken back",
    ImportState.UNDONE: "Taken back",
    ImportState.FAILED: "Could not be read",
    ImportState.DISCARDED: "Discarded",
}
OUTCOME_WORDS = {
    Outcome.NEW: "New providers",
    Outcome.KNOWN: "Providers that are here already",
    Outcome.PERHAPS: "Perhaps here already",
    Outcome.STANDING: "Hold an award already",
    Outcome.TWICE: "Twice in the file",
    Outcome.WRONG: "Cannot be brought in",
}


@dataclass(frozen=True)
class ListLine:
    """One list among the others."""

    import_id: int
    file_name: str
    state: ImportState
    words: str
    at: datetime
    by: str
    rows: int
    problem: str


@dataclass(frozen=True)
class ListsPage:
    scheme: SchemeRow
    lists: tuple[ListLine, ...]


@dataclass(frozen=True)
class EditionChoice:
    """An edition under which awards may have been made, with its levels as (code, title)."""

    edition_id: int
    title: str
    levels: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RowLine:
    """One row of the file. `became` is (name, address on the register, number) of its award."""

    row_id: int
    line: int
    name: str
    read: Mapping[str, object]
    cells: Mapping[str, str]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    candidates: tuple[tuple[int, str], ...]
    outcome: Outcome
    choice: str
    became: tuple[str, str] | None


@dataclass(frozen=True)
class ListPage:
    """A list with one page of those of its rows that have the `outcome`."""

    scheme: SchemeRow
    import_id: int
    version: int
    file_name: str
    kind: str
    state: ImportState
    words: str
    basis: str
    edition_id: int
    edition: str
    levels: Mapping[str, str]
    level: str
    granted_on: date | None
    expires_on: date | None
    headers: tuple[str, ...]
    mapping: Mapping[str, str]
    total: int
    done: int
    counts: Mapping[Outcome, int]
    to_bring_in: int
    brought_in: int
    to_do: int
    problem: str
    reason: str
    started_by: str
    started_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    needs_another: bool
    can_undo: bool
    waiting: bool
    outcome: Outcome | None
    rows: tuple[RowLine, ...]
    page: int
    pages: int

    @property
    def at_work(self) -> bool:
        return self.state in AT_WORK


def lists_page(code: str, actor: Actor) -> ListsPage:
    """Every list of a scheme, the newest first. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_PIPELINE)
    found = db.session.execute(
        select(RegisterImport, User.name)
        .join(User, User.id == RegisterImport.started_by_id)
        .where(RegisterImport.scheme_id == scheme.scheme_id)
        .order_by(RegisterImport.id.desc())
        .limit(MOST_LISTS)
    )
    lines = tuple(
        ListLine(
            each.id, each.file_name, each.state, STATE_WORDS[each.state], each.state_at, by, each.total, each.problem
        )
        for each, by in found
    )
    return ListsPage(scheme, lines)


def edition_choices(scheme_id: int) -> tuple[EditionChoice, ...]:
    """The scheme's editions that award a level, the newest first."""
    editions = db.session.scalars(
        select(FrameworkEdition)
        .where(FrameworkEdition.scheme_id == scheme_id)
        .order_by(FrameworkEdition.id.desc())
        .limit(MOST_LISTS)
    )
    choices = []
    for edition in editions:
        levels = tuple((level.code, str(level.title)) for level in framework_of(edition).levels)
        if levels:
            choices.append(EditionChoice(edition.id, f"{edition.title}, {edition.edition}", levels))
    return tuple(choices)


def list_page(import_id: int, actor: Actor, now: datetime, outcome: Outcome | None, page: int) -> ListPage:
    """One list, with a page of its rows. Ten statements at most, whatever is in it. Raises NotFound, NotAllowed."""
    listed = _listed(import_id, actor)
    scheme = office_scheme(listed.scheme.code, actor, Action.SEE_PIPELINE)
    counts = _counts(import_id)
    matching = counts.get(outcome, 0) if outcome else sum(counts.values())
    pages = max(-(-matching // PAGE_SIZE), 1)
    page = min(max(page, 1), pages)
    people = _names([listed.started_by_id, listed.confirmed_by_id])
    undo_until = listed.confirmed_at + UNDO_WITHIN if listed.confirmed_at else None
    return ListPage(
        scheme=scheme,
        import_id=listed.id,
        version=listed.version,
        file_name=listed.file_name,
        kind=KIND_WORDS[Kind(listed.kind)] if listed.kind else "",
        state=listed.state,
        words=STATE_WORDS[listed.state],
        basis=listed.basis,
        edition_id=listed.edition_id,
        edition=f"{listed.edition.title}, {listed.edition.edition}",
        levels={level.code: str(level.title) for level in framework_of(listed.edition).levels},
        level=listed.level,
        granted_on=listed.granted_on,
        expires_on=listed.expires_on,
        headers=tuple(listed.headers),
        mapping=listed.mapping,
        total=listed.total,
        done=listed.done,
        counts=counts,
        to_bring_in=counted(db.session(), waiting_rows(import_id)) if listed.state is ImportState.READY else 0,
        brought_in=counted(db.session(), brought_in_rows(import_id)) if listed.state is ImportState.DONE else 0,
        to_do=listed.to_do,
        problem=listed.problem,
        reason=listed.reason,
        started_by=people.get(listed.started_by_id, ""),
        started_at=listed.started_at,
        confirmed_by=people.get(listed.confirmed_by_id or 0, ""),
        confirmed_at=listed.confirmed_at,
        needs_another=listed.started_by_id == actor.user_id and another_manager(db.session(), listed),
        can_undo=listed.state is ImportState.DONE and undo_until is not None and now <= undo_until,
        waiting=listed.worked_at is None and listed.done == 0,
        outcome=outcome,
        rows=_rows(import_id, outcome, page),
        page=page,
        pages=pages,
    )


def progress_of(import_id: int, actor: Actor) -> tuple[str, int, int]:
    """(state, rows done, rows to do in all, 0 where it is not known) of a list. Raises NotFound, NotAllowed."""
    listed = _listed(import_id, actor)
    return listed.state.value, listed.done, listed.to_do


def rows_left(import_id: int, actor: Actor) -> tuple[tuple[str, ...], Iterator[Sequence[str]]]:
    """The rows that were not brought in, as (headers, rows): the file's own columns, and why. Raises NotFound, NotAllowed."""
    listed = _listed(import_id, actor)
    headers = ("Line", "Why it was left out", *listed.headers)

    def rows() -> Iterator[Sequence[str]]:
        left = RegisterImportRow.outcome.in_((Outcome.WRONG, Outcome.PERHAPS, Outcome.STANDING, Outcome.TWICE))
        found = db.session.scalars(
            select(RegisterImportRow)
            .where(RegisterImportRow.import_id == import_id, RegisterImportRow.award_id.is_(None), left)
            .order_by(RegisterImportRow.id)
            .execution_options(yield_per=1000)
        )
        for row in found:
            why = " ".join((OUTCOME_WORDS[row.outcome] + ".", *row.problems.values(), *row.notes))
            yield [str(row.line), why, *(row.cells.get(header, "") for header in listed.headers)]

    return headers, rows()


def _listed(import_id: int, actor: Actor) -> RegisterImport:
    listed = db.session.get(RegisterImport, import_id)
    if listed is None:
        raise NotFound("There is no such page, or it is not open to you.")
    require(actor, Action.SEE_PIPELINE, Subject(scheme_id=listed.scheme_id))
    return listed


def _counts(import_id: int) -> dict[Outcome, int]:
    found = db.session.execute(
        select(RegisterImportRow.outcome, func.count())
        .where(RegisterImportRow.import_id == import_id)
        .group_by(RegisterImportRow.outcome)
    )
    return {outcome: count for outcome, count in found}


def counted(session: Session, *which: ColumnElement[bool]) -> int:
    """How many rows these are."""
    return session.scalar(select(func.count(RegisterImportRow.id)).where(*which)) or 0


def waiting_rows(import_id: int) -> ColumnElement[bool]:
    """Which rows shall still become awards: by what a person decided, else by what was found."""
    found = RegisterImportRow.outcome.in_((Outcome.NEW, Outcome.KNOWN)) & (RegisterImportRow.choice == "")
    decided = (RegisterImportRow.outcome == Outcome.PERHAPS) & RegisterImportRow.choice.not_in(("", "leave"))
    return and_(RegisterImportRow.import_id == import_id, RegisterImportRow.award_id.is_(None), or_(found, decided))


def brought_in_rows(import_id: int) -> ColumnElement[bool]:
    """Which rows have become awards."""
    return and_(RegisterImportRow.import_id == import_id, RegisterImportRow.award_id.is_not(None))


def another_manager(session: Session, listed: RegisterImport) -> bool:
    """Whether the scheme has a manager beside the one who started the list."""
    others = select(SchemePost.id).where(
        SchemePost.scheme_id == listed.scheme_id,
        SchemePost.role == Role.MANAGER,
        SchemePost.user_id != listed.started_by_id,
    )
    return session.scalars(others.limit(1)).first() is not None


def _names(ids: Sequence[int | None]) -> dict[int, str]:
    found = db.session.execute(select(User.id, User.name).where(User.id.in_([each for each in ids if each])))
    return {user_id: name for user_id, name in found}


def _rows(import_id: int, outcome: Outcome | None, page: int) -> tuple[RowLine, ...]:
    which = [RegisterImportRow.import_id == import_id]
    if outcome:
        which.append(RegisterImportRow.outcome == outcome)
    wanted = (  # ids alone, from an index: the rows of the pages before are not read
        select(RegisterImportRow.id)
        .where(*which)
        .order_by(RegisterImportRow.id)
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    )
    ids = db.session.scalars(wanted).all()
    found = db.session.scalars(
        select(RegisterImportRow).where(RegisterImportRow.id.in_(ids)).order_by(RegisterImportRow.id)
    ).all()
    became = _became([row.award_id for row in found if row.award_id])
    return tuple(_row(row, became.get(row.award_id or 0)) for row in found)


def _became(award_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """(address on the register, number) of these awards, of those that the register says."""
    if not award_ids:
        return {}
    entry = (RegisterEntry.organisation_id == Award.organisation_id) & (RegisterEntry.scheme_id == Award.scheme_id)
    found = db.session.execute(
        select(Award.id, RegisterEntry.slug, Award.number)
        .join(RegisterEntry, entry & (RegisterEntry.award_id == Award.id))
        .where(Award.id.in_(award_ids))
    )
    return {award_id: (slug, number) for award_id, slug, number in found}


def _row(row: RegisterImportRow, became: tuple[str, str] | None) -> RowLine:
    titles = {column.value: about.title for column, about in ABOUT.items()}
    problems = [
        f"{titles[key]}: {words}" if key in titles and key != "name" else words for key, words in row.problems.items()
    ]
    return RowLine(
        row_id=row.id,
        line=row.line,
        name=str(row.read.get("name") or "") or f"Line {row.line}",
        read=row.read,
        cells=row.cells,
        problems=tuple(problems),
        notes=tuple(row.notes),
        candidates=tuple((each["id"], each["name"]) for each in row.candidates),
        outcome=row.outcome,
        choice=row.choice,
        became=became,
    )
