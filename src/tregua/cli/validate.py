"""``tregua validate``: patterns before and after the fit, a hindcast beside baselines, and checks from outside."""

from __future__ import annotations

import math
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tregua.cli.option import Draws, DrawsFrom, Json, Lang, Out, Quiet, Threads, own_posteriors
from tregua.cli.phrase import phrase
from tregua.cli.screen import Column, Screen

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tregua.cli.screen import Stage, Stages


def validate(
    case: Annotated[str, typer.Argument(help="A case folder, or the id of a bundled case.")] = "el_salvador_2012",
    draws: Draws = 300,
    draws_from: DrawsFrom = "",
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the histories.")] = 20131231,
    inside: Annotated[bool, typer.Option("--no-outside", help="Leave out the checks from outside the case.")] = False,
    threads: Threads = None,
    out: Out = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Hold the model against what it was never fitted to, and say where it fails."""
    import os

    from tregua.calibrate.figures import Figures
    from tregua.calibrate.validation import validate as run
    from tregua.calibrate.validation import write
    from tregua.case.draws import draw_source
    from tregua.case.load import load_case
    from tregua.cli.source import source_lines
    from tregua.model.compiled import model_digest

    screen = Screen(lang, quiet=quiet, as_json=as_json)
    loaded = load_case(case)
    Figures.of(loaded)
    parent = Path(out) if out else Path("out")
    own = own_posteriors(parent, loaded.id)
    source = draw_source(loaded, model_digest(), asked=draws_from, own=Path(own) if own else None)
    for line in source_lines(source, lang):
        screen.note(line)
    with screen.stages() as shown:
        told = run(
            loaded,
            source,
            draws=draws,
            seed=seed,
            threads=threads or os.cpu_count() or 1,
            outside=not inside,
            tell=Followed(shown, lang),
        )
    path = parent / loaded.id / "validation" / "validation.json"
    write(told, path)
    if as_json:
        screen.json(told)
        return
    show(screen, told)
    screen.say(phrase("calibrate.wrote", lang, path=path))


class Followed:
    """Shows each stage as it is told."""

    def __init__(self, shown: Stages, lang: str) -> None:
        self._shown = shown
        self._lang = lang
        self._open: dict[str, tuple[ExitStack, Stage]] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self._open:
            stack = ExitStack()
            bar = stack.enter_context(self._shown.begin(phrase(f"validate.stage.{stage}", self._lang), total))
            self._open[stage] = (stack, bar)
        stack, bar = self._open[stage]
        bar.advance(done, total=total)
        if done >= total:
            stack.close()


def show(screen: Screen, told: Mapping[str, Any]) -> None:
    """Scores, patterns and checks, failures first."""
    lang = screen.lang
    found = told["hindcast"]
    if found is not None:
        screen.say()
        n = len(found["counts"])
        screen.say(
            phrase("validate.hindcast", lang, n=n, start=found["counts"][0]["start"], end=found["counts"][-1]["end"]),
            style="bold",
        )
        screen.say(phrase("validate.given", lang))
        screen.table(
            [
                Column(phrase("validate.forecast", lang), keep=True),
                Column("CRPS", numeric=True, keep=True),
                Column(phrase("validate.log", lang), numeric=True),
                Column("50 %", numeric=True),
                Column("90 %", numeric=True, keep=True),
            ],
            [
                (_name(name, lang, found.get("laid_over", ())), f"{row['crps']:.0f}", f"{row['log']:.2f}",
                 f"{row['inside50']}/{row['n']}", f"{row['inside90']}/{row['n']}")
                for name, row in sorted(found["scores"].items(), key=lambda item: item[1]["crps"])
            ],
        )  # fmt: skip
        for row in found["skill"]:
            known = row["lo"] > 0 or row["hi"] < 0
            screen.say(
                phrase(
                    "validate.skill" if known else "validate.skill.unknown", lang, two=_name(row["two"], lang),
                    value=gained(row["value"]), lo=gained(row["lo"]), hi=gained(row["hi"]),
                ),
                indent="  ",
            )  # fmt: skip
        if not found["skill"]:
            screen.say(phrase("validate.too_few", lang, n=n), indent="  ")
        screen.say(phrase("validate.one_history", lang))
    else:
        screen.say(phrase("validate.no_held_out", lang))
    screen.say()
    show_patterns(screen, told)
    from tregua.cli.compare import formatter

    words = formatter(lang, "")
    for name, row in list(told["readings"].items())[1:]:
        key = "validate.apart" if row["apart"] else "validate.same"
        d, e = words.number(row["less_first"], 0.1, signed=True), words.number(row["less_first_error"], 0.1)
        screen.say(phrase(key, lang, reading=name, d=d, e=e), indent="  ")
    show_checks(screen, told)


def show_patterns(screen: Screen, told: Mapping[str, Any]) -> None:
    """Patterns of the record before the fit and after it, failures first."""
    from tregua.calibrate.pattern import NO_TEST_SHARE, VERDICTS, beside_priors
    from tregua.calibrate.validation import before_shares

    lang = screen.lang
    if not told["patterns"]["after"]:
        screen.say(phrase("validate.no_patterns", lang))
        return
    before = {row["id"]: row for row in told["patterns"]["before"]}
    alone = before_shares(told)
    found = {row["id"]: beside_priors(row["verdict"], alone.get(row["id"])) for row in told["patterns"]["after"]}
    screen.table(
        [
            Column(phrase("validate.pattern", lang), keep=True),
            Column(phrase("validate.counted", lang), numeric=True, keep=True),
            Column(phrase("validate.before", lang), numeric=True),
            Column(phrase("validate.after", lang), numeric=True, keep=True),
            Column(phrase("validate.verdict", lang), keep=True),
        ],
        [
            (row["id"], _short(row["target"]), _short(before.get(row["id"], {}).get("q50")), _short(row["q50"]),
             phrase(f"validate.{found[row['id']]}", lang))
            for row in sorted(told["patterns"]["after"], key=lambda r: VERDICTS.index(found[r["id"]]))
        ],
    )  # fmt: skip
    if "no_test" in found.values():
        from tregua.cli.compare import formatter

        screen.say(phrase("validate.no_test.why", lang, share=formatter(lang, "").percent(NO_TEST_SHARE)), indent="  ")


def show_checks(screen: Screen, told: Mapping[str, Any]) -> None:
    """Checks from outside the case, those that its record cannot show with the reason."""
    from tregua.calibrate.external import standing

    lang = screen.lang
    for check in told["checks"]:
        sign, found = check["wanted"] == 0.0, standing(check)
        key = f"validate.{'sign' if sign else 'check'}.{found}"
        screen.say(
            phrase(
                key,
                lang,
                name=phrase(f"validate.check.{check['id']}", lang),
                found=_digits(check["found"], check["error"]),
                wanted=_digits(check["wanted"], check["error"]),
                error=_digits(check["error"], check["error"]),
            ),
            style={"holds": "", "open": "yellow"}.get(found, "bold red"),
            indent="  ",
        )
    for row in told["checks_not_asked"]:
        name, why = phrase(f"validate.check.{row['id']}", lang), row["reason"][1 if lang == "es" else 0]
        screen.say(phrase("validate.check.not_asked", lang, name=name, reason=why), indent="  ")


def gained(share: float) -> str:
    """A gain or loss in hundredths, signed, as every number of the project is written: ``−9 %``."""
    return f"{share:+.0%}".replace("-", "−").replace("%", "\u00a0%")


def _name(name: str, lang: str, laid_over: Collection[str] = ()) -> str:
    """A forecast in words; a reading keeps its id, with the word that tells what it is and whether it was fitted."""
    if name in BASELINES:
        return phrase(f"validate.name.{name}", lang)
    return phrase(f"validate.name.{'laid_over' if name in laid_over else 'reading'}", lang, reading=name)


BASELINES = ("prior", "frozen", "window", "last_year", "last_count", "levers")


def _digits(value: float, error: float) -> str:
    """A value to the second digit of its error."""
    places = 4 if not error > 0 else max(0, 1 - math.floor(math.log10(error)))
    return f"{value:,.{places}f}"


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"
