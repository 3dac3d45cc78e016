"""One study of an effect: every estimator once, its checks, the certification beside it, and the verdict."""

from __future__ import annotations

import dataclasses
import hashlib
import math
import re
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from importlib import metadata, resources
from multiprocessing import active_children, get_context
from typing import Any

from threadpoolctl import threadpool_limits

from tregua.effect.certification import (
    NOT_CERTIFIED,
    PROCESS_TEXT,
    PUBLISHED_WINDOW,
    CertificationRow,
    Certified,
    certified,
    read_design,
    read_table,
)
from tregua.effect.changepoint import Break, ChangePoints, find_changes
from tregua.effect.checks import CHECKS, CheckResult
from tregua.effect.checks.donors import inside_hull, leave_one_donor_out, other_years, weights_not_unique
from tregua.effect.checks.placebo import placebo_in_space, shifted_years, thumbnails
from tregua.effect.checks.protocol import PASSED, number
from tregua.effect.design import KIND_TEXT, Design, DesignError, DonorPool, country_es
from tregua.effect.extra import require_extra
from tregua.effect.grid import by_month
from tregua.effect.inputs import EffectInputs
from tregua.effect.interrupted import (
    MOST_COUNTS,
    NEGBIN,
    SERIAL,
    InterruptedFit,
    InterruptedModel,
    Ratio,
    fit_fast,
    interrupted_model,
)
from tregua.effect.panel import PUBLISHED, PUBLISHED_AFTER, published_months
from tregua.effect.posterior import Gate, Job, Posterior, interrupted_fit, interrupted_job, sample
from tregua.effect.refit import ESTIMATORS, NEGBIN_ESTIMATOR, SERIAL_ESTIMATOR, STRUCTURAL_ESTIMATOR
from tregua.effect.results import (
    BreakRow,
    CertificationLine,
    ChangeRow,
    DonorRow,
    EffectResults,
    EstimateRow,
    PathRow,
    PhaseRow,
    YearRow,
)
from tregua.effect.structural import (
    StructuralFit,
    StructuralModel,
    structural_fast,
    structural_fit,
    structural_job,
    structural_model,
)
from tregua.effect.summary import LIKELY, PRESET, agreement, headline, months_until_erosion, principal, verdict
from tregua.effect.synthetic_control import (
    CLASSIC,
    SHIFTED,
    SyntheticFit,
    leave_one_out,
    placebo_years,
    synthetic_control,
)

SYNTHETIC, CHANGE = "synthetic_control", "change_point"
SYNTHETIC_EN, SYNTHETIC_ES = "synthetic control, changes", "control sintético, cambios"
PRESET_NAMES = {
    "year": ("twelve months", "doce meses"),
    "end": ("to the last count", "hasta el último conteo"),
}
PRESET_NOTE = ("days that the counts did not set", "días que los conteos no fijaron")
LIBRARIES = ("numpy", "scipy", "jax", "numpyro", "pysyncon", "ruptures")
POINT_STYLE = "es-SV"
LEAST_TOLD = 0.05
"""A donor of less weight is not named beside the estimate."""
Told = Callable[[str, str], None]
"""Called with (English, Spanish) as each part is finished."""


def _silent(en: str, es: str) -> None:
    del en, es


def study(
    inputs: EffectInputs,
    *,
    seed: int = 20120309,
    full: bool = True,
    draws: int | None = None,
    threads: int = 1,
    told: Told = _silent,
) -> EffectResults:
    """Estimate an effect in every way its data allow.

    Parameters
    ----------
    inputs : EffectInputs
    seed : int
        Settles every digit (same machine type, same versions), however many processes there are.
    full : bool
        Sample full posteriors; without, the fast approximation stands in their place and the rows say so.
    draws : int, optional
        Posterior draws of each chain.
    threads : int
        Processes that sample side by side, about 1.3 GB each; checks run beside them.
    told : callable
        Progress.

    Raises
    ------
    UsageError
        `full` without the libraries of the extra.
    """
    # matrices are small: threads of the linear algebra would only wait for each other
    with threadpool_limits(1):
        return _study(inputs, seed, full, draws, threads, told)


