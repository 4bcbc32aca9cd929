"""The index of the register on disk: which file fits this code and this database, and what it holds."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, select

from app.backends import geography
from app.models import RegisterChange, RegisterEntry
from app.queries import register_documents
from app.queries.lists import CLIENT_GROUPS, SERVICES, SERVICES_IN_WELSH, titles

if TYPE_CHECKING:
    from app.backends.search_store import Sections

_folder: list[Path] = []


def keep_in(folder: Path | None) -> None:
    """Where indexes are written; nowhere for None."""
    _folder[:] = [folder] if folder else []


def file_of(engine: Engine) -> Path | None:
    """The file of one database's index. Its name tells nothing of the database's address, which may hold a password."""
    if not _folder:
        return None
    address = engine.url.render_as_string(hide_password=False)
    return _folder[0] / f"register-{sha256(address.encode()).hexdigest()[:12]}.index"


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Of the code that makes an index, and of the lists that go into it: another one, and the file is made afresh."""
    total = sha256()
    backends = Path(geography.__file__).parent
    for path in (
        *sorted(backends.glob("search*.py")),
        *sorted(backends.glob("*.csv")),
        Path(register_documents.__file__),
    ):
        total.update(path.read_bytes())
    for name in (SERVICES, SERVICES_IN_WELSH, CLIENT_GROUPS):
        total.update(repr(titles(name)).encode())
    return total.hexdigest()


def fitting(engine: Engine, connection: Connection) -> Sections | None:
    """What was written of this very database by this very code; None where there is no such file.

    It may be older than the database: what changed since `facts["revision"]` and `facts["change"]` is still to be read.
    """
    from app.backends.search_store import load

    path = file_of(engine)
    if path is None:
        return None
    try:
        sections = load(path)
    except (OSError, ValueError, KeyError):
        return None
    facts = sections.facts
    if facts["fingerprint"] != fingerprint() or not _same_past(connection, facts["change"], facts["last"]):
        return None
    return sections


def _same_past(connection: Connection, change: list[object], last: list[object]) -> bool:
    """Whether the database went on from where the index was written, and was not brought back from a copy and went elsewhere."""
    number, stamp = change
    kept = connection.scalar(select(RegisterChange.stamp).where(RegisterChange.id == (number or 0)))
    if kept != stamp:
        return False
    entry_id, revision, at = last
    if entry_id is None:
        return True
    row = connection.execute(
        select(RegisterEntry.revision, RegisterEntry.updated_at).where(RegisterEntry.id == entry_id)
    ).first()
    return row is None or row.revision > revision or (row.revision == revision and row.updated_at.isoformat() == at)
