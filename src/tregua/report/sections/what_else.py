"""Section 4: what the fall in recorded killings did not touch, or touched otherwise."""

from __future__ import annotations

from markupsafe import Markup

from tregua.report.cards import outcome_card
from tregua.report.charts import Chart
from tregua.report.format import MILLION, kind_of
from tregua.report.inputs import ELSE_OUTCOMES, Estimate
from tregua.report.multiples import counted_by, else_chart, panel_title
from tregua.report.num import Card
from tregua.report.section import Context, Need, Section
from tregua.series.span import whole_month_from


def change_lines(c: Context, outcomes: tuple[str, ...]) -> list[dict[str, object]]:
    """Each outcome in the year before and in the truce, every number a door."""
    lines = []
    for change in c.inputs.changes:
        outcome = c.outcomes.get(change.outcome)
        if change.outcome not in outcomes or outcome is None:
            continue
        name, kind = change.outcome, kind_of(outcome.unit)
        moved = "difference" if change.share else "ratio"
        doors = [
            door(c, name, change.before, kind, "before"),
            door(c, name, change.truce, kind, "truce"),
            door(c, name, change.moved, kind if change.share else "ratio", moved),
        ]
        said = f"panel.{name}.unit"
        lines.append(
            {
                "title": panel_title(c.inputs, c.words, name),
                "unit": c.words.text(said) if said in c.words else outcome.unit,
                "doors": doors,
                "counted": counted_by(c.inputs, c.words, name),
                "order": outcomes.index(name),
            }
        )
    return sorted(lines, key=lambda line: int(str(line["order"])))


def door(c: Context, name: str, estimate: Estimate, kind: str, row: str) -> tuple[Markup, str]:
    """One number of the table as a link to the card of its outcome, and its range."""

    def build() -> Card:
        return outcome_card(c, name)

    scale = MILLION if kind == "money" else None
    told = c.fmt.estimate(estimate, kind, table=True, scale=scale, signed=row == "difference")
    return c.book.num(f"o-{name}", told.value, build, row=row, css="sim"), told.span


def body(c: Context, section: Section, outcomes: tuple[str, ...], chart: Chart | None, *, prior: bool) -> Markup:
    """Lead, table of changes, panels with their key and note, and the panels as a table."""
    day, head = c.inputs.case.break_day, c.inputs.headline
    first = day.replace(day=1)
    before = head.before.start if head else first.replace(year=first.year - 1)
    truce = head.truce.start if head else whole_month_from(day)
    return c.html(
        "what_else.html.j2",
        section=section,
        chart=chart,
        lines=change_lines(c, outcomes),
        figures=[one for one in c.inputs.figures if one.outcome in outcomes],
        chips=prior,
        moved="difference" if prior else "ratio",
        before=c.fmt.month(before),
        truce=c.fmt.month(truce),
    )


def render(c: Context) -> Markup:
    """Eight outcomes of the same histories, over what institutions counted."""
    return body(c, SECTION, ELSE_OUTCOMES, else_chart(c.inputs, c.words, c.fmt, ELSE_OUTCOMES), prior=False)


SECTION = Section(4, "else", "q.else", "short.else", render, needs=(Need("months", "what.months", "tregua simulate"),))
