"""What the truce did to recorded counts: designs, estimators, checks, and a verdict no stronger than they allow."""

from tregua.effect.design import (
    CountOver,
    CountSeries,
    Design,
    DesignError,
    Donor,
    DonorPool,
    Phase,
    Phases,
    YearlyRate,
)
from tregua.effect.read_counts import CountsError, ReadCounts, read_counts

__all__ = [
    "CountOver",
    "CountSeries",
    "CountsError",
    "Design",
    "DesignError",
    "Donor",
    "DonorPool",
    "Phase",
    "Phases",
    "ReadCounts",
    "YearlyRate",
    "read_counts",
]
