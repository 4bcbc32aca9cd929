"""A provider answers in a spreadsheet: downloads it, fills it in, brings it back, and agrees to what it changes."""

from __future__ import annotations

import csv
import zipfile
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.domain.lifecycle import ApplicationStatus
from app.extensions import db
from app.models import Answer, AnswerSheet, AuditRow
from tests import factories

ROWS = {"GOV.1.1": 2, "GOV.1.2": 3, "SAFE.1.1": 4, "SAFE.1.2": 5}


def download(browser, application):
    response = browser.get(f"/applications/{application.id}/answers.xlsx")
    assert response.status_code == 200 and response.headers["Content-Disposition"].startswith("attachment")
    return load_workbook(BytesIO(response.data))


def saved(book) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def fill_in(book, **cells):
    for cell, value in cells.items():
        book["Answers"][cell] = value
    return saved(book)


def bring(browser, application, data: bytes, name="answers.xlsx"):
    return browser.post(f"/applications/{application.id}/offline", data={"file": (BytesIO(data), name)})


def brought(browser, application, data: bytes) -> str:
    response = bring(browser, application, data)
    assert response.status_code == 302, response.text
    return response.location


def token_on(page: str) -> str:
    return page.split('name="token" value="')[1].split('"')[0]


def apply(browser, address, **kept):
    page = browser.get(address).text
    data = {"token": token_on(page), **{f"keep-{code.replace('_', '.')}": value for code, value in kept.items()}}
    return browser.post(address, data=data)


def answer(browser, application, code, point, reason, version=0):
    url = f"/applications/{application.id}/criteria/{code}"
    return browser.post(url, data={"point": str(point), "reason": reason, "version": str(version)})


def answers(application) -> dict[str, tuple]:
    found = db.session.scalars(select(Answer).where(Answer.application_id == application.id))
    return {each.criterion_code: (each.point, each.not_applicable, each.reason, each.version) for each in found}


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
        "Answers!D2",
        "1 Started",
        "2 In place",
        "Answers!E3",
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
    assert "<b>Answers!D2</b>: “Fully” is not one of 0 Not in place, 1 Started" in page
    assert "<b>Answers!E3</b>: This cell holds a formula" in page
    assert "<b>Answers!E4</b>: The reason may have at most 10,000 characters and has 10,001" in page
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
    assert "<b>Answers!A3</b>: “GOV.9” is not a criterion of this edition." in page
    assert "<b>Answers!A4</b>: GOV.1.1 stands twice in the file." in page
    assert "<b>Answers!A7</b>: This row has no code" in page


def test_a_criterion_that_stopped_being_asked_is_left_out_of_what_changes(browser, provider, draft):
    data = fill_in(download(browser, draft), D5="1 Started", D4="1 Started")
    provider.facts = {"staff": 0}
    db.session.commit()
    address = brought(browser, draft, data)
    assert "SAFE.1.2 is not asked of your organisation" in browser.get(address).text
    apply(browser, address)
    assert list(answers(draft)) == ["SAFE.1.1"]


@pytest.fixture
def colleague(client_for, provider):
    return client_for(factories.member(provider, name="Rose Hall"))


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


def other_file(browser, provider, lead) -> bytes:
    return saved(download(browser, factories.application(provider, factories.edition(), started_by=lead)))


def old_edition(book) -> bytes:
    sheet = book["Meta"]
    row = next(row for row in sheet.iter_rows() if row[0].value == "edition")
    row[1].value = "f" * 64
    return saved(book)


def bomb() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 40_000_000)
    return file.getvalue()


def many_rows(book) -> bytes:
    for _ in range(10_100):
        book["Answers"].append(["GOV.1.1", "", "", "1 Started", "x"])
    return saved(book)


def as_csv() -> bytes:
    text = StringIO()
    csv.writer(text).writerow(["Code", "Answer"])
    return text.getvalue().encode()


def test_every_file_that_is_not_this_applications_answers_is_refused_in_words(browser, provider, lead, draft):
    book = download(browser, draft)
    plain = load_workbook(BytesIO(saved(book)))
    del plain["Meta"]
    files = [
        (other_file(browser, provider, lead), "a.xlsx", "downloaded for another application"),
        (old_edition(load_workbook(BytesIO(saved(book)))), "a.xlsx", "made for another edition"),
        (saved(plain), "a.xlsx", "not a file of answers that was downloaded here"),
        (b"PK not a zip", "a.xlsx", "is damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.xlsx", "locked with a password or in an old format"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.xls", "a workbook of an old kind (.xls)"),
        (as_csv(), "a.csv", "CSV file does not know which application"),
        (bomb(), "a.xlsx", "would unpack to far more"),
        (many_rows(load_workbook(BytesIO(saved(book)))), "a.xlsx", "more than 10,000 rows"),
        (b"", "a.xlsx", "is empty"),
    ]
    for data, name, words in files:
        response = bring(browser, draft, data, name)
        assert response.status_code == 422 and words in response.text, (words, response.text[:3000])
    none = browser.post(f"/applications/{draft.id}/offline", data={})
    assert none.status_code == 422 and "Choose the file that you filled in." in none.text
    assert db.session.scalars(select(AnswerSheet)).all() == []


def test_a_file_waits_for_a_day_and_a_newer_one_takes_its_place(browser, draft, clock):
    data = fill_in(download(browser, draft), D2="2 In place")
    brought(browser, draft, data)
    address = brought(browser, draft, data)
    assert len(db.session.scalars(select(AnswerSheet)).all()) == 1
    assert address in browser.get(f"/applications/{draft.id}/offline").text
    clock.forward(hours=25)
    assert browser.get(address).status_code == 404
    assert address not in browser.get(f"/applications/{draft.id}/offline").text


def test_a_discarded_file_is_gone_and_nothing_changed(browser, draft):
    address = brought(browser, draft, fill_in(download(browser, draft), D2="2 In place"))
    assert browser.post(f"{address}/discard").location == f"/applications/{draft.id}/offline"
    assert browser.get(address).status_code == 404 and answers(draft) == {}


def test_nobody_sees_or_applies_what_another_person_brought(browser, colleague, client_for, draft):
    address = brought(browser, draft, fill_in(download(browser, draft), D2="2 In place"))
    stranger = client_for(factories.member(factories.organisation()))
    for other in (colleague, stranger):
        assert other.get(address).status_code == 404
        assert other.post(address, data={"token": "x"}).status_code == 404
    assert stranger.get(f"/applications/{draft.id}/answers.xlsx").status_code == 404
    assert answers(draft) == {}


def test_nothing_is_brought_or_applied_once_the_application_is_handed_in(browser, draft):
    data = fill_in(download(browser, draft), D2="2 In place")
    address = brought(browser, draft, data)
    token = token_on(browser.get(address).text)
    draft.status = ApplicationStatus.SUBMITTED
    db.session.commit()
    assert bring(browser, draft, data).status_code == 409
    assert browser.post(address, data={"token": token}).status_code == 409
    assert "handed in" in browser.get(f"/applications/{draft.id}/offline").text
    assert answers(draft) == {}


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
