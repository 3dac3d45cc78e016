"""Other outcomes month by month, and what institutions counted of them: rows of sections 4 and 5."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.calibrate.coverage import months
from tregua.calibrate.history import Histories, read_histories
from tregua.calibrate.quantile import quantiles
from tregua.model.outcomes import FLOWS, OUTCOMES
from tregua.report.inputs import CAPITAL_OUTCOMES, ELSE_OUTCOMES, Bilingual, Change, Estimate, Figure, Month
from tregua.series.measure import MEASURES
from tregua.series.observation import institution_class
from tregua.series.span import Span

if TYPE_CHECKING:
    from tregua.case.load import Case
    from tregua.runs.shard import Shard
    from tregua.runs.store import Store

MONTH_DAYS = 365.25 / 12


def side_histories(store: Store, shards: Sequence[Shard], reading: str = "default") -> Histories | None:
    """Every outcome of sections 4 and 5 as it happened; None without runs."""
    if not shards:
        return None
    return read_histories(store, shards, readings=(reading,), outcomes=(*ELSE_OUTCOMES, *CAPITAL_OUTCOMES)).get(reading)


def month_quantiles(histories: Histories | None, until: date) -> tuple[Month, ...]:
    """Quantiles over runs of flows over whole months, and of stocks at their ends."""
    if histories is None:
        return ()
    out = []
    for outcome in histories.values:
        for span in months(histories.start, min(until, histories.end)):
            q = quantiles(_over(histories, outcome, span), histories.draws)
            if q.n:
                errors = [None if math.isnan(error) else error for error in (q.mcse, q.mcse_ends)]
                out.append(Month(outcome, span.start, span.end, q.q05, q.q25, q.q50, q.q75, q.q95, *errors))
    return tuple(out)


def changes(histories: Histories | None, years: tuple[Span, Span]) -> tuple[Change, ...]:
    """Each outcome in the year before and in the first truce year, whole months both."""
    if histories is None or histories.start > years[0].start or histories.end < years[1].end:
        return ()
    twelves = [list(months(year.start, year.end)) for year in years]
    out = []
    for outcome in histories.values:
        before, truce = (np.mean([_over(histories, outcome, span) for span in year], axis=0) for year in twelves)
        share = OUTCOMES[outcome].unit == "0..1"
        if share:
            moved = truce - before
        else:
            moved = np.divide(truce, before, out=np.full(len(truce), np.nan), where=before > 0)
        first, second, third = (_estimate(values, histories) for values in (before, truce, moved))
        if first is not None and second is not None and third is not None:
            out.append(Change(outcome, first, second, third, share))
    return tuple(out)


def _over(histories: Histories, outcome: str, span: Span) -> Any:
    """A flow over a month, brought to a month of mean length, or a stock at its end."""
    if outcome in FLOWS:
        return histories.total(outcome, [span]) * (MONTH_DAYS / span.days)
    return histories.level(outcome, span.end)


def _estimate(values: Any, histories: Histories) -> Estimate | None:
    q = quantiles(values, histories.draws)
    if not q.n:
        return None
    errors = [None if math.isnan(error) else error for error in (q.mcse, q.mcse_ends)]
    return Estimate(q.q50, q.q05, q.q95, errors[0], errors[1], q.n)


def figures(case: Case, until: date) -> tuple[Figure, ...]:
    """What was counted of the outcomes of section 4: national, of all gangs, inside the years that are drawn."""
    out = []
    for o in case.observations:
        measure = MEASURES.get(o.measure)
        if o.outcome not in ELSE_OUTCOMES or o.use == "excluded" or o.gang or o.area or not o.spans or measure is None:
            continue
        start, end = o.spans[0].start, o.spans[-1].end
        if o.kind not in ("count", "stock") or start < case.start or end > until:
            continue
        group: Any = institution_class(o.institution, "stated")
        out.append(
            Figure(
                o.id,
                o.outcome,
                start,
                end,
                float(o.value),
                o.institution,
                group if group in ("police", "forensic") else "other",
                o.use,
                o.sources,
                Bilingual(measure.meaning_en, measure.meaning_es),
                o.kind == "stock",
            )
        )
    return tuple(sorted(out, key=lambda figure: (ELSE_OUTCOMES.index(figure.outcome), figure.start, figure.end)))
