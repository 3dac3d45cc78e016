"""Replays: histories of many draws as they happened, or under other levers, as the arrays that scores are read from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.calibrate.history import Histories
from tregua.model import draws as keyed
from tregua.model.compiled import Engine, engine
from tregua.model.outcomes import FLOWS, STOCKS
from tregua.model.simulate import Simulator

if TYPE_CHECKING:
    from tregua.case.load import Case
    from tregua.model.levers import Timeline

Array = np.ndarray[Any, np.dtype[Any]]
Row = Mapping[str, float]

SETUPS = 5
OUTCOMES_KEPT = (
    "homicides", "homicides_recorded", "homicides_hidden", "deaths_gang", "deaths_coercion", "deaths_by_state",
    "disappearance_reports", "extortion_reports", "support", "compliance", "adherence", "command",
    "members_active", "members_imprisoned",
)  # fmt: skip


def replay(
    case: Case,
    reading: str,
    rows: Sequence[Row],
    *,
    until: date,
    seed: int,
    luck: int = 1,
    history: Timeline | None = None,
    outcomes: Sequence[str] = OUTCOMES_KEPT,
    kernel: Engine | None = None,
    threads: int = 2,
    progress: Callable[[int], None] | None = None,
) -> Histories:
    """Run many draws under one reading.

    Parameters
    ----------
    case : Case
    reading : str
        Its lever paths are laid over the history.
    rows : sequence of mapping
        Every parameter, the reading already laid over them.
    until : date
        Last day of the runs.
    seed : int
    luck : int
        Histories of each draw.
    history : Timeline, optional
        Other levers than those of the record.
    outcomes : sequence of str
    kernel, threads, progress
        As elsewhere.

    Returns
    -------
    Histories
        National, piece by piece between month ends and edges of counts.
    """
    bound = kernel or engine()
    line = case.readings[reading].apply(history or case.history)
    last = (until - case.start).days + 1
    ends = sorted({(day - case.start).days + 1 for day in case.cut_dates() if day <= until} | {last})
    cuts = np.array([0, *ends], float)
    breaks = tuple(sorted(float(d.day) for d in case.decisions.values()))
    simulators = [Simulator(case.world, setup_seed=k, kernel=bound) for k in range(SETUPS)]
    course = simulators[0].course(line, 0.0, float(last), breaks=breaks, return_contact=line.at("contact", 0))
    flows = [FLOWS.index(n) for n in outcomes if n in FLOWS]
    stocks = [STOCKS.index(n) for n in outcomes if n not in FLOWS]
    names = [n for n in outcomes if n in FLOWS] + [n for n in outcomes if n not in FLOWS]

    def one(number: int) -> Array:
        draw, chance = divmod(number, luck)
        simulator = simulators[draw % SETUPS]
        since, th = simulator.start(rows[draw], line, keyed.history_key(seed, draw, chance))
        record = simulator.follow(th, since, course, cuts=cuts).record
        return np.hstack([record.flows[:, flows], record.stocks[:, stocks]]).T

    total = len(rows) * luck
    found: list[Array] = []
    with ThreadPoolExecutor(max(1, threads)) as workers:
        for values in workers.map(one, range(total)):
            found.append(values)
            if progress is not None and len(found) % 20 == 0:
                progress(len(found))
    whole = np.stack(found, axis=1)
    zero = case.start.toordinal()
    return Histories(
        reading,
        np.repeat(np.arange(len(rows)), luck),
        np.tile(np.arange(luck), len(rows)),
        (cuts[:-1] + zero).astype(np.int64),
        (cuts[1:] + zero - 1).astype(np.int64),
        dict(zip(names, whole, strict=True)),
    )
