"""`flask people`: the first people of an installation, and those who are locked out, whom nobody there could help."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.domain.errors import DomainError
from app.domain.uk_time import spoken, uk_day
from app.queries.lead_requests import waiting_for_operator
from app.services import account_closing, lead_decisions, two_step
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


@group.command("close")
@click.argument("email")
@click.option("--how", required=True, help="How you made sure that it is they who ask. It is kept in the trail.")
@click.option("--needs-to", type=int, help="The number of a team of theirs that takes their needs over.")
def close(email: str, how: str, needs_to: int | None) -> None:
    """Close the account of EMAIL, with all that it watches, saved or published. They are told."""
    try:
        counts = account_closing.close_account(email, how, needs_to=needs_to, now=datetime.now(UTC))
    except DomainError as error:
        raise click.ClickException(error.message) from None
    ended = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count)
    click.echo(f"The account of {email} is closed. Ended with it: {ended or 'nothing'}.")


@group.command("transfer-lead")
@click.argument("email")
@click.option(
    "--organisation",
    "organisation_id",
    type=int,
    required=True,
    help="The organisation's number, as in the addresses of its pages.",
)
@click.option(
    "--how", required=True, help="How you made sure of the person. It is kept, and the organisation reads it."
)
def transfer_lead(email: str, organisation_id: int, how: str) -> None:
    """Make EMAIL a lead of an organisation whose own leads are ill or gone, and which no scheme knows.

    They need a confirmed account. Earlier leads stay, are told, and may object for a week.
    """
    try:
        request_id = lead_decisions.transfer_lead(organisation_id, email, how, now=datetime.now(UTC))
    except DomainError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"{email} leads organisation {organisation_id} from now on (request {request_id}). Its people are told.")


@group.command("settle-objection")
@click.argument("request_id", type=int)
@click.option("--uphold/--refuse", "upheld", required=True, help="Whether the new lead leads all the same.")
@click.option("--how", required=True, help="How you made sure, or why not. The organisation reads it.")
def settle_objection(request_id: int, upheld: bool, how: str) -> None:
    """Settle the objection to a lead that was granted, where no scheme does."""
    try:
        lead_decisions.settle_objection(request_id, upheld, how, now=datetime.now(UTC))
    except DomainError as error:
        raise click.ClickException(error.message) from None
    click.echo("The new lead is upheld." if upheld else "All stays as it was before the lead was granted.")


@group.command("lead-requests")
def lead_requests() -> None:
    """List the requests to lead an organisation that wait for you, because no scheme knows the organisation."""
    rows = waiting_for_operator(now=datetime.now(UTC))
    for row in rows:
        asked = spoken(uk_day(row.asked_at))
        click.echo(f"{row.request_id}  {row.status.value}  asked {asked}  {row.person} <{row.person_email}>")
        click.echo(f"    organisation {row.organisation_id}: {row.organisation}")
        for words in filter(None, (row.position, row.reason, row.proof, row.objection)):
            click.echo(f"    {' '.join(words.split())}")
    if not rows:
        click.echo("None waits.")
