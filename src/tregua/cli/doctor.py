"""``tregua doctor``: is this copy sound, and how fast is it here?"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tregua.cli import DEFAULT_CASE, USER_CAN_MEND
from tregua.cli.option import Json, Lang, Quiet
from tregua.cli.phrase import phrase
from tregua.cli.screen import Cell, Screen

if TYPE_CHECKING:
    from tregua.case import Case
    from tregua.model.compiled import Engine
    from tregua.model.simulate import Run

OK, NOTE, FAIL = "OK", "NOTE", "FAIL"
STYLES = {OK: "", NOTE: "yellow", FAIL: "bold red"}
WEEKS = 574
"""Length of the history that is timed: the run of the bundled case, 2009 to 2019."""
SHORT_WEEKS = 26
NAMES, STATUS_ENDS = 16, 100
IDS = ("compiled", "same", "determinism", "cache", "cases", "posterior", "fonts", "network", "drill")
FAST_MS, ORDINARY_MS = 8.0, 20.0
"""Speed classes of one history of 14 areas and 3 gangs; 5 ms is what the kernel is built for on a current core."""
# Levers at which every mechanism has something to do, so that the short comparison passes through all of them.
EVERYTHING = {
    "contact": 1.0, "concession": 1.0, "commitment": 0.6, "legal": 0.5, "transparency": 0.2, "offer": 0.6,
    "programme": 0.4, "opposition": 0.7, "arrests": 1.5, "conditional": 0.3, "lethal": 5.0, "sanction": 0.5,
    "prosecute_brokers": 0.3, "prosecute_principals": 0.2, "pacts": 0.5, "own_halt": 0.1, "endogenous_state": 1.0,
    "weariness": 0.1, "bargain_extortion": 0.2,
}  # fmt: skip
PACKAGES = ("numpy", "numba", "llvmlite", "pyarrow", "duckdb", "pydantic", "altair", "jax", "numpyro", "pandas")


@dataclass(frozen=True)
class Checked:
    """One check: what was looked at, what came out, and how to mend it where it failed.

    Attributes
    ----------
    id : str
    status : str
        OK, NOTE or FAIL.
    finding, mend : str
        Keys of phrases.
    slots : mapping
        What fills the slots of both; also what ``--json`` gives.
    """

    id: str
    status: str
    finding: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    mend: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {"id": self.id, "status": self.status, **self.slots}


def doctor(
    drill: Annotated[
        bool,
        typer.Option(
            "--drill", help="Also kill, starve, spoil and double a small run here, and hold its digits (minutes)."
        ),
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = "en",
) -> None:
    """Is the compiled path on and right, how fast is it, are digits reproducible, are the cases as shipped?"""
    screen = Screen(lang, quiet=quiet, as_json=as_json)
    checks = examine(screen)
    if drill:
        checks += drilled(screen)
    failed = [item for item in checks if item.status == FAIL]
    if as_json:
        screen.json({"sound": not failed, "checks": [item.as_dict() for item in checks], "versions": versions()})
    else:
        longest = max(_names(lang) + len(_finding(screen, item)) + len(item.status) + 1 for item in checks)
        for item in checks:
            _show(screen, item, narrow=screen.width is not None and max(longest, STATUS_ENDS) > screen.width)
        named = ", ".join(f"{_of_machine(name, lang)} {number}" for name, number in versions().items())
        screen.say(f"{phrase('doctor.versions', lang):<{_names(lang) - 1}} {named}", indent=" " * 6)
        ending = phrase("doctor.wrong", lang, n=len(failed), total=len(checks))
        screen.say(ending if failed else phrase("doctor.fine", lang))
    if failed:
        raise typer.Exit(USER_CAN_MEND)


def examine(screen: Screen) -> list[Checked]:
    """Every check, in the order in which they are shown."""
    from tregua.case import load_case
    from tregua.model.compiled import engine

    case = load_case(DEFAULT_CASE)
    kernel, plain = engine(), engine(compiled=False)
    with screen.stages() as stages:
        with stages.begin(phrase("doctor.compile", screen.lang)):
            compiled = check_compiled(case, kernel)
        with stages.begin(phrase("doctor.compare", screen.lang)):
            same = check_same(case, kernel, plain)
        with stages.begin(phrase("doctor.threads", screen.lang)):
            determined = check_determinism(case, kernel)
    return [
        compiled,
        same,
        determined,
        check_cache(kernel),
        *check_cases(),
        check_posterior(case, kernel),
        check_fonts(),
        Checked("network", OK, "doctor.network.none"),
    ]


def drilled(screen: Screen) -> list[Checked]:
    """Fault drills in a folder of their own, in the order in which they are shown."""
    from tregua.cli.drill import examine as drills

    out = []
    with screen.stages() as stages, stages.begin(phrase("doctor.drill", screen.lang)):
        for made in drills():
            slots = {"drill": made.id, "times": made.times, "files": made.shards}
            if made.fault:
                out.append(Checked("drill", FAIL, "doctor.drill.no", {**slots, "why": made.fault}, "doctor.drill.mend"))
            elif made.times:
                out.append(Checked("drill", OK, f"doctor.drill.{made.id}", slots))
            else:
                out.append(Checked("drill", NOTE, "doctor.drill.cannot", slots))
    return out


def check_posterior(case: Case, kernel: Engine) -> Checked:
    """Which posteriors ship for this model, and how many passed their gate."""
    from tregua.case.draws import draw_source

    source = draw_source(case, kernel.digest)
    if source.main is None:
        return Checked("posterior", NOTE, "doctor.posterior.none", {"n": len(case.draws)})
    passed = sum(found.gate == "passed" for found in source.posteriors.values())
    told = {"n": len(source.main.rows), "passed": passed, "total": len(source.posteriors)}
    return Checked("posterior", OK if passed == len(source.posteriors) else NOTE, "doctor.posterior.ships", told)


def history(case: Case, kernel: Engine, weeks: int, *, luck: int = 0, everything: bool = False) -> Run:
    """One history of the bundled case at the default parameters, over its first weeks.

    Parameters
    ----------
    everything : bool
        Set all levers so that every mechanism acts, instead of the record.
    """
    from tregua.model.declare import DEFAULTS
    from tregua.model.simulate import Simulator, simulate_history

    timeline = case.history
    if everything:
        for name, value in EVERYTHING.items():
            timeline = timeline.with_level(name, 0, value)
    simulator = Simulator(case.world, kernel=kernel)
    until = 7.0 * weeks
    return simulate_history(
        simulator, DEFAULTS, timeline, luck=luck, until=until, cuts=(0.0, until), area_cuts=(0.0, until)
    )


def digest(run: Run) -> str:
    """SHA-256 of everything a run has written and of the state in which it ended."""
    total = hashlib.sha256()
    for array in (*run.record, *run.end.state):
        total.update(array.tobytes())
    return total.hexdigest()


def check_compiled(case: Case, kernel: Engine) -> Checked:
    """Is the compiled path really on, and how long does one history take?"""
    history(case, kernel, 2)
    if not getattr(kernel.advance, "nopython_signatures", None):
        return Checked("compiled", FAIL, "doctor.compiled.off", {"on": False}, "doctor.compiled.mend")
    seconds = []
    for luck in range(3):
        begun = time.perf_counter()
        history(case, kernel, WEEKS, luck=luck)
        seconds.append(time.perf_counter() - begun)
    ms = round(1000.0 * min(seconds), 1)
    speed = "fast" if ms <= FAST_MS else "ordinary" if ms <= ORDINARY_MS else "slow"
    slots = {"on": True, "ms": ms, "speed": speed, "weeks": WEEKS}
    slots |= {"areas": len(case.world.areas), "gangs": len(case.world.gangs)}
    return Checked("compiled", OK, "doctor.compiled.on", slots)


def check_same(case: Case, kernel: Engine, plain: Engine) -> Checked:
    """Do the compiled week and the same week in plain Python give the same digits, with every mechanism at work?"""
    one = history(case, kernel, SHORT_WEEKS, everything=True)
    two = history(case, plain, SHORT_WEEKS, everything=True)
    if digest(one) == digest(two):
        return Checked("same", OK, "doctor.same.yes", {"weeks": SHORT_WEEKS, "digest": digest(one)[:12]})
    named = [*zip(one.record._fields, one.record, two.record, strict=True)]
    named += [*zip(one.end.state._fields, one.end.state, two.end.state, strict=True)]
    where = ", ".join(name for name, a, b in named if a.tobytes() != b.tobytes())
    slots = {"where": where, "cache": str(_cache(kernel))}
    return Checked("same", FAIL, "doctor.same.no", slots, "doctor.same.mend")


def check_determinism(case: Case, kernel: Engine) -> Checked:
    """Do one thread and two threads give the same digits?"""

    def together(threads: int) -> str:
        total = hashlib.sha256()
        with ThreadPoolExecutor(threads) as pool:
            for part in pool.map(lambda luck: digest(history(case, kernel, 4 * SHORT_WEEKS, luck=luck)), range(6)):
                total.update(part.encode())
        return total.hexdigest()[:12]

    one, two = together(1), together(2)
    if one == two:
        return Checked("determinism", OK, "doctor.determinism.yes", {"digest": one})
    slots = {"one": one, "two": two}
    return Checked("determinism", FAIL, "doctor.determinism.no", slots, "doctor.determinism.mend")


def check_cache(kernel: Engine) -> Checked:
    """Is compiled code kept from one command to the next?"""
    import tempfile

    folder = _cache(kernel)
    kept = os.environ.get("TREGUA_CACHE") or not folder.is_relative_to(tempfile.gettempdir())
    if kept:
        return Checked("cache", OK, "doctor.cache.kept", {"cache": str(folder)})
    return Checked("cache", NOTE, "doctor.cache.lost", {"cache": str(folder)}, "doctor.cache.mend")


def check_cases() -> list[Checked]:
    """Are the bundled cases as they were shipped?"""
    from tregua.case import bundled_cases, digest_of, find_case

    shipped = json.loads(files("tregua").joinpath("cases", "shipped.json").read_text(encoding="utf-8"))
    out = []
    for case in bundled_cases():
        found = digest_of(find_case(case))
        slots = {"case": case, "digest": found[:12]}
        if shipped.get(case) == found:
            out.append(Checked("cases", OK, "doctor.cases.shipped", slots))
        else:
            out.append(Checked("cases", NOTE, "doctor.cases.changed", slots, "doctor.cases.mend"))
    return out


def check_fonts() -> Checked:
    """Can pictures be exported in the face that ships with the pages?"""
    folder = files("tregua.report").joinpath("fonts")
    why = ""
    try:
        import vl_convert

        vl_convert.register_font_directory(str(folder))
        if not any(item.name.endswith(".ttf") for item in folder.iterdir()):
            why = "no .ttf file"
    except (ImportError, OSError, ValueError) as error:
        why = str(error)
    if why:
        return Checked("fonts", FAIL, "doctor.fonts.no", {"why": why}, "doctor.fonts.mend")
    return Checked("fonts", OK, "doctor.fonts.yes")


def versions() -> dict[str, str]:
    """What the digits depend on: this package, its model, what it computes with, and the type of machine."""
    from tregua import __version__
    from tregua.model.compiled import model_digest

    out = {"tregua": __version__, "model": model_digest()[:12], "python": sys.version.split()[0]}
    for package in PACKAGES:
        try:
            out[package] = version(package)
        except PackageNotFoundError:
            continue
    library = " ".join(part for part in platform.libc_ver() if part)
    return {**out, "libc": library or "unknown", "machine": platform.machine(), "cores": str(os.cpu_count() or 1)}


def _cache(kernel: Engine) -> Any:
    from tregua.model.compiled import cache_folder

    return cache_folder(kernel.digest).parent


def _finding(screen: Screen, item: Checked) -> str:
    slots = dict(item.slots)
    if "speed" in slots:
        slots["speed"] = phrase(f"speed.{slots['speed']}", screen.lang)
    return phrase(item.finding, screen.lang, **slots)


def _names(lang: str) -> int:
    """Width of the names of checks: the longest with a space after it."""
    return max(NAMES, 1 + max(len(phrase(f"doctor.{id}", lang)) for id in IDS))


def _of_machine(name: str, lang: str) -> str:
    """What a version belongs to: a package by its name, the rest in words."""
    return phrase(f"doctor.version.{name}", lang) if name in ("model", "machine", "cores") else name


def _show(screen: Screen, item: Checked, *, narrow: bool) -> None:
    name, text = phrase(f"doctor.{item.id}", screen.lang), _finding(screen, item)
    style, names, status = STYLES[item.status], _names(screen.lang), phrase(f"doctor.{item.status}", screen.lang)
    if narrow:
        screen.say(f"{status:<5} {name}: {text}", style, indent=" " * 6)
    else:
        room = max(1, STATUS_ENDS - names - len(text) - len(status))
        screen.say_cells([Cell(f"{name:<{names}}"), Cell(text), Cell(" " * room), Cell(status, style)])
    if item.mend and item.status != OK:
        indent = " " * (6 if narrow else names)
        screen.say(indent + phrase(item.mend, screen.lang, **item.slots), indent=indent)
