"""The whole product with frameworks that judge in ways unlike one another: in words, in points, on ranges, by ratings.

Each goes the whole way in the browser: read, applied for, answered, scored, decided, and shown on the register.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.backends.storage import MemoryStorage
from app.domain.access import Role
from app.extensions import db
from app.models import Application, Assessment, Award, Finding, FrameworkEdition, MailMessage, Organisation, Panel, User
from app.services import cases, panels
from app.services.panels import PanelPlan
from tests import factories as make
from tests.conftest import NOON
from tests.integration.kinds import KINDS, Kind

TODAY = NOON.date()
DUE = TODAY + timedelta(days=30)
DECLARED = {"true": "y", "approved": "y", "shared": "y", "changes": "y", "name": "Ann Lead", "position": "Chair"}
CELLS = ("Provider says", "Your score", "Provider's claim", "Score", "You said", "The assessor found")
STATES = ("No answer", "Nothing", "To score", "Not scored", "Differs")


@pytest.fixture
def storage(app):
    kept = MemoryStorage()
    app.extensions["storage"] = kept
    yield kept
    del app.extensions["storage"]


@dataclass
class Walk:
    """One case of one kind, and everybody in it, each with a browser. `seen` gathers the words of every page by its address;
    `page` is the last one as it was sent.
    """

    kind: Kind
    edition: FrameworkEdition
    provider: Organisation
    people: dict[str, User]
    browsers: dict[str, FlaskClient]
    seen: dict[str, str]
    page: str = ""

    def get(self, who: str, path: str) -> str:
        """A page as plain text. It must be there, and must say nothing that no person would."""
        response = self.browsers[who].get(path)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        self.page = page = response.get_data(as_text=True)
        self._check(path, page)
        self.seen[path] = text_of(page)
        return self.seen[path]

    def post(self, who: str, path: str, **data: str) -> None:
        response = self.browsers[who].post(path, data=data)
        assert response.status_code == 302, f"{path}: {response.status_code}\n{text_of(response.text)}"

    def _check(self, path: str, page: str) -> None:
        words = text_of(page)
        for wrong in (r"\bNone\b", r"\bnan\b", r"\bFraction\b", r"[{]|[}]", r"\bSee the score of\b"):
            assert not re.search(wrong, words), f"{path} shows {wrong}: {words}"
        if not self.kind.shares and not path.startswith("/standards"):
            assert not re.search(r"\d%", words), f"{path} shows a share: {words}"
        for cell, shown in cells_of(page):
            if cell in CELLS:
                known = (*self.kind.labels, *STATES)
                assert shown.startswith(known), f"{path} shows “{shown}” as {cell}"


def text_of(page: str) -> str:
    """What a person reads of a page, on one line."""
    body = re.sub(r"(?s)<head>.*?</head>|<script.*?</script>|<style.*?</style>|<svg.*?</svg>", " ", page)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).replace(" .", ".").split())


def cells_of(page: str) -> list[tuple[str, str]]:
    """Each cell of a table that names itself, with its words."""
    found = re.findall(r'(?s)<td[^>]* data-label="([^"]*)"[^>]*>(.*?)</td>', page)
    return [(html.unescape(label), text_of(words)) for label, words in found]


def said(words: str, page: str) -> bool:
    return re.sub(r"\s", "", words) in re.sub(r"\s", "", page)


@pytest.fixture
def walk_of(app, storage, client, client_for):
    """`walk_of(kind)`: an edition of that kind with everybody around it."""

    def of(kind: Kind) -> Walk:
        edition = make.edition(source=kind.text, code=kind.code, title=kind.title)
        scheme, provider = edition.scheme, make.organisation(facts=kind.facts)
        people = {
            "lead": make.member(provider),
            "manager": make.officer(scheme, Role.MANAGER),
            "assessor": make.officer(scheme, Role.ASSESSOR),
            "lay": make.officer(scheme, Role.PANEL_MEMBER, lay=True),
            "chair": make.officer(scheme, Role.PANEL_MEMBER),
        }
        browsers = {name: client_for(person) for name, person in people.items()} | {"anyone": client}
        return Walk(kind, edition, provider, people, browsers, {})

    return of


def read_standard(walk: Walk) -> None:
    start = f"/standards/{walk.kind.code}/2026"
    pages = [walk.get("anyone", path) for path in ("/standards", start, f"{start}/try")]
    pages += [walk.get("anyone", f"{start}/{code}") for code in walk.kind.answers]
    for words in walk.kind.published:
        assert any(said(words, page) for page in pages), words


def apply(walk: Walk) -> int:
    """Start, answer everything through the form, submit. Returns the application's id."""
    asks = f"/organisations/{walk.provider.id}/frameworks/{walk.edition.id}"
    walk.get("lead", asks)
    walk.post("lead", f"{asks}/start", target="silver")
    application_id = db.session.scalar(select(Application.id))
    own = f"/applications/{application_id}"
    for path in (own, f"{own}/missing", f"{own}/submit"):
        walk.get("lead", path)
    for code, point in walk.kind.answers.items():
        here = f"{own}/criteria/{code}"
        walk.get("lead", here)
        assert f'value="{point}"' in walk.page
        walk.post("lead", here, point=point, reason=f"We do this: {code}.", version="0")
    assert "If an assessor agreed with all you say" in walk.get("lead", own)
    assert "Why" in walk.seen[own]
    for path in (f"{own}/submit", f"{own}/offline", f"{own}/proposals"):
        walk.get("lead", path)
    walk.post("lead", f"{own}/submit", **DECLARED)
    for path in (
        own,
        f"{own}/submitted",
        f"/organisations/{walk.provider.id}",
        f"{own}/criteria/{next(iter(walk.kind.answers))}",
    ):
        walk.get("lead", path)
    return application_id  # fmt: skip


