"""Permalinks: a state as a query string, read again by any later version, or told why it cannot be.

``?v=1&m=<model>&d=2012&a=no_truce&b=open_truce&b.contact=0.8&b.from=2012-05-01&o=homicides_recorded&...``
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from tregua.app.scenario import Scenario, decision_of, plan_of
from tregua.app.sheet import Sheet, read_sheet, write_sheet
from tregua.app.telling import CHARTED
from tregua.errors import TreguaError
from tregua.model.levers import LEVERS

if TYPE_CHECKING:
    from tregua.case.load import Case

VERSION = 1
DIGEST = 8
"""Leading digits of the model's and the case's hash that a link carries."""
VIEWS = ("band", "histories", "dots")
TRIADS = ("stories", "priors")
MOST_PAIRS = 240
RENAMED: Mapping[str, str] = {"from": "start", "until": "end"}
"""Keys of links without a version, as they were first written by hand."""


@dataclass
class State:
    """What a link says, and what could not be kept of it.

    Attributes
    ----------
    notes : list of (key of the catalogue, slots)
    """

    decision: str
    a: Scenario
    b: Scenario
    outcome: str = "homicides_recorded"
    view: str = "band"
    triad: str = "stories"
    seed: int | None = None
    sheet: Sheet = field(default_factory=Sheet)
    notes: list[tuple[str, dict[str, str]]] = field(default_factory=list)


def read_link(case: Case, pairs: Sequence[tuple[str, str]], *, model: str, seed: int) -> State:
    """Read a query string; what is unknown or out of range is left out and named, never refused as a whole.

    Parameters
    ----------
    case : Case
    pairs : sequence of (key, value)
    model : str
        Hash of the model that runs here.
    seed : int
        Seed that runs here.
    """
    given = dict(pairs[:MOST_PAIRS])
    notes: list[tuple[str, dict[str, str]]] = []
    version = given.get("v", "0")
    if version == "0" and len(given) > 1:
        given = {_migrated(key): value for key, value in given.items()}
    elif (_number(version[:8]) or 0) > VERSION:
        notes.append(("link.newer", {"v": version[:8]}))
    first = next(iter(case.decisions))
    decision = given.get("d", first)
    if decision not in case.decisions:
        notes.append(("link.unknown", {"what": _short(decision)}))
        decision = first
    arms = list(decision_of(case, decision).arms)
    defaults = {"a": arms[0], "b": "open_truce" if "open_truce" in arms else arms[-1]}
    sides = {name: _side(case, decision, name, given, defaults[name], notes) for name in ("a", "b")}
    state = State(decision, sides["a"], sides["b"])
    for key, field_name, allowed in (("o", "outcome", CHARTED), ("view", "view", VIEWS), ("t", "triad", TRIADS)):
        if key in given:
            if given[key] in allowed:
                setattr(state, field_name, given[key])
            else:
                notes.append(("link.unknown", {"what": _short(given[key])}))
    for key, here, note in (("m", model, "link.model"), ("c", case.digest, "link.case")):
        if key in given and given[key][:DIGEST] != here[:DIGEST]:
            notes.append((note, {"v": _short(given[key][:DIGEST])}))
    state.sheet, lost = read_sheet(given)
    lost += _unknown_settings(case, decision, state.sheet)
    notes += [("link.unknown", {"what": _short(text)}) for text in lost]
    other = _number(given.get("s", "")[:18])
    if other is not None and other != seed:
        notes.append(("link.seed", {"v": str(other)}))
        state.seed = other
    state.notes = notes
    return state


def _unknown_settings(case: Case, decision: str, sheet: Sheet) -> list[str]:
    """Take out the settings that cannot be run at this decision; gives their names."""
    kept, lost = [], []
    for setting in sheet.settings:
        try:
            plan_of(case, decision, setting.scenario())
        except TreguaError:
            lost.append(setting.name or setting.arm)
            continue
        kept.append(setting)
    sheet.settings = kept
    return lost


def _migrated(key: str) -> str:
    side, dot, name = key.partition(".")
    return f"{side}.{RENAMED.get(name, name)}" if dot else key


def _number(text: str) -> int | None:
    """A number in plain digits; None for anything else, also for what only looks like a digit (²)."""
    return int(text) if text.isascii() and text.isdecimal() else None


def _short(text: str) -> str:
    return "".join(ch for ch in text if ch.isprintable())[:40]


def _side(
    case: Case,
    decision: str,
    side: str,
    given: Mapping[str, str],
    default: str,
    notes: list[tuple[str, dict[str, str]]],
) -> Scenario:
    arm = given.get(side, default)
    if arm not in case.decisions[decision].arms:
        notes.append(("link.unknown", {"what": _short(arm)}))
        arm = default
    bounds = {lever.id: lever for lever in LEVERS}
    sets: dict[str, float] = {}
    days: dict[str, date | None] = {"start": None, "end": None}
    for key, value in given.items():
        owner, dot, name = key.partition(".")
        if owner != side or not dot:
            continue
        if name in days:
            try:
                days[name] = date.fromisoformat(value)
            except ValueError:
                notes.append(("link.unknown", {"what": _short(f"{key}={value}")}))
            continue
        try:
            number = float(value)
            inside = name in bounds and bounds[name].lower <= number <= bounds[name].upper
        except ValueError:
            inside = False
        if inside:
            sets[name] = number
        else:
            notes.append(("link.unknown", {"what": _short(f"{key}={value}")}))
    for chosen in (Scenario(arm, sets, days["start"], days["end"]), Scenario(arm, sets)):
        try:
            plan_of(case, decision, chosen)
        except TreguaError:
            notes.append(("link.window", {"side": side.upper()}))
            continue
        return chosen
    return Scenario(arm)


def write_link(state: State, *, model: str, case: str, seed: int) -> list[tuple[str, str]]:
    """The pairs of a link that reads back as this state."""
    out = [("v", str(VERSION)), ("m", model[:DIGEST]), ("c", case[:DIGEST]), ("s", str(seed)), ("d", state.decision)]
    for side in ("a", "b"):
        scenario: Scenario = getattr(state, side)
        out.append((side, scenario.arm))
        out += [(f"{side}.{name}", f"{value:.12g}") for name, value in sorted(scenario.sets.items())]
        for name in ("start", "end"):
            day: date | None = getattr(scenario, name)
            if day is not None:
                out.append((f"{side}.{name}", day.isoformat()))
    return [*out, ("o", state.outcome), ("view", state.view), ("t", state.triad), *write_sheet(state.sheet)]
