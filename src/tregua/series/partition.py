"""Cut overlapping totals into disjoint pieces by exact subtraction, so that every killing enters once.

Nothing is interpolated: a piece is either a count that somebody stated, or a stated total less stated parts. Where
one institution counted both the total and a part, its own part is subtracted, so that institutions are mixed as
little as the figures allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tregua.errors import ObservationError, Problem
from tregua.series.observation import Count, institution_class
from tregua.series.span import DaySet, Span

_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
}
Cost = tuple[int, int, int]


def name_days(days: DaySet, lang: str = "en") -> str:
    """Short name of a set of days: ``2009``, ``Jan-Nov 2009``, ``1-17 Nov 2012``, ``Jan 2011, Jun 2011``."""
    months = _MONTHS[lang]
    names = []
    for span in days.spans:
        a, b = span.start, span.end
        whole = a.day == 1 and b == Span.of_month(b.year, b.month).end
        if span == Span.of_year(a.year):
            names.append(str(a.year))
        elif whole and (a.year, a.month) == (b.year, b.month):
            names.append(f"{months[a.month - 1]} {a.year}")
        elif whole and a.year == b.year:
            names.append(f"{months[a.month - 1]}-{months[b.month - 1]} {a.year}")
        elif whole:
            names.append(f"{months[a.month - 1]} {a.year}-{months[b.month - 1]} {b.year}")
        elif (a.year, a.month) == (b.year, b.month):
            names.append(f"{a.day}-{b.day} {months[a.month - 1]} {a.year}")
        else:
            names.append(f"{a.day} {months[a.month - 1]} {a.year}-{b.day} {months[b.month - 1]} {b.year}")
    return ", ".join(names)


@dataclass(frozen=True)
class Term:
    """One stated count inside a sum or a subtraction."""

    sign: int
    count: Count

    def text(self, lang: str = "en") -> str:
        return f"{self.count.count} ({self.count.institution} {name_days(self.count.day_set, lang)})"


@dataclass(frozen=True)
class Piece:
    """Days whose killings are known and belong to no other piece.

    Attributes
    ----------
    id : str
        ``P01``, ``P02`` ... in order of first day.
    days : DaySet
        One span, or a union of separate ones.
    value : int
    terms : tuple of Term
        A single positive term where the count was stated; else the subtraction in full, in stated counts only.
    """

    id: str
    days: DaySet
    value: int
    terms: tuple[Term, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        return self.days.spans

    @property
    def is_stated(self) -> bool:
        return len(self.terms) == 1

    @property
    def basis(self) -> str:
        return self.terms[0].count.basis if self.is_stated else "subtraction"

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of all terms, each once, in order of appearance."""
        return tuple(dict.fromkeys(key for term in self.terms for key in term.count.sources))

    @property
    def institution(self) -> str:
        return " and ".join(dict.fromkeys(term.count.institution for term in self.terms))

    def arithmetic(self, lang: str = "en") -> str:
        """The sum in full, as text."""
        if self.is_stated:
            only = self.terms[0].count
            if only.basis == "stated":
                return {"en": "as stated", "es": "como se publicó"}[lang]
            inside = {"en": "subtraction inside one source", "es": "resta dentro de una misma fuente"}[lang]
            return only.arithmetic or only.note or inside
        head, *rest = self.terms
        return head.text(lang) + "".join(f" {'+' if t.sign > 0 else '-'} {t.text(lang)}" for t in rest)

    @property
    def total(self) -> int:
        """The arithmetic carried out again from its terms."""
        return sum(term.sign * term.count.count for term in self.terms)


@dataclass(frozen=True)
class Check:
    """A count whose days are exactly covered by pieces: what it states against what they sum to."""

    count: Count
    pieces: tuple[Piece, ...]

    @property
    def sum(self) -> int:
        return sum(piece.value for piece in self.pieces)

    @property
    def difference(self) -> int:
        return self.count.count - self.sum


