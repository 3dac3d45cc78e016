"""Small worlds, timelines and draws for tests of the model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tregua.model.declare import DEFAULTS
from tregua.model.levers import Timeline
from tregua.model.world import Area, Gang, World

START = date(2009, 1, 1)
LEVELS_2009 = {"contact": 0.35, "arrests": 1.0, "lethal": 1.0, "opposition": 0.7}
FAMILIES = ("ms13", "b18", "b18")


def held(**levels: float) -> Timeline:
    """Levers of January 2009, those named at other levels, all held."""
    return Timeline({name: ((0, value),) for name, value in {**LEVELS_2009, **levels}.items()})


def changed(timeline: Timeline, **paths: tuple[tuple[int, float], ...]) -> Timeline:
    """The same timeline with whole paths replaced."""
    return Timeline({**timeline.paths, **paths})


def draw(**values: float) -> dict[str, float]:
    """Default parameters with a few changed."""
    return {**DEFAULTS, **values}


def small_world(areas: int = 3, gangs: int = 2, *, members: float = 1200.0, **more: Any) -> World:
    """A few areas of unlike size and a few gangs of unlike share."""
    places = tuple(
        Area(f"area_{m}", f"Area {m}", 30_000.0 * (m + 1), 0.2 + 0.6 * m / max(1, areas), municipalities=m + 1)
        for m in range(areas)
    )
    groups = tuple(Gang(f"gang_{g}", f"Gang {g}", (gangs - g) / gangs, FAMILIES[g % 3]) for g in range(gangs))
    return World(places, groups, START, members_active=members, members_imprisoned=0.3 * members, **more)


# Every mechanism at work at once: programmes, sanctions, prosecutions of both kinds, a state that may let go, the
# gangs' own halt, a bargain over extortion, weariness, a legal frame, conditional arrests.
BUSY: Mapping[str, tuple[tuple[int, float], ...]] = {
    "legal": ((1300, 0.5),),
    "arrests": ((0, 1.0), (1450, 1.8), (2700, 1.5)),
    "conditional": ((1500, 0.4), (2500, 0.0)),
    "prosecute_principals": ((1600, 0.6), (2400, 0.1)),
    "prosecute_brokers": ((1400, 0.3), (2600, 1.0)),
    "endogenous_state": ((1165, 1.0),),
    "weariness": ((1700, 0.15),),
    "bargain_extortion": ((1200, 0.4),),
    "own_halt": ((2000, 0.5), (2200, 0.0), (2640, 0.9)),
    "offer": ((1162, 0.6), (2200, 0.1)),
    "programme": ((400, 0.2), (1300, 0.7), (2700, 0.1)),
    "sanction": ((1380, 0.3), (1500, 1.0), (3000, 0.2)),
    "concession": ((1162, 1.0), (1640, 0.7), (3000, 0.2), (3300, 0.0)),
    "transparency": ((1340, 0.2), (2000, 0.6)),
}
BUSY_DRAW = draw(
    recognition_exit=0.8,
    abandon_rate=0.3,
    signal_info=2.0,
    removal_hazard=1.5,
    broker_supply=1.0,
    prison_leverage_b18=0.3,
    misid_youth=0.1,
    prison_recruit=0.4,
)
