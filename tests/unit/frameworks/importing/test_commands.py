"""`flask framework import` and `export`, as they are typed."""

import json

import pytest
import yaml
from click.testing import CliRunner

from app.cli.framework_export import export_command
from app.cli.framework_import import import_command
from app.frameworks import check
from app.frameworks.schemes import STANDARDS

MARK = str(STANDARDS / "community-care-mark" / "2026.yaml")
LIBRARY = (
    "{name: Mark, version: 2, objects: {framework: {name: Mark, requirement_nodes: "
    "[{urn: 'urn:a:b:c:d:e', assessable: true, name: Être prêt, threats: [one]}]}}}"
)


@pytest.fixture
def library(tmp_path):
    file = tmp_path / "library.yaml"
    file.write_text(LIBRARY, "utf-8")
    return str(file)


def run(command, *words):
    return CliRunner().invoke(command, [str(word) for word in words])


def test_import_writes_an_edition_that_passes_the_check_and_reports_beside_it(library, tmp_path):
    out = tmp_path / "2027.yaml"
    result = run(import_command, library, "--out", out, "--framework", "ours", "--edition", "2027")
    assert (result.exit_code, result.stdout) == (0, "")
    assert check(out) == []
    assert yaml.safe_load(out.read_text("utf-8"))["framework"] == "ours"
    assert result.stderr.splitlines()[0] == "CISO Assistant library: 1 node, 1 assessable"
    assert "  no place for: Threats named by requirements: 1 (one)" in result.stderr.splitlines()


def test_without_a_file_to_write_the_edition_is_printed(library):
    result = run(import_command, library)
    assert result.exit_code == 0
    assert "text: Être prêt\n" in result.stdout and "no place for" not in result.stdout


def test_a_file_that_is_no_framework_is_refused_and_nothing_is_written(tmp_path):
    file, out = tmp_path / "list.yaml", tmp_path / "out.yaml"
    file.write_text("shopping: [milk]")
    result = run(import_command, file, "--out", out)
    assert (result.exit_code, result.stdout, out.exists()) == (1, "", False)
    assert "This is no framework that is known here." in result.stderr


def test_export_prints_the_same_catalog_every_time():
    first, second = run(export_command, MARK, "--to", "oscal"), run(export_command, MARK, "--to", "oscal")
    assert first.exit_code == 0 and first.stdout == second.stdout
    metadata = json.loads(first.stdout)["catalog"]["metadata"]
    assert (metadata["version"], metadata["last-modified"]) == ("2026", "2026-01-01T00:00:00+00:00")


def test_export_knows_languages_formats_and_the_day_of_the_last_change():
    result = run(
        export_command, MARK, "--to", "oscal", "--format", "yaml", "--language", "cy", "--modified", "2026-05-04"
    )
    metadata = yaml.safe_load(result.stdout)["catalog"]["metadata"]
    assert metadata["last-modified"] == "2026-05-04T00:00:00+00:00"
    assert metadata["title"] != "Community Care Mark"


def test_a_framework_with_mistakes_is_told_and_not_exported(tmp_path):
    file = tmp_path / "broken.yaml"
    file.write_text("framework: x\n")
    result = run(export_command, file, "--to", "oscal")
    assert (result.exit_code, result.stdout) == (1, "") and ":1:1: `edition` is missing" in result.stderr
