"""Check areas, levers, responses and readings: every id, range, date and bound."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from tregua.case.evidence import PLACEHOLDER
from tregua.case.findings import (
    Findings,
    Place,
    check_lever_id,
    check_lever_value,
    check_parameter,
    check_parameter_id,
    check_sources,
    check_within,
    parameter_bounds,
    read_number,
    tell_twice,
)
from tregua.case.overlay import Overlay, parse_overlay, parse_without
from tregua.case.schema import ArmRow
from tregua.case.table import Table, closest, read_table
from tregua.model.levers import LEVER_IDS, LEVERS
from tregua.model.policies import REFERENCE_ARM

Bounds = Mapping[str, tuple[float, float]]


def check_areas(found: Findings) -> None:
    """Ids once, sources known, at least one area."""
    file = "areas.csv"
    seen: dict[str, int] = {}
    for placed in found.areas:
        row, place = placed.row, Place(file, placed.line)
        if row.id in seen:
            tell_twice(found, place.at("id"), row.id, seen[row.id])
        seen.setdefault(row.id, placed.line)
        if row.source not in ("-", PLACEHOLDER):
            check_sources(found, place.at("source"), row.source)
    if not found.areas and not any(p.file == file for p in found.problems.problems):
        mend = "add a row for the whole country"
        found.add("E14", "the case has no area", Place(file, 1), "no rows", "one area or more", mend)


def check_levers(found: Findings) -> None:
    """The record of the levers: known ids, values in range, dates in the run, sources, a value at the start."""
    file = "levers.csv"
    if not (found.folder / file).exists():
        message = "no levers.csv: every lever stands at 0 throughout, arrests and lethal at 1"
        found.add("W03", message, Place(file), mend="add it with id,date,value,source,basis")
        return
    seen: dict[tuple[str, date], int] = {}
    citable = {"-", *(f"{stem}.csv" for stem in found.tables)}
    for placed in found.levers:
        row, place = placed.row, Place(file, placed.line)
        if check_lever_id(found, place.at("id"), row.id):
            check_lever_value(found, place.at("value"), row.id, row.value)
        check_within(found, place.at("date"), row.date)
        check_sources(found, place.at("source"), row.source, also=citable)
        if (row.id, row.date) in seen:
            mend = f"remove this row or line {seen[row.id, row.date]}"
            message = "a lever changes twice on one day"
            found.add("E22", message, place.at("date"), f"{row.id} {row.date}", "each date once", mend)
        seen.setdefault((row.id, row.date), placed.line)
    if found.case is None:
        return
    begun = {placed.row.id for placed in found.levers if placed.row.date <= found.case.start}
    missing = [lever.id for lever in LEVERS if lever.unit == "multiple" and lever.id not in begun]
    if missing:
        mend = f"they stand at 1, the level of the start; give them a row of {found.case.start}"
        found.add("W05", f"no value at the start: {', '.join(missing)}", Place(file, 1, "date"), mend=mend)


def check_arms(found: Findings) -> None:
    """Levers of the responses: known ids, a decision for each date, and the reference in every decision."""
    file, case = "arms.csv", found.case
    if case is None:
        return
    dates = {decision.date: decision.id for decision in case.decisions}
    ids = {arm.id for arm in case.arms}
    used: dict[str, set[str]] = {decision.id: set() for decision in case.decisions}
    seen: dict[tuple[str, str, date], int] = {}
    for placed in found.arms:
        row, place = placed.row, Place(file, placed.line)
        if row.arm not in ids:
            mend = f"{closest(row.arm, ids)} its names belong into [[arms]] of case.toml"
            found.add("E25", "no such response", place.at("arm"), row.arm, ", ".join(sorted(ids)), mend)
        if row.since in dates:
            used[dates[row.since]].add(row.arm)
        else:
            allowed = ", ".join(str(day) for day in dates) or "none: case.toml has no decisions"
            mend = "use the date of a decision in case.toml"
            found.add("E25", "no decision has this date", place.at("from"), row.since, allowed, mend)
        key = (row.arm, row.lever, row.since)
        if key in seen:
            mend = f"remove this row or line {seen[key]}"
            message = "a response sets a lever twice"
            found.add("E18", message, place.at("lever"), row.lever, "each lever once", mend)
        seen.setdefault(key, placed.line)
        _check_arm_value(found, place, row)
    for decision in case.decisions:
        if REFERENCE_ARM not in used[decision.id]:
            message = f"decision {decision.id} has no reference response"
            given, mend = ", ".join(sorted(used[decision.id])), f"add the row {REFERENCE_ARM},none,,{decision.date}"
            found.add("E25", message, Place(file, 1, "arm"), given, REFERENCE_ARM, mend)


def _check_arm_value(found: Findings, place: Place, row: ArmRow) -> None:
    if row.lever == "none":
        return
    if row.lever == "timeline":
        try:
            left_out = parse_without(row.value)
        except ValueError as error:
            allowed = "an empty cell, or: without LEVER"
            found.add("E16", str(error), place.at("value"), row.value[:80], allowed, "correct it")
            return
        for lever in left_out:
            check_lever_id(found, place.at("value"), lever)
        return
    value = read_number(found, place.at("value"), row.value)
    if check_lever_id(found, place.at("lever"), row.lever) and value is not None:
        check_lever_value(found, place.at("value"), row.lever, value)


def check_readings(found: Findings) -> None:
    """What the readings set: known readings and targets, values inside bounds, paths inside the run."""
    file, case = "readings.csv", found.case
    if case is None:
        return
    ids = {reading.id for reading in case.readings}
    bounds = parameter_bounds() if found.readings else {}
    seen: dict[tuple[str, str], int] = {}
    for placed in found.readings:
        row, place = placed.row, Place(file, placed.line)
        _check_reading_id(found, place.at("reading"), row.reading, ids)
        key = (row.reading, row.target)
        if key in seen:
            mend = f"remove this row or line {seen[key]}"
            message = "a reading sets a target twice"
            found.add("E18", message, place.at("target"), row.target, "each target once", mend)
        seen.setdefault(key, placed.line)
        if row.target == "none":
            continue
        try:
            overlay = parse_overlay(row.value)
        except ValueError as error:
            allowed = "0.4, x0.5, or 2012-03-08:0.97;2014-03-01:0"
            found.add("E16", str(error), place.at("value"), row.value[:80], allowed, "correct it")
            continue
        if _check_overlay(found, bounds, place, row.target, overlay):
            found.overlays[placed.line] = overlay


def _check_reading_id(found: Findings, place: Place, name: str, ids: Collection[str]) -> bool:
    if name in ids:
        return True
    mend = f"{closest(name, ids)} its names belong into [[readings]] of case.toml"
    found.add("E25", "no such reading", place, name[:80], ", ".join(sorted(ids)), mend)
    return False


def _check_overlay(found: Findings, bounds: Bounds, place: Place, target: str, overlay: Overlay) -> bool:
    if overlay.path:
        if not check_lever_id(found, place.at("target"), target):
            return False
        value = place.at("value")
        checks = [
            check_lever_value(found, value, target, level) and check_within(found, value, day)
            for day, level in overlay.path
        ]
        return all(checks)
    if target in LEVER_IDS:
        mend = "write from which day the value holds"
        allowed = "a path such as 2012-03-08:0.97;2014-03-01:0"
        found.add("E16", "a lever needs dates", place.at("value"), target, allowed, mend)
        return False
    if overlay.value is None:
        return check_parameter_id(found, bounds, place.at("target"), target)
    key = "value" if target in bounds else "target"
    return check_parameter(found, bounds, place.at(key), target, overlay.value)


def read_refits(found: Findings) -> None:
    """Refitted values: one column a reading, one row a parameter. A reading that needs one and has none is told."""
    file, case = "refits.csv", found.case
    path = found.folder / file
    if path.exists() and case is not None:
        table = read_table(path, file, found.problems, required=("name",), optional=None)
        if table is not None:
            ids = {reading.id for reading in case.readings}
            columns = [name for name in table.columns if name not in ("name", "note")]
            known = [name for name in columns if _check_reading_id(found, Place(file, 1, name), name, ids)]
            _read_refits(found, table, known)
    must = {placed.row.reading: placed.line for placed in reversed(found.readings) if placed.row.refit == "1"}
    for reading, line in sorted(must.items()):
        if reading not in found.refits:
            message = f"reading {reading} must be refitted and has no refitted values"
            mend = 'it shows "refit needed" in place of numbers; tregua calibrate finds them'
            found.add("W04", message, Place("readings.csv", line, "refit"), mend=mend)


def _read_refits(found: Findings, table: Table, columns: Collection[str]) -> None:
    bounds = parameter_bounds()
    seen: dict[str, int] = {}
    for row in table:
        place, name = Place(table.file, row.line), row.cells.get("name", "")
        if name in seen:
            tell_twice(found, place.at("name"), name, seen[name])
            continue
        seen[name] = row.line
        if not check_parameter_id(found, bounds, place.at("name"), name):
            continue
        for column in columns:
            value = read_number(found, place.at(column), row.cells.get(column, ""))
            if value is not None and check_parameter(found, bounds, place.at(column), name, value):
                found.refits.setdefault(column, {})[name] = value


def read_draws(found: Findings) -> None:
    """Provisional draws: one row a draw, one column a fitted parameter."""
    file = "draws.csv"
    path = found.folder / file
    if not path.exists():
        return
    table = read_table(path, file, found.problems, required=("draw",), optional=None)
    if table is None:
        return
    bounds = parameter_bounds()
    names = [name for name in table.columns if name != "draw"]
    known = [name for name in names if check_parameter_id(found, bounds, Place(file, 1, name), name)]
    seen: dict[str, int] = {}
    for row in table:
        place, number = Place(file, row.line), row.cells.get("draw", "")
        if number in seen:
            tell_twice(found, place.at("draw"), number, seen[number])
        seen.setdefault(number, row.line)
        draw: dict[str, float] = {}
        for name in known:
            value = read_number(found, place.at(name), row.cells.get(name, ""))
            if value is not None and check_parameter(found, bounds, place.at(name), name, value):
                draw[name] = value
        found.draws.append(draw)
