"""Two people's versions of one answer, side by side, with a text that brings both together."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.merging import How, in_common, merged, merged_choice
from app.domain.self_assessment import Claim
from app.frameworks.diff.marks import Piece, marked
from app.queries.answers import Written


@dataclass(frozen=True)
class Clash:
    """What somebody wants to save, what a colleague saved meanwhile, and a claim prepared out of both.

    The pieces mark what each changed in the text that both began with. `how` says how far apart their changes were, and
    `levels_differ` that the level prepared is one that somebody must look at.
    """

    mine: Claim
    theirs: Written
    mine_pieces: tuple[Piece, ...]
    theirs_pieces: tuple[Piece, ...]
    together: Claim
    how: How
    levels_differ: bool


def clash_of(mine: Claim, was: Claim | None, theirs: Written) -> Clash:
    """The two versions. `was` is what `mine` was made out of; None where nobody knows."""
    before = was.reason if was else in_common(mine.reason, theirs.claim.reason)
    text = merged(before, mine.reason, theirs.claim.reason)
    mine_level, theirs_level = ((each.point, each.not_applicable) for each in (mine, theirs.claim))
    point, not_applicable = merged_choice(
        (was.point, was.not_applicable) if was else (None, False), mine_level, theirs_level
    )
    return Clash(
        mine=mine,
        theirs=theirs,
        mine_pieces=marked(before, mine.reason),
        theirs_pieces=marked(before, theirs.claim.reason),
        together=Claim(point, not_applicable, text.text.strip()),
        how=text.how,
        levels_differ=mine_level != theirs_level,
    )
