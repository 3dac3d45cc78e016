"""Bands of what was simulated, and how many of the counts fall inside what the model expected to be counted.

A run says how many killings would be recorded; a count of them has an error of its own. Coverage therefore asks of the
distribution of the count, runs and error together; a band without the error shows the runs alone. With runs drawn
from priors this is a prior check, with runs drawn from a fit a check of the fit; neither is a test of what was fitted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from tregua.calibrate.history import Histories
from tregua.calibrate.negative_binomial import mean_cdf, mean_quantiles
from tregua.calibrate.quantile import LEVELS
from tregua.errors import UsageError
from tregua.series.observation import Count
from tregua.series.span import Span, next_day

if TYPE_CHECKING:
    from tregua.case.load import Case

Array = np.ndarray[Any, np.dtype[Any]]
Window = Literal["fit", "held_out"]
Dispersion = Mapping[str, Mapping[int, float]]
"""Reading -> draw -> phi, the over-dispersion of counts."""

RECORDED = "homicides_recorded"
WINDOWS: tuple[Window, ...] = ("fit", "held_out")


@dataclass(frozen=True)
class Band:
    """Recorded homicides simulated over one month under one reading: quantiles over runs of the whole month."""

    reading: str
    start: date
    end: date
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float


@dataclass(frozen=True)
class Placement:
    """Where one count lies in what was expected to be counted over the same days.

    Attributes
    ----------
    id : str
        Observation.
    window : {"fit", "held_out"}
    count : int
    below, upto : float
        Probability of fewer, and of at most as many (0..1).
    inside50, inside90 : bool
        Whether it lies in the middle half, and in the middle nine tenths, ends included.
    """

    reading: str
    window: Window
    id: str
    spans: tuple[Span, ...]
    count: int
    below: float
    upto: float

    @property
    def inside50(self) -> bool:
        return self._inside(0.25, 0.75)

    @property
    def inside90(self) -> bool:
        return self._inside(0.05, 0.95)

    @property
    def place(self) -> float:
        """Share of what was expected that lies below the count, ties halved (0..1)."""
        return 0.5 * (self.below + self.upto)

    def _inside(self, low: float, high: float) -> bool:
        # The count is at or above the quantile `low` where P(at most it) reaches it, and at or below the quantile
        # `high` where P(fewer) does not.
        return self.upto >= low and self.below < high


@dataclass(frozen=True)
class Coverage:
    """How many counts of a window lie in the middle half and in the middle nine tenths of what was expected."""

    reading: str
    window: Window
    inside50: int
    inside90: int
    n: int


def months(first: date, last: date) -> Iterator[Span]:
    """The whole calendar months between two days, both counted."""
    year, month = first.year, first.month
    while (span := Span.of_month(year, month)).end <= last:
        if span.start >= first:
            yield span
        after = next_day(span.end)
        year, month = after.year, after.month


def dispersion_of(histories: Histories, phi: Dispersion) -> Array:
    """phi of the draw of every run, shape (runs,).

    Raises
    ------
    UsageError
        A draw whose phi is not given, or is not above 0.
    """
    given = phi.get(histories.reading, {})
    missing = [int(draw) for draw in histories.draws if not given.get(int(draw), 0.0) > 0.0]
    if missing:
        raise UsageError(
            "a draw has no over-dispersion of counts",
            key="phi",
            found=f"reading {histories.reading}, draw {missing[0]}",
            allowed="a number above 0 for every draw",
            mend="give phi of every draw that was run",
        )
    return np.array([given[int(draw)] for draw in histories.draws], float)


def bands(
    histories: Mapping[str, Histories],
    until: date | None = None,
    *,
    phi: Dispersion | None = None,
    outcome: str = RECORDED,
) -> tuple[Band, ...]:
    """Month by month, what was simulated.

    Parameters
    ----------
    histories : mapping
        Reading -> Histories.
    until : date, optional
        Last day drawn; the end of the runs by default.
    phi : mapping, optional
        With it, bands hold the error of counting too; without, runs alone.
    outcome : str
        A flow.

    Returns
    -------
    tuple of Band
        In order of reading and month; counts over the whole month.
    """
    out = []
    for reading, runs in histories.items():
        spans = list(months(runs.start, min(until or runs.end, runs.end)))
        if not spans:
            continue
        totals = np.stack([runs.total(outcome, (span,)) for span in spans], axis=1)
        levels = (
            np.quantile(totals, LEVELS, axis=0)
            if phi is None
            else mean_quantiles(LEVELS, totals, dispersion_of(runs, phi))
        )
        out += [
            Band(reading, span.start, span.end, *map(float, column))
            for span, column in zip(spans, levels.T, strict=True)
        ]
    return tuple(out)


def window_counts(case: Case, window: Window) -> tuple[Count, ...]:
    """Counts of killings of a window: the disjoint pieces that were fitted, or the counts kept for scoring."""
    if window == "fit":
        return case.observations.fit_pieces()
    scored = [o for o in case.observations.scored() if isinstance(o, Count) and o.outcome == RECORDED]
    return tuple(sorted(scored, key=lambda count: count.spans))


def placements(
    case: Case, histories: Mapping[str, Histories], phi: Dispersion, *, window: Window | None = None
) -> tuple[Placement, ...]:
    """Every count of killings, placed in what was expected to be counted.

    Parameters
    ----------
    case : Case
    histories : mapping
        Reading -> Histories.
    phi : mapping
        Reading -> draw -> over-dispersion of counts.
    window : {"fit", "held_out"}, optional
        Both by default. Counts outside the days of the runs are left out.
    """
    out = []
    for reading, runs in histories.items():
        dispersion = dispersion_of(runs, phi)
        for name in (window,) if window else WINDOWS:
            counts = [c for c in window_counts(case, name) if c.start >= runs.start and c.end <= runs.end]  # type: ignore[operator]
            if not counts:
                continue
            means = np.stack([runs.total(RECORDED, count.spans) for count in counts], axis=1)
            below, upto = mean_cdf(np.array([count.count for count in counts]), means, dispersion)
            out += [
                Placement(reading, name, c.id, c.spans, c.count, float(b), float(u))
                for c, b, u in zip(counts, below, upto, strict=True)
            ]
    return tuple(out)


def coverages(case: Case, histories: Mapping[str, Histories], phi: Dispersion) -> tuple[Coverage, ...]:
    """Coverage of each window under each reading; windows without a count are left out.

    Parameters
    ----------
    case, histories, phi
        As in `placements`.
    """
    found: dict[tuple[str, Window], list[Placement]] = {}
    for placed in placements(case, histories, phi):
        found.setdefault((placed.reading, placed.window), []).append(placed)
    return tuple(
        Coverage(reading, window, sum(p.inside50 for p in placed), sum(p.inside90 for p in placed), len(placed))
        for (reading, window), placed in found.items()
    )
