"""`flask framework export`: an edition for other programs (OSCAL), for a spreadsheet, and to print or read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask

from app.certificates.handbook import HandbookFacts, handbook_pdf
from app.cli.framework import FILE, group
from app.domain.errors import DomainError
from app.domain.framework import Framework
from app.domain.wording import joined
from app.frameworks import FrameworkInvalid, check, digest, load, load_scheme
from app.frameworks.handbook import handbook
from app.frameworks.in_words import languages_of
from app.frameworks.oscal_export import as_json, as_yaml, catalog
from app.frameworks.xlsx import workbook
from config import ROOT

YEAR = re.compile(r"(19|20)\d\d")
FONTS = ROOT / "app" / "static" / "build" / "fonts"


@dataclass(frozen=True)
class Edition:
    """What is exported: the file, what it says, the language, and what OSCAL alone needs."""

    file: Path
    framework: Framework
    language: str
    kind: str
    modified: datetime | None

    @property
    def sha256(self) -> str:
        return digest(self.file.read_text("utf-8"))


def register(app: Flask) -> None:
    group.add_command(export_command)


def _oscal(edition: Edition) -> bytes:
    year = YEAR.search(edition.framework.edition)
    changed = edition.modified or datetime(int(year.group()) if year else 1970, 1, 1)  # noqa: DTZ001  # the zone follows
    document = catalog(edition.framework, edition.language, changed.replace(tzinfo=UTC))
    return (as_json if edition.kind == "json" else as_yaml)(document).encode()


def _pdf(edition: Edition) -> bytes:
    beside = edition.file.parent / "scheme.yaml"
    facts = HandbookFacts(edition.framework, edition.language, edition.sha256)
    if beside.is_file():
        scheme = load_scheme(beside)
        body = scheme.awarding_body.in_(edition.language)
        facts = HandbookFacts(edition.framework, edition.language, edition.sha256, body, scheme.colour)
    return handbook_pdf(facts, FONTS)


def _xlsx(edition: Edition) -> bytes:
    return workbook(edition.framework, edition.language, edition.sha256)


def _markdown(edition: Edition) -> bytes:
    return handbook(edition.framework, edition.language).encode()


TARGETS: dict[str, Callable[[Edition], bytes]] = {"oscal": _oscal, "xlsx": _xlsx, "pdf": _pdf, "markdown": _markdown}
TO_A_FILE = frozenset({"xlsx", "pdf"})


@click.command("export")
@click.argument("file", type=FILE)
@click.option("--to", "target", type=click.Choice(list(TARGETS)), required=True)
@click.option("--language", default="", help="One language of the edition; its first one if left out.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it: a must for xlsx and pdf."
)
@click.option(
    "--format", "kind", type=click.Choice(["json", "yaml"]), default="json", show_default=True, help="Of OSCAL."
)
@click.option(
    "--modified",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Of OSCAL: when the edition was last changed; the first day of the year that it is named after if left out.",
)
def export_command(
    file: Path, target: str, language: str, out: Path | None, kind: str, modified: datetime | None
) -> None:
    """Write an edition as an OSCAL catalog, a spreadsheet, a handbook to print, or Markdown.

    The same file gives the same bytes.
    """
    if out is None and target in TO_A_FILE:
        raise click.UsageError(f"Say where to write the {target} file, with --out.")
    framework = _framework(file)
    edition = Edition(file, framework, _language(framework, language), kind, modified)
    try:
        made = TARGETS[target](edition)
    except (DomainError, FileNotFoundError) as refusal:
        raise click.ClickException(str(refusal)) from None
    if out is None:
        click.echo(made.decode(), nl=False)
    else:
        out.write_bytes(made)


def _framework(file: Path) -> Framework:
    try:
        return load(file)
    except (FrameworkInvalid, UnicodeDecodeError):
        for problem in check(file):
            click.echo(str(problem), err=True)
        raise SystemExit(1) from None


def _language(framework: Framework, wanted: str) -> str:
    offered = languages_of(framework)
    if wanted and wanted not in offered:
        raise click.ClickException(f"The file has no texts in {wanted}; it has {joined(offered)}.")
    return wanted or offered[0]
