"""Whom a name in somebody's spreadsheet may mean: candidates from the register, with how well each fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.backends.likeness import likeness, plain
from app.backends.postcodes import area_names
from app.backends.searching import Query
from app.domain.errors import Invalid
from app.domain.identifiers import (
    charity_org_id,
    company_org_id,
    parse_charity_number,
    parse_company_number,
    parse_cqc_id,
    parse_postcode,
)
from app.extensions import db
from app.models import RegisterEntry, Scheme
from app.queries.register_index import current_index
from app.queries.register_published import published_of_any
from app.queries.register_rows import standing

MOST_WORDS = 8
ENOUGH = 10
CANDIDATES = 30
"""From each search; the names of at most two such searches' worth are compared with each query."""
SURE = 92.0
CLEARLY = 4.0
LEAST = 35.0
NUMBERS = ("GB-CHC-", "GB-SC-", "GB-NIC-", "GB-COH-")


@dataclass(frozen=True)
class Sought:
    """What is known of somebody: a name, and what else the spreadsheet says."""

    name: str
    identifiers: tuple[str, ...] = ()
    postcode: str = ""
    council: str = ""
    limit: int = 5


@dataclass(frozen=True)
class Candidate:
    """Somebody on the register. `score` is 0 to 100; `match` says that nobody needs to look."""

    slug: str
    name: str
    words: str
    score: float
    match: bool
    features: Mapping[str, float | bool]


@dataclass(frozen=True)
class _Row:
    entry_id: int
    slug: str
    name: str
    identifiers: tuple[str, ...]
    postcode: str
    areas: tuple[str, ...]
    words: str


def match_all(sought: Mapping[str, Sought], today: date) -> dict[str, tuple[Candidate, ...]]:
    """The candidates for each of a batch, the best first. At most five statements for the whole batch."""
    numbers = {key: _numbers(each) for key, each in sought.items()}
    known = published_of_any(sorted({number for found in numbers.values() for number in found}), today)
    certain = {
        key: {entry.entry_id for number in found for entry in known.get(number, ())} for key, found in numbers.items()
    }
    ids = {key: [*certain[key], *_search(each.name, today)] for key, each in sought.items()}
    rows = _rows({entry_id for found in ids.values() for entry_id in found}, today)
    return {
        key: _ranked(each, [rows[entry_id] for entry_id in dict.fromkeys(ids[key]) if entry_id in rows], certain[key])
        for key, each in sought.items()
    }


def named(beginning: str, limit: int, today: date) -> tuple[Candidate, ...]:
    """Whom somebody who types a name may mean."""
    found = current_index().search(Query(words=beginning, prefix=True, limit=limit, facets=()), today)
    rows = _rows([entry_id for entry_id, _ in found.page], today)
    ordered = [rows[entry_id] for entry_id, _ in found.page if entry_id in rows]
    return tuple(Candidate(row.slug, row.name, row.words, 0.0, False, {}) for row in ordered)


def _numbers(sought: Sought) -> list[str]:
    """Official numbers in what was typed: in the column for them, or in the place of a name."""
    return list(dict.fromkeys(number for text in (*sought.identifiers, sought.name) for number in identifiers_in(text)))


def identifiers_in(text: str) -> list[str]:
    """The identifiers that a text may stand for: seven digits may be a charity's or a company's number."""
    text = text.strip()
    if text.upper().startswith(NUMBERS):
        return [text.upper()]
    found = []
    with suppress(Invalid):
        found.append(charity_org_id(parse_charity_number(text)))
    with suppress(Invalid):
        found.append(company_org_id(parse_company_number(text)))
    with suppress(Invalid):
        found.append(parse_cqc_id(text))
    return found


