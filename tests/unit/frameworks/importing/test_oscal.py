"""OSCAL catalogs: groups, controls inside controls, parts, parameters, links."""

import json

import pytest
import yaml

from app.domain.errors import Invalid
from app.frameworks.importing import import_framework


def control(own_id, *parts, **more):
    return {
        "id": own_id,
        "title": f"Title of {own_id}",
        "parts": list(parts) or [statement(f"Text of {own_id}.")],
        **more,
    }


def statement(prose, *items):
    return {"name": "statement", "prose": prose, "parts": list(items)}


def item(label, prose, *items):
    return {"name": "item", "props": [{"name": "label", "value": label}], "prose": prose, "parts": list(items)}


def brought(*controls, **catalog):
    """The import of a catalog with one group that holds these controls."""
    held = {"groups": [{"id": "ac", "title": "Access", "controls": list(controls)}], **catalog}
    metadata = {"title": "A catalog", "version": "1.2"}
    document = {"catalog": {"uuid": "74c8ba1e-5cd4-4ad1-bbfd-d888e2f6c724", "metadata": metadata, **held}}
    result = import_framework(json.dumps(document).encode(), "catalog.json")
    assert result.problems == ()
    return result


def left(result):
    return {each.what: each.count for each in result.report.left}


def path(result, code):
    return [each.code for each in result.framework.node_of(code)]


def test_groups_and_controls_become_the_tree():
    inner = {
        "id": "ac.1",
        "title": "Inner",
        "controls": [control("ac-1")],
        "parts": [{"name": "overview", "prose": "Why."}],
    }
    result = brought(groups=[{"id": "ac", "title": "Access", "groups": [inner]}])
    framework = result.framework
    assert (framework.code, framework.edition, framework.tree_names) == (
        "a-catalog",
        "1.2",
        ("group", "subgroup", "control"),
    )
    assert path(result, "ac-1") == ["ac", "ac.1"]
    assert str(framework.nodes[1].summary) == "Why."
    assert (result.report.nodes, result.report.assessable) == (3, 1)


def test_controls_inside_a_control_stand_with_it_in_a_node_and_keep_their_order():
    result = brought(control("ac-1"), control("ac-2", controls=[control("ac-2.1"), control("ac-2.2")]), control("ac-3"))
    assert [each.code for each in result.framework.criteria] == ["ac-1", "ac-2", "ac-2.1", "ac-2.2", "ac-3"]
    assert path(result, "ac-2.1") == path(result, "ac-2") == ["ac", "ac-2-group"]
    assert path(result, "ac-3") == ["ac", "ac-3-group"]


def test_a_statement_keeps_its_items_with_labels_and_depth():
    result = brought(
        control("ac-1", statement("Each year:", item("a.", "review", item("1.", "the policy;")), item("b.", "train.")))
    )
    assert str(result.framework.criteria[0].text) == "Each year:\n\na. review\n\n  1. the policy;\n\nb. train."


def test_guidance_and_what_to_look_for_have_their_places():
    parts = [
        statement("Keep minutes."),
        {"name": "guidance", "parts": [{"name": "objective", "prose": "One."}, {"name": "objective", "prose": "Two."}]},
        {"name": "assessment-objective", "parts": [item("AC-1[01]", "minutes are kept;")]},
        {
            "name": "assessment-method",
            "props": [{"name": "method", "value": "EXAMINE"}],
            "parts": [{"name": "assessment-objects", "prose": "Minutes"}],
        },
        {"name": "overview", "props": [{"name": "label", "value": "Other information"}], "prose": "Three."},
    ]
    criterion = brought(control("ac-1", *parts)).framework.criteria[0]
    assert str(criterion.guidance) == "One.\n\nTwo.\n\nOther information\n\nThree."
    assert [str(prompt) for prompt in criterion.prompts] == ["AC-1[01] minutes are kept;", "Examine: Minutes"]


