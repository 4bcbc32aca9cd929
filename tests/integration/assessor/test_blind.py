"""Blind double scoring: nothing of the other's work is anywhere that an assessor can look, until all have handed in.

A word that stands nowhere else is written into everything that the other assessor can write. Then every address of the
product is asked for, with every number that belongs to the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from itertools import product
from zipfile import BadZipFile, ZipFile

import pytest
from flask import url_for
from werkzeug.routing.converters import AnyConverter, BaseConverter, NumberConverter

from app.domain.access import Role, may_somewhere
from app.domain.confidence import Confidence
from app.domain.findings import FindingSource
from app.domain.lifecycle import AssessmentStatus, FindingStatus
from app.domain.visits import NoteKind, VisitStatus, VisitWay
from app.extensions import db
from app.models import (
    Assessment,
    AssessorNote,
    AuditRow,
    Citation,
    Finding,
    MailMessage,
    Notice,
    Question,
    SchemePost,
    User,
    Visit,
    VisitGoer,
    VisitNote,
)
from app.services import assessments, recommendations
from app.services.assessments import GivenScore
from app.services.recommendations import Recommendation
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import CODES, Case, assign, submitted_case

CANARY = "xyzzyheron"
BLIND = make.SMALL_FRAMEWORK.replace("assessment: {assessors: 1,", "assessment: {assessors: 2, blind: true,")
OPEN_TO_ALL = ("static", "public.", "api.")
LEAST_OPENED = 12


@dataclass
class Blind:
    """A case with two assessors: the other has handed in, and the reader has not."""

    case: Case
    reader: User
    mine: int
    theirs: int
    numbers: list[int]


@pytest.fixture
def blind(app) -> Blind:
    case = submitted_case(BLIND)
    other = make.officer(case.scheme, Role.ASSESSOR, name="Assessor Other")
    theirs, mine = assign(case, other), assign(case)
    for assessment_id, who in ((theirs, other), (mine, case.assessor)):
        assessments.declare_interests(assessment_id, conflict=False, words="", actor=make.actor(who), now=NOON)
    numbers = _everything_they_write(case, other, theirs)
    words = Recommendation("award", "silver", f"{CANARY} recommends.")
    recommendations.hand_in(theirs, words, actor=make.actor(other), now=NOON)
    return Blind(case, case.assessor, mine, theirs, numbers)


def _everything_they_write(case: Case, other: User, theirs: int) -> list[int]:
    """A score, a note, a visit with a note that a score rests on, a finding: ids of all. Their question is answered."""
    for code in CODES:
        given = GivenScore(1, False, f"{CANARY} {code}", 0, confidence=Confidence.LOW)
        assessments.record_score(theirs, code, given, actor=make.actor(other), now=NOON)
    note = make.save(AssessorNote(assessment_id=theirs, criterion_code=CODES[0], text=CANARY, updated_at=NOON))
    make.save(AssessorNote(assessment_id=theirs, criterion_code="", text=CANARY, updated_at=NOON))
    asked = {"text": CANARY, "asked_at": NOON, "replied_at": NOON, "reply": CANARY}
    question = make.save(
        Question(assessment_id=theirs, application_id=case.application_id, criterion_code=CODES[0], **asked)
    )
    when = {"starts_at": NOON + timedelta(days=9), "ends_at": NOON + timedelta(days=10)}
    visit = make.save(
        Visit(
            application_id=case.application_id,
            assessment_id=theirs,
            status=VisitStatus.PLANNED,
            way=VisitWay.ONLINE,
            place=CANARY,
            meets=CANARY,
            created_at=NOON,
            updated_at=NOON,
            **when,
        )
    )
    make.save(VisitGoer(visit_id=visit.id, user_id=other.id))
    values = {"role": CANARY, "text": CANARY, "happened_at": NOON, "updated_at": NOON}
    heard = make.save(VisitNote(assessment_id=theirs, kind=NoteKind.INTERVIEW, criteria=[CODES[0]], **values))
    make.save(Citation(assessment_id=theirs, criterion_code=CODES[0], note_id=heard.id, at=NOON))
    finding = make.save(
        Finding(
            application_id=case.application_id,
            assessment_id=theirs,
            place=CODES[0],
            grade="minor",
            title=CANARY,
            words=CANARY,
            source=next(iter(FindingSource)),
            found_on=NOON.date(),
            raised_by_id=other.id,
            raised_by=other.name,
            status=next(iter(FindingStatus)),
            status_at=NOON,
        )
    )
    return sorted({note.id, question.id, visit.id, heard.id, finding.id})


def addresses(app, blind: Blind) -> list[str]:
    """Every address that the reader's roles could let them fetch, with every number of the case where a number stands."""
    reader, case = make.actor(blind.reader), blind.case
    rows = [row.id for row in db.session.query(AuditRow.id).filter_by(action="score.recorded")]
    places = {
        "assessment_id": [blind.mine, blind.theirs],
        "application_id": [case.application_id],
        "organisation_id": [case.provider.id],
        "row_id": rows[:2],
        "code": [CODES[0], case.scheme.code, "GOV"],
        "area": ["GOV"],
        "criterion": [CODES[0]],
    }
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint.startswith(OPEN_TO_ALL):
            continue
        if not may_somewhere(reader, app.view_functions[rule.endpoint].__allows__):
            continue
        names = sorted(rule.arguments)
        choices = [places.get(name) or fits(rule._converters[name], name, blind.numbers) for name in names]
        with app.test_request_context():
            found += [url_for(rule.endpoint, **dict(zip(names, each, strict=True))) for each in product(*choices)]
    return found


