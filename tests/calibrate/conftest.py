"""The bundled case, read once."""

from __future__ import annotations

import pytest

from tregua.case.load import Case, load_case


@pytest.fixture(scope="session")
def case() -> Case:
    return load_case("el_salvador_2012")
