"""Certification: how often an estimator is wrong on worlds shaped like the case, with and without an effect.

A world has the spans of the case, about its counts, and noise of one of three kinds (overdispersed counts; a serially
correlated monthly rate; a rate that walks). Each is made with no effect (does the estimator see one?) and with a
planted one (does its interval hold it?). `benchmarks/certify_effect.py` runs them; the committed table is read here
and its numbers stand beside every estimate.

The table belongs to one design: the spans, phases, level and noise of one case, kept beside it in
`certification.json`. Beside any other counts its numbers are somebody else's, and are said to be.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources

import numpy as np
import numpy.typing as npt
from scipy.stats import beta as beta_distribution

from tregua.effect.changepoint import find_changes
from tregua.effect.design import Design, DonorPool, YearlyRate
from tregua.effect.grid import day_grid
from tregua.effect.interrupted import NEGBIN, SERIAL, Ratio, fit_fast, interrupted_model
from tregua.effect.posterior import Job, Posterior, interrupted_fit, interrupted_job, sample
from tregua.effect.structural import structural_fast, structural_fit, structural_job, structural_model
from tregua.effect.synthetic_control import SHIFTED, synthetic_control

Floats = npt.NDArray[np.float64]

PROCESSES = ("overdispersed", "serial", "walk")
PROCESS_TEXT: dict[str, tuple[str, str]] = {
    "overdispersed": ("overdispersed counts", "conteos sobredispersos"),
    "serial": ("serially correlated rate", "tasa con correlación serial"),
    "walk": ("rate that walks", "tasa que deambula"),
    "countries": ("yearly rates of countries", "tasas anuales de países"),
    "simulator": ("simulated histories", "historias simuladas"),
}
EFFECT = 0.6
COUNTRIES = "countries"
PUBLISHED_WINDOW = "interrupted_serial_published_window"
"""The serial form over the months of the published pair: another design, so that it is certified apart."""
FAST = ("interrupted_negbin", "interrupted_serial", "structural", "change_point", "synthetic_control", PUBLISHED_WINDOW)
SLOW = ("interrupted_negbin.full", "interrupted_serial.full", "structural.full")
EXTRA, SIGMA, RHO, WALK = 0.07, 0.11, 0.65, 0.04
"""Noise of the worlds: about the posterior means that the estimators find in the case."""
TABLE, DESIGN = "certification.csv", "certification.json"
REVISED = 0.1
"""A count that differs by no more than this share is a revision of the same one: its worlds are the same."""
DONORS, YEARS, YEARS_AFTER = 13, 14, 2
"""Shape of the panels of countries."""
LEAST_COVERAGE = 0.90
MOST_FALSE = 0.10


@dataclass(frozen=True)
class World:
    """One simulated series, or panel of countries, and what was planted in it."""

    process: str
    effect: float
    number: int
    design: Design | None = None
    pool: DonorPool | None = None


@dataclass(frozen=True)
class Score:
    """What an estimator said of one world.

    Attributes
    ----------
    saw : bool
        It saw an effect: its 95 % interval leaves out 1 (a change point: more than 95 % probable).
    held : bool
        Its 95 % interval holds what was planted.
    failed : bool
        It gave no estimate (chains that did not converge); counted apart.
    """

    saw: bool
    held: bool
    failed: bool = False


def _seeds(seed: int, process: str, effect: float, number: int) -> list[int]:
    return [seed, sum(process.encode()), round(effect * 1000), number]


def make_world(design: Design, process: str, effect: float, number: int, seed: int) -> World:
    """World `number` of a process: the same whatever else is run.

    The effect holds in the active phase; later phases keep half of it on the log scale.
    """
    rng = np.random.default_rng(_seeds(seed, process, effect, number))
    if process == COUNTRIES:
        return World(process, effect, number, pool=_country_world(rng, effect))
    counts = design.series.counts
    grid = day_grid(counts, [phase.start for phase in design.phases.phases])
    before = design.before
    level = np.log(sum(c.count for c in before) / sum(c.days for c in before))
    log_rate = np.full(len(grid.first), level) + rng.normal(0, 0.03) * grid.middle / 365.25
    for window in design.windows:
        if window.kind == "before":
            continue
        share = 1.0 if window.kind == "active" else 0.5
        log_rate += grid.in_days(window.start, window.end) * share * np.log(effect)
    if process == "serial":
        log_rate += _serial(rng, grid.blocks)[grid.block]
    elif process == "walk":
        log_rate += np.cumsum(rng.normal(0, WALK, grid.blocks))[grid.block]
    mean = grid.overlap @ np.exp(log_rate)
    if process in ("overdispersed", "walk"):
        shape = EXTRA**-2.0
        mean = mean * rng.gamma(shape, size=mean.shape) / shape
    return World(process, effect, number, replace(design, series=design.series.with_counts(list(rng.poisson(mean)))))


def _serial(rng: np.random.Generator, blocks: int) -> Floats:
    out = np.empty(blocks)
    out[0] = rng.normal(0, SIGMA)
    for step in range(1, blocks):
        out[step] = RHO * out[step - 1] + rng.normal(0, SIGMA * np.sqrt(1 - RHO**2))
    return out


def _country_world(rng: np.random.Generator, effect: float, donors: int = DONORS, years: int = YEARS) -> DonorPool:
    """Yearly log-rates: levels far apart, two common factors, and errors correlated from year to year."""
    factors = np.cumsum(rng.normal(0, 0.06, (2, years)), axis=1)
    rows = []
    for unit in range(donors + 1):
        error = np.empty(years)
        error[0] = rng.normal(0, 0.1)
        for t in range(1, years):
            error[t] = 0.5 * error[t - 1] + rng.normal(0, 0.1 * np.sqrt(0.75))
        path = rng.normal(2.7, 0.8) + rng.normal(0.7, 0.6, 2) @ factors + error
        if unit == 0:
            path[years - YEARS_AFTER :] += np.log(effect)
        rows += [
            YearlyRate(f"U{unit:02d}", f"U{unit:02d}", 2000 + t, float(np.exp(path[t])), 6_000_000)
            for t in range(years)
        ]
    return DonorPool(tuple(rows), "U00", 2000, 1999 + years, 2000 + years - YEARS_AFTER, ())


def score(world: World, estimator: str, seed: int = 1) -> Score:
    """Estimate one world and say whether it was right.

    Parameters
    ----------
    estimator : str
        One of `FAST` or `SLOW`.
    """
    if estimator in SLOW:
        return full_score(world, estimator, sample(full_job(world, estimator, seed)), seed)
    if estimator == "synthetic_control":
        assert world.pool is not None
        fit = synthetic_control(world.pool, SHIFTED, library=False)
        return Score(fit.hi < 1 or fit.lo > 1, fit.lo <= world.effect <= fit.hi)
    design = _design_of(world)
    if estimator == "change_point":
        found = find_changes(design.series, 2, draws=400, sets=2000)
        day = design.phases.break_day
        held = any(b.lo <= day <= b.hi for b in found.breaks)
        return Score(found.probability[0] < 0.05, held if world.effect != 1 else found.number == 0)
    if estimator == "structural":
        return _scored(structural_fast(structural_model(design), seed=seed, draws=2000).ratio(), world)
    return _scored(fit_fast(interrupted_model(design), _likelihood(estimator), seed=seed, draws=2000).ratio(), world)


def full_job(world: World, estimator: str, seed: int = 1) -> Job:
    """What samples the full posterior of one world; all worlds of a design have the same shape."""
    design = _design_of(world)
    if estimator.startswith("structural"):
        return structural_job(structural_model(design), seed=seed)
    return interrupted_job(interrupted_model(design), _likelihood(estimator), seed=seed)


def full_score(world: World, estimator: str, posterior: Posterior, seed: int = 1) -> Score:
    """What a full posterior says of one world: no estimate where its chains did not pass the gate."""
    if not posterior.gate.passed:
        return Score(False, False, True)
    design = _design_of(world)
    if estimator.startswith("structural"):
        return _scored(structural_fit(structural_model(design), posterior, seed).ratio(), world)
    likelihood = _likelihood(estimator)
    return _scored(interrupted_fit(interrupted_model(design), likelihood, posterior).ratio(), world)


def _design_of(world: World) -> Design:
    assert world.design is not None
    return world.design


def _likelihood(estimator: str) -> str:
    return NEGBIN if estimator.startswith("interrupted_negbin") else SERIAL


def _scored(ratio: Ratio, world: World) -> Score:
    return Score(ratio.excludes_one, ratio.lo <= world.effect <= ratio.hi)


@dataclass(frozen=True)
class CertificationRow:
    """Share of worlds in which something happened, with its binomial interval.

    Attributes
    ----------
    measure : {"false_positive", "coverage", "coverage_null", "power"}
        At nominal 5 %, at nominal 95 % with and without an effect, and (for information) the share of planted effects
        that were seen.
    machine : str
        Kind of machine that made it, never its name.
    model : str
        Hash of the model for simulated histories, empty otherwise.
    """

    estimator: str
    process: str
    measure: str
    share: float
    lo: float
    hi: float
    worlds: int
    failed: int
    seed: int
    date: str
    machine: str = ""
    model: str = ""


def binomial_interval(hits: int, worlds: int, level: float = 0.95) -> tuple[float, float]:
    """Clopper-Pearson interval of a share."""
    tail = (1 - level) / 2
    lo = 0.0 if hits == 0 else float(beta_distribution.ppf(tail, hits, worlds - hits + 1))
    hi = 1.0 if hits == worlds else float(beta_distribution.ppf(1 - tail, hits + 1, worlds - hits))
    return lo, hi


def tabulate(
    scores: Mapping[tuple[str, str, float], Iterable[Score]],
    seed: int,
    day: str,
    machines: Mapping[tuple[str, str, float], str] | None = None,
    model: str = "",
) -> list[CertificationRow]:
    """Rows from the scores of each (estimator, process, effect), with the machine that made each.

    Shares are of the worlds with an estimate; those without are counted beside them.
    """
    rows = []
    for (estimator, process, effect), values in sorted(scores.items()):
        listed = list(values)
        good = [value for value in listed if not value.failed]
        if not good:
            continue
        saw, held = sum(v.saw for v in good), sum(v.held for v in good)
        null = effect == 1
        for measure, hits in (
            ("false_positive" if null else "power", saw),
            ("coverage_null" if null else "coverage", held),
        ):
            lo, hi = binomial_interval(hits, len(good))
            rows.append(
                CertificationRow(
                    estimator,
                    process,
                    measure,
                    hits / len(good),
                    lo,
                    hi,
                    len(good),
                    len(listed) - len(good),
                    seed,
                    day,
                    (machines or {}).get((estimator, process, effect), ""),
                    model if process == "simulator" else "",
                )
            )
    return rows


def read_table(text: str | None = None) -> tuple[CertificationRow, ...]:
    """The committed table; empty where none was made yet."""
    if text is None:
        file = resources.files("tregua.effect") / TABLE
        if not file.is_file():
            return ()
        text = file.read_text(encoding="utf-8")
    return tuple(
        CertificationRow(
            row["estimator"],
            row["process"],
            row["measure"],
            float(row["share"]),
            float(row["lo"]),
            float(row["hi"]),
            int(row["worlds"]),
            int(row["failed"]),
            int(row["seed"]),
            row["date"],
            row.get("machine") or "",
            row.get("model") or "",
        )
        for row in csv.DictReader(text.splitlines())
    )


@dataclass(frozen=True)
class CertifiedDesign:
    """The design that the worlds of the table are shaped like.

    Attributes
    ----------
    case : str
        Id of the case.
    phases : tuple of (kind, date)
        Those within the data.
    counts : tuple of ((first day, last day), ...), count
    noise : tuple of (name, size)
        Of the kinds of worlds.
    donors, years, years_after : int
        Of the panels of countries.
    """

    case: str
    phases: tuple[tuple[str, date], ...]
    counts: tuple[tuple[tuple[tuple[date, date], ...], int], ...]
    noise: tuple[tuple[str, float], ...] = ()
    donors: int = DONORS
    years: int = YEARS
    years_after: int = YEARS_AFTER

    @classmethod
    def of(cls, case: str, design: Design) -> CertifiedDesign:
        """What the table has to remember of a design."""
        return cls(
            case,
            tuple((window.kind, window.start) for window in design.windows),
            tuple((tuple((s.start, s.end) for s in count.spans), count.count) for count in design.series.counts),
            (("overdispersion", EXTRA), ("serial_sd", SIGMA), ("serial_rho", RHO), ("walk_sd", WALK)),
        )

    def is_of(self, design: Design) -> bool:
        """True where a design has these very spans and phases, and these counts or a revision of them."""
        other = CertifiedDesign.of(self.case, design)
        same = self.phases == other.phases and [spans for spans, _ in self.counts] == [s for s, _ in other.counts]
        pairs = zip(self.counts, other.counts, strict=False)
        return same and all(abs(two - one) <= REVISED * one for (_, one), (_, two) in pairs)

    def is_of_pool(self, pool: DonorPool) -> bool:
        """True where a panel of countries has as many donors, years before and years after."""
        shape = (len(pool.used), len(pool.years), pool.last - pool.break_year + 1)
        return shape == (self.donors, self.years, self.years_after)

    def as_text(self) -> str:
        """JSON."""
        told = {
            "case": self.case,
            "phases": self.phases,
            "noise": dict(self.noise),
            "countries": {"donors": self.donors, "years": self.years, "years_after": self.years_after},
            "counts": self.counts,
        }
        return json.dumps(told, indent=1, default=str) + "\n"


def read_design(text: str | None = None) -> CertifiedDesign | None:
    """The design of the committed table; None where there is none: the table then vouches for nobody's counts."""
    if text is None:
        file = resources.files("tregua.effect") / DESIGN
        if not file.is_file():
            return None
        text = file.read_text(encoding="utf-8")
    found = json.loads(text)
    day = date.fromisoformat
    return CertifiedDesign(
        found["case"],
        tuple((kind, day(start)) for kind, start in found["phases"]),
        tuple((tuple((day(a), day(b)) for a, b in spans), count) for spans, count in found["counts"]),
        tuple(found["noise"].items()),
        **found["countries"],
    )