def fits(converter: BaseConverter, name: str, numbers: list[int]) -> list:
    """What may stand in this place of an address."""
    if isinstance(converter, NumberConverter):
        return numbers
    return sorted(converter.items)[:1] if isinstance(converter, AnyConverter) else [name]


def unpacked(body: bytes) -> list[bytes]:
    """What stands in an answer: itself, and each file in it where it is packed."""
    try:
        with ZipFile(BytesIO(body)) as packed:
            return [body, *(packed.read(name) for name in packed.namelist())]
    except BadZipFile:
        return [body]


def leaks(app, client_for, blind: Blind) -> tuple[list[str], int]:
    """The addresses that tell the reader something of the other's, and how many opened at all."""
    browser, found, opened = client_for(blind.reader), [], 0
    for address in addresses(app, blind):
        answer = browser.get(address)
        opened += answer.status_code == 200
        if any(CANARY.encode() in part for part in unpacked(answer.data)):
            found.append(f"{address}: {answer.status}")
    return found, opened


def test_the_search_finds_what_an_assessor_may_see(app, client_for, blind):
    """Else finding nothing would prove nothing: the other sees their own."""
    blind.reader, blind.mine = db.session.get(Assessment, blind.theirs).assessor, blind.theirs
    found, _ = leaks(app, client_for, blind)
    assert any(f"/assessments/{blind.theirs}/criteria/{CODES[0]}" in each for each in found)
    assert any("/visit-sheet/state" in each for each in found)


def test_no_page_and_no_file_tells_an_assessor_anything_of_the_others_work(app, client_for, blind):
    found, opened = leaks(app, client_for, blind)
    assert found == []
    assert opened >= LEAST_OPENED


def test_nor_does_another_role_of_theirs(app, client_for, blind):
    for role in (Role.MANAGER, Role.AUDITOR):
        make.save(SchemePost(user_id=blind.reader.id, scheme_id=blind.case.scheme.id, role=role, created_at=NOON))
    found, opened = leaks(app, client_for, blind)
    assert found == []
    assert opened >= LEAST_OPENED + 10


def test_no_page_tells_how_far_the_other_is(app, client_for, blind):
    browser = client_for(blind.reader)
    for path in ("/assessments", f"/assessments/{blind.mine}", f"/assessments/{blind.mine}/criteria/{CODES[0]}"):
        page = browser.get(path).text
        assert "Assessor Other" not in page and "4 of 4" not in page, path


def test_no_message_to_the_reader_tells_anything_of_the_other(app, blind):
    told = [mail.subject + mail.text for mail in db.session.query(MailMessage).filter_by(recipient=blind.reader.email)]
    told += [notice.subject + notice.text for notice in db.session.query(Notice).filter_by(user_id=blind.reader.id)]
    assert told
    assert not [each for each in told if CANARY in each or "Assessor Other" in each or "handed in" in each.lower()]


def test_who_handed_in_first_waits_as_well(app, client_for, blind):
    """They could still sway the other."""
    for code in CODES:
        given = GivenScore(2, False, "quietgoose", 0)
        assessments.record_score(blind.mine, code, given, actor=make.actor(blind.reader), now=NOON)
    first = db.session.get(Assessment, blind.theirs).assessor
    browser = client_for(first)
    for path in (f"/assessments/{blind.theirs}", f"/assessments/{blind.theirs}/criteria/{CODES[0]}"):
        assert "quietgoose" not in browser.get(path).text


def test_once_all_have_handed_in_notes_are_shared_and_other_roles_open_the_case_again(app, client_for, blind):
    assessment = db.session.get(Assessment, blind.mine)
    assessment.status = AssessmentStatus.HANDED_IN
    db.session.commit()
    assert CANARY in client_for(blind.reader).get(f"/assessments/{blind.mine}/criteria/{CODES[0]}").text