def assess(walk: Walk, application_id: int) -> int:
    """Assign, declare, score everything through the form, hand in. Returns the assessment's id."""
    manager = make.actor(walk.people["manager"])
    cases.assign_assessor(application_id, walk.people["assessor"].id, DUE, actor=manager, now=NOON, today=TODAY)
    assessment_id = db.session.scalar(select(Assessment.id))
    if walk.kind.established:
        facts = f"/schemes/{walk.edition.scheme.code}/cases/{application_id}/facts"
        walk.get("manager", facts)
        walk.post("manager", facts, source="A notice of 2 Nov 2026.", **walk.kind.established)
    own = f"/assessments/{assessment_id}"
    walk.get("assessor", "/assessments")
    walk.post("assessor", f"{own}/declare", conflict="no")
    walk.get("assessor", own)
    for code, point in walk.kind.scores.items():
        here = f"{own}/criteria/{code}"
        walk.get("assessor", here)
        assert f'value="{point}"' in walk.page
        walk.post("assessor", here, point=point, reason=f"Seen for {code}.", version="0")
        walk.get("assessor", here)
    walk.get("assessor", own)
    assert_told(walk, own)
    walk.get("assessor", f"{own}/hand-in")
    assert_told(walk, f"{own}/hand-in")
    level = {"level": walk.kind.level} if walk.kind.level else {}
    walk.post("assessor", f"{own}/hand-in", outcome="award" if level else "refuse", words="As the scores say.", **level)
    walk.get("assessor", own)
    walk.get("assessor", f"{own}/criteria/{next(iter(walk.kind.scores))}")
    return assessment_id


def assert_told(walk: Walk, path: str) -> None:
    """The page tells the outcome, what each part got, what decided, what holds or would hold it down, what lifts it."""
    missing = [words for words in (*walk.kind.told, walk.kind.lift) if not said(words, walk.seen[path])]
    assert not missing, f"{path} does not say {missing}:\n{walk.seen[path]}"


def call(walk: Walk, application_id: int) -> int:
    """Call the panel, and let both its members declare and read. Returns the panel's id."""
    office = f"/schemes/{walk.edition.scheme.code}"
    for path in (f"{office}/pipeline", f"{office}/cases/{application_id}", f"{office}/cases/{application_id}/panel"):
        walk.get("manager", path)
    assert_told(walk, f"{office}/cases/{application_id}")
    plan = PanelPlan((walk.people["lay"].id, walk.people["chair"].id), walk.people["chair"].id, DUE)
    panels.call_panel(application_id, plan, actor=make.actor(walk.people["manager"]), now=NOON, today=TODAY)
    panel_id = db.session.scalar(select(Panel.id))
    own = f"/panels/{panel_id}"
    for who in ("lay", "chair"):
        walk.get(who, "/panels")
        walk.post(who, f"{own}/declare", conflict="no")
        walk.get(who, own)
        assert_told(walk, own)
        walk.get(who, f"{own}/vote")
    for area in areas_of(walk):
        assert "Seen for" in walk.get("lay", f"{own}/areas/{area}")
        walk.get("manager", f"{office}/cases/{application_id}/areas/{area}")
    return panel_id


