"""Charts of the effect: estimates side by side (C10), counts against a counterfactual (C11), placebos (C12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from tregua.effect.check_result import Row
from tregua.effect.results import EffectResults, EstimateRow, PathRow
from tregua.report import theme
from tregua.report.catalogue import Catalogue
from tregua.report.charts import Chart, Table
from tregua.report.format import Formatter
from tregua.report.inputs import Bilingual
from tregua.report.panel import after, instant
from tregua.report.picture import Sheets, Spec, WidthClass, Zone, finished

DOMAIN = (0.3, 1.2)
TICKS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2, 1.5, 2.0, 3.0, 5.0)
WIDE, PHONE, ROW, PHONE_ROW = 1018, 292, 24, 44
PLOT = (318, 640)
SHAPES = {
    "interrupted_negbin": "circle",
    "interrupted_serial": "square",
    "structural": "triangle-up",
    "synthetic_control": "triangle-down",
    "change_point": "cross",
    "published": "diamond",
}
THUMB = (120, 70)


def both(row: Any, name: str) -> Bilingual:
    """The two languages of a field."""
    return Bilingual(getattr(row, f"{name}_en"), getattr(row, f"{name}_es"))


def ratio_text(row: EstimateRow, fmt: Formatter) -> tuple[str, str]:
    """A ratio and its range in print."""
    if row.ratio is None or row.lo is None or row.hi is None:
        return "", ""
    return fmt.number(row.ratio, 0.01), f"[{fmt.number(row.lo, 0.01)};\u00a0{fmt.number(row.hi, 0.01)}]"


def checks_text(row: EstimateRow, words: Catalogue) -> str:
    """How many of the checks that apply were passed."""
    if not row.checks_counted:
        return ""
    return words.text("effect.checks", passed=row.checks_passed, of=row.checks_counted)


def measured_text(row: EstimateRow, words: Catalogue, fmt: Formatter, *, verdict: bool = True) -> str:
    """What was measured of the estimator on simulated worlds, where it does worst; `verdict` adds whether it fails.

    Coverage of a change point is that of its date; shares measured on other counts say so.
    """
    if row.status == "published":
        return ""
    share = row.coverage_of_date if row.coverage is None else row.coverage
    if share is None or row.false_positive is None:
        return words.text("effect.uncertified")
    told = words.text(
        "effect.measured" if row.coverage_of_date is None else "effect.measured.date",
        coverage=fmt.number(share, 0.01),
        false=fmt.number(row.false_positive, 0.01),
    )
    if row.certified_fast:
        told = f"{told} · {words.text('effect.measured.fast')}"
    if row.other_counts:
        told = f"{told} · {words.text('effect.other.short')}"
    return told if row.certified or not verdict else f"{told} · {words.text('effect.fails')}"


def covers_text(row: EstimateRow, words: Catalogue, fmt: Formatter) -> str:
    """Measured coverage beside a mark: whose interval, and on whose counts; empty where there is none."""
    share = row.coverage_of_date if row.coverage is None else row.coverage
    if share is None:
        return ""
    key = "effect.covers" if row.coverage_of_date is None else "effect.covers.date"
    told = words.text(key, coverage=fmt.number(share, 0.01))
    return words.text("effect.covers.other", told=told) if row.other_counts else told


def forest(results: EffectResults, words: Catalogue, fmt: Formatter) -> Chart:
    """C10: every estimate on one log scale, the published pair as open diamonds; none pooled, none hidden."""
    rows = results.estimates
    known = [row for row in rows if row.ratio is not None]
    values = [row.ratio or 1.0 for row in known]
    failed = sum(1 for row in rows if row.failed or row.certified is False)

    def spec(width_class: WidthClass) -> Spec:
        return _forest_spec(rows, words, fmt.for_charts(), width_class)

    table = Table(
        tuple(words.text(key) for key in ("effect.col.estimator", "effect.col.ratio", "effect.col.measured")),
        tuple(
            (both(row, "name").of(words.lang), " ".join(ratio_text(row, fmt)), measured_text(row, words, fmt))
            for row in rows
        ),
    )
    alt = words.text(
        "c10.alt",
        k=len(known),
        low=fmt.number(min(values, default=1.0), 0.01),
        high=fmt.number(max(values, default=1.0), 0.01),
        failed=failed,
    )
    data: tuple[dict[str, object], ...] = tuple(
        {
            "estimator": row.id,
            "start": row.start,
            "end": row.end,
            "institution": row.institution,
            "status": row.status,
            "ratio": row.ratio,
            "lo": row.lo,
            "hi": row.hi,
            "checks_passed": row.checks_passed,
            "checks": row.checks_counted,
            "measured_coverage": row.coverage,
            "measured_coverage_of_date": row.coverage_of_date,
            "measured_false_positives": row.false_positive,
            "measured_on": row.measured_on,
            "measured_counts": row.measured_counts,
        }
        for row in rows
    )
    return Chart(
        id="c10",
        question=words.text("q.effect"),
        spec=spec,
        data=data,
        table=table,
        alt_short=words.text("c10.short"),
        alt_long=alt,
        export_name="effect-estimates",
        key=words.text("effect.key"),
        simulated=False,
    )


def _forest_spec(rows: Sequence[EstimateRow], words: Catalogue, fmt: Formatter, width_class: WidthClass) -> Spec:
    phone = width_class == "phone"
    sheets = Sheets()
    width, step = (PHONE, PHONE_ROW) if phone else (WIDE, ROW)
    ends = [end for row in rows for end in (row.lo, row.hi) if end]
    domain = [min([DOMAIN[0], *(0.97 * end for end in ends)]), max([DOMAIN[1], *(1.03 * end for end in ends)])]
    reach = [0, PHONE] if phone else list(PLOT)
    ticks = [tick for tick in TICKS if domain[0] <= tick <= domain[1]]
    labels = "{" + ",".join(f"'{tick:g}':'{fmt.number(tick, 0.1)}'" for tick in ticks) + "}"
    x: Spec = {
        "field": "x",
        "type": "quantitative",
        "scale": {"type": "log", "domain": domain, "range": reach, "nice": False},
        "axis": {
            "values": ticks,
            "grid": True,
            "domain": False,
            "title": None,
            "labelExpr": f"({labels})[toString(datum.value)]",
        },
    }
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [len(rows), 0], "nice": False},
        "axis": None,
    }
    ink, soft = theme.LIGHT["ink"], theme.LIGHT["ink-2"]
    size = 12 if phone else 13
    layers: list[Spec] = [
        sheets.layer([{"x": 1.0}], "rule", {"stroke": theme.LIGHT["line"], "strokeWidth": 1.5}, x=x),
        sheets.layer(
            [{"t": words.text("effect.axis")}],
            "text",
            {"align": "left", "baseline": "bottom", "x": reach[0], "y": -8, "fontSize": size, "fill": soft},
            text={"field": "t"},
        ),
    ]
    zones = []
    for place, row in enumerate(rows):
        at = place + (0.66 if phone else 0.5)
        name = both(row, "name").of(words.lang)
        label = sheets.layer(
            [{"y": place + 0.24 if phone else at, "t": name}],
            "text",
            {"align": "left", "baseline": "middle", "x": 0, "limit": reach[1] if phone else PLOT[0] - 14,
             "fontSize": size, "fill": ink},
            y=y,
            text={"field": "t"},
        )  # fmt: skip
        layers.append(label)
        right = words.text("effect.none.short")
        if row.ratio is not None and row.lo is not None and row.hi is not None:
            dash = {"strokeDash": [4, 3]} if row.certified is False else {}
            data = [{"x": row.lo, "x2": row.hi, "y": at}]
            look = {"stroke": ink, "strokeWidth": 1.6, **dash}
            layers.append(sheets.layer(data, "rule", look, x=x, x2={"field": "x2"}, y=y))
            open_ = row.status == "published" or row.certified is False
            point = {
                "shape": SHAPES.get(row.estimator, "circle"),
                "size": 80,
                "fill": theme.LIGHT["paper"] if open_ else ink,
                "stroke": ink,
                "strokeWidth": 1.4,
                "opacity": 1,
            }
            layers.append(sheets.layer([{"x": row.ratio, "y": at}], "point", point, x=x, y=y))
            right = " ".join(ratio_text(row, fmt))
        told = " · ".join(part for part in (right, checks_text(row, words), measured_text(row, words, fmt)) if part)
        if not phone:
            text = {"align": "left", "baseline": "middle", "x": PLOT[1] + 14, "fontSize": 12, "fill": soft}
            text["limit"] = WIDE - PLOT[1] - 14
            parts = (right, checks_text(row, words), covers_text(row, words, fmt))
            shown = " · ".join(part for part in parts if part)
            layers.append(sheets.layer([{"y": at, "t": shown}], "text", text, y=y, text={"field": "t"}))
        elif row.ratio is None:
            text = {"align": "left", "baseline": "middle", "x": 0, "fontSize": 12, "fill": soft}
            layers.append(sheets.layer([{"y": at, "t": right}], "text", text, y=y, text={"field": "t"}))
        zones.append(Zone(domain[0], domain[1], f"{name}: {told}", f"e-{row.id}", float(place), place + 1.0))
    layers.append(sheets.zone_layer(zones, x, {**y, "field": "y"}))
    return finished({"layer": layers, "width": width, "height": step * len(rows)}, sheets, width_class)


def against_counterfactual(
    results: EffectResults, words: Catalogue, fmt: Formatter, institution_class: dict[tuple[str, str], str]
) -> Chart:
    """C11: each later count beside what the time before would have gone on to, and the difference summed up.

    Parameters
    ----------
    institution_class : dict
        By first and last day of a span: police counts are filled, others hollow.
    """
    path = results.path

    def spec(width_class: WidthClass) -> Spec:
        return _path_spec(results, words, fmt.for_charts(), institution_class, width_class)

    last = path[-1]
    end = date.fromisoformat(last.spans[-1][1])
    side = "c11.below" if last.cum50 < 0 else "c11.above"
    alt = words.text(
        side,
        date=fmt.day(end),
        d=people(abs(last.cum50), fmt),
        lo=people(-last.cum95 if last.cum50 < 0 else last.cum05, fmt),
        hi=people(-last.cum05 if last.cum50 < 0 else last.cum95, fmt),
    )
    table = Table(
        tuple(words.text(f"effect.col.{key}") for key in ("span", "counted", "expected", "sum")),
        tuple(path_cells(row, fmt) for row in path),
    )
    data: tuple[dict[str, object], ...] = tuple(
        {
            "start": row.spans[0][0],
            "end": row.spans[-1][1],
            "days": row.days,
            "counted": row.counted,
            "cf05": row.cf05,
            "cf50": row.cf50,
            "cf95": row.cf95,
            "cum05": row.cum05,
            "cum50": row.cum50,
            "cum95": row.cum95,
        }
        for row in path
    )
    return Chart(
        id="c11",
        question=words.text("c11.title"),
        spec=spec,
        data=data,
        table=table,
        alt_short=words.text("c11.short"),
        alt_long=alt,
        export_name="effect-counterfactual",
        key=words.text("c11.key"),
        simulated=False,
    )


def people(value: float, fmt: Formatter) -> str:
    """A number of people rounded to two figures."""
    unit = 1.0
    while abs(value) / unit >= 100:
        unit *= 10
    return fmt.number(value, unit, table=True)


def path_cells(row: PathRow, fmt: Formatter) -> tuple[str, str, str, str]:
    """Days, counted, expected and the running difference of one count."""
    spans = [(date.fromisoformat(a), date.fromisoformat(b)) for a, b in row.spans]
    return (
        fmt.spans(spans),
        fmt.number(row.counted, table=True),
        f"{people(row.cf50, fmt)} [{people(row.cf05, fmt)};\u00a0{people(row.cf95, fmt)}]",
        f"{people(row.cum50, fmt)} [{people(row.cum05, fmt)};\u00a0{people(row.cum95, fmt)}]",
    )


def _path_spec(
    results: EffectResults,
    words: Catalogue,
    fmt: Formatter,
    institution_class: dict[tuple[str, str], str],
    width_class: WidthClass,
) -> Spec:
    sheets = Sheets()
    path = results.path
    width, height = (PHONE, 150) if width_class == "phone" else (960, 220)
    first = min(date.fromisoformat(a) for row in path for a, _ in row.spans)
    last = max(date.fromisoformat(b) for row in path for _, b in row.spans)
    span = [instant(date(first.year, 1, 1)), after(last)]
    years = [instant(date(year, 1, 1)) for year in range(first.year, last.year + 1)]
    top = 5.0 * -(-max(max(row.cf95, float(row.counted)) / row.days for row in path) // 5)
    x: Spec = {
        "field": "x",
        "type": "temporal",
        "scale": {"type": "utc", "domain": span, "nice": False},
        "title": None,
        "axis": {"values": years, "format": "%Y", "labelAlign": "left", "labelOffset": 3, "ticks": True},
    }
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [0, top], "nice": False},
        "axis": {"title": words.text("axis.perday"), "titleX": 0, "titleY": -12, "titleBaseline": "bottom"},
    }
    low = min([0.0, *(row.cum05 for row in path)])
    high = max([0.0, *(row.cum95 for row in path)])
    unit = 1000.0 if high - low > 3000 else 500.0 if high - low > 1200 else 100.0
    bottom = [unit * (low // unit), unit * -(-high // unit)]
    z: Spec = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": bottom, "nice": False},
        "axis": {
            "title": words.text("c11.axis"),
            "titleX": 0,
            "titleY": -12,
            "titleBaseline": "bottom",
            "tickCount": 4,
            "format": ",d",
        },
    }
    grey, ink, paper = theme.LIGHT["muted"], theme.LIGHT["ink"], theme.LIGHT["paper"]
    tint = []
    for phase in results.phases[1:]:
        since, until = date.fromisoformat(phase.start), date.fromisoformat(phase.end)
        if phase.kind in ("eroding", "ended") and until >= first:
            tint.append({"x": instant(max(since, first)), "x2": after(until)})
    upper: list[Spec] = []
    lower: list[Spec] = []
    for layers in (upper, lower):
        if tint:
            layers.append(sheets.layer(tint, "rect", {"fill": theme.LIGHT["held"]}, x=x, x2={"field": "x2"}))
    bars: dict[str, list[dict[str, float]]] = {"police": [], "other": []}
    band, middle, sums, zones = [], [], [], []
    half = 2.5 * top / height
    for row in path:
        for a, b in row.spans:
            begin, stop = instant(date.fromisoformat(a)), after(date.fromisoformat(b))
            base = {"x": begin, "x2": stop}
            band.append({**base, "y": row.cf05 / row.days, "y2": row.cf95 / row.days})
            middle.append({**base, "y": row.cf50 / row.days})
            sums.append({**base, "y": row.cum05, "y2": row.cum95, "m": row.cum50})
            rate = row.counted / row.days
            kind = "police" if institution_class.get((a, b)) == "police" else "other"
            bars[kind].append({**base, "y": rate - half, "y2": rate + half})
            said = path_cells(row, fmt)
            zones.append(
                Zone(begin, stop, words.text("c11.read", span=said[0], counted=said[1], expected=said[2], sum=said[3]))
            )
    x2, y2 = {"field": "x2"}, {"field": "y2"}
    upper.append(sheets.layer(band, "rect", {"fill": grey, "fillOpacity": 0.25}, x=x, x2=x2, y=y, y2=y2))
    upper.append(sheets.layer(middle, "rule", {"stroke": grey, "strokeWidth": 2}, x=x, x2=x2, y=y))
    for kind, rows in bars.items():
        look = {"fill": ink} if kind == "police" else {"fill": paper, "stroke": ink, "strokeWidth": 1.2}
        if rows:
            upper.append(sheets.layer(rows, "rect", look, x=x, x2=x2, y=y, y2=y2))
    lower.append(sheets.layer(sums, "rect", {"fill": grey, "fillOpacity": 0.25}, x=x, x2=x2, y=z, y2=y2))
    mid = {**z, "field": "m"}
    lower.append(sheets.layer(sums, "rule", {"stroke": grey, "strokeWidth": 2}, x=x, x2=x2, y=mid))
    lower.append(sheets.layer([{"y": 0.0}], "rule", {"stroke": theme.LIGHT["line"], "strokeWidth": 1.2}, y=z))
    ordered = sorted(zones, key=lambda zone: zone.start)
    upper.append(sheets.zone_layer(ordered, x))
    lower.append(sheets.zone_layer(ordered, x, panel=1))
    chart = {
        "vconcat": [
            {"layer": upper, "width": width, "height": height},
            {"layer": lower, "width": width, "height": round(height * 0.7)},
        ],
        "spacing": 46,
    }
    return finished(chart, sheets, width_class)


def thumbnail(row: Row, limit: float, label: str) -> Markup:
    """C12: one placebo as a small picture: log ratio of counted over expected along time, its start as a rule.

    Parameters
    ----------
    limit : float
        Largest log ratio of the gallery: all pictures share it.
    label : str
        For a screen reader.
    """
    path = row["path"]
    assert isinstance(path, list)
    cells = [(_ordinal(str(a)), _ordinal(str(b)) + 1, float(str(v))) for a, b, v in path]
    first, last = min(c[0] for c in cells), max(c[1] for c in cells)
    width, height = THUMB

    def at(day: float) -> float:
        return round(2 + (width - 4) * (day - first) / max(last - first, 1), 1)

    def up(value: float) -> float:
        return round(height / 2 - (height / 2 - 3) * max(-1.0, min(1.0, value / limit)), 1)

    parts = [f'<path class="z" d="M2 {up(0)}H{width - 2}"/>']
    if row["kind"] == "date":
        parts.append(f'<path class="b" d="M{at(_ordinal(str(row["label"])))} 2V{height - 2}"/>')
    line = "".join(f"M{at(a)} {up(v)}H{at(b)}" for a, b, v in cells)
    parts.append(f'<path class="p" d="{line}"/>')
    kind = "thumb real" if row["real"] else "thumb"
    return Markup(
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">'
        f"{''.join(parts)}</svg>"
    )


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def weight_cell(weight: float, lo: float, hi: float) -> Markup:
    """A donor's weight with its range over equally good weight sets, from none to all."""
    width = 100
    return Markup(
        f'<svg class="cell" viewBox="0 0 {width} 12"><path class="wt" d="M{2 + 96 * lo:.1f} 6H{2 + 96 * hi:.1f}"/>'
        f'<circle class="wt" cx="{2 + 96 * weight:.1f}" cy="6" r="3"/></svg>'
    )
