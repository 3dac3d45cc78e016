"""A stochastic SIR in groups in tregua's kernel style: keyed draws, counts in arrays."""

from __future__ import annotations

import math
import types
from typing import Any

import numpy as np
from reduced import draws, sampler

INFECTED, RECOVERED = 1, 2


# model
def run(contacts: Any, size: Any, transmission: float, recovery: float, days: int, history: Any, s: Any, i: Any,
        out: Any) -> None:  # fmt: skip
    groups = size.shape[0]
    force = np.zeros(groups)
    ever = peak = 0.0
    for t in range(days):
        key = draws.join(history, draws.count_key(float(t)))
        for g in range(groups):
            force[g] = 0.0
            for h in range(groups):
                force[g] += transmission * contacts[g, h] * i[h] / size[h]
        ill = 0.0
        for g in range(groups):
            cell = draws.join(key, draws.count_key(float(g)))
            caught = draws.exits(s[g], force[g], draws.uniform(cell, INFECTED))
            healed = draws.exits(i[g], recovery, draws.uniform(cell, RECOVERED))
            s[g] -= caught
            i[g] += caught - healed
            ever += caught
            ill += i[g]
        peak = max(peak, ill)
    out[0], out[1], out[2] = ever, peak, i.sum()


# end of model


def prepare(world: dict[str, Any]) -> Any:
    import numba

    space = {**globals(), "draws": sampler(numba)}
    kernel = numba.njit(nogil=True, error_model="numpy")(types.FunctionType(run.__code__, space, "run"))
    contacts, size = np.array(world["contacts"]), np.array(world["size"])
    first = np.array(world["infected"])

    def once(seed: int) -> list[float]:
        out = np.zeros(3)
        key = np.uint64(draws.history_key(seed, 0, 0))
        kernel(
            contacts,
            size,
            world["transmission"],
            world["recovery"],
            world["days"],
            key,
            size - first,
            first.copy(),
            out,
        )
        assert math.isfinite(out[0])
        return [float(x) for x in out]

    return once
