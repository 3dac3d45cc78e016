"""Engines, the bundled case and a few histories that many tests read: made once a session, never changed."""

from __future__ import annotations

import pytest

from tregua.case.load import Case, load_case
from tregua.model.compiled import Engine, engine
from tregua.model.simulate import Simulator


@pytest.fixture(scope="session")
def case() -> Case:
    return load_case("el_salvador_2012")


@pytest.fixture(scope="session")
def stochastic() -> Engine:
    return engine()


@pytest.fixture(scope="session")
def mean_field() -> Engine:
    return engine(mean_field=True)


@pytest.fixture(scope="session")
def plain() -> Engine:
    return engine(compiled=False)


@pytest.fixture(scope="session")
def simulator(case: Case, stochastic: Engine) -> Simulator:
    """The bundled case, by chance."""
    return Simulator(case.world, setup_seed=1, kernel=stochastic)


@pytest.fixture(scope="session")
def mean_simulator(case: Case, mean_field: Engine) -> Simulator:
    """The bundled case, in mean-field."""
    return Simulator(case.world, setup_seed=1, kernel=mean_field)
