"""Turn a case folder into what the other rooms work with: a world, levers, decisions, readings and figures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from tregua.case.check import examine
from tregua.case.findings import Findings
from tregua.case.overlay import parse_without
from tregua.case.schema import CaseFile, parse_days, parse_period
from tregua.errors import CaseError
from tregua.model.levers import LEVERS, Timeline
from tregua.model.levers import Path as LeverPath
from tregua.model.policies import Arm, Decision
from tregua.model.readings import Reading
from tregua.model.world import Area, Gang, World
from tregua.series.catalogue import ObservationSet
from tregua.series.source import Source
from tregua.series.span import Span

# Explanations of a fall that any case may carry; a case names its own in rival_readings.
RIVALS = ("default", "hidden_killings", "fall_not_concessions")
BUNDLED = Path(__file__).resolve().parent.parent / "cases"


@dataclass(frozen=True)
class LeverSource:
    """One change of a lever, with where its date comes from and how its size was judged."""

    lever: str
    date: date
    value: float
    source: str
    basis: str


@dataclass(frozen=True)
class Target:
    """A figure besides the counts that a fit must meet.

    Attributes
    ----------
    measure : str
        An outcome, or an expression of outcomes.
    spans : tuple of Span
        Days of a flow, or the one day of a stock.
    value, error : float
        The figure, and its error: of the logarithm where `distribution` is lognormal, else absolute.
    sources : tuple of str
    """

    measure: str
    spans: tuple[Span, ...]
    value: float
    error: float
    distribution: str
    sources: tuple[str, ...]

    @property
    def is_stock(self) -> bool:
        """True where the target is read at one day."""
        return len(self.spans) == 1 and self.spans[0].days == 1


@dataclass(frozen=True)
class Event:
    """A dated event: offices and bodies, never persons.

    Attributes
    ----------
    span : Span
        The days within which it lies, by `precision`: day, month or year.
    lane : str
        truce, state, elections, outside or violence.
    status : str
        reported, stated (by a party) or announced (beforehand).
    """

    date: str
    span: Span
    precision: str
    lane: str
    kind: str
    text_en: str
    text_es: str
    value: float | None
    status: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A case study, ready to run.

    Attributes
    ----------
    digest : str
        SHA-256 of the canonical content of every file of the folder: names in order, line ends and byte order
        marks set aside.
    history : Timeline
        Levers as they were, in days from the start.
    decisions : mapping
        Id -> Decision, in the order of case.toml.
    readings : mapping
        Id -> Reading, in their fixed order.
    draws : tuple of dict
        Provisional draws of the fitted parameters.
    parameter_overrides : mapping
        Parameter -> value that replaces the default in this case.
    labels : mapping
        (kind, id) -> (English, Spanish), for gangs, decisions, arms and readings.
    rivals : tuple of str
        Readings that are drawn together as rival explanations of the record, the default first.
    tables : mapping
        Name of a series -> its rows as written, for tables that hold more than figures of this case.
    """

    id: str
    title_en: str
    title_es: str
    folder: Path
    digest: str
    world: World
    history: Timeline
    lever_sources: tuple[LeverSource, ...]
    decisions: Mapping[str, Decision]
    readings: Mapping[str, Reading]
    draws: tuple[dict[str, float], ...]
    observations: ObservationSet
    targets: tuple[Target, ...]
    events: tuple[Event, ...]
    sources: Mapping[str, Source]
    start: date
    end: date
    fit_end: date | None
    number_style: str
    parameter_overrides: Mapping[str, float]
    labels: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    rivals: tuple[str, ...] = ()
    tables: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)

    @property
    def days(self) -> int:
        """Days of the run, first and last counted."""
        return (self.end - self.start).days + 1

    def cut_dates(self) -> tuple[date, ...]:
        """Days at whose end flows and stocks are read: month ends, edges of counts, targets, and decisions."""
        days = set(self.observations.cut_dates(self.start, self.end))
        for target in self.targets:
            for span in target.spans:
                days |= {span.end, date.fromordinal(span.start.toordinal() - 1)}
        for decision in self.decisions.values():
            days.add(date.fromordinal(self.start.toordinal() + decision.day - 1))
        return tuple(sorted(day for day in days if self.start <= day <= self.end))

    @cached_property
    def geo(self) -> Path | None:
        """Outlines of the areas (TopoJSON), where the case has them."""
        return next(iter(sorted((self.folder / "geo").glob("*.json"))), None)


