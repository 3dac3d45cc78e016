"""A comparison as a table for other programs: one row a response and reading, deaths and rights in the same row."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tregua.explore.answers import SIDES
from tregua.explore.humps import Humps, humps_of

if TYPE_CHECKING:
    from tregua.explore.comparison import Comparison

BESIDE: tuple[str, ...] = (
    *SIDES,
    "disappearance_reports",
    "detention_wrongful_years",
    "monitoring_lost",
    "removals_false",
    "members_active",
    "command",
    "truce_years",
)
"""Outcomes of every exported row; a row is never of homicides alone."""

NOTICE_EN = (
    "Simulated histories, not a forecast; not about any person. Not for case work, policing deployment, asylum or "
    "immigration decisions, sanction listing or sentencing."
)
NOTICE_ES = (
    "Historias simuladas, no un pronóstico; sobre ninguna persona. No para trabajo de casos, despliegue policial, "
    "decisiones de asilo o migración, listas de sanciones ni sentencias."
)
NUMBERS = ("q50", "q05", "q95", "mcse", "p_fall", "sign")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(
    comparison: Comparison,
    horizons: Sequence[int] | None = None,
    humps: Mapping[tuple[str, str, int, str], Humps] | None = None,
) -> list[dict[str, Any]]:
    """Contrasts with the reference, one row a reading, response and horizon.

    Parameters
    ----------
    comparison : Comparison
    horizons : sequence of int, optional
        All by default.
    humps : mapping, optional
        Two-humped cells, where they are known already.

    Returns
    -------
    list of dict
        decision, horizon, reading, arm, record, status, n, sign changes of homicides between readings, the two
        outcomes of homicides where there are two, then for every outcome of `BESIDE` the median, 5 and 95 % of paired
        histories, Monte-Carlo error of the median, share of falls, and the sign of the median where it is beyond that
        error (-1 or 1, else 0). None where there is no number.
    """
    table = comparison.table
    two = humps_of(comparison.cube, table, levels=()) if humps is None else humps
    shown = [outcome for outcome in BESIDE if outcome in table.outcomes]
    cells: dict[tuple[str, str, int], dict[str, dict[str, Any]]] = {}
    for cell in table.rows(outcomes=shown, horizons=horizons):
        cells.setdefault((cell["reading"], cell["arm"], cell["horizon"]), {})[cell["outcome"]] = cell
    out = []
    for (reading, arm, horizon), by_outcome in cells.items():
        first = by_outcome.get("homicides") or next(iter(by_outcome.values()))
        row: dict[str, Any] = {
            "decision": comparison.label,
            "horizon": horizon,
            "reading": reading,
            "arm": arm,
            "record": arm in table.records,
            "status": first["status"],
            "n": first["n"],
            "homicides_flip": first["flip"],
            "homicides_changes_sign": first["changes_sign"],
            **_two(two.get((reading, arm, horizon, "homicides"))),
        }
        for outcome in shown:
            for number in NUMBERS:
                row[f"{outcome}_{number}"] = by_outcome[outcome][number]
        out.append(row)
    return out


def to_csv(records: Sequence[Mapping[str, Any]]) -> str:
    """Records as CSV, the notice in both languages in every row.

    Numbers are written so that they read back to the same digits; what is unknown is written ``unknown``. A text that
    a spreadsheet could take for a formula begins with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    header = list(records[0]) if records else []
    writer.writerow([*header, "notice_en", "notice_es"])
    for record in records:
        writer.writerow([*(_cell(record[name]) for name in header), NOTICE_EN, NOTICE_ES])
    return text.getvalue()


def _two(found: Humps | None) -> dict[str, float | None]:
    return {
        "homicides_two_outcomes": None if found is None else 1.0,
        "homicides_low_share": None if found is None else found.low.share,
        "homicides_low_q50": None if found is None else found.low.median,
        "homicides_high_share": None if found is None else found.high.share,
        "homicides_high_q50": None if found is None else found.high.median,
    }


def _cell(value: Any) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    text = str(value)
    marked = f"'{text}" if text.startswith(_FORMULA) else text
    return marked.replace("\r", " ")  # a bare carriage return would break the row for some readers
