"""Pages of the provider: organisation, evidence library, application, answers, questions, award."""

from flask import Blueprint

bp = Blueprint("provider", __name__)

from app.web.provider import (  # noqa: E402, F401
    advisers,
    answer_sheets,
    answers,
    applications,
    awards,
    carrying,
    coverage,
    evidence,
    files,
    home,
    organisations,
    proposals,
    questions,
    starting,
    uploads,
)