def _search(name: str, today: date) -> list[int]:
    """Entries that the index finds by the name's words: all of them, else all but one, else any one. Bounded."""
    words = plain(name).split()[:MOST_WORDS]
    found = _found(words, today)
    if len(found) >= ENOUGH or not words:
        return found
    if len(words) > 1:
        for left_out in range(len(words)):
            found += _found(words[:left_out] + words[left_out + 1 :], today)
    if not found:
        for word in sorted(words, key=len, reverse=True)[:3]:
            found += _found([word], today)
    return list(dict.fromkeys(found))[: CANDIDATES * 2]


def _found(words: Sequence[str], today: date) -> list[int]:
    if not words:
        return []
    query = Query(words=" ".join(words), limit=CANDIDATES, facets=())
    return [entry_id for entry_id, _ in current_index().search(query, today).page]


def _rows(ids: Iterable[int], today: date) -> dict[int, _Row]:
    """What is compared of entries, by id. One statement."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = db.session.execute(
        select(
            RegisterEntry.id,
            RegisterEntry.slug,
            RegisterEntry.name,
            RegisterEntry.identifiers,
            RegisterEntry.postcode,
            RegisterEntry.areas,
            RegisterEntry.area_code,
            RegisterEntry.level_title,
            RegisterEntry.status,
            RegisterEntry.status_on,
            RegisterEntry.expires_on,
            Scheme.title,
        )
        .join(Scheme, Scheme.id == RegisterEntry.scheme_id)
        .where(RegisterEntry.id.in_(wanted))
    ).all()
    return {row.id: _row(row, today) for row in rows}


def _row(row: object, today: date) -> _Row:
    entry_id, slug, name, identifiers, postcode, areas, area, level, status, since, expires, scheme = row  # type: ignore[misc]
    place = area_names().get(area, "")
    told = [place, f"{level}, {scheme}", standing(status, since, expires, today).words]
    numbers = tuple(str(number) for number in identifiers.values())
    codes = tuple({*areas, area} - {""})
    return _Row(entry_id, slug, name, numbers, postcode, codes, ". ".join(part for part in told if part))


def _ranked(sought: Sought, rows: Sequence[_Row], certain: set[int]) -> tuple[Candidate, ...]:
    """The best candidates. One is a match if its number is the one asked for, or its name is all but the same and
    nobody else's is nearly as good."""
    asked = plain(sought.name)
    scored = sorted(
        ((_score(sought, asked, row, row.entry_id in certain), row) for row in rows),
        key=lambda pair: (-pair[0][0], pair[1].name, pair[1].slug),
    )
    kept = [(score, features, row) for (score, features), row in scored if score >= LEAST]
    second = kept[1][0] if len(kept) > 1 else 0.0
    return tuple(
        Candidate(
            row.slug,
            row.name,
            row.words,
            round(score, 1),
            place == 0 and score >= SURE and score - second >= CLEARLY,
            features,
        )
        for place, (score, features, row) in enumerate(kept[: sought.limit])
    )


def _score(sought: Sought, asked: str, row: _Row, certain: bool) -> tuple[float, dict[str, float | bool]]:
    name = likeness(asked, plain(row.name))
    features: dict[str, float | bool] = {"name": round(name, 1)}
    score = name
    if sought.identifiers or certain:
        features["identifier"] = certain
        score = 100.0 if certain else score * 0.8
    if sought.postcode:
        features["postcode"] = same = row.postcode == _postcode(sought.postcode)
        score = _moved(score, same, 0.5, 0.95)
    if sought.council:
        features["council"] = same = _is_in(row, sought.council)
        score = _moved(score, same, 0.3, 0.95)
    return (100.0 if certain else min(score, 99.0 if name < 100 else 100.0)), features


def _moved(score: float, same: bool, up: float, down: float) -> float:
    """Nearer to 100 by a share of what is missing, or a little less."""
    return score + (100 - score) * up if same else score * down


def _postcode(text: str) -> str:
    try:
        return parse_postcode(text)
    except Invalid:
        return "-"


def _is_in(row: _Row, council: str) -> bool:
    wanted = plain(council.casefold().replace("council", " "))
    return any(council.upper() == code or plain(area_names().get(code, "")) == wanted for code in row.areas)
