"""The cards: what stands behind a contrast, a level, a regret, a headline, a pattern, a count, a claim."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from tregua.report.choices import finding_title
from tregua.report.decision_text import decision_label, decision_tab
from tregua.report.format import MILLION, kind_of
from tregua.report.inputs import (
    REFERENCE_ARM,
    ClaimView,
    Contrast,
    Coverage,
    Estimate,
    OutcomeText,
    Pattern,
    Regret,
    TargetRow,
)
from tregua.report.multiples import panel_title
from tregua.report.num import Card, Stop
from tregua.report.section import Context, slug

BY_READING = ("homicides", "deaths_by_state", "arrests_wrongful", "extortion_paid", "votes_deliverable", "command")
"""Outcomes that the page lists reading by reading: never homicides alone."""


def contrast_number(
    c: Context,
    row: Contrast,
    text: str,
    *,
    css: str = "",
    by_reading: bool = False,
    label: str = "",
    marked: bool = True,
) -> Markup:
    """A number of a contrast as a link to the card of that response and outcome.

    Parameters
    ----------
    by_reading : bool
        It is of its own reading, not of the default at its horizon.
    marked : bool
        It names the row of the card that it is; otherwise what holds it does.
    """
    card = contrast_card_id(c, row)
    mark = "" if not marked else reading_mark(c, row.reading) if by_reading else horizon_mark(row.decision, row.horizon)
    return c.book.num(card, text, lambda: contrast_card(c, row), row=mark, css=css, label=label)


def contrast_card_id(c: Context, row: Contrast) -> str:
    """Decision, then places of response and outcome: short, since thousands of links carry it.

    One card serves both assumptions about the gangs' own halt.
    """
    arm, outcome = c.places.get(("arm", row.arm), row.arm), c.places.get(("outcome", row.outcome), row.outcome)
    return slug(f"{row.decision.split('_')[0]}-{arm}-{outcome}")


def horizon_mark(decision: str, horizon: int) -> str:
    """Mark of a card's row: the horizon, told apart where the gangs' own halt ends."""
    return f"{'e' if decision.endswith('_halt_ends') else 'h'}{horizon}"


def reading_mark(c: Context, reading: str) -> str:
    """Mark of a card's row: the place of the reading in the fixed order."""
    return f"r{c.places.get(('reading', reading), slug(reading))}"


def exact(c: Context, value: float, kind: str, *, signed: bool = False) -> str:
    """The value before rounding, never with exactly three decimals."""
    unit = 0.0001 if kind in ("share", "ratio") else 0.1 if kind == "count" else 1.0
    return c.fmt.number(value, unit, signed=signed, table=True)


def contrast_card(c: Context, row: Contrast) -> Card:
    """Card of one response and one outcome: every horizon, and every reading at the horizon shown first."""
    outcome = c.outcomes.get(row.outcome)
    kind = kind_of(outcome.unit if outcome else "")
    signed = row.arm != REFERENCE_ARM
    name = outcome.label.of(c.lang) if outcome else row.outcome
    first = row.decision.split("_")[0]
    parts = [part for part in (first, f"{first}_halt_ends") if (part, row.arm, row.outcome) in c.effects]
    main = c.main_horizon.get(first, row.horizon)
    groups = []
    for part in parts:
        lines = [
            _line(c, one, kind, signed, horizon_mark(part, one.horizon), c.words.years(one.horizon))
            for one in sorted(c.effects[part, row.arm, row.outcome], key=lambda one: one.horizon)
            if one.reading == "default"
        ]
        groups.append({"label": decision_tab(c, part) if len(parts) > 1 else "", "lines": lines})
    by_reading = {
        one.reading: one
        for one in c.effects.get((first, row.arm, row.outcome), ())
        if one.horizon == main and one.reading != "default" and row.outcome in BY_READING
    }
    readings = [
        _line(c, by_reading[reading.id], kind, signed, reading_mark(c, reading.id), reading.label.of(c.lang))
        for reading in c.inputs.readings
        if reading.id in by_reading
    ]
    number = c.html("card_number.html.j2", groups=groups, readings=readings, main=main, signed=signed)
    flips = c.flips(first, main, row.arm, row.outcome)
    effect = c.html(
        "card_effect.html.j2",
        signed=signed,
        row=row,
        flips=[c.words.text("quote", text=c.reading_label(one.reading)) for one in flips],
        n_readings=len(c.across_readings(first, main, row.arm, row.outcome)),
        reference=c.words.inside(c.arm_label(REFERENCE_ARM)),
        meaning=c.words.opening(outcome.meaning.of(c.lang)) if outcome else "",
    )
    return Card(
        contrast_card_id(c, row),
        f"{decision_label(c, first)} · {c.arm_label(row.arm)} · {name}",
        (
            Stop(number),
            Stop(effect),
            series_stop(c, outcome),
            claims_stop(c, outcome.claims if outcome else ()),
            mechanism_stop(c, outcome.mechanisms if outcome else ()),
            runs_stop(c),
        ),
        f"{decision_label(c, first)} · {name}",
        c.arm_label(row.arm),
    )


