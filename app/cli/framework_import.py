"""`flask framework import` and `export`: editions from other programs and for them."""

import re
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask

from app.cli.framework import FILE, group
from app.domain.errors import DomainError
from app.frameworks import FrameworkInvalid, check, load
from app.frameworks.importing import import_framework
from app.frameworks.oscal_export import as_json, as_yaml, catalog

YEAR = re.compile(r"(19|20)\d\d")


def register(app: Flask) -> None:
    group.add_command(import_command)
    group.add_command(export_command)


@click.command("import")
@click.argument("file", type=FILE)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it; the terminal if left out."
)
@click.option("--framework", default="", help="The code of the framework, in place of one made from its name.")
@click.option("--edition", default="", help="The edition, in place of the version that the file names.")
def import_command(file: Path, out: Path | None, framework: str, edition: str) -> None:
    """Bring a CISO Assistant library or an OSCAL catalog into our format; exit with 1 where that cannot be.

    The edition goes to the terminal or to --out, the report of what came over and what had no place to standard error.
    """
    try:
        result = import_framework(file.read_bytes(), file.name, framework=framework, edition=edition)
    except DomainError as refusal:
        raise click.ClickException(f"{file}: {refusal}") from None
    for line in result.report.lines:
        click.echo(line, err=True)
    if out is None:
        click.echo(result.source, nl=False)
    else:
        out.write_text(result.source, "utf-8")
    for problem in result.problems:
        click.echo(str(problem), err=True)
    if result.problems:
        raise SystemExit(1)


@click.command("export")
@click.argument("file", type=FILE)
@click.option("--to", "target", type=click.Choice(["oscal"]), required=True)
@click.option("--format", "kind", type=click.Choice(["json", "yaml"]), default="json", show_default=True)
@click.option("--language", default="en", show_default=True, help="OSCAL holds one language at a time.")
@click.option(
    "--modified",
    type=click.DateTime(["%Y-%m-%d"]),
    help="When the edition was last changed; the first day of the year that the edition is named after if left out.",
)
def export_command(file: Path, target: str, kind: str, language: str, modified: datetime | None) -> None:
    """Print an edition as an OSCAL catalog. The same file gives the same catalog, to the byte."""
    try:
        framework = load(file)
    except (FrameworkInvalid, UnicodeDecodeError):
        for problem in check(file):
            click.echo(str(problem), err=True)
        raise SystemExit(1) from None
    year = YEAR.search(framework.edition)
    changed = modified or datetime(int(year.group()) if year else 1970, 1, 1)  # noqa: DTZ001  # the zone follows
    document = catalog(framework, language, changed.replace(tzinfo=UTC))
    click.echo((as_json if kind == "json" else as_yaml)(document), nl=False)
