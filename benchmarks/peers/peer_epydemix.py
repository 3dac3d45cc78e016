"""The same SIR in epydemix, as its guide builds it; a run is one stochastic simulation."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
from epydemix import EpiModel, simulate
from epydemix.population import Population


# model
def build(world: dict[str, Any]) -> EpiModel:
    people = Population(name="declared")
    people.add_population(Nk=np.array(world["size"]), Nk_names=[str(g) for g in range(len(world["size"]))])
    people.add_contact_matrix(np.array(world["contacts"]), layer_name="all")
    model = EpiModel(name="SIR", compartments=["S", "I", "R"])
    model.set_population(people)
    model.add_transition("S", "I", params=("beta", "I"), kind="mediated")
    model.add_transition("I", "R", params="mu", kind="spontaneous")
    model.add_parameter("beta", world["transmission"])
    model.add_parameter("mu", world["recovery"])
    return model


# end of model


def prepare(world: dict[str, Any]) -> Any:
    model = build(world)
    ill = np.array(world["infected"])
    well = np.array(world["size"]) - ill
    first = datetime.date(2020, 1, 1)
    last = first + datetime.timedelta(days=world["days"] - 1)
    conditions = {"S": well, "I": ill, "R": np.zeros(len(ill))}

    def once(seed: int) -> list[float]:
        found = simulate(
            model, start_date=str(first), end_date=str(last), initial_conditions_dict=conditions, dt=1.0,
            resample_frequency=None, rng=np.random.default_rng(seed),
        )  # fmt: skip
        ill_by_day = found.compartments["I_total"]
        caught = well.sum() - found.compartments["S_total"][-1]
        return [float(caught), float(max(ill_by_day)), float(ill_by_day[-1])]

    return once
