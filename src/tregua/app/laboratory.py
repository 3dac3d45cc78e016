"""The laboratory: a warm process in which a scenario costs only the histories that nobody has run yet.

The past up to the day on which a scenario leaves the record is run once a draw and reading; a scenario that was run is
kept. Chance is keyed, so that the numbers are the same whatever was asked before, in which order, on how many threads.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.app.scenario import Plan, decision_of, horizon_of, last_day
from tregua.explore.experiment import Experiment, Worker, anniversary
from tregua.model.outcomes import FLOWS, STOCKS

if TYPE_CHECKING:
    from tregua.case.load import Case
    from tregua.model.simulate import Simulator, Snapshot

STAGES = (24, 48, 96, 192, 400)
"""Paired histories after which a band is told again."""
OUTCOMES_KEPT: tuple[str, ...] = (
    "homicides_recorded", "homicides", "homicides_hidden", "deaths_by_state", "deaths_of_state", "deaths_in_custody",
    "disappearance_reports", "arrests_wrongful", "minors_detained", "extortion_paid", "gang_income", "members_active",
    "calmados", "members_imprisoned", "capital_bonding", "capital_political", "capital_criminal", "capital_linking",
    "command", "adherence", "compliance", "betrayal", "votes_deliverable", "support",
)  # fmt: skip
CACHE_BYTES = 192 * 2**20
TURN = 3
"""Draws that a thread runs before the next request has its turn."""


@dataclass(frozen=True)
class Calendar:
    """Days at which histories of one decision are read.

    Attributes
    ----------
    months : tuple of int
        First days of months, and the day after the last.
    decision : int
        Day of the decision, from which totals are summed.
    horizons : tuple of (years, day)
    """

    months: tuple[int, ...]
    decision: int
    horizons: tuple[tuple[int, int], ...]

    @property
    def last(self) -> int:
        return self.months[-1]

    def cuts(self, first: int, last: int) -> Any:
        """Days between which flows are kept from `first` to `last`: month ends, horizons, and the two ends."""
        days = (*self.months, self.decision, *(day for _, day in self.horizons))
        inside = {day for day in days if first < day < last}
        return np.array(sorted(inside | {first, last}), float)


@dataclass(frozen=True)
class Places:
    """Where the pieces of a history that leaves the record on one day stand: found once, for all that leave it there.

    Attributes
    ----------
    cuts : array
        Days between which the scenario itself is kept.
    months, horizons : array of int
        Places of the month ends and of the horizons among all pieces.
    decision : int
        Pieces before the decision.
    """

    cuts: Any
    months: Any
    horizons: Any
    decision: int

    @classmethod
    def of(cls, calendar: Calendar, branch: int) -> Places:
        cuts = calendar.cuts(branch, calendar.last)
        ends = np.concatenate([calendar.cuts(0, branch)[1:], cuts[1:]])
        months = np.searchsorted(ends, np.array(calendar.months[1:], float))
        horizons = np.searchsorted(ends, np.array([day for _, day in calendar.horizons], float))
        return cls(cuts, months, horizons, int(np.searchsorted(ends, float(calendar.decision))) + 1)


@dataclass(frozen=True)
class Past:
    """One history as it happened, stopped where scenarios leave it; `months` are what it gave before."""

    simulator: Simulator
    since: Snapshot
    th: Any
    flows: Any
    stocks: Any


@dataclass(frozen=True)
class Told:
    """One history of one scenario.

    Attributes
    ----------
    months : array, shape (months, outcomes)
        Flows of each month; stocks at its end.
    totals : array, shape (horizons, outcomes)
        Flows since the decision; stocks on the day.
    """

    months: Any
    totals: Any

    @property
    def nbytes(self) -> int:
        return int(self.months.nbytes + self.totals.nbytes)


class Stopped(Exception):  # noqa: N818
    """Whoever asked no longer waits."""


class Cache:
    """Values by key, the least used dropped when they hold more bytes than allowed; safe between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._lock = threading.Lock()
        self._values: OrderedDict[Any, tuple[Any, int]] = OrderedDict()

    def get(self, key: Any) -> Any:
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: Any, value: Any, size: int) -> None:
        with self._lock:
            old = self._values.pop(key, None)
            self._held += size - (old[1] if old else 0)
            self._values[key] = (value, size)
            while self._held > self._most and len(self._values) > 1:
                _, (_, dropped) = self._values.popitem(last=False)
                self._held -= dropped

    @property
    def held(self) -> int:
        """Bytes held now."""
        return self._held


