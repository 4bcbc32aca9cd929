"""How far a scheme's assessors agree under one edition: by standard, by pair, by quarter. Before anything was settled."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import Any

from sqlalchemy import Row, Select, func, select

from app.domain.access import Action, Actor
from app.domain.agreement_table import Agreement, Given, agreement_over
from app.domain.charts import Axis, Moment
from app.domain.framework import Framework, Node
from app.domain.lifecycle import AssessmentStatus
from app.domain.reconciling import State, counting
from app.domain.scales import Scale
from app.domain.scoring.packed import FIRST, OUT, UNRATED, states
from app.domain.uk_time import uk_day
from app.extensions import db
from app.models import Application, Assessment, FrameworkEdition, PassportUse, User
from app.queries.frameworks import framework_of
from app.queries.schemes import SchemeRow, office_scheme

MOST_CASES = 5_000
MOST_EDITIONS = 50
MOST_PAIRS = 200
QUARTERS = {1: "Jan to Mar", 2: "Apr to Jun", 3: "Jul to Sep", 4: "Oct to Dec"}

Tally = Counter[tuple[str, Given]]


@dataclass(frozen=True)
class AgreementRow:
    """One standard, one pair or one quarter: over how many cases, and how far the scores agree there."""

    name: str
    cases: int
    agreement: Agreement


@dataclass(frozen=True)
class SchemeAgreementPage:
    """The agreement under one edition. `editions` are (id, words) of those with cases that several assessed.

    `edition_id` is None, and everything empty, where there is none. `part` is what holds criteria, such as standard. `left_out` says that older cases were not looked at.
    """

    scheme: SchemeRow
    editions: tuple[tuple[int, str], ...]
    edition_id: int | None
    edition: str
    part: str
    floor: Fraction | None
    cases: int
    left_out: bool
    whole: Agreement
    standards: tuple[AgreementRow, ...]
    pairs: tuple[AgreementRow, ...]
    quarters: tuple[AgreementRow, ...]
    moments: tuple[Moment, ...]

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The standards as bars, with the floor as what is aimed at."""
        return tuple(
            Axis(row.name, share, row.agreement.share_said, self.floor)
            for row in self.standards
            if (share := row.agreement.share.value) is not None
        )


@dataclass(frozen=True)
class _Case:
    """One case that several assessed: what each gave on each criterion, in the order of `assessors` (id, name)."""

    quarter: tuple[int, int]
    assessors: tuple[tuple[int, str], ...]
    given: Mapping[int, Given]  # by the criterion's place in the framework