def _line(c: Context, row: Contrast, kind: str, signed: bool, mark: str, label: str) -> dict[str, object]:
    if row.status != "ok":
        return {"id": mark, "label": label, "status": row.status}
    told = c.fmt.estimate(row.estimate, kind, signed=signed, table=True)
    return {
        "id": mark,
        "label": label,
        "status": "ok",
        "value": told.value,
        "span": told.span,
        "flip": row.flip,
        "exact": exact(c, row.q50, kind, signed=signed),
        "mcse": exact(c, row.mcse, kind),
        "fall": c.fmt.of_runs(row.p_fall, row.n) if signed else "",
    }


def series_stop(c: Context, outcome: OutcomeText | None) -> Stop:
    """The figures that an outcome meets."""
    if outcome is None or not outcome.targets:
        return Stop(c.words.html("stop.series.none"), applies=False)
    items = Markup("").join(Markup("<li>{}</li>").format(target_line(c, row)) for row in outcome.targets)
    return Stop(Markup("<ul>{}</ul>").format(items))


def target_line(c: Context, row: TargetRow) -> Markup:
    unit = 0.01 if kind_of(row.unit) in ("share", "ratio") else 1.0
    span = c.fmt.day(row.start) if row.start == row.end else c.fmt.span(row.start, row.end)
    use = c.words.text(c.inputs.of_fit(f"use.{row.use}") if row.use in ("fit", "score") else f"use.{row.use}")
    return c.words.html(
        "target.line" if row.institution else "target.line.unsaid",
        value=c.fmt.number(row.value, unit),
        span=span,
        institution=c.words.institution(row.institution),
        use=use,
        sources=c.inputs.named(row.sources),
    )


def claims_stop(c: Context, claims: Sequence[str]) -> Stop:
    """Claims that bear on it: who asserts, status, grade, who disputes; links where the ledger is in the page."""
    if not claims:
        return Stop(c.words.html("stop.claims.none"), applies=False)
    known = [c.claims[name] for name in claims if name in c.claims]
    text = c.html("card_claims.html.j2", claims=known, link=claim_link, disputants=disputants) if known else Markup("")
    other = [name for name in claims if name not in c.claims]
    if other:
        text += Markup("<p>{}</p>").format(", ".join(other))
        text += Markup('<p class="small">{}</p>').format(c.words.html("stop.claims.elsewhere", example=other[0]))
    return Stop(text)


def claim_link(c: Context, claim: str) -> Markup:
    """A claim's id as a link to its box, or the id alone where the page does not hold it."""
    return c.book.claim(claim, c.ident(f"claim-{claim}")) if claim in c.claims else Markup(escape(claim))


