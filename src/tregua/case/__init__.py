"""A case study on disk: the only room that reads a case folder."""

from tregua.case.check import CODES, check_case, partition_lines
from tregua.case.load import Case, Event, LeverSource, Target, bundled_cases, digest_of, find_case, load_case
from tregua.case.scaffold import new_case
from tregua.case.schema import json_schema

__all__ = [
    "CODES",
    "Case",
    "Event",
    "LeverSource",
    "Target",
    "bundled_cases",
    "check_case",
    "digest_of",
    "find_case",
    "json_schema",
    "load_case",
    "new_case",
    "partition_lines",
]