def scheme_agreement(code: str, edition_id: int | None, actor: Actor) -> SchemeAgreementPage:
    """The agreement under an edition, by default the newest that several assess. Five statements. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_PIPELINE)
    editions = _editions(scheme.scheme_id)
    chosen = next((each for each in editions if each.id == edition_id), editions[0] if editions else None)
    if chosen is None:
        nothing = agreement_over({}, {})
        return SchemeAgreementPage(scheme, (), None, "", "", None, 0, False, nothing, (), (), (), ())
    framework = framework_of(chosen)
    cases = list(_cases(framework, chosen.id))
    count = _Counting(framework, cases)
    return SchemeAgreementPage(
        scheme=scheme,
        editions=tuple((each.id, f"{each.title} {each.edition}") for each in editions),
        edition_id=chosen.id,
        edition=f"{chosen.title} {chosen.edition}",
        part=framework.tree_names[-2] if len(framework.tree_names) > 1 else "part",
        floor=framework.assessment.agreement_floor,
        cases=len(cases),
        left_out=len(cases) >= MOST_CASES,
        whole=count.over(count.whole),
        standards=count.by_standard(),
        pairs=count.by_pair(),
        quarters=count.by_quarter(),
        moments=count.moments(),
    )


def _editions(scheme_id: int) -> Sequence[FrameworkEdition]:
    """Those under which a case was assessed by several, the newest first."""
    double = _double().where(Application.scheme_id == scheme_id).with_only_columns(Application.edition_id)
    return db.session.scalars(
        select(FrameworkEdition)
        .where(FrameworkEdition.scheme_id == scheme_id, FrameworkEdition.id.in_(double))
        .order_by(FrameworkEdition.loaded_at.desc(), FrameworkEdition.id.desc())
        .limit(MOST_EDITIONS)
    ).all()


def _double() -> Select[tuple[int]]:
    """The applications of which more than one assessment is handed in."""
    return (
        select(Application.id)
        .join(Assessment, Assessment.application_id == Application.id)
        .where(Assessment.status == AssessmentStatus.HANDED_IN, Assessment.sheet.is_not(None))
        .group_by(Application.id, Application.edition_id)
        .having(func.count(Assessment.id) > 1)
    )


def _cases(framework: Framework, edition_id: int) -> Iterator[_Case]:
    """The newest cases of an edition that several assessed. Three statements at most."""
    newest = _double().where(Application.edition_id == edition_id).order_by(Application.id.desc()).limit(MOST_CASES)
    ids = newest.subquery()
    rows = db.session.execute(
        select(
            Assessment.application_id,
            Assessment.assessor_id,
            User.name,
            Assessment.handed_in_at,
            Assessment.sheet,
            Application.submitted_at,
        )
        .join(ids, ids.c.id == Assessment.application_id)
        .join(Application, Application.id == Assessment.application_id)
        .join(User, User.id == Assessment.assessor_id)
        .where(Assessment.status == AssessmentStatus.HANDED_IN, Assessment.sheet.is_not(None))
        .order_by(Assessment.application_id, Assessment.handed_in_at, Assessment.id)
    ).all()
    answered: dict[int, set[str]] = defaultdict(set)
    uses = select(PassportUse.application_id, PassportUse.criterion_code).join(
        ids, ids.c.id == PassportUse.application_id
    )
    for application_id, code in db.session.execute(uses):
        answered[application_id].add(code)
    reader = _Reader(framework)
    by_case: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_case[row.application_id].append(row)
    for application_id, handed_in in by_case.items():
        times = [(row, row.handed_in_at) for row in handed_in if row.handed_in_at is not None]
        kept = counting(times, handed_in[0].submitted_at, framework.assessment.assessors)
        if len(kept) > 1:
            yield reader.case(kept, answered[application_id])


class _Reader:
    """Reads packed sheets of one framework as what each assessor gave."""

    def __init__(self, framework: Framework) -> None:
        self.codes = [criterion.code for criterion in framework.criteria]
        self.states = [_states_of(criterion.scale) for criterion in framework.criteria]

    def case(self, rows: Sequence[Row[Any]], answered: set[str]) -> _Case:
        """The case of these assessments, in the order of their assessors, so that a pair is always the same way round."""
        rows = sorted(rows, key=lambda row: row.assessor_id)
        given = zip(*(states(row.sheet) for row in rows), strict=True)
        read = {
            place: tuple(self._state(place, state) for state in each)
            for place, each in enumerate(given)
            if any(each) and not (answered and self.codes[place] in answered)
        }
        last: datetime = max(row.handed_in_at for row in rows)
        return _Case(_quarter(uk_day(last)), tuple((row.assessor_id, row.name) for row in rows), read)

    def _state(self, place: int, state: int) -> State | None:
        return self.states[place][state]


def _states_of(scale: Scale) -> dict[int, State | None]:
    """What each packed state of a scale says."""
    said: dict[int, State | None] = {0: None, OUT: (None, True, False), UNRATED: (None, False, True)}
    return said | {FIRST + place: (point, False, False) for place, point in enumerate(scale.values)}


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3 + 1


class _Counting:
    """Counts what was given, over the whole and over parts of it, and measures each."""

    def __init__(self, framework: Framework, cases: Sequence[_Case]) -> None:
        self.framework, self.cases = framework, cases
        self.scale = [criterion.scale.code for criterion in framework.criteria]
        self.place = {criterion.code: place for place, criterion in enumerate(framework.criteria)}

    def over(self, tally: Tally, *, one_pair: bool = False) -> Agreement:
        return agreement_over(tally, self.framework.scales, one_pair=one_pair)

    @cached_property
    def by_place(self) -> Mapping[int, Counter[Given]]:
        """What was given on each criterion, over all cases."""
        found: dict[int, Counter[Given]] = defaultdict(Counter)
        for case in self.cases:
            for place, given in case.given.items():
                found[place][given] += 1
        return found

    @property
    def whole(self) -> Tally:
        return self._at(self.by_place)

    def _at(self, places: Iterable[int]) -> Tally:
        tally: Tally = Counter()
        for place in places:
            for given, times in self.by_place[place].items():
                tally[self.scale[place], given] += times
        return tally

    def by_standard(self) -> tuple[AgreementRow, ...]:
        """Every branch that holds criteria of its own."""
        rows = []
        for node in self._branches():
            places = [place for each in node.criteria if (place := self.place[each.code]) in self.by_place]
            if places:
                cases = max(self.by_place[place].total() for place in places)
                rows.append(AgreementRow(f"{node.code} {node.title}", cases, self.over(self._at(places))))
        return tuple(rows)

    def _branches(self) -> Iterator[Node]:
        return (node for root in self.framework.roots for node in root.walk() if node.criteria)

    def by_pair(self) -> tuple[AgreementRow, ...]:
        """Every two who assessed a case together, those with the most cases first."""
        tallies: dict[tuple[int, int], Tally] = defaultdict(Counter)
        cases: Counter[tuple[int, int]] = Counter()
        names: dict[int, str] = {}
        for case in self.cases:
            names.update(case.assessors)
            for (first, one), (second, other) in combinations(enumerate(case.assessors), 2):
                pair = one[0], other[0]
                cases[pair] += 1
                tallies[pair].update(
                    (self.scale[place], (each[first], each[second])) for place, each in case.given.items()
                )
        return tuple(
            AgreementRow(f"{names[pair[0]]} and {names[pair[1]]}", times, self.over(tallies[pair], one_pair=True))
            for pair, times in cases.most_common(MOST_PAIRS)
        )

    @cached_property
    def _quarters(self) -> dict[tuple[int, int], tuple[int, Agreement]]:
        tallies: dict[tuple[int, int], Tally] = defaultdict(Counter)
        cases: Counter[tuple[int, int]] = Counter(case.quarter for case in self.cases)
        for case in self.cases:
            tallies[case.quarter].update((self.scale[place], each) for place, each in case.given.items())
        return {quarter: (cases[quarter], self.over(tallies[quarter])) for quarter in sorted(cases)}

    def by_quarter(self) -> tuple[AgreementRow, ...]:
        """By the quarter in which the last assessment of a case was handed in, the latest last."""
        return tuple(
            AgreementRow(f"{QUARTERS[number]} {year}", cases, agreement)
            for (year, number), (cases, agreement) in self._quarters.items()
        )

    def moments(self) -> tuple[Moment, ...]:
        """The share agreed in each quarter, at its first day."""
        return tuple(
            Moment(date(year, 3 * number - 2, 1), agreement.share.value, agreement.share_said)
            for (year, number), (_, agreement) in self._quarters.items()
            if agreement.share.value is not None
        )
