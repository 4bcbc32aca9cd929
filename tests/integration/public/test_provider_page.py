"""A provider's page: what stands comes first, what was assessed and what it says itself are kept apart, nothing private shows."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest

from app.domain.lifecycle import ApplicationStatus, AssessmentStatus, AwardStatus
from app.domain.offers import Said, Taking
from app.extensions import db
from app.models import Assessment, Organisation, Score
from app.services.offers import Change, say_offers
from tests import factories as make
from tests.conftest import NOON

DAY = timedelta(days=1)
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def entry(app):
    """`entry(source=..., award={...}, **organisation)`: a provider with its entry on the register."""

    def add(source=make.SMALL_FRAMEWORK, award=None, of=None, **values):
        holder = of or make.organisation(**values)
        granted = make.award(make.application(holder, make.edition(source=source)), **(award or {}))
        details = {key: getattr(holder, key) for key in ("languages", "access", "strengths")}
        contact = {"phone": holder.phone, "email": holder.email, "website": holder.website}
        return make.register_entry(
            granted, kind=holder.kind, contact={k: v for k, v in contact.items() if v}, **details
        )

    return add


def page(client, entry):
    answer = client.get(f"/register/{entry.slug}")
    assert answer.status_code == 200
    return answer.text


def body(client, entry):
    return page(client, entry).partition("</head>")[2]


def data(text):
    (found,) = DATA.findall(text)
    return json.loads(found)


def test_status_and_telephone_come_before_all_else_and_own_words_stand_apart_from_what_was_assessed(client, entry):
    text = body(
        client, entry(phone="01524 555123", strengths="We never hurry.", languages=["en", "cy"], access=["free"])
    )
    order = ["Approved until 31 Mar 2029", "01524 555123", "What was assessed", "In their own words", "We never hurry."]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    own = text[text.index('class="ts-own"') :]
    assert "It was not assessed." in own and "Welsh (Cymraeg)" in own and "Free of charge" in own
    assert "We never hurry." not in text[text.index('class="ts-assessed"') : text.index('class="ts-own"')]


def test_capacity_shows_with_its_day_and_is_flagged_once_it_is_old(client, entry, clock):
    shown = entry(services=["befriending", "lunch-club"])
    lead = make.actor(make.member(db.session.get_one(Organisation, shown.organisation_id)))
    said = Said("befriending", Taking.NOW, capacity=40, free=3, weeks=2, how="Ring us.")
    say_offers(shown.organisation_id, [Change(said)], actor=lead, now=NOON)
    text = page(client, shown)
    for words in (
        "Taking people on now",
        "3 of 40 places free",
        "About 2 weeks",
        "16 Nov 2026",
        "Ring us.",
        "Not said: ask",
    ):
        assert words in text
    assert "May be out of date" not in text
    clock.forward(days=93)
    assert "May be out of date" in page(client, shown)


def test_of_a_private_address_neither_the_page_nor_its_data_nor_its_json_says_anything(client, entry):
    private = {"postcode": "", "easting": None, "northing": None, "address_private": True, "address": "4 Secret Row"}
    shown = entry(**private)
    text = page(client, shown)
    assert "Its address is not published" in text
    for found in (text, json.dumps(data(text)), client.get(f"/api/v1/register/{shown.slug}").text):
        for secret in ("Secret Row", "LA1 1HT", "347700", "PostalAddress", '"geo"', "latitude"):
            assert secret not in found


def test_data_for_machines_says_who_it_is_and_whether_the_award_stands(client, entry):
    standing = entry(name="Lune & <Sons> </script>", languages=["cy"])
    standing.identifiers = {"charity": "GB-CHC-1234567"}
    make.save(standing)
    found = data(page(client, standing))
    assert found["name"] == "Lune & <Sons> </script>" and found["knowsLanguage"] == ["cy"]
    assert found["identifier"] == [{"@type": "PropertyValue", "propertyID": "org-id", "value": "GB-CHC-1234567"}]
    assert found["areaServed"][0]["identifier"]["value"] == "E07000121"
    assert found["hasCertification"]["certificationStatus"].endswith("/CertificationActive")
    for status in (AwardStatus.SUSPENDED, AwardStatus.WITHDRAWN):
        ended = data(page(client, entry(award={"status": status})))
        assert ended["hasCertification"]["certificationStatus"].endswith("/CertificationInactive")
    over = entry(award={"granted_on": date(2020, 1, 1), "expires_on": date(2023, 1, 1)})
    assert data(page(client, over))["hasCertification"]["certificationStatus"].endswith("/CertificationInactive")


@pytest.mark.parametrize(
    ("status", "words"),
    [(AwardStatus.SUSPENDED, "This award is suspended"), (AwardStatus.WITHDRAWN, "is not approved now")],
)
def test_an_award_that_does_not_stand_is_said_before_anything_else(client, entry, status, words):
    text = body(client, entry(phone="01524 555123", award={"status": status}))
    assert text.index(words) < text.index("01524 555123")
    assert "Approved until" not in text and "These services were assessed" not in text


def test_a_page_that_is_kept_tells_every_change_at_once(client, entry):
    shown = entry(award={}, summary="Before.")
    assert "Before." in page(client, shown)
    shown.summary, shown.revision = "After.", shown.revision + 1000
    make.save(shown)
    assert "After." in page(client, shown)
    other = entry(of=db.session.get_one(Organisation, shown.organisation_id), award={"level_title": "Level 9"})
    other.revision = shown.revision + 1
    make.save(other)
    assert "Other awards" in page(client, shown) and "Level 9" in page(client, shown)


def test_nothing_but_the_level_is_published_unless_the_scheme_opens_more(client, entry):
    closed = _scored(entry())
    text = page(client, closed)
    assert "What the assessment found" not in text and "Governance" not in text
    opened = _scored(entry(source=make.SMALL_FRAMEWORK + "publication: {share: public, node_scores: public}\n"))
    text = page(client, opened)
    assert "What the assessment found" in text and "Governance" in text and "Trustees lead the organisation" in text
    assert "Trustees meet" not in text and "because of the minutes" not in text
    everything = "publication: {share: public, node_scores: public, criterion_scores: public}\n"
    text = page(client, _scored(entry(source=make.SMALL_FRAMEWORK + everything)))
    assert "Trustees meet" in text and "Embedded and reviewed" in text and "because of the minutes" not in text


def _scored(shown):
    """The entry, its case assessed with the same score everywhere."""
    case = shown.award.application
    case.status, case.submitted_at, case.facts = ApplicationStatus.AWARDED, NOON - 40 * DAY, {"staff": 3}
    make.save(case)
    handed = make.save(
        Assessment(
            application_id=case.id,
            assessor_id=make.user().id,
            status=AssessmentStatus.HANDED_IN,
            assigned_at=NOON - 30 * DAY,
            assigned_by_id=make.user().id,
            handed_in_at=NOON - 20 * DAY,
        )
    )
    for code in ("GOV.1.1", "GOV.1.2", "SAFE.1.1", "SAFE.1.2"):
        words = {"criterion_code": code, "point": 3, "reason": "because of the minutes"}
        make.save(Score(assessment_id=handed.id, version=1, updated_at=NOON, **words))
    return shown


def test_a_page_costs_nothing_but_its_plain_check_once_it_is_written_and_five_statements_before(
    client, entry, count_statements
):
    address = f"/register/{entry(services=['befriending', 'lunch-club', 'home-care']).slug}"
    counts = []
    for _ in range(2):
        with count_statements() as statements:
            assert client.get(address).status_code == 200
        counts.append(sum(each.lstrip().startswith("SELECT") for each in statements))
    assert counts == [5, 0]  # beside the check of its state, which goes past the session and its events
