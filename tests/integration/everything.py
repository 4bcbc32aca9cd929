"""Two of everything: one organisation's case in one scheme with all who have to do with it, and another one's.

`argument` says what a view with parameters is fetched with. A new view whose parameter has a new name needs a line in
BY_NAME; one whose parameter means something else there needs a line in BY_VIEW.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

from flask import current_app

from app.domain.access import GIVEN_TO_ADVISERS, ORGANISATION_ROLES, Actor, Role
from app.domain.certificates_held import CheckState
from app.domain.findings import FindingSource
from app.domain.lead_request import RequestKind, RequestStatus
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus, FindingStatus, PanelStatus
from app.domain.pack import Opens, code_from, code_hash
from app.domain.parts import SiteKind
from app.domain.plan import ActionState, Source
from app.domain.stable_ids import Kind, StableIds
from app.domain.topics import DAILY
from app.edge.backends import storage
from app.extensions import db
from app.models import (
    AdviserGrant,
    Answer,
    AnswerSheet,
    ApiKey,
    Application,
    Assessment,
    AttachedEvidence,
    AuditRow,
    Award,
    AwardCondition,
    Comment,
    ConsortiumMember,
    Decision,
    EvidenceItem,
    EvidenceVersion,
    Finding,
    FrameworkDraft,
    FrameworkEdition,
    HandedOver,
    Interest,
    Invitation,
    LeadRequest,
    MeetingMember,
    Membership,
    Organisation,
    Pack,
    PackPiece,
    PackShare,
    Panel,
    PanelMeeting,
    PanelSeat,
    Passkey,
    Passport,
    PassportCheck,
    PlanAction,
    Question,
    RegisterEntry,
    SavedFilter,
    Scheme,
    SchemePost,
    Score,
    Site,
    Standing,
    User,
)
from app.services.answers import record_change
from app.services.transactions import record, transaction
from app.services.turning_off import turn_off_token
from tests import factories as make
from tests.conftest import NOON
from tests.integration import voices
from tests.integration.beside import Beside, beside
from tests.integration.choosing import Choosing, choosing
from tests.integration.differing import differing
from tests.integration.disputes import disputes_of
from tests.integration.lists import list_of
from tests.integration.reported import Reported, reported
from tests.integration.rows import Kept, emptied
from tests.integration.running import run
from tests.integration.watched import Watched, watched

REGISTER = StableIds("127.0.0.1:8000")  # by the name of the host that tests run under
CODES = ("GOV.1.1", "GOV.1.2", "SAFE.1.1", "SAFE.1.2")


@dataclass(frozen=True)
class Side:
    """What belongs together. `people` holds one person for each role, who has that role here and no other."""

    scheme: Scheme
    edition: FrameworkEdition
    later: FrameworkEdition  # the one after it, to which an application can be carried over
    organisation: Organisation
    people: dict[Role, User]
    colleague: User
    application: Application  # before a panel, assessed
    in_assessment: Application
    draft: Application
    assessment: Assessment  # open, of the one in assessment
    reconciled: Assessment  # the lead's, of a case whose assessors differ
    dissenting: Assessment  # of another such case, whose lead is somebody else
    filter_id: int  # a view of the applications that the manager keeps
    question: Question
    beside: Beside  # what the assessor of the open one keeps beside its scores
    panel: Panel
    meeting_id: int  # at which the panel meets, also once it was called off
    decision_id: int  # on the award, with its letter and its signed minutes
    evidence: EvidenceItem
    award: Award
    entry: RegisterEntry
    offer: Invitation
    adviser_offer: Invitation
    grant: AdviserGrant
    site: Site
    membership: ConsortiumMember
    member_offer: Invitation
    post_offer: Invitation
    own_offer: Invitation  # to the contributor of the same side
    framework_draft: FrameworkDraft
    comment_id: int  # of the lead, on the application's first criterion
    handed_id: int  # of the draft's first criterion, by the lead to the colleague
    passkey_id: int  # of the lead
    key_id: int  # to the API, of the lead
    interest_id: int  # of the assessor, in an organisation that is none of these
    lead_request_id: int  # of the colleague, who asks to lead
    voice_link: str  # of a round with five answers that count and one that is held
    voice_round_id: int
    concern_id: int
    list_ids: tuple[int, int]  # a list that is to be brought in, and its one row
    passport: Passport  # held elsewhere; the scheme is asked to check it
    answer_change_id: int  # the audit row of the draft's first answer
    planned_id: int  # an action of the improvement plan
    answer_sheet_id: int  # of the draft, brought back by the lead; it goes when it is discarded
    pack_share: PackShare  # of a pack with the evidence in it
    share_code: str
    pack_piece_id: int  # it goes when it is taken out
    reported: Reported  # the report on `application`, with the provider
    spot_check_id: int  # of the award, given to the assessor
    finding_id: int  # of the application before a panel; the provider was told
    raised_id: int  # in the assessment that is open; nobody was told
    complaint_id: int  # about the scheme, just come in
    appeal_id: int  # against a refusal, in review by the panel member
    review_id: int
    complaint_review_id: int
    watched: Watched  # by the lead: a provider, a search, a feed and a need that they published
    choosing: Choosing  # a team of everybody here, with a list


def build() -> tuple[Side, Side]:
    """Ours and theirs, saved."""
    return _side(), _side()


_kept: dict[str, Kept] = {}


def afresh() -> tuple[Side, Side]:
    """Ours and theirs, and nothing else in the database. Built once in a process, and put back whenever they are needed."""
    address = str(db.engine.url)
    if address not in _kept:
        emptied()
        _kept[address] = Kept(build())
    return _kept[address].put_back()


def _side() -> Side:
    scheme = make.scheme()
    edition = make.edition(scheme)
    organisation = make.organisation(facts={"staff": 2})
    people = {role: _person(role, organisation, scheme) for role in Role}
    lead, colleague = people[Role.LEAD], make.member(organisation, Role.CONTRIBUTOR)
    application = _application(organisation, edition, ApplicationStatus.WITH_PANEL, lead)
    evidence = _evidence(organisation, lead, application)
    _assessment(application, people, AssessmentStatus.HANDED_IN)
    in_assessment = _application(organisation, make.edition(scheme), ApplicationStatus.IN_ASSESSMENT, lead)
    assessment = _assessment(in_assessment, people, AssessmentStatus.OPEN)
    reconciling = _application(organisation, make.edition(scheme), ApplicationStatus.RECONCILING, lead)
    awarded = _application(organisation, make.edition(scheme), ApplicationStatus.AWARDED, lead)
    certificate = storage().put(BytesIO(f"%PDF-1.7 for {organisation.name}".encode()))
    award = make.award(awarded, certificate_key=certificate.key, certificate_sha256=certificate.sha256)
    condition = {"award_id": award.id, "decision_id": _decided(awarded, people).id, "number": 1}
    make.save(AwardCondition(text="Hold a fire drill.", due_on=(NOON + timedelta(days=90)).date(), **condition))
    panel = _panel(application, people)
    draft = _application(organisation, make.edition(scheme), ApplicationStatus.DRAFT, lead)
    entry = _on_register(award)
    return Side(
        watched=watched(entry, lead),
        scheme=scheme,
        edition=edition,
        later=make.edition(scheme, code=edition.code, edition="2027"),
        organisation=organisation,
        people=people,
        colleague=colleague,
        application=application,
        in_assessment=in_assessment,
        draft=draft,
        assessment=assessment,
        filter_id=_kept_view(scheme, people[Role.MANAGER]),
        reconciled=differing(reconciling, people[Role.ASSESSOR]),
        dissenting=differing(
            _application(organisation, make.edition(scheme), ApplicationStatus.RECONCILING, lead),
            people[Role.ASSESSOR],
            leads=False,
        ),
        question=_question(assessment),
        beside=beside(assessment, CODES[0]),
        panel=panel,
        meeting_id=panel.meeting_id,
        decision_id=condition["decision_id"],
        evidence=evidence,
        award=award,
        entry=entry,
        choosing=choosing(people.values(), entry),
        site=make.save(Site(organisation_id=organisation.id, name="Elm House", kind=SiteKind.PLACE, created_at=NOON)),
        membership=db.session.query(ConsortiumMember).filter_by(consortium_id=organisation.id).one(),
        member_offer=_offer(lead, organisation_id=organisation.id, role=Role.MEMBER),
        adviser_offer=_offer(lead, organisation_id=organisation.id, role=Role.ADVISER, rights=["see", "answer"]),
        grant=db.session.query(AdviserGrant).filter_by(organisation_id=organisation.id).one(),
        offer=_offer(lead, organisation_id=organisation.id, role=Role.CONTRIBUTOR),
        post_offer=_offer(people[Role.MANAGER], scheme_id=scheme.id, role=Role.ASSESSOR),
        own_offer=_offer(
            people[Role.MANAGER], scheme_id=scheme.id, role=Role.AUDITOR, email=people[Role.CONTRIBUTOR].email
        ),
        framework_draft=make.framework_draft(scheme, started_by=people[Role.MANAGER]),
        comment_id=_comment(application, lead).id,
        handed_id=_handed_over(draft, lead, colleague).id,
        passkey_id=_passkey(lead).id,
        key_id=_key(lead).id,
        interest_id=_interest(people[Role.ASSESSOR]).id,
        lead_request_id=_lead_request(organisation, colleague).id,
        **_feedback(organisation, lead, scheme),
        passport=_passport(organisation, scheme, lead),
        answer_change_id=_answer_change(draft, lead).id,
        planned_id=_planned(organisation, lead).id,
        answer_sheet_id=_answer_sheet(draft, lead).id,
        **_pack(organisation, lead, evidence),
        reported=reported(application, people),
        spot_check_id=run(award, people),
        list_ids=list_of(edition, people[Role.MANAGER]),
        finding_id=_finding(application, None, FindingStatus.OPEN).id,
        raised_id=_finding(in_assessment, assessment, FindingStatus.RAISED).id,
        **_disputes(organisation, scheme, people),
    )


def _person(role: Role, organisation: Organisation, scheme: Scheme) -> User:
    person = make.user()
    if role in ORGANISATION_ROLES:
        make.save(Membership(user_id=person.id, organisation_id=organisation.id, role=role, created_at=NOON))
    elif role is Role.ADVISER:
        _adviser(person, organisation)
    elif role is Role.MEMBER:
        _works_for_a_member(person, organisation)
    else:
        make.save(SchemePost(user_id=person.id, scheme_id=scheme.id, role=role, created_at=NOON))
    return person


def _adviser(person: User, organisation: Organisation) -> None:
    """With every right that there is to give."""
    rights = [right.value for right in GIVEN_TO_ADVISERS]
    make.save(AdviserGrant(organisation_id=organisation.id, user_id=person.id, rights=rights, granted_at=NOON))


def _works_for_a_member(person: User, consortium: Organisation) -> None:
    """As a contributor of another organisation that is a member of this one."""
    member = make.organisation()
    make.save(Membership(user_id=person.id, organisation_id=member.id, role=Role.CONTRIBUTOR, created_at=NOON))
    joined = {"member_id": member.id, "joined_at": NOON, "joined_by_id": person.id}
    make.save(ConsortiumMember(consortium_id=consortium.id, **joined))


def _application(of: Organisation, under: FrameworkEdition, status: ApplicationStatus, by: User) -> Application:
    values = {} if status is ApplicationStatus.DRAFT else {"submitted_at": NOON, "facts": {"staff": 2}}
    application = make.application(of, under, status=status, started_by=by, **values)
    for code in CODES:
        words = {"reason": f"We do this well: {code}.", "updated_at": NOON, "updated_by_id": by.id}
        db.session.add(Answer(application_id=application.id, criterion_code=code, point=2, **words))
    db.session.commit()
    return application


def _evidence(of: Organisation, by: User, application: Application) -> EvidenceItem:
    """A document in the library that stands behind the first criterion."""
    item = make.save(
        EvidenceItem(organisation_id=of.id, title="Minutes", kind="document", created_at=NOON, created_by_id=by.id)
    )
    file = storage().put(BytesIO(f"The trustees of {of.name} met four times.".encode()))
    version = make.save(
        EvidenceVersion(
            item_id=item.id,
            number=1,
            filename="minutes.txt",
            media_type="text/plain",
            size=file.size,
            sha256=file.sha256,
            storage_key=file.key,
            added_at=NOON,
            added_by_id=by.id,
        )
    )
    make.save(
        AttachedEvidence(
            application_id=application.id,
            criterion_code=CODES[0],
            item_id=item.id,
            version_id=version.id,
            attached_at=NOON,
            attached_by_id=by.id,
        )
    )
    return item


def _kept_view(of: Scheme, by: User) -> int:
    return make.save(
        SavedFilter(user_id=by.id, scheme_id=of.id, name="Late", query="state=open&late=yes", saved_at=NOON)
    ).id


def _assessment(of: Application, people: dict[Role, User], status: AssessmentStatus) -> Assessment:
    """Declared and scored. While it is open its assessor may do all there is to do."""
    handed_in = {"handed_in_at": NOON, "recommended": "award", "recommended_level": "silver", "recommendation": "Good."}
    assessment = make.save(
        Assessment(
            application_id=of.id,
            assessor_id=people[Role.ASSESSOR].id,
            status=status,
            assigned_at=NOON,
            assigned_by_id=people[Role.MANAGER].id,
            declared_at=NOON,
            **(handed_in if status is AssessmentStatus.HANDED_IN else {}),
        )
    )
    for code in CODES:
        db.session.add(
            Score(
                assessment_id=assessment.id,
                criterion_code=code,
                point=2,
                reason="The minutes show it.",
                updated_at=NOON,
            )
        )
    db.session.commit()
    return assessment


def _interest(of: User) -> Interest:
    return make.save(Interest(user_id=of.id, organisation_name="Far Away Trust", nature="Chairs it.", declared_at=NOON))


def _planned(of: Organisation, by: User) -> PlanAction:
    stamps = {"created_at": NOON, "created_by_id": by.id, "updated_at": NOON, "updated_by_id": by.id}
    values = {"title": "Renew the fire policy", "source": Source.FREE, "state": ActionState.OPEN}
    return make.save(PlanAction(organisation_id=of.id, **values, **stamps))


def _answer_sheet(of: Application, by: User) -> AnswerSheet:
    return make.save(
        AnswerSheet(
            application_id=of.id, brought_by_id=by.id, brought_at=NOON, filename="answers.xlsx", content={}, result={}
        )
    )


def _comment(of: Application, by: User) -> Comment:
    words = {"text": "Is this still so?", "written_at": NOON, "written_by_id": by.id}
    return make.save(Comment(application_id=of.id, criterion_code=CODES[0], **words))


def _handed_over(of: Application, by: User, to: User) -> HandedOver:
    whose = {"to_id": to.id, "by_id": by.id, "given_at": NOON, "whole": True}
    return make.save(HandedOver(application_id=of.id, criterion_code=CODES[0], **whose))


def _finding(of: Application, found_in: Assessment | None, status: FindingStatus) -> Finding:
    """A minor finding, of a grade that every framework has which names none."""
    told = {"told_at": NOON} if status is FindingStatus.OPEN else {}
    return make.save(
        Finding(
            application_id=of.id,
            assessment_id=found_in.id if found_in else None,
            place=CODES[0],
            grade="minor",
            title="Minutes are not signed",
            words="None of the four is signed.",
            source=FindingSource.BY_HAND,
            found_on=NOON.date(),
            status=status,
            status_at=NOON,
            **told,
        )
    )


def _pack(of: Organisation, by: User, evidence: EvidenceItem) -> dict[str, Any]:
    """A pack with one document in it, and a code that opens it with its files."""
    values = {"parts": ["description"], "notes": {}, "created_at": NOON, "created_by_id": by.id, "updated_at": NOON}
    pack = Pack(organisation_id=of.id, name=f"Pack of {of.name}", **values)
    pack.pieces.append(PackPiece(slot="complaints", item_id=evidence.id))
    make.save(pack)
    code = code_from(sha256(of.name.encode()).digest()[:16])
    until = NOON.date() + timedelta(days=40_000)  # a browser has the real clock
    share = {"made_at": NOON, "made_by_id": by.id, "ends_on": until, "opens": Opens.FILES}
    return {
        "pack_share": make.save(PackShare(pack_id=pack.id, code_hash=code_hash(code), **share)),
        "share_code": code,
        "pack_piece_id": pack.pieces[0].id,
    }


def _disputes(of: Organisation, scheme: Scheme, people: dict[Role, User]) -> dict[str, Any]:
    """A complaint, and an appeal on a case of its own, in which nobody of this side had a part."""
    refused = _application(of, make.edition(scheme), ApplicationStatus.REFUSED, people[Role.LEAD])
    return disputes_of(of, refused, people[Role.MANAGER], people[Role.PANEL_MEMBER], people[Role.LEAD])


def _passkey(of: User) -> Passkey:
    values = {"name": "Telephone", "credential_id": f"key{of.id:09}", "public_key": "none", "sign_count": 0}
    return make.save(Passkey(user_id=of.id, added_at=NOON, **values))


def _on_register(award: Award) -> RegisterEntry:
    """With an official number, under which it is found."""
    number = f"1-{award.organisation_id:09}"
    award.organisation.cqc_provider_id = number
    return make.register_entry(award, identifiers={"cqc": number})


def _key(of: User) -> ApiKey:
    values = {"name": "Our website", "beginning": "ts_abcde", "key_hash": sha256(of.email.encode()).hexdigest()}
    return make.save(ApiKey(user_id=of.id, made_at=NOON, **values))


def _lead_request(of: Organisation, by: User) -> LeadRequest:
    when = {"status_at": NOON, "asked_at": NOON, "ends_at": NOON + timedelta(days=60)}
    values = {"kind": RequestKind.TAKE_OVER, "status": RequestStatus.OPEN, "reason": "Our lead is ill."}
    return make.save(LeadRequest(organisation_id=of.id, person_id=by.id, asked_by_id=by.id, **when, **values))


def _feedback(of: Organisation, by: User, scheme: Scheme) -> dict[str, Any]:
    found = voices.a_round(of, by)
    for _ in range(5):
        voices.an_answer(found)
    voices.an_answer(found, standing=Standing.HELD)
    return {
        "voice_link": found.link,
        "voice_round_id": found.id,
        "concern_id": voices.a_concern(of, scheme).id,
    }


def _passport(of: Organisation, scheme: Scheme, by: User) -> Passport:
    """A certificate of another body that waits to be checked."""
    words = {"scheme_code": "cyber-essentials", "level": "certified", "title": "Cyber Essentials, certified"}
    passport = make.save(
        Passport(
            organisation_id=of.id,
            number="CE-1",
            holder=of.name,
            issued_on=NOON.date(),
            created_at=NOON,
            created_by_id=by.id,
            **words,
        )
    )
    make.save(PassportCheck(passport_id=passport.id, scheme_id=scheme.id, state=CheckState.WAITING, asked_at=NOON))
    return passport


def _answer_change(of: Application, by: User) -> AuditRow:
    """That the draft's first answer was changed, with what it said."""
    answer = db.session.query(Answer).filter_by(application_id=of.id, criterion_code=CODES[0]).one()
    said = {"point": 1, "not_applicable": False, "reason": "We do this."}
    with transaction() as session:
        record_change(session, "answer.recorded", of, answer, Actor(by.id, by.name), NOON, before=None, after=said)
    return db.session.query(AuditRow).filter_by(action="answer.recorded", subject_id=answer.id).one()


