"""Scores and questions: a scale for the whole framework, a scale for a question whose choices score, prompts for the others."""

from typing import Any

from app.domain.wording import counted
from app.frameworks.importing.document import compliance_scale
from app.frameworks.importing.drafting import said
from app.frameworks.importing.report import Notes
from app.frameworks.importing.words import Words, clean, joined_words, words_of
from app.frameworks.writing import Inline

SCALE = "score"
HIGHEST = 999_999


class Answers:
    """What each criterion is scored on and what is asked about it. `scales` are those that some criterion uses."""

    def __init__(
        self, framework: dict[str, Any], assessable: list[dict[str, Any]], language: str, notes: Notes
    ) -> None:
        self.scales: dict[str, Any] = {}
        self._language, self._notes = language, notes
        self._own: dict[str, str] = {}
        questions = {id(node): _questions(node) for node in assessable}
        self._questions = questions
        self._choices = {id(node): self._scored(questions[id(node)]) for node in assessable}
        if any(points is None for points in self._choices.values()):
            self.scales[SCALE] = self._common(framework)
        if any(questions.values()):
            notes.came.append(f"questions of {counted(sum(map(bool, questions.values())), 'requirement')}")

    def of(self, node: dict[str, Any]) -> tuple[str, list[Words]]:
        """The code of the criterion's scale, and its prompts."""
        questions, points = self._questions[id(node)], self._choices[id(node)]
        if points is not None:
            return self._scale_of(points), [words_of(questions[0], "text", self._language)]
        return SCALE, [prompt for question in questions if (prompt := self._prompt(question))]

    def _common(self, framework: dict[str, Any]) -> dict[str, Any]:
        listed = framework.get("scores_definition")
        listed = listed.get("scale") if isinstance(listed, dict) else listed
        points: dict[str, Any] = {}
        for entry in sorted(_dicts(listed), key=lambda each: _number(each.get("score")) or 0):
            value = _number(entry.get("score"))
            if value is None or str(value) in points:
                self._notes.leave("Scores that are no points of a scale", str(entry.get("score")))
                continue
            points[str(value)] = self._point(entry, str(value))
        if len(points) > 1:
            self._notes.came.append(f"a scale of {counted(len(points), 'point')}")
            return {"points": points, "not_applicable": "with-reason"}
        return self._range(framework)

    def _point(self, entry: dict[str, Any], fallback: str) -> Any:
        label = words_of(entry, "name", self._language) or {"en": fallback}
        anchor = joined_words([words_of(entry, key, self._language) for key in ("description", "description_doc")])
        if not anchor:
            return said(label)
        return {"label": said(label), "anchor": said(anchor)}

    def _range(self, framework: dict[str, Any]) -> dict[str, Any]:
        low, high = _number(framework.get("min_score")), _number(framework.get("max_score"))
        if low is not None and high is not None and low < high <= HIGHEST:
            self._notes.came.append(f"scores from {low} to {high}")
            return {"range": Inline({"from": low, "to": high}), "not_applicable": "with-reason"}
        self._notes.choose("scales", "The file defines no scores, so each requirement is met, met in part, or not met.")
        return compliance_scale(self._language)

    def _scored(self, questions: list[dict[str, Any]]) -> dict[int, dict[str, Any]] | None:
        """The points of a criterion's own scale, where one question with a single choice gives a score for each choice."""
        if len(questions) != 1 or questions[0].get("type") not in ("unique_choice", "single_choice"):
            return None
        points: dict[int, dict[str, Any]] = {}
        for choice in _dicts(questions[0].get("choices")):
            score = _number(choice.get("add_score"))
            if score is None or score in points or not words_of(choice, "value", self._language):
                return None
            points[score] = choice
        return dict(sorted(points.items())) if len(points) > 1 and max(points) > 0 else None

    def _scale_of(self, points: dict[int, dict[str, Any]]) -> str:
        """The scale's code; the same choices give the same scale."""
        written: dict[str, Any] = {}
        for value, choice in points.items():
            label = words_of(choice, "value", self._language)
            anchor = words_of(choice, "description", self._language)
            written[str(value)] = {"label": said(label), "anchor": said(anchor)} if anchor else said(label)
        key = repr(written)
        if key not in self._own:
            self._own[key] = f"choices-{len(self._own) + 1}"
            self.scales[self._own[key]] = {"points": written, "not_applicable": "with-reason"}
            self._notes.came.append(f"a scale made of the {len(points)} scored choices of a question")
        return self._own[key]

    def _prompt(self, question: dict[str, Any]) -> Words:
        """The question with its choices, as something to look for."""
        self._note_question(question)
        choices = [words_of(choice, "value", self._language) for choice in _dicts(question.get("choices"))]
        listed = [{language: f"- {text}" for language, text in choice.items()} for choice in choices if choice]
        text = words_of(question, "text", self._language)
        return joined_words([text, joined_words(listed, "\n")], "\n")

    def _note_question(self, question: dict[str, Any]) -> None:
        if question.get("depends_on"):
            self._notes.leave("Questions that depend on another answer", str(question.get("text") or ""))
        for choice in _dicts(question.get("choices")):
            value = str(choice.get("value") or "")
            if _number(choice.get("add_score"), signed=True):
                self._notes.leave(
                    "Scores of choices that cannot be the points of one scale", f"{value}: {choice['add_score']}"
                )
            if choice.get("compute_result"):
                self._notes.leave("Choices that decide the result by themselves", value)
            if choice.get("select_implementation_groups"):
                self._notes.leave("Choices that select groups", value)


def _questions(node: dict[str, Any]) -> list[dict[str, Any]]:
    """A node's questions, from any of the shapes that libraries have had for them."""
    listed = node.get("questions")
    if isinstance(listed, dict):
        listed = list(listed.values())
    old = node.get("question")
    if not listed and isinstance(old, dict):
        shared = [{"value": choice} for choice in old.get("question_choices") or () if isinstance(choice, str)]
        inner = _dicts(old.get("questions"))
        return [{"type": old.get("question_type"), "choices": shared, **each} for each in inner]
    return [{**each, "choices": _choices(each)} for each in _dicts(listed) if clean(str(each.get("text") or ""))]


def _choices(question: dict[str, Any]) -> list[dict[str, Any]]:
    listed = question.get("choices")
    return [each if isinstance(each, dict) else {"value": each} for each in listed] if isinstance(listed, list) else []


def _dicts(listed: Any) -> list[dict[str, Any]]:
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _number(value: Any, *, signed: bool = False) -> int | None:
    """The whole number of 0 or more that a text is; with `signed` also one below 0."""
    text = value.strip() if isinstance(value, str) else ""
    digits = text.removeprefix("-") if signed else text
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 7 else None
