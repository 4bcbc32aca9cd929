"""Answers that are given in parts: by each site of an organisation, or by each member of a consortium."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.clauses import AnsweredBy, MetBy
from app.domain.framework import Criterion, Framework
from app.domain.members import combine, rule_for, site_rule_for
from app.domain.self_assessment import NO_CLAIM, Claim, Progress

SITE = "site"
MEMBER = "member"
SITES_ANSWER_NOW = "Each site answers this for itself now. What was written here before is kept in its history."
MEMBERS_ANSWER_NOW = (
    "Each member of the consortium answers this for itself now. What was written here before is kept in its history."
)
ANSWERED_ONCE_NOW = "This is answered once now. Look whether the words of the parts still say it."


class SiteKind(StrEnum):
    """What answers for itself: a place, or a service that is run on its own."""

    PLACE = "place"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives one part, by id and name. `kind` is site or member; `leads` marks the lead member of a consortium."""

    kind: str
    giver_id: int
    name: str
    leads: bool = False

    @property
    def key(self) -> tuple[str, int]:
        return self.kind, self.giver_id


@dataclass(frozen=True, slots=True)
class Part:
    """What one of them says."""

    giver: Giver
    claim: Claim = NO_CLAIM


@dataclass(frozen=True, slots=True)
class Givers:
    """Who there is to answer in parts: open sites, and members where the organisation is a consortium."""

    sites: tuple[Giver, ...] = ()
    members: tuple[Giver, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sites or self.members)


NO_GIVERS = Givers()


def givers_of(framework: Framework, criterion: Criterion, givers: Givers) -> tuple[tuple[Giver, ...], MetBy] | None:
    """Who answers a criterion in parts, and whose part counts; None where it is answered once.

    A consortium answers by its members. Of these the lead alone is asked where the lead's part counts. Sites answer where
    the criterion says so.
    """
    if givers.members:
        rule = rule_for(framework, criterion)
        asked = tuple(each for each in givers.members if each.leads) if rule is MetBy.LEAD else givers.members
        return (asked, rule) if asked else None
    if criterion.answered_by is AnsweredBy.EACH_SITE and givers.sites:
        return givers.sites, site_rule_for(framework, criterion) or MetBy.EACH
    return None


def put_together(parts: Sequence[Part], rule: MetBy, criterion: Criterion) -> Claim:
    """The one claim that the parts come to. Its reason names each part with its own words.

    By each, it is finished only once every part is; by any, as soon as one is. A part that does not apply is left aside;
    where none applies, the criterion does not. The point is that of app.domain.members.combine.
    """
    done = [part for part in parts if part.claim.progress is Progress.DONE]
    reason = _reasons(parts, criterion)
    waiting = len(done) < len(parts) and (rule is not MetBy.ANY or not any(_has_point(part) for part in done))
    if waiting or not done:
        return Claim(reason=reason)
    points = {str(part.giver.key): part.claim.point for part in done if _has_point(part)}
    if not points:
        return Claim(not_applicable=True, reason=reason)
    counts = MetBy.ANY if rule is MetBy.ANY else MetBy.EACH  # the lead's part stands alone by now
    return Claim(combine(points, counts, criterion.scale).point, reason=reason)


def _has_point(part: Part) -> bool:
    return part.claim.point is not None


def _reasons(parts: Sequence[Part], criterion: Criterion) -> str:
    said = [f"{part.giver.name}: {_said(part.claim, criterion)}" for part in parts if part.claim != NO_CLAIM]
    return "\n\n".join(said)


def _said(claim: Claim, criterion: Criterion) -> str:
    if claim.not_applicable:
        head = "Not applicable."
    elif claim.point is None:
        head = ""
    else:
        head = f"{criterion.scale.shown(claim.point)}."
    return f"{head} {claim.reason}".strip()
