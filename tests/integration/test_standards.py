"""What loading the shipped standards stores, and what it refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict
from app.extensions import db
from app.frameworks import digest
from app.models import FrameworkEdition
from app.services.frameworks import load_standards
from tests.conftest import NOON

STANDARDS = Path(__file__).resolve().parents[2] / "standards"


@pytest.fixture
def standards(app, tmp_path):
    """A copy of the shipped standards, loaded."""
    folder = tmp_path / "standards"
    shutil.copytree(STANDARDS, folder)
    assert len(load_standards(folder, now=NOON).new) >= 2
    return folder


def test_an_edition_is_stored_as_its_source_with_its_hash(standards):
    edition = db.session.scalars(select(FrameworkEdition).where(FrameworkEdition.code == "community-care-mark")).one()
    assert edition.sha256 == digest(edition.source)
    assert edition.source == (standards / "community-care-mark" / "2026.yaml").read_text()
    assert edition.open


def test_nobody_applies_under_what_is_published_to_be_read(standards):
    councils = db.session.scalars(
        select(FrameworkEdition).where(FrameworkEdition.code == "cqc-local-authorities")
    ).one()
    assert not councils.open


def test_loading_again_changes_nothing(standards):
    assert load_standards(standards, now=NOON).new == ()


def test_a_changed_file_under_an_old_edition_is_refused_and_nothing_is_stored(standards):
    path = standards / "community-care-mark" / "2026.yaml"
    before = db.session.scalars(select(FrameworkEdition.sha256).order_by(FrameworkEdition.id)).all()
    path.write_text(path.read_text() + "# a quiet change\n")
    with pytest.raises(Conflict, match="new edition name"):
        load_standards(standards, now=NOON)
    assert db.session.scalars(select(FrameworkEdition.sha256).order_by(FrameworkEdition.id)).all() == before
