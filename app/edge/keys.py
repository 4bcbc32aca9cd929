"""Who sends an API key: looked up once a minute for each key, and told where it is wrong."""

from __future__ import annotations

from flask import Response, current_app, request

from app.edge.limits import Limits, bearer, digest_of
from app.edge.problems import problem
from app.edge.session import today
from app.queries.api_keys import key_of
from app.services.api_keys import note_used

LOOKS_LIKE = "ts_"


def limits() -> Limits:
    """What this process counts."""
    found: Limits = current_app.extensions["limits"]
    return found


def refuse_wrong_key() -> Response | None:
    """A problem document where the request carries a key that is not, or no longer, one; else None.

    Whoever sends none is welcome. A key that this process does not know yet is read from the database, and its day of
    use is noted there, at most once a day.
    """
    header = request.headers.get("Authorization")
    if not header:
        return None
    key = bearer(header)
    digest = digest_of(key)
    if key and limits().owner_of(digest) is not None:
        return None
    found = key_of(digest) if key.startswith(LOOKS_LIKE) else None
    if found is None:
        return problem(401, headers={"WWW-Authenticate": 'Bearer realm="register", error="invalid_token"'})
    if found.last_used_on != today():
        note_used(found.key_id, today=today())
    limits().know(digest, str(found.user_id))
    return None
