"""What was counted, by whom, over which days, and how it may be used."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from tregua.errors import ObservationError, Problem
from tregua.series.span import DaySet, Span

USES = ("fit", "score", "alternative", "excluded")
BASES = ("stated", "subtraction", "derived")
PRECISIONS = ("day", "month", "year", "span", "undated")
_POLICE = {"pnc", "police"}
_FORENSIC = {"iml", "forensic institute", "forensic"}
_POLICE_WORDS = ("police ", "policía", "policia", "national police", "municipal police")
_FORENSIC_WORDS = ("forensic ", "instituto de medicina legal", "medicina legal", "institute of legal medicine")


def institution_class(institution: str, basis: str = "stated") -> str:
    """Class of the mark by which a count is drawn: police, forensic, other or derived.

    A number obtained by subtraction is *derived* whoever stated its terms; one that mixes institutions is *other*.
    """
    if basis != "stated":
        return "derived"
    parts = re.split(r"/|,|;| and ", institution.lower().removesuffix(" preliminary").removesuffix(" final"))
    names = {part.strip() for part in parts} - {""}
    names = {name for name in names if not name.startswith("via ")}
    if names and all(name in _POLICE or name.startswith(_POLICE_WORDS) for name in names):
        return "police"
    if names and all(name in _FORENSIC or name.startswith(_FORENSIC_WORDS) for name in names):
        return "forensic"
    return "other"


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One figure with its provenance. Abstract: an observation is a Count, Stock, Ratio, Share or Amount.

    Attributes
    ----------
    id : str
        File and row (or the id that the file gives), unique within a case.
    measure : str
        What is counted (`tregua.series.measure.MEASURES`).
    outcome : str
        Id of the model outcome that it is compared with; empty where there is none.
    spans : tuple of Span
        Disjoint days covered, in order; for a stock the days within which its date lies. Empty where the source
        gives no date.
    value, value_high : float
        The figure, and its upper bound where the source gives a range.
    unit : str
    institution : str
        Who counted or claimed.
    sources : tuple of str
        Source keys; never empty.
    basis : str
        stated, subtraction (one source gives both numbers) or derived (numbers of several sources).
    use, reason : str
        fit, score, alternative or excluded, and why.
    revision : str
        first, preliminary, revised, final or empty.
    subtract : bool
        True where the row may enter a subtraction of the partition.
    preferred : bool
        True for the one row of a month that is recommended for display.
    area, gang, scope : str
        Place, gang or trade as printed; empty for the nation, for all gangs, and where nothing narrows the figure.
    arithmetic : str
        How a basis other than stated was reached.
    file, line : str, int
        Where the row stands in the case.

    Raises
    ------
    ObservationError
        A value that is not finite, spans that overlap, an unknown word, no source, or no reason for an exclusion.
    """

    kind: ClassVar[str] = ""

    id: str
    measure: str
    spans: tuple[Span, ...]
    value: float
    institution: str
    sources: tuple[str, ...]
    use: str
    outcome: str = ""
    value_high: float | None = None
    unit: str = ""
    basis: str = "stated"
    reason: str = ""
    revision: str = ""
    note: str = ""
    arithmetic: str = ""
    subtract: bool = False
    preferred: bool = False
    area: str = ""
    gang: str = ""
    scope: str = ""
    file: str = ""
    line: int | None = None

    def __post_init__(self) -> None:
        if not self.kind:
            raise TypeError("an observation is a Count, Stock, Ratio, Share or Amount")
        for name, value in (("value", self.value), ("value_high", self.value_high)):
            if value is not None and not math.isfinite(value):
                self._refuse(
                    "E16",
                    "a value is not a finite number",
                    name,
                    value,
                    "a finite number",
                    "leave the cell empty, or give the figure",
                )
        if self.value_high is not None and self.value_high < self.value:
            self._refuse(
                "E17",
                "the upper bound lies below the value",
                "value_high",
                self.value_high,
                f"{self.value:g} or more",
                "swap the two, or correct one",
            )
        ordered = sorted(self.spans)
        for one, two in itertools.pairwise(ordered):
            if two.start <= one.end:
                self._refuse(
                    "E12",
                    "the spans of one count overlap",
                    "spans",
                    f"{one}; {two}",
                    "disjoint spans",
                    "give each day once",
                )
        if tuple(ordered) != self.spans:
            object.__setattr__(self, "spans", tuple(ordered))
        for name, word, words in (("use", self.use, USES), ("basis", self.basis, BASES)):
            if word not in words:
                self._refuse(
                    "E16",
                    f"{name} is not one of its words",
                    name,
                    word,
                    ", ".join(words),
                    "use one of the words listed",
                )
        if not self.sources:
            self._refuse("E14", "a figure has no source", "source", "", "a key of sources.csv", "say where it was read")
        if self.use == "excluded" and not self.reason:
            self._refuse(
                "E14", "an excluded figure has no reason", "use_reason", "", "a sentence", "say why it is left out"
            )

    def _refuse(self, code: str, message: str, key: str, found: object, allowed: str, mend: str) -> None:
        problem = Problem(code, message, self.file, self.line, key, str(found), allowed, mend)
        raise ObservationError(message, problems=(problem,))

    @property
    def days(self) -> int:
        """Days covered; 0 where the source gives no date."""
        return sum(span.days for span in self.spans)

    @property
    def day_set(self) -> DaySet:
        return DaySet.of(self.spans)

    @property
    def start(self) -> date | None:
        return self.spans[0].start if self.spans else None

    @property
    def end(self) -> date | None:
        return self.spans[-1].end if self.spans else None

    @property
    def institution_class(self) -> str:
        return institution_class(self.institution, self.basis)

    @property
    def place(self) -> str:
        """File and line, as printed in messages."""
        return f"{self.file} line {self.line}" if self.line is not None else self.file or self.id


