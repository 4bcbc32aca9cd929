"""Certificates and the kite-mark. The drawing library is loaded with the first certificate, not with the product."""

from __future__ import annotations

from pathlib import Path

from app.certificates.facts import CertificateFacts
from app.certificates.mark import kite_mark_svg, level_colour

__all__ = ["CertificateFacts", "certificate_pdf", "kite_mark_svg", "level_colour"]


def certificate_pdf(facts: CertificateFacts, font_dir: Path) -> bytes:
    """A certificate as a PDF of one A4 page, landscape. The same facts give the same bytes.

    `font_dir` holds the print fonts that `make assets` puts there. Raises FileNotFoundError where they are missing.
    """
    from app.certificates.page import draw

    return draw(facts, font_dir)
