"""The clauses of a framework file, from its keys to the domain's, with every mistake in them."""

from typing import Any

from app.domain.clauses import Clauses
from app.frameworks.clauses.findings import read_findings
from app.frameworks.clauses.gates import read_gates
from app.frameworks.clauses.languages import read_languages
from app.frameworks.clauses.publication import read_members, read_publication, read_retention
from app.frameworks.clauses.terms import read_assessment, read_award, read_panel, read_prerequisites
from app.frameworks.header import Names
from app.frameworks.problems import Problems

__all__ = ["read_assessment", "read_award", "read_clauses", "read_panel", "read_prerequisites"]


def read_clauses(header: dict[str, Any], names: Names, problems: Problems) -> Clauses:
    """All clauses; what a file leaves out stands as if no such clause existed."""
    return Clauses(
        gates=read_gates(header["gates"], names, problems) if "gates" in header else (),
        findings=read_findings(header, names, problems),
        members=read_members(header, problems),
        publication=read_publication(header, problems),
        retention=read_retention(header, problems),
        languages=read_languages(header["languages"], problems) if "languages" in header else (),
    )
