"""Fill the inputs of the page from a case, its runs and the model's declarations; type nothing that can be computed."""

from __future__ import annotations

import inspect
import platform
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from tregua import __version__
from tregua.calibrate.coverage import bands as month_bands
from tregua.calibrate.coverage import coverages
from tregua.calibrate.history import Histories, read_histories
from tregua.calibrate.pattern import beside_priors
from tregua.calibrate.patterns import OUTCOMES_USED, patterns
from tregua.calibrate.quantile import quantiles
from tregua.calibrate.score import Score, difference, scores
from tregua.calibrate.validation import before_shares
from tregua.effect.results import EffectResults, load_results
from tregua.errors import StoreError
from tregua.explore.contrast import contrasts, differences
from tregua.explore.experiment import STORIES, WITHOUT_FORCE, Experiment, anniversary, later_force
from tregua.explore.humps import humps_of
from tregua.explore.regret import OUTCOME_PRESETS, PRICED, BreakEven, Switch, break_even, regret, utilities
from tregua.ledger import Ledger
from tregua.model.declare import FITTED, MECHANISMS, VARIED
from tregua.model.levers import LEVERS
from tregua.model.outcomes import OUTCOMES
from tregua.model.policies import REFERENCE_ARM
from tregua.report.calibration import calibration_of
from tregua.report.catalogue import strings
from tregua.report.decision_text import WRITTEN_FOR
from tregua.report.gather_evidence import findings, spots
from tregua.report.gather_ledger import claim_views, claims_about, ledger_of, ledger_text
from tregua.report.gather_months import changes, figures, month_quantiles, side_histories
from tregua.report.gather_places import departments, outlines
from tregua.report.inputs import (
    TABLE_OUTCOMES,
    ArmText,
    Band,
    Bilingual,
    CaseFacts,
    Contrast,
    Coverage,
    DecisionText,
    Estimate,
    Event,
    Gate,
    Headline,
    Humps,
    LaterForce,
    LeverPath,
    MechanismText,
    Observation,
    OutcomeText,
    ParameterText,
    Pattern,
    Price,
    Provenance,
    ReadingText,
    Regret,
    Reported,
    ReportInputs,
    SourceRow,
    SpanCount,
    TargetRow,
    WeightPreset,
    family_of,
)
from tregua.report.probes import failing_of, roles_of, sensitivity_of
from tregua.runs.cube import Cube
from tregua.runs.query import cube as read_cube
from tregua.series.catalogue import exact_total
from tregua.series.span import Span, whole_month_from

if TYPE_CHECKING:
    from tregua.case.draws import DrawSource
    from tregua.case.load import Case
    from tregua.explore.contrast import Contrasts
    from tregua.runs.shard import Shard
    from tregua.runs.store import Store

RECORD_OUTCOMES = tuple(dict.fromkeys((*OUTCOMES_USED, "homicides_recorded", "extortion_paid", "command")))
FORCE_TOLD = ("homicides", "deaths_by_state", "arrests_wrongful")
"""What is told of the record without its later force."""
STRIP = ("contact", "concession", "lethal")
OUTCOME_LABELS: Mapping[str, tuple[str, str]] = {
    "homicides": ("Homicides", "Homicidios"),
    "deaths_by_state": ("Killed by the state", "Muertes por el Estado"),
    "deaths_in_custody": ("Deaths in custody", "Muertes en custodia"),
    "arrests_wrongful": ("Wrongful arrests", "Capturas equivocadas"),
    "minors_detained": ("Minors detained", "Menores detenidos"),
    "extortion_paid": ("Paid by victims", "Pagado por víctimas"),
    "votes_deliverable": ("Votes deliverable", "Votos entregables"),
    "command": ("Leaders’ hold on cliques", "Mando de los jefes sobre las clicas"),
}
LEVER_LABELS: Mapping[str, tuple[str, str]] = {
    "contact": ("contact", "contacto"),
    "concession": ("concession", "concesión"),
    "lethal": ("lethal force", "fuerza letal"),
    "commitment": ("commitment", "compromiso"),
    "legal": ("legal frame", "marco legal"),
    "transparency": ("transparency", "transparencia"),
    "offer": ("offer", "oferta"),
    "programme": ("programme", "programas"),
    "opposition": ("opposition", "oposición"),
    "arrests": ("arrests", "capturas"),
    "conditional": ("conditional", "condicionado"),
    "sanction": ("sanctions", "sanciones"),
    "prosecute_brokers": ("brokers prosecuted", "procesos a mediadores"),
    "prosecute_principals": ("officials prosecuted", "procesos a funcionarios"),
    "pacts": ("pacts", "pactos"),
    "own_halt": ("own halt", "alto propio"),
    "endogenous_state": ("state may leave", "Estado puede soltar"),
    "weariness": ("weariness", "cansancio"),
    "bargain_extortion": ("bargain on extortion", "trato sobre extorsión"),
}
MECHANISMS_BY_OUTCOME: Mapping[str, tuple[str, ...]] = {
    "homicides": ("contest", "retaliation", "repression", "compliance"),
    "homicides_recorded": ("recording", "contest"),
    "deaths_by_state": ("repression",),
    "deaths_in_custody": ("prison",),
    "arrests_wrongful": ("repression", "prison"),
    "minors_detained": ("repression",),
    "extortion_paid": ("extortion",),
    "votes_deliverable": ("politics", "capital"),
    "command": ("command",),
    "extortion_reports": ("extortion", "recording"),
    "gang_income": ("extortion", "capital"),
    "disappearance_reports": ("recording",),
    "members_imprisoned": ("prison", "repression"),
    "members_active": ("membership",),
    "capital_bonding": ("capital",),
    "capital_political": ("capital", "politics"),
    "capital_criminal": ("capital", "extortion"),
    "adherence": ("adherence",),
    "compliance": ("compliance",),
    "support": ("politics",),
    "betrayal": ("betrayal",),
}


