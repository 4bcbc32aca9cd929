"""Pages of a person's own account: signing up and in, invitations, colleagues, the outbox."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

bp = Blueprint("account", __name__)

from app.web.account import (  # noqa: E402
    account,
    api_keys,
    competence,
    entering,
    interests,
    invitations,
    lead_requests,
    leaving,
    messages,
    my_home,
    my_invitations,
    organisation_people,
    outbox,
    passwords,
    proof,
    resume,
    scheme_lead_requests,
    scheme_people,
    second_step,
    security,
    sign_in,
    sign_up,
    tools,
    turning_off,
)

__all__ = [
    "account",
    "api_keys",
    "bp",
    "competence",
    "interests",
    "invitations",
    "lead_requests",
    "leaving",
    "messages",
    "my_home",
    "my_invitations",
    "organisation_people",
    "outbox",
    "passwords",
    "proof",
    "scheme_lead_requests",
    "scheme_people",
    "second_step",
    "security",
    "sign_in",
    "sign_up",
    "turning_off",
]


@bp.record_once
def _set_up(state: BlueprintSetupState) -> None:
    tools.init_app(state.app)
    resume.init_app(state.app)
    entering.init_app(state.app)
