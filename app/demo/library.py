"""The evidence libraries of the invented providers: what each holds, and which of it stands behind a criterion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any

import yaml

from app.demo import documents
from app.demo.cast import HERE, Provider
from app.demo.words import Voice
from app.domain.evidence import Contents
from app.domain.framework import EvidenceAsk, EvidenceKind
from app.services.evidence import NewEvidence
from app.services.uploads import Upload

MONTH = timedelta(days=30)
BY_KIND = {EvidenceKind.LINK: "website", EvidenceKind.DATA: "training", EvidenceKind.USER_FEEDBACK: "survey"}
WRITERS = {"pdf": documents.pdf, "docx": documents.docx, "txt": documents.text_file}


@dataclass(frozen=True)
class Piece:
    """One piece as documents.yaml describes it; see there."""

    key: str
    title: str
    shows: tuple[str, ...]
    file: str = ""
    months: int = 1
    lasts: int = 0
    core: bool = False
    registered: bool = False
    text: tuple[str, ...] = field(default=())
    table: str = ""
    link: str = ""
    statement: str = ""


@lru_cache(maxsize=1)
def _pieces() -> tuple[Piece, ...]:
    written = yaml.safe_load((HERE / "documents.yaml").read_text("utf-8"))
    return tuple(
        Piece(**{**each, "shows": tuple(each["shows"]), "text": tuple(each.get("text", ()))}) for each in written
    )


def pieces_of(provider: Provider) -> tuple[Piece, ...]:
    """What a provider keeps: the showcased ones a full library, the others the core of it."""
    kept = [each for each in _pieces() if provider.showcase or each.core]
    return tuple(each for each in kept if provider.registered or not each.registered)


def brought(piece: Piece, voice: Voice) -> NewEvidence:
    """The piece as its provider brings it on the voice's day."""
    voice = _with_library_facts(voice)
    title = voice.fill(piece.title)
    if piece.link:
        return NewEvidence("link", title, Contents(url=voice.fill(piece.link)))
    issued = voice.today - piece.months * MONTH
    contents = Contents(issued_on=issued, expires_on=issued + piece.lasts * MONTH if piece.lasts else None)
    if piece.statement:
        return NewEvidence("statement", title, replace(contents, text=voice.fill(piece.statement)))
    return NewEvidence("document", title, contents, Upload(piece.file, BytesIO(_written(piece, title, voice))))


def _with_library_facts(voice: Voice) -> Voice:
    provider, income = voice.provider, voice.provider.income
    voice.facts |= {
        "name": provider.name,
        "summary": provider.summary,
        "description": provider.description,
        "website": provider.website,
        "services": ", ".join(code.replace("-", " ") for code in provider.services),
        "income": f"{income:,}",
        "grants": f"{round(income * 0.8):,}",
        "gifts": f"{income - round(income * 0.8):,}",
        "spending": f"{round(income * 0.97):,}",
        "reserves": f"{round(income * 0.22):,}",
    }
    return voice


def _written(piece: Piece, title: str, voice: Voice) -> bytes:
    if piece.table:
        rows = TABLES[piece.table](voice)
        return documents.xlsx(title, rows) if piece.file.endswith("xlsx") else documents.csv_file(rows)
    head = f"{voice.provider.name}: {title}"
    note = "This document was made up for a demonstration."
    return WRITERS[piece.file.rpartition(".")[2]](head, [*(voice.fill(each) for each in piece.text), note])


def _training(voice: Voice) -> list[documents.Row]:
    """One line for each of up to twelve workers, without names."""
    people = min(12, max(3, voice.provider.staff + voice.provider.volunteers))
    rows: list[documents.Row] = [
        (
            "Person",
            "Role",
            "Safeguarding",
            "First aid",
            "Core training signed off",
            "Check level",
            "Check dated",
            "Supervision held of planned",
        )
    ]
    for number in range(1, people + 1):
        role = "Employee" if number <= voice.provider.staff else "Volunteer"
        trained = voice.today - timedelta(days=40 + 37 * number % 500)
        checked = voice.today - timedelta(days=90 + 71 * number % 900)
        held = 6 if voice.rng.random() < 0.8 else 5
        rows.append(
            (
                number,
                role,
                str(trained),
                str(trained - 30 * timedelta(days=1)),
                "yes",
                "Enhanced",
                str(checked),
                f"{held} of 6",
            )
        )
    return rows


def _survey(voice: Voice) -> list[documents.Row]:
    asked = max(14, (voice.provider.staff + voice.provider.volunteers) * 3)
    answered = round(asked * 0.61)
    questions = (
        "I am treated with respect", "I know whom to tell when I am unhappy", "I feel safe with the people who support me",
        "I have a say in what happens", "My life is better for it",
    )  # fmt: skip
    rows: list[documents.Row] = [("Question", "Asked", "Answered", "Yes, always", "Mostly", "No")]
    for question in questions:
        mostly, no = voice.rng.randint(1, max(2, answered // 7)), voice.rng.randint(0, 2)
        rows.append((question, asked, answered, answered - mostly - no, mostly, no))
    return rows


def _figures(voice: Voice) -> list[documents.Row]:
    rows: list[documents.Row] = [
        ("Quarter", "People supported", "Concerns", "Complaints", "Falls", "Near misses", "Reviews due", "Reviews done")
    ]
    people = 30 + voice.provider.staff * 9 + voice.provider.volunteers * 2
    for quarter in range(1, 5):
        due = voice.rng.randint(18, 30)
        rows.append(
            (f"Quarter {quarter}", people + 3 * quarter, voice.rng.randint(0, 2), voice.rng.randint(0, 1), 6 - quarter,
             quarter + 2, due, due - voice.rng.randint(0, 2))
        )  # fmt: skip
    return rows


TABLES = {"training": _training, "survey": _survey, "figures": _figures}


def behind(provider: Provider, asks: Sequence[EvidenceAsk]) -> Iterator[tuple[str, str]]:
    """Which piece answers which of what a criterion asks for: pairs of the piece's key and the ask's code.

    The showcased providers answer all that can be brought, the others the first of it.
    """
    kept = pieces_of(provider)
    wanted = [ask for ask in asks if ask.kind in {*BY_KIND, EvidenceKind.DOCUMENT, EvidenceKind.STATEMENT}]
    used: set[str] = set()
    for ask in wanted:
        key = _answering(kept, ask)
        if key and key not in used:
            used.add(key)
            yield key, ask.code
            if not provider.showcase:
                return


def _answering(kept: Sequence[Piece], ask: EvidenceAsk) -> str | None:
    for piece in kept:
        if ask.code in piece.shows:
            return piece.key
    if ask.kind is EvidenceKind.STATEMENT:
        return None
    return BY_KIND.get(ask.kind, "minutes" if ask.kind is EvidenceKind.DOCUMENT else "website")


def facts_shown(provider: Provider, day: date) -> dict[str, Any]:
    """The words in braces that documents.yaml may use, for a check that it uses no others."""
    return _with_library_facts(Voice(provider, day)).facts
