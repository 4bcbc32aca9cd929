"""What the scores of a case give, and which levels can be granted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload

from app.domain.findings import Recorded
from app.domain.framework import Criterion, Framework, Level
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.domain.reconciling import GivenScore as GivenRow
from app.domain.reconciling import Settling, counting, differing
from app.domain.scoring import NotApplicable, NotRated, Outcome, Scored, outcome_so_far
from app.domain.scoring import Score as GivenScore
from app.domain.terms import Reconciliation
from app.domain.wording import counted as counted_words
from app.models import AgreedScore, Application, Assessment, Score, ScoreSettlement
from app.queries.findings import raised_in
from app.queries.frameworks import framework_of
from app.queries.passport_uses import Used, standing_scores, used_in

Scores = Mapping[str, GivenRow]

SETTLED = frozenset(
    {
        ApplicationStatus.ASSESSED,
        ApplicationStatus.WITH_PANEL,
        ApplicationStatus.AWARDED,
        ApplicationStatus.REFUSED,
        ApplicationStatus.DEFERRED,
    }
)
"""Where nothing is left to settle: a case that came here before scores were settled counts as it did then."""


@dataclass(frozen=True)
class Counted:
    """What counts of a case. `assessments` are those that do, the earliest first; `sheets` what each assessor gave.

    `scores` are those that count in the end, `agreed` the ones among them that were settled, `open` the criteria that are
    still to be settled. `said` tells in words how several assessments come to this; it is empty for one.
    """

    assessments: tuple[Assessment, ...]
    sheets: Mapping[int, Scores]
    scores: Scores
    agreed: Mapping[str, AgreedScore]
    open: tuple[str, ...]
    used: Mapping[str, Used]
    outcome: Outcome
    said: str


def handed_in(session: Session, application_id: int) -> list[Assessment]:
    """The assessments handed in on a case, the latest last, with their assessors."""
    return list(session.scalars(_HANDED_IN, {"application_id": application_id}))


_HANDED_IN = (
    select(Assessment)
    .where(Assessment.application_id == bindparam("application_id"))
    .where(Assessment.status == AssessmentStatus.HANDED_IN)
    .options(joinedload(Assessment.assessor))
    .order_by(Assessment.handed_in_at, Assessment.id)
)


def that_count(application: Application, done: Sequence[Assessment]) -> tuple[Assessment, ...]:
    """Those among the assessments handed in, the latest last, that count."""
    found = [(each, each.handed_in_at) for each in done if each.handed_in_at is not None]
    return counting(found, application.submitted_at, framework_of(application.edition).assessment.assessors)


def lead_of(assessments: Sequence[Assessment]) -> Assessment:
    """Who leads among assessors whose assessments count: the lead, or whoever was asked first where that is none of them."""
    first = min(assessments, key=lambda each: (each.assigned_at, each.id))
    return next((each for each in assessments if each.lead), first)


def case_outcome(session: Session, application: Application, today: date) -> Outcome | None:
    """What the scores that count give, under the pinned edition and the facts at submission.

    Passports count while they stand; of a decided case, those that stood then. None while nobody has handed in. Five
    statements at most.
    """
    found = counted(session, application, today)
    return found.outcome if found else None


def counted(session: Session, application: Application, today: date) -> Counted | None:
    """The scores of a case that count, and what they give. None while nobody has handed in. Five statements at most."""
    return counted_of(session, application, handed_in(session, application.id), today)


def counted_of(session: Session, application: Application, done: Sequence[Assessment], today: date) -> Counted | None:
    """The same, of the assessments that were handed in. Four statements at most, two more where findings hang on it."""
    counts = that_count(application, done)
    if not counts:
        return None
    sheets = scores_of(session, counts)
    used = used_in(session, application, today)
    recorded = raised_in(session, application)
    codes = [code for code in _codes(sheets.values()) if not (code in used and used[code].stands)]
    differ = differing(list(sheets.values()), codes)
    agreed = _agreed(session, application.id) if differ else {}
    case = _Case(application, counts, sheets, used, differ, recorded)
    if framework_of(application.edition).assessment.reconciliation is Reconciliation.PANEL and differ:
        return _lower(case)
    if differ and not agreed and application.status in SETTLED:
        return case.counted(sheets[counts[-1].id], said="The assessment that was handed in last counts.")
    return _settled(case, {code: agreed[code] for code in differ if code in agreed})


@dataclass(frozen=True)
class _Case:
    """What the assessors of a case gave, on the way to what counts. `differ` are the criteria on which they differ."""

    application: Application
    assessments: tuple[Assessment, ...]
    sheets: Mapping[int, Scores]
    used: Mapping[str, Used]
    differ: tuple[str, ...]
    recorded: Recorded

    def outcome(self, scores: Scores) -> Outcome:
        given = {**as_scores(scores), **standing_scores(self.used)}
        return outcome_so_far(
            framework_of(self.application.edition),
            given,
            self.application.facts,
            target=self.application.target,
            recorded=self.recorded,
        )

    def counted(
        self,
        scores: Scores,
        agreed: Mapping[str, AgreedScore] | None = None,
        open_: tuple[str, ...] = (),
        said: str = "",
        outcome: Outcome | None = None,
    ) -> Counted:
        outcome = outcome or self.outcome(scores)
        return Counted(self.assessments, self.sheets, scores, agreed or {}, open_, self.used, outcome, said)


def _codes(sheets: Iterable[Scores]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for sheet in sheets for code in sheet))


def _agreed(session: Session, application_id: int) -> dict[str, AgreedScore]:
    """The finished scores of the settlement that stands."""
    found = session.scalars(
        select(AgreedScore)
        .join(ScoreSettlement)
        .where(ScoreSettlement.application_id == application_id, ScoreSettlement.standing.is_(True))
    )
    return {each.criterion_code: each for each in found if is_finished(each)}


def settlement_of(application_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """That a ScoreSettlement is the one that stands for this application, and is settled: what to join its sheet on.

    While the case is assessed anew nothing stands: what was settled before may rest on somebody who has left it.
    """
    own = ScoreSettlement.application_id == application_id
    case = aliased(Application)
    anew = select(case.id).where(
        case.id == ScoreSettlement.application_id, case.status == ApplicationStatus.IN_ASSESSMENT
    )
    return own & ScoreSettlement.standing.is_(True) & ScoreSettlement.settled_at.is_not(None) & ~anew.exists()


def is_reconciled(session: Session, assessment: Assessment) -> bool:
    """Whether the assessors of a handed-in assessment's case settle between them what differs, or did. One statement."""
    if assessment.status is not AssessmentStatus.HANDED_IN:
        return False
    if assessment.application.status in {ApplicationStatus.SUBMITTED, ApplicationStatus.IN_ASSESSMENT}:
        return False
    found = select(ScoreSettlement.id).where(
        ScoreSettlement.application_id == assessment.application_id,
        ScoreSettlement.standing.is_(True),
        ScoreSettlement.settling != Settling.PANEL,
    )
    return session.scalar(found) is not None


