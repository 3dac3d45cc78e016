"""What a table of regret says in words: the least worst case, the average, and on which reading the answer hangs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tregua.report.inputs import Regret

ERRORS = 2.0
"""Monte-Carlo errors beyond which one regret is told from another."""


@dataclass(frozen=True)
class Verdict:
    """Which response has the smallest worst regret, and what that answer hangs on.

    Attributes
    ----------
    least, average : str
        Response with the smallest worst regret; with the smallest mean over readings.
    worst : Regret
        The worst case of `least`.
    best_there : str
        Response that does best under the reading of that worst case.
    close : tuple of str
        Responses whose worst case cannot be told from that of `least`.
    average_worst : Regret
        The worst case of `average`.
    lower, better : int
        Readings under which `average` has less regret than `least`; those of them in which it does beyond error.
    readings : int
    without : tuple of (reading, response)
        Readings that change the answer when they are left out, and the answer then.
    trusted : str
        Answer over the readings that are trusted; that of all where every one is.
    everywhere : bool
        No response has less regret than `least` under any reading.
    """

    least: str
    average: str
    worst: Regret
    best_there: str
    close: tuple[str, ...]
    average_worst: Regret
    lower: int
    better: int
    readings: int
    without: tuple[tuple[str, str], ...]
    trusted: str
    everywhere: bool


def judged(rows: Sequence[Regret], distrusted: Collection[str] = ()) -> Verdict | None:
    """Judge one decision, horizon and set of weights; None where nothing stands under every reading.

    Parameters
    ----------
    rows : sequence of Regret
        One a response and reading.
    distrusted : collection of str
        Readings whose sizes should not be used.
    """
    held = {(row.arm, row.reading): row for row in rows}
    readings = list(dict.fromkeys(row.reading for row in rows))
    arms = [arm for arm in dict.fromkeys(row.arm for row in rows) if all((arm, r) in held for r in readings)]
    if not arms or not readings:
        return None

    def worst(arm: str, among: Collection[str] = readings) -> Regret:
        return max((held[arm, reading] for reading in among), key=lambda row: row.value)

    def least_among(among: Collection[str]) -> str:
        return min(arms, key=lambda arm: worst(arm, among).value)

    least = least_among(readings)
    at = worst(least)
    average = min(arms, key=lambda arm: sum(held[arm, reading].value for reading in readings))
    without = []
    for left in readings if len(readings) > 1 else []:
        answer = least_among([reading for reading in readings if reading != left])
        if answer != least:
            without.append((left, answer))
    trusted = [reading for reading in readings if reading not in distrusted]
    return Verdict(
        least=least,
        average=average,
        worst=at,
        best_there=min(arms, key=lambda arm: held[arm, at.reading].value),
        close=tuple(arm for arm in arms if arm != least and not _more(worst(arm), at)),
        average_worst=worst(average),
        lower=sum(held[average, reading].value < held[least, reading].value for reading in readings),
        better=sum(_more(held[least, reading], held[average, reading]) for reading in readings),
        readings=len(readings),
        without=tuple(without),
        trusted=least_among(trusted) if trusted else least,
        everywhere=all(held[least, r].value <= min(held[arm, r].value for arm in arms) for r in readings),
    )


def _more(one: Regret, other: Regret) -> bool:
    return one.value - other.value > ERRORS * float((one.mcse**2 + other.mcse**2) ** 0.5)
