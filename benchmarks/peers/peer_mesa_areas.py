"""The reduced model in Mesa: an agent is an area, which holds its cells; draws of the model's Generator.

With ``cheap=True`` the draws are those of the plain Python peer instead, which are faster one at a time.
"""

from __future__ import annotations

import math
from typing import Any

import mesa
from cheap_draws import binomial, poisson


# model
class Area(mesa.Agent):
    def __init__(self, model: Country, number: int) -> None:
        super().__init__(model)
        world = model.world
        self.population = world["population"][number]
        self.obedience = world["obedience"][number]
        self.active = [int(n) for n in world["active"][number]]
        self.calm = [int(n) for n in world["calmados"][number]]
        self.remembered = [0.0] * len(self.active)

    def step(self) -> None:
        model, th, gangs = self.model, self.model.th, range(len(self.active))
        rivalry, years = model.world["rivalry"], model.th["years"]
        local = sum(self.active)
        suffered, secret = [0.0] * len(self.active), [0.0] * len(self.active)
        for g in gangs:
            opposed = sum(rivalry[h][g] * self.active[h] for h in gangs)
            if self.active[g] > 0 and opposed > 0.0:
                ground = th["contest_rate"] / (local * model.world["mixing"])
                attacks = self.active[g] * opposed * ground + th["branching"] * self.remembered[g]
                per_weight = attacks * (1.0 - model.adherence[g] * self.obedience[g]) / opposed
                for h in gangs:
                    on_side = per_weight * rivalry[h][g] * self.active[h]
                    suffered[h] += on_side
                    secret[h] += model.hiding[g] * on_side
        model.deaths += model.poisson(th["background_rate"] * self.population / 100_000.0 * years)
        room = max(0.0, 1.0 - local / (th["saturation_share"] * self.population))
        for g in gangs:
            victims = killed = 0
            if suffered[g] > 0.0:
                victims = model.poisson(suffered[g] * years)
                if victims:
                    killed = min(self.active[g], model.binomial(victims, th["member_victim_share"]))
                    model.hidden += model.binomial(victims, min(1.0, secret[g] / suffered[g]))
            model.deaths += victims
            self.remembered[g] += model.forgotten * (victims / years - self.remembered[g])
            left = model.binomial(self.active[g] - killed, model.p_active)
            left_calm = model.binomial(self.calm[g], model.p_calm)
            relapsed = model.binomial(left_calm, model.p_relapse)
            joined = model.poisson(th["recruit_rate"] * self.active[g] * room * years)
            self.active[g] += joined + relapsed - left - killed
            self.calm[g] += left - left_calm


class Country(mesa.Model):
    def __init__(self, world: dict[str, Any], seed: int, cheap: bool) -> None:
        super().__init__(seed=seed)
        self.world, self.th = world, world["theta"]
        gangs, years = len(world["will"]), self.th["years"]
        self.adherence, self.hiding = [0.0] * gangs, [0.0] * gangs
        self.forgotten = 1.0 - math.exp(-self.th["forget_rate"] * years)
        leaving = self.th["relapse_rate"] + self.th["retire_rate"]
        self.p_active = 1.0 - math.exp(-self.th["calm_rate"] * years)
        self.p_calm, self.p_relapse = 1.0 - math.exp(-leaving * years), self.th["relapse_rate"] / leaving
        if cheap:
            self.poisson = lambda mean: poisson(self.random, mean)
            self.binomial = lambda n, p: binomial(self.random, n, p)
        else:
            self.poisson, self.binomial = self.rng.poisson, self.rng.binomial
        self.deaths = self.hidden = 0
        self.total = self.recorded = self.peak = 0.0
        for number in range(len(world["population"])):
            Area(self, number)

    def step(self) -> None:
        years, target = self.th["years"], self.world["offer"][int(self.steps) - 1]
        for g, will in enumerate(self.world["will"]):
            moved = 1.0 - math.exp(-self.th["adherence_rate"] * years)
            self.adherence[g] += moved * (target * will - self.adherence[g])
            learnt = 1.0 - math.exp(-self.th["hide_rate"] * years)
            self.hiding[g] += learnt * (self.th["hide_truce"] * self.adherence[g] - self.hiding[g])
        self.deaths = self.hidden = 0
        self.agents.do("step")
        self.total += self.deaths
        self.recorded += self.deaths - self.hidden
        self.peak = max(self.peak, self.deaths - self.hidden)


# end of model


def prepare(world: dict[str, Any], cheap: bool = False) -> Any:
    def once(seed: int) -> list[float]:
        country = Country(world, seed, cheap)
        for _ in world["offer"]:
            country.step()
        active = sum(sum(area.active) for area in country.agents)
        calm = sum(sum(area.calm) for area in country.agents)
        return [float(country.total), float(country.recorded), float(country.peak), float(active), float(calm)]

    return once
