"""CISO Assistant libraries as they are found: with holes, in any language, as deep as they like."""

import pytest
import yaml

from app.domain.errors import Invalid
from app.domain.framework import FactKind, NotApplicableRule, ScaleKind
from app.frameworks.importing import import_framework

URN = "urn:x:risk:req_node:mark"


def node(tail, *, asked=True, depth=2, parent="a", **more):
    """A requirement node; without `parent` it stands at the top."""
    above = {"parent_urn": f"{URN}:{parent}"} if parent else {}
    said = {} if {"name", "description"} & more.keys() else {"description": f"Text of {tail}."}
    return {"urn": f"{URN}:{tail}", "assessable": asked, "depth": depth, **above, **said, **more}


A = node("a", asked=False, depth=1, parent=None, ref_id="A", name="First")


def brought(*nodes, locale="en", library=None, **framework):
    """The import of a library that holds these nodes below the section A."""
    held = {"urn": "urn:x:risk:framework:mark", "ref_id": "mark", "name": "A mark", **framework}
    held["requirement_nodes"] = [A, *nodes]
    document = {"urn": "urn:x:risk:library:mark", "locale": locale, "version": 3, "objects": {"framework": held}}
    text = yaml.safe_dump({**document, **(library or {})}, allow_unicode=True, sort_keys=False)
    result = import_framework(text.encode(), "mark.yaml")
    assert result.problems == ()
    return result


def left(result):
    return {each.what: (each.count, each.examples) for each in result.report.left}


def moved(result):
    return {each.what: (each.count, each.examples) for each in result.report.moved}


def path(result, code):
    return [each.code for each in result.framework.node_of(code)]


def test_a_library_becomes_an_edition_with_its_name_and_version():
    framework = brought(node("1", ref_id="A.1")).framework
    assert (framework.code, framework.edition, str(framework.title)) == ("mark", "3", "A mark")
    assert [criterion.code for criterion in framework.criteria] == ["A.1"]
    assert path(brought(node("1", ref_id="A.1")), "A.1") == ["A"]


def test_codes_come_from_the_ref_id_else_from_the_urn_else_from_the_place():
    result = brought(
        node("1", ref_id="Art. 5 (b)"),
        node("node7"),
        node("2", ref_id="статья 9"),
        {"assessable": True, "depth": 2, "description": "Nothing names this one."},
    )
    assert [criterion.code for criterion in result.framework.criteria] == ["Art.-5-b", "node7", "2", "n-1.4"]
    assert moved(result)["Names that no code can be, written otherwise"] == (
        2,
        ("Art. 5 (b) is Art.-5-b", "статья 9 is 2"),
    )


def test_a_name_that_is_too_long_for_a_code_gives_its_end():
    long = "production-of-everything-that-is-needed-for-the-file"
    result = brought(node(f"{long}:1"), node(f"{long}:2"))
    codes = [criterion.code for criterion in result.framework.criteria]
    assert codes == ["that-is-needed-for-the-file-1", "that-is-needed-for-the-file-2"]


def test_a_ref_id_that_stands_twice_goes_to_the_first_and_both_come_over():
    result = brought(node("one", ref_id="A.1"), node("two", ref_id="A.1"), node("two", ref_id="A.1"))
    assert [criterion.code for criterion in result.framework.criteria] == ["A.1", "two", "n-1.3"]
    assert moved(result)["Nodes whose urn another node has too"][0] == 1


def test_nine_levels_keep_every_parent():
    deep = [
        node(f"d{depth}", asked=False, depth=depth, parent=f"d{depth - 1}" if depth > 2 else "a")
        for depth in range(2, 9)
    ]
    result = brought(*deep, node("leaf", depth=9, parent="d8"))
    assert path(result, "leaf") == ["A", *(f"d{depth}" for depth in range(2, 9))]
    assert result.framework.tree_names == (
        "section", "subsection", "topic", "subtopic", "heading", "subheading", "point", "subpoint", "requirement"
    )  # fmt: skip


def test_a_parent_may_come_after_its_child_and_a_parent_that_is_not_there_gives_way_to_the_depth():
    result = brought(
        node("early", depth=3, parent="late"),
        node("late", asked=False, name="Late"),
        node("lost", depth=3, parent="nowhere"),
    )
    assert path(result, "early") == ["A", "late"]
    assert path(result, "lost") == ["A", "late"]
    assert "Parents that are not in the file; the node stands where its depth puts it" in moved(result)


def test_nodes_that_are_each_others_parents_come_over_once():
    result = brought(node("one", parent="two"), node("two", parent="one"))
    assert {criterion.code for criterion in result.framework.criteria} == {"one", "two"}


