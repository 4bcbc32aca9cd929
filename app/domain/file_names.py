"""Names of files inside an archive: such as every computer can unpack, each once, in whatever script they are written."""

import re
import unicodedata

FORBIDDEN = frozenset('/\\:*?"<>|')
RESERVED = frozenset("con prn aux nul".split()) | {f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10)}
LONGEST = 100
LONGEST_ENDING = 10


def safe_name(text: str, longest: int = LONGEST) -> str:
    """`text` as a file's or folder's name: without slashes, control and direction signs, and of bounded length.

    Letters of every script stay. The ending after the last dot is kept when the rest is cut. Never empty.
    """
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(
        "-" if each in FORBIDDEN else " " if each.isspace() else each
        for each in composed
        if each.isspace() or unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    kept = re.sub(r"\.{2,}", ".", " ".join(kept.split())).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING:
        stem, dot, ending = kept, "", ""
    stem = stem[: longest - len(dot + ending)].rstrip(". ") or "file"
    if stem.partition(".")[0].casefold() in RESERVED:
        stem = f"{stem}_"
    return stem + dot + ending


def unique_name(name: str, taken: set[str]) -> str:
    """`name`, or `name (2)` and so on where it is taken, and adds it. Capitals make no difference, as on most computers."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    tried, number = name, 1
    while unicodedata.normalize("NFC", tried).casefold() in taken:
        number += 1
        tried = f"{stem} ({number}){dot}{ending}"
    taken.add(unicodedata.normalize("NFC", tried).casefold())
    return tried