@dataclass(frozen=True, kw_only=True)
class Count(Observation):
    """A number of events over a set of disjoint spans: a whole number, 0 or more."""

    kind: ClassVar[str] = "count"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.value < 0 or self.value != int(self.value):
            self._refuse(
                "E17",
                "a count is negative or not whole",
                "value",
                self.value,
                "a whole number, 0 or more",
                "give the number of events; write a rate or a change as its own measure",
            )
        if not self.spans and self.use in ("fit", "score"):
            self._refuse(
                "E14", "a count that is used has no dates", "start, end", "", "a span of days", "give its dates"
            )

    @property
    def count(self) -> int:
        return int(self.value)

    @property
    def daily(self) -> float:
        """Mean a day."""
        return self.value / self.days


@dataclass(frozen=True, kw_only=True)
class Stock(Observation):
    """A level at a date, 0 or more, with the precision of that date."""

    kind: ClassVar[str] = "stock"
    precision: str = "day"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.precision not in PRECISIONS:
            self._refuse(
                "E16",
                "the precision of a date is unknown",
                "date",
                self.precision,
                ", ".join(PRECISIONS),
                "write the date as YYYY, YYYY-MM or YYYY-MM-DD",
            )
        if self.value < 0:
            self._refuse("E17", "a stock is negative", "value", self.value, "0 or more", "correct the sign")

    @property
    def when(self) -> date | None:
        """Middle of the days within which the date lies."""
        if not self.spans:
            return None
        first, last = self.spans[0].start, self.spans[-1].end
        return first + timedelta(days=(last - first).days // 2)


@dataclass(frozen=True, kw_only=True)
class Ratio(Observation):
    """A rate, a mean, a change or a quotient of two figures."""

    kind: ClassVar[str] = "ratio"


@dataclass(frozen=True, kw_only=True)
class Share(Observation):
    """A share or the answer to a poll, as a fraction 0..1; `respondents` where the source gives them."""

    kind: ClassVar[str] = "share"
    respondents: int | None = None
    spread: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.value <= 1:
            self._refuse(
                "E17",
                "a share lies outside 0 to 100 percent",
                "value_pct",
                self.value * 100,
                "0 to 100",
                "give the percentage",
            )


@dataclass(frozen=True, kw_only=True)
class Amount(Observation):
    """Money, votes or another sum that is claimed rather than counted; 0 or more."""

    kind: ClassVar[str] = "amount"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.value < 0:
            self._refuse("E17", "an amount is negative", "value", self.value, "0 or more", "correct the sign")


OBSERVATION_KINDS: dict[str, type[Observation]] = {cls.kind: cls for cls in (Count, Stock, Ratio, Share, Amount)}
