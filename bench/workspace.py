"""`python -m bench.workspace [criteria] [pieces]`: a provider's pages with 1,200 criteria and 5,000 pieces of evidence.

Every page is asked in turns with a bare Flask view on the same server. The draft has all but every tenth criterion answered, three
pieces of evidence behind each, comments on half, every third handed over, and an action of the plan for every third.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench.__main__ import compare, say
from bench.big_workspace import fill
from bench.framework_pages import LEAD, add_cases, processor_time
from bench.running import Browser, Product, bare_view
from config import ROOT, load_settings

CRITERIA, PIECES = 1_200, 5_000


def add_workspace(instance: Path, criteria: int, pieces: int) -> tuple[int, int, int, str]:
    """Ids of the organisation, of its draft and of a piece of evidence, and the code of a criterion in the middle."""
    cases = add_cases(instance, criteria)
    from app import create_app
    from app.extensions import db
    from app.models import Application

    app = create_app(load_settings({"INSTANCE_DIR": str(instance)}))
    with app.app_context():
        draft = db.session.get_one(Application, cases.draft)
        organisation, lead = draft.organisation_id, draft.started_by_id
        piece = fill(organisation, cases.draft, lead, cases.codes, pieces, datetime.now(UTC))
    return organisation, cases.draft, piece, cases.codes[len(cases.codes) // 2]


def pages(port: int, organisation: int, draft: int, piece: int, code: str) -> dict[str, Callable[[], object]]:
    """What is asked, by its name."""
    lead = Browser(port).sign_in(LEAD)
    here, case = f"/organisations/{organisation}", f"/applications/{draft}"
    point = "5" if int(code.rpartition(".")[2]) % 3 == 2 else "1"
    answer = lead.criterion(f"{case}/criteria/{code}", point)
    asked = {
        "home of the person": "/home",
        "home of the organisation": here,
        "application": case,
        "application, one state": f"{case}?state=not-started",
        "what is missing": f"{case}/missing",
        "readiness": f"{case}/readiness",
        "criterion": f"{case}/criteria/{code}",
        "history of an answer": f"{case}/criteria/{code}/history",
        "library": f"{here}/evidence",
        "library, searched": f"{here}/evidence?words=visits",
        "library, last page": f"{here}/evidence?page=999",
        "piece of evidence behind many criteria": f"{here}/evidence/{piece}",
        "improvement plan": f"{here}/plan",
        "held elsewhere": f"{here}/held-elsewhere",
        "packs": f"{here}/packs",
        "coverage": f"{here}/coverage",
        "feedback": f"{here}/feedback",
    }
    found: dict[str, Callable[[], object]] = {name: (lambda path=path: lead.get(path)) for name, path in asked.items()}
    if answer is None:
        raise RuntimeError("The draft cannot be changed.")
    return {**found, "autosave of an answer": answer.autosave}


def main(criteria: int, pieces: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        with Product(instance):
            pass
        ids = add_workspace(instance, criteria, pieces)
        with Product(instance) as product, bare_view() as bare:
            plain, asked = Browser(bare.port), pages(product.port, *ids)
            compare({"bare": lambda: plain.get("/"), **asked}, rounds=2)
            for name, ask in asked.items():
                say(f"{name}, processor time", milliseconds=processor_time(product, ask))
            say("memory of all processes", criteria=criteria, pieces=pieces, megabytes=product.memory())


if __name__ == "__main__":
    os.chdir(ROOT)
    numbers = [int(each) for each in sys.argv[1:]]
    main(*(numbers + [CRITERIA, PIECES][len(numbers) :]))
