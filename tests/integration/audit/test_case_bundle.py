"""The bundle of a case: complete, and checked by somebody who has nothing but Python."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from app.domain.access import Role
from app.extensions import Base, db
from app.models import AuditRow, Membership
from app.queries.audit_chain import end_of_chain
from app.queries.case_bundle import BESIDE, PRIVATE, tables_of_case
from app.services.audit_keeping import seal_the_day
from tests import factories
from tests.conftest import NOON
from tests.integration import everything


@pytest.fixture
def sides(app):
    return everything.afresh()


@pytest.fixture
def path(sides):
    ours = sides[0]
    return f"/schemes/{ours.scheme.code}/cases/{ours.application.id}/bundle"


@pytest.fixture
def bundle(sides, path, client_for, tmp_path) -> Path:
    """The bundle of our case, unpacked, after the day was sealed and something was done after it."""
    seal_the_day(NOON)
    response = client_for(sides[0].people[Role.AUDITOR]).post(path)
    assert response.status_code == 200 and response.mimetype == "application/zip"
    with zipfile.ZipFile(BytesIO(response.data)) as archive:
        archive.extractall(tmp_path / "bundle")
    return tmp_path / "bundle"


def check(bundle: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-I", bundle / "check.py"], capture_output=True, text=True, check=False)
    assert not done.stderr
    return done.returncode, done.stdout


def test_a_bundle_holds_and_leads_to_the_seals(bundle):
    code, said = check(bundle)
    assert code == 0, said
    assert "Everything holds." in said
    assert f"(not yet published)  {end_of_chain(db.session())}" in said
    sums = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=bundle, capture_output=True, check=False)
    assert sums.returncode == 0, sums.stdout


def test_a_bundle_tells_the_whole_case_and_nothing_of_another(bundle, sides):
    ours, theirs = sides[0], sides[1]
    rows = {path.stem: json.loads(path.read_text()) for path in (bundle / "rows").iterdir()}
    assert {"application", "answer", "assessment", "score", "panel", "panel_seat"} <= set(rows)
    assert [row["id"] for row in rows["application"]] == [ours.application.id]
    text = "".join(path.read_text("utf-8", "ignore") for path in bundle.rglob("*.json*"))
    assert theirs.application.organisation.name not in text
    assert "case.exported" in (bundle / "trail.jsonl").read_text()
    about = json.loads((bundle / "case.json").read_text())
    assert about["edition"]["sha256"] == ours.edition.sha256
    assert not PRIVATE & set(rows)


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("rows/application.json", '"status"', '"Status"', "is not the file that the manifest names"),
        ("trail.jsonl", '"case.exported"', '"case.imported"', "it is not the one that the proof covers"),
        ("trail.jsonl", '"actor_name": "', '"actor_name": "Not ', "its words are not those that were written"),
        ("proofs.json", '"before": "', '"before": "f', "does not lead to its seal"),
    ],
)
def test_whatever_is_changed_in_a_bundle_is_found_without_us(bundle, name, old, new, told):
    file = bundle / name
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    code, said = check(bundle)
    assert code == 1 and told in said and "Something does not hold." in said


def test_an_entry_that_is_taken_out_of_a_bundle_is_missed(bundle):
    trail = bundle / "trail.jsonl"
    trail.write_text("\n".join(trail.read_text().splitlines()[1:]) + "\n")
    code, said = check(bundle)
    assert code == 1 and "is missing" in said


def test_who_exports_is_on_the_trail_and_who_may_not_is_refused(sides, path, client_for):
    ours = sides[0]
    for role in (Role.ASSESSOR, Role.PANEL_MEMBER, Role.LEAD):
        assert client_for(ours.people[role]).post(path).status_code in {403, 404}
    assert not db.session.query(AuditRow).filter_by(action="case.exported").count()
    tied = factories.officer(ours.scheme, Role.AUDITOR)
    factories.save(
        Membership(user_id=tied.id, organisation_id=ours.organisation.id, role=Role.CONTRIBUTOR, created_at=NOON)
    )
    assert client_for(tied).get(path).status_code == 403
    page = client_for(ours.people[Role.MANAGER]).get(path)
    assert page.status_code == 200 and "Export the case" in page.text


def test_every_table_belongs_to_a_case_or_is_left_out_on_purpose():
    """A table with rows of a case is exported unless it is named as private; a private one must exist."""
    owned = set(tables_of_case())
    assert set(Base.metadata.tables) >= PRIVATE | BESIDE
    assert not owned & (PRIVATE | BESIDE)
    assert {"finding", "report_version", "award_condition", "appeal", "agreed_score", "visit_draw"} <= owned
