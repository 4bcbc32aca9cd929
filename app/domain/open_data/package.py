"""What an export holds, as a Frictionless Data Package with a Table Schema for each table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.domain.open_data.columns import Column, Kind, Table
from app.domain.open_data.licences import ATTRIBUTIONS, Licence

_TYPES: Mapping[Kind, Mapping[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.LINK: {"type": "string", "format": "uri"},
    Kind.WHOLE: {"type": "integer"},
    Kind.YES_NO: {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
    Kind.DAY: {"type": "date", "format": "%Y-%m-%d"},
    Kind.MOMENT: {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%SZ"},
}


@dataclass(frozen=True, slots=True)
class File:
    """One file of an export. `rows` is None where it has none of its own; `packed` are the bytes of its twin in gzip, 0 without."""

    name: str
    title: str
    format: str  # csv, jsonl, parquet, sqlite
    media_type: str
    size: int
    sha256: str
    rows: int | None = None
    table: str = ""
    packed: int = 0


@dataclass(frozen=True, slots=True)
class About:
    """What an export as a whole is: of which day, up to which change, by whom, under which licence.

    `revision` and `last_event` are the highest in it; `base_url` is the service's address without a slash at its end.
    """

    day: date
    made_at: datetime
    revision: int
    last_event: int
    publisher: str
    publisher_url: str
    licence: Licence
    base_url: str


def table_schema(table: Table, present: Iterable[str] = ()) -> dict[str, Any]:
    """The Table Schema of a table. Foreign keys are said towards the tables in `present`."""
    there = set(present)
    keys = [
        {"fields": [each.column], "reference": {"resource": each.table, "fields": [each.of_column]}}
        for each in table.refers
        if each.table in there
    ]
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    return {**schema, "foreignKeys": keys} if keys else schema


def _field(column: Column) -> dict[str, Any]:
    limits: dict[str, Any] = {"required": True} if column.required else {}
    if column.unique:
        limits["unique"] = True
    if column.codes:
        limits["enum"] = list(column.codes)
    if column.pattern:
        limits["pattern"] = column.pattern
    if column.least is not None:
        limits["minimum"] = column.least
    field = {"name": column.name, "title": column.title, "description": column.words, **_TYPES[column.kind]}
    return {**field, "constraints": limits} if limits else field


def data_package(about: About, files: Sequence[File], tables: Sequence[Table]) -> dict[str, Any]:
    """The descriptor. The tables' CSV files have a schema; the same in other formats stand beside them as plain files."""
    by_name = {table.name: table for table in tables}
    return {
        "profile": "data-package",
        "name": "register-of-approved-providers",
        "id": f"{about.base_url}/open-data/{about.day.isoformat()}",
        "title": "Register of approved providers",
        "description": "Voluntary organisations in health and social care that an independent scheme has approved.",
        "homepage": f"{about.base_url}/open-data",
        "version": about.day.isoformat(),
        "created": _moment(about.made_at),
        "revision": about.revision,
        "last_event": about.last_event,
        "licenses": [{"name": about.licence.code, "title": about.licence.title, "path": about.licence.url}],
        "sources": [{"title": words, "path": url} for words, url in ATTRIBUTIONS],
        "contributors": [{"title": about.publisher, "role": "publisher", "path": about.publisher_url}],
        "resources": [_resource(file, by_name) for file in files],
    }


def _resource(file: File, tables: Mapping[str, Table]) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "name": file.name.lower().replace(".", "-") if file.format != "csv" else file.name.removesuffix(".csv"),
        "path": file.name,
        "title": file.title,
        "format": file.format,
        "mediatype": file.media_type,
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }
    if file.rows is not None:
        resource["rows" if file.format == "csv" else "row_count"] = file.rows
    if file.packed:
        resource["gzip_bytes"] = file.packed
    if file.format == "csv":
        resource |= {
            "profile": "tabular-data-resource",
            "type": "table",
            "encoding": "utf-8",
            "schema": table_schema(tables[file.table], tables),
        }
    else:
        resource["type"] = "file"  # so that no reader takes it for a table that it should understand itself
    return resource


def files_of(package: Mapping[str, Any]) -> tuple[File, ...]:
    """The files that a descriptor names: the reverse of `data_package`."""
    return tuple(
        File(
            name=each["path"],
            title=each["title"],
            format=each["format"],
            media_type=each["mediatype"],
            size=each["bytes"],
            sha256=each["hash"].removeprefix("sha256:"),
            rows=each.get("rows", each.get("row_count")),
            table=each["path"].partition(".")[0] if each["format"] != "sqlite" else "",
            packed=each.get("gzip_bytes", 0),
        )
        for each in package["resources"]
    )


def _moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")
