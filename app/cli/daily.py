"""`flask daily`: the regular work of the day, and the day's e-mail for those whose hour has come."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click
from flask import Flask, current_app

from app.cli.rehearsing import MOST_DAYS, NoCopy, RehearsedDay, rehearsed
from app.domain.uk_time import UK
from app.edge.open_data import regular_works
from app.services.daily import run_regular
from app.services.digests import write_digests


def register(app: Flask) -> None:
    app.cli.add_command(daily)


@click.command("daily")
@click.option("--again", is_flag=True, help="Do everything again, also what is done for today.")
@click.option("--list", "only_list", is_flag=True, help="Say what there is to do, and do nothing.")
@click.option("--rehearse", is_flag=True, help="Do it on a copy that is thrown away, and say what would happen.")
@click.option("--on", "to", type=click.DateTime(["%Y-%m-%d"]), help="With --rehearse: up to and with this day.")
def daily(again: bool, only_list: bool, rehearse: bool, to: datetime | None) -> None:
    """Do the day's regular work that is not done yet, then queue the day's e-mail for those whose hour has come.

    `mail worker` does the same by itself. A rehearsal does the work of every day from today on, one after another, as
    they would come: warnings count for what follows them. Exits with 1 where something broke off.
    """
    if rehearse:
        _rehearse(to.date() if to else None)
        return
    if to:
        raise click.UsageError("--on goes with --rehearse: the work of another day is only rehearsed.")
    if only_list:
        click.echo("\n".join(name for name, _ in regular_works()))
        return
    now = datetime.now(UTC)
    done = run_regular(now, regular_works(), again=again)
    for each in done:
        click.echo(f"{each.name}: {each.error or each.count}")
    if not done:
        click.echo("The day's work is done already.")
    click.echo(f"The day's e-mail: {write_digests(now).queued} queued")
    if any(each.error for each in done):
        raise SystemExit(1)


def _rehearse(to: date | None) -> None:
    today = datetime.now(UTC).astimezone(UK).date()
    to = to or today
    if not 0 <= (to - today).days <= MOST_DAYS:
        raise click.UsageError(f"Name a day from today on, within {MOST_DAYS} days.")
    try:
        days = rehearsed(current_app.config["SETTINGS"], today, to)
        broken = [told for day in days for told in _tell(day)]
    except NoCopy as error:
        raise click.UsageError(str(error)) from None
    click.echo("This was a rehearsal: nothing was changed and nothing was sent.")
    if broken:
        raise SystemExit(1)


def _tell(day: RehearsedDay) -> list[str]:
    """Print what a day would bring, if anything. Returns the names of what broke off."""
    counts = [f"{each.name}: {each.error or each.count}" for each in day.done if each.error or each.count]
    if counts or day.changes:
        click.echo(f"{day.day}  {'; '.join(counts)}")
    for change in day.changes:
        click.echo(f"            {change}")
    return [each.name for each in day.done if each.error]
