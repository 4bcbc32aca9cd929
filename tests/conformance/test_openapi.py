"""Our descriptions against the validator of OpenAPI, and our server against its descriptions by schemathesis."""

from __future__ import annotations

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

DOCUMENTS = ("/api/v1/openapi.json", "/open-referral/openapi.json")


@pytest.mark.parametrize("address", DOCUMENTS)
def test_a_description_is_valid_openapi(client, address):
    document = client.get(address).json
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert document["paths"]
