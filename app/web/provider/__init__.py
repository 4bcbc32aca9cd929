"""Pages of the provider: organisation, evidence library, application, answers, questions, award."""

from flask import Blueprint

bp = Blueprint("provider", __name__)

from app.web.provider import (  # noqa: E402, F401
    advisers,
    answer_history,
    answer_sheets,
    answering_many,
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
    filling_in,
    handing_over,
    home,
    in_full,
    many_files,
    members,
    organisations,
    pack_shares,
    packs,
    parts,
    passports,
    plan,
    plan_calendar,
    plan_export,
    proposals,
    questions,
    readiness,
    sites,
    starting,
    uploads,
    voice,
)
