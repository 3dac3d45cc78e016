"""A value as a model or a sample gives it: with its range and its Monte-Carlo error."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A value with its range and its Monte-Carlo error.

    Attributes
    ----------
    mcse : float or None
        Monte-Carlo error of the value; None for a counted or exact value.
    mcse_ends : float or None
        The larger error of the two ends, where known; otherwise that of the value is used.
    n : int or None
        Paired runs behind it.
    """

    value: float
    lo: float | None = None
    hi: float | None = None
    mcse: float | None = None
    mcse_ends: float | None = None
    n: int | None = None
