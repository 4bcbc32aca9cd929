"""The roles in words."""

from __future__ import annotations

from app.domain.access import Right, Role
from app.domain.two_step import Means

ROLE_TITLES = {
    Role.LEAD: "Lead",
    Role.CONTRIBUTOR: "Contributor",
    Role.ADVISER: "Adviser",
    Role.MEMBER: "Member of the consortium",
    Role.ASSESSOR: "Assessor",
    Role.PANEL_MEMBER: "Panel member",
    Role.MANAGER: "Manager",
    Role.AUDITOR: "Auditor",
}
ROLE_MEANINGS = {
    Role.LEAD: "Does everything for the organisation: profile, answers, evidence, submitting, and who works on it.",
    Role.CONTRIBUTOR: "Writes answers and adds evidence. Cannot submit an application or invite others.",
    Role.ADVISER: "Helps the organisation from outside, with exactly the rights that it gives.",
    Role.MEMBER: "Works for a member of the consortium: reads its applications and answers the member's own part.",
    Role.ASSESSOR: "Reads the evidence of the cases assigned to them and scores them.",
    Role.PANEL_MEMBER: "Reads the cases they are called to and votes on them.",
    Role.MANAGER: "Sees every case, assigns assessors, calls panels and looks after people.",
    Role.AUDITOR: "Reads everything in the scheme and changes nothing.",
}
RIGHT_OFFERS = {
    Right.SEE: "see its home, applications and answers",
    Right.PROFILE: "change its profile",
    Right.ANSWER: "write answers and comments",
    Right.EVIDENCE: "open its evidence library and add to it",
    Right.REPLY: "reply to assessors’ questions",
    Right.PLAN: "work on its improvement plan",
    Right.FEEDBACK: "ask people for feedback and read the results",
    Right.PACK: "prepare pre-qualification packs",
    Right.PART: "answer the part of your own organisation",
}
MEANS = {
    Means.PASSWORD: "Password alone",
    Means.APP: "Password, then a code of the app",
    Means.RECOVERY_CODE: "Password, then a recovery code",
    Means.PASSWORD_AND_PASSKEY: "Password, then a passkey",
    Means.PASSKEY: "Passkey",
    Means.LINK: "Link from an e-mail",
}
BECOMES = {
    Role.LEAD.value: "leads as well",
    Role.CONTRIBUTOR.value: "goes on as a contributor",
    "leaves": "leaves the organisation",
}
