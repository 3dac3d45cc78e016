"""The sheet of a workshop: what every role wrote, guessed, would do and rests on, as a link carries it.

Nobody plays the gangs. No role has a default; a role that writes nothing is not in the sheet.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tregua.app.scenario import Scenario
from tregua.app.weighing import BOUND, WEIGHED
from tregua.model.levers import LEVERS

ROLES: tuple[str, ...] = ("government", "mediators", "civil_society", "donors", "residents", "victims")
GUESSED: tuple[str, ...] = ("homicides", "deaths_by_state", "arrests_wrongful", "extortion_paid")
"""Outcomes of which a role says what it expects: deaths never without rights."""
KINDS: Mapping[str, tuple[str, ...]] = {"t": BOUND, "w": WEIGHED, "g": GUESSED}
"""Outcomes for which a role may write a threshold, those that it may weigh, and those that it guesses."""
STANCES: tuple[str, ...] = ("rests", "disputes")
YEARS, CHANCE, ROUND, MINUTES = 5, 50, 1, 10
MOST = 1e12
MOST_SETTINGS, MOST_CLAIMS, MOST_NAME = 8, 3, 40
COUNTED: Mapping[str, range] = {
    "years": range(1, 21), "chance": range(1, 101), "round": range(1, 21), "minutes": range(1, 91),
}  # fmt: skip
"""Whole numbers that hold for every role alike, and what they may be."""
_CLAIM = re.compile(r"[A-Z]{1,3}\d{1,4}[a-z]?")
_BOUNDS = {lever.id: lever for lever in LEVERS}


@dataclass
class Setting:
    """What a role would do: a response and the levers moved on it, under a name.

    Attributes
    ----------
    name : str
        Of the setting, never of a person; empty where it is called what it is.
    """

    role: str
    name: str
    arm: str
    sets: dict[str, float] = field(default_factory=dict)
    start: date | None = None
    end: date | None = None

    def scenario(self) -> Scenario:
        """What is run for it."""
        return Scenario(self.arm, dict(self.sets), self.start, self.end)


@dataclass
class Sheet:
    """What the roles wrote.

    Attributes
    ----------
    years : int
        Years after the decision.
    chance : int
        A response is accepted where it meets every threshold in at least so many of a hundred runs.
    round, minutes : int
        Which round this is, and how long it lasts.
    opened : bool
        Every role has committed: results may be seen.
    bounds : dict of role -> outcome -> number
        The most that is accepted, against no truce.
    counts : dict of role -> outcome -> number
        How many of it count as one death.
    guesses : dict of role -> outcome -> number
        What the role expects of its own setting, against no truce.
    claims : dict of role -> claim -> stance
        Claims that a role rests its choice on, or disputes.
    settings : list of Setting
        The last of a role is the one that it stands by.
    """

    years: int = YEARS
    chance: int = CHANCE
    round: int = ROUND
    minutes: int = MINUTES
    opened: bool = False
    bounds: dict[str, dict[str, float]] = field(default_factory=dict)
    counts: dict[str, dict[str, float]] = field(default_factory=dict)
    guesses: dict[str, dict[str, float]] = field(default_factory=dict)
    claims: dict[str, dict[str, str]] = field(default_factory=dict)
    settings: list[Setting] = field(default_factory=list)

    @property
    def by_kind(self) -> dict[str, dict[str, dict[str, float]]]:
        """The numbers that roles wrote, by the letter that a link has for them."""
        return {"t": self.bounds, "w": self.counts, "g": self.guesses}


def read_sheet(given: Mapping[str, str]) -> tuple[Sheet, list[str]]:
    """The sheet of a link, from its keys that begin with ``w.``; what cannot be kept is named."""
    sheet, lost = Sheet(), []
    for key, value in given.items():
        words = key.split(".")
        if words[0] != "w" or len(words) < 2:
            continue
        if not _taken(sheet, words[1:], value):
            lost.append(f"{key}={value}")
    return sheet, lost


def _taken(sheet: Sheet, words: list[str], value: str) -> bool:
    if words == ["open"]:
        sheet.opened = value == "1"
        return True
    number = _number(value)
    if len(words) == 1:
        if words[0] not in COUNTED or number is None or number not in COUNTED[words[0]]:
            return False
        setattr(sheet, words[0], int(number))
        return True
    if len(words) == 2 and words[0] == "k":
        setting = _setting(value)
        if setting is None or len(sheet.settings) >= MOST_SETTINGS:
            return False
        sheet.settings.append(setting)
        return True
    if len(words) != 3 or words[0] not in ROLES:
        return False
    role, kind, what = words
    if kind == "c":
        held = sheet.claims.get(role, {})
        if value not in STANCES or not _CLAIM.fullmatch(what) or len(held) >= MOST_CLAIMS:
            return False
        sheet.claims.setdefault(role, {})[what] = value
        return True
    if what not in KINDS.get(kind, ()) or number is None or (kind == "w" and number <= 0):
        return False
    sheet.by_kind[kind].setdefault(role, {})[what] = number
    return True


def _setting(text: str) -> Setting | None:
    """``role|response|start|end|lever=value,...|name``, or None where it does not read so."""
    parts = text.split("|", 5)
    if len(parts) != 6 or parts[0] not in ROLES:
        return None
    role, arm, start, end, levers, name = parts
    name = "".join(ch for ch in name if ch.isprintable())[:MOST_NAME].strip()
    sets: dict[str, float] = {}
    for pair in levers.split(",") if levers else ():
        lever, _, value = pair.partition("=")
        number = _number(value)
        if lever not in _BOUNDS or number is None or not _BOUNDS[lever].lower <= number <= _BOUNDS[lever].upper:
            return None
        sets[lever] = number
    try:
        days = [date.fromisoformat(day) if day else None for day in (start, end)]
    except ValueError:
        return None
    return Setting(role, name, arm, sets, *days)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) <= MOST else None


def write_sheet(sheet: Sheet) -> list[tuple[str, str]]:
    """The pairs of a link that read back as this sheet; none where nothing was written."""
    out = [
        (f"w.{role}.{kind}.{outcome}", f"{number:.12g}")
        for kind, held in sheet.by_kind.items()
        for role in ROLES
        for outcome, number in held.get(role, {}).items()
    ]
    out += [(f"w.{role}.c.{claim}", stance) for role in ROLES for claim, stance in sheet.claims.get(role, {}).items()]
    out += [(f"w.k.{place}", _written(setting)) for place, setting in enumerate(sheet.settings, 1)]
    if not out:
        return []
    rest = [(f"w.{name}", str(getattr(sheet, name))) for name in COUNTED]
    return [*out, *rest, *([("w.open", "1")] if sheet.opened else [])]


def _written(setting: Setting) -> str:
    levers = ",".join(f"{name}={value:.12g}" for name, value in sorted(setting.sets.items()))
    days = ("" if day is None else day.isoformat() for day in (setting.start, setting.end))
    return "|".join((setting.role, setting.arm, *days, levers, setting.name))
