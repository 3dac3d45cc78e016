"""Section 2: what was counted, when, by whom, and whether the model follows it."""

from __future__ import annotations

from markupsafe import Markup

from tregua.report.cards import counts_card, coverage_numbers
from tregua.report.charts import as_it_happened, drawn_observations
from tregua.report.section import Context, Need, Section
from tregua.report.strips import NUMBERED, numbered_events


def lead(c: Context) -> Markup:
    """The answer in one sentence, from counts alone."""
    head = c.inputs.headline
    if head is None:
        return Markup("")

    def rate(value: float) -> Markup:
        return c.book.num("counts", c.fmt.number(value, 0.1), lambda: counts_card(c), css="observed")

    answer = "fall.yes" if head.truce.rate < head.before.rate else "fall.no"
    return (
        c.words.html(answer)
        + Markup(" ")
        + c.words.html(
            "fall.lead",
            before=rate(head.before.rate),
            truce=rate(head.truce.rate),
            peak=rate(head.peak.rate),
            before_span=c.fmt.span(head.before.start, head.before.end),
            truce_span=c.fmt.span(head.truce.start, head.truce.end),
            peak_span=c.fmt.span(head.peak.start, head.peak.end),
        )
        + Markup(" ")
        + c.words.html("fall.fitted" if c.inputs.fitted else "fall.assumed")
    )


def counted_rows(c: Context) -> list[dict[str, object]]:
    """The table under the chart: every count is a door."""
    bands = {(band.start, band.end): band for band in c.inputs.bands if band.reading == "default"}
    rows = []
    for row in drawn_observations(c.inputs.observations):
        band = bands.get(row.spans[0]) if len(row.spans) == 1 else None
        low, high = (band.q05 / row.days, band.q95 / row.days) if band else (None, None)
        rows.append(
            {
                "id": row.id,
                "span": c.fmt.spans(row.spans),
                "days": row.days,
                "row": row,
                "count": c.book.num(
                    "counts", c.fmt.number(row.count, table=True), lambda: counts_card(c), css="observed"
                ),
                "rate": c.fmt.number(row.rate, 0.1),
                "band": f"[{c.fmt.number(low, 0.1)}; {c.fmt.number(high, 0.1)}]"
                if low is not None and high is not None
                else "",
                "hit": None if low is None or high is None else low <= row.rate <= high,
            }
        )
    return rows


def render(c: Context) -> Markup:
    """Chart, key, counts inside the band, events, levers and the table of counts."""
    chart = as_it_happened(c.inputs, c.words, c.fmt)
    events = sorted(c.inputs.events, key=lambda event: event.day)
    numbers = {id(event): number for number, event in numbered_events(events, NUMBERED).items()}
    listed = [(numbers.get(id(event)), event) for event in events]
    alternatives = [row for row in c.inputs.observations if row.use == "alternative"]
    return c.html(
        "as_it_happened.html.j2",
        section=SECTION,
        chart=chart,
        lead=lead(c),
        inside=coverage_numbers(c, "default"),
        rows=counted_rows(c),
        events=listed,
        named=[pair for pair in listed if pair[0]],
        alternatives=alternatives,
    )


SECTION = Section(
    2,
    "fall",
    "q.fall",
    "short.fall",
    render,
    needs=(
        Need("observations", "what.observations"),
        Need("bands", "what.bands", "tregua simulate"),
    ),
)
