"""A workshop: roles write what they would accept and how they weigh harm, and see where they agree.

Nobody plays the gangs. No role has a default; a role that writes nothing is not in the table. Responses keep their
fixed order, and no role is told which one to choose.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tregua.app.weighing import BOUND, REFERENCE, WEIGHED, against, compared, least, share_text
from tregua.explore.answers import satisficing

if TYPE_CHECKING:
    from tregua.app.pages import Pages
    from tregua.app.telling import Voice
    from tregua.case.load import Case

ROLES: tuple[str, ...] = ("government", "mediators", "civil_society", "donors", "residents", "victims")
KINDS: Mapping[str, tuple[str, ...]] = {"t": BOUND, "w": WEIGHED}
"""Outcomes for which a role may write a threshold, and those that it may weigh."""
YEARS, CHANCE = 5, 50
MOST = 1e12


@dataclass
class Sheet:
    """What the roles wrote, as a link carries it.

    Attributes
    ----------
    years : int
        Years after the decision.
    chance : int
        A response is accepted where it meets every threshold in at least so many of a hundred runs.
    opened : bool
        Every role has committed: the table may be seen.
    bounds : dict of role -> outcome -> number
        The most that is accepted, against no truce.
    counts : dict of role -> outcome -> number
        How many of it count as one death.
    """

    years: int = YEARS
    chance: int = CHANCE
    opened: bool = False
    bounds: dict[str, dict[str, float]] = field(default_factory=dict)
    counts: dict[str, dict[str, float]] = field(default_factory=dict)


def read_sheet(given: Mapping[str, str]) -> tuple[Sheet, list[str]]:
    """The sheet of a link, from its keys that begin with ``w.``; what cannot be kept is named."""
    sheet, lost = Sheet(), []
    for key, value in given.items():
        words = key.split(".")
        if words[0] != "w" or len(words) < 2:
            continue
        number = _number(value)
        if words[1:] == ["open"]:
            sheet.opened = value == "1"
        elif words[1:] == ["years"] and number is not None and number in range(1, 21):
            sheet.years = int(number)
        elif words[1:] == ["chance"] and number is not None and number in range(1, 101):
            sheet.chance = int(number)
        elif len(words) != 4 or number is None or not _written(sheet, words[1], words[2], words[3], number):
            lost.append(f"{key}={value}")
    return sheet, lost


def _written(sheet: Sheet, role: str, kind: str, outcome: str, number: float) -> bool:
    if role not in ROLES or outcome not in KINDS.get(kind, ()) or (kind == "w" and number <= 0):
        return False
    held = sheet.bounds if kind == "t" else sheet.counts
    held.setdefault(role, {})[outcome] = number
    return True


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
        for kind, held in (("t", sheet.bounds), ("w", sheet.counts))
        for role in ROLES
        for outcome, number in held.get(role, {}).items()
    ]
    if not out:
        return []
    rest = [("w.years", str(sheet.years)), ("w.chance", str(sheet.chance))]
    return [*out, *rest, *([("w.open", "1")] if sheet.opened else [])]


def told(
    case: Case, pages: Pages, voice: Voice, decision: str, horizon: int, chance: int,
    roles: Mapping[str, tuple[Mapping[str, float], Mapping[str, float]]],
) -> dict[str, Any]:  # fmt: skip
    """Which responses every role accepts, under each reading, and where the roles agree.

    Parameters
    ----------
    chance : int
        Runs of a hundred in which every threshold of a role is to be met.
    roles : mapping
        Role -> (outcome -> the most that is accepted, outcome -> deaths that one unit counts as).

    Raises
    ------
    UsageError
        Nothing has been compared yet, or thresholds or weights that cannot be used.
    """
    cube = compared(pages, decision, horizon)
    records = {arm.id for arm in case.decisions[decision].arms.values() if arm.record}
    arms = [id for id in case.decisions[decision].arms if id in cube.arms and id not in records and id != REFERENCE]
    written = [role for role in ROLES if role in roles]
    met = {role: satisficing(cube, dict(roles[role][0]), horizon) for role in written if roles[role][0]}
    rows = []
    for arm in arms:
        cells: dict[str, Any] = {}
        for role, found in met.items():
            share = [float(value) for value in found.share[:, found.arms.index(arm)]]
            known = [place for place, value in enumerate(share) if not math.isnan(value)]
            if not known:
                continue
            worst = min(known, key=lambda place: share[place])
            cells[role] = {
                # None where a reading was not run: neither met nor missed
                "met": [None if math.isnan(value) else value >= chance / 100 for value in share],
                "share": [None if math.isnan(value) else value for value in share],
                "worst": {"under": found.readings[worst], "text": share_text(voice, share[worst], len(cube.draws))},
            }
        rows.append({"arm": arm, "cells": cells, "outcomes": against(cube, voice, arm, horizon)})
    return {
        "decision": decision,
        "years": horizon,
        "chance": chance,
        "draws": len(cube.draws),
        "readings": list(cube.readings),
        "roles": list(met),
        "rows": rows,
        "weighing": {role: least(case, cube, decision, dict(roles[role][1]), horizon)
                     for role in written if roles[role][1]},
    }  # fmt: skip
