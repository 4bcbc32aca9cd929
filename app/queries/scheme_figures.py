"""A scheme in figures: days per stage, decisions, appeals, and the awards that stand, by level, income and area."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from app.backends.postcodes import area_names
from app.domain.access import Action, Actor
from app.domain.charts import Axis
from app.domain.deciding import VERDICT_WORDS, Verdict
from app.domain.figures import INCOME_WORDS, Spread, days_words, income_band, spread
from app.domain.lifecycle import STANDING, AppealStatus, AssessmentStatus
from app.extensions import db
from app.models import Appeal, Application, Assessment, Award, Decision, Organisation, ScoreSettlement
from app.queries.schemes import SchemeRow, office_scheme

MOST_DECISIONS = 5_000
MOST_AWARDS = 20_000
MOST_AREAS = 40
PERIODS = {"3": "the last 3 months", "12": "the last 12 months", "36": "the last 3 years"}
STAGES = (
    ("assessor", "Handed in, until assessors are asked"),
    ("assessing", "Asked, until every assessment is in"),
    ("settling", "Scores that differ, until they are settled"),
    ("deciding", "Assessed, until the decision"),
    ("whole", "Handed in, until the decision"),
)


@dataclass(frozen=True)
class StageRow:
    """How long one stage took, over the decisions of the period; `spread` is None where none went through it."""

    code: str
    title: str
    spread: Spread | None

    @property
    def median_said(self) -> str:
        return days_words(self.spread.median) if self.spread else ""

    @property
    def ninetieth_said(self) -> str:
        return days_words(self.spread.ninetieth) if self.spread else ""


@dataclass(frozen=True)
class CountRow:
    """How many of something there are, out of all."""

    name: str
    count: int
    of: int

    @property
    def axis(self) -> Axis:
        return Axis(self.name, Fraction(self.count, self.of or 1), f"{self.count:,}")


@dataclass(frozen=True)
class FiguresPage:
    """The figures. `period` is a key of PERIODS, which the stages, decisions and appeals are of; awards are those of today.

    `left_out` says that there were more decisions than are looked at, `other_areas` how many areas are not listed.
    """

    scheme: SchemeRow
    period: str
    decided: int
    left_out: bool
    stages: tuple[StageRow, ...]
    decisions: tuple[CountRow, ...]
    departures: int
    appeals: tuple[CountRow, ...]
    standing: int
    levels: tuple[CountRow, ...]
    incomes: tuple[CountRow, ...]
    areas: tuple[CountRow, ...]
    other_areas: int

    @property
    def stage_axes(self) -> tuple[Axis, ...]:
        """The medians as bars, with a mark where nine in ten are done, on one measure."""
        longest = max((row.spread.ninetieth for row in self.stages if row.spread), default=0) or 1
        return tuple(
            Axis(
                row.title,
                min(row.spread.median / longest, Fraction(1)),
                f"half {row.median_said}",
                Fraction(row.spread.ninetieth, longest),
                f"nine in ten {row.ninetieth_said}",
            )
            for row in self.stages
            if row.spread
        )


def figures(code: str, period: str, *, actor: Actor, today: date) -> FiguresPage:
    """The figures of a scheme. A fixed number of statements. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_PIPELINE)
    period = period if period in PERIODS else "12"
    since = _midnight(_months_before(today, int(period)))
    decided = _decided(scheme.scheme_id, since)
    appeals = _appeals(scheme.scheme_id, since)
    standing = _standing(scheme.scheme_id, today)
    areas = Counter(row.area_code for row in standing)
    return FiguresPage(
        scheme=scheme,
        period=period,
        decided=len(decided),
        left_out=len(decided) >= MOST_DECISIONS,
        stages=_stages(decided),
        decisions=_counts(
            Counter(row.outcome for row in decided), {each.value: VERDICT_WORDS[each] for each in Verdict}
        ),
        departures=sum(bool(row.departure) for row in decided),
        appeals=appeals,
        standing=len(standing),
        levels=_listed(Counter(row.level_title for row in standing)),
        incomes=_ordered(Counter(income_band(_income(row.facts)) for row in standing), INCOME_WORDS),
        areas=_listed(Counter({area_names().get(code, "No area"): n for code, n in areas.most_common(MOST_AREAS)})),
        other_areas=max(0, len(areas) - MOST_AREAS),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, 28))


