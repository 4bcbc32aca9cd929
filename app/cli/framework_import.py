"""`flask framework import`: editions from other programs."""

from pathlib import Path

import click
from flask import Flask

from app.cli.framework import FILE, group
from app.domain.errors import DomainError
from app.frameworks.importing import import_framework


def register(app: Flask) -> None:
    group.add_command(import_command)


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
