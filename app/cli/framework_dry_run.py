"""`flask framework dry-run`: what an edition would make of every case under the earlier ones. Nothing is written."""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import click
from flask import Flask

from app.cli.framework import group
from app.domain.effects import Verdict
from app.domain.errors import DomainError
from app.domain.wording import counted
from app.frameworks import FrameworkInvalid, check, load
from app.queries.dry_run import BATCH, COLUMNS, ORDER, DryRow, DryRun, dry_run, published_dry_run

WORDS = {
    Verdict.LOSES: "would lose",
    Verdict.UNKNOWN: "cannot be told",
    Verdict.GAINS: "would gain",
    Verdict.KEEPS: "would keep what they have",
}


def register(app: Flask) -> None:
    group.add_command(dry_run_command)


@click.command("dry-run")
@click.argument("what")
@click.option("--csv", "as_csv", is_flag=True, help="Print every case as CSV.")
def dry_run_command(what: str, as_csv: bool) -> None:
    """Try WHAT, the file of a draft or a published edition as CODE/EDITION, on every case. Progress goes to stderr."""
    run, today = _run(what), datetime.now(UTC).date()
    rows = _with_progress(run, today)
    if as_csv:
        _write(rows)
        return
    totals, lines = Counter[Verdict](), []
    for row in rows:
        totals[row.effect.verdict] += 1
        if row.effect.verdict is not Verdict.KEEPS:
            lines.append((ORDER.index(row.effect.verdict), _in_words(row)))
    for verdict in ORDER:
        click.echo(f"{totals[verdict]:,} {WORDS[verdict]}")
    for _, line in sorted(lines, key=lambda each: each[0]):
        click.echo(line)


def _run(what: str) -> DryRun:
    """The dry run of a file, or of a published edition."""
    file = Path(what)
    if file.is_file():
        try:
            return dry_run(load(file), None)
        except (FrameworkInvalid, UnicodeDecodeError):
            for problem in check(file):
                click.echo(str(problem), err=True)
            raise SystemExit(1) from None
    code, _, edition = what.partition("/")
    try:
        return published_dry_run(code, edition)
    except DomainError as refusal:
        raise click.ClickException(f"{refusal} Name a file, or an edition as CODE/EDITION.") from None


def _with_progress(run: DryRun, today: date) -> Iterator[DryRow]:
    size = run.size(today)
    done = 0
    for row in run.rows(today):
        yield row
        done += 1
        if done % BATCH == 0:
            click.echo(f"{done:,} of {counted(size, 'case')}", err=True)
    click.echo(f"{done:,} of {counted(size, 'case')}", err=True)


def _write(rows: Iterable[DryRow]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(COLUMNS)
    writer.writerows(row.cells for row in rows)


def _in_words(row: DryRow) -> str:
    found = row.effect
    award = f", award {row.award}" if row.award else ""
    change = f"{found.before} now, {found.after} then" if found.after else f"{found.before} now"
    return f"  {row.provider} (case {row.application_id}{award}): {change}. {' '.join(found.why)}".rstrip()
