"""Section 6: responses by outcomes against a simulated history without a truce.

Flips stand before numbers, rights beside deaths, rows in a fixed order and without rank. Nothing here picks a winner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from tregua.report.cards import BY_READING, contrast_number, horizon_mark, reading_mark, regret_card
from tregua.report.cell import column_cell, zero_of
from tregua.report.choices import finding_moves, finding_title, flips_chart, told_findings, tradeoff_chart
from tregua.report.decision_text import decision_note, decision_question, decision_tab, parts_of_decisions
from tregua.report.format import MILLION, kind_of
from tregua.report.inputs import (
    BESIDE,
    REFERENCE_ARM,
    RIGHTS_AGAINST,
    TABLE_OUTCOMES,
    ArmText,
    Contrast,
    Estimate,
    OutcomeText,
    Regret,
    WeightPreset,
)
from tregua.report.probes import errors, failing, moves
from tregua.report.section import Context, Need, Section, css_string, slug
from tregua.report.verdict import judged

NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")
"""Marks of the sets of weights; letters belong to the two expert priors."""
PRICE = ("homicides", "deaths_by_state", "deaths_in_custody", "arrests_wrongful", "minors_detained")
"""What a verdict never leaves out about the responses it names."""
PRIOR_DRIVEN = 0.5
"""Share of a range from untestable priors at which a response carries the mark P."""


@dataclass(frozen=True)
class Column:
    """One outcome of a table, with the unit and the scale that its cells share."""

    outcome: OutcomeText
    unit: str
    scale: float | None
    domain: tuple[float, float]


def columns(c: Context, decision: str, horizon: int, names: tuple[str, ...], arm: str | None = None) -> list[Column]:
    """Outcomes of a table, each with the range its cells need (of one response, where `arm` is given)."""
    found = []
    for name in names:
        outcome = c.outcomes.get(name)
        rows = [
            row
            for one in ([arm] if arm else c.arms)
            for row in c.effects.get((decision, one, name), ())
            if row.horizon == horizon and row.status == "ok" and (arm or row.reading == "default")
        ]
        if outcome is None or not rows:
            continue
        differences = [row for row in rows if row.arm != REFERENCE_ARM]
        low = min([0.0, *(row.q05 for row in differences)])
        high = max([0.0, *(row.q95 for row in differences)])
        money = kind_of(outcome.unit) == "money"
        key = f"unit.{slug(outcome.unit)}"
        unit = c.words.text("unit.million") if money else c.words.text(key) if key in c.words else outcome.unit
        found.append(Column(outcome, unit, MILLION if money else None, (low, high)))
    return found


def quoted(c: Context, reading: str) -> str:
    """A reading as a sentence names it."""
    return c.words.text("quote", text=c.reading_label(reading))


def column_labels(c: Context, cols: list[Column], regret: bool) -> str:
    """Column names and zeros as style properties: on a narrow screen each cell prints its own name."""
    names = [f"{col.outcome.label.of(c.lang)}, {col.unit}" for col in cols]
    if regret:
        names.append(c.words.text("col.regret"))
    said = [f"--l{place}:{css_string(name)}" for place, name in enumerate(names, start=2)]
    return ";".join([*said, *(f"--z{place}:{zero_of(col.domain):g}" for place, col in enumerate(cols, start=2))])


def side(value: float, harm: str) -> str:
    """Colour class of a difference: more or fewer of what harms; none where the outcome has no direction."""
    if harm == "none" or value == 0:
        return ""
    return "more" if (value > 0) == (harm == "up") else "fewer"


def cell(c: Context, row: Contrast | None, column: Column, *, in_grid: bool = False) -> dict[str, object]:
    """One cell: number, range and graphic; or, where no number may stand, why.

    In a grid of readings a cell tells whether its own reading changes the sign, elsewhere whether any does.
    """
    blank: dict[str, object] = {"outcome": column.outcome, "unit": column.unit}
    if row is None:
        return {**blank, "state": "none"}
    if row.status != "ok":
        return {**blank, "state": row.status}
    kind, harm = kind_of(column.outcome.unit), column.outcome.harm
    if row.arm == REFERENCE_ARM:
        told = c.fmt.estimate(row.estimate, kind, table=True, scale=column.scale)
        number = contrast_number(c, row, told.value, marked=False)
        return {**blank, "state": "level", "num": number, "span": told.span}
    told = c.fmt.estimate(row.estimate, kind, signed=True, table=True, scale=column.scale)
    flips = row.flip if in_grid else bool(c.flips(row.decision, row.horizon, row.arm, row.outcome))
    humps = []
    if row.humps is not None:
        for name, centre in (("lasts", row.humps.centre_lasts), ("fails", row.humps.centre_fails)):
            one = c.fmt.estimate(
                Estimate(centre, mcse=row.mcse, n=row.n), kind, signed=True, table=True, scale=column.scale
            )
            number = contrast_number(c, row, one.value, css=side(centre, harm), marked=False)
            humps.append(c.words.html(f"hump.{name}", d=number))
    return {
        **blank,
        "state": "ok",
        "span": told.span,
        "flip": flips,
        "humps": humps,
        "fall": c.words.html("fall.note", k=c.fmt.of_runs(row.p_fall, row.n)) if row.outcome == "homicides" else "",
        "num": contrast_number(c, row, told.value, css="" if told.is_zero else side(row.q50, harm), marked=False),
        "svg": column_cell(row.q05, row.q50, row.q95, column.domain, harm=harm, humps=row.humps),
    }


def worst_regret(c: Context, decision: str, horizon: int, arm: ArmText) -> list[dict[str, object]]:
    """Largest regret over readings, one line a preset of weights; none for the record."""
    lines: list[dict[str, object]] = []
    for numeral, preset in zip(NUMERALS, c.inputs.weights, strict=False):
        rows = c.regrets.get((decision, horizon, arm.id, preset.id), [])
        if not rows:
            continue
        worst = max(rows, key=lambda row: row.value)
        lines.append({"num": regret_number(c, worst), "letter": numeral})
    return lines


def table(c: Context, decision: str, horizon: int) -> dict[str, Any]:
    """The table of one decision and horizon under the default reading."""
    cols = columns(c, decision, horizon, TABLE_OUTCOMES)
    rows: list[dict[str, Any]] = []
    runs = 0
    for arm in c.inputs.arms:
        found = [c.contrasts.get((decision, horizon, arm.id, "default", col.outcome.id)) for col in cols]
        if not any(found):
            continue
        killings = c.contrasts.get((decision, horizon, arm.id, "default", "homicides"))
        across = c.across_readings(decision, horizon, arm.id, "homicides")
        runs = max([runs, *(row.n for row in found if row is not None and row.status == "ok")])
        prior = killings.prior_share if killings is not None else None
        rows.append(
            {
                "arm": arm,
                "reference": arm.id == REFERENCE_ARM,
                "flips": c.flips(decision, horizon, arm.id),
                "readings": len(across),
                "prior": prior is not None and prior >= PRIOR_DRIVEN,
                "prior_percent": c.fmt.percent(prior) if prior is not None else "",
                "humps": killings.humps if killings is not None and killings.status == "ok" else None,
                "cells": [cell(c, row, col) for row, col in zip(found, cols, strict=True)],
                "regret": worst_regret(c, decision, horizon, arm),
            }
        )
    return {
        "decision": decision,
        "horizon": horizon,
        "columns": cols,
        "labels": column_labels(c, cols, bool(c.inputs.regret)),
        "mark": horizon_mark(decision, horizon),
        "rows": rows,
        "runs": runs,
        "has_regret": any(row["regret"] for row in rows),
        "flips": flip_lines(c, decision, horizon),
        "readings": max((row["readings"] for row in rows), default=0),
        "responses": sum(not row["reference"] for row in rows),
        "unsettled": unsettled(c, decision, horizon),
    }


def flip_lines(c: Context, decision: str, horizon: int) -> list[dict[str, object]]:
    """For each response whose sign changes: under which readings, and to what."""
    lines = []
    for arm in c.inputs.arms:
        flips = c.flips(decision, horizon, arm.id)
        main = c.contrasts.get((decision, horizon, arm.id, "default", "homicides"))
        if not flips or main is None:
            continue
        if main.sign:
            opposite, usual = ("more", "fewer") if main.sign < 0 else ("fewer", "more")
            text = c.words.html(
                "flip.line",
                list=with_numbers(c, flips),
                opposite=c.words.opening(c.words.text(f"word.{opposite}")),
                main=c.words.text(f"word.{usual}"),
            )
        else:
            across = c.across_readings(decision, horizon, arm.id, "homicides")
            fewer, more = (with_numbers(c, [row for row in across if row.sign == side]) for side in (-1, 1))
            text = c.words.html("flip.line.open", main=c.default_reading, fewer=fewer, more=more)
        lines.append({"arm": arm, "text": text})
    return lines


def with_numbers(c: Context, rows: Sequence[Contrast]) -> Markup:
    """Readings by name, each with its number of killings."""
    named = []
    for row in rows:
        told = c.fmt.estimate(row.estimate, signed=True)
        number = contrast_number(c, row, told.value, by_reading=True, css=side(row.q50, "up"))
        named.append(Markup("{} ({})").format(quoted(c, row.reading), number))
    return c.words.listing_html(named)


def unsettled(c: Context, decision: str, horizon: int) -> list[str]:
    """Readings under which nothing may be compared until they are refitted."""
    waiting = {
        row.reading
        for row in c.inputs.contrasts
        if row.decision == decision and row.horizon == horizon and row.status == "refit_needed"
    } | {reading.id for reading in c.inputs.readings if reading.refit == "needed"}
    return [quoted(c, reading.id) for reading in c.inputs.readings if reading.id in waiting]


def grids(c: Context, decision: str) -> list[dict[str, object]]:
    """For each response, every reading with every outcome that must stand beside homicides."""
    horizon = c.main_horizon[decision]
    made = []
    for arm in c.inputs.arms:
        if arm.id == REFERENCE_ARM:
            continue
        cols = columns(c, decision, horizon, BY_READING, arm.id)
        lines = []
        for reading in c.inputs.readings:
            rows = [c.contrasts.get((decision, horizon, arm.id, reading.id, col.outcome.id)) for col in cols]
            killings = c.contrasts.get((decision, horizon, arm.id, reading.id, "homicides"))
            if not any(rows) and reading.refit != "needed":
                continue
            refit = reading.refit == "needed" or (killings is not None and killings.status == "refit_needed")
            lines.append(
                {
                    "reading": reading,
                    "mark": horizon_mark(decision, horizon) if reading.id == "default" else reading_mark(c, reading.id),
                    "refit": refit,
                    "flip": killings is not None and killings.flip,
                    "cells": []
                    if refit
                    else [cell(c, row, col, in_grid=True) for row, col in zip(rows, cols, strict=True)],
                }
            )
        if cols and lines:
            made.append(
                {
                    "arm": arm,
                    "columns": cols,
                    "lines": lines,
                    "labels": column_labels(c, cols, False),
                    "horizon": horizon,
                    "flips": len(c.flips(decision, horizon, arm.id)),
                    "readings": len(c.across_readings(decision, horizon, arm.id, "homicides")),
                }
            )
    return made


def verdict(c: Context, decision: str) -> tuple[list[tuple[Markup, Markup]], bool, list[str]]:
    """Under each preset: who has the least worst regret and where; then the average and on which readings it hangs.

    The second value is True where no preset has a response that is least bad under every reading; the third names the
    responses that the sentences name.
    """
    horizon = c.main_horizon[decision]
    distrusted = {one.id for one in c.inputs.readings if one.label in c.inputs.gate.failed}
    told, settled = [], False
    named: list[str] = []
    for preset in c.inputs.weights:
        rows = c.inputs.regret
        found = judged(
            [r for r in rows if (r.decision, r.horizon, r.weights) == (decision, horizon, preset.id)], distrusted
        )
        if found is None:
            continue
        label = {arm.id: c.words.inside(arm.label.of(c.lang)) for arm in c.inputs.arms}
        named += [found.least, found.average, found.best_there]
        if found.everywhere:
            settled = True
            same = c.words.html("decision.same", w=preset.label.of(c.lang), r1=label[found.least], n=found.readings)
            close = c.words.listing([label[arm] for arm in found.close])
            more = [c.words.html("decision.close", list=close)] if found.close else []
            told.append((same, Markup(" ").join([*more, *price_lines(c, decision, horizon, preset.id)])))
            continue
        first = c.words.html(
            "decision.verdict",
            w=preset.label.of(c.lang),
            r1=label[found.least],
            v=regret_number(c, found.worst),
            reading=quoted(c, found.worst.reading),
            r2=label[found.best_there],
        )
        more = []
        if found.worst.steady is not None:
            more.append(c.words.html("decision.steady", of=c.fmt.of_hundred(found.worst.steady)))
        if found.close:
            more.append(c.words.html("decision.close", list=c.words.listing([label[arm] for arm in found.close])))
        if found.average == found.least:
            more.append(c.words.html("decision.average.same"))
        else:
            more.append(
                c.words.html(
                    "decision.average",
                    r1=label[found.least],
                    r3=label[found.average],
                    low=found.lower,
                    k=found.better,
                    n=found.readings,
                    v=regret_number(c, found.average_worst),
                    reading=quoted(c, found.average_worst.reading),
                )
            )
        for arm in dict.fromkeys(answer for _, answer in found.without):
            left = [quoted(c, reading) for reading, answer in found.without if answer == arm]
            more.append(c.words.html("decision.without", list=c.words.either(left), r=label[arm]))
        if not found.without and found.readings > 1:
            more.append(c.words.html("decision.without.none"))
        if distrusted:
            key = "decision.trusted.same" if found.trusted == found.least else "decision.trusted"
            more.append(c.words.html(key, r=label[found.trusted]))
        more += price_lines(c, decision, horizon, preset.id)
        told.append((first, Markup(" ").join(more)))
    return told, bool(told) and not settled, list(dict.fromkeys(named))


def price_lines(c: Context, decision: str, horizon: int, weights: str) -> list[Markup]:
    """What a year of wrongful detention is taken to weigh, and at which price another response would be least bad."""
    found = next(
        (p for p in c.inputs.prices if (p.decision, p.horizon, p.weights) == (decision, horizon, weights)), None
    )
    if found is None:
        return []
    if found.years is None:
        told = [c.words.html("decision.price.free")]
    else:
        told = [c.words.html("decision.price", y=c.fmt.number(found.years))]
    for key, switch in (("fewer", found.fewer), ("more", found.more)):
        if switch is not None:
            at, arm = switch
            r = c.words.inside(c.arm_label(arm))
            told.append(c.words.html(f"decision.price.{key}", n=c.fmt.estimate(at).value, r=r))
    if found.fewer is None and found.more is None:
        told.append(c.words.html("decision.price.none"))
    return told


def spans(c: Context, decision: str) -> tuple[list[Markup], list[str]]:
    """Which response has the smallest worst regret over other spans than the one shown first; who is named there."""
    main = c.main_horizon[decision]
    answers: dict[tuple[tuple[int, str], ...], list[WeightPreset]] = {}
    for preset in c.inputs.weights:
        held: dict[int, list[Regret]] = {}
        for row in c.inputs.regret:
            if (row.decision, row.weights) == (decision, preset.id):
                held.setdefault(row.horizon, []).append(row)
        found = {horizon: judged(rows) for horizon, rows in sorted(held.items())}
        least = tuple((horizon, one.least) for horizon, one in found.items() if one is not None)
        answers.setdefault(least, []).append(preset)
    told, named = [], []
    for least, presets in answers.items():
        usual = dict(least).get(main)
        parts = []
        for arm in dict.fromkeys(arm for _, arm in least if arm != usual):
            named.append(arm)
            over = c.words.listing([c.words.years(horizon) for horizon, one in least if one == arm])
            parts.append(c.words.text("decision.spans.part", over=over, r=c.words.inside(c.arm_label(arm))))
        if usual is None or not parts:
            continue
        names = c.words.listing([c.words.text("quote", text=one.label.of(c.lang)) for one in presets])
        key = "decision.spans" if len(answers) == 1 else "decision.spans.weights"
        told.append(c.words.html(key, list=c.words.listing(parts), **({"w": names} if len(answers) > 1 else {})))
    if not told and any(len(least) > 1 for least in answers):
        told.append(c.words.html("decision.spans.same"))
    return told, named


def regret_number(c: Context, row: Regret) -> Markup:
    """A regret as a link to the card of its response."""
    first = row.decision.split("_")[0]
    told = c.fmt.estimate(Estimate(row.value, mcse=row.mcse), table=True)
    return c.book.num(slug(f"g-{first}-{row.arm}"), told.value, lambda: regret_card(c, first, row.arm))


def price(c: Context, decision: str, arm: str) -> dict[str, object] | None:
    """What a response that a verdict names changes in deaths and in rights, never one without the other."""
    horizon = c.main_horizon[decision]
    said = []
    for name in PRICE:
        row = c.contrasts.get((decision, horizon, arm, "default", name))
        if row is None or row.status != "ok" or name not in c.outcomes:
            continue
        outcome = c.outcomes[name]
        told = c.fmt.estimate(row.estimate, kind_of(outcome.unit), signed=True, table=True)
        css = "" if told.is_zero else side(row.q50, outcome.harm)
        number = contrast_number(c, row, told.value, css=css, marked=False)
        flips = bool(c.flips(decision, horizon, arm, name))
        span = told.span if name == "homicides" else ""
        said.append({"label": c.words.inside(outcome.label.of(c.lang)), "num": number, "span": span, "flip": flips})
    return {"arm": c.arm_label(arm), "said": said} if len(said) > 1 else None


STEPS = 5
"""Steps of tint of the table of regret."""


def folds(c: Context, decision: str) -> Markup:
    """Under a table: where the sign changes, killings against rights, and regret reading by reading."""
    horizon = c.main_horizon.get(decision)
    if horizon is None:
        return Markup("")
    clouds = [tradeoff_chart(c.inputs, c.words, c.fmt, name, decision, horizon) for name in RIGHTS_AGAINST]
    probed = {"moves": moves(c, decision), "fails": failing(c, decision), "roles": errors(c, decision)}
    return c.html(
        "choices.html.j2",
        question=decision,
        horizon=horizon,
        flips=flips_chart(c.inputs, c.words, c.fmt, decision, horizon, BY_READING)
        if decision == c.inputs.main_horizon[0][0] and not c.inputs.unfinished
        else None,
        clouds=[chart for chart in clouds if chart is not None],
        points=points(c, decision, horizon),
        flipping={arm.id for arm in c.inputs.arms if c.flips(decision, horizon, arm.id)},
        shown={one.arm for one in c.inputs.spots if one.decision == decision},
        **probed,
        asked=asked(c, {name for name, found in probed.items() if found})
        if decision == c.inputs.main_horizon[0][0] and not c.inputs.unfinished
        else [],
        regrets=[block for preset in c.inputs.weights if (block := regrets(c, decision, horizon, preset))],
    )


def asked(c: Context, answered: set[str]) -> list[tuple[str, str]]:
    """Questions that nobody has worked out for this page, each with the command that does."""
    arm = next((a.id for a in c.inputs.arms if a.id != REFERENCE_ARM and not a.record), REFERENCE_ARM)
    options = {"moves": f"--sensitivity {arm}", "fails": f"--fails {arm}", "roles": "--interlocutors"}
    return [
        (f"asked.{name}", f"tregua compare {c.inputs.case.id} {option}")
        for name, option in options.items()
        if name not in answered
    ]


def points(c: Context, decision: str, horizon: int) -> dict[str, object] | None:
    """The points of C7 as a table: homicides with what must stand beside them, and what is beaten on both."""
    held = {
        (one.arm, one.reading, one.outcome): one
        for one in c.inputs.spots
        if (one.decision, one.horizon) == (decision, horizon)
    }
    against = [name for name in RIGHTS_AGAINST if any(key[2] == name for key in held)]
    shown = [c.outcomes[name] for name in BESIDE if name in c.outcomes]
    records = {arm.id for arm in c.inputs.arms if arm.record}
    rows = []
    for arm in c.inputs.arms:
        for reading in c.inputs.stories:
            mine = [held.get((arm.id, reading, name)) for name in against]
            if not any(mine):
                continue
            cells = []
            for outcome in shown:
                row = c.contrasts.get((decision, horizon, arm.id, reading, outcome.id))
                told = None
                if row is not None and row.status == "ok":
                    told = c.fmt.estimate(row.estimate, kind_of(outcome.unit), signed=True, table=True)
                cells.append({"told": told, "flip": row is not None and row.flip})
            rows.append(
                {
                    "arm": arm,
                    "flips": c.flips(decision, horizon, arm.id),
                    "reading": c.words.opening(c.reading_label(reading)),
                    "cells": cells,
                    "beaten": [
                        c.words.text("c7.unbeaten.record")
                        if arm.id in records
                        else c.words.text("unknown.value")
                        if spot is None
                        else c.words.text("c7.unbeaten.yes" if spot.unbeaten else "c7.unbeaten.no")
                        for spot in mine
                    ],
                }
            )
    if not rows:
        return None
    return {"outcomes": shown, "against": [c.outcomes[name] for name in against if name in c.outcomes], "rows": rows}


def regrets(c: Context, decision: str, horizon: int, preset: WeightPreset) -> dict[str, object] | None:
    """C8: responses by readings, tinted in five steps of one hue, with the worst and the evenly weighted mean."""
    held: dict[tuple[str, str], Regret] = {
        (row.arm, row.reading): row
        for row in c.inputs.regret
        if (row.decision, row.horizon, row.weights) == (decision, horizon, preset.id)
    }
    if not held:
        return None
    readings = [one for one in c.inputs.readings if any((arm.id, one.id) in held for arm in c.inputs.arms)]
    most = max(row.value for row in held.values()) or 1.0
    rows, worst = [], {}
    for arm in c.inputs.arms:
        mine = [held.get((arm.id, one.id)) for one in readings]
        known = [row for row in mine if row is not None]
        if not known:
            continue
        largest = max(known, key=lambda row: row.value)
        worst[arm.id] = largest
        mean = sum(row.value for row in known) / len(known)
        error = sum(row.mcse**2 for row in known) ** 0.5 / len(known)
        rows.append(
            {
                "arm": arm.label.of(c.lang),
                "cells": [
                    {
                        "text": c.words.text("unknown.value")
                        if row is None
                        else c.fmt.estimate(Estimate(row.value, mcse=row.mcse), table=True).value,
                        "step": 0 if row is None else min(STEPS, 1 + int(STEPS * row.value / most)),
                    }
                    for row in mine
                ],
                "worst": c.fmt.estimate(Estimate(largest.value, mcse=largest.mcse), table=True).value,
                "mean": c.fmt.estimate(Estimate(mean, mcse=error), table=True).value,
            }
        )
    if not worst:
        return None
    highest = max(worst.values(), key=lambda row: row.value)
    least = min(worst.values(), key=lambda row: row.value)
    caption = c.words.text(
        "c8.alt",
        arm=c.words.inside(c.arm_label(highest.arm)),
        v=c.fmt.estimate(Estimate(highest.value, mcse=highest.mcse), table=True).value,
        reading=quoted(c, highest.reading),
        least=c.words.inside(c.arm_label(least.arm)),
    )
    labels = [c.words.opening(one.label.of(c.lang)) for one in readings]
    return {"preset": preset, "readings": labels, "rows": rows, "caption": caption}


def example(c: Context, made: dict[str, Any]) -> Markup | None:
    """How to read a cell, with a cell of this very table."""
    for row in made["rows"]:
        first = row["cells"][0]
        if not row["reference"] and not row["arm"].record and first["state"] == "ok" and not first["humps"]:
            return c.words.html(
                "legend.read",
                arm=c.words.inside(row["arm"].label.of(c.lang)),
                value=first["num"],
                range=first["span"],
                outcome=c.words.inside(first["outcome"].label.of(c.lang)),
                level="90",
            )
    return None


def changing(c: Context, decision: str) -> Markup | None:
    """What would change the choice, in one line, with the way to section 7; none where nothing was worked out."""
    held = [one for one in c.inputs.findings if one.decision == decision]
    if not held:
        return None
    middle = next((one.weights for one in held if one.kind == "parameter"), held[0].weights)
    told = told_findings(c.inputs, middle)
    if not told:
        return c.words.html("decision.change.none")
    first = next(one for one in told[0] if one.matters)
    weights = next((one.label.of(c.lang) for one in c.inputs.weights if one.id == middle), middle)
    question = finding_title(c.inputs, c.words, first.kind, first.id)
    slots = finding_moves(c.inputs, c.words, first)
    moves = c.words.text("c9.move", **slots)
    return c.words.html("decision.change", w=weights, choice=slots["choice"], question=question, moves=moves)


def short_answer(c: Context, decision: str, named_apart: bool) -> dict[str, object] | None:
    """Verdicts of a decision under one assumption about the gangs' own halt, with the price of who they name."""
    sentences, split, named = verdict(c, decision)
    told, others = spans(c, decision)
    turns = [turn for p in c.inputs.prices if p.decision == decision for turn in (p.fewer, p.more) if turn is not None]
    prices = [
        one for arm in dict.fromkeys([*named, *(arm for _, arm in turns), *others]) if (one := price(c, decision, arm))
    ]
    heading = decision_tab(c, decision) if named_apart else ""
    if not sentences:
        return None
    return {"heading": heading, "verdict": sentences, "split": split, "prices": prices, "spans": told}


