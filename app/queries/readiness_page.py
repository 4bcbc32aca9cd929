"""How ready an application is, as its provider sees it: the picture, what is missing, the way up, what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, may
from app.domain.charts import Axis, Moment
from app.domain.lifecycle import EDITABLE, ApplicationStatus
from app.domain.readiness import Progressed, Readiness, Standing, readiness
from app.domain.self_assessment import Gap
from app.domain.snapshots import Change, Snapshot, change, compared_with, from_data, snapshot_of
from app.domain.way_up import WayUp, sentences_beside, way_up
from app.extensions import db
from app.models import Application, FrameworkEdition, ReadinessSnapshot
from app.queries.frameworks import scheme_details
from app.queries.gates import stopped_by_gates
from app.queries.organisations import profile_gaps
from app.queries.plan import ActionRow, planned_for
from app.queries.self_assessments import (
    SelfAssessment,
    own_application,
    own_subject,
    profile_facts_of,
    self_assessment_of,
)

MOST_SNAPSHOTS = 80
MOST_PLANNED = 24
SINCE = {
    "last": "Since {on}",
    "month": "Since {on}, a month ago or more",
    "earlier": "Since the last application, on {on}",
}


@dataclass(frozen=True)
class ReadinessPage:
    """One application's readiness. `scheme` is who awards, `colour` the scheme's. `headings` are of the criteria with gaps.

    `stopped` are the gates in the way. `up` are the steps to the next level, None where every level is reached; `lift` is
    what the framework's explanation says beside them. `planned` is what is still to do for it, or for the organisation as a
    whole, the first of it. `changes` are what changed since earlier days, each with its words; `past` is how it stood on
    each day that was kept, and today.
    """

    application_id: int
    organisation_id: int
    organisation: str
    scheme: str
    colour: str
    framework: str
    framework_code: str
    edition: str
    status: ApplicationStatus
    editable: bool
    may_submit: bool
    readiness: Readiness
    opened: str
    lift: tuple[str, ...]
    beside: tuple[str, ...]
    up: WayUp | None
    gaps: tuple[Gap, ...]
    headings: Mapping[str, str]
    profile_missing: tuple[str, ...]
    stopped: tuple[str, ...]
    changes: tuple[tuple[str, date, Change], ...]
    past: tuple[Snapshot, ...]
    planned: tuple[ActionRow, ...]
    more_planned: int
    may_plan: bool
    today: date

    @property
    def blocking(self) -> tuple[Gap, ...]:
        return tuple(gap for gap in self.gaps if gap.blocks)

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way of submitting."""
        return not self.blocking and not self.profile_missing and not self.stopped

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The branches at the top, for a chart."""
        return tuple(_axis(each) for each in self.readiness.top)

    @property
    def moments(self) -> tuple[Moment, ...]:
        return tuple(Moment(each.on, each.value, each.said) for each in self.past)


def _axis(standing: Standing) -> Axis:
    return Axis(standing.name, standing.value, standing.figured, standing.aim)


def readiness_page(application_id: int, actor: Actor, today: date, opened: str = "") -> ReadinessPage:
    """Readiness of one application; the branches below `opened` too. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor)
    session = db.session()
    work = self_assessment_of(session, application, today=today)
    found = readiness_of(work, opened)
    here = snapshot_of(found, today, submitted=False)
    kept = _kept(session, application)
    own = tuple(each for at, each in kept if at == application.id)
    editable, scheme = application.status in EDITABLE, scheme_details(application.edition.scheme)
    up = way_up(work.outcome)
    planned, more_planned = _planned(application, actor, today)
    return ReadinessPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        scheme=scheme.awarding_body,
        colour=scheme.brand["colour"],
        framework=str(work.framework.title),
        framework_code=application.edition.code,
        edition=work.framework.edition,
        status=application.status,
        editable=editable,
        may_submit=editable and may(actor, Action.SUBMIT, own_subject(application)),
        readiness=found,
        opened=opened,
        lift=sentences_beside(up, work.outcome.least_lift) if work.done else (),
        beside=work.outcome.beside if work.done else (),
        up=up,
        gaps=work.gaps if editable else (),
        headings={gap.code: str(work.framework.criterion(gap.code).heading) for gap in work.gaps},
        profile_missing=profile_gaps(application.organisation, profile_facts_of(application)) if editable else (),
        stopped=stopped_by_gates(work) if editable else (),
        changes=_changes(here, own, tuple(each for at, each in kept if at != application.id), today),
        past=(*(each for each in own if each.on < today), here),
        planned=planned,
        more_planned=more_planned,
        may_plan=may(actor, Action.EDIT_PLAN, own_subject(application)),
        today=today,
    )


def _planned(application: Application, actor: Actor, today: date) -> tuple[tuple[ActionRow, ...], int]:
    """What is planned, and how much more there is: nothing for those whom the plan is closed to."""
    if not may(actor, Action.SEE_PLAN, own_subject(application)):
        return (), 0
    return planned_for(db.session(), application.organisation_id, application.id, today, MOST_PLANNED)


def readiness_of(work: SelfAssessment, opened: str = "") -> Readiness:
    """The readiness of a self-assessment. No statement."""
    finished = frozenset(code for code in work.asked_codes if work.finished(code))
    return readiness(work.outcome, work.target, Progressed(finished, work.gaps), opened or None)


def _kept(session: Session, application: Application) -> list[tuple[int, Snapshot]]:
    """(application's id, snapshot): this application's last ones, and those with which earlier ones were handed in.

    In the order of days. One statement.
    """
    rows = session.execute(
        select(
            ReadinessSnapshot.application_id,
            ReadinessSnapshot.taken_on,
            ReadinessSnapshot.figures,
            ReadinessSnapshot.submitted,
        )
        .join(Application, Application.id == ReadinessSnapshot.application_id)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .where(
            Application.organisation_id == application.organisation_id,
            FrameworkEdition.code == application.edition.code,
            or_(Application.id == application.id, ReadinessSnapshot.submitted),
        )
        .order_by(ReadinessSnapshot.taken_on.desc(), ReadinessSnapshot.id.desc())
        .limit(MOST_SNAPSHOTS)
    ).all()
    return [(at, from_data(on, figures, submitted=submitted)) for at, on, figures, submitted in reversed(rows)]


def _changes(
    here: Snapshot, own: tuple[Snapshot, ...], elsewhere: tuple[Snapshot, ...], today: date
) -> tuple[tuple[str, date, Change], ...]:
    """What changed, each with its words and its day: since the last time, a month, and the application before."""
    against = compared_with(own, today)
    if elsewhere:
        against["earlier"] = elsewhere[-1]
    return tuple((SINCE[why], then.on, change(then, here)) for why, then in against.items())
