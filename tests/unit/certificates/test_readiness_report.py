"""The readiness report as a file: what it says, on how many pages, with which letters, always the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.certificates.readiness_report import PlannedAction, ReportFacts, readiness_report_pdf
from app.domain.charts import Axis
from app.domain.readiness import Progressed, readiness
from app.domain.scoring import Scored, outcome_so_far
from app.domain.self_assessment import Gap
from app.domain.way_up import way_up
from app.frameworks import load, read
from app.frameworks.schemes import STANDARDS
from config import ROOT
from tests.factories import SMALL_FRAMEWORK

FONTS = ROOT / "app" / "static" / "build" / "fonts"
FLAGSHIP = load(STANDARDS / "community-care-mark" / "2026.yaml")
ACTIONS = (
    PlannedAction("Write the safeguarding policy anew", "Ruth Ashworth", date(2026, 12, 1), "In progress"),
    PlannedAction("Find two trustees who have used the service", "", None, "Open"),
    PlannedAction("Test the continuity plan", "Eluned Hughes", date(2026, 11, 1), "Open", overdue=True),
)


def facts(framework=FLAGSHIP, target="silver", point=2, left=4, **changes) -> ReportFacts:
    scores = {each.code: Scored(point) for each in framework.criteria[:-left]}
    outcome = outcome_so_far(framework, scores, {}, target=target)
    open_codes = [each.code for each in outcome.sheet.criteria if each.code not in scores]
    found = readiness(
        outcome, target, Progressed(frozenset(scores), [Gap(code, "Not answered yet.", True) for code in open_codes])
    )
    made = ReportFacts(
        provider="Bay Memory Friends",
        scheme="Community Care Council",
        framework=str(framework.title),
        edition=framework.edition,
        made_on=date(2026, 11, 22),
        readiness=found,
        axes=tuple(Axis(each.name, each.value, each.figured, each.aim) for each in found.top),
        lift=outcome.least_lift,
        up=way_up(outcome),
        missing=tuple((code, "Not answered yet.") for code in open_codes),
        changed=(("Since 26 Oct 2026", ("It stood at Not yet and stands at Bronze.",)),),
        actions=ACTIONS,
    )
    return replace(made, **changes)


def pages_of(made: ReportFacts) -> list[str]:
    reader = PdfReader(BytesIO(readiness_report_pdf(made, FONTS)), strict=True)
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_the_report_says_on_few_pages_all_that_trustees_need():
    pages = pages_of(facts())
    assert 2 <= len(pages) <= 4
    text = " ".join(pages)
    for words in (
        "Bay Memory Friends Readiness for Community Care Mark, edition 2026",
        "22 Nov 2026",
        "We aim at Silver.",
        "GOV Governance and money",
        "needs 75%",
        "things are needed before we can apply",
        "Ruth Ashworth, by 1 Dec 2026. In progress.",
        "Nobody yet, without a date. Open.",
        "Eluned Hughes, by 1 Nov 2026. Open, overdue.",
        "Since 26 Oct 2026",
        "It stood at Not yet and stands at Bronze.",
        "Nobody from outside has checked it",
        f"Page 1 of {len(pages)}",
    ):
        assert words in text, words


def test_the_same_facts_give_the_same_bytes():
    assert readiness_report_pdf(facts(), FONTS) == readiness_report_pdf(facts(), FONTS)
    assert readiness_report_pdf(facts(), FONTS) != readiness_report_pdf(facts(point=3), FONTS)


def test_the_report_can_be_listened_to():
    reader = PdfReader(BytesIO(readiness_report_pdf(facts(), FONTS)), strict=True)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    roles = [str(each.get_object()["/S"]) for each in root["/StructTreeRoot"]["/K"][0].get_object()["/K"]]
    assert roles.count("/H1") == 1
    assert roles.count("/H2") >= 6
    assert "/L" in roles


def test_a_name_with_letters_of_wales_is_printed_and_what_cannot_be_is_said_openly():
    welsh = " ".join(pages_of(facts(provider="Cymdeithas Dyffryn Tŷ Ŵyn")))
    assert "Cymdeithas Dyffryn Tŷ Ŵyn" in welsh
    assert "question mark" not in welsh
    arabic = " ".join(pages_of(facts(provider="Salam جمعية Care")))
    assert "Salam ????? Care" in arabic
    assert "printed as a question mark" in arabic


def test_a_very_long_name_and_a_very_long_action_are_set_in_whole():
    name = "Association of the Friends of " + "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch " * 2
    title = "Write down " + "everythingthatcouldpossiblyhappen" * 8
    text = " ".join(pages_of(facts(provider=name, actions=(PlannedAction(title, "A" * 90, None, "Open"),))))
    squeezed = text.replace(" ", "")
    assert "".join(name.split()) in squeezed
    assert "".join(title.split()) in squeezed


def test_a_long_list_is_told_in_part_and_says_how_much_was_left_out():
    many = tuple((f"C{place}", "Not answered yet.") for place in range(300))
    actions = tuple(PlannedAction(f"Action {place}", "", None, "Open") for place in range(40))
    pages = pages_of(facts(missing=many, actions=actions, more_actions=100))
    text = " ".join(pages)
    assert "And 276 more, listed on the readiness page." in text
    assert "And 116 more actions, in the plan itself." in text
    assert len(pages) <= 5


@pytest.mark.parametrize("point", [0, 3])
def test_an_application_with_two_parts_has_a_report_without_a_radar(point):
    small = read(SMALL_FRAMEWORK, "small")
    text = " ".join(pages_of(facts(small, left=1, point=point, actions=(), changed=())))
    assert "where we stand" not in text
    assert "SAFE Safety" in text
    assert "No action is planned yet." in text
    assert "There is no earlier day to compare with yet." in text