def test_an_assessable_node_with_parts_is_a_node_and_a_criterion():
    result = brought(node("whole", ref_id="1", name="Whole"), node("part", ref_id="1.1", depth=3, parent="whole"))
    assert path(result, "1") == ["A", "1-group"]
    assert path(result, "1.1") == ["A", "1-group"]
    assert [str(each.title) for each in result.framework.node_of("1")] == ["First", "Whole"]


def test_order_holds_where_some_siblings_have_parts_and_others_do_not():
    result = brought(node("b", asked=False, name="With parts"), node("b1", depth=3, parent="b"), node("c"), node("d"))
    assert [criterion.code for criterion in result.framework.criteria] == ["b1", "c", "d"]
    assert path(result, "c") == ["A", "c-group"]


def test_what_asks_nothing_is_kept_in_the_summary_of_what_it_stood_under():
    result = brought(
        node("1", ref_id="A.1"),
        node("intro", asked=False, description="Before you begin:"),
        node("intro1", asked=False, depth=3, parent="intro", description="• read this."),
    )
    assert str(result.framework.roots[0].summary) == "Before you begin:\n\n  • read this."
    assert result.report.nodes == 4


def test_a_flat_list_of_requirements_gets_a_node_above_it():
    flat = [node(str(number), depth=1, parent=None) for number in (1, 2)]
    result = brought(*flat)
    assert path(result, "1") == ["top"] and str(result.framework.roots[0].title) == "A mark"


@pytest.mark.parametrize(
    ("locale", "text"), [("ja", "すべての記録を保存する。"), ("ar", "احتفظ بالسجلات"), ("el", "Τηρείτε αρχεία 😀")]
)
def test_text_in_any_script_comes_over_whole_in_its_language(locale, text):
    criterion = brought(node("1", description=text), locale=locale).framework.criteria[0]
    assert criterion.text.by_language == ((locale, text),)


def test_translations_stand_beside_each_other():
    translations = {"fr": {"name": "Réunions", "description": "Tenez un procès-verbal."}, "pt_BR": {"name": "Reuniões"}}
    criterion = brought(
        node("1", name="Meetings", description="Keep minutes.", translations=translations)
    ).framework.criteria[0]
    assert dict(criterion.title.by_language) == {"en": "Meetings", "fr": "Réunions", "pt-BR": "Reuniões"}
    assert criterion.text.in_("fr") == "Tenez un procès-verbal."


GROUPS = [{"ref_id": code, "name": name} for code, name in (("E", "Essential"), ("B", "Basic"), ("I", "Important"))]


def test_groups_each_within_the_next_become_levels_whatever_order_they_are_declared_in():
    result = brought(
        node("1", implementation_groups=["B", "I", "E"]),
        node("2", implementation_groups=["I", "E"]),
        node("3", implementation_groups=["E"]),
        implementation_groups_definition=GROUPS,
    )
    framework = result.framework
    assert [(level.code, str(level.title)) for level in framework.levels] == [
        ("B", "Basic"),
        ("I", "Important"),
        ("E", "Essential"),
    ]
    assert [criterion.level for criterion in framework.criteria] == ["B", "I", "E"]
    assert [str(band.start) for band in framework.outcome.bands] == ["0", "4/5", "9/10", "1"]


def test_groups_that_only_overlap_become_a_fact_that_decides_who_is_asked():
    result = brought(
        node("1", implementation_groups=["sec", "sur"]),
        node("2", implementation_groups=["sur"]),
        node("3", implementation_groups=["sec"]),
        node("4"),
        implementation_groups_definition=[{"ref_id": "sec", "name": "Safety", "description": "About safety."}],
    )
    fact = result.framework.facts["groups"]
    assert (fact.kind, [(code, str(title)) for code, title in fact.choices]) == (
        FactKind.CODES,
        [("sec", "Safety"), ("sur", "sur")],
    )
    assert [criterion.applies.value if criterion.applies else None for criterion in result.framework.criteria] == [
        ("sec", "sur"), ("sur",), ("sec",), None,
    ]  # fmt: skip
    assert moved(result)["Groups that nothing declares, under their own names"] == (1, ("sur",))
    assert left(result)["Descriptions of groups"] == (1, ("About safety.",))


def test_defined_scores_become_the_points_of_a_scale():
    scores = [
        {
            "score": 2,
            "name": "Repeatable",
            "description": "Written down.",
            "translations": {"fr": {"name": "Reproductible"}},
        },
        {"score": 1, "name": "Initial", "description": None},
    ]
    scale = brought(node("1"), scores_definition=scores, min_score=1, max_score=2).framework.criteria[0].scale
    assert [(point.value, str(point.label), str(point.anchor)) for point in scale.points] == [
        (1, "Initial", ""),
        (2, "Repeatable", "Written down."),
    ]
    assert scale.points[1].label.in_("fr") == "Reproductible"


