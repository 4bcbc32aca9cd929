"""`flask register`: the register as a whole, for whoever looks after the installation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import click
from flask import Flask
from flask.cli import AppGroup

from app.domain.access import Actor
from app.domain.errors import Invalid
from app.domain.open_data import files_of
from app.domain.uk_time import uk_day
from app.edge.open_data import open_data_terms
from app.extensions import db
from app.queries.market_kept import keep_market
from app.queries.register_index import write_index
from app.services.open_data import make_open_data
from app.services.populations import load_populations, read_populations

group = AppGroup("register", help="The register as a whole.")


MOST_TOLD = 50


def register(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("export")
@click.option("--again", is_flag=True, help="Also where nothing has changed since today's export.")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Another folder than the public one."
)
def export_command(again: bool, folder: Path | None) -> None:
    """Write the whole register as open data: CSV, JSON Lines, Parquet and SQLite with their descriptions.

    The export stands at /open-data at once. The worker does the same every night.
    """
    terms = open_data_terms()
    if folder is not None:
        terms = replace(terms, folder=folder)
    began = monotonic()
    made = make_open_data(terms, datetime.now(UTC), again=again)
    for file in files_of(made.package):
        rows = "" if file.rows is None else f"{file.rows:>12,} rows"
        click.echo(f"{file.size:>14,} bytes {rows:>17}  {file.name}")
    click.echo(f"{made.folder} in {monotonic() - began:.1f} seconds")


@group.command("index")
@click.option("--afresh", is_flag=True, help="Build it from the database alone, whatever was written before.")
def index_command(afresh: bool) -> None:
    """Write the search index to the instance folder, from where the server reads it when it starts."""
    click.echo(f"The index of the register holds {write_index(db.engine, afresh):,} entries.")


@group.command("market")
def market_command() -> None:
    """Count the market map now, also where the register is small enough to be counted when somebody asks for it.

    The worker does the same for a large register every day, and within the hour after a change.
    """
    now, began = datetime.now(UTC), monotonic()
    count = keep_market(uk_day(now), now)
    click.echo(f"{count:,} approved providers counted in {monotonic() - began:.1f} seconds.")


@group.command("populations")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", "replacing", is_flag=True, help="Forget every figure that is not in the file.")
def populations_command(file: Path, replacing: bool) -> None:
    """Load how many people live where, for the market map: a CSV file with the columns area, group, people, year, source.

    Nothing is changed where a row is wrong.
    """
    try:
        figures, problems = read_populations(file.read_text("utf-8"))
    except (Invalid, UnicodeDecodeError) as error:
        raise click.ClickException(
            f"{getattr(error, 'message', 'The file is not UTF-8.')} Nothing was changed."
        ) from None
    for problem in problems[:MOST_TOLD]:
        click.echo(f"line {problem.line}: {problem.words}", err=True)
    if problems:
        raise click.ClickException(f"{len(problems)} rows are wrong. Nothing was changed.")
    actor = Actor(name="The operator")
    click.echo(f"{load_populations(figures, replace=replacing, actor=actor, now=datetime.now(UTC)):,} figures loaded")
