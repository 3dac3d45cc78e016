"""Designs: counts over sets of days, phases of an intervention, and donors with the reason why each is in or out."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tregua.errors import Problem, ProblemList, TreguaError
from tregua.series.span import DaySet, Span

KINDS = ("announced", "active", "eroding", "ended")
"""Phases after the first one, which is always *before* and needs no date."""

KIND_TEXT: dict[str, tuple[str, str]] = {
    "before": ("before", "antes"),
    "announced": ("announced", "anunciada"),
    "active": ("active", "vigente"),
    "eroding": ("eroding", "en erosión"),
    "ended": ("ended", "terminada"),
}

MIN_BEFORE = 4
MIN_AFTER = 2


class DesignError(TreguaError):
    """A design that cannot be estimated as it stands."""

    code = "E70"


@dataclass(frozen=True)
class Phase:
    """From `start` on (that day counted) the intervention is of this kind, until the next phase."""

    kind: str
    start: date


@dataclass(frozen=True)
class PhaseWindow:
    """Days of one phase within the data; `number` counts the phases from 1, the time before is 0."""

    number: int
    kind: str
    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


@dataclass(frozen=True)
class Phases:
    """An intervention: dated phases in order, which may repeat (a truce that ends and begins again).

    Parameters
    ----------
    phases : tuple of Phase
        In order of date. Before the first one nothing was in force.

    Raises
    ------
    DesignError
        Empty, an unknown kind, two phases on one day, no phase that is announced or active, or the same kind twice
        in a row.
    """

    phases: tuple[Phase, ...]

    def __post_init__(self) -> None:
        found = ProblemList()
        ordered = tuple(sorted(self.phases, key=lambda p: p.start))
        object.__setattr__(self, "phases", ordered)
        if not ordered:
            found.add(_problem("no phase is given", "", "one phase or more", "add --phase active=YYYY-MM-DD"))
        for phase in ordered:
            if phase.kind not in KINDS:
                found.add(_problem("a phase has an unknown kind", phase.kind, ", ".join(KINDS), "use one of these"))
        for one, two in itertools.pairwise(ordered):
            if one.start == two.start:
                text = f"{one.kind} and {two.kind} on {one.start}"
                found.add(_problem("two phases begin on one day", text, "one phase a day", "drop one of them"))
            elif one.kind == two.kind:
                text = f"{one.kind} on {one.start} and again on {two.start}"
                found.add(_problem("a phase follows itself", text, "a change of kind", "drop the later one"))
        if ordered and ordered[0].kind not in ("announced", "active"):
            text = f"{ordered[0].kind} on {ordered[0].start}"
            found.add(_problem("the first phase begins nothing", text, "announced or active", "add when it began"))
        elif ordered and all(phase.kind != "active" for phase in ordered):
            found.add(_problem("no phase is active", "announced only", "one active phase", "add --phase active=..."))
        found.raise_errors(DesignError, "the phases cannot be used")

    @classmethod
    def parse(cls, options: Iterable[str]) -> Phases:
        """Read ``kind=YYYY-MM-DD`` words.

        Raises
        ------
        DesignError
            A word without ``=``, or a date that is none.
        """
        phases = []
        for text in options:
            kind, _, day = text.partition("=")
            try:
                phases.append(Phase(kind.strip(), date.fromisoformat(day.strip())))
            except ValueError:
                raise DesignError(
                    "a phase cannot be read",
                    key="--phase",
                    found=text,
                    allowed="kind=YYYY-MM-DD, kind one of " + ", ".join(KINDS),
                    mend="for example --phase active=2012-03-09",
                ) from None
        return cls(tuple(phases))

    @classmethod
    def of_lever(cls, start: date, path: Sequence[tuple[int, float]]) -> Phases:
        """Phases that the path of one lever implies: rising begins, falling erodes, zero ends.

        The same object so serves a recorded truce and a simulated one.

        Parameters
        ----------
        start : date
            Day 0 of the path.
        path : sequence of (day, value)
            Step function of time, 0 before the first pair.
        """
        phases: list[Phase] = []
        value = 0.0
        for day, level in path:
            kind = "active" if level > value else "ended" if level <= 0 < value else "eroding" if level < value else ""
            if kind and not (phases and phases[-1].kind == kind):
                phases.append(Phase(kind, start + timedelta(days=day)))
            value = level
        return cls(tuple(phases))

    @property
    def break_day(self) -> date:
        """First day on which anything was announced or in force."""
        return self.phases[0].start

    @property
    def active_day(self) -> date:
        """First day of the first active phase."""
        return next(p.start for p in self.phases if p.kind == "active")

    def windows(self, start: date, end: date) -> tuple[PhaseWindow, ...]:
        """Days of each phase between `start` and `end`, the time before included, empty ones left out."""
        marks = [Phase("before", start), *(p for p in self.phases if p.start <= end)]
        lasts = [p.start - timedelta(days=1) for p in marks[1:]] + [end]
        return tuple(
            PhaseWindow(number, phase.kind, max(phase.start, start), last)
            for number, (phase, last) in enumerate(zip(marks, lasts, strict=True))
            if max(phase.start, start) <= last
        )

    def active_window(self, start: date, end: date) -> PhaseWindow:
        """Days of the first active phase within the data."""
        return next(w for w in self.windows(start, end) if w.kind == "active")

    def moved(self, days: int) -> Phases:
        """The same phases, `days` later (earlier if negative): a placebo in time."""
        return Phases(tuple(Phase(p.kind, p.start + timedelta(days=days)) for p in self.phases))


def _problem(message: str, found: str, allowed: str, mend: str) -> Problem:
    return Problem(DesignError.code, message, "", None, "--phase", found, allowed, mend)


def _of_counts(message: str, found: str, allowed: str, mend: str, file: str, line: int | None = None) -> Problem:
    return Problem(DesignError.code, message, file, line, "", found, allowed, mend)


@dataclass(frozen=True)
class CountOver:
    """One count over one or more spans of days.

    Attributes
    ----------
    spans : tuple of Span
        Disjoint, in order; both ends of each counted.
    count : int
    institution : str
        Who counted; empty where nobody says.
    id : str
    line : int or None
        Line of the file it was read from.
    """

    spans: tuple[Span, ...]
    count: int
    institution: str = ""
    id: str = ""
    line: int | None = None

    @property
    def start(self) -> date:
        return self.spans[0].start

    @property
    def end(self) -> date:
        return self.spans[-1].end

    @property
    def days(self) -> int:
        return sum(span.days for span in self.spans)

    @property
    def daily(self) -> float:
        return self.count / self.days

    @property
    def name(self) -> str:
        """Where the count stands, for messages."""
        days = "; ".join(str(span) for span in self.spans)
        return f"{days}" if self.line is None else f"line {self.line} ({days})"


@dataclass(frozen=True)
class CountSeries:
    """Counts that share no day, in order of first day.

    Raises
    ------
    DesignError
        None at all, two that share a day, a negative one, or nothing but zeros.
    """

    counts: tuple[CountOver, ...]
    name: str = ""
    file: str = ""

    def __post_init__(self) -> None:
        found = ProblemList()
        ordered = tuple(sorted(self.counts, key=lambda c: (c.start, c.end)))
        object.__setattr__(self, "counts", ordered)
        if not ordered:
            found.add(
                _of_counts("there are no counts", "0 rows", "counts with dates", "give a row a period", self.file)
            )
        for count in ordered:
            if count.count < 0:
                text, line = str(count.count), count.line
                found.add(_of_counts("a count is negative", text, "0 or more", "correct it", self.file, line))
        spans = sorted(((span, count) for count in ordered for span in count.spans), key=lambda pair: pair[0])
        for (one, first), (two, second) in itertools.pairwise(spans):
            if two.start <= one.end:
                same = "twice the same days" if one == two else "days that are counted twice"
                text = f"{first.name} and {second.name}"
                mend = "keep one of the two rows" if one == two else "subtract the part from the total, or drop one"
                found.add(_of_counts(same, text, "each day in one count", mend, self.file, second.line))
        if ordered and all(count.count == 0 for count in ordered):
            text = f"{len(ordered)} zeros"
            found.add(_of_counts("every count is zero", text, "at least one event", "check the column", self.file))
        found.raise_errors(DesignError, "the counts cannot be used")

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def start(self) -> date:
        return self.counts[0].start

    @property
    def end(self) -> date:
        return max(count.end for count in self.counts)

    @property
    def total(self) -> int:
        return sum(count.count for count in self.counts)

    @property
    def institutions(self) -> tuple[str, ...]:
        """Each institution once, in order of appearance."""
        return tuple(dict.fromkeys(c.institution for c in self.counts if c.institution))

    @property
    def gaps(self) -> tuple[Span, ...]:
        """Days between the first and the last that no count covers: unknown, never zero."""
        covered = DaySet.of(span for count in self.counts for span in count.spans)
        return (DaySet.of((Span(self.start, self.end),)) - covered).spans

    def within(self, start: date | None = None, end: date | None = None) -> CountSeries:
        """Counts whose days all lie between `start` and `end`."""
        kept = tuple(c for c in self.counts if (start is None or c.start >= start) and (end is None or c.end <= end))
        return CountSeries(kept, self.name, self.file)

    def replaced(self, values: dict[str, int]) -> CountSeries:
        """The same spans with other values for the ids in `values`."""
        return replace(self, counts=tuple(replace(c, count=values.get(c.id, c.count)) for c in self.counts))

    def with_counts(self, values: Sequence[int]) -> CountSeries:
        """The same spans with new values, one a count (a simulated world)."""
        pairs = zip(self.counts, values, strict=True)
        return replace(self, counts=tuple(replace(c, count=int(v)) for c, v in pairs))


@dataclass(frozen=True)
class Design:
    """Counts and phases that fit each other.

    Raises
    ------
    DesignError
        The break lies outside the data, or too few counts lie wholly before it or reach into what follows.
    """

    series: CountSeries
    phases: Phases

    def __post_init__(self) -> None:
        first, last, day = self.series.start, self.series.end, self.phases.break_day
        if not first < day <= last:
            raise DesignError(
                "the intervention begins outside the data",
                key="--phase",
                found=str(day),
                allowed=f"after {first} and not after {last}",
                mend="correct the date, or give counts that reach around it",
            )
        if self.phases.active_day > last:
            raise DesignError(
                "the active phase begins after the last count",
                key="--phase",
                found=str(self.phases.active_day),
                allowed=f"not after {last}",
                mend="correct the date, or give later counts",
            )
        before, after = len(self.before), len(self.after)
        if before < MIN_BEFORE:
            raise DesignError(
                "too few counts before the intervention to know what would have been expected",
                key="--phase",
                found=f"{before} before {day}",
                allowed=f"{MIN_BEFORE} or more",
                mend="give earlier counts or shorter periods; one number before proves nothing",
            )
        if after < MIN_AFTER:
            raise DesignError(
                "too few counts after the intervention",
                key="--phase",
                found=f"{after} from {day} on",
                allowed=f"{MIN_AFTER} or more",
                mend="give later counts or shorter periods",
            )

    @property
    def before(self) -> tuple[CountOver, ...]:
        """Counts wholly before the break."""
        return tuple(c for c in self.series.counts if c.end < self.phases.break_day)

    @property
    def after(self) -> tuple[CountOver, ...]:
        """Counts that reach into what follows the break, wholly or in part."""
        return tuple(c for c in self.series.counts if c.end >= self.phases.break_day)

    @property
    def active(self) -> PhaseWindow:
        """Days of the first active phase within the data."""
        return self.phases.active_window(self.series.start, self.series.end)

    @property
    def windows(self) -> tuple[PhaseWindow, ...]:
        return self.phases.windows(self.series.start, self.series.end)


@dataclass(frozen=True)
class YearlyRate:
    """Homicides per 100,000 people in one year in one country; `rate` is None where the source has none."""

    unit: str
    name: str
    year: int
    rate: float | None
    population: int | None = None


SPANISH_NAMES = {
    "ATG": "Antigua y Barbuda",
    "BLZ": "Belice",
    "BRA": "Brasil",
    "CAN": "Canadá",
    "DOM": "República Dominicana",
    "GRD": "Granada",
    "HTI": "Haití",
    "KNA": "San Cristóbal y Nieves",
    "LCA": "Santa Lucía",
    "MEX": "México",
    "PAN": "Panamá",
    "PER": "Perú",
    "SUR": "Surinam",
    "TTO": "Trinidad y Tobago",
    "USA": "Estados Unidos",
    "VCT": "San Vicente y las Granadinas",
}
"""Countries of which the Spanish name is another."""


def country_es(unit: str, name: str) -> str:
    """Name of a country in Spanish."""
    return SPANISH_NAMES.get(unit, name)


@dataclass(frozen=True)
class Donor:
    """A unit that could stand for the treated one, and whether it may."""

    unit: str
    name: str
    used: bool
    reason_en: str
    reason_es: str


@dataclass(frozen=True)
class Exclusion:
    """A unit set aside by judgement, as data: the reason is printed wherever donors are."""

    unit: str
    reason_en: str
    reason_es: str


SHARED_EXCLUSIONS: tuple[Exclusion, ...] = (
    Exclusion(
        "HND",
        "two of the same gangs announced a truce of their own there in May 2013, inside the window compared",
        "dos de las mismas pandillas anunciaron allí su propia tregua en mayo de 2013, dentro del periodo comparado",
    ),
)
MIN_POPULATION = 1_000_000


@dataclass(frozen=True)
class DonorPool:
    """Yearly rates of the treated unit and of the donors that remain, with the fate of every other unit.

    Parameters
    ----------
    rows : tuple of YearlyRate
    treated : str
    first, last : int
        Years used, both counted.
    break_year : int
        First year compared.
    exclusions : tuple of Exclusion
        Units set aside by judgement.
    min_population : int
        Units smaller than this in the year before the break are set aside: their rates move by chance.

    Raises
    ------
    DesignError
        The treated unit is absent or lacks a year, or fewer than five donors remain.
    """

    rows: tuple[YearlyRate, ...]
    treated: str
    first: int
    last: int
    break_year: int
    exclusions: tuple[Exclusion, ...] = SHARED_EXCLUSIONS
    min_population: int = MIN_POPULATION
    donors: tuple[Donor, ...] = field(init=False)

    def __post_init__(self) -> None:
        by_unit: dict[str, list[YearlyRate]] = {}
        for row in self.rows:
            by_unit.setdefault(row.unit, []).append(row)
        missing = self._missing(by_unit.get(self.treated, []))
        if missing:
            raise DesignError(
                "the treated unit lacks a rate in the years compared",
                found=f"{self.treated}: " + ", ".join(str(y) for y in missing),
                allowed=f"{self.first} to {self.last}",
                mend="choose other years, or add the figures",
            )
        if not self.first < self.break_year <= self.last:
            raise DesignError(
                "the break lies outside the years compared",
                found=self.break_year,
                allowed=f"{self.first + 1} to {self.last}",
                mend="widen the years",
            )
        judged = {exclusion.unit: exclusion for exclusion in self.exclusions}
        donors = []
        for unit, rows in sorted(by_unit.items(), key=lambda item: item[1][0].name):
            if unit == self.treated:
                continue
            donors.append(self._fate(unit, rows, judged))
        object.__setattr__(self, "donors", tuple(donors))
        if len(self.used) < 5:
            raise DesignError(
                "too few donors remain",
                found=f"{len(self.used)} of {len(donors)}",
                allowed="5 or more",
                mend="widen the pool or shorten the years",
            )

    def _missing(self, rows: Sequence[YearlyRate]) -> list[int]:
        have = {row.year for row in rows if row.rate is not None and row.rate > 0}
        return [year for year in range(self.first, self.last + 1) if year not in have]

    def _fate(self, unit: str, rows: Sequence[YearlyRate], judged: dict[str, Exclusion]) -> Donor:
        name = rows[0].name
        if unit in judged:
            return Donor(unit, name, False, judged[unit].reason_en, judged[unit].reason_es)
        people = next((r.population for r in rows if r.year == self.break_year - 1), None)
        if people is not None and people < self.min_population:
            small = f"{self.min_population:,}"
            narrow = small.replace(",", "\u202f")
            return Donor(
                unit,
                name,
                False,
                f"fewer than {small} people: its rate moves by chance",
                f"menos de {narrow} habitantes: su tasa se mueve por azar",
            )
        missing = self._missing(rows)
        if missing:
            years = ", ".join(str(y) for y in missing)
            return Donor(unit, name, False, f"no rate for {years}", f"sin tasa para {years}")
        return Donor(unit, name, True, "complete", "completa")

    @property
    def used(self) -> tuple[Donor, ...]:
        return tuple(donor for donor in self.donors if donor.used)

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(range(self.first, self.last + 1))

    def rates(self, unit: str) -> list[float]:
        """Rates of one complete unit, one a year."""
        have = {row.year: row.rate for row in self.rows if row.unit == unit}
        return [float(have[year] or 0.0) for year in self.years]

    def without(self, unit: str) -> DonorPool:
        """The same pool with one more donor set aside."""
        return replace(self, exclusions=(*self.exclusions, Exclusion(unit, "left out on purpose", "omitida adrede")))
