"""Policy arms: a set of lever values and the day from which they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tregua.model.levers import Timeline

REFERENCE_ARM = "no_truce"


@dataclass(frozen=True)
class Arm:
    """A response.

    Attributes
    ----------
    id, label_en, label_es, meaning_en, meaning_es : str
    sets : mapping
        Lever -> value from the decision on.
    record : bool
        True for the run as it happened: its own later levers, shown but never ranked.
    without : tuple of str
        Levers whose recorded path the record leaves out from the decision on (the gangs' own halt of 2016).
    """

    id: str
    label_en: str
    label_es: str
    meaning_en: str = ""
    meaning_es: str = ""
    sets: Mapping[str, float] = field(default_factory=dict)
    record: bool = False
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """A point in time at which a response is chosen.

    Attributes
    ----------
    id : str
    day : int
        First day of the arms, in days from the start of the model.
    arms : mapping
        Arm id -> Arm, in the fixed order in which they are shown.
    keep : tuple of str
        Levers that follow the record in every arm (the electoral calendar).
    horizons : tuple of int
        Years after the decision at which outcomes are read.
    return_contact : float
        Contact to which an abandoned truce returns.
    halt_ends : bool
        True where each arm is shown twice, with the gangs' own halt held and ended.
    left_out : tuple of str
        Readings under which this decision is not compared: they speak about the record alone.
    """

    id: str
    day: int
    arms: Mapping[str, Arm]
    keep: tuple[str, ...] = ()
    horizons: tuple[int, ...] = (1, 2, 5, 7)
    return_contact: float = 0.35
    halt_ends: bool = False
    left_out: tuple[str, ...] = ()

    def timeline(self, arm: Arm, history: Timeline, *, halt_ends: bool = False) -> Timeline:
        """Levers of one arm: the record to the day before the decision, then the arm's own.

        Parameters
        ----------
        arm : Arm
        history : Timeline
            The record, all levers.
        halt_ends : bool
            End the gangs' own halt on the day of the decision.
        """
        if arm.record:
            line = history.hold_from(self.day, keep=tuple(n for n in history.paths if n not in arm.without))
            for name in arm.without:
                line = line.with_level(name, self.day, line.at(name, self.day - 1))
        else:
            line = history.hold_from(self.day, keep=self.keep)
            for name, value in arm.sets.items():
                line = line.with_level(name, self.day, value)
        if halt_ends:
            line = line.with_level("own_halt", self.day, 0.0)
        return line
