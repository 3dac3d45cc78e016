"""C3, C4 and C17: small panels on one calendar, what was counted over what was simulated, and paired differences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tregua.report import theme
from tregua.report.catalogue import Catalogue
from tregua.report.charts import Chart, Table
from tregua.report.format import MILLION, Formatter, kind_of
from tregua.report.inputs import Estimate, Figure, Month, ReportInputs
from tregua.report.panel import LONG_SPAN_DAYS, after, instant
from tregua.report.picture import Sheets, Spec, WidthClass, Zone, finished, wrapped

MONTH_DAYS = 365.25 / 12
SIGNED = "datum.value == 0 ? '0' : format(datum.value, '+,d')"
"""Labels of differences: the sign always, and no sign on zero."""
GAP, HEAD_LINE, FOOT = 16, 17, 36


@dataclass(frozen=True)
class Mark:
    """A figure on the scale of its panel: where it lies, how high, and how it was counted."""

    start: int
    end: int
    value: float
    look: str
    long: bool
    told: str
    stock: bool = False


@dataclass(frozen=True)
class Panel:
    """One small panel.

    Attributes
    ----------
    id, title, unit : str
        Outcome, what it is in two or three words, and its unit or meaning.
    months : sequence of Month
        Scaled to the unit.
    marks : sequence of Mark
    top : float
        Highest value of the scale, which begins at 0.
    ticks : sequence of float
    zones : sequence of Zone
    colour : str
        Token of the simulated band.
    """

    id: str
    title: str
    unit: str
    months: Sequence[Month]
    prior: Sequence[Month]
    marks: Sequence[Mark]
    top: float
    ticks: Sequence[float]
    zones: Sequence[Zone]
    colour: str = "truce"


def scale_of(highest: float) -> tuple[float, list[float]]:
    """Top of a scale from 0 and three or four round ticks below it."""
    if highest <= 0:
        return 1.0, [0.0, 1.0]
    rough = highest / 3
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * one for one in (1, 2, 2.5, 5, 10) if power * one >= rough)
    top = step * math.ceil(highest / step - 1e-9)
    return top, [round(step * i, 10) for i in range(round(top / step) + 1)]


def truce_window(inputs: ReportInputs) -> tuple[date, date]:
    """From the break to the first day on which a lever that the break raised is lowered again."""
    first = inputs.case.break_day
    ends = []
    for lever in inputs.levers:
        at = [value for day, value in lever.steps if day <= first]
        raised = len(at) > 1 and at[-1] > at[-2] and any(day == first for day, _ in lever.steps)
        if raised and lever.strip:
            ends += [day for day, value in lever.steps if day > first and value < at[-1]][:1]
    return first, min(ends, default=inputs.case.fit_end)


def divisor(unit: str) -> float:
    return MILLION if unit == "US$" else 1.0


def panel_title(inputs: ReportInputs, words: Catalogue, outcome: str) -> str:
    """Two or three words that name an outcome: those of the page, or the label of a case's own."""
    if f"panel.{outcome}" in words:
        return words.text(f"panel.{outcome}")
    return next((one.label.of(words.lang) for one in inputs.outcomes if one.id == outcome), outcome)


def counted_by(inputs: ReportInputs, words: Catalogue, outcome: str) -> str:
    """Institutions that counted an outcome; where no figure names one, how many sources give it; empty for nobody."""
    figures = [one for one in inputs.figures if one.outcome == outcome]
    named = sorted({words.institution(one.institution) for one in figures if one.institution})
    if named or not figures:
        return "; ".join(named)
    return words.text("counted.sources", n=len({key for one in figures for key in one.sources}))


