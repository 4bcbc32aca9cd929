"""Every page of every role at the width of a desk and of a phone: axe finds nothing, nothing is wider than the screen.

The pages are read from the product's own map of addresses, so that a new one is looked at from its first day. Scripts
that fail and whatever the content security policy stops fail the test too (`new_page`). The tests are in files of
their own, by who looks, so that several workers share them.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Flask, url_for
from playwright.sync_api import Page
from werkzeug.routing import Rule

from app.domain.access import NOBODY, Action, Actor, Role, may_somewhere
from app.models import FrameworkEdition, User
from tests import factories as make
from tests.browser.checks import problems_of
from tests.browser.conftest import WIDTHS, Site
from tests.client import SECRET
from tests.integration.everything import CODES, Side, argument

NO_PAGES = frozenset(
    {
        "public.healthz",
        "public.readyz",
        "public.robots",
        "public.open_data_file",
        "public.register_suggest",
        "reconciling.reconcile",
        "reconciling.properties",
        "reconciling.suggest_entity",
        "reconciling.suggest_property",
        "reconciling.suggest_type",
        "provider.evidence_file",
        "provider.certificate",
        "scheme.draft_file",
        "reports.version_document",
        "assessor.visit_sheet_state",
        "assessor.follow",  # leads out of the product, to where evidence is a link
    }
)
FOR_PROGRAMS = frozenset({"register_api", "open_referral"})
FLAGSHIP = "community-care-mark"
BESIDE = frozenset({Role.ADVISER, Role.MEMBER})
OFFICE = frozenset({Role.MANAGER, Role.AUDITOR})
NOTHING = "a-token-that-opens-nothing"


def pages(app: Flask, side: Side) -> list[tuple[str, Action]]:
    """The address of every view that answers with a page, and what it takes to be let in."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            view = app.view_functions[rule.endpoint]
            if "GET" in rule.methods and hasattr(view, "__allows__") and not is_no_page(rule):
                values = {name: argument(rule.endpoint, name, side) for name in rule.arguments}
                found.append((url_for(rule.endpoint, **values), view.__allows__))
    return sorted(set(found))


def is_no_page(rule: Rule) -> bool:
    """A file to keep, which its address may tell by its ending; the APIs; what is for programs."""
    is_file = "." in rule.rule.rpartition("/")[2]
    return is_file or rule.endpoint in {*NO_PAGES, "static"} or rule.endpoint.split(".")[0] in FOR_PROGRAMS


def flagship_pages(side: Side) -> list[str]:
    """The shipped framework, whose texts are longer than any made for tests."""
    make.db.session.rollback()  # what was read before the server wrote meanwhile could not be written upon
    edition = make.db.session.query(FrameworkEdition).filter_by(code=FLAGSHIP).one()
    held = side.organisation.id
    draft = make.application(side.organisation, edition, target="gold", started_by=side.people[Role.LEAD])
    first = edition.source.split("criteria:")[1].split("code:")[1].split()[0].strip("},")
    return [
        f"/organisations/{held}/frameworks/{edition.id}",
        f"/applications/{draft.id}",
        f"/applications/{draft.id}/missing",
        f"/applications/{draft.id}/criteria/{first}",
    ]


def pages_beside(side: Side) -> list[str]:
    """What somebody who helps from outside has of their own; the rest are pages of the organisation's own people."""
    criterion = f"/applications/{side.draft.id}/criteria/{CODES[0]}"
    part = f"{criterion}/member/{side.membership.member_id}"
    organisation = f"/organisations/{side.organisation.id}"
    return ["/home", "/helping", organisation, f"/applications/{side.draft.id}", criterion, part, "/register"]


MAIN = re.compile(r"<main.*</main>", re.DOTALL)
READER = re.compile(r"Person \d+|person\d+@example\.org")
_seen: set[str] = set()
"""The contents of pages that this process has looked at at both widths: what two roles read alike is looked at once."""


def looked_at(page: Page, addresses: list[str], status: int = 200) -> list[str]:
    """What is wrong with these pages, which answer with `status`, at both widths.

    The first is always looked at: the frame around the contents is another for each role.
    """
    wrong = []
    for address in addresses:
        answer = page.goto(address)
        if answer is None or answer.status != status:
            wrong.append(f"{address}: {answer.status if answer else 'no answer'}")
            continue
        content = content_of(answer.text())
        if content in _seen and address != addresses[0]:
            continue
        _seen.add(content)
        wrong += problems_at_both_widths(page)
    return wrong


def content_of(html: str) -> str:
    """What is between head and foot of a page, without a form's token and the name of who is signed in."""
    main = MAIN.search(html)
    return READER.sub("somebody", SECRET.sub('value="secret"', main.group() if main else html))


def problems_at_both_widths(page: Page) -> list[str]:
    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        where = urlsplit(page.url).path
        wrong += [f"{where} at {width}: {problem}" for problem in problems_of(page)]
    return wrong


def looked_at_in(role: Role, site: Site, side: Side, page: Page) -> list[str]:
    """What is wrong with the pages that `role` has and that are not public. `page` is that person's."""
    user = side.people[role]
    app = site.instance.app
    addresses = pages_beside(side) if role in BESIDE else own_pages(app, side, make.actor(user), user)
    for owner, parts in own_alone(side).items():
        if role is not owner:
            addresses = [each for each in addresses if not any(part in each for part in parts)]
    if role is Role.LEAD:
        addresses += flagship_pages(side)
    return looked_at(page, addresses)


def own_alone(side: Side) -> dict[Role, tuple[str, ...]]:
    """What belongs to one person, and to nobody else in whatever role: parts of addresses by whose they are."""
    return {
        Role.LEAD: (
            f"/offline/{side.answer_sheet_id}",
            "/passkeys/",
            "/comments/",
            "/lead-requests/",
            f"/keys/{side.key_id}/",
            f"/needs/{side.watched.need_id}/",  # to change or withdraw it; the need itself is everybody's to read
            "/watching/providers/",
            "/watching/searches/",
        ),
        Role.ASSESSOR: (f"/my/interests/{side.interest_id}/",),
        Role.PANEL_MEMBER: ("/reviews/",),
    }


def own_pages(app: Flask, side: Side, actor: Actor, user: User) -> list[str]:
    """The pages that this role has and that are not public. One of the public ones stands for the frame around them."""
    return [
        address
        for address, action in pages(app, side)
        if may_somewhere(actor, action) and not may_somewhere(NOBODY, action) and NOTHING not in address
    ] + ["/register"]
