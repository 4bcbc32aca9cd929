"""Links behind evidence: looked at politely, dead after two days, flagged everywhere, and never inside our own network."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import select

from app.backends.links import Answer, KnownLinks, WebLinks, is_public
from app.backends.storage import MemoryStorage
from app.domain.evidence import Contents
from app.extensions import db
from app.models import LinkCheck, MailMessage, Notice
from app.queries.to_do.evidence import things
from app.services.evidence import Behind, NewEvidence, add_evidence, add_version
from app.services.link_checks import check_links
from tests import factories as make
from tests.conftest import NOON

TODAY = NOON.date()
GONE = Answer(False, "404 Not Found")
DAY = timedelta(days=1)
REPORT = "https://charity.example.org/report"


@pytest.fixture
def bring(storage, provider, lead):
    """`bring(url)`: a link in the library, behind a criterion where `behind` says so. Returns its id."""

    def add(url: str = REPORT, behind: Behind | None = None) -> int:
        new = NewEvidence("link", f"Report at {url[-12:]}", Contents(url=url))
        common = {"storage": storage, "actor": make.actor(lead), "now": NOON, "today": TODAY}
        return add_evidence(provider.id, new, behind=behind, **common)

    return add


def _told() -> list[str]:
    """What was told, at once or for the day's e-mail."""
    db.session.expire_all()
    return [*db.session.scalars(select(MailMessage.subject)), *db.session.scalars(select(Notice.subject))]


def test_a_link_is_dead_after_two_days_its_people_are_told_once_and_it_may_come_back(bring, provider, lead):
    item_id, links = bring(), KnownLinks({REPORT: GONE})
    assert check_links(NOON, links) == 1
    assert check_links(NOON, links) == 0, "nothing is asked twice on a day"
    assert _told() == [] and things([provider.id], make.actor(lead), TODAY) == []
    assert check_links(NOON + DAY, links) == 1
    assert _told() == ["A link in your evidence leads nowhere"]
    check_links(NOON + 2 * DAY, links)
    assert len(_told()) == 1
    (todo,) = things([provider.id], make.actor(lead), TODAY)
    assert todo.path.endswith(f"/evidence/{item_id}") and todo.when == "The page cannot be reached"
    check_links(NOON + 3 * DAY, KnownLinks())
    assert db.session.scalars(select(LinkCheck.dead_since)).all() == [None]
    assert check_links(NOON + 9 * DAY, links) == 0, "while it answers it is asked once a week"
    assert check_links(NOON + 10 * DAY, links) == 1


def test_an_address_that_stands_in_many_places_is_asked_once_and_no_site_is_pressed(bring, client_for):
    bring()
    other = make.organisation()
    new = NewEvidence("link", "The same", Contents(url=REPORT))
    add_evidence(other.id, new, storage=MemoryStorage(), actor=make.actor(make.member(other)), now=NOON, today=TODAY)
    for number in range(30):
        bring(f"https://one-site.example.org/{number}")
    links = KnownLinks()
    assert check_links(NOON, links) == 21
    assert links.asked.count(REPORT) == 1
    assert check_links(NOON, links) == 10, "the rest has its turn with the next run"


def test_a_dead_link_is_flagged_in_the_library_at_its_criterion_and_before_submitting(bring, browser, draft, provider):
    item_id = bring(behind=Behind(draft.id, "GOV.1.1"))
    for days in range(2):
        check_links(NOON + days * DAY, KnownLinks({REPORT: GONE}))
    library = browser.get(f"/organisations/{provider.id}/evidence?show=dead").text
    assert "Link leads nowhere" in library and "1 piece of evidence found" in library
    assert "404 Not Found" in browser.get(f"/organisations/{provider.id}/evidence/{item_id}").text
    assert "The page cannot be reached" in browser.get(f"/applications/{draft.id}/criteria/GOV.1.1").text
    for page in ("missing", "submit"):
        assert "The page could not be reached" in browser.get(f"/applications/{draft.id}/{page}").text
    browser.post(f"/applications/{draft.id}/criteria/GOV.1.1", data={"point": "2", "reason": "See it.", "version": "0"})
    coverage = browser.get(f"/organisations/{provider.id}/coverage").text
    assert "The page could not be reached" in coverage


def test_a_newer_version_of_a_dead_link_begins_afresh(bring, provider, lead, browser):
    item_id, links = bring(), KnownLinks({REPORT: GONE})
    for days in range(2):
        check_links(NOON + days * DAY, links)
    new = NewEvidence("link", "", Contents(url="https://charity.example.org/reports/2026"))
    common = {"storage": MemoryStorage(), "actor": make.actor(lead), "now": NOON, "today": TODAY}
    add_version(item_id, new, **common)
    assert things([provider.id], make.actor(lead), TODAY) == []
    assert "link leads nowhere" not in browser.get(f"/organisations/{provider.id}/evidence").text
    links.asked.clear()
    check_links(NOON + 2 * DAY, links)
    assert links.asked == ["https://charity.example.org/reports/2026"]


# --- a real server, and the guard ------------------------------------------------------------------------------------


class _Site(BaseHTTPRequestHandler):
    """Says what its path asks it to say."""

    def do_HEAD(self) -> None:
        if self.path == "/no-heads":
            self.send_error(405)
        elif self.path == "/away":
            self._send(302, Location="/here")
        elif self.path == "/round":
            self._send(302, Location="/round")
        elif self.path == "/inside":
            self._send(302, Location="http://169.254.169.254/latest/meta-data/")
        elif self.path.startswith("/gone"):
            self._send(404)
        elif self.path == "/sign-in":
            self._send(403)
        else:
            self._send(200)

    def do_GET(self) -> None:
        if self.path == "/sign-in":
            self._send(403)
        else:
            self._send(200)

    def _send(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/here", Answer(True, "200 OK")),
        ("/no-heads", Answer(True, "200 OK")),
        ("/away", Answer(True, "200 OK")),
        ("/sign-in", Answer(True, "403 Forbidden")),
        ("/gone?for=good and ever", Answer(False, "404 Not Found")),
        ("/round", Answer(False, "It leads from one address to the next without end")),
        ("/inside", Answer(False, "It leads into a private network")),
    ],
)
def test_a_page_is_asked_for_over_the_network_and_followed_within_bounds(site, path, answer):
    links = WebLinks(lambda address: address == "127.0.0.1", frozenset({site, 80}), seconds=5)
    assert links.ask(f"http://127.0.0.1:{site}{path}") == answer


def test_nothing_inside_our_own_network_is_ever_asked(site):
    open_port = frozenset({site})
    for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f000001"):
        answer = WebLinks(ports=open_port).ask(f"http://{host}:{site}/here")
        assert not answer.reached and answer.words in {
            "It leads into a private network",
            "There is no site of that name",
            "It could not be reached",
        }
    assert WebLinks().ask(f"http://127.0.0.1:{site}/here").words == "It leads to an address that is not checked"
    assert WebLinks().ask("file:///etc/passwd").words == "It leads to an address that is not checked"


@pytest.mark.parametrize(
    "address",
    "10.0.0.1 172.16.9.9 192.168.1.1 127.8.8.8 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 ::1 fe80::1 fd00::1 "
    "::ffff:127.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: ff02::1".split(),
)
def test_private_addresses_are_known_in_every_disguise(address):
    assert not is_public(address)


def test_public_addresses_are_asked():
    assert is_public("93.184.215.14") and is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


def test_a_name_with_one_private_address_among_public_ones_is_not_asked(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert WebLinks().ask("http://both.example.org/").words == "It leads into a private network"
