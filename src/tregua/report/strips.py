"""Strips under the chart of counts: events in lanes, levers as steps."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date

from tregua.report import theme
from tregua.report.catalogue import Catalogue
from tregua.report.inputs import Event, LeverPath
from tregua.report.panel import after, instant
from tregua.report.picture import Sheets, Spec, layered

LANES = ("truce", "state", "elections", "outside", "violence")
LABEL_PX = 92
NUMBERED = 9
"""Events numbered on the wide strip; the others are ticks, and all are listed below."""


def numbered_events(events: Sequence[Event], most: int) -> dict[int, Event]:
    """The most telling events, numbered in order of time."""
    ranked = sorted((event for event in events if event.rank is not None), key=lambda event: event.rank or 0)
    return dict(enumerate(sorted(ranked[:most], key=lambda event: event.day), start=1))


def _event_end(event: Event) -> date:
    if event.precision == "month":
        return event.day.replace(day=calendar.monthrange(event.day.year, event.day.month)[1])
    return event.day if event.precision == "day" else date(event.day.year, 12, 31)


def lanes(
    sheets: Sheets, events: Sequence[Event], words: Catalogue, domain: tuple[int, int], width: float
) -> Spec | None:
    import altair as alt

    inside = [event for event in events if domain[0] <= instant(event.day) < domain[1] and event.lane in LANES]
    if not inside:
        return None
    numbers = {id(event): number for number, event in numbered_events(inside, NUMBERED).items()}
    row_height = 18
    x = alt.X("x:T", scale=alt.Scale(type="utc", domain=list(domain), nice=False), axis=None)
    y = {"scale": alt.Scale(domain=[len(LANES), 0], nice=False), "axis": None}
    ink, hair = theme.LIGHT["ink"], theme.LIGHT["hair"]
    per_ms = width / (domain[1] - domain[0])
    ticks, spans, labels = [], [], []
    for lane_no, lane in enumerate(LANES):
        in_lane = sorted((event for event in inside if event.lane == lane), key=lambda event: event.day)
        named = [event for event in in_lane if id(event) in numbers]
        for event in in_lane:
            bold = id(event) in numbers
            if event.precision == "day":
                ticks.append({"x": instant(event.day), "y": lane_no + 0.2, "y2": lane_no + 0.8, "w": 2 if bold else 1})
            else:
                spans.append({"x": instant(event.day), "x2": after(_event_end(event)), "y": lane_no + 0.5})
        for place, event in enumerate(named):
            following = named[place + 1] if place + 1 < len(named) else None
            tight = following is not None and (instant(following.day) - instant(event.day)) * per_ms < 16
            anchor = instant(event.day) if tight or event.precision == "day" else after(_event_end(event))
            labels.append(
                {"x": anchor, "y": lane_no + 0.5, "t": str(numbers[id(event)]), "side": "left" if tight else "right"}
            )
    parts = [
        sheets.chart([{"y": i} for i in range(len(LANES) + 1)])
        .mark_rule(stroke=hair, strokeWidth=1)
        .encode(y=alt.Y("y:Q", **y)),
        sheets.chart([{"y": i + 0.5, "t": words.text(f"lane.{lane}")} for i, lane in enumerate(LANES)])
        .mark_text(align="right", x=-8, limit=LABEL_PX, fill=theme.LIGHT["muted"])
        .encode(y=alt.Y("y:Q", **y), text=alt.Text("t:N")),
    ]
    for weight in (1, 2):
        rows = [tick for tick in ticks if tick["w"] == weight]
        if rows:
            parts.append(
                sheets.chart(rows)
                .mark_rule(stroke=ink if weight == 2 else theme.LIGHT["muted"], strokeWidth=weight)
                .encode(x=x, y=alt.Y("y:Q", **y), y2=alt.Y2("y2:Q"))
            )
    if spans:
        parts.append(
            sheets.chart(spans)
            .mark_rule(stroke=theme.LIGHT["muted"], strokeWidth=2)
            .encode(x=x, x2=alt.X2("x2:T"), y=alt.Y("y:Q", **y))
        )
    for side, align, shift in (("right", "left", 4), ("left", "right", -4)):
        beside = [label for label in labels if label["side"] == side]
        if not beside:
            continue
        # the paper-coloured rim keeps a number legible where ticks stand close
        for look in ({"fill": theme.LIGHT["paper"], "stroke": theme.LIGHT["paper"], "strokeWidth": 4}, {"fill": ink}):
            parts.append(
                sheets.chart(beside)
                .mark_text(align=align, dx=shift, fontSize=12, fontWeight=600, **look)
                .encode(x=x, y=alt.Y("y:Q", **y), text=alt.Text("t:N"))
            )
    return layered(parts, width, row_height * len(LANES))


def levers(
    sheets: Sheets, paths: Sequence[LeverPath], words: Catalogue, domain: tuple[int, int], width: float
) -> Spec | None:
    import altair as alt

    strip = [lever for lever in paths if lever.strip]
    if not strip:
        return None
    x = alt.X("x:T", scale=alt.Scale(type="utc", domain=list(domain), nice=False), axis=None)
    y = {"scale": alt.Scale(domain=[len(strip), 0], nice=False), "axis": None}
    parts = [
        sheets.chart([{"y": i + 0.5, "t": lever.label.of(words.lang)} for i, lever in enumerate(strip)])
        .mark_text(align="right", x=-8, limit=LABEL_PX, fill=theme.LIGHT["muted"])
        .encode(y=alt.Y("y:Q", **y), text=alt.Text("t:N")),
        sheets.chart([{"y": i + 1} for i in range(len(strip))])
        .mark_rule(stroke=theme.LIGHT["hair"], strokeWidth=1)
        .encode(y=alt.Y("y:Q", **y)),
    ]
    for row, lever in enumerate(strip):
        rows = []
        for day, value in lever.steps:
            at = min(max(instant(day), domain[0]), domain[1])
            rows.append({"x": at, "y": row + 1 - 0.8 * value / lever.upper, "y2": row + 1})
        if rows:
            rows.append({**rows[-1], "x": domain[1]})
            parts.append(
                sheets.chart(rows)
                .mark_area(interpolate="step-after", fill=theme.LIGHT["line"], fillOpacity=0.75)
                .encode(x=x, y=alt.Y("y:Q", **y), y2=alt.Y2("y2:Q"))
            )
    return layered(parts, width, 16 * len(strip))
