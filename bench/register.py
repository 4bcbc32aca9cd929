"""`python -m bench.register [--providers N]`: the register as its users ask it, beside Datasette and a bare Flask view.

The same queries on the same entries, asked in turns in one run, with equal counts checked: a page of 20 as JSON with two
facets counted over the whole result. Then throughput, single providers, pages, memory, and how fresh a search is.
At the end the engine alone beside FTS5 and tantivy (bench/in_process.py), which fails where a query takes longer than FTS5.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, sleep
from urllib.parse import urlencode

from app.backends.search_words import stems_of
from bench.__main__ import say
from bench.load import Load, load
from bench.rival import datasette, export
from bench.running import Browser, Product, Running, bare_view, fill_register
from config import ROOT, load_settings

TEXTS = (
    "ukulele", "allotments", "library", "epilepsy", "harbour", "orchard project", "village hall", "hepatitis needles",
    "legacy", "Margaret", "Thornton", "parking behind the museum", "Piran", "Kendal", "trained checked", "puppetry",
)  # fmt: skip
"""Words that stand for nothing else: a synonym would find more here than there, and the counts would differ."""
FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"level": "gold"},
    {"status": "awarded"},
    {"size": "medium"},
    {"level": "silver", "size": "small"},
    {"status": "suspended"},
    {"size": "micro", "status": "conditional"},
    {"level": "bronze", "status": "expired"},
)
COUNTED = ("level", "scheme")
NARROWED: tuple[dict[str, str], ...] = (
    {"level": "gold"},
    {"level": "silver"},
    {"level": "bronze"},
    {"size": "small"},
    {"size": "micro"},
    {"status": "awarded"},
)
COMBINED: tuple[dict[str, str], ...] = tuple(
    {"level": level, "size": size, "status": status}
    for level in ("gold", "silver", "bronze")
    for size in ("micro", "small", "medium")
    for status in ("awarded", "conditional", "suspended", "expired")
)
"""What nobody has asked before in a run: the words narrowed, and filters combined."""
IN_PROCESS = 100_000  # providers up to which the engine is also measured in process: the rivals there hold every text
SECONDS = 6  # of each throughput
WORD = "quokkasanctuary"  # stands nowhere until it is written


class Question:
    """One query in both languages."""

    def __init__(self, words: str, filters: dict[str, str]) -> None:
        asked = {**filters, "facets": ",".join(COUNTED), "ended": "yes", **({"q": words} if words else {})}
        self.ours = f"/api/v1/register?{urlencode(asked)}"
        self.page = f"/register?{urlencode({**filters, 'ended': 'yes', 'q': words})}"
        plain = [*filters.items(), *(("_facet", each) for each in COUNTED)]
        plain += [("_size", "20"), ("_shape", "objects"), *([("_search", " ".join(stems_of(words)))] if words else [])]
        self.theirs = f"/register/provider.json?{urlencode(plain)}"
        self.name = " ".join(filter(None, (words, json.dumps(filters) if filters or not words else "")))


def total_of(answer: str) -> tuple[int, dict[str, dict[str, int]]]:
    """How many were found and the facets' counts, of either's JSON."""
    told = json.loads(answer)
    if "facet_results" in told:
        facets = {
            each["name"]: {str(result["value"]): result["count"] for result in each["results"]}
            for each in told["facet_results"].values()
        }
        return told["filtered_table_rows_count"], facets
    facets = {name: {each["code"]: each["count"] for each in told["facets"][name]} for name in COUNTED}
    return told["total"], facets


def check_one(question: Question, mine: str, other: str) -> None:
    """Raises RuntimeError where a total or a facet's counts differ. Of a chosen facet the product tells the others too."""
    (total, facets), (their_total, their_facets) = total_of(mine), total_of(other)
    if total != their_total:
        raise RuntimeError(f"{question.name}: we find {total}, Datasette {their_total}")
    for facet in COUNTED:
        counted = {code: count for code, count in facets[facet].items() if count}
        if f"{facet}=" not in question.ours and counted != their_facets[facet]:
            raise RuntimeError(f"{question.name}: {facet} is {counted} here and {their_facets[facet]} there")


def check_equal(ours: Browser, theirs: Browser, questions: list[Question]) -> None:
    for each in questions:
        check_one(each, ours.get(each.ours), theirs.get(each.theirs))


