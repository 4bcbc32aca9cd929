"""The data in a provider's page as a crawler of schema.org reads it: extruct, which many of them use."""

from __future__ import annotations

import extruct
import pytest

from app.domain.lifecycle import AwardStatus
from tests import factories as make


@pytest.fixture
def read(client):
    """`read(status)`: the one object of schema.org that a crawler takes from the page of an entry of this status."""

    def crawl(status, kind):
        holder = make.organisation(kind=kind)
        award = make.award(make.application(holder, make.edition()), status=status)
        entry = make.register_entry(award, kind=kind, name="Café “Cŵl” & <Friends>", services=["befriending"])
        page = client.get(f"/register/{entry.slug}")
        found = extruct.extract(page.text, base_url=f"http://localhost/register/{entry.slug}", errors="strict")
        assert found["microdata"] == []
        (data,) = found["json-ld"]
        return data

    return crawl


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (AwardStatus.AWARDED, "https://schema.org/CertificationActive"),
        (AwardStatus.SUSPENDED, "https://schema.org/CertificationInactive"),
    ],
)
@pytest.mark.parametrize(("kind", "type_"), [("registered-charity", "NGO"), ("company", "Organization")])
def test_a_crawler_reads_who_it_is_and_whether_the_award_stands(read, status, said, kind, type_):
    data = read(status, kind)
    assert (data["@context"], data["@type"], data["name"]) == ("https://schema.org", type_, "Café “Cŵl” & <Friends>")
    award = data["hasCertification"]
    assert (award["@type"], award["certificationStatus"]) == ("Certification", said)
    assert award["issuedBy"]["@type"] == "Organization" and award["issuedBy"]["name"]
    assert award["validFrom"] < award["expires"]
    assert [each["itemOffered"]["@type"] for each in data["makesOffer"]] == ["Service"]
