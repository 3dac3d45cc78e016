"""Section 5: what each side gained, in capitals that the model keeps and nobody measured."""

from __future__ import annotations

from markupsafe import Markup

from tregua.report.inputs import CAPITAL_OUTCOMES
from tregua.report.multiples import capitals_chart
from tregua.report.section import Context, Need, Section
from tregua.report.sections.what_else import body


def render(c: Context) -> Markup:
    """Three capitals, command, and what they act through; each with its meaning, all marked as assumption."""
    return body(c, SECTION, CAPITAL_OUTCOMES, capitals_chart(c.inputs, c.words, c.fmt, CAPITAL_OUTCOMES), prior=True)


SECTION = Section(
    5, "capitals", "q.capitals", "short.capitals", render, needs=(Need("months", "what.months", "tregua simulate"),)
)
