"""Section 12: sources, versions, seed, command, the equations and every parameter with its evidence."""

from __future__ import annotations

from markupsafe import Markup

from tregua.report.cards import plain_claim_link
from tregua.report.format import without_three
from tregua.report.section import Context, Section, slug


def unit_of(c: Context, unit: str) -> str:
    """Unit of a parameter in words; a dash stands for none."""
    key = f"parameter.unit.{slug(unit)}"
    return c.words.text(key) if key in c.words else unit.replace("-", "")


def render(c: Context) -> Markup:
    """What the page rests on, and how to argue with it."""
    parameters = {
        one.name: {
            "row": one,
            "unit": unit_of(c, one.unit),
            "default": without_three(str(one.default)),
            "prior": without_three(one.prior),
            "posterior": without_three(one.posterior),
            "evidence": without_three(one.evidence),
        }
        for one in c.inputs.parameters
    }
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
