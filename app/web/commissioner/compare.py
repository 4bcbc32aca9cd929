"""Up to six providers side by side. The address names them, so that it can be sent to others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.choosing import MOST_COMPARED, tidy_slugs
from app.edge.session import allow, now, today
from app.queries.chosen_providers import Provider, chosen_providers
from app.queries.naming import meant_by
from app.queries.side_by_side import side_by_side
from app.web.commissioner import bp

ONLY = "differences"


@dataclass(frozen=True)
class Asked:
    """What an address asks to compare: providers that are on the register, names that are not, how many were too many."""

    providers: tuple[Provider, ...]
    unknown: tuple[str, ...]
    left_out: int

    @property
    def slugs(self) -> list[str]:
        return [each.slug for each in self.providers]


def asked(most: int = MOST_COMPARED, *, given: Sequence[str] | None = None, with_scores: bool = False) -> Asked:
    """The providers that this request's address names with `p`, or else those `given`, in that order."""
    slugs, left_out = tidy_slugs((request.args.getlist("p") if given is None else given)[:500], most)
    providers = chosen_providers(slugs, today(), with_scores=with_scores)
    known = {each.slug for each in providers}
    return Asked(providers, tuple(slug for slug in slugs if slug not in known), left_out)


@bp.get("/compare")
@allow(Action.USE_PUBLIC_SITE)
def compare() -> ResponseReturnValue:
    compared = asked(with_scores=True)
    adding = request.args.get("add", "")[:200].strip()
    found = meant_by(adding, today()) if adding else ()
    if len(found) == 1 and len(compared.providers) < MOST_COMPARED:
        return redirect(compare_address([*compared.slugs, found[0].slug]))
    only = request.args.get("only") == ONLY
    lines = side_by_side(compared.providers) if compared.providers else ()
    return render_template(
        "commissioner/compare.html",
        compared=compared,
        lines=[line for line in lines if line.differs] if only and len(compared.providers) > 1 else lines,
        same=sum(not line.differs for line in lines),
        only=only,
        adding=adding,
        found=[each for each in found if each.slug not in compared.slugs],
        most=MOST_COMPARED,
        now=now(),
        address=compare_address,
        without=lambda slug: compare_address([each for each in compared.slugs if each != slug], only),
        file=lambda ending: url_for(".compare_file", ending=ending, p=compared.slugs),
    )


def compare_address(slugs: Sequence[str], only: bool = False) -> str:
    """The address of these side by side, of what differs `only`."""
    return url_for("commissioner.compare", p=slugs, only=ONLY if only else None)