def both(en: str, es: str) -> Bilingual:
    """A text in two languages, first letter as given."""
    return Bilingual(en, es)


def short(key: str, en: str, es: str) -> Bilingual:
    """A short label where the locale holds one for this key, the case's own words otherwise."""
    return both(strings("en").get(key, en), strings("es").get(key, es))


def facts(case: Case) -> CaseFacts:
    """The case as the page names it; the figures end with the last month that is drawn."""
    marks = case.observations.marks()
    last = max((mark.end for mark in marks), default=case.end)
    decision = next(iter(case.decisions.values()), None)
    day = case.start + timedelta(days=decision.day) if decision else case.start
    event = next((e for e in case.events if e.span.start == day), None)
    told = (event.text_en, event.text_es) if event else ("the decision", "la decisión")
    label = short(f"break.{case.id}", *told)
    return CaseFacts(
        case.id,
        both(case.title_en, case.title_es),
        case.start,
        last,
        case.fit_end or case.end,
        day,
        label,
        case.number_style,
    )


def observations(case: Case) -> tuple[Observation, ...]:
    """Counts that are drawn (the pieces of the fit, the scored months) and alternatives that are listed."""
    out = []
    groups = (
        (case.observations.fit_pieces(), "fit"),
        (case.observations.scored(), "score"),
        (case.observations.filter(measure="homicides", use={"alternative"}), "alternative"),
    )
    for counts, use in groups:
        for o in counts:
            value = getattr(o, "value", None)
            if value is None or not o.spans:
                continue
            kind = o.institution_class
            basis = "derived" if kind == "derived" else o.basis
            group: Any = kind if kind in ("police", "forensic") else "other"
            how: Any = basis if basis in ("stated", "subtraction") else "derived"
            purpose: Any = use
            out.append(
                Observation(
                    o.id,
                    tuple((s.start, s.end) for s in o.spans),
                    float(value),
                    o.institution,
                    group,
                    how,
                    purpose,
                    o.sources,
                    getattr(o, "arithmetic", "") if basis != "stated" else "",
                )
            )
    return tuple(out)


def events(case: Case) -> tuple[Event, ...]:
    """The chronology; events on which a lever changes are the telling ones."""
    changes = [row.date for row in case.lever_sources if row.date > case.start]
    ranked = [e for e in case.events if any(e.span.start == day for day in changes)]
    ranked += [e for e in case.events if e.lane in ("truce", "elections") and e not in ranked]
    rank = {id(e): i + 1 for i, e in enumerate(ranked)}
    return tuple(
        Event(e.span.start, e.precision, e.lane, both(e.text_en, e.text_es), e.sources, rank.get(id(e)))  # type: ignore[arg-type]
        for e in case.events
    )


