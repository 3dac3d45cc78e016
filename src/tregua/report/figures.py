"""Every figure of the page as a record, in the order of the page: what can be exported or looked at in a gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tregua.report.cards import BY_READING
from tregua.report.charts import Chart, as_it_happened, story
from tregua.report.choices import evidence_chart, flips_chart, tradeoff_chart
from tregua.report.inputs import CAPITAL_OUTCOMES, ELSE_OUTCOMES, RIGHTS_AGAINST, ReportInputs
from tregua.report.multiples import capitals_chart, else_chart
from tregua.report.places import places_chart

if TYPE_CHECKING:
    from tregua.report.catalogue import Catalogue
    from tregua.report.format import Formatter


def every_figure(inputs: ReportInputs, words: Catalogue, fmt: Formatter) -> list[Chart]:
    """Figures for which the inputs hold what they need; the others are left out."""
    found: list[Chart | None] = []
    if inputs.observations:
        found.append(as_it_happened(inputs, words, fmt))
    if inputs.main_horizon and inputs.arms:
        drawn = {band.reading for band in inputs.bands}
        found += [story(inputs, words, fmt, name) for name in inputs.stories if name in drawn]
    found.append(else_chart(inputs, words, fmt, ELSE_OUTCOMES))
    found.append(capitals_chart(inputs, words, fmt, CAPITAL_OUTCOMES))
    if inputs.main_horizon:
        decision, horizon = inputs.main_horizon[0]
        found.append(flips_chart(inputs, words, fmt, decision, horizon, BY_READING))
        found += [tradeoff_chart(inputs, words, fmt, name, decision, horizon) for name in RIGHTS_AGAINST]
    found += [evidence_chart(inputs, words, fmt, preset.id) for preset in inputs.weights]
    found.append(places_chart(inputs, words, fmt))
    return [chart for chart in found if chart is not None]
