"""Every public page, and what somebody sees who is refused or lost: axe finds nothing, nothing is too wide."""

from __future__ import annotations

from app.domain.access import NOBODY, Role, may_somewhere
from tests.browser.everything import NOTHING, looked_at, pages


def test_everybody_signed_out(site, side, new_page):
    app = site.instance.app
    addresses = [address for address, action in pages(app, side) if may_somewhere(NOBODY, action)]
    addresses += ["/register?q=nothing+like+this", "/register?near=nowhere"]
    wrong = looked_at(new_page(), [address for address in addresses if NOTHING not in address])
    assert not wrong, "\n".join(wrong)


def test_everybody_who_is_refused(side, new_page):
    refusals = [f"/confirm/{NOTHING}", f"/reset-password/{NOTHING}", f"/invitations/{NOTHING}"]
    refusals += [f"/consortia/join/{NOTHING}"]
    refusals += ["/verify/TST-26-00001-XX", "/verify/CCM-26-00042-3W", "/no-such-page"]
    wrong = looked_at(new_page(user=side.people[Role.LEAD]), refusals, status=404)
    wrong += looked_at(new_page(user=side.people[Role.LEAD]), ["/assessments"], status=403)
    assert not wrong, "\n".join(wrong)