def is_finished(score: GivenRow) -> bool:
    """Whether it says something, with a reason."""
    return (score.point is not None or score.not_applicable or score.not_rated) and bool(score.reason)


def _settled(case: _Case, agreed: Mapping[str, AgreedScore]) -> Counted:
    """The same scores count as agreed by themselves, those that differ as they were settled."""
    open_ = tuple(code for code in case.differ if code not in agreed)
    same = {code: score for sheet in case.sheets.values() for code, score in sheet.items() if code not in case.differ}
    return case.counted({**same, **agreed}, agreed, open_, _settled_words(case, open_))


def _settled_words(case: _Case, open_: tuple[str, ...]) -> str:
    if len(case.assessments) == 1:
        return ""
    if not case.differ:
        return "The assessors gave the same score everywhere."
    on = f"The assessors scored {counted_words(len(case.differ), 'criterion', 'criteria')} differently."
    if not open_:
        return f"{on} There the score counts that the lead assessor recorded as agreed."
    return f"{on} Not settled yet: {len(open_)}. Those count for nothing until they are."


def _lower(case: _Case) -> Counted:
    """Both go to the panel; what the scores give is the lowest of what each assessor's scores give, and said to be that."""
    framework = framework_of(case.application.edition)
    each = [(assessment, case.outcome(case.sheets[assessment.id])) for assessment in case.assessments]
    lowest, outcome = min(each, key=lambda pair: _height(framework, pair[1]))
    by_each = " ".join(f"By the scores of {one.assessor.name}: {given.band}." for one, given in each)
    said = (
        f"The assessors scored {counted_words(len(case.differ), 'criterion', 'criteria')} differently, and the framework "
        f"sends every score to the panel. {by_each} What counts as the outcome of the scores is the lowest of these."
    )
    return case.counted(case.sheets[lowest.id], said=said, outcome=outcome)


def _height(framework: Framework, outcome: Outcome) -> tuple[int, Fraction]:
    rank = framework.level(outcome.level).rank if outcome.level else -1
    return rank, Fraction(outcome.exact_share or outcome.marks or 0)


def as_scores(rows: Scores) -> dict[str, GivenScore]:
    """Stored scores as the rules take them."""
    given: dict[str, GivenScore] = {}
    for code, row in rows.items():
        if row.not_applicable:
            given[code] = NotApplicable(row.reason)
        elif row.not_rated:
            given[code] = NotRated(row.reason)
        elif row.point is not None:
            given[code] = Scored(row.point)
    return given


def scores_of(session: Session, assessments: Sequence[Assessment]) -> dict[int, dict[str, Score]]:
    """Scores by assessment and criterion, in the order of `assessments`."""
    found: dict[int, dict[str, Score]] = {assessment.id: {} for assessment in assessments}
    for score in session.scalars(select(Score).where(Score.assessment_id.in_(found))):
        found[score.assessment_id][score.criterion_code] = score
    return found


def levels_open(framework: Framework, target: str | None) -> tuple[Level, ...]:
    """The levels that can be granted: up to the one applied for, since no criterion above it was asked."""
    top = framework.level(target).rank if target else len(framework.levels) - 1
    return framework.levels[: top + 1]


def level_title(framework: Framework, code: str | None) -> str:
    """The title of a level's code; empty for None."""
    return str(framework.level(code).title) if code else ""


def required_words(framework: Framework, criterion: Criterion) -> tuple[tuple[str, str], ...]:
    """(level, words of the point that it requires here), leaving out levels that require no more than the one before."""
    found: list[tuple[str, str]] = []
    for level in framework.levels:
        point = criterion.required.get(level.code)
        if point is None or point not in criterion.scale.values:
            continue
        words = criterion.scale.shown(point)
        if not found or found[-1][1] != words:
            found.append((str(level.title), words))
    return tuple(found)
