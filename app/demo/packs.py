"""Pre-qualification packs of two invented providers: one shared with two councils, one still being put together."""

from __future__ import annotations

from datetime import date

from app.demo.cast import Provider
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.access import NOBODY
from app.extensions import db
from app.models import PackPiece
from app.services import pack_pieces, pack_shares, packs
from app.services.pack_shares import Opener, Recipient
from app.services.packs import Description

SHARED, IN_HAND = "bay-memory", "kent-estuary"
MADE, SHARED_ON, OPENED, AGAIN = 24, 20, 18, 6  # days ago
POLICIES = {
    "safeguarding": "safeguarding",
    "safer-recruitment": "people",
    "health-and-safety": "risks",
    "public-liability": "insurance",
    "employers-liability": "insurance",
    "accounts": "accounts",
    "governing-document": "constitution",
}
COVER = {"public-liability": 5_000_000, "employers-liability": 10_000_000}


def packs_stories(stage: Stage, today: date) -> list[Story]:
    cast = stage.cast
    return [_shared(stage, cast.provider(SHARED), today), _in_hand(stage, cast.provider(IN_HAND), today)]


def _make(stage: Stage, provider: Provider, name: str, slots: dict[str, str]) -> tuple[int, int]:
    """A pack with these pieces in these slots. Returns the ids of its organisation and its own."""
    organisation_id, actor = stage.organisation_ids[provider.key], stage.actor(provider.people[0])
    pack_id = packs.make_pack(organisation_id, name, actor=actor, now=stage.now)
    kept = stage.items.get(provider.key, {})
    for slot, piece in slots.items():
        if piece in kept:
            pack_pieces.add_piece(organisation_id, pack_id, slot, kept[piece], actor=actor, now=stage.now)
    return organisation_id, pack_id


def _shared(stage: Stage, provider: Provider, today: date) -> Story:
    yield at(today - days(MADE), 10, 20)
    lead = stage.actor(provider.people[0])
    organisation_id, pack_id = _make(stage, provider, "Community support framework 2027", POLICIES)
    for piece in db.session.query(PackPiece).filter_by(pack_id=pack_id).all():
        if piece.slot in COVER:
            pack_pieces.change_piece(
                organisation_id, pack_id, piece.id, cover=COVER[piece.slot], label="", actor=lead, now=stage.now
            )
    note = "Our policy is being rewritten with our members. The board agrees it in January."
    pack_pieces.explain_slot(organisation_id, pack_id, "equality", note, actor=lead, now=stage.now)
    said = Description(
        "Community support framework 2027",
        "Everything that the selection questionnaire asks for. Call Ruth if something is not clear.",
        ("description", "numbers", "services", "contact", "facts"),
        True,
    )
    packs.describe_pack(organisation_id, pack_id, said, 1, actor=lead, now=stage.now)
    yield at(today - days(SHARED_ON), 11, 5)
    codes = [
        pack_shares.share_pack(
            organisation_id, pack_id, Recipient(who, "", opens, until), actor=lead, now=stage.now, today=stage.today
        )
        for who, opens, until in (
            ("Bay Council, procurement", "files", today + days(9)),
            ("Lakeside Primary Care Network", "page", today + days(60)),
        )
    ]
    for ago, did in ((OPENED, ("zip", "7 files")), (AGAIN, ("file", "Schedule of insurance, version 1"))):
        yield at(today - days(ago), 14, 40)
        opener = Opener("Joanna Fairclough", "Bay Council")
        when = {"actor": NOBODY, "now": stage.now, "today": stage.today}
        opening_id = pack_shares.open_pack(codes[0], opener, **when)
        pack_shares.note_taken(codes[0], pack_shares.Did(did[0]), did[1], opening_id, **when)


def _in_hand(stage: Stage, provider: Provider, today: date) -> Story:
    yield at(today - days(SHARED_ON), 15, 10)
    _make(stage, provider, "Day opportunities, south of the county", {"safeguarding": "safeguarding"})
