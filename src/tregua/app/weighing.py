"""Weights and thresholds of whoever asks, laid on the compared responses that the store holds.

Nobody is given a default: weights come in with the request, and the three published sets of weights over readings are
told side by side. Responses keep their fixed order; the record is shown nowhere here, because it is never ranked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.errors import StoreError, UsageError
from tregua.explore.answers import satisficing
from tregua.explore.contrast import differences, spread
from tregua.explore.regret import OUTCOME_PRESETS, READING_PRESETS, RESAMPLES, Regret, regret, utilities
from tregua.model.outcomes import OUTCOMES
from tregua.report.format import kind_of
from tregua.report.inputs import TABLE_OUTCOMES, Estimate

if TYPE_CHECKING:
    from tregua.app.pages import Pages
    from tregua.app.telling import Voice
    from tregua.case.load import Case
    from tregua.runs.cube import Cube

REFERENCE = "no_truce"
WEIGHED: tuple[str, ...] = tuple(dict.fromkeys(id for preset in OUTCOME_PRESETS.values() for id in preset.weights))
"""Outcomes to which a published set gives a weight: those that have a measure in deaths at all."""
BOUND: tuple[str, ...] = tuple(id for id in TABLE_OUTCOMES if OUTCOMES[id].harm != "none")
"""Outcomes of the table for which somebody may set the most that they would accept."""


def form(labels: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """What the page needs to ask for weights and thresholds, as plain data."""

    def told(id: str) -> dict[str, Any]:
        en, es = labels.get(id, (OUTCOMES[id].meaning_en, OUTCOMES[id].meaning_es))
        return {"id": id, "label": {"en": en, "es": es}, "unit": OUTCOMES[id].unit}

    return {
        "weighed": [told(id) for id in WEIGHED],
        "bound": [told(id) for id in BOUND],
        "presets": [
            {
                "id": preset.id,
                "label": {"en": preset.title_en, "es": preset.title_es},
                "meaning": {"en": preset.meaning_en, "es": preset.meaning_es},
                "weights": dict(preset.weights),
            }
            for preset in OUTCOME_PRESETS.values()
        ],
        "beliefs": list(READING_PRESETS),
    }


def weighed(
    case: Case, pages: Pages, voice: Voice, decision: str, horizon: int, weights: Mapping[str, float],
    thresholds: Mapping[str, float],
) -> dict[str, Any]:  # fmt: skip
    """Regret of every response under these weights, and how often it stays within these thresholds.

    Raises
    ------
    UsageError
        Nothing has been compared yet, or weights or thresholds that cannot be used.
    """
    cube = compared(pages, decision, horizon)
    loss = _loss(case, cube, decision, weights, horizon)
    met = satisficing(cube, dict(thresholds), horizon) if thresholds else None

    def text(value: float, mcse: float) -> dict[str, str]:
        told = voice.estimate(Estimate(float(value), mcse=float(mcse)), "count", signed=False)
        return {lang: one["value"] for lang, one in told.items()}

    rows = []
    # the case's own order, whatever the numbers say
    for arm in (id for id in case.decisions[decision].arms if id in loss.arms):
        i = loss.arms.index(arm)
        row: dict[str, Any] = {
            "arm": arm,
            "worst": {"value": float(loss.worst[i]), "text": text(loss.worst[i], loss.mcse_worst[i])},
            "under": loss.worst_under[i],
            "expected": {
                id: {"value": float(one.regret[i]), "text": text(one.regret[i], one.mcse[i])}
                for id, one in loss.expected.items()
            },
            "outcomes": against(cube, voice, arm, horizon),
        }
        if met is not None and arm in met.arms:
            reading, share = met.worst(arm)
            row["met"] = {"share": share, "under": reading, "text": share_text(voice, share, loss.draws)}
        rows.append(row)
    return {
        "decision": decision,
        "years": horizon,
        "horizons": list(cube.horizons),
        "draws": loss.draws,
        "readings": list(loss.readings),
        "rows": rows,
        "least": _least(loss),
        "reading": _first(cube),
        "steady": share_text(voice, loss.steady, RESAMPLES),
    }


def compared(pages: Pages, decision: str, horizon: int) -> Cube:
    """The compared histories of a decision.

    Raises
    ------
    UsageError
        Nothing has been compared yet, or not over so many years.
    """
    cube = pages.cube(decision)
    if cube is None:
        raise UsageError(
            "nothing has been compared for this decision", key="decision", found=decision,
            allowed="a decision with results", mend="start a job, then come back",
        )  # fmt: skip
    if horizon not in cube.horizons:
        allowed = ", ".join(str(years) for years in cube.horizons)
        raise UsageError("no such horizon", key="years", found=horizon, allowed=allowed, mend="use one of these")
    return cube


def _loss(case: Case, cube: Cube, decision: str, weights: Mapping[str, float], horizon: int) -> Regret:
    records = [arm.id for arm in case.decisions[decision].arms.values() if arm.record]
    try:
        return regret(utilities(cube, dict(weights), horizon, records=records))
    except StoreError as error:
        raise UsageError(
            "not every response has been compared under every reading", key="decision", found=decision,
            allowed="a whole comparison", mend="start a job, or let it come to its end",
        ) from error  # fmt: skip


def _least(loss: Regret) -> dict[str, str]:
    return {"worst": loss.minimax, **{id: one.best for id, one in loss.expected.items()}}


def least(case: Case, cube: Cube, decision: str, weights: Mapping[str, float], horizon: int) -> dict[str, str]:
    """Response with the smallest worst regret, and with the smallest mean regret under each set of weights of readings.

    Raises
    ------
    UsageError
        Weights that cannot be used, or a comparison that is not whole.
    """
    return _least(_loss(case, cube, decision, weights, horizon))


def _first(cube: Cube) -> str:
    return "default" if "default" in cube.readings else cube.readings[0]


def against(cube: Cube, voice: Voice, arm: str, horizon: int) -> list[dict[str, Any]]:
    """Every outcome of the table against no truce: a response is never told by its regret alone."""
    if arm == REFERENCE:
        return []
    out = []
    for outcome in TABLE_OUTCOMES:
        values, draws = differences(cube, arm, outcome, horizon, _first(cube), reference=REFERENCE)
        found = spread(values[None, :], draws)
        estimate = Estimate(float(found.median[0]), mcse=float(found.mcse[0]) if np.isfinite(found.mcse[0]) else None)
        told = voice.estimate(estimate, kind_of(OUTCOMES[outcome].unit), signed=True)
        out.append({"outcome": outcome, "text": {lang: one["value"] for lang, one in told.items()}})
    return out


def share_text(voice: Voice, share: float, n: int) -> dict[str, str]:
    """A share of runs in print."""
    return {lang: fmt.of_runs(share, n) for lang, fmt in voice.formats.items()}


def read(pages: Pages, decision: str) -> Cube | None:
    """The compared histories of one decision; None where there are none."""
    from tregua.runs.query import cube

    shards = [shard for shard in pages.experiment.compare_shards(decision) if shard in pages.store]
    return cube(pages.store, decision, shards) if shards else None
