"""A spreadsheet of answers as its person handles it: downloaded, filled in, brought back, applied."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import select

from app.extensions import db
from app.models import Answer


def download(browser, application):
    response = browser.get(f"/applications/{application.id}/answers.xlsx")
    assert response.status_code == 200 and response.headers["Content-Disposition"].startswith("attachment")
    return load_workbook(BytesIO(response.data))


def saved(book) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def fill_in(book, **cells):
    for cell, value in cells.items():
        book["Answers"][cell] = value
    return saved(book)


def bring(browser, application, data: bytes, name="answers.xlsx"):
    return browser.post(f"/applications/{application.id}/offline", data={"file": (BytesIO(data), name)})


def brought(browser, application, data: bytes) -> str:
    response = bring(browser, application, data)
    assert response.status_code == 302, response.text
    return response.location


def token_on(page: str) -> str:
    return page.split('name="token" value="')[1].split('"')[0]


def apply(browser, address, **kept):
    page = browser.get(address).text
    data = {"token": token_on(page), **{f"keep-{code.replace('_', '.')}": value for code, value in kept.items()}}
    return browser.post(address, data=data)


def answer(browser, application, code, point, reason, version=0):
    url = f"/applications/{application.id}/criteria/{code}"
    return browser.post(url, data={"point": str(point), "reason": reason, "version": str(version)})


def answers(application) -> dict[str, tuple]:
    found = db.session.scalars(select(Answer).where(Answer.application_id == application.id))
    return {each.criterion_code: (each.point, each.not_applicable, each.reason, each.version) for each in found}
