"""Pages of a person's own account: signing up and in, invitations, colleagues, the outbox."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

bp = Blueprint("account", __name__)

from app.web.account import (  # noqa: E402
    account,
    entering,
    invitations,
    organisation_people,
    outbox,
    passwords,
    proof,
    resume,
    scheme_people,
    second_step,
    security,
    sign_in,
    sign_up,
    tools,
)

__all__ = [
    "account",
    "bp",
    "invitations",
    "organisation_people",
    "outbox",
    "passwords",
    "proof",
    "scheme_people",
    "second_step",
    "security",
    "sign_in",
    "sign_up",
]


@bp.record_once
def _set_up(state: BlueprintSetupState) -> None:
    tools.init_app(state.app)
    resume.init_app(state.app)
    entering.init_app(state.app)
