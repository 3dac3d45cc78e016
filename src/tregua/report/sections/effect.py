"""Section 8: how much recorded homicides changed, apart from the model, with the error that each estimator has."""

from __future__ import annotations

import re
from datetime import date

from markupsafe import Markup

from tregua.effect.check_result import CheckResult, Row
from tregua.effect.results import CertificationLine, EffectResults, EstimateRow
from tregua.report.cards import claims_stop, counted_only
from tregua.report.effect_charts import (
    against_counterfactual,
    both,
    checks_text,
    forest,
    measured_text,
    path_cells,
    people,
    ratio_text,
    thumbnail,
    weight_cell,
)
from tregua.report.num import Card, Stop
from tregua.report.section import Context, Need, Section, slug

KINDS = ("date", "country")


def render(c: Context) -> Markup:
    """Verdict, estimates, whether they agree; folded: the counterfactual, placebos, donors, checks, certification."""
    found = c.inputs.effect
    assert found is not None
    chart = forest(found, c.words, c.fmt)
    path = against_counterfactual(found, c.words, c.fmt, _classes(c)) if found.path else None
    names = {row.estimator: both(row, "name").of(c.lang) for row in reversed(found.estimates)}
    return c.html(
        "effect.html.j2",
        section=SECTION,
        r=found,
        headline=said(found, "headline", c),
        verdict=said(found, "verdict", c).removeprefix(said(found, "headline", c)).strip(),
        agreement=said(found, "agreement", c),
        months=said(found, "months", c),
        reasons=[pair[0 if c.lang == "en" else 1] for pair in found.reasons],
        notes=[pair[0 if c.lang == "en" else 1] for pair in found.notes],
        chart=chart,
        rows=[line(c, found, row) for row in found.estimates],
        path=path,
        path_rows=[path_cells(row, c.fmt) for row in found.path],
        galleries=[gallery for gallery in (_gallery(c, found, kind) for kind in KINDS) if gallery],
        donors=_donors(c, found),
        checks=_checks(c, found.checks, names),
        certification=[_certified(c, row, names) for row in found.certification],
        made=_made(c, found.certification),
    )


def said(found: EffectResults, name: str, c: Context) -> str:
    """A sentence of the results in the language of the page."""
    return both(found, name).of(c.lang)


def line(c: Context, found: EffectResults, row: EstimateRow) -> dict[str, object]:
    """One row of the table: every ratio is a door."""
    value, span = ratio_text(row, c.fmt)
    card = slug(f"e-{row.id}")
    fewer = ""
    if row.fewer is not None and row.fewer_lo is not None and row.fewer_hi is not None:
        fewer = f"{people(row.fewer, c.fmt)} [{people(row.fewer_lo, c.fmt)};\u00a0{people(row.fewer_hi, c.fmt)}]"
    note = both(row, "note").of(c.lang)
    if row.method == "laplace":
        note = "; ".join(part for part in (c.words.text("effect.fast"), note) if part)
    return {
        "row": row,
        "name": both(row, "name").of(c.lang),
        "span": c.fmt.span(date.fromisoformat(row.start), date.fromisoformat(row.end)),
        "value": c.book.num(card, value, lambda: _card(c, found, row), css="observed") if value else None,
        "range": span,
        "fewer": fewer,
        "checks": checks_text(row, c.words),
        "measured": measured_text(row, c.words, c.fmt, verdict=False),
        "worlds": c.fmt.number(row.worlds) if row.worlds else "",
        "note": note,
        "reason": both(row, "reason").of(c.lang),
        "remedy": both(row, "remedy").of(c.lang),
    }


def _card(c: Context, found: EffectResults, row: EstimateRow) -> Card:
    """What stands behind one estimate: no model, no simulated history of the truce."""
    value, span = ratio_text(row, c.fmt)
    start, end = date.fromisoformat(row.start), date.fromisoformat(row.end)
    number = c.words.html(
        "card.estimate.ratio",
        value=value,
        span=span,
        exact=c.fmt.number(row.ratio or 1.0, 0.0001),
        days=c.fmt.span(start, end),
        measured=measured_text(row, c.words, c.fmt) or c.words.text("effect.elsewhere"),
    )
    if row.other_counts:
        number = Markup("{} {}").format(number, c.words.html("effect.other"))
    # checks are of the stated window: rows of other windows have none of their own
    own = [check for check in found.checks if check.estimator == row.estimator] if row.checks_counted else []
    note = "" if row.status == "published" else both(row, "note").of(c.lang)
    how = c.words.text(f"effect.how.{row.estimator}")
    effect = c.html("card_estimate.html.j2", row=row, method=how, note=note, checks=own)
    counts = Markup("<p>{}</p>").format(
        c.words.html("card.estimate.series", n=found.counts, who=", ".join(found.institutions))
    )
    if c.inputs.observations:  # without them the counts are somebody's own, which no page lists
        counts += Markup('<p><a href="#{}">{}</a></p>').format(c.ident("counts"), c.words.html("counts.all"))
    if row.estimator == "synthetic_control":
        counts = Markup("<p>{}</p>").format(c.words.html("card.estimate.rates"))
    if row.status == "published":
        counts = Markup("<p>{}</p>").format(c.words.html("card.estimate.published", note=both(row, "note").of(c.lang)))
    outcome = c.outcomes.get("homicides_recorded") or c.outcomes.get("homicides")
    libraries = ", ".join(f"{name} {version}" for name, version in found.versions)
    runs = c.words.html(
        "card.estimate.runs", command=f"tregua effect {c.inputs.case.id}", seed=found.seed, libraries=libraries
    )
    return Card(
        slug(f"e-{row.id}"),
        c.words.text("card.estimate.title", name=both(row, "name").of(c.lang)),
        (
            Stop(Markup("<p>{}</p>").format(number)),
            Stop(effect),
            Stop(counts),
            claims_stop(c, outcome.claims if outcome else ()),
            Stop(c.words.html("stop.mechanism.estimate"), applies=False),
            Stop(Markup("<p>{}</p>").format(runs)) if row.status != "published" else counted_only(c, "runs"),
        ),
    )


