"""A case whose texts hold markup, scripts, marks that turn the direction and words that never end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tregua.report.inputs import Bilingual, Event, ReportInputs

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'</style>&amp;{{ 7 * 7 }}{b}"
RIGHT_TO_LEFT = "\u202e\u2067abc\u200f"
LONG = "Donaudampfschifffahrt" * 12


def hostile(inputs: ReportInputs) -> ReportInputs:
    bad = Bilingual(HOSTILE + RIGHT_TO_LEFT + LONG, HOSTILE + LONG)
    return replace(
        inputs,
        case=replace(inputs.case, title=bad, break_label=bad),
        provenance=replace(inputs.provenance, command=HOSTILE, version=HOSTILE, case_hash=HOSTILE),
        gate=replace(inputs.gate, reason=bad),
        arms=tuple(replace(arm, label=bad, meaning=bad) for arm in inputs.arms),
        readings=tuple(replace(one, label=bad, meaning=bad, changes=((HOSTILE, HOSTILE),)) for one in inputs.readings),
        outcomes=tuple(replace(one, label=bad, meaning=bad) for one in inputs.outcomes),
        events=(*inputs.events, Event(date(2012, 5, 1), "day", "truce", bad, (HOSTILE,), 1)),
        levers=tuple(replace(one, label=bad) for one in inputs.levers),
        patterns=tuple(replace(one, id=HOSTILE + one.id, name=bad, suspect=bad) for one in inputs.patterns),
        sources=tuple(replace(one, citation=HOSTILE, url="javascript:alert(3)") for one in inputs.sources),
        claims=tuple(
            replace(
                one,
                asserter=bad,
                parts=tuple(replace(part, text=bad, chips=(bad,)) for part in one.parts),
                asserted=bad,
                source=bad,
                source_key=HOSTILE,
                place=bad,
                grade=HOSTILE,
                grader=bad,
                replies=tuple(replace(reply, text=bad, chips=(bad,)) for reply in one.replies),
                contradicted_by=tuple(replace(other, text=bad, why=bad) for other in one.contradicted_by),
                tells=bad,
                no_home=bad,
                bears_on=tuple(replace(bearing, id=HOSTILE, word=bad) for bearing in one.bears_on),
            )
            for one in inputs.claims
        ),
        observations=tuple(
            replace(one, institution=HOSTILE + RIGHT_TO_LEFT, sources=(HOSTILE,)) for one in inputs.observations
        ),
        mechanisms=tuple(replace(one, meaning=bad, equations=(HOSTILE,)) for one in inputs.mechanisms),
    )
