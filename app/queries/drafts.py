"""The drafts of a scheme's next editions: the list, one with its mistakes, and what publishing it would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import Select, select
from sqlalchemy.orm import defer, joinedload

from app.domain.access import Action, Actor
from app.domain.editions import Standing, highest, lower_and_open, why_not
from app.domain.errors import NotFound
from app.extensions import db
from app.frameworks import Problem, check_source, read
from app.models import FrameworkDraft, FrameworkEdition, User
from app.queries.editions import NO_SUCH, EditionLine, edition_lines, office_of, standing_of, with_ids
from app.queries.schemes import SchemeRow, office_scheme

MOST_DRAFTS = 200
MOST_SHOWN = 100
LONGEST_LINE = 200


class DraftState(StrEnum):
    """The life of a draft."""

    OPEN = "open"
    DISCARDED = "discarded"
    PUBLISHED = "published"


@dataclass(frozen=True)
class DraftLine:
    """A draft without its text."""

    draft_id: int
    name: str
    code: str
    edition: str
    state: DraftState
    version: int
    imported_from: str
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class FrameworksPage:
    """What a scheme has published, framework by framework and highest edition first, and what it writes, newest first."""

    scheme: SchemeRow
    editions: tuple[EditionLine, ...]
    drafts: tuple[DraftLine, ...]
    discarded: tuple[DraftLine, ...]


@dataclass(frozen=True)
class ShownProblem:
    """A mistake with the text of its line; `first` of those on that line, which the others are found by."""

    line: int
    column: int
    message: str
    text: str
    first: bool


@dataclass(frozen=True)
class DraftPage:
    """A draft with its text and every mistake in it. `refusal` says why it cannot be published under the name it has.

    `compare_with` is the highest published edition of the same framework; `published_as` what came of the draft.
    """

    scheme: SchemeRow
    line: DraftLine
    source: str
    problems: tuple[Problem, ...]
    refusal: str
    compare_with: EditionLine | None
    published_as: EditionLine | None

    @property
    def draft_id(self) -> int:
        return self.line.draft_id

    @property
    def editable(self) -> bool:
        return self.scheme.manages and self.line.state is DraftState.OPEN

    @property
    def shown_problems(self) -> tuple[ShownProblem, ...]:
        """The first of the mistakes, each with its line."""
        lines, seen, shown = self.source.split("\n"), set[int](), []
        for each in self.problems[:MOST_SHOWN]:
            text = lines[each.line - 1].strip() if each.line <= len(lines) else ""
            shown.append(ShownProblem(each.line, each.column, each.message, text[:LONGEST_LINE], each.line not in seen))
            seen.add(each.line)
        return tuple(shown)


@dataclass(frozen=True)
class PublishPage:
    """What publishing a draft would do. `refusal` says why it cannot be done, though its text has no mistakes."""

    draft: DraftPage
    refusal: str
    retires: tuple[EditionLine, ...]
    criteria: int
    standards: int
    levels: tuple[str, ...]


@lru_cache(maxsize=16)
def problems_in(source: str) -> tuple[Problem, ...]:
    """Every mistake in the text of a draft, in its order. A text that was looked through lately is remembered."""
    return tuple(check_source(source, "draft.yaml"))


def frameworks_page(code: str, actor: Actor, today: date, action: Action = Action.FRAMEWORKS_SEE) -> FrameworksPage:
    """A scheme's editions and drafts. Five statements, and the scheme. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, action)
    editions = edition_lines(select(FrameworkEdition.id).where(FrameworkEdition.scheme_id == scheme.scheme_id), today)
    rows = db.session.execute(
        _draft_lines()
        .where(FrameworkDraft.scheme_id == scheme.scheme_id, FrameworkDraft.edition_id.is_(None))
        .order_by(FrameworkDraft.updated_at.desc(), FrameworkDraft.id.desc())
        .limit(MOST_DRAFTS)
    )
    drafts = [_line(*row) for row in rows]
    return FrameworksPage(
        scheme=scheme,
        editions=editions,
        drafts=tuple(each for each in drafts if each.state is DraftState.OPEN),
        discarded=tuple(each for each in drafts if each.state is DraftState.DISCARDED),
    )


