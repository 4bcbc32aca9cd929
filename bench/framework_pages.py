"""`python -m bench.framework_pages [criteria]`: pages of a large framework, and the check of a file of 6,000 nodes.

Every page is asked in turns with a bare Flask view on the same server. What provider, assessor and panel read is that of a
demonstration to which a framework of that many criteria was added, with all answers, scores and evidence.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from bench.__main__ import REQUESTS, compare, say
from bench.big_case import Cases, People, make
from bench.big_framework import nodes, source
from bench.running import Browser, Product, bare_view
from config import ROOT, load_settings

CRITERIA = 1_500
LARGE, WORDS = 4_838, 9  # 6,033 nodes and criteria, as many letters as the largest published framework
LEAD, ASSESSOR = "lead@bay-memory.example.org", "assessor@demo.example.org"
PANEL = ("chair@demo.example.org", "lay.member@demo.example.org")


def check_file(folder: Path) -> None:
    """What `flask framework check` takes for a file of 6,000 nodes, and for one of ten, which is the start of the command."""
    for criteria in (8, LARGE):
        file = folder / f"mark-of-{criteria}.yaml"
        text = source(criteria, words=WORDS)
        file.write_text(text)
        seconds, peak = _spent([sys.executable, "-m", "flask", "framework", "check", str(file)])
        say(
            "check of a file",
            nodes=nodes(criteria),
            megabytes=round(len(text.encode()) / 1e6, 2),
            processor_seconds=seconds,
            peak_megabytes=peak,
        )


def _spent(command: list[str]) -> tuple[float, int]:
    """Seconds of processor time that a command took, and the most megabytes that any command so far held at once."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return round(spent, 2), round(after.ru_maxrss / 1024)


def add_cases(instance: Path, criteria: int) -> Cases:
    """The framework and its cases, added to a demonstration whose server is not running."""
    from app import create_app
    from app.extensions import db
    from app.models import Membership, SchemePost, User

    app = create_app(load_settings({"INSTANCE_DIR": str(instance)}))
    with app.app_context():
        ids = {email: key for email, key in db.session.execute(select(User.email, User.id))}
        scheme = db.session.scalars(select(SchemePost.scheme_id).where(SchemePost.user_id == ids[ASSESSOR])).first()
        provider = db.session.scalars(select(Membership.organisation_id).where(Membership.user_id == ids[LEAD])).first()
        if scheme is None or provider is None:
            raise RuntimeError("The demonstration has changed: its lead or its assessor is missing.")
        people = People(scheme, provider, ids[LEAD], ids[ASSESSOR], tuple(ids[email] for email in PANEL))
        return make(criteria, people, datetime.now(UTC))


def pages(port: int, cases: Cases) -> dict:
    """What is asked, by its name."""
    public, lead, assessor, chair = (Browser(port) for _ in range(4))
    lead.sign_in(LEAD)
    assessor.sign_in(ASSESSOR)
    chair.sign_in(PANEL[0])
    start, code = f"/standards/{cases.framework}/{cases.edition}", cases.codes[len(cases.codes) // 2]
    point = "5" if cases.codes.index(code) % 3 == 2 else "1"
    answer = lead.criterion(f"/applications/{cases.draft}/criteria/{code}", point)
    score = assessor.criterion(f"/assessments/{cases.assessment}/criteria/{code}", point)
    if answer is None or score is None:
        raise RuntimeError("The draft or the assessment cannot be changed.")
    return {
        "public page of the edition": lambda: public.get(start),
        "public page, what a small organisation is asked": lambda: public.get(f"{start}?staff=0&visits=no"),
        "public page of an area of 150 criteria": lambda: public.get(f"{start}/A1"),
        "public page of a criterion": lambda: public.get(f"{start}/{code}"),
        "provider's application": lambda: lead.get(f"/applications/{cases.draft}"),
        "what the application still lacks": lambda: lead.get(f"/applications/{cases.draft}/missing"),
        "provider's page of a criterion": lambda: lead.get(answer.path),
        "autosave of an answer": answer.autosave,
        "assessor's case": lambda: assessor.get(f"/assessments/{cases.assessment}"),
        "assessor's scoring page": lambda: assessor.get(score.path),
        "autosave of a score": score.autosave,
        "panel's case": lambda: chair.get(f"/panels/{cases.panel}"),
        "panel's area of 150 criteria": lambda: chair.get(f"/panels/{cases.panel}/areas/A1"),
    }


def processor_time(product: Product, ask: Callable[[], object]) -> float:
    """Of one answer: unlike the time that passes, hardly longer where others work on the same machine."""
    before = product.processor_seconds()
    for _ in range(REQUESTS):
        ask()
    return round((product.processor_seconds() - before) / REQUESTS * 1000, 1)


def main(criteria: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check_file(Path(folder))
        instance = Path(folder) / "instance"
        with Product(instance):
            pass
        cases = add_cases(instance, criteria)
        with Product(instance) as product, bare_view() as bare:
            plain = Browser(bare.port)
            say("memory of all processes after the start", criteria=criteria, megabytes=product.memory())
            asked = pages(product.port, cases)
            compare({"bare": lambda: plain.get("/"), **asked}, rounds=3)
            for name, ask in asked.items():
                say(f"{name}, processor time", milliseconds=processor_time(product, ask))
            say("memory of all processes after the work", criteria=criteria, megabytes=product.memory())


if __name__ == "__main__":
    os.chdir(ROOT)
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CRITERIA)
