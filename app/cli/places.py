"""`flask places build`: the postcodes, offline."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.backends.land import build_land, land_file
from app.backends.postcodes_build import build

group = AppGroup("places", help="Postcodes and councils of the United Kingdom.")


def register(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("build")
def build_command() -> None:
    """Build the file of places from the ONS Postcode Directory that came with the requirements."""
    path = Path(current_app.config["PLACES_FILE"])
    click.echo(f"{build(path):,} postcodes in {path.name}")
    click.echo(f"{build_land(path):,} towns and villages in {land_file(path).name}")
