"""Findings: their grades, which scores raise them, and when several become a graver one."""

from typing import Any

from app.domain.clauses import WHOLE, Escalation, FindingRules, FromScores, Grade, Hold
from app.domain.framework import Scale
from app.frameworks.clause_shapes import EscalationShape, FindingsShape, GradeShape
from app.frameworks.clauses.reading import claim, items, no_award_words, whole_entry
from app.frameworks.header import Names, refer
from app.frameworks.problems import Path, Problems, listed, suggestion
from app.frameworks.scales import point_on
from app.frameworks.schemas import shaped

HERE: Path = ("findings",)
Grades = dict[str, Grade | None]
"""By code, the lightest first. A broken one is known by its code and None, so that it is not missed twice."""


def read_findings(header: dict[str, Any], names: Names, problems: Problems) -> FindingRules:
    """The grades, what scores and numbers of findings make, and whether the scales' points name grades that there are."""
    valid = shaped(FindingsShape, header["findings"], HERE, problems) if "findings" in header else {}
    no_award = no_award_words(header, names)
    grades = _grades(valid["grades"], names, no_award, problems) if "grades" in valid else {}
    from_scores = _from_scores(valid["from_scores"], names, grades, problems) if "from_scores" in valid else ()
    escalation = _escalations(valid["escalation"], names, grades, problems) if "escalation" in valid else ()
    _check_points(names, grades, "grades" in valid, problems)
    whole = tuple(grade for grade in grades.values() if grade is not None)
    _check_heavier(whole, names, problems)
    return FindingRules(whole, from_scores, escalation)


def _grades(data: Any, names: Names, no_award: list[str], problems: Problems) -> Grades:
    grades: Grades = {}
    path = (*HERE, "grades")
    for entry, here in items(data, path, "grades, the lightest first, such as {code: minor, title: Minor}", problems):
        valid = whole_entry(GradeShape, entry, here, problems)
        code = str(entry.get("code")) if isinstance(entry, dict) else ""
        if valid is not None and claim(code, grades, "grade", here, problems):
            grades[code] = _grade(valid, len(grades), here, names, no_award, problems)
        elif code:
            grades.setdefault(code, None)
    return grades


def _grade(
    valid: dict[str, Any], rank: int, path: Path, names: Names, no_award: list[str], problems: Problems
) -> Grade:
    hold = None
    levels = list(names.levels)
    if "holds_at" in valid:
        at_most, here = valid["holds_at"], (*path, "holds_at")
        if refer("level", at_most, [*no_award, *levels], here, problems):
            hold = Hold(at_most if at_most in levels else None)
            if levels and at_most == levels[-1]:
                problems.add(here, f"`{at_most}` is the highest level, so this holds nothing down")
    if "overdue" in valid and "put_right_within" not in valid:
        problems.add((*path, "overdue"), "nothing is ever overdue without `put_right_within`")
    return Grade(
        valid["code"],
        valid["title"],
        rank,
        holds=hold,
        **{key: valid[key] for key in ("summary", "put_right_within", "overdue") if key in valid},
    )


def _check_heavier(grades: tuple[Grade, ...], names: Names, problems: Problems) -> None:
    """A graver finding holds at least as low as every lighter one: else putting it right in part could cost a level."""
    lowest: Grade | None = None
    for grade in grades:
        if lowest and _height(grade, names) > _height(lowest, names):
            message = f"`{grade.code}` is graver than `{lowest.code}`, so it may not leave a higher level possible"
            problems.add((*HERE, "grades", grade.rank, "holds_at"), message)
        else:
            lowest = grade


def _height(grade: Grade, names: Names) -> int:
    """The rank of the highest level that is still possible: all of them, or none at all as -1."""
    if grade.holds is None:
        return len(names.levels)
    return names.rank(grade.holds.at_most) if grade.holds.at_most else -1


