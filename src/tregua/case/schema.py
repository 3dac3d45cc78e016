"""What people write in a case folder, as pydantic models: the one declaration of keys, types and bounds.

``json_schema()`` gives the same declaration to an editor.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from tregua.series.span import Span

FORMAT = 1
LANES = ("truce", "state", "elections", "outside", "violence")


def parse_date(value: object) -> date:
    """A calendar date: a TOML date, or text as YYYY-MM-DD."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValueError("no such day in the calendar") from error
    raise ValueError("not a date written as YYYY-MM-DD")


def parse_month(value: object) -> str:
    """A month as YYYY-MM, kept as text."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", value):
        return value
    raise ValueError("not a month written as YYYY-MM")


def parse_period(text: str) -> tuple[tuple[Span, ...], str]:
    """Days within which a loosely dated figure lies, and the precision of that date.

    Parameters
    ----------
    text : str
        ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, two of these joined by ``..`` or ``/``, or ``undated``.

    Returns
    -------
    spans, precision
        One span, or none for ``undated``; day, month, year, span or undated.

    Raises
    ------
    ValueError
        Anything else.
    ObservationError
        The second date lies before the first.
    """
    if text == "undated":
        return (), "undated"
    first, separator, last = text.partition("..") if ".." in text else text.partition("/")
    one, precision = _whole(first)
    if not separator:
        return (one,), precision
    return (Span(one.start, _whole(last)[0].end),), "span"


def parse_spans(text: str) -> tuple[Span, ...]:
    """Spans written ``start..end``, joined by ``;``."""
    out = []
    for part in text.split(";"):
        first, separator, last = part.strip().partition("..")
        if not separator:
            raise ValueError("not spans written as start..end")
        out.append(Span(parse_date(first), parse_date(last)))
    return tuple(out)


def parse_days(text: str) -> tuple[Span, ...]:
    """Days of a target: a date, or spans ``start..end`` joined by ``;``."""
    return parse_spans(text) if ".." in text else parse_period(text)[0]


def _whole(text: str) -> tuple[Span, str]:
    try:
        if re.fullmatch(r"[0-9]{4}", text):
            return Span.of_year(int(text)), "year"
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
            return Span.of_month(int(text[:4]), int(text[5:])), "month"
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return Span(date.fromisoformat(text), date.fromisoformat(text)), "day"
    except (ValueError, IndexError) as error:
        raise ValueError("no such day in the calendar") from error
    raise ValueError("not a date written as YYYY, YYYY-MM or YYYY-MM-DD")


Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", max_length=80)]
RoleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
Text = Annotated[str, StringConstraints(max_length=10_000)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Day = Annotated[date, BeforeValidator(parse_date)]
Month = Annotated[str, BeforeValidator(parse_month)]
YesNo = Literal["yes", "no"]


class Written(BaseModel):
    """Base of everything that people write: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class WorldTable(Written):
    """``[world]``: levels at the start, before the setup seed splits them."""

    members_active: Positive = 26_000.0
    members_imprisoned: NonNegative = 7_200.0
    calmado_share: Fraction = 0.17
    youth_share: Fraction = 0.04
    split_concentration: Positive = 8.0
    split_floor: Fraction = 0.0
    prison_presence: Fraction = 0.1
    prison_by_presence: bool = False
    broker_roles: list[RoleId] = ["facilitator_1", "facilitator_2", "organisation_1", "organisation_2"]
    mixing_reference: Positive | None = None


class GangTable(Written):
    """``[[gangs]]``: id, mean share of members, and the suffix of the gang's own parameters."""

    id: Identifier
    family: Identifier
    share: NonNegative
    name_en: Label
    name_es: Label


class DecisionTable(Written):
    """``[[decisions]]``: a date at which a response is chosen."""

    id: Identifier
    date: Day
    horizons: Annotated[list[Annotated[int, Field(ge=1, le=50)]], Field(min_length=1)]
    keep: list[Identifier] = []
    return_contact: Fraction = 0.35
    halt_ends: bool = False
    left_out: list[Identifier] = []
    title_en: Label
    title_es: Label


class ArmTable(Written):
    """``[[arms]]``: names of a response; its levers stand in arms.csv."""

    id: Identifier
    label_en: Label
    label_es: Label
    meaning_en: Text = ""
    meaning_es: Text = ""


class ReadingTable(Written):
    """``[[readings]]``: names of a reading; what it sets stands in readings.csv."""

    id: Identifier
    short: Text = ""
    meaning_en: Label
    meaning_es: Label


class CaseFile(Written):
    """``case.toml``."""

    format: Literal[1]
    id: Identifier
    title_en: Label
    title_es: Label
    start: Day
    end: Day
    fit_end: Day | None = None
    number_style: Literal["", "en", "es", "es-SV"] = ""
    institutions: list[Label] = []
    rival_readings: list[Identifier] = []
    world: WorldTable = WorldTable()
    parameters: dict[str, Number] = {}
    gangs: list[GangTable] = []
    decisions: list[DecisionTable] = []
    arms: list[ArmTable] = []
    readings: list[ReadingTable] = []


class AreaRow(Written):
    """A row of ``areas.csv``."""

    id: Identifier
    name: Label
    population: Positive
    urban_share: Fraction
    municipalities: Annotated[int, Field(ge=1)] = 1
    presence: NonNegative | None = None
    source: Text = "-"


