"""Counts of one's own brought into a case: understood, given a source and a use, tried on a copy, written whole."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tregua.case.check import examine
from tregua.case.findings import Findings
from tregua.case.layout import Figure, Hints, Understood, understand
from tregua.case.load import BUNDLED, find_case
from tregua.case.spreadsheet import read_sheet
from tregua.errors import CaseError, Problem
from tregua.series.measure import MEASURES
from tregua.series.observation import USES, Count
from tregua.series.span import DaySet, Span
from tregua.series.written import plain

REVISIONS = ("first", "preliminary", "revised", "final", "unclear")
COUNTED = tuple(measure.id for measure in MEASURES.values() if measure.kind == "count")
HOMICIDES = "homicides"


@dataclass(frozen=True)
class Provenance:
    """What a table does not say of itself and a case must know.

    Attributes
    ----------
    institution : str
        Who counted; a body, never a person. Where rows name theirs, it stands for those that do not.
    source : str
        Key of `sources.csv`.
    revision : str
        first, preliminary, revised, final or unclear.
    citation, address : str
        For a source that the case does not have yet.
    """

    institution: str
    source: str
    revision: str
    citation: str = ""
    address: str = ""


@dataclass(frozen=True)
class Intake:
    """A table, ready to be written into a case.

    Attributes
    ----------
    folder : Path
        The case.
    file : str
        Where the figures go, within the case.
    understood : Understood
    rows : tuple of dict
        As they will be written, national ones first.
    new_source : bool
    notes : tuple of (English, Spanish)
    """

    folder: Path
    file: str
    understood: Understood
    rows: tuple[dict[str, str], ...]
    new_source: bool
    notes: tuple[tuple[str, str], ...]
    provenance: Provenance
    files: dict[str, str] = field(default_factory=dict)

    def of_use(self, use: str) -> int:
        """National rows that carry a use."""
        return sum(1 for row in self.rows if row["use"] == use and not row.get("area"))

    @property
    def span(self) -> Span:
        """From the first day counted to the last."""
        spans = [span for figure in self.understood.figures for span in figure.spans]
        return Span(min(span.start for span in spans), max(span.end for span in spans))

    @property
    def national(self) -> int:
        """Sum of the national counts."""
        return sum(int(row["value"]) for row in self.rows if not row.get("area"))

    def write(self) -> None:
        """Write the figures and the source, each file whole."""
        for name, text in self.files.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            beside = path.with_name(f".{path.name}.new")
            beside.write_text(text, encoding="utf-8")
            beside.replace(path)


def source_key(text: str) -> str:
    """A key made of a citation: capitals and digits, at most twenty."""
    return re.sub(r"[^A-Z0-9]", "", plain(text).upper())[:20] or "SOURCE"


def case_of(folder: str | Path) -> Path:
    """Folder of a case that may be written to.

    Raises
    ------
    CaseError
        There is none, or it ships with the program.
    """
    path = find_case(folder)
    if not (path / "case.toml").is_file():
        raise CaseError("no such case", key="case", found=folder, allowed="a folder with case.toml",
                        mend="start one: tregua new FOLDER")  # fmt: skip
    if BUNDLED in path.resolve().parents:
        raise CaseError("a case that ships is not written to", key="case", found=path.name, allowed="a folder of yours",
                        mend="copy it under another name, or start one: tregua new FOLDER")  # fmt: skip
    return path


def bring(
    table: str | Path,
    case: str | Path,
    provenance: Provenance,
    *,
    hints: Hints | None = None,
    sheet: str = "",
    measure: str = HOMICIDES,
    use: str = "",
    name: str = "",
    replace: bool = False,
) -> Intake:
    """Read a table and prepare what a case would gain by it; nothing is written until `Intake.write`.

    Parameters
    ----------
    table : str or Path
        ``.xlsx``, or text in columns.
    case : str or Path
        A case folder.
    provenance : Provenance
    hints : Hints, optional
        What the table does not say of its own layout.
    sheet : str
        Of a workbook with several.
    measure : str
        What is counted: ``homicides``, or another measure of kind count.
    use : str
        fit, score or alternative; empty to decide by the fit window and by what the case already uses.
    name : str
        Name of the file in ``series/``; that of the table by default.
    replace : bool
        Overwrite figures of that name.

    Raises
    ------
    CountsError
        The table cannot be read.
    CaseError
        The case cannot take it: it is not valid with these figures, the source contradicts one that it has, or a file
        of that name holds figures.
    """
    folder = case_of(case)
    _check_words(provenance, measure, use)
    before = examine(folder)
    if before.case is None:
        before.problems.raise_errors(CaseError, "the case itself is not valid")
    understood = understand(read_sheet(table, sheet), hints)
    stem = _stem(name or Path(table).stem, measure)
    file = f"series/{stem}.csv"
    _refuse_overwriting(folder / file, file, replace)
    notes = list(understood.notes)
    national, by_area = _split(understood, notes)
    taken = _taken(before, measure, file)
    rows = [_row(figure, provenance, measure, *_use(figure, before, taken, use)) for figure in national]
    _say_what_is_left_out(rows, notes)
    rows += [
        _row(figure, provenance, measure, "alternative", "count of one place; the sum of places is a row of its own")
        for figure in by_area
    ]
    _say_where(before, by_area, notes)
    new_source = provenance.source not in before.sources
    files = {file: _written(rows, measure)}
    if new_source and not provenance.citation:
        raise CaseError(
            "the case has no source of this key, and no citation was given",
            file="sources.csv",
            key=provenance.source,
            found="nothing",
            allowed=", ".join(sorted(before.sources)[:12]),
            mend="correct the key, or say with --citation where the figures were read",
        )
    if new_source:
        files["sources.csv"] = _with_source(folder / "sources.csv", provenance)
    elif provenance.citation and provenance.citation != before.sources[provenance.source].citation:
        raise CaseError(
            "the case has this source with another citation",
            file="sources.csv",
            key=provenance.source,
            found=provenance.citation[:120],
            allowed=before.sources[provenance.source].citation[:120],
            mend="use another key with --source, or leave --citation out",
        )
    _try(folder, files, before)
    return Intake(folder, file, understood, tuple(rows), new_source, tuple(notes), provenance, files)


def _check_words(provenance: Provenance, measure: str, use: str) -> None:
    def refuse(message: str, key: str, found: str, allowed: str, mend: str) -> None:
        raise CaseError(message, key=key, found=found, allowed=allowed, mend=mend)

    if measure not in COUNTED:
        refuse("no such measure, or not one that is counted", "--measure", measure, ", ".join(COUNTED),
               "stocks, shares and amounts are written by hand into series/")  # fmt: skip
    if use not in ("", *USES):
        refuse("no such use", "--use", use, ", ".join(USES), "leave it out to decide by the fit window")
    if provenance.revision not in REVISIONS:
        refuse("no such revision", "--revision", provenance.revision, ", ".join(REVISIONS), "say unclear if it is")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}", provenance.source):
        refuse("a key of a source cannot be written so", "--source", provenance.source,
               "letters, digits, _ . and -", "for example PNC2014")  # fmt: skip
    if not provenance.institution.strip():
        refuse("nobody is said to have counted", "--institution", "nothing", "the name of a body", "say who counted")


def _stem(name: str, measure: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "_", plain(name)).strip("_")[:60] or "counts"
    # Names of the bundled case have meanings of their own; a table of one's own must not take them by chance.
    if "fit_pieces" in stem or stem in ("elections", "lac_homicide_rates", "municipality_indicators_2007"):
        stem = f"own_{stem.replace('fit_pieces', 'pieces')}"
    if stem.endswith("_derived"):
        stem += "_table"
    return stem


def _refuse_overwriting(path: Path, file: str, replace: bool) -> None:
    if not path.exists() or replace:
        return
    held = [line for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip(", ")]
    if len(held) > 1:
        raise CaseError(
            "the case has figures of this name",
            file=file,
            found=f"{len(held) - 1} rows",
            allowed="a name that is free",
            mend="choose another with --name, or say --replace",
        )


def _split(understood: Understood, notes: list[tuple[str, str]]) -> tuple[list[Figure], list[Figure]]:
    """National counts and those of places; the sum of places where every one of them has a count."""
    national = [figure for figure in understood.figures if not figure.area]
    by_area = [figure for figure in understood.figures if figure.area]
    areas = understood.areas
    if national or not by_area:
        return national, by_area
    if len(areas) == 1:
        only = [Figure(f.spans, f.count, "", f.institution, f.line, f.arithmetic, f.spread) for f in by_area]
        return only, []
    groups: dict[tuple[Span, ...], list[Figure]] = {}
    for figure in by_area:
        groups.setdefault(figure.spans, []).append(figure)
    summed = []
    for spans, members in sorted(groups.items()):
        if len(members) == len(areas):
            who = {member.institution for member in members}
            summed.append(
                Figure(
                    spans,
                    sum(member.count for member in members),
                    "",
                    who.pop() if len(who) == 1 else "",
                    members[0].line,
                    f"sum of {len(areas)} places",
                    sum(member.spread**2 for member in members) ** 0.5,
                )
            )
    left = len(groups) - len(summed)
    notes.append((f"{len(areas)} places were added up", f"se sumaron {len(areas)} lugares"))
    if left:
        notes.append(
            (
                f"{left} periods have no national count: not every place has a number",
                f"{left} periodos quedan sin conteo nacional: no todos los lugares tienen número",
            )
        )
    return summed, by_area


def _taken(found: Findings, measure: str, file: str) -> list[DaySet]:
    """Days whose counts the case already uses, for the fit or the score; those to be replaced left out."""
    return [
        o.day_set
        for o in found.observations
        if isinstance(o, Count) and o.measure == measure and not o.area and o.use in ("fit", "score") and o.file != file
    ]


def _use(figure: Figure, found: Findings, taken: Sequence[DaySet], asked: str) -> tuple[str, str]:
    """How a national count may be used, and why."""
    case = found.case
    assert case is not None
    first, last = figure.spans[0].start, figure.spans[-1].end
    if asked in ("alternative", "excluded"):
        return asked, "so chosen at import"
    if last < case.start or first > case.end:
        return "excluded", "outside the run of the case"
    if first < case.start or last > case.end:
        return "excluded", "runs across an end of the case"
    days = DaySet.of(figure.spans)
    if any(days.overlaps(other) for other in taken):
        return "alternative", "another count of these days is used already"
    if case.fit_end is None or first > case.fit_end:
        return "score", "after the fit window"
    if last > case.fit_end:
        return "excluded", "runs across the end of the fit window"
    return ("score", "so chosen at import") if asked == "score" else ("fit", "inside the fit window")


# Why a count that was not asked to be left out is left out, as it is written into its row and as it is told.
_LEFT_OUT = {
    "outside the run of the case": "fuera de la corrida del caso",
    "runs across an end of the case": "cruza un extremo del caso",
    "runs across the end of the fit window": "cruza el fin de la ventana de ajuste",
    "another count of these days is used already": "ya se usa otro conteo de estos días",
}


def _say_what_is_left_out(rows: Sequence[Mapping[str, str]], notes: list[tuple[str, str]]) -> None:
    for reason, motivo in _LEFT_OUT.items():
        lines = [row for row in rows if row["use_reason"] == reason]
        if lines:
            n, use, first = len(lines), lines[0]["use"], lines[0]["start"]
            uso = {"excluded": "excluido", "alternative": "alternativo"}[use] + ("" if n == 1 else "s")
            notes.append(
                (f"{n} {use}, the first from {first} on: {reason}", f"{n} {uso}, el primero desde {first}: {motivo}")
            )


def _row(figure: Figure, provenance: Provenance, measure: str, use: str, reason: str) -> dict[str, str]:
    spans = figure.spans
    note = f"line {figure.line} of the table"
    if figure.spread >= 0.5:
        note += f"; rounding leaves {figure.spread:.0f} either way"
    return {
        "start": str(spans[0].start),
        "end": str(spans[-1].end),
        "measure": measure,
        "value": str(figure.count),
        "area": figure.area,
        "institution": figure.institution or provenance.institution,
        "source": provenance.source,
        "revision": provenance.revision,
        "arithmetic": figure.arithmetic,
        "basis": "derived" if figure.arithmetic else "stated",
        "note": note,
        "use": use,
        "use_reason": reason,
        "subtract": "no",
    }


def _written(rows: Iterable[dict[str, str]], measure: str) -> str:
    rows = list(rows)
    places = any(row["area"] for row in rows)
    sums = any(row["arithmetic"] for row in rows)
    columns = [key for key in rows[0] if (key != "area" or places) and (key not in ("arithmetic", "basis") or sums)]
    if measure == HOMICIDES:
        columns.remove("measure")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([HOMICIDES if (key, measure) == ("value", HOMICIDES) else key for key in columns])
    writer.writerows([row[key] for key in columns] for row in rows)
    return out.getvalue()


def _say_where(found: Findings, by_area: Sequence[Figure], notes: list[tuple[str, str]]) -> None:
    """Places of the table that are no areas of the case."""
    known = {plain(text) for placed in found.areas for text in (placed.row.id, placed.row.name)}
    strange = [area for area in dict.fromkeys(f.area for f in by_area) if plain(area.split(" / ")[0]) not in known]
    if strange and by_area:
        shown = ", ".join(strange[:3]) + (" ..." if len(strange) > 3 else "")
        notes.append(
            (
                f"{len(strange)} places are no areas of the case ({shown}): counts of places are kept and shown, the "
                "model is held against their sum",
                f"{len(strange)} lugares no son áreas del caso ({shown}): sus conteos se guardan y se muestran, el "
                "modelo se compara con su suma",
            )
        )


def _with_source(path: Path, provenance: Provenance) -> str:
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    columns = next(csv.reader(io.StringIO(text)), None) or ["key", "citation", "address", "taken", "reliability"]
    values = {
        "key": provenance.source,
        "citation": provenance.citation,
        "address": provenance.address,
        "taken": "counts",
    }
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if not text.strip():
        writer.writerow(columns)
    writer.writerow([values.get(column.strip(), "") for column in columns])
    kept = text if not text or text.endswith("\n") else text + "\n"
    return kept + out.getvalue()


def _try(folder: Path, files: dict[str, str], before: Findings) -> None:
    """Check a copy of the case with the new files; what they break is told, and the case stays as it was."""
    with TemporaryDirectory(prefix="tregua-import-") as made:
        copy = Path(made) / folder.name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("ledger", "geo", ".*"))
        for name, text in files.items():
            path = copy / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        after = examine(copy)
    old = {(p.code, p.file, p.key, p.found) for p in before.problems.errors}
    new = [p for p in after.problems.errors if (p.code, p.file, p.key, p.found) not in old]
    if new:
        first = Problem(
            "E71",
            "with these figures the case would not be valid; nothing was written",
            allowed="what follows is mended first",
            mend="--use alternative keeps them out of the fit",
        )
        raise CaseError("the case cannot take these figures", problems=(first, *new[:20]))
