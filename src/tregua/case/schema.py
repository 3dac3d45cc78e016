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
MOST = 10_000_000_000
"""No count is larger: more than all people alive."""
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=MOST)]
Some = Annotated[int, Field(ge=1, le=MOST)]
Day = Annotated[date, BeforeValidator(parse_date)]
Month = Annotated[str, BeforeValidator(parse_month)]
YesNo = Literal["yes", "no"]


class Written(BaseModel):
    """Base of everything that people write: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class WorldTable(Written):
    """``[world]``: levels at the start, before the setup seed splits them."""

    members_active: Positive = Field(
        default=26_000.0,
        description="active members at large on the first day, people; those at rest (calmados) come on top",
    )
    members_imprisoned: NonNegative = Field(default=7_200.0, description="members in prison on the first day, people")
    calmado_share: Fraction = Field(
        default=0.17, description="members at rest (calmados) per active member on the first day, 0 to 1"
    )
    youth_share: Fraction = Field(
        default=0.04, description="young people within reach of recruitment, as a share of the population, 0 to 1"
    )
    split_concentration: Positive = Field(
        default=8.0, description="how evenly gangs are spread over areas, no unit; more is more even (an assumption)"
    )
    split_floor: Fraction = Field(
        default=0.0, description="local shares of a gang below this are set to zero, 0 to 1; 0 keeps all"
    )
    prison_presence: Fraction = Field(
        default=0.1,
        description="how far prisoners follow members over areas on fine partitions, 0 (not at all) to 1 (in step)",
    )
    prison_by_presence: bool = Field(
        default=False, description="true: prisoners are spread over areas like members at large"
    )
    broker_roles: list[RoleId] = Field(
        default=["facilitator_1", "facilitator_2", "organisation_1", "organisation_2"],
        description="abstract roles of those who carry messages; ids, never persons",
    )
    mixing_reference: Positive | None = Field(
        default=None,
        description="mixing of gangs in the world that is compared with, a number without unit; computed if left out",
    )


class GangTable(Written):
    """``[[gangs]]``: id, mean share of members, and the suffix of the gang's own parameters."""

    id: Identifier = Field(description="id of the gang; draws are keyed by it, so that renaming it changes the luck")
    family: Identifier = Field(description="whose parameters of command the gang takes: ms13 or b18")
    share: NonNegative = Field(description="mean share of all members, 0 to 1; the shares of all gangs sum to 1")
    name_en: Label = Field(description="name in English")
    name_es: Label = Field(description="name in Spanish")


class DecisionTable(Written):
    """``[[decisions]]``: a date at which a response is chosen."""

    id: Identifier = Field(description="id of the decision, such as its year")
    date: Day = Field(description="day on which a response is chosen, YYYY-MM-DD")
    horizons: Annotated[list[Annotated[int, Field(ge=1, le=50)]], Field(min_length=1)] = Field(
        description="years after that day at which outcomes are read"
    )
    keep: list[Identifier] = Field(default=[], description="ids of levers that follow the record in every response")
    return_contact: Fraction = Field(
        default=0.35,
        description="level of contact, 0 (none) to 1 (free), to which a truce that the state abandons returns",
    )
    halt_ends: bool = Field(
        default=False,
        description="true: show every response twice, with the gangs' own halt held and with it ended that day",
    )
    left_out: list[Identifier] = Field(
        default=[], description="ids of readings under which this decision is not compared"
    )
    title_en: Label = Field(description="title in English")
    title_es: Label = Field(description="title in Spanish")


class ArmTable(Written):
    """``[[arms]]``: names of a response; its levers stand in arms.csv."""

    id: Identifier = Field(description="id of the response; no_truce is the reference of every contrast")
    label_en: Label = Field(description="short name in English")
    label_es: Label = Field(description="short name in Spanish")
    meaning_en: Text = Field(default="", description="one line in English: what is done")
    meaning_es: Text = Field(default="", description="one line in Spanish: what is done")


class ReadingTable(Written):
    """``[[readings]]``: names of a reading; what it sets stands in readings.csv."""

    id: Identifier = Field(description="id of the reading")
    short: Text = Field(default="", description="code of the reading in the literature, if any")
    meaning_en: Label = Field(description="the account of the facts, in English")
    meaning_es: Label = Field(description="the account of the facts, in Spanish")


