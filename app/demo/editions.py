"""The edition of the flagship that was in force before the shipped one, so that older awards stand on an older edition."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from app.demo.clock import at
from app.services.frameworks import load_standards

FRAMEWORK = "community-care-mark"
BEFORE, NOW = "2023", "2026"
CHANGED_ON = date(2026, 4, 1)
ADDED_SINCE = ("QUA.3.3", "QUA.4.3", "VOI.3.4")
"""What the shipped edition asks for the first time."""


def edition_on(day: date) -> str:
    """The edition under which an application that starts on `day` is made."""
    return BEFORE if day < CHANGED_ON else NOW


def earlier_source(source: str) -> str:
    """The source of the edition before, from that of the shipped one: without what was added since."""
    for code in ADDED_SINCE:
        source = re.sub(rf"\n( +)- code: {re.escape(code)}\n(?:\1 .*\n|\n)+", "\n", source)
    return source.replace(f'edition: "{NOW}"', f'edition: "{BEFORE}"').replace(f"edition {NOW}.", f"edition {BEFORE}.")


def load_earlier(standards: Path, day: date) -> None:
    """Load the edition before, as on `day`, when it came into force."""
    shipped = standards / FRAMEWORK
    with TemporaryDirectory() as folder:
        scheme = Path(folder) / FRAMEWORK
        scheme.mkdir()
        (scheme / "scheme.yaml").write_text((shipped / "scheme.yaml").read_text("utf-8"), "utf-8")
        source = earlier_source((shipped / f"{NOW}.yaml").read_text("utf-8"))
        (scheme / f"{BEFORE}.yaml").write_text(source, "utf-8")
        load_standards(Path(folder), now=at(day, 8))