class LeverRow(Written):
    """A row of ``levers.csv``: from `date` on, lever `id` stands at `value`."""

    id: Identifier
    date: Day
    value: Number
    source: Text = "-"
    basis: Text = ""


class ArmRow(Written):
    """A row of ``arms.csv``: one lever of one response.

    `lever` is a lever id with its value; ``none`` for a response that changes nothing; ``timeline`` for the record,
    with ``without LEVER`` where a recorded lever is left out.
    """

    arm: Identifier
    lever: Identifier
    value: Text = ""
    since: Annotated[Day, Field(alias="from")]


class ReadingRow(Written):
    """A row of ``readings.csv``.

    `target` is a parameter with a value or a factor (``x0.5``), or a lever with its path
    (``2012-03-08:0.97;2014-03-01:0``), or ``none``.
    """

    reading: Identifier
    target: Identifier
    value: Text = ""
    refit: Literal["0", "1"] = "0"


class TargetRow(Written):
    """A row of ``fit_targets.csv``: a figure besides the counts that a fit must meet, with its error."""

    measure: Text
    date_or_spans: Text
    value: Number
    error: Positive
    distribution: Literal["normal", "lognormal"]
    source: Text


class EventRow(Written):
    """A row of ``chronology.csv``: a dated event, told in both languages; offices and bodies, never persons."""

    date: Text
    precision: Literal["day", "month", "year"]
    lane: Literal["truce", "state", "elections", "outside", "violence"]
    kind: Identifier
    event_en: Label
    event_es: Label
    value: Number | None = None
    status: Literal["reported", "stated", "announced"] = "reported"
    source: Text


class SourceRow(Written):
    """A row of ``sources.csv``."""

    key: Identifier
    citation: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
    address: Text = ""
    taken: Text = ""
    reliability: Text = ""


class SeriesRow(Written):
    """A row of a file in ``series/``. Every file has `source`, one way of giving time and one of giving a value.

    Time: `start` and `end` (both counted), `month`, `year`, `period`, `date` or `spans`. Value: `value` with
    `measure`, `homicides`, `rate_per_100k`, `value_pct`, `municipalities_with_zero` or `population`.
    """

    start: Text | None = None
    end: Text | None = None
    month: Month | None = None
    year: Annotated[int, Field(ge=1500, le=2500)] | None = None
    month_no: Annotated[int, Field(ge=1, le=12)] | None = None
    period: Text | None = None
    date: Text | None = None
    spans: Text | None = None
    measure: Identifier | None = None
    kind: Literal["count", "stock", "ratio", "share", "amount"] | None = None
    value: Number | None = None
    value_high: Number | None = None
    value_pct: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = None
    sd_pct: NonNegative | None = None
    homicides: Annotated[int, Field(ge=0)] | None = None
    rate_per_100k: NonNegative | None = None
    municipalities_with_zero: Annotated[int, Field(ge=0)] | None = None
    of_total: Annotated[int, Field(ge=1)] | None = None
    population: Annotated[int, Field(gt=0)] | None = None
    area_km2: Positive | None = None
    n: Annotated[int, Field(ge=1)] | None = None
    unit: Text = ""
    area: Text = ""
    department: Text = ""
    municipality: Text = ""
    level: Literal["department", "national"] | None = None
    code: Text = ""
    name: Text = ""
    gang: Text = ""
    scope: Text = ""
    institution: Text = ""
    asserted_by: Text = ""
    status: Text = ""
    reported: Text = ""
    revision: Text = ""
    precision: Text = ""
    basis: Literal["stated", "subtraction", "derived"] | None = None
    arithmetic: Text = ""
    consistency: Text = ""
    piece_id: Identifier | None = None
    preferred: YesNo = "no"
    subtract: YesNo = "no"
    use: Literal["fit", "score", "alternative", "excluded"] | None = None
    use_reason: Text = ""
    note: Text = ""
    source: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]


ROW_MODELS: dict[str, type[Written]] = {
    "areas.csv": AreaRow,
    "levers.csv": LeverRow,
    "arms.csv": ArmRow,
    "readings.csv": ReadingRow,
    "fit_targets.csv": TargetRow,
    "chronology.csv": EventRow,
    "sources.csv": SourceRow,
    "series/*.csv": SeriesRow,
}


def columns_of(model: type[Written]) -> tuple[list[str], list[str]]:
    """Columns that a table of `model` must and may have, as they are written."""
    required: list[str] = []
    optional: list[str] = []
    for name, info in model.model_fields.items():
        (required if info.is_required() else optional).append(info.alias or name)
    return required, optional


def json_schema() -> dict[str, object]:
    """JSON Schema of ``case.toml``, and under ``$defs`` that of a row of each table."""
    schema: dict[str, object] = CaseFile.model_json_schema(by_alias=True)
    rows: dict[str, object] = {}
    for file, model in ROW_MODELS.items():
        row = model.model_json_schema(by_alias=True)
        row["description"] = f"{file}: {model.__doc__ or ''}".strip()
        rows[model.__name__] = row
    inner = schema.get("$defs")
    schema["$defs"] = {**inner, **rows} if isinstance(inner, dict) else rows
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["$id"] = f"tregua-case-{FORMAT}"
    return schema
