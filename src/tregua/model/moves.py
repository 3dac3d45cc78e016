"""Who moved in a week, and what moved each capital: the week in plain Python, with its draws overheard.

The compiled kernel keeps sums. Here the very same functions run uncompiled, and each draw tells what it decided: who
left, who was arrested, who was killed. Nothing is drawn twice and nothing is estimated; the people who move are those
of the compiled history, digit for digit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from tregua.model import draws, kernel
from tregua.model.compiled import _bind
from tregua.model.mechanisms import capital
from tregua.model.simulate import Course, Snapshot
from tregua.model.state import copied, empty_work

DAYS_PER_YEAR = kernel.DAYS_PER_YEAR
NODES = ("youth", "active", "calmado", "prison", "detained", "exited", "dead")
MOVES: tuple[tuple[str, str], ...] = (
    ("youth", "active"), ("active", "calmado"), ("calmado", "active"), ("active", "prison"), ("calmado", "prison"),
    ("prison", "active"), ("prison", "calmado"), ("prison", "dead"), ("active", "dead"), ("calmado", "dead"),
    ("calmado", "exited"), ("youth", "detained"), ("detained", "youth"), ("detained", "active"),
)  # fmt: skip
DRIVES: Mapping[str, tuple[str, ...]] = {
    "capital_bonding": ("upkeep", "restraint", "programmes", "toll", "war"),
    "capital_political": ("votes", "restraint", "elections", "decay", "prosecution"),
    "capital_criminal": ("income", "programmes", "spending"),
    "command": ("reach", "programmes", "isolation", "revolt"),
}
"""Terms of each capital's equation, gains before losses."""


class _Heard(float):
    """A uniform that knows its key and what it was drawn for."""

    key: int
    process: int


@dataclass
class Window:
    """What happened in some weeks of one history.

    Attributes
    ----------
    moves : mapping
        (from, to) -> people.
    drives : mapping
        Capital -> term -> change over the window; terms sum to the change of the capital, averaged over gangs or
        people as its equation has it at the start of each week.
    """

    moves: dict[tuple[str, str], float] = field(default_factory=lambda: dict.fromkeys(MOVES, 0.0))
    drives: dict[str, dict[str, float]] = field(
        default_factory=lambda: {name: dict.fromkeys(terms, 0.0) for name, terms in DRIVES.items()}
    )


