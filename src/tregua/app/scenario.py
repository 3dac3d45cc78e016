"""A scenario: a response, the levers moved on it, and the days between which they hold."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from tregua.errors import UsageError
from tregua.model.levers import LEVER_IDS, Timeline, check_lever

if TYPE_CHECKING:
    from tregua.case.load import Case
    from tregua.model.policies import Decision

MAIN_YEARS = 5
"""Years after the decision that a scenario is run; the last horizon of a decision that has no such one."""
LEAST_PAST = 365
"""Days of the record that every scenario keeps before it: the levers act on a country that has a history."""
WEEK = 7


@dataclass(frozen=True)
class Scenario:
    """What the state does.

    Attributes
    ----------
    arm : str
        The response that it starts from.
    sets : mapping
        Levers moved by hand, in place of those of the response.
    start, end : date, optional
        First day on which the levers hold, and the first on which they no longer do; by default from the decision to
        the end of the run.
    """

    arm: str
    sets: Mapping[str, float] = field(default_factory=dict)
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Plan:
    """A scenario as the model runs it.

    Attributes
    ----------
    branch : int
        Day on which it leaves the record; on the weekly grid, so that scenarios that branch elsewhere share its steps.
    line : Timeline
    """

    branch: int
    line: Timeline

    @cached_property
    def key(self) -> str:
        """Equal for scenarios that are the same to the model, however they were reached."""
        paths = sorted((n, [(int(day), float(v)) for day, v in path]) for n, path in self.line.paths.items() if path)
        return hashlib.sha256(repr((self.branch, paths)).encode()).hexdigest()


def decision_of(case: Case, asked: str) -> Decision:
    """A decision of the case.

    Raises
    ------
    UsageError
        There is no such decision.
    """
    if asked not in case.decisions:
        raise UsageError(
            "no such decision",
            key="decision",
            found=asked,
            allowed=", ".join(case.decisions),
            mend="use one of the ids listed",
        )
    return case.decisions[asked]


def horizon_of(point: Decision) -> int:
    """Years after the decision that are run and told first."""
    return MAIN_YEARS if MAIN_YEARS in point.horizons else point.horizons[-1]


def window_of(case: Case, point: Decision, scenario: Scenario) -> tuple[int, int | None]:
    """Days between which the levers hold, checked.

    Raises
    ------
    UsageError
        Days outside the run, or in the wrong order.
    """
    last = last_day(case, point)
    first = point.day if scenario.start is None else (scenario.start - case.start).days
    stop = None if scenario.end is None else (scenario.end - case.start).days
    days = [("start", first, LEAST_PAST, last - WEEK)]
    if stop is not None:
        days.append(("end", stop, first + WEEK, last))
    for key, day, low, high in days:
        if not low <= day <= high:
            raise UsageError(
                "a day of the window lies outside the run",
                key=key,
                found=case.start + timedelta(days=day),
                allowed=f"{case.start + timedelta(days=low)} to {case.start + timedelta(days=high)}",
                mend="choose a day inside it",
            )
    return first, stop


def last_day(case: Case, point: Decision) -> int:
    """Day after the last of a run: the end of the month in which the horizon lies."""
    day = case.start + timedelta(days=point.day)
    horizon = day.replace(year=day.year + horizon_of(point))
    if horizon.day == 1:
        return (horizon - case.start).days
    return (date(horizon.year + horizon.month // 12, horizon.month % 12 + 1, 1) - case.start).days


def plan_of(case: Case, decision: str, scenario: Scenario) -> Plan:
    """Levers of a scenario from the start of the record on.

    Raises
    ------
    UsageError, ModelError
        An unknown decision, response or lever; a value outside its range; a window outside the run.
    """
    point = decision_of(case, decision)
    if scenario.arm not in point.arms:
        raise UsageError(
            "no such response", key="arm", found=scenario.arm, allowed=", ".join(point.arms), mend="use one of these"
        )
    for name, value in scenario.sets.items():
        if name not in LEVER_IDS:
            raise UsageError(
                "no such lever", key="sets", found=name, allowed=", ".join(LEVER_IDS), mend="use one of these"
            )
        check_lever(name, value)
    first, stop = window_of(case, point, scenario)
    arm = point.arms[scenario.arm]
    branch = point.day if first >= point.day else first - first % WEEK
    if arm.record:
        line, sets = point.timeline(arm, case.history), dict(scenario.sets)
    else:
        line, sets = case.history.hold_from(branch, keep=point.keep), {**arm.sets, **scenario.sets}
    for name, value in sets.items():
        if stop is None:
            line = line.with_level(name, first, value)
        else:
            line = line.with_path(name, ((first, float(value)), (stop, line.at(name, stop))))
    return Plan(branch, line)


def steps_of(case: Case, plans: tuple[Plan, Plan]) -> dict[str, list[list[list[object]]]]:
    """Levers that are not alike in two plans: for each, the days and values of A and of B, changes alone."""
    out: dict[str, list[list[list[object]]]] = {}
    for name in LEVER_IDS:
        sides: list[list[list[object]]] = []
        for plan in plans:
            steps: list[list[object]] = [[case.start.isoformat(), 0.0]]
            for day, value in plan.line.paths.get(name, ()):
                when = (case.start + timedelta(days=day)).isoformat()
                if when == steps[-1][0]:
                    steps[-1][1] = value
                elif value != steps[-1][1]:
                    steps.append([when, value])
            sides.append(steps)
        if sides[0] != sides[1]:
            out[name] = sides
    return out


def levels_of(case: Case, decision: str, scenario: Scenario) -> dict[str, float]:
    """Value of every lever on the first day of the window: what a table of differences shows."""
    point = decision_of(case, decision)
    plan = plan_of(case, decision, scenario)
    first, _ = window_of(case, point, scenario)
    return {name: plan.line.at(name, first) for name in LEVER_IDS}
