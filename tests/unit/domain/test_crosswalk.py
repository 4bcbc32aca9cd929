"""Links between frameworks: what is declared, both ways, and nothing that nobody declared."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.coverage import Counts, Coverage, Work, coverage, walk_for
from app.domain.crosslinks import Extent, MapsTo
from app.domain.crosswalk import CrossWalk, Lack, Place, beside, links
from app.domain.framework import Criterion, Framework, Node
from app.domain.wording import Text
from tests.unit.domain.frameworks import criterion, framework, node

FULL, PARTIAL = Extent.FULL, Extent.PARTIAL


def mark(code: str, *roots: Node, edition: str = "1") -> Framework:
    return replace(framework(*roots), code=code, edition=edition)


def to(target: str, extent: Extent = PARTIAL) -> MapsTo:
    return MapsTo(*target.split(":"), extent)


def asks(code: str, *maps_to: MapsTo, **more: object) -> Criterion:
    return criterion(code, maps_to=maps_to, **more)


def into(walk: CrossWalk, target: str) -> dict[str, tuple[Extent, str]]:
    """What answers `target` ("a:1"), as source -> (extent, through)."""
    name, code = target.split(":")
    edition = next(each.edition for each in walk.frameworks if each.code == name)
    found = walk.into(Place(name, edition, code))
    return {
        f"{link.source.framework}:{link.source.code}": (link.extent, link.through.code if link.through else "")
        for link in found
    }


def covered(work: list[Work], other: Framework, asked: set[str] | None = None) -> Coverage:
    return coverage(links(walk_for(work, other)), work, other, asked)


def test_a_full_link_is_full_only_in_the_direction_in_which_it_is_declared():
    one = mark("a", node("A", asks("1", to("b:x", FULL))))
    walk = links([one, mark("b", node("B", asks("x")))])
    assert into(walk, "b:x") == {"a:1": (FULL, "")}
    assert into(walk, "a:1") == {"b:x": (PARTIAL, "")}


def test_two_full_links_that_face_each_other_are_full_both_ways():
    one = mark("a", node("A", asks("1", to("b:x", FULL))))
    walk = links([one, mark("b", node("B", asks("x", to("a:1", FULL))))])
    assert into(walk, "b:x") == {"a:1": (FULL, "")}
    assert into(walk, "a:1") == {"b:x": (FULL, "")}


def test_a_link_to_a_node_says_something_of_each_criterion_in_it_and_all_of_none():
    one = mark("a", node("A", asks("1", to("b:B", FULL), to("b:y", FULL))))
    walk = links([one, mark("b", node("B", asks("x"), asks("y")), node("C", asks("z")))])
    assert into(walk, "b:x") == {"a:1": (PARTIAL, "B")}
    assert into(walk, "b:y") == {"a:1": (FULL, "")}
    assert into(walk, "b:z") == {}
    assert into(walk, "a:1") == {"b:x": (PARTIAL, "B"), "b:y": (PARTIAL, "")}


def test_two_links_in_a_row_make_no_third():
    walk = links(
        [
            mark("a", node("A", asks("1", to("b:x", FULL)))),
            mark("b", node("B", asks("x", to("c:k", FULL)))),
            mark("c", node("C", asks("k"))),
        ]
    )
    assert into(walk, "c:k") == {"b:x": (FULL, "")}


def test_links_that_lead_nowhere_are_listed_with_what_is_missing():
    one = mark("a", node("A", asks("1", to("gone:x"), to("b:gone"), to("a:1"))))
    walk = links([one, mark("b", node("B", asks("x")))])
    assert [(str(each.to), each.lacks) for each in walk.unresolved] == [
        ("gone:x", Lack.FRAMEWORK),
        ("b:gone", Lack.CODE),
        ("a:1", Lack.ITSELF),
    ]
    assert walk.declared == ()


def test_between_editions_a_criterion_stands_for_what_it_was():
    older = mark("a", node("A", *(asks(code) for code in ("same", "reworded", "left", "right", "whole", "gone"))))
    newer = mark(
        "a",
        node(
            "A",
            asks("same"),
            asks("reworded", text=Text.plain("Other words.")),
            asks("merged", was=("left", "right")),
            asks("part-1", was=("whole",), text=Text.plain("About whole.")),
            asks("part-2", was=("whole",)),
            asks("new"),
        ),
        edition="2",
    )
    walk = links([older, newer])
    found = {
        each.code: {(link.source.code, link.extent) for link in walk.into(Place("a", "2", each.code))}
        for each in newer.criteria
    }
    assert found == {
        "same": {("same", FULL)},
        "reworded": {("reworded", PARTIAL)},
        "merged": {("left", PARTIAL), ("right", PARTIAL)},
        "part-1": {("whole", PARTIAL)},
        "part-2": {("whole", PARTIAL)},
        "new": set(),
    }
    assert {link.source.code for link in walk.into(Place("a", "1", "whole"))} == {"part-1", "part-2"}


def test_two_frameworks_side_by_side_show_each_link_once_with_what_either_side_says():
    one = mark("a", node("A", asks("2", to("b:x")), asks("1", to("b:x", FULL), to("b:B"))))
    other = mark("b", node("B", asks("x", to("a:2", FULL), to("a:A"))))
    walk = links([one, other])
    rows = [(row.here.code, row.there.code, row.outward, row.inward) for row in beside(walk, one, other)]
    assert rows == [
        ("A", "x", PARTIAL, PARTIAL),
        ("2", "x", PARTIAL, FULL),
        ("1", "B", PARTIAL, PARTIAL),
        ("1", "x", FULL, PARTIAL),
    ]
    mirrored = [(row.there.code, row.here.code, row.inward, row.outward) for row in beside(walk, other, one)]
    assert sorted(mirrored) == sorted(rows)


def test_coverage_counts_full_before_partial_and_leaves_out_what_is_not_asked():
    one = mark("a", node("A", asks("1", to("b:x", FULL), to("b:C")), asks("2", to("b:x"), to("b:y", FULL))))
    other = mark("b", node("B", asks("x"), asks("y")), node("C", asks("k"), asks("m", to("a:2"))))
    found = covered([Work(one, frozenset({"1"}))], other)
    assert found.extents == {"x": FULL, "k": PARTIAL, "m": PARTIAL}
    assert found.counts == Counts(full=1, partial=2, open=1)
    assert [(each.node.code, each.counts) for each in found.nodes] == [("B", Counts(1, 0, 1)), ("C", Counts(0, 2, 0))]
    asked = covered([Work(one, frozenset({"1", "2"}))], other, asked={"y", "m"})
    assert (asked.counts, asked.extents) == (Counts(1, 1, 0), {"y": FULL, "m": PARTIAL})


def test_an_edition_is_covered_by_its_earlier_edition_and_never_by_itself():
    older, newer = mark("a", node("A", asks("1"))), mark("a", node("A", asks("1"), asks("2")), edition="2")
    work = [Work(older, frozenset({"1"})), Work(newer, frozenset({"1", "2"}))]
    assert covered(work, newer).counts == Counts(full=1, partial=0, open=1)
    assert covered(work[1:], newer).counts == Counts(open=2)


# --- Whatever the links are ---

# The same examples on every run: a failure is a change of the rules, never of luck.
same_examples = settings(max_examples=100, deadline=None, derandomize=True)

CODES = ("p", "q", "r", "s")
SHAPE = {"a": {"A": "pq", "B": "rs"}, "b": {"A": "p", "B": "qrs"}, "c": {"A": "pqrs"}}
TARGETS = st.builds(
    lambda name, code, extent: MapsTo(name, code, extent),
    st.sampled_from(["a", "b", "c", "elsewhere"]),
    st.sampled_from([*CODES, "A", "B", "gone"]),
    st.sampled_from(Extent),
)
MAPPINGS = st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from(CODES)), st.lists(TARGETS, max_size=4))


def built(mappings: dict[tuple[str, str], list[MapsTo]]) -> list[Framework]:
    return [
        mark(
            name,
            *(node(root, *(asks(c, *mappings.get((name, c), [])) for c in codes)) for root, codes in roots.items()),
        )
        for name, roots in SHAPE.items()
    ]


def said(frameworks: list[Framework]) -> set[tuple[str, str, str, str]]:
    """Every pair of criteria of which one names the other or a node above it: read from the frameworks alone."""
    pairs = set()
    for one in frameworks:
        for each in one.criteria:
            for link in each.maps_to:
                for other in frameworks:
                    if other.code != link.framework or other.code == one.code:
                        continue
                    for far in other.criteria:
                        if link.code in {far.code, other.node_of(far.code)[0].code}:
                            pairs |= {
                                (one.code, each.code, other.code, far.code),
                                (other.code, far.code, one.code, each.code),
                            }
    return pairs


@same_examples
@given(MAPPINGS)
def test_no_link_is_invented_and_none_is_lost(mappings):
    frameworks = built(mappings)
    walk = links(frameworks)
    found = {
        (link.source.framework, link.source.code, name, code)
        for name in SHAPE
        for code in CODES
        for link in walk.into(Place(name, "1", code))
    }
    assert found == said(frameworks)


@same_examples
@given(MAPPINGS, st.sets(st.tuples(st.sampled_from("ab"), st.sampled_from(CODES))))
def test_coverage_agrees_with_the_links_one_by_one_and_adds_up(mappings, done):
    frameworks = built(mappings)
    other = frameworks[2]
    work = [Work(each, frozenset(code for name, code in done if name == each.code)) for each in frameworks[:2]]
    found = covered(work, other)
    walk = links(frameworks)
    for code in CODES:
        extents = {
            link.extent
            for link in walk.into(Place("c", "1", code))
            if (link.source.framework, link.source.code) in done
        }
        assert found.extents.get(code) is (FULL if FULL in extents else PARTIAL if extents else None)
    assert found.counts.total == len(other.criteria) == sum(each.counts.total for each in found.nodes if not each.depth)
    assert found.counts.full == sum(each.counts.full for each in found.nodes if not each.depth)