class Listener:
    """A plain kernel that is overheard. Not safe between threads: one a thread."""

    def __init__(self) -> None:
        self._kernel = _bind((), False, None)
        self._counts: dict[tuple[int, int], float] = {}
        self._calls: list[tuple[str, int, tuple[Any, ...], float]] = []
        self._cell = 0
        inner = self._kernel.draws
        plain = inner.uniform

        def uniform(key: int, process: int) -> float:
            heard = _Heard(plain(key, process))
            heard.key, heard.process = key, process
            if process == kernel.LEAVING_ACTIVE:
                self._cell = key
            return heard

        inner.uniform = uniform
        for name in ("exits", "split"):
            setattr(inner, name, self._counting(getattr(inner, name), two=True))
        for name in ("poisson", "rounded"):
            setattr(inner, name, self._counting(getattr(inner, name), two=False))
        for module, name in (
            (self._kernel.capital, "bonding_capital"),
            (self._kernel.capital, "war_chest"),
            (self._kernel.politics, "political_capital"),
            (self._kernel.command, "command_step"),
        ):
            setattr(module, name, self._noting(name, getattr(module, name)))

    def _counting(self, function: Callable[..., float], *, two: bool) -> Callable[..., float]:
        def one(mean: float, u: Any) -> float:
            return self._keep(u, function(mean, float(u)))

        def of(n: float, p: float, u: Any) -> float:
            return self._keep(u, function(n, p, float(u)))

        return of if two else one

    def _keep(self, u: Any, count: float) -> float:
        if isinstance(u, _Heard):
            self._counts[u.key, u.process] = count
        return count

    def _noting(self, name: str, function: Callable[..., float]) -> Callable[..., float]:
        def noted(*given: Any) -> float:
            after = function(*given)
            self._calls.append((name, self._cell, given, after))
            return after

        return noted

    def follow(self, place: Any, th: Any, since: Snapshot, course: Course) -> tuple[Window, Snapshot]:
        """Go on from a snapshot, week by week, along a course.

        Parameters
        ----------
        place : Place
            Of the simulator that made the snapshot.
        th : record
            Parameters of the history.
        since : Snapshot
        course : Course

        Returns
        -------
        Window
        Snapshot
            Where the history then is: the same that the compiled kernel gives.
        """
        state = copied(since.state)
        areas, gangs = place.cell.shape
        work = empty_work(areas, gangs)
        out = Window()
        for i in range(len(course.edges) - 1):
            key = draws.join(int(since.key), draws.count_key(float(since.step + i)))
            before = copied(state)
            days = course.edges[i + 1] - course.edges[i]
            self._counts.clear()
            self._calls.clear()
            self._kernel.step(
                place,
                th,
                course.levers[i],
                days,
                since.step + i,
                key,
                int(since.key),
                course.return_contact,
                state,
                work,
            )
            self._moved(place, key, before, out.moves)
            self._driven(place, key, th, course.levers[i], before, out.drives)
        steps = len(course.edges) - 1
        return out, Snapshot(state, since.step + steps, float(course.edges[-1]), since.key)

    def _moved(self, place: Any, key: int, before: Any, moves: dict[tuple[str, str], float]) -> None:
        areas, gangs = place.cell.shape
        k = kernel
        for m in range(areas):
            youth = float(before.area[m].youth)
            for g in range(gangs):
                cell = draws.join(key, int(place.cell[m, g].key))

                def heard(process: int, cell: int = cell) -> float:
                    return self._counts.get((cell, process), 0.0)

                if (cell, k.LEAVING_ACTIVE) not in self._counts:
                    continue
                active = float(before.cell[m, g].active)
                killed = min(active, heard(k.VICTIM_MEMBERS))
                left, arrested, shot = heard(k.LEAVING_ACTIVE), heard(k.ARRESTED), heard(k.KILLED_BY_STATE)
                calmed = heard(k.CALMING) if (cell, k.CALMING) in self._counts else left - arrested - shot
                gone, again = heard(k.LEAVING_CALMADO), heard(k.CALMADO_RELAPSED)
                calm_arrested, calm_shot = heard(k.CALMADO_ARRESTED), heard(k.CALMADO_KILLED)
                freed, died, rejoined = heard(k.LEAVING_PRISON), heard(k.DIED_INSIDE), heard(k.REJOINED)
                joined = min(youth, heard(k.RECRUITED))
                youth -= joined
                moves["youth", "active"] += joined
                moves["active", "calmado"] += calmed
                moves["active", "prison"] += arrested
                moves["active", "dead"] += killed + shot
                moves["calmado", "active"] += again
                moves["calmado", "prison"] += calm_arrested
                moves["calmado", "dead"] += calm_shot
                moves["calmado", "exited"] += gone - again - calm_arrested - calm_shot
                moves["prison", "active"] += rejoined
                moves["prison", "calmado"] += freed - died - rejoined
                moves["prison", "dead"] += died
            area = draws.join(key, int(place.area[m].key))
            taken = self._counts.get((area, k.YOUTH_ARRESTED), 0.0)
            released = self._counts.get((area, k.YOUTH_RELEASED), 0.0)
            recruited = self._counts.get((area, k.YOUTH_RECRUITED), 0.0)
            moves["youth", "detained"] += taken
            moves["detained", "youth"] += released - recruited
            moves["detained", "active"] += recruited

    def _driven(
        self, place: Any, key: int, th: Any, lever: Any, before: Any, drives: dict[str, dict[str, float]]
    ) -> None:
        areas, gangs = place.cell.shape
        people = {
            draws.join(key, int(place.cell[m, g].key)): float(before.cell[m, g].active)
            for m in range(areas)
            for g in range(gangs)
        }
        sizes = np.array([sum(float(before.cell[m, g].active) for m in range(areas)) for g in range(gangs)])
        everyone = sizes.sum()
        turn = dict.fromkeys(("war_chest", "political_capital", "command_step"), 0)
        for name, cell, given, after in self._calls:
            if name == "bonding_capital":
                weight = people.get(cell, 0.0) / everyone if everyone > 0 else 0.0
                _add(drives["capital_bonding"], bonding_terms(*given), given[1], after, weight)
                continue
            g = turn[name]
            turn[name] += 1
            if name == "war_chest":
                _add(drives["capital_criminal"], chest_terms(*given), given[0], after, 1.0 / gangs)
            elif name == "political_capital":
                _add(drives["capital_political"], political_terms(*given), given[2], after, 1.0 / gangs)
            else:
                weight = sizes[g] / everyone if everyone > 0 else 0.0
                _add(drives["command"], command_terms(*given), given[1], after, weight)


