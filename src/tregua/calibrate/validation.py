"""Validation: patterns before and after the fit, a hindcast beside baselines, readings told apart, outside checks.

Everything here starts from posteriors that exist; nothing is fitted. The years after the window are simulated given the
levers, which are inputs from the same years, and whatever the scores are they are kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.calibrate.coverage import RECORDED, coverages
from tregua.calibrate.external import CHECKS, Check, sign_tests, signs_left_out
from tregua.calibrate.hindcast import BLOCK, Scored, baselines, forecast_of, held_out, skill
from tregua.calibrate.hindcast import score as score_counts
from tregua.calibrate.history import Histories
from tregua.calibrate.patterns import patterns
from tregua.calibrate.register import SEED
from tregua.calibrate.replay import OUTCOMES_KEPT, replay
from tregua.calibrate.score import difference, score
from tregua.case.draws import DrawSource
from tregua.errors import UsageError
from tregua.model.compiled import Engine, engine
from tregua.model.levers import Timeline
from tregua.model.parameter import keyed_stream

if TYPE_CHECKING:
    from tregua.case.load import Case

Array = np.ndarray[Any, np.dtype[Any]]
Told = Callable[[str, int, int], None]

FORMAT = 1
LAST = date(2016, 12, 31)
"""Last day of the hindcast of the bundled case; the end of the figures where that is earlier."""
SIGNED = 60
LEAST_SKILL = 2 * BLOCK
"""Counts below which resampled blocks give no interval, and scores stand without skill."""
PRIOR, FROZEN = "prior", "frozen"


def validate(
    case: Case,
    source: DrawSource,
    *,
    draws: int = 300,
    seed: int = SEED,
    threads: int = 2,
    kernel: Engine | None = None,
    outside: bool = True,
    tell: Told | None = None,
) -> dict[str, Any]:
    """Validate a case from its posteriors.

    Parameters
    ----------
    case : Case
    source : DrawSource
        Where parameters come from; its gate is part of the result.
    draws : int
        Draws for each set of runs.
    seed : int
    threads, kernel, tell
        As elsewhere.
    outside : bool
        Run the checks from outside the case too.

    Returns
    -------
    dict
        Plain JSON values, as `write` keeps them.
    """
    if draws < 2:
        raise UsageError(
            "one draw has no spread to hold against anything",
            key="--draws",
            found=draws,
            allowed="2 or more",
            mend="ask for more; 300 by default",
        )
    bound = kernel or engine()
    counts = held_out(case, LAST)
    until = max([case.fit_end or case.end, *(c.spans[-1].end for c in counts)])
    until = min(max(until, LAST), case.end)
    main = next((n for n in source.posteriors if not case.readings[n].refit), "default")
    readings = [main, *(n for n in source.posteriors if n != main)]
    rows = source.rows(draws, seed, bound.parameters)
    before = DrawSource(case, "prior").rows(draws, seed, bound.parameters)
    frozen = Timeline({n: tuple(c for c in p if c[0] <= _last_day(case)) for n, p in case.history.paths.items()})
    asked: list[tuple[str, str, Sequence[Mapping[str, float]], Timeline | None]] = [
        (name, name, [source.overlaid(row, i, seed, name) for i, row in enumerate(rows)], None) for name in readings
    ]
    if source.kind != "prior":
        asked.append((PRIOR, main, [case.readings[main].overlay(row) for row in before], None))
    asked.append((FROZEN, main, asked[0][2], frozen))
    laid = laid_over(case, readings) if counts else []
    asked += [(name, name, [source.overlaid(row, i, seed, name) for i, row in enumerate(rows)], None) for name in laid]
    runs: dict[str, Histories] = {}
    phi: dict[str, dict[int, float]] = {}
    for number, (label, reading, values, line) in enumerate(asked):
        if tell is not None:
            tell("histories", number * draws, len(asked) * draws)
        kept = (RECORDED,) if label in laid else OUTCOMES_KEPT
        runs[label] = replay(
            case, reading, values, until=until, seed=seed, history=line, outcomes=kept, kernel=bound, threads=threads
        )
        phi[label] = {i: row["phi"] for i, row in enumerate(values)}
    if tell is not None:
        tell("histories", len(asked) * draws, len(asked) * draws)
    earlier = PRIOR if PRIOR in runs else main
    told: dict[str, Any] = {
        "format": FORMAT,
        "case": case.id,
        "model": bound.digest,
        "draws": draws,
        "seed": seed,
        "source": source.kind,
        "gate": {name: found.gate for name, found in source.posteriors.items()},
        "window": [str(case.start), str(case.fit_end)],
        "until": str(until),
        "hindcast": {**hindcast(case, runs, phi, counts, main), "laid_over": laid} if counts else None,
        "readings": told_apart(case, runs, phi, readings),
        "patterns": {
            "after": pattern_rows(case, counted(runs[main], phi[main], seed)),
            "before": pattern_rows(case, counted(runs[earlier], phi[earlier], seed)),
        },
        "checks": [],
        "checks_not_asked": [],
    }
    if outside:
        if tell is not None:
            tell("checks", 0, 1)
        checks: list[Check] = [check() for check in CHECKS]
        left_out = signs_left_out(case)
        checks += sign_tests(case, main, asked[0][2][:SIGNED], seed=seed, threads=threads, kernel=kernel,
                             without=left_out)  # fmt: skip
        told["checks_not_asked"] = [{"id": name, "reason": list(why)} for name, why in left_out.items()]
        told["checks"] = [_plain(asdict(check)) for check in checks]
        if tell is not None:
            tell("checks", 1, 1)
    return told


def laid_over(case: Case, fitted: Sequence[str]) -> list[str]:
    """Readings without a fit of their own that need none: they are laid over the draws of the first."""
    return [name for name, reading in case.readings.items() if name not in fitted and not reading.refit]


def _last_day(case: Case) -> int:
    return ((case.fit_end or case.end) - case.start).days


def hindcast(
    case: Case,
    runs: Mapping[str, Histories],
    phi: Mapping[str, Mapping[int, float]],
    counts: Sequence[Any],
    main: str,
) -> dict[str, Any]:
    """Scores of the counts after the window under every reading, beside baselines, with skill."""
    forecasts = [forecast_of(name, histories, counts, phi[name]) for name, histories in runs.items()]
    scored = {f.id: score_counts(f, counts) for f in (*forecasts, *baselines(case, counts))}
    told = {name: _summary(one) for name, one in scored.items()}
    others = [name for name in scored if name != main and name not in case.readings]
    if len(counts) < LEAST_SKILL:
        others = []
    return {
        "counts": [
            {"id": c.id, "start": str(c.spans[0].start), "end": str(c.spans[-1].end), "count": int(c.count)}
            for c in counts
        ],
        "main": main,
        "scores": told,
        "skill": [_plain(asdict(skill(scored[main], scored[name]))) for name in others],
        "by_count": {
            name: {"place": [round(float(x), 4) for x in one.place], "crps": [round(float(x), 2) for x in one.crps]}
            for name, one in scored.items()
        },
    }


def _summary(one: Scored) -> dict[str, Any]:
    return {
        "crps": round(float(one.crps.mean()), 2),
        "log": round(float(one.log.mean()), 3),
        "inside50": one.inside50,
        "inside90": one.inside90,
        "n": one.n,
    }


def told_apart(
    case: Case,
    runs: Mapping[str, Histories],
    phi: Mapping[str, Mapping[int, float]],
    readings: Sequence[str],
) -> dict[str, Any]:
    """Predictive scores of the fitted counts, reading by reading, and whether they tell each from the first."""
    found = {name: score(case, runs[name], {name: phi[name]}) for name in readings}
    cover = {(c.reading, c.window): c for c in coverages(case, {n: runs[n] for n in readings}, phi)}
    out: dict[str, Any] = {}
    for name in readings:
        gap = difference(found[name], found[readings[0]])
        inside = cover.get((name, "fit"))
        out[name] = {
            "score": round(found[name].value, 2),
            "error": round(found[name].error, 2),
            "less_first": round(gap.value, 2),
            "less_first_error": round(gap.error, 2) if name != readings[0] else 0.0,
            "apart": gap.apart,
            "inside90": None if inside is None else [inside.inside90, inside.n],
        }
    return out


def counted(runs: Histories, phi: Mapping[int, float], seed: int) -> Histories:
    """The same histories as institutions would have counted them: homicides with the error of counting."""
    over = np.array([phi[int(d)] for d in runs.draws])[:, None]
    rng = keyed_stream(seed, f"counted {runs.reading}")
    mean = runs.values[RECORDED]
    values = rng.poisson(mean * rng.gamma(over, 1.0 / over, mean.shape)).astype(float)
    return Histories(runs.reading, runs.draws, runs.lucks, runs.starts, runs.ends, {**runs.values, RECORDED: values})


def pattern_rows(case: Case, runs: Histories) -> list[dict[str, Any]]:
    """Every pattern that can be computed, as plain values."""
    return [
        {"id": p.id, "window": p.window, "target": p.target, "lo": p.lo, "hi": p.hi, "q05": p.q05, "q50": p.q50,
         "q95": p.q95, "share_inside": p.share_inside, "verdict": p.verdict}
        for p in patterns(case, runs) if p.verdict != "not_run"
    ]  # fmt: skip


def before_shares(told: Mapping[str, Any] | None) -> dict[str, float]:
    """Pattern -> share of runs of the priors alone inside its band; empty where no validation is known."""
    rows = told["patterns"]["before"] if told and told.get("source") != "prior" else ()
    return {row["id"]: float(row["share_inside"]) for row in rows if row["share_inside"] is not None}


def write(told: Mapping[str, Any], path: Path) -> None:
    """Put the result into a file, whole or not at all."""
    from tregua.runs.disk import Disk

    Disk().write(path, (json.dumps(_plain(told), indent=1, ensure_ascii=False) + "\n").encode("utf-8"))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, float | np.floating):
        number = float(value)
        return None if number != number else float(f"{number:.6g}")
    if isinstance(value, np.integer):
        return int(value)
    return value
