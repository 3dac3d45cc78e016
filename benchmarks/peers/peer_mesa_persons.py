"""The reduced model in Mesa: an agent is a person.

Killings are drawn person by person: sums of Poisson counts are Poisson, so that totals have the same distribution as
those of the models that count. Set-up is not part of the time of a run.
"""

from __future__ import annotations

import math
from typing import Any

import mesa


# model
class Person(mesa.Agent):
    def __init__(self, model: Country, area: int, gang: int, calm: bool) -> None:
        super().__init__(model)
        self.area, self.gang, self.calm = area, gang, calm
        model.groups[area][gang][calm].add(self)

    def attack(self) -> None:
        """Kill rivals: a Poisson number a week at the rate of this person's group."""
        if self.calm:
            return
        model = self.model
        rate = model.rate[self.area][self.gang]
        if rate <= 0.0:
            return
        u = self.random.random()
        pmf = cdf = math.exp(-rate)
        k = 0
        while u > cdf:
            k += 1
            pmf *= rate / k
            cdf += pmf
            victim = self.random.choices(model.gang_range, model.weight[self.area][self.gang])[0]
            model.kill(self.area, victim, self.random.random() < model.hiding[self.gang])

    def live(self) -> None:
        """Calm down, relapse, retire, or bring in a recruit."""
        model, u = self.model, self.random.random()
        if self.calm:
            if u < model.p_calm:
                model.groups[self.area][self.gang][True].discard(self)
                if u < model.p_calm * model.p_relapse:
                    model.moves.append((self, False))
                else:
                    self.remove()
        elif u < model.p_active:
            model.groups[self.area][self.gang][False].discard(self)
            model.moves.append((self, True))


class Country(mesa.Model):
    def __init__(self, world: dict[str, Any], seed: int) -> None:
        super().__init__(seed=seed)
        self.world, self.th = world, world["theta"]
        self.gang_range = range(len(world["will"]))
        areas = range(len(world["population"]))
        self.groups = [[{False: set(), True: set()} for _ in self.gang_range] for _ in areas]
        self.remembered = [[0.0 for _ in self.gang_range] for _ in areas]
        self.adherence, self.hiding = [0.0 for _ in self.gang_range], [0.0 for _ in self.gang_range]
        leaving, years = self.th["relapse_rate"] + self.th["retire_rate"], self.th["years"]
        self.p_active = 1.0 - math.exp(-self.th["calm_rate"] * years)
        self.p_calm, self.p_relapse = 1.0 - math.exp(-leaving * years), self.th["relapse_rate"] / leaving
        self.total = self.recorded = self.peak = 0.0
        for m in areas:
            for g in self.gang_range:
                for calm, count in ((False, world["active"][m][g]), (True, world["calmados"][m][g])):
                    for _ in range(int(count)):
                        Person(self, m, g, calm)

    def poisson(self, mean: float) -> int:
        return int(self.rng.poisson(mean))

    def kill(self, area: int, gang: int, hidden: bool) -> None:
        self.victims[area][gang] += 1
        self.hidden += hidden
        self.killed[area][gang] += self.random.random() < self.th["member_victim_share"]

    def step(self) -> None:
        th, years, target = self.th, self.th["years"], self.world["offer"][int(self.steps) - 1]
        rivalry = self.world["rivalry"]
        for g, will in enumerate(self.world["will"]):
            moved = 1.0 - math.exp(-th["adherence_rate"] * years)
            self.adherence[g] += moved * (target * will - self.adherence[g])
            learnt = 1.0 - math.exp(-th["hide_rate"] * years)
            self.hiding[g] += learnt * (th["hide_truce"] * self.adherence[g] - self.hiding[g])
        self.rate, self.weight, joining = [], [], []
        for m, cells in enumerate(self.groups):
            a = [len(cell[False]) for cell in cells]
            local = sum(a)
            rates, weights = [], []
            for g in self.gang_range:
                weight = [rivalry[h][g] * a[h] for h in self.gang_range]
                opposed = sum(weight)
                attacks = 0.0
                if a[g] > 0 and opposed > 0.0:
                    attacks = a[g] * opposed * th["contest_rate"] / (local * self.world["mixing"])
                    attacks += th["branching"] * self.remembered[m][g]
                    attacks *= (1.0 - self.adherence[g] * self.world["obedience"][m][g]) * years / a[g]
                rates.append(attacks)
                weights.append(weight)
            self.rate.append(rates)
            self.weight.append(weights)
            room = max(0.0, 1.0 - local / (th["saturation_share"] * self.world["population"][m]))
            joining.append([th["recruit_rate"] * a[g] * room * years for g in self.gang_range])
        self.victims = [[0] * len(self.gang_range) for _ in self.groups]
        self.killed = [[0] * len(self.gang_range) for _ in self.groups]
        self.hidden, self.moves = 0, []
        self.agents.do("attack")
        forgotten = 1.0 - math.exp(-th["forget_rate"] * years)
        deaths = 0
        for m, population in enumerate(self.world["population"]):
            deaths += self.poisson(th["background_rate"] * population / 100_000.0 * years)
            for g in self.gang_range:
                victims = self.victims[m][g]
                deaths += victims
                self.remembered[m][g] += forgotten * (victims / years - self.remembered[m][g])
                group = self.groups[m][g][False]
                for _ in range(min(len(group), self.killed[m][g])):
                    group.pop().remove()
        self.agents.do("live")
        for person, calm in self.moves:
            person.calm = calm
            self.groups[person.area][person.gang][calm].add(person)
        for m, rates in enumerate(joining):
            for g, rate in enumerate(rates):
                for _ in range(self.poisson(rate)):
                    Person(self, m, g, False)
        self.total += deaths
        self.recorded += deaths - self.hidden
        self.peak = max(self.peak, deaths - self.hidden)


# end of model


def prepare(world: dict[str, Any]) -> Any:
    def begin(seed: int) -> Any:
        country = Country(world, seed)

        def once() -> list[float]:
            for _ in world["offer"]:
                country.step()
            cells = [cell for area in country.groups for cell in area]
            ends = [float(sum(len(cell[calm]) for cell in cells)) for calm in (False, True)]
            return [float(country.total), float(country.recorded), float(country.peak), *ends]

        return once

    begin.two_steps = True  # type: ignore[attr-defined]
    return begin
