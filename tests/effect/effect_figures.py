"""Golden figures of the estimators: what they give for the bundled case and for small series made by a formula.

Parts are of two kinds. `exact` ones only read, build matrices, find modes or enumerate: another processor moves them in
the last digits. `drawn` ones hang on random draws, among them rejection sampling, in which one digit may shift all that
follow: elsewhere they are held to what chance allows.
"""

from __future__ import annotations

import dataclasses
import json
import math
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from tregua.case import load_case
from tregua.effect import changepoint, laplace, panel, posterior, structural
from tregua.effect import study as room
from tregua.effect import synthetic_control as synthetic
from tregua.effect.checks import CHECKS
from tregua.effect.design import CountOver, CountSeries, Design, Phases
from tregua.effect.grid import by_month, day_grid
from tregua.effect.inputs import EffectInputs, Rival, case_inputs, with_rivals
from tregua.effect.interrupted import NEGBIN, SERIAL, Priors, fit_fast, hyper_grid, interrupted_model
from tregua.effect.read_counts import read_counts
from tregua.effect.refit import ESTIMATORS, gaps_of
from tregua.effect.results import EffectResults
from tregua.errors import TreguaError
from tregua.series.span import Span

FILE = Path(__file__).resolve().parent.parent / "baselines" / "effect.json"
CASE = "el_salvador_2012"
LIBRARIES = ("numpy", "scipy", "pysyncon", "ruptures", "numpyro", "jax")
NEW = ": new"
"""What stands after the name of a figure that was not recorded: it has not moved."""
LONGEST = 12
"""Numbers of a longer list are kept as three sums."""
CLOSE = 1e-6
"""Relative distance within which figures are the same on the machine that recorded them, and exact ones everywhere."""
SOLVED = 2e-3
"""The same for what a numerical optimiser stops at."""
STOPPED = 1e-5
"""Elsewhere, for modes: the search ends where a step gains less than 1e-9."""
CHANCE = 0.05
"""Elsewhere, for drawn figures (400 to 4,000 draws): of the figure, or of 1 where it is smaller."""


# trees of figures


