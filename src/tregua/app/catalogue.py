"""What the page needs to know of the case before anything is run: levers, responses, readings, outcomes, counts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tregua import __version__
from tregua.app.laboratory import OUTCOMES_KEPT
from tregua.app.scenario import LEAST_PAST, horizon_of
from tregua.app.sheet import GUESSED, MOST_CLAIMS, MOST_SETTINGS, ROLES
from tregua.app.telling import CHARTED
from tregua.app.weighing import REFERENCE, form
from tregua.explore.experiment import STORIES
from tregua.explore.uncertainty import draw_source
from tregua.model.levers import LEVERS
from tregua.model.outcomes import OUTCOMES
from tregua.report.catalogue import LANGUAGES, Catalogue, strings
from tregua.report.format import STYLES
from tregua.report.gather import LEVER_LABELS, OUTCOME_LABELS, events, facts, gate_of, observations
from tregua.report.inputs import TABLE_OUTCOMES, Beside, Bilingual, ClaimView, undirected
from tregua.report.panel import LONG_SPAN_DAYS
from tregua.report.strips import LANES
from tregua.report.theme import arm_mark

if TYPE_CHECKING:
    from tregua.app.laboratory import Laboratory
    from tregua.case.load import Case

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("talks", ("contact", "concession", "commitment", "legal", "transparency", "bargain_extortion")),
    ("force", ("arrests", "conditional", "lethal")),
    ("justice", ("sanction", "prosecute_brokers", "prosecute_principals")),
    ("programmes", ("offer", "programme")),
    ("politics", ("pacts", "opposition", "endogenous_state")),
    ("gangs", ("own_halt", "weariness")),
)
"""Levers by who holds them. The last group is no policy: what the gangs do of themselves, as an assumption."""
PRIORS = ("brokers_genuine", "default", "brokers_agents")
"""The civil-society prior, the neutral one between, the law-enforcement prior."""
WHOLE = ("endogenous_state",)
DRAWN = ("fit", "score")
"""Uses of a count for which it is drawn on the first page."""


def both(en: str, es: str) -> dict[str, str]:
    """A text in the two languages."""
    return {"en": en, "es": es}


def evidence_of(case: Case, lever: str) -> tuple[float, float]:
    """Lowest and highest value that the record of the case reached: beyond them nobody has seen what follows."""
    values = [value for _, value in case.history.paths.get(lever, ())] or [0.0]
    return min(values), max(values)


def slider_end(case: Case, lever: str, upper: float) -> float:
    """Right end of a slider: above every response and the record, not beyond the lever's range."""
    reached = [evidence_of(case, lever)[1]]
    reached += [arm.sets.get(lever, 0.0) for point in case.decisions.values() for arm in point.arms.values()]
    highest = max(reached)
    if upper <= 5.0:
        return upper
    return min(upper, float(-(-int(highest * 1.25) // 5) * 5 or 5))


def counters(case: Case) -> dict[str, dict[str, str]]:
    """Who made the counts that are drawn, by the mark they are drawn with, as the report names them."""
    names: dict[str, dict[str, None]] = {"police": {}, "forensic": {}, "other": {}, "derived": {}}
    for row in observations(case):
        if row.use in DRAWN:
            mark = row.institution_class if row.basis == "stated" else "derived"
            names[mark][undirected(row.institution.removesuffix(" preliminary"))] = None
    said = {lang: Catalogue(lang) for lang in LANGUAGES}
    return {
        mark: {lang: words.listing([words.institution(one) for one in found]) for lang, words in said.items()}
        for mark, found in names.items()
        if found
    }


def words_view() -> dict[str, dict[str, str]]:
    """The strings that the page itself says."""
    own = (
        "app.", "harm.", "fit.", "key.", "lane.", "diff.", "runs.", "lever.", "flip.", "band.", "loading", "error.",
        "decision.", "unit.", "axis.", "month.", "priors.", "cause.", "story.", "reading.", "two.", "argue", "nav.",
        "workshop.", "years.", "col.", "stop.", "card.close", "language.name", "prior.only", "gate.", "of.",
        "refit.", "draws.chip", "quote.app", "span.days", "events.all", "notice.limits", "cell.", "limits.",
        "unknown.", "q.", "legend.", "hump.", "claim.reply", "claim.outcome",
    )  # fmt: skip
    return {lang: {key: text for key, text in strings(lang).items() if key.startswith(own)} for lang in LANGUAGES}


def case_view(case: Case, laboratory: Laboratory) -> dict[str, Any]:
    """Everything that is fixed while the app runs, as plain data."""
    here = facts(case)
    gate = gate_of(laboratory.experiment.source)
    levers = {lever.id: lever for lever in LEVERS}
    sourced: dict[str, list[dict[str, Any]]] = {name: [] for name in levers}
    for row in case.lever_sources:
        sourced.setdefault(row.lever, []).append(
            {"date": row.date.isoformat(), "value": row.value, "source": row.source, "basis": row.basis}
        )
    texts = {lang: strings(lang) for lang in LANGUAGES}

    def labelled(prefix: str, id: str, en: str, es: str) -> dict[str, str]:
        return both(texts["en"].get(f"{prefix}.{id}", en), texts["es"].get(f"{prefix}.{id}", es))

    return {
        "id": case.id,
        "title": both(case.title_en, case.title_es),
        "digest": case.digest,
        "model": laboratory.experiment.origin.model,
        "version": __version__,
        "seed": laboratory.seed,
        "draw_source": draw_source(case),
        "gate": {"state": gate.state, "reason": both(gate.reason.en, gate.reason.es)},
        "number_style": {
            lang: vars_of(STYLES[case.number_style if lang == "es" and case.number_style in STYLES else lang])
            for lang in LANGUAGES
        },
        "reference": REFERENCE,
        "counters": counters(case),
        "start": case.start.isoformat(),
        "fit_end": here.fit_end.isoformat(),
        "figures_end": here.end.isoformat(),
        "break_day": here.break_day.isoformat(),
        "break_label": both(here.break_label.en, here.break_label.es),
        "stages": laboratory.stages,
        "long_span_days": LONG_SPAN_DAYS,
        "lanes": LANES,
        "stories": [reading for reading in STORIES if reading in case.readings],
        "priors": [reading for reading in PRIORS if reading in case.readings],
        "groups": [{"id": id, "levers": list(names)} for id, names in GROUPS],
        "levers": [
            {
                "id": lever.id,
                "unit": lever.unit,
                "lower": lever.lower,
                "upper": lever.upper,
                "slider": slider_end(case, lever.id, lever.upper),
                "step": 1.0 if lever.id in WHOLE else 0.01 if lever.upper <= 2 else 0.05 if lever.upper <= 5 else 0.5,
                "label": both(*LEVER_LABELS[lever.id]),
                "meaning": both(lever.meaning_en, lever.meaning_es),
                "claims": list(lever.claims),
                "evidence": list(evidence_of(case, lever.id)),
                "history": sourced[lever.id],
            }
            for lever in LEVERS
        ],
        "decisions": [
            {
                "id": point.id,
                "day": (case.start + timedelta(days=point.day)).isoformat(),
                "label": both(*(texts[lang].get(f"decision.{point.id}", point.id) for lang in LANGUAGES)),
                "question": both(*(texts[lang].get(f"decision.{point.id}.question", point.id) for lang in LANGUAGES)),
                "years": horizon_of(point),
                "first": (case.start + timedelta(days=LEAST_PAST)).isoformat(),
                "months": [
                    (case.start + timedelta(days=day)).isoformat() for day in laboratory.calendars[point.id].months
                ],
                "readings": laboratory.readings(point.id),
                "arms": [
                    {
                        "id": arm.id,
                        "label": both(arm.label_en, arm.label_es),
                        "meaning": both(arm.meaning_en, arm.meaning_es),
                        "record": arm.record,
                        "sets": dict(arm.sets),
                        "dash": list(arm_mark(arm.id).dash),
                    }
                    for arm in point.arms.values()
                ],
            }
            for point in case.decisions.values()
        ],
        "readings": [
            {
                "id": reading.id,
                "label": labelled("reading", reading.id, reading.meaning_en, reading.meaning_es),
                "meaning": both(reading.meaning_en, reading.meaning_es),
                "refitted": reading.refit and not reading.needs_refit,
                "needs_refit": reading.needs_refit,
            }
            for reading in case.readings.values()
        ],
        "weighing": form(OUTCOME_LABELS),
        "roles": ROLES,
        "guessed": GUESSED,
        "most": {"settings": MOST_SETTINGS, "claims": MOST_CLAIMS},
        "outcomes": [
            {
                "id": id,
                "label": both(*OUTCOME_LABELS.get(id, (OUTCOMES[id].meaning_en, OUTCOMES[id].meaning_es))),
                "meaning": both(OUTCOMES[id].meaning_en, OUTCOMES[id].meaning_es),
                "unit": OUTCOMES[id].unit,
                "flow": OUTCOMES[id].kind == "flow",
                "harm": OUTCOMES[id].harm,
                "charted": id in CHARTED,
                "table": id in TABLE_OUTCOMES,
            }
            for id in OUTCOMES_KEPT
        ],
        "observations": [
            {
                "spans": [[a.isoformat(), b.isoformat()] for a, b in row.spans],
                "count": row.count,
                "days": row.days,
                "rate": row.rate,
                "who": row.institution,
                "class": row.institution_class,
                "basis": row.basis,
                "use": row.use,
                "sources": list(row.sources),
            }
            for row in observations(case)
            if row.use in DRAWN
        ],
        "events": [
            {
                "day": event.day.isoformat(),
                "precision": event.precision,
                "lane": event.lane,
                "label": both(event.label.en, event.label.es),
                "sources": list(event.sources),
                "rank": event.rank,
            }
            for event in sorted(events(case), key=lambda event: event.day)
        ],
        "history": {
            name: [[(case.start + timedelta(days=day)).isoformat(), value] for day, value in path]
            for name, path in case.history.paths.items()
        },
    }


def claim_view(claim: ClaimView) -> dict[str, Any]:
    """A claim in few words, with everything that has to stand beside it: asserter, status, reply, outcome."""

    def said(one: Bilingual) -> dict[str, str]:
        return both(one.of("en"), one.of("es"))

    def beside(rows: tuple[Beside, ...]) -> list[dict[str, Any]]:
        return [{"id": one.id, "chips": [said(chip) for chip in one.chips], "text": said(one.text)} for one in rows]

    return {
        "id": claim.id,
        "asserter": said(claim.asserter),
        "parts": [
            {
                "chips": [said(chip) for chip in part.chips],
                "text": said(part.text),
                "hedged": said(part.hedged),
                "caveat": said(part.caveat),
            }
            for part in claim.parts
        ],
        "replies": beside(claim.replies),
        "reply_note": said(claim.reply_note),
        "outcomes": beside(claim.outcomes),
        "outcome_note": said(claim.outcome_note),
        "disputed": claim.disputed,
    }


def vars_of(style: Any) -> dict[str, Any]:
    """How digits are grouped, for the few numbers that the browser writes itself."""
    return {"group": style.chart_group, "decimal": style.decimal}
