"""Calibrate one reading from end to end: prior check, bank, emulator, chains, gate, files."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tregua.calibrate.fit import Fit, Told, fit, prepare, refuse_unfitted
from tregua.calibrate.gate import Ranks, Verdict, judge, rank_truth
from tregua.calibrate.posterior import as_posterior, left_out, predict, write_posterior
from tregua.calibrate.prior_check import Expected, as_plain, prior_check
from tregua.calibrate.register import SEED, Rules, register, register_bytes
from tregua.case.posterior import Posterior, fit_origin
from tregua.model.compiled import engine
from tregua.runs.disk import Disk

if TYPE_CHECKING:
    from tregua.case.load import Case
    from tregua.model.compiled import Engine


@dataclass(frozen=True, eq=False)
class Calibrated:
    """What calibrating one reading gave.

    Attributes
    ----------
    posterior : Posterior
    fit : Fit
    ranks, verdict
        Of the gate; None where it was not asked for.
    expected : tuple of Expected
        What the priors expected of every figure, before the fit.
    seconds : mapping
        Stage -> seconds.
    """

    posterior: Posterior
    fit: Fit
    ranks: Ranks | None
    verdict: Verdict | None
    expected: tuple[Expected, ...]
    seconds: dict[str, float]


def look_before(
    case: Case,
    reading: str,
    folder: Path,
    rules: Rules | None = None,
    *,
    seed: int = SEED,
    threads: int = 2,
    kernel: Engine | None = None,
    tell: Told | None = None,
) -> tuple[Expected, ...]:
    """Write the register, then what priors alone expect of the figures; nothing is fitted.

    Parameters
    ----------
    case, reading, folder, rules, seed, threads, kernel, tell
        As in `calibrate`.

    Raises
    ------
    UsageError
        No such reading, or one without a fit of its own; nothing is written.
    """
    refuse_unfitted(case, reading)
    Disk().write(folder / "register.json", register_bytes(register(case, rules or Rules())))

    def follow(done: int, total: int) -> None:
        if tell is not None:
            tell("priors", done, total)

    found = prior_check(case, reading, folder / "work", seed=seed, threads=threads, kernel=kernel, progress=follow)
    about = {
        "case": case.id,
        "reading": reading,
        "model": (kernel or engine()).digest,
        "origin": fit_origin(case, reading),
        "seed": seed,
    }
    text = json.dumps({**about, **as_plain(found)}, indent=1)
    Disk().write(folder / f"{reading}-prior.json", (text + "\n").encode("utf-8"))
    return found


def calibrate(
    case: Case,
    reading: str,
    folder: Path,
    rules: Rules | None = None,
    *,
    gate: bool = False,
    sets: int | None = None,
    seed: int = SEED,
    threads: int = 2,
    kernel: Engine | None = None,
    tell: Told | None = None,
    made: date | None = None,
) -> Calibrated:
    """Fit one reading and, if asked, run the gate of the very procedure; everything goes to a folder.

    The register and what the priors expect of the figures are written before anything is fitted. What a run that was
    stopped has finished is found again: the bank and the gate lie in parts under ``folder/work``.

    Parameters
    ----------
    case : Case
    reading : str
    folder : Path
        ``<out>/<case>/posterior``.
    rules : Rules, optional
    gate : bool
    sets : int, optional
        Simulated data sets of the gate; those of the rules by default.
    seed, threads, kernel, tell
        As elsewhere.
    made : date, optional
        Today by default.
    """
    rules = rules or Rules()
    seconds: dict[str, float] = {}
    work = folder / "work"

    def timed(stage: str, began: float) -> float:
        now = time.perf_counter()
        seconds[stage] = now - began
        return now

    began = time.perf_counter()
    expected = look_before(case, reading, folder, rules, seed=seed, threads=threads, kernel=kernel, tell=tell)
    began = timed("priors", began)
    procedure = prepare(case, reading, rules, work, seed=seed, threads=threads, kernel=kernel, tell=tell)
    began = timed("prepare", began)
    found = fit(procedure, tell)
    posterior = as_posterior(found)
    began = timed("chains", began)
    told = left_out(found)
    redrawn = predict(found, posterior, threads)
    began = timed("predict", began)
    ranks = verdict = None
    if gate:
        asked = sets if sets is not None else rules.data_sets(case.readings[reading].refit)
        ranks = rank_truth(procedure, asked, work, seed=seed, tell=tell)
        verdict = judge(ranks, found, rules, told)
        timed("gate", began)
    day = (made or date.today()).isoformat()
    kept = write_posterior(folder, found, posterior, ranks, verdict, day, told, redrawn, seconds)
    return Calibrated(kept, found, ranks, verdict, expected, seconds)
