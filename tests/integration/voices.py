"""Rounds of feedback for tests: opened, answered and with a concern, as rows."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from app.domain.voice import as_stored
from app.models import (
    Organisation,
    Scheme,
    Standing,
    User,
    VoiceAnswer,
    VoiceConcern,
    VoiceConcernScheme,
    VoiceRound,
)
from app.queries.voice_form import core_form
from tests import factories as make
from tests.conftest import NOON

_serial = count(1)


def a_round(of: Organisation, by: User, **values: Any) -> VoiceRound:
    """A round of the shipped form that is open for four weeks."""
    defaults = {
        "title": "What people think",
        "questions": as_stored(core_form()),
        "link": f"link{next(_serial):04}",
        "opens_on": NOON.date(),
        "closes_on": NOON.date() + timedelta(days=28),
        "opened_at": NOON,
    }
    return make.save(VoiceRound(organisation_id=of.id, opened_by_id=by.id, **{**defaults, **values}))


def an_answer(to: VoiceRound, **values: Any) -> VoiceAnswer:
    """One that counts, by the open link, of somebody for themselves who says "always" to everything."""
    choices = {each["code"]: "always" for each in to.questions["statements"]}
    defaults = {
        "personal": False,
        "month": date(NOON.year, NOON.month, 1),
        "who": "self",
        "language": "en",
        "choices": choices,
        "comments": {"good": f"The staff are kind, says number {next(_serial)}."},
        "themes": ["good people"],
        "standing": Standing.COUNTED,
        "once": f"once{next(_serial)}",
    }
    return make.save(VoiceAnswer(round_id=to.id, **{**defaults, **values}))


def a_concern(about: Organisation, *schemes: Scheme, **values: Any) -> VoiceConcern:
    """A concern about an organisation, with the schemes that look after it."""
    defaults = {"text": "My brother has bruises.", "language": "en", "received_at": NOON, "once": f"c{next(_serial)}"}
    concern = make.save(VoiceConcern(organisation_id=about.id, **{**defaults, **values}))
    for scheme in schemes:
        make.save(VoiceConcernScheme(concern_id=concern.id, scheme_id=scheme.id))
    return concern
