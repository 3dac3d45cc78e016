"""What the figures say of each parameter: how far they narrow its prior, what they trade off, where they are silent."""

from __future__ import annotations

from typing import Any

import numpy as np

from tregua.calibrate.fit import Fit

Array = np.ndarray[Any, np.dtype[Any]]

LEARNED = 0.6
"""Standard deviation of the posterior over that of the prior, at or below which the figures identify a parameter."""
PARTLY = 0.85
SILENT = 0.95
"""At or above which, with the middle hardly moved, the figures say nothing about it."""
MOVED = 0.25
TRADED = 0.5
"""Correlation beyond which two parameters are traded off."""


def identified(found: Fit) -> dict[str, Any]:
    """Shrinkage of every parameter, trade-offs, and the list of those about which the figures say nothing.

    Shrinkage is on the scale of prior scores, where the prior has standard deviation 1.

    Returns
    -------
    dict
        ``parameters``: name -> {ratio, moved, says, q05, q50, q95, prior_q05, prior_q50, prior_q95}; ``trades``: pairs
        with their correlation; ``silent``: names.
    """
    scores, values = found.scores, found.values
    coordinates = found.procedure.bank.coordinates
    prior = coordinates.values(np.tile(np.array([[-1.644854], [0.0], [1.644854]]), (1, len(found.names))))
    scales = found.procedure.bank.rule.scales
    parameters: dict[str, Any] = {}
    for j, name in enumerate(found.names):
        ratio, moved = float(scores[:, j].std()), float(np.median(scores[:, j]))
        quantiles = np.quantile(values[:, j], [0.05, 0.5, 0.95])
        before = prior[:, j] * scales.get(name, 1.0)
        parameters[name] = {
            "ratio": ratio,
            "moved": moved,
            "says": says(ratio, moved),
            **{key: float(x) for key, x in zip(("q05", "q50", "q95"), quantiles, strict=True)},
            **{key: float(x) for key, x in zip(("prior_q05", "prior_q50", "prior_q95"), before, strict=True)},
        }
    together = np.corrcoef(scores.T)
    pairs = [
        (found.names[i], found.names[j], float(together[i, j]))
        for i in range(len(found.names))
        for j in range(i + 1, len(found.names))
        if abs(together[i, j]) >= TRADED
    ]
    pairs.sort(key=lambda pair: -abs(pair[2]))
    return {
        "parameters": parameters,
        "trades": [list(pair) for pair in pairs],
        "silent": [name for name, row in parameters.items() if row["says"] == "nothing"],
    }


def says(ratio: float, moved: float) -> str:
    """``much``, ``part``, ``little`` or ``nothing``: what the figures say of one parameter."""
    if ratio <= LEARNED:
        return "much"
    if ratio <= PARTLY:
        return "part"
    return "nothing" if ratio >= SILENT and abs(moved) < MOVED else "little"
