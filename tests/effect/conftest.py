"""Series shaped like the bundled case, for the tests of the effect."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

import tregua
from tregua.effect.design import CountSeries, Design, DonorPool, Phases, YearlyRate
from tregua.effect.read_counts import read_counts

# matrices are small: more threads than one only wait for each other
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

SERIES = Path(tregua.__file__).parent / "cases" / "el_salvador_2012" / "series"


@pytest.fixture(scope="session")
def pieces() -> CountSeries:
    return read_counts(SERIES / "homicides_fit_pieces.csv").series


@pytest.fixture(scope="session")
def design(pieces: CountSeries) -> Design:
    return Design(pieces, Phases.parse(["active=2012-03-09", "eroding=2013-07-01"]))


@pytest.fixture(scope="session")
def yearly_rates() -> tuple[YearlyRate, ...]:
    with (SERIES / "lac_homicide_rates.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            YearlyRate(
                row["iso3"],
                row["country"],
                int(row["year"]),
                float(row["homicides_per_100k"]) if row["homicides_per_100k"] else None,
                int(row["population"]),
            )
            for row in csv.DictReader(lines)
        )


@pytest.fixture(scope="session")
def pool(yearly_rates: tuple[YearlyRate, ...]) -> DonorPool:
    return DonorPool(yearly_rates, "SLV", 2000, 2013, 2012)