def levers(case: Case) -> tuple[LeverPath, ...]:
    """The recorded paths of all levers that ever move."""
    out = []
    for lever in LEVERS:
        path = case.history.paths.get(lever.id, ())
        if len(path) < 2:
            continue
        steps = tuple((case.start + timedelta(days=day), value) for day, value in path)
        top = max(1.0, *(value for _, value in path))
        out.append(LeverPath(lever.id, both(*LEVER_LABELS[lever.id]), top, steps, lever.id in STRIP))
    return tuple(out)


def span_count(counts: Sequence[Any], span: Span) -> SpanCount | None:
    """Homicides of these days by whole counts, or None."""
    total = exact_total(counts, span.start, span.end)
    return None if total is None else SpanCount(float(total), span.start, span.end)


def truce_years(case: Case, break_day: date) -> tuple[Span, Span]:
    """The year before and the first truce year, as every sentence of the page means them.

    The truce year begins with the first whole month after the break, since counts come by months. The year before ends
    with the month before the break or, where counts do not tell it apart, is the calendar year before.
    """
    month, following = break_day.replace(day=1), whole_month_from(break_day)
    truce = Span(following, following.replace(year=following.year + 1) - timedelta(days=1))
    before = Span(date(month.year - 1, month.month, 1), month - timedelta(days=1))
    calendar = Span.of_year(month.year - 1)
    pieces = counted(case)
    if span_count(pieces, before) is None and span_count(pieces, calendar) is not None:
        return calendar, truce
    return before, truce


def counted(case: Case) -> list[Any]:
    """Whole counts of homicides, each day in one of them."""
    return [*case.observations.fit_pieces(), *case.observations.scored()]


def headline(case: Case, years: tuple[Span, Span], payments: Any, before: Any, after: Any) -> Headline | None:
    """Counted homicides of the year before and of the first truce year, by whole counts of the partition."""
    counts = counted(case)
    prior, truce = (span_count(counts, year) for year in years)
    if prior is None or truce is None:
        return None
    highest = max(counts, key=lambda c: c.value / sum(s.days for s in c.spans))
    span = highest.spans[0]
    return Headline(
        prior, truce, SpanCount(highest.value, span.start, span.end), payments, before, after, ("C41", "C61"),
        reported(case, years),
    )  # fmt: skip


def reported(case: Case, years: tuple[Span, Span]) -> Reported:
    """Extortion as it was reported to institutions: the change within the truce, and the years around it."""
    rows = [o for o in case.observations if o.use != "excluded" and o.spans and not (o.gang or o.area)]
    ratios = [
        o for o in rows if o.measure == "extortion_reports_ratio" and o.spans[0].start.year == years[1].start.year
    ]
    told = max(ratios, key=lambda o: sum(span.days for span in o.spans), default=None)
    counts = [o for o in rows if o.measure == "extortion_reports" and o.spans == (Span.of_year(o.spans[0].start.year),)]
    pairs = [
        (one, two)
        for one in counts
        for two in counts
        if one.institution == two.institution
        and one.spans[0].end <= years[0].end
        and two.spans[0].start > years[1].start
    ]
    nearest = min(pairs, key=lambda pair: pair[1].spans[0].start - pair[0].spans[0].start, default=())
    before, after = (SpanCount(o.value, o.spans[0].start, o.spans[0].end) for o in nearest) if nearest else (None, None)
    return Reported(
        told.value if told else None,
        (told.spans[0].start, told.spans[-1].end) if told else None,
        before,
        after,
        tuple(dict.fromkeys(key for o in (*([told] if told else []), *nearest) for key in o.sources)),
    )


def arms(case: Case) -> tuple[ArmText, ...]:
    """Responses in their fixed order."""
    out: dict[str, ArmText] = {}
    for decision in case.decisions.values():
        for arm in decision.arms.values():
            out.setdefault(
                arm.id,
                ArmText(arm.id, both(arm.label_en, arm.label_es), both(arm.meaning_en, arm.meaning_es), arm.record),
            )
    return tuple(out.values())


def reading_label(case: Case, reading: str) -> Bilingual:
    """A reading in a few words."""
    # Every case has a default reading, and each means something else by it.
    key = f"reading.{reading}" if case.id == WRITTEN_FOR or reading != "default" else ""
    return short(key, case.readings[reading].meaning_en, case.readings[reading].meaning_es)