def _decided(scheme_id: int, since: datetime) -> Sequence[Any]:
    """The decisions since then, the newest first, with when each stage of their case began. One statement."""
    mine = Assessment.application_id == Application.id
    handed_in = [mine, Assessment.status == AssessmentStatus.HANDED_IN]
    settled = [ScoreSettlement.application_id == Application.id, ScoreSettlement.settled_by_id.is_not(None)]
    return db.session.execute(
        select(
            Decision.outcome,
            Decision.departure,
            Decision.decided_at,
            Application.submitted_at,
            select(func.min(Assessment.assigned_at)).where(mine).correlate(Application).scalar_subquery(),
            select(func.max(Assessment.handed_in_at)).where(*handed_in).correlate(Application).scalar_subquery(),
            select(func.max(ScoreSettlement.began_at)).where(*settled).correlate(Application).scalar_subquery(),
            select(func.max(ScoreSettlement.settled_at)).where(*settled).correlate(Application).scalar_subquery(),
        )
        .join(Application, Application.id == Decision.application_id)
        .where(Application.scheme_id == scheme_id, Decision.decided_at >= since)
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(MOST_DECISIONS)
    ).all()


def _stages(decided: Iterable[Any]) -> tuple[StageRow, ...]:
    lengths: dict[str, list[int]] = {code: [] for code, _ in STAGES}
    for _, _, decided_at, submitted, assigned, handed_in, began, settled in decided:
        ready = settled or handed_in
        for code, start, end in (
            ("assessor", submitted, assigned),
            ("assessing", assigned, handed_in),
            ("settling", began, settled),
            ("deciding", ready, decided_at),
            ("whole", submitted, decided_at),
        ):
            if start is not None and end is not None and end >= start:  # a deferred case was handed in anew since
                lengths[code].append((end.date() - start.date()).days)
    return tuple(StageRow(code, title, spread(lengths[code])) for code, title in STAGES)


def _appeals(scheme_id: int, since: datetime) -> tuple[CountRow, ...]:
    """What became of appeals that ended since then. One statement."""
    found = db.session.execute(
        select(Appeal.outcome, func.count())
        .where(Appeal.scheme_id == scheme_id, Appeal.ended_at >= since)
        .group_by(Appeal.outcome)
    )
    words = {status.value: status.value.replace("-", " ").capitalize() for status in AppealStatus}
    return _counts(Counter({outcome or "closed": count for outcome, count in found}), words)


def _standing(scheme_id: int, today: date) -> Sequence[Any]:
    """The awards that stand on a day. One statement."""
    return db.session.execute(
        select(Award.level_title, Organisation.facts, Organisation.area_code)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .where(Award.scheme_id == scheme_id, Award.status.in_(STANDING), Award.expires_on >= today)
        .limit(MOST_AWARDS)
    ).all()


def _income(facts: Mapping[str, Any]) -> int | None:
    income = facts.get("income")
    return int(income) if isinstance(income, (int, float)) else None


def _counts(found: Counter[str], words: Mapping[str, str]) -> tuple[CountRow, ...]:
    """Those that there are, in the order of `words`."""
    total = found.total()
    return tuple(CountRow(words[code], found[code], total) for code in words if found[code])


def _listed(found: Counter[str]) -> tuple[CountRow, ...]:
    """The most first."""
    total = found.total()
    ordered = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(CountRow(name, count, total) for name, count in ordered)


def _ordered(found: Counter[str], names: Iterable[str]) -> tuple[CountRow, ...]:
    return tuple(CountRow(name, found[name], found.total()) for name in names)
