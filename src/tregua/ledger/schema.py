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
    """``[[role]]``: a voice or a subject."""

    id: RoleId = Field(description="id of the role, snake case")
    kind: RoleKind = Field(description="person (a role that one or few held), institution, group, text or topic")
    label_en: Text = Field(description="the role inside an English sentence, with its article")
    label_es: Text = Field(description="the role inside a Spanish sentence, with its article")


class SourceTable(Table):
    """``[[source]]``: a document."""

    key: SourceKey = Field(description="key in capitals, as in sources.csv")
    kind: SourceKind = Field(description="kind of document")
    publisher: Text = Field(description="who published it: a body")
    title: Text = Field(description="a neutral title: never the name of somebody whom a claim is about")
    date: Moment = Field(description="YYYY, YYYY-MM, YYYY-MM-DD or unknown")
    licence: Text = Field(default="unknown", description="terms of reuse, or unknown")
    archived: Archived = Field(default="unknown", description="whether it was read from a kept copy")
    read: ReadAs = Field(default="text", description="how much of it was read")
    address: Annotated[str, Field(pattern=r"^https?://[^\s<>\"]+$")] | None = Field(
        default=None, description="its address; left out where that would identify a person"
    )
    locator: Text | None = Field(
        default=None, description="an address that identifies a person; nothing prints or exports it"
    )
    authors: list[Text] = Field(default=[], description="authors of a paper, for citations only: Family, Given")
    container: Text | None = Field(default=None, description="journal or book of a paper")
    volume: Text | None = Field(default=None, description="volume of the journal")
    issue: Text | None = Field(default=None, description="issue of the volume")
    pages: Text | None = Field(default=None, description="pages, first to last")
    doi: Annotated[str, Field(pattern=r"^10\.[0-9]{4,9}/\S+$")] | None = Field(
        default=None, description="identifier of the paper, 10.…"
    )


class BothTable(Table):
    """A sentence in both languages."""

    en: Text = Field(description="the sentence in English")
    es: Text = Field(description="the sentence in Spanish, with the same hedges")


class PartTable(BothTable):
    """``part`` of a claim: one thing said in one way. ``by`` where somebody else than the claim's asserter says it."""

    kind: Kind = Field(description="how it was put; a part has one kind only")
    legal: Legal = Field(default="none", description="where it stands before the law; a charge is not a finding")
    hedged: bool = Field(default=False, description="true where the source itself hedges")
    by: Ids | None = Field(
        default=None, description="roles that say this part, where others than the claim's asserter do"
    )


class LinkTable(BothTable):
    """``link`` of a claim: ``to = "lever:contact"``, ``how`` a direction."""

    to: Targets = Field(
        description="what it bears on, as lever:contact, or a list of such; reading:* stands for every reading"
    )
    how: Direction = Field(description="direction of the bearing")


class ClaimTable(Table):
    """``[[claim]]``: what somebody said, in parts, with what it bears on."""

    id: ClaimId = Field(description="C and digits for a claim, Q for a qualification, F for a published figure")
    asserter: Ids = Field(description="roles that say so")
    subject: Text = Field(description="role, institution or topic that it is about")
    about_person: bool = Field(
        description="true where it is about one person: then no value, probability or rank is ever attached"
    )
    asserted: Moment = Field(description="when it was said: YYYY, YYYY-MM, YYYY-MM-DD or unknown")
    period: Span = Field(description="what time it is about: a date, two joined by /, or unknown")
    source: Text = Field(description="key of the source")
    place: Text = Field(description="where in the source: paragraph, page or table")
    grade: Annotated[str, Field(pattern=r"^[A-F][1-6]$")] = Field(
        description="Admiralty grade: A to F for the source, 1 to 6 for the information; never one number"
    )
    graded_by: Text = Field(default="editors", description="who graded it")
    part: Annotated[list[PartTable], Field(min_length=1)] = Field(description="what is said, in parts of one kind each")
    link: list[LinkTable] = Field(default=[], description="what it bears on in the model")
    no_home: BothTable | None = Field(default=None, description="why it bears on nothing in the model")


class RelationTable(BothTable):
    """``[[relation]]``: ``from`` stands in the relation to ``to``."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=False)

    start: Annotated[ClaimId, Field(alias="from")] = Field(description="id of the claim that stands in the relation")
    kind: RelationType = Field(description="supports, contradicts, qualifies, replies_to or supersedes")
    to: ClaimId = Field(description="id of the claim to which it stands so")


class AssumptionTable(BothTable):
    """``[[assumption]]``: why something in the model has no claim behind it."""

    to: Targets = Field(description="what has no claim behind it, kind:id; en and es say why it is assumed")


class ItemTable(BothTable):
    """``[[pattern]]``: something that claims may bear on; ``[[guard_rail]]`` likewise."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,40}$")] = Field(description="id of the pattern or guard rail")
    held_out: bool = Field(default=False, description="true where no fit may see the pattern")


class SealTable(Table):
    """``[seal]``: the hash of everything that has been published and may no longer change."""

    claims: dict[str, str] = Field(default={}, description="id of a claim = its hash, 32 hexadecimal digits")
    relations: dict[str, str] = Field(default={}, description="relation = its hash")
    sources: dict[str, str] = Field(default={}, description="key of a source = its hash")


class LedgerFile(Table):
    """One file of the ledger folder."""

    places: list[Text] = Field(
        default=[],
        description="names of places and bodies that look like those of persons, so that they may stand in texts",
    )
    role: list[RoleTable] = Field(default=[], description="who speaks and who is spoken of")
    source: list[SourceTable] = Field(default=[], description="where it was said")
    claim: list[ClaimTable] = Field(default=[], description="what was said")
    relation: list[RelationTable] = Field(default=[], description="how claims stand to each other")
    assumption: list[AssumptionTable] = Field(default=[], description="what in the model nobody has said or measured")
    pattern: list[ItemTable] = Field(default=[], description="patterns of the record that claims may bear on")
    guard_rail: list[ItemTable] = Field(default=[], description="guard rails that claims may bear on")
    seal: SealTable | None = Field(
        default=None, description="hashes of what may no longer change; `tregua ledger seal` writes it"
    )


def json_schema() -> dict[str, Any]:
    """JSON Schema of a ledger file, for editors."""
    schema = LedgerFile.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["$id"] = "tregua-ledger-1"
    return schema
