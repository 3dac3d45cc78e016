"""Check what was counted and when: figures, targets and events, alone and against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tregua.case.findings import Findings, Place, check_fit_window, check_sources, check_within, tell_twice
from tregua.case.schema import parse_days, parse_period
from tregua.errors import ObservationError
from tregua.series.catalogue import ObservationSet, is_made_of_others, is_stored_piece
from tregua.series.observation import Count, Observation
from tregua.series.partition import Piece, overlapping_counts

# Killings per 100,000 a year, wider than any country and most cities of the last decades.
PLAUSIBLE_RATES = (0.2, 400.0)
# How `tregua new` marks what it had to make up.
PLACEHOLDER = "placeholder"
_PRIORS = "will run on priors and say so everywhere"
# What a case loses without a kind of figure: told as warnings, never as errors.
_COSTS: tuple[tuple[str, str], ...] = (
    ("homicides_recorded", "no counts of killings: nothing is fitted, scored or drawn as observed"),
    ("extortion_reports", f'no extortion series: "paid by victims" {_PRIORS}'),
    ("disappearance_reports", f"no series of disappearances: hidden killings {_PRIORS}"),
    ("deaths_by_state", f"no series of deaths caused by the state: they {_PRIORS}"),
    ("members_imprisoned", f"no figure of imprisoned members: prison {_PRIORS}"),
    ("support", f"no polls: public support {_PRIORS}"),
)


def check_targets(found: Findings) -> None:
    """Targets of the fit: sources, dates, and the fit window."""
    for placed in found.targets:
        row, place = placed.row, Place("fit_targets.csv", placed.line, "date_or_spans")
        check_sources(found, place.at("source"), row.source)
        try:
            spans = parse_days(row.date_or_spans)
        except ObservationError as error:
            problem = error.problems[0]
            found.add(problem.code, problem.message, place, problem.found, problem.allowed, problem.mend)
            continue
        except ValueError as error:
            allowed = "a date, or spans start..end joined by ;"
            found.add("E16", str(error), place, row.date_or_spans[:80], allowed, "correct it")
            continue
        for span in spans:
            check_fit_window(found, place, span)


def check_events(found: Findings) -> None:
    """Events: sources, dates of the precision that they state, inside the run."""
    case = found.case
    for placed in found.events:
        row, place = placed.row, Place("chronology.csv", placed.line, "date")
        check_sources(found, place.at("source"), row.source)
        try:
            spans, precision = parse_period(row.date)
        except (ValueError, ObservationError):
            spans, precision = (), ""
        if not spans or precision != row.precision:
            shape = {"day": "YYYY-MM-DD", "month": "YYYY-MM", "year": "YYYY"}[row.precision]
            message = "the date does not have the precision that it states"
            allowed = f"{shape} for precision {row.precision}"
            found.add("E16", message, place, row.date[:80], allowed, "correct one of the two")
        elif case is not None and (spans[0].end < case.start or spans[0].start > case.end):
            check_within(found, place, spans[0].start)


def check_observations(found: Findings) -> None:
    """Figures alone (ids, window) and together (no day twice, no contradiction among those used together)."""
    seen: dict[str, Observation] = {}
    for observation in found.observations:
        place = Place(observation.file, observation.line, "use")
        if observation.id in seen:
            tell_twice(found, place.at("piece_id"), observation.id, seen[observation.id].line)
        seen.setdefault(observation.id, observation)
        if observation.use == "fit":
            _check_fit(found, place, observation)
        elif observation.use == "score" and isinstance(observation, Count):
            for span in observation.spans:
                _ = check_within(found, place, span.start) and check_within(found, place, span.end)
    groups: dict[tuple[object, ...], list[Count]] = defaultdict(list)
    for count in found.observations:
        if isinstance(count, Count) and count.use in ("fit", "score") and not is_made_of_others(count):
            groups[count.measure, count.area, count.gang, count.use, is_stored_piece(count)].append(count)
    for counts in groups.values():
        for one, two in overlapping_counts(counts):
            _tell_overlap(found, one, two)
    _check_levels(found)
    if found.case is not None and not any(p.code in ("E12", "E27", "E28") for p in found.problems.errors):
        _check_partition(found)


def _check_fit(found: Findings, place: Place, observation: Observation) -> None:
    if found.case is not None and found.case.fit_end is None:
        message, mend = "a figure is used for a fit that has no window", "give fit_end in case.toml, or mark it score"
        found.add("E28", message, place, "fit", "score, alternative or excluded", mend)
    for span in observation.spans:
        check_fit_window(found, place, span)


def _tell_overlap(found: Findings, one: Count, two: Count) -> None:
    shared = "; ".join(str(span) for span in (one.day_set & two.day_set).spans)
    message = f"two rows of use {two.use} cover the same days"
    mend = "mark one alternative; with subtract = yes it can still be a total that parts are taken from"
    place = Place(two.file, two.line, "use")
    found.add("E27", message, place, f"{one.place} and this row share {shared}", "every day in one such row", mend)


def _check_levels(found: Findings) -> None:
    """Two levels or shares of one thing at one date cannot both be fitted when they differ."""
    seen: dict[tuple[object, ...], Observation] = {}
    for o in found.observations:
        if o.use != "fit" or isinstance(o, Count):
            continue
        first = seen.setdefault((o.measure, o.spans, o.area, o.gang, o.scope), o)
        if first is not o and first.value != o.value:
            message, allowed = "two figures used for the fit contradict each other", "one figure a date"
            given = f"{o.value:g} here, {first.value:g} at {first.place}"
            found.add("E29", message, Place(o.file, o.line, "use"), given, allowed, "mark one of them alternative")


def _check_partition(found: Findings) -> None:
    """Contradictions among counts used together, and stored pieces that the rows do not imply."""
    everything = ObservationSet(tuple(found.observations), found.window)
    for measure in dict.fromkeys(o.measure for o in everything if isinstance(o, Count) and o.use == "fit"):
        try:
            implied = everything.partition(measure).pieces
        except ObservationError as error:
            for p in error.problems:
                found.problems.add(p)
            continue
        stored = [c for c in everything.filter(measure=measure, use="fit") if isinstance(c, Count)]
        stored = [count for count in stored if is_stored_piece(count)]
        if stored:
            _compare_pieces(found, stored, implied)


def _compare_pieces(found: Findings, stored: Iterable[Count], implied: Iterable[Piece]) -> None:
    by_days = {piece.days: piece for piece in implied}
    file = ""
    for count in stored:
        file, piece = count.file, by_days.pop(count.day_set, None)
        if piece is None or piece.value != count.count:
            place, message = Place(file, count.line, "homicides"), "a stored piece is not what the rows imply"
            mend = "correct the piece, or the rows that it is made of"
            found.add("E29", message, place, count.count, _in_words(piece), mend)
    for piece in by_days.values():
        place, message = Place(file, 1, "spans"), "the rows imply a piece that is not stored"
        mend = "add the piece, or change the use of its rows"
        found.add("E29", message, place, _in_words(piece), "every piece that the rows imply", mend)


def _in_words(piece: Piece | None) -> str:
    if piece is None:
        return "no such piece is implied"
    return f"{'; '.join(str(span) for span in piece.spans)}: {piece.value} = {piece.arithmetic()}"


def tell_missing(found: Findings) -> None:
    """What the case lacks, and what that costs."""
    outcomes = {o.outcome for o in found.observations if o.use in ("fit", "score", "alternative")}
    for outcome, cost in _COSTS:
        if outcome not in outcomes:
            found.add("W03", cost, Place("series", None, outcome))
    others = (
        ("chronology.csv", bool(found.events), "no chronology: charts show no events"),
        ("draws.csv", bool(found.draws), "no provisional draws: runs use defaults and priors"),
        ("fit_targets.csv", bool(found.targets), "no further targets: a fit has counts of killings only"),
        ("geo", any((found.folder / "geo").glob("*.json")), "no outlines: observed figures get no map"),
        ("ledger", (found.folder / "ledger").is_dir(), "no ledger: nothing can be traced to who said it"),
    )
    for file, present, cost in others:
        if not present and not any(p.file == file for p in found.problems.problems):
            found.add("W03", cost, Place(file))
    if found.case is not None and len(found.case.gangs) == 1:
        cost = "one gang: no rivalry between gangs, and no effect of one gang's restraint on another's"
        found.add("W03", cost, Place("case.toml", None, "gangs"))


def tell_implausible(found: Findings) -> None:
    """Counts against people: a rate that no country has had says that one of the two is of another place."""
    people = sum(placed.row.population for placed in found.areas)
    used = [
        o
        for o in found.observations
        if isinstance(o, Count) and o.outcome == "homicides_recorded" and not o.area and o.use in ("fit", "score")
    ]
    days = sum(o.days for o in used)
    if not people or not days:
        return
    rate = sum(o.count for o in used) * 365.25 / days / people * 100_000
    low, high = PLAUSIBLE_RATES
    if not low <= rate <= high:
        message = "the counts and the population of the areas do not go together"
        mend = "correct the population, or the counts: the model will be far from them as they stand"
        given = f"{rate:,.1f} killings per 100,000 a year"
        found.add("W07", message, Place("areas.csv", None, "population"), given, f"{low:g} to {high:g}", mend)


def tell_placeholders(found: Findings) -> None:
    """Values that `tregua new` wrote and nobody has replaced, counted for each file."""
    files: dict[str, list[int]] = {"case.toml": [], "areas.csv": [], "levers.csv": []}
    if found.document is not None:
        text = (found.folder / "case.toml").read_text(encoding="utf-8-sig")
        lines = enumerate(text.splitlines(), start=1)
        files["case.toml"] = [n for n, line in lines if f"# {PLACEHOLDER}:" in line and not line.startswith("#")]
    files["areas.csv"] = [placed.line for placed in found.areas if placed.row.source == PLACEHOLDER]
    files["levers.csv"] = [placed.line for placed in found.levers if placed.row.basis.startswith(PLACEHOLDER)]
    told = {
        "case.toml": "replace each and delete the remark behind it",
        "areas.csv": "replace name and population, and give a source or -",
        "levers.csv": "write what was done, when and by whose judgement, in value, source and basis",
    }
    for file, lines_left in files.items():
        if lines_left:
            n = len(lines_left)
            message = f"{n} {'value is' if n == 1 else 'values are'} still as tregua new wrote them"
            where = ", ".join(map(str, lines_left[:6])) + (" ..." if n > 6 else "")
            found.add("W06", message, Place(file, lines_left[0]), f"lines {where}", mend=told[file])