def test_a_span_of_scores_becomes_a_range_and_no_scores_a_scale_of_three():
    assert brought(node("1"), min_score=0, max_score=100).framework.criteria[0].scale.kind is ScaleKind.RANGE
    scale = brought(node("1"), locale="fr").framework.criteria[0].scale
    assert [point.label.in_("fr") for point in scale.points] == ["Non atteint", "Atteint en partie", "Atteint"]
    assert scale.not_applicable is NotApplicableRule.WITH_REASON


def question(text, *choices, kind="unique_choice", **more):
    return {"type": kind, "text": text, "choices": [dict(choice) for choice in choices], **more}


def test_one_question_whose_choices_all_score_gives_the_criterion_its_scale():
    asked = {"urn:q:1": question("How often?", {"value": "Never", "add_score": 0}, {"value": "Yearly", "add_score": 5})}
    other = {"urn:q:2": question("How often?", {"value": "Never", "add_score": 0}, {"value": "Yearly", "add_score": 5})}
    result = brought(node("1", questions=asked), node("2", questions=other))
    first, second = result.framework.criteria
    assert [(point.value, str(point.label)) for point in first.scale.points] == [(0, "Never"), (5, "Yearly")]
    assert second.scale == first.scale and list(result.framework.scales) == ["choices-1"]
    assert [str(prompt) for prompt in first.prompts] == ["How often?"]


def test_questions_that_give_no_scale_are_prompts_with_their_choices():
    asked = {
        "urn:q:1": question("Which?", {"value": "Paper", "compute_result": True}, {"value": "None", "add_score": -1}),
        "urn:q:2": question("Since when?", kind="date", depends_on={"question": "urn:q:1"}),
    }
    result = brought(node("1", questions=asked))
    assert [str(prompt) for prompt in result.framework.criteria[0].prompts] == [
        "Which?\n- Paper\n- None",
        "Since when?",
    ]
    assert left(result) == {
        "Choices that decide the result by themselves": (1, ("Paper",)),
        "Scores of choices that cannot be the points of one scale": (1, ("None: -1",)),
        "Questions that depend on another answer": (1, ("Since when?",)),
    }


def test_a_question_stands_for_a_requirement_that_has_no_text():
    result = brought(
        {**node("1"), "description": None, "questions": {"q": question("Do you keep minutes?", kind="text")}}
    )
    assert str(result.framework.criteria[0].text) == "Do you keep minutes?"


def test_weights_guidance_and_what_had_no_place():
    result = brought(
        node(
            "1",
            weight=3,
            annotation="Minutes count.",
            typical_evidence="Minutes.",
            threats=["urn:t:1"],
            importance="mandatory",
            colour="red",
        ),
        library={"copyright": "© The scheme", "provider": "The scheme"},
    )
    criterion = result.framework.criteria[0]
    assert (criterion.weight, str(criterion.guidance)) == (3, "Minutes count.\n\nMinutes.")
    assert str(result.framework.summary) == "The scheme\n\n© The scheme"
    assert left(result) == {
        "Threats named by requirements": (1, ("urn:t:1",)),
        "Importance of requirements": (1, ("mandatory",)),
        "Other keys of nodes": (1, ("colour",)),
    }


@pytest.mark.parametrize(
    ("objects", "why"),
    [
        ({"risk_matrix": [{}]}, "holds no framework. It holds a risk matrix."),
        ({"requirement_mapping_set": {"a": 1}, "threats": [1]}, "It holds a mapping between frameworks and threats."),
        ({}, "holds no framework. It is empty."),
        ({"framework": {"requirement_nodes": []}}, "has no requirement nodes"),
        ({"framework": {"requirement_nodes": [{"urn": "a", "assessable": False, "name": "N"}]}}, "nothing to ask"),
        ({"frameworks": [{"name": "one"}, {"name": "two"}]}, "holds 2 frameworks"),
    ],
)
def test_a_library_without_a_framework_is_refused_with_what_it_holds(objects, why):
    with pytest.raises(Invalid, match=why):
        import_framework(yaml.safe_dump({"objects": objects}).encode(), "x.yaml")


def test_a_chain_of_parents_without_end_is_refused_and_not_walked():
    chain = [node(str(number), parent=str(number + 1)) for number in range(3000)]
    with pytest.raises(Invalid, match="deeper than 24 levels"):
        brought(*chain)
