"""`flask register`: the register as a whole, for whoever looks after the installation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import click
from flask import Flask
from flask.cli import AppGroup

from app.domain.open_data import files_of
from app.edge.open_data import open_data_terms
from app.extensions import db
from app.queries.register_index import write_index
from app.services.open_data import make_open_data

group = AppGroup("register", help="The register as a whole.")


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
