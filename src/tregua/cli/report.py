"""``tregua report``: build the page again from whatever results exist."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tregua.cli.option import Draws, Json, Lang, Luck, Out, Quiet, Seed, Sets, Step, settings
from tregua.cli.phrase import phrase
from tregua.cli.screen import Screen


def report(
    case: Annotated[str, typer.Argument(help="A case folder, or the id of a bundled case.")] = "el_salvador_2012",
    draws: Draws = 100,
    luck: Luck = 1,
    seed: Seed = 20120308,
    step: Step = 7.0,
    set_: Sets = None,
    out: Out = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Build the page from the results that exist; what is missing is told in its place."""
    from tregua.case.load import load_case
    from tregua.cli.run import write_page
    from tregua.explore.experiment import Experiment
    from tregua.explore.study import store_folder
    from tregua.runs.store import Store

    screen = Screen(lang, quiet=quiet, as_json=as_json)
    loaded = load_case(case)
    parent = Path(out) if out else Path("out")
    experiment = Experiment(loaded, draws=draws, luck=luck, seed=seed, step=step, overrides=settings(set_))
    command = "tregua " + " ".join(sys.argv[1:]) if sys.argv[1:] else f"tregua report {loaded.id}"
    store = Store.open(store_folder(parent, loaded.id), experiment.origin, case_id=loaded.id)
    if not len(store.manifest.shards):
        screen.note(phrase("report.nothing", lang))
    page = write_page(loaded, store, experiment, command, parent / loaded.id / "report.html", lang)
    if as_json:
        screen.json({"case": loaded.id, "page": str(page)})
    screen.say(phrase("run.open", lang, path=page))
    screen.harm()
