"""What one request streams: first a few pairs a story, then ever more; then what every other reading says of the sign.

Whoever hangs up is not computed for any longer: each history looks whether somebody still waits before it starts.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.app.laboratory import Laboratory, Told
from tregua.app.scenario import decision_of, horizon_of, plan_of, steps_of
from tregua.app.telling import FEW, Voice, difference, rows, sharp, side
from tregua.errors import UsageError
from tregua.explore.experiment import STORIES
from tregua.report.inputs import TABLE_OUTCOMES

if TYPE_CHECKING:
    from tregua.app.scenario import Plan, Scenario

OTHERS = 24
"""Pairs of each reading that is told for its sign alone."""
OTHERS_AFTER = 96
LONGEST = 60.0
"""Seconds after which a stream ends, whatever it was asked for."""


def readings_of(laboratory: Laboratory, decision: str, asked: Sequence[str]) -> list[str]:
    """Readings drawn side by side, in the order asked for; the three explanations by default.

    Raises
    ------
    UsageError
        A reading that does not exist or cannot be run.
    """
    known = laboratory.readings(decision)
    chosen = list(dict.fromkeys(asked)) or [reading for reading in STORIES if reading in known] or known[:1]
    for reading in chosen:
        if reading not in known:
            raise UsageError(
                "this reading cannot be run", key="readings", found=reading, allowed=", ".join(known),
                mend="use one of the ids listed",
            )  # fmt: skip
    return chosen


class Pairing:
    """Two scenarios of one decision, run pair by pair.

    Parameters
    ----------
    laboratory : Laboratory
    decision : str
    a, b : Scenario
    """

    def __init__(self, laboratory: Laboratory, decision: str, a: Scenario, b: Scenario) -> None:
        self.laboratory = laboratory
        self.decision = decision
        self.plans: tuple[Plan, Plan] = (
            plan_of(laboratory.case, decision, a),
            plan_of(laboratory.case, decision, b),
        )
        self.calendar = laboratory.calendars[decision]
        years = horizon_of(decision_of(laboratory.case, decision))
        self.years = years
        self.horizon = [h for h, _ in self.calendar.horizons].index(years)

    def kept(self, reading: str, n: int) -> bool:
        """True where the first `n` pairs are kept."""
        return all(self.laboratory.kept(plan, reading, self.decision, range(n)) for plan in self.plans)

    def both(self, reading: str, n: int) -> tuple[list[Told], list[Told]]:
        """Both sides of the first `n` pairs, run here where they are not kept."""
        a, b = ([self.laboratory.history(plan, reading, self.decision, i) for i in range(n)] for plan in self.plans)
        return a, b

    def ahead(self, reading: str, halt: threading.Event) -> None:
        """Run the first pairs before anybody asks for them."""
        for turn in self.laboratory.many(self.plans, reading, self.decision, range(self.laboratory.stages[0]), halt):
            turn.result()

    async def run(self, reading: str, n: int, halt: threading.Event) -> tuple[list[Told], list[Told]]:
        """Both sides of the first `n` pairs, or of as many as this server runs at most."""
        n = min(n, self.laboratory.stages[-1])
        if self.kept(reading, n):
            return self.both(reading, n)
        futures = self.laboratory.many(self.plans, reading, self.decision, range(n), halt)
        turns = await asyncio.gather(*(asyncio.wrap_future(future) for future in futures))
        found = [told for turn in turns for told in turn]
        return found[0::2], found[1::2]


async def tell(
    pairing: Pairing, voice: Voice, *, outcome: str, readings: Sequence[str], most: int, each: bool, others: bool
) -> AsyncIterator[dict[str, Any]]:
    """Messages of one request, in order: ``begin``, ``story`` by stage, ``other`` by reading, ``end``."""
    began = time.monotonic()
    laboratory, halt = pairing.laboratory, threading.Event()
    stages = [n for n in laboratory.stages if n < most] + [min(most, laboratory.stages[-1])]
    waiting = list(readings)
    try:
        levers = steps_of(laboratory.case, pairing.plans)
        yield {
            "kind": "begin", "readings": list(readings), "stages": stages, "years": pairing.years, "levers": levers,
        }  # fmt: skip
        told_others = False
        for n in stages:
            for reading in tuple(waiting):
                a, b = await pairing.run(reading, n, halt)
                message = await asyncio.to_thread(_story, pairing, voice, reading, a, b, outcome, each)
                message["ms"] = round(1000 * (time.monotonic() - began), 1)
                yield message
                if sharp(message["rows"][0]):
                    waiting.remove(reading)
            if others and not told_others and n >= min(OTHERS_AFTER, stages[-1]):
                told_others = True
                for reading in laboratory.readings(pairing.decision):
                    if reading in readings:
                        continue
                    a, b = await pairing.run(reading, min(OTHERS, stages[-1]), halt)
                    yield {"kind": "other", "reading": reading, "n": len(a), "rows": rows(voice, a, b, pairing.horizon)}
            if not waiting or time.monotonic() - began > LONGEST:
                break
        yield {"kind": "end", "ms": round(1000 * (time.monotonic() - began), 1)}
    finally:
        halt.set()


def first_look(
    pairing: Pairing, voice: Voice, *, outcome: str, readings: Sequence[str], each: bool
) -> dict[str, Any] | None:
    """What `tell` would say first, without running anything; None where it would have to run something."""
    n = pairing.laboratory.stages[0]
    if not all(pairing.kept(reading, n) for reading in readings):
        return None
    stories = [_story(pairing, voice, reading, *pairing.both(reading, n), outcome, each) for reading in readings]
    levers = steps_of(pairing.laboratory.case, pairing.plans)
    return {"years": pairing.years, "levers": levers, "stories": [{**story, "ms": 0.0} for story in stories]}


def _story(
    pairing: Pairing, voice: Voice, reading: str, a: list[Told], b: list[Told], outcome: str, each: bool
) -> dict[str, Any]:
    told = rows(voice, a, b, pairing.horizon)
    main = told[TABLE_OUTCOMES.index("homicides")]
    return {
        "kind": "story",
        "reading": reading,
        "n": len(a),
        "few": len(a) < FEW or main["mcse"] > (main["q95"] - main["q05"]) / 5,
        "a": side(a, outcome, pairing.calendar, each=each),
        "b": side(b, outcome, pairing.calendar, each=each),
        "diff": difference(a, b, outcome, pairing.calendar, pairing.horizon, each=each),
        "rows": told,
        "mcse": voice.number(main["mcse"], 10.0 ** np.floor(np.log10(main["mcse"])) if main["mcse"] > 0 else 1.0),
    }
