"""``tregua report``: build the page again from whatever results exist."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tregua.cli.option import (
    DrawsFrom,
    Json,
    Lang,
    Out,
    Quiet,
    Sets,
    own_posteriors,
    settings,
)
from tregua.cli.phrase import phrase
from tregua.cli.screen import Screen
from tregua.cli.source import gates, source_lines
from tregua.errors import UsageError


def report(
    case: Annotated[str, typer.Argument(help="A case folder, or the id of a bundled case.")] = "el_salvador_2012",
    draws: Annotated[
        int | None,
        typer.Option("--draws", min=1, max=1_000_000, help="Rows of parameters; as in the results by default."),
    ] = None,
    luck: Annotated[
        int | None,
        typer.Option(
            "--luck", min=1, max=100_000, help="Replicates of chance for each row; as in the results by default."
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", min=0, help="Seed of the luck and of the draws; that of the results by default."),
    ] = None,
    step: Annotated[
        float | None, typer.Option("--step", min=0.1, max=31.0, help="Days a step; as in the results by default.")
    ] = None,
    set_: Sets = None,
    draws_from: DrawsFrom = "",
    out: Out = None,
    lang: Lang = "en",
    brief: Annotated[
        bool, typer.Option("--brief", help="One printed page in each language instead: brief.html beside the page.")
    ] = False,
    figures: Annotated[
        Path | None, typer.Option("--figures", help="Folder for every figure as SVG, PNG, PDF, and its data as CSV.")
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Both languages readable with scripts off; a file half as large again.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Build the page from the results that exist; what is missing is told in its place."""
    from tregua.case.load import load_case
    from tregua.explore.experiment import Experiment
    from tregua.explore.stored import Scale, stored_scale
    from tregua.explore.study import store_folder
    from tregua.runs.store import Store

    screen = Screen(lang, quiet=quiet, as_json=as_json)
    if figures is not None and figures.exists() and not figures.is_dir():
        raise UsageError(
            "the folder of figures is a file",
            key="--figures",
            found=str(figures),
            allowed="a folder",
            mend="choose another folder with --figures",
        )
    loaded = load_case(case)
    parent = Path(out) if out else Path("out")
    store = Store.open(store_folder(parent, loaded.id), Experiment(loaded).origin, case_id=loaded.id)
    scale = usual = Scale(draws=100, luck=1, seed=20120308, step=7.0)
    if (draws, luck, seed, step) == (None,) * 4 and not set_:
        scale = stored_scale(store) or usual
    experiment = Experiment(
        loaded,
        draws=scale.draws if draws is None else draws,
        luck=scale.luck if luck is None else luck,
        seed=scale.seed if seed is None else seed,
        step=scale.step if step is None else step,
        overrides=settings(set_),
        draws_from=draws_from,
        posteriors=own_posteriors(parent, loaded.id),
    )
    command = "tregua " + " ".join(sys.argv[1:]) if sys.argv[1:] else f"tregua report {loaded.id}"
    if not len(store.manifest.shards):
        screen.note(phrase("report.nothing", lang, case=case, out=f" --out {out}" if out else ""))
    else:
        for line in source_lines(experiment.source, lang):
            screen.note(line)
    from tregua.report.aside import Aside
    from tregua.report.brief import build_brief
    from tregua.report.gather import gather
    from tregua.report.page import build_report

    folder = parent / loaded.id
    with screen.stages() as shown, shown.begin(phrase("run.page", lang)), Aside() as aside:
        if not brief:
            aside.start()
        inputs = gather(loaded, store, experiment, command)
        if brief:
            page = build_brief(inputs, folder / "brief.html", lang=lang)
        else:
            page = build_report(inputs, folder / "report.html", lang=lang, plain=plain, aside=aside)
    written: list[Path] = []
    if figures is not None:
        from tregua.report.catalogue import Catalogue
        from tregua.report.export import write_figures
        from tregua.report.figures import every_figure
        from tregua.report.format import Formatter

        words = Catalogue(lang)
        fmt = Formatter(words, inputs.case.number_style)
        written = write_figures(every_figure(inputs, words, fmt), inputs, words, fmt, figures)
        screen.note(phrase("report.figures", lang, n=len(written), folder=figures))
    if as_json:
        screen.json(
            {
                "case": loaded.id,
                "gates": gates(experiment.source),
                "page": str(page),
                "figures": [str(path) for path in written],
            }
        )
    screen.say(phrase("run.open", lang, path=page))
    screen.harm()
