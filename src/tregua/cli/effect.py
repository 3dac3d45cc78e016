"""``tregua effect``: how much recorded homicides changed when a truce began, by several designs, with their checks."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tregua.cli.option import Json, Lang, Out, Quiet, Seed
from tregua.cli.phrase import phrase
from tregua.cli.screen import Cell, Column, Screen
from tregua.effect.extra import require_extra
from tregua.errors import StoreError, UsageError

if TYPE_CHECKING:
    from tregua.effect.design import Phases
    from tregua.effect.inputs import EffectInputs
    from tregua.effect.panel import PanelFit
    from tregua.effect.results import EffectResults, EstimateRow
    from tregua.report.format import Formatter

SET_ASIDE = 3
RESULTS = "effect.json"
FAILED = "failed"
FEW = 3
NONE = "–"
"""In place of a figure that there is not; the line below the table says what it means."""


def effect(
    context: typer.Context,
    case: Annotated[str, typer.Argument(help="A case folder, or the id of a bundled case.")] = "el_salvador_2012",
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Your own counts, a CSV with date,count or start,end,count; no case is read."),
    ] = None,
    phase: Annotated[
        list[str] | None,
        typer.Option(
            "--phase",
            help="kind=YYYY-MM-DD; kinds: announced, active, eroding, ended; repeat it. Those of the case if none.",
        ),
    ] = None,
    panel: Annotated[
        Path | None,
        typer.Option("--panel", help="Areas by month, a CSV with area,date,count; optional population and prison."),
    ] = None,
    dates: Annotated[
        str, typer.Option("--dates", help="How 03/04/2012 is to be read, dmy or mdy; found out if left out.")
    ] = "",
    fast: Annotated[
        bool, typer.Option("--fast", help="Approximate posteriors only: seconds, and every row says so.")
    ] = False,
    posterior_draws: Annotated[
        int | None,
        typer.Option("--posterior-draws", min=100, help="Draws kept of each of four chains; 1500 to 2000 by default."),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Every check in a sentence, every donor, the table.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Estimate again, whatever is stored.")] = False,
    seed: Seed = 20120309,
    threads: Annotated[
        int, typer.Option("--threads", min=1, help="Processes that sample side by side, 1.3 GB each; the same digits.")
    ] = 1,
    out: Out = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Estimate how much recorded homicides changed, with the checks and the measured error of every estimator."""
    from tregua.effect.design import Phases

    screen = Screen(lang, quiet=quiet, as_json=as_json)
    parent = Path(out) if out else Path("out")
    if dates not in ("", "dmy", "mdy"):
        raise UsageError(
            "dates can be read in two ways only",
            key="--dates",
            found=dates,
            allowed="dmy or mdy",
            mend="leave it out where years come first",
        )
    if data is not None and panel is not None:
        raise UsageError(
            "one series or a panel, not both",
            key="--panel",
            found=f"--data {data.name} and --panel {panel.name}",
            allowed="one of them",
            mend="run the command once for each",
        )
    phases = Phases.parse(phase) if phase else None
    own = data or panel
    if own is not None and phases is None:
        raise UsageError(
            "your own counts need the day on which the truce began",
            key="--phase",
            found="none",
            allowed="one --phase or more",
            mend=f"for example: tregua effect {'--data' if data else '--panel'} {own.name} --phase active=2012-03-09",
        )
    if panel is not None:
        assert phases is not None
        _panel(screen, panel, dates, phases, parent / panel.stem / "effect")
        return
    require_extra(fast=fast)
    inputs, folder = _inputs(case, data, dates, phases, parent)
    results, stored = _results(screen, inputs, folder / RESULTS, seed, fast, posterior_draws, threads, again)
    _write_tables(results, folder, lang)
    if as_json:
        screen.json({"results": str(folder / RESULTS), "stored": stored, **results.as_dict()})
    else:
        show(screen, results, full=full)
        where = phrase("effect.stored" if stored else "effect.wrote", lang, path=folder / RESULTS)
        screen.note(where if own else f"{where}. {phrase('effect.page', lang, case=case)}")
        screen.say(phrase("effect.harm", lang), "dim")
    if not results.has_verdict:
        raise typer.Exit(SET_ASIDE)