def readings(
    case: Case, told: Mapping[str, Score], ledger: Ledger | None = None, validated: Mapping[str, Any] | None = None
) -> tuple[ReadingText, ...]:
    """Readings in their fixed order, with what each sets, and which of them the fitted counts tell apart.

    Parameters
    ----------
    told : mapping
        Scores of these runs, the first story first.
    validated : mapping, optional
        ``readings`` of a validation of the same posteriors: where it holds a story, that is its score and difference,
        so that one page has one figure of each.
    """
    known = validated or {}
    pairs = {(a, b): difference(told[a], told[b]) for a in told for b in told if a != b}
    first = next(iter(told), "")
    apart = {pair for pair, gap in pairs.items() if gap.apart}
    for name in told if next(iter(known), None) == first else ():
        if name in known and name != first:
            change = apart.add if known[name]["apart"] else apart.discard
            change((name, first))
            change((first, name))
    out = []
    for reading in case.readings.values():
        changes = [(name, f"{value:g}") for name, value in reading.sets.items()]
        changes += [(name, f"× {value:g}") for name, value in reading.scales.items()]
        changes += [
            (name, "; ".join(f"{(case.start + timedelta(days=day)).isoformat()} {value:g}" for day, value in path))
            for name, path in reading.paths.items()
        ]
        score = error = less = None
        if reading.id in told:
            own = told[reading.id]
            score, error = own.value, own.error
            if reading.id != first:
                less = Estimate(pairs[reading.id, first].value, mcse=pairs[reading.id, first].error)
            if reading.id in known and next(iter(known)) == first:
                row = known[reading.id]
                score, error = row["score"], row["error"]
                less = less and Estimate(row["less_first"], mcse=row["less_first_error"])
        told_from = tuple(other for other in told if (reading.id, other) in apart)
        claims = claims_about(ledger, "reading", [reading.id])
        meaning = both(reading.meaning_en, reading.meaning_es)
        label = reading_label(case, reading.id)
        state = "needed" if reading.needs_refit else "done" if reading.refit else "no"
        out.append(
            ReadingText(reading.id, label, meaning, state, score, error, less, told_from, tuple(changes), claims)  # type: ignore[arg-type]
        )
    return tuple(out)


def outcomes(case: Case, ledger: Ledger | None = None) -> tuple[OutcomeText, ...]:
    """Outcomes with the figures that each meets and the claims that bear on it.

    Homicides, recorded and hidden, rest on what was said of the recorded ones too.
    """
    out = []
    for outcome in OUTCOMES.values():
        mechanisms = MECHANISMS_BY_OUTCOME.get(outcome.id, ())
        targets = tuple(
            TargetRow(t.value, outcome.unit, t.spans[0].start, t.spans[-1].end, "", "fit", t.sources)
            for t in case.targets
            if t.measure == outcome.id
        )
        about = (outcome.id, "homicides_recorded") if outcome.id == "homicides" else (outcome.id,)
        claims = claims_about(ledger, "outcome", about)
        label = OUTCOME_LABELS.get(outcome.id, (outcome.meaning_en, outcome.meaning_es))
        out.append(
            OutcomeText(
                outcome.id,
                both(*label),
                both(outcome.meaning_en, outcome.meaning_es),
                outcome.unit,
                outcome.harm,  # type: ignore[arg-type]
                outcome.rights,
                claims,
                mechanisms,
                targets,
            )
        )
    return tuple(out)


def mechanisms(ledger: Ledger | None = None) -> tuple[MechanismText, ...]:
    """Mechanisms with the first line of each of their equations' descriptions."""
    out = []
    for mechanism in MECHANISMS:
        lines = []
        for name, function in vars(mechanism.module).items():
            if (
                inspect.isfunction(function)
                and function.__module__ == mechanism.module.__name__
                and not name.endswith("_mean")
            ):
                lines.append(f"{name}: {(inspect.getdoc(function) or '').splitlines()[0]}")
        claims = claims_about(ledger, "mechanism", [mechanism.id])
        out.append(
            MechanismText(
                mechanism.id,
                both(mechanism.meaning_en, mechanism.meaning_es),
                tuple(lines),
                tuple(p.name for p in mechanism.parameters),
                claims,
            )
        )
    return tuple(out)


def parameters(ledger: Ledger | None = None) -> tuple[ParameterText, ...]:
    """Every parameter with prior, role and evidence."""
    return tuple(
        ParameterText(
            p.name,
            p.symbol,
            p.unit,
            p.default,
            p.prior,
            p.role,
            both(p.meaning_en, p.meaning_es),
            p.evidence,
            "",
            claims_about(ledger, "parameter", [p.name]),
        )
        for mechanism in MECHANISMS
        for p in mechanism.parameters
    )


