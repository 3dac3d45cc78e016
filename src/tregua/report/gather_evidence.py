"""What is worth finding out, and killings against rights: rows of sections 6 and 7, from the first decision."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.explore.contrast import differences
from tregua.explore.experiment import STORIES
from tregua.explore.regret import OUTCOME_PRESETS, Repeats, utilities
from tregua.explore.value_of_evidence import (
    LEAST_DRAWS,
    QUESTIONS,
    parameter_draws,
    value_of_evidence,
    value_of_parameters,
)
from tregua.model.policies import REFERENCE_ARM
from tregua.report.inputs import BELIEFS, RIGHTS_AGAINST, Estimate, Finding, Spot

if TYPE_CHECKING:
    from tregua.case.load import Case
    from tregua.explore.experiment import Experiment
    from tregua.explore.value_of_evidence import Item
    from tregua.ledger import Ledger
    from tregua.runs.cube import Cube

RESAMPLES, PERMUTATIONS = 100, 30
FEWEST_READINGS = 3
CORNERS = 24
HALF = math.sqrt(2 * math.log(2))
"""Radius, in standard deviations, of the ellipse that holds half of a bivariate normal."""


def findings(
    case: Case, experiment: Experiment, decision: str, cube: Cube, horizon: int, ledger: Ledger | None
) -> tuple[Finding, ...]:
    """Value of settling readings and questions under every preset and belief, of parameters under the middle preset.

    Empty where too little was compared to choose between responses or readings.
    """
    records = [a.id for a in case.decisions[decision].arms.values() if a.record]
    choosable = [arm for arm in cube.arms if arm not in records]
    if len(choosable) < 2 or len(cube.draws) < 2 or len(cube.readings) < FEWEST_READINGS:
        return ()
    presets = list(OUTCOME_PRESETS.values())
    middle = presets[len(presets) // 2]
    out: list[Finding] = []
    for preset in presets:
        u = utilities(cube, preset, horizon, records=records)
        repeats = Repeats(u, RESAMPLES, PERMUTATIONS)
        for belief in BELIEFS:
            items: dict[str, Item] = value_of_evidence(u, belief, groups=QUESTIONS, repeats=repeats)
            if preset is middle and len(u.draws) >= LEAST_DRAWS:
                x, names = parameter_draws(experiment, u.draws)
                items |= value_of_parameters(u, x, names, belief, resamples=RESAMPLES, permutations=PERMUTATIONS)
            for name, item in items.items():
                value = item.value
                out.append(
                    Finding(
                        decision,
                        horizon,
                        preset.id,
                        belief,
                        item.kind,
                        name,
                        Estimate(value.value, value.q05, value.q95, value.mcse, value.mcse, len(u.draws)),
                        item.matters,
                        value.choice,
                        tuple(value.switches.items()),
                        _claims(ledger, item.kind, name),
                    )
                )
    return tuple(out)


def _claims(ledger: Ledger | None, kind: str, name: str) -> tuple[str, ...]:
    """Claims that bear on a dispute, without those about a person: they are never part of a ranking."""
    if ledger is None or kind == "group":
        return ()
    ids = {link.claim for link in ledger.links_to(kind, name) if link.target != "*"}
    return tuple(id for id, claim in ledger.claims.items() if id in ids and not claim.about_person)


def spots(case: Case, decision: str, cube: Cube, horizon: int) -> tuple[Spot, ...]:
    """Homicides against each rights outcome under the three stories, and who is not beaten on both."""
    out: list[Spot] = []
    for reading in STORIES:
        if reading not in cube.readings:
            continue
        for outcome in RIGHTS_AGAINST:
            clouds: dict[str, Any] = {}
            for arm in cube.arms:
                if arm == REFERENCE_ARM:
                    continue
                x, _ = differences(cube, arm, outcome, horizon, reading)
                y, _ = differences(cube, arm, "homicides", horizon, reading)
                both = np.stack([np.asarray(x, float), np.asarray(y, float)])
                both = both[:, np.isfinite(both).all(axis=0)]
                if both.shape[1] >= 2:
                    clouds[arm] = both
            means = {arm: cloud.mean(axis=1) for arm, cloud in clouds.items()}
            records = {a.id for a in case.decisions[decision].arms.values() if a.record}
            for arm, cloud in clouds.items():
                mine = means[arm]
                beaten = any(
                    (other <= mine).all() and (other < mine).any()
                    for name, other in means.items()
                    if name != arm and name not in records
                )
                centre = np.median(cloud, axis=1)
                out.append(
                    Spot(
                        decision,
                        horizon,
                        arm,
                        reading,
                        outcome,
                        float(centre[0]),
                        float(centre[1]),
                        _ellipse(centre, np.cov(cloud)),
                        not beaten and arm not in records,
                    )
                )
    return tuple(out)


def _ellipse(centre: Any, covariance: Any) -> tuple[tuple[float, float], ...]:
    values, vectors = np.linalg.eigh(covariance)
    angle = np.linspace(0.0, 2.0 * np.pi, CORNERS + 1)
    circle = HALF * np.sqrt(np.maximum(values, 0.0))[:, None] * np.stack([np.cos(angle), np.sin(angle)])
    points = centre[:, None] + vectors @ circle
    return tuple((float(f"{x:.4g}"), float(f"{y:.4g}")) for x, y in points.T)
