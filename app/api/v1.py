"""The register as JSON, version 1: the blueprint that its files put their views on. Open to everyone, without a key."""

from __future__ import annotations

from flask import Blueprint

from app.api.open_to_all import open_to_all

bp = Blueprint("register_api", __name__, url_prefix="/api/v1")
open_to_all(bp)