def sources(case: Case) -> tuple[SourceRow, ...]:
    """Every source with its citation; addresses that name a person are not held by the case."""
    return tuple(SourceRow(key, source.citation, source.address) for key, source in sorted(case.sources.items()))


def contrast_rows(
    cube: Cube, table: Contrasts, label: str, shares: Mapping[tuple[str, int, str], float]
) -> list[Contrast]:
    """Contrasts of one decision as rows of the page; the reference's rows hold levels."""
    two = humps_of(cube, table, ("homicides",), levels=())
    out = []
    for row in table.rows(outcomes=TABLE_OUTCOMES):
        refit, undefined = row["status"] == "refit_needed", row["status"] != "computed"
        found = two.get((row["reading"], row["arm"], row["horizon"], row["outcome"]))
        humps = None
        if found is not None:
            humps = Humps(found.low.share, found.high.share, found.low.median, found.high.median)
        if undefined:
            status, numbers = (
                "refit_needed" if refit else "failed",
                dict.fromkeys(("q05", "q50", "q95", "mean", "p_fall", "mcse"), 0.0),
            )
        else:
            status, numbers = "ok", {k: float(row[k] or 0.0) for k in ("q05", "q50", "q95", "mean", "p_fall", "mcse")}
        ends = max(row["mcse_q05"] or 0.0, row["mcse_q95"] or 0.0) or None
        share = shares.get((row["arm"], row["horizon"], row["outcome"])) if row["reading"] == table.default else None
        out.append(
            Contrast(
                label,
                row["horizon"],
                row["arm"],
                row["reading"],
                row["outcome"],
                **numbers,
                n=int(row["n"] or 0),
                sign=int(row["sign"]),
                flip=bool(row["flip"]),
                mcse_ends=ends,
                prior_share=share,
                humps=humps,
                status=status,  # type: ignore[arg-type]
            )
        )
    level = table.level
    for r, reading in enumerate(table.readings):
        for h, horizon in enumerate(table.horizons):
            for o, outcome in enumerate(table.outcomes):
                if outcome in TABLE_OUTCOMES and level.n[r, h, o] > 0:
                    out.append(
                        Contrast(
                            label,
                            horizon,
                            table.reference,
                            reading,
                            outcome,
                            float(level.q05[r, h, o]),
                            float(level.median[r, h, o]),
                            float(level.q95[r, h, o]),
                            float(level.mean[r, h, o]),
                            0.0,
                            float(level.mcse[r, h, o]),
                            int(level.n[r, h, o]),
                        )
                    )
    return out


def prior_shares(store: Store, decision: str, cube: Cube, shards: Sequence[Shard]) -> dict[tuple[str, int, str], float]:
    """Share of the variance of each contrast that goes away when parameters no figure can test stay at their default.

    One history is one draw of chance on both sides, so that what is left holds chance and the fitted parameters.
    """
    held = read_cube(store, f"{decision}_fitted_only", shards)
    out = {}
    for arm in held.arms:
        if arm == REFERENCE_ARM or arm not in cube.arms:
            continue
        for horizon in held.horizons:
            for outcome in TABLE_OUTCOMES:
                kept, _ = differences(held, arm, outcome, horizon, STORIES[0])
                whole, _ = differences(cube, arm, outcome, horizon, STORIES[0])
                spread = float(np.var(whole))
                if spread > 0:
                    out[arm, horizon, outcome] = min(1.0, max(0.0, 1.0 - float(np.var(kept)) / spread))
    return out


def gather(case: Case, store: Store, experiment: Experiment, command: str, *, unfinished: bool = False) -> ReportInputs:
    """All that the page can be made of, from what the store holds now.

    Parameters
    ----------
    case : Case
    store : Store
        Of this case and model.
    experiment : Experiment
        What was asked for: says which shards belong to the page.
    command : str
        The command that makes the page again.
    unfinished : bool
        While runs go on: only what a first look needs, and the page says that the rest is on its way.
    """
    # With one thread the last digit is the same on every machine, and so many small products are quicker.
    with threadpool_limits(1):
        return _gathered(case, store, experiment, command, unfinished)


