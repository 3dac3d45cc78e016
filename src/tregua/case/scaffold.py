"""Start a case of one's own: a folder that is valid from the first minute, and says what to replace."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from tregua.case.evidence import PLACEHOLDER
from tregua.case.load import BUNDLED, bundled_cases
from tregua.case.schema import json_schema
from tregua.errors import CaseError
from tregua.model.levers import LEVERS

_MODEL = BUNDLED / "el_salvador_2012"
_START = {"arrests": 1.0, "lethal": 1.0}
_JUDGED = f"{PLACEHOLDER}: replace by a judgement and say whose"
_AT_REST = "at rest: assumption"
TRUCES = {"none": "", "secret": "secret_truce", "open": "open_truce"}
_SIZE = 100_000
# Shown by editors that read TOML with a schema; hidden, because it is no part of the case.
SCHEMA_FILE = ".case.schema.json"


@dataclass(frozen=True)
class Sketch:
    """What is known of a case at its beginning; everything else is a placeholder that says so.

    Attributes
    ----------
    title_en, title_es : str
    start, end : date
        First and last day of the run.
    decision : date
        Day on which a response is chosen: the day the truce began, or would have.
    fit_end : date
        Last day whose figures may be fitted.
    areas : tuple of (name, population)
        Empty for one area with a placeholder.
    gangs : tuple of str
        Names; empty for one.
    members_active, members_imprisoned : int or None
        None where not known: one in a hundred of the population, and a quarter of that.
    truce : str
        none, secret or open: whose levers the record gets at the decision, as placeholders.
    truce_end : date or None
        Day on which the record takes those levers back.
    """

    title_en: str
    title_es: str
    start: date
    end: date
    decision: date
    fit_end: date
    areas: tuple[tuple[str, int], ...] = ()
    gangs: tuple[str, ...] = ()
    members_active: int | None = None
    members_imprisoned: int | None = None
    truce: str = "none"
    truce_end: date | None = None

    @property
    def people(self) -> int:
        return sum(population for _, population in self.areas) or _SIZE


def new_case(folder: str | Path, sketch: Sketch) -> Path:
    """Write a valid case folder: what is known, and placeholders that say so.

    Parameters
    ----------
    folder : str or Path
        Must not exist, or be empty; its name becomes the id.
    sketch : Sketch

    Returns
    -------
    Path
        The folder. It holds the responses of the bundled case and those of its readings that set parameters only, and
        tables of figures, events and sources with their columns. `tregua check` counts the placeholders down.

    Raises
    ------
    CaseError
        The folder holds something, its name cannot be an id, the dates are not in order, or a population, a gang or a
        kind of truce cannot be.
    """
    folder = Path(folder)
    _refuse_bad_request(folder, sketch)
    readings = _readings()
    areas = sketch.areas or (("Area 1", _SIZE),)
    known = "-" if sketch.areas else PLACEHOLDER
    files = {
        "case.toml": _case_toml(folder.name, sketch, readings),
        SCHEMA_FILE: json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n",
        "areas.csv": _csv(
            "id,name,population,urban_share,municipalities,source",
            [(f"A{i}", name, people, 0.5, 1, known) for i, (name, people) in enumerate(areas, start=1)],
        ),
        "levers.csv": _csv("id,date,value,source,basis", _levers(sketch)),
        "arms.csv": _csv("arm,lever,value,from", _arms(sketch.decision)),
        "readings.csv": _csv("reading,target,value,refit", [row for rows in readings.values() for row in rows]),
        "chronology.csv": _csv("date,precision,lane,kind,event_en,event_es,value,status,source", []),
        "sources.csv": _csv("key,citation,address,taken,reliability", []),
        "series/homicides.csv": _csv("start,end,homicides,institution,source,note,use,use_reason,subtract", []),
        "README.md": _readme(folder.name, sketch),
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Made beside its place and moved there whole: a case that stops half-way leaves nothing behind.
    with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as made:
        whole = Path(made) / folder.name
        (whole / "series").mkdir(parents=True)
        for name, text in files.items():
            (whole / name).write_text(text, encoding="utf-8")
        if folder.exists():
            folder.rmdir()
        whole.rename(folder)
    return folder


def refuse_place(folder: str | Path) -> None:
    """Refuse a place where no case can be made.

    Raises
    ------
    CaseError
        The folder holds something, or its name cannot be an id.
    """
    folder = Path(folder)

    def refuse(message: str, found: object, allowed: str, mend: str) -> None:
        raise CaseError(message, key="folder", found=found, allowed=allowed, mend=mend)

    name = folder.name
    if len(name) > 80 or not name.replace("_", "").replace("-", "").isalnum() or not name.isascii():
        refuse("the name of the folder cannot be an id", name[:100], "letters, digits, _ and -, 80 at most",
               "choose a name such as my_truce")  # fmt: skip
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        refuse("there is something in this place already", folder, "a new or empty folder", "choose another name")
    if name in bundled_cases():
        refuse("a case that ships has this id", name, "an id of its own", "choose another name")


def _refuse_bad_request(folder: Path, sketch: Sketch) -> None:
    def refuse(message: str, key: str, found: object, allowed: str, mend: str) -> None:
        raise CaseError(message, key=key, found=found, allowed=allowed, mend=mend)

    refuse_place(folder)
    days = (sketch.start, sketch.decision, sketch.fit_end, sketch.end)
    if not days[0] <= days[1] <= days[3] or not days[0] <= days[2] <= days[3]:
        refuse("the dates are not in order", "start, decision, fit_end, end", ", ".join(map(str, days)),
               "decision and fit_end between start and end", "correct them")  # fmt: skip
    if sketch.truce_end is not None and not sketch.decision < sketch.truce_end <= sketch.end:
        refuse("the truce ends outside the run", "truce_end", sketch.truce_end,
               f"after {sketch.decision}, not after {sketch.end}", "correct the day")  # fmt: skip
    if sketch.truce not in TRUCES:
        refuse("no such kind of truce", "truce", sketch.truce, ", ".join(TRUCES), "use one of these")
    for name, people in sketch.areas:
        if not name.strip() or len(name) > 200 or people < 1:
            refuse("an area has no name or no people", "areas", f"{name}: {people}", "a name, and 1 or more",
                   "give both")  # fmt: skip
    for name in sketch.gangs:
        if not name.strip() or len(name) > 200:
            refuse("a gang has no name", "gangs", name, "1 to 200 characters", "name it")
    for key in ("title_en", "title_es"):
        if not 1 <= len(getattr(sketch, key)) <= 200:
            refuse("a title is empty or too long", key, getattr(sketch, key)[:80], "1 to 200 characters", "shorten it")
    for key in ("members_active", "members_imprisoned"):
        value = getattr(sketch, key)
        if value is not None and (value < 0 or (key == "members_active" and value == 0)):
            refuse("a number of members cannot be", key, value, "1 or more at large, 0 or more in prison",
                   "leave it out where it is not known")  # fmt: skip


def _levers(sketch: Sketch) -> list[tuple[str, date, str, str, str]]:
    """Every lever at rest, and at the decision those of the kind of truce that was named."""
    rows: list[tuple[date, int, str, float]] = []
    order = {lever.id: i for i, lever in enumerate(LEVERS)}
    arm = TRUCES[sketch.truce]
    sets = {
        row["lever"]: float(row["value"])
        for row in _first_rows("arms.csv")
        if row["arm"] == arm and row["lever"] in order and row["lever"] != "endogenous_state"
    }
    for lever in LEVERS:
        rest = _START.get(lever.id, 0.0)
        taken = lever.id in sets
        if sketch.decision > sketch.start or not taken:
            rows.append((sketch.start, order[lever.id], lever.id, rest))
        if taken:
            rows.append((sketch.decision, order[lever.id], lever.id, sets[lever.id]))
            if sketch.truce_end is not None:
                rows.append((sketch.truce_end, order[lever.id], lever.id, rest))
    ordered = sorted(rows, key=lambda row: (row[1], row[0]))
    return [(id, day, f"{value:g}", "-", _AT_REST if day == sketch.start else _JUDGED) for day, _, id, value in ordered]


def _csv(header: str, rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return out.getvalue()


def _rows_of_model(name: str) -> list[dict[str, str]]:
    with (_MODEL / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _first_rows(name: str) -> list[dict[str, str]]:
    """Rows of a table of the bundled case that belong to its first decision."""
    rows = _rows_of_model(name)
    first = min(row["from"] for row in rows)
    return [row for row in rows if row["from"] == first]


def _arms(decision: date) -> list[tuple[str, str, str, date]]:
    return [
        (row["arm"], row["lever"], "" if row["lever"] == "timeline" else row["value"], decision)
        for row in _first_rows("arms.csv")
    ]


def _readings() -> dict[str, list[tuple[str, str, str, str]]]:
    """Readings that set parameters only: those with dated levers, or refitted to the bundled figures, stay behind."""
    out: dict[str, list[tuple[str, str, str, str]]] = {}
    left = {row["reading"] for row in _rows_of_model("readings.csv") if ":" in row["value"] or row["refit"] == "1"}
    for row in _rows_of_model("readings.csv"):
        if row["reading"] not in left:
            out.setdefault(row["reading"], []).append((row["reading"], row["target"], row["value"], row["refit"]))
    return out


def _case_toml(id: str, sketch: Sketch, readings: Iterable[str]) -> str:
    model = tomllib.loads((_MODEL / "case.toml").read_text(encoding="utf-8"))
    wanted = set(readings)
    horizons = [years for years in (1, 2, 5, 7) if sketch.decision.year + years <= sketch.end.year] or [1]
    active = sketch.members_active or max(1, sketch.people // 100)
    prison = active // 4 if sketch.members_imprisoned is None else sketch.members_imprisoned
    guess = f"  # {PLACEHOLDER}: replace it, or leave it and say so in README.md"
    gangs = sketch.gangs or ("Gang 1",)
    shares = _shares(len(gangs))
    out = [
        f"#:schema ./{SCHEMA_FILE}",
        "# A case of tregua, written by `tregua new`. `tregua check FOLDER` tells what is wrong, missing or still a",
        f"# {PLACEHOLDER}; every key is described in the schema, which editors read from the line above. Offices and",
        "# bodies are named here, persons never.",
        "",
        "# Version of this format; the program refuses one that it does not read.",
        "format = 1",
        f"id = {_quoted(id)}",
        f"title_en = {_quoted(sketch.title_en)}",
        f"title_es = {_quoted(sketch.title_es)}",
        "# First and last day of the run. It may go on past the figures; what does is marked so.",
        f"start = {sketch.start}",
        f"end = {sketch.end}",
        "# Last day whose figures may be fitted. Later ones are only compared: they tell whether the model was right.",
        f"fit_end = {sketch.fit_end}",
        "# How numbers are printed: en, es (1.234,5) or es-SV (1,234.5 with Spanish words); empty follows the page.",
        'number_style = ""',
        "# Bodies whose name looks like that of a person, if any: they may stand as institutions.",
        "institutions = []",
        "",
        "# Levels on the first day.",
        "[world]",
        "# Members at large, and in prison.",
        f"members_active = {active}{'' if sketch.members_active else guess}",
        f"members_imprisoned = {prison}{guess if sketch.members_imprisoned is None else ''}",
        "# Who carried messages between the gangs and the state: roles, never names.",
        'broker_roles = ["facilitator_1", "organisation_1"]',
        "",
        "# Parameters that this case holds at a value of its own in place of the default; `tregua odd` lists all.",
        "[parameters]",
        "",
        "# One table a gang; shares sum to 1. family picks the parameters of command: ms13 or b18.",
    ]
    for position, name in enumerate(gangs):
        family = "ms13" if position == 0 else "b18"
        table = _table("gangs", {"id": f"G{position + 1}", "family": family, "share": shares[position],
                                 "name_en": name, "name_es": name})  # fmt: skip
        if len(gangs) > 1 or not sketch.gangs:
            table[3] += guess
        out += table
    out += [
        "# A day on which a response is chosen; horizons in years; keep names levers that follow the record in every",
        "# response; return_contact is how freely jailed leaders are heard once a truce has failed.",
        *_table(
            "decisions",
            {
                "id": str(sketch.decision.year), "date": sketch.decision, "horizons": horizons, "keep": ["pacts"],
                "title_en": f"{sketch.decision}: what should be done", "title_es": f"{sketch.decision}: qué hacer",
            },
        ),
        "# Responses, in the order in which they are shown; their levers stand in arms.csv. no_truce is the reference.",
        "",
    ]  # fmt: skip
    for arm in model["arms"]:
        out += _table("arms", arm)
    out += ["# Rival accounts of the facts; what each sets stands in readings.csv.", ""]
    for reading in model["readings"]:
        if reading["id"] in wanted:
            out += _table("readings", reading)
    return "\n".join(out)


def _shares(n: int) -> list[float]:
    """Equal shares that sum to 1 as written."""
    each = round(1 / n, 4)
    return [*([each] * (n - 1)), round(1 - each * (n - 1), 4)]


def _readme(id: str, sketch: Sketch) -> str:
    return f"""# {" ".join(sketch.title_en.split())}

Write here, for whoever reads the results: where the figures come from, who counted, what is judged and by whom, what
is missing, and which disagreements matter.

| file | what to do with it |
|---|---|
| case.toml | replace the values marked {PLACEHOLDER} |
| areas.csv | places with their population and urban share (0 to 1) |
| levers.csv | what was really done and when: one row for each change of a lever, with its source |
| arms.csv, readings.csv | responses and rival accounts to compare; change, add or remove |
| chronology.csv | dated events; the kinds truce_start and truce_end tell `tregua effect` when the truce was |
| sources.csv | every key that is used as a source, with its citation |
| series/ | figures; `tregua import FILE {id}` writes them from your own table |

Then: `tregua check {id}`, `tregua run {id}`.
"""


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
