"""C6, C7 and C9: under which reading the sign changes, killings against rights, what is worth finding out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from tregua.explore.value_of_evidence import ABOVE, BELOW, SOME
from tregua.report import theme
from tregua.report.catalogue import Catalogue
from tregua.report.charts import Chart, Table, contrast_card
from tregua.report.format import Formatter, kind_of
from tregua.report.inputs import BELIEFS, BESIDE, REFERENCE_ARM, Contrast, Finding, ReportInputs, Spot
from tregua.report.multiples import SIGNED
from tregua.report.picture import Sheets, Spec, WidthClass, Zone, cut, finished, limited, wrapped

ROW, PHONE_ROW = 18, 34
GUTTER = 300
"""Pixels for the name of a reading with the words that its sign changes."""
MOST_FINDINGS = 10
LINEAR = 100.0
"""Rights outcomes within this many of zero are drawn on a straight scale, beyond it on a logarithmic one."""
SHAPES = {
    "ring": "circle", "square": "square", "circle": "circle", "diamond": "diamond", "triangle-up": "triangle-up",
    "triangle-down": "triangle-down", "cross": "cross",
}  # fmt: skip


def against(inputs: ReportInputs, words: Catalogue, key: str, **slots: object) -> str:
    """A text that names the response which every other is compared with, as the case calls it."""
    return words.text(inputs.against(key), reference=words.inside(inputs.reference.of(words.lang)), **slots)


def flips_chart(
    inputs: ReportInputs, words: Catalogue, fmt: Formatter, decision: str, horizon: int, beside: Sequence[str]
) -> Chart | None:
    """C6: one panel a response, one row a reading in fixed order, the side of harm tinted.

    Parameters
    ----------
    beside : sequence of str
        Outcomes that travel in the data with homicides: no export has deaths alone.
    """
    held = {
        (row.arm, row.reading, row.outcome): row
        for row in inputs.contrasts
        if (row.decision, row.horizon) == (decision, horizon) and row.status == "ok" and row.arm != REFERENCE_ARM
    }
    arms = [arm for arm in inputs.arms if any((arm.id, one.id, "homicides") in held for one in inputs.readings)]
    if not arms:
        return None
    rows = {
        arm.id: [held[key] for one in inputs.readings if (key := (arm.id, one.id, "homicides")) in held] for arm in arms
    }
    every = [row for found in rows.values() for row in found]
    low, high = min(0.0, *(row.q05 for row in every)), max(0.0, *(row.q95 for row in every))
    pad = 0.03 * ((high - low) or 1.0)
    scale = (low - pad, high + pad)
    labels = {one.id: words.opening(one.label.of(words.lang)) for one in inputs.readings}

    def spec(width_class: WidthClass) -> Spec:
        sheets = Sheets()
        phone = width_class == "phone"
        parts = [
            _flips(sheets, inputs, words, fmt, rows[arm.id], arm.label.of(words.lang), labels, scale, place, phone)
            for place, arm in enumerate(arms)
        ]
        columns = 1 if phone else 2
        chart: Spec = {
            "concat": parts,
            "columns": columns,
            "spacing": {"row": 74, "column": 24 if phone else GUTTER + 10},
            "bounds": "flush",
            "align": "each",
        }
        return finished(chart, sheets, width_class)

    told = []
    for arm in arms:
        fewer, more = (sum(1 for row in rows[arm.id] if row.sign == side) for side in (-1, 1))
        flipped = [labels[row.reading] for row in rows[arm.id] if row.flip]
        told.append(
            words.text(
                "c6.alt" if flipped else "c6.alt.none",
                arm=arm.label.of(words.lang),
                k=fewer,
                n=len(rows[arm.id]),
                m=more,
                z=len(rows[arm.id]) - fewer - more,
                list="; ".join(flipped),
            )
        )
    kept = [row for row in inputs.contrasts if (row.decision, row.horizon) == (decision, horizon)]
    changing = {(row.arm, row.outcome) for row in kept if row.flip}
    return Chart(
        id=f"c6-{decision}",
        question=against(inputs, words, "c6.question", h=words.years(horizon)),
        spec=spec,
        data=tuple(
            _contrast_row(row, changes=(row.arm, row.outcome) in changing)
            for row in kept
            if row.outcome in beside and row.status == "ok"
        ),
        table=Table((), ()),
        alt_short=against(inputs, words, "c6.short"),
        alt_long=" ".join(told),
        export_name=f"{inputs.case.id}-flips-{decision}",
        widths=("wide", "phone"),
        key=words.text("c6.key"),
    )


def _contrast_row(row: Contrast, *, changes: bool) -> dict[str, object]:
    numbers = {name: float(f"{getattr(row, name):.6g}") for name in ("q05", "q50", "q95", "mcse", "p_fall")}
    return {
        "decision": row.decision,
        "years": row.horizon,
        "response": row.arm,
        "reading": row.reading,
        "outcome": row.outcome,
        **numbers,
        "n": row.n,
        "sign": row.sign,
        "changes_sign": changes,
    }


def _flips(
    sheets: Sheets,
    inputs: ReportInputs,
    words: Catalogue,
    fmt: Formatter,
    rows: Sequence[Contrast],
    title: str,
    labels: dict[str, str],
    scale: tuple[float, float],
    place: int,
    phone: bool,
) -> Spec:
    light = theme.LIGHT
    step, width, size = (PHONE_ROW, 300, 12) if phone else (ROW, 250, 13)
    mark = theme.arm_mark(rows[0].arm)
    colour = light[mark.token]
    x: Spec = {
        "field": "x",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": list(scale), "nice": False},
        "axis": {"tickCount": 3, "grid": True, "labelExpr": SIGNED, "ticks": True, "tickSize": 4, "labelFlush": False},
    }
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [len(rows), 0], "nice": False},
        "axis": None,
    }
    at = 0.72 if phone else 0.5
    shown = [
        {"x": row.q05, "x2": row.q95, "m": row.q50, "y": n + at, "t": labels[row.reading], "f": row.flip}
        for n, row in enumerate(rows)
    ]
    harm = [{"x": 0.0, "x2": scale[1]}]
    layers = [
        sheets.layer(harm, "rect", {"fill": light["more-tint"], "fillOpacity": 0.16}, x=x, x2={"field": "x2"}),
        sheets.layer([{"x": 0}], "rule", {"stroke": light["ink-2"], "strokeWidth": 2}, x=x),
        sheets.layer(shown, "rule", {"stroke": colour, "strokeWidth": 2}, x=x, x2={"field": "x2"}, y=y),
        sheets.layer(
            shown,
            "point",
            {"filled": True, "size": 46 if mark.shape in ("circle", "square") else 80, "fill": colour,
             "stroke": light["paper"], "strokeWidth": 1, "opacity": 1, "shape": SHAPES[mark.shape]},
            x={**x, "field": "m"},
            y=y,
        ),
    ]  # fmt: skip
    for flip in (False, True):
        mine = [one for one in shown if one["f"] is flip]
        if not mine:
            continue
        look: Spec = {
            "align": "left" if phone else "right",
            "baseline": "middle",
            "x": 0 if phone else -10,
            "dy": -15 if phone else 0,
            "fontSize": size,
            "fontWeight": 700 if flip else 400,
            "fill": light["warn"] if flip else light["ink-2"],
        }
        suffix = f" · {words.text('flip.word')}" if flip else ""
        room = width if phone else GUTTER - 12
        told = [{**one, "t": cut(f"{one['t']}{suffix}", size, room)} for one in mine]
        look |= limited([str(one["t"]) for one in told], size, room)
        layers.append(sheets.layer(told, "text", look, y=y, text={"field": "t", "type": "nominal"}))
    head = {"align": "left", "baseline": "bottom", "x": 0 if phone else -GUTTER + 10, "y": -8}
    head |= {"fontSize": size + 1, "fontWeight": 600, "fill": light["ink"]}
    room = width if phone else width + GUTTER - 10
    name = cut(title, size + 1, room)
    head |= limited([name], size + 1, room)
    layers.append(sheets.layer([{"t": name}], "text", head, text={"field": "t", "type": "nominal"}))
    zones = []
    for n, row in enumerate(rows):
        told_row = fmt.estimate(row.estimate, signed=True)
        say = words.text("read.contrast", arm=f"{title}, {labels[row.reading]}", d=told_row.value, range=told_row.span)
        zones.append(Zone(scale[0], scale[1], say, contrast_card(inputs, row), n, n + 1))
    layers.append(sheets.zone_layer(zones, x, y, panel=place))
    return {"layer": layers, "width": width, "height": step * len(rows)}


def symlog(value: float) -> float:
    """Straight within `LINEAR` of zero, logarithmic beyond: one unit is `LINEAR`."""
    return math.copysign(math.log1p(abs(value) / LINEAR), value)


def tradeoff_chart(
    inputs: ReportInputs, words: Catalogue, fmt: Formatter, outcome: str, decision: str, horizon: int
) -> Chart | None:
    """C7: killings against a rights outcome, response by response, under the three stories side by side."""
    held = [one for one in inputs.spots if (one.decision, one.horizon, one.outcome) == (decision, horizon, outcome)]
    readings = [name for name in inputs.stories if any(one.reading == name for one in held)]
    if not held or not readings:
        return None
    known = {one.id: one for one in inputs.outcomes}
    name = known[outcome].label.of(words.lang) if outcome in known else outcome
    order = {arm.id: n for n, arm in enumerate(inputs.arms)}
    labels = {arm.id: arm.label.of(words.lang) for arm in inputs.arms}
    rows = {
        (row.arm, row.reading, row.outcome): row
        for row in inputs.contrasts
        if (row.decision, row.horizon, row.status) == (decision, horizon, "ok")
    }

    flipping = {row.arm for row in rows.values() if row.flip and row.outcome == "homicides"}

    def beside(one: Spot) -> dict[str, object]:
        """Medians of the other outcomes that travel with homicides, and whether their sign changes in some reading."""
        found = {name: rows.get((one.arm, one.reading, name)) for name in BESIDE if name not in ("homicides", outcome)}
        return {
            **{name: None if row is None else float(f"{row.q50:.6g}") for name, row in found.items()},
            "homicides_change_sign": one.arm in flipping,
        }

    corners = [point for one in held for point in (*one.outline, (one.x, one.y))]
    xs = [symlog(x) for x, _ in corners]
    ys = [y for _, y in corners]
    domain_x = (min(0.0, *xs) - 0.3, max(0.0, *xs) + 0.3)
    span = (max(0.0, *ys) - min(0.0, *ys)) or 1.0
    domain_y = (min(0.0, *ys) - 0.05 * span, max(0.0, *ys) + 0.05 * span)
    ticks = [
        value
        for value in (-100_000, -10_000, -1_000, -100, 0, 100, 1_000, 10_000, 100_000)
        if domain_x[0] <= symlog(value) <= domain_x[1]
    ]

    def spec(width_class: WidthClass) -> Spec:
        sheets = Sheets()
        phone = width_class == "phone"
        parts = [
            _cloud(
                sheets,
                inputs,
                words,
                fmt,
                [one for one in held if one.reading == reading],
                reading,
                (domain_x, domain_y, ticks),
                name,
                place,
                phone,
                order,
                labels,
                median,
            )
            for place, reading in enumerate(readings)
        ]
        chart: Spec = {
            "concat": parts,
            "columns": 1 if phone else 3,
            "spacing": {"row": 112 if phone else 92, "column": 66},
            "bounds": "flush",
        }
        return finished(chart, sheets, width_class)

    def median(one: Spot, name: str) -> str:
        """A median as the table beside the chart has it."""
        row = rows.get((one.arm, one.reading, name))
        kind = kind_of(known[name].unit) if name in known else "count"
        if row is None:
            return words.text("unknown.value")
        return fmt.estimate(replace(row.estimate, lo=None, hi=None), kind, signed=True, table=True).value

    told = []
    first = [one for one in held if one.reading == readings[0]]
    best = [labels.get(one.arm, one.arm) for one in first if one.unbeaten]
    for one in first:
        told.append(
            against(
                inputs,
                words,
                "c7.alt",
                arm=labels.get(one.arm, one.arm),
                dx=median(one, outcome),
                dy=median(one, "homicides"),
                outcome=words.inside(name),
            )
        )
    told.append(words.text("c7.unbeaten", list=words.listing(best) if best else words.text("unknown.value")))
    return Chart(
        id=f"c7-{outcome}",
        question=words.text("c7.question", outcome=words.inside(name), h=words.years(horizon)),
        spec=spec,
        data=tuple(
            {
                "decision": one.decision,
                "years": one.horizon,
                "response": one.arm,
                "reading": one.reading,
                "homicides": float(f"{one.y:.6g}"),
                one.outcome: float(f"{one.x:.6g}"),
                **beside(one),
                "not_beaten_on_both": one.unbeaten,
            }
            for one in held
        ),
        table=Table((), ()),
        alt_short=words.text("c7.short", outcome=words.inside(name)),
        alt_long=" ".join(told),
        export_name=f"{inputs.case.id}-tradeoff-{outcome}",
        widths=("wide", "phone"),
        key=" ".join(
            [
                words.text("c7.key", linear=fmt.number(LINEAR)),
                *(
                    [words.text("c7.flips", list=words.listing([labels[arm] for arm in order if arm in flipping]))]
                    if flipping
                    else []
                ),
            ]
        ),
    )


def labelled(points: Sequence[tuple[float, float, int]], near: tuple[float, float]) -> list[dict[str, object]]:
    """Numbers of points, those of points that would cover one another in one label at the rightmost of them.

    Parameters
    ----------
    points : sequence of (x, y, number)
    near : (float, float)
        Points no further apart than this, both ways, share a label with all that do so with one of them.
    """
    groups: list[list[tuple[float, float, int]]] = []
    for point in points:
        touched = [
            group
            for group in groups
            if any(abs(point[0] - x) <= near[0] and abs(point[1] - y) <= near[1] for x, y, _ in group)
        ]
        groups = [group for group in groups if group not in touched]
        groups.append([point, *(one for group in touched for one in group)])
    return [
        {
            "x": round(max(x for x, _, _ in group), 4),
            "y": round(sum(y for _, y, _ in group) / len(group), 2),
            "t": ", ".join(str(number) for number in sorted(n for _, _, n in group)),
        }
        for group in groups
    ]


def _cloud(
    sheets: Sheets,
    inputs: ReportInputs,
    words: Catalogue,
    fmt: Formatter,
    spots: Sequence[Spot],
    reading: str,
    scales: tuple[tuple[float, float], tuple[float, float], Sequence[float]],
    name: str,
    place: int,
    phone: bool,
    order: dict[str, int],
    labels: dict[str, str],
    median: Callable[[Spot, str], str],
) -> Spec:
    light = theme.LIGHT
    domain_x, domain_y, ticks = scales
    width, height, size = (268, 220, 12) if phone else (296, 250, 13)
    chart = fmt.for_charts()
    at = [round(symlog(tick), 6) for tick in ticks]
    told = "".join(
        f"abs(datum.value - {spot}) < 0.001 ? '{chart.number(tick, signed=tick != 0, table=True)}' : "
        for spot, tick in zip(at, ticks, strict=True)
    )
    x: Spec = {
        "field": "x",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": list(domain_x), "nice": False},
        "axis": {"values": at, "labelExpr": f"{told}''", "grid": True, "ticks": True, "tickSize": 4},
    }
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": list(domain_y), "nice": False},
        "axis": {"tickCount": 4, "labelExpr": SIGNED},
    }
    layers = [
        sheets.layer([{"x": 0}], "rule", {"stroke": light["ink-2"], "strokeWidth": 1.5}, x=x),
        sheets.layer([{"y": 0}], "rule", {"stroke": light["ink-2"], "strokeWidth": 1.5}, y=y),
    ]
    zones = []
    across, down = (domain_x[1] - domain_x[0]) / width * 10, (domain_y[1] - domain_y[0]) / height * 10
    for one in spots:
        mark = theme.arm_mark(one.arm)
        colour = light[mark.token]
        points = [{"x": round(symlog(a), 4), "y": b, "n": n} for n, (a, b) in enumerate(one.outline)]
        look: Spec = {"stroke": colour, "strokeWidth": 1.2, "strokeOpacity": 0.55}
        if mark.dash:
            look["strokeDash"] = list(mark.dash)
        layers.append(sheets.layer(points, "line", look, x=x, y=y, order={"field": "n", "type": "quantitative"}))
    for one in spots:
        mark = theme.arm_mark(one.arm)
        here = [{"x": round(symlog(one.x), 4), "y": one.y}]
        dot: Spec = {
            "filled": True, "size": 96, "opacity": 1, "shape": SHAPES[mark.shape], "fill": light[mark.token],
            "stroke": light["ink"] if one.unbeaten else light["paper"], "strokeWidth": 2 if one.unbeaten else 1,
        }  # fmt: skip
        layers.append(sheets.layer(here, "point", dot, x=x, y=y))
        say = against(
            inputs,
            words,
            "read.spot",
            arm=labels.get(one.arm, one.arm),
            dx=median(one, one.outcome),
            dy=median(one, "homicides"),
            outcome=words.inside(name),
        )
        middle = symlog(one.x)
        zones.append(Zone(middle - across, middle + across, say, "", one.y - down, one.y + down))
    named = labelled([(symlog(one.x), one.y, order.get(one.arm, 0)) for one in spots], (2.2 * across, 1.1 * down))
    long = [one for one in named if str(one["t"]).count(",") > 2]
    for labels_of, place_of in (([one for one in named if one not in long], {"dx": 8}), (long, {"dx": -4, "dy": 16})):
        for rim in ({"stroke": light["paper"], "strokeWidth": 3}, {}) if labels_of else ():
            number: Spec = {"align": "left", "baseline": "middle", "fontSize": 12, "fontWeight": 600, **place_of, **rim}
            number["fill"] = light["paper"] if rim else light["ink"]
            layers.append(sheets.layer(labels_of, "text", number, x=x, y=y, text={"field": "t", "type": "nominal"}))
    key = f"story.{reading}"
    label = {one.id: one.label.of(words.lang) for one in inputs.readings}.get(reading, reading)
    head = words.text(key) if key in words else words.opening(label)
    texts = ((head, -30, 600, "ink"), (against(inputs, words, "c7.y"), -12, 400, "muted"))
    for text, up, weight, colour in texts:
        look = {"align": "left", "baseline": "bottom", "x": -44, "y": up, "fontSize": size, "fontWeight": weight}
        look["fill"] = light[colour]
        layers.append(sheets.layer([{"t": text}], "text", look, text={"field": "t", "type": "nominal"}))
    under = {"align": "left", "baseline": "top", "x": 0, "y": height + 28, "fontSize": size, "fill": light["muted"]}
    below = [{"t": against(inputs, words, "c7.x", outcome=words.inside(name))}]
    layers.append(sheets.layer(below, "text", under, text={"field": "t", "type": "nominal"}))
    layers.append(sheets.zone_layer(zones, x, y, panel=place))
    return {"layer": layers, "width": width, "height": height}


def finding_title(inputs: ReportInputs, words: Catalogue, kind: str, id: str) -> str:
    """A dispute in words: a question, whether a reading holds, or how large a parameter is."""
    if kind == "group":
        key = f"finding.{id}"
        return words.text(key) if key in words else id
    if kind == "reading":
        one = next((one for one in inputs.readings if one.id == id), None)
        if one is None:
            return words.text("finding.reading", reading=id)
        label = words.text("quote", text=one.label.of(words.lang))
        return words.text("finding.reading", reading=f"{words.inside(one.meaning.of(words.lang))} ({label})")
    meaning = next((one.meaning.of(words.lang) for one in inputs.parameters if one.name == id), id)
    return words.text("finding.parameter", parameter=meaning)


ANSWERS = {ABOVE: "above", BELOW: "below", SOME: "some"}
"""What a parameter can turn out to be, as the value of evidence names it."""


def finding_moves(inputs: ReportInputs, words: Catalogue, one: Finding) -> dict[str, str]:
    """Who would be chosen now, and who could be once the dispute is settled, as slots of a sentence."""
    labels = {arm.id: words.inside(arm.label.of(words.lang)) for arm in inputs.arms}
    readings = {reading.id: words.text("quote", text=reading.label.of(words.lang)) for reading in inputs.readings}
    answers: dict[str, list[str]] = {}
    for answer, arm in one.switches:
        if arm == one.choice:
            continue
        if one.kind == "group":
            said = words.text("answer.group", reading=readings[answer]) if answer in readings else "answer.other"
        elif one.kind == "reading":
            said = "answer.yes" if answer == one.id else "answer.no"
        else:
            said = f"answer.{ANSWERS.get(answer, 'some')}"
        answers.setdefault(arm, []).append(words.text(said) if said in words else said)
    others = [
        f"{labels.get(arm, arm)} ({words.either(said)})"
        for arm, said in sorted(answers.items(), key=lambda pair: labels.get(pair[0], pair[0]))
    ]
    return {"choice": labels.get(one.choice, one.choice), "other": words.either(others)}


def told_findings(inputs: ReportInputs, weights: str) -> list[list[Finding]]:
    """Disputes that matter under some belief, by how many beliefs and then by value; a list of beliefs for each."""
    found: dict[str, dict[str, Finding]] = {}
    for one in inputs.findings:
        if one.weights == weights:
            found.setdefault(one.id, {})[one.belief] = one
    lists = [[by[belief] for belief in BELIEFS if belief in by] for by in found.values()]
    telling = [rows for rows in lists if any(one.matters for one in rows)]

    def order(rows: list[Finding]) -> tuple[int, float]:
        worth = [one.value.value for one in rows if one.matters]
        return -len(worth), -max(worth)

    return sorted(telling, key=order)


def evidence_chart(inputs: ReportInputs, words: Catalogue, fmt: Formatter, weights: str) -> Chart | None:
    """C9: regret that settling a dispute would avoid, under equal weights and under both expert priors."""
    lists = told_findings(inputs, weights)[:MOST_FINDINGS]
    if not lists:
        return None
    top = max(one.value.hi or one.value.value for rows in lists for one in rows)
    titles = [words.opening(finding_title(inputs, words, rows[0].kind, rows[0].id)) for rows in lists]

    def spec(width_class: WidthClass) -> Spec:
        return _evidence(inputs, words, fmt, lists, titles, top, width_class)

    told = []
    for rows, title in zip(lists, titles, strict=True):
        first = next(one for one in rows if one.matters)
        value = fmt.estimate(first.value, table=True)
        slots = finding_moves(inputs, words, first)
        told.append(words.text("c9.alt", question=title, value=value.value, range=value.span, **slots))
    return Chart(
        id=f"c9-{weights}",
        question=words.text("q.evidence"),
        spec=spec,
        data=tuple(
            {
                "decision": one.decision,
                "years": one.horizon,
                "weights": one.weights,
                "reading_weights": one.belief,
                "kind": one.kind,
                "id": one.id,
                "value": float(f"{one.value.value:.6g}"),
                "q05": one.value.lo,
                "q95": one.value.hi,
                "mcse": one.value.mcse,
                "changes_choice": one.matters,
                "choice": one.choice,
                "switches_to": "; ".join(f"{answer}: {arm}" for answer, arm in one.switches),
            }
            for one in inputs.findings
            if one.weights == weights
        ),
        table=Table((), ()),
        alt_short=words.text("c9.short"),
        alt_long=" ".join(told),
        export_name=f"{inputs.case.id}-value-of-evidence-{weights}",
        widths=("wide", "phone"),
        key=words.text("c9.key"),
    )


def _evidence(
    inputs: ReportInputs,
    words: Catalogue,
    fmt: Formatter,
    lists: Sequence[Sequence[Finding]],
    titles: Sequence[str],
    top: float,
    width_class: WidthClass,
) -> Spec:
    light = theme.LIGHT
    sheets = Sheets()
    phone = width_class == "phone"
    width, size = (300, 12) if phone else (680, 13)
    heads = [wrapped(title, size, width) for title in titles]
    firsts = [next(one for one in rows if one.matters) for rows in lists]
    moves = [finding_moves(inputs, words, one) for one in firsts]
    under = [wrapped(words.text("c9.move", **slots), size, width) for slots in moves]
    tall = [
        16 * (len(head) + len(move)) + 13 * len(rows) + 14 for head, move, rows in zip(heads, under, lists, strict=True)
    ]
    height = sum(tall)
    x: Spec = {
        "field": "x",
        "type": "quantitative",
        "title": words.text("c9.axis"),
        "scale": {"domain": [0, 1.04 * top], "nice": False},
        "axis": {
            "orient": "top",
            "tickCount": 5,
            "format": ",d",
            "grid": True,
            "titleAnchor": "start",
            "titleAlign": "left",
        },
    }
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [height, 0], "nice": False},
        "axis": None,
    }
    colours = dict(zip(BELIEFS, ("ink-2", "side-a", "side-b"), strict=True))
    marks = dict(zip(BELIEFS, ("", "a", "b"), strict=True))
    layers: list[Spec] = []
    texts: list[dict[str, object]] = []
    told: list[dict[str, object]] = []
    zones = []
    at = 0.0
    bars: dict[str, list[dict[str, object]]] = {belief: [] for belief in BELIEFS}
    for place, (rows, title, space) in enumerate(zip(lists, titles, tall, strict=True)):
        head, lines = heads[place], [*heads[place], *under[place]]
        for n, line in enumerate(lines):
            (texts if n < len(head) else told).append({"t": line, "y": at + 16 * (n + 1) - 3})
        for n, one in enumerate(rows):
            middle = at + 16 * len(lines) + 13 * n + 7
            row = {"x": 0, "x2": one.value.value, "lo": max(0.0, one.value.lo or 0.0), "hi": one.value.hi, "m": middle}
            bars[one.belief].append(
                {**row, "y": middle - 4, "y2": middle + 4, "t": marks[one.belief], "on": one.matters}
            )
        first = firsts[place]
        value = fmt.estimate(first.value, table=True)
        say = words.text("read.finding", question=title, value=value.value, range=value.span, **moves[place])
        zones.append(Zone(0.0, 1.04 * top, say, f"v-{first.id}", at, at + space))
        at += space
    for belief, rows_of in bars.items():
        if not rows_of:
            continue
        colour = light[colours[belief]]
        looks: tuple[tuple[bool, Spec], ...] = (
            (True, {"fill": colour, "fillOpacity": 0.75}),
            (False, {"fill": light["paper"], "stroke": colour, "strokeWidth": 1.2, "strokeDash": [3, 2]}),
        )
        for on, look in looks:
            mine = [row for row in rows_of if row["on"] is on]
            if mine:
                layers.append(sheets.layer(mine, "rect", look, x=x, x2={"field": "x2"}, y=y, y2={"field": "y2"}))
        whisker = {"stroke": light["ink"], "strokeWidth": 1.2}
        layers.append(
            sheets.layer(rows_of, "rule", whisker, x={**x, "field": "lo"}, x2={"field": "hi"}, y={**y, "field": "m"})
        )
        if marks[belief]:
            look = {"align": "left", "baseline": "middle", "dx": 5, "fontSize": 12, "fontWeight": 600, "fill": colour}
            layers.append(
                sheets.layer(
                    rows_of,
                    "text",
                    look,
                    x={**x, "field": "hi"},
                    y={**y, "field": "m"},
                    text={"field": "t", "type": "nominal"},
                )
            )
    for lines_of, colour, weight in ((texts, "ink", 600), (told, "muted", 400)):
        look = {"align": "left", "baseline": "alphabetic", "x": 0, "fontSize": size, "fontWeight": weight}
        look["fill"] = light[colour]
        layers.append(sheets.layer(lines_of, "text", look, y=y, text={"field": "t", "type": "nominal"}))
    layers.append(sheets.zone_layer(zones, x, y))
    return finished({"layer": layers, "width": width, "height": height}, sheets, width_class)