def _gathered(case: Case, store: Store, experiment: Experiment, command: str, unfinished: bool) -> ReportInputs:
    here = facts(case)
    years = truce_years(case, here.break_day)
    rows = experiment.rows()
    shards = [s for s in experiment.record_shards() if s in store]
    histories = read_histories(store, shards, readings=experiment.stories, outcomes=RECORD_OUTCOMES) if shards else {}
    phi = {
        reading: {draw: experiment.values(values, draw, reading)["phi"] for draw, values in enumerate(rows)}
        for reading in histories
    }
    told = scores(case, histories, phi) if histories else {}
    contrasts, weights, losses, prices, first = decisions(case, store, experiment)
    default = histories.get("default")
    ledger = ledger_of(case)
    fit = calibration_of(case, experiment.source, experiment.origin.model, store.folder.parent)
    told_fit = None if unfinished else fit
    validated = fit.validation["readings"] if fit and fit.validation else None
    told_readings = readings(case, told, ledger, validated)
    main = main_horizons(case)
    failed = len(store.manifest.failures) + len(store.manifest.failed)
    made = date.fromisoformat(store.manifest.updated[:10])
    record = [s for s in experiment.record_shards(STORIES[:1]) if s in store]
    beside = None if unfinished else side_histories(store, record)
    before = replace(experiment, draws_from="prior")
    prior = [s for s in before.record_shards(STORIES[:1]) if s in store]
    assumed = None if unfinished or experiment.source.kind == "prior" else side_histories(store, prior)
    later = None if unfinished else first
    told_main = main and not unfinished
    return ReportInputs(
        case=here,
        provenance=Provenance(
            version=__version__,
            model_hash=experiment.origin.model,
            case_hash=case.digest,
            seed=experiment.seed,
            command=command,
            draw_source=experiment.source.kind,
            draws=experiment.draws,
            luck=experiment.luck,
            made=made,
            fitted=len(experiment.source.fitted),
            varied=len(VARIED) + len(FITTED) - len(experiment.source.fitted),
            failed=failed,
            libraries=libraries(),
        ),
        gate=gate_of(experiment.source),
        observations=observations(case),
        events=events(case),
        levers=levers(case),
        bands=tuple(
            Band(b.reading, b.start, b.end, b.q05, b.q25, b.q50, b.q75, b.q95) for b in month_bands(histories, here.end)
        ),
        months=month_quantiles(beside, here.end),
        prior_months=month_quantiles(assumed, here.end),
        changes=changes(beside, years),
        figures=() if unfinished else figures(case, here.end),
        coverage=tuple(
            Coverage(c.reading, c.window, c.inside50, c.inside90, c.n) for c in coverages(case, histories, phi)
        )
        if histories
        else (),
        headline=headline(case, years, *told_of_truce(default, years, here.break_day)),
        later_force=force_of(case, store, experiment, first),
        arms=arms(case),
        readings=told_readings,
        outcomes=outcomes(case, ledger),
        contrasts=tuple(contrasts),
        weights=weights,
        regret=tuple(losses),
        prices=tuple(prices),
        findings=findings(case, experiment, *later, main[0][1], ledger) if later else (),
        spots=spots(case, *later, main[0][1]) if later else (),
        departments=() if unfinished else departments(case),
        outlines=() if unfinished else outlines(case),
        patterns=() if unfinished else pattern_rows(case, default, ledger, told_fit.validation if told_fit else None),
        mechanisms=mechanisms(ledger),
        parameters=parameters(ledger),
        sources=sources(case),
        stories=experiment.stories,
        decisions=tuple(
            DecisionText(item.id, Bilingual(*case.labels["decision", item.id]), item.halt_ends)
            for item in case.decisions.values()
        ),
        claims_count=len(ledger.claims) if ledger is not None else None,
        claims=claim_views(ledger, {one.id: one.label for one in told_readings}) if ledger is not None else (),
        ledger=ledger_text(ledger, case, contrasts, main[0]) if ledger is not None and told_main else None,
        effect=effect_of(case, store),
        main_horizon=tuple(main),
        calibration=told_fit,
        sensitivity=sensitivity_of(store.folder.parent / "tables", case.digest, experiment.origin.model),
        failing=failing_of(store.folder.parent / "tables", case.digest, experiment.origin.model),
        roles=roles_of(store.folder.parent / "tables", case.digest, experiment.origin.model),
        unfinished=unfinished,
    )


def effect_of(case: Case, store: Store) -> EffectResults | None:
    """The effect as it was last estimated, where it is of the case as it stands."""
    found = load_results(store.folder.parent / "effect" / "effect.json")
    return found if found is not None and found.digest == case.digest else None


