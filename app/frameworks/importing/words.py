"""Foreign texts as maps of language to words, clean and cut to size, and codes made from what things are called elsewhere."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from app.frameworks.fields import CODE, LANGUAGE

Words = dict[str, str]
LONGEST_CODE = 40
LONGEST_TITLE = 160
# Control characters but tab and line ends, and code points that are no characters.
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> str:
    """The text with line ends as line ends, without control characters and space around it."""
    return NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def language_code(locale: Any, fallback: str = "en") -> str:
    """en, pt-BR ... from how others write a language: EN, pt_br, fr-fr."""
    if not isinstance(locale, str):
        return fallback
    first, _, region = locale.strip().replace("_", "-").partition("-")
    code = first.lower() + (f"-{region.upper()}" if region else "")
    if LANGUAGE.fullmatch(code):
        return code
    return first.lower() if LANGUAGE.fullmatch(first.lower()) else fallback


def words_of(data: Mapping[str, Any], key: str, language: str) -> Words:
    """The text under `key`, with its translations where `translations` holds some."""
    found: Words = {}
    if isinstance(data.get(key), str) and clean(data[key]):
        found[language] = clean(data[key])
    translations = data.get("translations")
    for locale, texts in (translations if isinstance(translations, dict) else {}).items():
        text = texts.get(key) if isinstance(texts, dict) else None
        if isinstance(text, str) and clean(text):
            found.setdefault(language_code(locale, language), clean(text))
    return found


def joined_words(parts: Iterable[Words], between: str = "\n\n") -> Words:
    """The parts one after the other in each language; a part that a language lacks is given in the part's first language."""
    some = [part for part in parts if part]
    languages = dict.fromkeys(language for part in some for language in part)
    return {
        language: between.join(part.get(language) or next(iter(part.values())) for part in some)
        for language in languages
    }


def one_line(text: str) -> str:
    """The text without line ends; other space stays as it is, for some languages set it with care."""
    return re.sub(r"[ \t]*\n\s*", " ", text).strip()


def shortened(text: str, longest: int = LONGEST_TITLE) -> str:
    """One line of at most `longest` characters, cut between words."""
    line = one_line(text)
    if len(line) <= longest:
        return line
    cut = line[:longest].rsplit(" ", 1)[0] if " " in line[:longest] else line[: longest - 1]
    return cut.rstrip(" ,;:") + " …"


def slug(text: str) -> str:
    """The letters, digits and joining signs of a text that a code may hold: "Art. 5 (b)" -> "Art.-5-b". May be empty."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"-{2,}", "-", re.sub(r"[^A-Za-z0-9._-]+", "-", ascii_text)).strip("-._")


def name_slug(text: str) -> str:
    """A short code for a whole framework, cut between words."""
    code = slug(text).lower()
    return code if len(code) <= LONGEST_CODE else code[: LONGEST_CODE + 1].rsplit("-", 1)[0][:LONGEST_CODE].strip("-._")


def usable(text: str) -> str:
    """`text` as a code, where nothing but punctuation has to change for it; else empty."""
    if CODE.fullmatch(text):
        return text
    code = slug(text)
    same = sum(sign.isalnum() for sign in text) == sum(sign.isalnum() for sign in code)
    return code if same and CODE.fullmatch(code) else ""


def ending(text: str) -> str:
    """The end of a name that is too long for a code, from a joining sign on: that is where names of one family differ."""
    code = slug(text)
    if len(code) <= LONGEST_CODE:
        return ""
    end = code[-LONGEST_CODE:]
    return re.split(r"[._-]+", end, maxsplit=1)[-1].strip("-._") if re.search(r"[._-]", end) else ""


class Codes:
    """Gives each thing a code of its own. The first that asks for a code gets it."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def take(self, *wishes: str) -> str:
        """The first wish that is a code and free; else the first that is a code, with a number behind it."""
        good = [wish for wish in wishes if CODE.fullmatch(wish)]
        code = next((wish for wish in good if wish not in self._taken), "")
        number = 2
        while not code:
            ending = f"-{number}"
            numbered = good[0][: LONGEST_CODE - len(ending)] + ending
            code = "" if numbered in self._taken else numbered
            number += 1
        self._taken.add(code)
        return code
