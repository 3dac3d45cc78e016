"""The gate: the procedure that made a posterior, run on simulated data sets whose truth is known.

Parameters are drawn from the prior, the model itself gives a history, the error of counting gives figures, and the very
procedure gives a posterior. Over many such data sets the truth must rank uniformly among the draws, parameter by
parameter and for the likelihood as a whole, and intervals must hold it as often as they say. A procedure that fails is
shipped as failed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tregua.calibrate.fit import Fit, Procedure, Told, unseen
from tregua.calibrate.kept import keep, kept
from tregua.calibrate.register import SEED, Rules
from tregua.calibrate.sampler import rhat
from tregua.calibrate.uniform import Detectable, binomial_band, detectable, rank_band
from tregua.runs.shard import digest

Array = np.ndarray[Any, np.dtype[Any]]
Draw = Callable[[Array, int], Any]

LIKELIHOOD = "log_likelihood"
LEVELS = (0.5, 0.9)
LOOKED_AT = 400
"""Draws whose likelihood is held against that of the truth."""
PART = 20
"""Data sets that are drawn and kept together, so that an interrupted gate goes on."""


@dataclass(frozen=True, eq=False)
class Ranks:
    """Where the truth lies among the draws of every simulated data set.

    Attributes
    ----------
    names : tuple of str
        Parameters, then the log likelihood.
    ranks : array, shape (sets, names)
        Share of draws below the truth.
    truth, mean, spread : array, shape (sets, parameters)
        Scores: the truth, and mean and standard deviation of the draws.
    worst_rhat : array, shape (sets,)
    diverged : int
    """

    names: tuple[str, ...]
    ranks: Array
    truth: Array
    mean: Array
    spread: Array
    worst_rhat: Array
    diverged: int


@dataclass(frozen=True)
class Verdict:
    """What the gate says of a posterior.

    Attributes
    ----------
    state : {"passed", "failed"}
    reasons : tuple of (str, str)
        Why it failed, English and Spanish; empty where it passed.
    sets : int
        Simulated data sets.
    outside : tuple of str
        Quantities whose ranks leave the band.
    coverage : mapping
        Level -> (share of intervals that hold the truth, its standard error).
    by_parameter : mapping
        Parameter -> {rank probability, coverage, correlation of truth and estimate, shrinkage ...}.
    detectable : Detectable
    rhat, effective : float
        Of the posterior of the record: the worst.
    diverged : int
    left_out : mapping
        Level -> (fitted counts inside what the other figures expect of them, fewest, most, counts).
    """

    state: str
    reasons: tuple[tuple[str, str], ...]
    sets: int
    outside: tuple[str, ...]
    coverage: dict[str, tuple[float, float]]
    by_parameter: dict[str, dict[str, float]]
    detectable: Detectable
    rhat: float
    effective: float
    diverged: int
    left_out: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)


def rank_truth(
    procedure: Procedure,
    sets: int,
    folder: Path | None = None,
    *,
    seed: int = SEED,
    tell: Told | None = None,
) -> Ranks:
    """Run the procedure on simulated data sets and rank the truth among its draws.

    Parameters
    ----------
    procedure : Procedure
    sets : int
    folder : Path, optional
        Where finished parts are kept, so that an interrupted gate goes on.
    seed : int
    tell : callable, optional
    """
    scores, figures = unseen(procedure, sets, seed)
    names = procedure.bank.coordinates.names
    size = len(names)
    parts = []
    for first in range(0, sets, PART):
        parts.append(rank_part(procedure, scores, figures, first, folder, seed))
        if tell is not None:
            tell("gate", min(first + PART, sets), sets)
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Ranks(
        (*names, LIKELIHOOD),
        whole["ranks"],
        scores[:, :size],
        whole["mean"],
        whole["spread"],
        whole["rhat"],
        int(whole["diverged"].sum()),
    )


def rank_part(
    procedure: Procedure, scores: Array, figures: Array, first: int, folder: Path | None, seed: int
) -> dict[str, Array]:
    """One part of the gate, found in the folder or drawn and kept there.

    Parameters
    ----------
    scores, figures : arrays
        Of all simulated data sets, from `unseen`.
    first : int
        Number of the first data set of the part.
    """
    inside = slice(first, min(first + PART, len(scores)))
    address = f"{procedure.bank.digest} {procedure.trained} {procedure.rules} {procedure.likelihood.size} {seed}"
    key = digest(f"{address} {inside.start} {inside.stop}".encode())[:24]
    place = folder / f"gate-{key}.npz" if folder is not None else None
    found = kept(place) if place is not None else None
    if found is None:
        found = _rank(procedure, scores[inside], figures[inside], seed + 1 + first)
        if place is not None:
            keep(place, found)
    return found


def _rank(procedure: Procedure, scores: Array, figures: Array, seed: int) -> dict[str, Array]:
    chains = procedure.draws(figures, seed)
    sets, size = len(figures), scores.shape[1]
    flat = chains.states.reshape(sets, -1, chains.states.shape[3])
    below = (flat[:, :, :size] < scores[:, None, :]).mean(axis=1)
    # A quantity that sees the figures too (Modrák and others 2023): the likelihood with the common chance at zero.
    ahead = np.empty(sets)
    step = max(1, flat.shape[1] // LOOKED_AT)
    for number in range(sets):
        states = np.zeros((1 + len(flat[number][::step]), flat.shape[2]))
        states[0, :size], states[1:, :size] = scores[number], flat[number][::step, :size]
        told = procedure.likelihood(states, np.broadcast_to(figures[number], (len(states), figures.shape[1])))[0]
        ahead[number] = (told[1:] < told[0]).mean()
    worst = np.array([max(rhat(chains.states[s, :, :, j]) for j in range(size)) for s in range(sets)])
    ranks = np.column_stack([below, ahead])
    return {
        "ranks": ranks,
        "mean": flat[:, :, :size].mean(axis=1),
        "spread": flat[:, :, :size].std(axis=1),
        "rhat": worst,
        "diverged": chains.diverged,
    }


def judge(ranks: Ranks, found: Fit, rules: Rules, left_out: dict[str, tuple[int, int, int, int]]) -> Verdict:
    """Hold ranks, intervals, chains and predictions against the rules of the register.

    Parameters
    ----------
    ranks : Ranks
    found : Fit
        The posterior of the record.
    rules : Rules
    left_out : mapping
        Level -> (fitted counts inside, fewest, most, counts).
    """
    sets, size = ranks.truth.shape
    level = rules.familywise / (size + 1)
    band = rank_band(sets, level)
    extreme = band.extreme(ranks.ranks)
    outside = tuple(name for name, p in zip(ranks.names, extreme, strict=True) if p < band.gamma)
    inner = ranks.ranks[:, :size]
    coverage: dict[str, tuple[float, float]] = {}
    reasons: list[tuple[str, str]] = []
    if outside:
        reasons.append(
            (
                f"the truth does not rank uniformly for {', '.join(outside)}",
                f"la verdad no se ordena uniformemente en {', '.join(outside)}",
            )
        )
    for share in LEVELS:
        hit = (inner > 0.5 - share / 2) & (inner < 0.5 + share / 2)
        by_set = hit.mean(axis=1)
        told, error = float(by_set.mean()), float(by_set.std(ddof=1) / math.sqrt(sets))
        coverage[f"{share:g}"] = (told, error)
        if abs(told - share) > rules.coverage_errors * error:
            reasons.append(
                (
                    f"intervals of {share:.0%} hold the truth in {told:.1%}",
                    f"los intervalos de {share:.0%} contienen la verdad en {told:.1%}",
                )
            )
    worst, least = float(np.nanmax(found.rhat)), float(np.nanmin(found.effective))
    diverged = int(found.chains.diverged.sum())
    if worst > rules.rhat or least < rules.effective or diverged:
        reasons.append(
            (
                f"the chains have not settled: R-hat {worst:.3f}, effective size {least:.0f}, divergences {diverged}",
                f"las cadenas no se han asentado: R-hat {worst:.3f}, tamaño efectivo {least:.0f}, "
                f"divergencias {diverged}",
            )
        )
    unsettled = float((ranks.worst_rhat > rules.set_rhat).mean())
    if unsettled > rules.set_share:
        reasons.append(
            (
                f"chains of {unsettled:.0%} of the simulated data sets have not settled",
                f"las cadenas de {unsettled:.0%} de los datos simulados no se han asentado",
            )
        )
    for name, (count, low, high, total) in left_out.items():
        if not low <= count <= high:
            reasons.append(
                (
                    f"{count} of {total} fitted counts lie inside the {float(name):.0%} that the other figures expect",
                    f"{count} de {total} conteos ajustados caen en el {float(name):.0%} que esperan las demás cifras",
                )
            )
    by_parameter = {}
    posterior = found.scores.std(axis=0)
    for j, name in enumerate(ranks.names[:size]):
        hits = inner[:, j]
        by_parameter[name] = {
            "rank_p": float(extreme[j]),
            "inside_50": float(((hits > 0.25) & (hits < 0.75)).mean()),
            "inside_90": float(((hits > 0.05) & (hits < 0.95)).mean()),
            "recovered": _correlation(ranks.truth[:, j], ranks.mean[:, j]),
            "bias": float(((ranks.mean[:, j] - ranks.truth[:, j]) / ranks.spread[:, j]).mean()),
            "shrinkage": float(1.0 - posterior[j]),
            "rhat": float(found.rhat[j]),
            "effective": float(found.effective[j]),
        }
    return Verdict(
        "failed" if reasons else "passed",
        tuple(reasons),
        sets,
        outside,
        coverage,
        by_parameter,
        detectable(sets, level),
        worst,
        least,
        diverged,
        left_out,
    )


def expected_band(counts: int) -> dict[str, tuple[int, int]]:
    """Fewest and most of the fitted counts that lie inside the intervals of each level, with a probability of 0.95."""
    return {f"{share:g}": binomial_band(counts, share) for share in LEVELS}


def _correlation(x: Array, y: Array) -> float:
    if len(x) < 3 or x.std() == 0 or y.std() == 0:
        return math.nan
    return float(np.corrcoef(x, y)[0, 1])
