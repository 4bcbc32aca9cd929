"""Out to OSCAL and back: what our format and OSCAL both have a place for is the same again."""

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.cli.framework import data_folder
from app.frameworks import load, read
from app.frameworks.importing import import_framework
from app.frameworks.importing.samples import SAMPLES
from app.frameworks.oscal_export import as_json, as_yaml, catalog
from app.frameworks.schemes import STANDARDS
from app.frameworks.writing import Inline, written

MODIFIED = datetime(2026, 3, 31, tzinfo=UTC)
SIGNS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"])
LINE = st.text(SIGNS, min_size=1, max_size=30).map(str.strip).filter(bool)
ITEM = st.builds(
    "{}{} {}".format, st.sampled_from(["", "  ", "    "]), st.sampled_from(["a.", "(1)", "iv)", "-", "•", "1.2."]), LINE
)
TEXT = st.lists(LINE | ITEM | st.just("{{ insert: param, x }}"), min_size=1, max_size=5).map("\n\n".join).map(str.strip)
CODES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,6}", fullmatch=True)
NAMES = ["area", "standard", "topic", "criterion"]
LISTS = ["areas", "standards", "topics", "criteria"]


@st.composite
def criteria(draw, code):
    made = {"code": code, "text": draw(TEXT), "scale": draw(st.sampled_from(["steps", "marks", "verdict"]))}
    for key in ("title", "why", "guidance"):
        if draw(st.booleans()):
            made[key] = draw(LINE if key == "title" else TEXT)
    if draw(st.booleans()):
        made |= {"weight": draw(st.sampled_from(["2", "0.5", "1/3"])), "level": "gold"}
    if draw(st.booleans()):
        made["prompts"] = draw(st.lists(LINE, min_size=1, max_size=2))
    if draw(st.booleans()):
        made["evidence"] = [
            {"kind": "document", "code": "minutes", "title": draw(LINE), "newest_within": "12 months", "at_least": 2}
        ]
        made["learn"] = [{"title": draw(LINE), "url": "https://www.example.org/a"}]
        made["maps_to"] = ["cqc:GOV.1", Inline(to="other:A", extent="full")]
    return made


@st.composite
def frameworks(draw):
    """A framework with nodes of any shape, some of them as controls with controls inside would be brought over."""
    codes = iter(draw(st.lists(CODES, min_size=40, max_size=40, unique=True)))

    def node(depth):
        own = [draw(criteria(next(codes))) for _ in range(draw(st.integers(0, 2)))]
        like_a_control = bool(own) and draw(st.booleans())
        made = {"code": f"{own[0]['code']}-group" if like_a_control else next(codes)}
        made["title"] = own[0].get("title", "Named") if like_a_control else draw(LINE)
        if not like_a_control:
            made["summary"] = draw(st.just("") | TEXT)
        below = [node(depth + 1) for _ in range(draw(st.integers(0, 2)))] if depth < 2 else []
        if not own and not below:
            own = [draw(criteria(next(codes)))]
        return {**made, "criteria": own, **({LISTS[depth + 1]: below} if below else {})}

    roots = [node(0) for _ in range(draw(st.integers(1, 2)))]
    lowest = draw(criteria("lowest"))
    lowest.pop("level", None)
    top = {"code": "lowest-node", "title": "Lowest", "criteria": [lowest | {"scale": "steps"}]}
    levels = [Inline(code="bronze", title="Bronze"), Inline(code="gold", title="Gold")]
    golds = [each for root in roots for each in everything(root) if each.get("level") == "gold"]
    marked = levels if golds else levels[:1]
    bands = [
        Inline({"from": "0%", "is": "no"}),
        Inline({"from": "50%", "is": "bronze"}),
        Inline({"from": "75%", "is": "gold"}),
    ]
    return written(
        {
            "framework": "made",
            "edition": "2026",
            "title": draw(LINE),
            "summary": draw(TEXT),
            "names": {"tree": NAMES},
            "scales": {
                "steps": {
                    "points": {"0": "No", "2": {"label": draw(LINE), "anchor": "So."}},
                    "not_applicable": "with-reason",
                },
                "marks": {"range": Inline({"from": "0", "to": "100", "step": "5", "unit": "%"}), "better": "lower"},
                "verdict": {"points": {"1": "Bad", "4": "Good"}},
            },
            "levels": marked,
            "areas": [*roots, top],
            "outcome": {"of": "criterion -> whole", "score": "share-of-maximum", "bands": bands[: len(marked) + 1]},
        }
    )


def everything(node):
    return node["criteria"] + [each for key in LISTS[1:3] for child in node.get(key, []) for each in everything(child)]