@dataclass(frozen=True)
class Partition:
    """Disjoint pieces, what they agree with, and what could not be used.

    Attributes
    ----------
    pieces : tuple of Piece
    checks : tuple of Check
        Other counts for days that whole pieces cover.
    set_aside : tuple of Count
        Counts that cut a piece in two and therefore neither enter nor check.
    window : Span or None
    """

    pieces: tuple[Piece, ...]
    checks: tuple[Check, ...]
    set_aside: tuple[Count, ...]
    window: Span | None

    @property
    def total(self) -> int:
        return sum(piece.value for piece in self.pieces)

    @cached_property
    def covered(self) -> DaySet:
        return DaySet.of(span for piece in self.pieces for span in piece.spans)

    @property
    def gaps(self) -> tuple[Span, ...]:
        """Spans of the window that no piece covers: nothing is known there, and nothing is filled in."""
        return (DaySet.of((self.window,)) - self.covered).spans if self.window else ()

    def lines(self, lang: str = "en") -> list[str]:
        """The partition with its arithmetic, one line a piece, then the checks and what is missing."""
        words = {
            "en": (
                "pieces",
                "killings",
                "covers",
                "no count",
                "Other counts for the same days (information only)",
                "pieces",
                "Set aside: cut a piece in two",
            ),
            "es": (
                "piezas",
                "homicidios",
                "cubre",
                "sin conteo",
                "Otros conteos de los mismos días (solo información)",
                "piezas",
                "Aparte: parten una pieza en dos",
            ),
        }[lang]
        out = [f"{len(self.pieces)} {words[0]}, {self.total} {words[1]}"]
        if self.window:
            out[0] += f", {words[2]} {self.covered.days} / {self.window.days} d ({self.window})"
        width = max((len(name_days(p.days, lang)) for p in self.pieces), default=0)
        for piece in self.pieces:
            out.append(
                f"{piece.id}  {name_days(piece.days, lang):<{width}}  {piece.value:>6}  "
                f"{piece.arithmetic(lang)}  [{'; '.join(piece.sources)}]"
            )
        out.extend(f"     {words[3]}: {gap}" for gap in self.gaps)
        if self.checks:
            out.append(words[4])
            for check in self.checks:
                span = f"{check.pieces[0].id}-{check.pieces[-1].id}" if len(check.pieces) > 1 else check.pieces[0].id
                out.append(
                    f"     {name_days(check.count.day_set, lang)}: {check.count.count} "
                    f"({check.count.institution}, {'; '.join(check.count.sources)}), "
                    f"{words[5]} {span} = {check.sum}, {check.difference:+d}"
                )
        if self.set_aside:
            out.append(words[6])
            out.extend(
                f"     {name_days(c.day_set, lang)}: {c.count} ({c.institution}, {'; '.join(c.sources)})"
                for c in self.set_aside
            )
        return out


@dataclass(frozen=True)
class _Item:
    """A set of days whose count can be written in stated counts."""

    days: DaySet
    value: int
    institution: str
    terms: tuple[Term, ...]
    derived: bool = False

    def cost_for(self, institution: str) -> Cost:
        own = self.institution == institution
        return (self.days.days if self.derived else 0, 0 if own else self.days.days, 1)


def overlapping_counts(counts: Iterable[Count]) -> list[tuple[Count, Count]]:
    """Pairs of counts that share a day: each event there would enter twice."""
    spans = sorted(((span, count) for count in counts for span in count.spans), key=lambda pair: pair[0])
    pairs: list[tuple[Count, Count]] = []
    furthest: tuple[Span, Count] | None = None
    for span, count in spans:
        if furthest and span.start <= furthest[0].end and (furthest[1], count) not in pairs:
            pairs.append((furthest[1], count))
        if furthest is None or span.end > furthest[0].end:
            furthest = (span, count)
    return pairs


