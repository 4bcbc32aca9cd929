"""What the regular work will do to a scheme's awards on a day: read from the plan that the work itself carries out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain.access import Action, Actor
from app.domain.award_plan import Change, ChangeKind, plan
from app.extensions import db
from app.models import Award
from app.queries.award_facts import batch_after, facts_of
from app.queries.schemes import SchemeRow, office_scheme

BATCH = 200
MOST_SHOWN = 500
GRAVE = (ChangeKind.WITHDRAW, ChangeKind.SUSPEND, ChangeKind.WARN)


@dataclass(frozen=True)
class Tonight:
    """One change to one award."""

    award_id: int
    number: str
    holder: str
    scheme_code: str
    kind: ChangeKind
    on: date
    because: str

    @property
    def words(self) -> str:
        """One line, as the command prints it."""
        return f"{self.kind.value}: {self.holder}, {self.number}. {self.because}"


@dataclass(frozen=True)
class TonightPage:
    """The changes of a day by kind, gravest first: (kind, how many, those shown). At most 500 are shown in all."""

    scheme: SchemeRow
    day: date
    groups: tuple[tuple[ChangeKind, int, tuple[Tonight, ...]], ...]
    count: int


def tonight(session: Session, scheme_id: int | None, today: date) -> list[Tonight]:
    """Everything that the work would do to the awards of a scheme, or of all, on a day, as they stand now. Writes nothing."""
    found: list[Tonight] = []
    after = 0
    while True:
        awards = batch_after(session, today, after, BATCH, scheme_id)
        facts = facts_of(session, awards)
        found += [_told(award, change) for award in awards for change in plan(facts[award.id], today)]
        if len(awards) < BATCH:
            return sorted(found, key=lambda each: (list(ChangeKind).index(each.kind), each.holder, each.number))
        after = awards[-1].id


def tonight_page(code: str, day: date, actor: Actor) -> TonightPage:
    """What would be done on a day. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_PIPELINE)
    every = tonight(db.session(), scheme.scheme_id, day)
    shown = every[:MOST_SHOWN]
    return TonightPage(scheme, day, tuple(_groups(every, shown)), len(every))


def _groups(every: Sequence[Tonight], shown: Sequence[Tonight]) -> list[tuple[ChangeKind, int, tuple[Tonight, ...]]]:
    counts = [(kind, sum(each.kind is kind for each in every)) for kind in ChangeKind]
    return [(kind, count, tuple(each for each in shown if each.kind is kind)) for kind, count in counts if count]


def _told(award: Award, change: Change) -> Tonight:
    return Tonight(
        award_id=award.id,
        number=award.number,
        holder=award.holder_name,
        scheme_code=award.scheme.code,
        kind=change.kind,
        on=change.on,
        because=change.because,
    )
