"""`flask registers`: public registers that profiles can be filled in from."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.backends.charity_register import SqliteCharityRegister
from app.backends.charity_tables import Loaded, build
from app.backends.extract_files import BrokenFile

group = AppGroup("registers", help="Public registers that profiles can be filled in from.")
STEP = 5  # percent


def register(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("load")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load_command(files: tuple[Path, ...]) -> None:
    """Load the Charity Commission's public extract: all its files at once, zipped or not, JSON or text.

    What was loaded before is replaced, or stays as it was where a file is broken.
    """
    try:
        loaded = build(_place(), list(files), _Progress())
    except BrokenFile as error:
        click.echo(f"{error.message} Nothing was changed.", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"The register could not be written: {error}. Nothing was changed.", err=True)
        sys.exit(1)
    _tell(loaded)


@group.command("status")
def status_command() -> None:
    """Say what is loaded, and of which day it is."""
    loaded = SqliteCharityRegister(_place()).status()
    if loaded is None:
        click.echo("Nothing is loaded. See “registers load” in docs/operating.md.")
        sys.exit(1)
    _tell(loaded)


def _place() -> Path:
    return Path(current_app.config["CHARITIES_FILE"])


def _tell(loaded: Loaded) -> None:
    when = loaded.extracted_on.isoformat() if loaded.extracted_on else "an unknown day"
    click.echo(f"The Charity Commission’s register as extracted on {when}")
    for table, count in loaded.counts.items():
        click.echo(f"  {count:>10,} {table}")
    for name in loaded.left_aside:
        click.echo(f"  Not used here: {name}")


class _Progress:
    """Tells how far it is, every few percent."""

    def __init__(self) -> None:
        self._next = STEP

    def __call__(self, done: int, of: int) -> None:
        percent = 100 * done // max(1, of)
        if percent >= self._next:
            click.echo(f"{percent}% read", err=True)
            self._next = percent - percent % STEP + STEP
