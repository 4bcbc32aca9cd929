"""The shapes of a scheme's clauses: gates, findings, terms, publication, retention, members."""

from marshmallow import fields

from app.domain.clauses import Audience, Before, MetBy, Overdue
from app.domain.terms import PANEL_OUTCOMES, AfterSuspension, ChairVotes, LateReturn, Reconciliation
from app.frameworks import fields as f
from app.frameworks.schemas import Shape, TermsShape, may, need


class SelfAssessedShape(Shape):
    at_least = may(f.share)
    required = may(f.one_of(("claimed",)))


class GateShape(Shape):
    code = need(f.code)
    title = need(f.words)
    before = need(f.one_of(Before))
    because = need(f.words)
    facts = may(f.raw)
    self_assessment = may(f.raw)
    after = may(f.code)


class PrerequisiteShape(Shape):
    level = need(f.code)
    held = may(f.length)


class FindingsShape(Shape):
    grades = need(f.raw)
    from_scores = may(f.raw)
    escalation = may(f.raw)


class GradeShape(Shape):
    code = need(f.code)
    title = need(f.words)
    summary = may(f.words)
    put_right_within = may(f.length)
    holds_at = may(f.code)
    overdue = may(f.one_of(Overdue))


class EscalationShape(Shape):
    at_least = need(f.whole(2, 1000))
    of = need(f.code)
    in_one = need(f.plain)
    become = need(f.code)


class SampleShape(Shape):
    of = may(f.code)
    share = may(f.raw)
    at_least = may(f.whole(1, 10_000))
    at_most = may(f.whole(1, 10_000))


class AssessmentShape(Shape):
    assessors = may(f.whole(1, 9))
    blind = may(f.flag)
    confidence = may(f.flag)
    conflict_bar = may(f.length)
    agreement_floor = may(f.unit_share)
    reconciliation = may(f.one_of(Reconciliation))
    samples = may(f.raw)


class PanelShape(Shape):
    quorum = may(f.whole(1, 50))
    lay_members = may(f.whole(0, 50))
    outcomes = fields.List(f.Parsed(f.one_of(PANEL_OUTCOMES)))
    chair_votes = may(f.one_of(ChairVotes))


class ReassessShape(Shape):
    every = need(f.length)
    criteria = fields.List(f.Parsed(f.code))


class SuspensionShape(Shape):
    at_most = may(f.length)
    then = may(f.one_of(AfterSuspension))


class AwardShape(TermsShape):
    by_level = may(f.raw)
    ends_with_passports = may(f.flag)
    reassess = may(f.raw)
    carry_results = may(f.length)
    surveillance_overdue = may(f.one_of(LateReturn))
    suspension = may(f.raw)


class MembersShape(Shape):
    met_by = may(f.one_of(MetBy))
    sites = may(f.one_of((MetBy.EACH, MetBy.ANY)))


class PublicationShape(Shape):
    level = may(f.one_of(Audience))
    conditions = may(f.one_of(Audience))
    share = may(f.one_of(Audience))
    node_scores = may(f.one_of(Audience))
    criterion_scores = may(f.one_of(Audience))
    findings = may(f.one_of(Audience))
    reasons = may(f.one_of(Audience))


class RetentionShape(Shape):
    ended_awards = may(f.length)
    refused = may(f.length)
    withdrawn = may(f.length)
    drafts = may(f.length)
