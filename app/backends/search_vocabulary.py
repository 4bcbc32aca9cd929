"""The words of very many texts as numbers: each text is cut into words, and each word is looked at once."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from app.backends.search_words import LONGEST_WORD, STOP_WORDS, all_words, folded, mark_of, stem

NOTHING, BETWEEN = 0, 1  # what is no word, or one that says nothing; what stands between two texts
_MARK = b"\xff"  # stands in no text, since it is in no UTF-8
_KEPT = bytes(each if chr(each).isalnum() or each == ord("'") or each > 127 else ord(" ") for each in range(256))
_PLAIN = _KEPT.lower()
"""Each byte of a text to what is left of it: small letters, digits, apostrophes, and whatever is not of ASCII."""


class Vocabulary(dict[bytes, int]):
    """Each word as it stands in texts that are cut, to its number. `words`, `stems` and `marks` are by number.

    `stem_of` leads from a word's number to that of its stem.
    """

    def __init__(self) -> None:
        super().__init__({_MARK: BETWEEN})
        self.words = ["", ""]
        self.stem_of = array("I", [0, 0])
        self.marks = array("I", [0, 0])
        self.stems: dict[str, int] = {"": 0}

    def __missing__(self, written: bytes) -> int:
        plain = _plain(written.decode())
        if not plain or plain in STOP_WORDS:
            number = NOTHING
        elif plain.encode() != written:
            number = self[plain.encode()]
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
        plain = [text.encode() if text.isascii() and "''" not in text else _spaced(text) for text in texts]
        written = (b" " + _MARK + b" ").join([*plain, b""])
        return array("I", map(self.__getitem__, written.translate(_PLAIN).split()))


def _spaced(text: str) -> bytes:
    """A text with its words apart. What has letters that no folding brings into ASCII is cut by the slower way."""
    if not text.isascii():
        text = folded(text)
    if not text.isascii():
        text = " ".join(all_words(text))
    elif "''" in text:  # what stands on either side is two words
        text = text.replace("''", " ")
    return text.encode()


def _plain(written: str) -> str:
    """What stands between two spaces as a word, without apostrophes and what belongs to them."""
    if "'" in written:
        written = written.strip("'").removesuffix("'s").replace("'", "")
    return written[:LONGEST_WORD]
