"""Start a case of one's own: a folder that is valid from the first minute, and says what to replace."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from tregua.case.load import BUNDLED
from tregua.errors import CaseError
from tregua.model.levers import LEVERS

_MODEL = BUNDLED / "el_salvador_2012"
_START = {"arrests": 1.0, "lethal": 1.0}
_JUDGED = "placeholder: replace by a judgement and say whose"


def new_case(
    folder: str | Path, *, title_en: str, title_es: str, start: date, end: date, decision: date, fit_end: date
) -> Path:
    """Write a valid case folder with placeholders.

    Parameters
    ----------
    folder : str or Path
        Must not exist, or be empty; its name becomes the id.
    title_en, title_es : str
    start, end : date
        First and last day of the run.
    decision : date
        Day on which a response is chosen.
    fit_end : date
        Last day whose figures may be fitted.

    Returns
    -------
    Path
        The folder. It holds the responses of the bundled case and those of its readings that set parameters only,
        one area, one gang, levers at rest, and empty tables of figures, events and sources.

    Raises
    ------
    CaseError
        The folder holds something, its name cannot be an id, or the dates are not in order.
    """
    folder = Path(folder)
    _refuse_bad_request(folder, start, end, decision, fit_end)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "series").mkdir()
    readings = _readings()
    files = {
        "case.toml": _case_toml(folder.name, title_en, title_es, start, end, decision, fit_end, readings),
        "areas.csv": _csv(
            "id,name,population,urban_share,municipalities,source", [("A1", "Area 1", 100000, 0.5, 1, "-")]
        ),
        "levers.csv": _csv(
            "id,date,value,source,basis",
            [(lever.id, start, f"{_START.get(lever.id, 0.0):g}", "-", _JUDGED) for lever in LEVERS],
        ),
        "arms.csv": _csv("arm,lever,value,from", _arms(decision)),
        "readings.csv": _csv("reading,target,value,refit", [row for rows in readings.values() for row in rows]),
        "chronology.csv": _csv("date,precision,lane,kind,event_en,event_es,value,status,source", []),
        "sources.csv": _csv("key,citation,address,taken,reliability", []),
        "series/homicides.csv": _csv("start,end,homicides,institution,source,note,use,use_reason,subtract", []),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _refuse_bad_request(folder: Path, start: date, end: date, decision: date, fit_end: date) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CaseError("there is something in this place already", file=str(folder), allowed="a new or empty folder",
                        mend="choose another name")  # fmt: skip
    if not folder.name.replace("_", "").replace("-", "").isalnum() or not folder.name.isascii():
        raise CaseError("the name of the folder cannot be an id", key="folder", found=folder.name,
                        allowed="letters, digits, _ and -", mend="choose a name such as my_truce")  # fmt: skip
    if not start <= decision <= end or not start <= fit_end <= end:
        raise CaseError("the dates are not in order", key="start, decision, fit_end, end",
                        found=f"{start}, {decision}, {fit_end}, {end}",
                        allowed="decision and fit_end between start and end", mend="correct them")  # fmt: skip


def _csv(header: str, rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return out.getvalue()


def _rows_of_model(name: str) -> list[dict[str, str]]:
    with (_MODEL / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _arms(decision: date) -> list[tuple[str, str, str, date]]:
    rows = _rows_of_model("arms.csv")
    first = min(row["from"] for row in rows)
    return [
        (row["arm"], row["lever"], "" if row["lever"] == "timeline" else row["value"], decision)
        for row in rows
        if row["from"] == first
    ]


def _readings() -> dict[str, list[tuple[str, str, str, str]]]:
    """Readings that set parameters only: those with dated levers, or refitted to the bundled figures, stay behind."""
    out: dict[str, list[tuple[str, str, str, str]]] = {}
    left = {row["reading"] for row in _rows_of_model("readings.csv") if ":" in row["value"] or row["refit"] == "1"}
    for row in _rows_of_model("readings.csv"):
        if row["reading"] not in left:
            out.setdefault(row["reading"], []).append((row["reading"], row["target"], row["value"], row["refit"]))
    return out


def _case_toml(
    id: str,
    title_en: str,
    title_es: str,
    start: date,
    end: date,
    decision: date,
    fit_end: date,
    readings: Iterable[str],
) -> str:

    model = tomllib.loads((_MODEL / "case.toml").read_text(encoding="utf-8"))
    wanted = set(readings)
    horizons = [years for years in (1, 2, 5, 7) if decision.year + years <= end.year] or [1]
    out = [
        "# A case of tregua. `tregua check FOLDER` tells what is wrong or missing; nothing here names a person.",
        "",
        "format = 1",
        f"id = {_quoted(id)}",
        f"title_en = {_quoted(title_en)}",
        f"title_es = {_quoted(title_es)}",
        f"start = {start}",
        f"end = {end}",
        f"fit_end = {fit_end}",
        "",
        "# Levels at the start: replace them, they are placeholders.",
        "[world]",
        "members_active = 1000",
        "members_imprisoned = 250",
        'broker_roles = ["facilitator_1", "organisation_1"]',
        "",
        "# family names the parameters of a gang: ms13 or b18.",
        *_table("gangs", {"id": "G1", "family": "ms13", "share": 1.0, "name_en": "Gang 1", "name_es": "Pandilla 1"}),
        *_table(
            "decisions",
            {
                "id": str(decision.year), "date": decision, "horizons": horizons, "keep": ["pacts"],
                "title_en": f"{decision}: what should be done", "title_es": f"{decision}: qué hacer",
            },
        ),
    ]  # fmt: skip
    for arm in model["arms"]:
        out += _table("arms", arm)
    for reading in model["readings"]:
        if reading["id"] in wanted:
            out += _table("readings", reading)
    return "\n".join(out)


def _table(name: str, values: dict[str, object]) -> list[str]:
    return [f"[[{name}]]", *(f"{key} = {_written(value)}" for key, value in values.items()), ""]


def _written(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_written(item) for item in value)}]"
    return _quoted(value) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    """A TOML string: quotes, backslashes and control characters are escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'
