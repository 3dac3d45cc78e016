"""What could be read of a case folder, what is wrong with it, and the checks of single values."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from tregua.case.document import Document
from tregua.case.names import looks_like_a_name
from tregua.case.overlay import Overlay
from tregua.case.schema import AreaRow, ArmRow, CaseFile, EventRow, LeverRow, ReadingRow, TargetRow, Written
from tregua.case.table import Table, closest
from tregua.errors import ModelError, Problem, ProblemList
from tregua.model.levers import LEVER_IDS, check_lever
from tregua.series.observation import Observation
from tregua.series.source import Source
from tregua.series.span import Span

RowModel = TypeVar("RowModel", bound=Written)
_CLAIM = re.compile(r"^[CQF]\d{2,3}$")
_BODY_WITH_SUCH_A_NAME = "a body with such a name goes into institutions in case.toml"


class Place(NamedTuple):
    """Where something stands: file within the case, line, and column or key path."""

    file: str
    line: int | None = None
    key: str = ""

    def at(self, key: str) -> Place:
        """Another column of the same row."""
        return Place(self.file, self.line, key)


@dataclass(frozen=True)
class Placed(Generic[RowModel]):
    """A validated row, and the line on which it stands."""

    line: int
    row: RowModel


@dataclass
class Findings:
    """What could be read of a case folder, and everything that is wrong with it.

    Attributes
    ----------
    folder : Path
    problems : ProblemList
    document, case : Document and CaseFile, or None
        ``case.toml`` with its lines, and what it says; None where it could not be read.
    overlays : dict
        Line of ``readings.csv`` -> what its cell says.
    refits : dict
        Reading -> parameter -> refitted value.
    tables : dict
        Name of a series -> its rows as written.
    """

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

    def add(self, code: str, message: str, place: Place, found: object = "", allowed: str = "", mend: str = "") -> None:
        """Note a problem; what was found is cut to 200 characters."""
        file, line, key = place
        self.problems.add(Problem(code, message, file, line, key, str(found)[:200], allowed, mend))

    @property
    def window(self) -> Span | None:
        """The fit window, where the dates of the case make one."""
        if self.case is None or self.case.fit_end is None or self.case.fit_end < self.case.start:
            return None
        return Span(self.case.start, self.case.fit_end)


def read_number(found: Findings, place: Place, text: str) -> float | None:
    """A finite number, or None with the problem told."""
    try:
        value = float(text)
    except ValueError:
        found.add("E16", "not a number", place, text[:80], "a number such as 0.35", "correct the cell")
        return None
    if not math.isfinite(value):
        mend = "leave the cell empty where the figure is not known"
        found.add("E16", "not a finite number", place, text[:80], "a finite number", mend)
        return None
    return value


def check_sources(found: Findings, place: Place, text: str, *, also: Collection[str] = ()) -> None:
    """Every key of a source cell must have a citation, or be one of `also`, which lets in ids of claims too."""
    for key in (part.strip() for part in text.split(";")):
        if key in found.sources or key in also or (also and _CLAIM.match(key)):
            continue
        near = closest(key, found.sources) if found.sources else "the case has no sources.csv with citations"
        mend = f"add it to sources.csv; {near}"
        found.add("E20", "a source key has no citation", place, key[:80], "a key of sources.csv", mend)


def check_role(found: Findings, place: Place, text: str, *, is_body: bool = False) -> None:
    """Refuse the name of a person where a role belongs, without repeating it.

    `is_body` is for columns that hold institutions: capitals are usual there, so that only given names are a sign.
    """
    institutions = found.case.institutions if found.case else []
    if not text or text in institutions or not looks_like_a_name(text.lower() if is_body else text, institutions):
        return
    allowed = 'a role such as "interlocutor", or an office such as "security ministry"'
    mend = f"write the role; a case never holds names; {_BODY_WITH_SUCH_A_NAME}"
    found.add("E31", "looks like a person's name (not repeated here)", place, "", allowed, mend)


def tell_twice(found: Findings, place: Place, name: str, first: int | None) -> None:
    """Note an id that stands twice."""
    mend = "rename or remove one of them"
    found.add("E18", "an id is given twice", place, f"{name}, first on line {first}", "each id once", mend)


def check_within(found: Findings, place: Place, day: date) -> bool:
    """Whether a day lies inside the run; the problem is told where it does not."""
    case = found.case
    if case is None or case.start <= day <= case.end:
        return True
    mend = "correct the date, or move start or end in case.toml"
    found.add("E19", "a date lies outside the run", place, day, f"{case.start} to {case.end}", mend)
    return False


def check_fit_window(found: Findings, place: Place, span: Span) -> None:
    """A figure of the fit must lie inside the fit window."""
    window = found.window
    if window is None:
        return
    if span.end > window.end:
        mend = "mark it score, or move fit_end in case.toml"
        allowed = f"on or before {window.end}"
        found.add("E28", "a figure used for the fit lies after the fit window", place, span, allowed, mend)
    elif span.start < window.start:
        mend = "mark it excluded, or move start in case.toml"
        allowed = f"on or after {window.start}"
        found.add("E19", "a figure used for the fit lies before the run", place, span, allowed, mend)


def parameter_bounds() -> Mapping[str, tuple[float, float]]:
    """Bounds of every parameter of the model."""
    from tregua.model.declare import PARAMETERS

    return {name: (p.lower, p.upper) for name, p in PARAMETERS.items()}


def check_parameter_id(found: Findings, bounds: Mapping[str, tuple[float, float]], place: Place, name: str) -> bool:
    """Whether a parameter exists."""
    if name in bounds:
        return True
    allowed = f"one of {len(bounds)} names; tregua odd lists them"
    found.add("E23", "no such parameter", place, name[:80], allowed, closest(name, bounds))
    return False


def check_parameter(
    found: Findings, bounds: Mapping[str, tuple[float, float]], place: Place, name: str, value: float
) -> bool:
    """Whether a parameter exists and a value lies inside its bounds."""
    if not check_parameter_id(found, bounds, place, name):
        return False
    lower, upper = bounds[name]
    if lower <= value <= upper:
        return True
    message, mend = f"parameter {name} is outside its bounds", "choose a value inside the bounds"
    found.add("E24", message, place, f"{value:g}", f"{lower:g} to {upper:g}", mend)
    return False


def check_lever_id(found: Findings, place: Place, name: str) -> bool:
    """Whether a lever exists."""
    if name in LEVER_IDS:
        return True
    found.add("E21", "no such lever", place, name[:80], ", ".join(LEVER_IDS), closest(name, LEVER_IDS))
    return False


def check_lever_value(found: Findings, place: Place, name: str, value: float) -> bool:
    """Whether a value lies inside the range of an existing lever."""
    try:
        check_lever(name, value)
    except ModelError as error:
        problem = error.problems[0]
        found.add("E22", problem.message, place, f"{value:g}", problem.allowed, problem.mend)
        return False
    return True
