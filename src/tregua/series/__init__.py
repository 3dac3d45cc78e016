"""What was counted: figures over days, with source, institution and revision kept."""

from tregua.series.catalogue import Mark, ObservationSet
from tregua.series.measure import MEASURES, Measure
from tregua.series.observation import Amount, Count, Observation, Ratio, Share, Stock, institution_class
from tregua.series.partition import Check, Partition, Piece, partition
from tregua.series.source import Source
from tregua.series.span import DaySet, Span

__all__ = [
    "MEASURES",
    "Amount",
    "Check",
    "Count",
    "DaySet",
    "Mark",
    "Measure",
    "Observation",
    "ObservationSet",
    "Partition",
    "Piece",
    "Ratio",
    "Share",
    "Source",
    "Span",
    "Stock",
    "institution_class",
    "partition",
]
