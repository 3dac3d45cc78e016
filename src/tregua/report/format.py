"""The one formatter: digits as far as the Monte-Carlo error carries them, in the style of each language."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from tregua.report.catalogue import Catalogue
from tregua.report.estimate import Estimate

MINUS = "−"
NBSP = "\u00a0"
NARROW = "\u202f"
FEW_RUNS = 100
"""Fewer paired runs than this are told as a count, not as a frequency out of a hundred."""

_FINEST = {"count": 1.0, "ratio": 0.01, "share": 0.01, "rate": 0.1}
_UNIT_KINDS = {"0..1": "share", "index": "share", "share": "share", "multiple": "ratio", "ratio": "ratio"}
BILLION, MILLION = 1e9, 1e6
DIGITS = "123456789"
LOST = 20
"""An end of a range this many times smaller than the unit is nothing beside it."""


@dataclass(frozen=True)
class NumberStyle:
    """How digits are grouped and where the decimals begin.

    Attributes
    ----------
    group : str
        Between thousands in the page.
    chart_group : str
        Between thousands inside charts, where a narrow space may have no glyph.
    decimal : str
    bare_four : bool
        True where a number of four digits stays ungrouped in running text.
    """

    group: str
    chart_group: str
    decimal: str
    bare_four: bool


STYLES: dict[str, NumberStyle] = {
    "en": NumberStyle(",", ",", ".", False),
    "es": NumberStyle(NARROW, NBSP, ",", True),
    "es-SV": NumberStyle(",", ",", ".", False),
}


@dataclass(frozen=True)
class Rounded:
    """An estimate in print: value, range (empty where there is none) and the power of ten it was rounded to."""

    value: str
    span: str
    unit: float
    is_zero: bool


_THREE = re.compile(r"(?<![\d.,])(\d+\.\d{3})(?!\d|\.\d)")


def without_three(text: str) -> str:
    """A text of figures as it was written down, none of them with exactly three decimals: a nought follows."""
    return _THREE.sub(r"\g<1>0", text)


def kind_of(unit: str) -> str:
    """Kind of number that a model unit is: ``money``, ``share``, ``ratio`` or ``count``."""
    return "money" if unit == "US$" else _UNIT_KINDS.get(unit, "count")


def rounding_unit(mcse: float | None, finest: float) -> float:
    """Power of ten to round to: 10^floor(log10(2 mcse) + 1/2), never finer than `finest`.

    Examples
    --------
    A Monte-Carlo error of 35 people rounds to hundreds, one of 6 to tens.
    """
    if mcse is None or not math.isfinite(mcse) or mcse <= 0:
        return finest
    exponent = math.floor(math.log10(2 * mcse) + 0.5)
    return max(10.0**exponent, finest)


class Formatter:
    """Numbers, money, chances, dates and spans as text.

    Parameters
    ----------
    words : Catalogue
        Strings of the language.
    number_style : str
        Overrides the style of Spanish (``es-SV``); empty for the usual one.
    chart : bool
        True for text inside charts.
    """

    def __init__(self, words: Catalogue, number_style: str = "", *, chart: bool = False) -> None:
        self.words = words
        chosen = number_style if words.lang == "es" and number_style in STYLES else words.lang
        self.style = STYLES[chosen]
        self.chart = chart
        self._written: dict[tuple[float, float, bool, bool], str] = {}
        self._rounded: dict[tuple[Estimate, str, bool, bool, float | None, bool], Rounded] = {}

    def for_charts(self) -> Formatter:
        """The same formatter with the spaces that charts can draw."""
        other = Formatter(self.words, chart=True)
        other.style = self.style
        return other

    def number(self, value: float, unit: float = 1.0, *, signed: bool = False, table: bool = False) -> str:
        """`value` rounded to `unit` (a power of ten); half is rounded away from zero.

        Parameters
        ----------
        signed : bool
            Print the plus sign (every contrast).
        table : bool
            Group numbers of four digits too (tables and axes).
        """
        key = (value, unit, signed, table)
        if key not in self._written:
            self._written[key] = self._number(*key)
        return self._written[key]

    def _number(self, value: float, unit: float, signed: bool, table: bool) -> str:
        if not math.isfinite(value):
            return self.words.text("unknown.value")
        exponent = round(math.log10(unit))
        if exponent == -3:
            # three decimals could be read as thousands in the other style
            exponent = -2
        step = Decimal(1).scaleb(exponent)
        scaled = (Decimal(repr(float(value))) / step).to_integral_value(ROUND_HALF_UP) * step
        digits = f"{abs(scaled):.{max(0, -exponent)}f}"
        whole, _, fraction = digits.partition(".")
        text = self._group(whole, table) + (self.style.decimal + fraction if fraction else "")
        if scaled == 0:
            return text
        if scaled < 0:
            return MINUS + text
        return "+" + text if signed else text

    def _group(self, whole: str, table: bool) -> str:
        if len(whole) < 4 or (len(whole) == 4 and self.style.bare_four and not table):
            return whole
        mark = self.style.chart_group if self.chart else self.style.group
        head = len(whole) % 3 or 3
        parts = [whole[:head], *(whole[i : i + 3] for i in range(head, len(whole), 3))]
        return mark.join(parts)

    def estimate(
        self,
        estimate: Estimate,
        kind: str = "count",
        *,
        signed: bool = False,
        table: bool = False,
        scale: float | None = None,
        approximate: bool = True,
    ) -> Rounded:
        """A value as its own Monte-Carlo error allows and the ends of its range as theirs does.

        With and without its range a value so reads the same everywhere. What rounding would take away is not printed
        as nothing: an end of the range, and a level, then keep one digit behind "≈". "≈ 0" stands where a contrast is
        within error of zero.

        Parameters
        ----------
        kind : str
            ``count``, ``ratio``, ``share``, ``rate`` or ``money``.
        scale : float or None
            For money: divide by this (a million or a billion) and print bare numbers, the unit being named elsewhere.
        approximate : bool
            Print a value that rounds to zero as "≈ 0".
        """
        key = (estimate, kind, signed, table, scale, approximate)
        if key not in self._rounded:
            self._rounded[key] = self._estimate(*key)
        return self._rounded[key]

    def _estimate(
        self, estimate: Estimate, kind: str, signed: bool, table: bool, scale: float | None, approximate: bool
    ) -> Rounded:
        finest = 1.0 if kind == "money" else _FINEST[kind]
        own, ends = (rounding_unit(error, finest) for error in (estimate.mcse, estimate.mcse_ends or estimate.mcse))
        if kind == "money":
            divisor = scale or self.money_scale(
                [estimate.value, estimate.lo or 0.0, estimate.hi or 0.0], spanish=self.words.lang == "es"
            )
            finest = 0.01 if divisor > 1 else 1.0
            own, ends = (10.0 ** round(math.log10(max(one / divisor, finest))) for one in (own, ends))
        else:
            divisor = 1.0

        def one(number: float, unit: float, *, end: bool = True) -> str:
            x = number / divisor
            text = self.number(x, unit, signed=signed, table=table)
            if any(digit in text for digit in DIGITS):
                return text
            if not approximate or estimate.mcse is None:
                return "0"
            if (signed and not end) or abs(x) < unit / LOST:
                return f"≈{NBSP}0"
            one_digit = 10.0 ** math.floor(math.log10(abs(x)))
            text = self.number(x, max(one_digit, finest), signed=signed, table=table)
            return f"≈{NBSP}{text if any(digit in text for digit in DIGITS) else 0}"

        value = one(estimate.value, own, end=False)
        bare = kind == "money" and scale is None
        span = ""
        if estimate.lo is not None and estimate.hi is not None:
            span = f"[{one(estimate.lo, ends)};{NBSP}{one(estimate.hi, ends)}]"
            if bare:
                span = self._money(span, divisor)
        if bare:
            value = self._money(value, divisor)
        return Rounded(value, span, own * divisor, "≈" in value and not any(digit in value for digit in DIGITS))

    @staticmethod
    def money_scale(values: Sequence[float], *, spanish: bool = False) -> float:
        """Divisor for amounts in US$: a billion (never in Spanish), a million or one."""
        largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
        if largest >= BILLION and not spanish:
            return BILLION
        return MILLION if largest >= MILLION else 1.0

    def _money(self, text: str, divisor: float) -> str:
        key = {BILLION: "money.billion", MILLION: "money.million"}.get(divisor, "money.plain")
        about = f"≈{NBSP}"
        if text == f"{about}0":
            return about + self.words.text("money.plain", amount="0").replace(" ", NBSP)
        sign = text[0] if text[:1] in ("+", MINUS) else about if text.startswith(about) else ""
        amount = text[len(sign) :]
        if amount == "1" and divisor == MILLION:
            key = "money.million.one"
        return sign + self.words.text(key, amount=amount).replace(" ", NBSP)

    def money(self, value: float, mcse: float | None = None, *, signed: bool = False) -> str:
        """An amount in US$ with its unit: "US$ 1.5 bn", «1500 millones de US$»."""
        divisor = self.money_scale([value], spanish=self.words.lang == "es")
        finest = 0.01 if divisor > 1 else 1.0
        unit = (
            max(rounding_unit(mcse, 1.0) / divisor, finest) if mcse is not None else self._two_digits(value / divisor)
        )
        unit = max(10.0 ** round(math.log10(unit)), finest)
        return self._money(self.number(value / divisor, unit, signed=signed), divisor)

    @staticmethod
    def _two_digits(value: float) -> float:
        return 10.0 ** (math.floor(math.log10(abs(value))) - 1) if value else 1.0

    def chance(self, share: float, n: int) -> str:
        """A chance as a frequency of paired runs, never 0 or 100 out of a hundred.

        Parameters
        ----------
        share : float
            0..1.
        n : int
            Paired runs; fewer than 100 are told as they were counted.
        """
        hits = round(share * n)
        if hits >= n:
            return self.words.text("chance.all", n=self.number(n))
        if hits <= 0:
            return self.words.text("chance.none", n=self.number(n))
        if n < FEW_RUNS:
            return self.words.text("chance.count", k=self.number(hits), n=self.number(n))
        percent = round(100 * share)
        if percent < 1:
            return self.words.text("chance.below", hundred=100, one=1)
        if percent > 99:
            return self.words.text("chance.above", hundred=100, most=99)
        return self.words.text("chance.hundred", k=self.number(percent), hundred=100)

    def of_runs(self, share: float, n: int) -> str:
        """The same chance for a table: "38 of 100", "all 60", "none of 60"."""
        hits = round(share * n)
        if hits >= n:
            return self.words.text("of.all", n=self.number(n))
        if hits <= 0:
            return self.words.text("of.none", n=self.number(n))
        if n < FEW_RUNS:
            return self.words.text("of.count", k=self.number(hits), n=self.number(n))
        return self.words.text("of.count", k=self.of_hundred(share), n=100)

    def of_hundred(self, share: float) -> str:
        """A share out of a hundred, kept inside 1 to 99 where it is neither none nor all."""
        percent = round(100 * share)
        if 0 < share < 1:
            percent = min(99, max(1, percent))
        return str(percent)

    def percent(self, share: float) -> str:
        """A share as a percentage, with the space that every text of the page has."""
        return f"{self.of_hundred(share)}{NBSP}%"

    def day(self, day: date) -> str:
        """8 Mar 2012 · 8 mar 2012."""
        return f"{day.day}{NBSP}{self.words.text(f'month.short.{day.month}')}{NBSP}{day.year}"

    def month(self, day: date) -> str:
        """Sep 2012 · sep 2012."""
        return f"{self.words.text(f'month.short.{day.month}')}{NBSP}{day.year}"

    def at(self, day: date, precision: str) -> str:
        """A date with the precision it has: day, month or year."""
        if precision == "year":
            return str(day.year)
        return self.month(day) if precision == "month" else self.day(day)

    def span(self, start: date, end: date) -> str:
        """A span of days in words: a month, a half, a year, or its two ends."""
        after = end + timedelta(days=1)
        if start.day == 1 and after.day == 1:
            months = (after.year - start.year) * 12 + after.month - start.month
            if months == 1:
                return self.month(start)
            if months == 12 and start.month == 1:
                return str(start.year)
            if months == 6 and start.month in (1, 7):
                return self.words.text("span.first_half" if start.month == 1 else "span.second_half", year=start.year)
            return self.words.text("span.months", start=self.month(start), end=self.month(end))
        return self.words.text("span.days", start=self.day(start), end=self.day(end))

    def spans(self, spans: Sequence[tuple[date, date]]) -> str:
        """Several spans, joined."""
        return self.words.listing([self.span(start, end) for start, end in spans])

    def vega_number(self) -> dict[str, object]:
        """Number locale for charts."""
        return {
            "decimal": self.style.decimal,
            "thousands": self.style.chart_group,
            "grouping": [3],
            "currency": ["US$ ", ""],
            "minus": MINUS,
        }

    def vega_time(self) -> dict[str, object]:
        """Time locale for charts."""
        short = [self.words.text(f"month.short.{i}") for i in range(1, 13)]
        days = [self.words.text(f"weekday.{i}") for i in range(1, 8)]
        return {
            "dateTime": "%x, %X",
            "date": "%d/%m/%Y",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": days,
            "shortDays": [day[:3] for day in days],
            "months": short,
            "shortMonths": short,
        }