def plain_claim_link(c: Context, claim: str) -> Markup:
    """The same link, where the claim is only named: its box need not lead back here."""
    if claim not in c.claims:
        return Markup(escape(claim))
    return Markup('<a class="id" href="#{}">{}</a>').format(c.ident(f"claim-{claim}"), claim)


def disputants(c: Context, claim: ClaimView) -> Markup:
    """Who replies to a claim or contradicts it, as links."""
    ids = dict.fromkeys(other.id for other in (*claim.replies, *claim.contradicted_by))
    return Markup(", ").join(plain_claim_link(c, id) for id in ids)


def mechanism_stop(c: Context, mechanisms: Sequence[str]) -> Stop:
    """Mechanisms behind it, as links to their equations and parameters."""
    known = {mechanism.id: mechanism for mechanism in c.inputs.mechanisms}
    if not mechanisms:
        return Stop(c.words.html("stop.mechanism.none"), applies=False)
    items = []
    for name in mechanisms:
        found = known.get(name)
        if found is None:
            items.append(Markup("<code>{}</code>").format(name))
            continue
        items.append(Markup('<a href="#{}">{}</a>').format(c.ident(f"mechanism-{name}"), found.meaning.of(c.lang)))
    return Stop(Markup("<p>{}</p>").format(Markup("; ").join(items)))


def runs_stop(c: Context) -> Stop:
    return Stop(c.html("card_runs.html.j2", p=c.inputs.provenance))


def counted_only(c: Context, stop: str) -> Stop:
    """A stop that a plain count does not have."""
    return Stop(c.words.html(f"stop.{stop}.counted"), applies=False)


def ratio_card(c: Context) -> Card:
    """Card of the counted ratio in the first sentence."""
    head = c.inputs.headline
    assert head is not None
    ratio = head.truce.rate / head.before.rate
    number = c.words.html(
        "card.ratio",
        ratio=c.fmt.number(ratio, 0.01),
        exact=c.fmt.number(ratio, 0.0001),
        truce=c.fmt.number(head.truce.count),
        truce_span=c.fmt.span(head.truce.start, head.truce.end),
        before=c.fmt.number(head.before.count),
        before_span=c.fmt.span(head.before.start, head.before.end),
    )
    series = Markup('<p>{}</p><p><a href="#{}">{}</a></p>').format(
        c.words.html("card.ratio.series", n=len(c.inputs.observations)), c.ident("counts"), c.words.html("counts.all")
    )
    homicides = c.outcomes.get("homicides_recorded") or c.outcomes.get("homicides")
    return Card(
        "ratio",
        c.words.text("card.ratio.title"),
        (
            Stop(Markup("<p>{}</p>").format(number)),
            counted_only(c, "effect"),
            Stop(series),
            claims_stop(c, homicides.claims if homicides else ()),
            counted_only(c, "mechanism"),
            counted_only(c, "runs"),
        ),
    )


def estimate_card(
    c: Context,
    card: str,
    title: str,
    estimate: Estimate,
    kind: str,
    meaning: str,
    outcome: str,
    claims: Sequence[str] = (),
) -> Card:
    """Card of a simulated number that is no contrast (payments in the truce year, command)."""
    told = c.fmt.estimate(estimate, kind)
    number = c.words.html(
        "card.estimate",
        value=told.value,
        span=told.span,
        exact=exact(c, estimate.value, kind),
        mcse=exact(c, estimate.mcse, kind) if estimate.mcse is not None else c.words.text("unknown.value"),
        n=c.fmt.number(estimate.n) if estimate.n is not None else c.words.text("unknown.value"),
    )
    found = c.outcomes.get(outcome)
    asserted = tuple(claims) or (found.claims if found else ())
    return Card(
        card,
        title,
        (
            Stop(Markup("<p>{}</p>").format(number)),
            Stop(Markup("<p>{}</p>").format(meaning)),
            series_stop(c, found),
            claims_stop(c, asserted),
            mechanism_stop(c, found.mechanisms if found else ()),
            runs_stop(c),
        ),
    )


