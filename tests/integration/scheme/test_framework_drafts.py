"""The life of an edition: drafted with whatever mistakes it has, published above all others, retired; nothing typed is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from app.domain.access import NOBODY, Role
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.lifecycle import ApplicationStatus
from app.extensions import db
from app.frameworks import FrameworkInvalid, digest
from app.frameworks.positions import MOST_BYTES
from app.models import Application, AuditRow, FrameworkDraft, FrameworkEdition
from app.queries.drafts import DraftState, draft_page, publish_page
from app.services import applications, drafts, frameworks
from app.services.drafts import DraftChanged
from tests import factories as make
from tests.conftest import NOON

TEXT = make.SMALL_FRAMEWORK


@pytest.fixture
def scheme(app):
    return make.scheme()


@pytest.fixture
def manager(scheme):
    return make.actor(make.officer(scheme, Role.MANAGER, name="Ruth Manager"))


def started(scheme, by, source: str = TEXT) -> int:
    return drafts.start_draft(scheme.id, source, name="mark.yaml", actor=by, now=NOON)


def published(scheme, by, source: str = TEXT, **how) -> FrameworkEdition:
    return stored(FrameworkEdition, drafts.publish_draft(started(scheme, by, source), 1, actor=by, now=NOON, **how))


def edition_of(name: str, source: str = TEXT) -> str:
    return source.replace('"2026"', f'"{name}"')


def stored(kind, row_id):
    db.session.expire_all()
    return db.session.get(kind, row_id)


def trail(scheme) -> list[str]:
    rows = select(AuditRow).where(AuditRow.scheme_id == scheme.id).order_by(AuditRow.id)
    return [f"{row.action}: {row.detail.get('note')}" for row in db.session.scalars(rows)]


def test_a_draft_keeps_its_mistakes_and_says_where_they_are(scheme, manager):
    source = TEXT.replace("scale: fulfilment", "scale: fulfilmnet", 1)
    page = draft_page(started(scheme, manager, source), manager, NOON.date())
    assert page.source == source
    line = source[: source.index("fulfilmnet")].count("\n") + 1
    assert [(each.line, each.text) for each in page.shown_problems] == [(line, "scale: fulfilmnet")]
    assert (page.line.name, page.line.imported_from) == ("Small Mark 2026", "mark.yaml")


def test_a_code_that_is_on_no_list_is_a_mistake_of_a_draft_too(scheme, manager):
    source = TEXT.replace("facts:\n", "facts:\n  nations: {kind: codes, title: Nations, list: no-such-list}\n", 1)
    draft_id = started(scheme, manager, source)
    assert "no-such-list" in draft_page(draft_id, manager, NOON.date()).problems[0].message
    with pytest.raises(FrameworkInvalid):
        drafts.publish_draft(draft_id, 1, actor=manager, now=NOON)


def test_what_is_no_text_or_too_much_of_it_is_refused(scheme, manager):
    for source, words in (("PK\x03\x04\0", "not a text"), ("# é" * (MOST_BYTES // 4 + 1), "MB")):
        with pytest.raises(Invalid, match=words):
            started(scheme, manager, source)
    assert db.session.scalars(select(FrameworkDraft)).all() == []


def test_saving_raises_the_version_and_saving_the_same_again_does_not(scheme, manager):
    draft_id = started(scheme, manager)
    changed = TEXT.replace("Small Mark", "Larger Mark")
    assert drafts.save_draft(draft_id, changed.replace("\n", "\r\n"), 1, actor=manager, now=NOON) == 2
    assert drafts.save_draft(draft_id, changed, 1, actor=manager, now=NOON) == 2
    draft = stored(FrameworkDraft, draft_id)
    assert (draft.source, draft.title, draft.version) == (changed, "Larger Mark", 2)
    assert trail(scheme) == ["draft.started: Small Mark 2026", "draft.saved: Larger Mark 2026"]


def test_two_who_save_at_once_never_overwrite_each_other(scheme, manager):
    draft_id, colleague = started(scheme, manager), make.actor(make.officer(scheme, Role.MANAGER))
    drafts.save_draft(draft_id, "# mine\n", 1, actor=manager, now=NOON)
    with pytest.raises(DraftChanged, match="Ruth Manager saved this draft"):
        drafts.save_draft(draft_id, "# theirs\n", 1, actor=colleague, now=NOON)
    assert stored(FrameworkDraft, draft_id).source == "# mine\n"


def test_publishing_makes_an_edition_of_the_very_text_and_retires_the_one_before(scheme, manager):
    before = published(scheme, manager)
    source = edition_of("2027") + "# a note to ourselves\n"
    edition = published(scheme, manager, source)
    assert (edition.source, edition.sha256) == (source, digest(source))
    assert (edition.code, edition.edition, edition.open, edition.loaded_at) == ("small-mark", "2027", True, NOON)
    assert edition.published_by_id == manager.user_id
    assert (before.open, before.retired_at) == (False, NOON)
    assert trail(scheme)[-2:] == [
        "edition.published: Small Mark 2027",
        "edition.retired: Small Mark 2026. Edition 2027 took its place.",
    ]


def test_the_edition_before_stays_open_where_that_is_asked(scheme, manager):
    before = published(scheme, manager)
    published(scheme, manager, edition_of("2027"), keep_open=True)
    assert stored(FrameworkEdition, before.id).open


def test_a_text_with_mistakes_cannot_be_published_and_every_mistake_is_told(scheme, manager):
    draft_id = started(scheme, manager, TEXT.replace("scale: fulfilment", "scale: none-such"))
    with pytest.raises(FrameworkInvalid) as refusal:
        drafts.publish_draft(draft_id, 1, actor=manager, now=NOON)
    assert len(refusal.value.problems) == 4
    assert db.session.scalars(select(FrameworkEdition)).all() == []


@pytest.mark.parametrize("edition", ["2026", "2025", "999"])
def test_an_edition_that_is_not_above_every_published_one_is_refused(scheme, manager, edition):
    frameworks.retire_edition(published(scheme, manager).id, actor=manager, now=NOON)
    with pytest.raises(Invalid, match="Edition 2026 is published already"):
        published(scheme, manager, edition_of(edition) + "# changed\n")


def test_a_framework_of_another_scheme_cannot_be_continued(scheme, manager):
    published(scheme, manager)
    other = make.scheme()
    stranger = make.actor(make.officer(other, Role.MANAGER))
    with pytest.raises(Invalid, match="Another scheme publishes a framework with this code"):
        published(other, stranger, edition_of("2027"))


def test_what_is_published_is_what_the_page_showed(scheme, manager):
    draft_id = started(scheme, manager)
    drafts.save_draft(draft_id, edition_of("2027"), 1, actor=manager, now=NOON)
    with pytest.raises(DraftChanged):
        drafts.publish_draft(draft_id, 1, actor=manager, now=NOON)


def test_of_two_who_publish_the_same_edition_one_wins_and_the_other_is_told(scheme, manager):
    """From one draft, and from two with different texts."""
    draft_id, twin = started(scheme, manager), started(scheme, manager, TEXT + "# another text\n")
    drafts.publish_draft(draft_id, 1, actor=manager, now=NOON)
    with pytest.raises(DraftChanged, match="published meanwhile"):
        drafts.publish_draft(draft_id, 1, actor=manager, now=NOON)
    with pytest.raises(Invalid, match="Edition 2026 is published already"):
        drafts.publish_draft(twin, 1, actor=manager, now=NOON)
    assert len(db.session.scalars(select(FrameworkEdition)).all()) == 1


def test_of_two_schemes_that_publish_one_code_at_the_same_moment_one_is_refused(app, scheme, manager):
    other = make.scheme()
    stranger = make.actor(make.officer(other, Role.MANAGER))
    ours, theirs = started(scheme, manager), started(other, stranger, edition_of("2027"))
    together = Barrier(2)

    def publish(draft_id, actor) -> str:
        with app.app_context():
            together.wait(timeout=30)
            try:
                drafts.publish_draft(draft_id, 1, actor=actor, now=NOON)
            except Invalid as refusal:
                return refusal.message
            finally:
                db.session.remove()
        return "published"

    db.session.remove()
    with ThreadPoolExecutor(2) as both:
        said = [each.result() for each in (both.submit(publish, ours, manager), both.submit(publish, theirs, stranger))]
    assert said.count("published") == 1
    assert sum("Another scheme publishes" in each for each in said) == 1
    assert len(db.session.scalars(select(FrameworkEdition)).all()) == 1


def test_a_published_draft_changes_no_more_and_cannot_be_put_away(scheme, manager):
    draft_id = started(scheme, manager)
    drafts.publish_draft(draft_id, 1, actor=manager, now=NOON)
    for attempt in (
        lambda: drafts.save_draft(draft_id, "# more\n", 1, actor=manager, now=NOON),
        lambda: drafts.discard_draft(draft_id, actor=manager, now=NOON),
    ):
        with pytest.raises(DraftChanged):
            attempt()
    assert stored(FrameworkDraft, draft_id).source == TEXT


def test_a_discarded_draft_can_be_brought_back_as_it_was(scheme, manager):
    draft_id = started(scheme, manager)
    drafts.discard_draft(draft_id, actor=manager, now=NOON)
    with pytest.raises(DraftChanged, match="Bring it back first"):
        drafts.save_draft(draft_id, "# more\n", 1, actor=manager, now=NOON)
    drafts.restore_draft(draft_id, actor=manager, now=NOON)
    page = draft_page(draft_id, manager, NOON.date())
    assert (page.source, page.line.state) == (TEXT, DraftState.OPEN)


def test_a_copy_is_the_text_of_the_edition_with_the_next_name_above_every_published_one(scheme, manager):
    source = TEXT.replace('edition: "2026"', "edition: '2026'  # each autumn")
    old = published(scheme, manager, source)
    published(scheme, manager, edition_of("2027.9"))
    copy = stored(FrameworkDraft, drafts.copy_edition(old.id, actor=manager, now=NOON))
    assert copy.source == source.replace("'2026'", "'2027.10'")
    assert drafts.publish_draft(copy.id, 1, actor=manager, now=NOON)


def test_retiring_takes_no_new_applications_and_lets_those_begun_go_on(scheme, manager):
    edition = published(scheme, manager)
    provider = make.organisation(facts={"staff": 2})
    lead = make.actor(make.member(provider))
    begun = applications.start_application(provider.id, edition.id, "silver", actor=lead, now=NOON)
    frameworks.retire_edition(edition.id, actor=manager, now=NOON)
    other = make.organisation()
    with pytest.raises(Conflict, match="takes no new applications"):
        applications.start_application(other.id, edition.id, "silver", actor=make.actor(make.member(other)), now=NOON)
    assert stored(Application, begun).status is ApplicationStatus.DRAFT
    frameworks.reopen_edition(edition.id, actor=manager, now=NOON)
    assert (stored(FrameworkEdition, edition.id).open, stored(FrameworkEdition, edition.id).retired_at) == (True, None)
    assert [each.split(":")[0] for each in trail(scheme)][-2:] == ["edition.retired", "edition.reopened"]


def test_publishing_says_first_what_it_will_do(scheme, manager):
    before = published(scheme, manager)
    make.award(make.application(make.organisation(), before, status=ApplicationStatus.AWARDED, submitted_at=NOON))
    make.application(make.organisation(), before, status=ApplicationStatus.IN_ASSESSMENT, submitted_at=NOON)
    make.application(make.organisation(), before)  # still the provider's own
    draft_id = drafts.copy_edition(before.id, actor=manager, now=NOON)
    page = publish_page(draft_id, manager, NOON.date())
    assert (page.refusal, page.criteria, page.levels) == ("", 4, ("Bronze", "Silver"))
    assert [(each.edition, each.applications, each.awards) for each in page.retires] == [("2026", 1, 1)]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ASSESSOR, Role.PANEL_MEMBER])
def test_only_a_manager_of_the_scheme_changes_its_frameworks(scheme, manager, role):
    edition, draft_id = published(scheme, manager), started(scheme, manager, edition_of("2027"))
    someone = make.actor(make.officer(scheme, role))
    stranger = make.actor(make.officer(make.scheme(), Role.MANAGER))
    for actor, refusal in ((someone, NotAllowed), (stranger, NotFound), (NOBODY, NotFound)):
        for attempt in (
            lambda actor=actor: started(scheme, actor),
            lambda actor=actor: drafts.copy_edition(edition.id, actor=actor, now=NOON),
            lambda actor=actor: drafts.save_draft(draft_id, "#", 1, actor=actor, now=NOON),
            lambda actor=actor: drafts.discard_draft(draft_id, actor=actor, now=NOON),
            lambda actor=actor: drafts.publish_draft(draft_id, 1, actor=actor, now=NOON),
            lambda actor=actor: frameworks.retire_edition(edition.id, actor=actor, now=NOON),
            lambda actor=actor: frameworks.reopen_edition(edition.id, actor=actor, now=NOON),
        ):
            with pytest.raises(refusal):
                attempt()