def test_parameters_read_as_their_value_their_choices_or_their_label():
    params = [
        {"id": "p1", "label": "a {{ insert: param, p3 }} time"},
        {"id": "p2", "select": {"how-many": "one-or-more", "choice": ["after {{ insert: param, p1 }}", "at once"]}},
        {"id": "p3", "values": ["short"], "label": "not this"},
        {"id": "p4", "label": "{{ insert: param, p4 }}"},
    ]
    prose = "Lock {{ insert: param, p2 }}, within {{insert:param,p3}}; {{ insert: param, p9 }} {{ insert: param, p4 }}."
    result = brought(control("ac-1", statement(prose), params=params))
    assert str(result.framework.criteria[0].text) == (
        "Lock [choose one or more: after [a short time]; at once], within short; [p9] [[p4]]."
    )
    assert left(result)["Parameters that are inserted but not defined"] == 2


def test_parameters_that_multiply_are_refused():
    params = [{"id": f"p{n}", "label": f"{{{{ insert: param, p{n + 1} }}}}" * 20} for n in range(9)]
    with pytest.raises(Invalid, match="Parameters are inserted more than 50,000 times"):
        brought(control("ac-1", statement("{{ insert: param, p0 }}"), params=params))


def test_a_long_value_that_is_inserted_over_and_over_is_refused_before_it_fills_the_memory():
    params = [{"id": "long", "values": ["x" * 100_000]}]
    with pytest.raises(Invalid, match="Parameters insert over 8,000,000 characters"):
        brought(control("ac-1", statement("{{ insert: param, long }} " * 40_000), params=params))


def test_references_with_a_web_address_become_what_there_is_to_read():
    uuid = "27847491-5ce1-4f6a-a1e4-9e483782f0ef"
    resource = {"uuid": uuid, "title": "Minutes made easy", "rlinks": [{"href": "https://www.example.org/minutes"}]}
    links = [
        {"href": f"#{uuid}", "rel": "reference"},
        {"href": "https://www.example.org/more", "rel": "reference", "text": "More"},
        {"href": "#ac-9", "rel": "related"},
    ]
    result = brought(control("ac-1", links=links), **{"back-matter": {"resources": [resource]}})
    assert [(str(each.title), each.url) for each in result.framework.criteria[0].learn] == [
        ("Minutes made easy", "https://www.example.org/minutes"),
        ("More", "https://www.example.org/more"),
    ]
    assert left(result)["Links of controls: related"] == 1


def test_withdrawn_controls_stay_out_and_are_counted():
    result = brought(control("ac-1"), control("ac-2", props=[{"name": "status", "value": "withdrawn"}]))
    assert [each.code for each in result.framework.criteria] == ["ac-1"]
    assert (result.report.assessable, left(result)["Withdrawn controls"]) == (1, 1)


def test_controls_without_a_group_get_a_node_above_them():
    result = brought(groups=[], controls=[control("ac-1"), control("ac-2")])
    assert path(result, "ac-2") == ["top"]


def test_ids_that_are_no_codes_are_written_otherwise():
    result = brought(control("s" * 41), control("übung-1"), {"title": "No id", "parts": [statement("Text.")]})
    assert [each.code for each in result.framework.criteria] == ["n-1.1", "ubung-1", "No-id"]


def test_a_catalog_may_be_yaml():
    document = {"catalog": {"metadata": {"title": "T", "version": 1}, "controls": [control("ac-1")]}}
    result = import_framework(yaml.safe_dump(document).encode(), "catalog.yaml")
    assert (result.framework.edition, result.report.assessable) == ("1", 1)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"profile": {"imports": []}}, "profile, which only points to a catalog. Resolve it first"),
        ({"component-definition": {}}, "This is an OSCAL component definition, no catalog"),
        ({"catalog": {"groups": [{"title": "Empty"}]}}, "holds no controls"),
    ],
)
def test_other_oscal_documents_are_refused_with_what_they_are(document, why):
    with pytest.raises(Invalid, match=why):
        import_framework(json.dumps(document).encode(), "x.json")