class Workers:
    """Processes that sample; an interrupt from the keyboard reaches only the one that began them, which ends them."""

    def __init__(self, threads: int) -> None:
        self.others = active_children()
        # a fresh process for each: what the compiler of one model took is given back before the next
        self.pool = ProcessPoolExecutor(max_workers=threads, mp_context=get_context("spawn"), max_tasks_per_child=1)

    def begin(self, jobs: Sequence[Job]) -> list[Future[Posterior]]:
        """Hand the jobs out; what is begun while the signal is held back holds it back for good."""
        hold = getattr(signal, "pthread_sigmask", None)
        if hold is None:
            return [self.pool.submit(sample, job) for job in jobs]
        before = hold(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return [self.pool.submit(sample, job) for job in jobs]
        finally:
            hold(signal.SIG_SETMASK, before)

    def stop(self) -> None:
        """End them at once, in the middle of what they do."""
        self.pool.shutdown(wait=False, cancel_futures=True)
        for child in active_children():
            if child not in self.others:
                child.terminate()


def _study(inputs: EffectInputs, seed: int, full: bool, draws: int | None, threads: int, told: Told) -> EffectResults:
    began = time.monotonic()
    if full:
        require_extra()
    design = inputs.design
    matrices, structure = interrupted_model(design), structural_model(design)
    jobs = [
        structural_job(structure, seed=seed),
        interrupted_job(matrices, SERIAL, seed=seed),
        interrupted_job(matrices, NEGBIN, seed=seed),
    ]
    if draws:
        jobs = [replace(job, draws=draws * job.thin) for job in jobs]
    workers = Workers(threads) if full else None
    try:
        waiting = workers.begin(jobs) if workers else []
        checks = _count_checks(inputs, seed, told)
        change = _changes(design, seed)
        told("change points", "puntos de cambio")
        synthetic = _synthetic(inputs.pool) if inputs.pool else None
        if synthetic:
            checks += _synthetic_checks(synthetic[0])
            told("synthetic control", "control sintético")
        posteriors = [future.result() for future in waiting]
    except BaseException:
        if workers:
            workers.stop()
        raise
    if workers:
        workers.pool.shutdown()
        told("full posteriors", "posteriores completas")
    table, own = read_table(), read_design()
    here = own is not None and own.is_of(design)
    fits = _fits(matrices, structure, posteriors, seed)
    estimates = _count_rows(inputs, fits, posteriors, checks, table, here)
    _beside_the_stated(estimates, _preset_rows(inputs, fits, estimates))
    if synthetic:
        assert inputs.pool is not None
        of_pool = own is not None and own.is_of_pool(inputs.pool)
        estimates += _synthetic_rows(synthetic, checks, table, of_pool)
    if change and change.fall and change.fall_probability > LIKELY:
        estimates.append(_change_row(design, change, table, here))
    estimates += _published_rows(inputs, table, seed, here)
    en, es, has = verdict(estimates, checks, inputs.set_by_killings)
    head = headline(estimates, inputs.set_by_killings) if has else ("", "")
    agree, months = agreement(estimates), months_until_erosion(_change(change))
    last = fits[0]
    assert isinstance(last, StructuralFit)
    found = EffectResults(
        title=inputs.title or design.series.name,
        digest=inputs.digest,
        counts=len(design.series),
        start=design.series.start.isoformat(),
        end=design.series.end.isoformat(),
        institutions=design.series.institutions,
        break_day=design.phases.break_day.isoformat(),
        phases=tuple(
            PhaseRow(w.kind, *KIND_TEXT[w.kind], w.start.isoformat(), w.end.isoformat()) for w in design.windows
        ),
        estimates=tuple(estimates),
        path=_path(last),
        placebos=thumbnails(tuple(checks)),
        donors=_donors(inputs.pool, synthetic[0] if synthetic else None),
        years=tuple(
            YearRow(*row) for row in zip(synthetic[0].years, synthetic[0].actual, synthetic[0].synthetic, strict=True)
        )
        if synthetic
        else (),
        change=_change(change),
        checks=tuple(checks),
        certification=_certification(table),
        certified_here=here,
        headline_en=head[0],
        headline_es=head[1],
        verdict_en=en,
        verdict_es=es,
        has_verdict=has,
        agreement_en=agree[0],
        agreement_es=agree[1],
        months_en=months[0],
        months_es=months[1],
        reasons=_reasons(inputs, fits, bool(synthetic), estimates),
        notes=inputs.notes,
        number_style=inputs.number_style,
        seed=seed,
        seconds=round(time.monotonic() - began, 1),
        versions=_versions(),
    )
    return _in_style(found) if inputs.number_style == POINT_STYLE else found


def _in_style(value: Any) -> Any:
    """The same results with decimal points and commas between thousands in Spanish, as the country writes them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for field in dataclasses.fields(value):
            part = getattr(value, field.name)
            spanish = field.name.endswith("_es") and isinstance(part, str)
            changed[field.name] = with_points(part) if spanish else _in_style(part)
        return replace(value, **changed)
    if isinstance(value, tuple):
        if len(value) == 2 and all(isinstance(part, str) for part in value) and " " in value[1]:
            return value[0], with_points(value[1])
        return tuple(_in_style(part) for part in value)
    return value


def with_points(text: str) -> str:
    """``0,45`` as ``0.45`` and ``2 447`` (narrow space) as ``2,447``."""
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    return re.sub(r"(?<=\d)[\u202f\u00a0 ](?=\d{3}(?!\d))", ",", text)


def study_key(inputs: EffectInputs, seed: int, full: bool, draws: int | None) -> str:
    """What a study is made of: counts, phases, donors, settings, this code, its table and the libraries.

    A stored result is shown again only where this is the same.
    """
    digest = hashlib.sha256(repr((inputs, seed, full, draws, _versions())).encode())
    room = resources.files("tregua.effect")
    for folder in (room, room / "checks"):
        for file in sorted(folder.iterdir(), key=lambda item: item.name):
            if file.name.endswith((".py", ".csv", ".json")):
                digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _versions() -> tuple[tuple[str, str], ...]:
    out = []
    for name in LIBRARIES:
        try:
            out.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
    return tuple(out)


def _count_checks(inputs: EffectInputs, seed: int, told: Told) -> list[CheckResult]:
    out = []
    for estimator in ESTIMATORS:
        out += [check.run(inputs, estimator, seed) for check in CHECKS]
        told(f"checks: {estimator.name_en}", f"pruebas: {estimator.name_es}")
    return out


def _changes(design: Design, seed: int) -> ChangePoints | None:
    series = design.series
    if len(series) > MOST_COUNTS:
        # days and weeks by month: the dates are told to about a week all the same, in seconds instead of minutes
        series = replace(series, counts=by_month(series.counts))
    try:
        return find_changes(series, seed=seed)
    except DesignError:
        return None


def _synthetic(pool: DonorPool) -> tuple[SyntheticFit, SyntheticFit]:
    return synthetic_control(pool, SHIFTED), synthetic_control(pool, CLASSIC)


def _synthetic_checks(fit: SyntheticFit) -> list[CheckResult]:
    others = []
    for first in range(fit.pool.first + 1, fit.pool.break_year - 6):
        try:
            others.append((first, synthetic_control(replace(fit.pool, first=first), library=False).ratio))
        except DesignError:
            continue
    return [
        placebo_in_space(fit),
        shifted_years(fit, placebo_years(fit.pool)),
        leave_one_donor_out(fit, leave_one_out(fit.pool)),
        other_years(fit, tuple(others)),
        inside_hull(fit),
        weights_not_unique(fit),
    ]


def _fits(
    matrices: InterruptedModel, structure: StructuralModel, posteriors: Sequence[Posterior], seed: int
) -> tuple[StructuralFit, InterruptedFit, InterruptedFit]:
    """Structural, serial, negative binomial; a posterior that did not pass its gate is replaced by the fast fit.

    The fast fit then serves the figures only: the row itself gives no estimate.
    """

    passed = [p if p.gate.passed else None for p in posteriors] or [None, None, None]
    structural, serial, negbin = passed
    return (
        structural_fit(structure, structural, seed) if structural else structural_fast(structure, seed=seed),
        interrupted_fit(matrices, SERIAL, serial) if serial else fit_fast(matrices, SERIAL, seed=seed),
        interrupted_fit(matrices, NEGBIN, negbin) if negbin else fit_fast(matrices, NEGBIN, seed=seed),
    )


def _tally(estimator: str, checks: Sequence[CheckResult]) -> tuple[int, int, tuple[str, ...]]:
    own = [check for check in checks if check.estimator == estimator and check.is_counted]
    failed = tuple(check.id for check in own if check.result != PASSED)
    return len(own) - len(failed), len(own), failed


def _count_rows(
    inputs: EffectInputs,
    fits: tuple[StructuralFit, InterruptedFit, InterruptedFit],
    posteriors: Sequence[Posterior],
    checks: Sequence[CheckResult],
    table: Sequence[CertificationRow],
    here: bool,
) -> list[EstimateRow]:
    structural, serial, negbin = fits
    gates: list[Gate | None] = [p.gate for p in posteriors] or [None, None, None]
    rows = []
    for estimator, fit, gate in (
        (NEGBIN_ESTIMATOR, negbin, gates[2]),
        (SERIAL_ESTIMATOR, serial, gates[1]),
        (STRUCTURAL_ESTIMATOR, structural, gates[0]),
    ):
        ratio = fit.ratio()
        note = _window_note(estimator.id, checks)
        proof = _proof_of(estimator.id, table, sampled=gate is not None).beside(here)
        names = (estimator.name_en, estimator.name_es)
        row = _row(estimator.id, estimator.id, *names, ratio, inputs, checks, proof, note)
        row = replace(row, method=fit.method)
        if gate is not None and not gate.passed:
            reasons, remedies = (gate.reason_en, gate.reason_es), (gate.remedy_en, gate.remedy_es)
            row = _without_estimate(row, reasons, remedies)
        rows.append(row)
    return rows


def _preset_rows(
    inputs: EffectInputs, fits: tuple[StructuralFit, InterruptedFit, InterruptedFit], estimates: Sequence[EstimateRow]
) -> list[EstimateRow]:
    """The estimate of which the verdict speaks, over windows that no count can have set: the same fit, other days.

    How often these intervals hold the truth was not measured: worlds of the table have the stated phases.
    """
    chosen = principal(estimates)
    if chosen is None:
        return []
    _, serial, negbin = fits
    # of somebody's own counts nobody knows how the day was chosen
    note = PRESET_NOTE if inputs.decided or inputs.marks else ("", "")
    unmeasured = replace(NOT_CERTIFIED, note_en="", note_es="")
    fit = serial if chosen.id == SERIAL_ESTIMATOR.id else negbin
    rows = []
    for name, first, last in inputs.preset_windows:
        en, es = PRESET_NAMES[name]
        # the last part of the name tells the likelihoods apart
        names = (f"{chosen.name_en.rpartition(', ')[2]}, {en}", f"{chosen.name_es.rpartition(', ')[2]}, {es}")
        ratio = fit.ratio(first, last)
        row = _row(f"{PRESET}_{name}", chosen.estimator, *names, ratio, inputs, (), unmeasured, note)
        rows.append(replace(row, method=fit.method))
    return rows


def _beside_the_stated(estimates: list[EstimateRow], rows: Sequence[EstimateRow]) -> None:
    """Put rows of other windows after the row of the stated one."""
    for row in reversed(rows):
        place = next(i for i, other in enumerate(estimates) if other.id == row.estimator)
        estimates.insert(place + 1, row)


def _without_estimate(row: EstimateRow, reason: tuple[str, str], remedy: tuple[str, str]) -> EstimateRow:
    """The row without its numbers: why there are none and what to do, each in English and Spanish."""
    return replace(
        row,
        status="no_estimate",
        ratio=None,
        lo=None,
        hi=None,
        fewer=None,
        fewer_lo=None,
        fewer_hi=None,
        reason_en=reason[0],
        reason_es=reason[1],
        remedy_en=remedy[0],
        remedy_es=remedy[1],
    )


def _proof_of(estimator: str, table: Sequence[CertificationRow], *, sampled: bool) -> Certified:
    """What the table says of the very form that was used: a sampled posterior has worlds of its own, fewer of them.

    Where there are none, the fast form of the same model stands for it, and the row says so.
    """
    fast = certified(estimator, table)
    if not sampled:
        return fast
    own = certified(f"{estimator}.full", table)
    return replace(fast, of_fast_form=fast.passed is not None) if own.passed is None else own


def _window_note(estimator: str, checks: Sequence[CheckResult]) -> tuple[str, str]:
    window = next((c for c in checks if c.id == "windows" and c.estimator == estimator), None)
    varies = window is not None and "size varies" in window.sentence_en
    return ("window: size varies", "ventana: el tamaño varía") if varies else ("", "")


def _row(
    identity: str,
    estimator: str,
    name_en: str,
    name_es: str,
    ratio: Ratio,
    inputs: EffectInputs,
    checks: Sequence[CheckResult],
    proof: Certified,
    note: tuple[str, str] = ("", ""),
) -> EstimateRow:
    passed, counted, failed = _tally(estimator, checks)
    return EstimateRow(
        id=identity,
        estimator=estimator,
        name_en=name_en,
        name_es=name_es,
        start=ratio.start.isoformat(),
        end=ratio.end.isoformat(),
        institution=", ".join(inputs.design.series.institutions),
        status="ok",
        ratio=ratio.value,
        lo=ratio.lo,
        hi=ratio.hi,
        fewer=ratio.fewer,
        fewer_lo=ratio.fewer_lo,
        fewer_hi=ratio.fewer_hi,
        checks_passed=passed,
        checks_counted=counted,
        failed=failed,
        coverage=proof.coverage,
        false_positive=proof.false_positive,
        worlds=proof.worlds,
        certified=proof.passed,
        certified_fast=proof.of_fast_form,
        other_counts=proof.of_other_counts,
        note_en="; ".join(text for text in (proof.note_en, note[0]) if text),
        note_es="; ".join(text for text in (proof.note_es, note[1]) if text),
    )


def _synthetic_rows(
    fits: tuple[SyntheticFit, SyntheticFit],
    checks: Sequence[CheckResult],
    table: Sequence[CertificationRow],
    here: bool,
) -> list[EstimateRow]:
    shifted, classic = fits
    start, end = f"{shifted.pool.break_year}-01-01", f"{shifted.pool.last}-12-31"
    passed, counted, failed = _tally(SYNTHETIC, checks)
    proof = certified(SYNTHETIC, table).beside(here)
    made_en, made_es = _made_of(shifted)
    notes_en = [proof.note_en, made_en, "weights not unique"]
    notes_es = [proof.note_es, made_es, "pesos no únicos"]
    rows = [
        EstimateRow(
            id=SYNTHETIC,
            estimator=SYNTHETIC,
            name_en=SYNTHETIC_EN,
            name_es=SYNTHETIC_ES,
            start=start,
            end=end,
            institution="UNODC/WHO",
            status="ok",
            ratio=shifted.ratio,
            lo=shifted.lo,
            hi=shifted.hi,
            fewer=_people(shifted.fewer),
            fewer_lo=_people(shifted.fewer_lo),
            fewer_hi=_people(shifted.fewer_hi),
            checks_passed=passed,
            checks_counted=counted,
            failed=failed,
            coverage=proof.coverage,
            false_positive=proof.false_positive,
            worlds=proof.worlds,
            certified=proof.passed,
            other_counts=proof.of_other_counts,
            note_en="; ".join(text for text in notes_en if text),
            note_es="; ".join(text for text in notes_es if text),
            method="least_squares",
        )
    ]
    levels = EstimateRow(
        id="synthetic_control_levels",
        estimator=SYNTHETIC,
        name_en="synthetic control, levels",
        name_es="control sintético, niveles",
        start=start,
        end=end,
        institution="UNODC/WHO",
        status="ok",
        method="least_squares",
    )
    if classic.is_inside_hull:
        levels = _with_ends(replace(levels, ratio=classic.ratio, lo=classic.lo, hi=classic.hi), classic)
    else:
        levels = _without_estimate(
            levels,
            (
                f"no mix of donors reaches its level: misfit {number(classic.misfit)} per 100,000 before",
                f"ninguna mezcla llega a su nivel: desajuste previo {number(classic.misfit, 'es')} por 100 000",
            ),
            ("read the form that compares changes", "lea la forma que compara cambios"),
        )
    return [_with_ends(rows[0], shifted), levels]


def _made_of(fit: SyntheticFit) -> tuple[str, str]:
    """What the comparison is made of, and what so few donors can show."""
    used = sorted((w for w in fit.weights if w.weight >= LEAST_TOLD), key=lambda w: -w.weight)
    shares = [f"{100 * w.weight:.0f} %" for w in used]
    en = ", ".join(f"{w.name} {share}" for w, share in zip(used, shares, strict=True))
    es = ", ".join(f"{country_es(w.unit, w.name)} {share}" for w, share in zip(used, shares, strict=True))
    donors, units = len(fit.weights), len(fit.placebos)
    return (
        f"made of {en}; with {donors} donors no placebo p lies below 1/{units} = {number(fit.least_p)}",
        f"hecho de {es}; con {donors} donantes ningún p de placebo baja de 1/{units} = {number(fit.least_p, 'es')}",
    )


def _people(number: float) -> float | None:
    """Without a population no rate becomes a number of people."""
    return None if math.isnan(number) else number


def _with_ends(row: EstimateRow, fit: SyntheticFit) -> EstimateRow:
    """The row, without an estimate where an end of its interval is not reached.

    The permutation test rejects nothing where fewer than twenty ways to choose the years compared exist.
    """
    if fit.lo > 0 and math.isfinite(fit.hi):
        return row
    after = sum(1 for year in fit.years if year >= fit.pool.break_year)
    before = len(fit.years) - after
    return _without_estimate(
        row,
        (
            f"years are too few for a range: {before} before, {after} after",
            f"los años son pocos para dar un rango: {before} antes, {after} después",
        ),
        ("give rates of more years, before or after", "dé tasas de más años, antes o después"),
    )


def _change_row(design: Design, change: ChangePoints, table: Sequence[CertificationRow], here: bool) -> EstimateRow:
    """The steepest fall; what its worlds measured is how often the interval of a date held the day, not the ratio."""
    fall = change.fall
    assert fall is not None
    proof = certified(CHANGE, table).beside(here)
    rise = next((b.day for b in change.breaks if b.day > fall.hi and b.ratio > 1), None)
    end = rise - timedelta(days=1) if rise else design.series.end
    return EstimateRow(
        id=CHANGE,
        estimator=CHANGE,
        name_en="change point",
        name_es="punto de cambio",
        start=fall.day.isoformat(),
        end=end.isoformat(),
        institution=", ".join(design.series.institutions),
        status="ok",
        ratio=fall.ratio,
        lo=fall.ratio_lo,
        hi=fall.ratio_hi,
        coverage_of_date=proof.coverage,
        false_positive=proof.false_positive,
        worlds=proof.worlds,
        certified=proof.passed,
        other_counts=proof.of_other_counts,
        note_en=proof.note_en,
        note_es=proof.note_es,
        method="enumeration",
    )


def _published_rows(
    inputs: EffectInputs, table: Sequence[CertificationRow], seed: int, here: bool
) -> list[EstimateRow]:
    """The published pair, and ours over the same months; only for a truce that began in the month they study."""
    design = inputs.design
    day = design.phases.break_day
    if not (inputs.pool and inputs.pool.treated == "SLV" and (day.year, day.month) == (2012, 3)):
        return []
    rows = []
    try:
        ratio = fit_fast(interrupted_model(published_months(design)), SERIAL, seed=seed).ratio()
        row = _row(
            PUBLISHED_WINDOW,
            SERIAL_ESTIMATOR.id,
            "serial correlation, months as published",
            "correlación serial, meses de lo publicado",
            ratio,
            inputs,
            (),
            certified(PUBLISHED_WINDOW, table).beside(here),
        )
        rows.append(replace(row, method="laplace"))
    except DesignError:
        rows = []
    names = {"without": ("without", "sin"), "with": ("with", "con")}
    for kind, value, lo, hi in PUBLISHED:
        en, es = names[kind]
        rows.append(
            EstimateRow(
                id=f"published_{kind}_controls",
                estimator="published",
                name_en=f"Katz, Hedberg and Amaya 2016, {en} controls",
                name_es=f"Katz, Hedberg y Amaya 2016, {es} controles",
                start=PUBLISHED_AFTER[0].isoformat(),
                end=PUBLISHED_AFTER[1].isoformat(),
                institution="PNC",
                status="published",
                ratio=value,
                lo=lo,
                hi=hi,
                note_en="municipalities by month; doi 10.2471/BLT.15.166314",
                note_es="municipios por mes; doi 10.2471/BLT.15.166314",
                method="published",
            )
        )
    return rows


def _reasons(
    inputs: EffectInputs,
    fits: tuple[StructuralFit, InterruptedFit, InterruptedFit],
    synthetic: bool,
    estimates: Sequence[EstimateRow],
) -> tuple[tuple[str, str], ...]:
    """Why numbers differ: each reason with the number that it makes."""
    design, serial = inputs.design, fits[1]
    out = [
        (
            "Serial correlation makes months alike for reasons of their own: the same fall says less, so that interval "
            "is wider.",
            "La correlación serial hace que los meses se parezcan por sí mismos: la misma baja dice menos, por eso ese "
            "intervalo es más ancho.",
        ),
        (
            "The structural series lets the level walk on after the break, so its range widens with time.",
            "La serie estructural deja que el nivel siga moviéndose tras el quiebre: su rango se ensancha.",
        ),
    ]
    if synthetic and inputs.pool:
        first, last = date(inputs.pool.break_year, 1, 1), date(inputs.pool.last, 12, 31)
        ratio = serial.ratio(first, min(last, design.series.end))
        out.append(
            (
                "Synthetic control compares whole calendar years, with days before the truce and after its erosion: "
                f"over those days the interrupted counts give {number(ratio.value)}.",
                "El control sintético compara años completos, con días previos a la tregua y posteriores a su erosión: "
                f"en esos días los conteos interrumpidos dan {number(ratio.value, 'es')}.",
            )
        )
        if inputs.pool.treated == "SLV":
            ratio = serial.ratio(PUBLISHED_AFTER[0], min(PUBLISHED_AFTER[1], design.series.end))
            alike = next((row.ratio for row in estimates if row.id == PUBLISHED_WINDOW), None)
            back_en = back_es = ""
            if alike is not None:
                back_en = f" looking back to {design.series.start.year}, {number(alike)} looking back as far as they do"
                back_es = (
                    f" si mira atrás hasta {design.series.start.year}, y {number(alike, 'es')} si mira atrás tanto "
                    "como ellos"
                )
            out.append(
                (
                    "The published pair compares municipalities and runs to December 2013, erosion included: over "
                    f"those months ours is {number(ratio.value)}{back_en}. It weighs places, each with its own level; "
                    "ours is the nation as a whole.",
                    "El par publicado compara municipios y llega a diciembre de 2013, con la erosión: en esos meses el "
                    f"nuestro es {number(ratio.value, 'es')}{back_es}. Aquel pondera lugares con un nivel propio; el "
                    "nuestro es el país entero.",
                )
            )
    return tuple(out)


def _path(fit: StructuralFit) -> tuple[PathRow, ...]:
    return tuple(
        PathRow(
            tuple((a.isoformat(), b.isoformat()) for a, b in point.spans),
            count.days,
            point.counted,
            point.lo,
            point.expected,
            point.hi,
            point.cumulative_lo,
            point.cumulative,
            point.cumulative_hi,
        )
        for point, count in zip(fit.path(), fit.matrices.after, strict=True)
    )


def _donors(pool: DonorPool | None, fit: SyntheticFit | None) -> tuple[DonorRow, ...]:
    if pool is None or fit is None:
        return ()
    weights = {w.unit: (w.weight, w.lo, w.hi) for w in fit.weights}
    out = []
    for d in pool.donors:
        weight, lo, hi = weights.get(d.unit, (None, None, None))
        name_es = country_es(d.unit, d.name)
        out.append(DonorRow(d.unit, d.name, d.used, d.reason_en, d.reason_es, weight, lo, hi, name_es))
    return tuple(out)


def _break(found: Break) -> BreakRow:
    return BreakRow(
        found.day.isoformat(),
        found.lo.isoformat(),
        found.hi.isoformat(),
        found.ratio,
        found.ratio_lo,
        found.ratio_hi,
    )


def _change(found: ChangePoints | None) -> ChangeRow | None:
    if found is None:
        return None
    middle, low, high = found.months or (None, None, None)
    return ChangeRow(
        found.probability,
        tuple(_break(b) for b in found.breaks),
        _break(found.fall) if found.fall else None,
        found.fall_probability,
        middle,
        low,
        high,
        found.months_probability,
        tuple((day.isoformat(), mass) for day, mass in found.dates if mass > 1e-4),
        tuple(day.isoformat() for day in found.check),
    )


def _certification(table: Sequence[CertificationRow]) -> tuple[CertificationLine, ...]:
    return tuple(
        CertificationLine(
            row.estimator,
            row.process,
            *PROCESS_TEXT.get(row.process, (row.process, row.process)),
            row.measure,
            row.share,
            row.lo,
            row.hi,
            row.worlds,
            row.failed,
            row.seed,
            row.date,
            row.machine,
            row.model,
        )
        for row in table
    )
