"""Whether a truce has one rest point or two: adherence_slope x rival_weight x share that would obey (6.4).

Leaders answer the restraint that they see in others. Where that answer is steep enough, the product is above 4 and a
truce can hold or fail under the same levers; below 4 it cannot. The figures do not fix it: every run reports it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from tregua.calibrate.history import Histories
from tregua.calibrate.quantile import Quantiles, quantiles

TWO_ABOVE = 4.0
MONTHS = 12


@dataclass(frozen=True)
class RestPoints:
    """The product over the runs of one reading.

    Attributes
    ----------
    reading : str
    product : Quantiles
        Over runs.
    share_two : float
        Share of runs above 4 (0..1): the truce has two rest points.
    """

    reading: str
    product: Quantiles
    share_two: float


def rest_points(
    histories: Histories, slope: Mapping[int, float], weight: Mapping[int, float], day: date
) -> RestPoints | None:
    """The product in the twelve months from `day`.

    The share that would obey is read back as compliance over adherence, both weighted by members, at the twelve month
    ends after the decision; a run in which nobody adheres has no such share.

    Parameters
    ----------
    histories : Histories
        With ``compliance`` and ``adherence``.
    slope, weight : mapping
        Draw -> adherence_slope, rival_weight.
    day : date
        First day of the truce.

    Returns
    -------
    RestPoints or None
        None where the runs do not cover the year.
    """
    ends = []
    month = date(day.year, day.month, 1)
    for _ in range(MONTHS):
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        ends.append(month - timedelta(days=1))
    if ends[0] < histories.start or ends[-1] > histories.end:
        return None
    complied: Any = np.stack([histories.level("compliance", end) for end in ends])
    adhered: Any = np.stack([histories.level("adherence", end) for end in ends])
    with np.errstate(invalid="ignore", divide="ignore"):
        obeying = np.where(adhered.sum(axis=0) > 0.0, complied.sum(axis=0) / adhered.sum(axis=0), np.nan)
    steep = np.array([slope[int(d)] * weight[int(d)] for d in histories.draws])
    values = steep * obeying
    known = values[~np.isnan(values)]
    if not known.size:
        return None
    return RestPoints(histories.reading, quantiles(values, histories.draws), float((known > TWO_ABOVE).mean()))