def gate_of(source: DrawSource) -> Gate:
    """What the gate says of the draws of the default reading, and under which other readings it was not passed."""
    main = source.main
    if main is None:
        if source.kind == "provisional":
            return Gate(
                "not_run",
                both(
                    "the parameters come from provisional draws that no gate has tested",
                    "los parámetros vienen de sorteos provisionales que ningún control ha probado",
                ),
            )
        alone = both("the parameters come from priors alone", "los parámetros vienen solo de supuestos previos")
        return Gate("not_run", alone)
    told = main.manifest.get("gate", {})
    day = date.fromisoformat(told["date"]) if "date" in told else None
    case = source.case
    failed = tuple(
        reading_label(case, reading)
        for reading, found in source.posteriors.items()
        if found is not main and found.gate != "passed"
    )
    if main.gate == "passed":
        return Gate("passed", both("", ""), day, int(told["sets"]), failed)
    reasons = told.get("reasons") or [["it was not run", "no se corrió"]]
    why = both("; ".join(reason[0] for reason in reasons), "; ".join(reason[1] for reason in reasons))
    return Gate(main.gate, why, day, told.get("sets"), failed)


def libraries() -> tuple[tuple[str, str], ...]:
    """Versions of what the digits depend on."""
    names = ("numpy", "numba", "llvmlite", "pyarrow", "altair")
    return (("python", platform.python_version()), *((name, metadata.version(name)) for name in names))


def main_horizons(case: Case) -> list[tuple[str, int]]:
    """The horizon shown first of each decision: five years where there is one, else the last."""
    out = []
    for decision in case.decisions.values():
        shown = 5 if 5 in decision.horizons else decision.horizons[-1]
        out.append((decision.id, shown))
        if decision.halt_ends:
            out.append((f"{decision.id}_halt_ends", shown))
    return out


def told_of_truce(
    histories: Histories | None, years: tuple[Span, Span], break_day: date
) -> tuple[Estimate | None, Estimate | None, Estimate | None]:
    """Simulated payments a day of the first truce year over the year before; command before the break, and after it."""
    if histories is None:
        return None, None, None
    first, second = years
    eve = break_day.replace(day=1) - timedelta(days=1)
    if first.start < histories.start or second.end > histories.end:
        return None, None, None
    before = histories.total("extortion_paid", [first]) / first.days
    after = histories.total("extortion_paid", [second]) / second.days
    ratio = np.divide(after, before, out=np.full(len(before), np.nan), where=before > 0)
    return (
        _estimate(ratio, histories),
        _estimate(histories.level("command", eve), histories),
        _estimate(histories.level("command", second.end), histories),
    )


def _estimate(values: Any, histories: Histories) -> Estimate | None:
    found = quantiles(values, histories.draws)
    if not found.n:
        return None
    return Estimate(found.q50, found.q05, found.q95, found.mcse, found.mcse_ends, found.n)


def decisions(
    case: Case, store: Store, experiment: Experiment
) -> tuple[list[Contrast], tuple[WeightPreset, ...], list[Regret], list[Price], tuple[str, Cube] | None]:
    """Contrasts, regret and break-even prices of every decision that has runs; and the runs of the first one."""
    first: tuple[str, Cube] | None = None
    shown, prices = dict(main_horizons(case)), list[Price]()
    rows: list[Contrast] = []
    losses: list[Regret] = []
    waiting = tuple(r for r in case.readings if case.readings[r].needs_refit)
    for decision in case.decisions.values():
        shards = [s for s in experiment.compare_shards(decision.id) if s in store]
        held = [s for s in experiment.compare_shards(decision.id, STORIES[:1], held=True) if s in store]
        if not shards:
            continue
        ids = [decision.id, *([f"{decision.id}_halt_ends"] if decision.halt_ends else [])]
        for label in ids:
            found = read_cube(store, label, shards)
            first = first or (label, found)
            table = contrasts(
                found,
                refit_needed=waiting,
                records=tuple(a.id for a in decision.arms.values() if a.record),
            )
            shares = prior_shares(store, label, found, held) if held and label == decision.id else {}
            rows += contrast_rows(found, table, label, shares)
            records = [a.id for a in decision.arms.values() if a.record]
            for preset in OUTCOME_PRESETS:
                for horizon in found.horizons:
                    try:
                        loss = regret(utilities(found, preset, horizon, records=records))
                    except StoreError:
                        # not every response under every reading yet: contrasts can be told, nothing can be weighed
                        continue
                    for row in loss.rows():
                        value, mcse = row["regret"], row["mcse"]
                        told = (label, horizon, row["arm"], row["reading"], row["weights"])
                        losses.append(Regret(*told, value, mcse, loss.steady))
                    if horizon == shown[label]:
                        even = break_even(found, preset, PRICED, horizon, records=records)
                        prices.append(price_of(even, label, horizon, preset))
    unit = both("deaths", "muertes")
    weights = tuple(
        WeightPreset(p.id, both(p.title_en, p.title_es), unit, both(p.meaning_en, p.meaning_es))
        for p in OUTCOME_PRESETS.values()
    )
    return rows, weights if losses else (), losses, prices, first


