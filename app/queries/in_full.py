"""Everything that is asked of an organisation on one page, to read and to print: before it starts, and with its answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from app.domain.access import Actor
from app.domain.applicability import Asked
from app.domain.errors import NotFound
from app.domain.framework import Criterion, Framework, Level
from app.domain.lifecycle import EDITABLE, ApplicationStatus
from app.domain.self_assessment import Claim
from app.extensions import db
from app.models import FrameworkEdition
from app.queries.frameworks import asked_under, framework_of
from app.queries.long_lists import open_branches
from app.queries.organisations import facts_of, own_organisation
from app.queries.outcomes import required_words
from app.queries.self_assessments import AttachedRow, SelfAssessment, own_application, self_assessment_of


@dataclass(frozen=True)
class FullRow:
    """One criterion with what is asked, and what was answered where there is an application. `level` is in words.

    `passport` names the certificate of another body that answers it instead.
    """

    asked: Asked
    required: tuple[tuple[str, str], ...]
    claim: Claim | None = None
    level: str = ""
    evidence: tuple[AttachedRow, ...] = ()
    passport: str = ""

    @property
    def criterion(self) -> Criterion:
        return self.asked.criterion


@dataclass(frozen=True)
class Section:
    """One node that holds criteria directly. `area` is the title of the top branch that begins with it, else nothing."""

    code: str
    title: str
    area: str
    rows: tuple[FullRow, ...]


@dataclass(frozen=True)
class PartLink:
    """One top branch of a framework that is too long for one page. `shown` is the one that the page shows."""

    code: str
    title: str
    count: int
    shown: bool


@dataclass(frozen=True)
class InFull:
    """What is asked, whole or one area of it. `parts` is empty where it all stands on the page.

    `application_id` is None before anything is started; `status` then too.
    """

    organisation_id: int
    organisation: str
    edition_id: int
    framework: Framework
    level: Level | None
    levels: tuple[Level, ...]
    sections: tuple[Section, ...]
    parts: tuple[PartLink, ...]
    total: int
    application_id: int | None = None
    status: ApplicationStatus | None = None
    done: int = 0
    declared_by: str = ""

    @property
    def editable(self) -> bool:
        return self.status in EDITABLE


def framework_in_full(
    organisation_id: int, edition_id: int, level: str | None, part: str | None, actor: Actor
) -> InFull:
    """All that an edition asks of an organisation at a level, the lowest where none is named. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor)
    edition = db.session.get(FrameworkEdition, edition_id)
    if edition is None:
        raise NotFound("There is no such framework.")
    framework = framework_of(edition)
    known = {each.code: each for each in framework.levels}
    chosen = known.get(level or "", framework.levels[0])
    applying = [each for each in asked_under(framework, facts_of(organisation), chosen.code) if each.applies]
    rows = [FullRow(each, required_words(framework, each.criterion)) for each in applying]
    return _page(
        InFull(organisation.id, organisation.name, edition.id, framework, chosen, framework.levels, (), (), len(rows)),
        rows,
        part,
    )


def application_in_full(application_id: int, part: str | None, actor: Actor, today: date) -> InFull:
    """A whole self-assessment with its answers and evidence, as it stands. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor)
    work = self_assessment_of(db.session(), application, today=today, pieces=True)
    framework = work.framework
    page = InFull(
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        edition_id=application.edition_id,
        framework=framework,
        level=framework.level(application.target) if application.target else None,
        levels=framework.levels,
        sections=(),
        parts=(),
        total=work.total,
        application_id=application.id,
        status=application.status,
        done=work.done,
        declared_by=application.declared_by,
    )
    return _page(page, [_row(work, each) for each in work.applying], part)


def _row(work: SelfAssessment, asked: Asked) -> FullRow:
    criterion = asked.criterion
    claim, certified = work.claim_or_passport(criterion), criterion.code in work.passports.answered
    return FullRow(
        asked=asked,
        required=required_words(work.framework, criterion),
        claim=claim,
        level="By certificate" if certified else level_words(criterion, claim),
        evidence=work.evidence.get(criterion.code, ()),
        passport=str(work.passports.answered[criterion.code].score.by)
        if criterion.code in work.passports.answered
        else "",
    )


def level_words(criterion: Criterion, claim: Claim) -> str:
    """The level of a claim as it is shown; nothing where none was chosen."""
    if claim.not_applicable:
        return "Not applicable"
    known = claim.point is not None and claim.point in criterion.scale.values
    return criterion.scale.shown(claim.point) if known and claim.point is not None else ""


def _page(page: InFull, rows: Sequence[FullRow], part: str | None) -> InFull:
    """The page with its sections: of all rows where they are few, else of the top branch that is wanted."""
    framework = page.framework
    codes = [row.criterion.code for row in rows]
    shown = open_branches(framework, codes, part, None)
    of_root = {code: framework.node_of(code)[0].code for code in codes}
    links = tuple(
        PartLink(root.code, str(root.title), count, root.code in shown)
        for root in framework.roots
        if (count := sum(of_root[code] == root.code for code in codes))
    )
    here = [row for row in rows if of_root[row.criterion.code] in shown]
    return replace(page, sections=tuple(_sections(framework, here)), parts=links if len(shown) < len(links) else ())


def _sections(framework: Framework, rows: Sequence[FullRow]) -> list[Section]:
    found: list[Section] = []
    last = ""
    for node, group in groupby(rows, key=lambda row: framework.node_of(row.criterion.code)[-1]):
        members = tuple(group)
        root = framework.node_of(members[0].criterion.code)[0]
        found.append(Section(node.code, str(node.title), str(root.title) if root.code != last else "", members))
        last = root.code
    return found
