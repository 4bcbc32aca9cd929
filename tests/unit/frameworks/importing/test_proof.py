"""The proof of an import finds what is wrong with one."""

import json
from dataclasses import replace

import pytest

from app.frameworks import read
from app.frameworks.importing import import_framework
from app.frameworks.importing.proof import proof

PART = {"name": "statement", "prose": "Keep {{ insert: param, p }} minutes — always."}
CATALOG = json.dumps(
    {
        "catalog": {
            "metadata": {"title": "T", "version": "1"},
            "groups": [
                {"id": "a", "title": "One", "controls": [{"id": "a-1", "title": "Minutes", "parts": [PART]}]},
                {"id": "b", "title": "Two", "controls": [{"id": "b-1", "title": "Money", "parts": [PART]}]},
            ],
        }
    }
).encode()


def after(old, new):
    """The proof of an import whose text was changed behind its back."""
    result = import_framework(CATALOG, "catalog.json")
    assert old in result.source
    source = result.source.replace(old, new, 1)
    return proof(CATALOG, replace(result, source=source, framework=read(source, "x.yaml"))).faults


def test_a_whole_import_has_no_faults():
    found = proof(CATALOG, import_framework(CATALOG, "catalog.json"))
    assert (found.nodes, found.assessable, found.faults) == (4, 2, ())


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("minutes — always.", "minutes - always.", "a-1: not whole:  minutes — always."),
        ("title: Two", "title: To", "b: not whole: Two"),
        ("Money", "Mony", "b-1: not whole: Money"),
        ("code: a\n", "code: c\n", "a-1: stands below ['a-group'] in the file, below ['c'] here"),
        ("code: b-1", "code: b-2", "b-1: did not come over"),
    ],
)
def test_what_is_not_as_it_was_is_told(old, new, fault):
    assert fault in after(old, new)


def test_a_missing_criterion_is_counted():
    result = import_framework(CATALOG, "catalog.json")
    more = json.loads(CATALOG)
    more["catalog"]["groups"][0]["controls"].append({"id": "a-2", "title": "Kept"})
    faults = proof(json.dumps(more).encode(), result).faults
    assert faults[:2] == ("nodes: 5 in the file, 4 brought over", "assessable: 3 in the file, 2 brought over")