def price_of(even: BreakEven, decision: str, horizon: int, weights: str) -> Price:
    """A break-even weight as the years that count as one death."""

    def units(switch: Switch | None) -> tuple[Estimate, str] | None:
        return None if switch is None else (Estimate(switch.units[0], mcse=switch.units[1]), switch.arm)

    years = 1.0 / even.weight if even.weight else None
    return Price(decision, horizon, weights, years, units(even.dearer), units(even.cheaper))


def force_of(case: Case, store: Store, experiment: Experiment, first: tuple[str, Cube] | None) -> LaterForce | None:
    """The force that the record adds after the first decision, and the record without it against the same reference.

    None where the record moves no lever of force within the horizon that is shown first.
    """
    point = next(iter(case.decisions.values()), None)
    if point is None:
        return None
    decided = case.start + timedelta(days=point.day)
    last = anniversary(decided, main_horizons(case)[0][1])
    moved = {name: case.start + timedelta(days=day) for name, day in later_force(point, case.history).items()}
    levers = tuple((both(*LEVER_LABELS[name]), day) for name, day in moved.items() if day < last)
    if not levers:
        return None
    shards = [s for s in experiment.force_shards(point.id) if s in store]
    if first is None or not shards:
        return LaterForce(levers, WITHOUT_FORCE)
    label, found = first
    paired = _beside_reference(found, read_cube(store, label, shards, outcomes=FORCE_TOLD))
    return LaterForce(
        levers,
        WITHOUT_FORCE,
        tuple(
            row
            for row in contrast_rows(paired, contrasts(paired, records=(WITHOUT_FORCE,)), label, {})
            if row.arm == WITHOUT_FORCE
        ),
    )


def _beside_reference(found: Cube, alone: Cube) -> Cube:
    """The reference of one cube and the arms of another, for the histories that both hold."""
    shared: dict[str, Any] = {
        axis: tuple(one for one in getattr(alone, axis) if one in getattr(found, axis))
        for axis in ("readings", "horizons", "outcomes", "draws", "lucks")
    }

    def part(cube: Cube, arms: Sequence[str]) -> Any:
        places = [[getattr(cube, axis).index(one) for one in wanted] for axis, wanted in shared.items()]
        return np.ix_(places[0], [cube.at("arm", arm) for arm in arms], *places[1:])

    one, two = part(found, (REFERENCE_ARM,)), part(alone, alone.arms)
    return Cube(
        decision=found.decision,
        readings=shared["readings"],
        arms=(REFERENCE_ARM, *alone.arms),
        horizons=shared["horizons"],
        outcomes=shared["outcomes"],
        draws=shared["draws"],
        lucks=shared["lucks"],
        values=np.concatenate([found.values[one], alone.values[two]], axis=1),
        there=np.concatenate([found.there[one], alone.there[two]], axis=1),
        failed=found.failed | alone.failed,
    )


def pattern_rows(
    case: Case,
    histories: Histories | None,
    ledger: Ledger | None = None,
    validation: Mapping[str, Any] | None = None,
) -> tuple[Pattern, ...]:
    """Patterns on the run as it happened under the default reading; failures told, untried ones with the reason.

    A validation says which of them priors alone already pass: these are no test.
    """
    if histories is None:
        return ()
    before = before_shares(validation)
    return tuple(
        Pattern(
            p.id,
            both(p.name_en, p.name_es),
            p.window,
            p.target,
            p.lo,
            p.hi,
            p.q05,
            p.q50,
            p.q95,
            p.share_inside,
            beside_priors(p.verdict, before.get(p.id)),
            both(p.suspect_en, p.suspect_es),
            p.unit,
            p.mcse,
            p.known,
            p.sources,
            p.mechanisms,
            both(p.reason_en, p.reason_es),
            both(p.note_en, p.note_es),
            claims_about(ledger, "pattern", [family_of(p.id)]),
            before.get(p.id),
        )
        for p in patterns(case, histories)
    )
