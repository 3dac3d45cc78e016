"""Calibration and validation for a notebook: draws as a labelled array, what was learnt and where it fails as tables.

Both come with ``pip install 'tregua[arrays]'``. They are called `calibrate_case` and `validate_case`, because
``tregua.calibrate`` is the package in which the parts of the procedure lie.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tregua.calibrate.figures import Figures
from tregua.calibrate.fit import fitted_readings
from tregua.calibrate.register import NAMES, SEED, Rules
from tregua.calibrate.study import calibrate
from tregua.calibrate.validation import validate
from tregua.case.draws import draw_source
from tregua.case.load import Case, load_case
from tregua.case.posterior import Gate, Posterior
from tregua.errors import UsageError, optional
from tregua.model.compiled import engine

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas
    import xarray

    from tregua.model.compiled import Engine


@dataclass(frozen=True)
class Fitted:
    """What the figures of a case say of the parameters, under one reading.

    Attributes
    ----------
    draws : xarray.Dataset
        Joint draws, one variable a parameter with dimension draw; its unit in the attributes. The attributes of the
        dataset name case, reading, model, seed and the state of the gate.
    parameters : pandas.DataFrame
        One row a parameter: range under the prior (prior_q05, prior_q50, prior_q95) and after the figures (q05, q50,
        q95), and whether the figures say much, something, little or nothing of it.
    gate : {"passed", "failed", "not_run"}
        Whether the procedure was tested on simulated data sets, and how that went.
    reasons : tuple of str
        Why the gate failed; empty otherwise.
    posterior : Posterior
        As `simulate`, `compare` and the commands use it, manifest included.
    """

    draws: xarray.Dataset
    parameters: pandas.DataFrame
    gate: Gate
    reasons: tuple[str, ...]
    posterior: Posterior


@dataclass(frozen=True)
class Validated:
    """The model held against what it was never fitted to.

    Attributes
    ----------
    source : {"posterior", "provisional", "prior"}
        Where the parameters came from.
    gates : mapping
        Reading -> state of the gate of its posterior; empty without a posterior.
    scores : pandas.DataFrame
        One row a forecast of the counts after the fit window, plain baselines among them: mean ranked probability score
        in deaths a count (crps, smaller is better), log score, counts inside 50 and 90 %. Empty where no count was kept
        for scores.
    skill : pandas.DataFrame
        The model beside every other forecast: one less the ratio of their scores, with the 90 % interval; NaN where the
        counts are too few for one.
    patterns : pandas.DataFrame
        One row a registered pattern and stage (before the fit, after it) with its verdict. Empty for a case that
        registers none.
    readings : pandas.DataFrame
        One row a reading: predictive score of the fitted counts, and whether it is told apart from the first.
    checks : pandas.DataFrame
        One row a check from outside the case, with what was found and what was planted, published or stated.
    told : mapping
        Everything, as ``validation.json`` holds it.
    """

    source: str
    gates: Mapping[str, str]
    scores: pandas.DataFrame
    skill: pandas.DataFrame
    patterns: pandas.DataFrame
    readings: pandas.DataFrame
    checks: pandas.DataFrame
    told: Mapping[str, Any]


def calibrate_case(
    case: Case | str | Path,
    *,
    reading: str | None = None,
    gate: bool = False,
    sets: int | None = None,
    histories: int | None = None,
    seed: int = SEED,
    kernel: Engine | None = None,
    out: str | Path | None = None,
    threads: int | None = None,
) -> Fitted:
    """Fit the parameters to the figures of the fit window of a case (minutes).

    Parameters
    ----------
    case : Case, str or Path
        A case, its folder, or the id of a bundled one.
    reading : str, optional
        One with a fit of its own; the first of the case by default.
    gate : bool
        Test the procedure on simulated data sets too (a quarter of an hour on two cores).
    sets : int, optional
        Simulated data sets of the gate, 10 or more.
    histories : int, optional
        Histories of the bank, 1000 or more; fewer for a quick look.
    seed : int
        Settles every digit.
    kernel : Engine, optional
        From `tregua.engine`, with mechanisms of one's own; the posterior then belongs to that model.
    out : str or Path, optional
        Folder in which the posterior and what was finished are kept and found again, as in
        ``out/CASE/posterior``; a temporary one by default. Give it to `validate_case`, `simulate` and `compare` as
        `posteriors`.
    threads : int, optional
        As many as the machine has cores.

    Raises
    ------
    CaseError
        The case has too few figures to fit: it runs on priors.
    UsageError
        No such reading, a number below what is allowed; xarray or pandas are not installed.
    ModelError
        Histories that could not be computed.
    """
    xr, pd = (optional(name, "arrays", "a labelled result") for name in ("xarray", "pandas"))
    loaded = case if isinstance(case, Case) else load_case(case)
    _at_least("sets", sets, 10)
    _at_least("histories", histories, 1000)
    Figures.of(loaded)
    rules = Rules()
    if histories is not None:
        rules = replace(rules, bank=histories, bank_refit=histories)
    with ExitStack() as stack:
        folder = Path(out) if out else Path(stack.enter_context(TemporaryDirectory(prefix="tregua-")))
        found = calibrate(
            loaded,
            reading or fitted_readings(loaded)[0],
            folder,
            rules,
            gate=gate,
            sets=sets,
            seed=seed,
            threads=threads or os.cpu_count() or 1,
            kernel=kernel,
        )
    posterior = found.posterior
    declared = (kernel or engine()).parameters
    told = posterior.manifest["identifiability"]["parameters"]
    draws = xr.Dataset(
        {
            name: ("draw", posterior.rows[:, j], {"units": declared[name].unit, "long_name": declared[name].meaning_en})
            for j, name in enumerate(posterior.names)
        },
        coords={"draw": range(len(posterior.rows))},
        attrs={
            "case": loaded.id,
            "case_digest": loaded.digest,
            "model_digest": posterior.manifest["model"],
            "reading": posterior.reading,
            "seed": seed,
            "gate": posterior.gate,
        },
    )
    rows = [{"parameter": name, **told[name]} for name in NAMES if name in told]
    reasons = tuple(str(reason[0]) for reason in posterior.manifest["gate"]["reasons"])
    return Fitted(draws, pd.DataFrame(rows), posterior.gate, reasons, posterior)


def validate_case(
    case: Case | str | Path,
    *,
    draws: int = 300,
    seed: int = SEED,
    draws_from: str = "",
    posteriors: str | Path | None = None,
    outside: bool = True,
    kernel: Engine | None = None,
    threads: int | None = None,
) -> Validated:
    """Hold a case against what it was never fitted to; nothing is fitted.

    Parameters
    ----------
    case : Case, str or Path
        A case, its folder, or the id of a bundled one.
    draws : int
        Rows of parameters for each set of histories.
    seed : int
        Settles every digit.
    draws_from : str
        ``posterior``, ``provisional`` or ``prior``; the best that there is by default.
    posteriors : str or Path, optional
        Folder of posteriors of one's own, from `calibrate_case`.
    outside : bool
        Run the checks from outside the case too.
    kernel : Engine, optional
        From `tregua.engine`, with mechanisms of one's own.
    threads : int, optional
        As many as the machine has cores.

    Raises
    ------
    CaseError
        The case has too few figures to be held against: it runs on priors.
    UsageError
        No such source of draws, fewer than two of them; pandas is not installed.
    """
    pd = optional("pandas", "arrays", "a labelled result")
    loaded = case if isinstance(case, Case) else load_case(case)
    Figures.of(loaded)
    own = Path(posteriors) if posteriors else None
    bound = kernel or engine()
    source = draw_source(loaded, bound.digest, asked=draws_from, own=own)
    told = validate(
        loaded, source, draws=draws, seed=seed, threads=threads or os.cpu_count() or 1, kernel=bound, outside=outside
    )
    found = told["hindcast"] or {"scores": {}, "skill": []}
    stages = [{"stage": stage, **row} for stage in ("before", "after") for row in told["patterns"][stage]]
    skill = [{**row, "lo": _number(row["lo"]), "hi": _number(row["hi"])} for row in found["skill"]]
    return Validated(
        told["source"],
        told["gate"],
        pd.DataFrame([{"forecast": name, **row} for name, row in found["scores"].items()]),
        pd.DataFrame(skill),
        pd.DataFrame(stages),
        pd.DataFrame([{"reading": name, **row} for name, row in told["readings"].items()]),
        pd.DataFrame(told["checks"]),
        told,
    )


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _at_least(key: str, value: int | None, least: int) -> None:
    if value is not None and value < least:
        raise UsageError(
            f"{key} asks for too few", key=key, found=value, allowed=f"{least} or more", mend="ask for more"
        )
