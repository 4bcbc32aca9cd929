"""`flask framework export`, as it is typed, to everything but OSCAL."""

from __future__ import annotations

from io import BytesIO

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from pypdf import PdfReader

from app.cli.framework_export import export_command
from app.frameworks import digest
from app.frameworks.schemes import STANDARDS
from tests.unit.frameworks.test_broken import BROKEN

MARK = STANDARDS / "community-care-mark" / "2026.yaml"


def run(*words):
    return CliRunner().invoke(export_command, [str(word) for word in words])


def test_a_handbook_is_written_with_the_scheme_that_stands_beside_the_file(tmp_path):
    out = tmp_path / "handbook.pdf"
    assert run(MARK, "--to", "pdf", "--language", "cy", "--out", out).exit_code == 0
    first = out.read_bytes()
    front = PdfReader(BytesIO(first)).pages[0].extract_text()
    assert "Marc Gofal Cymunedol" in front and "Community Care Mark Partnership" in front
    assert digest(MARK.read_text("utf-8")) in front
    run(MARK, "--to", "pdf", "--language", "cy", "--out", out)
    assert out.read_bytes() == first


def test_a_spreadsheet_is_written_in_the_first_language_where_none_is_named(tmp_path):
    out = tmp_path / "criteria.xlsx"
    assert run(MARK, "--to", "xlsx", "--out", out).exit_code == 0
    assert load_workbook(out)["Contents"]["A1"].value == "Community Care Mark"


def test_markdown_is_printed_in_the_language_that_is_named():
    result = run(MARK, "--to", "markdown", "--language", "cy")
    assert result.exit_code == 0 and result.output.startswith("# Marc Gofal Cymunedol\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((MARK, "--to", "pdf"), "Say where to write the pdf file, with --out."),
        ((MARK, "--to", "markdown", "--language", "pl"), "The file has no texts in pl; it has en and cy."),
        ((MARK, "--to", "word"), "'word' is not one of"),
        ((BROKEN / "misspelt-scale.yaml", "--to", "markdown"), "did you mean `steps`?"),
    ],
)
def test_what_cannot_be_exported_is_told(words, message):
    result = run(*words)
    assert result.exit_code != 0 and message in result.output
