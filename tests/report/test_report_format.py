from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tregua.report.catalogue import Catalogue
from tregua.report.format import MINUS, NARROW, NBSP, Formatter, rounding_unit, without_three
from tregua.report.inputs import Estimate

EN = Formatter(Catalogue("en"))
ES = Formatter(Catalogue("es"))
SV = Formatter(Catalogue("es"), "es-SV")
ALL = (EN, ES, SV)
finite = st.floats(-1e9, 1e9, allow_nan=False, allow_infinity=False)


def back(text: str, fmt: Formatter) -> float:
    """Read a printed number again."""
    plain = text.replace(fmt.style.group, "").replace(fmt.style.chart_group, "").replace(NARROW, "")
    return float(plain.replace(fmt.style.decimal, ".").replace(MINUS, "-"))


@pytest.mark.parametrize(("mcse", "unit"), [(35, 100), (6, 10), (0.2, 1), (None, 1), (0.0, 1), (math.nan, 1)])
def test_the_rounding_unit_follows_the_monte_carlo_error(mcse, unit):
    assert rounding_unit(mcse, 1.0) == unit


def test_the_two_examples_of_the_design_hold():
    assert EN.estimate(Estimate(-5571.4, mcse=35)).value == f"{MINUS}5,600"
    assert EN.estimate(Estimate(-5571.4, mcse=6)).value == f"{MINUS}5,570"


@given(finite, st.floats(1e-6, 1e6))
def test_rounding_moves_a_number_by_at_most_half_its_unit(value, mcse):
    unit = rounding_unit(mcse, 1.0)
    for fmt in ALL:
        assert abs(back(fmt.number(value, unit), fmt) - value) <= unit / 2 * (1 + 1e-9) + 1e-6


@given(finite, st.floats(1e-6, 1e6))
def test_the_unit_lies_between_a_fifth_and_six_times_the_error_and_is_a_power_of_ten(value, mcse):
    unit = rounding_unit(mcse, 1e-9)
    assert math.isclose(math.log10(unit), round(math.log10(unit)), abs_tol=1e-9)
    assert 0.6 * mcse <= unit <= 6.4 * mcse or unit == 1e-9


@given(finite, st.integers(-6, 6))
def test_no_number_has_exactly_three_decimals(value, exponent):
    for fmt in ALL:
        fraction = fmt.number(value, 10.0**exponent).partition(fmt.style.decimal)[2]
        assert fmt.style.decimal != "," or len(fraction) != 3
        assert len(fraction) != 3 or fmt.style.decimal == fmt.style.group


@given(st.floats(-0.49, 0.49, allow_nan=False))
def test_nothing_is_ever_printed_as_minus_zero(value):
    for fmt in ALL:
        assert fmt.number(value) == "0"
        assert fmt.estimate(Estimate(value, mcse=0.3), signed=True).value == f"≈{NBSP}0"


@given(finite, st.floats(0, 1e6), st.floats(0, 1e6), st.floats(1e-3, 1e5), st.floats(1e-3, 1e5))
def test_a_value_is_rounded_by_its_own_error_and_a_range_by_that_of_its_ends(value, below, above, mcse, ends):
    told = EN.estimate(Estimate(value, value - below, value + above, mcse, ends), signed=True)
    assert told.value == EN.estimate(Estimate(value, mcse=mcse), signed=True).value, "with or without its range"
    own, unit = rounding_unit(mcse, 1.0), rounding_unit(ends, 1.0)
    for number, step in ((told.value, own), *((end, unit) for end in told.span.strip("[]").split(f";{NBSP}"))):
        if "≈" not in number:
            read = back(number.lstrip("+"), EN)
            assert math.isclose(read / step, round(read / step), rel_tol=1e-9, abs_tol=1e-6)
            assert number[0] in ("+", MINUS)


def test_one_contrast_reads_the_same_with_and_without_its_range():
    # A median known to 11 US$ m beside ends known to 60: once "+100" on the page and "+60" in the terminal.
    paid = Estimate(62.0, -400.0, 500.0, 11.0, 60.0)
    assert EN.estimate(paid, signed=True).value == EN.estimate(replace(paid, lo=None, hi=None), signed=True).value
    assert (EN.estimate(paid, signed=True).value, EN.estimate(paid, signed=True).span) == (
        "+60", f"[{MINUS}400;{NBSP}+500]",
    )  # fmt: skip


def test_a_range_is_told_with_a_semicolon_in_both_languages():
    row = Estimate(-1234, -2345, 345, mcse=30)
    assert EN.estimate(row, signed=True).span == f"[{MINUS}2,300;{NBSP}+300]"
    assert ES.estimate(row, signed=True).span == f"[{MINUS}2300;{NBSP}+300]"
    assert ES.estimate(row, signed=True, table=True).span == f"[{MINUS}2{NARROW}300;{NBSP}+300]"