def panel_of(
    inputs: ReportInputs,
    words: Catalogue,
    fmt: Formatter,
    outcome: str,
    *,
    card: str,
    share_top: float | None = None,
    before: bool = False,
) -> Panel | None:
    """A panel of one outcome; None where nothing was simulated of it.

    Parameters
    ----------
    before : bool
        With the band before any figure was used, where it is known.
    """
    known = {one.id: one for one in inputs.outcomes}.get(outcome)
    unit = known.unit if known is not None else ""
    kind, by = kind_of(unit), divisor(unit)
    raw = [row for row in inputs.months if row.outcome == outcome]
    if not raw:
        return None
    rows = [_scaled(row, by) for row in raw]
    prior = [_scaled(row, by) for row in inputs.prior_months if before and row.outcome == outcome]
    figures = [one for one in inputs.figures if one.outcome == outcome]
    marks = [_mark(inputs, words, fmt, one) for one in figures]
    highest = max([row.q95 for row in rows] + [row.q95 for row in prior] + [mark.value for mark in marks])
    top, ticks = scale_of(highest)
    if share_top is not None and unit == "0..1":
        top, ticks = share_top, [0.0, share_top / 2, share_top]
    title = panel_title(inputs, words, outcome)
    zones = []
    scale = MILLION if kind == "money" else None
    for row in raw:
        rounded = fmt.estimate(row.estimate, kind, table=True, scale=scale)
        told = words.text(
            "read.panel", panel=title, span=fmt.month(row.start), median=rounded.value, range=rounded.span
        )
        counted = [mark.told for mark in marks if mark.start < after(row.end) and mark.end > instant(row.start)]
        zones.append(Zone(instant(row.start), after(row.end), " ".join([told, *counted]), card))
    said = f"panel.{outcome}.unit"
    return Panel(
        outcome,
        title,
        words.text(said) if said in words else unit,
        rows,
        prior,
        marks,
        top,
        ticks,
        zones,
    )


def _scaled(row: Month, by: float) -> Month:
    quantiles = (float(f"{q / by:.5g}") for q in (row.q05, row.q25, row.q50, row.q75, row.q95))
    return Month(row.outcome, row.start, row.end, *quantiles)


def _mark(inputs: ReportInputs, words: Catalogue, fmt: Formatter, one: Figure) -> Mark:
    start, end = instant(one.start), after(one.end)
    value = one.value if one.stock else one.value / one.days * MONTH_DAYS
    look = {"police": "police", "forensic": "forensic"}.get(one.institution_class, "other")
    if one.use == "alternative":
        look = "dashed"
    told = words.text(
        "read.figure" if one.stock else "read.figure.span",
        span=fmt.span(one.start, one.end),
        value=fmt.number(one.value, table=True),
        institution=words.institution(one.institution) or inputs.named(one.sources),
        what=one.definition.of(words.lang),
    )
    return Mark(start, end, value, look, one.days > LONG_SPAN_DAYS and not one.stock, told, one.stock)


def else_chart(inputs: ReportInputs, words: Catalogue, fmt: Formatter, outcomes: Sequence[str]) -> Chart | None:
    """C3: what else moved, or did not, when recorded killings fell."""
    panels = [panel for one in outcomes if (panel := panel_of(inputs, words, fmt, one, card=f"o-{one}"))]
    if not panels:
        return None
    return _chart(inputs, words, fmt, panels, "c3", "q.else", "else")


def capitals_chart(inputs: ReportInputs, words: Catalogue, fmt: Formatter, outcomes: Sequence[str]) -> Chart | None:
    """C4: three capitals, command, and what they act through: all simulated, none measured."""
    panels = [
        panel
        for one in outcomes
        if (panel := panel_of(inputs, words, fmt, one, card=f"o-{one}", share_top=1.0, before=True))
    ]
    if not panels:
        return None
    return _chart(inputs, words, fmt, panels, "c4", "q.capitals", "capitals")


