"""The product that decides between one rest point and two."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from tregua.calibrate.history import Histories
from tregua.calibrate.rest_points import rest_points


def months(n: int) -> tuple[np.ndarray, np.ndarray]:
    starts, ends, month = [], [], date(2012, 1, 1)
    for _ in range(n):
        after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        starts.append(month.toordinal())
        ends.append((after - timedelta(days=1)).toordinal())
        month = after
    return np.array(starts), np.array(ends)


def histories(obeying: list[float], adhered: float = 0.8, n: int = 24) -> Histories:
    starts, ends = months(n)
    share = np.array(obeying)[:, None] * np.ones((1, n))
    runs = len(obeying)
    return Histories(
        "default",
        np.arange(runs),
        np.zeros(runs, int),
        starts,
        ends,
        {"compliance": adhered * share, "adherence": np.full((runs, n), adhered)},
    )


def test_the_product_is_slope_times_weight_times_the_share_that_would_obey() -> None:
    runs = histories([0.5, 0.5, 0.5, 1.0])
    found = rest_points(runs, dict.fromkeys(range(4), 10.0), dict.fromkeys(range(4), 0.5), date(2012, 3, 8))
    assert found is not None
    assert found.product.q50 == pytest.approx(2.5)
    assert found.share_two == 0.25


def test_runs_that_end_within_the_year_tell_nothing() -> None:
    assert rest_points(histories([0.5], n=6), {0: 8.0}, {0: 0.5}, date(2012, 3, 8)) is None


def test_where_nobody_adheres_there_is_no_share() -> None:
    assert rest_points(histories([0.5], adhered=0.0), {0: 8.0}, {0: 0.5}, date(2012, 3, 8)) is None
