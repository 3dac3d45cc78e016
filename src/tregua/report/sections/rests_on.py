"""Section 12: sources, versions, seed, command, the equations and every parameter with its evidence."""

from __future__ import annotations

from markupsafe import Markup

from tregua.report.cards import plain_claim_link
from tregua.report.section import Context, Section


def render(c: Context) -> Markup:
    """What the page rests on, and how to argue with it."""
    parameters = {parameter.name: parameter for parameter in c.inputs.parameters}
    return c.html(
        "rests_on.html.j2",
        section=SECTION,
        p=c.inputs.provenance,
        gate=c.inputs.gate,
        sources=sorted(c.inputs.sources, key=lambda source: source.key),
        parameters=parameters,
        link=plain_claim_link,
    )


SECTION = Section(12, "rests", "q.rests", "short.rests", render)
