"""Small cubes for the tests of contrasts and regret."""

from __future__ import annotations

from typing import Any

import numpy as np

from tregua.runs.cube import Cube


def cube_of(
    values: Any,
    *,
    readings: tuple[str, ...] | None = None,
    arms: tuple[str, ...] | None = None,
    outcomes: tuple[str, ...] | None = None,
    there: Any = None,
    failed: Any = (),
) -> Cube:
    """A cube from values of shape (readings, arms, outcomes, draws, lucks) at a horizon of five years."""
    v = np.asarray(values, dtype=float)[:, :, None]
    r, a, _, o, d, k = v.shape
    return Cube(
        decision="2012",
        readings=readings or ("default", *(f"reading_{i}" for i in range(1, r))),
        arms=arms or ("no_truce", *(f"arm_{i}" for i in range(1, a))),
        horizons=(5,),
        outcomes=outcomes or ("homicides", *(f"outcome_{i}" for i in range(1, o))),
        draws=tuple(range(d)),
        lucks=tuple(range(k)),
        values=v,
        there=np.ones(v.shape, dtype=bool) if there is None else np.asarray(there)[:, :, None],
        failed=frozenset(failed),
    )