def outcome_card(c: Context, name: str) -> Card:
    """Card of one outcome as it happened: the year before against the truce, its figures, claims and mechanisms."""
    outcome = c.outcomes.get(name)
    change = next((row for row in c.inputs.changes if row.outcome == name), None)
    kind = kind_of(outcome.unit if outcome else "")
    lines = []
    if change is not None:
        scale = MILLION if kind == "money" else None
        last = "difference" if change.share else "ratio"
        for mark, estimate in (("before", change.before), ("truce", change.truce), (last, change.moved)):
            of, by = ("ratio", None) if mark == "ratio" else (kind, scale)
            told = c.fmt.estimate(estimate, of, table=True, scale=by, signed=mark == "difference")
            error = exact(c, estimate.mcse, of) if estimate.mcse is not None else c.words.text("unknown.value")
            lines.append({"id": mark, "told": told, "exact": exact(c, estimate.value, of), "mcse": error})
    figures = [one for one in c.inputs.figures if one.outcome == name]
    if figures:
        series = Stop(c.html("card_figures.html.j2", figures=figures))
    else:
        series = series_stop(c, outcome)
    label = panel_title(c.inputs, c.words, name)
    return Card(
        slug(f"o-{name}"),
        c.words.text("card.outcome.title", outcome=label),
        (
            Stop(c.html("card_outcome.html.j2", lines=lines, n=change.moved.n if change else None)),
            Stop(Markup("<p>{}</p>").format(c.words.html("card.outcome.effect", meaning=_meaning(c, outcome)))),
            series,
            claims_stop(c, outcome.claims if outcome else ()),
            mechanism_stop(c, outcome.mechanisms if outcome else ()),
            runs_stop(c),
        ),
    )


def _meaning(c: Context, outcome: OutcomeText | None) -> str:
    return c.words.opening(outcome.meaning.of(c.lang)) if outcome else ""


def coverage_card(c: Context, reading: str) -> Card:
    """Card of how many counted intervals lie in the simulated band."""
    rows = [row for row in c.inputs.coverage if row.reading == reading]
    known = c.readings.get(reading)
    score = known.score if known is not None else None
    number = c.html(
        "card_coverage.html.j2",
        rows=rows,
        alone=c.inputs.left_out(reading),
        score=None if score is None else c.fmt.number(score, 0.01),
        error=None if known is None or known.score_error is None else c.fmt.number(known.score_error, 0.01),
    )
    outcome = c.outcomes.get("homicides_recorded") or c.outcomes.get("homicides")
    series = Markup('<p><a href="#{}">{}</a></p>').format(c.ident("counts"), c.words.html("counts.all"))
    return Card(
        slug(f"b-{reading}"),
        c.words.text("card.coverage.title", reading=c.reading_label(reading)),
        (
            Stop(number),
            Stop(Markup("<p>{}</p>").format(c.words.html("card.coverage.effect"))),
            Stop(series),
            claims_stop(c, outcome.claims if outcome else ()),
            mechanism_stop(c, outcome.mechanisms if outcome else ()),
            runs_stop(c),
        ),
    )


def coverage_numbers(c: Context, reading: str) -> list[Markup]:
    """Counts inside the band of one reading, one phrase a window."""

    def build() -> Card:
        return coverage_card(c, reading)

    def told(row: Coverage) -> Markup:
        count = c.words.text("of.count", k=row.inside90, n=row.n)
        return c.book.num(slug(f"b-{reading}"), count, build, row=row.window, css="sim")

    out = []
    for row in c.inputs.coverage:
        if row.reading != reading:
            continue
        number = told(row)
        alone = c.inputs.left_out(reading) if row.window == "fit" else None
        if alone is None:
            key = c.inputs.of_fit(f"inside.{row.window}")
            out.append(c.words.html(key, number=number, date=c.fmt.day(c.inputs.case.fit_end)))
            continue
        inside, fewest, most, n = alone
        count = c.words.text("of.count", k=inside, n=n)
        door = c.book.num(slug(f"b-{reading}"), count, build, row="left_out", css="sim")
        out.append(c.words.html("inside.left_out", number=door, low=fewest, high=most))
    return out


