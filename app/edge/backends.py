"""What the pages hand to use-cases: the store of files, the scanner and the places of the country, as they are set up."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, current_app
from werkzeug.datastructures import FileStorage

from app.backends.charity_register import CharityRegister, SqliteCharityRegister
from app.backends.ground import Ground
from app.backends.land import build_land, land_file
from app.backends.postcodes import Places, SqlitePlaces
from app.backends.storage import DiskStorage, Storage
from app.backends.viruses import VirusScanner, scanner_at
from app.queries import register_file
from app.services.uploads import Upload


def init_app(app: Flask) -> None:
    """Say where what is made for a quicker start is kept."""
    register_file.keep_in(Path(app.config["INSTANCE_DIR"]))


def storage() -> Storage:
    """Where files are kept. Tests put their own into `app.extensions["storage"]`."""
    kept = current_app.extensions.get("storage")
    if kept is None:
        kept = current_app.extensions.setdefault("storage", DiskStorage(Path(current_app.config["STORAGE_DIR"])))
    found: Storage = kept
    return found


def viruses() -> VirusScanner:
    """Who looks for viruses, as the settings say. Tests put their own into `app.extensions["viruses"]`."""
    found: VirusScanner = current_app.extensions.get("viruses") or scanner_at(*current_app.config["CLAMD"])
    return found


def upload_of(file: FileStorage) -> Upload:
    """A file that came with a form, under the limits of this installation and with its scanner."""
    config = current_app.config
    return Upload(file.filename or "", file.stream, config["UPLOAD_LIMIT"], config["EVIDENCE_LIMIT"], viruses())


def places() -> Places:
    """Postcodes and councils. Tests put their own into `app.extensions["places"]`."""
    known = current_app.extensions.get("places")
    if known is None:
        known = current_app.extensions.setdefault("places", SqlitePlaces(Path(current_app.config["PLACES_FILE"])))
    found: Places = known
    return found


def ground() -> Ground:
    """The ground of the map, read once in each worker. Raises sqlite3.Error or OSError where its file cannot be made."""
    known = current_app.extensions.get("ground")
    path = Path(current_app.config["PLACES_FILE"])
    here = current_app.extensions.get("places")
    if isinstance(here, SqlitePlaces):
        path = here.path
    if known is None or known[0] != path:
        land = land_file(path)
        if not land.exists():
            build_land(path)
        known = current_app.extensions["ground"] = (path, Ground(land))
    found: Ground = known[1]
    return found


def charities() -> CharityRegister:
    """The Charity Commission's register, if it is loaded. Tests put their own into `app.extensions["charities"]`."""
    known = current_app.extensions.get("charities")
    if known is None:
        path = Path(current_app.config["CHARITIES_FILE"])
        known = current_app.extensions.setdefault("charities", SqliteCharityRegister(path))
    found: CharityRegister = known
    return found
