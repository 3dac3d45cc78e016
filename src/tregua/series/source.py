"""Where a figure was read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One source of figures.

    Attributes
    ----------
    key : str
        Word by which rows cite it.
    citation : str
        Publisher, title and date; authors only of papers.
    address : str
        Where it was read; empty where the address holds the name of a person.
    taken : str
        Which figures were taken from it.
    reliability : str
        primary, press agency, press, secondary, tertiary, or a remark.
    """

    key: str
    citation: str
    address: str = ""
    taken: str = ""
    reliability: str = ""
