"""What a table of regret says in words: worst case, average, and the readings on which the answer hangs."""

from __future__ import annotations

from tregua.report.inputs import Regret
from tregua.report.verdict import judged


def rows(table: dict[str, tuple[float, ...]], error: float = 1.0) -> list[Regret]:
    readings = ("default", "second", "third")
    return [
        Regret("2012", 5, arm, reading, "rights", value, error)
        for arm, values in table.items()
        for reading, value in zip(readings, values, strict=False)
    ]


def test_the_worst_case_and_the_average_are_told_apart():
    found = judged(rows({"truce": (0.0, 100.0, 0.0), "detention": (60.0, 0.0, 60.0), "none": (90.0, 90.0, 90.0)}))
    assert found is not None
    assert (found.least, found.worst.value, found.average) == ("detention", 60.0, "truce")
    assert (found.average_worst.reading, found.average_worst.value) == ("second", 100.0)
    assert (found.lower, found.better, found.readings, found.everywhere) == (2, 2, 3, False)
    assert found.best_there == "truce"
    assert found.without == (("second", "truce"),), "the answer hangs on that reading alone"
    assert found.trusted == "detention"


def test_readings_that_are_not_trusted_can_change_the_answer():
    table = rows({"truce": (0.0, 100.0, 0.0), "detention": (60.0, 0.0, 60.0)})
    found = judged(table, {"second"})
    assert found is not None
    assert found.trusted == "truce"
    everything = judged(table, {"default", "second", "third"})
    assert everything is not None
    assert everything.trusted == everything.least, "where none is trusted the answer of all stands"


def test_what_errors_do_not_tell_apart_is_named_and_counted_nowhere():
    table = {"truce": (0.0, 61.0), "detention": (60.0, 2.0)}
    rough, fine = judged(rows(table, 40.0)), judged(rows(table, 0.1))
    assert rough is not None
    assert fine is not None
    assert rough.close == ("truce",)
    assert (rough.lower, rough.better) == (1, 0)
    assert fine.close == ()
    assert fine.better == 1


def test_one_reading_or_a_response_that_is_least_bad_everywhere():
    single = judged(rows({"truce": (0.0,), "none": (5.0,)}))
    assert single is not None
    assert single.everywhere
    assert single.without == ()
    assert judged([]) is None
    gaps = judged([*rows({"truce": (0.0, 3.0)}), Regret("2012", 5, "none", "default", "rights", 1.0, 0.0)])
    assert gaps is not None
    assert gaps.least == "truce", "a response without all readings is not judged"
