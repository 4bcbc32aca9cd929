"""Which organisation a row of a brought-in list is: told by its numbers, else by name and postcode, else left to a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from rapidfuzz import fuzz
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.lifecycle import STANDING, status_on
from app.domain.list_import import Column, Outcome, Row, plain
from app.models import Award, Organisation

LIKELY = 88  # of 100: how alike two names at one postcode must be to be taken for one provider's by a person
MOST_CANDIDATES = 5
NUMBERS = {
    Column.CHARITY: Organisation.charity_number,
    Column.COMPANY: Organisation.company_number,
    Column.CQC: Organisation.cqc_provider_id,
}


@dataclass
class Match:
    """What becomes of a row, and the organisation that it is or the ones that it may be."""

    outcome: Outcome
    organisation_id: int | None = None
    candidates: list[dict[str, object]] = field(default_factory=list)
    problem: str = ""
    notes: list[str] = field(default_factory=list)


class Here(NamedTuple):
    """What of an organisation that is here tells who it is."""

    id: int
    name: str
    postcode: str
    charity_number: str | None
    company_number: str | None
    cqc_provider_id: str | None


_HERE = select(
    Organisation.id,
    Organisation.name,
    Organisation.postcode,
    Organisation.charity_number,
    Organisation.company_number,
    Organisation.cqc_provider_id,
)


@dataclass
class _Known:
    """The organisations that have something in common with a batch: a number, a postcode or the very name."""

    by_number: dict[tuple[Column, str], Here]
    by_postcode: dict[str, list[Here]]
    by_name: dict[str, list[Here]]
    standing: dict[int, str]


def match_rows(session: Session, scheme_id: int, rows: Sequence[Row], today: date) -> list[Match]:
    """The match of each row, in order. Five statements, whatever is in the batch."""
    known = _known(session, scheme_id, rows, today)
    return [_match(row, known) for row in rows]


def _match(row: Row, known: _Known) -> Match:
    if row.problems:
        return Match(Outcome.WRONG)
    same = {
        each.id: each for column in NUMBERS if (each := known.by_number.get((column, str(row.values.get(column, "")))))
    }
    if len(same) > 1:
        names = " and ".join(sorted(each.name for each in same.values()))
        return Match(Outcome.WRONG, problem=f"Its numbers belong to different organisations here: {names}.")
    if same:
        return _standing(next(iter(same.values())), known)
    exact, alike = _by_name(row, known)
    if len(exact) == 1 and not alike:
        return _standing(exact[0], known)
    if exact or alike:
        found = [*exact, *alike][:MOST_CANDIDATES]
        return Match(Outcome.PERHAPS, candidates=[{"id": each.id, "name": each.name} for each in found])
    return Match(Outcome.NEW)


def _standing(organisation: Here, known: _Known) -> Match:
    number = known.standing.get(organisation.id)
    if number is None:
        return Match(Outcome.KNOWN, organisation.id)
    return Match(Outcome.STANDING, organisation.id, notes=[f"It holds certificate {number} of this scheme already."])


def _by_name(row: Row, known: _Known) -> tuple[list[Here], list[Here]]:
    """(of that name at that postcode, of a similar name there or of that name elsewhere), numbers not contradicting."""
    name, postcode = str(row.values[Column.NAME]), str(row.values.get(Column.POSTCODE, ""))
    here = known.by_postcode.get(postcode, []) if postcode else []
    exact = [each for each in here if plain(each.name) == plain(name) and not _contradicts(row, each)]
    alike = [
        each for each in here if each not in exact and fuzz.token_set_ratio(plain(each.name), plain(name)) >= LIKELY
    ]
    elsewhere = [each for each in known.by_name.get(name, []) if each not in here and not _contradicts(row, each)]
    return exact, list({each.id: each for each in (*alike, *elsewhere)}.values())


def _contradicts(row: Row, organisation: Here) -> bool:
    """Whether both have a number of the same register, and not the same one."""
    pairs = (
        (row.values.get(Column.CHARITY), organisation.charity_number),
        (row.values.get(Column.COMPANY), organisation.company_number),
        (row.values.get(Column.CQC), organisation.cqc_provider_id),
    )
    return any(ours and theirs and ours != theirs for ours, theirs in pairs)


def _known(session: Session, scheme_id: int, rows: Sequence[Row], today: date) -> _Known:
    found = _Known({}, {}, {}, {})
    for column, attribute in NUMBERS.items():
        numbers = _said(rows, column)
        if numbers:
            for each in map(Here._make, session.execute(_HERE.where(attribute.in_(numbers)))):
                found.by_number[column, str(getattr(each, attribute.key))] = each
    names, postcodes = _said(rows, Column.NAME), _said(rows, Column.POSTCODE)
    alike = or_(Organisation.name.in_(names), Organisation.postcode.in_(postcodes))
    for each in map(Here._make, session.execute(_HERE.where(alike))):
        found.by_name.setdefault(each.name, []).append(each)
        found.by_postcode.setdefault(each.postcode, []).append(each)
    organisations = {each.id for each in (*found.by_number.values(), *_all(found.by_name))}
    found.standing = standing_awards(session, scheme_id, organisations, today)
    return found


def _all(lists: Mapping[str, list[Here]]) -> Iterable[Here]:
    return (each for several in lists.values() for each in several)


def _said(rows: Sequence[Row], column: Column) -> list[str]:
    return sorted({str(row.values[column]) for row in rows if row.values.get(column)})


def standing_awards(session: Session, scheme_id: int, organisations: set[int], today: date) -> dict[int, str]:
    """The certificate numbers of those of these organisations that hold an award of the scheme, by their ids."""
    if not organisations:
        return {}
    held = session.execute(  # by the organisations alone: by the scheme, all that it ever awarded would be read
        select(Award.organisation_id, Award.number, Award.status, Award.expires_on, Award.scheme_id).where(
            Award.organisation_id.in_(organisations)
        )
    )
    return {
        organisation_id: number
        for organisation_id, number, status, expires, scheme in held
        if scheme == scheme_id and status_on(status, expires, today) in STANDING
    }