def told(framework, language="en"):
    """All that OSCAL has a place for, node by node in reading order."""

    def said(text):
        return text.in_(language).strip()

    def of_criterion(each):
        evidence = [
            (ask.kind, ask.code, said(ask.title), str(ask.newest_within), ask.at_least) for ask in each.evidence
        ]
        texts = [said(text) for text in (each.title, each.text, each.why, each.guidance, *each.prompts)]
        learn = [(said(learning.title), learning.url) for learning in each.learn]
        terms = (each.scale, each.level, each.weight, dict(each.required), each.maps_to, each.expected)
        return each.code, texts, evidence, learn, terms

    def of_node(node):
        criteria = [of_criterion(each) for each in node.criteria]
        return node.code, node.kind, said(node.title), said(node.summary), criteria, list(map(of_node, node.children))

    levels = [(level.code, said(level.title), level.rank) for level in framework.levels]
    return (
        framework.code,
        framework.edition,
        said(framework.title),
        said(framework.summary),
        levels,
        list(map(of_node, framework.roots)),
    )


def and_back(framework, form=as_json, language="en"):
    result = import_framework(form(catalog(framework, language, MODIFIED)).encode(), "catalog")
    assert result.problems == ()
    return result.framework


# To make a failing framework smaller takes minutes, and even a small one is large: the difference is told by itself.
@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(frameworks())
def test_ours_comes_back_from_oscal_as_it_was(source):
    framework = read(source, "made.yaml")
    back = and_back(framework)
    assert told(back) == told(framework)
    assert as_json(catalog(back, "en", MODIFIED)) == as_json(catalog(framework, "en", MODIFIED))


@pytest.mark.parametrize("form", [as_json, as_yaml])
def test_the_shipped_mark_comes_back_with_its_codes_tree_and_texts(form):
    framework = load(STANDARDS / "community-care-mark" / "2026.yaml")
    back = and_back(framework, form)
    ours, theirs = told(framework), told(back)
    assert theirs == ours


@pytest.mark.parametrize("name", SAMPLES)
def test_a_published_framework_goes_out_and_comes_back_without_loss(name):
    file = data_folder() / "frameworks" / name
    if not file.is_file():
        pytest.skip(f"no published frameworks in {file.parent}: set CONFORMANCE_DATA")
    framework = import_framework(file.read_bytes(), name).framework
    assert told(and_back(framework)) == told(framework)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name.endswith("json")])
def test_a_published_catalog_keeps_its_ids_titles_statements_tree_and_order(name):
    file = data_folder() / "frameworks" / name
    if not file.is_file():
        pytest.skip(f"no published frameworks in {file.parent}: set CONFORMANCE_DATA")
    theirs = json.loads(file.read_bytes())["catalog"]
    ours = catalog(import_framework(file.read_bytes(), name).framework, "en", MODIFIED)["catalog"]
    assert list(outline(ours, 0)) == list(outline(theirs, 0))


def outline(holder, depth):
    """Depth, kind, id, title and the labels of the statement's items, in the order of the file."""
    for key in ("groups", "controls"):
        for inner in holder.get(key, []):
            statements = [part for part in inner.get("parts", []) if part["name"] == "statement"]
            yield depth, key, inner["id"], inner["title"], [list(labels(part, 0)) for part in statements]
            yield from outline(inner, depth + 1)


def labels(part, depth):
    for inner in part.get("parts", []):
        yield depth, [prop["value"] for prop in inner.get("props", []) if prop["name"] == "label"]
        yield from labels(inner, depth + 1)


def test_each_language_is_a_catalog_of_its_own():
    framework = load(STANDARDS / "community-care-mark" / "2026.yaml")
    english, welsh = (catalog(framework, language, MODIFIED)["catalog"] for language in ("en", "cy"))
    assert (english["metadata"]["title"], welsh["metadata"]["title"]) == tuple(map(framework.title.in_, ("en", "cy")))
    assert english["metadata"]["title"] != welsh["metadata"]["title"] and english["uuid"] != welsh["uuid"]
    assert and_back(framework, language="cy").title.languages == ("cy",)
    assert catalog(framework, "en", MODIFIED)["catalog"] == english


TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")


@pytest.mark.parametrize("edition", sorted(STANDARDS.glob("*/2*.yaml")), ids=lambda file: file.parent.name)
def test_a_catalog_keeps_the_rules_of_oscal(edition):
    document = catalog(load(edition), "en", MODIFIED)
    things = list(every_thing(document["catalog"]))
    ids = [thing["id"] for thing in things if "id" in thing]
    assert ids and len(set(ids)) == len(ids)
    assert [each for each in ids if not TOKEN.fullmatch(each)] == []
    assert [thing for thing in things if {"groups", "controls"} <= thing.keys()] == []
    assert [thing for thing in things if any(value in ([], {}, "") for value in thing.values())] == []
    assert [
        thing["value"] for thing in things if "value" in thing and not re.fullmatch(r"\S(.*\S)?", thing["value"])
    ] == []


def every_thing(thing):
    """The object and all below it."""
    yield thing
    for value in thing.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from every_thing(each)