class Laboratory:
    """Runs scenarios of one case, in pairs that share parameters and chance.

    Parameters
    ----------
    case : Case
    seed : int
    threads : int
    most_runs : int
        Histories a reading and scenario at most.
    """

    def __init__(self, case: Case, *, seed: int, threads: int = 2, most_runs: int = STAGES[-1]) -> None:
        self.case = case
        self.seed = seed
        self.stages = (*(n for n in STAGES if n < most_runs), most_runs)
        self.experiment = Experiment(case, draws=most_runs, seed=seed)
        self.worker = Worker(self.experiment)
        self.pool = ThreadPoolExecutor(max(1, threads), thread_name_prefix="history")
        self.pasts = Cache(CACHE_BYTES // 2)
        self.runs = Cache(CACHE_BYTES)
        self.calendars = {name: self._calendar(name) for name in case.decisions}
        names = (*FLOWS, *STOCKS)
        columns = [names.index(name) for name in OUTCOMES_KEPT]
        self._columns = np.array(columns)
        self._is_flow = self._columns < len(FLOWS)
        self._places: dict[tuple[str, int], Places] = {}

    def close(self) -> None:
        """Let the threads go."""
        self.pool.shutdown(wait=False, cancel_futures=True)

    def warm(self, decision: str | None = None) -> None:
        """Compile the model and run the first pasts of every story, so that the first lever answers at once."""
        from tregua.explore.experiment import STORIES

        point = decision_of(self.case, decision or next(iter(self.case.decisions)))
        readings = [r for r in self.experiment.runnable(STORIES) if r not in point.left_out]
        self.past(0, readings[0], point.day, point.id)
        list(
            self.pool.map(
                lambda job: self.past(job[1], job[0], point.day, point.id),
                [(reading, draw) for draw in range(self.stages[0]) for reading in readings],
            )
        )

    def _calendar(self, decision: str) -> Calendar:
        point = decision_of(self.case, decision)
        start, last = self.case.start, last_day(self.case, point)
        months = []
        day = date(start.year, start.month, 1)
        while (day - start).days < last:
            months.append(max(0, (day - start).days))
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        chosen = start + timedelta(days=point.day)
        horizons = [(h, (anniversary(chosen, h) - start).days) for h in point.horizons if h <= horizon_of(point)]
        return Calendar((*months, last), point.day, tuple(horizons))

    def readings(self, decision: str) -> list[str]:
        """Readings that can be run at a decision, in their fixed order."""
        left_out = decision_of(self.case, decision).left_out
        return [reading for reading in self.experiment.runnable() if reading not in left_out]

    def past(self, draw: int, reading: str, branch: int, decision: str) -> Past:
        """The history as it happened up to the day on which scenarios leave it; run once."""
        key = (draw, reading, branch, decision)
        found: Past | None = self.pasts.get(key)
        if found is None:
            simulator, since, th = self.worker.past(draw, 0, reading, 0.0)
            history = self.case.readings[reading].apply(self.case.history)
            cuts = self.calendars[decision].cuts(0, branch)
            course = simulator.course(
                history, 0.0, float(branch), step=self.experiment.step, breaks=self._breaks(),
                return_contact=history.at("contact", 0),
            )  # fmt: skip
            run = simulator.follow(th, since, course, cuts=cuts)
            found = Past(simulator, run.end, th, run.record.flows, run.record.stocks)
            state = sum(part.nbytes for part in run.end.state)
            self.pasts.put(key, found, int(state + run.record.flows.nbytes + run.record.stocks.nbytes) + 4096)
        return found

    def _breaks(self) -> tuple[float, ...]:
        return tuple(sorted(float(point.day) for point in self.case.decisions.values()))

    def course(self, plan: Plan, reading: str, decision: str) -> Any:
        """Levers of a plan under a reading, sampled on its steps."""
        key = ("course", plan.key, reading, decision)
        found = self.runs.get(key)
        if found is None:
            simulator = self.worker.simulator(0)
            found = simulator.course(
                self.case.readings[reading].apply(plan.line), float(plan.branch), float(self.calendars[decision].last),
                step=self.experiment.step, breaks=self._breaks(),
                return_contact=decision_of(self.case, decision).return_contact,
            )  # fmt: skip
            self.runs.put(key, found, int(found.edges.nbytes + found.levers.nbytes))
        return found

    def places(self, decision: str, branch: int) -> Places:
        """Where the pieces of a history stand that leaves the record on a day."""
        found = self._places.get((decision, branch))
        if found is None:
            found = self._places[decision, branch] = Places.of(self.calendars[decision], branch)
        return found

    def history(self, plan: Plan, reading: str, decision: str, draw: int) -> Told:
        """One history of a plan, run unless it is kept."""
        key = (plan.key, reading, decision, draw)
        found: Told | None = self.runs.get(key)
        if found is None:
            past = self.past(draw, reading, plan.branch, decision)
            course = self.course(plan, reading, decision)
            places = self.places(decision, plan.branch)
            record = past.simulator.follow(past.th, past.since, course, cuts=places.cuts).record
            found = self._told(
                places, np.concatenate([past.flows, record.flows]), np.concatenate([past.stocks, record.stocks])
            )
            self.runs.put(key, found, found.nbytes + 256)
        return found

    def _told(self, places: Places, flows: Any, stocks: Any) -> Told:
        """Pieces between cut days as months, and as totals at the horizons."""
        both = np.hstack([flows, stocks])[:, self._columns]
        flow = np.where(self._is_flow, both, 0.0)
        upto = np.cumsum(flow, axis=0)[places.months]
        months = np.where(self._is_flow, np.diff(upto, axis=0, prepend=0.0), both[places.months])
        since = np.cumsum(flow[places.decision :], axis=0)[places.horizons - places.decision]
        return Told(months, np.where(self._is_flow, since, both[places.horizons]))

    def many(
        self, plans: Sequence[Plan], reading: str, decision: str, draws: Sequence[int], halt: threading.Event
    ) -> list[Future[list[Told]]]:
        """Histories of several plans in the order draw, plan; in turns on the threads, a few histories a turn.

        Whoever waits is woken once a turn, not once a history. Each history looks at `halt` before it starts.
        """
        jobs = [(plan, draw) for draw in draws for plan in plans]
        turn = TURN * len(plans)

        def some(first: int) -> list[Told]:
            out = []
            for plan, draw in jobs[first : first + turn]:
                if halt.is_set():
                    raise Stopped
                out.append(self.history(plan, reading, decision, draw))
            return out

        return [self.pool.submit(some, first) for first in range(0, len(jobs), turn)]

    def kept(self, plan: Plan, reading: str, decision: str, draws: Sequence[int]) -> bool:
        """True where every one of these histories is kept already."""
        return all(self.runs.get((plan.key, reading, decision, draw)) is not None for draw in draws)

    def each(self, function: Callable[[int], Any], draws: Sequence[int]) -> list[Any]:
        """A function of the draw, on the threads."""
        return list(self.pool.map(function, draws))
