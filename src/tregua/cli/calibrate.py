"""``tregua calibrate``: what the figures can say of parameters, and whether what says so can be trusted."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tregua.cli.option import Json, Lang, Out, Quiet, Readings, Threads, listed
from tregua.cli.phrase import phrase
from tregua.cli.screen import Column, Screen, Stage, Stages

if TYPE_CHECKING:
    from tregua.calibrate.prior_check import Expected
    from tregua.calibrate.study import Calibrated
    from tregua.case.load import Case

GATE_FAILED = 3
IN_TWO = 80  # characters below which every figure is a record of its own
WORDS = {"much": "calibrate.much", "part": "calibrate.part", "little": "calibrate.little"}


def calibrate(
    case: Annotated[str, typer.Argument(help="A case folder, or the id of a bundled case.")] = "el_salvador_2012",
    reading: Readings = None,
    every: Annotated[bool, typer.Option("--all", help="Every reading that needs a fit of its own.")] = False,
    gate: Annotated[
        bool, typer.Option("--gate", help="Run the gate too: the same procedure on simulated data sets.")
    ] = False,
    before: Annotated[
        bool, typer.Option("--before", help="Only what the priors expect of the figures; nothing is fitted.")
    ] = False,
    sets: Annotated[int | None, typer.Option("--sets", min=10, help="Simulated data sets of the gate.")] = None,
    histories: Annotated[
        int | None, typer.Option("--histories", min=1000, help="Histories of the bank; fewer for a quick look.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of bank, training, chains and gate.")] = 20131231,
    threads: Threads = None,
    out: Out = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fit the parameters to the figures of the fit window, and test the procedure that did it."""
    import os
    from dataclasses import replace

    from tregua.calibrate.fit import fitted_readings, refuse_unfitted
    from tregua.calibrate.prior_check import as_plain
    from tregua.calibrate.register import Rules, register, register_digest
    from tregua.calibrate.study import calibrate as run
    from tregua.calibrate.study import look_before
    from tregua.case.load import load_case

    screen = Screen(lang, quiet=quiet, as_json=as_json)
    loaded = load_case(case)
    known = fitted_readings(loaded)
    chosen = known if every else listed(reading) or known[:1]
    for name in chosen:
        refuse_unfitted(loaded, name)
    rules = Rules()
    if histories is not None:
        rules = replace(rules, bank=histories, bank_refit=histories)
    folder = (Path(out) if out else Path("out")) / loaded.id / "posterior"
    sealed = register_digest(register(loaded, rules))
    screen.note(phrase("calibrate.register", lang, digest=sealed[:12], path=folder / "register.json"))
    cores = threads or os.cpu_count() or 1
    if before:
        looked: dict[str, tuple[Expected, ...]] = {}
        for name in chosen:
            with screen.stages() as shown:
                looked[name] = look_before(
                    loaded, name, folder, rules, seed=seed, threads=cores, tell=Followed(shown, lang, name)
                )
            if not as_json:
                show_before(screen, loaded, name, looked[name], figure_by_figure=True)
        screen.say(phrase("calibrate.wrote", lang, path=folder))
        if as_json:
            readings = {name: as_plain(one) for name, one in looked.items()}
            screen.json({"case": loaded.id, "register": sealed, "folder": str(folder), "readings": readings})
        return
    found: dict[str, Calibrated] = {}
    for name in chosen:
        with screen.stages() as shown:
            found[name] = run(
                loaded,
                name,
                folder,
                rules,
                gate=gate,
                sets=sets,
                seed=seed,
                threads=cores,
                tell=Followed(shown, lang, name),
            )
        if not as_json:
            show_before(screen, loaded, name, found[name].expected)
            show(screen, loaded, found[name])
    screen.say(phrase("calibrate.wrote", lang, path=folder))
    if as_json:
        screen.json(
            {
                "case": loaded.id,
                "register": sealed,
                "folder": str(folder),
                "readings": {name: summary(one) for name, one in found.items()},
            }
        )
    if any(one.verdict is not None and one.verdict.state == "failed" for one in found.values()):
        raise typer.Exit(GATE_FAILED)


class Followed:
    """Shows each stage as it is told; a stage ends when it is done."""

    def __init__(self, shown: Stages, lang: str, reading: str) -> None:
        self._shown = shown
        self._lang = lang
        self._reading = reading
        self._open: dict[str, tuple[ExitStack, Stage]] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self._open:
            label = f"{phrase(f'calibrate.stage.{stage}', self._lang)}, {self._reading}"
            stack = ExitStack()
            self._open[stage] = (stack, stack.enter_context(self._shown.begin(label, total)))
        stack, bar = self._open[stage]
        bar.advance(done, total=total)
        if done >= total:
            stack.close()


