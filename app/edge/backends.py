"""What the pages hand to use-cases: the store of files and the places of the country, built once for each worker."""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from app.backends.postcodes import Places, SqlitePlaces
from app.backends.storage import DiskStorage, Storage


def storage() -> Storage:
    """Where files are kept. Tests put their own into `app.extensions["storage"]`."""
    kept = current_app.extensions.get("storage")
    if kept is None:
        kept = current_app.extensions.setdefault("storage", DiskStorage(Path(current_app.config["STORAGE_DIR"])))
    found: Storage = kept
    return found


def places() -> Places:
    """Postcodes and councils. Tests put their own into `app.extensions["places"]`."""
    known = current_app.extensions.get("places")
    if known is None:
        known = current_app.extensions.setdefault("places", SqlitePlaces(Path(current_app.config["PLACES_FILE"])))
    found: Places = known
    return found
