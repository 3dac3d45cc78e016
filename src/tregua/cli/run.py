"""``tregua run``: the history as it happened, responses under rival readings, and the page; one store, resumable."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tregua.cli.option import (
    Arms,
    Draws,
    DrawsFrom,
    Json,
    Lang,
    Luck,
    Out,
    Quiet,
    Readings,
    Seed,
    Sets,
    Step,
    Threads,
    listed,
    own_posteriors,
    settings,
)
from tregua.cli.phrase import phrase
from tregua.cli.screen import Screen
from tregua.cli.source import gates, source_lines

if TYPE_CHECKING:
    from tregua.calibrate.rest_points import RestPoints
    from tregua.case.load import Case
    from tregua.explore.experiment import Experiment
    from tregua.report.aside import Aside
    from tregua.runs.local import RunReport

SET_ASIDE = 3


def run(
    case: Annotated[str, typer.Argument(help="A case folder, or the id of a bundled case.")] = "el_salvador_2012",
    draws: Draws = 100,
    luck: Luck = 1,
    seed: Seed = 20120308,
    reading: Readings = None,
    arm: Arms = None,
    step: Step = 7.0,
    set_: Sets = None,
    draws_from: DrawsFrom = "",
    whole: Annotated[
        bool, typer.Option("--whole", help="Every reading at every decision, not only the rival ones at the second.")
    ] = False,
    threads: Threads = None,
    out: Out = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate, compare responses under rival readings, and write the page."""
    import os

    from tregua.case.load import load_case
    from tregua.explore.experiment import Experiment, Worker
    from tregua.explore.study import run_stage, stages, store_folder
    from tregua.report.aside import Aside
    from tregua.runs.store import Store

    screen = Screen(lang, quiet=quiet, as_json=as_json)
    workers = threads or os.cpu_count() or 1
    loaded = load_case(case)
    command = "tregua " + " ".join(sys.argv[1:]) if sys.argv[1:] else f"tregua run {loaded.id}"
    parent = Path(out) if out else Path("out")
    with screen.stages() as shown, Aside() as aside:
        experiment = Experiment(
            loaded,
            draws=draws,
            luck=luck,
            seed=seed,
            readings=listed(reading),
            arms=listed(arm),
            step=step,
            overrides=settings(set_),
            draws_from=draws_from,
            posteriors=own_posteriors(parent, loaded.id),
        )
        screen.note(
            phrase(
                "run.title",
                lang,
                version=_version(),
                case=loaded.title_es if lang == "es" else loaded.title_en,
                digest=loaded.digest[:6],
                model=experiment.origin.model[:6],
                seed=seed,
                threads=workers,
                out=parent / loaded.id,
            )
        )
        for line in source_lines(experiment.source, lang):
            screen.note(line)
        store = Store.open(
            store_folder(parent, loaded.id), experiment.origin, case_id=loaded.id, command=command, other="set_aside"
        )
        with shown.begin(phrase("run.compile", lang)) as stage:
            worker = Worker(experiment)
            stage.note = phrase("run.cached" if warm(worker) else "run.done", lang)
        reports: list[RunReport] = []
        page = parent / loaded.id / "report.html"
        for part in stages(experiment, whole=whole):
            with shown.begin(phrase(f"run.{part.id}", lang)) as stage:
                reports.append(run_stage(part, worker, store, workers, stage.follow))
            if part.id == "first" and not page.exists():
                write_page(loaded, store, experiment, command, page, lang, aside, unfinished=True)
                screen.note(phrase("run.first_page", lang, path=page))
        with shown.begin(phrase("run.page", lang)):
            write_page(loaded, store, experiment, command, page, lang, aside)
    steep = steepness(loaded, store, experiment)
    if steep is not None:
        from tregua.report.catalogue import Catalogue
        from tregua.report.estimate import Estimate
        from tregua.report.format import Formatter

        words = Formatter(Catalogue(lang), loaded.number_style)
        told = steep.product
        rounded = words.estimate(Estimate(told.q50, told.q05, told.q95, told.mcse, told.mcse_ends), "ratio")
        share = words.of_runs(steep.share_two, told.n)
        screen.note(phrase("run.rest_points", lang, value=rounded.value, span=rounded.span, share=share))
    waiting = [r for r in loaded.readings if loaded.readings[r].needs_refit]
    if waiting:
        screen.note(phrase("run.refit", lang, readings=", ".join(waiting)))
    failed = [f for report in reports for f in report.failures]
    shards = [f for report in reports for f in report.failed_shards]
    total = sum(report.histories for report in reports) + len(failed)
    for reproduce in [f.reproduce for f in failed[:1]] + [f.reproduce for f in shards[:1]]:
        screen.say(phrase("run.failed", lang, n=len(failed) or len(shards), total=total, command=reproduce))
    if as_json:
        screen.json(
            {
                "case": loaded.id,
                "case_digest": loaded.digest,
                "model_digest": experiment.origin.model,
                "parameters_from": experiment.source.kind,
                "gates": gates(experiment.source),
                "seed": seed,
                "draws": draws,
                "luck": luck,
                "page": str(page),
                "store": str(store.folder),
                "histories": sum(report.histories for report in reports),
                "reused": sum(report.histories_reused for report in reports),
                "failed": len(failed) + len(shards),
                "seconds": sum(report.seconds for report in reports),
                "needs_refit": waiting,
                "rest_points": None
                if steep is None
                else {
                    "q05": steep.product.q05,
                    "q50": steep.product.q50,
                    "q95": steep.product.q95,
                    "mcse": steep.product.mcse,
                    "share_above_4": steep.share_two,
                },
            }
        )
    screen.say(phrase("run.open", lang, path=page))
    screen.harm()
    if failed or shards:
        raise typer.Exit(SET_ASIDE)


def steepness(case: Case, store: Any, experiment: Experiment) -> RestPoints | None:
    """Whether the truce of the runs has one rest point or two, under the default reading."""
    from datetime import timedelta

    from tregua.calibrate.history import read_histories
    from tregua.calibrate.rest_points import rest_points

    decision = next(iter(case.decisions.values()), None)
    shards = [s for s in experiment.record_shards(("default",)) if s in store]
    if decision is None or not shards:
        return None
    found = read_histories(store, shards, readings=("default",), outcomes=("compliance", "adherence"))
    values = [experiment.values(row, number, "default") for number, row in enumerate(experiment.rows())]
    slope, weight = ({d: row[n] for d, row in enumerate(values)} for n in ("adherence_slope", "rival_weight"))
    return rest_points(found["default"], slope, weight, case.start + timedelta(days=decision.day)) if found else None


def warm(worker: Any) -> bool:
    """Bind and compile the kernel; True where the compiled code was found in the cache."""
    import time

    began = time.perf_counter()
    worker.past(0, 0, "default" if "default" in worker.case.readings else next(iter(worker.case.readings)), 7.0)
    return time.perf_counter() - began < WARM_SECONDS


WARM_SECONDS = 4.0


def write_page(
    case: Case,
    store: Any,
    experiment: Experiment,
    command: str,
    page: Path,
    lang: str,
    aside: Aside,
    *,
    unfinished: bool = False,
) -> Path:
    """Build the page from what the store holds now."""
    from tregua.report.gather import gather
    from tregua.report.page import build_report

    aside.start()
    inputs = gather(case, store, experiment, command, unfinished=unfinished)
    return build_report(inputs, page, lang=lang, aside=aside)


def _version() -> str:
    from tregua import __version__

    return __version__