def counts_card(c: Context) -> Card:
    """Card of the counts themselves."""
    rows = [row for row in c.inputs.observations if row.use in ("fit", "score")]
    other = len(c.inputs.observations) - len(rows)
    number = c.words.html("card.counts", n=len(rows), other=other)
    sources = sorted({key for row in rows for key in row.sources})
    return Card(
        "counts",
        c.words.text("card.counts.title"),
        (
            Stop(Markup("<p>{}</p>").format(number)),
            counted_only(c, "effect"),
            Stop(Markup("<p>{}</p>").format(c.words.html("card.counts.series", sources=c.inputs.named(sources)))),
            Stop(c.words.html("stop.claims.counted"), applies=False),
            counted_only(c, "mechanism"),
            counted_only(c, "runs"),
        ),
    )


def finding_card(c: Context, kind: str, id: str) -> Card:
    """Card of one dispute: what settling it is worth under every set of weights, and who chooses what."""
    held = [one for one in c.inputs.findings if one.id == id and one.kind == kind]
    labels = {preset.id: preset.label.of(c.lang) for preset in c.inputs.weights}
    lines = [
        {
            "id": f"{one.weights}-{one.belief}",
            "weights": labels.get(one.weights, one.weights),
            "belief": c.words.text(f"belief.{one.belief}"),
            "told": c.fmt.estimate(one.value, table=True),
            "exact": exact(c, one.value.value, "count"),
            "mcse": exact(c, one.value.mcse or 0.0, "count"),
        }
        for one in held
    ]
    claims = tuple(dict.fromkeys(claim for one in held for claim in one.claims))
    if kind == "reading" and id in c.readings:
        concerned = {name for name in c.readings[id].claims if name in c.claims and c.claims[name].about_person}
        claims = tuple(dict.fromkeys((*claims, *(n for n in c.readings[id].claims if n not in concerned))))
    known = {parameter.name: parameter for parameter in c.inputs.parameters}
    named = [mechanism.id for mechanism in c.inputs.mechanisms if kind == "parameter" and id in mechanism.parameters]
    mechanism = mechanism_stop(c, named)
    if kind != "parameter" or id not in known:
        mechanism = Stop(c.words.html("stop.mechanism.finding"), applies=False)
    return Card(
        slug(f"v-{id}"),
        finding_title(c.inputs, c.words, kind, id),
        (
            Stop(c.html("card_finding.html.j2", lines=lines)),
            Stop(Markup("<p>{}</p>").format(c.words.html("card.finding.effect"))),
            Stop(c.words.html("stop.series.finding"), applies=False),
            claims_stop(c, claims),
            mechanism,
            runs_stop(c),
        ),
    )


def places_card(c: Context) -> Card:
    """Card of the counts by department."""
    sources = sorted({key for one in c.inputs.departments for key in one.sources})
    number = c.words.html("card.places", n=len(c.inputs.departments))
    table = Markup('<a href="#{}">{}</a>').format(c.ident("places-table"), c.words.html("card.places.table"))
    return Card(
        "places",
        c.words.text("q.where"),
        (
            Stop(Markup("<p>{}</p>").format(number)),
            counted_only(c, "effect"),
            Stop(
                Markup("<p>{} {}</p>").format(
                    c.words.html("card.counts.series", sources=c.inputs.named(sources)), table
                )
            ),
            Stop(c.words.html("stop.claims.counted"), applies=False),
            counted_only(c, "mechanism"),
            counted_only(c, "runs"),
        ),
    )


