"""A file from elsewhere, whatever it is: its text, its data, and which format that is. What is no framework is refused with why."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain.errors import Invalid
from app.frameworks import positions
from app.frameworks.fields import CODE
from app.frameworks.importing.ciso_assistant import is_library, read_library
from app.frameworks.importing.document import Foreign, imported
from app.frameworks.importing.oscal import OTHER_DOCUMENTS, read_catalog
from app.frameworks.importing.report import ImportResult
from app.frameworks.problems import Problems

LARGEST = 2 * positions.MOST_BYTES
"""In bytes. JSON says the same in more signs than our format does; YAML is held to what our own files may be."""
READ = "What can be brought over is a CISO Assistant library (YAML) or an OSCAL catalog (JSON or YAML)."
SIGNATURES = {
    b"PK\x03\x04": "This is a spreadsheet, a Word document or a zip file",
    b"%PDF": "This is a PDF",
    b"\xd0\xcf\x11\xe0": "This is an old Office file",
    b"\x89PNG": "This is a picture",
    b"\xff\xd8\xff": "This is a picture",
    b"\x1f\x8b": "This is a compressed file",
}


def import_framework(data: bytes, file: str, *, framework: str = "", edition: str = "") -> ImportResult:
    """The framework in a file of another format. `framework` and `edition` replace the codes that it would be given.

    Raises Invalid with the reason where the file is none that can be brought over.
    """
    foreign = _foreign(_data(_text(data), file))
    for field, code in (("framework", framework), ("edition", edition)):
        if code and not CODE.fullmatch(code):
            message = f"{code} is no code: use 1 to 40 letters, digits, . - or _, and start with a letter or digit."
            raise Invalid({field: message})
    changed = replace(foreign, code=framework or foreign.code, edition=edition or foreign.edition)
    return imported(changed, file)


def refusal(why: str) -> Invalid:
    return Invalid({"file": why})


def _text(data: bytes) -> str:
    if not data.strip():
        raise refusal("The file is empty.")
    if len(data) > LARGEST:
        raise refusal(f"The file is over {LARGEST // 1_000_000} MB, which no framework needs.")
    for start, what in SIGNATURES.items():
        if data.startswith(start):
            raise refusal(f"{what}. {READ}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refusal("This is not UTF-8 text. Save the file with the encoding UTF-8, then try again.") from None
    if "\x00" in text:
        raise refusal(f"This is not text. {READ}")
    if text.lstrip().startswith("<"):
        raise refusal("This is XML or a web page. OSCAL can be brought over as JSON or YAML.")
    return text


def _data(text: str, file: str) -> Any:
    """What the text says, with every number and every yes or no as text. What begins as JSON may still be YAML."""
    fault = ""
    if text.lstrip()[0] in "{[":
        try:
            return _as_text(json.loads(text, parse_int=str, parse_float=str, parse_constant=str), 0)
        except json.JSONDecodeError as error:
            fault = f"line {error.lineno}, column {error.colno}: this is not valid JSON from here on"
        except RecursionError:
            raise _too_deep() from None
    problems = Problems(file)
    data = positions.load(text, problems)
    if problems.found:
        first = problems.in_order()[0]
        raise refusal(f"The file cannot be read: {fault or f'line {first.line}, {first.message}'}.")
    return data


def _too_deep() -> Invalid:
    return refusal(f"The file nests deeper than {positions.MOST_DEPTH} levels, which no framework needs.")


def _as_text(value: Any, depth: int) -> Any:
    if depth > positions.MOST_DEPTH:
        raise _too_deep()
    if isinstance(value, dict):
        return {key: _as_text(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_text(inner, depth + 1) for inner in value]
    return ("true" if value else "false") if isinstance(value, bool) else value


def _foreign(data: Any) -> Foreign:
    if is_library(data):
        return read_library(data)
    if not isinstance(data, Mapping):
        raise refusal(f"This file holds no keys and values. {READ}")
    if isinstance(data.get("catalog"), dict):
        return read_catalog(data["catalog"])
    if "profile" in data:
        raise refusal(
            "This is an OSCAL profile, which only points to a catalog. Resolve it first, then bring over the catalog."
        )
    other = next((what for key, what in OTHER_DOCUMENTS.items() if key in data), None)
    if other:
        raise refusal(f"This is an OSCAL {other}, no catalog. {READ}")
    if "framework" in data and "scales" in data:
        raise refusal("This is a framework in our own format already. Start a draft from it instead.")
    raise refusal(f"This is no framework that is known here. {READ}")
