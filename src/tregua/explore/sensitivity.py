"""What moves a contrast: Sobol indices with chance as a factor of its own, and a tornado of the untestable.

Sobol indices (Saltelli and others, *Comput. Phys. Commun.* 181, 2010) through SALib, of one contrast and never of a
level. The factors are the parameters of the core tier that are drawn by themselves, each by the level of its prior;
the joint draw of the fitted parameters, which are correlated, as one factor; and chance. What chance explains, alone
and with the others, is the replication noise: it stands in a row of its own and in no other first-order index.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tregua.errors import UsageError, optional
from tregua.explore.outside import READ, Paired, core, prior_quantiles, untestable

Array = np.ndarray[Any, np.dtype[Any]]

FITTED, CHANCE = "fitted", "chance"
"""The joint draw of the fitted parameters, and luck."""

LEAST_SAMPLES = 8
_LUCKS = 1_000_000


@dataclass(frozen=True)
class Index:
    """How much one factor explains of the variance of a contrast.

    Attributes
    ----------
    factor : str
        A parameter, ``fitted`` or ``chance``.
    first, total : float
        Share explained alone; alone and together with the others. Estimates may lie a little outside 0..1.
    mcse_first, mcse_total : float
        Monte-Carlo errors.
    """

    factor: str
    first: float
    total: float
    mcse_first: float
    mcse_total: float


@dataclass(frozen=True)
class Bar:
    """One bar of a tornado: the contrast with one parameter at the ends of its prior, the others at their default.

    Attributes
    ----------
    parameter : str
    at_low, at_high : float
        Parameter values at 5 and 95 % of the prior.
    low, high : float
        Mean contrast there.
    mcse : float
        Error of `high - low`, over the same luck on both sides.
    evidence : str
        What the parameter rests on.
    """

    parameter: str
    at_low: float
    at_high: float
    low: float
    high: float
    mcse: float
    evidence: str

    @property
    def width(self) -> float:
        return abs(self.high - self.low)

    @property
    def known(self) -> bool:
        """True where the bar is longer than two errors."""
        return self.width > 2 * self.mcse


def sobol(
    evaluate: Callable[[Array], Array], factors: Sequence[str], samples: int = 64, seed: int = 0, resamples: int = 200
) -> list[Index]:
    """First-order and total Sobol indices of any function on the unit cube, the largest total first.

    Parameters
    ----------
    evaluate : callable
        Array of shape (n, factors) in 0..1 to array of shape (n,).
    factors : sequence of str
    samples : int
        A power of two; the function is evaluated ``samples * (factors + 2)`` times.
    seed, resamples : int

    Raises
    ------
    UsageError
        SALib is missing, or the number of samples cannot be used.
    """
    if samples < LEAST_SAMPLES or samples & (samples - 1):
        raise UsageError(
            "this number of samples cannot be used",
            key="samples",
            found=samples,
            allowed=f"a power of two, {LEAST_SAMPLES} or more",
            mend="use 64, 128 or 256",
        )
    sampler, analyser = salib("sobol")
    problem = _problem(factors)
    x = sampler.sample(problem, samples, calc_second_order=False, seed=seed)
    y = np.asarray(evaluate(x), float)
    if np.ptp(y) == 0:
        return [Index(name, 0.0, 0.0, 0.0, 0.0) for name in factors]
    found = analyser.analyze(
        problem, (y - y.mean()) / y.std(), calc_second_order=False, num_resamples=resamples, conf_level=0.95, seed=seed
    )
    columns = (found["S1"], found["ST"], found["S1_conf"] / 1.96, found["ST_conf"] / 1.96)
    out = [Index(name, *(float(c[i]) for c in columns)) for i, name in enumerate(factors)]
    return sorted(out, key=lambda index: -index.total)


def contrast_sensitivity(
    model: Paired, outcome: str = "homicides", samples: int = 64, seed: int = 0, threads: int = 2
) -> list[Index]:
    """Sobol indices of one contrast over the core tier, the joint fitted draw and chance.

    Parameters
    ----------
    model : Paired
        The contrast.
    outcome : str
    samples, seed, threads : int
    """
    source = model.experiment.source
    names = tuple(name for name in core(model.experiment.parameters) if name not in source.fitted)
    place = outcome_place(outcome)
    joint = source.joint
    factors = [*names, *((FITTED,) if joint else ()), CHANCE]

    def evaluate(x: Array) -> Array:
        values = prior_quantiles(model.experiment.parameters, names, x[:, : len(names)])
        thetas: list[dict[str, float]] = [dict(zip(names, row, strict=True)) for row in values.tolist()]
        if joint:
            for theta, level in zip(thetas, x[:, factors.index(FITTED)], strict=True):
                theta |= joint[min(int(level * len(joint)), len(joint) - 1)]
        lucks = [int(level * _LUCKS) for level in x[:, -1]]
        return np.asarray(model.contrasts(thetas, lucks, threads)[:, place])

    return sobol(evaluate, factors, samples, seed)


def tornado(
    model: Paired,
    outcome: str = "homicides",
    luck: int = 4,
    names: Sequence[str] | None = None,
    threads: int = 2,
) -> list[Bar]:
    """How far each parameter that no figure identifies moves a contrast, one at a time, the longest bar first.

    Parameters
    ----------
    model : Paired
    outcome : str
    luck : int
        Replicates of chance, the same at both ends; at least 2 for an error.
    names : sequence of str, optional
        Those that no figure identifies, by default.
    threads : int
    """
    parameters = model.experiment.parameters
    chosen = tuple(names) if names is not None else untestable(parameters)
    place = outcome_place(outcome)
    ends = prior_quantiles(parameters, chosen, np.array([[0.05] * len(chosen), [0.95] * len(chosen)]))
    thetas = [{name: float(ends[side, i])} for i, name in enumerate(chosen) for side in (0, 1) for _ in range(luck)]
    told = model.contrasts(thetas, [*range(luck)] * (2 * len(chosen)), threads)[:, place].reshape(len(chosen), 2, luck)
    gap = told[:, 1] - told[:, 0]
    error = gap.std(axis=1, ddof=1) / np.sqrt(luck) if luck > 1 else np.full(len(chosen), np.nan)
    out = [
        Bar(
            name, float(ends[0, i]), float(ends[1, i]), float(told[i, 0].mean()), float(told[i, 1].mean()),
            float(error[i]), parameters[name].evidence,
        )
        for i, name in enumerate(chosen)
    ]  # fmt: skip
    return sorted(out, key=lambda bar: -bar.width)


def outcome_place(outcome: str) -> int:
    """Column of an outcome among those a `Paired` reads; UsageError where there is none."""
    if outcome not in READ:
        raise UsageError(
            "no such outcome", key="outcome", found=outcome, allowed=", ".join(READ), mend="use one of those listed"
        )
    return READ.index(outcome)


def _problem(factors: Sequence[str]) -> Mapping[str, Any]:
    return {"num_vars": len(factors), "names": list(factors), "bounds": [[0.0, 1.0]] * len(factors)}


def salib(method: str) -> tuple[Any, Any]:
    """Sampling and analysis of a method of SALib; UsageError where the extra is missing."""
    sample, analyse = (optional(f"SALib.{part}.{method}", "explore", "sensitivity") for part in ("sample", "analyze"))
    return sample, analyse