def partition(counts: Iterable[Count], window: Span | None = None) -> Partition:
    """Cut stated counts into disjoint pieces.

    Parameters
    ----------
    counts : iterable of Count
        Of one measure and one place. ``use = fit`` makes a piece as it stands. ``subtract`` lets a count be a total
        from which parts are taken, or a part; one that is ``excluded`` and ``subtract`` is a bridge, used only in
        pairs that share a day of ending or beginning (a total to the 17th less a total of the 1st to the 17th).
        The others are only checked against the pieces.
    window : Span, optional
        Days that should be covered; what lies outside is left out.

    Returns
    -------
    Partition
        Its pieces are the finest that the totals imply: a total whose unknown part is empty becomes a check.

    Raises
    ------
    ObservationError
        Counts used as pieces overlap, a subtraction leaves less than nothing, or one institution contradicts
        itself among the counts that are used.
    """
    inside = DaySet.of((window,)) if window else None
    usable = [c for c in counts if c.spans and (inside is None or c.day_set <= inside)]
    fits = [c for c in usable if c.use == "fit"]
    problems = [_overlap_problem(one, two) for one, two in overlapping_counts(fits)]
    if problems:
        raise ObservationError(problems[0].message, problems=tuple(problems))

    base = [_item(c) for c in fits]
    parts = [_item(c) for c in usable if c.use != "fit" and c.subtract and c.use != "excluded"]
    totals = sorted(
        [*parts, *_bridges([c for c in usable if c.use == "excluded" and c.subtract])],
        key=lambda item: (item.days.days, item.days.first, item.terms[0].count.id),
    )
    known: list[_Item] = [*base, *parts]
    found: list[_Item] = [*base]
    covered = DaySet.of(span for item in base for span in item.days.spans)
    for total in totals:
        rest = total.days - covered
        if not rest:
            if total not in known:
                known.append(total)
            continue
        cover = _cheapest_cover(total.days - rest, known, total.institution, total)
        if cover is None:
            continue
        piece = _subtract(total, cover, rest)
        found.append(piece)
        known.append(piece)
        if total not in known:
            known.append(total)
        covered = covered | rest
    ordered = sorted(found, key=lambda item: item.days.first)
    width = max(2, len(str(len(ordered))))
    pieces = tuple(
        Piece(f"P{number:0{width}d}", item.days, item.value, item.terms) for number, item in enumerate(ordered, start=1)
    )
    checks, aside = _compare(usable, pieces)
    _refuse_contradictions(checks)
    return Partition(pieces, tuple(checks), tuple(aside), window)


def _item(count: Count) -> _Item:
    return _Item(count.day_set, count.count, count.institution, (Term(1, count),))


def _bridges(counts: Sequence[Count]) -> list[_Item]:
    """Differences of two counts of one institution that share a first or a last day."""
    out = []
    for large in counts:
        for small in counts:
            one, two = large.day_set, small.day_set
            shares_edge = one.runs[0][0] == two.runs[0][0] or one.runs[-1][1] == two.runs[-1][1]
            if large is small or large.institution != small.institution or not two <= one or not shares_edge:
                continue
            rest = one - two
            if rest:
                out.append(_subtract(_item(large), (_item(small),), rest, derived=False))
    return out


def _subtract(total: _Item, cover: Sequence[_Item], rest: DaySet, *, derived: bool = True) -> _Item:
    value = total.value - sum(item.value for item in cover)
    terms = (*total.terms, *(Term(-t.sign, t.count) for item in cover for t in item.terms))
    if value < 0:
        head = total.terms[0].count
        written = " ".join(f"{'+' if t.sign > 0 else '-'} {t.text()}" for t in terms).removeprefix("+ ")
        problem = Problem(
            "E29",
            "a total is smaller than the parts it contains",
            head.file,
            head.line,
            "use",
            f"{written} = {value}",
            "0 or more for the rest of the total",
            "correct the count, or take the total or one of the parts out of the subtraction",
        )
        raise ObservationError(problem.message, problems=(problem,))
    names = dict.fromkeys([total.institution, *(item.institution for item in cover)])
    institution = total.institution if len(names) == 1 else " and ".join(names)
    return _Item(rest, value, institution, terms, derived)


