"""Coordinates: every parameter as a normal score under its own prior, so that the joint prior is standard normal.

A score of 0 is the prior median and 1 a standard deviation above it. Fits, emulators and samplers work on scores; the
model takes values. The map runs inside the bounds of a parameter, so that no score gives a value that is refused.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np

from tregua.errors import ModelError
from tregua.model.parameter import Parameter, Prior

Array = np.ndarray[Any, np.dtype[Any]]

FARTHEST = 6.0
"""Scores beyond this many standard deviations give the value at it."""
_KNOTS = 2401
_CELLS = 40001
_UNIT = NormalDist()


@dataclass(frozen=True)
class Coordinates:
    """The map between scores and values for some parameters.

    Attributes
    ----------
    names : tuple of str
    tables : array, shape (names, knots)
        Value of each parameter at evenly spaced scores, not falling.
    """

    names: tuple[str, ...]
    tables: Array = field(repr=False)

    @classmethod
    def of(cls, parameters: Mapping[str, Parameter], names: Sequence[str]) -> Coordinates:
        """The map for the parameters named.

        Raises
        ------
        ModelError
            A parameter that is fixed or drawn jointly with others: it has no prior of its own.
        """
        tables = [_table(parameters[n].prior, float(parameters[n].lower), float(parameters[n].upper)) for n in names]
        return cls(tuple(names), np.array(tables).reshape(len(names), _KNOTS))

    def values(self, scores: Array) -> Array:
        """Values of the parameters, shape (rows, names), from scores of the same shape."""
        place = (np.clip(scores, -FARTHEST, FARTHEST) + FARTHEST) * ((_KNOTS - 1) / (2.0 * FARTHEST))
        low = np.minimum(place.astype(np.int64), _KNOTS - 2)
        part = place - low
        column = np.arange(len(self.names))
        return np.asarray((1.0 - part) * self.tables[column, low] + part * self.tables[column, low + 1])

    def scores(self, values: Array) -> Array:
        """Scores of values, shape (rows, names); values outside the table give its ends."""
        grid = np.linspace(-FARTHEST, FARTHEST, _KNOTS)
        return np.column_stack([np.interp(values[:, j], table, grid) for j, table in enumerate(self.tables)])

    def slope(self, name: str, scores: Array) -> tuple[Array, Array]:
        """Value of one parameter and its derivative by the score, shapes as `scores`."""
        table = self.tables[self.names.index(name)]
        step = 2.0 * FARTHEST / (_KNOTS - 1)
        place = (np.clip(scores, -FARTHEST, FARTHEST) + FARTHEST) / step
        low = np.minimum(place.astype(np.int64), _KNOTS - 2)
        rise = table[low + 1] - table[low]
        return table[low] + (place - low) * rise, rise / step


@lru_cache(maxsize=512)
def _table(prior: str, lower: float, upper: float) -> Array:
    """Values at the knots: quantiles of the prior inside its bounds."""
    levels = [_UNIT.cdf(z) for z in np.linspace(-FARTHEST, FARTHEST, _KNOTS)]
    family, args = Prior(prior)._parse()
    if family in ("LogN", "LgtN", "N", "HalfN"):
        return _of_normal(family, args, lower, upper, levels)
    if family == "U":
        first, last = max(args[0], lower), min(args[1], upper)
        return np.array([first + (last - first) * p for p in levels])
    if family == "inverse_uniform":
        # The value falls as the uniform rises.
        last, first = min(args[2], args[0] / max(lower, 1e-300)), max(args[1], args[0] / upper)
        return np.array([args[0] / (last + (first - last) * p) for p in levels])
    if family == "Beta":
        grid = np.linspace(0.0, 1.0, _CELLS)[1:-1]
        return _of_density(grid, (args[0] - 1) * np.log(grid) + (args[1] - 1) * np.log1p(-grid), lower, upper, levels)
    if family == "Gamma":
        shape, mean = args
        grid = np.linspace(0.0, min(upper, mean * (1.0 + 14.0 / math.sqrt(shape))), _CELLS)[1:]
        return _of_density(grid, (shape - 1) * np.log(grid) - grid * shape / mean, lower, upper, levels)
    raise ModelError(
        "this parameter has no prior of its own",
        key="prior",
        found=prior,
        allowed="a parameter that is drawn by itself",
        mend="leave it out of the fit: it is drawn from its prior",
    )


def _of_normal(family: str, args: tuple[float, ...], lower: float, upper: float, levels: Sequence[float]) -> Array:
    """Quantiles of a transformed normal, cut at the bounds."""

    def to_score(value: float) -> float:
        if family == "N":
            return (value - args[0]) / args[1]
        if family == "HalfN":
            return value / args[0]
        if family == "LogN":
            return math.log(value / args[0]) / args[1] if value > 0 else -math.inf
        centre = math.log(args[0] / (1 - args[0]))
        if not 0 < value < 1:
            return math.inf if value >= 1 else -math.inf
        return (math.log(value / (1 - value)) - centre) / args[1]

    def to_value(score: float) -> float:
        if family == "N":
            return args[0] + args[1] * score
        if family == "HalfN":
            return args[0] * score
        if family == "LogN":
            return args[0] * math.exp(args[1] * score)
        return 1.0 / (1.0 + math.exp(-(math.log(args[0] / (1 - args[0])) + args[1] * score)))

    low = max(to_score(lower), 0.0) if family == "HalfN" else to_score(lower)
    first, last = (_UNIT.cdf(x) if math.isfinite(x) else float(x > 0) for x in (low, to_score(upper)))
    out = []
    for level in levels:
        share = first + (last - first) * level
        # The upper half is read from the far side, where it keeps its digits.
        rest = (1.0 - last) + (last - first) * (1.0 - level)
        score = _UNIT.inv_cdf(max(share, 1e-300)) if share < 0.5 else -_UNIT.inv_cdf(max(rest, 1e-16))
        out.append(min(max(to_value(score), lower), upper))
    return np.maximum.accumulate(np.array(out))


def _of_density(grid: Array, log_density: Array, lower: float, upper: float, levels: Sequence[float]) -> Array:
    """Quantiles from a density on a grid, cut at the bounds."""
    density = np.exp(log_density - log_density.max()) * ((grid >= lower) & (grid <= upper))
    mass = np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1]) * np.diff(grid))])
    return np.asarray(np.clip(np.interp(np.array(levels) * mass[-1], mass, grid), lower, upper))
