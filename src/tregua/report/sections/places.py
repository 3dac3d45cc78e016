"""Section 10: where, as far as institutions said so; nothing simulated is shown by place."""

from __future__ import annotations

from itertools import pairwise

from markupsafe import Markup

from tregua.report.cards import places_card
from tregua.report.places import edges_of, places_chart, sheets_of
from tregua.report.section import Context, Need, Section


def render(c: Context) -> Markup:
    """Maps and bars on one scale, the key with its edges, and every figure in a table."""
    drawn = sheets_of(c.inputs.departments)
    rates = [one.rate for sheet in drawn for one in sheet.rows if one.rate is not None]
    edges = edges_of(rates)
    bounds = [None, *edges, None]
    key = [
        (f"map-{n + 1}", c.fmt.number(low) if low is not None else "", c.fmt.number(high) if high is not None else "")
        for n, (low, high) in enumerate(pairwise(bounds))
    ]
    lines = []
    for one in c.inputs.departments:
        lines.append(
            {
                "name": one.name,
                "span": c.fmt.span(one.start, one.end),
                "count": ""
                if one.count is None
                else c.book.num("places", c.fmt.number(one.count), lambda: places_card(c), css="observed"),
                "rate": "" if one.rate is None else c.fmt.number(one.rate, 0.1),
                "few": one.few,
                "institution": c.words.institution(one.institution),
                "sources": one.sources,
            }
        )
    return c.html(
        "places.html.j2",
        section=SECTION,
        chart=places_chart(c.inputs, c.words, c.fmt),
        key=key,
        lines=lines,
    )


SECTION = Section(10, "where", "q.where", "short.where", render, needs=(Need("departments", "what.departments"),))
