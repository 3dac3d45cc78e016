"""Section 7: what is worth finding out, as regret avoided; what would change nothing is said too."""

from __future__ import annotations

from markupsafe import Markup

from tregua.report.cards import finding_card
from tregua.report.choices import evidence_chart, finding_moves, finding_title, told_findings
from tregua.report.decision_text import decision_label
from tregua.report.inputs import BELIEFS, Finding
from tregua.report.num import Card
from tregua.report.section import Context, Need, Section, slug


def number(c: Context, one: Finding) -> Markup:
    """A value as a link to the card of its dispute; about zero where nothing would change."""

    def build() -> Card:
        return finding_card(c, one.kind, one.id)

    told = c.fmt.estimate(one.value, table=True)
    return c.book.num(slug(f"v-{one.id}"), told.value, build, row=f"{one.weights}-{one.belief}", css="sim")


def lines(c: Context, weights: str) -> list[dict[str, object]]:
    """Rows of one table: the dispute in words, its value under every belief, how the choice could move."""
    out: list[dict[str, object]] = []
    for rows in told_findings(c.inputs, weights):
        first = next(one for one in rows if one.matters)
        held = {one.belief: one for one in rows}
        out.append(
            {
                "title": finding_title(c.inputs, c.words, first.kind, first.id),
                "values": [
                    (number(c, one), c.fmt.estimate(one.value, table=True).span, one.matters)
                    if (one := held.get(belief)) is not None
                    else None
                    for belief in BELIEFS
                ],
                "moves": c.words.html("finding.moves", **finding_moves(c.inputs, c.words, first)),
                "claims": first.claims,
            }
        )
    return out


def idle(c: Context, weights: str) -> tuple[list[str], int]:
    """Disputes of which settling would change nothing: questions and readings in words, parameters as a number."""
    telling = {rows[0].id for rows in told_findings(c.inputs, weights)}
    named, parameters = [], 0
    for one in c.inputs.findings:
        if one.weights != weights or one.belief != BELIEFS[0] or one.id in telling:
            continue
        if one.kind == "parameter":
            parameters += 1
        else:
            named.append(finding_title(c.inputs, c.words, one.kind, one.id))
    return named, parameters


def others(c: Context, middle: str) -> str:
    """What would be chosen on the average under the other sets of weights."""
    told = []
    for preset in c.inputs.weights:
        mine = [one for one in c.inputs.findings if one.weights == preset.id and one.belief == BELIEFS[0]]
        if mine and preset.id != middle:
            choice = c.words.inside(c.arm_label(mine[0].choice))
            told.append(c.words.text("evidence.now.other", w=preset.label.of(c.lang), choice=choice))
    return c.words.listing(told)


def render(c: Context) -> Markup:
    """One chart under the middle weights, the sums behind it under all of them, and what would change nothing."""
    held = [preset for preset in c.inputs.weights if any(one.weights == preset.id for one in c.inputs.findings)]
    middle = next((preset for preset in held if any(
        one.kind == "parameter" and one.weights == preset.id for one in c.inputs.findings
    )), held[0])  # fmt: skip
    blocks = []
    for preset in held:
        named, parameters = idle(c, preset.id)
        blocks.append({"preset": preset, "lines": lines(c, preset.id), "idle": named, "parameters": parameters})
    first = c.inputs.findings[0]
    now = next((one for one in c.inputs.findings if one.weights == middle.id and one.belief == BELIEFS[0]), None)
    return c.html(
        "evidence.html.j2",
        section=SECTION,
        chart=evidence_chart(c.inputs, c.words, c.fmt, middle.id),
        middle=middle,
        now=c.words.inside(c.arm_label(now.choice)) if now is not None else "",
        others=others(c, middle.id),
        blocks=blocks,
        beliefs=BELIEFS,
        horizon=first.horizon,
        decision=decision_label(c, first.decision),
    )


SECTION = Section(
    7,
    "evidence",
    "q.evidence",
    "short.evidence",
    render,
    needs=(Need("findings", "what.findings", "tregua run"), Need("weights", "what.contrasts", "tregua run")),
)
