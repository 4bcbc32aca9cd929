"""What a certificate says, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class CertificateFacts:
    """All that is printed on one certificate; the same facts always give the same file.

    `scope` lists the services covered, in words. `level_title` is empty where the scheme has no levels.
    `level_colour` is gold, silver, bronze or plain. `colour` and `accent` are the scheme's, as #rrggbb.
    `conditional` says that conditions stand; `invented` that the whole award is made up to show the product.
    `version` rises each time the certificate of one award is issued again, and `issued_on` is the day of that.
    """

    awarding_body: str
    scheme_title: str
    framework_title: str
    edition: str
    provider_name: str
    scope: tuple[str, ...]
    level_title: str
    level_colour: str
    granted_on: date
    expires_on: date
    number: str
    verify_url: str
    chair_name: str
    chair_role: str
    colour: str = "#4b2142"
    accent: str = "#e2b04a"
    conditional: bool = False
    invented: bool = False
    provisional: bool = False
    version: int = 1
    issued_on: date | None = None
