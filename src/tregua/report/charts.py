"""Charts as records: one question, one specification, one table, one text, whatever shows them.

Specifications are Vega-Lite, built with Altair and turned into static SVG without a browser. A record differs by
width class only (wide, mid, phone); colours are those of the light theme, which the page repaints.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Literal

from tregua.report import theme
from tregua.report.catalogue import Catalogue
from tregua.report.format import Formatter
from tregua.report.inputs import (
    STORY_READINGS,
    ArmText,
    Band,
    Contrast,
    Event,
    LeverPath,
    Observation,
    ReportInputs,
)

WidthClass = Literal["wide", "mid", "phone"]
Spec = dict[str, Any]
LONG_SPAN_DAYS = 45
"""A count over more days than this is drawn as a rule with ends, not as a bar."""
DASHED_FROM_PX = 28
BAR_PX, SMALL_BAR_PX = 5.0, 3.4
LANES = ("truce", "state", "elections", "outside", "violence")
STORY_ARMS = ("as_it_happened", "secret_truce", "open_truce", "mass_detention")
_SHAPES = {
    "ring": "circle",
    "square": "square",
    "circle": "circle",
    "diamond": "diamond",
    "triangle-up": "triangle-up",
    "triangle-down": "triangle-down",
    "cross": "cross",
}


@dataclass(frozen=True)
class Table:
    """The numbers of a chart as a table: plain text in every cell."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """One chart in one language.

    Attributes
    ----------
    id, question : str
    spec : callable
        Width class -> Vega-Lite specification.
    data : tuple of dict
        Tidy rows, as exported.
    table : Table
    alt_short, alt_long : str
    sources, claims, flags : tuple of str
    export_name : str
    """

    id: str
    question: str
    spec: Callable[[WidthClass], Spec]
    data: tuple[dict[str, object], ...]
    table: Table
    alt_short: str
    alt_long: str
    sources: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    export_name: str = ""
    widths: tuple[WidthClass, ...] = field(default=("wide", "phone"))


@cache
def _register_font() -> None:
    import vl_convert

    with as_file(files("tregua.report").joinpath("fonts")) as folder:
        vl_convert.register_font_directory(str(folder))


def draw(spec: Spec, fmt: Formatter) -> str:
    """Turn a specification into SVG text that scales with its container.

    Parameters
    ----------
    spec : dict
        Vega-Lite.
    fmt : Formatter
        Gives number and date locales.
    """
    import altair
    import vl_convert

    _register_font()
    version = ".".join(altair.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    svg: str = vl_convert.vegalite_to_svg(
        spec, vl_version=version, format_locale=fmt.vega_number(), time_format_locale=fmt.vega_time()
    )
    width, height = _size(svg)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" aria-hidden="true" focusable="false">'
    )
    body = re.sub(r"^\s*<svg[^>]*>", head, svg, count=1)
    body = re.sub(r'<rect width="\d+(?:\.\d+)?" height="\d+(?:\.\d+)?" fill="none"\s*(?:/>|></rect>)', "", body)
    body = re.sub(r' (?:aria-\w+|role|class|stroke-miterlimit|pointer-events)="[^"]*"', _keep_hidden, body)
    body = re.sub(r' font-family="[^"]*"', "", body)
    body = re.sub(r"(\d+\.\d)\d+", r"\1", body)
    return body.replace("\n", "")


def _keep_hidden(match: re.Match[str]) -> str:
    return match.group(0) if match.group(0) == ' aria-hidden="true"' else ""


def _size(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if found is None:
        raise ValueError("the exporter gave no picture")
    return float(found.group(1)), float(found.group(2))


# --- C1, as it happened ------------------------------------------------------------------------------------------


def as_it_happened(inputs: ReportInputs, words: Catalogue, fmt: Formatter, *, small: bool = False) -> Chart:
    """C1: what was counted, over its true length, above what was simulated for the same months."""
    shown = drawn_observations(inputs.observations)
    bands = tuple(band for band in inputs.bands if band.reading == "default")
    top = _top(shown, inputs.bands)

    def spec(width_class: WidthClass) -> Spec:
        with _unchecked():
            return _c1_spec(inputs, words, fmt.for_charts(), shown, bands, top, width_class, small=small)

    coverage = {row.window: row for row in inputs.coverage if row.reading == "default"}
    alt_long = alt_short = words.text("c1.short")
    if inputs.headline is not None:
        head = inputs.headline
        months = round(((head.truce.end - head.truce.start).days + 1) / 30.44)
        alt_long = words.text(
            "c1.alt",
            start=fmt.day(inputs.case.start),
            end=fmt.day(inputs.case.end),
            mean_before=fmt.number(head.before.rate, 0.1),
            event=inputs.case.break_label.of(words.lang),
            mean_truce=fmt.number(head.truce.rate, 0.1),
            n=months,
            max=fmt.number(head.peak.rate, 0.1),
            month=fmt.span(head.peak.start, head.peak.end),
        )
        if "fit" in coverage and "held_out" in coverage:
            fit, held = coverage["fit"], coverage["held_out"]
            alt_long += " " + words.text("c1.alt.inside", a=fit.inside90, b=fit.n, c=held.inside90, d=held.n)
        else:
            alt_long += " " + words.text("c1.alt.nosim")
    keys = sorted({source for row in shown for source in row.sources})
    return Chart(
        id="c1-small" if small else "c1",
        question=words.text("q.fall"),
        spec=spec,
        data=tuple(_observation_row(row) for row in shown) + tuple(_band_row(band) for band in bands),
        table=counts_table(shown, bands, words, fmt),
        alt_short=alt_short,
        alt_long=alt_long,
        sources=tuple(keys),
        export_name=f"{inputs.case.id}-as-it-happened",
        widths=("wide", "mid", "phone"),
    )


def drawn_observations(rows: Sequence[Observation]) -> tuple[Observation, ...]:
    """Counts that are drawn: those used to fit or to score, in order of time."""
    return tuple(sorted((row for row in rows if row.use in ("fit", "score")), key=lambda row: row.spans[0]))


def counts_table(shown: Sequence[Observation], bands: Sequence[Band], words: Catalogue, fmt: Formatter) -> Table:
    """Every count drawn, with the simulated range of the same days where the months match."""
    headers = tuple(
        words.text(key)
        for key in ("col.span", "col.count", "col.perday", "col.institution", "col.use", "col.simulated")
    )
    by_month = {(band.start, band.end): band for band in bands}
    rows = []
    for row in shown:
        band = by_month.get(row.spans[0]) if len(row.spans) == 1 else None
        simulated = ""
        if band is not None:
            simulated = f"{fmt.number(band.q05 / row.days, 0.1)}–{fmt.number(band.q95 / row.days, 0.1)}"
        rows.append(
            (
                fmt.spans(row.spans),
                fmt.number(row.count, table=True),
                fmt.number(row.rate, 0.1),
                row.institution,
                words.text("fit.used" if row.use == "fit" else "fit.heldout"),
                simulated,
            )
        )
    return Table(headers, tuple(rows))


def _observation_row(row: Observation) -> dict[str, object]:
    return {
        "series": "counted",
        "start": row.spans[0][0].isoformat(),
        "end": row.spans[-1][1].isoformat(),
        "days": row.days,
        "count": row.count,
        "rate": row.rate,
        "institution": row.institution,
        "basis": row.basis,
        "use": row.use,
        "source": ";".join(row.sources),
    }


def _band_row(band: Band) -> dict[str, object]:
    return {
        "series": "simulated",
        "start": band.start.isoformat(),
        "end": band.end.isoformat(),
        "reading": band.reading,
        "q05": band.q05,
        "q25": band.q25,
        "q50": band.q50,
        "q75": band.q75,
        "q95": band.q95,
    }


def _ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def _after(day: date) -> int:
    """First instant after a span that ends with `day`."""
    return _ms(day + timedelta(days=1))


def _top(shown: Sequence[Observation], bands: Sequence[Band]) -> float:
    highest = [row.rate for row in shown]
    highest += [band.q95 / ((band.end - band.start).days + 1) for band in bands]
    return max(10.0, 5.0 * -(-max(highest, default=10.0) // 5))


def _axis_x(domain: tuple[int, int], years: Sequence[int], *, labels: bool = True) -> Any:
    import altair as alt

    return alt.X(
        "x:T",
        scale=alt.Scale(type="utc", domain=list(domain), nice=False),
        title=None,
        axis=alt.Axis(
            values=[_ms(date(year, 1, 1)) for year in years],
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
    inside = [band for band in bands if _after(band.end) > first and _ms(band.start) < last]
    for band in inside:
        days = (band.end - band.start).days + 1
        steps.append(
            {
                "x": max(_ms(band.start), first),
                "a": band.q05 / days,
                "b": band.q25 / days,
                "m": band.q50 / days,
                "c": band.q75 / days,
                "d": band.q95 / days,
            }
        )
    if steps:
        steps.append({**steps[-1], "x": min(_after(inside[-1].end), last)})
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
            x1, x2 = max(_ms(start), first), min(_after(end), last)
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


def _panel(
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
) -> Spec:
    """Counts over bands, with the ground of what was never used to fit."""
    import altair as alt

    first, last = domain
    years = _years(first, last)
    x = _axis_x(domain, years, labels=labels)
    step = 10 if top > 20 else 5
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
    edge = _after(inputs.case.fit_end)
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
    at = _ms(inputs.case.break_day)
    if first < at < last:
        layers.append(
            sheets.chart([{"x": at}])
            .mark_rule(stroke=theme.LIGHT["line"], strokeDash=[1, 3], strokeWidth=1.2)
            .encode(x=x)
        )
        if event:
            layers.append(
                sheets.chart([{"x": at, "t": event}])
                .mark_text(align="right", baseline="top", dx=-6, y=4, fontSize=size, fill=theme.LIGHT["muted"])
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
    return _layered(layers, width, height)


def _years(first: int, last: int) -> list[int]:
    begin = datetime.fromtimestamp(first / 1000, tz=UTC).year
    end = datetime.fromtimestamp((last - 1) / 1000, tz=UTC).year
    return [year for year in range(begin, end + 1) if first <= _ms(date(year, 1, 1)) < last]


def _c1_spec(
    inputs: ReportInputs,
    words: Catalogue,
    fmt: Formatter,
    shown: Sequence[Observation],
    bands: Sequence[Band],
    top: float,
    width_class: WidthClass,
    *,
    small: bool,
) -> Spec:
    domain = (_ms(inputs.case.start), _after(inputs.case.end))
    title = words.text("axis.perday")
    sheets = Sheets()
    day = fmt.day(inputs.case.break_day)
    if width_class == "phone":
        edge = _after(inputs.case.fit_end)
        height = 108 if small else 150
        parts = [
            _panel(
                sheets,
                inputs,
                words,
                shown,
                bands,
                top,
                (domain[0], edge),
                292,
                height,
                title=f"{words.text('fit.used')} · {title}",
                captions=False,
                event=day,
            ),
        ]
        if edge < domain[1]:
            parts.append(
                _panel(
                    sheets,
                    inputs,
                    words,
                    shown,
                    bands,
                    top,
                    (edge, domain[1]),
                    292,
                    height,
                    title=words.text("fit.heldout"),
                    captions=False,
                )
            )
        chart: Spec = {"vconcat": parts, "spacing": 30}
    else:
        width = 1018 if width_class == "wide" else 560
        height = 150 if small else 340
        if small:
            width += 60 if width_class == "wide" else 40
        event = f"{day}: {inputs.case.break_label.of(words.lang)}" if width_class == "wide" else day
        main = _panel(sheets, inputs, words, shown, bands, top, domain, width, height, title=title, event=event)
        parts = [main]
        if not small:
            lanes = _lanes(sheets, inputs.events, words, domain, width)
            levers = _levers(sheets, inputs.levers, words, domain, width)
            strips = [part for part in (lanes, levers) if part is not None]
            if strips:
                parts.append({"vconcat": strips, "spacing": 10, "bounds": "flush"})
        chart = {"vconcat": parts, "spacing": 34, "bounds": "flush"}
    return _finished(chart, sheets, width_class)


class Sheets:
    """Rows of a specification, kept beside it by name: Altair copies what it is given, many times."""

    def __init__(self) -> None:
        self.rows: dict[str, Sequence[Mapping[str, object]]] = {}

    def chart(self, rows: Sequence[Mapping[str, object]]) -> Any:
        """A chart over `rows`."""
        import altair as alt

        name = f"rows{len(self.rows)}"
        self.rows[name] = rows
        return alt.Chart(alt.NamedData(name))


def _unchecked() -> Any:
    """Altair checks every piece against its schema as it is made, ten times the cost of the chart; tests do it once."""
    from altair.utils.schemapi import debug_mode

    return debug_mode(False)


def _layered(charts: Sequence[Any], width: float, height: float) -> Spec:
    """Layers as one view. Put together as plain data: Altair copies every layer again at each step up."""
    layers = []
    for chart in charts:
        layer = chart.to_dict(validate=False)
        layers.append({key: value for key, value in layer.items() if key not in ("$schema", "config", "datasets")})
    return {"layer": layers, "width": width, "height": height}


def _finished(chart: Spec, sheets: Sheets, width_class: WidthClass) -> Spec:
    """Plain specification with the one configuration and its rows; the tests hold it against the schema."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        **chart,
        "config": theme.chart_config(width_class),
        "datasets": dict(sheets.rows),
    }


