"""The states of an application in a provider's words."""

from __future__ import annotations

from app.domain.lifecycle import ApplicationStatus as A

STATUS_WORDS = {
    A.DRAFT: "Draft",
    A.SUBMITTED: "Submitted",
    A.IN_ASSESSMENT: "Being assessed",
    A.RECONCILING: "Being assessed",
    A.ASSESSED: "Assessed",
    A.WITH_PANEL: "With the panel",
    A.AWARDED: "Awarded",
    A.REFUSED: "Not awarded",
    A.DEFERRED: "More is needed",
    A.WITHDRAWN: "Withdrawn",
}
STATUS_COLOURS = {
    A.DRAFT: "blue",
    A.SUBMITTED: "turquoise",
    A.IN_ASSESSMENT: "turquoise",
    A.RECONCILING: "blue",
    A.ASSESSED: "turquoise",
    A.WITH_PANEL: "purple",
    A.AWARDED: "green",
    A.REFUSED: "red",
    A.DEFERRED: "orange",
    A.WITHDRAWN: "grey",
}
STATUS_SENTENCES = {
    A.DRAFT: "You can change everything until a lead of your organisation submits it.",
    A.SUBMITTED: "The scheme has it and will choose an assessor. You will hear by e-mail when it needs something from you.",
    A.IN_ASSESSMENT: "An assessor is reading your answers and evidence, and may ask you for more.",
    A.RECONCILING: "The assessors have scored and meet over what they see differently.",
    A.ASSESSED: "The assessor has handed in a recommendation. A panel will decide.",
    A.WITH_PANEL: "A panel is deciding. You will get its decision by e-mail.",
    A.AWARDED: "The panel has decided to make the award.",
    A.REFUSED: "The panel has decided not to make an award. Its reasons are below.",
    A.DEFERRED: "The panel needs more before it can decide. Change your answers and evidence, then submit again.",
    A.WITHDRAWN: "Your organisation took this application back. What was written stays here to read.",
}