def _chart(
    inputs: ReportInputs, words: Catalogue, fmt: Formatter, panels: Sequence[Panel], id: str, question: str, name: str
) -> Chart:
    kinds = {one.id: kind_of(one.unit) for one in inputs.outcomes}

    def spec(width_class: WidthClass) -> Spec:
        return _grid(inputs, words, fmt, panels, width_class)

    told = []
    moved = {row.outcome: row for row in inputs.changes}
    for panel in panels:
        kind = kinds.get(panel.id, "count")
        scale = MILLION if kind == "money" else None

        def value(estimate: Estimate, kind: str = kind, scale: float | None = scale) -> str:
            return fmt.estimate(estimate, kind, table=True, scale=scale).value

        rows = [row for row in inputs.months if row.outcome == panel.id]
        change = moved.get(panel.id)
        counted = counted_by(inputs, words, panel.id)
        peak = max(rows, key=lambda row: row.q50)
        known = {
            "outcome": panel.title,
            "unit": panel.unit,
            "before": value(change.before) if change else words.text("unknown.value"),
            "truce": value(change.truce) if change else words.text("unknown.value"),
            "institutions": counted,
            "start": value(rows[0].estimate),
            "peak": value(peak.estimate),
            "date": fmt.month(peak.start),
            "end": value(rows[-1].estimate),
        }
        told.append(words.text(f"{id}.alt" if counted or id == "c4" else f"{id}.alt.none", **known))
    return Chart(
        id=id,
        question=words.text(question),
        spec=spec,
        data=tuple(_month_row(row) for row in inputs.months if row.outcome in {panel.id for panel in panels})
        + tuple(_figure_row(one) for one in inputs.figures if one.outcome in {panel.id for panel in panels}),
        table=monthly(inputs, words, fmt, panels),
        alt_short=words.text(f"{id}.short"),
        alt_long=" ".join(told),
        sources=tuple(
            sorted({key for one in inputs.figures if one.outcome in {p.id for p in panels} for key in one.sources})
        ),
        export_name=f"{inputs.case.id}-{name}",
        widths=("wide", "phone"),
        key=" ".join((words.text(f"{id}.key"), *([words.text("key.tint")] if inputs.fitted else []))),
    )


def monthly(inputs: ReportInputs, words: Catalogue, fmt: Formatter, panels: Sequence[Panel]) -> Table:
    """The panels as a table: median and range of every month, one row a month."""
    kinds = {one.id: kind_of(one.unit) for one in inputs.outcomes}
    shown = [panel.id for panel in panels]
    told: dict[tuple[date, date], dict[str, str]] = {}
    for row in inputs.months:
        if row.outcome not in shown:
            continue
        kind = kinds.get(row.outcome, "count")
        cell = fmt.estimate(row.estimate, kind, table=True, scale=MILLION if kind == "money" else None)
        told.setdefault((row.start, row.end), {})[row.outcome] = f"{cell.value} {cell.span}"
    unknown = words.text("unknown.value")
    rows = [
        (fmt.month(start), *(cells.get(outcome, unknown) for outcome in shown)) for (start, _), cells in told.items()
    ]
    headers = (words.text("col.month"), *(f"{panel.title}, {panel.unit}" for panel in panels))
    return Table(headers, tuple(rows))


def _month_row(row: Month) -> dict[str, object]:
    quantiles = {name: float(f"{getattr(row, name):.6g}") for name in ("q05", "q25", "q50", "q75", "q95")}
    days = {"start": row.start.isoformat(), "end": row.end.isoformat()}
    return {"series": "simulated", "outcome": row.outcome, **days, **quantiles}


def _figure_row(one: Figure) -> dict[str, object]:
    return {
        "series": "counted",
        "outcome": one.outcome,
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
        "value": one.value,
        "institution": one.institution,
        "definition": one.definition.en,
        "use": one.use,
        "source": ";".join(one.sources),
    }


