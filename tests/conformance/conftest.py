"""The real application, as the integration tests have it, and the published schemas that `CONFORMANCE_DATA` names."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.integration.conftest import _app, app, client, client_for, count_statements

__all__ = ["_app", "app", "client", "client_for", "count_statements"]


@pytest.fixture(scope="session")
def published() -> Path:
    """The folder of schemas and samples that others have published. They are read in place and never copied."""
    named = os.environ.get("CONFORMANCE_DATA")
    if not named:
        pytest.skip("CONFORMANCE_DATA names no folder, so what others published is not compared with.")
    return Path(named)


@pytest.fixture(scope="session")
def read_json():
    return lambda path: json.loads(Path(path).read_text("utf-8"))
