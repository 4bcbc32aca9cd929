"""A scheme's own list of approved providers, and the steps that bring it in: for tests of the register."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from app.backends.storage import MemoryStorage
from app.domain.access import Role
from app.domain.lifecycle.list_import import ImportState
from app.domain.list_import import Outcome
from app.domain.places import Place
from app.extensions import db
from app.models import FrameworkEdition, RegisterImport, RegisterImportRow, User
from app.services import register_imports
from app.services.import_work import Tools, work_on_lists
from app.services.register_imports import Asked
from tests import factories as make
from tests.conftest import NOON

BASIS = "Decided by the board of the scheme in 2025."
HEADER = "Provider name,Charity number,Postcode,Level,Granted on,Expires on,Services,Council area\n"


class FewPlaces:
    """Three postcodes, as the national list has them."""

    KNOWN = {
        "LA1 4AB": Place("LA1 4AB", 347_700, 461_800, "E07000121"),
        "CF10 1EP": Place("CF10 1EP", 318_400, 176_500, "W06000015"),
    }

    def find(self, postcode: str) -> Place | None:
        return self.KNOWN.get(postcode)

    def locate(self, text: str) -> Place:
        found = self.KNOWN.get(text)
        if found is None:
            from app.domain.errors import Invalid

            raise Invalid({"near": f"We do not know {text}."})
        return found


@dataclass
class Bringing:
    """A scheme with two managers and what it takes to bring a list in."""

    edition: FrameworkEdition
    first: User
    second: User
    tools: Tools

    def begin(self, text: str | bytes, name: str = "approved.csv", **asked: object) -> int:
        """Have the first manager choose a file, and the worker read it."""
        data = text.encode() if isinstance(text, str) else text
        key = self.tools.storage.put(BytesIO(data)).key
        terms = Asked(**{"edition_id": self.edition.id, "basis": BASIS, **asked})
        import_id = register_imports.start_import(
            self.edition.scheme.code, name, key, terms, actor=make.actor(self.first), now=NOON, today=NOON.date()
        )
        self.work()
        return import_id

    def work(self) -> None:
        """Let the worker do all that is to be done."""
        while work_on_lists(self.tools, NOON):
            pass

    def confirm(self, import_id: int) -> None:
        """Have the second manager confirm it, and the worker bring it in."""
        register_imports.confirm_import(
            import_id, self.listed(import_id).version, actor=make.actor(self.second), now=NOON
        )
        self.work()

    def listed(self, import_id: int) -> RegisterImport:
        db.session.rollback()
        return db.session.get_one(RegisterImport, import_id)

    def rows(self, import_id: int) -> list[RegisterImportRow]:
        db.session.rollback()
        return db.session.query(RegisterImportRow).filter_by(import_id=import_id).order_by("id").all()


def bringing() -> Bringing:
    edition = make.edition()
    managers = [make.officer(edition.scheme, Role.MANAGER) for _ in range(2)]
    return Bringing(edition, *managers, Tools(MemoryStorage(), FewPlaces()))


def list_of(edition: FrameworkEdition, manager: User) -> tuple[int, int]:
    """The ids of a list that waits to be looked at, and of its one row, which a person has to decide on."""
    listed = make.save(
        RegisterImport(
            scheme_id=edition.scheme_id,
            edition_id=edition.id,
            file_name="approved.csv",
            file_key="0" * 64,
            kind="csv",
            headers=["Name", "Level"],
            basis=BASIS,
            mapping={"name": "Name", "level": "Level"},
            state=ImportState.READY,
            state_at=NOON,
            started_at=NOON,
            started_by_id=manager.id,
            total=1,
        )
    )
    row = make.save(
        RegisterImportRow(
            import_id=listed.id,
            line=2,
            cells={"Name": "Bay Friends", "Level": "Silver"},
            read={"name": "Bay Friends", "level": "silver", "services": [], "client_groups": [], "areas": []},
            outcome=Outcome.PERHAPS,
        )
    )
    return listed.id, row.id