def close_findings(walk: Walk, application_id: int) -> int:
    """The manager sees that everything found is put right: no panel grants above what is open. Returns how many there were."""
    case = f"/schemes/{walk.edition.scheme.code}/cases/{application_id}"
    found = db.session.execute(
        select(Finding.id, Finding.version).where(Finding.application_id == application_id)
    ).all()
    for finding_id, version in found:
        walk.get("manager", f"{case}/findings/{finding_id}")
        walk.get("lead", f"/findings/{finding_id}")
        walk.post("manager", f"{case}/findings/{finding_id}/check", move="verify", words="Seen.", version=str(version))
    return len(found)


def areas_of(walk: Walk) -> tuple[str, ...]:
    return tuple(re.findall(r"(?m)^  - code: (\w+)$", walk.kind.source))


def decide(walk: Walk, panel_id: int, outcome: str, level: str) -> None:
    own = f"/panels/{panel_id}"
    for who in ("lay", "chair"):
        walk.post(who, f"{own}/vote", outcome=outcome, level=level, reason="That is what the case shows.")
        walk.get(who, own)
    walk.get("chair", f"{own}/decision")
    decided = {
        "outcome": outcome,
        "level": level,
        "reasons": "The panel has read it all.",
        "departure": "It weighed more.",
    }
    preview = walk.browsers["chair"].post(f"{own}/decision", data={**decided, "step": "preview"})
    assert preview.status_code == 200
    walk.post("chair", f"{own}/decision", **decided, step="confirm")
    walk.get("chair", own)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_kind_of_framework_goes_from_its_standard_to_an_award_on_the_register(walk_of, storage, kind):
    walk = walk_of(kind)
    read_standard(walk)
    application_id = apply(walk)
    assess(walk, application_id)
    panel_id = call(walk, application_id)
    closed = close_findings(walk, application_id)
    decide(walk, panel_id, "award", "bronze")

    own = f"/applications/{application_id}"
    walk.get("lead", f"{own}/result")
    if not closed:  # what is closed holds nothing down any more, and is not told
        assert_told(walk, f"{own}/result")
    for code in kind.scores:
        assert f"Seen for {code}." in walk.seen[f"{own}/result"]
    award = db.session.scalars(select(Award)).one()
    for who, path in (
        ("lead", own),
        ("lead", f"/organisations/{walk.provider.id}"),
        ("manager", f"/schemes/{walk.edition.scheme.code}/audit"),
        ("manager", f"/schemes/{walk.edition.scheme.code}/cases/{application_id}"),
        ("anyone", "/register"),
        ("anyone", f"/verify/{award.number}"),
    ):
        assert "Bronze" in walk.get(who, path), path
    assert walk.browsers["lead"].get(f"/awards/{award.id}/certificate.pdf").data.startswith(b"%PDF")
    slug = re.search(r'<h3><a href="/register/([a-z0-9-]+)"', walk.browsers["anyone"].get("/register").text)[1]
    assert "Bronze" in walk.get("anyone", f"/register/{slug}")
    for path in (f"/api/v1/register/{slug}", f"/api/v1/certificates/{award.number}", "/api/v1/register"):
        data = walk.browsers["anyone"].get(path).get_json()
        assert "Bronze" in json.dumps(data)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_who_is_refused_reads_the_same_explanation_on_the_page_and_in_the_letter(walk_of, kind):
    walk = walk_of(kind)
    application_id = apply(walk)
    assess(walk, application_id)
    decide(walk, call(walk, application_id), "refuse", "")
    path = f"/applications/{application_id}/result"
    walk.get("lead", path)
    assert_told(walk, path)
    letter = db.session.scalars(
        select(MailMessage).where(MailMessage.recipient == walk.people["lead"].email).order_by(MailMessage.id.desc())
    ).first()
    walk.seen["letter"] = letter.text
    assert_told(walk, "letter")
    # A space ends one line alone: the one above the foot, by which mail programs know it.
    assert not re.search(r"\bNone\b|\n\n\n|(?<!\n--) \n", letter.text), letter.text
