"""Mail that came back: the operator passes on what the mail server reported later."""

from __future__ import annotations

from datetime import datetime

from app.services.mail_sending import mark_bounced
from app.services.transactions import transaction


def note_bounce(address: str, because: str, *, now: datetime) -> bool:
    """Note on its account that mail to `address` comes back. Whether an open account has that address."""
    with transaction() as session:
        return mark_bounced(session, address.strip().lower(), because[:500], now)
