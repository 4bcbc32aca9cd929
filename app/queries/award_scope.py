"""What an award covers: services and sites, as they were assessed or as they were changed since."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.backends.postcodes import area_names
from app.domain.wording import joined
from app.extensions import db
from app.models import Award, Organisation, Site
from app.queries.lists import SERVICES, title

MOST_SITES = 200


@dataclass(frozen=True)
class Covered:
    """Codes of services, names of sites. No sites: the certificate names none."""

    services: tuple[str, ...]
    sites: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScopeChoices:
    """What can be chosen, as (value, words): all that the award covers and all that its holder has now."""

    covered: Covered
    services: tuple[tuple[str, str], ...]
    sites: tuple[tuple[str, str], ...]


def covered_by(award: Award) -> Covered:
    """What an award covers now: what was assessed, unless it was changed since."""
    if award.covers:
        return Covered(tuple(award.covers.get("services", ())), tuple(award.covers.get("sites", ())))
    return Covered(tuple(award.application.facts.get("services", award.organisation.services)))


def scope_in_words(organisation: Organisation, covered: Covered) -> list[str]:
    """Line by line: each service, the sites, then the councils' areas the provider works in."""
    lines = [title(SERVICES, code) for code in covered.services]
    if covered.sites:
        lines.append(f"At {joined(covered.sites)}")
    names = sorted(area_names().get(code, code) for code in organisation.areas)
    return [*lines, f"In {joined(names)}"] if names else lines


def scope_choices(award: Award) -> ScopeChoices:
    """What the scope of an award can be changed to. One statement."""
    covered = covered_by(award)
    services = dict.fromkeys((*covered.services, *award.organisation.services))
    open_sites = db.session.scalars(
        select(Site.name)
        .where(Site.organisation_id == award.organisation_id, Site.closed_at.is_(None))
        .order_by(Site.name)
        .limit(MOST_SITES)
    )
    sites = dict.fromkeys((*covered.sites, *open_sites))
    return ScopeChoices(
        covered,
        tuple((code, title(SERVICES, code)) for code in services),
        tuple((name, name) for name in sites),
    )
