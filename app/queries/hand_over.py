"""The page on which several criteria are handed to a colleague at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from app.domain.access import Action, Actor
from app.domain.errors import Conflict
from app.domain.lifecycle import EDITABLE
from app.extensions import db
from app.queries.comments import comment_counts
from app.queries.handed_over import colleagues_of, holdings
from app.queries.self_assessments import own_application, self_assessment_of
from app.queries.task_list import TaskList, Together, task_list


@dataclass(frozen=True)
class Area:
    """One top branch with all its criteria that are asked."""

    code: str
    title: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class HandOverPage:
    """What can be handed over and to whom. The list shows one area at a time where it is long; `areas` are all."""

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    tasks: TaskList
    areas: tuple[Area, ...]
    colleagues: tuple[tuple[int, str], ...]

    def codes_of(self, ticked: Collection[str], areas: Collection[str]) -> tuple[str, ...]:
        """The criteria that are meant: those ticked, and all of the areas ticked, in reading order."""
        return tuple(code for area in self.areas for code in area.codes if code in ticked or area.code in areas)


def hand_over_page(application_id: int, actor: Actor, today: date, part: str | None, show: str) -> HandOverPage:
    """Raises NotFound, NotAllowed, and Conflict once the application can no longer be changed."""
    application = own_application(application_id, actor, Action.ANSWER)
    if application.status not in EDITABLE:
        raise Conflict("This application has been handed in, so there is nothing to hand over now.")
    session = db.session()
    work = self_assessment_of(session, application, today=today)
    together = Together(holdings(session, application.id, work), comment_counts(session, application.id), actor.user_id)
    edition = application.edition
    return HandOverPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{edition.title} {edition.edition}",
        tasks=task_list(work, together, show, part, None, editable=True),
        areas=tuple(
            Area(root.code, str(root.title), codes)
            for root in work.framework.roots
            if (codes := tuple(each.code for each in root.all_criteria if each.code in work.asked_codes))
        ),
        colleagues=colleagues_of(session, application.organisation_id),
    )
