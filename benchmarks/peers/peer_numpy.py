"""The reduced model in plain NumPy: arrays of runs x areas x gangs, the draws of a Generator."""

from __future__ import annotations

from typing import Any

import numpy as np


# model
def run(world: dict[str, Any], seed: int, runs: int) -> Any:
    th, rng = world["theta"], np.random.default_rng(seed)
    years = th["years"]
    population, rivalry = np.array(world["population"]), np.array(world["rivalry"])
    obedience, will = np.array(world["obedience"]), np.array(world["will"])
    active = np.repeat(np.array(world["active"], np.int64)[None], runs, axis=0)
    calm = np.repeat(np.array(world["calmados"], np.int64)[None], runs, axis=0)
    remembered = np.zeros(active.shape)
    adherence, hiding = np.zeros(len(will)), np.zeros(len(will))
    total, recorded, peak = np.zeros(runs), np.zeros(runs), np.zeros(runs)
    leaving_calm = th["relapse_rate"] + th["retire_rate"]
    p_active, p_calm = -np.expm1(-th["calm_rate"] * years), -np.expm1(-leaving_calm * years)
    forgotten = -np.expm1(-th["forget_rate"] * years)
    background = th["background_rate"] * population / 100_000.0 * years
    for target in world["offer"]:
        adherence += -np.expm1(-th["adherence_rate"] * years) * (target * will - adherence)
        hiding += -np.expm1(-th["hide_rate"] * years) * (th["hide_truce"] * adherence - hiding)
        local = active.sum(axis=2)
        opposed = active @ rivalry
        per_head = th["contest_rate"] / (np.maximum(local, 1)[:, :, None] * world["mixing"])
        attacks = active * opposed * per_head + th["branching"] * remembered
        fights = (active > 0) & (opposed > 0)
        per_weight = np.where(fights, attacks * (1.0 - adherence * obedience) / np.where(fights, opposed, 1.0), 0.0)
        suffered = (per_weight @ rivalry.T) * active
        secret = ((per_weight * hiding) @ rivalry.T) * active
        victims = rng.poisson(suffered * years)
        killed = np.minimum(active, rng.binomial(victims, th["member_victim_share"]))
        share = np.divide(secret, suffered, out=np.zeros_like(secret), where=suffered > 0)
        hidden = rng.binomial(victims, np.clip(share, 0.0, 1.0)).sum(axis=(1, 2))
        deaths = victims.sum(axis=(1, 2)) + rng.poisson(background, (runs, len(population))).sum(axis=1)
        remembered += forgotten * (victims / years - remembered)
        alive = active - killed
        left, left_calm = rng.binomial(alive, p_active), rng.binomial(calm, p_calm)
        relapsed = rng.binomial(left_calm, th["relapse_rate"] / leaving_calm)
        room = np.maximum(0.0, 1.0 - local / (th["saturation_share"] * population))
        joined = rng.poisson(th["recruit_rate"] * active * room[:, :, None] * years)
        active = alive - left + relapsed + joined
        calm = calm + left - left_calm
        total += deaths
        recorded += deaths - hidden
        peak = np.maximum(peak, deaths - hidden)
    return np.stack([total, recorded, peak, active.sum(axis=(1, 2)), calm.sum(axis=(1, 2))], axis=1)


# end of model


def prepare(world: dict[str, Any], runs: int = 1) -> Any:
    def once(seed: int) -> Any:
        found = run(world, seed, runs)
        return found[0].tolist() if runs == 1 else found.tolist()

    return once
