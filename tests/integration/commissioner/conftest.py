"""Providers on the register to choose from."""

from __future__ import annotations

import pytest

from tests import factories as make


@pytest.fixture
def entry(app):
    """`entry(name=..., award={...}, published={...})`: a provider with an award; `published` is set on its entry."""
    edition = make.edition()

    def add(award=None, published=None, **values):
        holder = make.organisation(**values)
        granted = make.award(make.application(holder, edition), **(award or {}))
        return make.register_entry(granted, **(published or {}))

    return add
