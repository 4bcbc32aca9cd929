"""`python -m bench.autosaving [people] [saves]`: fifty people of fifty organisations save their answers at once.

The product with its default server (two workers) and SQLite, every commit flushed to the disk; then the least that keeps an answer
(`bare_autosave.py`) behind the same server. Each person goes on as soon as the last save is acknowledged. At the end what is stored is
compared with what was acknowledged: every answer, its version, and its rows in the audit trail.
"""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import select

from app.domain.sittings import changed
from bench.__main__ import percentile, say
from bench.bare_autosave import FILE
from bench.running import Browser, Criterion, Product, Running, free_port
from config import ROOT, load_settings

PEOPLE, SAVES = 50, 40
CODE = "GOV.1.1"


@dataclass
class Person:
    """One who saves: what was sent last and acknowledged, how long each save took, and what went wrong."""

    email: str
    application_id: int
    reason: str = ""
    version: int = 0
    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def add_people(instance: Path, count: int) -> list[Person]:
    """That many people, each the lead of an organisation of its own with a draft, in an installation that is not running."""
    from app import create_app
    from app.domain.access import Role
    from app.domain.lifecycle import ApplicationStatus
    from app.extensions import db
    from app.models import Application, FrameworkEdition, Membership, Organisation, User

    app = create_app(load_settings({"INSTANCE_DIR": str(instance)}))
    found = []
    with app.app_context():
        like = db.session.scalars(select(User).where(User.email == "lead@bay-memory.example.org")).one()
        edition = db.session.scalars(
            select(FrameworkEdition)
            .where(FrameworkEdition.code == "community-care-mark", FrameworkEdition.open.is_(True))
            .order_by(FrameworkEdition.id.desc())
        ).first()
        if edition is None:
            raise RuntimeError("The demonstration has no open edition of its first mark.")
        now = datetime.now(UTC)
        for n in range(count):
            email = f"person{n}@autosaving.example.org"
            user = User(email=email, name=f"Person {n}", password_hash=like.password_hash, session_key=f"key{n}")
            user.created_at = user.email_confirmed_at = now
            organisation = Organisation(name=f"Organisation {n}", created_at=now, updated_at=now)
            db.session.add_all([user, organisation])
            db.session.flush()
            held = {"user_id": user.id, "organisation_id": organisation.id, "role": Role.LEAD, "created_at": now}
            db.session.add(Membership(**held))
            application = Application(
                organisation_id=organisation.id,
                scheme_id=edition.scheme_id,
                edition_id=edition.id,
                status=ApplicationStatus.DRAFT,
                target="bronze",
                started_at=now,
                started_by_id=user.id,
                status_at=now,
            )
            db.session.add(application)
            db.session.flush()
            found.append(Person(email, application.id))
        db.session.commit()
    return found


def writing(port: int, person: Person) -> Callable[[int], None]:
    """Sign in and open the criterion; what comes back saves the n-th text of this person."""
    browser = Browser(port).sign_in(person.email)
    criterion: Criterion | None = None
    for code in (CODE, "GOV.1.2", "SAF.1.1"):
        try:
            criterion = browser.criterion(f"/applications/{person.application_id}/criteria/{code}", "1")
            break
        except RuntimeError:  # not asked of this organisation
            continue
    if criterion is None:
        raise RuntimeError("There is nothing that this person can answer.")
    kept = criterion

    def save(_: int) -> None:
        kept.autosave()
        person.reason = f"We meet six times a year and keep minutes. Draft {kept.saves}."
        person.version = int(kept.fields["version"])

    return save


def bare_writing(port: int, number: int, person: Person) -> Callable[[int], None]:
    browser = Browser(port)

    def save(n: int) -> None:
        reason = f"We meet six times a year and keep minutes. Draft {n}."
        browser.post(f"/{number + 1}", {"reason": reason, "version": str(person.version), "point": "1"})
        person.version += 1
        person.reason = reason

    return save


