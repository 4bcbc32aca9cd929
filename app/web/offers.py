"""What a page does with an invitation that waits: send it again, or cancel it."""

from __future__ import annotations

from collections.abc import Collection

from flask import flash

from app.domain.errors import Conflict, NotFound, Throttled
from app.edge.session import me, now
from app.services import invitations


def deal_with_offer(shown: Collection[int], invitation_id: int, verb: str) -> None:
    """Cancel an invitation or send it again, and say so. `shown` are those of the page. Raises NotFound, NotAllowed."""
    if invitation_id not in shown:
        raise NotFound("There is no such page, or it is not open to you.")
    try:
        if verb == "cancel":
            invitations.cancel_invitation(invitation_id, actor=me(), now=now())
            flash("The invitation is cancelled. Its link works no more.")
        else:
            invitations.resend_invitation(invitation_id, actor=me(), now=now())
            flash("We have sent the invitation again, with a new link.")
    except (Conflict, Throttled) as error:
        flash(error.message, "warning")
