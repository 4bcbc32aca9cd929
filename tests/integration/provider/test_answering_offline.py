"""A provider answers in a spreadsheet: downloads it, fills it in, brings it back, and agrees to what it changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from app.extensions import db
from app.models import Answer, AnswerSheet, AuditRow
from app.services.answer_sheets import Applied, apply_answers
from tests import factories
from tests.conftest import NOON
from tests.integration.provider.offline import answer, answers, apply, brought, download, fill_in, saved, token_on

ROWS = {"GOV.1.1": 2, "GOV.1.2": 3, "SAFE.1.1": 4, "SAFE.1.2": 5}


def test_the_workbook_holds_each_asked_criterion_with_its_answer_and_a_list_to_choose_from(browser, draft):
    answer(browser, draft, "GOV.1.1", 2, "=SUM(A1) is how we began")
    book = download(browser, draft)
    sheet = book["Answers"]
    assert [sheet.cell(row, 1).value for row in range(2, 6)] == list(ROWS)
    assert (sheet["D2"].value, sheet["E2"].value, sheet["E2"].data_type) == (
        "2 In place",
        "=SUM(A1) is how we began",
        "s",
    )
    assert (
        "Trustees meet at least four times a year" in sheet["B2"].value
        and "Decisions need a record" in sheet["C2"].value
    )
    offered = next(each for each in sheet.data_validations.dataValidation if "D2" in each.sqref)
    assert offered.formula1 == "Lists!$A$1:$A$5"
    assert [cell.value for cell in book["Lists"]["A"]] == [
        "0 Not in place",
        "1 Started",
        "2 In place",
        "3 Embedded and reviewed",
        "Not applicable",
    ]
    assert sheet["A2"].protection.locked and not sheet["D2"].protection.locked and sheet.protection.sheet
    assert (book["Meta"].sheet_state, sheet.freeze_panes) == ("veryHidden", "C2")


def test_what_the_file_changes_is_shown_cell_by_cell_and_then_saved_once(browser, draft):
    answer(browser, draft, "GOV.1.1", 1, "We began.")
    data = fill_in(
        download(browser, draft), D2="2 In place", E3="Told on the first day.", D4="not applicable", E4="None.", D5=3
    )
    address = brought(browser, draft, data)
    page = browser.get(address).text
    for words in (
        "4 answers would change",
        "D2",
        "1 Started",
        "2 In place",
        "E3",
        "Told on the first day.",
    ):
        assert words in page
    assert answers(draft) == {"GOV.1.1": (1, False, "We began.", 1)}

    token = token_on(page)
    for _ in range(2):
        response = browser.post(address, data={"token": token})
        assert response.location == f"/applications/{draft.id}"
    assert "4 answers are saved from your file." in browser.get(response.location).text
    assert answers(draft) == {
        "GOV.1.1": (2, False, "We began.", 2),
        "GOV.1.2": (None, False, "Told on the first day.", 1),
        "SAFE.1.1": (None, True, "None.", 1),
        "SAFE.1.2": (3, False, "", 1),
    }
    assert "It cannot be used twice" in browser.get(address).text
    (row,) = db.session.scalars(select(AuditRow).where(AuditRow.action == "answers.applied"))
    assert row.detail == {"changed": list(ROWS), "kept_theirs": []}
    assert db.session.scalars(select(AnswerSheet)).one().content == {}


def test_presses_of_the_button_at_one_moment_save_the_answers_once(app, browser, lead, draft):
    address = brought(browser, draft, fill_in(download(browser, draft), D2="2 In place", E3="Told on the first day."))
    token, sheet_id = token_on(browser.get(address).text), int(address.rpartition("/")[2])
    application_id, actor = draft.id, factories.actor(lead)
    db.session.rollback()

    def press(_):
        with app.app_context():
            return apply_answers(application_id, sheet_id, token, {}, actor=actor, now=NOON)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(press, range(4))) == [Applied(2, 0)] * 4
    assert {version for *_, version in answers(draft).values()} == {1}
    assert len(db.session.scalars(select(AuditRow).where(AuditRow.action == "answers.applied")).all()) == 1


def test_an_answer_that_was_carried_over_says_why_to_look_at_it_again(browser, draft):
    answer(browser, draft, "GOV.1.1", 2, "As last year.")
    db.session.scalars(select(Answer)).one().review = "The wording has changed."
    db.session.commit()
    book = download(browser, draft)
    assert book["Answers"]["C2"].value.startswith("Look at this again: The wording has changed.")
    apply(browser, brought(browser, draft, fill_in(book, E2="As last year, and checked against the new wording.")))
    assert db.session.scalars(select(Answer)).one().review == ""


def test_a_file_that_nobody_touched_changes_nothing(browser, draft):
    answer(browser, draft, "GOV.1.1", 2, "Every _x000D_ month,\r\nwith  spaces\tand “signs”. ")
    page = browser.get(brought(browser, draft, saved(download(browser, draft)))).text
    assert "0 answers would change" in page and "4 rows change nothing" in page and "Save these answers" not in page


def test_each_wrong_cell_is_named_and_the_right_ones_can_be_saved(browser, draft):
    data = fill_in(
        download(browser, draft),
        D2="Fully",
        E2="Kept in the file",
        E3="=1+1",
        E4="x" * 10_001,
        D5="In place",
        E5="Checked.",
    )
    address = brought(browser, draft, data)
    page = browser.get(address).get_data(as_text=True)
    assert "<b>Cell D2</b>: “Fully” is not one of 0 Not in place, 1 Started" in page
    assert "<b>Cell E3</b>: This cell holds a formula" in page
    assert "<b>Cell E4</b>: The reason may have at most 10,000 characters and has 10,001" in page
    apply(browser, address)
    assert answers(draft) == {"SAFE.1.2": (2, False, "Checked.", 1)}


def test_not_applicable_is_refused_where_the_scale_does_not_allow_it(browser, provider, lead):
    strict = factories.SMALL_FRAMEWORK.replace("not_applicable: with-reason", "not_applicable: never")
    application = factories.application(provider, factories.edition(source=strict), started_by=lead)
    book = download(browser, application)
    assert "Not applicable" not in [cell.value for cell in book["Lists"]["A"]]
    page = browser.get(brought(browser, application, fill_in(book, D2="Not applicable", E2="Not for us"))).text
    assert "GOV.1.1 cannot be marked as not applicable" in page


def test_rows_that_answer_nothing_are_named_and_harm_nothing(browser, draft):
    data = fill_in(download(browser, draft), A3="GOV.9", A4="GOV.1.1", A6="", D6="1 Started", A7="", E7="Who am I?")
    page = browser.get(brought(browser, draft, data)).text
    assert "<b>Cell A3</b>: “GOV.9” is not a criterion of this edition." in page
    assert "<b>Cell A4</b>: GOV.1.1 stands twice in the file." in page
    assert "<b>Cell A7</b>: This row has no code" in page


def test_a_criterion_that_stopped_being_asked_is_left_out_of_what_changes(browser, provider, draft):
    data = fill_in(download(browser, draft), D5="1 Started", D4="1 Started")
    provider.facts = {"staff": 0}
    db.session.commit()
    address = brought(browser, draft, data)
    assert "SAFE.1.2 is not asked of your organisation" in browser.get(address).text
    apply(browser, address)
    assert list(answers(draft)) == ["SAFE.1.1"]


def test_where_both_changed_the_person_chooses_and_nothing_is_lost(browser, colleague, draft):
    book = download(browser, draft)
    answer(colleague, draft, "GOV.1.1", 1, "What Rose wrote")
    answer(colleague, draft, "GOV.1.2", 1, "Also by Rose")
    answer(colleague, draft, "SAFE.1.1", 1, "Untouched in the file")
    address = brought(browser, draft, fill_in(book, D2="3 Embedded and reviewed", E2="What I wrote", E3="Mine too"))
    page = browser.get(address).text
    assert "2 answers were changed both in the file and online" in page
    assert "What Rose wrote" in page and "What I wrote" in page and "by Rose Hall on 16 Nov 2026" in page
    assert "1 answer was changed online only" in page

    undecided = apply(browser, address, GOV_1_1="mine")
    assert undecided.status_code == 422 and "Choose which answer to GOV.1.2 to keep." in undecided.text
    assert answers(draft)["GOV.1.1"][2] == "What Rose wrote"

    done = apply(browser, address, GOV_1_1="mine", GOV_1_2="theirs")
    assert "1 answer is saved from your file. 1 answer stays as written online." in browser.get(done.location).text
    assert answers(draft) == {
        "GOV.1.1": (3, False, "What I wrote", 2),
        "GOV.1.2": (1, False, "Also by Rose", 1),
        "SAFE.1.1": (1, False, "Untouched in the file", 1),
    }
    trail = db.session.scalars(select(AuditRow).where(AuditRow.action == "answer.recorded").order_by(AuditRow.id)).all()
    assert trail[-1].detail["before"]["reason"] == "What Rose wrote"
    applied = db.session.scalars(select(AuditRow).where(AuditRow.action == "answers.applied")).one()
    assert applied.detail == {"changed": ["GOV.1.1"], "kept_theirs": ["GOV.1.2"]}


def test_an_answer_given_online_while_the_preview_is_open_stops_the_saving(browser, colleague, draft):
    address = brought(browser, draft, fill_in(download(browser, draft), D2="2 In place", E2="From the file"))
    token = token_on(browser.get(address).text)
    answer(colleague, draft, "GOV.1.1", 0, "Just now")
    late = browser.post(address, data={"token": token})
    assert late.status_code == 409 and "Somebody answered online since you opened this page" in late.text
    assert "Just now" in late.text and "From the file" in late.text
    assert answers(draft) == {"GOV.1.1": (0, False, "Just now", 1)}


def test_emptying_an_answer_is_said_before_it_is_done(browser, draft):
    answer(browser, draft, "GOV.1.1", 2, "There was a reason.")
    address = brought(browser, draft, fill_in(download(browser, draft), D2=None, E2=None))
    assert "This empties the answer." in browser.get(address).text
    apply(browser, address)
    assert answers(draft)["GOV.1.1"] == (None, False, "", 2)


def test_what_a_file_would_change_is_shown_with_a_fixed_number_of_questions_to_the_database(
    browser, colleague, draft, count_statements
):
    def asked(address: str) -> int:
        with count_statements() as statements:
            assert browser.get(address).status_code == 200
        return len([each for each in statements if each.startswith("SELECT")])

    book = download(browser, draft)
    few = asked(brought(browser, draft, fill_in(book, D2="1 Started")))
    for code in ("GOV.1.2", "SAFE.1.1", "SAFE.1.2"):
        answer(colleague, draft, code, 1, "Rose")
    more = {f"{column}{row}": "2" for row in range(2, 6) for column in "DE"}
    many = asked(brought(browser, draft, fill_in(book, **more)))
    assert many <= few + 1  # who wrote the answers that both changed
