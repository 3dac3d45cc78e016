"""Leaving voices out: which parameters lose support, which readings fall away, how the contrasts move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tregua.errors import UsageError
from tregua.ledger.claim import TARGETS
from tregua.ledger.ledger import Ledger
from tregua.ledger.rests import left_of
from tregua.ledger.status import KINDS


@dataclass(frozen=True)
class LeaveOut:
    """What is lost without some voices.

    Attributes
    ----------
    sources, asserters, kinds : tuple of str
        What was left out.
    fallen, shortened : tuple of str
        Claims that are gone; claims that lost a part.
    lost : mapping
        Kind of target -> ids for which no claim speaks any longer.
    sizes_lost : tuple of str
        Parameters of which no claim gives the size any longer.
    readings_fallen : tuple of str
        Readings that a discriminating claim spoke for before, and none does now.
    readings_left : tuple of str
        The other readings, in their order.
    unanswered : tuple of str
        Claims that stay and that nobody answers or contradicts any longer: leaving a voice out can silence a denial.
    """

    sources: tuple[str, ...]
    asserters: tuple[str, ...]
    kinds: tuple[str, ...]
    fallen: tuple[str, ...]
    shortened: tuple[str, ...]
    lost: Mapping[str, tuple[str, ...]]
    sizes_lost: tuple[str, ...]
    readings_fallen: tuple[str, ...]
    readings_left: tuple[str, ...]
    unanswered: tuple[str, ...]

    @property
    def parameters_lost(self) -> tuple[str, ...]:
        """Parameters for which no claim speaks any longer, not even for their form."""
        return self.lost.get("parameter", ())


@dataclass(frozen=True)
class Contrast:
    """One response against the reference under one reading.

    Attributes
    ----------
    arm, reading, outcome, decision : str
    horizon : int
        Years.
    value : float
        In the outcome's unit; sign as simulated.
    sign : {-1, 0, 1} or None
        Sign of the value beyond its error, 0 within it; None where no error is known: then that of the value.
    """

    arm: str
    reading: str
    outcome: str
    decision: str
    horizon: int
    value: float
    sign: int | None = None

    @property
    def side(self) -> int:
        """Side of zero on which it lies: -1, 0 or 1."""
        return self.sign if self.sign is not None else (self.value > 0) - (self.value < 0)


@dataclass(frozen=True)
class Move:
    """How the range of a contrast over readings moves when some readings fall away.

    Attributes
    ----------
    arm, outcome, decision : str
    horizon : int
    before, after : tuple of (float, float)
        Smallest and largest value over the readings.
    flip_gone : bool
        True where the sign changed between readings before and does not any longer.
    """

    arm: str
    outcome: str
    decision: str
    horizon: int
    before: tuple[float, float]
    after: tuple[float, float]
    flip_gone: bool

    @property
    def moved(self) -> bool:
        """True where the range is another."""
        return self.before != self.after


def leave_out(
    ledger: Ledger,
    sources: frozenset[str],
    asserters: frozenset[str],
    kinds: frozenset[str],
    readings: tuple[str, ...],
) -> LeaveOut:
    """Take voices out and compare.

    Parameters
    ----------
    ledger : Ledger
    sources, asserters, kinds : frozenset of str
        Source keys, role ids, kinds of statement. A claim said by several stands while one of them is left.
    readings : tuple of str
        Ids of the readings, in their order; empty where they are not at hand.

    Raises
    ------
    UsageError
        Where nothing is left out, or an id is unknown.
    """
    _known("source", sources, ledger.sources)
    _known("asserter", asserters, ledger.asserters())
    _known("kind", kinds, KINDS)
    if not (sources or asserters or kinds):
        raise UsageError(
            "nothing to leave out", key="--source, --asserter, --kind", found="none of them",
            allowed="at least one", mend="for example: tregua ledger leave-out prosecutors",
        )  # fmt: skip
    kept, fallen, shortened = [], [], []
    for claim in ledger.claims.values():
        rest = left_of(claim, sources, asserters, kinds)
        if rest is None:
            fallen.append(claim.id)
            continue
        kept.append(rest)
        if rest is not claim:
            shortened.append(claim.id)
    left = ledger.keeping(kept)
    before, after = ledger.targets, left.targets
    lost: dict[str, list[str]] = {}
    for kind, target in before:
        if (kind, target) not in after:
            lost.setdefault(kind, []).append(target)
    # What a claim tells of readings hangs on its links alone: without some claims the other columns stay as they are.
    spoken = ledger.matrix(readings).spoken_for()
    gone = tuple(r for r in readings if spoken[r] and not any(claim in left.claims for claim in spoken[r]))
    return LeaveOut(
        tuple(sorted(sources)), tuple(sorted(asserters)), tuple(sorted(kinds)), tuple(fallen), tuple(shortened),
        {kind: tuple(lost[kind]) for kind in TARGETS if kind in lost},
        tuple(sorted(_sized(ledger) - _sized(left))),
        gone,
        tuple(reading for reading in readings if reading not in gone),
        tuple(c.id for c in kept if ledger.is_disputed(c.id) and not left.is_disputed(c.id)),
    )  # fmt: skip


def _sized(ledger: Ledger) -> set[str]:
    return {link.base for link in ledger.links if link.kind == "parameter" and link.direction == "supports"}


def _known(what: str, wanted: Iterable[str], known: Iterable[str]) -> None:
    unknown = set(wanted) - set(known)
    if unknown:
        shown = ", ".join(list(known)[:12])
        raise UsageError(
            f"no such {what} in this ledger", key=f"--{what}", found="(not repeated here)",
            allowed=f"{shown}{', ...' if len(list(known)) > 12 else ''}",
            mend=f"tregua ledger voices lists every {what}",
        )  # fmt: skip


def moves(contrasts: Iterable[Contrast], fallen: Iterable[str]) -> tuple[Move, ...]:
    """How contrasts move when readings fall away.

    Parameters
    ----------
    contrasts : iterable of Contrast
        One per arm, reading, outcome, decision and horizon.
    fallen : iterable of str
        Readings that fall away.

    Returns
    -------
    tuple of Move
        One per arm, outcome, decision and horizon, in order of appearance. Where no reading is left, there is none.
    """
    away = frozenset(fallen)
    values: dict[tuple[str, str, str, int], list[Contrast]] = {}
    for row in contrasts:
        values.setdefault((row.arm, row.outcome, row.decision, row.horizon), []).append(row)
    found = []
    for (arm, outcome, decision, horizon), rows in values.items():
        rest = [row for row in rows if row.reading not in away]
        if rest:
            gone = {-1, 1} <= {row.side for row in rows} and not {-1, 1} <= {row.side for row in rest}
            found.append(Move(arm, outcome, decision, horizon, _range(rows), _range(rest), gone))
    return tuple(found)


def _range(rows: Iterable[Contrast]) -> tuple[float, float]:
    values = [row.value for row in rows]
    return min(values), max(values)
