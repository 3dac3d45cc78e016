"""Prosecute, list or protect interlocutors on noisy signals: both kinds of error, whatever the signals are worth.

Roles are abstract and only counted together: how many genuine ones are removed, how many agents are active at the
end. How much a year of signals tells is not known by anybody, so every answer is a range over the likelihood ratios
that the prior admits, and the ratio 1.0, at which a signal says nothing, is always among them. Both expert priors
about what interlocutors are stand beside the neutral one; none is the default.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.errors import UsageError
from tregua.explore.contrast import Spread, spread
from tregua.explore.outside import prior_quantiles
from tregua.runs.query import cube as read_cube

if TYPE_CHECKING:
    from tregua.explore.experiment import Experiment
    from tregua.model.parameter import Parameter
    from tregua.runs.shard import Shard
    from tregua.runs.store import Store

Array = np.ndarray[Any, np.dtype[Any]]

EXPERT_PRIORS: Mapping[str, tuple[float, float, float]] = {
    "civil_society": (0.9, 0.05, 0.05),
    "neutral": (1 / 3, 1 / 3, 1 / 3),
    "law_enforcement": (0.1, 0.2, 0.7),
}
"""Shares of genuine, dual and agent roles: both expert priors, the neutral one between them."""

POLICIES: Mapping[str, str] = {
    "protect": "secret_truce",
    "prosecute": "secret_truce_prosecute_brokers",
    "list": "secret_truce_sanctions",
}
"""What is done about interlocutors -> the response of the case that does it, all else equal."""

TYPES = ("type_genuine", "type_dual", "type_agent")
SIGNAL = "signal_info"
ERRORS = ("removals_false", "agents_missed")
"""Genuine roles removed, and agents active at the end: the two errors, never one without the other."""

BESIDE = ("monitoring_lost", "homicides")
_ADMITTED = (0.5, 0.9)


@dataclass(frozen=True)
class Errors:
    """Both errors of one policy under one prior at one worth of the signals.

    Attributes
    ----------
    prior, policy : str
    ratio : float
        Likelihood ratio of a typical year of signals, agent against genuine; 1.0 says nothing.
    removed, missed : Spread
        Genuine roles removed, and agents active at the end, of the roles of the case together.
    watch : Spread
        Share of watching roles lost, against protecting them.
    homicides : Spread
        Killings, against protecting them, with the same luck.
    """

    prior: str
    policy: str
    ratio: float
    removed: Spread
    missed: Spread
    watch: Spread
    homicides: Spread


def admissible_ratios(parameters: Mapping[str, Parameter]) -> tuple[float, ...]:
    """Likelihood ratios of a year of signals that the prior admits, 1.0 always first.

    A year of signals moves the log-odds of an agent by half of `signal_info` on average, so that its typical ratio is
    exp(signal_info / 2). Quantiles of the prior at 50 and 90 % stand for the range above 1.0.
    """
    levels = prior_quantiles(parameters, (SIGNAL,), np.array(_ADMITTED)[:, None])[:, 0]
    return (1.0, *(round(float(math.exp(level / 2)), 2) for level in levels))


def signal_of(ratio: float, parameters: Mapping[str, Parameter]) -> float:
    """The information of a year of signals that has this typical likelihood ratio, in nats.

    Raises
    ------
    UsageError
        A ratio below 1, or beyond what the model can hold.
    """
    highest = math.exp(parameters[SIGNAL].upper / 2)
    if not (math.isfinite(ratio) and 1.0 <= ratio <= highest):
        raise UsageError(
            "no such likelihood ratio",
            key="ratio",
            found=ratio,
            allowed=f"1 to {highest:.3g}",
            mend="1.0 means that signals say nothing",
        )
    return 2.0 * math.log(ratio)


def posterior_range(prior: str, ratios: Sequence[float]) -> tuple[float, float]:
    """Share of agents among all roles with a typical year of signals against them, at its ends over the ratios.

    It is about roles together under one of the published priors; there is no such number for one role. Dual roles
    give signals half-way, as in the model.

    Parameters
    ----------
    prior : str
        An id of `EXPERT_PRIORS`.
    ratios : sequence of float
        1.0 is added where it is missing.

    Raises
    ------
    UsageError
        No such prior.
    """
    if prior not in EXPERT_PRIORS:
        raise UsageError(
            "no such prior", key="prior", found=prior, allowed=", ".join(EXPERT_PRIORS), mend="use one of those listed"
        )
    genuine, dual, agent = EXPERT_PRIORS[prior]
    shares = [agent * r / (agent * r + dual * math.sqrt(r) + genuine) for r in {1.0, *ratios}]
    return min(shares), max(shares)


def interlocutor_experiments(
    experiment: Experiment, ratios: Sequence[float] = ()
) -> dict[tuple[str, float], Experiment]:
    """One experiment for each prior and ratio, all with the same draws and luck.

    Parameters
    ----------
    experiment : Experiment
        Its case must have the responses of `POLICIES`.
    ratios : sequence of float, optional
        Those that the prior admits, by default; 1.0 is added where it is missing.

    Raises
    ------
    UsageError
        A ratio that cannot be, or a case without the responses.
    """
    known = {arm for point in experiment.case.decisions.values() for arm in point.arms}
    missing = [arm for arm in POLICIES.values() if arm not in known]
    if missing:
        raise UsageError(
            "this case has no such response to interlocutors",
            key="arms",
            found=", ".join(missing),
            allowed=", ".join(POLICIES.values()),
            mend="add them to arms.csv",
        )
    parameters = experiment.parameters
    chosen = sorted({1.0, *(ratios or admissible_ratios(parameters))})
    out = {}
    for prior, shares in EXPERT_PRIORS.items():
        for ratio in chosen:
            held = {**dict(zip(TYPES, shares, strict=True)), SIGNAL: signal_of(ratio, parameters)}
            out[prior, ratio] = replace(
                experiment,
                readings=("default",),
                arms=tuple(POLICIES.values()),
                overrides={**experiment.overrides, **held},
            )
    return out


def interlocutor_shards(
    experiments: Mapping[tuple[str, float], Experiment], decision: str
) -> dict[tuple[str, float], list[Shard]]:
    """Shards of every prior and ratio."""
    return {key: one.compare_shards(decision) for key, one in experiments.items()}


def interlocutor_errors(
    experiments: Mapping[tuple[str, float], Experiment], store: Store, decision: str, horizon: int
) -> list[Errors]:
    """Both errors of every policy, from finished shards.

    Returns
    -------
    list of Errors
        By prior (as in `EXPERT_PRIORS`), ratio and policy (as in `POLICIES`).

    Raises
    ------
    StoreError
        E55: a shard is not finished.
    """
    out = []
    for (prior, ratio), one in experiments.items():
        found = read_cube(
            store, decision, one.compare_shards(decision), readings=("default",), arms=tuple(POLICIES.values()),
            horizons=(horizon,), outcomes=(*ERRORS, *BESIDE),
        )  # fmt: skip
        keep = ~found.lost("default").reshape(-1)
        draws = np.repeat(np.array(found.draws), len(found.lucks))[keep]
        flat = found.values[0, :, 0].reshape(len(found.arms), len(found.outcomes), -1)[..., keep]
        for policy, arm in POLICIES.items():
            here, safe = flat[found.at("arm", arm)], flat[found.at("arm", POLICIES["protect"])]
            rows = {name: here[found.at("outcome", name)] for name in ERRORS}
            rows |= {name: (here - safe)[found.at("outcome", name)] for name in BESIDE}
            out.append(Errors(prior, policy, ratio, *(spread(row, draws) for row in rows.values())))
    return out
