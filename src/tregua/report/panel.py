"""Counts over bands: the panel that every chart of recorded homicides shares, and its calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tregua.report import theme
from tregua.report.catalogue import Catalogue
from tregua.report.format import Formatter
from tregua.report.inputs import Band, Observation, ReportInputs
from tregua.report.picture import Sheets, Spec, Zone, layered

LONG_SPAN_DAYS = 45
"""A count over more days than this is drawn as a rule with ends, not as a bar."""
DASHED_FROM_PX = 28
BAR_PX, SMALL_BAR_PX = 5.0, 3.4


def instant(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def after(day: date) -> int:
    """First instant after a span that ends with `day`."""
    return instant(day + timedelta(days=1))


def highest(shown: Sequence[Observation], bands: Sequence[Band]) -> float:
    rates = [row.rate for row in shown]
    rates += [band.q95 / ((band.end - band.start).days + 1) for band in bands]
    most = max(rates, default=10.0)
    step = 5.0 if most > 5 else 1.0
    return max(step, step * -(-most // step))


def _years(first: int, last: int) -> list[int]:
    begin = datetime.fromtimestamp(first / 1000, tz=UTC).year
    end = datetime.fromtimestamp((last - 1) / 1000, tz=UTC).year
    return [year for year in range(begin, end + 1) if first <= instant(date(year, 1, 1)) < last]


def _axis_x(domain: tuple[int, int], years: Sequence[int], *, labels: bool = True) -> Any:
    import altair as alt

    return alt.X(
        "x:T",
        scale=alt.Scale(type="utc", domain=list(domain), nice=False),
        title=None,
        axis=alt.Axis(
            values=[instant(date(year, 1, 1)) for year in years],
            format="%Y",
            ticks=True,
            tickSize=6,
            labelAlign="left",
            labelOffset=3,
            labelPadding=4,
            labels=labels,
            labelFlush=False,
            labelOverlap=False,
            labelBound=False,
        ),
    )


def panel(
    sheets: Sheets,
    inputs: ReportInputs,
    words: Catalogue,
    shown: Sequence[Observation],
    bands: Sequence[Band],
    top: float,
    domain: tuple[int, int],
    width: float,
    height: float,
    *,
    title: str | None,
    labels: bool = True,
    ground: bool = True,
    captions: bool = True,
    event: str = "",
    zones: Sequence[Zone] = (),
    place: int = 0,
) -> Spec:
    """Counts over bands, with the ground of what was never used to fit.

    Parameters
    ----------
    zones : sequence of Zone
        What a live chart tells; those outside `domain` are left out.
    place : int
        Which panel of the chart this is.
    """
    import altair as alt

    first, last = domain
    years = _years(first, last)
    x = _axis_x(domain, years, labels=labels)
    step = 10 if top > 20 else 5 if top > 5 else 1
    y = {
        "scale": alt.Scale(domain=[0, top], nice=False),
        "title": title,
        "axis": alt.Axis(
            values=list(range(0, int(top) + 1, step)),
            titleX=0,
            titleY=-12,
            titleBaseline="bottom",
            **({"title": title} if title else {"title": None}),
        ),
    }
    edge = after(inputs.case.fit_end) if inputs.fitted else max(last, after(inputs.case.fit_end))
    layers: list[Any] = []
    size = 12 if width < 500 else 13
    if ground and edge < last:
        left = max(edge, first)
        layers.append(
            sheets.chart([{"x": left, "x2": last}]).mark_rect(fill=theme.LIGHT["held"]).encode(x=x, x2=alt.X2("x2:T"))
        )
        if edge > first:
            layers.append(
                sheets.chart([{"x": edge}])
                .mark_rule(stroke=theme.LIGHT["muted"], strokeDash=[4, 3], strokeWidth=1)
                .encode(x=x)
            )
    at = instant(inputs.case.break_day)
    if first < at < last:
        layers.append(
            sheets.chart([{"x": at}])
            .mark_rule(stroke=theme.LIGHT["line"], strokeDash=[1, 3], strokeWidth=1.2)
            .encode(x=x)
        )
        if event:
            layers.append(
                sheets.chart([{"x": at, "t": event}])
                .mark_text(
                    align="right",
                    baseline="top",
                    dx=-6,
                    y=4,
                    limit=0.4 * width,
                    fontSize=size,
                    fill=theme.LIGHT["muted"],
                )
                .encode(x=x, text=alt.Text("t:N"))
            )
    layers += _series_layers(sheets, shown, bands, domain, top, width, height, x, y)
    if captions:
        notes = []
        if first < edge < last:
            notes.append({"x": edge, "t": words.text("fit.used"), "a": "right"})
            notes.append({"x": edge, "t": words.text("fit.heldout"), "a": "left"})
        for note in notes:
            layers.append(
                sheets.chart([note])
                .mark_text(
                    align=note["a"],
                    baseline="bottom",
                    dx=-8 if note["a"] == "right" else 8,
                    y=-12,
                    fontSize=size,
                    fill=theme.LIGHT["muted"],
                )
                .encode(x=x, text=alt.Text("t:N"))
            )
    made = layered(layers, width, height)
    inside = [zone for zone in zones if zone.end > first and zone.start < last]
    if inside:
        cut = [replace(zone, start=max(zone.start, first), end=min(zone.end, last)) for zone in inside]
        made["layer"].append(sheets.zone_layer(cut, x.to_dict(), panel=place))
    return made


def count_zones(shown: Sequence[Observation], bands: Sequence[Band], words: Catalogue, fmt: Formatter) -> list[Zone]:
    """What can be read off counts over bands: each count over its days, and each simulated month without one."""
    by_month = {(band.start, band.end): band for band in bands}
    out: list[Zone] = []
    counted: set[date] = set()
    for row in shown:
        band = by_month.get(row.spans[0]) if len(row.spans) == 1 else None
        told = words.text(
            "read.count",
            span=fmt.spans(row.spans),
            days=row.days,
            count=fmt.number(row.count),
            institution=words.institution(row.institution),
            rate=fmt.number(row.rate, 0.1),
        )
        if band is not None:
            low, high = (fmt.number(value / row.days, 0.1) for value in (band.q05, band.q95))
            told += words.text("read.count.simulated", lo=low, hi=high)
        for start, end in row.spans:
            counted |= {start + timedelta(days=day) for day in range((end - start).days + 1)}
            out.append(Zone(instant(start), after(end), told, "counts"))
    for band in bands:
        if band.start not in counted:
            days = (band.end - band.start).days + 1
            low, high = (fmt.number(value / days, 0.1) for value in (band.q05, band.q95))
            told = words.text("read.month", span=fmt.span(band.start, band.end), lo=low, hi=high)
            out.append(Zone(instant(band.start), after(band.end), told))
    return sorted(out, key=lambda zone: zone.start)


def _series_layers(
    sheets: Sheets,
    shown: Sequence[Observation],
    bands: Sequence[Band],
    domain: tuple[int, int],
    top: float,
    width: float,
    height: float,
    x: Any,
    y: Any,
) -> list[Any]:
    """Bands, then long spans, then bars: what was counted lies above what was simulated."""
    import altair as alt

    first, last = domain
    per_ms = width / (last - first)
    layers: list[Any] = []
    steps = []
    inside = [band for band in bands if after(band.end) > first and instant(band.start) < last]
    for band in inside:
        days = (band.end - band.start).days + 1
        steps.append(
            {
                "x": max(instant(band.start), first),
                "a": round(band.q05 / days, 3),
                "b": round(band.q25 / days, 3),
                "m": round(band.q50 / days, 3),
                "c": round(band.q75 / days, 3),
                "d": round(band.q95 / days, 3),
            }
        )
    if steps:
        steps.append({**steps[-1], "x": min(after(inside[-1].end), last)})
        base = sheets.chart(steps)
        colour = theme.LIGHT["truce"]
        for low, high, opacity in (("a", "d", theme.BAND_90), ("b", "c", theme.BAND_50)):
            layers.append(
                base.mark_area(interpolate="step-after", fill=colour, fillOpacity=opacity, clip=False).encode(
                    x=x, y=alt.Y(f"{low}:Q", **y), y2=alt.Y2(f"{high}:Q")
                )
            )
        layers.append(
            base.mark_line(interpolate="step-after", stroke=colour, strokeWidth=2).encode(x=x, y=alt.Y("m:Q", **y))
        )
    ink, paper = theme.LIGHT["ink"], theme.LIGHT["paper"]
    rules: list[dict[str, float]] = []
    ends: list[dict[str, float]] = []
    bars: dict[str, list[dict[str, float]]] = {"police": [], "forensic": [], "other": [], "derived": [], "dashed": []}
    for row in shown:
        long = row.days > LONG_SPAN_DAYS
        for start, end in row.spans:
            x1, x2 = max(instant(start), first), min(after(end), last)
            if x2 <= first or x1 >= last:
                continue
            if long:
                rules.append({"x": x1, "x2": x2, "y": row.rate})
                half = 4.5 * top / height
                ends += [{"x": edge, "y": row.rate - half, "y2": row.rate + half} for edge in (x1, x2)]
                continue
            kind: str = row.institution_class
            if row.basis != "stated":
                kind = "dashed" if (x2 - x1) * per_ms >= DASHED_FROM_PX else "derived"
            half = (SMALL_BAR_PX if kind == "derived" else BAR_PX) / 2 * top / height
            bars[kind].append({"x": x1, "x2": x2, "y": row.rate - half, "y2": row.rate + half})
    looks: dict[str, dict[str, Any]] = {
        "police": {"fill": ink},
        "forensic": {"fill": paper, "stroke": ink, "strokeWidth": 1.2},
        "other": {"fill": ink, "fillOpacity": 0.5},
        "derived": {"fill": paper, "stroke": ink, "strokeWidth": 1},
        "dashed": {"fill": paper, "stroke": ink, "strokeWidth": 1.2, "strokeDash": [3, 2]},
    }
    if rules:
        layers.append(
            sheets.chart(rules)
            .mark_rule(stroke=ink, strokeWidth=1.2)
            .encode(x=x, x2=alt.X2("x2:T"), y=alt.Y("y:Q", **y))
        )
        layers.append(
            sheets.chart(ends)
            .mark_rule(stroke=ink, strokeWidth=1.2)
            .encode(x=x, y=alt.Y("y:Q", **y), y2=alt.Y2("y2:Q"))
        )
    for kind, rows in bars.items():
        if rows:
            layers.append(
                sheets.chart(rows)
                .mark_rect(**looks[kind])
                .encode(x=x, x2=alt.X2("x2:T"), y=alt.Y("y:Q", **y), y2=alt.Y2("y2:Q"))
            )
    return layers