def _add(total: dict[str, float], terms: Mapping[str, float], before: float, after: float, weight: float) -> None:
    """Share the exact change of a step over its terms, in proportion to their rates at its start."""
    rate = sum(terms.values())
    if abs(rate) < 1e-15:
        return
    for name, term in terms.items():
        total[name] += weight * term * (after - before) / rate


def bonding_terms(
    th: Any, social: float, upkeep: float, complied: float, bought: float, burden: float, war: float, years: float
) -> dict[str, float]:
    """Rates (per year) at which each term of 6.8 moves bonding capital."""
    free = 1.0 - social
    return {
        "upkeep": upkeep * free,
        "restraint": th.peace_social * complied * free,
        "programmes": th.prog_social * bought * free,
        "toll": -capital.SOCIAL_EROSION * 0.5 * burden * social,
        "war": -capital.SOCIAL_EROSION * 0.5 * (1.0 - complied) * war * social,
    }


def political_terms(
    th: Any, lv: Any, political: float, votes_ratio: float, access: float, mean_compliance: float, years: float
) -> dict[str, float]:
    """Rates (per year) at which each term of 6.8 moves political capital."""
    free = 1.0 - political
    upkeep = th.politics_decay * th.politics_0 / (1.0 - th.politics_0)
    return {
        "votes": upkeep * min(votes_ratio, 2.0) * access * free,
        "restraint": th.peace_politics * mean_compliance * (1.0 - 0.5 * lv.transparency * lv.legal) * free,
        "elections": th.election_politics * lv.pacts * free,
        "decay": -th.politics_decay * political,
        "prosecution": -0.6 * th.audit_effect * lv.prosecute_principals * political,
    }


def chest_terms(chest: float, income_ratio: float, bought: float, years: float) -> dict[str, float]:
    """Rates (per year) at which each term of 6.8 moves the war chest."""
    speed = capital.CHEST_SPEED
    return {"income": speed * income_ratio, "programmes": speed * bought, "spending": -speed * chest}


def command_terms(
    th: Any, command: float, reach: float, prison_ratio: float, bought: float, loss_start: float, revolt: float,
    years: float,
) -> dict[str, float]:  # fmt: skip
    """Rates (per year) at which each term of 6.9 moves command."""
    room = command * (1.0 - command)
    return {
        "reach": th.command_gain * reach * min(prison_ratio, 3.0) * room,
        "programmes": th.linking_command * bought * room,
        "isolation": -loss_start * (1.0 - reach) * command,
        "revolt": -revolt * command,
    }


@cache
def listener() -> Listener:
    """One listener for a process that asks from one thread at a time."""
    return Listener()
