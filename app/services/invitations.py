"""Inviting people to a role in an organisation or in a scheme, and taking up the offer."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.backends.passwords import Passwords
from app.domain.access import ORGANISATION_ROLES, SCHEME_ROLES, Action, Actor, Role, Subject, require
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Throttled
from app.domain.people import check_password, email_address, person_name
from app.models import Invitation, MailMessage, Membership, Organisation, Scheme, SchemePost, User
from app.queries.invitations import GONE, token_hash
from app.services.helping import begin_to_advise
from app.services.memberships import keep_as_it_is
from app.services.sign_in import Entered, entered, new_session_key, self_of
from app.services.transactions import locked, queue_mail, record, transaction

LASTS = timedelta(days=14)
MOST_OPEN = 100
INVITED_BY = {Role.ADVISER: Action.LET_ADVISE, Role.MEMBER: Action.MANAGE_MEMBERS}
BESIDE = frozenset(INVITED_BY)
MOST_A_DAY = 20  # messages to one address, of any kind, beyond which it is not invited again


def invite_to_organisation(organisation_id: int, email: str, role: Role, *, actor: Actor, now: datetime) -> int:
    """Offer a role in an organisation by mail. An open offer to the same address is replaced. Returns its id.

    Raises NotFound, NotAllowed, Invalid on `email` or `role`, and Conflict for a lead while one may be objected to.
    """
    require(actor, Action.INVITE_COLLEAGUE, Subject(organisation_id=organisation_id))
    email = email_address(email)
    if role not in ORGANISATION_ROLES:
        raise Invalid({"role": "Choose what they may do."})
    with transaction() as session:
        organisation = locked(session, Organisation, organisation_id)
        if role is Role.LEAD:
            keep_as_it_is(session, organisation_id, now)
        member = (
            select(Membership.id).join(User).where(User.email == email, Membership.organisation_id == organisation_id)
        )
        if session.scalars(member).first():
            raise Invalid({"email": f"{email} works with {organisation.name} here already."})
        offer = Invitation(email=email, organisation_id=organisation_id, role=role)
        return send_new(session, offer, organisation.name, actor, now)


def invite_to_scheme(scheme_id: int, email: str, role: Role, *, lay: bool = False, actor: Actor, now: datetime) -> int:
    """Offer a role in a scheme by mail; `lay` marks a panel member from outside the sector. Returns its id.

    Raises NotFound, NotAllowed, and Invalid on `email` or `role`.
    """
    require(actor, Action.MANAGE_PEOPLE, Subject(scheme_id=scheme_id))
    email = email_address(email)
    if role not in SCHEME_ROLES:
        raise Invalid({"role": "Choose a role."})
    return _invite_to_scheme(scheme_id, email, role, lay and role is Role.PANEL_MEMBER, actor, now)


def appoint_manager(scheme_code: str, email: str, *, now: datetime) -> int:
    """Offer the manager's role of a new scheme, from whoever runs the installation. Raises NotFound and Invalid."""
    email = email_address(email)
    with transaction() as session:
        scheme = session.scalars(select(Scheme).where(Scheme.code == scheme_code)).first()
        if scheme is None:
            raise NotFound(f"There is no scheme {scheme_code}. Load its standards first.")
        scheme_id = scheme.id
    return _invite_to_scheme(scheme_id, email, Role.MANAGER, False, Actor(name="The operator of this site"), now)


def resend_invitation(invitation_id: int, *, actor: Actor, now: datetime) -> None:
    """Send an open or run-out invitation again, with a new link and a new end. Raises NotFound and NotAllowed."""
    with transaction() as session:
        offer = _own_offer(session, invitation_id, actor)
        _renew(session, offer, actor, now)
        record(session, actor, "invitation.sent-again", offer, now, **_whose(offer), email=offer.email)


def cancel_invitation(invitation_id: int, *, actor: Actor, now: datetime) -> None:
    """Take an invitation back: its link works no more. Raises NotFound and NotAllowed."""
    with transaction() as session:
        offer = _own_offer(session, invitation_id, actor)
        offer.cancelled_at = now
        record(session, actor, "invitation.cancelled", offer, now, **_whose(offer), email=offer.email)


def accept_invitation(token: str, *, actor: Actor, now: datetime) -> None:
    """Take up the offer as who one is signed in as. Raises NotFound, and NotAllowed if it was sent to another address."""
    require(actor, Action.USE_ACCOUNT)
    with transaction() as session:
        offer = _open_offer(session, token, now)
        if offer.email != actor.email:
            raise NotAllowed(f"This invitation was sent to {offer.email}. Sign in with that address to accept it.")
        _take_up(session, offer, session.get_one(User, actor.user_id), now)


