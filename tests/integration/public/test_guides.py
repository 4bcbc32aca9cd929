"""The guides as pages: whole, with links that lead somewhere."""

from __future__ import annotations

import re

import pytest

from app.web.public.guides import GUIDES


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_is_a_page_whose_links_lead_to_headings_that_exist(client, name):
    page = client.get(f"/guides/{name}")
    assert page.status_code == 200
    headings = set(re.findall(r'<h\d id="([^"]+)"', page.text))
    assert len(headings) > 2
    assert set(re.findall(r'href="#([^"]+)"', page.text)) - {"main", "main-content"} <= headings
    for other, anchor in re.findall(r'href="/guides/([a-z-]+)#([^"]+)"', page.text):
        assert f'id="{anchor}"' in client.get(f"/guides/{other}").text
    assert ".md" not in re.sub(r"<code>.*?</code>", "", page.text, flags=re.DOTALL)


def test_an_unknown_guide_is_not_found(client):
    assert client.get("/guides/secrets").status_code == 404
