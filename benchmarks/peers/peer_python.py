"""The reduced model in plain Python: lists and the standard library, no NumPy."""

from __future__ import annotations

import math
import random
from typing import Any

from cheap_draws import binomial, poisson


# model
def run(world: dict[str, Any], seed: int) -> list[float]:
    th, rng = world["theta"], random.Random(seed)
    years, rivalry, obedience, will = th["years"], world["rivalry"], world["obedience"], world["will"]
    active = [list(map(int, row)) for row in world["active"]]
    calm = [list(map(int, row)) for row in world["calmados"]]
    gangs = range(len(will))
    remembered = [[0.0] * len(will) for _ in active]
    adherence, hiding = [0.0] * len(will), [0.0] * len(will)
    forgotten = 1.0 - math.exp(-th["forget_rate"] * years)
    moved, learnt = 1.0 - math.exp(-th["adherence_rate"] * years), 1.0 - math.exp(-th["hide_rate"] * years)
    leaving_calm = th["relapse_rate"] + th["retire_rate"]
    p_active, p_calm = 1.0 - math.exp(-th["calm_rate"] * years), 1.0 - math.exp(-leaving_calm * years)
    total = recorded = peak = 0.0
    for target in world["offer"]:
        for g in gangs:
            adherence[g] += moved * (target * will[g] - adherence[g])
            hiding[g] += learnt * (th["hide_truce"] * adherence[g] - hiding[g])
        deaths = hidden = 0
        for m, population in enumerate(world["population"]):
            a, c, r, obeyed = active[m], calm[m], remembered[m], obedience[m]
            local = sum(a)
            suffered, secret = [0.0] * len(will), [0.0] * len(will)
            for g in gangs:
                opposed = sum(rivalry[h][g] * a[h] for h in gangs)
                if a[g] > 0 and opposed > 0.0:
                    attacks = a[g] * opposed * th["contest_rate"] / (local * world["mixing"]) + th["branching"] * r[g]
                    per_weight = attacks * (1.0 - adherence[g] * obeyed[g]) / opposed
                    for h in gangs:
                        on_side = per_weight * rivalry[h][g] * a[h]
                        suffered[h] += on_side
                        secret[h] += hiding[g] * on_side
            deaths += poisson(rng, th["background_rate"] * population / 100_000.0 * years)
            room = max(0.0, 1.0 - local / (th["saturation_share"] * population))
            for g in gangs:
                victims = killed = 0
                if suffered[g] > 0.0:
                    victims = poisson(rng, suffered[g] * years)
                    if victims:
                        killed = min(a[g], binomial(rng, victims, th["member_victim_share"]))
                        hidden += binomial(rng, victims, secret[g] / suffered[g])
                deaths += victims
                r[g] += forgotten * (victims / years - r[g])
                left, left_calm = binomial(rng, a[g] - killed, p_active), binomial(rng, c[g], p_calm)
                relapsed = binomial(rng, left_calm, th["relapse_rate"] / leaving_calm)
                joined = poisson(rng, th["recruit_rate"] * a[g] * room * years)
                a[g] += joined + relapsed - left - killed
                c[g] += left - left_calm
        total += deaths
        recorded += deaths - hidden
        peak = max(peak, deaths - hidden)
    return [total, recorded, peak, float(sum(map(sum, active))), float(sum(map(sum, calm)))]


# end of model


def prepare(world: dict[str, Any]) -> Any:
    return lambda seed: run(world, seed)
