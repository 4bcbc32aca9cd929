"""What a manager fills in about the scheme's frameworks, and the room that a framework's text needs."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, TextAreaField

from app.domain.errors import Invalid
from app.edge.session import me
from app.frameworks.importing.files import SIGNATURES
from app.frameworks.positions import MOST_BYTES
from app.web.intake import LARGEST_ID
from app.web.scheme import bp

ROOM = 4
"""How many times the largest framework's text a form may be and still be answered on its own page."""
TAKES_TEXT = frozenset({"scheme.new_draft"})


@bp.url_value_preprocessor
def _make_room(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Runs before the form is read for its token, which is where a text of some length would be cut off."""
    about_a_draft = endpoint in TAKES_TEXT or "draft_id" in (values or {})
    if request.method == "POST" and about_a_draft and me().signed_in:
        request.max_form_memory_size = request.max_content_length = ROOM * MOST_BYTES


class VersionForm(FlaskForm):
    """The version of the draft that the page shows. What is no version is one that nobody has: 0."""

    version = HiddenField()

    @property
    def shown(self) -> int:
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 and int(text) <= LARGEST_ID else 0


class Instead(StrEnum):
    """What to do with a text where the draft that it was written in changed meanwhile."""

    BACK = "back"
    BESIDE = "beside"


class DraftForm(VersionForm):
    """The text of an edition to be. `instead` is the value of the button, where there is more than one."""

    instead = HiddenField()
    source = TextAreaField(
        "Text of the edition",
        description="Each line has a name, a colon and what it says. What belongs to a line is indented beneath it.",
    )


class PublishForm(VersionForm):
    """That the text as it stands is to be published."""

    keep_open = BooleanField("Let providers still choose the earlier edition")


class ConfirmForm(FlaskForm):
    """A button alone."""


class UploadForm(FlaskForm):
    """A framework's file."""

    file = FileField("Framework file", description="A text file that ends in .yaml. It may still have mistakes.")

    def text(self) -> str:
        """What the file says. Raises Invalid where it cannot be read as text, or is too much of it."""
        sent = self.file.data
        if not getattr(sent, "filename", ""):
            raise Invalid({"file": "Choose the framework's file."})
        with sent.stream as stream:
            data: bytes = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Invalid({"file": f"This file is over {MOST_BYTES / 1_000_000:g} MB, which no framework needs."})
        if not data.strip():
            raise Invalid({"file": "This file is empty."})
        for start, what in SIGNATURES.items():
            if data.startswith(start):
                raise Invalid({"file": f"{what}. Choose the framework’s text file, which ends in .yaml."})
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            sentence = "This file is not UTF-8 text. Save it with the encoding UTF-8, then choose it again."
            raise Invalid({"file": sentence}) from None

    @property
    def filename(self) -> str:
        return str(getattr(self.file.data, "filename", "") or "")