def numbered_events(events: Sequence[Event], most: int) -> dict[int, Event]:
    """The most telling events, numbered in order of time."""
    ranked = sorted((event for event in events if event.rank is not None), key=lambda event: event.rank or 0)
    return dict(enumerate(sorted(ranked[:most], key=lambda event: event.day), start=1))


def _event_end(event: Event) -> date:
    if event.precision == "month":
        return event.day.replace(day=calendar.monthrange(event.day.year, event.day.month)[1])
    return event.day if event.precision == "day" else date(event.day.year, 12, 31)


def _lanes(
    sheets: Sheets, events: Sequence[Event], words: Catalogue, domain: tuple[int, int], width: float
) -> Spec | None:
    import altair as alt

    inside = [event for event in events if domain[0] <= _ms(event.day) < domain[1] and event.lane in LANES]
    if not inside:
        return None
    numbers = {id(event): number for number, event in numbered_events(inside, 9).items()}
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
                ticks.append({"x": _ms(event.day), "y": lane_no + 0.2, "y2": lane_no + 0.8, "w": 2 if bold else 1})
            else:
                spans.append({"x": _ms(event.day), "x2": _after(_event_end(event)), "y": lane_no + 0.5})
        for place, event in enumerate(named):
            following = named[place + 1] if place + 1 < len(named) else None
            tight = following is not None and (_ms(following.day) - _ms(event.day)) * per_ms < 16
            anchor = _ms(event.day) if tight or event.precision == "day" else _after(_event_end(event))
            labels.append(
                {"x": anchor, "y": lane_no + 0.5, "t": str(numbers[id(event)]), "side": "left" if tight else "right"}
            )
    parts = [
        sheets.chart([{"y": i} for i in range(len(LANES) + 1)])
        .mark_rule(stroke=hair, strokeWidth=1)
        .encode(y=alt.Y("y:Q", **y)),
        sheets.chart([{"y": i + 0.5, "t": words.text(f"lane.{lane}")} for i, lane in enumerate(LANES)])
        .mark_text(align="right", x=-8, fill=theme.LIGHT["muted"])
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
        if beside:
            parts.append(
                sheets.chart(beside)
                .mark_text(align=align, dx=shift, fontSize=12, fontWeight=600, fill=ink)
                .encode(x=x, y=alt.Y("y:Q", **y), text=alt.Text("t:N"))
            )
    return _layered(parts, width, row_height * len(LANES))


def _levers(
    sheets: Sheets, levers: Sequence[LeverPath], words: Catalogue, domain: tuple[int, int], width: float
) -> Spec | None:
    import altair as alt

    strip = [lever for lever in levers if lever.strip]
    if not strip:
        return None
    x = alt.X("x:T", scale=alt.Scale(type="utc", domain=list(domain), nice=False), axis=None)
    y = {"scale": alt.Scale(domain=[len(strip), 0], nice=False), "axis": None}
    parts = [
        sheets.chart([{"y": i + 0.5, "t": lever.label.of(words.lang)} for i, lever in enumerate(strip)])
        .mark_text(align="right", x=-8, fill=theme.LIGHT["muted"])
        .encode(y=alt.Y("y:Q", **y), text=alt.Text("t:N")),
        sheets.chart([{"y": i + 1} for i in range(len(strip))])
        .mark_rule(stroke=theme.LIGHT["hair"], strokeWidth=1)
        .encode(y=alt.Y("y:Q", **y)),
    ]
    for row, lever in enumerate(strip):
        rows = []
        for day, value in lever.steps:
            at = min(max(_ms(day), domain[0]), domain[1])
            rows.append({"x": at, "y": row + 1 - 0.8 * value / lever.upper, "y2": row + 1})
        if rows:
            rows.append({**rows[-1], "x": domain[1]})
            parts.append(
                sheets.chart(rows)
                .mark_area(interpolate="step-after", fill=theme.LIGHT["line"], fillOpacity=0.75)
                .encode(x=x, y=alt.Y("y:Q", **y), y2=alt.Y2("y2:Q"))
            )
    return _layered(parts, width, 16 * len(strip))


# --- C2, three stories, one fall ---------------------------------------------------------------------------------


def story_arms(inputs: ReportInputs) -> tuple[ArmText, ...]:
    """The responses compared under the three stories."""
    return tuple(arm for arm in inputs.arms if arm.id in STORY_ARMS)


def story_contrasts(inputs: ReportInputs, reading: str) -> tuple[Contrast, ...]:
    """Homicide contrasts of one story at the main horizon of the first decision, in the order of the responses."""
    decision = inputs.main_horizon[0][0]
    horizon = inputs.main_horizon[0][1]
    found = {
        row.arm: row
        for row in inputs.contrasts
        if (row.decision, row.horizon, row.reading, row.outcome) == (decision, horizon, reading, "homicides")
        and row.status == "ok"
    }
    return tuple(found[arm.id] for arm in story_arms(inputs) if arm.id in found)


def story(inputs: ReportInputs, words: Catalogue, fmt: Formatter, reading: str) -> Chart:
    """C2: one of the three stories. All three share their scales; none is drawn without the others."""
    shown = drawn_observations(inputs.observations)
    bands = tuple(band for band in inputs.bands if band.reading == reading)
    top_rows = [band for band in inputs.bands if band.reading in STORY_READINGS]
    first, last = date(inputs.case.break_day.year - 1, 1, 1), inputs.case.fit_end
    within = [row for row in shown if row.spans[-1][1] >= first and row.spans[0][0] <= last]
    near = [band for band in top_rows if band.end >= first and band.start <= last]
    top = _top(within, near)
    rows = story_contrasts(inputs, reading)
    everything = [row for name in STORY_READINGS for row in story_contrasts(inputs, name)]
    low = min([0.0, *(row.q05 for row in everything)])
    high = max([0.0, *(row.q95 for row in everything)])
    pad = 0.04 * (high - low or 1.0)

    def spec(width_class: WidthClass) -> Spec:
        with _unchecked():
            return _story_spec(inputs, words, within, bands, top, rows, (low - pad, high + pad), (first, last))

    label = next((item.label.of(words.lang) for item in inputs.readings if item.id == reading), reading)
    listed = []
    for row in rows:
        arm = next(arm for arm in inputs.arms if arm.id == row.arm)
        told = fmt.estimate(row.estimate, signed=True)
        listed.append(f"{arm.label.of(words.lang)} {told.value} {told.span}")
    alt_long = (
        words.text("c2.alt", story=label, list=words.listing(listed))
        if listed
        else words.text("c2.alt.none", story=label)
    )
    return Chart(
        id=f"c2-{reading}",
        question=words.text("q.why"),
        spec=spec,
        data=tuple(_band_row(band) for band in bands),
        table=Table((), ()),
        alt_short=words.text("c2.short", story=label),
        alt_long=alt_long,
        export_name=f"{inputs.case.id}-story-{reading}",
        widths=("phone",),
    )


def _story_spec(
    inputs: ReportInputs,
    words: Catalogue,
    shown: Sequence[Observation],
    bands: Sequence[Band],
    top: float,
    rows: Sequence[Contrast],
    scale: tuple[float, float],
    window: tuple[date, date],
) -> Spec:
    width = 304
    sheets = Sheets()
    domain = (_ms(window[0]), _after(window[1]))
    upper = _panel(
        sheets, inputs, words, shown, bands, top, domain, width, 150, title=words.text("axis.perday"), captions=False
    )
    parts = [upper]
    if rows:
        parts.append(_ranges(sheets, inputs, words, rows, scale, width))
    return _finished({"vconcat": parts, "spacing": 52, "bounds": "flush"}, sheets, "phone")


def _ranges(
    sheets: Sheets,
    inputs: ReportInputs,
    words: Catalogue,
    rows: Sequence[Contrast],
    scale: tuple[float, float],
    width: float,
) -> Any:
    """Dot and range a response, its name above it, on one scale of killings more or fewer."""
    import altair as alt

    labels = {arm.id: arm.label.of(words.lang) for arm in inputs.arms}
    x_scale = alt.Scale(domain=list(scale), nice=False)
    x = alt.X(
        "x:Q",
        scale=x_scale,
        title=None,
        axis=alt.Axis(
            tickCount=4,
            domain=True,
            ticks=True,
            tickSize=4,
            grid=True,
            labelExpr="datum.value == 0 ? '0' : format(datum.value, '+,d')",
        ),
    )
    y = {"scale": alt.Scale(domain=[len(rows), 0], nice=False), "axis": None}
    parts: list[Any] = [sheets.chart([{"x": 0}]).mark_rule(stroke=theme.LIGHT["ink-2"], strokeWidth=1.5).encode(x=x)]
    title = words.text("axis.contrast")
    parts.append(
        sheets.chart([{"t": title}])
        .mark_text(align="left", baseline="bottom", x=0, y=-8, fill=theme.LIGHT["ink-2"])
        .encode(text=alt.Text("t:N"))
    )
    for place, row in enumerate(rows):
        mark = theme.arm_mark(row.arm)
        colour = theme.LIGHT[mark.token]
        at = place + 0.68
        data = [{"x": row.q05, "x2": row.q95, "m": row.q50, "y": at, "t": labels.get(row.arm, row.arm)}]
        dash = {"strokeDash": list(mark.dash)} if mark.dash else {}
        base = sheets.chart(data)
        parts.append(
            base.mark_rule(stroke=colour, strokeWidth=2, **dash).encode(x=x, x2=alt.X2("x2:Q"), y=alt.Y("y:Q", **y))
        )
        parts.append(
            base.mark_point(
                shape=_SHAPES[mark.shape], size=70, fill=colour, stroke=theme.LIGHT["paper"], strokeWidth=1, opacity=1
            ).encode(x=alt.X("m:Q", scale=x_scale, title=None), y=alt.Y("y:Q", **y))
        )
        parts.append(
            base.mark_text(align="left", baseline="middle", x=0, dy=-14, fill=theme.LIGHT["ink-2"]).encode(
                y=alt.Y("y:Q", **y), text=alt.Text("t:N")
            )
        )
    return _layered(parts, width, 34 * len(rows))