def _question(of: Assessment) -> Question:
    values = {"criterion_code": CODES[0], "text": "Please send the minutes of May.", "asked_at": NOON}
    return make.save(Question(assessment_id=of.id, application_id=of.application_id, **values))


def _panel(of: Application, people: dict[Role, User]) -> Panel:
    """Called, with one member, who chairs it and has declared."""
    chair = people[Role.PANEL_MEMBER]
    panel = make.save(
        Panel(application_id=of.id, chair_id=chair.id, called_at=NOON, called_by_id=people[Role.MANAGER].id)
    )
    make.save(PanelSeat(panel_id=panel.id, user_id=chair.id, declared_at=NOON))
    meeting = make.save(
        PanelMeeting(
            scheme_id=of.scheme_id,
            starts_at=NOON + timedelta(days=7),
            minutes_long=120,
            place="The hall",
            chair_id=chair.id,
            called_at=NOON,
            called_by_id=panel.called_by_id,
            members=[MeetingMember(user_id=chair.id)],
        )
    )
    panel.meeting_id, panel.position = meeting.id, 1
    return panel


def _decided(of: Application, people: dict[Role, User]) -> Decision:
    panel = _panel(of, people)
    panel.status = PanelStatus.DECIDED
    values = {"outcome": "award", "level": "silver", "reasons": "All is in place.", "tally": {"award": 1}}
    paper = storage().put(BytesIO(b"%PDF-1.7 a paper of this decision"))
    values |= {"letter_key": paper.key, "minutes_key": paper.key}
    return make.save(
        Decision(panel_id=panel.id, application_id=of.id, decided_at=NOON, decided_by_id=panel.chair_id, **values)
    )