def plain(value: Any) -> Any:
    """A tree of words and numbers for JSON; long lists of numbers as their length and three sums."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, np.ndarray):
        return sums(value) if value.size > LONGEST else plain(value.tolist())
    if isinstance(value, list | tuple):
        if len(value) > LONGEST and all(type(part) in (int, float) for part in value):
            return sums(np.array(value, dtype=np.float64))
        if len(value) > LONGEST and all(_is_dated(part) for part in value):
            return {"from": list(value[0][:-1]), "to": list(value[-1][:-1]), **sums([part[-1] for part in value])}
        return [plain(part) for part in value]
    if isinstance(value, date | Span):
        return str(value)
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(f"{value:.9g}") if math.isfinite(value) else str(float(value))
    return value


def _is_dated(part: Any) -> bool:
    """Words and then a number."""
    return isinstance(part, list | tuple) and type(part[-1]) is float and all(isinstance(p, str) for p in part[:-1])


def sums(values: Any) -> dict[str, Any]:
    """Shape, sum of sizes, and two sums in which each place has a weight of its own."""
    flat = np.asarray(values, dtype=np.float64).ravel()
    place = np.arange(flat.size)
    return {
        "shape": list(np.shape(values)),
        "size": plain(float(np.abs(flat).sum())),
        "first": plain(float(flat @ (1.0 + np.cos(place)))),
        "second": plain(float(flat @ (1.0 + np.sin(1.7 * place)))),
    }


def differences(
    kept: Any, new: Any, close: float = CLOSE, at: str = "", *, words: bool = True, least: float = 0.0
) -> Iterator[str]:
    """Places where two trees differ; without `words`, only sizes are held: no sentence, no rank, nothing counted.

    Sums in which signs may cancel (`sums`) are held to a share of the sum of sizes: `least`.
    """
    if isinstance(kept, dict) and isinstance(new, dict):
        least = float(kept["size"]) if {"size", "first", "second"} <= kept.keys() else 0.0
        for key in sorted(kept.keys() | new.keys()):
            if key not in new:
                yield f"{at}/{key}: gone"
            elif key not in kept:
                yield f"{at}/{key}{NEW}"
            else:
                yield from differences(kept[key], new[key], close, f"{at}/{key}", words=words, least=least)
    elif isinstance(kept, list) and isinstance(new, list):
        if len(kept) != len(new):
            if words:
                yield f"{at}: {len(kept)} -> {len(new)} entries"
            return
        for place, (one, two) in enumerate(zip(kept, new, strict=True)):
            yield from differences(one, two, close, f"{at}/{place}", words=words)
    elif type(kept) in (int, float) and type(new) in (int, float):
        whole = type(kept) is type(new) is int
        scale = max(abs(kept), abs(new), least, 1e-4 if words else 1.0)
        if abs(kept - new) > close * scale and (words or not whole):
            yield f"{at}: {kept} -> {new}"
    elif kept != new and (words or type(kept) is not type(new)):
        yield f"{at}: {str(kept)[:80]} -> {str(new)[:80]}"


# small series made by a formula


def monthly(months: int = 60, first: date = date(2008, 7, 1), falls: Sequence[tuple[int, int, float]] = ()) -> Any:
    """Counts a month: a wave, a wobble and falls (from, to, ratio); the same integers on every machine."""
    rows = []
    for m in range(months):
        span = Span.of_month(first.year + (first.month - 1 + m) // 12, (first.month - 1 + m) % 12 + 1)
        rate = 40.0 + 6.0 * math.sin(2 * math.pi * m / 12) + (m * 7 % 11 - 5) * 0.8
        for begin, end, ratio in falls:
            rate *= ratio if begin <= m < end else 1.0
        rows.append(CountOver((span,), round(rate), "PNC" if m % 2 else "IML", f"M{m}", m + 2))
    return CountSeries(tuple(rows), "planted", "planted.csv")


TWICE = Phases.parse(["active=2010-10-01", "eroding=2011-06-15", "ended=2011-10-01", "active=2012-04-01"])


def twice() -> Design:
    """Two interruptions, a phase that begins within a month, a gap, and a count over two spans."""
    whole = list(monthly(falls=[(27, 39, 0.6), (45, 60, 0.7)]).counts)
    joined = replace(whole[5], spans=(*whole[5].spans, *whole[7].spans), count=whole[5].count + whole[7].count)
    kept = [c for i, c in enumerate(whole) if i not in (5, 7, 20)]
    return Design(CountSeries((*kept, joined), "twice"), TWICE)


def yearly() -> CountSeries:
    """Twenty years, a fall after twelve."""
    counts = tuple(
        CountOver(
            (Span(date(1990 + y, 1, 1), date(1990 + y, 12, 31)),), (900 if y < 12 else 600) + y * 37 % 90, "", f"{y}"
        )
        for y in range(20)
    )
    return CountSeries(counts, "years")


def daily() -> CountSeries:
    """Ten months of days."""
    first = date(2011, 9, 5)
    days = [first + timedelta(days=d) for d in range(300)]
    return CountSeries(
        tuple(CountOver((Span(d, d),), (9 if d < date(2012, 3, 9) else 5) + d.day * 3 % 4, "", f"{d}") for d in days),
        "days",
    )


# parts

READ = {
    "semicolons": "Fecha;Homicidios\nenero de 2012;413,0\nfebrero de 2012;402\nsetiembre 2012;1.162\ndic-12;\n"
    "feb-13;168\n",
    "spans": "spans,count,institution\n2011-01-01..2011-02-28;2011-06-01..2011-06-30,77,PNC\n"
    "2011-03-01..2011-05-31,88,IML\n",
    "ends": "date,count\n2012-01-31,3\n2012-02-29,4\n2012-03-31,5\n",
    "days": "start\tend\tcount\tsource\n13/02/2012\t29/02/2012\t3\tPNC\n01/03/2012\t07/03/2012\t0\tPNC\n"
    "20/03/2012\t21/03/2012\t9\tPNC\n",
    "areas": "area,date,count,institution\nA,2012-01,3,X\nB,2012-01,4,Y\nA,2012-02,5,X\nB,2012-02,1,X\n"
    "A,2012-03,6,X\n# no\n",
    "weeks": "date,count\n2012-01-02,3\n2012-01-09,4\n2012-01-16,n/a\n2012-01-23,1 204\n",
    "no columns": "month,killings per head\n2012-01,3\n",
    "only names": "date,count\n",
    "too many fields": "date,count\n2012-01,3,5\n2012-02,4\n",
    "no number": "date,count\n2012-01,3.5\n2012-02,-4\n",
    "backwards": "start,end,count\n2012-03-01,2012-02-01,3\n",
    "no spans": "spans,count\n2012-03-01 to 2012-03-05,3\n",
    "area twice": "area,date,count\nA,2012-01,3\nA,2012-01,4\n",
    "no period": "area,date,count\nA,2012-01,3\nB,2012-02,4\n",
    "overlap": "start,end,count\n2012-01-01,2012-01-31,3\n2012-01-31,2012-02-28,3\n",
    "all zero": "date,count\n2012-01,0\n2012-02,0\n",
    "empty": "\n",
}
PANELS = {
    "panel": "municipio;mes;homicidios;poblacion;presos\nApopa;2012-01;12;131286;40,5\nApopa;2012-02;9;131286;\n",
    "no areas": "date,count\n2012-01,3\n2012-02,3\n",
    "no people": "area,date,count,population\nA,2012-01,3,0\nA,2012-02,3,0\n",
    "many": "area,date,count,population\nA,2012-01,3,many\n",
}


def told(work: Callable[[], Any]) -> Any:
    """What is given, or the words of the refusal."""
    try:
        return plain(work())
    except TreguaError as error:
        return [[p.message, p.line, p.key, str(p.found), p.allowed, p.mend] for p in error.problems]


def reading() -> Any:
    out = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "own.csv"
        for name, text in READ.items():
            file.write_text(text, encoding="utf-8")
            out[name] = told(lambda: read_counts(file))
            if isinstance(out[name], dict):
                out[name]["gaps"] = plain(read_counts(file).series.gaps)
        for name, text in PANELS.items():
            file.write_text(text, encoding="utf-8")
            out[name] = told(lambda: panel.read_panel(file))
    return out


BAD_PHASES = (
    [],
    ["active"],
    ["truce=2012-03-09"],
    ["active=2012-03-09", "eroding=2012-03-09"],
    ["active=2012-03-09", "active=2012-05-09"],
    ["eroding=2012-03-09"],
    ["announced=2012-03-09"],
    ["active=2008-07-01"],
    ["active=2008-10-01"],
    ["active=2013-06-30"],
    ["announced=2012-03-09", "active=2020-01-01"],
)


def designs() -> Any:
    design = twice()
    path = [(0, 0.0), (30, 0.8), (60, 0.9), (400, 0.3), (500, 0.0), (600, 0.5)]
    return {
        "windows": plain(design.windows),
        "active": plain(design.active),
        "days": [window.days for window in design.windows],
        "before": [c.id for c in design.before],
        "after": [c.id for c in design.after],
        "gaps": plain(design.series.gaps),
        "total": [design.series.total, len(design.series), *design.series.institutions],
        "names": [c.name for c in design.series.counts[:6]],
        "daily": plain([c.daily for c in design.series.counts]),
        "within": len(design.series.within(date(2009, 1, 1), date(2010, 12, 31))),
        "replaced": design.series.replaced({"M3": 99}).total,
        "moved": plain(design.phases.moved(-40)),
        "lever": plain(Phases.of_lever(date(2012, 3, 9), path)),
        "refused": [told(partial(lambda words: Design(monthly(), Phases.parse(words)), words)) for words in BAD_PHASES],
        "one": told(lambda: replace(design, series=CountSeries(()))),
        "pool": _refused_pools(),
    }


def _refused_pools() -> Any:
    pool = case_inputs(load_case(CASE)).pool
    assert pool is not None
    few = tuple(row for row in pool.rows if row.unit in ("SLV", "GTM", "CRI", "PAN"))
    return [
        told(lambda: replace(pool, first=1900)),
        told(lambda: replace(pool, break_year=pool.first)),
        told(lambda: replace(pool, break_year=pool.last + 1)),
        told(lambda: replace(pool, rows=few)),
        told(lambda: replace(pool, min_population=6_000_000).donors),
    ]


def matrices() -> Any:
    out: dict[str, Any] = {}
    long = Design(yearly(), Phases.parse(["active=2002-01-01"]))
    days = Design(daily(), Phases.parse(["active=2012-03-09"]))
    for name, design in (("twice", twice()), ("years", long), ("days", days)):
        model = interrupted_model(design, institution="PNC" if name == "twice" else "")
        series = structural.structural_model(design)
        out[name] = {
            "names": list(model.names),
            "of_phases": plain(model.of_phases.astype(float)),
            "columns": sums(model.model.columns),
            "prior": plain([model.model.prior_mean, model.model.prior_sd]),
            "grid": [sums(model.grid.first), sums(model.grid.days), sums(model.grid.block), sums(model.grid.overlap)],
            "blocks": [model.grid.blocks, plain(model.grid.block_starts[-1])],
            "structural": [
                sums(series.model.columns),
                sums(series.after_overlap),
                series.blocks,
                plain(series.model.prior_mean),
            ],
            "counts": [sums(series.values), sums(series.later), sums(model.values)],
        }
    months = by_month(daily().counts, [date(2012, 3, 9)])
    out["by month"] = [[str(c.start), str(c.end), c.count, c.id] for c in months]
    out["wide"] = sums(day_grid(monthly(30).counts, [date(2009, 2, 10)], widest=31).days)
    out["plain"] = list(interrupted_model(twice(), Priors(), trend=False, slopes=False, harmonics=0).names)
    out["priors"] = plain(Priors().times(2.5))
    return out


def mixtures() -> Any:
    model = interrupted_model(twice())
    series = structural.structural_model(twice())
    out = {}
    for name, m, y, grid in (
        ("negbin", model.model, model.values, hyper_grid(NEGBIN, model.grid.blocks, Priors())),
        ("serial", model.model, model.values, hyper_grid(SERIAL, model.grid.blocks, Priors(scale=1.5))),
        ("structural", series.model, series.values, laplace.structural_grid(series.blocks, 0.7)),
    ):
        mixture = laplace.nested_laplace(m, y, grid)
        out[name] = {
            "evidence": plain(mixture.log_evidence),
            "mean": sums(mixture.mean),
            "sizes": sums(np.array([np.log(np.diag(factor)).sum() for factor in mixture.factors])),
            "hypers": {key: plain(mixture.hyper_mean(key)) for key in mixture.hypers[0].values},
            "grid": sums(np.array([hyper.log_weight for hyper in grid])),
        }
    out["one"] = plain(laplace.spacing((0.3,)))
    out["poisson"] = plain(laplace.log_likelihood(np.array([3.0, 0.0]), np.array([2.0, 0.4]), 0.0))
    return out


def changes() -> Any:
    """Exact: what is enumerated."""
    out = {}
    for name, series, most, sets in (
        ("months", monthly(40, falls=[(14, 29, 0.5)]), 3, 250),
        ("years", yearly(), 2, 400),
        ("close", monthly(14, falls=[(6, 9, 0.4)]), 2, 4000),
        ("none", monthly(20), 0, 100),
        ("gaps", twice().series, 1, 100),
    ):
        found = changepoint.find_changes(series, most, sets=sets, draws=200)
        out[name] = {
            "probability": plain(found.probability),
            "dates": [[str(day) for day, _ in found.dates], plain([mass for _, mass in found.dates])],
            "library": plain([found.check, found.check_span]),
            "number": found.number,
        }
    out["few"] = told(lambda: changepoint.find_changes(monthly(5)))
    return out


def controls() -> Any:
    pool = case_inputs(load_case(CASE)).pool
    assert pool is not None
    out: dict[str, Any] = {}
    for form in (synthetic.SHIFTED, synthetic.CLASSIC):
        fit = synthetic.synthetic_control(pool, form, library=False)
        tree = plain(replace(fit, pool=None))
        for weight in tree["weights"]:
            del weight["lo"], weight["hi"]
        del tree["good_lo"], tree["good_hi"]
        out[form] = {
            **tree,
            "hull": fit.is_inside_hull,
            "left out": plain(synthetic.leave_one_out(pool, form)),
            "years before": plain(synthetic.placebo_years(pool, form, 6)),
        }
    target, donors, before = (
        np.log([4.0, 5, 6, 5, 3, 2.5]),
        np.log(np.array([[4.0, 3, 5, 6, 5, 5], [6.0, 6, 6, 5, 7, 6]]).T),
        4,
    )
    out["test"] = [plain(synthetic.conformal_p(target, donors, before, f, -0.3)) for f in ("shifted", "classic")]
    return out


def solved() -> Any:
    """What an optimiser stops at: ranges of weights, and the ratio of the library."""
    pool = case_inputs(load_case(CASE)).pool
    assert pool is not None
    fit = synthetic.synthetic_control(pool)
    return {
        "good": plain([fit.good_lo, fit.good_hi]),
        "library": plain(vars(fit)["library_ratio"]),
        "most": plain([round(w.hi, 3) for w in fit.weights]),
        "least": plain([round(w.lo, 3) for w in fit.weights]),
    }


def panels() -> Any:
    rows = []
    for a in range(14):
        for m in range(30):
            span = Span.of_month(2010 + m // 12, m % 12 + 1)
            if (a + m) % 13 == 5:
                continue
            rate = (3 + a) * (1.0 + 0.2 * math.sin(m / 2)) * (0.55 + 0.02 * a if m >= 20 else 1.0) + (a * m) % 3
            count = 0 if a == 12 else round(rate)
            rows.append(panel.PanelRow(f"A{a:02d}", span.start, span.end, count, 1000.0 * (2 + a), float(a * a % 7)))
    phases = Phases.parse(["active=2011-09-10", "eroding=2012-02-01", "ended=2012-04-20"])
    bare = tuple(replace(row, prison=None, population=None) for row in rows)
    made = panel.planted_panel(np.random.default_rng(4), areas=11, months=30)
    return {
        "with prisons": plain(panel.fit_panel(tuple(rows), phases)),
        "without": plain(panel.fit_panel(bare, phases, harmonics=1, level=0.9)),
        "no harmonics": plain(panel.fit_panel(bare, phases, harmonics=0).truce),
        "planted": [len(made), str(made[-1].end), sums(np.array([[r.population, r.prison] for r in made]))],
        "events": sum(row.count for row in made),
        "refused": [
            told(lambda: panel.fit_panel(tuple(rows + rows[:1]), phases)),
            told(lambda: panel.fit_panel(tuple(rows), Phases.parse(["active=2015-01-01"]))),
            told(lambda: panel.fit_panel(tuple(rows[:200]), Phases.parse(["active=2010-09-01"]))),
            told(lambda: panel.fit_panel((replace(rows[0], prison=99.0), *rows[1:]), phases)),
        ],
    }


def densities() -> Any:
    """Log density of what the sampler moves in, at a point that has no sign of an eigenvector in it."""
    import jax
    from numpyro.infer.util import log_density

    model = interrupted_model(twice())
    jobs = (
        (posterior.interrupted_job(model, NEGBIN), {"extra": 0.11}),
        (posterior.interrupted_job(model, SERIAL, Priors(scale=1.3)), {"sigma": 0.17, "rho": 0.7}),
        (structural.structural_job(structural_model_twice()), {"tau": 0.05, "extra": 0.08}),
    )

    def at(data: Any, point: Any, kind: str, blocks: int) -> Any:
        value, trace = log_density(posterior._program(kind, blocks), (data,), {}, point)
        return value, {name: trace[name]["value"] for name in ("beta", "latent") if name in trace}

    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    # compiled whole: step by step it takes four times as long
    compiled = jax.jit(at, static_argnums=(2, 3))
    out = {}
    try:
        for job, hyper in jobs:
            point = {**hyper, "z": np.cos(np.arange(job.columns.shape[1]))}
            if job.blocks:
                point["v"] = job.map.turn.T @ np.sin(np.arange(len(job.map.size)))
            value, sites = compiled(posterior._data(job), point, job.kind, job.blocks)
            out[job.name] = {
                "log density": plain(float(value)),
                "beta": sums(sites["beta"]),
                "latent": sums(sites["latent"]) if job.blocks else 0,
                "start": plain(dict(job.start)),
                "root": sums(job.map.beta_root @ job.map.beta_root.T),
                "sampler": [job.kind, job.blocks, job.seed, job.warmup, job.draws, job.thin, job.chains, job.target],
                "harder": plain(
                    [posterior._harder(job).target, posterior._harder(job).warmup, posterior._harder(job).draws]
                ),
            }
    finally:
        jax.config.update("jax_enable_x64", before)
    out["gate"] = plain([posterior.judge(3, 1.234, 12.0), posterior.judge(0, 1.01, 400.0)])
    return out


def structural_model_twice() -> structural.StructuralModel:
    return structural.structural_model(twice(), harmonics=1)


def given() -> Any:
    """What the estimators are given."""
    inputs = case_inputs(load_case(CASE))
    series = monthly(12)
    first, second, third = (series.counts[i].spans[0] for i in (0, 1, 2))
    rivals = (
        Rival((first,), 90, "IML", "final"),
        Rival((first,), 80, "IML", "first"),
        Rival((first, second), 300, "IML"),
        Rival((second, third), 100, "IML", "revised"),
        Rival((Span(third.start, third.start),), 5, "IML"),
        Rival((Span(date(2008, 10, 1), date(2008, 11, 15)),), 5, "IML"),
    )
    return {
        "counts": [
            [c.id, c.count, c.institution, str(c.start), str(c.end), c.days] for c in inputs.design.series.counts
        ],
        "phases": plain(inputs.design.phases),
        "rivals": sorted([[str(r.spans[0]), r.count, r.institution, r.revision] for r in inputs.rivals]),
        "reports": [[str(c.start), str(c.end), c.count] for c in inputs.reports],
        "donors": plain(inputs.pool.donors if inputs.pool else None),
        "years": plain([inputs.pool.first, inputs.pool.last, inputs.pool.break_year] if inputs.pool else None),
        "people": sum(row.population or 0 for row in inputs.pool.rows) if inputs.pool else 0,
        "titles": [inputs.title_in("en"), inputs.title_in("es"), EffectInputs(twice()).title_in("es")],
        "rival counts": [c.count for c in with_rivals(series, rivals).counts],
        "second case": plain(case_inputs(load_case("two_valleys")).design.phases),
    }


def fits() -> Any:
    """Drawn: fits of two interruptions by each estimator."""
    model, series = interrupted_model(twice()), structural.structural_model(twice())
    out: dict[str, Any] = {}
    for likelihood in (NEGBIN, SERIAL):
        fit = fit_fast(model, likelihood, seed=3, draws=500)
        out[likelihood] = {
            "ratio": plain(fit.ratio()),
            "window": plain(fit.ratio(date(2011, 1, 1), date(2012, 12, 31), 0.8)),
            "trend": plain(fit.coefficient("trend")),
            "means": sums(fit.means().mean(axis=0)),
            "expected": sums(fit.expected().mean(axis=0)),
            "plain": sums(fit.plain_means()),
            "again": sums(fit.replicate(np.random.default_rng(5), 200).mean(axis=0)),
            "evidence": plain(fit.log_evidence),
            "gaps": plain([gap.log_ratio for gap in gaps_of(fit)]),
        }
    walk = structural.structural_fast(series, priors=Priors(scale=1.2), seed=3, draws=500)
    out["structural"] = {
        "ratio": plain(walk.ratio()),
        "days": plain(walk.ratio(date(2010, 10, 5), date(2010, 10, 20))),
        "path": plain(
            [[p.counted, p.expected, p.lo, p.hi, p.cumulative, p.cumulative_lo, p.cumulative_hi] for p in walk.path()]
        ),
        "fitted": sums(walk.fitted.mean(axis=0)),
    }
    changed = changepoint.find_changes(monthly(40, falls=[(14, 29, 0.5)]), 2, sets=250, draws=400)
    out["changes"] = plain(
        [changed.breaks, changed.fall, changed.fall_probability, changed.months, changed.months_probability]
    )
    return out


def checked() -> Any:
    """Drawn: every check where there is little to check by."""
    few = CountSeries(monthly(16, first=date(2011, 1, 1), falls=[(9, 16, 0.5)]).counts, "few")
    inputs = EffectInputs(Design(few, Phases.parse(["active=2011-10-01"])))
    return [plain(check.run(inputs, estimator, 2)) for check in CHECKS for estimator in ESTIMATORS]


def usual_study() -> EffectResults:
    """The bundled case, quickly: approximations in the place of full posteriors, change points over coarser dates."""
    find = room.find_changes
    room.find_changes = partial(changepoint.find_changes, sets=1500)
    try:
        return room.study(case_inputs(load_case(CASE)), full=False)
    finally:
        room.find_changes = find


MEASURED = ("coverage", "coverage_of_date", "false_positive", "worlds", "certified", "certified_fast", "other_counts")


def of_study(found: EffectResults) -> Any:
    """Figures of a study without time, versions and what `make certify` measures, which has its own table."""
    rows = tuple(replace(row, certified=None, note_en="", note_es="") for row in found.estimates)
    tree = plain(
        {**{f.name: getattr(found, f.name) for f in dataclasses.fields(found)}, "estimates": rows, "certification": ()}
    )
    spoken = [f"{name}_{lang}" for name in ("headline", "verdict", "agreement") for lang in ("en", "es")]
    for key in ("seconds", "versions", "digest", "certified_here", *spoken):
        del tree[key]
    for row in tree["estimates"]:
        for key in MEASURED:
            del row[key]
    tree["verdict"] = plain(room.verdict(rows, found.checks, case_inputs(load_case(CASE)).set_by_killings))
    tree["agreement"] = plain(room.agreement(rows))
    tree["varies"] = [("size varies" in row.note_en, "el tamaño varía" in row.note_es) for row in found.estimates]
    return json.loads(json.dumps(tree))


def study() -> Any:
    return of_study(usual_study())


@dataclass(frozen=True)
class Part:
    """Some figures; `close` is the distance allowed elsewhere, where of `drawn` ones only sizes are compared."""

    work: Callable[[], Any]
    close: float = CLOSE
    drawn: bool = False


PARTS = {
    "reading": Part(reading),
    "designs": Part(designs),
    "given": Part(given),
    "matrices": Part(matrices),
    "panels": Part(panels),
    "mixtures": Part(mixtures, STOPPED),
    "changes": Part(changes),
    "controls": Part(controls),
    "solved": Part(solved, SOLVED),
    "fits": Part(fits, CHANCE, True),
    "checked": Part(checked, CHANCE, True),
    "densities": Part(densities, STOPPED),
    "study": Part(study, CHANCE, True),
}
"""The quickest first."""


def fingerprint() -> dict[str, str]:
    """What the last digits may depend on besides the estimators."""
    if str(FILE.parent) not in sys.path:
        sys.path.append(str(FILE.parent))
    import record_baselines

    return {**record_baselines.fingerprint(), **{name: version(name) for name in LIBRARIES}}


def kept() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text(encoding="utf-8"))) if FILE.exists() else {}


def far(name: str, before: Any, after: Any, *, same_machine: bool) -> list[str]:
    """Where a part is not what it was, as far as the machine lets one say."""
    part = PARTS[name]
    if same_machine:
        return list(differences(before, after, at=name))
    return list(differences(before, after, part.close, name, words=not part.drawn))
