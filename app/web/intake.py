"""What comes in, before anything reads it: signs that no text can hold are left out, and no id is beyond its column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter
from werkzeug.utils import cached_property

LARGEST_ID = 2**31 - 1
# Control characters but tab and line ends, and code points that are no characters at all. PostgreSQL refuses the zero
# byte, XML, PDF and HTML the others; nobody types them, they come with what is pasted.
NOT_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


class RowId(IntegerConverter):
    """`<int:...>` in an address: a whole number that an id column can hold. Anything else is an address of nothing."""

    def __init__(self, url_map: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(url_map, *args, **{"max": LARGEST_ID, **kwargs})


class CleanRequest(Request):
    """A request whose fields and parameters hold nothing but text. `left_out` says that parameters held something else."""

    left_out = False

    @cached_property
    def args(self) -> MultiDict[str, str]:
        sent = list(super().args.items(multi=True))
        kept = _clean(sent)
        self.left_out = kept != sent
        return ImmutableMultiDict(kept)

    def _load_form_data(self) -> None:
        known = "form" in self.__dict__
        super()._load_form_data()
        if not known:
            self.__dict__["form"] = ImmutableMultiDict(_clean(self.form.items(multi=True)))


def init_app(app: Flask) -> None:
    """Call before any route is made."""
    app.request_class = CleanRequest
    app.url_map.converters["int"] = RowId
    app.before_request(refuse_broken_address)


def refuse_broken_address() -> None:
    if NOT_TEXT.search(request.path):
        abort(404)


def row_id(text: str) -> int:
    """For `args.get(name, type=row_id)`: an id in a query. Raises ValueError for what no id column can hold."""
    number = int(text)
    if not 0 <= number <= LARGEST_ID:
        raise ValueError(f"{text} is no id")
    return number


def _clean(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(NOT_TEXT.sub("", name), NOT_TEXT.sub("", value)) for name, value in pairs]
