"""Looking as another role: as which, and what can be done meanwhile. app.domain.access holds everybody to it."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.actions import Action
from app.domain.errors import NotAllowed
from app.domain.roles import Actor, Role, Viewing

ONLY_LOOKING = "You are looking as another role, so you can change nothing. Stop looking as it first."

MAY_LOOK_AS: Mapping[Role, frozenset[Role]] = {
    Role.MANAGER: frozenset({Role.ASSESSOR, Role.PANEL_MEMBER, Role.AUDITOR}),
    Role.AUDITOR: frozenset({Role.ASSESSOR, Role.PANEL_MEMBER}),
}
"""As which roles of their scheme those of its office may look. None of these sees anything that they may not see."""

READS = frozenset(
    {
        Action.USE_PUBLIC_SITE,
        Action.SEE_ASSESSMENTS,
        Action.SEE_PANELS,
        Action.SEE_PIPELINE,
        Action.SEE_CASE,
        Action.SEE_AUDIT,
        Action.SEE_CHECKS,
        Action.SEE_INTERESTS,
        Action.SEE_EVIDENCE,
        Action.FRAMEWORKS_SEE,
    }
)
"""What can be done while one looks as a role: nothing that changes anything, and nothing of one's own account."""


def looking_as(actor: Actor, scheme_id: int, role: Role) -> Actor:
    """The same person with no role but that of the scheme which they look as. Raises NotAllowed."""
    held = actor.schemes.get(scheme_id, frozenset())
    if not any(role in MAY_LOOK_AS.get(each, frozenset()) for each in held):
        raise NotAllowed("Managers and auditors can look as assessors and panel members of their scheme would.")
    return Actor(
        user_id=actor.user_id,
        name=actor.name,
        email=actor.email,
        schemes={scheme_id: frozenset({role})},
        viewing=Viewing(scheme_id, role, actor.judges_none_of),
    )
