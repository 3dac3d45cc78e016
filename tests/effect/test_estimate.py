"""The effect of a case as tables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

import tregua
from tregua.effect import study
from tregua.effect.changepoint import find_changes

pytest.importorskip("pandas")


@pytest.fixture(scope="module", autouse=True)
def _fewer_sets() -> Iterator[None]:
    """Change points over coarser dates: a third of the time."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(study, "find_changes", partial(find_changes, sets=1500))
        yield


@pytest.fixture(scope="module")
def found() -> Any:
    return tregua.estimate_effect("two_valleys")


def test_an_invented_truce_is_estimated_with_its_checks(found: Any) -> None:
    assert found.has_verdict in (True, False)
    assert found.verdict
    told = found.estimates[found.estimates.status == "ok"].set_index("id")
    assert len(told) >= 2
    assert (told.lo <= told.ratio).all()
    assert (told.ratio <= told.hi).all()
    assert told.ratio.median() < 0.9, "the model made these counts with a truce that cut them by about a third"
    assert len(found.checks) > 3
    assert found.results.digest == tregua.load_case("two_valleys").digest


def test_the_same_seed_gives_the_same_digits(found: Any) -> None:
    assert tregua.estimate_effect("two_valleys").estimates.equals(found.estimates)
