"""`flask framework diff`: what changes from one edition to another, in words."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
from flask import Flask

from app.cli.framework import FILE, group
from app.domain.framework import Framework
from app.domain.wording import counted
from app.frameworks import FrameworkInvalid, check, load
from app.frameworks.diff import KIND_TITLES, Change, changes

SAME, DIFFERENT, TROUBLE = 0, 1, 2
"""What the command exits with, as diff and git diff --exit-code do."""


def register(app: Flask) -> None:
    group.add_command(diff_command)


@click.command("diff")
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
def diff_command(old: Path, new: Path, as_json: bool) -> None:
    """Print what changes from OLD to NEW, in words. Exits with 0 where nothing does, 1 where something does, 2 on mistakes."""
    found = changes(_framework(old), _framework(new))
    if as_json:
        click.echo(json.dumps([change.as_data() for change in found], indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_in_words(found)) or "Nothing has changed.")
    raise SystemExit(DIFFERENT if found else SAME)


def _in_words(found: tuple[Change, ...]) -> Iterator[str]:
    """The changes by kind, and within it in the order of the framework, with both texts where there are any."""
    if found:
        yield counted(len(found), "change")
    for kind, title in KIND_TITLES.items():
        of_kind = [change for change in found if change.kind is kind]
        if of_kind:
            yield f"\n{title} ({len(of_kind)})"
        for change in of_kind:
            yield f"  {change.sentence}"
            yield from (f"    - {line}" for line in change.before.splitlines())
            yield from (f"    + {line}" for line in change.after.splitlines())


def _framework(file: Path) -> Framework:
    try:
        return load(file)
    except (FrameworkInvalid, UnicodeDecodeError):
        for problem in check(file):
            click.echo(str(problem), err=True)
        raise SystemExit(TROUBLE) from None
