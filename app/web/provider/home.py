"""Where a provider's people begin: next things to do, or the first step of a newcomer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow, me, person, today
from app.queries.provider_home import ApplicationRow, HomePage, home_page, my_organisations
from app.web.jinja import day, plural
from app.web.provider import bp
from app.web.provider.words import STATUS_COLOURS, STATUS_WORDS


@dataclass(frozen=True)
class Thing:
    """One thing to do next, where, and in words by when or how far it is."""

    what: str
    url: str
    when: str = ""


@bp.get("/provider")
@allow(Action.USE_ACCOUNT)
def home() -> ResponseReturnValue:
    rows = my_organisations(me())
    if len(rows) == 1:
        return redirect(url_for(".organisation", organisation_id=rows[0].organisation_id))
    known = person()
    return render_template("provider/home.html", rows=rows, confirmed=bool(known and known.confirmed))


@bp.get("/organisations/<int:organisation_id>")
@allow(Action.SEE_ORGANISATION)
def organisation(organisation_id: int) -> ResponseReturnValue:
    page = home_page(organisation_id, me(), today())
    return render_template(
        "provider/organisation.html",
        page=page,
        things=next_things(page, today()),
        status_words=STATUS_WORDS,
        status_colours=STATUS_COLOURS,
    )


def next_things(page: HomePage, on: date) -> list[Thing]:
    """What to do next, the most pressing first."""
    things = [thing for row in page.applications for thing in _of_application(row, on)]
    things += [
        Thing(
            f"Meet the conditions of {award.scheme} {award.level_title}",
            url_for(".application", application_id=award.application_id),
            f"by {day(award.conditions_due_on)}",
        )
        for award in page.awards
        if award.current and award.conditions_due_on
    ]
    if page.profile_missing:
        when = f"{plural(len(page.profile_missing), 'thing')} still needed"
        things.append(Thing("Finish the profile", url_for(".profile", organisation_id=page.organisation_id), when))
    things += [
        Thing(
            f"Bring a newer version of “{row.title}”",
            url_for(".evidence_item", organisation_id=page.organisation_id, item_id=row.item_id),
            f"{'ran' if row.expired else 'runs'} out on {day(row.expires_on)}",
        )
        for row in page.expiring
    ]
    return things


def _of_application(row: ApplicationRow, on: date) -> list[Thing]:
    things = []
    if row.waiting:
        late = row.due_on is not None and row.due_on < on
        when = f"{'was due' if late else 'due'} on {day(row.due_on)}" if row.due_on else ""
        words = f"Reply to {plural(row.waiting, 'question')} from the assessor of {row.framework}"
        things.append(Thing(words, url_for(".questions", application_id=row.application_id), when))
    if row.editable and not row.carried_over:
        here = url_for(".application", application_id=row.application_id)
        if row.done < row.total:
            words, when = f"Answer the criteria of {row.framework}", f"{row.done} of {row.total} answered"
        else:
            words, when = f"Check and submit {row.framework}", "every criterion is answered"
        things.append(Thing(words, here, when))
    return things
