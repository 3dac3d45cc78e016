"""Check a case folder: everything that is wrong with it at once, with file, line, key, and how to mend it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from tregua.case.complaint import complaints
from tregua.case.document import Document, KeyPath, read_document, write_path
from tregua.case.figures import REFERENCE_TABLES, Refusal, observations_of, span_problem
from tregua.case.names import looks_like_a_name
from tregua.case.overlay import Overlay, parse_overlay, parse_without
from tregua.case.schema import (
    FORMAT,
    AreaRow,
    ArmRow,
    CaseFile,
    EventRow,
    LeverRow,
    ReadingRow,
    SeriesRow,
    SourceRow,
    TargetRow,
    Written,
    columns_of,
    parse_period,
    parse_spans,
)
from tregua.case.table import Row, Table, closest, read_table
from tregua.errors import ModelError, ObservationError, Problem, ProblemList
from tregua.model.levers import LEVER_IDS, LEVERS, check_lever
from tregua.model.policies import REFERENCE_ARM
from tregua.series.catalogue import HOMICIDES, PIECES_FILE, ObservationSet
from tregua.series.observation import Count, Observation
from tregua.series.partition import Piece, overlapping_fits
from tregua.series.source import Source
from tregua.series.span import Span

# Stable between versions: a code is never given another meaning.
CODES: dict[str, str] = {
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
    "E25": "an arm, reading, decision, area, gang or measure that does not exist",
    "E26": "an area with no population",
    "E27": "rows used for the fit cover the same days",
    "E28": "a row used for the fit lies after the fit window",
    "E29": "figures used together contradict each other",
    "E30": "a text that is too long",
    "E31": "what should be a role looks like a person's name",
    "E32": "a format version that this program does not read",
    "W01": "a byte order mark, skipped",
    "W02": "a file that is not read",
    "W03": "a series that the case does not have, and what that costs",
    "W04": "a reading that must be refitted and has no refitted values",
    "W05": "a lever without a value at the start",
}
TABLES = ("areas.csv", "levers.csv", "arms.csv", "readings.csv", "fit_targets.csv", "chronology.csv", "sources.csv")
_FREE_TABLES = ("refits.csv", "draws.csv")
_FOLDERS = ("series", "ledger", "geo")
_CLAIM = re.compile(r"^[CQF]\d{2,3}$")
# What a case loses without a kind of figure: told as warnings, never as errors.
_COSTS: tuple[tuple[str, str, str], ...] = (
    ("homicides_recorded", "no counts of killings",
     "nothing can be fitted, scored or drawn as observed: every number is a prior's"),
    ("extortion_reports", "no extortion series", '"paid by victims" will run on priors and say so everywhere'),
    ("disappearance_reports", "no series of disappearances",
     "hidden killings will run on priors and say so everywhere"),
    ("deaths_by_state", "no series of deaths caused by the state",
     "deaths by the state will run on priors and say so everywhere"),
    ("members_imprisoned", "no figure of imprisoned members", "prison will run on priors and say so everywhere"),
    ("support", "no polls", "public support will run on priors and say so everywhere"),
)
T = TypeVar("T", bound=Written)


@dataclass(frozen=True)
class Placed(Generic[T]):
    """A validated row and the line on which it stands."""

    line: int
    row: T


@dataclass
class Findings:
    """What could be read of a case folder, and everything that is wrong with it."""

    folder: Path
    problems: ProblemList = field(default_factory=ProblemList)
    document: Document | None = None
    case: CaseFile | None = None
    areas: list[Placed[AreaRow]] = field(default_factory=list)
    levers: list[Placed[LeverRow]] = field(default_factory=list)
    arms: list[Placed[ArmRow]] = field(default_factory=list)
    readings: list[Placed[ReadingRow]] = field(default_factory=list)
    overlays: dict[int, Overlay] = field(default_factory=dict)
    refits: dict[str, dict[str, float]] = field(default_factory=dict)
    draws: list[dict[str, float]] = field(default_factory=list)
    targets: list[Placed[TargetRow]] = field(default_factory=list)
    events: list[Placed[EventRow]] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    observations: list[Observation] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)

    def add(
        self, code: str, message: str, file: str = "", line: int | None = None, key: str = "", found: object = "",
        allowed: str = "", mend: str = "",
    ) -> None:
        self.problems.add(Problem(code, message, file, line, key, str(found)[:200], allowed, mend))

    @property
    def window(self) -> Span | None:
        """The fit window, where the dates of the case make one."""
        if self.case is None or self.case.fit_end is None or self.case.fit_end < self.case.start:
            return None
        return Span(self.case.start, self.case.fit_end)


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

    problems = examine(find_case(path)).problems
    return [*problems.errors, *problems.warnings]


def examine(folder: Path) -> Findings:
    """Read and check every file of a case folder; nothing is raised, everything is told."""
    found = Findings(folder)
    if not folder.is_dir():
        found.add("E10", "no such case folder", str(folder), allowed="a folder with case.toml",
                  mend="give its path, or the id of a bundled case")
        return found
    _read_case_file(found)
    _read_sources(found)
    found.areas = _rows(found, "areas.csv", AreaRow, required=True)
    found.levers = _rows(found, "levers.csv", LeverRow)
    found.arms = _rows(found, "arms.csv", ArmRow)
    found.readings = _rows(found, "readings.csv", ReadingRow)
    found.targets = _rows(found, "fit_targets.csv", TargetRow)
    found.events = _rows(found, "chronology.csv", EventRow)
    _read_series(found)
    _check_case_file(found)
    _check_areas(found)
    _check_levers(found)
    _check_arms(found)
    _check_readings(found)
    _read_refits(found)
    _read_draws(found)
    _check_targets(found)
    _check_events(found)
    _check_observations(found)
    _tell_missing(found)
    _tell_unread(found)
    return found


# Reading --------------------------------------------------------------------------------------------------------


def _read_case_file(found: Findings) -> None:
    file = "case.toml"
    document = read_document(found.folder / file, file, found.problems)
    if document is None:
        return
    found.document = document
    version = document.content.get("format")
    if isinstance(version, int) and not isinstance(version, bool) and version != FORMAT:
        found.add("E32", "the case is written in another format version", file, document.line_of(("format",)),
                  "format", version, str(FORMAT), "use the program that wrote it, or rewrite the case")
        return
    try:
        found.case = CaseFile.model_validate(document.content, strict=True)
    except ValidationError as error:
        for problem in complaints(error, CaseFile, file, document.line_of, secret=_is_role):
            found.problems.add(problem)


def _is_role(path: KeyPath) -> bool:
    return any(part in ("broker_roles", "asserted_by") for part in path)


def _rows(found: Findings, file: str, model: type[T], *, required: bool = False) -> list[Placed[T]]:
    path = found.folder / file
    if not path.exists() and not required:
        return []
    must, may = columns_of(model)
    table = read_table(path, file, found.problems, required=must, optional=may)
    return [] if table is None else _validate(found, table, model)


def _validate(found: Findings, table: Table, model: type[T]) -> list[Placed[T]]:
    placed = []
    for row in table:
        checked = _validate_row(found, table.file, row, model)
        if checked is not None:
            placed.append(Placed(row.line, checked))
    return placed


def _validate_row(found: Findings, file: str, row: Row, model: type[T]) -> T | None:
    try:
        return model.model_validate(row.cells)
    except ValidationError as error:
        for problem in complaints(error, model, file, lambda _: row.line, secret=_is_role):
            if problem.code in ("E14", "E17") and (file, problem.key) == ("areas.csv", "population"):
                problem = Problem("E26", "an area has no population", file, row.line, "population",
                                  row.cells.get("population", "an empty cell"), "a number above 0",
                                  "give its population, or leave the area out")
            if problem.code != "E15":  # an unknown column was told once, with the header
                found.problems.add(problem)
        return None


def _read_sources(found: Findings) -> None:
    file = "sources.csv"
    lines: dict[str, int] = {}
    for placed in _rows(found, file, SourceRow):
        row = placed.row
        if row.key in lines:
            _twice(found, file, placed.line, "key", row.key, lines[row.key])
            continue
        lines[row.key] = placed.line
        found.sources[row.key] = Source(row.key, row.citation, row.address, row.taken, row.reliability)


def _read_series(found: Findings) -> None:
    folder = found.folder / "series"
    if not folder.is_dir():
        return
    _, columns = columns_of(SeriesRow)
    for path in sorted(folder.glob("*.csv")):
        file, stem = f"series/{path.name}", path.stem
        if stem in REFERENCE_TABLES:
            _read_reference(found, path, file, stem)
            continue
        table = read_table(path, file, found.problems, required=("source",), optional=columns)
        if table is None:
            continue
        found.tables[stem] = table
        for row in table:
            checked = _validate_row(found, file, row, SeriesRow)
            if checked is None:
                continue
            try:
                made = observations_of(checked, stem, row.line)
            except Refusal as refusal:
                found.problems.add(refusal.problem(file, row.line))
                continue
            except ObservationError as error:
                code = span_problem(error)
                found.problems.problems.extend(
                    Problem(code, p.message, file, row.line, p.key, p.found, p.allowed, p.mend)
                    for p in error.problems
                )
                continue
            found.observations.extend(made)
            _check_sources(found, file, row.line, checked.source)
            _check_role(found, file, row.line, "asserted_by", checked.asserted_by)
            _check_role(found, file, row.line, "institution", checked.institution, only_names=True)


def _read_reference(found: Findings, path: Path, file: str, stem: str) -> None:
    columns, numbers = REFERENCE_TABLES[stem]
    table = read_table(path, file, found.problems, required=sorted(columns))
    if table is None:
        return
    found.tables[stem] = table
    for row in table:
        for key in numbers:
            if key in row.cells:
                _number(found, file, row.line, key, row.cells[key])
        if "source" in row.cells:
            _check_sources(found, file, row.line, row.cells["source"])
        else:
            found.add("E14", "a figure has no source", file, row.line, "source", allowed="a key of sources.csv",
                      mend="say where it was read")


def _number(found: Findings, file: str, line: int, key: str, text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        found.add("E16", "not a number", file, line, key, text[:80], "a number such as 0.35", "correct the cell")
        return None
    if not math.isfinite(value):
        found.add("E16", "not a finite number", file, line, key, text[:80], "a finite number",
                  "leave the cell empty where the figure is not known")
        return None
    return value


# Checks of single values ----------------------------------------------------------------------------------------


def _check_sources(found: Findings, file: str, line: int, text: str, *, also: Iterable[str] = ()) -> None:
    allowed = set(also)
    for key in (part.strip() for part in text.split(";")):
        if key in found.sources or key in allowed or (allowed and _CLAIM.match(key)):
            continue
        if not found.sources and not (found.folder / "sources.csv").exists():
            found.add("E20", "a source key has no citation", file, line, "source", key[:80],
                      "a key of sources.csv", "add sources.csv with key and citation")
        else:
            found.add("E20", "a source key has no citation", file, line, "source", key[:80],
                      "a key of sources.csv", f"add it to sources.csv; {closest(key, found.sources)}")


def _check_role(
    found: Findings, file: str, line: int | None, key: str, text: str, *, only_names: bool = False
) -> None:
    """Refuse a person's name where a role belongs, without repeating it.

    `only_names` is for columns that hold bodies: capitals are usual there, so only given names are a sign.
    """
    institutions = found.case.institutions if found.case else []
    looked_at = text.lower() if only_names else text
    if text and text not in institutions and looks_like_a_name(looked_at, institutions):
        found.add("E31", "looks like a person's name (not repeated here)", file, line, key,
                  allowed='a role such as "interlocutor" or an office such as "security ministry"',
                  mend="write the role; a case never holds names. A body with such a name: list it in "
                       "institutions in case.toml")


def _twice(found: Findings, file: str, line: int | None, key: str, name: str, first: int | None) -> None:
    found.add("E18", "an id is given twice", file, line, key, f"{name}, first on line {first}", "each id once",
              "rename or remove one of them")


def _check_within(found: Findings, file: str, line: int | None, key: str, day: date) -> bool:
    case = found.case
    if case is None or case.start <= day <= case.end:
        return True
    found.add("E19", "a date lies outside the run", file, line, key, day, f"{case.start} to {case.end}",
              "correct the date, or move start or end in case.toml")
    return False


def _parameters() -> Mapping[str, tuple[float, float]]:
    """Bounds of every parameter of the model."""
    from tregua.model.declare import PARAMETERS

    return {name: (p.lower, p.upper) for name, p in PARAMETERS.items()}


def _check_parameter(
    found: Findings, bounds: Mapping[str, tuple[float, float]], file: str, line: int | None, key: str, name: str,
    value: float,
) -> bool:
    if name not in bounds:
        found.add("E23", "no such parameter", file, line, key, name[:80], f"{len(bounds)} names: tregua odd",
                  closest(name, bounds))
        return False
    lower, upper = bounds[name]
    if not lower <= value <= upper:
        found.add("E24", f"parameter {name} is outside its bounds", file, line, key, f"{value:g}",
                  f"{lower:g} to {upper:g}", "choose a value inside the bounds")
        return False
    return True


# Checks of whole files ------------------------------------------------------------------------------------------


def _check_case_file(found: Findings) -> None:
    case, document, file = found.case, found.document, "case.toml"
    if case is None or document is None:
        return
    if case.end < case.start:
        found.add("E12", "the run ends before it starts", file, document.line_of(("end",)), "end",
                  f"start {case.start}, end {case.end}", "end after start", "swap the two dates")
    if case.fit_end is not None and not case.start <= case.fit_end <= case.end:
        found.add("E19", "the fit window ends outside the run", file, document.line_of(("fit_end",)), "fit_end",
                  case.fit_end, f"{case.start} to {case.end}", "choose a day inside the run")
    for kind, items in (("gangs", case.gangs), ("decisions", case.decisions), ("arms", case.arms),
                        ("readings", case.readings)):
        seen: dict[str, int | None] = {}
        for position, item in enumerate(items):
            line = document.line_of((kind, position, "id"))
            if item.id in seen:
                _twice(found, file, line, write_path((kind, position, "id")), item.id, seen[item.id])
            seen.setdefault(item.id, line)
    for position, decision in enumerate(case.decisions):
        here: KeyPath = ("decisions", position)
        _check_within(found, file, document.line_of((*here, "date")), write_path((*here, "date")), decision.date)
        for lever in decision.keep:
            _check_lever_id(found, file, document.line_of((*here, "keep")), write_path((*here, "keep")), lever)
        if decision.horizons != sorted(set(decision.horizons)):
            found.add("E16", "horizons are not in order", file, document.line_of((*here, "horizons")),
                      write_path((*here, "horizons")), decision.horizons, "years in order, each once", "sort them")
    bounds = _parameters() if case.parameters else {}
    for name, value in case.parameters.items():
        _check_parameter(found, bounds, file, document.line_of(("parameters", name)), f"parameters.{name}", name,
                         value)
    roles = document.line_of(("world", "broker_roles"))
    for position, role in enumerate(case.world.broker_roles):
        _check_role(found, file, roles, write_path(("world", "broker_roles", position)), role)
        if role in case.world.broker_roles[:position]:
            _twice(found, file, roles, "world.broker_roles", "a role", roles)
    total = sum(gang.share for gang in case.gangs)
    if case.gangs and not math.isclose(total, 1.0, abs_tol=1e-6):
        found.add("E17", "the shares of the gangs do not sum to 1", file, document.line_of(("gangs", 0, "share")),
                  "gangs.share", f"{total:g}", "1", "correct the shares")


def _check_areas(found: Findings) -> None:
    file, seen = "areas.csv", {}
    for placed in found.areas:
        row = placed.row
        if row.id in seen:
            _twice(found, file, placed.line, "id", row.id, seen[row.id])
        seen.setdefault(row.id, placed.line)
        if row.source != "-":
            _check_sources(found, file, placed.line, row.source)
    if not found.areas and not any(p.file == file for p in found.problems.problems):
        found.add("E14", "the case has no area", file, 1, found="no rows", allowed="one area or more",
                  mend="add a row for the whole country")


def _check_lever_id(found: Findings, file: str, line: int | None, key: str, name: str) -> bool:
    if name in LEVER_IDS:
        return True
    found.add("E21", "no such lever", file, line, key, name[:80], ", ".join(LEVER_IDS), closest(name, LEVER_IDS))
    return False


def _check_lever_value(found: Findings, file: str, line: int, key: str, name: str, value: float) -> bool:
    if not _check_lever_id(found, file, line, key, name):
        return False
    try:
        check_lever(name, value, file=file, line=line)
    except ModelError as error:
        problem = error.problems[0]
        found.add("E22", problem.message, file, line, key, f"{value:g}", problem.allowed, problem.mend)
        return False
    return True


def _check_levers(found: Findings) -> None:
    file = "levers.csv"
    if not (found.folder / file).exists():
        found.add("W03", "no levers.csv", file, mend="without it every lever stands at 0 but arrests and lethal, at 1")
        return
    seen: dict[tuple[str, date], int] = {}
    series = {f"{stem}.csv" for stem in found.tables}
    for placed in found.levers:
        row = placed.row
        _check_lever_value(found, file, placed.line, "id" if row.id not in LEVER_IDS else "value", row.id, row.value)
        _check_within(found, file, placed.line, "date", row.date)
        _check_sources(found, file, placed.line, row.source, also={"-", *series})
        if (row.id, row.date) in seen:
            found.add("E22", "a lever changes twice on one day", file, placed.line, "date", f"{row.id} {row.date}",
                      "each date once", f"remove this row or line {seen[row.id, row.date]}")
        seen.setdefault((row.id, row.date), placed.line)
    if found.case is None:
        return
    begun = {placed.row.id for placed in found.levers if placed.row.date <= found.case.start}
    missing = [lever.id for lever in LEVERS if lever.unit == "multiple" and lever.id not in begun]
    if missing:
        found.add("W05", f"{' and '.join(missing)} have no value at the start", file, 1, "date",
                  mend=f"they stand at 1, the level of the start; give them a row of {found.case.start}")


def _check_arms(found: Findings) -> None:
    file, case = "arms.csv", found.case
    if case is None:
        return
    dates = {decision.date: decision.id for decision in case.decisions}
    ids = {arm.id for arm in case.arms}
    used: dict[str, set[str]] = {decision.id: set() for decision in case.decisions}
    seen: dict[tuple[str, str, date], int] = {}
    for placed in found.arms:
        row, line = placed.row, placed.line
        if row.arm not in ids:
            found.add("E25", "no such response", file, line, "arm", row.arm, ", ".join(sorted(ids)),
                      f"{closest(row.arm, ids)} Its names belong into [[arms]] of case.toml")
        if row.since not in dates:
            found.add("E25", "no decision has this date", file, line, "from", row.since,
                      ", ".join(str(day) for day in dates) or "none: case.toml has no decisions",
                      "use the date of a decision in case.toml")
        else:
            used[dates[row.since]].add(row.arm)
        if (row.arm, row.lever, row.since) in seen:
            found.add("E18", "a response sets a lever twice", file, line, "lever", row.lever, "each lever once",
                      f"remove this row or line {seen[row.arm, row.lever, row.since]}")
        seen.setdefault((row.arm, row.lever, row.since), line)
        _check_arm_value(found, file, line, row)
    for position, decision in enumerate(case.decisions):
        if REFERENCE_ARM not in used[decision.id]:
            found.add("E25", f"decision {decision.id} has no reference response", file, 1, "arm",
                      ", ".join(sorted(used[decision.id])), REFERENCE_ARM,
                      f"add the row {REFERENCE_ARM},none,,{decision.date} (decision {position + 1} of case.toml)")


def _check_arm_value(found: Findings, file: str, line: int, row: ArmRow) -> None:
    if row.lever == "none":
        return
    if row.lever == "timeline":
        try:
            left_out = parse_without(row.value)
        except ValueError as error:
            found.add("E16", str(error), file, line, "value", row.value, "empty, or: without LEVER", "correct it")
            return
        for lever in left_out:
            _check_lever_id(found, file, line, "value", lever)
        return
    value = _number(found, file, line, "value", row.value or "nothing")
    if value is not None:
        _check_lever_value(found, file, line, "lever" if row.lever not in LEVER_IDS else "value", row.lever, value)


def _check_readings(found: Findings) -> None:
    file, case = "readings.csv", found.case
    if case is None:
        return
    ids = {reading.id for reading in case.readings}
    bounds = _parameters() if found.readings else {}
    seen: dict[tuple[str, str], int] = {}
    for placed in found.readings:
        row, line = placed.row, placed.line
        if row.reading not in ids:
            found.add("E25", "no such reading", file, line, "reading", row.reading, ", ".join(sorted(ids)),
                      f"{closest(row.reading, ids)} Its names belong into [[readings]] of case.toml")
        if (row.reading, row.target) in seen:
            found.add("E18", "a reading sets a target twice", file, line, "target", row.target, "each target once",
                      f"remove this row or line {seen[row.reading, row.target]}")
        seen.setdefault((row.reading, row.target), line)
        if row.target == "none":
            continue
        try:
            overlay = parse_overlay(row.value)
        except ValueError as error:
            found.add("E16", str(error), file, line, "value", row.value[:80],
                      "0.4, x0.5, or 2012-03-08:0.97;2014-03-01:0", "correct it")
            continue
        if _check_overlay(found, bounds, file, line, row.target, overlay):
            found.overlays[line] = overlay


def _check_overlay(
    found: Findings, bounds: Mapping[str, tuple[float, float]], file: str, line: int, target: str, overlay: Overlay
) -> bool:
    if overlay.path:
        return all(
            _check_lever_value(found, file, line, "target" if target not in LEVER_IDS else "value", target, value)
            and _check_within(found, file, line, "value", day)
            for day, value in overlay.path
        )
    if target in LEVER_IDS:
        found.add("E16", "a lever needs dates", file, line, "value", f"{overlay.value or overlay.factor}",
                  "a path such as 2012-03-08:0.97;2014-03-01:0", "write from which day the value holds")
        return False
    if overlay.factor is not None:
        if target not in bounds:
            return _check_parameter(found, bounds, file, line, "target", target, 0.0)
        return True
    assert overlay.value is not None
    return _check_parameter(found, bounds, file, line, "target" if target not in bounds else "value", target,
                            overlay.value)


def _read_refits(found: Findings) -> None:
    """Refitted values: one column a reading, one row a parameter."""
    file, case = "refits.csv", found.case
    path = found.folder / file
    must_refit = {p.row.reading for p in found.readings if p.row.refit == "1"}
    if path.exists() and case is not None:
        table = read_table(path, file, found.problems, required=("name",), optional=None)
        if table is not None:
            bounds, ids = _parameters(), {reading.id for reading in case.readings}
            columns = [c for c in table.columns if c not in ("name", "note")]
            for column in columns:
                if column not in ids:
                    found.add("E25", "no such reading", file, 1, column, column, ", ".join(sorted(ids)),
                              closest(column, ids))
            _read_numbers(found, table, columns, "name", bounds, found.refits)
    for reading in sorted(must_refit - set(found.refits)):
        line = next(p.line for p in found.readings if p.row.reading == reading)
        found.add("W04", f"reading {reading} must be refitted and has no refitted values", "readings.csv", line,
                  "refit", mend='it will show "refit needed" in place of numbers; run tregua calibrate')


def _read_numbers(
    found: Findings, table: Table, columns: Iterable[str], name_column: str,
    bounds: Mapping[str, tuple[float, float]], into: dict[str, dict[str, float]],
) -> None:
    seen: dict[str, int] = {}
    for row in table:
        name = row.cells.get(name_column, "")
        if name in seen:
            _twice(found, table.file, row.line, name_column, name, seen[name])
            continue
        seen[name] = row.line
        if name not in bounds:
            _check_parameter(found, bounds, table.file, row.line, name_column, name, 0.0)
            continue
        for column in columns:
            value = _number(found, table.file, row.line, column, row.cells.get(column, "nothing"))
            if value is not None and _check_parameter(found, bounds, table.file, row.line, column, name, value):
                into.setdefault(column, {})[name] = value


def _read_draws(found: Findings) -> None:
    """Provisional draws: one row a draw, one column a fitted parameter."""
    file = "draws.csv"
    path = found.folder / file
    if not path.exists():
        return
    table = read_table(path, file, found.problems, required=("draw",), optional=None)
    if table is None:
        return
    bounds = _parameters()
    names = [c for c in table.columns if c != "draw"]
    for name in names:
        if name not in bounds:
            _check_parameter(found, bounds, file, 1, name, name, 0.0)
    known = [name for name in names if name in bounds]
    seen: dict[str, int] = {}
    for row in table:
        number = row.cells.get("draw", "")
        if number in seen:
            _twice(found, file, row.line, "draw", number, seen[number])
        seen.setdefault(number, row.line)
        draw: dict[str, float] = {}
        for name in known:
            value = _number(found, file, row.line, name, row.cells.get(name, "nothing"))
            if value is not None and _check_parameter(found, bounds, file, row.line, name, name, value):
                draw[name] = value
        found.draws.append(draw)


def _check_targets(found: Findings) -> None:
    file = "fit_targets.csv"
    for placed in found.targets:
        row, line = placed.row, placed.line
        _check_sources(found, file, line, row.source)
        try:
            spans = parse_spans(row.date_or_spans) if ".." in row.date_or_spans else parse_period(row.date_or_spans)[0]
        except ObservationError as error:
            problem = error.problems[0]
            found.add("E12", problem.message, file, line, "date_or_spans", problem.found, problem.allowed,
                      problem.mend)
            continue
        except ValueError as error:
            found.add("E16", str(error), file, line, "date_or_spans", row.date_or_spans[:80],
                      "a date, or spans start..end joined by ;", "correct it")
            continue
        for span in spans:
            _check_fit_window(found, file, line, "date_or_spans", span)


def _check_fit_window(found: Findings, file: str, line: int | None, key: str, span: Span) -> None:
    window = found.window
    if window is None:
        return
    if span.end > window.end:
        found.add("E28", "a figure used for the fit lies after the fit window", file, line, key, span,
                  f"on or before {window.end}", "mark it score, or move fit_end in case.toml")
    elif span.start < window.start:
        found.add("E19", "a figure used for the fit lies before the run", file, line, key, span,
                  f"on or after {window.start}", "mark it excluded, or move start in case.toml")


def _check_events(found: Findings) -> None:
    file = "chronology.csv"
    for placed in found.events:
        row, line = placed.row, placed.line
        _check_sources(found, file, line, row.source)
        try:
            spans, precision = parse_period(row.date)
        except (ValueError, ObservationError):
            spans, precision = (), ""
        if not spans or precision != row.precision:
            shape = {"day": "YYYY-MM-DD", "month": "YYYY-MM", "year": "YYYY"}[row.precision]
            found.add("E16", "the date does not have the precision that it states", file, line, "date", row.date[:80],
                      f"{shape} for precision {row.precision}", "correct one of the two")
            continue
        case = found.case
        if case is not None and (spans[0].end < case.start or spans[0].start > case.end):
            _check_within(found, file, line, "date", spans[0].start)


def _check_observations(found: Findings) -> None:
    case = found.case
    seen: dict[str, Observation] = {}
    for observation in found.observations:
        if observation.id in seen:
            _twice(found, observation.file, observation.line, "piece_id", observation.id, seen[observation.id].line)
        seen.setdefault(observation.id, observation)
        if observation.use == "fit":
            for span in observation.spans:
                _check_fit_window(found, observation.file, observation.line, "use", span)
        if case is not None and observation.use == "score" and isinstance(observation, Count):
            for span in observation.spans:
                if span.start < case.start or span.end > case.end:
                    _check_within(found, observation.file, observation.line, "start",
                                  span.start if span.start < case.start else span.end)
    everything = ObservationSet(tuple(found.observations), found.window)
    for measure in everything.measures:
        counts = [c for c in everything.counts(measure) if c.use == "fit"]
        for one, two in overlapping_fits(counts):
            _tell_overlap(found, one, two)
        pieces = [c for c in everything.filter(measure=measure, use="fit", file=PIECES_FILE) if isinstance(c, Count)]
        for one, two in overlapping_fits(pieces):
            _tell_overlap(found, one, two)
    if not any(p.code in ("E27", "E28", "E12") for p in found.problems.errors):
        _check_partition(found, everything)


def _tell_overlap(found: Findings, one: Count, two: Count) -> None:
    shared = (one.day_set & two.day_set).spans
    found.add("E27", "two rows used for the fit cover the same days", two.file, two.line, "use",
              f"{one.place} and this row share {'; '.join(str(span) for span in shared)}",
              "every day in one fit row at most",
              "mark one of them alternative; with subtract = yes it can still be a total that parts are taken from")


def _check_partition(found: Findings, everything: ObservationSet) -> None:
    """Contradictions among rows used together, and stored pieces that the rows do not imply."""
    try:
        implied = everything.partition(HOMICIDES)
    except ObservationError as error:
        for p in error.problems:
            found.add("E29", p.message, p.file, p.line, p.key, p.found, p.allowed, p.mend)
        return
    stored = [c for c in everything.filter(measure=HOMICIDES, use="fit", file=PIECES_FILE) if isinstance(c, Count)]
    if not stored:
        return
    by_days = {piece.days: piece for piece in implied.pieces}
    for count in stored:
        piece = by_days.pop(count.day_set, None)
        if piece is None or piece.value != count.count:
            found.add("E29", "a stored piece is not what the rows imply", count.file, count.line, "homicides",
                      count.count, _implied(piece), "correct the piece, or the rows that it is made of")
    for piece in by_days.values():
        found.add("E29", "the rows imply a piece that is not stored", stored[0].file, 1, "spans",
                  _implied(piece), "every piece that the rows imply", "add the piece, or change the use of its rows")


def _implied(piece: Piece | None) -> str:
    if piece is None:
        return "no such piece is implied"
    return f"{'; '.join(str(span) for span in piece.spans)}: {piece.value} = {piece.arithmetic()}"


def _tell_missing(found: Findings) -> None:
    """What the case lacks, and what that costs."""
    outcomes = {o.outcome for o in found.observations if o.use in ("fit", "score", "alternative")}
    for outcome, what, cost in _COSTS:
        if outcome not in outcomes:
            found.add("W03", f"{what}: {cost}", "series")
    rest: tuple[tuple[str, Callable[[], bool], str], ...] = (
        ("chronology.csv", lambda: bool(found.events), "no chronology: charts will show no events"),
        ("draws.csv", lambda: bool(found.draws), "no provisional draws: runs use defaults and priors"),
        ("fit_targets.csv", lambda: bool(found.targets),
         "no further targets: a fit has counts of killings only"),
        ("geo", lambda: any((found.folder / "geo").glob("*.json")), "no outlines: observed figures get no map"),
    )
    for file, present, message in rest:
        if not present() and not any(p.file == file for p in found.problems.problems):
            found.add("W03", message, file)


def _tell_unread(found: Findings) -> None:
    known = {"case.toml", *TABLES, *_FREE_TABLES}
    for path in sorted(found.folder.iterdir()):
        name = path.name
        if name.startswith((".", "__")) or name in known or (path.is_dir() and name in _FOLDERS):
            continue
        if path.is_file() and (path.suffix == ".md" or name.upper().startswith(("LICENSE", "LICENCE", "NOTICE"))):
            continue
        found.add("W02", "a file that is not part of a case is not read", name[:80],
                  allowed=", ".join([*sorted(known), *_FOLDERS]), mend=closest(name, known))
