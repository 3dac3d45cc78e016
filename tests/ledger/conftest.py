"""The bundled ledger, read once."""

from __future__ import annotations

import pytest

from tregua.cli.ledger import declared_ids, ledger_folder
from tregua.ledger import Ledger, load_ledger


@pytest.fixture(scope="session")
def bundled() -> Ledger:
    """The ledger of El Salvador 2012."""
    return load_ledger(ledger_folder("el_salvador_2012"))


@pytest.fixture(scope="session")
def declared() -> dict[str, tuple[str, ...]]:
    """Ids of the model and of the bundled case that links may point to."""
    return declared_ids("el_salvador_2012")