def draft_page(draft_id: int, actor: Actor, today: date, action: Action = Action.FRAMEWORKS_SEE) -> DraftPage:
    """One draft, whole. Raises NotFound, NotAllowed."""
    draft, scheme = own_draft(draft_id, actor, action)
    standing = standing_of(db.session(), draft.code)
    top = highest(each.edition for each in standing)
    wanted = [each.edition_id for each in standing if each.edition == top]
    wanted += [draft.edition_id] if draft.edition_id else []
    lines = {each.edition_id: each for each in edition_lines(with_ids(wanted), today)}
    published_as = lines.get(draft.edition_id) if draft.edition_id else None
    others = [each for each in lines.values() if each is not published_as]
    return DraftPage(
        scheme=scheme,
        line=_line(draft, draft.updated_by),
        source=draft.source,
        problems=problems_in(draft.source),
        refusal=_refusal(draft, standing),
        compare_with=others[0] if others else None,
        published_as=published_as,
    )


def _refusal(draft: FrameworkDraft, standing: tuple[Standing, ...]) -> str:
    if draft.edition_id is not None or not draft.edition:
        return ""
    return why_not(draft.edition, draft.scheme_id, standing)


def publish_page(draft_id: int, actor: Actor, today: date) -> PublishPage:
    """What publishing the draft would do, told before it is done. Raises NotFound, NotAllowed."""
    page = draft_page(draft_id, actor, today, Action.FRAMEWORK_PUBLISH)
    if page.problems:
        return PublishPage(page, "", (), 0, 0, ())
    framework = read(page.source, "draft.yaml")
    standing = standing_of(db.session(), framework.code)
    closing = lower_and_open(framework.edition, standing)
    return PublishPage(
        draft=page,
        refusal=why_not(framework.edition, page.scheme.scheme_id, standing),
        retires=edition_lines(with_ids([each.edition_id for each in closing]), today),
        criteria=len(framework.criteria),
        standards=sum(bool(node.criteria) for root in framework.roots for node in root.walk()),
        levels=tuple(str(level.title) for level in framework.levels),
    )


def own_draft(draft_id: int, actor: Actor, action: Action) -> tuple[FrameworkDraft, SchemeRow]:
    """A draft and its scheme, for whoever may do `action` to it. Raises NotFound, NotAllowed."""
    draft = db.session.get(
        FrameworkDraft, draft_id, options=[joinedload(FrameworkDraft.scheme), joinedload(FrameworkDraft.updated_by)]
    )
    if draft is None:
        raise NotFound(NO_SUCH)
    return draft, office_of(draft.scheme, actor, action)


def _draft_lines() -> Select[tuple[FrameworkDraft, User]]:
    return (
        select(FrameworkDraft, User)
        .outerjoin(User, User.id == FrameworkDraft.updated_by_id)
        .options(defer(FrameworkDraft.source, raiseload=True))
    )


def _line(draft: FrameworkDraft, by: User | None) -> DraftLine:
    name = " ".join(part for part in (draft.title or draft.code, draft.edition) if part)
    return DraftLine(
        draft_id=draft.id,
        name=name or "Untitled draft",
        code=draft.code,
        edition=draft.edition,
        state=_draft_state(draft),
        version=draft.version,
        imported_from=draft.imported_from,
        updated_at=draft.updated_at,
        updated_by=by.name if by else "",
    )


def _draft_state(draft: FrameworkDraft) -> DraftState:
    if draft.edition_id is not None:
        return DraftState.PUBLISHED
    return DraftState.OPEN if draft.discarded_at is None else DraftState.DISCARDED