def bundled_cases() -> tuple[str, ...]:
    """Ids of the cases that come with the package."""
    return tuple(sorted(path.parent.name for path in BUNDLED.glob("*/case.toml")))


def find_case(path: str | Path) -> Path:
    """Folder of a case, from its path or, where no such folder holds a case, from the id of a bundled one."""
    folder = Path(path)
    if isinstance(path, str) and not (folder / "case.toml").exists() and path in bundled_cases():
        return BUNDLED / path
    return folder


def load_case(path: str | Path) -> Case:
    """Read a case folder.

    Parameters
    ----------
    path : str or Path
        A case folder, or the id of a bundled case such as ``el_salvador_2012``.

    Raises
    ------
    CaseError
        Anything is wrong with it; all problems are told at once. Warnings are not raised: see `check_case`.
    """
    folder = find_case(path)
    found = examine(folder)
    if not folder.is_dir():
        known = ", ".join(bundled_cases())
        raise CaseError(
            "no such case",
            key="case",
            found=path,
            allowed=f"a folder with case.toml, or {known}",
            mend="check the path; tregua new starts a case",
        )
    found.problems.raise_errors(CaseError, f"{folder.name} is not a valid case")
    case = found.case
    assert case is not None
    return Case(
        id=case.id,
        title_en=case.title_en,
        title_es=case.title_es,
        folder=folder,
        digest=digest_of(folder),
        world=_world(found, case),
        history=_history(found, case),
        lever_sources=tuple(
            LeverSource(p.row.id, p.row.date, p.row.value, p.row.source, p.row.basis) for p in found.levers
        ),
        decisions=_decisions(found, case),
        readings=_readings(found, case),
        draws=tuple(found.draws),
        observations=ObservationSet(tuple(found.observations), found.window),
        targets=_targets(found),
        events=_events(found),
        sources=found.sources,
        start=case.start,
        end=case.end,
        fit_end=case.fit_end,
        number_style=case.number_style,
        parameter_overrides=dict(case.parameters),
        labels=_labels(case),
        rivals=tuple(case.rival_readings) or tuple(r.id for r in case.readings if r.id in RIVALS),
        tables={stem: tuple(row.cells for row in table) for stem, table in found.tables.items()},
    )


