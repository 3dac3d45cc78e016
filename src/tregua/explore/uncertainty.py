"""Uncertainties: one draw of every parameter (the X of XLRM), until a calibrated posterior exists and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tregua.model.declare import PARAMETERS
from tregua.model.parameter import Parameter, draw_priors, keyed_stream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tregua.case.load import Case

PROVISIONAL = "provisional"
PRIORS = "priors"
DEFAULT_SEED = 20120308


def draw_source(case: Case) -> str:
    """Where the fitted parameters of a case come from: ``provisional`` joint draws, or ``priors`` alone."""
    return PROVISIONAL if case.draws else PRIORS


def draw_values(
    case: Case, n: int, seed: int = DEFAULT_SEED, parameters: Mapping[str, Parameter] = PARAMETERS
) -> list[dict[str, float]]:
    """Joint draws of all parameters; the first k draws are the same for every n.

    Fitted parameters come together from the case's joint draws, in an order that the seed shuffles (again from the
    first when they run out); varied ones from their priors, each from a stream of its own; fixed ones at their default.
    A case's own settings come last.

    Parameters
    ----------
    case : Case
    n : int
        Draws, >= 1.
    seed : int
    parameters : mapping
        All declared parameters, those of replaced mechanisms included.
    """
    joint = case.draws
    drawn = draw_priors((p for p in parameters.values() if p.role != "fixed"), n, seed)
    order = keyed_stream(seed, "joint draws").permutation(len(joint)) if joint else np.zeros(0, int)
    rows = []
    for i in range(n):
        values = {name: p.default for name, p in parameters.items() if p.role == "fixed"}
        values.update({name: float(column[i]) for name, column in drawn.items()})
        if joint:
            values.update(joint[order[i % len(joint)]])
        values.update(case.parameter_overrides)
        rows.append(values)
    return rows
