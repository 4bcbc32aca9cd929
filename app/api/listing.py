"""Everything, to be read once and then kept up to date: entries by their last change, and what happened to them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import ValidationError, fields, validate

from app.api.answers import STATUSES, Coded, EntrySchema, absolute, entry_of
from app.api.contract import Answered, Asked, Dated, Moment, between, contract
from app.api.v1 import bp
from app.domain.access import Action
from app.domain.errors import NotFound
from app.edge.session import allow, now, today
from app.queries.register_facets import known_names
from app.queries.register_published import (
    Published,
    changes_after,
    published_after,
    published_of_any,
    scheme_titles,
)

MOST = 500
CURSOR = re.compile(r"\d{1,15}\.\d{1,15}")
IDENTIFIER = ("An org-id identifier, or a CQC provider id.", "GB-CHC-1123456")


def _cursor(text: str) -> None:
    if text and not CURSOR.fullmatch(text):
        raise ValidationError("This is no cursor of ours. Take it from “cursor” in an earlier answer, or leave it out.")


class EntriesAskedSchema(Asked):
    cursor = fields.String(
        load_default="",
        validate=_cursor,
        metadata={
            "description": "Where to go on: “cursor” of the answer before. Without it, from the beginning.",
            "pattern": r"^(\d{1,15}\.\d{1,15})?$",
        },
    )
    limit = fields.Integer(
        load_default=100, validate=between(1, MOST), metadata={"description": f"How many at most, up to {MOST:,}."}
    )
    updated_since = Moment(
        metadata={
            "description": "Only what changed at this moment or later.",
            "example": "2026-11-01T00:00:00Z",
        },
    )


class EntriesSchema(Answered):
    """A stretch of the register. Keep `cursor` and ask with it again whenever you like: it then leads to what changed."""

    entries = fields.List(fields.Nested(EntrySchema))
    cursor = fields.String()
    next = fields.String(
        allow_none=True, metadata={"format": "uri", "description": "Null where you have all there is at the moment."}
    )


class ChangesAskedSchema(Asked):
    after = fields.Integer(
        load_default=0,
        validate=between(0, 2**31 - 1),
        metadata={"description": "Only events after this one: the “after” of the answer before."},
    )
    limit = fields.Integer(
        load_default=100, validate=between(1, MOST), metadata={"description": f"How many at most, up to {MOST:,}."}
    )


class ChangeSchema(Answered):
    """One event of the register."""

    id = fields.Integer()
    at = fields.AwareDateTime()
    kind = fields.String()
    words = fields.String()
    certificate = fields.String()
    level = fields.String()
    status = fields.String(validate=validate.OneOf(STATUSES))
    name = fields.String()
    entry = fields.String(metadata={"format": "uri"})


class ChangesSchema(Answered):
    """Events in the order in which they happened."""

    changes = fields.List(fields.Nested(ChangeSchema))
    after = fields.Integer(metadata={"description": "The id of the last of them, to go on from."})
    next = fields.String(allow_none=True, metadata={"format": "uri"})


class OrganisationSchema(Answered):
    """What the register holds of one organisation, in every scheme."""

    identifier = fields.String()
    entries = fields.List(fields.Nested(EntrySchema))


class CodesSchema(Answered):
    """The codes that parameters take and answers hold, by the parameter’s name."""

    codes = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(Coded)))


@bp.get("/entries")
@allow(Action.USE_PUBLIC_SITE)
@contract(asks=EntriesAskedSchema, answers=EntriesSchema)
def entries(asked: dict[str, Any]) -> Dated:
    """Every entry, approved now or formerly, in the order of its last change.

    The order is stable while things change: what changes moves to the end, so that nothing is missed and nothing has to
    be read again. To keep a copy up to date, keep the last cursor and go on from it.
    """
    revision, _, entry_id = (asked["cursor"] or "0.0").partition(".")
    limit, since = asked["limit"], asked["updated_since"]
    found = published_after((int(revision), int(entry_id)), limit + 1, today(), since)
    more, found = len(found) > limit, found[:limit]
    cursor = f"{found[-1].revision}.{found[-1].entry_id}" if found else asked["cursor"] or "0.0"
    values = {"cursor": cursor, "limit": limit} | ({"updated_since": since.isoformat()} if since else {})
    body = {
        "entries": [entry_of(entry) for entry in found],
        "cursor": cursor,
        "next": absolute(".entries", **values) if more else None,
    }
    return Dated(body, _newest(found))


@bp.get("/changes")
@allow(Action.USE_PUBLIC_SITE)
@contract(asks=ChangesAskedSchema, answers=ChangesSchema)
def changes(asked: dict[str, int]) -> dict[str, Any]:
    """What happened to entries, the oldest first: awarded, suspended, reinstated, withdrawn, details changed and so on."""
    limit = asked["limit"]
    found = changes_after(asked["after"], limit + 1)
    more, found = len(found) > limit, found[:limit]
    after = found[-1].event_id if found else asked["after"]
    return {
        "changes": [
            {
                "id": change.event_id,
                "at": change.at,
                "kind": change.kind,
                "words": change.words,
                "certificate": change.certificate,
                "level": change.level,
                "status": change.status,
                "name": change.name,
                "entry": absolute(".entry", slug=change.slug),
            }
            for change in found
        ],
        "after": after,
        "next": absolute(".changes", after=after, limit=limit) if more else None,
    }


@bp.get("/organisations/<identifier>")
@allow(Action.USE_PUBLIC_SITE)
@contract(answers=OrganisationSchema, refuses=(404,), path={"identifier": IDENTIFIER})
def organisation(identifier: str) -> Response | Dated:
    """What the register holds under an official number, in every scheme."""
    identifier = identifier.strip().upper()
    found = published_of_any([identifier], today())[identifier]
    if not found:
        raise NotFound(
            "The register holds nobody under this identifier. They look like GB-CHC-1123456, GB-COH-01234567 or 1-123456789."
        )
    return Dated({"identifier": identifier, "entries": [entry_of(entry) for entry in found]}, _newest(found))


@bp.get("/codes")
@allow(Action.USE_PUBLIC_SITE)
@contract(answers=CodesSchema)
def codes() -> dict[str, Any]:
    """Every code that a parameter takes, with its title."""
    lists = {**known_names(), "scheme": scheme_titles()}
    return {
        "codes": {
            name: [{"code": code, "title": title} for code, title in known.items()] for name, known in lists.items()
        }
    }


def _newest(entries: tuple[Published, ...]) -> datetime:
    return max(
        (entry.updated_at for entry in entries), default=now().replace(hour=0, minute=0, second=0, microsecond=0)
    )