def timed(browser: Browser, path: str) -> float:
    start = perf_counter()
    browser.get(path)
    return (perf_counter() - start) * 1000


def compare(kind: str, questions: list[Question], ours: Browser, theirs: Browser, rounds: int) -> None:
    """Every question in turns, first here, then there; the medians of the rounds, summed over the questions."""
    mine: dict[str, list[float]] = {each.name: [] for each in questions}
    other: dict[str, list[float]] = {each.name: [] for each in questions}
    for _ in range(rounds):
        for each in questions:
            mine[each.name] += [timed(ours, each.ours) for _ in range(5)]
            other[each.name].append(timed(theirs, each.theirs))
    medians = {name: statistics.median(times) for name, times in mine.items()}
    total, datasettes = sum(medians.values()), sum(map(statistics.median, other.values()))
    slowest = max(medians, key=lambda name: medians[name])
    say(
        f"search asked again, {kind}",
        queries=len(questions),
        mean_ms=round(total / len(questions), 2),
        datasette_mean_ms=round(datasettes / len(questions), 2),
        times_faster=round(datasettes / total, 1),
        slowest_ms=round(medians[slowest], 2),
        slowest=slowest,
        slowest_to_median=round(medians[slowest] / statistics.median(medians.values()), 2),
    )


def compare_first(kind: str, questions: list[Question], ours: Browser, theirs: Browser) -> None:
    """Every question once, so that no answer was kept, here and there in turns; with equal counts checked after each."""
    mine: list[float] = []
    other: list[float] = []
    for each in questions:
        start = perf_counter()
        answer = ours.get(each.ours)
        between = perf_counter()
        there = theirs.get(each.theirs)
        other.append((perf_counter() - between) * 1000)
        mine.append((between - start) * 1000)
        check_one(each, answer, there)
    slowest = max(range(len(mine)), key=mine.__getitem__)
    say(
        f"search asked for the first time, {kind}",
        queries=len(questions),
        mean_ms=round(statistics.mean(mine), 2),
        datasette_mean_ms=round(statistics.mean(other), 2),
        times_faster=round(sum(other) / sum(mine), 1),
        median_ms=round(statistics.median(mine), 2),
        nine_in_ten_ms=round(statistics.quantiles(mine, n=10)[-1], 2),
        slowest_ms=round(mine[slowest], 2),
        slowest=questions[slowest].name,
    )


def throughput(name: str, port: int, paths: list[str], hello: float | None = None) -> Load:
    found = load(port, paths, SECONDS)
    share = {"share_of_hello": round(found.rate / hello, 3)} if hello else {}
    say(
        f"throughput, {name}",
        per_second=round(found.rate, 1),
        p50_ms=round(found.median_ms, 2),
        p99_ms=round(found.p99_ms, 2),
        errors=found.errors,
        by=found.by,
        **share,
    )
    return found


def throughputs(product: Product, bare: Running, rival: Running, questions: list[Question], slug: str) -> None:
    hello = throughput("bare hello", bare.port, ["/"]).rate
    throughput("search with two facets, JSON", product.port, [each.ours for each in questions], hello)
    throughput("search, HTML page", product.port, [each.page for each in questions], hello)
    throughput("provider, JSON", product.port, [f"/api/v1/register/{slug}"], hello)
    throughput("provider, HTML page", product.port, [f"/register/{slug}"], hello)
    throughput("Datasette's record, JSON", rival.port, [f"/register/provider.json?slug={slug}"], hello)
    throughput("Datasette's search with two facets", rival.port, [each.theirs for each in questions], hello)


def single(name: str, browser: Browser, path: str, count: int = 60) -> float:
    times = [timed(browser, path) for _ in range(count)]
    median = statistics.median(times)
    say(name, median_ms=round(median, 2), kilobytes=round(len(browser.get(path).encode()) / 1000, 1))
    return median