def _inputs(case: str, data: Path | None, dates: str, phases: Phases | None, parent: Path) -> tuple[EffectInputs, Path]:
    """What is estimated, and the folder of its results."""
    from tregua.effect.inputs import EffectInputs, case_inputs

    if data is None:
        from tregua.case.load import load_case

        loaded = load_case(case)
        return case_inputs(loaded, phases), parent / loaded.id / "effect"
    from tregua.effect.design import Design
    from tregua.effect.read_counts import read_counts

    assert phases is not None
    read = read_counts(data, dates)
    digest = hashlib.sha256(data.read_bytes()).hexdigest()
    inputs = EffectInputs(Design(read.series, phases), title=data.name, digest=digest, notes=read.notes)
    return inputs, parent / data.stem / "effect"


def _results(
    screen: Screen,
    inputs: EffectInputs,
    path: Path,
    seed: int,
    fast: bool,
    draws: int | None,
    threads: int,
    again: bool,
) -> tuple[EffectResults, bool]:
    """Stored results of the same inputs, settings and code; else a new study, saved."""
    from tregua.effect.results import load_results, save_results
    from tregua.effect.study import study, study_key

    key = study_key(inputs, seed, not fast, draws)
    found = None if again else load_results(path, key)
    if found is not None:
        return found, True
    _writable(path.parent)
    begun = "effect.begun.fast" if fast else "effect.begun"
    screen.note(phrase(begun, screen.lang, title=inputs.title_in(screen.lang)))
    with screen.stages() as shown, shown.begin(phrase("effect.stage", screen.lang)) as stage:
        parts = 0

        def told(en: str, es: str) -> None:
            nonlocal parts
            parts += 1
            stage.note = es if screen.lang == "es" else en
            stage.advance(parts)

        found = study(inputs, seed=seed, full=not fast, draws=draws, threads=threads, told=told)
        stage.note = ""
    save_results(found, path, key)
    return found, False


def _writable(folder: Path) -> None:
    """Refuse a folder that cannot be written before anything is computed."""
    import os

    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(13, "Permission denied")
    except OSError as error:
        raise StoreError(
            "the folder of results cannot be written",
            file=str(folder),
            found=error.strerror or str(error),
            mend="choose another one with --out",
        ) from error


def _formatter(lang: str, style: str) -> Formatter:
    from tregua.report.catalogue import Catalogue
    from tregua.report.format import Formatter

    return Formatter(Catalogue(lang), style)


def show(screen: Screen, results: EffectResults, *, full: bool = False) -> None:
    """What was counted, every estimate with its checks and its measured error, and the verdict."""
    lang = screen.lang
    fmt = _formatter(lang, results.number_style)

    def of(en: str, es: str) -> str:
        return es if lang == "es" else en

    who = counters(results.institutions, lang)
    screen.say(
        phrase(
            "effect.counts" if who else "effect.counts.nobody",
            lang,
            n=results.counts,
            who=who,
            start=results.start,
            end=results.end,
            phases=", ".join(f"{of(p.name_en, p.name_es)} {p.start}" for p in results.phases[1:]),
        )
    )
    for en, es in results.notes:
        screen.say(f"  {of(en, es)}", "dim", indent="  ")
    screen.say()
    columns = (
        Column(phrase("effect.column.estimator", lang), keep=True),
        Column(phrase("effect.column.ratio", lang), keep=True),
        Column(phrase("effect.column.fewer", lang)),
        Column(phrase("effect.column.checks", lang), keep=True),
        Column(phrase("effect.column.measured", lang), keep=True),
        Column(phrase("effect.column.note", lang)),
    )
    screen.table(columns, [_cells(row, fmt, lang) for row in results.estimates])
    screen.say(phrase("effect.dash", lang), "dim", indent="   ")
    if any(row.other_counts for row in results.estimates):
        screen.say(phrase("effect.other", lang), "dim", indent="   ")
    screen.say()
    for row in results.estimates:
        if row.status == "no_estimate":
            reason, remedy = of(row.reason_en, row.reason_es), of(row.remedy_en, row.remedy_es)
            remedy = remedy[:1].upper() + remedy[1:]
            screen.say(phrase("effect.none", lang, name=of(row.name_en, row.name_es), reason=reason, remedy=remedy))
    names = {row.estimator: of(row.name_en, row.name_es) for row in reversed(results.estimates)}
    for check in results.checks:
        if full or check.result == FAILED:
            word = phrase(f"effect.check.{check.result}", lang)
            name, title = names.get(check.estimator, check.estimator), of(check.title_en, check.title_es)
            screen.say(f"{word}  {name} · {title}: {of(check.sentence_en, check.sentence_es)}", indent="    ")
    screen.say(of(results.agreement_en, results.agreement_es))
    for en, es in results.reasons:
        screen.say(f"  {of(en, es)}", indent="  ")
    screen.say(of(results.months_en, results.months_es))
    if full:
        _show_more(screen, results, fmt)
    screen.say()
    screen.say(of(results.verdict_en, results.verdict_es), "bold")