def question(c: Context, parts: tuple[str, ...]) -> dict[str, object] | None:
    """One decision with its horizons and, where it has them, its two assumptions about the gangs' own halt."""
    present = [name for name in parts if any(row.decision == name for row in c.inputs.contrasts)]
    if not present:
        return None
    horizons = sorted({row.horizon for row in c.inputs.contrasts if row.decision in present})
    main = c.main_horizon.get(parts[0], horizons[-1])
    tables = [[table(c, name, horizon) for horizon in horizons] for name in present]
    return {
        "id": parts[0],
        "heading": decision_question(c, parts[0]),
        "note": decision_note(c, parts[0]),
        "parts": present,
        "tabs": [decision_tab(c, part) for part in present],
        "horizons": horizons,
        "main": main,
        "tables": tables,
        "prior_known": any(row["prior_percent"] for made in tables for part in made for row in part["rows"]),
        "example": example(c, tables[0][horizons.index(main)]),
        "changing": changing(c, parts[0]),
        "grids": grids(c, parts[0]) if parts[0] in c.main_horizon else [],
        "folds": folds(c, parts[0]),
        "answers": [made for part in present if (made := short_answer(c, part, len(present) > 1))],
    }


def render(c: Context) -> Markup:
    """Every decision of the case."""
    questions = [made for made in (question(c, parts) for parts in parts_of_decisions(c)) if made]
    return c.html("decision.html.j2", section=SECTION, questions=questions, presets=c.inputs.weights, numerals=NUMERALS)


SECTION = Section(
    6,
    "decide",
    "q.decide",
    "short.decide",
    render,
    needs=(
        Need("contrasts", "what.contrasts", "tregua compare"),
        Need("arms", "what.arms"),
        Need("outcomes", "what.outcomes"),
    ),
)
