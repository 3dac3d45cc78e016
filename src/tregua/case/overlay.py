"""What a cell of ``readings.csv`` and ``arms.csv`` says: a value, a factor, or a path of dated values."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date

from tregua.case.schema import parse_date


@dataclass(frozen=True)
class Overlay:
    """Exactly one of a value, a factor on the current draw, or a path of a lever."""

    value: float | None = None
    factor: float | None = None
    path: tuple[tuple[date, float], ...] = ()


def parse_overlay(text: str) -> Overlay:
    """Read ``0.4``, ``x0.5`` or ``2012-03-08:0.97;2014-03-01:0``.

    Raises
    ------
    ValueError
        Anything else, a number that is not finite, or dates out of order.
    """
    if ":" in text:
        path = []
        for part in text.split(";"):
            day, _, value = part.strip().partition(":")
            path.append((parse_date(day), _number(value)))
        days = [day for day, _ in path]
        if days != sorted(set(days)):
            raise ValueError("the dates are not in order")
        return Overlay(path=tuple(path))
    if text.startswith("x"):
        return Overlay(factor=_number(text[1:]))
    return Overlay(value=_number(text))


def parse_without(text: str) -> tuple[str, ...]:
    """Levers that a record leaves out: ``without own_halt``, several joined by ``;``; empty for none."""
    if not text:
        return ()
    match = re.fullmatch(r"without\s+(.+)", text)
    if not match:
        raise ValueError("not written as: without LEVER")
    return tuple(part.strip() for part in match.group(1).split(";"))


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise ValueError("not a number, a factor such as x0.5, or a path such as 2012-03-08:0.9") from error
    if not math.isfinite(value) or "_" in text:
        raise ValueError("not a finite number")
    return value