def counters(institutions: Sequence[str], lang: str) -> str:
    """Who counted: by name where they are few, else by kind."""
    from tregua.series.observation import institution_class

    if len(institutions) <= FEW:
        return ", ".join(institutions)
    kinds = dict.fromkeys(institution_class(name) for name in institutions)
    named = [kind if kind in ("police", "forensic") else "other" for kind in kinds]
    return ", ".join(phrase(f"effect.counted.{kind}", lang) for kind in dict.fromkeys(named))


def _cells(row: EstimateRow, fmt: Formatter, lang: str) -> list[Cell | str]:
    name = row.name_es if lang == "es" else row.name_en
    note = row.note_es if lang == "es" else row.note_en
    if row.method == "laplace":
        note = "; ".join(part for part in (phrase("effect.note.fast", lang), note) if part)
    if row.ratio is None:
        note = note or phrase("effect.note.below", lang)
        return [name, phrase("effect.no_estimate", lang), NONE, _checks(row, lang), measured(row, fmt, lang), note]
    ratio = f"{fmt.number(row.ratio, 0.01)} {span(row.lo, row.hi, fmt, 0.01)}"
    fewer = NONE if row.fewer is None else f"{people(row.fewer, fmt)} {span(row.fewer_lo, row.fewer_hi, fmt, 0.0)}"
    return [name, ratio, fewer, _checks(row, lang), measured(row, fmt, lang), note]


def _checks(row: EstimateRow, lang: str) -> str:
    if not row.checks_counted:
        return NONE
    return phrase("effect.checks", lang, passed=row.checks_passed, of=row.checks_counted)


def measured(row: EstimateRow, fmt: Formatter, lang: str) -> str:
    """Coverage and false positives measured on simulated worlds, in the kind of world where each is worst.

    With the form and the counts that they were measured on, where those are others.
    """
    share = row.coverage_of_date if row.coverage is None else row.coverage
    if share is None or row.false_positive is None:
        return phrase("effect.uncertified", lang) if row.status != "published" else NONE
    told = phrase(
        "effect.measured" if row.coverage_of_date is None else "effect.measured.date",
        lang,
        coverage=fmt.number(share, 0.01),
        false=fmt.number(row.false_positive, 0.01),
        worlds=fmt.number(row.worlds),
    )
    if row.certified_fast:
        told = f"{told}; {phrase('effect.measured.fast', lang)}"
    return f"{told}; {phrase('effect.measured.other', lang)}" if row.other_counts else told


def people(value: float, fmt: Formatter) -> str:
    """A number of people rounded to two figures: an estimate carries no more."""
    import math

    unit = 10.0 ** max(math.floor(math.log10(max(abs(value), 1.0))) - 1, 0)
    return fmt.number(value, unit)


def span(lo: float | None, hi: float | None, fmt: Formatter, unit: float) -> str:
    """A range in square brackets; `unit` 0 for a number of people."""
    if lo is None or hi is None:
        return ""
    ends = [people(end, fmt) if unit == 0 else fmt.number(end, unit) for end in (lo, hi)]
    return f"[{ends[0]}; {ends[1]}]"


def _show_more(screen: Screen, results: EffectResults, fmt: Formatter) -> None:
    lang = screen.lang
    if results.donors:
        screen.say()
        columns = (
            Column(phrase("effect.column.donor", lang), keep=True),
            Column(phrase("effect.column.weight", lang), keep=True),
            Column(phrase("effect.column.why", lang)),
        )
        rows: list[list[Cell | str]] = []
        for d in sorted(results.donors, key=lambda d: -(d.weight or -1.0)):
            weight = "" if d.weight is None else f"{fmt.number(d.weight, 0.01)} {span(d.lo, d.hi, fmt, 0.01)}"
            rows.append([d.name_in(lang), weight, d.reason_es if lang == "es" else d.reason_en])
        screen.table(columns, rows)
    if results.certification:
        screen.say()
        if not results.certified_here:
            screen.say(phrase("effect.other.table", lang))
        measures = (
            Column(phrase("effect.column.estimator", lang), keep=True),
            Column(phrase("effect.column.worlds", lang), keep=True),
            Column(phrase("effect.column.measure", lang), keep=True),
            Column(phrase("effect.column.share", lang), keep=True),
        )
        screen.table(
            measures,
            [
                [
                    line.estimator,
                    f"{line.process_es if lang == 'es' else line.process_en}, {line.worlds}",
                    phrase(f"effect.measure.{line.measured}", lang),
                    f"{fmt.number(line.share, 0.01)} {span(line.lo, line.hi, fmt, 0.01)}",
                ]
                for line in results.certification
            ],
        )


