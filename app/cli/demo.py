"""`flask demo`: the demonstration's data, and the sign-ins that show it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.backends.passwords import Passwords
from app.backends.postcodes import SqlitePlaces
from app.backends.storage import DiskStorage
from app.backends.tokens import Tokens
from app.demo.cast import PASSWORD, read_cast, sign_ins
from app.demo.charities import load_invented_register
from app.demo.make import HalfMade, made_already, make
from app.demo.register_data import make as make_register
from app.demo.stage import OnePassword, Stage
from app.services.granting import Issue

group = AppGroup("demo", help="Invented providers, people and cases, to look around in.")


def register(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("make")
def make_demo() -> None:
    """Make the demonstration's data, unless it is there."""
    settings = current_app.config["SETTINGS"]
    if settings.env == "production":
        raise click.ClickException("This is a production installation (ENV). Invented data has no place in it.")
    try:
        there = made_already()
    except HalfMade:
        raise click.ClickException("Making the demonstration broke off once. Start afresh with `make demo`.") from None
    if there:
        click.echo("The demonstration's data is there already. Nothing was changed.")
        return
    now = datetime.now(UTC)
    stage = stage_of(current_app, now)
    make(stage, now)
    register_file = Path(current_app.config["CHARITIES_FILE"])
    if not register_file.exists():  # one that the operator has loaded stays
        load_invented_register(register_file, stage.cast, stage.today)
    click.echo("Made the demonstration's data.")


@group.command("register")
@click.option("--providers", type=click.IntRange(1, 5_000_000), default=26_000, show_default=True, help="How many.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same providers.")
def register_of_any_size(providers: int, seed: int) -> None:
    """Add invented providers with awards, to try the register at its full size."""
    if current_app.config["SETTINGS"].env == "production":
        raise click.ClickException("This is a production installation (ENV). Invented data has no place in it.")
    start = perf_counter()

    def told(done: int) -> None:
        click.echo(f"{done:>9,} of {providers:,} providers after {perf_counter() - start:.0f} s")

    try:
        make_register(providers, seed, Path(current_app.config["PLACES_FILE"]), datetime.now(UTC), told)
    except RuntimeError as error:
        raise click.ClickException(str(error)) from None


def stage_of(app: Flask, now: datetime) -> Stage:
    """The stage on the application's own places, files and keys."""
    config = app.config
    extensions = app.extensions
    return Stage(
        cast=read_cast(),
        places=extensions.get("places") or SqlitePlaces(Path(config["PLACES_FILE"])),
        storage=extensions.get("storage") or DiskStorage(Path(config["STORAGE_DIR"])),
        passwords=OnePassword(extensions.get("passwords") or Passwords()),
        tokens=extensions.get("tokens") or Tokens(config["SECRET_KEY"]),
        issue=Issue(config["BASE_URL"], Path(config["FONT_DIR"])),
        standards=Path(config["STANDARDS_DIR"]),
        now=now,
    )


@group.command("accounts")
def accounts() -> None:
    """Print who can sign in to the demonstration, and what each sees."""
    lines = sign_ins(read_cast())
    role, address = max(len(each.role) for each in lines), max(len(each.person.email) for each in lines)
    click.echo(f"Everybody's password is: {PASSWORD}\n")
    for each in lines:
        click.echo(f"  {each.role:{role}}  {each.person.email:{address}}  {each.sees}")
