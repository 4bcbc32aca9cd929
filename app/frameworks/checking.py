"""Checks files and folders: editions, schemes, lists and cases, each against what it should be."""

from pathlib import Path

from app.domain.framework import FactKind, Framework
from app.frameworks import cases
from app.frameworks.codes import check_list_codes
from app.frameworks.problems import Problem, Problems
from app.frameworks.read import read_framework
from app.frameworks.schemes import STANDARDS, read_list, read_scheme

ENDINGS = (".yaml", ".yml")


def check(path: Path | str) -> list[Problem]:
    """Every mistake in a file, or in all YAML files of a folder and below, in order. Empty where all is well."""
    path = Path(path)
    if path.is_dir():
        files = sorted(each for each in path.rglob("*") if each.suffix in ENDINGS and each.is_file())
        if not files:
            return [Problem(str(path), 1, 1, "this folder holds no YAML files")]
        return [problem for file in files for problem in check_file(file)]
    return check_file(path)


def check_file(path: Path) -> list[Problem]:
    """Every mistake in one file. What kind of file it is, its name and folder tell."""
    problems = Problems(str(path))
    source = _text(path, problems)
    if source is None:
        return problems.in_order()
    if path.stem == "scheme":
        read_scheme(source, problems)
    elif path.stem == "cases":
        cases.check_cases(source, path, problems)
    elif path.parent.name == "lists":
        read_list(source, problems)
    else:
        framework = read_framework(source, problems)
        if framework is not None:
            _check_lists(framework, path.parent.parent / "lists", problems)
    return problems.in_order()


def check_source(source: str, name: str, standards: Path = STANDARDS) -> list[Problem]:
    """Every mistake in the text of one edition; codes of lists are looked up in the folder `lists` of `standards`."""
    problems = Problems(name)
    framework = read_framework(source, problems)
    if framework is not None:
        _check_lists(framework, standards / "lists", problems)
    return problems.in_order()


def _text(path: Path, problems: Problems) -> str | None:
    try:
        data = path.read_bytes()
    except OSError as error:
        problems.at((1, 1), f"the file cannot be read: {error.strerror}")
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        place = (before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1)
        problems.at(place, "this is not UTF-8 text; save the file with the encoding UTF-8")
        return None


def _check_lists(framework: Framework, lists: Path, problems: Problems) -> None:
    for fact in framework.facts.values():
        if fact.kind is not FactKind.CODES or fact.list is None:
            continue
        file = lists / f"{fact.list}.yaml"
        if not file.is_file():
            known = sorted(each.stem for each in lists.glob("*.yaml")) if lists.is_dir() else []
            has = f"; there are {', '.join(known)}" if known else ""
            problems.add(("facts", fact.code, "list"), f"there is no list `{fact.list}` in {lists.name}/{has}")
            continue
        items = read_list(file.read_text("utf-8"), Problems(str(file)))
        check_list_codes(framework, fact, [item.code for item in items], problems)
