"""`flask framework rescore`: every case of an edition scored again from what was handed in."""

import click
from flask import Flask

from app.cli.framework import group
from app.domain.errors import DomainError
from app.domain.wording import counted
from app.queries.rescoring import rescore


def register(app: Flask) -> None:
    """The command joins `flask framework`, which puts itself into the app."""
    group.add_command(rescore_command)


@click.command("rescore")
@click.argument("code")
@click.argument("edition")
def rescore_command(code: str, edition: str) -> None:
    """Score every assessed case of edition EDITION of CODE again, and name the awards that differ. Nothing is changed."""
    try:
        found = rescore(code, edition, lambda done, cases: click.echo(f"\r{done:,} of {cases:,}", err=True, nl=False))
    except DomainError as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo("", err=True)
    for level, cases in sorted(found.by_level.items(), key=lambda each: -each[1]):
        click.echo(f"{level or 'no level'}: {cases:,}")
    click.echo(f"{counted(found.cases, 'case')}, {found.differ:,} with an award at another level than the scores give")
    for each in found.differing:
        click.echo(f"{each.award}: awarded {each.awarded}, the scores give {each.scored or 'no level'}")
