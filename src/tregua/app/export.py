"""Exports: the state of the app as a table for other programs, and as a plan that the command line runs again."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua import __version__
from tregua.app.laboratory import OUTCOMES_KEPT, Laboratory, Told
from tregua.explore.contrast import spread
from tregua.model.outcomes import OUTCOMES
from tregua.report.catalogue import Catalogue

if TYPE_CHECKING:
    from tregua.app.scenario import Scenario
    from tregua.app.schema import Pair
    from tregua.app.stream import Pairing
    from tregua.case.load import Case

COLUMNS = (
    "part",
    "reading",
    "scenario",
    "outcome",
    "unit",
    "start",
    "end",
    "n",
    "q05",
    "q25",
    "q50",
    "q75",
    "q95",
    "mcse",
)


def table_text(
    case: Case, laboratory: Laboratory, pairing: Pairing, asked: Pair,
    found: Mapping[str, tuple[Sequence[Told], Sequence[Told]]],
) -> str:  # fmt: skip
    """Months and totals of A, of B and of B minus A, every outcome together: deaths never without rights.

    The first lines, after a ``#``, hold the notice, the versions and the scenarios.
    """
    text = io.StringIO()
    for line in (
        Catalogue("en").text("harm.notice"),
        Catalogue("es").text("harm.notice"),
        f"tregua {__version__} · case {case.id} {case.digest[:12]} · model {laboratory.experiment.origin.model[:12]} · "
        f"seed {laboratory.seed} · decision {pairing.decision}",
        f"A {told_of(asked.a.scenario())}",
        f"B {told_of(asked.b.scenario())}",
    ):
        text.write(f"# {line}\n")
    out = csv.writer(text, lineterminator="\n")
    out.writerow(COLUMNS)
    calendar = pairing.calendar
    months = [case.start + timedelta(days=day) for day in calendar.months]
    for reading, (a, b) in found.items():
        sides = {"A": a, "B": b}
        draws = np.arange(len(a))
        for part, axis in (("total", len(calendar.horizons)), ("month", len(months) - 1)):
            for name in ("A", "B", "B-A"):
                values = _values(sides, name, part)
                told = spread(np.moveaxis(values, 0, -1), draws)
                quarters = np.quantile(values, (0.25, 0.75), axis=0)
                for i in range(axis):
                    if part == "total":
                        start, end = case.start + timedelta(days=calendar.decision), case.start + timedelta(
                            days=calendar.horizons[i][1] - 1)  # fmt: skip
                    else:
                        start, end = months[i], months[i + 1] - timedelta(days=1)
                    for j, outcome in enumerate(OUTCOMES_KEPT):
                        out.writerow(
                            [part, reading, name, outcome, OUTCOMES[outcome].unit, start, end, len(a),
                             *(f"{x:.10g}" for x in (told.q05[i, j], quarters[0, i, j], told.median[i, j],
                                                     quarters[1, i, j], told.q95[i, j])),
                             f"{told.mcse[i, j]:.6g}" if np.isfinite(told.mcse[i, j]) else ""]
                        )  # fmt: skip
    return text.getvalue()


def _values(sides: Mapping[str, Sequence[Told]], name: str, part: str) -> Any:
    def of(side: str) -> Any:
        return np.stack([told.totals if part == "total" else told.months for told in sides[side]])

    return of("B") - of("A") if name == "B-A" else of(name)


def told_of(scenario: Scenario) -> str:
    """A scenario in one line of ids and numbers."""
    parts = [scenario.arm, *(f"{name}={value:.12g}" for name, value in sorted(scenario.sets.items()))]
    parts += [f"{key}={day}" for key, day in (("start", scenario.start), ("end", scenario.end)) if day is not None]
    return " ".join(parts)


def plan_text(case: Case, seed: int, decision: str, asked: Pair, readings: Sequence[str]) -> str:
    """A plan for `tregua compare --plan`; a window of days has no place in a plan and is told in a comment."""
    arms, own, notes = [], [], []
    for side, given in (("a", asked.a), ("b", asked.b)):
        scenario = given.scenario()
        if scenario.sets and not case.decisions[decision].arms[scenario.arm].record:
            id = f"scenario_{side}"
            sets = ", ".join(f"{name} = {float(value)!r}" for name, value in sorted(scenario.sets.items()))
            own.append(f'[[arm]]\nid = "{id}"\nlike = "{scenario.arm}"\nsets = {{ {sets} }}\n')
            arms.append(id)
        else:
            arms.append(scenario.arm)
            if scenario.sets:
                notes.append(f"# {side.upper()}: a plan cannot change the record itself; left out: {told_of(scenario)}")
        if scenario.start or scenario.end:
            notes.append(f"# {side.upper()}: a plan has no window of days; left out: {told_of(scenario)}")
    listed = ", ".join(f'"{name}"' for name in dict.fromkeys(arms))
    told = ", ".join(f'"{name}"' for name in readings)
    return "\n".join(
        [
            "# tregua compare --plan plan.toml",
            *notes,
            f'case = "{case.id}"',
            f'decision = "{decision}"',
            f"seed = {seed}",
            f"draws = {getattr(asked, 'runs', 24)}",
            f"arms = [{listed}]",
            f"readings = [{told}]",
            "",
            *own,
        ]
    )