def accept_own_invitation(invitation_id: int, *, actor: Actor, now: datetime) -> None:
    """Take up an offer that was sent to the actor's own address, which is confirmed.

    Raises NotFound, and Conflict for an organisation's place in a consortium: see app.services.consortia.
    """
    require(actor, Action.USE_ACCOUNT)
    with transaction() as session:
        offer = sent_to(session, invitation_id, actor, now)
        if offer.role is Role.MEMBER:
            raise Conflict("Choose which of your organisations joins the consortium.")
        _take_up(session, offer, session.get_one(User, actor.user_id), now)


def decline_own_invitation(invitation_id: int, *, actor: Actor, now: datetime) -> None:
    """Say no to an offer that was sent to the actor's own address: it is closed, and can be sent anew. Raises NotFound."""
    require(actor, Action.USE_ACCOUNT)
    with transaction() as session:
        offer = sent_to(session, invitation_id, actor, now)
        offer.cancelled_at = now
        record(session, actor, "invitation.declined", offer, now, **_whose(offer), role=offer.role.value)


def sent_to(session: Session, invitation_id: int, actor: Actor, now: datetime) -> Invitation:
    """An open offer to the address of `actor`. Raises NotFound to everybody else."""
    offer = locked(session, Invitation, invitation_id)
    user = session.get(User, actor.user_id)
    if user is None or user.email_confirmed_at is None or offer.email != user.email:
        raise NotFound("There is no such page, or it is not open to you.")
    if offer.accepted_at or offer.cancelled_at or offer.expires_at < now:
        raise NotFound(GONE)
    return offer


def accept_as_newcomer(token: str, name: str, password: str, *, passwords: Passwords, now: datetime) -> Entered:
    """Take up the offer and make the account for it. The link came by mail, so the address is confirmed with it.

    An account with that address which was never confirmed is made anew. Raises NotFound, Invalid, and Conflict where
    the address has a confirmed account: its owner signs in instead.
    """
    name = person_name(name)
    password_hash = passwords.hash(password)
    with transaction() as session:
        offer = _open_offer(session, token, now)
        check_password(password, name, offer.email)
        user = newcomer(session, offer.email, name, password_hash, now)
        _take_up(session, offer, user, now)
        return entered(user)


def newcomer(session: Session, email: str, name: str, password_hash: str, now: datetime) -> User:
    """The account of somebody who came by a link that was mailed to them, made now. Raises Conflict where there is one."""
    user = session.scalars(select(User).where(User.email == email).with_for_update()).first()
    if user is not None and user.email_confirmed_at is not None:
        raise Conflict("You have an account already. Sign in to accept the invitation.")
    if user is None:
        user = User(email=email, created_at=now)
        session.add(user)
    user.name, user.password_hash, user.session_key = name, password_hash, new_session_key()
    user.email_confirmed_at = user.last_signed_in_at = now
    session.flush()
    record(session, self_of(user), "account.signed-up", user, now)
    return user


def _invite_to_scheme(scheme_id: int, email: str, role: Role, lay: bool, actor: Actor, now: datetime) -> int:
    with transaction() as session:
        scheme = locked(session, Scheme, scheme_id)
        post = (
            select(SchemePost.id)
            .join(User)
            .where(User.email == email, SchemePost.scheme_id == scheme_id, SchemePost.role == role)
        )
        if session.scalars(post).first():
            raise Invalid({"email": f"{email} holds this role already."})
        offer = Invitation(email=email, scheme_id=scheme_id, role=role, lay=lay)
        return send_new(session, offer, scheme.title, actor, now)


def send_new(session: Session, offer: Invitation, place: str, actor: Actor, now: datetime) -> int:
    """Save and send `offer`, in place of an open one of the same kind to the same address."""
    open_ones = select(Invitation).where(
        Invitation.organisation_id == offer.organisation_id
        if offer.organisation_id
        else Invitation.scheme_id == offer.scheme_id,
        Invitation.accepted_at.is_(None),
        Invitation.cancelled_at.is_(None),
    )
    if (session.scalar(select(func.count()).select_from(open_ones.subquery())) or 0) >= MOST_OPEN:
        raise Invalid({"email": f"{MOST_OPEN} invitations are open. Cancel some that nobody will take up."})
    same = open_ones.where(Invitation.email == offer.email)
    if offer.scheme_id or offer.role in BESIDE:
        same = same.where(Invitation.role == offer.role)
    for earlier in session.scalars(same.limit(MOST_OPEN)):
        earlier.cancelled_at = now
    offer.created_at = now
    session.add(offer)
    _renew(session, offer, actor, now, place)
    record(session, actor, "invitation.sent", offer, now, **_whose(offer), email=offer.email, role=offer.role.value)
    return offer.id