def freshness(instance: Path, product: Product) -> None:
    """A provider changes its words in a process of its own: how long until every connection finds them."""
    from app import create_app
    from app.extensions import db
    from app.models import Organisation, RegisterEntry
    from app.services.register import republish_details
    from app.services.transactions import transaction

    path = f"/api/v1/register?facets=none&ended=yes&q={WORD}"
    browsers = [Browser(product.port) for _ in range(12)]
    if total_of_words(browsers[0], path):
        raise RuntimeError(f"{WORD} is found before it was written.")
    app = create_app(load_settings({"INSTANCE_DIR": str(instance), "ENV": "demo"}))
    with app.app_context():
        with transaction() as session:
            organisation = session.get_one(
                Organisation, session.scalars(db.select(RegisterEntry.organisation_id)).first()
            )
            number, before = organisation.id, organisation.description
            organisation.description = f"{before} {WORD}"
            republish_details(session, organisation, datetime.now(UTC))
        start = perf_counter()
        finding = [wait_for(browser, path, start) for browser in browsers]
        with transaction() as session:
            organisation = session.get_one(Organisation, number)
            organisation.description = before
            republish_details(session, organisation, datetime.now(UTC))
    say(
        "a change is found",
        first_ms=round(finding[0], 1),
        on_every_connection_ms=round(max(finding), 1),
        connections=12,
    )


def total_of_words(browser: Browser, path: str) -> int:
    return int(json.loads(browser.get(path))["total"])


def wait_for(browser: Browser, path: str, start: float) -> float:
    while not total_of_words(browser, path):
        if perf_counter() - start > 30:
            raise RuntimeError("A change was not found within 30 seconds.")
        sleep(0.002)
    return (perf_counter() - start) * 1000


def prepared(instance: Path, providers: int, file: Path) -> None:
    """An installation with its demonstration and that many providers, and the file for Datasette, unless they are there."""
    if not (instance / "demo.done").exists():
        with Product(instance) as cold:
            say("first page, cold (migrate, places, standards, demonstration)", seconds=round(cold.seconds, 2))
    made = instance / "register.done"
    if not made.exists():
        start = perf_counter()
        fill_register(instance, providers)
        made.write_text(str(providers))
        say(f"made {providers:,} providers", seconds=round(perf_counter() - start, 1))
    if not file.exists():
        from app import create_app

        app = create_app(load_settings({"INSTANCE_DIR": str(instance), "ENV": "demo"}))
        with app.app_context():
            say("exported for Datasette", entries=export(file, datetime.now(UTC).date()))


def measure(instance: Path, providers: int, rounds: int) -> None:
    file = instance / "register.db"
    prepared(instance, providers, file)
    with Product(instance) as first:
        say(
            f"first page, {providers:,} providers, no index on the disk or an older one",
            seconds=round(first.seconds, 2),
        )
    texts = [Question(words, {}) for words in TEXTS]
    filters = [Question("", chosen) for chosen in FILTERS]
    with Product(instance) as product, bare_view() as bare, datasette(file) as rival:
        say(f"first page, {providers:,} providers, index on the disk", seconds=round(product.seconds, 2))
        say("memory of all processes after the start", megabytes=product.memory())
        ours, theirs = Browser(product.port), Browser(rival.port)
        narrowed = [Question(words, chosen) for words in TEXTS for chosen in NARROWED]
        compare_first(f"words, {providers:,}", narrowed, ours, theirs)
        compare_first(f"filters only, {providers:,}", [Question("", each) for each in COMBINED], ours, theirs)
        check_equal(ours, theirs, texts + filters)
        compare(f"words, {providers:,}", texts, ours, theirs, rounds)
        compare(f"filters only, {providers:,}", filters, ours, theirs, rounds)
        slug = json.loads(ours.get(texts[0].ours))["results"][0]["slug"]
        hello = single("bare hello", Browser(bare.port), "/")
        for name, browser, path in (
            ("provider, JSON", ours, f"/api/v1/register/{slug}"),
            ("provider, HTML page", ours, f"/register/{slug}"),
            ("Datasette's record, JSON", theirs, f"/register/provider.json?slug={slug}"),
            ("search, HTML page", ours, texts[2].page),
        ):
            median = single(name, browser, path)
            say(f"{name}, to bare hello", ratio=round(median / hello, 2))
        throughputs(product, bare, rival, texts + filters, slug)
        freshness(instance, product)
        say("memory of all processes after the work", megabytes=product.memory())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--providers", type=int, default=26_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--instance", type=Path, help="a folder to keep, so that the next run need not make the data again"
    )
    asked = parser.parse_args()
    kept = nullcontext(asked.instance) if asked.instance else tempfile.TemporaryDirectory()
    with kept as folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        measure(Path(folder), asked.providers, asked.rounds)
        if asked.providers <= IN_PROCESS:
            sys.exit(subprocess.run([sys.executable, "-m", "bench.in_process", str(folder)]).returncode)


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
