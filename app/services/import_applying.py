"""Making awards of the rows of a list, a batch at a time, and taking them back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer

from app.certificates import level_colour
from app.domain.access import Action, Actor, Subject, require
from app.domain.framework import Framework
from app.domain.lifecycle import ApplicationStatus, AwardMove, AwardStatus
from app.domain.lifecycle.list_import import ImportMove, ImportState
from app.domain.list_import import Column, Outcome, Row
from app.domain.uk_time import spoken
from app.models import Application, Award, Organisation, RegisterImport, RegisterImportRow, User
from app.queries.award_scope import Covered, scope_in_words
from app.queries.frameworks import framework_of
from app.queries.people import actor_of
from app.queries.register_imports import brought_in_rows, waiting_rows
from app.services.granting import next_numbers
from app.services.list_matching import Match, match_rows, standing_awards
from app.services.many_rows import add_many, change_many
from app.services.register_many import publish_many, take_back
from app.services.transactions import locked, record, transaction

AT_ONCE = 500
NOT_YOURS = "The manager who confirmed the list belongs to this organisation. Have another manager bring it in."
HAS_CHANGED = "Its award has changed since it was brought in, so it was left as it is."
WORDS = (
    Column.NAME,
    Column.SUMMARY,
    Column.DESCRIPTION,
    Column.WEBSITE,
    Column.EMAIL,
    Column.PHONE,
    Column.ADDRESS,
    Column.POSTCODE,
)
BROUGHT_IN = (Outcome.NEW, Outcome.KNOWN)
LINE = (
    RegisterImportRow.id,
    RegisterImportRow.line,
    RegisterImportRow.read,
    RegisterImportRow.outcome,
    RegisterImportRow.choice,
    RegisterImportRow.notes,
    RegisterImportRow.problems,
)
"""What of a row decides on its award. No object is kept of it: there are hundreds of thousands."""


@dataclass(frozen=True)
class _Task:
    """A list that is worked on, held, with whoever confirmed it."""

    listed: RegisterImport
    actor: Actor
    framework: Framework
    now: datetime
    today: date


def apply_batch(import_id: int, now: datetime, today: date) -> None:
    """Make awards of the next rows, each with its organisation, register entry, event and audit row; or finish."""
    with transaction() as session:
        task = _task(session, import_id, now, today)
        if task.listed.state is not ImportState.APPLYING:
            return
        rows = session.execute(_next(task.listed, select(*LINE).where(waiting_rows(import_id)))).all()
        if not rows:
            done = task.listed.done
            task.listed.make(ImportMove.FINISH, now)
            task.listed.done = done
            record(session, task.actor, "list.brought-in", task.listed, now, scheme_id=task.listed.scheme_id, rows=done)
            return
        _grant(session, task, _settled(session, task, rows))
        _reached(task.listed, rows)


def _next(listed: RegisterImport, rows: Select[Any]) -> Select[Any]:
    """Of these rows the next ones, in order, found without looking at those that are done."""
    return rows.where(RegisterImportRow.id > listed.reached).order_by(RegisterImportRow.id).limit(AT_ONCE)


def _reached(listed: RegisterImport, rows: Sequence[Any]) -> None:
    listed.done, listed.reached = listed.done + len(rows), rows[-1].id
    listed.worked_at = None  # the next batch may be anybody's


def _task(session: Session, import_id: int, now: datetime, today: date) -> _Task:
    listed = locked(session, RegisterImport, import_id)
    actor = actor_of(session.get_one(User, listed.confirmed_by_id or listed.started_by_id))
    require(actor, Action.IMPORT_REGISTER, Subject(scheme_id=listed.scheme_id))
    return _Task(listed, actor, framework_of(listed.edition), now, today)


Settled = list[tuple[Any, Organisation | None]]
"""Rows that become awards now, each with the organisation that it is; None for one that is new."""


def _settled(session: Session, task: _Task, rows: Sequence[Any]) -> Settled:
    """Looks again who each row is: hours may have gone by since the list was read, and other lists been brought in."""
    matches = match_rows(session, task.listed.scheme_id, [Row(dict(row.read)) for row in rows], task.today)
    decided = [(row, _decided(session, task, row, match)) for row, match in zip(rows, matches, strict=True)]
    taken = [(row, match) for row, match in decided if match.outcome in BROUGHT_IN]
    left = [(row, match) for row, match in decided if match.outcome not in BROUGHT_IN]
    change_many(session, RegisterImportRow, [_left_out(row, match) for row, match in left])
    ids = [match.organisation_id for _, match in taken if match.organisation_id]
    known = {each.id: each for each in session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}
    return [(row, known[match.organisation_id] if match.organisation_id else None) for row, match in taken]


def _left_out(row: Any, match: Match) -> dict[str, Any]:
    """What the row says from now on of why it was not brought in."""
    problems = {**row.problems, "row": match.problem} if match.problem else row.problems
    return {
        "id": row.id,
        "outcome": match.outcome,
        "choice": "",
        "notes": [*row.notes, *match.notes],
        "problems": problems,
    }


def _decided(session: Session, task: _Task, row: Any, match: Match) -> Match:
    """The match as the person decided, as far as it still can be so, and nobody judges an organisation of their own."""
    if row.choice == "new" and match.outcome in (Outcome.PERHAPS, Outcome.NEW):
        match = Match(Outcome.NEW)
    elif row.choice.isdigit():
        match = _chosen(session, task, int(row.choice))
    return Match(Outcome.WRONG, problem=NOT_YOURS) if match.organisation_id in task.actor.judges_none_of else match


def _chosen(session: Session, task: _Task, organisation_id: int) -> Match:
    number = standing_awards(session, task.listed.scheme_id, {organisation_id}, task.today).get(organisation_id)
    if number is None:
        return Match(Outcome.KNOWN, organisation_id)
    return Match(Outcome.STANDING, organisation_id, notes=[f"It holds certificate {number} of this scheme already."])


def _grant(session: Session, task: _Task, settled: Settled) -> None:
    """Awards for all of these rows at once, with what belongs to each."""
    if not settled:
        return
    organisations = _organisations(session, task, settled)
    words = [_words(row, task) for row, _ in settled]
    awards = _awards(session, task, [row for row, _ in settled], organisations, words)
    made = list(zip(organisations, awards, strict=True))
    publish_many(session, made, task.now, "brought-in", words)
    became = [
        {"id": row.id, "award_id": award.id, "organisation_id": organisation.id}
        for (row, _), (organisation, award) in zip(settled, made, strict=True)
    ]
    change_many(session, RegisterImportRow, became)
    for (row, known), (organisation, award) in zip(settled, made, strict=True):
        record(
            session,
            task.actor,
            "award.brought-in",
            award,
            task.now,
            organisation_id=organisation.id,
            scheme_id=task.listed.scheme_id,
            application_id=award.application_id,
            number=award.number,
            list=task.listed.id,
            line=row.line,
            new=known is None,
        )


def _organisations(session: Session, task: _Task, settled: Settled) -> list[Any]:
    """The organisation of each row, in order: those that are here, and new ones as plain facts with their ids."""
    new = [_organisation(row, task) for row, known in settled if known is None]
    ids = add_many(session, Organisation, new)
    facts = iter([SimpleNamespace(**each, id=each_id) for each, each_id in zip(new, ids, strict=True)])
    return [known or next(facts) for _, known in settled]


def _organisation(row: Any, task: _Task) -> dict[str, Any]:
    """A profile with what the list says. Its own people can change it once they have an account."""
    read = row.read
    return {
        **{column.value: read.get(column.value, "") for column in WORDS},
        **{column.value: read.get(column.value) for column in (Column.CHARITY, Column.COMPANY, Column.CQC)},
        "easting": read.get("easting"),
        "northing": read.get("northing"),
        "area_code": read.get("area_code", ""),
        "services": list(read["services"]),
        "client_groups": list(read["client_groups"]),
        "areas": list(read["areas"]),
        "created_at": task.now,
        "updated_at": task.now,
        **NOT_SAID,
    }


NOT_SAID: dict[str, Any] = {
    "languages": [],
    "access": [],
    "strengths": "",
    "facts": {},
    "kind": "",
    "address_private": False,
    "invented": False,
}


def _awards(
    session: Session, task: _Task, rows: Sequence[Any], organisations: Sequence[Any], words: Sequence[str]
) -> list[Any]:
    """An award for each row, as plain facts with its id and its application."""
    numbers = next_numbers(session, task.listed.scheme_id, task.today, len(rows))
    services = [list(row.read["services"] or whose.services) for row, whose in zip(rows, organisations, strict=True)]
    applications = [
        _application(row, whose.id, task, covered) | {"note": sentence}
        for row, whose, covered, sentence in zip(rows, organisations, services, words, strict=True)
    ]
    application_ids = add_many(session, Application, applications)
    awards = [
        {**_award(row, whose, task, covered), "number": number, "application_id": application_id}
        for row, whose, covered, number, application_id in zip(
            rows, organisations, services, numbers, application_ids, strict=True
        )
    ]
    award_ids = add_many(session, Award, awards)
    return [
        SimpleNamespace(**award, id=award_id, application=SimpleNamespace(**application), __tablename__="award")
        for award, award_id, application in zip(awards, award_ids, applications, strict=True)
    ]


def _award(row: Any, organisation: Any, task: _Task, services: list[str]) -> dict[str, Any]:
    level = task.framework.level(row.read["level"])
    granted, expires = (date.fromisoformat(row.read[key]) for key in ("granted_on", "expires_on"))
    return {
        "organisation_id": organisation.id,
        "scheme_id": task.listed.scheme_id,
        "edition_id": task.listed.edition_id,
        "level": level.code,
        "level_title": str(level.title),
        "level_colour": level_colour(level.code, level.rank + 1, len(task.framework.levels)),
        "holder_name": organisation.name,
        "scope": scope_in_words(organisation, Covered(tuple(services))),
        "covers": {"services": services},
        "status": AwardStatus.AWARDED,
        "status_on": granted,
        "granted_on": granted,
        "expires_on": expires,
        "created_at": task.now,
    }


def _application(row: Any, organisation_id: int, task: _Task, services: list[str]) -> dict[str, Any]:
    """What an award rests on elsewhere. It was decided before, so it has neither answers nor a decision here."""
    return {
        "organisation_id": organisation_id,
        "scheme_id": task.listed.scheme_id,
        "edition_id": task.listed.edition_id,
        "status": ApplicationStatus.AWARDED,
        "target": row.read["level"],
        "facts": {"services": services, "client_groups": list(row.read["client_groups"])},
        "started_at": task.now,
        "started_by_id": task.listed.started_by_id,
        "status_at": task.now,
    }


def _words(row: Any, task: _Task) -> str:
    """The public sentence: that it was not assessed in this service, and on what it rests."""
    granted = spoken(date.fromisoformat(row.read["granted_on"]))
    reference = row.read.get("reference")
    number = f", number {reference}" if reference else ""
    return (
        f"Awarded on {granted}, before the scheme kept its register here{number}. It was brought in from the scheme’s own "
        f"list on {spoken(task.today)}. What it rests on: {task.listed.basis}"
    )


def take_back_batch(import_id: int, now: datetime, today: date) -> None:
    """Take the next awards of a list back, but for those to which something has happened since; or finish."""
    with transaction() as session:
        task = _task(session, import_id, now, today)
        if task.listed.state is not ImportState.UNDOING:
            return
        rows = session.execute(
            _next(task.listed, select(*LINE, RegisterImportRow.award_id).where(brought_in_rows(import_id)))
        ).all()
        if not rows:
            task.listed.make(ImportMove.HAVE_UNDONE, now)
            record(session, task.actor, "list.taken-back", task.listed, now, scheme_id=task.listed.scheme_id)
            return
        _take_back(session, task, rows)
        _reached(task.listed, rows)


def _take_back(session: Session, task: _Task, rows: Sequence[Any]) -> None:
    ids = [row.award_id for row in rows]
    heavy = (defer(Award.scope), defer(Award.covers), defer(Award.conditions))
    awards = session.scalars(select(Award).where(Award.id.in_(ids)).options(*heavy).order_by(Award.id))
    untouched = {award.id: award for award in awards if award.status is AwardStatus.AWARDED}
    reason = f"It was entered by mistake with a list, and the provider did nothing wrong. {task.listed.reason}"
    for award in untouched.values():
        award.make(AwardMove.TAKE_BACK, task.today, reason)
        record(
            session,
            task.actor,
            "award.taken-back",
            award,
            task.now,
            organisation_id=award.organisation_id,
            scheme_id=award.scheme_id,
            application_id=award.application_id,
            number=award.number,
            list=task.listed.id,
            reason=task.listed.reason,
        )
    take_back(session, list(untouched.values()), task.now, reason)
    left = [{"id": row.id, "notes": [*row.notes, HAS_CHANGED]} for row in rows if row.award_id not in untouched]
    change_many(session, RegisterImportRow, left)
