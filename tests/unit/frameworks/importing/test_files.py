"""What is no framework is refused, saying why, whatever comes."""

import json
from copy import deepcopy
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.frameworks.importing import import_framework
from app.frameworks.importing.files import LARGEST

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(ord(each) + 1)}: &{chr(ord(each) + 1)} [{','.join([f'*{each}'] * 9)}]\n" for each in "abcdefgh"
)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "The file is empty"),
        (b" \n", "The file is empty"),
        (b"PK\x03\x04rest", "a spreadsheet, a Word document or a zip file"),
        (b"%PDF-1.7", "This is a PDF"),
        ("café".encode("latin-1"), "not UTF-8"),
        ("name: x".encode("utf-16"), "not UTF-8"),
        (b"a\x00b", "This is not text"),
        (b"<catalog/>", "This is XML"),
        (b"# only a comment", "line 1, the file is empty"),
        (b"key: [\n", "line 2, this cannot be read"),
        (b'{"catalog": {\n', "line 2, column 1: this is not valid JSON from here on"),
        (b'{"catalog": "' + b"\xf0\x9f\x98\x80" + b'"}', "no framework that is known here"),
        (b"[1, 2]", "holds no keys and values"),
        (b"just words", "holds no keys and values"),
        (b"shopping: [milk]", "no framework that is known here. What can be brought over is"),
        (b"framework: x\nscales: {}", "in our own format already"),
        (BOMB.encode(), "grow past"),
        (b"[" * 100_000, "nests deeper than"),
        (b'{"a":' * 500 + b"1" + b"}" * 500, "nests deeper than 60 levels"),
        (b"a" * (LARGEST + 1), "over 16 MB"),
    ],
)
def test_a_file_that_is_no_framework_is_refused_with_the_reason(data, why):
    with pytest.raises(Invalid, match=why):
        import_framework(data, "file")


LIBRARY = b"objects: {framework: {name: N, requirement_nodes: [{urn: 'urn:a:b:c:d:e', assessable: true, name: Text}]}}"


def test_codes_that_are_given_replace_those_of_the_file():
    result = import_framework(LIBRARY, "x.yaml", framework="ours", edition="2027")
    assert (result.framework.code, result.framework.edition) == ("ours", "2027")


@pytest.mark.parametrize("field", ["framework", "edition"])
def test_codes_that_are_given_must_be_codes(field):
    with pytest.raises(Invalid, match="no code is no code") as refused:
        import_framework(LIBRARY, "x.yaml", **{field: "no code"})
    assert set(refused.value.errors) == {field}


def test_signs_that_are_no_text_stay_out():
    data = '{"catalog": {"metadata": {"title": "A\\u0000B\\ud800C"}, "controls": [{"id": "a", "title": "T\\u0007\\r\\nU"}]}}'
    result = import_framework(data.encode(), "x.json")
    assert (str(result.framework.title), str(result.framework.criteria[0].text)) == ("ABC", "T\nU")


RICH_LIBRARY = {
    "locale": "en",
    "objects": {
        "framework": {
            "name": "N",
            "scores_definition": [
                {"score": 0, "name": "No"},
                {"score": 1, "name": "Yes", "translations": {"fr": {"name": "Oui"}}},
            ],
            "implementation_groups_definition": [{"ref_id": "A", "name": "First"}],
            "requirement_nodes": [
                {"urn": "u:1", "assessable": False, "depth": 1, "name": "Top"},
                {
                    "urn": "u:2",
                    "parent_urn": "u:1",
                    "assessable": True,
                    "depth": 2,
                    "description": "Text",
                    "implementation_groups": ["A"],
                    "questions": {
                        "q": {"type": "unique_choice", "text": "Q", "choices": [{"value": "a", "add_score": 1}]}
                    },
                },
            ],
        }
    },
}
RICH_CATALOG = {
    "catalog": {
        "metadata": {"title": "T", "version": "1", "props": [{"name": "keywords", "value": "x"}]},
        "groups": [
            {
                "id": "g",
                "title": "G",
                "controls": [
                    {
                        "id": "c",
                        "title": "C",
                        "params": [{"id": "p", "label": "l", "select": {"how-many": "one", "choice": ["x"]}}],
                        "props": [{"name": "label", "value": "C"}],
                        "links": [{"href": "#r", "rel": "reference", "text": "R"}],
                        "parts": [
                            {
                                "name": "statement",
                                "prose": "{{ insert: param, p }}",
                                "parts": [{"name": "item", "prose": "i"}],
                            }
                        ],
                        "controls": [{"id": "d", "title": "D"}],
                    }
                ],
            }
        ],
        "back-matter": {"resources": [{"uuid": "r", "title": "R", "rlinks": [{"href": "https://www.example.org"}]}]},
    }
}
WRONG = st.sampled_from([None, "", " ", [], {}, True, -1, 3.5, "x", ["y"], {"a": None}, [None], [[1]], "a\n\n  b: #"])


def places(value, path=()):
    """The path of every value in a document."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*path, key)
        yield from places(inner, (*path, key))


@pytest.mark.parametrize("document", [RICH_LIBRARY, RICH_CATALOG], ids=["library", "catalog"])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_a_wrong_place_is_brought_over_or_refused(document, data):
    changed = deepcopy(document)
    path = data.draw(st.sampled_from(list(places(document))))
    holder = reduce(lambda within, key: within[key], path[:-1], changed)
    holder[path[-1]] = data.draw(WRONG)
    came = brought_or_refused(json.dumps(changed).encode())
    assert came.endswith(".") if isinstance(came, str) else came.problems == ()


def brought_or_refused(data):
    """The import, or the sentence of its refusal."""
    try:
        return import_framework(data, "x.json")
    except Invalid as refusal:
        return str(refusal)
