"""Who acts, and what permission depends on: roles, the rights given to people from outside, the actor and the subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """A role in an organisation (the first two), beside one (the next two) or in a scheme (the rest)."""

    LEAD = "lead"
    CONTRIBUTOR = "contributor"
    ADVISER = "adviser"  # from outside, with the rights that the organisation gave
    MEMBER = "member"  # works for a member of the consortium that the organisation is
    ASSESSOR = "assessor"
    PANEL_MEMBER = "panel-member"
    MANAGER = "manager"
    AUDITOR = "auditor"


ORGANISATION_ROLES = frozenset({Role.LEAD, Role.CONTRIBUTOR})
SCHEME_ROLES = frozenset({Role.ASSESSOR, Role.PANEL_MEMBER, Role.MANAGER, Role.AUDITOR})


class Right(StrEnum):
    """What an organisation may let somebody from outside do. Nobody has one that was not given."""

    SEE = "see"  # the organisation's home and its applications with answers
    PROFILE = "profile"
    ANSWER = "answer"
    EVIDENCE = "evidence"
    REPLY = "reply"
    PLAN = "plan"
    FEEDBACK = "feedback"
    PACK = "pack"
    PART = "part"  # the member's own part of what a consortium answers


GIVEN_TO_ADVISERS = tuple(right for right in Right if right is not Right.PART)
"""In the order in which they are offered. `SEE` goes with each of the others."""

RIGHTS_OF_MEMBERS = frozenset({Right.SEE, Right.PART})


@dataclass(frozen=True)
class Viewing:
    """That somebody of a scheme's office looks as one of its roles would, and can change nothing meanwhile.

    `own` are the organisations that they belong to or help, whose cases stay closed to them.
    """

    scheme_id: int
    role: Role
    own: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Actor:
    """Who acts. `organisations` and `schemes` map ids to the roles held there; nobody signed in has `user_id` None.

    `helps` maps organisations that they help from outside to the rights given there, `acts_for` consortia to those of
    their members for which this person works. `formerly` are organisations which lately took such rights away. With
    `viewing` it is the same person, who holds only the role that they look as: nobody ever acts as somebody else.
    """

    user_id: int | None = None
    name: str = ""
    email: str = ""
    organisations: Mapping[int, Role] = field(default_factory=dict)
    schemes: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    helps: Mapping[int, frozenset[Right]] = field(default_factory=dict)
    acts_for: Mapping[int, frozenset[int]] = field(default_factory=dict)
    formerly: frozenset[int] = frozenset()
    viewing: Viewing | None = None
    teams: frozenset[int] = frozenset()  # the teams of commissioners to which they belong

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held anywhere."""
        beside = (self._beside(organisation_id) for organisation_id in self.helps)
        return frozenset(self.organisations.values()).union(*self.schemes.values(), beside)

    @property
    def judges_none_of(self) -> frozenset[int]:
        """The organisations that this person belongs to or helps: their cases are closed to them."""
        own = self.viewing.own if self.viewing else frozenset()
        return frozenset(self.organisations) | frozenset(self.helps) | own

    def role_at(self, organisation_id: int) -> Role | None:
        """What this person is to the organisation: one of its people, else beside it, else nothing."""
        if organisation_id in self.organisations:
            return self.organisations[organisation_id]
        return self._beside(organisation_id) if organisation_id in self.helps else None

    def _beside(self, organisation_id: int) -> Role:
        return Role.MEMBER if organisation_id in self.acts_for else Role.ADVISER


NOBODY = Actor()


@dataclass(frozen=True)
class Subject:
    """The facts about a thing that permission depends on. Ids are those of users unless they say otherwise."""

    organisation_id: int | None = None
    scheme_id: int | None = None
    member_id: int | None = None  # the member of a consortium whose part it is; an organisation's id
    assigned: frozenset[int] = frozenset()  # assessors asked to take the case, who have not declined
    assessing: frozenset[int] = frozenset()  # assessors who declared no conflict
    assessed: frozenset[int] = frozenset()  # whoever ever scored it or wrote a finding of it down
    seated: frozenset[int] = frozenset()  # panel members called, who have not stood aside
    sitting: frozenset[int] = frozenset()  # panel members who declared no conflict
    chair: int | None = None
    tied: frozenset[int] = frozenset()  # whoever has, or had within the scheme's bar, an interest in the organisation
    barred: frozenset[int] = frozenset()  # those of them to whom the case is closed though they declared no conflict
    involved: frozenset[int] = (
        frozenset()
    )  # whoever assessed, sat, voted or decided in what is appealed or complained of
    spot_checking: frozenset[int] = frozenset()  # asked to look at one award that was drawn
    blind: frozenset[int] = frozenset()  # assessors who must not see each other's work until all have handed in
    reviewing: frozenset[int] = frozenset()  # appointed to review the appeal or to investigate the complaint
    owner_id: int | None = None  # whose list, search, watch or need it is ...
    team_id: int | None = None  # ... or the team's whose it is
    submitted: bool = True  # a draft belongs to the provider alone


NOWHERE = Subject()


def roles_at(actor: Actor, subject: Subject) -> frozenset[Role]:
    """The roles that `actor` holds at the subject's own organisation and scheme."""
    held: frozenset[Role] = frozenset()
    if subject.organisation_id is not None and subject.organisation_id in actor.organisations:
        held |= {actor.organisations[subject.organisation_id]}
    elif subject.organisation_id is not None and subject.organisation_id in actor.helps:
        held |= {actor.role_at(subject.organisation_id) or Role.ADVISER}
    if subject.scheme_id is not None and subject.scheme_id in actor.schemes and subject.submitted:
        held |= actor.schemes[subject.scheme_id]
    return held
