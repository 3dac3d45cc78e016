"""What an effect is estimated from: counts and phases, and where there are some, donors, rival counts and reports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tregua.effect.design import CountOver, CountSeries, Design, DesignError, DonorPool, Phase, Phases, YearlyRate
from tregua.series.span import DaySet, Span

if TYPE_CHECKING:
    from tregua.case import Case

FIRST_RATES = 2000
RATES = "lac_homicide_rates"
REPORTS = "disappearance_reports"
MOST_DAYS_AFTER = 31
"""A truce that began no more days after a decision of the case is the one that was decided."""
OF_KILLINGS = re.compile(r"homicid|killing|murder|asesinat|muert", re.IGNORECASE)
REVISIONS = ("", "unclear", "first", "preliminary", "revised", "final")


@dataclass(frozen=True)
class Rival:
    """Another count for days that counts of the series cover exactly: other institution, other revision."""

    spans: tuple[Span, ...]
    count: int
    institution: str
    revision: str = ""


@dataclass(frozen=True)
class PhaseMark:
    """The recorded event that dates the start of a phase.

    Attributes
    ----------
    day : date
    en, es : str
        The event in its own words.
    by_killings : bool
        The killings themselves set the day: the event is a burst of them, or its words speak of them.
    """

    day: date
    en: str
    es: str
    by_killings: bool


@dataclass(frozen=True)
class EffectInputs:
    """Everything the estimators and their checks take.

    Attributes
    ----------
    design : Design
    pool : DonorPool or None
    rivals : tuple of Rival
    reports : tuple of CountOver
        Reports of disappearances over the same half of each year.
    title, title_es : str
        In English, and in Spanish where that is another.
    digest : str
        Of the case or the file, for the store of results.
    notes : tuple of (English, Spanish)
        What had to be assumed to read the counts.
    marks : tuple of PhaseMark
        What dates the phases, where events of a case do.
    decided : date or None
        The day of the decision from which the truce came, where a case has one.
    """

    design: Design
    pool: DonorPool | None = None
    rivals: tuple[Rival, ...] = ()
    reports: tuple[CountOver, ...] = ()
    title: str = ""
    digest: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    number_style: str = ""
    title_es: str = ""
    marks: tuple[PhaseMark, ...] = ()
    decided: date | None = None

    @property
    def set_by_killings(self) -> tuple[PhaseMark | None, PhaseMark | None]:
        """Marks of the two ends of the active phase that killings set; None for an end that they did not."""
        window = self.design.active
        return (self._killings_at(window.start), self._killings_at(window.end + timedelta(days=1)))

    def _killings_at(self, day: date) -> PhaseMark | None:
        return next((mark for mark in self.marks if mark.day == day and mark.by_killings), None)

    @property
    def preset_windows(self) -> tuple[tuple[str, date, date], ...]:
        """Windows that no count can have set, beside the stated one: (id, first day, last day).

        Twelve months from the decision (from the start of the active phase, where no case dates one), and from there
        to the last count.
        """
        window, last = self.design.active, self.design.series.end
        day = self.decided or window.start
        year = _years_later(day, 1) - timedelta(days=1)
        found = [("year", day, year)] if year <= last and year != window.end else []
        if last not in (year, window.end):
            found.append(("end", day, last))
        return tuple(found)

    def title_in(self, lang: str) -> str:
        """Title in a language; the name of the series where there is none."""
        return (self.title_es if lang == "es" else "") or self.title or self.design.series.name


def _years_later(day: date, years: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + years, 3, 1) if leap else day.replace(year=day.year + years)


def with_rivals(series: CountSeries, rivals: Iterable[Rival]) -> CountSeries:
    """The series as another institution or revision would have it.

    A rival for one count replaces it; one for several counts scales them, so that they sum to it. Where rivals
    overlap, the shortest one counts, and among equals the latest revision.
    """
    ordered = sorted(
        rivals,
        key=lambda r: (sum(s.days for s in r.spans), -REVISIONS.index(r.revision if r.revision in REVISIONS else "")),
    )
    values: dict[int, int] = {}
    days = [DaySet.of(count.spans) for count in series.counts]
    for rival in ordered:
        whole = DaySet.of(rival.spans)
        inside = [i for i, own in enumerate(days) if own <= whole]
        if not inside or any(i in values for i in inside):
            continue
        if DaySet.of(span for i in inside for span in series.counts[i].spans) != whole:
            continue
        total = sum(series.counts[i].count for i in inside)
        for i in inside:
            values[i] = round(series.counts[i].count * rival.count / total) if total else 0
    return replace(series, counts=tuple(replace(c, count=values.get(i, c.count)) for i, c in enumerate(series.counts)))


def _likely(case: Case) -> str:
    """The day that a person most likely means: that of the first decision."""
    decision = next(iter(case.decisions.values()), None)
    return (case.start + timedelta(days=decision.day if decision else 0)).isoformat()


def case_phases(case: Case) -> Phases:
    """Phases of a case: from its dated events, else from the lever of concessions.

    A truce is active from its recorded start, eroding from the first recorded burst of killings after it (else from
    the first cut of concessions), and ended from its recorded end.

    Raises
    ------
    DesignError
        The case dates no truce, neither by an event nor by a lever.
    """
    events = {kind: sorted(e.span.start for e in case.events if e.kind == kind) for kind in _KINDS}
    if not events["truce_start"]:
        path = case.history.paths.get("concession", ())
        if any(level > 0 for _, level in path):
            return Phases.of_lever(case.start, path)
        raise DesignError(
            "the case dates no truce",
            file="chronology.csv",
            key="kind",
            allowed="an event of kind truce_start, or a path of the lever concession",
            mend=f"add the event, or give the dates: tregua effect {case.id} --phase active={_likely(case)}",
        )
    start = events["truce_start"][0]
    phases = [Phase("active", start)]
    end = next((day for day in events["truce_end"] if day > start), None)
    spike = next((day for day in events["spike"] if day > start and (end is None or day < end)), None)
    if spike:
        phases.append(Phase("eroding", spike))
    if end:
        phases.append(Phase("ended", end))
    return Phases(tuple(phases))


_KINDS = ("truce_start", "spike", "truce_end")


def case_marks(case: Case, phases: Phases) -> tuple[PhaseMark, ...]:
    """Events of the case that date its phases."""
    starts = {phase.start for phase in phases.phases}
    return tuple(
        PhaseMark(
            event.span.start,
            event.text_en,
            event.text_es,
            event.kind == "spike" or bool(OF_KILLINGS.search(event.text_en)),
        )
        for event in case.events
        if event.kind in _KINDS and event.span.start in starts
    )


def _decided(case: Case, phases: Phases) -> date | None:
    """The latest decision of the case from which a truce that began on that day can have come."""
    start = phases.active_day
    days = [case.start + timedelta(days=decision.day) for decision in case.decisions.values()]
    return max((day for day in days if day <= start <= day + timedelta(days=MOST_DAYS_AFTER)), default=None)


def case_inputs(case: Case, phases: Phases | None = None) -> EffectInputs:
    """Counts of the fit window, donors, rival counts and reports of a case.

    Parameters
    ----------
    case : Case
    phases : Phases, optional
        Those of the case where left out.

    Raises
    ------
    DesignError
        The case has no counts of homicides, or they do not fit the phases.
    """
    observed = case.observations
    pieces = observed.fit_pieces()
    if not pieces:
        raise DesignError(
            "the case has no counts of homicides for its fit window",
            file="series",
            allowed="rows with use = fit",
            mend="add homicides_monthly_national.csv, or use --data",
        )
    phases = phases or case_phases(case)
    series = CountSeries(
        tuple(CountOver(p.spans, p.count, p.institution, p.id, p.line) for p in pieces), case.id, pieces[0].file
    )
    design = Design(series, phases)
    rivals = tuple(
        Rival(check.count.spans, check.count.count, check.count.institution, check.count.revision)
        for check in observed.partition().checks
        if check.count.use != "excluded" and check.difference
    )
    reports = tuple(
        CountOver(o.spans, int(o.value), o.institution, o.id)
        for o in observed.filter(measure=REPORTS, use="fit")
        if o.kind == "count"
    )
    return EffectInputs(
        design,
        _case_pool(case, design),
        rivals,
        reports,
        case.title_en,
        case.digest,
        (),
        case.number_style,
        case.title_es,
        case_marks(case, phases),
        _decided(case, phases),
    )


def _case_pool(case: Case, design: Design) -> DonorPool | None:
    """Donors of a case: the unit whose name stands in the title is the treated one."""
    rows = tuple(
        YearlyRate(
            row["iso3"],
            row["country"],
            int(row["year"]),
            _known(row.get("homicides_per_100k")),
            round(people) if (people := _known(row.get("population"))) else None,
        )
        for row in case.tables.get(RATES, ())
    )
    treated = next((row.unit for row in rows if row.name in case.title_en), None)
    if treated is None:
        return None
    return DonorPool(rows, treated, FIRST_RATES, design.series.end.year, design.active.start.year)


def _known(text: str | None) -> float | None:
    """A number, or None where the cell is empty."""
    return float(text) if text else None
