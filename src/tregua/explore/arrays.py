"""Histories and comparisons as labelled arrays and tables, for notebooks: xarray and pandas in place of files.

Both come with ``pip install 'tregua[arrays]'``. Every array says in its attributes which case, model and seed made it,
so that results of another model cannot be taken for these.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.case.load import Case, load_case
from tregua.errors import UsageError, optional
from tregua.explore.comparison import Comparison, comparison_shards, comparisons
from tregua.explore.experiment import RECORD_ARM, Experiment, Worker
from tregua.explore.uncertainty import DEFAULT_SEED
from tregua.explore.yearly import simulate_years
from tregua.model.outcomes import OUTCOMES
from tregua.model.simulate import WEEK
from tregua.runs.local import run_shards
from tregua.runs.store import Store

if TYPE_CHECKING:
    import pandas
    import xarray

    from tregua.model.compiled import Engine

NOT_A_FORECAST = "simulated histories, not a forecast; not about any person"


@dataclass(frozen=True)
class Compared:
    """Every response of a decision under every reading.

    Attributes
    ----------
    values : xarray.Dataset
        One variable an outcome, with dimensions variant, reading, arm, horizon, draw, luck. `variant` is the decision,
        and ``<decision>_halt_ends`` where a halt of the gangs' own can end that day. Histories are paired: subtract
        ``sel(arm="no_truce")`` before anything else is done with them.
    contrasts : pandas.DataFrame
        One row a variant, reading, arm, horizon and outcome: median, q05, q95 of the difference against no truce, the
        Monte-Carlo error of the median, chances of a fall and of a rise, whether the sign flips between readings, and
        which share of the spread is assumption.
    """

    values: xarray.Dataset
    contrasts: pandas.DataFrame


def simulate(
    case: Case | str | Path,
    *,
    draws: int = 24,
    luck: int = 1,
    seed: int = DEFAULT_SEED,
    reading: str = "default",
    arm: str = RECORD_ARM,
    decision: str | None = None,
    start: date | None = None,
    end: date | None = None,
    step: float = WEEK,
    settings: Mapping[str, float] | None = None,
    kernel: Engine | None = None,
    draws_from: str = "",
    posteriors: str | Path | None = None,
    threads: int | None = None,
) -> xarray.Dataset:
    """Simulate histories and read them by calendar year.

    Parameters
    ----------
    case : Case, str or Path
        A case, its folder, or the id of a bundled one.
    draws, luck : int
        Rows of parameters, and replicates of chance for each.
    seed : int
    reading, arm : str
    decision : str, optional
        Decision at which `arm` begins; without it only the history as it happened can be asked for.
    start, end : date, optional
        First day shown; last day of the run.
    step : float
        Days a step.
    settings : mapping, optional
        Parameters held at a value.
    kernel : Engine, optional
        From `tregua.engine`, with mechanisms of one's own.
    draws_from : str
        ``posterior``, ``provisional`` or ``prior``; the best that there is by default.
    posteriors : str or Path, optional
        Folder of posteriors of one's own, from `calibrate_case`.
    threads : int, optional
        As many as the machine has cores.

    Returns
    -------
    xarray.Dataset
        One variable an outcome, with dimensions draw, luck, year: flows over the year, stocks at its end.

    Raises
    ------
    CaseError, UsageError, ModelError
        What cannot be run; xarray is not installed.
    """
    xr = optional("xarray", "arrays", "a labelled result")
    experiment = _experiment(
        case, draws, luck, seed, settings, kernel, step=step, draws_from=draws_from, posteriors=posteriors
    )
    years = simulate_years(
        experiment,
        reading=reading,
        arm=arm,
        decision=decision,
        start=start,
        end=end,
        threads=threads or os.cpu_count() or 1,
    )
    shape = (draws, luck, len(years.spans), len(years.outcomes))
    values = years.values.reshape(shape)
    first = np.array([span[0] for span in years.spans], dtype="datetime64[ns]")
    last = np.array([span[1] for span in years.spans], dtype="datetime64[ns]")
    made = xr.Dataset(
        {name: (("draw", "luck", "year"), values[..., i], _about(name)) for i, name in enumerate(years.outcomes)},
        coords={
            "draw": np.arange(draws),
            "luck": np.arange(luck),
            "year": [span[0].year for span in years.spans],
            "first_day": ("year", first),
            "last_day": ("year", last),
        },
    )
    return made.assign_attrs({**_origin(experiment), "reading": reading, "arm": arm, "decision": decision or ""})


def compare(
    case: Case | str | Path,
    *,
    decision: str | None = None,
    draws: int = 24,
    luck: int = 1,
    seed: int = DEFAULT_SEED,
    readings: Sequence[str] = (),
    arms: Sequence[str] = (),
    step: float = WEEK,
    settings: Mapping[str, float] | None = None,
    kernel: Engine | None = None,
    draws_from: str = "",
    posteriors: str | Path | None = None,
    out: str | Path | None = None,
    threads: int | None = None,
) -> Compared:
    """Compare responses under rival readings.

    Parameters
    ----------
    case : Case, str or Path
        A case, its folder, or the id of a bundled one.
    decision : str, optional
        The first of the case by default.
    draws, luck, seed, step, settings, kernel, draws_from, posteriors, threads
        As in `simulate`.
    readings, arms : sequence of str
        Only these; all by default. The reference is always added.
    out : str or Path, optional
        A folder in which runs are kept and found again; a temporary one by default. A folder that holds results of
        another model or case is refused.

    Raises
    ------
    CaseError, UsageError, ModelError
        What cannot be run; xarray or pandas are not installed.
    StoreError
        The folder holds results of another model or case.
    """
    xr, pd = (optional(name, "arrays", "a labelled result") for name in ("xarray", "pandas"))
    experiment = _experiment(
        case, draws, luck, seed, settings, kernel, step=step, readings=readings, arms=arms, draws_from=draws_from,
        posteriors=posteriors,
    )  # fmt: skip
    chosen = decision or next(iter(experiment.case.decisions), None)
    if chosen is None:
        raise UsageError(
            "the case has no decision",
            key="decision",
            found="none",
            allowed="a [[decisions]] table in case.toml",
            mend="add one, or use simulate",
        )
    shards = comparison_shards(experiment, chosen)
    with TemporaryDirectory(prefix="tregua-") as made:
        store = Store.open(Path(out) if out else Path(made), experiment.origin, case_id=experiment.case.id)
        run_shards(shards, Worker(experiment), store, threads=threads or os.cpu_count() or 1)
        found = comparisons(experiment, store, chosen)
    origin = {**_origin(experiment), "decision": chosen}
    return Compared(_cubes(xr, found).assign_attrs(origin), _table(pd, found))


def _experiment(
    case: Case | str | Path,
    draws: int,
    luck: int,
    seed: int,
    settings: Mapping[str, float] | None,
    kernel: Engine | None,
    *,
    step: float,
    readings: Sequence[str] = (),
    arms: Sequence[str] = (),
    draws_from: str = "",
    posteriors: str | Path | None = None,
) -> Experiment:
    return Experiment(
        case if isinstance(case, Case) else load_case(case),
        draws=draws,
        luck=luck,
        seed=seed,
        readings=tuple(readings),
        arms=tuple(arms),
        step=step,
        overrides=dict(settings or {}),
        kernel=kernel,
        draws_from=draws_from,
        posteriors=str(posteriors) if posteriors else "",
    )


def _origin(experiment: Experiment) -> dict[str, Any]:
    from tregua import __version__

    return {
        "case": experiment.case.id,
        "case_digest": experiment.case.digest,
        "model_digest": experiment.model_digest,
        "fitted_parameters": experiment.source.kind,
        "seed": experiment.seed,
        "step_days": experiment.step,
        "tregua_version": __version__,
        "note": NOT_A_FORECAST,
    }


def _about(outcome: str) -> dict[str, str]:
    known = OUTCOMES.get(outcome)
    return {"units": known.unit, "long_name": known.meaning_en} if known is not None else {}


def _cubes(xr: Any, found: Sequence[Comparison]) -> Any:
    first = found[0].cube
    outcomes = tuple(dict.fromkeys(name for one in found for name in one.cube.outcomes))
    dims = ("variant", "reading", "arm", "horizon", "draw", "luck")
    shape = (len(found), len(first.readings), len(first.arms), len(first.horizons), len(first.draws), len(first.lucks))
    variables = {}
    for name in outcomes:
        values = np.full(shape, np.nan)
        for v, one in enumerate(found):
            if name in one.cube.outcomes:
                values[v] = np.where(one.cube.there, one.cube.values, np.nan)[:, :, :, one.cube.outcomes.index(name)]
        variables[name] = (dims, values, _about(name))
    coords = {
        "variant": [one.label for one in found],
        "reading": list(first.readings),
        "arm": list(first.arms),
        "horizon": list(first.horizons),
        "draw": list(first.draws),
        "luck": list(first.lucks),
    }
    return xr.Dataset(variables, coords=coords)


def _table(pd: Any, found: Sequence[Comparison]) -> Any:
    rows = []
    for one in found:
        table, spread = one.table, one.table.spread
        for place in np.ndindex(spread.median.shape):
            r, a, h, o = place
            arm, horizon, outcome = table.arms[a], table.horizons[h], table.outcomes[o]
            rows.append(
                {
                    "variant": one.label,
                    "reading": table.readings[r],
                    "arm": arm,
                    "horizon": horizon,
                    "outcome": outcome,
                    "status": str(table.status[place]),
                    "median": float(spread.median[place]),
                    "q05": float(spread.q05[place]),
                    "q95": float(spread.q95[place]),
                    "mcse": float(spread.mcse[place]),
                    "p_fall": float(spread.p_fall[place]),
                    "p_rise": float(spread.p_rise[place]),
                    "flip": bool(table.flip[place]),
                    "assumed_share": one.assumed.get((arm, horizon, outcome), float("nan")),
                    "n": int(spread.n[place]),
                }
            )
    return pd.DataFrame(rows)
