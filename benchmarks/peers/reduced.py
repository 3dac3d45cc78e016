"""The reduced model of DECLARATION.md in tregua's kernel style: plain scalar functions, keyed draws, arrays of counts.

``bind`` compiles it with the draws of `tregua.model.draws`, as `tregua.model.compiled` binds the full kernel.
"""

from __future__ import annotations

import math
import types
from typing import Any

import numpy as np

from tregua.model import draws

VICTIMS, VICTIM_MEMBERS, VICTIMS_HIDDEN, LEFT, LEFT_CALM, RELAPSED, RECRUITED, BACKGROUND = 1, 2, 3, 4, 5, 6, 7, 8


# model
def contest(th: Any, active: float, opposed: float, local: float) -> float:
    return active * opposed * th.contest_rate / (local * th.mixing)


def retaliation(th: Any, remembered: float) -> float:
    return th.branching * remembered


def compliance(adherence: float, obedience: float) -> float:
    return adherence * obedience


def room_left(th: Any, local: float, population: float) -> float:
    return max(0.0, 1.0 - local / (th.saturation_share * population))


def fraction(rate: float, years: float) -> float:
    return 1.0 - math.exp(-rate * years)


def toward(now: float, target: float, moved: float) -> float:
    return now + moved * (target - now)


def week(
    th: Any,
    w: Any,
    target: float,
    key: Any,
    adherence: Any,
    hiding: Any,
    active: Any,
    calm: Any,
    remembered: Any,
    s: Any,
) -> tuple[float, float]:
    areas, gangs = active.shape
    suffered, suffered_hidden = s[0], s[1]
    years = th.years
    for g in range(gangs):
        adherence[g] = toward(adherence[g], target * w.will[g], fraction(th.adherence_rate, years))
        hiding[g] = toward(hiding[g], th.hide_truce * adherence[g], fraction(th.hide_rate, years))
    forgotten = fraction(th.forget_rate, years)
    leaving_calm = th.relapse_rate + th.retire_rate
    homicides = hidden = 0.0
    for m in range(areas):
        local = 0.0
        for g in range(gangs):
            local += active[m, g]
            suffered[g] = suffered_hidden[g] = 0.0
        for g in range(gangs):
            opposed = 0.0
            for h in range(gangs):
                opposed += w.rivalry[h, g] * active[m, h]
            if active[m, g] > 0.0 and opposed > 0.0:
                complied = compliance(adherence[g], w.obedience[m, g])
                attacks = contest(th, active[m, g], opposed, local) + retaliation(th, remembered[m, g])
                per_weight = attacks * (1.0 - complied) / opposed
                for h in range(gangs):
                    on_side = per_weight * w.rivalry[h, g] * active[m, h]
                    suffered[h] += on_side
                    suffered_hidden[h] += hiding[g] * on_side
        area_key = draws.join(key, w.area_key[m])
        expected = th.background_rate * w.population[m] / 100000.0 * years
        homicides += draws.poisson(expected, draws.uniform(area_key, BACKGROUND))
        room = room_left(th, local, w.population[m])
        for g in range(gangs):
            cell = draws.join(key, w.cell_key[m, g])
            victims = killed = 0.0
            if suffered[g] > 0.0:
                victims = draws.poisson(suffered[g] * years, draws.uniform(cell, VICTIMS))
                if victims > 0.0:
                    members = draws.split(victims, th.member_victim_share, draws.uniform(cell, VICTIM_MEMBERS))
                    killed = min(active[m, g], members)
                    share = suffered_hidden[g] / suffered[g]
                    hidden += draws.split(victims, share, draws.uniform(cell, VICTIMS_HIDDEN))
            homicides += victims
            remembered[m, g] = toward(remembered[m, g], victims / years, forgotten)
            alive = active[m, g] - killed
            left = draws.exits(alive, th.calm_rate * years, draws.uniform(cell, LEFT))
            left_calm = draws.exits(calm[m, g], leaving_calm * years, draws.uniform(cell, LEFT_CALM))
            relapsed = 0.0
            if left_calm > 0.0:
                relapsed = draws.split(left_calm, th.relapse_rate / leaving_calm, draws.uniform(cell, RELAPSED))
            joined = draws.poisson(th.recruit_rate * active[m, g] * room * years, draws.uniform(cell, RECRUITED))
            active[m, g] = alive - left + relapsed + joined
            calm[m, g] += left - left_calm
    return homicides, homicides - hidden


