"""A pack as whoever has a code for it finds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hmac import compare_digest

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import DomainError, NotFound
from app.domain.pack import Opens, code_hash, read_code
from app.extensions import db
from app.models import Pack, PackShare
from app.queries.pack_contents import Contents, contents_of


class UnknownCode(NotFound):
    """No pack was ever shared by this code."""


class CodeEnded(DomainError):
    """The code was good once. The sentence names nobody: whoever holds an old code learns nothing from it."""


UNKNOWN = "We do not know this code. Check each character against the message that you were sent."
ENDED = "This code no longer opens anything. Ask the organisation that gave it to you for a new one."


@dataclass(frozen=True)
class Gate:
    """What stands before an opened pack: whose it is, until when the code is good, and whether a name is asked."""

    share_id: int
    organisation: str
    asks_name: bool
    opens: Opens
    ends_on: date


@dataclass(frozen=True)
class SharedPack:
    """A pack as it stands today, behind a code."""

    gate: Gate
    contents: Contents

    @property
    def with_files(self) -> bool:
        return self.gate.opens is Opens.FILES


def share_of(session: Session, typed: str, today: date) -> PackShare:
    """The share that a code opens today, with its pack and organisation. One statement. Raises UnknownCode, CodeEnded."""
    code = read_code(typed)
    if code is None:
        raise UnknownCode(UNKNOWN)
    looked_for = code_hash(code)
    share = session.scalars(
        select(PackShare)
        .where(PackShare.code_hash == looked_for)
        .options(joinedload(PackShare.pack).joinedload(Pack.organisation))
    ).first()
    if share is None or not compare_digest(share.code_hash, looked_for):
        raise UnknownCode(UNKNOWN)
    if not share.is_open(today):
        raise CodeEnded(ENDED)
    return share


def gate_of(share: PackShare) -> Gate:
    return Gate(share.id, share.pack.organisation.name, share.pack.asks_name, share.opens, share.ends_on)


def gate(typed: str, today: date) -> Gate:
    """What stands before the pack of that code. Raises UnknownCode, CodeEnded."""
    return gate_of(share_of(db.session(), typed, today))


def shared_pack(typed: str, today: date) -> SharedPack:
    """The pack behind a code. Raises UnknownCode, CodeEnded."""
    share = share_of(db.session(), typed, today)
    return SharedPack(gate_of(share), contents_of(share.pack, today))
