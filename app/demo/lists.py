"""The scheme's own list from before it kept its register here, read and waiting for the second manager."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from app.demo.clock import Story, at, days
from app.demo.editions import BEFORE, FRAMEWORK
from app.demo.stage import Stage
from app.services import register_imports
from app.services.import_work import Tools, work_on_lists
from app.services.register_imports import Asked

SCHEME = "community-care-mark"
PREPARED = 2
"""Days before today."""

BASIS = "Decided by the scheme’s board between 2023 and 2025 under its rules of 2022. The minutes are kept at the scheme’s office."
ROWS = """\
Provider name,Membership no,Charity number,Postcode,Award level,Awarded on,Valid until,Services,Council area
Fellside Carers Circle,M-0112,,LA9 4BD,Silver,14/03/2025,13/03/2028,Support for carers|Respite and short breaks,Westmorland and Furness
Harbour Lights Lunch Club,M-0118,,LA4 5DF,Bronze,02/06/2025,01/06/2028,Lunch club,Lancaster
Llanfair Befrienders,M-0120,,LL15 1AB,Bronze,20/01/2025,,Befriending and companionship,Denbighshire
Moorside Youth Project,M-0121,12,BD1 1AA,Silver,31/02/2025,,Youth support,Bradford
,M-0125,,LA1 1AA,Silver,01/05/2025,,Advocacy,Lancaster
Harbour Lights Lunch Club,M-0118,,LA4 5DF,Bronze,02/06/2025,01/06/2028,Lunch club,Lancaster
Tarn End Gardening Group,M-0131,,CA12 5AA,Platinum,11/11/2024,,Falconry,Cumberland
"""


def lists_stories(stage: Stage, today: date) -> list[Story]:
    return [_prepared(stage, today)]


def _prepared(stage: Stage, today: date) -> Story:
    yield at(today - days(PREPARED), 15)
    key = stage.storage.put(BytesIO(ROWS.encode())).key
    edition_id, _ = stage.edition(FRAMEWORK, BEFORE)
    asked = Asked(edition_id, BASIS)
    register_imports.start_import(
        SCHEME,
        "members-before-2026.csv",
        key,
        asked,
        actor=stage.actor(stage.cast.manager),
        now=stage.now,
        today=stage.today,
    )
    work_on_lists(Tools(stage.storage, stage.places), stage.now)
