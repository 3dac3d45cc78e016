"""A decision experiment on the full model: what is asked, the history of one response alone, and tregua's own way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from tregua.case.load import load_case
from tregua.explore.experiment import Experiment, at_horizons
from tregua.explore.outside import READ, Paired, core
from tregua.model import draws
from tregua.model.declare import PARAMETERS


def asked(scenarios: int = 40, seed: int = 1) -> dict[str, Any]:
    """Every response of the first decision of the bundled case, some outcomes, parameters of the core tier."""
    case = load_case("el_salvador_2012")
    point = next(iter(case.decisions.values()))
    outcomes = ["homicides", "deaths_by_state", "arrests_wrongful"]
    return {
        "case": case.id, "decision": point.id, "arms": list(point.arms), "outcomes": outcomes, "horizon": 5,
        "scenarios": scenarios, "seed": seed,
    }  # fmt: skip


def columns() -> list[tuple[str, float, float]]:
    """Name and bounds of the uncertainties: the middle half of what each declaration allows."""
    out = []
    for name in core():
        low, high = PARAMETERS[name].lower, PARAMETERS[name].upper
        out.append((name, low + 0.25 * (high - low), high - 0.25 * (high - low)))
    return out


def thetas(scenarios: int, seed: int) -> list[dict[str, float]]:
    """The scenarios: uniform within the bounds, the same for every peer."""
    rng = np.random.default_rng(seed)
    return [{name: float(rng.uniform(low, high)) for name, low, high in columns()} for _ in range(scenarios)]


class Alone:
    """One response, from the first day to the horizon, as a function that any tool can call and send to a process."""

    def __init__(self, question: dict[str, Any]) -> None:
        self.question = question
        self._ways: dict[str, Any] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {"question": self.question, "_ways": {}}

    def _way(self, arm: str) -> Any:
        if arm not in self._ways:
            q = self.question
            paired = Paired(Experiment(load_case(q["case"])), q["decision"], arm, horizon=q["horizon"])
            self._ways[arm] = (paired, paired._courses, paired._cuts)
        return self._ways[arm]

    def __call__(self, arm: str, **theta: float) -> dict[str, float]:
        paired, (past, response, _), cuts = self._way(arm)
        case = paired.experiment.case
        simulator = paired._simulator
        key = draws.history_key(self.question["seed"], 0, 0)
        since, th = simulator.start(paired.values(theta), case.readings["default"].apply(case.history), key)
        stopped = simulator.follow(th, since, past).end
        place = case.decisions[self.question["decision"]].horizons.index(self.question["horizon"])
        read = at_horizons(simulator.follow(th, stopped, response, cuts=cuts), cuts)[place]
        return {name: float(read[READ.index(name)]) for name in self.question["outcomes"]}


def branched(question: dict[str, Any], theta: dict[str, float], alone: Alone) -> np.ndarray[Any, Any]:
    """Every response from one common past, as tregua runs them; shape (arms, outcomes)."""
    ways = [alone._way(arm) for arm in question["arms"]]
    paired, (past, _, _), cuts = ways[0]
    case, simulator = paired.experiment.case, paired._simulator
    key = draws.history_key(question["seed"], 0, 0)
    since, th = simulator.start(paired.values(theta), case.readings["default"].apply(case.history), key)
    stopped = simulator.follow(th, since, past).end
    place = case.decisions[question["decision"]].horizons.index(question["horizon"])
    at = [READ.index(name) for name in question["outcomes"]]
    return np.stack([at_horizons(simulator.follow(th, stopped, way[1][1], cuts=cuts), cuts)[place][at] for way in ways])


def prepare(world: dict[str, Any], threads: int = 2) -> Any:
    """tregua's own way: branches of a common past, on threads."""
    alone = Alone(world)
    for arm in world["arms"]:
        alone._way(arm)

    def once(seed: int) -> list[list[float]]:
        with ThreadPoolExecutor(threads) as pool:
            work = thetas(world["scenarios"], world["seed"])
            found = list(pool.map(lambda theta: branched(world, theta, alone), work))
        return np.sort(np.concatenate(found).T).tolist()

    return once
