"""Pages of the provider: organisation, evidence library, application, answers, questions, award."""

from flask import Blueprint

bp = Blueprint("provider", __name__)

from app.web.provider import (  # noqa: E402, F401
    advisers,
    answer_history,
    answer_sheets,
    answers,
    applications,
    awards,
    carrying,
    comments,
    coverage,
    evidence,
    evidence_editing,
    evidence_words,
    evidence_zip,
    files,
    handing_over,
    home,
    many_files,
    members,
    organisations,
    pack_shares,
    packs,
    parts,
    passports,
    proposals,
    questions,
    readiness,
    sites,
    starting,
    uploads,
    voice,
)
