"""Readings against claims: which statements tell the rival accounts apart, and which fit them all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from tregua.ledger.claim import EVERY
from tregua.ledger.ledger import Ledger

Cell = Literal["C", "I", "N"]
CELLS: Final[dict[str, Cell]] = {"consistent": "C", "inconsistent": "I", "neutral": "N"}
"""Direction of a link to a reading -> cell. A reading that a claim does not speak to is N."""


@dataclass(frozen=True)
class Column:
    """One claim against all readings.

    Attributes
    ----------
    claim : str
    voice : str
        Role id of whoever the claim belongs to.
    asserters : tuple of str
    about_person : bool
    cells : tuple of {"C", "I", "N"}
        In the order of the matrix' readings.
    fits, against, open : tuple of str
        The readings with C, I and N.
    """

    claim: str
    voice: str
    asserters: tuple[str, ...]
    about_person: bool
    cells: tuple[Cell, ...]
    fits: tuple[str, ...]
    against: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def fits_all(self) -> bool:
        """True where the claim fits every reading: it discriminates nothing."""
        return bool(self.fits) and not self.against and not self.open

    @property
    def discriminates(self) -> bool:
        """True where two readings have different cells."""
        return len(set(self.cells)) > 1

    @property
    def pairs_separated(self) -> int | None:
        """Pairs of readings of which the claim fits one and speaks against the other.

        None for a claim about a person: no number is ever attached to it.
        """
        return None if self.about_person else len(self.fits) * len(self.against)


@dataclass(frozen=True)
class Matrix:
    """Readings x claims.

    Attributes
    ----------
    readings : tuple of str
        Rows, in the fixed order.
    columns : tuple of Column
        Claims that speak to at least one reading, in ledger order. Cells are never summed to a score of a reading.
    """

    readings: tuple[str, ...]
    columns: tuple[Column, ...]

    def cell(self, reading: str, claim: str) -> Cell:
        """One cell; N where the claim does not speak to the reading."""
        row = self.readings.index(reading)
        return next((column.cells[row] for column in self.columns if column.claim == claim), "N")

    @property
    def all_fit(self) -> tuple[Column, ...]:
        """Claims that fit every reading: they tell us nothing between readings."""
        return tuple(column for column in self.columns if column.fits_all)

    @property
    def discriminating(self) -> tuple[Column, ...]:
        """Claims that tell readings apart."""
        return tuple(column for column in self.columns if column.discriminates)

    def by_asserter(self) -> dict[str, tuple[Column, ...]]:
        """Discriminating columns grouped by voice, voices in order of appearance."""
        groups: dict[str, list[Column]] = {}
        for column in self.discriminating:
            groups.setdefault(column.voice, []).append(column)
        return {role: tuple(columns) for role, columns in groups.items()}

    def spoken_for(self) -> dict[str, tuple[str, ...]]:
        """Reading -> discriminating claims that fit it."""
        return {
            reading: tuple(column.claim for column in self.discriminating if reading in column.fits)
            for reading in self.readings
        }


def column(ledger: Ledger, claim: str, readings: tuple[str, ...]) -> Column | None:
    """One claim against all readings, or None where it speaks to none.

    Parameters
    ----------
    ledger : Ledger
    claim : str
    readings : tuple of str
        Ids, in the fixed order.

    Returns
    -------
    Column or None
        A link to every reading gives the cell that a link to one of them overrides.
    """
    cells: dict[str, Cell] = {}
    common: Cell = "N"
    spoken = False
    for link in ledger.links_of.get(claim, ()):
        if link.kind != "reading":
            continue
        spoken = True
        if link.target == EVERY:
            common = CELLS[link.direction]
        else:
            cells[link.target] = CELLS[link.direction]
    if not spoken:
        return None
    line = tuple(cells.get(reading, common) for reading in readings)
    by_cell = {cell: tuple(r for r, found in zip(readings, line, strict=True) if found == cell) for cell in "CIN"}
    said = ledger.claims[claim]
    return Column(claim, said.voice, said.asserters, said.about_person, line, by_cell["C"], by_cell["I"], by_cell["N"])


def matrix(ledger: Ledger, readings: Iterable[str]) -> Matrix:
    """Compute the matrix from the links.

    Parameters
    ----------
    ledger : Ledger
    readings : iterable of str
        Ids, in the fixed order.
    """
    rows = tuple(readings)
    columns = (column(ledger, claim, rows) for claim in ledger.claims)
    return Matrix(rows, tuple(found for found in columns if found is not None))