def _offer(by: User, **values: Any) -> Invitation:
    email = values.pop("email", f"invited-by-{by.id}-as-{values['role']}@example.org")
    return make.save(
        Invitation(
            email=email,
            token_hash=sha256(email.encode()).hexdigest(),
            invited_by_id=by.id,
            created_at=NOON,
            expires_at=NOON + timedelta(days=14),
            **values,
        )
    )


def _turn_off(side: Side) -> str:
    """The end of the link that ends a colleague's e-mail of the day."""
    return turn_off_token(side.colleague.id, DAILY, current_app.extensions["tokens"], NOON)


Example = Callable[[Side], Any]

# What a parameter of this name stands for, wherever it stands.
BY_NAME: dict[str, Example] = {
    "import_id": lambda side: side.list_ids[0],
    "organisation_id": lambda side: side.organisation.id,
    "application_id": lambda side: side.application.id,
    "assessment_id": lambda side: side.assessment.id,
    "filter_id": lambda side: side.filter_id,
    "panel_id": lambda side: side.panel.id,
    "meeting_id": lambda side: side.meeting_id,
    "decision_id": lambda side: side.decision_id,
    "award_id": lambda side: side.award.id,
    "item_id": lambda side: side.evidence.id,
    "version_id": lambda side: side.evidence.versions[0].id,
    "question_id": lambda side: side.question.id,
    "phrase_id": lambda side: side.beside.phrase_id,
    "visit_id": lambda side: side.beside.visit_id,
    "draw_id": lambda side: side.beside.draw_id,
    "proposal_id": lambda side: side.beside.proposal_id,
    "note_id": lambda side: side.beside.note_id,
    "edition_id": lambda side: side.edition.id,
    "draft_id": lambda side: side.framework_draft.id,
    "invitation_id": lambda side: side.offer.id,
    "site_id": lambda side: side.site.id,
    "membership_id": lambda side: side.membership.id,
    "giver_id": lambda side: side.membership.member_id,
    "kind": lambda side: "member",
    "grant_id": lambda side: side.grant.id,
    "user_id": lambda side: side.colleague.id,
    "interest_id": lambda side: side.interest_id,
    "passkey_id": lambda side: side.passkey_id,
    "key_id": lambda side: side.key_id,
    "identifier": lambda side: side.entry.identifiers["cqc"],
    "request_id": lambda side: side.lead_request_id,
    "round_id": lambda side: side.voice_round_id,
    "concern_id": lambda side: side.concern_id,
    "link": lambda side: side.voice_link,
    "language": lambda side: "cy",
    "code": lambda side: CODES[0],
    "criterion": lambda side: CODES[0],
    "area": lambda side: "GOV",
    "slug": lambda side: side.entry.slug,
    "facet": lambda side: "area",
    "number": lambda side: side.award.number,
    "name": lambda side: "framework-format",
    "framework": lambda side: side.edition.code,
    "edition": lambda side: side.edition.edition,
    "passport_id": lambda side: side.passport.id,
    "sheet_id": lambda side: side.answer_sheet_id,
    "action_id": lambda side: side.planned_id,
    "comment_id": lambda side: side.comment_id,
    "handed_id": lambda side: side.handed_id,
    "row_id": lambda side: side.answer_change_id,
    "pack_id": lambda side: side.pack_share.pack_id,
    "share_id": lambda side: side.pack_share.id,
    "piece_id": lambda side: side.pack_piece_id,
    "share_code": lambda side: side.share_code,
    "slot": lambda side: "complaints",
    "complaint_id": lambda side: side.complaint_id,
    "check_id": lambda side: side.spot_check_id,
    "finding_id": lambda side: side.finding_id,
    "version": lambda side: 0,
    "report_id": lambda side: side.reported.report_id,
    "appeal_id": lambda side: side.appeal_id,
    "review_id": lambda side: side.review_id,
    "scheme_code": lambda side: side.scheme.code,
    "secret": lambda side: f"link-of-{side.scheme.code}",
    "token": lambda side: "a-token-that-opens-nothing",
    "watch_id": lambda side: side.watched.watch_id,
    "search_id": lambda side: side.watched.search_id,
    "feed_id": lambda side: side.watched.feed_id,
    "need_id": lambda side: side.watched.need_id,
    "team_id": lambda side: side.choosing.team_id,
    "list_id": lambda side: side.choosing.list_id,
    "ending": lambda side: "csv",
}


