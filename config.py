"""Settings, read once from the environment. docs/operating.md lists them; a test compares the two."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
MEGABYTE = 1024 * 1024
OPEN_LICENCES = ("OGL-UK-3.0", "CC-BY-4.0")


class SettingsError(RuntimeError):
    """A setting is missing or cannot be understood; the message names it and says what to put there."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the product. The names are those of the environment variables, in lower case."""

    env: str = "demo"  # demo | production | test
    secret_key: str = ""
    database_url: str = ""
    instance_dir: str = str(ROOT / "instance")
    standards_dir: str = str(ROOT / "standards")
    base_url: str = "http://127.0.0.1:8000"
    upload_limit_mb: int = 25
    evidence_limit_mb: int = 2_000  # of one organisation's library; 0 for no bound
    clamd_socket: str = ""  # the path of ClamAV's daemon; or its host and port
    clamd_host: str = ""
    clamd_port: int = 3310
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_security: str = "starttls"  # starttls | tls | none
    mail_from: str = "Touchstone <no-reply@touchstone.example>"
    worker: str = "beside"  # beside | none: whether the server starts the worker for mail and regular work
    trusted_proxies: int = 0
    limit_per_second: int = 10  # requests of one address to public pages and APIs; 0 for no limit
    limit_burst: int = 100  # how many at once after a rest
    limit_per_second_with_key: int = 50
    limit_burst_with_key: int = 500
    register_name: str = ""  # ids of the Open Referral API are made from it; the host of BASE_URL without one
    register_search: str = "memory"  # memory | postgres: where the register is searched
    session_hours: int = 12
    require_two_step: str = "none"  # none | staff | everyone
    open_data_days: int = 7
    open_data_licence: str = "OGL-UK-3.0"  # OGL-UK-3.0 | CC-BY-4.0
    security_contact: str = ""  # an e-mail address, or an https:// address, for whoever found a weakness

    @property
    def demo(self) -> bool:
        return self.env == "demo"

    @property
    def database(self) -> str:
        """The database's URL; without one, SQLite in the instance folder."""
        return self.database_url or f"sqlite:///{Path(self.instance_dir) / 'touchstone.sqlite'}"

    def as_flask(self) -> dict[str, Any]:
        """The same settings under the names that Flask and its extensions read."""
        instance = Path(self.instance_dir)
        secure = self.base_url.startswith("https://")
        return {
            "SETTINGS": self,
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database,
            "SQLALCHEMY_ENGINE_OPTIONS": {"execution_options": {"register_search": self.register_search}},
            "TESTING": self.env == "test",
            "DEMO": self.demo,
            "BASE_URL": self.base_url.rstrip("/"),
            "STANDARDS_DIR": self.standards_dir,
            "INSTANCE_DIR": str(instance),
            "STORAGE_DIR": str(instance / "files"),
            "PLACES_FILE": str(instance / "places.sqlite"),
            "CHARITIES_FILE": str(instance / "charities.sqlite"),
            "OPEN_DATA_DIR": str(instance / "open-data"),
            "OPEN_DATA_DAYS": self.open_data_days,
            "OPEN_DATA_LICENCE": self.open_data_licence,
            "SECURITY_CONTACT": self.security_contact,
            "FONT_DIR": str(ROOT / "app" / "static" / "build" / "fonts"),
            # The body may be a little larger than the file it carries: form fields and boundaries.
            "MAX_CONTENT_LENGTH": (self.upload_limit_mb + 1) * MEGABYTE,
            "UPLOAD_LIMIT": self.upload_limit_mb * MEGABYTE,
            "EVIDENCE_LIMIT": self.evidence_limit_mb * MEGABYTE,
            "CLAMD": (self.clamd_host, self.clamd_port, self.clamd_socket),
            "SESSION_COOKIE_NAME": "__Host-touchstone" if secure else "touchstone",
            "SESSION_COOKIE_SECURE": secure,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": self.session_hours * 3600,
            "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a form left open over lunch still saves
        }


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environ` (the process's own by default). Raises SettingsError, naming every bad setting."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    problems: list[str] = []
    for field in fields(Settings):
        text = environ.get(field.name.upper())
        if text is None or text == "":
            continue
        try:
            values[field.name] = int(text) if field.type == "int" else text
        except ValueError:
            problems.append(f"{field.name.upper()} must be a whole number, not {text!r}.")
    settings = Settings(**values)
    if settings.require_two_step not in {"none", "staff", "everyone"}:
        problems.append(f"REQUIRE_TWO_STEP must be none, staff or everyone, not {settings.require_two_step!r}.")
    if settings.worker not in {"beside", "none"}:
        problems.append(f"WORKER must be beside or none, not {settings.worker!r}.")
    problems += _wrong_of_open_data(settings)
    problems += _wrong_of_search(settings)
    problems += _missing_in_production(settings)
    if problems:
        raise SettingsError(" ".join(problems))
    return _with_secret(settings)


def _wrong_of_open_data(settings: Settings) -> list[str]:
    problems = []
    if settings.open_data_licence not in OPEN_LICENCES:
        problems.append(f"OPEN_DATA_LICENCE must be {' or '.join(OPEN_LICENCES)}, not {settings.open_data_licence!r}.")
    if settings.open_data_days < 1:
        problems.append(f"OPEN_DATA_DAYS must be at least 1, not {settings.open_data_days}.")
    return problems


def _wrong_of_search(settings: Settings) -> list[str]:
    if settings.register_search not in {"memory", "postgres"}:
        return [f"REGISTER_SEARCH must be memory or postgres, not {settings.register_search!r}."]
    if settings.register_search == "postgres" and not settings.database.startswith("postgresql"):
        return ["REGISTER_SEARCH=postgres needs a DATABASE_URL of PostgreSQL."]
    return []


def _missing_in_production(settings: Settings) -> list[str]:
    if settings.env not in {"demo", "production", "test"}:
        return [f"ENV must be demo, production or test, not {settings.env!r}."]
    if settings.env != "production":
        return []
    problems = []
    if len(settings.secret_key) < 32:
        problems.append("SECRET_KEY must be set to at least 32 random characters in production.")
    if not settings.base_url.startswith("https://"):
        problems.append("BASE_URL must be the https:// address that people use in production.")
    if not settings.smtp_host:
        problems.append("SMTP_HOST must name the mail server in production.")
    return problems


def _with_secret(settings: Settings) -> Settings:
    """Outside production a secret is made once and kept in the instance folder, so that workers share it."""
    if settings.secret_key:
        return settings
    path = Path(settings.instance_dir) / "secret_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    return Settings(**{**values, "secret_key": path.read_text().strip()})
