"""The whole audit trail of a scheme: searched, page by page, an entry in full, and as a table for a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, String, cast, func, select

from app.domain.access import Action, Actor
from app.domain.errors import NotFound
from app.domain.uk_time import UK
from app.extensions import db
from app.models import Application, AuditRow, Organisation
from app.queries.history import HistoryRow, history_row, words_for
from app.queries.schemes import SchemeRow, office_scheme
from app.queries.subjects import blind_cases, is_seen_by_scheme

PER_PAGE = 50
MOST_ACTIONS = 300
MOST_IN_FILE = 100_000
FOR_THE_PANEL_ALONE = frozenset({"panel.voted"})
"""Actions whose detail nobody of the office reads: how a member voted is for the panel."""


@dataclass(frozen=True)
class AuditFilters:
    """What the trail is narrowed to: one case, words in names or in what was written, one action, days, both included."""

    case: int | None = None
    person: str = ""
    provider: str = ""
    words: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def narrowed(self) -> bool:
        return self != AuditFilters()


@dataclass(frozen=True)
class AuditPage:
    """One page of a scheme's trail, newest first. `actions` are (code, words) of those that occur."""

    scheme: SchemeRow
    rows: tuple[HistoryRow, ...]
    actions: tuple[tuple[str, str], ...]
    provider: str
    found: int
    page: int
    pages: int


@dataclass(frozen=True)
class Change:
    """One value that changed, as text; `before` and `after` are empty where there was none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class AuditEntry:
    """One entry in full. `more` are (name, value) of what else is on record; `erased` tells that its words are gone."""

    scheme: SchemeRow
    row: HistoryRow
    subject: str
    changes: tuple[Change, ...]
    more: tuple[tuple[str, str], ...]
    kept_back: bool
    erased: bool
    hash: str


def audit_trail(code: str, filters: AuditFilters, page: int, *, actor: Actor) -> AuditPage:
    """One page of the scheme's audit rows. Five statements. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_AUDIT)
    rows = _narrowed(_open_to(actor, scheme.scheme_id), filters)
    total = db.session.scalar(rows.with_only_columns(func.count())) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    found = db.session.execute(
        rows.add_columns(Organisation.name).order_by(AuditRow.id.desc()).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    ).all()
    return AuditPage(
        scheme=scheme,
        rows=tuple(history_row(row, name or "") for row, name in found),
        actions=_actions(scheme.scheme_id),
        provider=_provider(filters.case, scheme.scheme_id, actor),
        found=total,
        page=page,
        pages=pages,
    )


def audit_rows(code: str, filters: AuditFilters, *, actor: Actor) -> Iterator[HistoryRow]:
    """The rows of the trail that the filters leave, newest first, at most 100,000. Raises NotFound, NotAllowed at once."""
    scheme = office_scheme(code, actor, Action.SEE_AUDIT)
    rows = _narrowed(_open_to(actor, scheme.scheme_id), filters).add_columns(Organisation.name)
    found = db.session.execute(rows.order_by(AuditRow.id.desc()).limit(MOST_IN_FILE).execution_options(yield_per=1_000))
    return (history_row(row, name or "") for row, name in found)


def audit_entry(code: str, row_id: int, *, actor: Actor) -> AuditEntry:
    """One entry in full. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_AUDIT)
    found = db.session.execute(
        _open_to(actor, scheme.scheme_id).add_columns(Organisation.name).where(AuditRow.id == row_id)
    ).first()
    if found is None:
        raise NotFound("There is no such entry, or it is not open to you.")
    row, name = found
    kept_back = row.action in FOR_THE_PANEL_ALONE
    detail = {} if kept_back else row.detail
    return AuditEntry(
        scheme=scheme,
        row=history_row(row, name or ""),
        subject=f"{row.subject.replace('_', ' ')} {row.subject_id or ''}".strip(),
        changes=changes_in(detail),
        more=tuple((_name(key), _text(value)) for key, value in detail.items() if key not in {"before", "after"}),
        kept_back=kept_back,
        erased=not row.salt,
        hash=row.hash,
    )


def changes_in(detail: Mapping[str, Any]) -> tuple[Change, ...]:
    """From what to what an entry says that something changed; each value by itself where there are several."""
    if "before" not in detail and "after" not in detail:
        return ()
    before, after = detail.get("before"), detail.get("after")
    if not isinstance(before, dict) and not isinstance(after, dict):
        return (Change("", _text(before), _text(after)),)
    was = before if isinstance(before, dict) else {}
    now = after if isinstance(after, dict) else {}
    return tuple(
        Change(_name(key), _text(was.get(key)), _text(now.get(key)))
        for key in dict.fromkeys([*was, *now])
        if was.get(key) != now.get(key)
    )


def _name(key: str) -> str:
    return key.replace("_", " ").replace("-", " ").capitalize()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_text(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{_name(str(key))}: {_text(each)}" for key, each in value.items())
    return str(value)


def _narrowed(rows: Select[tuple[AuditRow]], filters: AuditFilters) -> Select[tuple[AuditRow]]:
    if filters.case is not None:
        rows = rows.where(AuditRow.application_id == filters.case)
    if filters.action:
        rows = rows.where(AuditRow.action == filters.action)
    if filters.since:
        rows = rows.where(AuditRow.at >= _begins(filters.since))
    if filters.until:
        rows = rows.where(AuditRow.at < _begins(filters.until + timedelta(days=1)))
    for column, words in ((AuditRow.actor_name, filters.person), (Organisation.name, filters.provider)):
        if words:
            rows = rows.where(func.lower(column).contains(words.lower(), autoescape=True))
    if filters.words:
        told = func.lower(cast(AuditRow.detail, String))
        rows = rows.where(
            told.contains(filters.words.lower(), autoescape=True) & AuditRow.action.not_in(FOR_THE_PANEL_ALONE)
        )
    return rows


def _begins(day: date) -> datetime:
    """The first moment of a day in the United Kingdom."""
    return datetime.combine(day, time(), UK)


def _open_to(actor: Actor, scheme_id: int) -> Select[tuple[AuditRow]]:
    """The scheme's rows without those of drafts, which are their providers' alone, of the reader's organisations, and of
    cases that the reader assesses blind.
    """
    own = sorted(actor.judges_none_of)
    blind = blind_cases(db.session(), actor.user_id)
    return (
        select(AuditRow)
        .outerjoin(Application, Application.id == AuditRow.application_id)
        .outerjoin(Organisation, Organisation.id == AuditRow.organisation_id)
        .where(
            AuditRow.scheme_id == scheme_id,
            AuditRow.application_id.is_(None) | is_seen_by_scheme(),
            AuditRow.organisation_id.is_(None) | AuditRow.organisation_id.not_in(own),
            AuditRow.application_id.is_(None) | AuditRow.application_id.not_in(blind),
        )
    )


def _actions(scheme_id: int) -> tuple[tuple[str, str], ...]:
    found = db.session.scalars(
        select(AuditRow.action).where(AuditRow.scheme_id == scheme_id).distinct().limit(MOST_ACTIONS)
    )
    return tuple(sorted(((action, words_for(action)) for action in found), key=lambda pair: pair[1]))


def _provider(case: int | None, scheme_id: int, actor: Actor) -> str:
    if case is None:
        return ""
    return (
        db.session.scalar(
            select(Organisation.name)
            .join(Application, Application.organisation_id == Organisation.id)
            .where(
                Application.id == case,
                Application.scheme_id == scheme_id,
                Application.organisation_id.not_in(sorted(actor.judges_none_of)),
                is_seen_by_scheme(),
            )
        )
        or ""
    )
