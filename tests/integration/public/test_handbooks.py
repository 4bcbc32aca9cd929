"""What anyone can take away of a published edition: the handbook and the spreadsheet, made once."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from app.certificates import handbook as printing
from tests import factories


@pytest.fixture
def edition(app):
    source = factories.SMALL_FRAMEWORK.replace("title: Small Mark", "title: {en: Small Mark, cy: Marc Bach}")
    return factories.edition(factories.scheme(title="Small Scheme", details={"awarding_body": "Small Body"}), source)


def address(edition, file, language="") -> str:
    return f"/standards/{edition.code}/{edition.edition}/{file}" + (f"?language={language}" if language else "")


def test_the_handbook_is_there_in_each_language_of_the_edition(client, edition):
    for language, title in (("", "Small Mark"), ("en", "Small Mark"), ("cy", "Marc Bach")):
        response = client.get(address(edition, "handbook.pdf", language))
        assert (response.status_code, response.mimetype) == (200, "application/pdf")
        assert f"handbook-{language or 'en'}.pdf" in response.headers["Content-Disposition"]
        text = PdfReader(BytesIO(response.data)).pages[0].extract_text()
        assert title in text and "Small Body" in text and edition.sha256 in text


def test_the_spreadsheet_is_there_in_each_language_of_the_edition(client, edition):
    response = client.get(address(edition, "criteria.xlsx", "cy"))
    book = load_workbook(BytesIO(response.data))
    assert book.sheetnames == ["Contents", "Criteria", "Scales", "Levels", "Rules"]
    assert book["Contents"]["A1"].value == "Marc Bach"
    assert [cell.value for cell in book["Criteria"]["A"]] == ["Code", "GOV.1.1", "GOV.1.2", "SAFE.1.1", "SAFE.1.2"]


def test_a_language_or_an_edition_that_is_not_there_is_told(client, edition):
    missing = client.get(address(edition, "handbook.pdf", "pl"))
    assert missing.status_code == 422 and "It can be read in English and Welsh." in missing.text
    for file in ("handbook.pdf", "criteria.xlsx"):
        assert client.get(f"/standards/{edition.code}/1999/{file}").status_code == 404


def test_a_handbook_is_made_once_and_not_sent_again_to_whoever_has_it(client, edition, monkeypatch, app):
    made = []
    real = printing.handbook_pdf
    monkeypatch.setattr(printing, "handbook_pdf", lambda *args: made.append(1) or real(*args))
    first = client.get(address(edition, "handbook.pdf"))
    again = client.get(address(edition, "handbook.pdf"), headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, made) == (200, 304, [1])
    assert first.headers["Cache-Control"].startswith("public")
    client.get(address(edition, "handbook.pdf", "cy"))
    assert made == [1, 1]
    assert list((Path(app.config["INSTANCE_DIR"]) / "made").iterdir())


def test_an_edition_whose_letters_cannot_be_printed_says_so_and_keeps_its_spreadsheet(client, app):
    title = "社区护理质量标准每年至少召开四次会议" * 20
    edition = factories.edition(source=factories.SMALL_FRAMEWORK.replace("title: Small Mark", f"title: {title}"))
    refused = client.get(address(edition, "handbook.pdf"))
    assert refused.status_code == 422 and "its typefaces lack" in refused.text
    assert client.get(address(edition, "criteria.xlsx")).status_code == 200


def test_each_download_asks_the_database_one_question(client, edition, count_statements):
    url = address(edition, "criteria.xlsx")
    client.get(url)
    with count_statements() as statements:
        client.get(url)
    assert len([each for each in statements if each.startswith("SELECT")]) == 1
