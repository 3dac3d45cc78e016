"""Read the files of a case folder row by row, so that every complaint has its line."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from tregua.case.complaint import complaints
from tregua.case.document import KeyPath, read_document
from tregua.case.figures import REFERENCE_TABLES, FigureError, observations_of
from tregua.case.findings import Findings, Place, Placed, RowModel, check_role, check_sources, read_number, tell_twice
from tregua.case.schema import FORMAT, CaseFile, SeriesRow, SourceRow, columns_of
from tregua.case.table import Row, read_table
from tregua.errors import ObservationError, Problem
from tregua.series.source import Source


def read_case_file(found: Findings) -> None:
    """Read ``case.toml``; another format version is refused before anything else is said about it."""
    file = "case.toml"
    document = read_document(found.folder / file, file, found.problems)
    if document is None:
        return
    found.document = document
    version = document.content.get("format")
    if isinstance(version, int) and not isinstance(version, bool) and version != FORMAT:
        place = Place(file, document.line_of(("format",)), "format")
        mend = "use the program that wrote it, or rewrite the case"
        found.add("E09", "the case is written in another format version", place, version, str(FORMAT), mend)
        return
    try:
        found.case = CaseFile.model_validate(document.content, strict=True)
    except ValidationError as error:
        for problem in complaints(error, CaseFile, file, document.line_of, secret=_is_role):
            found.problems.add(problem)


def _is_role(path: KeyPath) -> bool:
    return any(part in ("broker_roles", "asserted_by", "institution") for part in path)


def read_rows(found: Findings, file: str, model: type[RowModel], *, required: bool = False) -> list[Placed[RowModel]]:
    """Validated rows of a table; a file that may be left out and is not there gives none."""
    path = found.folder / file
    if not path.exists() and not required:
        return []
    must, may = columns_of(model)
    table = read_table(path, file, found.problems, required=must, optional=may)
    placed: list[Placed[RowModel]] = []
    for row in table or ():
        checked = _validate(found, file, row, model)
        if checked is not None:
            placed.append(Placed(row.line, checked))
    return placed


def _validate(found: Findings, file: str, row: Row, model: type[RowModel]) -> RowModel | None:
    try:
        return model.model_validate(row.cells)
    except ValidationError as error:
        for problem in complaints(error, model, file, lambda _: row.line, secret=_is_role):
            if problem.code in ("E14", "E17") and (file, problem.key) == ("areas.csv", "population"):
                given = row.cells.get("population", "an empty cell")
                mend = "give its population, or leave the area out"
                place = Place(file, row.line, "population")
                found.add("E26", "an area has no population", place, given, "a number above 0", mend)
            elif problem.code != "E15":  # an unknown column was told once, with the header
                found.problems.add(problem)
        return None


def read_sources(found: Findings) -> None:
    """Read ``sources.csv``."""
    lines: dict[str, int] = {}
    for placed in read_rows(found, "sources.csv", SourceRow):
        row = placed.row
        if row.key in lines:
            tell_twice(found, Place("sources.csv", placed.line, "key"), row.key, lines[row.key])
            continue
        lines[row.key] = placed.line
        found.sources[row.key] = Source(row.key, row.citation, row.address, row.taken, row.reliability)


def read_series(found: Findings) -> None:
    """Read every table of ``series/`` into observations, or as it stands where it is a table for reference."""
    _, columns = columns_of(SeriesRow)
    for path in sorted((found.folder / "series").glob("*.csv")):
        file, stem = f"series/{path.name}", path.stem
        if stem in REFERENCE_TABLES:
            _read_reference(found, path, file, stem)
            continue
        table = read_table(path, file, found.problems, required=("source",), optional=columns)
        if table is None:
            continue
        found.tables[stem] = table
        for row in table:
            checked = _validate(found, file, row, SeriesRow)
            if checked is not None:
                _read_figure(found, Place(file, row.line), stem, row.line, checked)


def _read_figure(found: Findings, place: Place, stem: str, line: int, row: SeriesRow) -> None:
    check_sources(found, place.at("source"), row.source)
    check_role(found, place.at("asserted_by"), row.asserted_by)
    check_role(found, place.at("institution"), row.institution, is_body=True)
    try:
        found.observations.extend(observations_of(row, stem, line))
    except FigureError as error:
        found.add(error.code, str(error), place.at(error.key), error.found, error.allowed, error.mend)
    except ObservationError as error:
        for p in error.problems:
            found.problems.add(Problem(p.code, p.message, place.file, line, p.key, p.found, p.allowed, p.mend))


def _read_reference(found: Findings, path: Path, file: str, stem: str) -> None:
    columns, numbers = REFERENCE_TABLES[stem]
    table = read_table(path, file, found.problems, required=columns)
    if table is None:
        return
    found.tables[stem] = table
    for row in table:
        place = Place(file, row.line)
        for key in numbers:
            if key in row.cells:
                read_number(found, place.at(key), row.cells[key])
        if "source" in row.cells:
            check_sources(found, place.at("source"), row.cells["source"])
        else:
            message, mend = "a figure has no source", "say where it was read"
            found.add("E14", message, place.at("source"), "", "a key of sources.csv", mend)