def digest_of(folder: Path) -> str:
    """SHA-256 over every file of a case: its name, and its content without byte order mark and with ``\\n`` ends."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*"), key=lambda p: p.relative_to(folder).as_posix()):
        name = path.relative_to(folder)
        if not path.is_file() or any(part.startswith((".", "__pycache__")) for part in name.parts):
            continue
        content = path.read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        total.update(f"{name.as_posix()}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def _world(found: Findings, case: CaseFile) -> World:
    table = case.world
    return World(
        areas=tuple(
            Area(p.row.id, p.row.name, p.row.population, p.row.urban_share, p.row.municipalities, p.row.presence)
            for p in found.areas
        ),
        gangs=tuple(Gang(gang.id, gang.name_en, gang.share, gang.family) for gang in case.gangs),
        start=case.start,
        members_active=table.members_active,
        members_imprisoned=table.members_imprisoned,
        calmado_share=table.calmado_share,
        youth_share=table.youth_share,
        split_concentration=table.split_concentration,
        split_floor=table.split_floor,
        prison_presence=table.prison_presence,
        prison_by_presence=table.prison_by_presence,
        broker_roles=tuple(table.broker_roles),
        mixing_reference=table.mixing_reference,
    )


def _history(found: Findings, case: CaseFile) -> Timeline:
    paths: dict[str, list[tuple[int, float]]] = {}
    for placed in found.levers:
        day = (placed.row.date - case.start).days
        paths.setdefault(placed.row.id, []).append((day, placed.row.value))
    for lever in LEVERS:
        # A multiple is counted against the start, so that a case which says nothing stands at 1, not at 0.
        if lever.unit == "multiple" and not any(day <= 0 for day, _ in paths.get(lever.id, [])):
            paths.setdefault(lever.id, []).append((0, 1.0))
    return Timeline({name: tuple(sorted(path)) for name, path in paths.items()})


def _decisions(found: Findings, case: CaseFile) -> dict[str, Decision]:
    out = {}
    for table in case.decisions:
        arms: dict[str, Arm] = {}
        for names in case.arms:
            rows = [p.row for p in found.arms if p.row.arm == names.id and p.row.since == table.date]
            if not rows:
                continue
            record = next((row for row in rows if row.lever == "timeline"), None)
            arms[names.id] = Arm(
                id=names.id,
                label_en=names.label_en,
                label_es=names.label_es,
                meaning_en=names.meaning_en,
                meaning_es=names.meaning_es,
                sets={row.lever: float(row.value) for row in rows if row.lever not in ("none", "timeline")},
                record=record is not None,
                without=parse_without(record.value) if record else (),
            )
        out[table.id] = Decision(
            id=table.id,
            day=(table.date - case.start).days,
            arms=arms,
            keep=tuple(table.keep),
            horizons=tuple(table.horizons),
            return_contact=table.return_contact,
            halt_ends=table.halt_ends,
            left_out=tuple(table.left_out),
        )
    return out


def _readings(found: Findings, case: CaseFile) -> dict[str, Reading]:
    fitted_names = set(found.draws[0]) if found.draws else None
    out = {}
    for names in case.readings:
        sets: dict[str, float] = {}
        scales: dict[str, float] = {}
        paths: dict[str, LeverPath] = {}
        rows = [p for p in found.readings if p.row.reading == names.id]
        for placed in rows:
            overlay = found.overlays.get(placed.line)
            target = placed.row.target
            if overlay is None:
                continue
            if overlay.path:
                paths[target] = tuple(((day - case.start).days, value) for day, value in overlay.path)
            elif overlay.factor is not None:
                scales[target] = overlay.factor
            elif overlay.value is not None:
                sets[target] = overlay.value
        refit = any(p.row.refit == "1" for p in rows)
        values = found.refits.get(names.id) if refit else None
        # refits.csv also repeats values that a reading sets; only fitted parameters replace those of a draw.
        fitted = (
            None
            if values is None
            else {name: value for name, value in values.items() if fitted_names is None or name in fitted_names}
        )
        out[names.id] = Reading(
            id=names.id,
            meaning_en=names.meaning_en,
            meaning_es=names.meaning_es,
            sets=sets,
            scales=scales,
            paths=paths,
            refit=refit,
            fitted=fitted,
            short=names.short,
        )
    return out


def _targets(found: Findings) -> tuple[Target, ...]:
    out = []
    for placed in found.targets:
        row = placed.row
        spans = parse_days(row.date_or_spans)
        out.append(Target(row.measure, spans, row.value, row.error, row.distribution, _keys(row.source)))
    return tuple(out)


def _events(found: Findings) -> tuple[Event, ...]:
    out = []
    for placed in found.events:
        row = placed.row
        span = parse_period(row.date)[0][0]
        out.append(
            Event(
                row.date,
                span,
                row.precision,
                row.lane,
                row.kind,
                row.event_en,
                row.event_es,
                row.value,
                row.status,
                _keys(row.source),
            )
        )
    return tuple(sorted(out, key=lambda event: (event.span.start, event.span.end)))


def _labels(case: CaseFile) -> dict[tuple[str, str], tuple[str, str]]:
    out = {("gang", gang.id): (gang.name_en, gang.name_es) for gang in case.gangs}
    out |= {("decision", item.id): (item.title_en, item.title_es) for item in case.decisions}
    out |= {("arm", arm.id): (arm.label_en, arm.label_es) for arm in case.arms}
    out |= {("reading", reading.id): (reading.meaning_en, reading.meaning_es) for reading in case.readings}
    return out


def _keys(text: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in text.split(";"))
