"""What a person writes in a ledger folder, key by key. Everything unknown is refused."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from tregua.ledger.claim import UNKNOWN, Direction
from tregua.ledger.dispute import RelationType
from tregua.ledger.role import RoleKind
from tregua.ledger.source import Archived, ReadAs, SourceKind
from tregua.ledger.status import Kind, Legal

_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)


def _visible(text: str) -> str:
    if not text.strip():
        raise ValueError("empty text")
    if _HIDDEN.search(text):
        raise ValueError("a control or invisible character")
    return text.strip()


def _bounds(text: str) -> tuple[dt.date, dt.date]:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError("not a date")
    year, month, day = (int(group) if group else 0 for group in match.groups())
    first = dt.date(year, month or 1, day or 1)
    if day:
        return first, first
    if month:
        return first, (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    return first, first.replace(month=12, day=31)


def _moment(text: str) -> str:
    if text != UNKNOWN:
        _bounds(text)
    return text


def _span(text: str) -> str:
    if text == UNKNOWN:
        return text
    first, _, last = text.partition("/")
    start, end = _bounds(first), _bounds(last or first)
    if end[1] < start[0]:
        raise ValueError("a period that ends before it starts")
    return text


def _as_text(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else value


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, AfterValidator(_visible)]
Moment = Annotated[str, BeforeValidator(_as_text), AfterValidator(_moment)]
Span = Annotated[str, BeforeValidator(_as_text), AfterValidator(_span)]
Ids = Annotated[list[Text], BeforeValidator(_as_list), Field(min_length=1)]
ClaimId = Annotated[str, Field(pattern=r"^[CQF][0-9]{2,6}$")]
RoleId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
SourceKey = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9_]{1,40}$")]
Targets = Annotated[
    list[Annotated[str, Field(pattern=r"^[a-z_]+:[A-Za-z0-9_*@.-]+$")]], BeforeValidator(_as_list), Field(min_length=1)
]


class Table(BaseModel):
    """A table of a file: unknown keys are errors, types are exact."""

    model_config = ConfigDict(extra="forbid", strict=True)


class RoleTable(Table):
    """``[[role]]``."""

    id: RoleId
    kind: RoleKind
    label_en: Text
    label_es: Text


class SourceTable(Table):
    """``[[source]]``."""

    key: SourceKey
    kind: SourceKind
    publisher: Text
    title: Text
    date: Moment
    licence: Text = "unknown"
    archived: Archived = "unknown"
    read: ReadAs = "text"
    address: Annotated[str, Field(pattern=r"^https?://[^\s<>\"]+$")] | None = None
    locator: Text | None = None
    authors: list[Text] = []
    container: Text | None = None
    volume: Text | None = None
    issue: Text | None = None
    pages: Text | None = None
    doi: Annotated[str, Field(pattern=r"^10\.[0-9]{4,9}/\S+$")] | None = None


class BothTable(Table):
    """A sentence in both languages."""

    en: Text
    es: Text


class PartTable(BothTable):
    """``part`` of a claim. ``by`` where somebody else than the claim's asserter says it."""

    kind: Kind
    legal: Legal = "none"
    hedged: bool = False
    by: Ids | None = None


class LinkTable(BothTable):
    """``link`` of a claim: ``to = "lever:contact"``, ``how`` a direction."""

    to: Targets
    how: Direction


class ClaimTable(Table):
    """``[[claim]]``."""

    id: ClaimId
    asserter: Ids
    subject: Text
    about_person: bool
    asserted: Moment
    period: Span
    source: Text
    place: Text
    grade: Annotated[str, Field(pattern=r"^[A-F][1-6]$")]
    graded_by: Text = "editors"
    part: Annotated[list[PartTable], Field(min_length=1)]
    link: list[LinkTable] = []
    no_home: BothTable | None = None


class RelationTable(BothTable):
    """``[[relation]]``: ``from`` stands in the relation to ``to``."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=False)

    start: Annotated[ClaimId, Field(alias="from")]
    kind: RelationType
    to: ClaimId


class AssumptionTable(BothTable):
    """``[[assumption]]``: why something in the model has no claim behind it."""

    to: Targets


class ItemTable(BothTable):
    """``[[pattern]]`` and ``[[guard_rail]]``."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,40}$")]
    held_out: bool = False


class SealTable(Table):
    """``[seal]``: the hash of everything that has been published and may no longer change."""

    claims: dict[str, str] = {}
    relations: dict[str, str] = {}
    sources: dict[str, str] = {}


class LedgerFile(Table):
    """One file of the ledger folder."""

    places: list[Text] = []
    role: list[RoleTable] = []
    source: list[SourceTable] = []
    claim: list[ClaimTable] = []
    relation: list[RelationTable] = []
    assumption: list[AssumptionTable] = []
    pattern: list[ItemTable] = []
    guard_rail: list[ItemTable] = []
    seal: SealTable | None = None


def json_schema() -> dict[str, Any]:
    """JSON Schema of a ledger file, for editors."""
    return LedgerFile.model_json_schema(by_alias=True)
