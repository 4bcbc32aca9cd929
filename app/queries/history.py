"""The audit trail in words, and a case's own timeline. The whole trail of a scheme is in app.queries.audit_trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AuditRow

MOST_IN_TIMELINE = 100
ACTION_WORDS: Mapping[str, str] = {
    "application.started": "Application started",
    "application.carried-over": "Application carried over from an earlier edition",
    "application.target-changed": "Level applied for changed",
    "application.submitted": "Application submitted",
    "application.withdrawn": "Application withdrawn by the provider",
    "application.sent-back": "Sent back to the provider",
    "application.facts-recorded": "Facts recorded by the scheme",
    "assessment.assigned": "Assessor assigned",
    "assessment.removed": "Assessor taken off",
    "assessment.opened": "Assessor declared no conflict of interest",
    "assessment.declined": "Assessor declared a conflict of interest",
    "assessment.reopened": "Assessment handed back to the assessor",
    "assessment.turned-down": "Assessor turned the case down",
    "assessment.lead-chosen": "Lead assessor chosen",
    "assessment.unanswered": "Assessor did not answer in time",
    "assessment.handed-in": "Assessment handed in",
    "score.recorded": "Score recorded",
    "looking.began": "Began to look as another role",
    "looking.saw": "Page seen as another role",
    "looking.ended": "Stopped looking as another role",
    "api-key.made": "API key made",
    "api-key.revoked": "API key revoked",
    "filter.kept": "View of the applications kept",
    "filter.dropped": "View of the applications taken away",
    "assessment.reminded": "Assessor reminded",
    "assessment.due-date-moved": "Assessor given another day",
    "scores.differ": "Assessors scored differently",
    "score.agreed": "Agreed score recorded",
    "assessors.met": "Assessors met over what differs",
    "dissent.noted": "Assessor sees an agreed score otherwise",
    "dissent.withdrawn": "Assessor no longer sees it otherwise",
    "scores.settled": "Scores settled",
    "question.asked": "Provider asked for more",
    "question.replied": "Provider replied to a question",
    "question.withdrawn": "Question taken back",
    "question.extended": "Provider given more time to reply",
    "question.reminded": "Provider reminded of questions",
    "note.kept": "Assessor's own note kept",
    "visit.planned": "Visit planned",
    "visit.changed": "Plan of a visit changed",
    "visit.held": "Visit noted as held",
    "visit.cancelled": "Visit cancelled",
    "visit.confirmed": "Visit confirmed by the provider",
    "visit.time-proposed": "Another time for a visit proposed by the provider",
    "visit.time-declined": "Another time for a visit declined",
    "visit.sample-drawn": "Sample drawn at random",
    "visit.note-kept": "Note of a visit kept",
    "visit.note-changed": "Note of a visit changed",
    "visit.note-cited": "Score rested on a note of a visit",
    "visit.note-uncited": "Score no longer rested on a note of a visit",
    "phrase.added": "Phrase for reasons added",
    "phrase.removed": "Phrase for reasons removed",
    "report.begun": "Report begun",
    "report.written": "Paragraph of the report written",
    "report.sent": "Report sent to the provider to check",
    "report.taken-back": "Report taken back from the provider",
    "report.commented": "Provider commented on the report",
    "report.evidence-shown": "Provider showed evidence beside a comment on the report",
    "report.checked": "Provider's check of the report ended",
    "report.check-reminded": "Provider reminded to check the report",
    "report.comment-answered": "Comment on the report answered",
    "report.finished": "Report finished",
    "report.opened-again": "Finished report opened again",
    "report.signed": "Report signed",
    "report-template.saved": "Template of reports saved",
    "condition.accepted": "Condition accepted as met",
    "condition.offered": "The provider says that a condition is met",
    "condition.reminded": "Reminded of a condition",
    "condition.returned": "What was sent for a condition was given back",
    "finding.raised": "Finding written down",
    "finding.changed": "Finding worded otherwise",
    "finding.told": "Provider told of a finding",
    "finding.plan-offered": "Plan offered for a finding",
    "finding.plan-accepted": "Plan for a finding accepted",
    "finding.plan-returned": "Plan for a finding returned",
    "finding.put-right": "Finding said to be put right",
    "finding.returned": "Finding not closed yet",
    "finding.closed": "Finding closed",
    "finding.reopened": "Finding opened again",
    "finding.taken-back": "Finding taken back",
    "finding.more-time": "More time given for a finding",
    "finding.warned": "Provider reminded of a finding",
    "finding.acted": "Award changed over a finding that was overdue",
    "meeting.called": "Meeting of the panel called",
    "meeting.cancelled": "Meeting of the panel called off",
    "meeting.changed": "Meeting of the panel changed",
    "meeting.reordered": "Order of the agenda changed",
    "panel.called": "Panel called",
    "panel.changed": "Panel changed",
    "panel.declared": "Panel member declared no conflict of interest",
    "panel.stood-aside": "Panel member stood aside",
    "panel.voted": "Panel member voted",
    "decision.minutes-signed": "The chair signed the minutes",
    "panel.pack-read": "Panel member has read the case pack",
    "panel.note-begun": "Panel member began a note",
    "panel.discussion-corrected": "The chair corrected the record of the discussion",
    "panel.taken-off-agenda": "Taken off the agenda of a meeting",
    "panel.vote-closed": "The chair closed the vote",
    "panel.vote-reopened": "The chair opened the vote again",
    "panel.presence-recorded": "It was recorded who is there",
    "panel.dissent-noted": "A member’s reasons go into the minutes, or no longer",
    "decision.recorded": "Decision recorded",
    "capacity.said": "Capacity and waiting times said",
    "capacity.confirmed": "Capacity and waiting times said to be still right",
    "award.granted": "Award granted",
    "award.replaced": "Award replaced by a newer one",
    "award.conditions-met": "Conditions accepted as met",
    "award.suspended": "Award suspended",
    "award.reinstated": "Award reinstated",
    "award.withdrawn": "Award withdrawn",
    "award.surrendered": "Award surrendered",
    "award.confirmed": "Provisional award confirmed",
    "award.scope-changed": "What the award covers changed",
    "award.reduced": "Level of the award reduced",
    "award.reissued": "Certificate issued again",
    "award.suspension-moved": "Last day of the suspension changed",
    "award.suspension-reminded": "Reminded of the end of the suspension",
    "award.warned": "Holder warned of the loss of the award",
    "award.office-told": "Managers told that they have to decide on the award",
    "surveillance.opened": "Yearly return asked for",
    "surveillance.reminded": "Reminded of the yearly return",
    "surveillance.overdue": "Yearly return overdue",
    "surveillance.saved": "Yearly return saved for later",
    "surveillance.returned": "Yearly return sent",
    "surveillance.follow-up": "More asked for in the yearly return",
    "surveillance.accepted": "Yearly return accepted",
    "surveillance.dropped": "Yearly return no longer asked for",
    "spot-check.drawn": "Awards drawn for spot checks",
    "spot-check.assigned": "Spot check given to an assessor",
    "spot-check.done": "Spot check done",
    "register.details-changed": "Published details changed by the provider",
    "action.added": "Action added to the improvement plan",
    "action.changed": "Action of the plan changed",
    "action.started": "Action of the plan started",
    "action.finished": "Action of the plan done",
    "action.dropped": "Action of the plan dropped",
    "action.reopened": "Action of the plan opened again",
    "action.evidence-attached": "Evidence shown with an action of the plan",
    "action.evidence-detached": "Evidence taken off an action of the plan",
    "calendar.opened": "Private calendar address made",
    "calendar.ended": "Private calendar address ended",
    "case.exported": "Whole case exported",
    "case.manager-stood-aside": "Manager declared an interest and left the case to another",
    "panel.stood-down": "Panel stood down",
    "interest.added": "Interest put on a register",
    "interest.corrected": "Interest on a register corrected",
    "interest.ended": "Interest on a register ended",
    "interest.struck-out": "Interest on a register struck out",
    "interests.confirmed": "Register of interests confirmed",
    "competence.changed": "What somebody can judge changed",
    "audit.erased": "Words of an entry erased",
    "answer.recorded": "Answer recorded",
    "answer.continued": "Answer written on",
    "answer.confirmed": "Answer that was carried over looked at again",
    "answer.restored": "Earlier words brought back",
    "answer.set-aside": "Own words set aside for a colleague's",
    "comment.added": "Comment written",
    "comment.changed": "Comment changed",
    "comment.taken-back": "Comment taken back",
    "comment.put-back": "Comment put back",
    "criterion.handed-over": "Criterion handed to a colleague",
    "criterion.done": "Criterion that was handed over is done",
    "criterion.taken-back": "Criterion taken back from a colleague",
    "answers.brought": "Answers brought back in a spreadsheet",
    "answers.applied": "Answers saved from a spreadsheet",
    "answers.discarded": "Spreadsheet of answers discarded",
    "evidence.collected": "Evidence made of what service users said",
    "feedback.opened": "Service users asked what they think",
    "feedback.invited": "Service users invited by e-mail",
    "feedback.reminded": "Service users reminded",
    "feedback.closed": "Round of feedback closed",
    "feedback.released": "Answers that came many at once counted",
    "feedback.left-out": "Answers that came many at once left out",
    "concern.received": "Safeguarding concern received",
    "concern.read": "Safeguarding concern read",
    "concern.note": "Note on a safeguarding concern",
    "concern.passed-on": "Safeguarding concern passed on",
    "concern.closed": "Safeguarding concern closed",
    "concern.reopened": "Safeguarding concern opened again",
    "complaint.received": "Complaint received",
    "complaint.acknowledged": "Complaint confirmed by a person",
    "complaint.investigating": "Somebody appointed to look into a complaint",
    "complaint.referred": "Complaint passed to another body",
    "complaint.not-taken-up": "Complaint not taken up",
    "complaint.upheld": "Complaint upheld",
    "complaint.partly-upheld": "Complaint upheld in part",
    "complaint.not-upheld": "Complaint not upheld",
    "complaint.withdrawn": "Complaint taken back",
    "complaint.closed": "Complaint closed",
    "complaint.note": "Note on a complaint",
    "complaint.passed-on": "Concern in a complaint passed on",
    "complaint.put-to-provider": "Complaint put to the provider",
    "complaint.holder-named": "Provider of a complaint found on the register",
    "complaint.declared": "Who looks into a complaint declared no conflict of interest",
    "complaint.stood-aside": "Who was to look into a complaint stood aside",
    "complaint.noted": "Who looks into a complaint kept a note",
    "appeal.drafted": "Appeal being written",
    "appeal.lodged": "Appeal lodged",
    "appeal.withdrawn": "Appeal taken back",
    "appeal.admitted": "Appeal admitted",
    "appeal.not-admitted": "Appeal not admitted",
    "appeal.reviewers-appointed": "Reviewers of an appeal appointed",
    "appeal.reviewer-replaced": "Reviewer of an appeal replaced",
    "appeal.declared": "Reviewer of an appeal declared no conflict of interest",
    "appeal.stood-aside": "Reviewer of an appeal stood aside",
    "appeal.noted": "Reviewer of an appeal kept a note",
    "appeal.voted": "Reviewer of an appeal voted",
    "appeal.upheld": "Appeal upheld",
    "appeal.partly-upheld": "Appeal upheld in part",
    "appeal.dismissed": "Appeal dismissed",
    "appeal.closed": "Appeal closed",
    "evidence.attached": "Evidence attached",
    "evidence.detached": "Evidence taken off",
    "proposal.accepted": "Answer given elsewhere used again",
    "proposal.declined": "Answer given elsewhere turned down",
    "proposal.reopened": "Answer given elsewhere offered again",
    "passport.added": "Certificate of another body added",
    "passport.changed": "Certificate of another body changed",
    "passport.renewed": "Certificate of another body renewed",
    "passport.withdrawn": "Certificate of another body taken back",
    "passport.check-asked": "Scheme asked to check a certificate",
    "passport.accepted": "Certificate accepted by the scheme",
    "passport.refused": "Certificate refused by the scheme",
    "passport.revoked": "Certificate no longer accepted by the scheme",
    "passport.used": "Certificates used in an application",
    "passport.fell": "Certificate no longer counted when the panel decided",
    "passport.answered-instead": "Criterion answered although a certificate would answer it",
    "passport.counts-again": "Criterion left to a certificate",
    "site.added": "Site added",
    "site.changed": "Site changed",
    "site.closed": "Site closed",
    "site.opened": "Site opened again",
    "consortium.joined": "Member joined the consortium",
    "consortium.left": "Member left the consortium",
    "consortium.lead-changed": "Another member leads the consortium",
    "answers.put-together": "Answers put together again from their parts",
    "evidence.lent": "Evidence of a member attached as a copy",
    "adviser.began": "Adviser from outside began to help",
    "adviser.rights-changed": "What an adviser may do changed",
    "adviser.ended": "Help of an adviser ended",
    "pack.made": "Pre-qualification pack made",
    "pack.copied": "Pre-qualification pack copied",
    "pack.described": "What a pack says changed",
    "pack.piece-added": "Document put into a pack",
    "pack.piece-changed": "Document in a pack described",
    "pack.piece-removed": "Document taken out of a pack",
    "pack.explained": "Why a pack lacks something said",
    "pack.results-chosen": "Awards in a pack chosen",
    "pack.shared": "Code for a pack made",
    "pack.share-ended": "Code for a pack ended",
    "pack.deleted": "Pack deleted",
    "lead.offered": "Lead offered to a colleague",
    "lead.asked": "Asked to lead the organisation",
    "lead.agreed": "Lead passed on, as agreed",
    "lead.refused": "Request to lead refused",
    "lead.withdrawn": "Request to lead taken back",
    "lead.granted": "Lead granted, as no lead answered",
    "lead.objected": "Objection to the new lead",
    "lead.upheld": "New lead upheld after an objection",
    "lead.settled": "New lead settled",
    "lead.expired": "Request to lead ran out",
    "invitation.sent": "Invitation sent",
    "invitation.sent-again": "Invitation sent again",
    "invitation.accepted": "Invitation accepted",
    "invitation.cancelled": "Invitation cancelled",
    "invitation.declined": "Invitation declined",
    "award.reminded": "Holder reminded that the award runs out",
    "account.messages-chosen": "Choice of messages changed",
    "account.messages-turned-off": "Messages turned off",
    "account.messages-turned-on": "Messages turned on again",
    "post.removed": "Role in the scheme ended",
    "edition.loaded": "Framework edition loaded",
    "edition.closed": "Framework edition closed to new applications",
    "edition.published": "Framework edition published",
    "edition.retired": "Framework edition retired",
    "edition.reopened": "Framework edition opened to applications again",
    "draft.started": "Draft of a framework begun",
    "draft.saved": "Draft of a framework saved",
    "draft.discarded": "Draft of a framework discarded",
    "draft.restored": "Draft of a framework brought back",
    "scheme.loaded": "Scheme loaded",
    "scheme.changed": "Scheme's details changed",
}
MINOR = (
    "score.recorded",
    "report.written",
    "report.commented",
    "answer.recorded",
    "answer.continued",
    "answer.confirmed",
    "answer.restored",
    "answer.set-aside",
    "answers.brought",
    "answers.discarded",
    "evidence.attached",
    "evidence.detached",
    "proposal.accepted",
    "proposal.declined",
    "proposal.reopened",
)
"""Written often; a case's timeline leaves them out, the scheme's trail does not."""


@dataclass(frozen=True)
class HistoryRow:
    """One thing that happened. `why` is the reason or note given with it, where there was one."""

    at: datetime
    who: str
    what: str
    why: str
    action: str
    application_id: int | None
    provider: str
    row_id: int = 0


def words_for(action: str) -> str:
    """An action in words; one that this page does not know reads as it is written."""
    if action in ACTION_WORDS:
        return ACTION_WORDS[action]
    noun, _, verb = action.partition(".")
    return f"{noun} {verb}".replace("-", " ").replace("_", " ").strip().capitalize()


def timeline(session: Session, application_id: int) -> tuple[HistoryRow, ...]:
    """What happened to a case, newest first, at most 100 rows. One statement."""
    found = session.scalars(
        select(AuditRow)
        .where(AuditRow.application_id == application_id, AuditRow.action.not_in(MINOR))
        .order_by(AuditRow.id.desc())
        .limit(MOST_IN_TIMELINE)
    )
    return tuple(history_row(row, "") for row in found)


def history_row(row: AuditRow, provider: str) -> HistoryRow:
    """An audit row as people read it. `provider` is the name of the organisation that it is about."""
    return HistoryRow(
        row.at, row.actor_name, words_for(row.action), _why(row), row.action, row.application_id, provider, row.id
    )


def _why(row: AuditRow) -> str:
    """What the detail tells a reader. How a member voted is for the panel alone."""
    detail: Mapping[str, Any] = row.detail or {}
    parts = [
        str(detail[key])
        for key in ("assessor", "number", "outcome", "criterion", "person", "email", "role")
        if detail.get(key)
    ]
    parts += [", ".join(detail["members"])] if isinstance(detail.get("members"), list) else []
    parts += [f"Stood aside: {', '.join(detail['stood_aside'])}"] if detail.get("stood_aside") else []
    parts += [str(detail[key]) for key in ("reason", "note") if detail.get(key)]
    return ". ".join(part.rstrip(".") for part in parts) + "." if parts else ""