def regret_card(c: Context, decision: str, arm: str) -> Card:
    """Card of a response's regret: the worst reading, by horizon and by preset of weights."""
    rows = [row for row in c.inputs.regret if row.decision.split("_")[0] == decision and row.arm == arm]
    worst: dict[tuple[str, int, str], Regret] = {}
    for row in rows:
        key = (row.decision, row.horizon, row.weights)
        if key not in worst or row.value > worst[key].value:
            worst[key] = row
    labels = {preset.id: preset.label.of(c.lang) for preset in c.inputs.weights}
    several = len({row.decision for row in rows}) > 1
    groups: dict[str, list[dict[str, str]]] = {}
    for (part, horizon, weights), row in worst.items():
        named = labels.get(weights, weights)
        groups.setdefault(f"{decision_tab(c, part)}, {named}" if several else c.words.opening(named), []).append(
            {
                "id": horizon_mark(part, horizon),
                "label": c.words.years(horizon),
                "reading": c.reading_label(row.reading),
                "value": c.fmt.estimate(Estimate(row.value, mcse=row.mcse), table=True).value,
                "exact": exact(c, row.value, "count"),
                "mcse": exact(c, row.mcse, "count"),
            }
        )
    return Card(
        slug(f"g-{decision}-{arm}"),
        c.words.text("card.regret.title", arm=c.arm_label(arm), decision=decision_label(c, decision)),
        (
            Stop(c.html("card_regret.html.j2", groups=groups)),
            Stop(Markup("<p>{}</p>").format(c.words.html("card.regret.effect"))),
            Stop(c.words.html("stop.series.none"), applies=False),
            Stop(c.words.html("stop.claims.regret"), applies=False),
            Stop(c.words.html("stop.mechanism.regret"), applies=False),
            runs_stop(c),
        ),
    )


def pattern_card(c: Context, pattern: Pattern) -> Card:
    """Card of one pattern."""
    number = c.html("card_pattern.html.j2", pattern=pattern, told=pattern_numbers(c, pattern))
    if pattern.sources:
        told = c.words.html("card.sources", sources=c.inputs.named(pattern.sources))
        counts = Markup('<a href="#{}">{}</a>').format(c.ident("counts"), c.words.html("counts.all"))
        series = Stop(Markup("<p>{} {}</p>").format(told, counts))
    else:
        series = Stop(c.words.html("stop.series.none"), applies=False)
    return Card(
        slug(f"p-{pattern.id}"),
        f"{pattern.id} · {pattern.name.of(c.lang)}",
        (
            Stop(number),
            Stop(Markup("<p>{}</p>").format(c.words.html("card.pattern.effect"))),
            series,
            claims_stop(c, pattern.claims),
            mechanism_stop(c, pattern.mechanisms),
            runs_stop(c),
        ),
    )


def pattern_numbers(c: Context, pattern: Pattern) -> dict[str, str]:
    """Target, accepted band, simulated interval and share inside, in print."""
    kind = kind_of(pattern.unit)
    unit = 0.01 if kind in ("share", "ratio") else 1.0
    unknown = c.words.text("unknown.value")

    def plain(value: float | None) -> str:
        return unknown if value is None else c.fmt.number(value, unit, table=True)

    told = {"target": plain(pattern.target), "value": unknown, "span": "", "inside": unknown, "band": unknown}
    if pattern.lo is not None and pattern.hi is not None:
        told["band"] = c.words.text("band.between", lo=plain(pattern.lo), hi=plain(pattern.hi))
    elif pattern.hi is not None:
        told["band"] = c.words.text("band.at_most", hi=plain(pattern.hi))
    elif pattern.lo is not None:
        told["band"] = c.words.text("band.at_least", lo=plain(pattern.lo))
    if pattern.q50 is not None:
        rounded = c.fmt.estimate(
            Estimate(pattern.q50, pattern.q05, pattern.q95, pattern.mcse), kind, table=True, approximate=False
        )
        told["value"], told["span"] = rounded.value, rounded.span
    if pattern.share_inside is not None:
        told["inside"] = c.words.text("runs.inside", k=c.fmt.of_hundred(pattern.share_inside), hundred=100)
    return told
