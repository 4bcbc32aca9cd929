"""The environment of our templates: Flask's, with its globals as a plain dict, and pages without their indentation."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment

INDENTATION = re.compile(r"^[ \t]+(?=\S)", re.MULTILINE)
AS_IT_STANDS = ("<pre", "<textarea")


class Templates(Environment):
    """No template of ours has globals of its own, and jinja's chain of two maps is dear: each include copies it."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        """Pages are sent as their lines are, without what indents them: up to a tenth of a page."""
        source = super().preprocess(source, name, filename)
        if not (name or "").endswith(".html") or any(tag in source for tag in AS_IT_STANDS):
            return source
        return INDENTATION.sub("", source)
