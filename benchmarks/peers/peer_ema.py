"""Decision experiments on the full model, by the EMA Workbench: one history a run, its evaluators."""

from __future__ import annotations

import logging
import warnings
from typing import Any

import numpy as np

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import ema_workbench as ema

from decision import Alone, columns, thetas


# model
def build(asked: dict[str, Any]) -> ema.Model:
    alone = Alone(asked)
    model = ema.Model("tregua", function=alone)
    model.uncertainties = [ema.RealParameter(name, low, high) for name, low, high in columns()]
    model.levers = [ema.CategoricalParameter("arm", list(asked["arms"]))]
    model.outcomes = [ema.ScalarOutcome(name) for name in asked["outcomes"]]
    return model


def run(model: ema.Model, asked: dict[str, Any], evaluator: Any) -> np.ndarray[Any, Any]:
    scenarios = [ema.Scenario(str(n), **theta) for n, theta in enumerate(thetas(asked["scenarios"], asked["seed"]))]
    policies = [ema.Policy(arm, arm=arm) for arm in asked["arms"]]
    _, found = evaluator.perform_experiments(scenarios, policies)
    return np.stack([found[name] for name in asked["outcomes"]])


# end of model


def prepare(world: dict[str, Any], evaluator: str = "sequential") -> Any:
    ema.ema_logging.log_to_stderr(level=logging.ERROR, pass_root_logger_level=True)
    model = build(world)

    def once(seed: int) -> list[list[float]]:
        made = (
            ema.SequentialEvaluator(model)
            if evaluator == "sequential"
            else ema.MultiprocessingEvaluator(model, n_processes=2)
        )
        with warnings.catch_warnings(), made as open_evaluator:
            warnings.simplefilter("ignore")
            return np.sort(run(model, world, open_evaluator)).tolist()

    return once
