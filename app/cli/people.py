"""`flask people`: the first people of an installation, and those who are locked out, whom nobody there could help."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.domain.errors import DomainError
from app.services import two_step
from app.services.invitations import appoint_manager

group = AppGroup("people", help="Appoint an installation's first people, and let those in again who are locked out.")


def register(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("add-manager")
@click.argument("email")
@click.option("--scheme", "code", required=True, help="The scheme's code, as its folder in standards/ is named.")
def add_manager(email: str, code: str) -> None:
    """Invite EMAIL to manage a scheme. The invitation goes out by mail, or stands in the outbox."""
    try:
        appoint_manager(code, email, now=datetime.now(UTC))
    except DomainError as error:
        raise click.ClickException(error.message) from None
    where = "by mail" if current_app.config["SETTINGS"].smtp_host else "in the outbox (/outbox)"
    click.echo(f"{email} is invited to manage {code}. The invitation is {where}.")


@group.command("reset-two-step")
@click.argument("email")
def reset_two_step(email: str) -> None:
    """Take two-step sign-in off the account of EMAIL, who has lost device and recovery codes.

    Make sure first, by other means than e-mail, that it is they who ask. The password stays; they are told.
    """
    try:
        two_step.reset_two_step(email, now=datetime.now(UTC))
    except DomainError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"Two-step sign-in is off for {email}, who is signed out everywhere and told of it.")
