"""The register as open data: one description of its columns, and what is said of the files in three standards' words."""

from app.domain.open_data.columns import Column, Kind, Reference, Table, Value
from app.domain.open_data.csvw import csvw_group, csvw_table
from app.domain.open_data.dcat import dcat_catalogue
from app.domain.open_data.licences import ATTRIBUTIONS, LICENCES, Licence
from app.domain.open_data.package import (
    About,
    File,
    data_package,
    files_of,
    table_schema,
)
from app.domain.open_data.tables import FLAT, TABLES, of_codes

__all__ = [
    "ATTRIBUTIONS",
    "FLAT",
    "LICENCES",
    "TABLES",
    "About",
    "Column",
    "File",
    "Kind",
    "Licence",
    "Reference",
    "Table",
    "Value",
    "csvw_group",
    "csvw_table",
    "data_package",
    "dcat_catalogue",
    "files_of",
    "of_codes",
    "table_schema",
]
