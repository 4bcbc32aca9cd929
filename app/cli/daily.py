"""`flask daily`: the regular work of the day, and the day's e-mail for those whose hour has come."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import Flask

from app.services.daily import REGULAR, run_regular
from app.services.digests import write_digests


def register(app: Flask) -> None:
    app.cli.add_command(daily)


@click.command("daily")
@click.option("--again", is_flag=True, help="Do everything again, also what is done for today.")
@click.option("--list", "only_list", is_flag=True, help="Say what there is to do, and do nothing.")
def daily(again: bool, only_list: bool) -> None:
    """Do the day's regular work that is not done yet, then queue the day's e-mail for those whose hour has come.

    `mail worker` does the same by itself. Exits with 1 where something broke off.
    """
    if only_list:
        click.echo("\n".join(name for name, _ in REGULAR))
        return
    now = datetime.now(UTC)
    done = run_regular(now, again=again)
    for each in done:
        click.echo(f"{each.name}: {each.error or each.count}")
    if not done:
        click.echo("The day's work is done already.")
    click.echo(f"The day's e-mail: {write_digests(now).queued} queued")
    if any(each.error for each in done):
        raise SystemExit(1)
