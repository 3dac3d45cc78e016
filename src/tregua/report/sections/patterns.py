"""Section 9: pattern by pattern, what the model gets right, gets wrong and cannot know."""

from __future__ import annotations

from collections import Counter

from markupsafe import Markup

from tregua.report.cards import pattern_card, pattern_numbers
from tregua.report.cell import band_cell
from tregua.report.inputs import Pattern
from tregua.report.num import Card
from tregua.report.section import Context, Need, Section, slug

ORDER = ("fails", "marginal", "passes", "not_scored", "not_run")


def common_note(notes: list[str]) -> str:
    """The sentence with which several notes begin, told once above the table instead of in every row."""
    openings = Counter(note.split(". ")[0].rstrip(".") for note in notes if note)
    text, often = openings.most_common(1)[0] if openings else ("", 0)
    return text if often > 1 else ""


def without(note: str, common: str) -> str:
    """What a note adds to the common sentence."""
    return note.removeprefix(common).lstrip(". ") if common else note


def line(c: Context, pattern: Pattern, common: str = "") -> dict[str, object]:
    """One row of the table."""
    told = pattern_numbers(c, pattern)
    card = slug(f"p-{pattern.id}")

    def build() -> Card:
        return pattern_card(c, pattern)

    value, target = told["value"], told["target"]
    if pattern.target is not None:
        target = c.book.num(card, target, build, css="observed")
    if pattern.q50 is not None:
        value = c.book.num(card, value, build, css="sim")
    return {
        "pattern": pattern,
        "told": told,
        "note": without(pattern.note.of(c.lang), common),
        "value": value,
        "target": target,
        "svg": band_cell(pattern.target, pattern.lo, pattern.hi, pattern.q05, pattern.q50, pattern.q95),
    }


def block(c: Context, window: str) -> dict[str, object] | None:
    """Patterns of one window, failures first."""
    rows = [pattern for pattern in c.inputs.patterns if pattern.window == window]
    if not rows:
        return None
    rows.sort(key=lambda pattern: ORDER.index(pattern.verdict))
    counts = {verdict: sum(1 for row in rows if row.verdict == verdict) for verdict in ORDER}
    common = common_note([row.note.of(c.lang) for row in rows])
    lines = [line(c, row, common) for row in rows]
    return {"window": window, "lines": lines, "counts": counts, "common": common}


def render(c: Context) -> Markup:
    """Two blocks, fitted years and held-out years, each with its list and its counts."""
    blocks = [found for found in (block(c, "held_out"), block(c, "fit")) if found]
    return c.html("patterns.html.j2", section=SECTION, blocks=blocks)


SECTION = Section(
    9, "check", "q.check", "short.check", render, needs=(Need("patterns", "what.patterns", "tregua validate"),)
)
