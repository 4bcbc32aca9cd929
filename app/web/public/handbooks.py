"""A published edition to take away: the handbook as a PDF, the criteria as a spreadsheet. Anyone may ask for them."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from flask import Response, current_app, request, send_file

from app.backends.made import MadeFiles, makers
from app.certificates import handbook as printing
from app.domain.access import Action
from app.edge.session import allow
from app.frameworks.workbooks import MEDIA_TYPE
from app.frameworks.xlsx import workbook
from app.queries.handbooks import Published, published
from app.web.public import bp

HOUR = 3600
APP = Path(__file__).resolve().parents[2]
MADE_BY = (APP / "certificates", APP / "frameworks", APP / "domain")


@bp.get("/standards/<framework>/<edition>/handbook.pdf")
@allow(Action.USE_PUBLIC_SITE)
def handbook_pdf(framework: str, edition: str) -> Response:
    """Everything that a provider will be asked, to print and prepare from."""
    page = published(framework, edition, request.args.get("language", ""))
    facts = printing.HandbookFacts(
        page.framework, page.language, page.sha256, page.scheme.awarding_body, page.scheme.brand["colour"]
    )
    fonts = Path(current_app.config["FONT_DIR"])
    name = f"{page.name}-handbook-{page.language}.pdf"
    return _made(page, name, "application/pdf", lambda: printing.handbook_pdf(facts, fonts))


@bp.get("/standards/<framework>/<edition>/criteria.xlsx")
@allow(Action.USE_PUBLIC_SITE)
def criteria_xlsx(framework: str, edition: str) -> Response:
    """The criteria, scales, levels and rules as a spreadsheet."""
    page = published(framework, edition, request.args.get("language", ""))
    name = f"{page.name}-criteria-{page.language}.xlsx"
    return _made(page, name, MEDIA_TYPE, lambda: workbook(page.framework, page.language, page.sha256))


def _made(page: Published, name: str, media_type: str, make: Callable[[], bytes]) -> Response:
    """The file, made once for each edition, language, scheme's looks and version of the product."""
    looks = (page.scheme.awarding_body, page.scheme.brand["colour"])
    key = "\n".join((name, page.sha256, page.language, *looks, makers(*MADE_BY)))
    data = MadeFiles(Path(current_app.config["INSTANCE_DIR"]) / "made").get(key, make)
    response = send_file(
        BytesIO(data),
        media_type,
        as_attachment=True,
        download_name=name,
        etag=sha256(data).hexdigest()[:32],
        max_age=HOUR,
    )
    response.headers["Cache-Control"] = f"public, max-age={HOUR}"
    return response