@dataclass(frozen=True)
class Certified:
    """What the table says of one estimator, its worst process first.

    Attributes
    ----------
    coverage, false_positive : float or None
        Of the process in which it does worst.
    worlds : int
        Fewest worlds behind either.
    passed : bool or None
        False where the binomial interval lies wholly below 0.90 (coverage) or above 0.10 (false positives) in some
        process; None where the table has no row for it.
    note_en, note_es : str
    of_fast_form : bool
        A sampled posterior without worlds of its own: these are those of its fast form.
    of_other_counts : bool
        The worlds are shaped like other counts than those estimated.
    """

    coverage: float | None
    false_positive: float | None
    worlds: int
    passed: bool | None
    note_en: str
    note_es: str
    of_fast_form: bool = False
    of_other_counts: bool = False

    def beside(self, same: bool) -> Certified:
        """As it stands beside an estimate: of counts like those of its worlds, or (not `same`) of others."""
        if same or self.passed is None:
            return self
        en, es = (
            note.replace(here, elsewhere)
            for note, here, elsewhere in zip((self.note_en, self.note_es), FAILS, FAILS_ELSEWHERE, strict=True)
        )
        return replace(self, of_other_counts=True, note_en=en, note_es=es)


FAILS = ("fails certification: ", "no pasa la certificación: ")
FAILS_ELSEWHERE = (
    "failed certification, on other counts or phases: ",
    "no pasó la certificación, con otros conteos o fases: ",
)
NOT_CERTIFIED = Certified(None, None, 0, None, "not certified", "sin certificar")


def certified(estimator: str, table: Iterable[CertificationRow]) -> Certified:
    """Summary of the table for one estimator, named as in the table (``.full`` for a sampled posterior)."""
    rows = [row for row in table if row.estimator == estimator]
    covers = [row for row in rows if row.measure == "coverage"]
    false = [row for row in rows if row.measure == "false_positive"]
    if not covers or not false:
        return NOT_CERTIFIED
    worst, often = min(covers, key=lambda r: r.share), max(false, key=lambda r: r.share)
    bad = [r.process for r in covers if r.hi < LEAST_COVERAGE] + [r.process for r in false if r.lo > MOST_FALSE]
    en = es = ""
    if bad:
        names = [PROCESS_TEXT.get(name, (name, name)) for name in dict.fromkeys(bad)]
        en = FAILS[0] + ", ".join(name[0] for name in names)
        es = FAILS[1] + ", ".join(name[1] for name in names)
    return Certified(worst.share, often.share, min(worst.worlds, often.worlds), not bad, en, es)
