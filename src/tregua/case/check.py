"""Check a case folder: everything that is wrong with it at once, with file, line, key, and how to mend it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from tregua.case.document import Document, write_path
from tregua.case.evidence import (
    check_events,
    check_observations,
    check_targets,
    tell_implausible,
    tell_missing,
    tell_placeholders,
)
from tregua.case.findings import (
    Findings,
    Place,
    check_lever_id,
    check_parameter,
    check_role,
    check_within,
    parameter_bounds,
    tell_twice,
)
from tregua.case.folder import read_case_file, read_rows, read_series, read_sources
from tregua.case.policy import check_areas, check_arms, check_levers, check_readings, read_draws, read_refits
from tregua.case.schema import (
    AreaRow,
    ArmRow,
    ArmTable,
    CaseFile,
    DecisionTable,
    EventRow,
    GangTable,
    LeverRow,
    ReadingRow,
    ReadingTable,
    TargetRow,
)
from tregua.case.table import closest
from tregua.errors import LedgerError, Problem
from tregua.series.catalogue import HOMICIDES, ObservationSet

# Stable between versions: a code is never given another meaning.
CODES: dict[str, str] = {
    "E08": "a text that is too long",
    "E09": "a format version that this program does not read",
    "E10": "a file or the folder is missing, or cannot be opened",
    "E11": "a file is not UTF-8",
    "E12": "an interval ends before it starts, or spans of one figure overlap",
    "E13": "TOML syntax",
    "E14": "something is missing: a column, a cell, a value, a row",
    "E15": "a key or column that does not exist",
    "E16": "a wrong type, or a number that is not finite",
    "E17": "a number outside its bounds",
    "E18": "an id given twice",
    "E19": "a date outside the run",
    "E20": "a source key without a citation",
    "E21": "a lever that does not exist",
    "E22": "a lever outside its range, or its dates given twice",
    "E23": "a parameter that does not exist",
    "E24": "a parameter outside its bounds",
    "E25": "a response, reading, decision or measure that does not exist",
    "E26": "an area with no population",
    "E27": "rows of one use cover the same days",
    "E28": "a row used for the fit lies after the fit window, or there is no window",
    "E29": "figures used together contradict each other",
    "E30": "ledger: a file cannot be read",
    "E31": "what should be a role looks like a person's name",
    "E32": "ledger: a word that is not one of its kind",
    "E33": "ledger: a text without its translation",
    "E34": "ledger: a relation that cannot stand",
    "E35": "ledger: a published claim that was changed or removed",
    "E36": "ledger: a key, id or value that cannot stand there",
    "E37": "ledger: a link to nothing",
    "E38": "ledger: something without claim, link or reason",
    "E39": "ledger: a claim about a person without its safeguards, or a sentence without its asserter",
    "E71": "a table of one's own that cannot be read",
    "W01": "a byte order mark, skipped",
    "W02": "a file that is not read",
    "W03": "something that the case does not have, and what that costs",
    "W04": "a reading that must be refitted and has no refitted values",
    "W05": "a lever without a value at the start",
    "W06": "a value that is still a placeholder",
    "W07": "counts and population that do not go together",
}
TABLES = ("areas.csv", "levers.csv", "arms.csv", "readings.csv", "refits.csv", "draws.csv", "fit_targets.csv",
          "chronology.csv", "sources.csv")  # fmt: skip
FOLDERS = {"series": (".csv",), "ledger": (".toml",), "geo": (".json",)}


def check_case(path: str | Path) -> list[Problem]:
    """Everything wrong with a case folder, and what it lacks.

    Parameters
    ----------
    path : str or Path
        A case folder, or the id of a bundled case.

    Returns
    -------
    list of Problem
        Errors first, then warnings, each in order of file and line. The case is valid when there is no error.
    """
    from tregua.case.load import find_case

    found = examine(find_case(path))
    _check_ledger(found)
    return sorted(found.problems.problems, key=lambda p: (p.is_warning, p.file, p.line or 0, p.code))


def partition_lines(path: str | Path, lang: str = "en") -> list[str]:
    """The partition of a case's killings with its arithmetic, as printed by ``tregua check --partition``.

    Parameters
    ----------
    path : str or Path
        A case folder, or the id of a bundled case.
    lang : str
        en or es.

    Raises
    ------
    ObservationError
        The counts used together contradict each other.
    """
    from tregua.case.load import find_case

    found = examine(find_case(path))
    return ObservationSet(tuple(found.observations), found.window).partition(HOMICIDES).lines(lang)


def examine(folder: Path) -> Findings:
    """Read and check every file of a case folder but its ledger; nothing is raised, everything is told."""
    found = Findings(folder)
    if not folder.is_dir():
        mend = "give its path, or the id of a bundled case"
        found.add("E10", "no such case folder", Place(str(folder)), "nothing", "a folder with case.toml", mend)
        return found
    read_case_file(found)
    read_sources(found)
    found.areas = read_rows(found, "areas.csv", AreaRow, required=True)
    found.levers = read_rows(found, "levers.csv", LeverRow)
    found.arms = read_rows(found, "arms.csv", ArmRow)
    found.readings = read_rows(found, "readings.csv", ReadingRow)
    found.targets = read_rows(found, "fit_targets.csv", TargetRow)
    found.events = read_rows(found, "chronology.csv", EventRow)
    read_series(found)
    if found.case is not None and found.document is not None:
        _check_case_file(found, found.case, found.document)
    check_areas(found)
    check_levers(found)
    check_arms(found)
    check_readings(found)
    read_refits(found)
    read_draws(found)
    check_targets(found)
    check_events(found)
    check_observations(found)
    tell_missing(found)
    tell_placeholders(found)
    tell_implausible(found)
    _tell_unread(found)
    return found


def _check_case_file(found: Findings, case: CaseFile, document: Document) -> None:
    def place(*path: str | int) -> Place:
        return Place("case.toml", document.line_of(path), write_path(path))

    if case.end < case.start:
        given = f"start {case.start}, end {case.end}"
        found.add("E12", "the run ends before it starts", place("end"), given, "end after start", "swap the dates")
    if case.fit_end is not None and not case.start <= case.fit_end <= case.end:
        allowed = f"{case.start} to {case.end}"
        message = "the fit window ends outside the run"
        found.add("E19", message, place("fit_end"), case.fit_end, allowed, "choose a day inside the run")
    named: dict[str, Sequence[GangTable | DecisionTable | ArmTable | ReadingTable]] = {
        "gangs": case.gangs, "decisions": case.decisions, "arms": case.arms, "readings": case.readings,
    }  # fmt: skip
    for kind, items in named.items():
        seen: dict[str, int | None] = {}
        for position, item in enumerate(items):
            here = place(kind, position, "id")
            if item.id in seen:
                tell_twice(found, here, item.id, seen[item.id])
            seen.setdefault(item.id, here.line)
    readings = [reading.id for reading in case.readings]
    for position, reading in enumerate(case.rival_readings):
        if reading not in readings:
            message, mend = "no such reading", closest(reading, readings)
            found.add("E25", message, place("rival_readings", position), reading, ", ".join(readings), mend)
    for position, decision in enumerate(case.decisions):
        check_within(found, place("decisions", position, "date"), decision.date)
        for lever in decision.keep:
            check_lever_id(found, place("decisions", position, "keep"), lever)
        for reading in decision.left_out:
            if reading not in readings:
                message, mend = "no such reading", closest(reading, readings)
                found.add("E25", message, place("decisions", position, "left_out"), reading, ", ".join(readings), mend)
        if decision.horizons != sorted(set(decision.horizons)):
            here, allowed = place("decisions", position, "horizons"), "years in order, each once"
            found.add("E16", "horizons are not in order", here, decision.horizons, allowed, "sort them")
    bounds = parameter_bounds() if case.parameters or case.gangs else {}
    families = sorted(name.removeprefix("command_0_") for name in bounds if name.startswith("command_0_"))
    for position, gang in enumerate(case.gangs):
        if gang.family not in families:
            message, mend = "no parameters carry this family of gangs", closest(gang.family, families)
            found.add("E23", message, place("gangs", position, "family"), gang.family, ", ".join(families), mend)
    for name, value in case.parameters.items():
        check_parameter(found, bounds, place("parameters", name), name, value)
    for position, role in enumerate(case.world.broker_roles):
        here = place("world", "broker_roles", position)
        check_role(found, here, role)
        if role in case.world.broker_roles[:position]:
            tell_twice(found, here, "a role", here.line)
    total = sum(gang.share for gang in case.gangs)
    if case.gangs and not math.isclose(total, 1.0, abs_tol=1e-6):
        message = "the shares of the gangs do not sum to 1"
        found.add("E17", message, place("gangs", 0, "share"), f"{total:g}", "1", "correct the shares")


def _check_ledger(found: Findings) -> None:
    folder = found.folder / "ledger"
    if not folder.is_dir():
        return
    from tregua.case.declared import declared_ids
    from tregua.ledger.load import load_ledger

    try:
        ledger = load_ledger(folder)
    except LedgerError as error:
        for problem in error.problems:
            found.problems.add(problem)
        return
    if found.case is None:
        return
    declared = declared_ids(
        (reading.id for reading in found.case.readings),
        (arm.id for arm in found.case.arms),
        (observation.id for observation in found.observations),
    )
    for problem in ledger.check(declared):
        found.problems.add(problem)


def _tell_unread(found: Findings) -> None:
    known = {"case.toml", *TABLES}
    for path in sorted(found.folder.rglob("*")):
        parts = path.relative_to(found.folder).parts
        if any(part.startswith((".", "__pycache__")) for part in parts) or path.suffix == ".md":
            continue
        if path.name.upper().startswith(("LICENSE", "LICENCE", "NOTICE")):
            continue
        if len(parts) == 1 and (path.name in known or (path.is_dir() and path.name in FOLDERS)):
            continue
        if len(parts) == 2 and path.suffix in FOLDERS.get(parts[0], ()):
            continue
        if len(parts) > 1 and parts[0] not in FOLDERS:
            continue  # told once, with its folder
        allowed = ", ".join([*sorted(known), *(f"{name}/*{ends[0]}" for name, ends in FOLDERS.items())])
        message = "a file or folder that is not part of a case is not read"
        found.add("W02", message, Place("/".join(parts)[:120]), "", allowed, closest(path.name, known))
