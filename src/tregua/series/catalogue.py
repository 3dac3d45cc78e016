"""All figures of a case: find them by measure, use and window, and draw them as printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tregua.series.observation import Count, Observation, Ratio
from tregua.series.partition import Partition, Piece, edges, partition
from tregua.series.span import Span, next_day

HOMICIDES = "homicides"
PIECES_FILE = "homicides_fit_pieces"


@dataclass(frozen=True)
class Mark:
    """One count as printed, ready to be drawn over its own days and no others.

    Attributes
    ----------
    id : str
        Observation that it draws; several marks share it where a count covers separate spans.
    start, end : date
        Days covered, both counted.
    until : date
        The day after `end`: where the mark ends on a time axis.
    count : int
        The whole count, of all the spans that it covers.
    days : int
        Days of all the spans.
    daily : float
        Count a day.
    institution, institution_class : str
        Who counted; police, forensic, other or derived.
    basis, use, revision : str
    sources : tuple of str
    part : int
        0, 1 ... for the separate spans of one count.
    """

    id: str
    start: date
    end: date
    until: date
    count: int
    days: int
    daily: float
    institution: str
    institution_class: str
    basis: str
    use: str
    revision: str
    sources: tuple[str, ...]
    part: int = 0


@dataclass(frozen=True)
class ObservationSet:
    """Figures in the order of their files.

    Attributes
    ----------
    observations : tuple of Observation
    window : Span or None
        The fit window: days whose counts may be fitted.
    """

    observations: tuple[Observation, ...] = ()
    window: Span | None = None

    def __len__(self) -> int:
        return len(self.observations)

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.observations)

    @property
    def measures(self) -> tuple[str, ...]:
        """Measures present, each once, in order of appearance."""
        return tuple(dict.fromkeys(o.measure for o in self.observations))

    def where(self, test: Callable[[Observation], bool]) -> ObservationSet:
        """The figures for which `test` holds."""
        return ObservationSet(tuple(o for o in self.observations if test(o)), self.window)

    def filter(
        self,
        *,
        measure: str | None = None,
        outcome: str | None = None,
        use: str | Iterable[str] | None = None,
        kind: str | None = None,
        file: str | None = None,
        start: date | None = None,
        end: date | None = None,
        area: str | None = "",
        gang: str | None = "",
    ) -> ObservationSet:
        """Figures that meet every condition given.

        Parameters
        ----------
        measure, outcome, kind, file : str, optional
            Ids; `file` is the name of the series without folder and ending.
        use : str or several, optional
            fit, score, alternative, excluded.
        start, end : date, optional
            Keep figures whose days all lie within; undated figures are dropped when either is given.
        area, gang : str or None
            Empty for national figures of all gangs (the default), None for every place or gang.
        """
        uses = {use} if isinstance(use, str) else None if use is None else set(use)

        def keep(o: Observation) -> bool:
            return (
                (measure is None or o.measure == measure)
                and (outcome is None or o.outcome == outcome)
                and (uses is None or o.use in uses)
                and (kind is None or o.kind == kind)
                and (file is None or o.file.removeprefix("series/").removesuffix(".csv") == file)
                and (start is None or (o.start is not None and o.start >= start))
                and (end is None or (o.end is not None and o.end <= end))
                and (area is None or o.area == area)
                and (gang is None or o.gang == gang)
            )

        return self.where(keep)

    def counts(self, measure: str = HOMICIDES) -> tuple[Count, ...]:
        """National counts of a measure as they were read: pieces and rows that others were made into left out."""
        return tuple(
            o
            for o in self.filter(measure=measure)
            if isinstance(o, Count) and not is_made_of_others(o) and not is_stored_piece(o)
        )

    @cached_property
    def _homicide_partition(self) -> Partition:
        return partition(self.counts(), self.window)

    def partition(self, measure: str = HOMICIDES) -> Partition:
        """The disjoint pieces that the counts of the fit window imply, worked out again from the rows as read."""
        if measure == HOMICIDES:
            return self._homicide_partition
        return partition(self.counts(measure), self.window)

    def fit_pieces(self, measure: str = HOMICIDES) -> tuple[Count, ...]:
        """Disjoint counts of the fit window, in order of first day; every event enters once.

        The stored pieces where the case has them (`tregua check` holds them against the partition), else the
        partition itself.
        """
        stored = tuple(
            o for o in self.filter(measure=measure, use="fit") if isinstance(o, Count) and is_stored_piece(o)
        )
        if stored:
            return tuple(sorted(stored, key=lambda count: count.spans))
        return tuple(_count_of(piece, measure) for piece in self.partition(measure).pieces)

    def scored(self, measure: str = HOMICIDES) -> ObservationSet:
        """Figures that are compared after the fit and never used by it."""
        return self.filter(measure=measure, use="score")

    def preferred_months(self, measure: str = HOMICIDES) -> tuple[Count, ...]:
        """The recommended count of each month that has one, in order."""
        months = [o for o in self.filter(measure=measure) if isinstance(o, Count) and o.preferred]
        return tuple(sorted(months, key=lambda count: count.spans))

    def cut_dates(self, start: date, end: date) -> tuple[date, ...]:
        """Days at whose end flows must be read: every month end, and every edge of a count that is used.

        Parameters
        ----------
        start, end : date
            First and last day of the run.

        Returns
        -------
        tuple of date
            In order, each once; the last one is `end`.
        """
        flows = (o for o in self.observations if isinstance(o, Count | Ratio) and o.use != "excluded")
        used = [span for o in flows for span in o.spans]
        used += [span for count in self.fit_pieces() for span in count.spans]
        days = set(edges(used))
        year, month = start.year, start.month
        while date(year, month, 1) <= end:
            days.add(Span.of_month(year, month).end)
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return tuple(sorted({day for day in days if start <= day < end} | {end}))

    def marks(self, measure: str = HOMICIDES, uses: Iterable[str] = ("fit", "score")) -> tuple[Mark, ...]:
        """Counts as marks over their own days: nothing split, nothing interpolated.

        Parameters
        ----------
        measure : str
        uses : iterable of str
            ``fit`` gives the pieces of the fit (disjoint); the others give rows as they were read.
        """
        wanted = set(uses)
        counts: list[Count] = list(self.fit_pieces(measure)) if "fit" in wanted else []
        counts += [
            o
            for o in self.filter(measure=measure, use=wanted - {"fit"})
            if isinstance(o, Count) and o.spans and not is_stored_piece(o)
        ]
        return tuple(mark for count in sorted(counts, key=lambda c: (c.spans, c.id)) for mark in _marks_of(count))


def exact_total(counts: Iterable[Count], first: date, last: date) -> int | None:
    """Sum of the counts that together cover these days and no others, or None where whole counts cannot do it.

    Parameters
    ----------
    counts : iterable of Count
        Disjoint.
    first, last : date
        Both counted.
    """
    inside = [c for c in counts if c.spans and all(first <= s.start and s.end <= last for s in c.spans)]
    if sum(span.days for c in inside for span in c.spans) != (last - first).days + 1:
        return None
    return sum(c.count for c in inside)


def is_stored_piece(observation: Observation) -> bool:
    """True for a row of the file of pieces, which is the result of a partition and not a row as read."""
    return PIECES_FILE in observation.file


def is_made_of_others(observation: Observation) -> bool:
    """True for a derived row of a ``*_derived`` file: it follows from rows that stand beside it."""
    return observation.basis == "derived" and observation.file.removesuffix(".csv").endswith("_derived")


def _count_of(piece: Piece, measure: str) -> Count:
    first = piece.terms[0].count
    return Count(
        id=piece.id,
        measure=measure,
        outcome=first.outcome,
        unit=first.unit,
        spans=piece.spans,
        value=float(piece.value),
        institution=piece.institution,
        sources=piece.sources,
        basis=piece.basis,
        use="fit",
        reason=f"piece {piece.id}",
        arithmetic=piece.arithmetic(),
        file=first.file,
        line=first.line,
    )


def _marks_of(count: Count) -> Iterator[Mark]:
    for part, span in enumerate(count.spans):
        yield Mark(
            id=count.id,
            start=span.start,
            end=span.end,
            until=next_day(span.end),
            count=count.count,
            days=count.days,
            daily=count.daily,
            institution=count.institution,
            institution_class=count.institution_class,
            basis=count.basis,
            use=count.use,
            revision=count.revision,
            sources=count.sources,
            part=part,
        )
