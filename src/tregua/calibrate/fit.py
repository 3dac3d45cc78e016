"""Fit one reading: a bank of histories, an emulator learnt from it, chains over the likelihood of the figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.calibrate.bank import SHARD, Bank
from tregua.calibrate.emulator import learn
from tregua.calibrate.likelihood import PHI, Likelihood, simulate_figures
from tregua.calibrate.register import NAMES, SEED, Rules
from tregua.calibrate.sampler import Chains, effective_size, rhat, sample
from tregua.errors import ModelError, UsageError
from tregua.model.parameter import keyed_stream

if TYPE_CHECKING:
    from tregua.case.load import Case
    from tregua.model.compiled import Engine
    from tregua.model.parameter import Parameter

Array = np.ndarray[Any, np.dtype[Any]]
Told = Callable[[str, int, int], None]
"""Told the stage, and how much of it is done of how much."""

POOL = 4000
"""Histories of the bank among whose scores chains begin."""


@dataclass(frozen=True, eq=False)
class Procedure:
    """What makes a posterior out of figures; the same for the figures of the record and for simulated ones.

    Attributes
    ----------
    bank : Bank
    likelihood : Likelihood
    rules : Rules
    pool : array, shape (n, parameters of the emulator)
    trained : int
        Histories that the emulator was learnt from; those after them have never been seen.
    threads : int
    """

    bank: Bank
    likelihood: Likelihood
    rules: Rules
    pool: Array
    trained: int
    threads: int = 2

    def draws(self, figures: Array, seed: int, progress: Callable[[int], None] | None = None) -> Chains:
        """Posterior states for each row of figures.

        Parameters
        ----------
        figures : array, shape (sets, figures)
            On their scale.
        seed : int
        """
        return sample(
            self.likelihood, figures, self.pool, seed, self.rules.chains, threads=self.threads, progress=progress
        )


@dataclass(frozen=True, eq=False)
class Fit:
    """A posterior under one reading, not yet tested.

    Attributes
    ----------
    procedure : Procedure
    chains : Chains
        For the figures of the case, one set.
    names : tuple of str
    values : array, shape (draws, names)
        Joint draws as the model takes them, factors of the reading applied.
    scores : array, shape (draws, names)
        The same draws as scores under the prior.
    rhat, effective : array, shape (names,)
    """

    procedure: Procedure
    chains: Chains
    names: tuple[str, ...]
    values: Array
    scores: Array
    rhat: Array
    effective: Array


def prepare(
    case: Case,
    reading: str,
    rules: Rules,
    folder: Path | None = None,
    *,
    seed: int = SEED,
    threads: int = 2,
    kernel: Engine | None = None,
    tell: Told | None = None,
) -> Procedure:
    """The bank and the emulator of a reading.

    Parameters
    ----------
    case : Case
    reading : str
        ``default``, or one that needs a fit of its own.
    rules : Rules
    folder : Path, optional
        Where shards of the bank lie, so that an interrupted fit goes on.
    seed, threads, kernel, tell
        As elsewhere.

    Raises
    ------
    CaseError
        Too few figures.
    UsageError
        No such reading, or one without a fit of its own.
    ModelError
        Histories that could not be computed.
    """
    refuse_unfitted(case, reading)
    bank = Bank.of(case, reading, NAMES, seed, kernel=kernel)
    asked = rules.histories(case.readings[reading].refit)

    def follow(done: int) -> None:
        if tell is not None:
            tell("bank", done, asked)

    read = bank.read(asked, folder, threads=threads, progress=follow)
    scores = bank.scores(range(len(read)))
    broken = np.isnan(read).any(axis=1)
    if broken.mean() > 0.01:
        raise ModelError(
            "too many histories of the bank could not be computed",
            key="bank",
            found=f"{int(broken.sum())} of {len(read)}",
            allowed="1 % at most",
            mend="look at the priors: some draws are refused by the model",
        )
    inner = [j for j, name in enumerate(bank.coordinates.names) if name != PHI]
    if tell is not None:
        tell("learn", 0, 1)
    emulator = learn(
        tuple(bank.coordinates.names[j] for j in inner),
        scores[~broken][:, inner],
        read[~broken],
        seed,
        rules.training,
        rules.factors,
    )
    if tell is not None:
        tell("learn", 1, 1)
    figures = bank.figures
    likelihood = Likelihood(emulator, bank.coordinates, figures.counts, figures.errors)
    return Procedure(bank, likelihood, rules, scores[:POOL], len(read), threads)


def fit(procedure: Procedure, tell: Told | None = None) -> Fit:
    """The posterior of the figures of the case."""
    bank = procedure.bank
    if tell is not None:
        tell("chains", 0, 1)
    chains = procedure.draws(bank.figures.scaled[None, :], SEED)
    if tell is not None:
        tell("chains", 1, 1)
    names = bank.coordinates.names
    states = chains.states[0][:, :, : len(names)]
    flat = states.reshape(-1, len(names))
    thin = flat[:: max(1, len(flat) // procedure.rules.draws)][: procedure.rules.draws]
    values = bank.coordinates.values(thin)
    for name, factor in bank.rule.scales.items():
        if name in names:
            values[:, names.index(name)] *= factor
    values = _short(values, [bank.kernel.parameters[name] for name in names])
    return Fit(
        procedure,
        chains,
        names,
        values,
        thin,
        np.array([rhat(states[:, :, j]) for j in range(len(names))]),
        np.array([effective_size(states[:, :, j]) for j in range(len(names))]),
    )


def _short(values: Array, parameters: Sequence[Parameter]) -> Array:
    """Values at the precision in which they are kept, inside their bounds."""
    out = values.astype(np.float32)
    for j, parameter in enumerate(parameters):
        column = out[:, j]
        column[column.astype(float) > parameter.upper] = np.nextafter(np.float32(parameter.upper), np.float32(-np.inf))
        column[column.astype(float) < parameter.lower] = np.nextafter(np.float32(parameter.lower), np.float32(np.inf))
    return out.astype(float)


def fitted_readings(case: Case) -> tuple[str, ...]:
    """Readings with a fit of their own: the first one that needs no refit, and those that do."""
    first = "default" if "default" in case.readings else next(iter(case.readings), "")
    return tuple(name for name, r in case.readings.items() if name == first or r.refit)


def refuse_unfitted(case: Case, reading: str) -> None:
    """Let only readings with a fit of their own through.

    Raises
    ------
    UsageError
        No such reading, or one without a fit of its own.
    """
    fitted = fitted_readings(case)
    if reading not in fitted:
        known = reading in case.readings
        raise UsageError(
            "this reading has no fit of its own: it is laid over the default one" if known else "no such reading",
            key="--reading",
            found=reading,
            allowed=", ".join(fitted),
            mend="use one of the ids listed",
        )


def unseen(procedure: Procedure, sets: int, seed: int) -> tuple[Array, Array]:
    """Simulated data sets that no emulator has seen: scores, shape (sets, names), and figures, (sets, figures).

    Parameters are drawn from their priors, histories come from the model itself and figures from the error of counting.
    """
    bank = procedure.bank
    first = -(-procedure.trained // SHARD) * SHARD
    rows = range(first, first + sets)
    with ThreadPoolExecutor(max(1, procedure.threads)) as workers:
        read = bank.compute(rows, workers)
    scores = bank.scores(rows)
    names = bank.coordinates.names
    phi = bank.coordinates.values(scores)[:, names.index(PHI)]
    rng = keyed_stream(seed, "simulated figures")
    figures = simulate_figures(read, phi, bank.figures.counts, bank.figures.errors, rng)
    return scores, figures
