"""The letter of a decision, made and stored in the decision's own transaction. No use-case of its own."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from sqlalchemy.orm import Session

from app.backends.storage import Storage
from app.certificates.decision_letter import LetterFacts, decision_letter_pdf
from app.domain.access import Actor
from app.domain.award_conditions import ConditionTerm
from app.domain.deciding import Verdict
from app.domain.scoring import Outcome
from app.domain.uk_time import uk_day
from app.models import Application, Award, Decision
from app.queries.frameworks import framework_of, scheme_details
from app.queries.outcomes import level_title
from app.queries.publication import told_to_provider
from app.services.granting import Issue


@dataclass(frozen=True)
class Decisive:
    """What a letter tells of: the decision, the award if it grants one, its conditions, and what the scores gave."""

    decision: Decision
    award: Award | None
    terms: tuple[ConditionTerm, ...]
    outcome: Outcome


def keep_letter(
    session: Session, application: Application, of: Decisive, issue: Issue, storage: Storage, actor: Actor
) -> None:
    """Make the letter and store it by its hash. One that is stored before a failure stays behind unused."""
    session.flush()  # the letter names the decision by its number
    facts = letter_facts(application, of, issue.base_url, actor.name)
    stored = storage.put(BytesIO(decision_letter_pdf(facts, issue.font_dir)))
    of.decision.letter_key, of.decision.letter_sha256 = stored.key, stored.sha256


def letter_facts(application: Application, of: Decisive, base_url: str, chair: str) -> LetterFacts:
    """What the letter says."""
    decision, award, organisation = of.decision, of.award, application.organisation
    framework, scheme = framework_of(application.edition), scheme_details(application.edition.scheme)
    assert decision.appeal_by is not None  # every decision that is recorded names the day
    return LetterFacts(
        provider=organisation.name,
        address=", ".join(part for part in (organisation.address, organisation.postcode) if part),
        awarding_body=scheme.awarding_body,
        contact=str(scheme.details.get("contact") or ""),
        framework=application.edition.title,
        edition=application.edition.edition,
        verdict=Verdict(decision.outcome),
        level=level_title(framework, decision.level),
        decided_on=uk_day(decision.decided_at),
        reasons=decision.reasons,
        departure=decision.departure,
        explained=told_to_provider(framework).explained(of.outcome),
        conditions=of.terms,
        appeal_by=decision.appeal_by,
        appeal_url=f"{base_url}/applications/{application.id}/appeal",
        chair=chair,
        colour=scheme.brand["colour"],
        reference=f"{scheme.details.get('prefix') or 'D'}-{decision.id}",
        number=award.number if award else None,
        granted_on=award.granted_on if award else None,
        expires_on=award.expires_on if award else None,
        invented=organisation.invented,
    )
