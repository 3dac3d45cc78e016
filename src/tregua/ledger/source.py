"""Sources: where something was said, so that a reader can go and see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

SourceKind = Literal[
    "article", "press", "agency", "blog", "paper", "report", "release", "survey", "encyclopedia", "book", "dataset",
    "ledger", "software",
]  # fmt: skip
SOURCE_KINDS: Final[tuple[SourceKind, ...]] = get_args(SourceKind)

Archived = Literal["yes", "no", "unknown"]
ReadAs = Literal["text", "abstract", "excerpt", "summary"]


@dataclass(frozen=True, slots=True)
class Source:
    """A document.

    Attributes
    ----------
    key : str
        Upper case, as in the data files.
    kind : str
        One of `SOURCE_KINDS`; ``ledger`` marks what the editors of the case worked out themselves.
    publisher, title : str
        The title is neutral: it never holds the name of somebody whom a claim is about.
    date : str
        ``2016``, ``2016-02`` or ``2016-02-16``, or ``unknown``.
    licence : str
        Terms of reuse, or ``unknown``.
    archived : {"yes", "no", "unknown"}
        Whether the text was read from a kept copy.
    read : {"text", "abstract", "excerpt", "summary"}
        How much of it was read.
    address : str
        Empty where the address, or the page it leads to, would identify a person.
    locator : str
        An address that identifies a person. Nothing prints, exports, compares or shows it.
    authors : tuple of str
        Authors of papers, for citations only: "Family, Given".
    container, volume, issue, pages, doi : str
        Bibliographic details of papers.
    """

    key: str
    kind: SourceKind
    publisher: str
    title: str
    date: str
    licence: str = "unknown"
    archived: Archived = "unknown"
    read: ReadAs = "text"
    address: str = ""
    locator: str = field(default="", repr=False, compare=False)
    authors: tuple[str, ...] = ()
    container: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""

    @property
    def year(self) -> str:
        """Four digits, or an empty string where the date is unknown."""
        return "" if self.date == "unknown" else self.date[:4]
