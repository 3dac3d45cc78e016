"""How well each reading expects the counts that were used to fit, and whether the figures can tell readings apart.

The score is the expected log predictive density of the pieces: for each piece, the logarithm of the probability of its
count, averaged over runs before the logarithm is taken; then the sum over pieces. Chance and parameters are thus
integrated out piece by piece. It is taken on the very counts that were fitted, so it measures fit and not foresight.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.calibrate.coverage import RECORDED, Dispersion, dispersion_of, window_counts
from tregua.calibrate.history import Histories
from tregua.calibrate.negative_binomial import log_density

if TYPE_CHECKING:
    from tregua.case.load import Case

Array = np.ndarray[Any, np.dtype[Any]]

DECISIVE = 2.0
"""Standard errors that a difference must exceed to count as known."""

LEAST_DIFFERENCE = 4.0
"""Log units below which a difference is small and its own error cannot be trusted (Sivula, Magnusson, Matamoros and
Vehtari, arXiv:2008.10296), the more so as a reading fitted at one best point is compared with one drawn around it."""


@dataclass(frozen=True, eq=False)
class Score:
    """Log score of one reading.

    Attributes
    ----------
    value : float
        Sum over pieces, natural logarithm; nearer to zero is better.
    error : float
        Its Monte-Carlo standard error, from the spread between draws; NaN below two draws.
    pieces : tuple of str
        Observations scored.
    by_piece : array, shape (pieces,)
        Log predictive density of each.
    draws : array of int, shape (draws,)
        Draws, each once.
    influence : array, shape (draws,)
        What each draw adds to the error of `value`: it sums to zero.
    """

    reading: str
    value: float
    error: float
    pieces: tuple[str, ...]
    by_piece: Array
    draws: Array
    influence: Array

    @property
    def n(self) -> int:
        """Pieces scored."""
        return len(self.pieces)


@dataclass(frozen=True)
class Difference:
    """Score of one reading less that of another on the same pieces.

    Attributes
    ----------
    value : float
        Above zero where the first expects the counts better.
    error : float
        Standard error: that of the runs, and that of having these pieces and no others, together.
    apart : bool
        Whether the figures tell the two apart: the difference exceeds two errors and four log units.
    """

    one: str
    two: str
    value: float
    error: float
    apart: bool


def score(case: Case, histories: Histories, phi: Dispersion) -> Score:
    """Log score of one reading on the pieces of the fit window that its runs cover.

    Parameters
    ----------
    case : Case
    histories : Histories
        At least one run.
    phi : mapping
        Reading -> draw -> over-dispersion of counts.
    """
    counts = [c for c in window_counts(case, "fit") if c.start >= histories.start and c.end <= histories.end]  # type: ignore[operator]
    means = np.array([histories.total(RECORDED, count.spans) for count in counts]).reshape(len(counts), -1).T
    logs = log_density(np.array([count.count for count in counts]), means, dispersion_of(histories, phi))
    top = logs.max(axis=0)
    weights = np.exp(logs - top)
    mean = weights.mean(axis=0)
    by_piece = top + np.log(mean)
    draws, number = np.unique(histories.draws, return_inverse=True)
    # First-order influence of a run on the sum of logarithms of means, gathered by draw.
    influence = np.bincount(number, weights=(weights / mean - 1.0).sum(axis=1)) / len(histories)
    return Score(
        histories.reading,
        math.fsum(by_piece),
        _error_of(influence),
        tuple(count.id for count in counts),
        by_piece,
        draws,
        influence,
    )


def scores(case: Case, histories: Mapping[str, Histories], phi: Dispersion) -> dict[str, Score]:
    """Log score of every reading; empty for a case without pieces to fit.

    Parameters
    ----------
    case, histories, phi
        As in `score`, reading by reading.
    """
    if not window_counts(case, "fit"):
        return {}
    return {reading: score(case, runs, phi) for reading, runs in histories.items() if len(runs)}


def difference(one: Score, two: Score) -> Difference:
    """Whether the fitted counts can tell two readings apart.

    The error of having these pieces is that of the mean of the differences piece by piece (Vehtari, Gelman and Gabry,
    *Stat. Comput.* 27, 2017); pieces that follow each other are alike, so that it is, if anything, too small. Draws
    that both readings share cancel in the error of the runs.

    Raises
    ------
    ValueError
        The two are scored on different pieces.
    """
    if one.pieces != two.pieces:
        raise ValueError("two scores can be compared on the same pieces only")
    gaps = one.by_piece - two.by_piece
    if np.array_equal(one.draws, two.draws):
        chance = _error_of(one.influence - two.influence)
    else:
        chance = math.hypot(one.error, two.error)
    pieces = math.sqrt(one.n * float(gaps.var(ddof=1))) if one.n > 1 else math.nan
    error = math.hypot(chance, pieces)
    value = one.value - two.value
    apart = abs(value) > max(DECISIVE * error, LEAST_DIFFERENCE)
    return Difference(one.reading, two.reading, value, error, apart)


def _error_of(influence: Array) -> float:
    n = len(influence)
    return math.sqrt(n / (n - 1) * float((influence**2).sum())) if n > 1 else math.nan
