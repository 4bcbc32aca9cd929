"""What a provider does with its sites: add, change, close, open again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import Conflict, Invalid
from app.domain.parts import SiteKind
from app.models import Organisation, Site
from app.queries.parts import MOST_SITES
from app.services.parts import put_all_together
from app.services.transactions import locked, record, transaction

LONGEST_NAME, LONGEST_ABOUT = 200, 400


@dataclass(frozen=True)
class SiteFacts:
    """What is said of a site: a place or a service, its name, and its address or what it does."""

    name: str
    kind: SiteKind | None
    about: str = ""


def add_site(organisation_id: int, facts: SiteFacts, *, actor: Actor, now: datetime) -> int:
    """Add a site, which answers for itself from now on where a framework says so. Returns its id.

    Raises NotFound, NotAllowed, Invalid on `name`, `kind` or `about`.
    """
    require(actor, Action.MANAGE_SITES, Subject(organisation_id=organisation_id))
    with transaction() as session:
        locked(session, Organisation, organisation_id)
        _check(session, organisation_id, facts)
        site = Site(organisation_id=organisation_id, created_at=now, version=1)
        _fill(site, facts)
        session.add(site)
        session.flush()
        record(session, actor, "site.added", site, now, organisation_id=organisation_id, name=site.name)
        put_all_together(session, organisation_id, actor, now)
        return site.id


def change_site(site_id: int, facts: SiteFacts, version: int, *, actor: Actor, now: datetime) -> None:
    """Change what is said of a site. Raises NotFound, NotAllowed, Invalid, Conflict where a colleague was quicker."""
    with transaction() as session:
        site = _own(session, site_id, actor)
        if site.version != version:
            raise Conflict("A colleague changed this site meanwhile. Look at it as it stands now.")
        _check(session, site.organisation_id, facts, site.id)
        before = site.name
        _fill(site, facts)
        site.version += 1
        session.flush()
        record(
            session,
            actor,
            "site.changed",
            site,
            now,
            organisation_id=site.organisation_id,
            before=before,
            name=site.name,
        )
        if before != site.name:
            put_all_together(session, site.organisation_id, actor, now)


def close_site(site_id: int, closed: bool, *, actor: Actor, now: datetime) -> None:
    """Close a site, so that it is no longer asked, or open it again with what it answered. Raises NotFound, NotAllowed."""
    with transaction() as session:
        site = _own(session, site_id, actor)
        if (site.closed_at is not None) == closed:
            return
        if not closed:
            _check(session, site.organisation_id, SiteFacts(site.name, site.kind, site.about), site.id)
        site.closed_at = now if closed else None
        site.version += 1
        session.flush()
        action = "site.closed" if closed else "site.opened"
        record(session, actor, action, site, now, organisation_id=site.organisation_id, name=site.name)
        put_all_together(session, site.organisation_id, actor, now)


def _own(session: Session, site_id: int, actor: Actor) -> Site:
    site = locked(session, Site, site_id)
    require(actor, Action.MANAGE_SITES, Subject(organisation_id=site.organisation_id))
    return site


def _fill(site: Site, facts: SiteFacts) -> None:
    site.name, site.about = " ".join(facts.name.split()), facts.about.strip()
    site.kind = facts.kind or SiteKind.PLACE


def _check(session: Session, organisation_id: int, facts: SiteFacts, own_id: int = 0) -> None:
    errors = {}
    name = " ".join(facts.name.split())
    if not name:
        errors["name"] = "Give the site a name by which your colleagues know it."
    elif len(name) > LONGEST_NAME:
        errors["name"] = f"The name may have at most {LONGEST_NAME} characters."
    if facts.kind is None:
        errors["kind"] = "Choose whether it is a place or a service."
    if len(facts.about) > LONGEST_ABOUT:
        errors["about"] = f"This may have at most {LONGEST_ABOUT} characters."
    standing = select(Site).where(Site.organisation_id == organisation_id, Site.closed_at.is_(None), Site.id != own_id)
    if session.scalars(standing.where(func.lower(Site.name) == name.lower()).limit(1)).first():
        errors["name"] = f"There is a site called {name} already. Give this one another name."
    if (session.scalar(select(func.count()).select_from(standing.subquery())) or 0) >= MOST_SITES:
        errors["name"] = f"{MOST_SITES} sites are open. Close one that is no longer run."
    if errors:
        raise Invalid(errors)
