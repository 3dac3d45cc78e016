"""``tregua simulate``: histories under one set of levers, year by year, beside what was counted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tregua.cli.option import (
    Draws,
    DrawsFrom,
    End,
    Json,
    Lang,
    Luck,
    Out,
    Quiet,
    Seed,
    Sets,
    Start,
    Step,
    Threads,
    own_posteriors,
    settings,
)
from tregua.cli.phrase import phrase
from tregua.cli.screen import Column, Screen
from tregua.cli.source import gates, source_lines
from tregua.errors import UsageError

SHOWN = ("homicides_recorded", "homicides_hidden", "deaths_by_state", "arrests_wrongful", "extortion_paid", "command")


def simulate(
    case: Annotated[str, typer.Argument(help="A case folder, or the id of a bundled case.")] = "el_salvador_2012",
    draws: Draws = 24,
    luck: Luck = 1,
    seed: Seed = 20120308,
    reading: Annotated[str, typer.Option("--reading", help="Reading of the facts.")] = "default",
    arm: Annotated[
        str, typer.Option("--arm", help="Response; the history as it happened by default.")
    ] = "as_it_happened",
    decision: Annotated[str | None, typer.Option("--decision", help="Decision at which the response begins.")] = None,
    draw: Annotated[int | None, typer.Option("--draw", min=0, help="One draw only.")] = None,
    luck_id: Annotated[int, typer.Option("--luck-id", min=0, help="Its replicate of chance.")] = 0,
    start: Start = None,
    end: End = None,
    step: Step = 7.0,
    set_: Sets = None,
    draws_from: DrawsFrom = "",
    threads: Threads = None,
    out: Out = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate histories and show them year by year."""
    import os

    import numpy as np

    from tregua.case.load import load_case
    from tregua.explore.experiment import Experiment
    from tregua.explore.yearly import simulate_years

    screen = Screen(lang, quiet=quiet, as_json=as_json)
    loaded = load_case(case)
    rows = draws if draw is None else draw + 1
    experiment = Experiment(
        loaded,
        draws=rows,
        luck=max(luck, luck_id + 1),
        seed=seed,
        step=step,
        overrides=settings(set_),
        draws_from=draws_from,
        posteriors=own_posteriors(Path(out) if out else Path("out"), loaded.id),
    )
    years = simulate_years(
        experiment,
        reading=reading,
        arm=arm,
        decision=decision,
        start=_day(start, "--start"),
        end=_day(end, "--end"),
        runs=None if draw is None else ((draw, luck_id),),
        threads=threads or os.cpu_count() or 1,
    )
    counted = _counted(loaded, years.spans)
    low, middle, high = np.quantile(years.values, [0.05, 0.5, 0.95], axis=0)
    error = years.values.std(axis=0, ddof=1) * 1.2533 / np.sqrt(len(years.runs)) if len(years.runs) > 1 else None
    if as_json:
        screen.json(
            {
                "case": loaded.id,
                "reading": reading,
                "arm": arm,
                "parameters_from": experiment.source.kind,
                "gates": gates(experiment.source),
                "seed": seed,
                "runs": [list(r) for r in years.runs],
                "years": [
                    {
                        "start": a.isoformat(),
                        "end": b.isoformat(),
                        "counted": counted[i],
                        "outcomes": {
                            name: {
                                "q05": float(low[i, j]),
                                "q50": float(middle[i, j]),
                                "q95": float(high[i, j]),
                                "mcse": None if error is None else float(error[i, j]),
                            }
                            for j, name in enumerate(years.outcomes)
                        },
                    }
                    for i, (a, b) in enumerate(years.spans)
                ],
            }
        )
        return
    from tregua.model.outcomes import OUTCOMES
    from tregua.report.catalogue import Catalogue
    from tregua.report.format import Formatter, kind_of

    words = Formatter(Catalogue(lang), loaded.number_style)
    screen.note(
        phrase(
            "simulate.title",
            lang,
            case=loaded.title_es if lang == "es" else loaded.title_en,
            n=len(years.runs),
            arm=arm,
            reading=reading,
            seed=seed,
        )
    )
    for line in source_lines(experiment.source, lang):
        screen.note(line)
    columns = [Column(phrase("simulate.year", lang)), Column(phrase("simulate.counted", lang), True)]
    columns += [Column(_head(words, name, lang), True) for name in SHOWN]
    table: list[list[str]] = []
    for i, (a, b) in enumerate(years.spans):
        whole = (a.month, a.day, b.month, b.day) == (1, 1, 12, 31)
        cells = [str(a.year) if whole else f"{a} .. {b}"]
        number = counted[i]
        cells.append(phrase("simulate.unknown", lang) if number is None else words.number(number))
        for name in SHOWN:
            j = years.outcomes.index(name)
            cells.append(_cell(words, kind_of(OUTCOMES[name].unit), low[i, j], middle[i, j], high[i, j], error, i, j))
        table.append(cells)
    screen.table(columns, table, stacked=True)
    saved = _save((Path(out) if out else Path("out")) / loaded.id, years, low, middle, high)
    screen.note(phrase("simulate.saved", lang, path=saved))
    screen.harm()


def _head(words: Any, name: str, lang: str) -> str:
    """An outcome, with its unit where the cells hold bare amounts."""
    from tregua.model.outcomes import OUTCOMES

    head = phrase(f"outcome.{name}", lang)
    return f"{head}, {words.words.text('unit.million')}" if OUTCOMES[name].unit == "US$" else head


def _cell(words: Any, kind: str, low: float, middle: float, high: float, error: Any, i: int, j: int) -> str:
    from tregua.report.estimate import Estimate
    from tregua.report.format import MILLION

    mcse = None if error is None else float(error[i, j])
    scale = MILLION if kind == "money" else None
    rounded = words.estimate(Estimate(float(middle), float(low), float(high), mcse), kind, table=True, scale=scale)
    return f"{rounded.value} {rounded.span}" if rounded.span else str(rounded.value)


def _day(text: str | None, option: str) -> Any:
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            "a day is not written as a date",
            key=option,
            found=text,
            allowed="YYYY-MM-DD",
            mend="write it like 2012-03-08",
        ) from None


def _counted(case: Any, spans: Any) -> list[float | None]:
    """Counts that cover each span exactly, where there are such."""
    from tregua.series.catalogue import exact_total

    counts = [*case.observations.fit_pieces(), *case.observations.scored()]
    return [exact_total(counts, a, b) for a, b in spans]


def _save(folder: Path, years: Any, low: Any, middle: Any, high: Any) -> Path:
    """One CSV with every outcome, written whole or not at all."""
    import csv
    import io

    from tregua.runs.disk import Disk

    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(["start", "end", "outcome", "q05", "q50", "q95"])
    for i, (a, b) in enumerate(years.spans):
        for j, name in enumerate(years.outcomes):
            out.writerow([a, b, name, repr(float(low[i, j])), repr(float(middle[i, j])), repr(float(high[i, j]))])
    path = folder / "tables" / "simulate.csv"
    disk = Disk()
    disk.folder(path.parent)
    disk.write(path, text.getvalue().encode())
    return path
