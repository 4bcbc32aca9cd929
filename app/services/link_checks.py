"""Looking whether the pages behind evidence are still there, and telling those whose evidence it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.backends.links import Answer, LinkChecker, WebLinks
from app.domain.links import after_check
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import EvidenceItem, EvidenceVersion, LinkCheck, Organisation
from app.queries.links import DueLink, links_due
from app.services.telling import people_of, tell
from app.services.transactions import transaction

MOST = 500
MOST_OF_ONE_SITE = 20  # the rest of a site waits for the next run, so that nobody is asked many times at once
AT_ONCE = 8


def check_links(now: datetime, checker: LinkChecker, most: int = MOST, *, invented: bool = False) -> int:
    """Ask the addresses whose turn it is, at most `most`, and return how many pages were asked for.

    Each address is asked once however many versions have it: weekly while it answers, daily while it does not. It is dead
    once it failed on two days; its people are then told, once. Running it twice on a day asks for nothing twice. With `invented` only the organisations of a demonstration.
    """
    today = uk_day(now)
    with transaction() as session:
        due = tuple(_not_too_many(links_due(session, today, most, invented=invented)))
    addresses = list(dict.fromkeys(each.url for each in due))
    if not addresses:
        return 0
    with ThreadPoolExecutor(AT_ONCE) as workers:
        answers = dict(zip(addresses, workers.map(checker.ask, addresses), strict=True))
    with transaction() as session:
        died = [each for each in due if _noted(session, each, answers[each.url], now, today)]
        _tell(session, died, now)
    return len(addresses)


def check_links_on_the_web(now: datetime) -> int:
    """The same over the network: the regular work of a day."""
    return check_links(now, WebLinks())


def _not_too_many(due: Iterable[DueLink]) -> Iterator[DueLink]:
    asked: Counter[str] = Counter()
    for each in due:
        site = urlsplit(each.url).netloc.lower()
        asked[site] += 1
        if asked[site] <= MOST_OF_ONE_SITE:
            yield each


def _noted(session: Session, due: DueLink, answer: Answer, now: datetime, today: date) -> bool:
    """Keep what was found. Whether the address is dead from now on."""
    row = session.get(LinkCheck, due.version_id)
    if row is not None and row.next_on > today:
        return False  # another run was quicker
    state = after_check(due.state, answer.reached, today)
    row = row or LinkCheck(version_id=due.version_id)
    row.checked_at, row.next_on, row.answer = now, state.next_on, answer.words
    row.failing_since, row.failed_days, row.dead_since = state.failing_since, state.failed_days, state.dead_since
    session.add(row)
    return state.dead_since is not None and due.state.dead_since is None


def _tell(session: Session, died: list[DueLink], now: datetime) -> None:
    """One message to each organisation with all of its addresses that died."""
    found = session.execute(
        select(Organisation, EvidenceItem.id, EvidenceItem.title, EvidenceVersion.url)
        .join(EvidenceItem, EvidenceItem.organisation_id == Organisation.id)
        .join(EvidenceVersion, EvidenceVersion.item_id == EvidenceItem.id)
        .where(EvidenceVersion.id.in_([each.version_id for each in died]), EvidenceItem.archived_at.is_(None))
        .order_by(EvidenceItem.id)
    )
    of: dict[Organisation, dict[int, tuple[int, str, str]]] = defaultdict(dict)
    for organisation, item_id, title, url in found:
        of[organisation][item_id] = (item_id, title, url)
    for organisation, pieces in of.items():
        tell(
            session,
            people_of(session, organisation.id),
            "evidence_links_dead",
            now,
            topic=Topic.EVIDENCE,
            organisation=organisation.name,
            organisation_id=organisation.id,
            pieces=list(pieces.values()),
        )