def _classes(c: Context) -> dict[tuple[str, str], str]:
    """Class of institution by the ends of each span that the page draws."""
    return {
        (start.isoformat(), end.isoformat()): row.institution_class
        for row in c.inputs.observations
        if row.use in ("fit", "score")
        for start, end in row.spans
    }


def _gallery(c: Context, found: EffectResults, kind: str) -> dict[str, object] | None:
    """Pictures of the largest placebos of a kind, and the place of the truth among all of them."""
    own = [row for row in found.placebos if row["kind"] == kind]
    if not own:
        return None
    limit = max(0.1, *(abs(float(str(v))) for row in own for _, _, v in _path(row)))
    real = next(row for row in own if row["real"])
    countries = {donor.name: donor.name_in(c.lang) for donor in found.donors}
    shown = []
    for row in own:
        label = str(row["label"])
        name = c.fmt.day(date.fromisoformat(label)) if kind == "date" else countries.get(label, label)
        ratio = c.fmt.number(float(str(row["ratio"])), 0.01)
        told = c.words.text("c12.thumb", name=name, ratio=ratio, rank=row["rank"])
        shown.append(
            {
                "name": name,
                "ratio": ratio,
                "rank": row["rank"],
                "real": row["real"],
                "svg": thumbnail(row, limit, told),
            }
        )
    tried = next((k.figure for k in found.checks if k.figure and k.figure[0].get("kind") == kind), tuple(own))
    return {"kind": kind, "rows": shown, "rank": real["rank"], "n": max(len(tried), len(own))}


def _path(row: Row) -> list[list[str | float]]:
    path = row["path"]
    assert isinstance(path, list)
    return path


def _donors(c: Context, found: EffectResults) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for donor in sorted(found.donors, key=lambda d: (not d.used, -(d.weight or 0.0), d.name)):
        told = svg = None
        if donor.weight is not None and donor.lo is not None and donor.hi is not None:
            weight, lo, hi = (c.fmt.number(value, 0.01) for value in (donor.weight, donor.lo, donor.hi))
            told = f"{weight} [{lo};\u00a0{hi}]"
            svg = weight_cell(donor.weight, donor.lo, donor.hi)
        rows.append(
            {
                "name": donor.name_in(c.lang),
                "weight": told,
                "svg": svg,
                "reason": both(donor, "reason").of(c.lang),
            }
        )
    return rows


def _checks(c: Context, checks: tuple[CheckResult, ...], names: dict[str, str]) -> list[dict[str, object]]:
    """Checks by estimator, failures first."""
    order = ("failed", "passed", "informational", "not_applicable")
    out: list[dict[str, object]] = []
    for estimator in dict.fromkeys(check.estimator for check in checks):
        own = sorted((k for k in checks if k.estimator == estimator), key=lambda k: order.index(k.result))
        rows = [
            {
                "result": k.result,
                "title": both(k, "title").of(c.lang),
                "text": both(k, "sentence").of(c.lang),
            }
            for k in own
        ]
        out.append({"name": names.get(estimator, estimator), "rows": rows})
    return out


def _certified(c: Context, row: CertificationLine, names: dict[str, str]) -> dict[str, object]:
    base, _, full = row.estimator.partition(".")
    name = names.get(base, base)
    return {
        "name": f"{name}, {c.words.text('effect.full')}" if full else name,
        "process": both(row, "process").of(c.lang),
        "measure": c.words.text(f"effect.measure.{row.measured}"),
        "share": c.fmt.number(row.share, 0.01),
        "range": f"[{c.fmt.number(row.lo, 0.01)};\u00a0{c.fmt.number(row.hi, 0.01)}]",
        "worlds": c.fmt.number(row.worlds, table=True),
        "failed": c.fmt.number(row.failed) if row.failed else "",
    }


def _made(c: Context, lines: tuple[CertificationLine, ...]) -> dict[str, object] | None:
    if not lines:
        return None
    return {
        "date": date.fromisoformat(max(row.date for row in lines)),
        "seed": lines[0].seed,
        "machine": "; ".join(dict.fromkeys(_machine(c, row.machine) for row in lines if row.machine)),
        "model": next((row.model for row in lines if row.model), ""),
    }


def _machine(c: Context, told: str) -> str:
    """A machine as certification wrote it down, its cores in the words of this language."""
    return re.sub(r"(\d+) cores\b", lambda found: c.words.text("effect.cores", n=found[1]), told)


SECTION = Section(
    8, "effect", "q.effect", "short.effect", render, needs=(Need("effect", "what.effect", "tregua effect"),)
)
