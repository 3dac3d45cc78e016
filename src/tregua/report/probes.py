"""C18 and C19: what moves a contrast, and both errors about interlocutors, as they were last probed and kept.

`tregua compare --sensitivity`, `--fails` and `--interlocutors` keep what they found beside the tables; the page shows
it where it is of the case and model as they stand, and otherwise says which command makes it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from tregua.report.cell import DOTS, dots_cell, dots_of, limit_cell, range_cell, share_cell
from tregua.report.decision_text import HALT_ENDS, decision_tab
from tregua.report.format import kind_of, rounding_unit
from tregua.report.inputs import BELIEFS, REFERENCE_ARM, Bound, Failing, RoleErrors, Sensitivity, Share, Swing
from tregua.report.inputs import Estimate as Told

if TYPE_CHECKING:
    from tregua.report.section import Context

SENSITIVITY, ROLES, FAILS = "sensitivity.json", "interlocutors.json", "fails.json"
POLICIES = ("prosecute", "list", "protect")
SIDES = {"civil_society": "a", "law_enforcement": "b"}
"""Letter and colour of each expert prior."""
TOLD = 3
"""Conditions of a rule that its sentence names; more are told in the table alone."""
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


def failing_of(folder: Path, case: str, model: str) -> tuple[Failing, ...]:
    """Where a response fails, one rule a comparison; empty where that was not looked for."""
    told = _kept(folder, FAILS, case, model)
    out = []
    for one in told["found"] if told is not None else ():
        region = one["region"] or {"limits": (), "density": 0.0, "base": 0.0, "coverage": 0.0}
        bounds = tuple(
            Bound(
                cut["factor"],
                low=cut["low"],
                high=cut["high"],
                least=cut.get("least"),
                most=cut.get("most"),
                among=tuple(cut["among"]),
                tried=int(cut.get("tried", 0)),
                chance=float(cut["chance"]),
            )
            for cut in region["limits"]
        )
        shares = (float(region[name]) for name in ("density", "base", "coverage"))
        limits = tuple(sorted((str(name), float(value)) for name, value in one["thresholds"].items()))
        out.append(Failing(str(one["label"]), int(told["horizon"]), str(one["arm"]), limits, bounds, *shares))  # type: ignore[index]
    return tuple(out)


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
        unit = min(rounding_unit(one.error, 1.0), max(1.0, 10.0 ** math.floor(math.log10(high - low))))
        told = [c.fmt.number(value, unit, signed=True, table=True) for value in (one.low, one.high)]
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
             "error": c.fmt.number(one.error, 0.01), "cell": share_cell(one.first, one.total, one.error)}
            for one in clear[:MOST]
        ],
        "quiet": len(found.shares) - len(clear[:MOST]),
        "swings": swings,
        "still": len(found.swings) - len(swings),
        "first": first,
    }  # fmt: skip


def _share(c: Context, value: float) -> str:
    return c.fmt.number(min(1.0, max(0.0, value)), 0.01)


def failing(c: Context, decision: str) -> list[dict[str, object]]:
    """C18, where a response fails: the rule as a sentence, each bound, coverage and density as dots."""
    meanings = {one.name: c.words.inside(one.meaning.of(c.lang)) for one in c.inputs.parameters}
    blocks: list[dict[str, object]] = []
    for one in c.inputs.failing:
        if one.decision.removesuffix(HALT_ENDS) != decision:
            continue
        limits = []
        for name, value in one.thresholds:
            outcome = c.outcomes.get(name)
            less = outcome is not None and outcome.harm == "down"
            label = c.words.inside(outcome.label.of(c.lang)) if outcome is not None else name
            kind = kind_of(outcome.unit) if outcome is not None else "count"
            key = f"c18.box.{'less' if less else 'limit'}{'.by' if value else ''}"
            n = c.fmt.number(value, 0.01 if kind in ("share", "ratio") else 1.0, signed=True)
            reference = c.words.inside(c.arm_label(REFERENCE_ARM))
            limits.append(c.words.text(key, n=n, outcome=label, reference=reference))
        rows, parts = [], []
        for bound in one.bounds:
            if bound.among:
                key, values = _readings(c, bound)
                name, cell = c.words.text("c18.box.reading"), Markup("")
            else:
                name = meanings.get(bound.factor, bound.factor)
                key = "below" if bound.low is None else "above" if bound.high is None else "between"
                values = {end: _two(c, value) for end in ("low", "high") if (value := getattr(bound, end)) is not None}
                known = bound.least is not None and bound.most is not None
                cell = limit_cell(bound.low, bound.high, bound.least, bound.most) if known else Markup("")  # type: ignore[arg-type]
            rows.append(
                {
                    "name": c.words.opening(name),
                    "id": "" if bound.among else bound.factor,
                    "said": c.words.opening(c.words.text(f"c18.box.cut.{key}", **values)),
                    "cell": cell,
                    "chance": c.fmt.percent(bound.chance),
                }
            )
            said = c.words.text(f"c18.box.{key}", **values, **({} if bound.among else {"name": name}))
            parts.append(said)
        shares = (("density", one.density), ("base", one.base), ("coverage", one.coverage))
        hundred = {name: c.fmt.of_hundred(value) for name, value in shares}
        blocks.append(
            {
                "arm": c.words.inside(c.arm_label(one.arm)),
                "part": decision_tab(c, one.decision) if one.decision != decision else "",
                "note": c.words.text(
                    "c18.box.note", arm=c.words.opening(c.arm_label(one.arm)), limits=c.words.listing(limits),
                    years=c.words.years(one.horizon),
                ),
                "rule": c.words.text(
                    "c18.box.rule", n=hundred["density"], base=hundred["base"], k=hundred["coverage"],
                    where=c.words.listing(parts)
                    if len(parts) <= TOLD
                    else c.words.text("c18.box.all", n=len(parts)),
                ) if parts else c.words.text("c18.box.none"),
                "rows": rows,
                "measures": [
                    {
                        "name": c.words.text(f"c18.box.{name}"),
                        "dots": dots_cell(value),
                        "told": c.words.text("c18.box.dots", k=dots_of(value), n=DOTS),
                    }
                    for name, value in shares
                ] if parts else [],
            }
        )  # fmt: skip
    return blocks


def _readings(c: Context, bound: Bound) -> tuple[str, dict[str, str]]:
    """Readings of a bound in words: those it holds, or those it leaves out where these are fewer."""
    compared = {row.reading for row in c.inputs.contrasts if row.status == "ok"}
    others = [one.id for one in c.inputs.readings if one.id in compared and one.id not in bound.among]
    few = len(others) < len(bound.among) and len(others) + len(bound.among) == bound.tried
    shown = [c.words.text("quote", text=c.reading_label(name)) for name in (others if few else bound.among)]
    return "but" if few else "only" if len(shown) == 1 else "among", {"list": c.words.listing(shown)}


def _two(c: Context, value: float) -> str:
    """A bound to two digits, never three decimals."""
    size = math.floor(math.log10(abs(value))) - 1 if value else 0
    return c.fmt.number(value, 10.0 ** min(0, size - (size == -3)))


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
        lines: list[dict[str, object]] = []
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
                        "side": SIDES[prior],
                        "first": sum(1 for r in rows if (r.policy, r.prior) == (policy, prior))
                        if not lines or lines[-1]["side"] != SIDES[prior]
                        else 0,
                        "ratio": c.fmt.number(one.ratio, 0.1),
                        "silent": one.ratio == 1.0,
                        "cells": cells,
                    }
                )
        told.append(
            {"policy": c.words.text(f"c19.{policy}"), "lines": lines, "most": c.fmt.estimate(Told(most), "rate").value}
        )
    return told
