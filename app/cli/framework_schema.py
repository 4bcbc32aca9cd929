"""`flask framework schema`: the format for editors, as JSON Schema."""

import json

import click
from flask import Flask

from app.cli.framework import group
from app.frameworks.json_schema import json_schema


def register(app: Flask) -> None:
    """The command joins `flask framework`, which puts itself into the app."""
    group.add_command(schema_command)


@click.command("schema")
def schema_command() -> None:
    """Print the format as JSON Schema, which editors use to complete and check framework files."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
