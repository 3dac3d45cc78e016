"""C18 and C19: what moves a contrast, and both errors about interlocutors, as they were last probed and kept.

`tregua compare --sensitivity` and `--interlocutors` keep what they found beside the tables; the page shows it where it
is of the case and model as they stand, and otherwise says which command makes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tregua.report.cell import range_cell
from tregua.report.inputs import BELIEFS, RoleErrors, Sensitivity, Share, Swing
from tregua.report.inputs import Estimate as Told

if TYPE_CHECKING:
    from tregua.report.section import Context

SENSITIVITY, ROLES = "sensitivity.json", "interlocutors.json"
POLICIES = ("prosecute", "list", "protect")
MOST = 12
"""Rows of each table: what moves less than these is counted, not listed."""


def keep(folder: Path, name: str, found: object, **origin: object) -> Path:
    """Keep what a probe found, with the case, model and settings that it is of; whole or not at all."""
    from tregua.runs.disk import Disk

    disk = Disk()
    disk.folder(folder)
    path = folder / name
    disk.write(path, (json.dumps({**origin, "found": found}, indent=1, sort_keys=True) + "\n").encode())
    return path


def _kept(folder: Path, name: str, case: str, model: str) -> Mapping[str, Any] | None:
    """What was kept, where it can be read and is of this case and model."""
    try:
        told = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(told, dict) or (told.get("case_digest"), told.get("model_digest")) != (case, model):
        return None
    return told


def sensitivity_of(folder: Path, case: str, model: str) -> Sensitivity | None:
    """What moves one contrast, the largest first; None where it was not probed."""
    told = _kept(folder, SENSITIVITY, case, model)
    if told is None:
        return None
    found = told["found"]
    shares = [Share(i["factor"], i["first"], i["total"], i["mcse_total"]) for i in found["sobol"]]
    swings = [Swing(b["parameter"], b["low"], b["high"], b["mcse"], b["evidence"]) for b in found["tornado"]]
    return Sensitivity(
        str(told["decision"]),
        int(found["horizon"]),
        str(found["arm"]),
        tuple(sorted(shares, key=lambda one: -one.total)),
        tuple(sorted(swings, key=lambda one: -abs(one.high - one.low))),
    )


def roles_of(folder: Path, case: str, model: str) -> tuple[RoleErrors, ...]:
    """Errors about interlocutors by policy, prior and worth of the signals; empty where they were not probed."""
    told = _kept(folder, ROLES, case, model)
    if told is None:
        return ()
    return tuple(
        RoleErrors(
            str(told["decision"]),
            int(told["horizon"]),
            row["policy"],
            row["prior"],
            float(row["ratio"]),
            *(
                Told(row[name]["mean"], row[name]["q05"], row[name]["q95"], row[name]["mcse_mean"])
                for name in ("removed", "missed", "watch")
            ),
        )
        for row in told["found"]
    )


def moves(c: Context, decision: str) -> dict[str, object] | None:
    """C18 as two tables; None where there is nothing of this decision."""
    found = c.inputs.sensitivity
    if found is None or found.decision != decision:
        return None
    meanings = {one.name: one.meaning.of(c.lang) for one in c.inputs.parameters}

    def named(name: str) -> str:
        key = f"c18.{name}"
        return c.words.text(key) if key in c.words else c.words.opening(meanings.get(name, name))

    clear = [one for one in found.shares if one.factor == "chance" or one.total > 2 * one.error]
    beyond = [one for one in found.swings if abs(one.high - one.low) > 2 * one.error]
    ends = [value for one in beyond for value in (one.low, one.high)]
    domain = (min(0.0, *ends), max(0.0, *ends)) if ends else (0.0, 1.0)
    swings = []
    for one in beyond[:MOST]:
        low, high = sorted((one.low, one.high))
        told = [
            c.fmt.estimate(Told(value, mcse=one.error), signed=True, table=True).value for value in (one.low, one.high)
        ]
        swings.append(
            {
                "name": named(one.parameter),
                "id": one.parameter,
                "low": told[0],
                "high": told[1],
                "cell": range_cell(low, one.low, high, domain),
                "evidence": one.evidence,
            }
        )
    first = swings[0] if swings else None
    return {
        "arm": c.words.inside(c.arm_label(found.arm)),
        "years": c.words.years(found.horizon),
        "shares": [
            {"name": named(one.factor), "first": _share(c, one.first), "total": _share(c, one.total),
             "error": c.fmt.number(one.error, 0.01)}
            for one in clear[:MOST]
        ],
        "quiet": len(found.shares) - len(clear[:MOST]),
        "swings": swings,
        "still": len(found.swings) - len(swings),
        "first": first,
    }  # fmt: skip


def _share(c: Context, value: float) -> str:
    return c.fmt.number(min(1.0, max(0.0, value)), 0.01)


def errors(c: Context, decision: str) -> list[dict[str, object]]:
    """C19: for each policy both errors, both expert priors with equal weight, every worth of the signals."""
    rows = [one for one in c.inputs.roles if one.decision == decision]
    if not rows:
        return []
    priors = sorted(
        (name for name in BELIEFS if name != "equal" and any(one.prior == name for one in rows)),
        key=lambda name: c.words.text(f"belief.{name}"),
    )
    most = max([1.0, *(one.removed.hi or 0.0 for one in rows), *(one.missed.hi or 0.0 for one in rows)])
    told: list[dict[str, object]] = []
    for policy in (name for name in POLICIES if any(one.policy == name for one in rows)):
        lines = []
        for prior in priors:
            for one in sorted((r for r in rows if (r.policy, r.prior) == (policy, prior)), key=lambda r: r.ratio):
                cells = []
                for value in (one.removed, one.missed):
                    text = c.fmt.estimate(value, "rate", table=True)
                    low, high = value.lo or 0.0, value.hi or 0.0
                    cells.append((text.value, text.span, range_cell(low, value.value, high, (0.0, most), harm="none")))
                lines.append(
                    {
                        "prior": c.words.text(f"belief.{prior}"),
                        "ratio": c.fmt.number(one.ratio, 0.1),
                        "silent": one.ratio == 1.0,
                        "cells": cells,
                    }
                )
        told.append({"policy": c.words.text(f"c19.{policy}"), "lines": lines})
    return told