def _cheapest_cover(target: DaySet, known: Sequence[_Item], institution: str, skip: _Item) -> tuple[_Item, ...] | None:
    """Known items that cover `target` exactly: stated before derived, of `institution` before others, then few."""
    usable = [item for item in known if item is not skip and item.days <= target]
    by_first: dict[int, list[_Item]] = {}
    for item in usable:
        by_first.setdefault(item.days.first, []).append(item)
    best: dict[DaySet, tuple[Cost, tuple[_Item, ...]] | None] = {DaySet(): ((0, 0, 0), ())}
    # An explicit stack: a case with hundreds of months would exceed the depth of recursion.
    stack = [target]
    while stack:
        remaining = stack[-1]
        if remaining in best:
            stack.pop()
            continue
        options = [
            (item, remaining - item.days) for item in by_first.get(remaining.first, ()) if item.days <= remaining
        ]
        unsolved = [rest for _, rest in options if rest not in best]
        if unsolved:
            stack.extend(unsolved)
            continue
        chosen: tuple[Cost, tuple[_Item, ...]] | None = None
        for item, rest in options:
            solved = best[rest]
            if solved is None:
                continue
            add, cost = item.cost_for(institution), solved[0]
            cost = (cost[0] + add[0], cost[1] + add[1], cost[2] + add[2])
            if chosen is None or cost < chosen[0]:
                chosen = (cost, (item, *solved[1]))
        best[remaining] = chosen
        stack.pop()
    solution = best[target]
    return solution[1] if solution else None


def _compare(counts: Iterable[Count], pieces: Sequence[Piece]) -> tuple[list[Check], list[Count]]:
    """Hold every count that makes no piece against the pieces that cover its days."""
    making = {term.count.id for piece in pieces if piece.is_stated for term in piece.terms}
    entering = {term.count.id for piece in pieces for term in piece.terms}
    checks, aside = [], []
    for count in counts:
        if count.id in making:
            continue
        days = count.day_set
        inside = tuple(piece for piece in pieces if piece.days <= days)
        if inside and DaySet.of(s for piece in inside for s in piece.spans) == days:
            checks.append(Check(count, inside))
        elif count.id not in entering:
            aside.append(count)
    checks.sort(key=lambda check: (check.count.spans, check.count.id))
    return checks, aside


def _refuse_contradictions(checks: Iterable[Check]) -> None:
    """Counts used together may differ between institutions; one institution may not contradict itself."""
    problems = []
    for check in checks:
        count = check.count
        one_voice = {t.count.institution for p in check.pieces for t in p.terms} == {count.institution}
        if check.difference and count.subtract and one_voice:
            pieces = " + ".join(f"{piece.value} ({piece.id})" for piece in check.pieces)
            problems.append(
                Problem(
                    "E29",
                    "a count contradicts the parts used with it",
                    count.file,
                    count.line,
                    "use",
                    f"{count.count} for {name_days(count.day_set)}, parts {pieces} = {check.sum}",
                    "the same sum, or another use",
                    "correct a figure, or set subtract to no for one of them",
                )
            )
    if problems:
        raise ObservationError(problems[0].message, problems=tuple(problems))


def _overlap_problem(one: Count, two: Count) -> Problem:
    shared = one.day_set & two.day_set
    return Problem(
        "E27",
        "two counts used for the fit cover the same days",
        two.file,
        two.line,
        "use",
        f"{one.count} at {one.place} and {two.count} here share {name_days(shared)}",
        "every day in one fit row at most",
        "mark one of them alternative; with subtract = yes it can still be a total that others are taken from",
    )


def piece_class(piece: Piece) -> str:
    """Class of the mark of a piece: police, forensic, other or derived."""
    return institution_class(piece.institution, piece.basis)


def edges(spans: Iterable[Span]) -> tuple[date, ...]:
    """Last days at which a count begins or ends: the day before each start, and each end."""
    days = {span.end for span in spans} | {date.fromordinal(span.start.toordinal() - 1) for span in spans}
    return tuple(sorted(days))