def _renew(session: Session, offer: Invitation, actor: Actor, now: datetime, place: str = "") -> None:
    """A new token and a new end for `offer`, and the mail with it. Raises Throttled."""
    token = secrets.token_urlsafe(24)
    offer.token_hash, offer.expires_at = token_hash(token), now + LASTS
    offer.invited_by_id = actor.user_id
    _spare(session, offer.email, now)
    queue_mail(
        session,
        offer.email,
        "invitation",
        now,
        token=token,
        inviter=actor.name,
        place=place or _place(session, offer),
        role=offer.role.value,
        rights=list(offer.rights or ()),
        ends_on=offer.ends_on,
        days=LASTS.days,
    )


def _spare(session: Session, email: str, now: datetime) -> None:
    """Nobody's mailbox is filled by inviting them again and again."""
    lately = select(func.count(MailMessage.id)).where(
        MailMessage.recipient == email, MailMessage.queued_at > now - timedelta(days=1)
    )
    if (session.scalar(lately) or 0) >= MOST_A_DAY:
        raise Throttled(f"{email} has had {MOST_A_DAY} messages from here today. Invite them again tomorrow.")


def _place(session: Session, offer: Invitation) -> str:
    if offer.organisation_id:
        return session.get_one(Organisation, offer.organisation_id).name
    return session.get_one(Scheme, offer.scheme_id).title


def _whose(offer: Invitation) -> dict[str, int | None]:
    return {"organisation_id": offer.organisation_id, "scheme_id": offer.scheme_id}


def _own_offer(session: Session, invitation_id: int, actor: Actor) -> Invitation:
    """An invitation that is neither taken up nor cancelled, which `actor` may deal with."""
    offer = locked(session, Invitation, invitation_id)
    action = _inviting(offer)
    require(actor, action, Subject(organisation_id=offer.organisation_id, scheme_id=offer.scheme_id))
    if offer.accepted_at or offer.cancelled_at:
        raise Conflict("This invitation was taken up or cancelled meanwhile.")
    return offer


def _inviting(offer: Invitation) -> Action:
    """What whoever deals with the offer must be allowed to do."""
    if offer.organisation_id is None:
        return Action.MANAGE_PEOPLE
    return INVITED_BY.get(offer.role, Action.INVITE_COLLEAGUE)


def _open_offer(session: Session, token: str, now: datetime) -> Invitation:
    offer = session.scalars(
        select(Invitation).where(Invitation.token_hash == token_hash(token)).with_for_update()
    ).first()
    if offer is None or offer.accepted_at or offer.cancelled_at or offer.expires_at < now:
        raise NotFound(GONE)
    return offer


def _take_up(session: Session, offer: Invitation, user: User, now: datetime) -> None:
    """Give `user` the role, unless they hold it by now, and close the offer."""
    if offer.role is Role.MEMBER:
        return  # stays open until its person says with which organisation: see app.services.consortia
    offer.accepted_at = now
    if offer.role is Role.ADVISER:
        begin_to_advise(session, offer, user, now)
        return
    held: Membership | SchemePost | None
    if offer.organisation_id:
        held = session.scalars(
            select(Membership).where(Membership.user_id == user.id, Membership.organisation_id == offer.organisation_id)
        ).first()
        new: Membership | SchemePost = Membership(
            user_id=user.id, organisation_id=offer.organisation_id, role=offer.role, created_at=now
        )
    else:
        held = session.scalars(
            select(SchemePost).where(
                SchemePost.user_id == user.id, SchemePost.scheme_id == offer.scheme_id, SchemePost.role == offer.role
            )
        ).first()
        new = SchemePost(user_id=user.id, scheme_id=offer.scheme_id, role=offer.role, lay=offer.lay, created_at=now)
    if held is None:
        session.add(new)
    record(session, self_of(user), "invitation.accepted", offer, now, **_whose(offer), role=offer.role.value)