def all_at_once(people: list[Person], ways: list[Callable[[int], None]], saves: int) -> float:
    """Let everybody save as often as that, side by side. Returns the seconds from the first save to the last."""
    ready = threading.Barrier(len(people) + 1)

    def work(person: Person, save: Callable[[int], None]) -> None:
        ready.wait()
        for n in range(saves):
            start = perf_counter()
            try:
                save(n)
            except Exception as error:  # told at the end: one lost save must not end the measurement
                person.errors.append(f"{type(error).__name__}: {error}"[:200])
            person.times.append(perf_counter() - start)

    threads = [threading.Thread(target=work, args=pair) for pair in zip(people, ways, strict=True)]
    for thread in threads:
        thread.start()
    ready.wait()
    start = perf_counter()
    for thread in threads:
        thread.join()
    return perf_counter() - start


def tell(figure: str, people: list[Person], seconds: float, lost: int) -> float:
    """Print what came of it; returns saves a second."""
    times = [each for person in people for each in person.times]
    errors = [each for person in people for each in person.errors]
    rate = len(times) / seconds
    say(
        figure,
        people=len(people),
        saves=len(times),
        errors=len(errors),
        first_error=errors[0] if errors else "",
        acknowledged_but_lost=lost,
        saves_a_second=round(rate),
        median_ms=round(statistics.median(times) * 1000, 1),
        p99_ms=round(percentile(times, 0.99) * 1000, 1),
    )
    return rate


def lost_answers(file: Path, people: list[Person]) -> int:
    """How many people's last acknowledged words are not what is stored, or have no row in the audit trail that says so."""
    with sqlite3.connect(file) as connection:
        stored = {
            key: (reason, version, answer_id)
            for key, reason, version, answer_id in connection.execute(
                "SELECT application_id, reason, version, id FROM answer"
            )
        }
        told = connection.execute(
            "SELECT subject_id, detail FROM audit_row WHERE subject = 'answer' ORDER BY id"
        ).fetchall()
    last: dict[int, Mapping[str, Any]] = {}
    for answer_id, text in told:  # the first save of a sitting is on record whole, each further one as what it changed
        detail = json.loads(text)
        last[answer_id] = detail["after"] if "after" in detail else changed(last[answer_id], detail["change"])
    lost = 0
    for person in people:
        reason, version, answer_id = stored.get(person.application_id, ("", 0, 0))
        lost += (reason, version) != (person.reason, person.version) or last.get(answer_id, {}).get(
            "reason"
        ) != person.reason
    return lost


@contextmanager
def least(folder: Path) -> Iterator[int]:
    port = free_port()
    environment = {**os.environ, FILE: str(folder / "bare.sqlite")}
    running = Running([sys.executable, "-m", "bench.bare_autosave", str(port)], environment, port, "/")
    try:
        yield port
    finally:
        running.stop()


def main(count: int, saves: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        with Product(instance):
            pass
        people = add_people(instance, count)
        with Product(instance) as product:
            ways = [writing(product.port, person) for person in people]
            seconds = all_at_once(people, ways, saves)
        lost = lost_answers(instance / "touchstone.sqlite", people)
        ours = tell("autosave", people, seconds, lost)
        others = [Person("", n) for n in range(count)]
        with least(Path(folder)) as port:
            ways = [bare_writing(port, n, person) for n, person in enumerate(others)]
            seconds = all_at_once(others, ways, saves)
        with sqlite3.connect(Path(folder) / "bare.sqlite") as connection:
            kept = dict(connection.execute("SELECT id - 1, reason FROM answer").fetchall())
        bare = tell(
            "the least that keeps an answer", others, seconds, sum(kept[n.application_id] != n.reason for n in others)
        )
        say("autosave, share of the least's rate", ratio=round(ours / bare, 2))


if __name__ == "__main__":
    os.chdir(ROOT)
    numbers = [int(each) for each in sys.argv[1:]]
    main(*(numbers + [PEOPLE, SAVES][len(numbers) :]))
