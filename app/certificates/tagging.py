"""The structure of a PDF for those who listen to it: what is a heading, a paragraph, a list, in which language.

ReportLab draws pages and knows no structure, so the marks go into the page's own stream and the tree beside it. What is
here is enough for reading aloud and for moving from heading to heading; it is not checked against PDF/UA.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObject, PDFPage, PDFString
from reportlab.pdfgen.canvas import Canvas

LISTS = {"LI": "L", "TOCI": "TOC"}
PAGE_KEYS = [*PDFPage.__NoDefault__, "StructParents", "Tabs"]


class Tags:
    """Collects the structure while pages are drawn. Call `page` after each, and `finish` before the file is saved."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas, self._doc = canvas, canvas._doc
        self._root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        self._document = self._element("Document", self._root, "")
        self._open: PDFDictionary | None = None
        self._open_role = ""
        self._marks: list[PDFObject] = []
        self._parents: list[PDFObject] = []
        self._elements: dict[int, PDFDictionary] = {}
        self._tables: dict[int, PDFDictionary] = {}
        self._rows: dict[tuple[int, int], PDFDictionary] = {}

    def _element(self, role: str, parent: PDFDictionary, language: str) -> PDFDictionary:
        element = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName(role), "K": PDFArray([])})
        element["P"] = self._doc.Reference(parent)
        if language:
            element["Lang"] = PDFString(language)
        if parent is not self._root:
            parent["K"].sequence.append(self._doc.Reference(element))
        return element

    @contextmanager
    def marked(self, number: int, role: str, language: str = "", row: tuple[int, int] | None = None) -> Iterator[None]:
        """What is drawn within is the element `number`, which may go on over pages, with that role.

        A cell of a table (TH, TD) names its `row` by the numbers of its table and of its place there.
        """
        element = self._elements.get(number)
        if element is None:
            parent = self._row(*row) if row else self._parent_for(role)
            element = self._elements[number] = self._element(role, parent, language)
            if role == "TH":
                scope = "Row" if row and row[1] else "Column"
                element["A"] = PDFDictionary({"O": PDFName("Table"), "Scope": PDFName(scope)})
        mark = len(self._marks)
        self._marks.append(self._doc.Reference(element))
        piece = {"Type": PDFName("MCR"), "Pg": self._doc.thisPageRef(), "MCID": mark}
        element["K"].sequence.append(PDFDictionary(piece))
        self._canvas._code.append(f"/{role} <</MCID {mark}>> BDC")
        yield
        self._canvas._code.append("EMC")

    def _row(self, table: int, place: int) -> PDFDictionary:
        """The row of a table, opened with its first cell, as the table is."""
        if table not in self._tables:
            self._open, self._open_role = None, ""
            self._tables[table] = self._element("Table", self._document, "")
        if (table, place) not in self._rows:
            self._rows[table, place] = self._element("TR", self._tables[table], "")
        return self._rows[table, place]

    def _parent_for(self, role: str) -> PDFDictionary:
        """The list that a line of a list belongs to, opened where the line before was none."""
        if role not in LISTS:
            self._open, self._open_role = None, ""
            return self._document
        if self._open is None or self._open_role != role:
            self._open, self._open_role = self._element(LISTS[role], self._document, ""), role
        return self._open

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn within is not read out: rules, boxes, running heads."""
        self._canvas._code.append("/Artifact BMC")
        yield
        self._canvas._code.append("EMC")

    def page(self) -> None:
        """The page that was just shown is complete."""
        page = self._doc.Pages.pages[-1]
        page.__NoDefault__ = PAGE_KEYS
        page.StructParents, page.Tabs = len(self._parents), PDFName("S")
        self._parents.append(self._doc.Reference(PDFArray(self._marks)))
        self._marks = []

    def finish(self) -> None:
        numbered = [part for number, marks in enumerate(self._parents) for part in (number, marks)]
        self._root["K"] = PDFArray([self._doc.Reference(self._document)])
        self._root["ParentTree"] = self._doc.Reference(PDFDictionary({"Nums": PDFArray(numbered)}))
        self._root["ParentTreeNextKey"] = len(self._parents)
        catalog = self._doc.Catalog
        catalog.StructTreeRoot = self._root
        catalog.MarkInfo = PDFDictionary({"Marked": "true"})
