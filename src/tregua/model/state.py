"""State of a run and what it is read into: arrays of records, one record a place or a gang (section 3).

Shapes: m areas, g gangs, j interlocutor roles. Areas and gangs stand in order of their ids. Records keep what the
equations use together close in memory, and the few arrays make a call of the compiled kernel cheap.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tregua.model.outcomes import AREA_FLOWS, AREA_STOCKS, FLOWS, GANG_FLOWS, GANG_STOCKS, STOCKS

Floats = npt.NDArray[np.float64]
Records = Any
KINDS = 3


def _record(*names: str, keys: tuple[str, ...] = ()) -> np.dtype[Any]:
    return np.dtype([*((name, np.float64) for name in names), *((name, np.uint64) for name in keys)])


PLACE_CELL = _record("active", "calmados", "imprisoned", "prison_density", "clique_draw", keys=("key",))
PLACE_AREA = _record("population", "municipalities", "youth", keys=("key",))
PLACE_GANG = _record("size_start", "prison_reference", keys=("key",))
PLACE_ROLE = _record(keys=("key",))
SWITCHES = _record("arrest_by_number", "crowding_by_own", "own_diagonal", "mixing")
CELL = _record(
    "active",
    "calmados",
    "imprisoned",
    "remembered",
    "bonding",
    "captured",
    "local_mood",
    "mood_factor",
    "clique_factor",
)
AREA = _record("youth", "detained")
GANG = _record(
    "command",
    "adherence",
    "hiding",
    "political",
    "chest",
    "betrayal",
    "linking",
    "leader_mood",
    "mean_compliance",
    "loss_start",
    "income_start",
)
ROLE = _record("active", "empty", "belief")
POST = _record("hazard", "generation")
NATION = _record(
    "promises",
    "backing",
    "exposure",
    "support",
    "standing",
    "wrongly_imprisoned",
    "exited",
    "dead",
    "abandonment",
    "mood",
    "mood_age",
    "recorded_smooth",
    "recorded_base",
    "base_years",
    "concession",
    "mixing",
    "capture_rate",
    "cover_start",
    "state_killing_start",
    "votes_now",
    "captured_now",
    "watch",
)
WORK_CELL = _record("obeying")
WORK_GANG = _record(
    "odds",
    "obeyed",
    "reach",
    "war",
    "flow",
    "access",
    "suffered",
    "suffered_hidden",
    "share",
    "complied",
    "new_adherence",
    "members",
    "imprisoned",
    "taken",
    "captured",
    "bonding",
    "capture_share",
    "capture_moved",
    "peace_work",
    "bought",
)
BROKERS = _record("cover", "capacity", "channel", "diversion", "watch", "roles", "access")


class Place(NamedTuple):
    """What does not change in a run: the world after the setup seed has split it."""

    cell: Records  # (m, g) PLACE_CELL: people at the start, standardised prisoners per resident and clique difference
    area: Records  # (m) PLACE_AREA
    gang: Records  # (g) PLACE_GANG: members and share in prison at the start
    role: Records  # (j) PLACE_ROLE
    rivalry: Floats  # (g, g) weight of victim h for attacker g
    switch: Records  # (1) SWITCHES


class State(NamedTuple):
    """What changes from week to week, with the references that a history sets at its start."""

    cell: Records  # (m, g) CELL: A, Q, I people; R killings a year; S, Z shares; moods; factor on the odds of obeying
    area: Records  # (m) AREA: Y, J people
    gang: Records  # (g) GANG: C, a, H, P, K, B, V
    role: Records  # (j, kind) ROLE: weight of an active and of an empty role of each type, belief in log-odds
    post: Records  # (j) POST: accumulated hazard, generation
    nation: Records  # (1) NATION


class Work(NamedTuple):
    """Scratch of one step."""

    cell: Records  # (m, g) WORK_CELL
    gang: Records  # (g) WORK_GANG
    brokers: Records  # (1) BROKERS: means over roles
    flows: Floats  # (flows)
    gang_flows: Floats  # (g, gang flows)
    area_flows: Floats  # (m, area flows)
    stocks: Floats  # (stocks)


class Record(NamedTuple):
    """What a run writes: flows between cut days, stocks at them, weekly paths."""

    cuts: Floats  # (n + 1) days
    flows: Floats  # (n, flows)
    gang_flows: Floats  # (n, g, gang flows)
    stocks: Floats  # (n, stocks)
    gang_stocks: Floats  # (n, g, gang stocks)
    area_cuts: Floats  # (k + 1) days
    area_flows: Floats  # (k, m, area flows)
    area_stocks: Floats  # (k, m, g, area stocks)
    weekly: Floats  # (steps, 2) member-weighted compliance, member-weighted command


def records(dtype: np.dtype[Any], *shape: int) -> Records:
    """Zeroed records whose fields can be read and written as attributes, compiled or not."""
    return np.zeros(shape, dtype).view(np.recarray)


def empty_state(areas: int, gangs: int, roles: int) -> State:
    """A state of zeros."""
    return State(
        records(CELL, areas, gangs),
        records(AREA, areas),
        records(GANG, gangs),
        records(ROLE, roles, KINDS),
        records(POST, roles),
        records(NATION, 1),
    )


def copied(state: State) -> State:
    """An independent copy, from which another arm can branch."""
    return State(*(array.copy() for array in state))


def empty_work(areas: int, gangs: int) -> Work:
    """Scratch for a place of this shape."""
    return Work(
        records(WORK_CELL, areas, gangs),
        records(WORK_GANG, gangs),
        records(BROKERS, 1),
        np.zeros(len(FLOWS)),
        np.zeros((gangs, len(GANG_FLOWS))),
        np.zeros((areas, len(AREA_FLOWS))),
        np.zeros(len(STOCKS)),
    )


def empty_record(cuts: Floats, area_cuts: Floats, areas: int, gangs: int, steps: int) -> Record:
    """A record of zeros for these cut days."""
    n, k = max(0, len(cuts) - 1), max(0, len(area_cuts) - 1)
    return Record(
        np.asarray(cuts, float),
        np.zeros((n, len(FLOWS))),
        np.zeros((n, gangs, len(GANG_FLOWS))),
        np.zeros((n, len(STOCKS))),
        np.zeros((n, gangs, len(GANG_STOCKS))),
        np.asarray(area_cuts, float),
        np.zeros((k, areas, len(AREA_FLOWS))),
        np.zeros((k, areas, gangs, len(AREA_STOCKS))),
        np.zeros((steps, 2)),
    )
