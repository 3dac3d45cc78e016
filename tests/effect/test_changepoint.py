"""Change points: published breaks are found, and none where there is none."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tregua.effect.changepoint import find_changes
from tregua.effect.design import CountOver, CountSeries, DesignError
from tregua.series.span import Span

# Volume of the Nile at Aswan, 10^8 cubic metres a year, 1871-1970 (Cobb 1978, Biometrika 65:243-251, table 1)
NILE = """
1120 1160 963 1210 1160 1160 813 1230 1370 1140 995 935 1110 994 1020 960 1180 799 958 1140 1100 1210 1150 1250 1260
1220 1030 1100 774 840 874 694 940 833 701 916 692 1020 1050 969 831 726 456 824 702 1120 1100 832 764 821 768 845 864
862 698 845 744 796 1040 759 781 865 845 944 984 897 822 1010 771 676 649 846 812 742 801 1040 860 874 848 890 744 749
838 1050 918 986 797 923 975 815 1020 906 901 1170 912 746 919 718 714 740
"""


def test_the_nile_falls_after_1898() -> None:
    values = [int(text) for text in NILE.split()]
    series = CountSeries(tuple(CountOver((Span.of_year(1871 + i),), v) for i, v in enumerate(values)))
    found = find_changes(series, 2)
    assert found.number == 1
    assert found.breaks[0].day == date(1899, 1, 1)
    assert date(1896, 1, 1) <= found.breaks[0].lo <= found.breaks[0].hi <= date(1902, 1, 1)
    # means 1097.75 and 849.97 before and after, as published
    assert found.breaks[0].ratio == pytest.approx(849.97 / 1097.75, rel=0.01)


def test_the_library_agrees_on_the_nile() -> None:
    pytest.importorskip("ruptures", reason="the extra effect is not installed")
    values = [int(text) for text in NILE.split()]
    series = CountSeries(tuple(CountOver((Span.of_year(1871 + i),), v) for i, v in enumerate(values)))
    assert find_changes(series, 1).check == (date(1899, 1, 1),)


def test_the_break_of_the_case_is_found_without_being_told(pieces: CountSeries) -> None:
    found = find_changes(pieces, 2)
    assert found.number == 2
    fall, rise = found.breaks
    assert date(2012, 2, 20) <= fall.lo <= date(2012, 3, 20) <= date(2012, 4, 5)
    assert fall.hi <= date(2012, 4, 5)
    assert fall.ratio_hi < 0.6
    assert date(2013, 5, 15) <= rise.day <= date(2013, 7, 31)
    assert found.months is not None
    assert 13 < found.months[0] < 18
    assert found.fall_probability > 0.99


def test_a_break_inside_the_hole_of_a_count_is_told_apart() -> None:
    """Jan + Mar in one count, Feb in another: the spans of the first lie on both sides of the break."""
    spans = [(Span.of_month(2010, 1), Span.of_month(2010, 3)), (Span.of_month(2010, 2),)]
    spans += [(Span.of_month(2010, month),) for month in range(4, 13)]
    rate = {1: 10, 2: 10, 3: 10}
    counts = tuple(CountOver(s, sum(span.days * rate.get(span.start.month, 5) for span in s)) for s in spans)
    found = find_changes(CountSeries(counts), 1)
    assert found.number == 1
    assert abs((max(found.dates, key=lambda pair: pair[1])[0] - date(2010, 4, 1)).days) <= 7
    assert found.breaks[0].ratio_lo < 0.5 < found.breaks[0].ratio_hi


def test_a_steady_rate_has_no_break() -> None:
    rng = np.random.default_rng(3)
    wrong = 0
    for _ in range(20):
        counts = [CountOver((Span.of_month(2008 + m // 12, m % 12 + 1),), int(rng.poisson(300))) for m in range(60)]
        wrong += find_changes(CountSeries(tuple(counts)), 1, draws=200).number > 0
    assert wrong <= 3


def test_probabilities_sum_to_one(pieces: CountSeries) -> None:
    found = find_changes(pieces, 2, sets=2000)
    assert sum(found.probability) == pytest.approx(1.0)
    expected = sum(k * p for k, p in enumerate(found.probability))
    assert sum(mass for _, mass in found.dates) == pytest.approx(expected, abs=1e-3)


def test_few_counts_are_refused() -> None:
    counts = tuple(CountOver((Span.of_year(2000 + i),), 9) for i in range(4))
    with pytest.raises(DesignError, match="too few counts"):
        find_changes(CountSeries(counts))