def _grid(
    inputs: ReportInputs, words: Catalogue, fmt: Formatter, panels: Sequence[Panel], width_class: WidthClass
) -> Spec:
    phone = width_class == "phone"
    columns, labels = (2, 44) if phone else (4, 46)
    full = 328 if phone else 1120
    width = (full - columns * labels - (columns - 1) * GAP) / columns
    height = 90 if phone else 110
    size = 12 if phone else 13
    heads = [[panel.title, *wrapped(panel.unit, size, width + labels)] for panel in panels]
    tall = HEAD_LINE * max(len(head) for head in heads) + 8
    sheets = Sheets()
    parts = [
        _small(sheets, inputs, fmt, panel, head, place, width, height, labels, size, phone)
        for place, (panel, head) in enumerate(zip(panels, heads, strict=True))
    ]
    chart: Spec = {
        "concat": parts,
        "columns": columns,
        "spacing": {"row": tall + FOOT, "column": GAP + labels},
        "bounds": "flush",
    }
    return finished(chart, sheets, width_class)


def _small(
    sheets: Sheets,
    inputs: ReportInputs,
    fmt: Formatter,
    panel: Panel,
    head: Sequence[str],
    place: int,
    width: float,
    height: float,
    labels: float,
    size: int,
    phone: bool,
) -> Spec:
    domain = (instant(inputs.case.start), after(inputs.case.end))
    years = [year for year in range(inputs.case.start.year, inputs.case.end.year + 1) if not phone or year % 3 == 0]
    x: Spec = {
        "field": "x",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc", "domain": list(domain), "nice": False},
        "axis": {
            "values": [instant(date(year, 1, 1)) for year in years if phone or year % 2],
            "format": "%Y",
            "ticks": True,
            "tickSize": 4,
            "labelAlign": "left",
            "labelOffset": 0,
            "labelPadding": 4,
            "labelFlush": False,
            "labelOverlap": False,
            "labelBound": False,
        },
    }
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, panel.top], "nice": False},
        "axis": {"values": list(panel.ticks), "labelExpr": _labels(fmt, panel.ticks)},
    }
    light = theme.LIGHT
    layers: list[Spec] = []
    edge = after(inputs.case.fit_end)
    if inputs.fitted and domain[0] < edge < domain[1]:
        layers.append(
            sheets.layer([{"x": edge, "x2": domain[1]}], "rect", {"fill": light["held"]}, x=x, x2={"field": "x2"})
        )
        rule = {"stroke": light["muted"], "strokeDash": [4, 3], "strokeWidth": 1}
        layers.append(sheets.layer([{"x": edge}], "rule", rule, x=x))
    first, last = truce_window(inputs)
    window = [{"x": instant(first), "x2": instant(last)}]
    layers.append(sheets.layer(window, "rect", {"fill": light["muted"], "fillOpacity": 0.1}, x=x, x2={"field": "x2"}))
    if panel.prior:
        layers.append(_band(sheets, panel.prior, x, y, light["line"], theme.BAND_90))
    layers.append(_band(sheets, panel.months, x, y, light[panel.colour], theme.BAND_90))
    middle = [{"x": instant(row.start), "y": row.q50} for row in panel.months]
    middle.append({"x": after(panel.months[-1].end), "y": panel.months[-1].q50})
    layers.append(
        sheets.layer(
            middle, "line", {"interpolate": "step-after", "stroke": light[panel.colour], "strokeWidth": 1.5}, x=x, y=y
        )
    )
    layers += _figures(sheets, panel, x, y, height)
    for line, text in enumerate(head):
        look = {
            "align": "left",
            "baseline": "bottom",
            "x": -labels + 2,
            "y": -8 - HEAD_LINE * (len(head) - 1 - line),
            "fontSize": size,
            "fontWeight": 600 if line == 0 else 400,
            "fill": light["ink"] if line == 0 else light["muted"],
        }
        layers.append(sheets.layer([{"t": text}], "text", look, text={"field": "t", "type": "nominal"}))
    if panel.zones:
        layers.append(sheets.zone_layer(panel.zones, x, panel=place))
    return {"layer": layers, "width": width, "height": height}


def _labels(fmt: Formatter, ticks: Sequence[float]) -> str:
    """Labels of an axis as the formatter writes them, so that no chart has a number style of its own."""
    chart = fmt.for_charts()
    step = ticks[1] - ticks[0]
    unit = 1.0 if step >= 1 else 0.1 if step >= 0.1 else 0.01
    pairs = [f"datum.value === {tick!r} ? '{chart.number(tick, unit, table=True)}' : " for tick in ticks]
    return "".join(pairs) + "''"


