"""How far the assessors of a case agree, before anything was settled: on each area and on the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.agreement_table import Agreement, Given, agreement_over
from app.domain.framework import Framework
from app.domain.reconciling import Settling, state_of
from app.models import Application, Dissent, ScoreSettlement, User
from app.queries.frameworks import framework_of
from app.queries.outcomes import Counted, Scores, lead_of

SETTLING_WORDS: Mapping[Settling, str] = {
    Settling.LEAD: "The lead assessor settles what differs.",
    Settling.MEETING: "The assessors meet over what differs, and the lead assessor settles it.",
    Settling.PANEL: "The panel sees every score, and what counts is the lowest outcome.",
}


@dataclass(frozen=True)
class CaseAgreement:
    """The agreement of a case's assessors. `floor` is the framework's, None where it has none.

    `areas` are (title, agreement) of the top branches; `settling` says who settles what differs, "" where nothing does.
    """

    assessors: tuple[str, ...]
    lead: str
    whole: Agreement
    areas: tuple[tuple[str, Agreement], ...]
    floor: Fraction | None
    settling: str
    open: tuple[str, ...]
    settlement: ScoreSettlement | None

    @property
    def below_floor(self) -> bool:
        share = self.whole.share.value
        return self.floor is not None and share is not None and share < self.floor


def case_agreement(session: Session, application: Application, counts: Counted | None) -> CaseAgreement | None:
    """The agreement of a case whose scores that count are known; None where fewer than two assessments do. One statement."""
    if counts is None or len(counts.assessments) < 2:
        return None
    framework = framework_of(application.edition)
    settlement = session.scalars(
        select(ScoreSettlement).where(
            ScoreSettlement.application_id == application.id, ScoreSettlement.standing.is_(True)
        )
    ).first()
    answered = {code for code, used in counts.used.items() if used.stands}
    given = given_in(framework, list(counts.sheets.values()), answered)
    pair = len(counts.assessments) == 2
    return CaseAgreement(
        assessors=tuple(each.assessor.name for each in counts.assessments),
        lead=lead_of(counts.assessments).assessor.name,
        whole=agreement_over(Counter(given.values()), framework.scales, one_pair=pair),
        areas=tuple(
            (f"{root.code} {root.title}", agreement_over(Counter(here), framework.scales, one_pair=pair))
            for root in framework.roots
            if (here := [given[each.code] for each in root.all_criteria if each.code in given])
        ),
        floor=framework.assessment.agreement_floor,
        settling=SETTLING_WORDS[settlement.settling] if settlement else "",
        open=counts.open,
        settlement=settlement,
    )


def dissents_of(session: Session, counts: Counted | None) -> dict[str, tuple[tuple[str, str], ...]]:
    """(assessor, words) by criterion, of those who see an agreed score otherwise. One statement where something was agreed."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    settlements = {each.settlement_id for each in counts.agreed.values()} if counts else set()
    if not settlements:
        return found
    rows = session.execute(
        select(Dissent.criterion_code, User.name, Dissent.words)
        .join(User, User.id == Dissent.assessor_id)
        .where(Dissent.settlement_id.in_(settlements))
        .order_by(Dissent.id)
    )
    for code, name, words in rows:
        found[code] = (*found.get(code, ()), (name, words))
    return found


def given_in(framework: Framework, sheets: Sequence[Scores], answered: set[str]) -> dict[str, tuple[str, Given]]:
    """(scale, what each assessor gave) on every criterion that any of them scored and no passport answers."""
    scored = {code for sheet in sheets for code in sheet} - answered
    return {
        each.code: (
            each.scale.code,
            tuple(state_of(sheet[each.code]) if each.code in sheet else None for sheet in sheets),
        )
        for each in framework.criteria
        if each.code in scored
    }
