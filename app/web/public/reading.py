"""How the pages of a published edition are read: in which language, about whom, and where their links lead."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from flask import current_app, request, url_for

from app.domain.wording import FALLBACK
from app.frameworks.in_words import language_name
from app.queries.standards import Edition
from app.web.public.asking import Given

# What can be done with an edition beside reading it here: view, words.
TAKE_AWAY = (
    ("public.handbook_pdf", "Handbook to print (PDF)"),
    ("public.criteria_xlsx", "Every criterion as a spreadsheet (Excel)"),
    ("public.oscal_json", "For other software: OSCAL catalog (JSON)"),
    ("public.framework_source", "For other software: the file that the scheme wrote (YAML)"),
)
CHANGES = ("public.edition_changes", "What changed since the edition before")
LOOK_AT = (
    ("public.crosswalk", "Beside other frameworks"),
    ("public.try_scores", "Try scores"),
)
# What a language is called by those who read it; any other goes by its name in English.
OWN_NAMES = {"cy": "Cymraeg", "ga": "Gaeilge", "gd": "Gàidhlig", "fr": "Français", "pl": "Polski", "ro": "Română"}
IN_EVERY_LANGUAGE = frozenset({"public.handbook_pdf", "public.criteria_xlsx", "public.oscal_json"})


@dataclass(frozen=True)
class Reading:
    """One request's way of reading an edition."""

    edition: Edition
    given: Given

    @cached_property
    def language(self) -> str:
        wanted = request.args.get("language", "")
        return wanted if wanted in self.edition.languages else FALLBACK

    @cached_property
    def languages(self) -> list[tuple[str, str, str]]:
        """(code, its own name for itself, address) of this page in each language, where there are several."""
        if len(self.edition.languages) < 2:
            return []
        others = {name: values for name, values in request.args.lists() if name != "language"}
        found = []
        for code in self.edition.languages:
            query = urlencode(others if code == FALLBACK else {**others, "language": code}, doseq=True)
            found.append((code, OWN_NAMES.get(code, language_name(code)), f"{request.path}?{query}".rstrip("?")))
        return found

    @property
    def other_than_english(self) -> str:
        """The language of this page in English words, where it is not English."""
        return "" if self.language == FALLBACK else language_name(self.language)

    @cached_property
    def _start(self) -> str:
        framework = self.edition.framework
        return url_for("public.edition", framework=framework.code, edition=framework.edition)

    @cached_property
    def _spoken(self) -> str:
        return "" if self.language == FALLBACK else f"?language={self.language}"

    @cached_property
    def _carried(self) -> str:
        spoken = {} if self.language == FALLBACK else {"language": self.language}
        query = urlencode({**self.given.as_arguments(), **spoken}, doseq=True)
        return f"?{query}" if query else ""

    def to(self, code: str = "") -> str:
        """The address of a branch or criterion, or of the edition, in this language. Codes need no quoting."""
        return f"{self._start}/{code}{self._spoken}" if code else f"{self._start}{self._spoken}"

    def carry(self, code: str = "") -> str:
        """The same, with what was said about the organisation."""
        return f"{self._start}/{code}{self._carried}" if code else f"{self._start}{self._carried}"

    @property
    def address(self) -> str:
        """Where this page stands for good, whatever language or organisation it is read for."""
        return str(current_app.config["BASE_URL"]) + request.path

    @property
    def take_away(self) -> list[tuple[str, str]]:
        return self._links(TAKE_AWAY)

    @property
    def look_at(self) -> list[tuple[str, str]]:
        return self._links((CHANGES, *LOOK_AT) if self.edition.earlier else LOOK_AT)

    def _links(self, views: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
        """(address, words), in this language where there is a choice."""
        code, edition = self.edition.framework.code, self.edition.framework.edition
        return [
            (
                url_for(name, framework=code, edition=edition) + (self._spoken if name in IN_EVERY_LANGUAGE else ""),
                words,
            )
            for name, words in views
        ]
