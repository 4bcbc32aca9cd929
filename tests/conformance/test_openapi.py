"""Our descriptions against the validator of OpenAPI, and a live server against its descriptions by schemathesis."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.serving import make_server

from app.backends.postcodes import SqlitePlaces
from config import load_settings
from tests import factories as make

DOCUMENTS = ("/api/v1/openapi.json", "/open-referral/openapi.json")
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
SECONDS = 540  # of a busy machine; a quiet one takes one


@pytest.mark.parametrize("address", DOCUMENTS)
def test_a_description_is_valid_openapi(client, address):
    document = client.get(address).json
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert document["paths"]


@pytest.fixture
def served(app):
    """The address of the application on a port of its own, with a register of a few providers."""
    edition = make.edition()
    for number in range(30):
        award = make.award(make.application(make.organisation(), edition))
        make.register_entry(award, name=f"Provider {number}", services=["befriending", "home-care"])
    # Every postcode, as set-up has read them: the generated ones are real.
    app.extensions["places"] = SqlitePlaces(Path(load_settings().instance_dir) / "places.sqlite")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    del app.extensions["places"]


@pytest.mark.parametrize("address", DOCUMENTS)
def test_the_server_answers_whatever_it_is_sent_as_its_description_says(served, address, tmp_path):
    """Positive and negative data, the same in every run; every check that schemathesis has."""
    command = [
        Path(sys.executable).with_name("schemathesis"),
        "--config-file",
        CONFIGURATION,
        "run",
        served + address,
        "--url",
        served,
    ]
    command += ["--checks", "all", "--phases", "examples,coverage,fuzzing", "-n", "5", "--seed", "1", "--no-color"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-1_000:]
    assert "Test cases:" in done.stdout
