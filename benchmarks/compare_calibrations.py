"""Compare calibration procedures on the same bank and the same simulated data sets; prints one line each.

Usage: python benchmarks/compare_calibrations.py [HISTORIES] [DATA SETS] [FOLDER OF THE BANK]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from tregua.calibrate.fit import prepare, unseen
from tregua.calibrate.likelihood import PHI, simulate_figures
from tregua.calibrate.negative_binomial import log_density
from tregua.calibrate.register import SEED, Rules
from tregua.calibrate.regression import effective_weights, regress
from tregua.case.load import load_case
from tregua.model.parameter import keyed_stream


def told(name: str, ranks: np.ndarray, spread: np.ndarray, seconds: float) -> None:
    """Coverage, sharpness and time of one procedure."""
    inside = [float(((ranks > 0.5 - s / 2) & (ranks < 0.5 + s / 2)).mean()) for s in (0.5, 0.9)]
    print(
        f"{name:36} inside 50 %: {inside[0]:.3f}  inside 90 %: {inside[1]:.3f}  "
        f"mean spread: {spread.mean():.3f}  seconds a data set: {seconds:.2f}",
        flush=True,
    )


def main(histories: int = 60_000, sets: int = 60, folder: Path | None = None) -> None:
    rules = Rules(bank=histories)
    procedure = prepare(load_case("el_salvador_2012"), "default", rules, folder)
    bank, size = procedure.bank, len(procedure.bank.coordinates.names)
    truth, figures = unseen(procedure, sets, SEED)
    read = bank.read(histories, folder)
    scores = bank.scores(range(len(read)))
    phi = bank.coordinates.values(scores)[:, bank.coordinates.names.index(PHI)]
    # Importance weights: what the figures of the record say of every history of the bank, chance and all.
    counts = np.round(np.exp(bank.figures.scaled[: bank.figures.counts]))
    weight = log_density(counts, np.exp(read[:, : bank.figures.counts]), phi).sum(axis=1)
    off = (bank.figures.scaled - read)[:, bank.figures.counts :] / bank.figures.errors[bank.figures.counts :]
    print(f"importance weights: {effective_weights(weight - 0.5 * (off**2).sum(axis=1)):.1f} of {len(read)} effective")
    noisy = simulate_figures(read, phi, bank.figures.counts, bank.figures.errors, keyed_stream(SEED, "comparison"))
    adjusted = regress(scores, noisy, SEED)
    began = time.perf_counter()
    ranks, spread = np.empty((sets, size)), np.empty((sets, size))
    for i in range(sets):
        drawn, weights = adjusted.draws(figures[i])
        ranks[i] = ((drawn < truth[i]) * weights[:, None]).sum(axis=0)
        mean = (drawn * weights[:, None]).sum(axis=0)
        spread[i] = np.sqrt((((drawn - mean) ** 2) * weights[:, None]).sum(axis=0))
    told("regression-adjusted rejection", ranks, spread, (time.perf_counter() - began) / sets)
    began = time.perf_counter()
    states = procedure.draws(figures, SEED).states.reshape(sets, -1, procedure.likelihood.size)[:, :, :size]
    seconds = (time.perf_counter() - began) / sets
    told("emulated likelihood, HMC", (states < truth[:, None]).mean(axis=1), states.std(axis=1), seconds)


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 60_000,
        int(sys.argv[2]) if len(sys.argv) > 2 else 60,
        Path(sys.argv[3]) if len(sys.argv) > 3 else None,
    )