class CaseFile(Written):
    """``case.toml``."""

    format: Literal[1] = Field(description="version of this format; another one is refused")
    id: Identifier = Field(description="id of the case: the name of its folder")
    title_en: Label = Field(description="title in English")
    title_es: Label = Field(description="title in Spanish")
    start: Day = Field(description="first day of the run, YYYY-MM-DD")
    end: Day = Field(description="last day of the run, YYYY-MM-DD; what lies past the figures is marked so")
    fit_end: Day | None = Field(
        default=None,
        description="last day whose figures may enter a fit, YYYY-MM-DD; later ones are scored",
    )
    number_style: Literal["", "en", "es", "es-SV"] = Field(
        default="",
        description="en (1,234.5), es (1.234,5), es-SV (1,234.5 with Spanish words); empty follows the page",
    )
    institutions: list[Label] = Field(
        default=[], description="bodies whose name looks like that of a person, so that they may stand as institutions"
    )
    rival_readings: list[Identifier] = Field(
        default=[], description="ids of readings drawn together as rival accounts of the record"
    )
    world: WorldTable = Field(default=WorldTable(), description="levels on the first day")
    parameters: dict[str, Number] = Field(
        default={},
        description="parameters held at a value of this case's own: id = value, in the unit that `tregua odd` lists",
    )
    gangs: list[GangTable] = Field(default=[], description="the gangs")
    decisions: list[DecisionTable] = Field(default=[], description="days on which a response is chosen")
    arms: list[ArmTable] = Field(
        default=[], description="responses, in the order in which they are shown; their levers stand in arms.csv"
    )
    readings: list[ReadingTable] = Field(
        default=[], description="rival accounts of the facts; what each sets stands in readings.csv"
    )


class AreaRow(Written):
    """A row of ``areas.csv``."""

    id: Identifier = Field(description="id of the area; draws are keyed by it")
    name: Label = Field(description="name of the place")
    population: Positive = Field(description="people living there on the first day")
    urban_share: Fraction = Field(description="share of them in towns, 0 to 1")
    municipalities: Some = Field(default=1, description="municipalities in it, a number")
    presence: NonNegative | None = Field(
        default=None,
        description="weight by which members are spread, no unit; population times urban share where it is left out",
    )
    source: Text = Field(default="-", description="key of the source, or keys joined by ;, or -")


class LeverRow(Written):
    """A row of ``levers.csv``: from `date` on, lever `id` stands at `value`."""

    id: Identifier = Field(description="id of the lever")
    date: Day = Field(description="day from which it stands at the value, YYYY-MM-DD")
    value: Number = Field(description="level, in the unit of the lever (0 to 1, or a multiple of the level at rest)")
    source: Text = Field(default="-", description="key of the source of the date, or keys joined by ;, or -")
    basis: Text = Field(default="", description="what is sourced and what is judged, and by whom")


class ArmRow(Written):
    """A row of ``arms.csv``: one lever of one response.

    `lever` is a lever id with its value; ``none`` for a response that changes nothing; ``timeline`` for the record,
    with ``without LEVER`` where a recorded lever is left out.
    """

    arm: Identifier = Field(description="id of the response")
    lever: Identifier = Field(description="id of a lever; none; or timeline for the record")
    value: Text = Field(
        default="", description="level, in the unit of the lever; with timeline, `without LEVER` or nothing"
    )
    since: Annotated[Day, Field(alias="from")] = Field(
        description="day from which it holds, YYYY-MM-DD: that of a decision"
    )


class ReadingRow(Written):
    """A row of ``readings.csv``.

    `target` is a parameter with a value or a factor (``x0.5``), or a lever with its path
    (``2012-03-08:0.97;2014-03-01:0``), or ``none``.
    """

    reading: Identifier = Field(description="id of the reading")
    target: Identifier = Field(description="id of a parameter or of a lever; or none")
    value: Text = Field(
        default="",
        description="a parameter's value in its unit, or a factor (x0.5); a lever's path, day:level joined by ;",
    )
    refit: Literal["0", "1"] = Field(
        default="0", description="1 where the reading changes what the figures mean, so that it needs a fit of its own"
    )


class TargetRow(Written):
    """A row of ``fit_targets.csv``: a figure besides the counts that a fit must meet, with its error."""

    measure: Text = Field(description="an outcome, or a ratio of outcomes, as the model names them")
    date_or_spans: Text = Field(description="day of a stock, or days of a flow: start..end joined by ;")
    value: Number = Field(description="the figure, in the unit of the outcome")
    error: Positive = Field(description="its standard error in that unit; of its logarithm where lognormal")
    distribution: Literal["normal", "lognormal"] = Field(description="form of the error")
    source: Text = Field(description="key of the source, or keys joined by ;")


class EventRow(Written):
    """A row of ``chronology.csv``: a dated event, told in both languages; offices and bodies, never persons."""

    date: Text = Field(description="day, month or year: YYYY-MM-DD, YYYY-MM or YYYY")
    precision: Literal["day", "month", "year"] = Field(description="how precisely the day is known")
    lane: Literal["truce", "state", "elections", "outside", "violence"] = Field(
        description="strip of the chart in which it is drawn"
    )
    kind: Identifier = Field(
        description="kind of event; truce_start and truce_end tell `tregua effect` when the truce was"
    )
    event_en: Label = Field(description="what happened, in English; offices and bodies, never persons")
    event_es: Label = Field(description="what happened, in Spanish; offices and bodies, never persons")
    value: Number | None = Field(
        default=None, description="a figure of the event, if any, in the unit that its text names"
    )
    status: Literal["reported", "stated", "announced"] = Field(default="reported", description="how it is known")
    source: Text = Field(description="key of the source, or keys joined by ;")


