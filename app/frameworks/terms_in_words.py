"""How long an award lasts, who assesses and who decides, in sentences, with every other clause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.domain.wording import counted
from app.frameworks.clauses_in_words import clauses_in_words

if TYPE_CHECKING:
    from app.frameworks.in_words import InWords


def terms_in_words(words: InWords) -> Iterator[str]:
    """How long an award lasts, who assesses, who decides, and every other clause."""
    framework = words.framework
    award, assessment, panel = framework.award, framework.assessment, framework.panel
    checked = f", and is looked at again every {award.surveillance}" if award.surveillance else ""
    yield f"An award is valid for {award.valid}{checked}."
    for code, terms in award.by_level.items():
        if terms.valid != award.valid:
            yield f"{words.level(code)} is valid for {terms.valid}."
        if terms.provisional:
            yield f"An award at {words.level(code)} is provisional until it is confirmed."
    yield (
        f"Renewal opens {award.renewal_opens} before the end. An award that has ended may be restored within "
        f"{award.restore_within}."
    )
    blind = ", who do not see each other's scores" if assessment.blind and assessment.assessors > 1 else ""
    yield f"{counted(assessment.assessors, 'assessor')} {'looks' if assessment.assessors == 1 else 'look'} at each application{blind}."
    yield f"Nobody assesses an organisation that they worked for in the last {assessment.conflict_bar}."
    lay = f", {panel.lay_members} of them lay," if panel.lay_members else ""
    yield f"A panel of at least {counted(panel.quorum, 'member')}{lay} decides."
    yield from clauses_in_words(words)