def _band(sheets: Sheets, rows: Sequence[Month], x: Spec, y: Spec, colour: str, opacity: float) -> Spec:
    steps = [{"x": instant(row.start), "y": row.q05, "y2": row.q95} for row in rows]
    steps.append({**steps[-1], "x": after(rows[-1].end)})
    look = {"interpolate": "step-after", "fill": colour, "fillOpacity": opacity}
    return sheets.layer(steps, "area", look, x=x, y=y, y2={"field": "y2"})


def _figures(sheets: Sheets, panel: Panel, x: Spec, y: Spec, height: float) -> list[Spec]:
    light = theme.LIGHT
    half = 2.2 * panel.top / height
    tick = 4.0 * panel.top / height
    looks: dict[str, Spec] = {
        "police": {"fill": light["ink"]},
        "forensic": {"fill": light["paper"], "stroke": light["ink"], "strokeWidth": 1.2},
        "other": {"fill": light["ink"], "fillOpacity": 0.5},
        "dashed": {"fill": light["paper"], "stroke": light["ink"], "strokeWidth": 1, "strokeDash": [2, 1.5]},
    }
    layers = []
    for hollow in (False, True):
        at = [
            {"x": (mark.start + mark.end) // 2, "y": mark.value}
            for mark in panel.marks
            if mark.stock and (mark.look == "dashed") == hollow
        ]
        if at:
            square: Spec = {"shape": "square", "size": 40, "opacity": 1, "filled": True, "stroke": light["ink"]}
            square |= {"fill": light["paper" if hollow else "ink"], "strokeWidth": 1.2}
            layers.append(sheets.layer(at, "point", square, x=x, y=y))
    long = [mark for mark in panel.marks if mark.long]
    for dashed in (False, True):
        rows = [mark for mark in long if (mark.look == "dashed") == dashed]
        if rows:
            rule: Spec = {"stroke": light["ink"], "strokeWidth": 1.2}
            if dashed:
                rule["strokeDash"] = [3, 2]
            spans = [{"x": mark.start, "x2": mark.end, "y": mark.value} for mark in rows]
            layers.append(sheets.layer(spans, "rule", rule, x=x, x2={"field": "x2"}, y=y))
            ends = [
                {"x": edge, "y": mark.value - tick, "y2": mark.value + tick}
                for mark in rows
                for edge in (mark.start, mark.end)
            ]
            layers.append(
                sheets.layer(ends, "rule", {"stroke": light["ink"], "strokeWidth": 1.2}, x=x, y=y, y2={"field": "y2"})
            )
    for name, look in looks.items():
        short = [
            {"x": mark.start, "x2": mark.end, "y": mark.value - half, "y2": mark.value + half}
            for mark in panel.marks
            if not mark.long and not mark.stock and mark.look == name
        ]
        if short:
            layers.append(sheets.layer(short, "rect", look, x=x, x2={"field": "x2"}, y=y, y2={"field": "y2"}))
    return layers


@dataclass(frozen=True)
class Step:
    """A paired difference over one stretch of days, or up to its end: quantiles over pairs of the same luck."""

    start: date
    end: date
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float


FEW_PAIRS = 24
"""Below this number of pairs C17 shows dots and no bands."""
DOTS = 20


def difference(
    words: Catalogue,
    fmt: Formatter,
    *,
    id: str,
    title: str,
    unit: str,
    steps: Sequence[Step],
    totals: Sequence[float],
    harm: str = "up",
    export_name: str = "",
) -> Chart:
    """C17: B minus A with the same luck, month by month, and the total as twenty dots coloured by their side of zero.

    Parameters
    ----------
    title, unit : str
        What is compared, in words; the unit of the difference.
    steps : sequence of Step
    totals : sequence of float
        Total difference of every pair.
    harm : {"up", "down", "none"}
        Which side of zero harms.
    """
    pairs = len(totals)
    dots = quantile_dots(totals)
    few = pairs < FEW_PAIRS
    below = sum(1 for dot in dots if dot < 0)
    span = [0.0, *([] if few else [one for row in steps for one in (row.q05, row.q95)])]
    low, high = min(span), max(span)
    pad = 0.05 * ((high - low) or 1.0)
    zones = [
        Zone(
            instant(row.start),
            after(row.end),
            words.text(
                "read.difference",
                span=fmt.span(row.start, row.end),
                d=fmt.number(row.q50, signed=True),
                lo=fmt.number(row.q05, signed=True),
                hi=fmt.number(row.q95, signed=True),
            ),
        )
        for row in steps
    ]

    def spec(width_class: WidthClass) -> Spec:
        return _difference(words, fmt, steps, dots, (low - pad, high + pad), zones, unit, harm, width_class, few)

    middle = sorted(totals)[pairs // 2] if totals else 0.0
    return Chart(
        id=id,
        question=title,
        spec=spec,
        data=tuple(
            {
                "start": row.start.isoformat(),
                "end": row.end.isoformat(),
                "q05": row.q05,
                "q25": row.q25,
                "q50": row.q50,
                "q75": row.q75,
                "q95": row.q95,
            }
            for row in steps
        ),
        table=Table(
            (words.text("col.span"), words.text("col.median"), words.text("col.range")),
            tuple(
                (
                    fmt.span(row.start, row.end),
                    fmt.number(row.q50, signed=True, table=True),
                    f"[{fmt.number(row.q05, signed=True, table=True)}; {fmt.number(row.q95, signed=True, table=True)}]",
                )
                for row in steps
            ),
        ),
        alt_short=title,
        alt_long=words.text(
            "c17.alt", title=title, n=fmt.number(pairs), d=fmt.number(middle, signed=True), k=below, total=len(dots)
        ),
        flags=(words.text("runs.sharpening"),) if few else (),
        export_name=export_name or id,
        widths=("wide", "phone"),
        key=words.text("c17.key"),
    )


def quantile_dots(values: Sequence[float], dots: int = DOTS) -> list[float]:
    """A distribution as so many equally likely dots: its quantiles at the middles of equal steps."""
    ordered = sorted(values)
    if not ordered:
        return []
    last = len(ordered) - 1
    out = []
    for place in range(dots):
        at = (place + 0.5) / dots * last
        low = math.floor(at)
        high = min(low + 1, last)
        out.append(ordered[low] + (at - low) * (ordered[high] - ordered[low]))
    return out


def _difference(
    words: Catalogue,
    fmt: Formatter,
    steps: Sequence[Step],
    dots: Sequence[float],
    scale: tuple[float, float],
    zones: Sequence[Zone],
    unit: str,
    harm: str,
    width_class: WidthClass,
    few: bool,
) -> Spec:
    sheets = Sheets()
    phone = width_class == "phone"
    width, height = (276, 150) if phone else (760, 190)
    domain = [instant(steps[0].start), after(steps[-1].end)] if steps else [0, 1]
    light = theme.LIGHT
    above, below = {"up": ("more", "fewer"), "down": ("fewer", "more")}.get(harm, ("zero", "zero"))
    years = range(steps[0].start.year + 1, steps[-1].end.year + 1) if steps else ()
    x: Spec = {
        "field": "x",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc", "domain": domain, "nice": False},
        "axis": {
            "values": [instant(date(year, 1, 1)) for year in years],
            "format": "%Y",
            "ticks": True,
            "tickSize": 5,
            "labelAlign": "left",
            "labelFlush": False,
            "labelBound": False,
        },
    }
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "title": unit,
        "scale": {"domain": list(scale), "nice": False},
        "axis": {"tickCount": 5, "titleX": 0, "titleY": -12, "titleBaseline": "bottom", "labelExpr": SIGNED},
    }
    layers = [
        sheets.layer(
            [{"x": domain[0], "x2": domain[1], "y": a, "y2": b}],
            "rect",
            {"fill": light[f"{side}-tint"] if side != "zero" else light["zero"], "fillOpacity": 0.16},
            x=x,
            x2={"field": "x2"},
            y=y,
            y2={"field": "y2"},
        )
        for side, a, b in ((above, 0.0, scale[1]), (below, scale[0], 0.0))
    ]
    if steps and not few:
        for a, b, opacity in (("q05", "q95", theme.BAND_90), ("q25", "q75", theme.BAND_50)):
            rows = [{"x": instant(row.start), "y": getattr(row, a), "y2": getattr(row, b)} for row in steps]
            rows.append({**rows[-1], "x": after(steps[-1].end)})
            look = {"interpolate": "step-after", "fill": light["ink-2"], "fillOpacity": opacity}
            layers.append(sheets.layer(rows, "area", look, x=x, y=y, y2={"field": "y2"}))
        middle = [{"x": instant(row.start), "y": row.q50} for row in steps]
        middle.append({"x": after(steps[-1].end), "y": steps[-1].q50})
        look = {"interpolate": "step-after", "stroke": light["ink-2"], "strokeWidth": 2}
        layers.append(sheets.layer(middle, "line", look, x=x, y=y))
    layers.append(sheets.layer([{"y": 0}], "rule", {"stroke": light["ink-2"], "strokeWidth": 1.5}, y=y))
    if zones and not few:
        layers.append(sheets.zone_layer(zones, x))
    beside = _dots(sheets, words, fmt, dots, above, below, phone, width if phone else 180, 70 if phone else height)
    main = {"layer": layers, "width": width, "height": height}
    stack: Spec = (
        {"vconcat": [main, beside], "spacing": 54, "bounds": "flush"}
        if phone
        else {"hconcat": [main, beside], "spacing": 60, "bounds": "flush"}
    )
    return finished(stack, sheets, width_class)


def _dots(
    sheets: Sheets,
    words: Catalogue,
    fmt: Formatter,
    dots: Sequence[float],
    above: str,
    below: str,
    phone: bool,
    width: float,
    height: float,
) -> Spec:
    light = theme.LIGHT
    low, high = min([0.0, *dots]), max([0.0, *dots])
    pad = 0.06 * ((high - low) or 1.0)
    cells = max(6, int(width / 12))
    step = (high - low + 2 * pad) / cells
    piles: dict[int, int] = {}
    rows = []
    for dot in dots:
        cell = int((dot - low + pad) / step)
        piles[cell] = piles.get(cell, 0) + 1
        rows.append({"x": low - pad + (cell + 0.5) * step, "y": piles[cell] - 0.5, "s": dot})
    tall = max(float(height / 12), *(float(n) for n in piles.values())) if piles else 1.0
    x: Spec = {
        "field": "x",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [low - pad, high + pad], "nice": False},
        "axis": {"tickCount": 3, "labelExpr": SIGNED, "domain": True, "ticks": True},
    }
    y: Spec = {"field": "y", "type": "quantitative", "scale": {"domain": [0, tall], "nice": False}, "axis": None}
    layers = [sheets.layer([{"x": 0}], "rule", {"stroke": light["ink-2"], "strokeWidth": 1.5}, x=x)]
    for side, mine in ((above, [r for r in rows if r["s"] >= 0]), (below, [r for r in rows if r["s"] < 0])):
        if mine:
            colour = light["muted"] if side == "zero" else light[side]
            look = {"filled": True, "size": 80, "fill": colour, "opacity": 1, "shape": "circle"}
            layers.append(sheets.layer(mine, "point", look, x=x, y=y))
    count = sum(1 for dot in dots if dot < 0)
    text = words.text("c17.dots", k=count, total=len(dots))
    look = {"align": "left", "baseline": "bottom", "x": 0, "y": -8, "fill": light["ink-2"]}
    layers.append(sheets.layer([{"t": text}], "text", look, text={"field": "t", "type": "nominal"}))
    return {"layer": layers, "width": width, "height": height}
