"""A team of commissioners with a list: what belongs to one side of `everything`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from app.domain.choosing import Verdict
from app.models import RegisterEntry, Shortlist, ShortlistItem, ShortlistShare, Team, TeamInvitation, TeamMember, User
from tests import factories as make
from tests.conftest import NOON


@dataclass(frozen=True)
class Choosing:
    """The ids of what a team keeps."""

    team_id: int
    list_id: int
    item_id: int
    share_id: int
    offer_id: int


def choosing(people: Iterable[User], entry: RegisterEntry) -> Choosing:
    """A team of `people` that keeps a list with `entry` on it, has shared it, and has invited somebody."""
    members = list(people)
    team = Team(name=f"Team of {members[0].name}", created_at=NOON, created_by_id=members[0].id)
    team.members = [TeamMember(user_id=person.id, joined_at=NOON) for person in members]
    make.save(team)
    kept = a_list(team_id=team.id, by=members[0], entries=[entry])
    secret = sha256(f"share of {kept.id}".encode()).hexdigest()
    share = make.save(ShortlistShare(shortlist_id=kept.id, token_hash=secret, made_at=NOON, made_by_id=members[0].id))
    offer = make.save(
        TeamInvitation(
            team_id=team.id,
            email="newcomer@example.org",
            token_hash=sha256(f"offer of {team.id}".encode()).hexdigest(),
            invited_at=NOON,
            invited_by_id=members[0].id,
            expires_at=NOON + timedelta(days=14),
        )
    )
    return Choosing(team.id, kept.id, kept.items[0].id, share.id, offer.id)


def a_list(by: User, entries: Iterable[RegisterEntry] = (), team_id: int | None = None, **values) -> Shortlist:
    """A list of `by`, or of a team."""
    owner = {"team_id": team_id} if team_id else {"owner_id": by.id}
    kept = Shortlist(
        **{"name": "Befriending", **values}, created_at=NOON, created_by_id=by.id, updated_at=NOON, **owner
    )
    kept.items = [
        ShortlistItem(
            entry_id=entry.id,
            position=place,
            note=f"Note on {entry.name}",
            verdict=Verdict.OPEN,
            status_then=entry.status,
            added_at=NOON,
            added_by_id=by.id,
        )
        for place, entry in enumerate(entries, 1)
    ]
    return make.save(kept)
