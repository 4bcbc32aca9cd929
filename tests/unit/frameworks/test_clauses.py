"""The clauses of a file, from the text that teaches them: what arrives, and what is refused at its place."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from app.cli.framework_languages import languages_command
from app.domain.clauses import AnsweredBy, Audience, Before, Clauses, Escalation, FromScores, Hold, MetBy, Overdue
from app.domain.duration import Duration
from app.domain.framework import EvidenceKind
from app.domain.gates import passes
from app.domain.sampling import SampleRule
from app.domain.terms import ChairVotes, Prerequisite, Reassess, Reconciliation
from app.frameworks import check_source, read
from app.frameworks.clauses.languages import language_report
from app.frameworks.clauses_in_words import clauses_in_words
from app.frameworks.handbook import handbook
from app.frameworks.in_words import InWords
from app.frameworks.json_schema import json_schema
from tests.unit.frameworks.test_reading import EXAMPLE

PAGE = (Path(__file__).parents[3] / "docs" / "framework-clauses.md").read_text("utf-8")
WHOLE, *PARTS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def with_parts(text: str) -> str:
    """The whole file with the parts in `text` in the place of those with the same name."""
    blocks = re.split(r"(?m)^(?=[a-z_]+:)", WHOLE)
    new = {block.split(":")[0]: block for block in re.split(r"(?m)^(?=[a-z_]+:)", text) if block}
    return "".join(new.pop(block.split(":")[0], block) for block in blocks) + "".join(new.values())


def messages(text: str) -> list[str]:
    return [problem.message for problem in check_source(text, "x.yaml")]


@pytest.fixture(scope="module")
def mark():
    return read(WHOLE, "safe-homes.yaml")


def test_the_whole_example_is_without_mistakes():
    assert check_source(WHOLE, "safe-homes.yaml") == []


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.split(":")[0])
def test_every_part_that_is_shown_fits_into_the_whole(part):
    assert messages(with_parts(part)) == []
    assert list(Draft202012Validator(json_schema()).iter_errors(yaml.safe_load(with_parts(part)))) == []


def test_a_file_without_clauses_has_none():
    silent = re.sub(
        r"(?ms)^(gates|findings|members|publication|retention|languages|award|panel|assessment):.*?(?=^[a-z])",
        "",
        WHOLE + "zz",
    )
    bare = read(
        silent.removesuffix("zz").replace(", once: true", "").replace(", after: {level: bronze, held: 12 months}", ""),
        "x",
    )
    assert bare.clauses == Clauses()
    assert not any(level.once or level.after for level in bare.levels)
    assert (bare.award.reassess, bare.award.carry_results, bare.assessment.samples) == (None, None, {})


def test_gates_and_what_levels_build_on_arrive(mark):
    _, desk, clearance = mark.clauses.gates
    assert [gate.before for gate in mark.clauses.gates] == [Before.APPLICATION, Before.ASSESSMENT, Before.AWARD]
    assert (desk.after, desk.self_assessment.at_least, desk.self_assessment.required) == (
        "eligible",
        Fraction(3, 5),
        True,
    )
    assert clearance.facts is not None
    assert [level.once for level in mark.levels] == [True, False, False]
    assert mark.level("silver").after == Prerequisite("bronze", Duration(months=12))
    assert [result.passed for result in passes(mark, {"charity": True}, None, Before.APPLICATION)] == [True]


def test_findings_arrive(mark):
    findings = mark.clauses.findings
    observation, minor, major = findings.grades
    assert (observation.holds, minor.holds, major.holds) == (None, Hold("bronze"), Hold(None))
    assert (minor.put_right_within, major.overdue) == (Duration(months=6), Overdue.WITHDRAW)
    assert findings.from_scores[-1] == FromScores("uptake", 50, "minor")
    assert findings.escalation == (Escalation(3, "minor", "standard", "major"),)


def test_terms_members_publication_and_retention_arrive(mark):
    assert mark.award.reassess == Reassess(Duration(months=12), ("SAFE.1",))
    assert mark.award.ends_with_passports
    assert mark.award.carry_results == Duration(years=3)
    assert mark.assessment.reconciliation is Reconciliation.BELOW_FLOOR
    assert mark.assessment.samples["sites"] == SampleRule(square_root=True, at_least=2, of="homes")
    assert mark.assessment.samples["files"] == SampleRule(Fraction(1, 10), False, 5, 30)
    assert mark.panel.chair_votes is ChairVotes.TIES
    assert mark.criterion("SAFE.1.1").answered_by is AnsweredBy.EACH_SITE
    assert [each.met_by for each in mark.criteria] == [None, MetBy.ANY, None, MetBy.LEAD]
    assert [passport.counts_as for passport in mark.criterion("SAFE.1.1").passports] == [3, 2]
    assert mark.criterion("SAFE.1.3").evidence[0].kind is EvidenceKind.OUTCOME_MEASURE
    assert mark.clauses.publication.reasons is Audience.NEVER
    assert mark.clauses.publication.conditions is Audience.PUBLIC
    assert mark.clauses.retention.drafts.add_to(date(2026, 1, 31)) == date(2027, 7, 31)
    assert mark.clauses.languages == ("en", "cy")


MISTAKES = [
    ("before: award\n    facts: {checked: true}", "before: award", "this gate asks nothing; give it `facts`, `self_assessment` or both"),
    ("    after: eligible", "    after: clearance", "`clearance` is not above this gate; write the gates in the order in which they are passed"),
    ("    after: eligible", "    after: eligable", "there is no gate `eligable`; did you mean `eligible`?"),
    ("before: assessment", "before: application", "a self-assessment is looked at when it is handed in; put this gate before `assessment`"),
    ("before: assessment", "before: visit", "`visit` is not known here; expected `application`, `assessment` or `award`"),
    ("{at_least: 60%, required: claimed}", "{at_least: 0}", "expected a share above 0% and up to 100%, or the gate stops nobody or everybody"),
    ("{checked: true}", "{cheked: true}", "there is no fact `cheked`; did you mean `checked`?"),
    ("code: clearance", "code: eligible", "the gate `eligible` stands here twice"),
    ("{level: bronze, held: 12 months}", "{level: silver, held: 12 months}", "`silver` is not below `silver`: levels are written from the lowest"),
    ("{level: bronze, held: 12 months}", "bronce", "there is no level `bronce`; did you mean `bronze`?"),
    ("holds_at: bronze", "holds_at: silver", "`silver` is the highest level, so this holds nothing down"),
    ("title: Observation}", "title: Observation, holds_at: not-yet}", "`minor` is graver than `observation`, so it may not leave a higher level possible"),
    ("put_right_within: 3 months, ", "", "nothing is ever overdue without `put_right_within`"),
    ("uptake: {minor: 50}", "uptake: {minor: 100}", "100% is the best point of the scale uptake, so every score is a finding"),
    ("{major: 0, minor: 1}", "{major: 1, minor: 0}", "this never says `minor`: a graver grade takes all of these points"),
    ("{major: 0, minor: 1}", "{mayor: 0}", "there is no grade `mayor`; did you mean `major`?"),
    ("uptake: {minor: 50}", "uptake: {minor: 101}", "`101` is not on the scale uptake, which runs from 0 to 100"),
    ("of: minor, in_one: standard, become: major", "of: major, in_one: standard, become: minor", "`minor` is not graver than `major`; grades are written from the lightest"),
    ("in_one: standard", "in_one: criterion", "`criterion` is none of `area`, `standard` or `whole`"),
    ("level: full, counts_as: 3", "level: full, counts_as: 4", "`4` is not on the scale fulfilment, whose points are 0, 1, 2, 3"),
    ("{scheme: housing-audit, criterion: H4, counts_as: 2}", "{scheme: fire-mark, level: full}", "this passport stands here twice"),
    ("{share: 10%, at_least: 5, at_most: 30}", "{at_most: 30}", "this asks for nothing; say `at_least`, `share` or both"),
    ("of: homes", "of: income", "`income` is a fact of kind money; only a count says how many there are"),
    ("of: homes", "of: hommes", "there is no fact `hommes`; did you mean `homes`?"),
    ("at_least: 5, at_most: 30", "at_least: 50, at_most: 30", "`at_least` asks for 50, which is more"),
    ("    people: {", "    peple: {", "`peple` cannot be sampled; did you mean `people`?"),
    ("share: square-root", "share: root", "expected a percentage such as 60% or a fraction such as 3/5, not `root`, or `square-root`"),
    ("  assessors: 2\n", "  assessors: 1\n", "one assessor has nobody to differ from; ask for two `assessors`"),
    ("  agreement_floor: 0.6\n", "", "there is no floor to be below; say `agreement_floor`"),
    ("[award, award-with-conditions, defer, refuse]", "[defer, refuse]", "a panel that can never award decides nothing; add `award`"),
    ("criteria: [SAFE.1]", "criteria: [SAFE.9]", "there is no node or criterion `SAFE.9`; did you mean `SAFE.1`?"),
    ("carry_results: 3 years", "carry_results: 1 year", "results are carried for 1 year only, so `reassess` changes nothing"),
    ("publication: {", "publication: {level: provider, ", "the level is always `public`: it is what a register is for"),
    ("criterion_scores: provider", "criterion_scores: public", "whoever sees `criterion_scores` can work out `node_scores`, which is kept to `commissioners`; open `node_scores` to `public` too, or keep this as close"),
    ("answered_by: each-site", "answered_by: each-sight", "`each-sight` is not known here; did you mean `each-site`?"),
    ("languages: [en, cy]", "languages: [en, cy, en]", "the language `en` stands here twice"),
    ("title: Leadership", "title: {en: Leadership, pl: Przywództwo}", "`pl` is not among the `languages` of this file; expected `en` or `cy`"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES, ids=[message[:40] for _, _, message in MISTAKES])
def test_what_makes_no_sense_is_told(old, new, message):
    assert WHOLE.count(old) == 1
    assert messages(WHOLE.replace(old, new)) == [message]


def test_a_point_may_name_its_finding_but_only_one_that_there_is_and_that_is_no_graver_than_a_worse_one():
    def points(first: str, second: str) -> str:
        zero, one = f"{{label: No, finding: {first}}}", f"{{label: A little, finding: {second}}}"
        return WHOLE.replace("{0: Not in place, 1: Started,", f"{{0: {zero}, 1: {one},")

    assert messages(points("major", "minor")) == []
    assert messages(points("major", "minr")) == ["there is no grade `minr`; did you mean `minor`?"]
    assert messages(points("minor", "major")) == ["a better point may not raise a graver finding than 0 does"]
    without = re.sub(r"(?ms)^findings:.*?(?=^outcome)", "", points("major", "major"))
    assert set(messages(without)) == {"there is no grade `major`: say the grades of findings in `findings`"}


def test_one_broken_grade_is_told_once_and_not_at_all_that_name_it():
    broken = WHOLE.replace(
        "code: minor, title: Minor finding, put_right_within: 6 months", "code: minor, put_right_within: 6 months"
    )
    assert messages(broken) == ["`title` is missing"]


def test_all_mistakes_of_all_clauses_are_told_at_once():
    text = (
        WHOLE.replace("before: award", "before: awards")
        .replace("kind: outcome-measure", "kind: outcome")
        .replace("quorum: 3", "quorum: 0")
    )
    found = check_source(text, "x.yaml")
    assert len(found) == 3
    assert [problem.line for problem in found] == sorted(
        text[: text.index(word)].count("\n") + 1 for word in ("kind: outcome,", "before: awards", "quorum: 0")
    )


def test_every_text_of_a_file_is_counted_in_each_language_and_every_missing_one_has_its_place(tmp_path):
    file = tmp_path / "safe-homes.yaml"
    file.write_text(WHOLE, "utf-8")
    result = CliRunner().invoke(languages_command, [str(file)])
    first, second, *missing = result.output.splitlines()
    assert (first, second) == ("en: 30 of 30 texts, shown where another is missing", "cy: 2 of 30 texts")
    assert len(missing) == 28
    lines = WHOLE.splitlines()
    for words in (
        "Not in place",
        "Registered as a charity",
        "Fire",
        "Desk review",
        "No award is made",
        "Minor finding",
    ):
        line, column = next((n, text.index(words)) for n, text in enumerate(lines, 1) if words in text)
        assert f"{file}:{line}:{column + 1}: `cy` is missing" in missing


def test_a_text_that_has_the_second_language_and_not_the_first_lacks_the_first():
    report = language_report(WHOLE.replace("title: Fire", "title: {cy: Tân}"), "x")
    assert report.written == {"en": 29, "cy": 3}
    assert [problem.message for problem in report.missing].count("`en` is missing") == 1


def test_a_fact_that_is_called_as_a_text_is_no_text_where_a_rule_asks_for_it():
    asked = WHOLE.replace("  charity: {kind", "  title: {kind").replace("{charity: true}", "{title: {is: true}}")
    assert messages(asked) == []
    assert language_report(asked, "x").texts == 30


def test_languages_of_a_file_with_mistakes_are_not_counted(tmp_path):
    file = tmp_path / "broken.yaml"
    file.write_text(WHOLE.replace("quorum: 3", "quorum: many"), "utf-8")
    result = CliRunner().invoke(languages_command, [str(file)])
    assert result.exit_code == 1
    assert "expected a whole number" in result.output


def test_the_handbook_reads_out_every_clause_and_nothing_that_the_file_does_not_say(mark):
    said = handbook(mark)
    for sentence in (
        "Before anyone applies: Who can apply. This mark is for charities, and for others with an income under £1,000,000. "
        "This holds when “Registered as a charity” is yes or “Income in the last year” is below £1,000,000.",
        "The self-assessment has to stand at 60% or more and claim every required point.",
        "Provisional is granted to an organisation only once.",
        "Silver is granted only after Bronze has been held for 12 months without a break.",
        "Observation: it leaves the award alone.",
        "Minor finding: to be put right within 6 months; while it is open, nothing above Bronze is possible; "
        "when it is overdue, the award is suspended.",
        "50% or worse on the scale uptake is a finding: Minor finding.",
        "3 findings in one standard of the grade Minor finding or graver become one: Major finding.",
        "Assessors meet over their scores when they agree on less than 60%.",
        "Of all sites, the square root of their number and at least 2 are looked at.",
        "The chair's vote counts only where the others are tied.",
        "SAFE.1 is scored again every 12 months.",
        "Commissioners can also see the share in all and the results of each part.",
        "We keep awards that have ended for 6 years.",
        "Answered at each site: every site has to meet it.",
        "Criterion H4 of housing-audit answers this, and counts as 2 In place, for as long as it is valid.",
        "In a consortium, one member is enough.",
    ):
        assert sentence in said
    silent = InWords(read(EXAMPLE, "example.yaml"))
    assert list(clauses_in_words(silent)) == []
