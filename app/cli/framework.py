"""`flask framework`: check, score, print and prove framework files. None of it needs a database."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from app.domain.errors import DomainError
from app.domain.framework import Framework
from app.domain.scoring import Outcome, Scored, outcome, outcome_so_far
from app.frameworks import FrameworkInvalid, check, load
from app.frameworks.cases import parse_facts, parse_scores
from app.frameworks.handbook import handbook as written_handbook
from app.frameworks.importing.samples import prove_samples
from app.frameworks.positions import load as load_yaml
from app.frameworks.problems import Problems
from app.frameworks.schemes import STANDARDS
from app.services.frameworks import load_standards

group = AppGroup("framework", help="Check, score and print framework files.")
COUNCILS = "cqc-local-authorities"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def register(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("check", with_appcontext=False)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def check_command(paths: tuple[Path, ...]) -> None:
    """Print every mistake in files or folders as file:line:column: message; exit with 1 if there is one."""
    problems = [problem for path in paths for problem in check(path)]
    for problem in problems:
        click.echo(str(problem))
    if problems:
        raise SystemExit(1)
    click.echo("No mistakes found.")


@group.command("score", with_appcontext=False)
@click.argument("file", type=FILE)
@click.option("--scores", "scores_file", required=True, type=FILE, help="YAML: criterion code -> point.")
@click.option("--facts", "facts_file", type=FILE, help="YAML: fact -> value.")
@click.option("--target", help="The level applied for; all levels if left out.")
@click.option("--so-far", is_flag=True, help="Allow missing scores.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole outcome as JSON.")
def score_command(
    file: Path, scores_file: Path, facts_file: Path | None, target: str | None, so_far: bool, as_json: bool
) -> None:
    """Score a framework file with a file of scores, and say why."""
    framework = _framework(file)
    judge = outcome_so_far if so_far else outcome
    try:
        facts = parse_facts(_plain(facts_file)) if facts_file else {}
        for unknown in facts.keys() - framework.facts.keys():
            raise DomainError(f"The framework knows no fact {unknown}.")
        scores = parse_scores(_plain(scores_file), framework, facts, target)
        result = judge(framework, scores, facts, target=target)
    except DomainError as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(json.dumps(result.as_data(), indent=2, ensure_ascii=False) if as_json else _in_words(result))


@group.command("handbook", with_appcontext=False)
@click.argument("file", type=FILE)
@click.option("--language", default="en", show_default=True)
def handbook_command(file: Path, language: str) -> None:
    """Print a framework as a handbook to read, in Markdown."""
    click.echo(written_handbook(_framework(file), language))


@group.command("conformance", with_appcontext=False)
def conformance_command() -> None:
    """Give every rated council its published rating, and bring over published frameworks; exit with 1 on any mismatch."""
    folder = data_folder()
    file = folder / f"{COUNCILS}.json"
    if not file.is_file():
        raise click.ClickException(f"There is no {file}. Set CONFORMANCE_DATA to the folder that holds it.")
    rated = [each for each in json.loads(file.read_text("utf-8")) if each["rating"]]
    framework = load(next((STANDARDS / COUNCILS).glob("2*.yaml")))
    mismatches = [words for council in rated if (words := mismatch(framework, council))]
    for words in mismatches:
        click.echo(words)
    click.echo(f"{len(rated) - len(mismatches)} of {len(rated)}")
    samples = list(prove_samples(folder / "frameworks"))
    for _, words in samples:
        click.echo(words)
    if mismatches or not rated or not all(right for right, _ in samples):
        raise SystemExit(1)


@group.command("load")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=STANDARDS)
def load_command(folder: Path) -> None:
    """Store every scheme and edition under FOLDER. An edition once stored never changes."""
    try:
        loaded = load_standards(folder, now=datetime.now(UTC))
    except (DomainError, FrameworkInvalid) as error:
        raise click.ClickException(str(error)) from None
    for name in loaded.new:
        click.echo(f"{name} is new")
    click.echo(f"{len(loaded.new)} new, {len(loaded.unchanged)} unchanged")


def data_folder() -> Path:
    """Where published assessments lie: CONFORMANCE_DATA, or ../shared/data beside the project."""
    return Path(os.environ.get("CONFORMANCE_DATA") or STANDARDS.parent.parent / "shared" / "data")


def mismatch(framework: Framework, council: dict[str, Any]) -> str:
    """How our rating of a council differs from the published one; empty where it does not."""
    codes = [criterion.code for criterion in framework.criteria]
    scores = {code: Scored(point) for code, point in zip(codes, council["scores"], strict=True)}
    ours = outcome(framework, scores, {}).level
    return "" if ours == council["rating"] else f"{council['authority']}: published {council['rating']}, ours {ours}"


def _framework(file: Path) -> Framework:
    try:
        return load(file)
    except (FrameworkInvalid, UnicodeDecodeError):
        for problem in check(file):
            click.echo(str(problem), err=True)
        raise SystemExit(1) from None


def _plain(file: Path) -> Any:
    problems = Problems(str(file))
    data = load_yaml(file.read_text("utf-8", errors="replace"), problems)
    if problems.found:
        raise click.ClickException("\n".join(str(problem) for problem in problems.in_order()))
    return data


def _in_words(result: Outcome) -> str:
    return "\n".join([*result.explanation, *(f"Next: {sentence}" for sentence in result.least_lift)])
