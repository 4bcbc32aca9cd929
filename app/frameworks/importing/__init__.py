"""Frameworks from elsewhere: CISO Assistant libraries and OSCAL catalogs become an edition in our format, with a report."""

from app.frameworks.importing.files import import_framework
from app.frameworks.importing.report import ImportReport, ImportResult, Left

__all__ = ["ImportReport", "ImportResult", "Left", "import_framework"]
