"""Why?: what happened in a window of weeks of one scenario: deaths by channel, people who moved, drives of capitals."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.app.scenario import decision_of, plan_of
from tregua.errors import UsageError
from tregua.model.moves import DRIVES, MOVES, Listener
from tregua.model.outcomes import FLOWS, STOCKS
from tregua.model.simulate import Course

if TYPE_CHECKING:
    from tregua.app.laboratory import Laboratory
    from tregua.app.schema import FlowsIn
    from tregua.app.telling import Voice

CHANNELS = ("deaths_gang", "deaths_coercion", "deaths_background", "deaths_by_state", "deaths_of_state")
"""The fixed order in which deaths are stacked."""
STANDING = {
    "active": "members_active", "calmado": "calmados", "prison": "members_imprisoned", "exited": "members_exited",
    "dead": "members_dead", "detained": "youth_detained",
}  # fmt: skip
MOST_STEPPED = 24
"""Weeks of histories that are stepped through in plain Python for one request."""
LEAST_STEPPED = 2
_one_at_a_time = threading.Lock()
_listener: list[Listener] = []


def flows(laboratory: Laboratory, voice: Voice, decision: str, asked: FlowsIn) -> dict[str, Any]:
    """Flows of a window, over histories of one scenario under one reading.

    Raises
    ------
    UsageError
        A window outside the run.
    """
    case = laboratory.case
    plan = plan_of(case, decision, asked.scenario.scenario())
    last = laboratory.calendars[decision].last
    day = (asked.start - case.start).days
    if not 0 <= day < last:
        raise UsageError(
            "the week lies outside the run", key="start", found=asked.start,
            allowed=f"{case.start} to {case.start + timedelta(days=last - 1)}", mend="choose a day inside it",
        )  # fmt: skip
    before = day < plan.branch
    course = _whole(laboratory, plan, asked.reading, decision, before=before)
    first = int(np.searchsorted(course.edges, day, side="right")) - 1
    stop = min(first + asked.weeks, len(course.edges) - 1)
    ahead = Course(course.edges[: first + 1], course.levers[:first], course.return_contact)
    inside = Course(course.edges[first : stop + 1], course.levers[first:stop], course.return_contact)
    cuts = (float(inside.edges[0]), float(inside.edges[-1]))

    def one(draw: int) -> tuple[Any, Any, Any, Any, Any]:
        if before:
            simulator, since, th = laboratory.worker.past(draw, 0, asked.reading, 0.0)
        else:
            past = laboratory.past(draw, asked.reading, plan.branch, decision)
            simulator, since, th = past.simulator, past.since, past.th
        here = simulator.follow(th, since, ahead).end if first else since
        record = simulator.follow(th, here, inside, cuts=cuts).record
        return simulator, here, th, record.flows[0], record.stocks[0]

    found = laboratory.each(one, range(min(asked.runs, laboratory.stages[-1])))
    counted = np.stack([row[3] for row in found])
    stocks = np.stack([row[4] for row in found])
    weeks = stop - first
    stepped = min(len(found), max(LEAST_STEPPED, min(asked.moves, MOST_STEPPED // weeks)))
    with _one_at_a_time:
        if not _listener:
            _listener.append(Listener())
        windows = [_listener[0].follow(row[0].place, row[2], row[1], inside)[0] for row in found[:stepped]]
    years = (cuts[1] - cuts[0]) / 365.25
    days = [case.start + timedelta(days=int(day)) for day in cuts]
    return {
        "start": days[0].isoformat(),
        "end": (days[1] - timedelta(days=1)).isoformat(),
        "weeks": weeks,
        "runs": len(found),
        "stepped": stepped,
        "record": before,
        "first": case.start.isoformat(),
        "last": (case.start + timedelta(days=last - 1)).isoformat(),
        "decision_day": (case.start + timedelta(days=decision_of(case, decision).day)).isoformat(),
        "deaths": {
            "all": _range(voice, counted[:, FLOWS.index("homicides")]),
            "hidden": _range(voice, counted[:, FLOWS.index("homicides_hidden")]),
            "channels": [{"id": channel, **_range(voice, counted[:, FLOWS.index(channel)])} for channel in CHANNELS],
        },
        "stocks": {node: _range(voice, stocks[:, STOCKS.index(name)]) for node, name in STANDING.items()},
        "moves": [
            {"from": a, "to": b, **_range(voice, np.array([window.moves[a, b] for window in windows]))}
            for a, b in MOVES
        ],
        "drives": [
            {
                "id": name,
                "terms": [
                    {"id": term, "rate": float(np.mean([w.drives[name][term] for w in windows])) / years}
                    for term in terms
                ],
            }
            for name, terms in DRIVES.items()
        ],
    }


def _whole(laboratory: Laboratory, plan: Any, reading: str, decision: str, *, before: bool) -> Course:
    """Levers of the run, or of the record before scenarios leave it."""
    if not before:
        found: Course = laboratory.course(plan, reading, decision)
        return found
    history = laboratory.case.readings[reading].apply(laboratory.case.history)
    return laboratory.worker.simulator(0).course(
        history, 0.0, float(plan.branch), step=laboratory.experiment.step, return_contact=history.at("contact", 0)
    )


def _range(voice: Voice, values: Any) -> dict[str, Any]:
    low, middle, high = (float(x) for x in np.quantile(values, (0.05, 0.5, 0.95)))
    text = {}
    for lang, fmt in voice.formats.items():
        a, value, b = (fmt.number(x, table=True) for x in (low, middle, high))
        text[lang] = {"value": value, "span": f"[{a}; {b}]"}
    return {"q05": low, "q50": middle, "q95": high, "text": text}
