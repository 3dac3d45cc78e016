"""C15: counts by department as a map and bars of the same figures: observed only, in alphabetical order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tregua.report import theme
from tregua.report.catalogue import Catalogue
from tregua.report.charts import Chart, Table
from tregua.report.format import Formatter
from tregua.report.inputs import Department, Outline, ReportInputs
from tregua.report.picture import Sheets, Spec, WidthClass, Zone, finished

BINS = 5
LABELS = 98
"""Room for the names beside the bars; on a narrow screen the map begins where they do."""
LEAST_DEPARTMENTS = 5
"""Spans with fewer departments than this are told in the table only: a map of two is no map."""


@dataclass(frozen=True)
class Sheet:
    """Departments counted by one institution over the same days."""

    start: date
    end: date
    institution: str
    rows: tuple[Department, ...]


def sheets_of(departments: Sequence[Department]) -> list[Sheet]:
    """Figures that belong together, in order of time; only those that are many enough to draw."""
    found: dict[tuple[date, date, str], list[Department]] = {}
    for one in departments:
        found.setdefault((one.start, one.end, one.institution), []).append(one)
    return [Sheet(*key, tuple(rows)) for key, rows in sorted(found.items()) if len(rows) >= LEAST_DEPARTMENTS]


def edges_of(values: Sequence[float]) -> list[float]:
    """Inner edges of five bins with about as many values in each, rounded to two digits and each once."""
    ordered = sorted(values)
    if not ordered:
        return []
    edges = []
    for n in range(1, BINS):
        value = ordered[min(len(ordered) - 1, int(n * len(ordered) / BINS))]
        unit = 10.0 ** max(0, math.floor(math.log10(value)) - 1) if value > 0 else 1.0
        edges.append(round(value / unit) * unit)
    return sorted(set(edges))


def bin_of(value: float, edges: Sequence[float]) -> int:
    """1 for the lowest bin."""
    return 1 + sum(1 for edge in edges if value >= edge)


def places_chart(inputs: ReportInputs, words: Catalogue, fmt: Formatter) -> Chart | None:
    """Maps and bars of every span with enough departments, on one scale."""
    drawn = sheets_of(inputs.departments)
    if not drawn or not inputs.outlines:
        return None
    rates = [one.rate for sheet in drawn for one in sheet.rows if one.rate is not None]
    if not rates:
        return None
    edges = edges_of(rates)
    top = max(rates)

    def spec(width_class: WidthClass) -> Spec:
        return _spec(inputs, words, fmt, drawn, edges, top, width_class)

    told = []
    for sheet in drawn:
        known = [one for one in sheet.rows if one.rate is not None]
        low, high = min(known, key=lambda one: one.rate or 0.0), max(known, key=lambda one: one.rate or 0.0)
        told.append(
            words.opening(
                words.text(
                    "c15.alt",
                    span=fmt.span(sheet.start, sheet.end),
                    institution=words.institution(sheet.institution),
                    n=len(known),
                    lo=fmt.number(low.rate or 0.0),
                    low=low.name,
                    hi=fmt.number(high.rate or 0.0),
                    high=high.name,
                )
            )
        )
    return Chart(
        id="c15",
        question=words.text("q.where"),
        spec=spec,
        data=tuple(
            {
                "code": one.code,
                "department": one.name,
                "start": one.start.isoformat(),
                "end": one.end.isoformat(),
                "homicides": "" if one.count is None else one.count,
                "per_100000_a_year": "" if one.rate is None else round(one.rate, 1),
                "institution": one.institution,
                "not_shown_too_few": one.few,
                "source": ";".join(one.sources),
            }
            for one in inputs.departments
        ),
        table=Table((), ()),
        alt_short=words.text("c15.short"),
        alt_long=" ".join(told),
        sources=tuple(sorted({key for sheet in drawn for one in sheet.rows for key in one.sources})),
        export_name=f"{inputs.case.id}-departments",
        widths=("wide", "phone"),
        key=words.text("c15.key"),
        simulated=False,
    )


def _spec(
    inputs: ReportInputs,
    words: Catalogue,
    fmt: Formatter,
    drawn: Sequence[Sheet],
    edges: Sequence[float],
    top: float,
    width_class: WidthClass,
) -> Spec:
    sheets = Sheets()
    phone = width_class == "phone"
    width = 316 if phone else 480
    parts = []
    for place, sheet in enumerate(drawn):
        head = f"{fmt.span(sheet.start, sheet.end)}, {words.institution(sheet.institution)}"
        parts.append(_map(sheets, inputs.outlines, sheet, edges, head, width, -LABELS if phone else 0))
        parts.append(_bars(sheets, words, fmt, inputs.outlines, sheet, edges, top, 220 if phone else 360, place))
    chart: Spec = {
        "concat": parts,
        "columns": 1 if phone else 2,
        "spacing": {"row": 52, "column": 160},
        "bounds": "flush",
    }
    return finished(chart, sheets, width_class)


def _fill(rate: float | None, edges: Sequence[float]) -> str:
    return theme.LIGHT["map-none"] if rate is None else theme.LIGHT[f"map-{bin_of(rate, edges)}"]


def _map(
    sheets: Sheets,
    outlines: Sequence[Outline],
    sheet: Sheet,
    edges: Sequence[float],
    head: str,
    width: float,
    left: float,
) -> Spec:
    points = [point for one in outlines for ring in one.rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = width / ((east - west) * shrink)
    height = (north - south) * scale
    rates = {one.name: one.rate for one in sheet.rows}
    light = theme.LIGHT
    layers: list[Spec] = []
    for one in outlines:
        rings = [
            thinned([((x - west) * shrink * scale + left, (north - y) * scale) for x, y in ring]) for ring in one.rings
        ]
        shape = {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}}
        # a projection that is given is cut at the view, which on a phone begins where the bars do
        look = {"fill": _fill(rates.get(one.name), edges), "stroke": light["paper"], "strokeWidth": 1.2, "clip": False}
        layer = sheets.layer([shape], "geoshape", look)
        layers.append({**layer, "projection": {"type": "identity", "scale": 1, "translate": [0, 0]}})
    look = {"align": "left", "baseline": "bottom", "x": left, "y": -10, "fontWeight": 600, "fill": light["ink"]}
    layers.append(sheets.layer([{"t": head}], "text", look, text={"field": "t", "type": "nominal"}))
    return {"layer": layers, "width": max(1.0, width + left), "height": round(height, 1)}


def thinned(ring: Sequence[tuple[float, float]], least: float = 2.0) -> list[list[float]]:
    """A ring without corners that lie closer than `least` to the last one kept; closed as it was."""
    kept = [ring[0]]
    for x, y in ring[1:-1]:
        if math.hypot(x - kept[-1][0], y - kept[-1][1]) >= least:
            kept.append((x, y))
    if len(kept) < 3:
        kept = list(ring[:-1])
    return [[round(x, 1), round(y, 1)] for x, y in (*kept, kept[0])]


def _bars(
    sheets: Sheets,
    words: Catalogue,
    fmt: Formatter,
    outlines: Sequence[Outline],
    sheet: Sheet,
    edges: Sequence[float],
    top: float,
    width: float,
    place: int,
) -> Spec:
    light = theme.LIGHT
    names = [one.name for one in outlines]
    held = {one.name: one for one in sheet.rows}
    x: Spec = {
        "field": "x",
        "type": "quantitative",
        "title": words.text("c15.axis"),
        "scale": {"domain": [0, 1.05 * top], "nice": False},
        "axis": {"tickCount": 4, "grid": True, "orient": "top", "titleAnchor": "start", "titleAlign": "left"},
    }
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [len(names), 0], "nice": False},
        "axis": None,
    }
    layers: list[Spec] = []
    zones, labels, unknown = [], [], []
    for n, name in enumerate(names):
        one = held.get(name)
        labels.append({"y": n + 0.5, "t": name})
        if one is None or one.rate is None:
            told = words.text("place.few" if one is not None and one.few else "place.none")
            unknown.append({"y": n + 0.5, "t": told})
            say = f"{name}: {told}"
        else:
            look = {"fill": _fill(one.rate, edges), "stroke": light["line"], "strokeWidth": 0.5}
            bar = [{"x": 0, "x2": one.rate, "y": n + 0.2, "y2": n + 0.8}]
            layers.append(sheets.layer(bar, "rect", look, x=x, x2={"field": "x2"}, y=y, y2={"field": "y2"}))
            key = "read.place" if one.count is not None else "read.place.rate"
            say = words.text(
                key,
                name=name,
                count=fmt.number(one.count or 0.0),
                rate=fmt.number(one.rate),
                span=fmt.span(one.start, one.end),
                institution=words.institution(one.institution),
            )
        zones.append(Zone(0.0, 1.05 * top, say, "places", n, n + 1))
    beside = {"align": "right", "baseline": "middle", "x": -8, "fill": light["ink-2"]}
    layers.append(sheets.layer(labels, "text", beside, y=y, text={"field": "t", "type": "nominal"}))
    if unknown:
        look = {"align": "left", "baseline": "middle", "x": 4, "fontSize": 12, "fill": light["muted"]}
        layers.append(sheets.layer(unknown, "text", look, y=y, text={"field": "t", "type": "nominal"}))
    layers.append(sheets.zone_layer(zones, x, y, panel=place))
    return {"layer": layers, "width": width, "height": 18 * len(names)}
