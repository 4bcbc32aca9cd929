"""Welsh words for the search: the first letter of a Welsh word changes with what stands before it, and is changed back here.

What begins as no English word does (ngh, mh, nh, ng, dd) is undone by rule. The soft and the aspirate mutation also make
beginnings that English has, so they are undone only for the words of the sector that are listed.
"""

from __future__ import annotations

import re

_WORDS = """
anabledd budd buddion byddar bwyd camdriniaeth canolfan canser cartref cartrefi cefnogaeth cefnogi cinio cludiant clwb clyw
colled corfforol costau cwmni cwnsela cwympo cwympiadau cyfeillio cyfeillgarwch cyfieithu cyfieithydd cyflogaeth cyffuriau
cyngor cyhoeddus cymdeithas cymorth cymraeg cymreig cymru cymuned cymunedol cynnal dall dementia digartrefedd dydd dyled dyledion
dysgu galar galaru gofal gofalu gofalwr gofalwyr golwg gwaith gwasanaeth gwasanaethau gwirfoddol gwirfoddolwr gwirfoddolwyr
gwybodaeth lles llesiant lleol llinell meddwl meddyliol menywod merched nyrs nyrsio plant plentyn pobl prydau profedigaeth
rhieni rhwydwaith tai tenantiaeth teulu teuluoedd therapi tlodi trafnidiaeth trais tref trwy
"""

_SOFT = (
    ("ll", "l"), ("rh", "r"), ("p", "b"), ("t", "d"), ("c", "g"), ("b", "f"), ("d", "dd"), ("g", ""), ("m", "f"),
)  # fmt: skip
_NASAL = (("p", "mh"), ("t", "nh"), ("c", "ngh"), ("b", "m"), ("d", "n"), ("g", "ng"))
_ASPIRATE = (("p", "ph"), ("t", "th"), ("c", "ch"))
_ENGLISH = frozenset("thai day dad den drew dull null mudd nail with los less leal".split())
"""What a listed word would become, but is or looks like an English word of its own."""

_NEVER_ENGLISH = ((re.compile(r"ngh(?=[aeiouwylr])"), "c"), (re.compile(r"mh(?=[aeiouwylr])"), "p"),
                  (re.compile(r"nh(?=[aeiouwylr])"), "t"), (re.compile(r"ng(?=[aeiouwylr])"), "g"),
                  (re.compile(r"dd(?=[aeiouwylr])"), "d"))  # fmt: skip


def _mutated() -> dict[str, str]:
    found = {}
    for word in _WORDS.split():
        for rules in (_SOFT, _NASAL, _ASPIRATE):
            for first, then in rules:
                # "ch", "dd" and the like are letters of their own, and stay.
                if word.startswith(first) and not word.startswith(("ch", "dd", "ff", "ph", "th")):
                    found[then + word[len(first) :]] = word
                    break
    return {form: word for form, word in found.items() if form not in _ENGLISH}


_MUTATED = _mutated()


def unmutated(word: str) -> str:
    """A word, folded and in lower case, with a Welsh mutation at its beginning undone; any other word as it is."""
    known = _MUTATED.get(word)
    if known:
        return known
    if word[0] in "nmd":
        for beginning, plain in _NEVER_ENGLISH:
            if beginning.match(word):
                return beginning.sub(plain, word, count=1)
    return word
