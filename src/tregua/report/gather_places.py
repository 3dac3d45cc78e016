"""Counts by department and the borders of the departments: observed figures only, for section 10."""

from __future__ import annotations

import csv
import json
from datetime import date
from typing import TYPE_CHECKING, Any

from tregua.report.inputs import Department, Outline

if TYPE_CHECKING:
    from tregua.case.load import Case

SERIES = "homicides_department.csv"
LEAST = 10
"""A count below this is never shown alone for a place: it could be people whom somebody recognises."""


def departments(case: Case) -> tuple[Department, ...]:
    """Counts of killings by department; police regions and spans before the case are left out."""
    path = case.folder / "series" / SERIES
    if not path.is_file():
        return ()
    areas = {one["name"]: one for one in _rows(case.folder / "areas.csv")}
    out = []
    for row in _rows(path):
        area = areas.get(row["department"])
        if area is None:
            continue
        start, end = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
        count = float(row["homicides"]) if row["homicides"] else None
        people = float(area["population"])
        if row["rate_per_100k"]:
            rate: float | None = float(row["rate_per_100k"])
        elif count is not None and people > 0:
            rate = count / people * 1e5 * 365.25 / ((end - start).days + 1)
        else:
            rate = None
        if end < case.start or rate is None:
            continue
        few = count is not None and count < LEAST
        sources = tuple(row["source"].split(";"))
        out.append(
            Department(
                area["id"],
                area["name"],
                start,
                end,
                None if few else count,
                None if few else rate,
                row["institution"],
                sources,
                few,
            )
        )
    return tuple(sorted(out, key=lambda one: (one.start, one.end, one.name)))


def outlines(case: Case) -> tuple[Outline, ...]:
    """Borders of the departments, from the outline file of the case; empty where it has none."""
    folder = case.folder / "geo"
    files = sorted(folder.glob("*.topo.json")) if folder.is_dir() else []
    if not files:
        return ()
    topology: dict[str, Any] = json.loads(files[0].read_text(encoding="utf-8"))
    (shape,) = list(topology["objects"].values())[:1]
    arcs = [_arc(topology, one) for one in topology["arcs"]]
    out = []
    for one in shape["geometries"]:
        polygons = one["arcs"] if one["type"] == "MultiPolygon" else [one["arcs"]]
        rings = tuple(_ring(arcs, ring) for polygon in polygons for ring in polygon)
        out.append(Outline(str(one["properties"].get("name", "")), rings))
    return tuple(sorted(out, key=lambda one: one.name))


def _rows(path: Any) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _arc(topology: dict[str, Any], arc: list[list[float]]) -> list[tuple[float, float]]:
    """One arc in degrees: quantised arcs are steps from point to point."""
    change = topology.get("transform")
    if not change:
        return [(float(x), float(y)) for x, y in arc]
    (kx, ky), (dx, dy) = change["scale"], change["translate"]
    x = y = 0.0
    out = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        out.append((x * kx + dx, y * ky + dy))
    return out


def _ring(arcs: list[list[tuple[float, float]]], numbers: list[int]) -> tuple[tuple[float, float], ...]:
    points: list[tuple[float, float]] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return tuple((round(x, 3), round(y, 3)) for x, y in points)
