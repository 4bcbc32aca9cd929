"""The words of very many texts as numbers: each text is cut into words, and each word is looked at once."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from app.backends.search_words import LONGEST_WORD, STOP_WORDS, all_words, folded, mark_of, stem

NOTHING, BETWEEN = 0, 1  # what is no word, or one that says nothing; what stands between two texts
_MARK = "\0"
_ASCII = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "'")}


class Vocabulary(dict[str, int]):
    """Each word as it stands in folded texts, to its number. `words`, `stems` and `marks` are by number.

    `stem_of` leads from a word's number to that of its stem.
    """

    def __init__(self) -> None:
        super().__init__({_MARK: BETWEEN})
        self.words = ["", ""]
        self.stem_of = array("I", [0, 0])
        self.marks = array("I", [0, 0])
        self.stems: dict[str, int] = {"": 0}

    def __missing__(self, written: str) -> int:
        plain = _plain(written)
        if not plain or plain in STOP_WORDS:
            number = NOTHING
        elif plain != written:
            number = self[plain]
        else:
            number = len(self.words)
            stemmed = stem.__wrapped__(plain)
            self.words.append(plain)
            self.stem_of.append(self.stems.setdefault(stemmed, len(self.stems)))
            self.marks.append(mark_of.__wrapped__(stemmed))
        self[written] = number
        return number

    def numbers(self, texts: Sequence[str]) -> array[int]:
        """The words of texts, one text after the other, with BETWEEN behind each."""
        written = f" {_MARK} ".join([*map(_spaced, texts), ""])
        return array("I", map(self.__getitem__, written.split()))


def _spaced(text: str) -> str:
    """A text folded, with its words apart. What has letters that are not of ASCII is cut by the slower way."""
    plain = folded(text)
    if not plain.isascii():
        return " ".join(all_words(text))
    if "''" in plain:  # what stands on either side is two words
        plain = plain.replace("''", " ")
    return plain.translate(_ASCII)


def _plain(written: str) -> str:
    """What stands between two spaces as a word, without apostrophes and what belongs to them."""
    if "'" in written:
        written = written.strip("'").removesuffix("'s").replace("'", "")
    return written[:LONGEST_WORD]
