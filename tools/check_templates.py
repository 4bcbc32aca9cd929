"""Parse every template with the application's own environment, so that a slip is found before a page is opened."""

from __future__ import annotations

import sys

from flask import Flask
from jinja2 import TemplateSyntaxError

from app import create_app
from config import load_settings


def problems(app: Flask) -> list[str]:
    """`name:line: message` for each template that does not parse."""
    found = []
    names = set(app.jinja_env.list_templates(extensions=["html", "txt", "xml"]))
    for name in sorted(name for name in names if not name.startswith("govuk_frontend_jinja/")):
        try:
            app.jinja_env.get_template(name)
        except TemplateSyntaxError as error:
            found.append(f"{error.name}:{error.lineno}: {error.message}")
    return found


if __name__ == "__main__":
    wrong = problems(create_app(load_settings({"ENV": "test", "SECRET_KEY": "only to parse templates, never to sign"})))
    print("\n".join(wrong) or "Every template parses.")
    sys.exit(bool(wrong))
