"""What a decision is called: fixed words for the case that ships first, the case's own words for every other."""

from __future__ import annotations

from tregua.report.section import Context

WRITTEN_FOR = "el_salvador_2012"
HALT_ENDS = "_halt_ends"


def _written(c: Context, key: str) -> str | None:
    """Words that were written for the decisions of one case; ids of another case may be the same by chance."""
    return c.words.text(key) if c.inputs.case.id == WRITTEN_FOR and key in c.words else None


def _title(c: Context, decision: str) -> str:
    return next((item.title.of(c.lang) for item in c.inputs.decisions if item.id == decision), decision)


def decision_label(c: Context, decision: str) -> str:
    """Name of a decision, or of its variant in which the gangs' own halt ends."""
    written = _written(c, f"decision.{decision}")
    if written is not None:
        return written
    base = decision.removesuffix(HALT_ENDS)
    variant = base != decision or any(item.id == base and item.halt_ends for item in c.inputs.decisions)
    return f"{_title(c, base)} · {decision_tab(c, decision)}" if variant else _title(c, base)


def decision_question(c: Context, decision: str) -> str:
    """The question that a decision asks, as a heading."""
    return _written(c, f"decision.{decision}.question") or _title(c, decision)


def decision_note(c: Context, decision: str) -> str:
    """What has to be known before the table of a decision is read."""
    written = _written(c, f"decision.{decision}.note")
    if written is not None:
        return written
    halts = any(item.id == decision and item.halt_ends for item in c.inputs.decisions)
    return c.words.text("decision.any.halt" if halts else "decision.any.note")


def decision_tab(c: Context, part: str) -> str:
    """Short name of one of the two assumptions about the gangs' own halt."""
    written = _written(c, f"decision.{part}.tab")
    return written or c.words.text("decision.any.ends" if part.endswith(HALT_ENDS) else "decision.any.holds")


def parts_of_decisions(c: Context) -> tuple[tuple[str, ...], ...]:
    """Decisions of the case in their order, each with its variant where it has one."""
    return tuple((item.id, f"{item.id}{HALT_ENDS}") if item.halt_ends else (item.id,) for item in c.inputs.decisions)
