"""For programs that walk the web: what they may read, where everything is, and whom to tell of a weakness."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from flask import Flask, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue

from app.backends.made import MadeFiles
from app.domain.access import Action
from app.domain.errors import NotFound
from app.edge.session import allow, today
from app.queries.open_data import publisher
from app.queries.sitemaps import register_addresses, register_parts, standards_addresses
from app.web.public import bp

SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
SECRETS = frozenset({"token", "secret", "link", "share_code"})
"""Parameters that only whoever was sent the address knows."""
NOT_FOR_CRAWLERS = (
    "/api/",
    "/confirm/",
    "/forgot-password",
    "/healthz",
    "/outbox",
    "/readyz",
    "/sign-in",
    "/sign-out",
    "/sign-up",
)
SECONDS_BETWEEN = 1
CONTACT_HOLDS = timedelta(days=180)
PAGES = (
    "public.register",
    "public.standards",
    "public.open_data",
    "public.market",
    "public.needs",
    "public.statistics",
    "commissioner.home",
    "public.verify",
    "public.complain",
    "public.how_a_case_moves",
    "public.help",
    "public.accessibility",
    "public.privacy",
    "public.seals",
)
Line = tuple[str, datetime | None]


@bp.get("/robots.txt")
@allow(Action.USE_PUBLIC_SITE)
def robots() -> ResponseReturnValue:
    """Entries and standards are for everyone; a search with its choices is one of endless many, so none of these is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed_paths(current_app._get_current_object()))]
    lines += ["Disallow: /*?", f"Crawl-delay: {SECONDS_BETWEEN}", "", f"Sitemap: {_site()}{url_for('.sitemap')}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@lru_cache(maxsize=4)
def closed_paths(app: Flask) -> tuple[str, ...]:
    """The beginnings of addresses that crawlers stay away from, from the product's own map: a new page is never forgotten."""
    open_parts, private, secret = {"static"}, set(), set()
    for rule in app.url_map.iter_rules():
        first = rule.rule.split("/")[1]
        if SECRETS & rule.arguments:
            secret.add(rule.rule.partition("<")[0])
        elif getattr(app.view_functions[rule.endpoint], "__allows__", None) is Action.USE_PUBLIC_SITE:
            open_parts.add(first)
        else:
            private.add(first)
    return tuple(sorted({*NOT_FOR_CRAWLERS, *secret, *(f"/{part}" for part in private - open_parts)}))


@bp.get("/sitemap.xml")
@allow(Action.USE_PUBLIC_SITE)
def sitemap() -> ResponseReturnValue:
    """The index: where the lists of addresses are."""
    lines: list[Line] = [(url_for(".sitemap_of_pages"), None)]
    lines += [(url_for(".sitemap_of_register", part=part.number), part.changed_at) for part in register_parts()]
    return _xml(_document("sitemapindex", "sitemap", lines))


@bp.get("/sitemaps/pages.xml")
@allow(Action.USE_PUBLIC_SITE)
def sitemap_of_pages() -> ResponseReturnValue:
    """Pages that stay, and the standards criterion by criterion."""
    lines: list[Line] = [(url_for(name), None) for name in PAGES if name in current_app.view_functions]
    for each in standards_addresses():
        where = {"framework": each.framework, "edition": each.edition}
        path = url_for(".part", code=each.code, **where) if each.code else url_for(".edition", **where)
        lines.append((path, each.published_at))
    return _xml(_document("urlset", "url", lines))


@bp.get("/sitemaps/register-<int:part>.xml")
@allow(Action.USE_PUBLIC_SITE)
def sitemap_of_register(part: int) -> ResponseReturnValue:
    """Up to 50,000 entries. Made once for each state of its entries and kept packed."""
    found = next((each for each in register_parts() if each.number == part), None)
    if found is None:
        raise NotFound("There is no such list of addresses. The file sitemap.xml names those that there are.")
    kept = MadeFiles(Path(current_app.config["INSTANCE_DIR"]) / "made")
    return _packed_xml(kept.get(f"sitemap {part} {found.state} {_site()}", lambda: _register_part(part)))


def _register_part(part: int) -> bytes:
    stem = url_for(".register").rstrip("/")
    lines = [(f"{stem}/{slug}", changed_at) for slug, changed_at in register_addresses(part)]
    return gzip.compress(_document("urlset", "url", lines), compresslevel=5, mtime=0)


def _document(root: str, each: str, lines: Iterable[Line]) -> bytes:
    site = escape(_site())
    parts = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{SPACE}">\n']
    for path, changed_at in lines:
        changed = f"<lastmod>{changed_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed_at else ""
        parts.append(f"<{each}><loc>{site}{escape(path)}</loc>{changed}</{each}>\n")
    return "".join([*parts, f"</{root}>\n"]).encode()


def _xml(document: bytes) -> Response:
    return _packed_xml(gzip.compress(document, compresslevel=5, mtime=0))


def _packed_xml(packed: bytes) -> Response:
    takes_gzip = "gzip" in request.accept_encodings
    response = Response(packed if takes_gzip else gzip.decompress(packed), mimetype="application/xml")
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.add_etag()
    return response.make_conditional(request)


@bp.get("/.well-known/security.txt")
@allow(Action.USE_PUBLIC_SITE)
def security_txt() -> ResponseReturnValue:
    """RFC 9116. Whom to tell: as the operator said, else the scheme, else by the page for complaints."""
    contact = current_app.config["SECURITY_CONTACT"] or publisher().contact or _site() + url_for(".complain")
    if "@" in contact and ":" not in contact:
        contact = f"mailto:{contact}"
    expires = datetime.combine(today() + CONTACT_HOLDS, time(), UTC)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en, cy",
        f"Canonical: {_site()}{url_for('.security_txt')}",
        "",
    ]
    return Response("\n".join(lines), mimetype="text/plain")


def _site() -> str:
    address: str = current_app.config["BASE_URL"]
    return address