class SourceRow(Written):
    """A row of ``sources.csv``."""

    key: Identifier = Field(description="key by which rows name the source")
    citation: Annotated[str, StringConstraints(min_length=1, max_length=2_000)] = Field(
        description="where it can be found, without bylines"
    )
    address: Text = Field(default="", description="its address, unless that would identify a person")
    taken: Text = Field(default="", description="what was taken from it")
    reliability: Text = Field(default="", description="kind of source, or how far it is relied on")


class SeriesRow(Written):
    """A row of a file in ``series/``. Every file has `source`, one way of giving time and one of giving a value.

    Time: `start` and `end` (both counted), `month`, `year`, `period`, `date` or `spans`. Value: `value` with
    `measure`, `homicides`, `rate_per_100k`, `value_pct`, `municipalities_with_zero` or `population`.
    """

    start: Text | None = Field(default=None, description="first day, counted, YYYY-MM-DD")
    end: Text | None = Field(default=None, description="last day, counted, YYYY-MM-DD")
    month: Month | None = Field(default=None, description="month counted, YYYY-MM")
    year: Annotated[int, Field(ge=1500, le=2500)] | None = Field(default=None, description="calendar year counted")
    month_no: Annotated[int, Field(ge=1, le=12)] | None = Field(
        default=None, description="month of that year counted, 1 to 12"
    )
    period: Text | None = Field(
        default=None, description="months covered, or what a statement is about: YYYY, YYYY-MM, or two joined by .."
    )
    date: Text | None = Field(default=None, description="day of a stock or of a poll: YYYY-MM-DD, YYYY-MM or YYYY")
    spans: Text | None = Field(default=None, description="days counted: start..end joined by ;")
    measure: Identifier | None = Field(
        default=None, description="what is counted; its unit stands in the table of measures"
    )
    kind: Literal["count", "stock", "ratio", "share", "amount"] | None = Field(
        default=None, description="count, stock, ratio, share or amount; that of the measure where it is left out"
    )
    value: Number | None = Field(default=None, description="the figure, in the unit of the measure")
    value_high: Number | None = Field(
        default=None, description="upper bound, or second figure of the source, in the same unit"
    )
    value_pct: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = Field(
        default=None, description="the figure, percent"
    )
    sd_pct: NonNegative | None = Field(
        default=None, description="its standard deviation as a fit uses it, percentage points"
    )
    homicides: Count | None = Field(default=None, description="killings counted, deaths")
    rate_per_100k: NonNegative | None = Field(
        default=None, description="killings per 100,000 people a year, as printed"
    )
    municipalities_with_zero: Count | None = Field(
        default=None, description="municipalities without a recorded killing, a number"
    )
    of_total: Some | None = Field(default=None, description="of how many municipalities")
    population: Some | None = Field(default=None, description="people living there")
    area_km2: Positive | None = Field(default=None, description="area, square kilometres")
    n: Some | None = Field(default=None, description="people asked in a poll")
    unit: Text = Field(default="", description="unit of the figure where the source names another one")
    area: Text = Field(default="", description="id or name of an area of the case; empty for the whole")
    department: Text = Field(default="", description="department that the figure is about")
    municipality: Text = Field(default="", description="municipality that the figure is about")
    level: Literal["department", "national"] | None = Field(default=None, description="level of the place")
    code: Text = Field(default="", description="code of the place in the source")
    name: Text = Field(default="", description="name of the place in the source")
    gang: Text = Field(default="", description="id of a gang, or all")
    scope: Text = Field(default="", description="what the figure covers, in words")
    institution: Text = Field(default="", description="who counted: a body, never a person")
    asserted_by: Text = Field(default="", description="who says so: roles, never names")
    status: Text = Field(default="", description="standing of the figure or statement")
    reported: Text = Field(default="", description="when it was made public: YYYY, YYYY-MM or YYYY-MM-DD")
    revision: Text = Field(default="", description="first, preliminary, revised, final or unclear")
    precision: Text = Field(default="", description="precision of the date or of the figure")
    basis: Literal["stated", "subtraction", "derived"] | None = Field(
        default=None, description="stated by the source, by subtraction, or derived from what it states"
    )
    arithmetic: Text = Field(default="", description="the subtraction or derivation in full")
    consistency: Text = Field(default="", description="which institutions are mixed in it")
    piece_id: Identifier | None = Field(default=None, description="id of the piece of a partition that the row is")
    preferred: YesNo = Field(default="no", description="yes for at most one row a month: the one that is drawn")
    subtract: YesNo = Field(
        default="no", description="yes where the row may be cut into disjoint pieces with others by subtraction"
    )
    use: Literal["fit", "score", "alternative", "excluded"] | None = Field(
        default=None,
        description="fit (not after fit_end), score, alternative (another count of the same days) or excluded",
    )
    use_reason: Text = Field(default="", description="why it has that use")
    note: Text = Field(default="", description="remark: range words, contradictions, footnotes")
    source: Annotated[str, StringConstraints(min_length=1, max_length=2_000)] = Field(
        description="key of the source, or keys joined by ;"
    )


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
