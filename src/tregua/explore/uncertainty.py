"""Uncertainties: one draw of every parameter (the X of XLRM), from a posterior where there is one, else from priors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tregua.case.draws import DrawSource
from tregua.case.draws import draw_source as find_source
from tregua.model.compiled import model_digest
from tregua.model.declare import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tregua.case.load import Case
    from tregua.model.parameter import Parameter

POSTERIOR = "posterior"
PROVISIONAL = "provisional"
PRIORS = "prior"
DEFAULT_SEED = 20120308


def draw_source(case: Case) -> str:
    """Where the fitted parameters of a case come from by itself: ``posterior``, ``provisional`` or ``prior``."""
    return find_source(case, model_digest()).kind


def draw_values(
    case: Case,
    n: int,
    seed: int = DEFAULT_SEED,
    parameters: Mapping[str, Parameter] = PARAMETERS,
    source: DrawSource | None = None,
) -> list[dict[str, float]]:
    """Joint draws of all parameters; the first k draws are the same for every n.

    Fitted parameters come together from the posterior, or from the case's joint draws, in an order that the seed
    shuffles (again from the first when they run out); the others from their priors, each from a stream of its own;
    fixed ones at their default. A case's own settings come last.

    Parameters
    ----------
    case : Case
    n : int
        Draws, >= 1.
    seed : int
    parameters : mapping
        All declared parameters, those of replaced mechanisms included.
    source : DrawSource, optional
        The best that there is by default.
    """
    return (source or find_source(case, model_digest())).rows(n, seed, parameters)
