"""Guards over the whole: the tables are those of the migrations, and what one can set or run is documented."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from flask import request
from flask_migrate import check

from app import create_app
from app.frameworks.tree import RESERVED
from config import Settings, SettingsError, load_settings

ROOT = Path(__file__).resolve().parents[2]
OPERATING = (ROOT / "docs" / "operating.md").read_text()


def test_the_migrations_make_the_tables_that_the_models_describe(app):
    check(directory=str(ROOT / "migrations"))  # exits where they differ


def test_every_setting_is_documented():
    missing = [field.name.upper() for field in fields(Settings) if f"`{field.name.upper()}`" not in OPERATING]
    assert missing == []


def test_every_command_group_is_documented(app):
    ours = [name for name in app.cli.list_commands(None) if name not in {"run", "shell", "routes"}]
    assert [name for name in ours if f"| `{name} " not in OPERATING] == []


@pytest.mark.parametrize("missing", ["SECRET_KEY", "BASE_URL", "SMTP_HOST"])
def test_production_refuses_to_start_without_what_it_must_have(missing):
    complete = {
        "ENV": "production",
        "SECRET_KEY": "x" * 40,
        "BASE_URL": "https://register.example.org",
        "SMTP_HOST": "mail.example.org",
    }
    assert load_settings(complete).env == "production"
    with pytest.raises(SettingsError, match=missing):
        load_settings({name: value for name, value in complete.items() if name != missing})


def test_every_wrong_setting_is_named_at_once():
    with pytest.raises(SettingsError, match=r"SMTP_PORT.*SESSION_HOURS"):
        load_settings({"SMTP_PORT": "mail", "SESSION_HOURS": "long"})


def test_the_address_that_a_trusted_proxy_names_is_believed_and_no_other():
    def seen(proxies: str) -> str:
        settings = load_settings({"ENV": "test", "SECRET_KEY": "x" * 40, "TRUSTED_PROXIES": proxies})
        app = create_app(settings)
        app.add_url_rule("/seen", view_func=lambda: request.remote_addr or "")
        return app.test_client().get("/seen", headers={"X-Forwarded-For": "192.0.2.7"}).text

    assert seen("0") == "127.0.0.1"
    assert seen("1") == "192.0.2.7"


def test_no_address_vanishes(app):
    """Addresses are in bookmarks, letters and board papers: one that was published stays, or redirects.

    A new page adds its line to published_urls.txt; a line is never taken out.
    """
    published = set((Path(__file__).parent / "published_urls.txt").read_text().split())
    served = {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint != "static"}
    assert sorted(published - served) == []
    assert sorted(served - published) == [], "Add these to tests/integration/published_urls.txt."


def test_no_code_of_a_framework_hides_behind_a_page_about_all_of_them(app):
    start = "/standards/<framework>/<edition>/"
    pages = {rule.rule.removeprefix(start) for rule in app.url_map.iter_rules() if rule.rule.startswith(start)}
    assert pages - {"<code>"} == RESERVED
