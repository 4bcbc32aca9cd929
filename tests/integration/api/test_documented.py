"""The examples of docs/api.md, as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import factories as make

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text("utf-8")
EXAMPLES = re.findall(r"^GET (\S+)$", DOCUMENT, re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_documentation_works(client, example):
    make.register_entry(make.award(make.application(make.organisation(name="Befriending Scheme"), make.edition())))
    answer = client.get(example)
    assert answer.status_code == 200, answer.text
    assert answer.is_json
    assert len(EXAMPLES) >= 10


def test_every_address_of_the_register_api_is_documented(client):
    for path in client.get("/api/v1/openapi.json").json["paths"]:
        assert path in DOCUMENT, path