def _from_scores(data: Any, names: Names, grades: Grades, problems: Problems) -> tuple[FromScores, ...]:
    path = (*HERE, "from_scores")
    if not isinstance(data, dict) or not data:
        problems.add(path, "expected a scale with its grades, such as fulfilment: {major: 0, minor: 1}")
        return ()
    found: list[FromScores] = []
    for code, entry in data.items():
        here = (*path, code)
        if code not in names.scales:
            problems.add_at_key(here, f"there is no scale `{code}`{suggestion(code, names.scales)}")
            continue
        scale = names.scales[code]
        if not isinstance(entry, dict) or not entry:
            problems.add(here, "expected a grade with the point from which it holds downwards, such as {major: 0}")
        elif scale is not None:
            found += _of_scale(scale, entry, here, grades, problems)
    return tuple(found)


def _of_scale(scale: Scale, entry: dict[str, Any], path: Path, grades: Grades, problems: Problems) -> list[FromScores]:
    found: list[FromScores] = []
    for code, asked in entry.items():
        here = (*path, code)
        if code not in grades:
            problems.add_at_key(here, f"there is no grade `{code}`{suggestion(code, grades)}")
            continue
        point = point_on(scale, asked, here, problems)
        if point is None:
            continue
        if point == scale.best:
            problems.add(
                here, f"{scale.said(point)} is the best point of the scale {scale.code}, so every score is a finding"
            )
        found.append(FromScores(scale.code, point, code))
    for one in found:
        if any(
            _rank(other.grade, grades) > _rank(one.grade, grades) and scale.reaches(other.at, one.at) for other in found
        ):
            problems.add((*path, one.grade), f"this never says `{one.grade}`: a graver grade takes all of these points")
    return found


def _rank(code: str, grades: Grades) -> int:
    grade = grades[code]
    return grade.rank if grade else -1


def _check_points(names: Names, grades: Grades, told: bool, problems: Problems) -> None:
    """What points of scales raise: a grade that there is, and none for a better point that is graver than for a worse one."""
    for scale in names.scales.values():
        graver: tuple[int, str] | None = None
        for value in scale.from_worst if scale and scale.points else ():
            assert scale is not None
            point = scale.point(value)
            path: Path = ("scales", scale.code, str(scale.kind), point.code or str(value), "finding")
            if not point.finding:
                continue
            if not told:
                problems.add(path, f"there is no grade `{point.finding}`: say the grades of findings in `findings`")
            elif refer("grade", point.finding, grades, path, problems):
                rank = _rank(point.finding, grades)
                if graver and rank > graver[0]:
                    problems.add(path, f"a better point may not raise a graver finding than {graver[1]} does")
                graver = (rank, scale.said(value))


def _escalations(data: Any, names: Names, grades: Grades, problems: Problems) -> tuple[Escalation, ...]:
    path = (*HERE, "escalation")
    example = "rules such as {at_least: 3, of: minor, in_one: standard, become: major}"
    found = [_escalation(entry, here, names, grades, problems) for entry, here in items(data, path, example, problems)]
    return tuple(rule for rule in found if rule)


def _escalation(entry: Any, path: Path, names: Names, grades: Grades, problems: Problems) -> Escalation | None:
    valid = whole_entry(EscalationShape, entry, path, problems)
    if valid is None:
        return None
    known = [refer("grade", valid[key], grades, (*path, key), problems) for key in ("of", "become")]
    places = [*names.tree_names[:-1], WHOLE]
    if names.tree_names and valid["in_one"] not in places:
        problems.add((*path, "in_one"), f"`{valid['in_one']}` is none of {listed(places)}")
    if not all(known):
        return None
    if grades[valid["become"]] and _rank(valid["become"], grades) <= _rank(valid["of"], grades):
        message = f"`{valid['become']}` is not graver than `{valid['of']}`; grades are written from the lightest"
        problems.add((*path, "become"), message)
    return Escalation(valid["at_least"], valid["of"], valid["in_one"], valid["become"])