# Where a name means something else, or where the thing must be in another state: (view, parameter).
def _scheme_entry(side: Side) -> int:
    """The number of an entry of the scheme's audit trail."""
    first = db.select(AuditRow.id).where(AuditRow.scheme_id == side.scheme.id, AuditRow.action == "scheme.changed")
    if found := db.session.scalar(first):
        return found
    with transaction() as session:
        record(session, Actor(name="The operator"), "scheme.changed", side.scheme, NOON, scheme_id=side.scheme.id)
    return _scheme_entry(side)


BY_VIEW: dict[tuple[str, str], Example] = {
    ("public.edit_words", "key"): lambda side: "dementia",
    ("public.turn_words", "key"): lambda side: "dementia",
    ("public.turn_words", "verb"): lambda side: "off",
    ("public.register_map_region", "code"): lambda side: "E12000002",
    ("commissioner.write_item", "item_id"): lambda side: side.choosing.item_id,
    ("commissioner.change_item", "item_id"): lambda side: side.choosing.item_id,
    ("commissioner.change_item", "verb"): lambda side: "off",
    ("commissioner.delete_list", "verb"): lambda side: "delete",
    ("commissioner.end_share", "share_id"): lambda side: side.choosing.share_id,
    ("commissioner.cancel_team_invitation", "invitation_id"): lambda side: side.choosing.offer_id,
    ("scheme.decide_row", "row_id"): lambda side: side.list_ids[1],
    ("commissioner.change_watch", "verb"): lambda side: "pause",
    ("commissioner.change_search", "verb"): lambda side: "pause",
    ("commissioner.end_mail_watch", "secret"): lambda side: side.watched.secret,
    ("public.archived_changes_feed", "number"): lambda side: 1,
    ("scheme.audit_one", "row"): lambda side: _scheme_entry(side),
    ("public.market_csv", "table"): lambda side: "services",
    ("public.open_data_file", "edition"): lambda side: "latest",
    ("public.open_data_file", "name"): lambda side: "datapackage.json",
    ("public.sitemap_of_register", "part"): lambda side: (side.entry.id - 1) // 50_000 + 1,
    **{
        (f"assessor.{view}", "assessment_id"): lambda side: side.reconciled.id
        for view in ("reconcile", "record_meeting", "reconcile_criterion", "autosave_agreed")
    },
    ("assessor.dissent", "assessment_id"): lambda side: side.dissenting.id,
    ("provider.answer_part", "application_id"): lambda side: side.draft.id,
    ("provider.autosave_part", "application_id"): lambda side: side.draft.id,
    ("provider.lend_evidence", "application_id"): lambda side: side.draft.id,
    ("provider.close_site", "verb"): lambda side: "close",
    ("provider.member_invitation", "invitation_id"): lambda side: side.member_offer.id,
    ("provider.member_invitation", "verb"): lambda side: "resend",
    ("provider.adviser_invitation", "invitation_id"): lambda side: side.adviser_offer.id,
    ("provider.adviser_invitation", "verb"): lambda side: "resend",
    ("account.organisation_invitation", "verb"): lambda side: "resend",
    ("account.answer_lead_request", "verb"): lambda side: "agree",
    ("assessor.change_finding", "finding_id"): lambda side: side.raised_id,
    ("scheme.add_finding", "application_id"): lambda side: side.award.application_id,
    ("assessor.follow", "version_id"): lambda side: side.beside.link_id,
    ("panel.area", "code"): lambda side: "GOV",
    ("panel.minutes_of_meeting", "meeting_id"): lambda side: (
        db.session.get(Decision, side.decision_id).panel.meeting_id
    ),
    ("scheme.move_on_agenda", "verb"): lambda side: "earlier",
    ("provider.carry_over", "edition_id"): lambda side: side.later.id,
    ("provider.answer_myself", "application_id"): lambda side: side.draft.id,
    ("provider.archive_evidence", "verb"): lambda side: "archive",
    ("provider.move_action", "verb"): lambda side: "finish",
    ("provider.take_back_comment", "verb"): lambda side: "put-back",
    ("provider.handed_over", "verb"): lambda side: "done",
    ("provider.handed_over", "application_id"): lambda side: side.draft.id,
    ("provider.hand_over", "application_id"): lambda side: side.draft.id,
    ("provider.answer_many", "application_id"): lambda side: side.draft.id,
    ("provider.restore_answer", "application_id"): lambda side: side.draft.id,
    ("provider.add_evidence_here", "application_id"): lambda side: side.draft.id,
    ("provider.add_files_here", "application_id"): lambda side: side.draft.id,
    ("provider.answer_sheet", "application_id"): lambda side: side.draft.id,
    ("provider.discard_answer_sheet", "application_id"): lambda side: side.draft.id,
    ("provider.reply_to_question", "application_id"): lambda side: side.in_assessment.id,
    ("scheme.remove_assessor", "application_id"): lambda side: side.in_assessment.id,
    ("scheme.choose_lead", "application_id"): lambda side: side.in_assessment.id,
    ("scheme.reopen_assessment", "application_id"): lambda side: side.in_assessment.id,
    **{
        (f"reports.{view}", "version_id"): lambda side: side.reported.version_id
        for view in ("version", "version_document")
    },
    **{
        (f"{view}", "number"): lambda side: 1
        for view in (
            "reports.paragraph",
            "reports.autosave_paragraph",
            "provider.comment_on_report",
            "provider.autosave_report_comment",
        )
    },
    ("reports.answer_comment", "comment_id"): lambda side: side.reported.comment_id,
    ("reports.version_document", "kind"): lambda side: "pdf",
    ("provider.result", "application_id"): lambda side: side.award.application_id,
    ("provider.answer_condition", "number"): lambda side: 1,
    ("scheme.condition", "number"): lambda side: 1,
    ("scheme.condition", "application_id"): lambda side: side.award.application_id,
    ("scheme.conditions", "application_id"): lambda side: side.award.application_id,
    ("provider.yearly_return", "number"): lambda side: 1,
    ("provider.old_certificate", "version"): lambda side: 1,
    ("scheme.yearly_return", "number"): lambda side: 1,
    **{
        (f"scheme.{step}_award", "application_id"): lambda side: side.award.application_id
        for step in ("confirm", "scope", "reduce", "reissue")
    },
    ("scheme.change_award", "step"): lambda side: "suspend",
    ("scheme.change_award", "application_id"): lambda side: side.award.application_id,
    ("reviews.answer", "review_id"): lambda side: side.complaint_review_id,
    ("account.scheme_invitation", "verb"): lambda side: "resend",
    ("account.scheme_invitation", "invitation_id"): lambda side: side.post_offer.id,
    ("account.my_invitation", "invitation_id"): lambda side: side.own_offer.id,
    ("account.my_invitation", "verb"): lambda side: "accept",
    ("open_referral.service", "id"): lambda side: str(
        REGISTER.of_row(Kind.SERVICE, side.entry.id, side.entry.services[0])
    ),
    ("open_referral.service_at_location", "id"): lambda side: str(
        REGISTER.of_row(Kind.SERVICE_AT_LOCATION, side.entry.id, side.entry.services[0])
    ),
    ("open_referral.organization", "id"): lambda side: str(REGISTER.of_row(Kind.ORGANISATION, side.organisation.id)),
    ("open_referral.taxonomy", "id"): lambda side: str(REGISTER.of_words("taxonomy", "service-types")),
    ("open_referral.taxonomy_term", "id"): lambda side: str(REGISTER.of_words("term", "service-types", "home-care")),
    ("api_pages.problem_kind", "slug"): lambda side: "not-found",
    ("account.turn_off", "token"): lambda side: _turn_off(side),
    ("account.turn_on_again", "token"): lambda side: _turn_off(side),
    ("scheme.person_interests", "user_id"): lambda side: side.people[Role.ASSESSOR].id,
    ("scheme.strike_interest", "user_id"): lambda side: side.people[Role.ASSESSOR].id,
    ("account.scheme_competence", "user_id"): lambda side: side.people[Role.ASSESSOR].id,
    ("account.remove_from_post", "user_id"): lambda side: side.people[Role.ASSESSOR].id,
    ("account.removed_from_post", "user_id"): lambda side: side.people[Role.ASSESSOR].id,
    ("account.remove_from_post", "role"): lambda side: "assessor",
    ("account.removed_from_post", "role"): lambda side: "assessor",
}
SCHEME_VIEWS = (
    "scheme.",
    "account.scheme_",
    "account.competence",
    "account.invite_to_scheme",
    "account.remove_from_post",
    "account.removed_",
)

