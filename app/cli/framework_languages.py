"""`flask framework languages`: how far a framework speaks each of its languages."""

from pathlib import Path

import click
from flask import Flask

from app.cli.framework import FILE, group
from app.frameworks import check
from app.frameworks.clauses.languages import language_report


def register(app: Flask) -> None:
    """The command joins `flask framework`, which puts itself into the app."""
    group.add_command(languages_command)


@click.command("languages")
@click.argument("file", type=FILE)
def languages_command(file: Path) -> None:
    """Print how many texts of a framework each language has, and where one is missing."""
    problems = check(file)
    if problems:
        for problem in problems:
            click.echo(str(problem), err=True)
        raise SystemExit(1)
    report = language_report(file.read_text("utf-8"), str(file))
    for language, written in report.written.items():
        first = ", shown where another is missing" if language == report.first else ""
        click.echo(f"{language}: {written:,} of {report.texts:,} texts{first}")
    for problem in report.missing:
        click.echo(str(problem))
