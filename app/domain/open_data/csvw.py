"""What a CSV file holds, in the words of CSV on the Web (W3C)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.open_data.columns import Column, Kind, Table
from app.domain.open_data.package import About

CONTEXT = ["http://www.w3.org/ns/csvw", {"@language": "en"}]
_TYPES: Mapping[Kind, Any] = {
    Kind.TEXT: "string",
    Kind.LINK: "anyURI",
    Kind.WHOLE: "integer",
    Kind.YES_NO: {"base": "boolean", "format": "true|false"},
    Kind.DAY: {"base": "date", "format": "yyyy-MM-dd"},
    Kind.MOMENT: {"base": "dateTime", "format": "yyyy-MM-ddTHH:mm:ssX"},
}


def csvw_table(table: Table, about: About) -> dict[str, Any]:
    """The metadata that lies beside one CSV file, under its name with `-metadata.json` behind."""
    return {"@context": CONTEXT, **_described(table), **_rights(about)}


def csvw_group(tables: Iterable[Table], about: About) -> dict[str, Any]:
    """The metadata of all tables together, which says how they refer to each other."""
    tables = list(tables)
    there = {table.name for table in tables}
    described = []
    for table in tables:
        one = _described(table)
        keys = [
            {
                "columnReference": each.column,
                "reference": {"resource": f"{each.table}.csv", "columnReference": each.of_column},
            }
            for each in table.refers
            if each.table in there
        ]
        if keys:
            one["tableSchema"]["foreignKeys"] = keys
        described.append(one)
    return {"@context": CONTEXT, "tables": described, **_rights(about)}


def _described(table: Table) -> dict[str, Any]:
    return {
        "url": f"{table.name}.csv",
        "dc:title": table.title,
        "dc:description": table.words,
        "tableSchema": {
            "columns": [_column(column) for column in table.columns],
            "primaryKey": list(table.key) if len(table.key) > 1 else table.key[0],
        },
    }


def _rights(about: About) -> dict[str, Any]:
    return {
        "dc:license": {"@id": about.licence.url},
        "dc:publisher": about.publisher,
        "dc:issued": about.day.isoformat(),
        "dc:source": {"@id": f"{about.base_url}/open-data"},
    }


def _column(column: Column) -> dict[str, Any]:
    kind = _TYPES[column.kind]
    if column.least is not None:
        kind = {"base": kind, "minimum": column.least}
    if column.codes:
        kind = {"base": "string", "format": "|".join(column.codes)}
    if column.pattern:
        kind = {"base": "string", "format": column.pattern.strip("^$")}
    described = {"name": column.name, "titles": column.name, "dc:title": column.title, "dc:description": column.words}
    return {**described, "datatype": kind, "required": True} if column.required else {**described, "datatype": kind}