# Parameters that name somebody's own thing. The others are shared: a criterion, a published edition, a verb.
OWNED = frozenset(
    """filter_id list_id team_id import_id organisation_id application_id assessment_id panel_id award_id item_id version_id question_id invitation_id
    user_id interest_id passkey_id key_id request_id draft_id sheet_id action_id comment_id handed_id row_id grant_id site_id membership_id giver_id pack_id share_id
    phrase_id visit_id draw_id proposal_id note_id piece_id round_id concern_id passport_id complaint_id appeal_id review_id finding_id report_id
    watch_id search_id feed_id need_id""".split()
)


class NoExample(LookupError):
    """Nobody has said what to fetch a view with."""

    def __init__(self, view: str, name: str) -> None:
        super().__init__(
            f"The view {view} takes {name!r}, and nothing says what to fetch it with: "
            f"add it to BY_NAME or BY_VIEW in tests/integration/everything.py."
        )


def argument(view: str, name: str, side: Side) -> Any:
    """What to put in the address of `view` for its parameter `name`, taken from `side`. Raises NoExample."""
    if names_a_scheme(view, name):
        return side.scheme.code
    example = BY_VIEW.get((view, name)) or BY_NAME.get(name)
    if example is None:
        raise NoExample(view, name)
    return example(side)


def names_a_scheme(view: str, name: str) -> bool:
    """Whether the parameter is a scheme's code, and not a criterion's."""
    return name == "code" and view.startswith(SCHEME_VIEWS)


# A published need is everybody's to read: any approved provider answers it, any scheme's manager may hide it.
SHOWN_TO_ALL = frozenset(
    (f"commissioner.{view}", "need_id") for view in ("answer_need", "take_back_answer", "hide_need", "show_need")
)


def is_owned(view: str, name: str) -> bool:
    """Whether the parameter names a thing that belongs to one side."""
    office_only = name == "edition_id" and view.startswith(SCHEME_VIEWS)  # providers may open any scheme's editions
    return (name in OWNED and (view, name) not in SHOWN_TO_ALL) or office_only or names_a_scheme(view, name)
