"""Charts as records: one question, one specification, one table, one text, whatever shows them.

Specifications are Vega-Lite, built with Altair. A record differs by width class only (wide, mid, phone); colours are
those of the light theme, which the page repaints.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tregua.report import theme
from tregua.report.catalogue import Catalogue
from tregua.report.format import Formatter
from tregua.report.inputs import ArmText, Band, Contrast, Observation, ReportInputs
from tregua.report.panel import after, count_zones, highest, instant, panel
from tregua.report.picture import Sheets, Spec, WidthClass, Zone, finished, layered, unchecked
from tregua.report.strips import lanes, levers

STORY_ARMS = ("as_it_happened", "secret_truce", "open_truce", "mass_detention")
"""The responses compared under the three stories: two truces, the record, and the other large fall."""
EVENT_CHARS = 52
"""What happened at the break is written beside its line up to this length; beyond it the date alone stands there."""
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
    widths : tuple of str
        Width classes that the page draws.
    key : str
        What the marks stand for, in a sentence: it travels with an exported picture, where no key in HTML can.
    simulated : bool
        False for a chart that the model has no part in.
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
    key: str = ""
    simulated: bool = True


def as_it_happened(inputs: ReportInputs, words: Catalogue, fmt: Formatter, *, small: bool = False) -> Chart:
    """C1: what was counted, over its true length, above what was simulated for the same months."""
    shown = drawn_observations(inputs.observations)
    bands = tuple(band for band in inputs.bands if band.reading == "default")
    top = highest(shown, inputs.bands)

    zones = count_zones(shown, bands, words, fmt)

    def spec(width_class: WidthClass) -> Spec:
        with unchecked():
            return _c1_spec(inputs, words, fmt.for_charts(), shown, bands, top, zones, width_class, small=small)

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
            alone = inputs.left_out("default")
            alt_long += " " + words.text(
                "c1.alt.left_out" if alone else inputs.of_fit("c1.alt.inside"),
                a=alone[0] if alone else fit.inside90,
                b=alone[3] if alone else fit.n,
                c=held.inside90,
                d=held.n,
                date=fmt.day(inputs.case.fit_end),
            )
        else:
            alt_long += " " + words.text("c1.alt.nosim")
    keys = sorted({source for row in shown for source in row.sources})
    return Chart(
        id="c1-small" if small else "c1",
        question=words.text(inputs.against("q.fall"), date=fmt.day(inputs.case.break_day)),
        spec=spec,
        data=tuple(_observation_row(row) for row in shown) + tuple(_band_row(band) for band in bands),
        table=counts_table(inputs, shown, bands, words, fmt),
        alt_short=alt_short,
        alt_long=alt_long,
        sources=tuple(keys),
        export_name=f"{inputs.case.id}-as-it-happened",
        widths=("wide", "mid", "phone"),
        key=" ".join((words.text("key.counts"), *([words.text("key.tint")] if inputs.fitted else []))),
    )


def _c1_spec(
    inputs: ReportInputs,
    words: Catalogue,
    fmt: Formatter,
    shown: Sequence[Observation],
    bands: Sequence[Band],
    top: float,
    zones: Sequence[Zone],
    width_class: WidthClass,
    *,
    small: bool,
) -> Spec:
    domain = (instant(inputs.case.start), after(inputs.case.end))
    title = words.text("axis.perday")
    sheets = Sheets()
    day = fmt.day(inputs.case.break_day)
    if width_class == "phone":
        edge = after(inputs.case.fit_end)
        height = 108 if small else 150
        parts = [
            panel(
                sheets,
                inputs,
                words,
                shown,
                bands,
                top,
                (domain[0], edge),
                292,
                height,
                title=f"{words.text('fit.used')} · {title}" if inputs.fitted else title,
                captions=False,
                event=day,
                zones=zones,
            ),
        ]
        if edge < domain[1]:
            parts.append(
                panel(
                    sheets,
                    inputs,
                    words,
                    shown,
                    bands,
                    top,
                    (edge, domain[1]),
                    292,
                    height,
                    title=words.text("fit.heldout") if inputs.fitted else title,
                    captions=False,
                    zones=zones,
                    place=1,
                )
            )
        chart: Spec = {"vconcat": parts, "spacing": 30}
    else:
        width = 1018 if width_class == "wide" else 560
        height = 150 if small else 340
        if small:
            width += 60 if width_class == "wide" else 40
        event = f"{day}: {inputs.case.break_label.of(words.lang)}"
        if width_class == "mid" or len(event) > EVENT_CHARS:
            event = day
        main = panel(
            sheets, inputs, words, shown, bands, top, domain, width, height, title=title, event=event, zones=zones
        )
        parts = [main]
        if not small:
            events = lanes(sheets, inputs.events, words, domain, width)
            paths = levers(sheets, inputs.levers, words, domain, width)
            strips = [part for part in (events, paths) if part is not None]
            if strips:
                parts.append({"vconcat": strips, "spacing": 10, "bounds": "flush"})
        chart = {"vconcat": parts, "spacing": 34, "bounds": "flush"}
    return finished(chart, sheets, width_class)


def drawn_observations(rows: Sequence[Observation]) -> tuple[Observation, ...]:
    """Counts that are drawn: those used to fit or to score, in order of time."""
    return tuple(sorted((row for row in rows if row.use in ("fit", "score")), key=lambda row: row.spans[0]))


def counts_table(
    inputs: ReportInputs, shown: Sequence[Observation], bands: Sequence[Band], words: Catalogue, fmt: Formatter
) -> Table:
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
            simulated = f"[{fmt.number(band.q05 / row.days, 0.1)}; {fmt.number(band.q95 / row.days, 0.1)}]"
        rows.append(
            (
                fmt.spans(row.spans),
                fmt.number(row.count, table=True),
                fmt.number(row.rate, 0.1),
                words.institution(row.institution),
                words.text(inputs.of_fit("fit.used" if row.use == "fit" else "fit.heldout")),
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
        "rate": round(row.rate, 4),
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
        "q05": round(band.q05, 2),
        "q25": round(band.q25, 2),
        "q50": round(band.q50, 2),
        "q75": round(band.q75, 2),
        "q95": round(band.q95, 2),
    }


def _contrast_row(row: Contrast) -> dict[str, object]:
    return {
        "series": "difference",
        "reading": row.reading,
        "response": row.arm,
        "outcome": row.outcome,
        "years": row.horizon,
        "q05": round(row.q05, 2),
        "q50": round(row.q50, 2),
        "q95": round(row.q95, 2),
        "mcse": round(row.mcse, 2),
    }


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


def contrast_card(inputs: ReportInputs, row: Contrast) -> str:
    """Card of the response and outcome of a contrast, as `tregua.report.cards` names it; empty where it has none."""
    arms, outcomes = [arm.id for arm in inputs.arms], [outcome.id for outcome in inputs.outcomes]
    if row.arm not in arms or row.outcome not in outcomes:
        return ""
    return f"{row.decision.split('_')[0]}-{arms.index(row.arm) + 1}-{outcomes.index(row.outcome) + 1}"


def story(inputs: ReportInputs, words: Catalogue, fmt: Formatter, reading: str) -> Chart:
    """C2: one of the three stories. All three share their scales; none is drawn without the others."""
    shown = drawn_observations(inputs.observations)
    bands = tuple(band for band in inputs.bands if band.reading == reading)
    top_rows = [band for band in inputs.bands if band.reading in inputs.stories]
    first, last = date(inputs.case.break_day.year - 1, 1, 1), inputs.case.fit_end
    within = [row for row in shown if row.spans[-1][1] >= first and row.spans[0][0] <= last]
    near = [band for band in top_rows if band.end >= first and band.start <= last]
    top = highest(within, near)
    rows = story_contrasts(inputs, reading)
    everything = [row for name in inputs.stories for row in story_contrasts(inputs, name)]
    low = min([0.0, *(row.q05 for row in everything)])
    high = max([0.0, *(row.q95 for row in everything)])
    pad = 0.04 * (high - low or 1.0)
    labels = {arm.id: arm.label.of(words.lang) for arm in inputs.arms}
    rounded = [fmt.estimate(row.estimate, signed=True) for row in rows]
    zones = (
        count_zones(within, [band for band in bands if first <= band.start <= last], words, fmt),
        [
            words.text(
                inputs.against("read.contrast"),
                arm=labels.get(row.arm, row.arm),
                d=one.value,
                range=one.span,
                reference=words.inside(inputs.reference.of(words.lang)),
            )
            for row, one in zip(rows, rounded, strict=True)
        ],
    )

    def spec(width_class: WidthClass) -> Spec:
        with unchecked():
            return _story_spec(inputs, words, within, bands, top, rows, (low - pad, high + pad), (first, last), zones)

    label = next((item.label.of(words.lang) for item in inputs.readings if item.id == reading), reading)
    listed = []
    for row in rows:
        arm = next(arm for arm in inputs.arms if arm.id == row.arm)
        told = fmt.estimate(row.estimate, signed=True)
        listed.append(f"{arm.label.of(words.lang)} {told.value} {told.span}")
    alt_long = (
        words.text(
            inputs.against("c2.alt"),
            story=label,
            list=words.listing(listed),
            reference=words.inside(inputs.reference.of(words.lang)),
        )
        if listed
        else words.text("c2.alt.none", story=label)
    )
    return Chart(
        id=f"c2-{reading}",
        question=words.text("q.why"),
        spec=spec,
        data=(
            *(_observation_row(row) for row in within),
            *(_band_row(band) for band in bands if band.end >= first and band.start <= last),
            *(_contrast_row(row) for row in rows),
        ),
        table=counts_table(inputs, within, bands, words, fmt),
        alt_short=words.text("c2.short", story=label),
        alt_long=alt_long,
        sources=tuple(sorted({source for row in within for source in row.sources})),
        export_name=f"{inputs.case.id}-story-{reading}",
        widths=("phone",),
        key=words.text("key.counts"),
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
    zones: tuple[Sequence[Zone], Sequence[str]],
) -> Spec:
    width = 304
    sheets = Sheets()
    domain = (instant(window[0]), after(window[1]))
    upper = panel(
        sheets,
        inputs,
        words,
        shown,
        bands,
        top,
        domain,
        width,
        150,
        title=words.text("axis.perday"),
        captions=False,
        zones=zones[0],
    )
    parts = [upper]
    if rows:
        lower = _ranges(sheets, inputs, words, rows, scale, width)
        fields = [
            Zone(*scale, say, contrast_card(inputs, row), place + 0.05, place + 0.95)
            for place, (row, say) in enumerate(zip(rows, zones[1], strict=True))
        ]
        x = {"field": "x", "type": "quantitative", "scale": {"domain": list(scale), "nice": False}, "title": None}
        y = {"field": "y", "type": "quantitative", "scale": {"domain": [len(rows), 0], "nice": False}, "axis": None}
        lower["layer"].append(sheets.zone_layer(fields, x, y, panel=1))
        parts.append(lower)
    return finished({"vconcat": parts, "spacing": 52, "bounds": "flush"}, sheets, "phone")


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
    flipping = {
        row.arm
        for row in inputs.contrasts
        if row.flip
        and (row.decision, row.horizon, row.outcome) == (*inputs.main_horizon[0], "homicides")
        and row.status == "ok"
    }
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
    title = words.text(inputs.against("axis.contrast"), reference=words.inside(inputs.reference.of(words.lang)))
    parts.append(
        sheets.chart([{"t": title}])
        .mark_text(align="left", baseline="bottom", x=0, y=-8, fill=theme.LIGHT["ink-2"])
        .encode(text=alt.Text("t:N"))
    )
    for place, row in enumerate(rows):
        mark = theme.arm_mark(row.arm)
        colour = theme.LIGHT[mark.token]
        at = place + 0.68
        flips = row.arm in flipping
        told = labels.get(row.arm, row.arm) + (f" · {words.text('flip.word')}" if flips else "")
        data = [{"x": row.q05, "x2": row.q95, "m": row.q50, "y": at, "t": told}]
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
            base.mark_text(
                align="left",
                baseline="middle",
                x=0,
                dy=-14,
                limit=width,
                fill=theme.LIGHT["warn" if flips else "ink-2"],
                fontWeight=600 if flips else 400,
            ).encode(y=alt.Y("y:Q", **y), text=alt.Text("t:N"))
        )
    return layered(parts, width, 34 * len(rows))