def run(th: Any, w: Any, history: Any, adherence: Any, hiding: Any, active: Any, calm: Any, remembered: Any, s: Any,
        out: Any) -> None:  # fmt: skip
    total = recorded_total = peak = 0.0
    for t in range(w.offer.shape[0]):
        key = draws.join(history, draws.count_key(float(t)))
        deaths, recorded = week(th, w, w.offer[t], key, adherence, hiding, active, calm, remembered, s)
        total += deaths
        recorded_total += recorded
        peak = max(peak, recorded)
    out[0], out[1], out[2], out[3], out[4] = total, recorded_total, peak, active.sum(), calm.sum()


# end of model


INLINED = ("mix", "join", "uniform", "week")
AS_C_DOES = (*INLINED, "poisson", "exits", "split", "below_half", "odds_of", "fraction", "toward", "contest",
             "retaliation", "compliance", "room_left")  # fmt: skip
_MODEL = (contest, retaliation, compliance, room_left, fraction, toward, week, run)


def bind(compiled: bool, inlined: tuple[str, ...] = INLINED) -> Any:
    """`run` with the compiled draws, or as plain Python with the same digits."""
    if not compiled:
        return run
    import numba

    space = {**globals(), "draws": sampler(numba, inlined)}
    for function in _MODEL:
        bound = types.FunctionType(function.__code__, space, function.__name__)
        outer = function is run
        inline = function.__name__ in inlined
        space[function.__name__] = (
            numba.njit(nogil=True, error_model="numpy")(bound)
            if outer
            else numba.njit(error_model="numpy", forceinline=inline)(bound)
        )
    return space["run"]


def sampler(numba: Any, inlined: tuple[str, ...] = INLINED) -> types.ModuleType:
    """The draws of the model, compiled as `tregua.model.compiled` compiles them."""
    out = types.ModuleType("draws")
    out.__dict__.update({k: v for k, v in vars(draws).items() if not k.startswith("__")})
    functions = {k: v for k, v in vars(draws).items() if isinstance(v, types.FunctionType)}
    for name in ("mix", "join", "uniform", "count_key"):
        functions[name] = functions[f"{name}_compiled"]
    for name, function in functions.items():
        if name.endswith(("_compiled", "_mean")) or name in ("id_key", "history_key"):
            continue
        bound = types.FunctionType(function.__code__, out.__dict__, name, function.__defaults__)
        out.__dict__[name] = numba.njit(error_model="numpy", forceinline=name in inlined)(bound)
    return out


def prepare(world: dict[str, Any], compiled: bool = True, tight: bool = False) -> Any:
    """A function of a seed that runs one history and returns its five totals."""
    theta = {**world["theta"], "mixing": world["mixing"]}
    th = np.array([tuple(theta.values())], np.dtype([(n, np.float64) for n in theta])).view(np.recarray)[0]
    arrays = {n: np.array(world[n], np.float64) for n in ("population", "rivalry", "obedience", "will", "offer")}
    areas, gangs = arrays["obedience"].shape
    arrays["area_key"] = np.array([draws.id_key("area", f"a{m}") for m in range(areas)], np.uint64)
    cells = [[draws.id_key("cell", f"a{m}:g{g}") for g in range(gangs)] for m in range(areas)]
    arrays["cell_key"] = np.array(cells, np.uint64)
    if compiled:
        from collections import namedtuple

        w: Any = namedtuple("World", arrays)(**arrays)
    else:
        arrays["area_key"] = arrays["area_key"].astype(object)
        arrays["cell_key"] = arrays["cell_key"].astype(object)
        w = types.SimpleNamespace(**arrays)
    kernel = bind(compiled, AS_C_DOES if tight else INLINED)
    active, calm = np.array(world["active"], np.float64), np.array(world["calmados"], np.float64)

    def once(seed: int) -> list[float]:
        key = draws.history_key(seed, 0, 0)
        history = np.uint64(key) if compiled else key
        out = np.zeros(5)
        state = (np.zeros(gangs), np.zeros(gangs), active.copy(), calm.copy(), np.zeros((areas, gangs)))
        kernel(th, w, history, *state, np.zeros((2, gangs)), out)
        return [float(x) for x in out]

    return once
