"""What permission depends on beside the role: the part that somebody has in a case, and what bars them from it."""

from __future__ import annotations

from app.domain.roles import Actor, Right, Role, Subject, roles_at

JUDGES = frozenset({Role.ASSESSOR, Role.PANEL_MEMBER, Role.MANAGER})
OFFICE = frozenset({Role.MANAGER, Role.AUDITOR})


def assigned(actor: Actor, subject: Subject) -> bool:
    return actor.user_id in subject.assigned


def outside(actor: Actor, subject: Subject) -> bool:
    """Nobody judges the organisation that they belong to, even if they joined it after they were let into its case."""
    if subject.organisation_id is None:
        return True
    own = actor.viewing is not None and subject.organisation_id in actor.viewing.own
    return actor.role_at(subject.organisation_id) is None and not own


def unbarred(actor: Actor, subject: Subject) -> bool:
    """Nor an organisation they have come to have an interest in since they were let in."""
    return outside(actor, subject) and actor.user_id not in subject.barred


def assessing(actor: Actor, subject: Subject) -> bool:
    return actor.user_id in subject.assessing and unbarred(actor, subject)


def seated(actor: Actor, subject: Subject) -> bool:
    return actor.user_id in subject.seated and actor.user_id not in subject.assessed


def sitting(actor: Actor, subject: Subject) -> bool:
    called = actor.user_id in subject.sitting and actor.user_id not in subject.assessed
    return called and unbarred(actor, subject)


def chairing(actor: Actor, subject: Subject) -> bool:
    return actor.user_id == subject.chair and sitting(actor, subject)


def keeping(actor: Actor, subject: Subject) -> bool:
    """Whose list, search, watch or need it is: one person's, or that of a team to which the person belongs."""
    if subject.team_id is not None:
        return subject.team_id in actor.teams
    return actor.user_id is not None and actor.user_id == subject.owner_id


def own_part(actor: Actor, subject: Subject) -> bool:
    """The consortium's own people write any part, those of a member only theirs."""
    if subject.organisation_id is None or subject.organisation_id in actor.organisations:
        return True
    return subject.member_id in actor.acts_for.get(subject.organisation_id, frozenset())


def submitted(actor: Actor, subject: Subject) -> bool:
    return subject.submitted


def reads_the_case(actor: Actor, subject: Subject) -> bool:
    """Assigned or called, and still an assessor or a panel member of the scheme: a role that has ended closes the case."""
    held = roles_at(actor, subject)
    assesses = Role.ASSESSOR in held and assessing(actor, subject)
    reviews = bool(held & JUDGES) and reviewing(actor, subject)
    return assesses or reviews or (Role.PANEL_MEMBER in held and sitting(actor, subject))


def makes_the_report(actor: Actor, subject: Subject) -> bool:
    """A report tells what every assessor found: it is closed to who still assesses the case blind."""
    return verifies(actor, subject) and actor.user_id not in subject.blind


def reads_the_report(actor: Actor, subject: Subject) -> bool:
    """Versions of a report are for its provider, the scheme's office, and those who judge the case; for nobody twice."""
    if outside(actor, subject):
        reads = bool(roles_at(actor, subject) & OFFICE) or reads_the_case(actor, subject)
        return reads and actor.user_id not in subject.blind
    own = subject.organisation_id
    return own in actor.organisations or (own is not None and Right.REPLY in actor.helps.get(own, frozenset()))


def let_read_evidence(actor: Actor, subject: Subject) -> bool:
    """Who helps an organisation reads what it let them read, whatever office they hold in a scheme."""
    if subject.organisation_id is None or subject.organisation_id in actor.organisations:
        return True
    rights = actor.helps.get(subject.organisation_id)
    return rights is None or Right.EVIDENCE in rights


def not_own(actor: Actor, subject: Subject) -> bool:
    """Nobody manages the case of an organisation that they belong to, nor one that they still assess blind."""
    return subject.submitted and outside(actor, subject) and actor.user_id not in subject.blind


def not_tied(actor: Actor, subject: Subject) -> bool:
    """Nor do they manage that of one they have, or lately had, an interest in: they may read it and change nothing."""
    return not_own(actor, subject) and actor.user_id not in subject.tied


def not_judged(actor: Actor, subject: Subject) -> bool:
    """Who assessed a case takes no decision on what came of it."""
    return not_tied(actor, subject) and actor.user_id not in subject.assessed


def verifies(actor: Actor, subject: Subject) -> bool:
    held = roles_at(actor, subject)
    assesses = Role.ASSESSOR in held and assessing(actor, subject)
    return assesses or (Role.MANAGER in held and not_tied(actor, subject))


def spot_checking(actor: Actor, subject: Subject) -> bool:
    """Whoever was asked, unless a tie has come up since."""
    return actor.user_id in subject.spot_checking and outside(actor, subject) and actor.user_id not in subject.tied


def uninvolved(actor: Actor, subject: Subject) -> bool:
    """Neither tied to the organisation nor with any part in assessing or deciding what an appeal or complaint is about."""
    return not_judged(actor, subject) and actor.user_id not in subject.involved


def reviewing(actor: Actor, subject: Subject) -> bool:
    return actor.user_id in subject.reviewing and uninvolved(actor, subject)


def appointed(actor: Actor, subject: Subject) -> bool:
    return actor.user_id in subject.seated and uninvolved(actor, subject)