def test_each_language_groups_and_points_in_its_own_way():
    assert EN.number(24500) == "24,500"
    assert ES.number(24500) == f"24{NARROW}500"
    assert ES.number(4500) == "4500"
    assert ES.number(4500, table=True) == f"4{NARROW}500"
    assert ES.for_charts().number(24500) == f"24{NBSP}500"
    assert SV.number(24500) == "24,500"
    assert (EN.number(0.55, 0.01), ES.number(0.55, 0.01), SV.number(0.55, 0.01)) == ("0.55", "0,55", "0.55")


def test_a_figure_as_it_was_written_down_never_keeps_three_decimals():
    assert without_three("LogN(0.445, 3.81); 7.125") == "LogN(0.4450, 3.81); 7.1250"
    assert without_three("24,500 and 0.4450, 12.345.678") == "24,500 and 0.4450, 12.345.678"


def test_money_is_told_in_the_words_of_each_language():
    assert EN.money(1.5e9) == f"US${NBSP}1.5{NBSP}bn"
    assert ES.money(1.5e9) == f"1500{NBSP}millones{NBSP}de{NBSP}US$"
    assert ES.estimate(Estimate(1.1e6, mcse=4e5), "money", signed=True).value == f"+1{NBSP}millón{NBSP}de{NBSP}US$"
    assert EN.percent(0.53) == ES.percent(0.53) == f"53{NBSP}%"
    assert EN.estimate(Estimate(7.04e7, mcse=4e6), "money", signed=True).value == f"+US${NBSP}70{NBSP}m"
    assert EN.estimate(Estimate(-7.04e7, mcse=4e6), "money", signed=True, scale=1e6).value == f"{MINUS}70"


@given(st.integers(1, 5000), st.data())
def test_a_chance_is_a_frequency_and_never_none_or_all_unless_counted(n, data):
    hits = data.draw(st.integers(0, n))
    for fmt in ALL:
        told = fmt.chance(hits / n, n)
        if hits == n:
            assert told == fmt.words.text("chance.all", n=fmt.number(n))
        elif hits == 0:
            assert told == fmt.words.text("chance.none", n=fmt.number(n))
        elif n >= 100:
            assert not re.search(r"(^|\D)(0|100) (of|de)\b", told)
        else:
            assert str(hits) in told


@given(st.floats(0.0001, 0.9999))
def test_a_share_out_of_a_hundred_is_neither_none_nor_all(share):
    assert 1 <= int(EN.of_hundred(share)) <= 99


def test_dates_and_spans_read_as_each_language_writes_them():
    assert EN.day(date(2012, 3, 8)) == f"8{NBSP}Mar{NBSP}2012"
    assert ES.day(date(2012, 3, 8)) == f"8{NBSP}mar{NBSP}2012"
    assert EN.span(date(2011, 1, 1), date(2011, 6, 30)) == "first half of 2011"
    assert ES.span(date(2011, 7, 1), date(2011, 12, 31)) == "segundo semestre de 2011"
    assert EN.span(date(2012, 9, 1), date(2012, 9, 30)) == f"Sep{NBSP}2012"
    assert EN.span(date(2012, 1, 1), date(2012, 12, 31)) == "2012"
    assert "to" in EN.span(date(2012, 3, 8), date(2013, 5, 31))
    assert EN.at(date(2012, 9, 1), "month") == f"Sep{NBSP}2012"
    assert EN.at(date(2015, 1, 1), "year") == "2015"


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_a_span_always_names_the_years_it_touches(start, days):
    end = start + timedelta(days=days)
    told = EN.span(start, end)
    assert str(start.year) in told
    assert str(end.year) in told


def test_an_unknown_number_is_told_as_unknown():
    assert EN.number(math.nan) == "unknown"
    assert ES.number(math.inf) == "se desconoce"


def test_what_is_not_zero_is_not_printed_as_zero():
    """A range of few runs keeps the sign of its ends, and money says its unit once."""
    wide = Estimate(492.0, -18_000.0, 96_000.0, 989.0, 40_000.0)
    told = EN.estimate(wide, signed=True, table=True)
    assert (told.value, told.span) == (f"≈{NBSP}0", f"[≈{NBSP}{MINUS}20,000;{NBSP}+100,000]")
    clear = Estimate(4_400.0, -18_000.0, 96_000.0, 300.0, 40_000.0)
    assert EN.estimate(clear, signed=True, table=True).value == "+4,000"
    level = Estimate(4e8, 3e8, 6e8, 5e8)
    assert EN.estimate(level, "money").value == f"≈{NBSP}US${NBSP}400{NBSP}m"
    assert EN.estimate(Estimate(3e5, mcse=4e7), "money", signed=True).value == f"≈{NBSP}US${NBSP}0"
