"""`flask audit`: check the trail, keep a seal of it outside, and erase what the law asks for."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import Flask
from flask.cli import AppGroup

from app.domain.audit_chain import read_seal
from app.domain.errors import DomainError
from app.domain.wording import counted
from app.extensions import db
from app.queries import audit_chain
from app.queries.audit_chain import Seal
from app.services.audit_keeping import erase_content

group = AppGroup("audit", help="Check the audit trail, and keep a seal of it where this service cannot reach it.")
MOST_TOLD = 50


def register(app: Flask) -> None:
    app.cli.add_command(group)


def _seals(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> tuple[Seal, ...]:
    try:
        return tuple(Seal(*read_seal(text)) for text in given)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@group.command("verify")
@click.option(
    "--seal", "seals", multiple=True, callback=_seals, help="A seal that you kept, as `flask audit seal` told it."
)
def verify(seals: tuple[Seal, ...]) -> None:
    """Check that no row of the trail was changed, added or taken away. Exits with 1 where one was.

    Rows cut off at the end show only against a seal: those of each day are on file and on the page /seals, and one that you
    keep elsewhere proves it even against somebody who can change the database.
    """
    found = audit_chain.verify(db.session(), seals)
    erased = f", {found.erased} of them with their words erased" if found.erased else ""
    against = counted(found.seals + len(seals), "seal")
    click.echo(f"{counted(found.rows, 'row')} checked{erased}, against {against}.")
    for each in found.breaks[:MOST_TOLD]:
        click.echo(f"Row {each.row_id}: {each.because}.")
    if len(found.breaks) > MOST_TOLD:
        click.echo(f"And {len(found.breaks) - MOST_TOLD} more.")
    if found.breaks:
        raise SystemExit(1)
    click.echo("The trail is whole.")


@group.command("seal")
def seal() -> None:
    """Print where the trail ends now, to be kept outside and given to `flask audit verify --seal` later."""
    end = audit_chain.end_of_chain(db.session())
    click.echo(str(end) if end else "The trail is empty.")


@group.command("erase")
@click.argument("row_id", type=int)
@click.option("--reason", required=True, help="Why, for ever on record.")
@click.option("--by", required=True, help="Who decided it.")
@click.confirmation_option(prompt="The words of this row will be gone for ever. Go on?")
def erase(row_id: int, reason: str, by: str) -> None:
    """Erase the words of a row and the name of who did it. That it happened, and when, stays, and the trail stays whole."""
    try:
        erase_content(row_id, reason, by=by, now=datetime.now(UTC))
    except DomainError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"The words of row {row_id} are erased.")
