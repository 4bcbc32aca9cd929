"""Scoring every case of an edition again from the database: `python -m bench.rescoring [--cases N] [--criteria N]`.

Told beside two figures of the same run: reading the same rows without scoring them, and scoring some of them one by one.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from sqlalchemy import insert, select

from app import create_app
from app.domain.framework import Framework
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.domain.scoring import Score, Scored, outcome_so_far
from app.domain.scoring.packed import pack
from app.extensions import db
from app.frameworks import digest, read
from app.models import Application, Assessment, FrameworkEdition, Organisation, Scheme, User
from app.queries.rescoring import rescore
from bench.__main__ import say
from bench.big_framework import source
from config import load_settings

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ONE_BY_ONE = 200


def scores(framework: Framework, random: Random) -> dict[str, Score]:
    """Scores that mostly reach something: half of the cases need every level looked at."""
    shift = random.choice((0, 0, 1, 2))
    given: dict[str, Score] = {}
    for criterion in framework.criteria:
        values = criterion.scale.values
        given[criterion.code] = Scored(values[max(0, len(values) - 1 - int(random.random() * (shift + 0.4) * 1.5))])
    return given


def fill(cases: int, criteria: int) -> Framework:
    """A scheme with one edition and that many assessed cases."""
    text, random = source(criteria, code="large-mark"), Random(5)
    framework = read(text, "large-mark")
    scheme = Scheme(code="large", title="Large", details={})
    user = User(
        email="assessor@example.org", name="An assessor", password_hash="none", session_key="none", created_at=NOW
    )
    db.session.add_all([scheme, user])
    db.session.flush()
    edition = FrameworkEdition(
        scheme_id=scheme.id,
        code="large-mark",
        edition="2026",
        title="Large",
        source=text,
        sha256=digest(text),
        loaded_at=NOW,
    )
    db.session.add(edition)
    db.session.flush()
    ids = range(1, cases + 1)
    sheets = [pack(framework, scores(framework, random)) for _ in range(500)]
    db.session.execute(
        insert(Organisation),
        [{"id": each, "name": f"Provider {each}", "created_at": NOW, "updated_at": NOW} for each in ids],
    )
    db.session.execute(
        insert(Application),
        [
            {
                "id": each,
                "organisation_id": each,
                "scheme_id": scheme.id,
                "edition_id": edition.id,
                "status": ApplicationStatus.ASSESSED,
                "target": "gold",
                "facts": {
                    "staff": random.randint(0, 20),
                    "income": random.randint(0, 90_000),
                    "visits": random.random() < 0.5,
                },
                "started_at": NOW,
                "started_by_id": user.id,
                "status_at": NOW,
            }
            for each in ids
        ],
    )
    db.session.execute(
        insert(Assessment),
        [
            {
                "application_id": each,
                "assessor_id": user.id,
                "assigned_by_id": user.id,
                "assigned_at": NOW,
                "status": AssessmentStatus.HANDED_IN,
                "handed_in_at": NOW,
                "sheet": random.choice(sheets),
            }
            for each in ids
        ],
    )
    db.session.commit()
    return framework


def measured(work) -> tuple[float, float]:
    """Seconds by the clock on the wall, and of this one process on its core."""
    wall, core = perf_counter(), process_time()
    work()
    return round(perf_counter() - wall, 2), round(process_time() - core, 2)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=26_000)
    parser.add_argument("--criteria", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load_settings({"INSTANCE_DIR": str(Path(folder)), "ENV": "demo"}))
        with app.app_context():
            db.create_all()
            framework = fill(asked.cases, asked.criteria)
            rows = select(Assessment.sheet, Application.facts).join(Application)
            wall, core = measured(lambda: db.session.execute(rows).all())
            say("reading the cases", cases=asked.cases, seconds=wall, core_seconds=core)
            told: list[int] = []
            wall, core = measured(
                lambda: told.append(rescore("large-mark", "2026", lambda done, _: told.append(done)).cases)
            )
            say(
                "rescoring",
                cases=told[-1],
                criteria=asked.criteria,
                seconds=wall,
                core_seconds=core,
                progress=len(told) - 1,
            )
            random = Random(9)
            some = [scores(framework, random) for _ in range(ONE_BY_ONE)]
            _, core = measured(lambda: [outcome_so_far(framework, each, {"staff": 3}) for each in some])
            say(
                "one by one with explanation",
                cases=ONE_BY_ONE,
                core_seconds=core,
                core_ms_each=round(core / ONE_BY_ONE * 1000, 2),
            )


if __name__ == "__main__":
    main()