def show_before(
    screen: Screen, case: Case, reading: str, found: tuple[Expected, ...], *, figure_by_figure: bool = False
) -> None:
    """What the priors expected of the figures, and those that they hardly ever give."""
    from tregua.calibrate.prior_check import HISTORIES, as_plain

    lang = screen.lang
    told = as_plain(found)
    label = case.readings[reading]
    screen.say()
    screen.say(phrase("calibrate.before.title", lang, reading=label.meaning_es if lang == "es" else label.meaning_en,
                      n=HISTORIES), style="bold")  # fmt: skip
    if figure_by_figure:
        screen.table(
            [
                Column(phrase("calibrate.before.figure", lang), keep=True),
                Column(phrase("calibrate.before.from", lang), keep=True),
                Column(phrase("calibrate.before.to", lang)),
                Column(phrase("calibrate.before.value", lang), numeric=True, keep=True),
                Column(phrase("calibrate.before.range", lang), numeric=True, keep=True),
                Column(phrase("calibrate.before.below", lang), numeric=True),
                Column("", keep=True),
            ],
            [
                cells
                for row in found
                for cells in figure_rows(
                    row.id.partition("@")[0],
                    (str(row.start), str(row.end), _short(row.value), f"{_short(row.q05)} – {_short(row.q95)}",
                     share(row.place), "" if row.inside90 else phrase("calibrate.before.outside", lang)),
                    in_two=screen.width is not None and screen.width >= IN_TWO,
                )
            ],
        )  # fmt: skip
    screen.say(
        phrase("calibrate.before.counts", lang, n=told["counts"], half=told["inside50"], most=told["inside90"]),
        indent="  ",
    )
    names = ", ".join(told["out_of_reach"])
    key = "calibrate.before.out" if names else "calibrate.before.none_out"
    screen.say(phrase(key, lang, names=names), indent="  ")


def show(screen: Screen, case: Case, one: Calibrated) -> None:
    """What was learnt, what was not, and the gate."""
    lang = screen.lang
    told = one.posterior.manifest["identifiability"]
    label = case.readings[one.posterior.reading]
    screen.say()
    screen.say(phrase("calibrate.title", lang, reading=label.meaning_es if lang == "es" else label.meaning_en,
                      n=len(one.posterior.rows), k=len(one.posterior.names)), style="bold")  # fmt: skip
    rows = [
        (name, f"{row['prior_q05']:.3g} – {row['prior_q95']:.3g}", f"{row['q50']:.3g}",
         f"{row['q05']:.3g} – {row['q95']:.3g}", phrase(WORDS[row["says"]], lang))
        for name, row in sorted(told["parameters"].items(), key=lambda item: item[1]["ratio"])
        if row["says"] in WORDS
    ]  # fmt: skip
    screen.table(
        [
            Column(phrase("calibrate.parameter", lang), keep=True),
            Column(phrase("calibrate.prior", lang), numeric=True),
            Column(phrase("calibrate.middle", lang), numeric=True, keep=True),
            Column(phrase("calibrate.range", lang), numeric=True, keep=True),
            Column(phrase("calibrate.says", lang), keep=True),
        ],
        rows,
    )
    screen.say(phrase("calibrate.silent", lang, names=", ".join(told["silent"]) or "-"), indent="  ")
    trades = "; ".join(f"{a} / {b} ({r:+.2f})" for a, b, r in told["trades"][:6])
    screen.say(phrase("calibrate.trades", lang, pairs=trades or phrase("calibrate.no_trades", lang)), indent="  ")
    chains = one.posterior.manifest["chains"]
    screen.say(phrase("calibrate.chains", lang, rhat=f"{chains['rhat']:.3f}", ess=f"{chains['effective']:.0f}"))
    for key in ("left_out", "redrawn"):
        inside = one.posterior.manifest[key].get("0.9")
        if inside:
            screen.say(phrase(f"calibrate.{key}", lang, n=inside[0], total=inside[3], low=inside[1], high=inside[2]))
    if one.verdict is None:
        screen.say(phrase("calibrate.gate.not_run", lang))
        return
    small = one.verdict.detectable
    state = phrase(f"calibrate.gate.{one.verdict.state}", lang, n=one.verdict.sets)
    screen.say(state, style="" if one.verdict.state == "passed" else "bold red")
    for en, es in one.verdict.reasons:
        screen.say(f"  {es if lang == 'es' else en}", indent="    ")
    screen.say(
        phrase(
            "calibrate.gate.seen", lang, shift=f"{small.shift:g}", narrow=f"{small.narrow:g}", wide=f"{small.wide:g}"
        ),
        indent="  ",
    )


def figure_rows(name: str, cells: tuple[str, ...], *, in_two: bool) -> list[tuple[str, ...]]:
    """A figure as a row; a ratio, whose name is long, goes on in a second one where the width is limited."""
    above, sign, below = name.partition("/")
    if not (in_two and sign):
        return [(name, *cells)]
    return [(above, *cells), (f"  {sign} {below}", *("" for _ in cells))]


def share(value: float) -> str:
    """A share in hundredths: 1,000 histories carry no more."""
    return f"{value:.0%}".replace("%", "\u00a0%")


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def summary(one: Calibrated) -> dict[str, Any]:
    """One reading for ``--json``."""
    from tregua.calibrate.prior_check import as_plain

    manifest = one.posterior.manifest
    return {
        "draws": len(one.posterior.rows),
        "gate": manifest["gate"]["state"],
        "reasons": [reason[0] for reason in manifest["gate"]["reasons"]],
        "rhat": manifest["chains"]["rhat"],
        "effective": manifest["chains"]["effective"],
        "before": as_plain(one.expected),
        "left_out": manifest["left_out"],
        "redrawn": manifest["redrawn"],
        "silent": manifest["identifiability"]["silent"],
        "seconds": one.seconds,
    }