def _write_tables(results: EffectResults, folder: Path, lang: str) -> None:
    """The estimates and the checks as CSV, for other programs."""
    rows = [
        {
            "id": row.id,
            "estimator": row.estimator,
            "start": row.start,
            "end": row.end,
            "institution": row.institution,
            "status": row.status,
            "method": row.method,
            "ratio": row.ratio,
            "lo": row.lo,
            "hi": row.hi,
            "fewer": row.fewer,
            "fewer_lo": row.fewer_lo,
            "fewer_hi": row.fewer_hi,
            "checks_passed": row.checks_passed,
            "checks": row.checks_counted,
            "failed": ";".join(row.failed),
            "measured_coverage": row.coverage,
            "measured_coverage_of_date": row.coverage_of_date,
            "measured_false_positives": row.false_positive,
            "worlds": row.worlds or None,
            "measured_on": row.measured_on,
            "measured_counts": row.measured_counts,
            "note": row.note_es if lang == "es" else row.note_en,
        }
        for row in results.estimates
    ]
    checks = [
        {
            "estimator": check.estimator,
            "check": check.id,
            "result": check.result,
            "sentence": check.sentence_es if lang == "es" else check.sentence_en,
        }
        for check in results.checks
    ]
    for name, table in (("estimates.csv", rows), ("checks.csv", checks)):
        _write_csv(folder / name, table)


def _write_csv(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    part = path.with_suffix(".part")
    try:
        part.write_text(text.getvalue(), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise StoreError(
            "a table could not be written",
            file=path.name,
            found=error.strerror or str(error),
            mend="choose a folder that can be written with --out, or free some space",
        ) from error


def _panel(screen: Screen, path: Path, dates: str, phases: Phases, folder: Path) -> None:
    """Areas by month: the truce and its interaction with prison density, beside the published pair."""
    require_extra(fast=True)
    from tregua.effect.panel import PUBLISHED, fit_panel, read_panel

    lang = screen.lang
    rows = read_panel(path, dates)
    fit = fit_panel(rows, phases)
    fmt = _formatter(lang, "")
    _writable(folder)
    table = panel_table(fit)
    _write_csv(folder / "panel.csv", table)
    if screen.as_json:
        screen.json(
            {
                "results": str(folder / "panel.csv"),
                "areas": fit.areas,
                "empty_areas": fit.empty_areas,
                "periods": fit.periods,
                "prison_mean": fit.prison_mean,
                "prison_sd": fit.prison_sd,
                "coefficients": table,
            }
        )
        return
    screen.say(
        phrase(
            "effect.panel",
            lang,
            areas=fmt.number(fit.areas),
            periods=fmt.number(fit.periods),
            empty=fmt.number(fit.empty_areas),
            start=phases.active_day,
        )
    )
    columns = (
        Column(phrase("effect.column.term", lang), keep=True),
        Column(phrase("effect.column.ratio", lang), keep=True),
        Column(phrase("effect.column.two_way", lang)),
    )
    cells: list[list[Cell | str]] = []
    for one in (fit.truce, fit.interaction, fit.trend):
        if one is not None:
            ratio = f"{fmt.number(one.ratio, 0.01)} {span(one.lo, one.hi, fmt, 0.01)}"
            both = span(one.two_way_lo, one.two_way_hi, fmt, 0.01)
            cells.append([phrase(f"effect.panel.{one.name}", lang), ratio, both])
    for kind, value, lo, hi in PUBLISHED:
        ratio = f"{fmt.number(value, 0.01)} {span(lo, hi, fmt, 0.01)}"
        cells.append([phrase(f"effect.panel.published.{kind}", lang), ratio, ""])
    screen.table(columns, cells)
    screen.say()
    screen.say(phrase("effect.panel.note" if fit.interaction else "effect.panel.note.plain", lang))
    screen.note(phrase("effect.wrote", lang, path=folder / "panel.csv"))
    screen.say(phrase("effect.harm", lang), "dim")


def panel_table(fit: PanelFit) -> list[dict[str, Any]]:
    """Coefficients of a panel as rows."""
    return [
        {
            "term": one.name,
            "ratio": one.ratio,
            "lo": one.lo,
            "hi": one.hi,
            "two_way_lo": one.two_way_lo,
            "two_way_hi": one.two_way_hi,
        }
        for one in (fit.truce, fit.interaction, fit.trend)
        if one is not None
    ]
