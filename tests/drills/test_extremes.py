"""Worlds and runs at the edge of what is allowed: finite, whole, never negative, the same digits when cut in two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tregua.case import load_case
from tregua.errors import ModelError
from tregua.explore.experiment import Experiment, Worker
from tregua.model import draws
from tregua.model.declare import DEFAULTS
from tregua.model.levers import Timeline
from tregua.model.outcomes import FLOWS
from tregua.model.simulate import Simulator
from tregua.model.synthetic import synthetic_country
from tregua.model.world import Area, Gang, World
from tregua.runs import Store, run_shards
from tregua.runs.local import Computed
from tregua.runs.shard import Shard

FAMILY = next(name.removeprefix("command_0_") for name in DEFAULTS if name.startswith("command_0_"))
COUNTED = [
    FLOWS.index(name)
    for name in ("homicides", "homicides_recorded", "homicides_hidden", "deaths_by_state", "arrests_made")
]


def gangs(number: int) -> tuple[Gang, ...]:
    return tuple(Gang(f"g{n:02d}", f"gang {n}", 1.0 / number, FAMILY) for n in range(number))


def areas(number: int, population: float = 40_000.0) -> tuple[Area, ...]:
    return tuple(Area(f"a{n:04d}", f"area {n}", population, 0.5) for n in range(number))


def world(n_areas: int, n_gangs: int) -> World:
    base = synthetic_country(14, 1)
    floor = min(base.split_floor, 0.5 / n_gangs)
    return replace(base, areas=areas(n_areas), gangs=gangs(n_gangs), split_floor=floor, prison_by_presence=False)


EXTREMES = {
    "one area, one gang": (1, 1, 104),
    "a thousand areas": (1000, 2, 26),
    "twenty gangs": (3, 20, 104),
    "one week": (3, 2, 1),
    "a hundred years": (3, 2, 5218),
}


def run(simulator: Simulator, days: float, cut: float | None = None) -> Any:
    values = {**DEFAULTS, "capture_0": min(DEFAULTS["capture_0"], 0.5 / len(simulator.gang_ids))}
    line = Timeline().with_level("contact", 0, 0.35)
    since, th = simulator.start(values, line, draws.history_key(3, 0, 0))
    if cut is not None:
        since = simulator.run(th, since, line, cut, breaks=(cut,)).end
    return simulator.run(th, since, line, days, breaks=() if cut is None else (cut,), cuts=(since.day, days))


@pytest.mark.parametrize("name", EXTREMES)
def test_extreme_worlds_stay_in_range(name: str) -> None:
    n_areas, n_gangs, weeks = EXTREMES[name]
    simulator = Simulator(world(n_areas, n_gangs))
    whole = run(simulator, 7.0 * weeks)
    for array in (*whole.record, *whole.end.state):
        plain = array if array.dtype.names is None else np.array(array.tolist(), float)
        assert np.isfinite(plain).all()
    flows = whole.record.flows.sum(axis=0)
    assert (flows >= 0.0).all()
    assert (flows[COUNTED] == np.floor(flows[COUNTED])).all()
    cells = whole.end.state.cell
    for stock in ("active", "calmados", "imprisoned"):
        assert (cells[stock] >= 0.0).all()
        assert (cells[stock] == np.floor(cells[stock])).all()


@pytest.mark.parametrize("name", [name for name, (_, _, weeks) in EXTREMES.items() if weeks > 1])
def test_extreme_histories_cut_in_two_have_the_same_digits(name: str) -> None:
    n_areas, n_gangs, weeks = EXTREMES[name]
    simulator = Simulator(world(n_areas, n_gangs))
    whole = run(simulator, 7.0 * weeks)
    halves = run(simulator, 7.0 * weeks, cut=7.0 * (weeks // 2))
    for one, two in zip(whole.end.state, halves.end.state, strict=True):
        assert one.tobytes() == two.tobytes()


def test_an_area_without_people_is_refused_in_words() -> None:
    with pytest.raises(ModelError, match="leave the area out"):
        replace(world(3, 2), areas=(*areas(2), Area("a9", "empty", 0.0, 0.0)))


def test_an_area_with_one_resident_stays_in_range() -> None:
    small = replace(world(3, 2), areas=(*areas(2), Area("a9", "one", 1.0, 0.0)))
    found = run(Simulator(small), 7.0 * 104)
    assert np.isfinite(found.record.flows).all()


class Struck(Worker):
    """A worker whose kernel fails, or leaves the numbers, for one history in a hundred."""

    kind = "raises"

    def simulator(self, draw: int) -> Any:
        found = super().simulator(draw)
        if draw % 100 != 37:
            return found
        outer = self

        class Bad:
            def __getattr__(self, name: str) -> Any:
                return getattr(found, name)

            def follow(self, *given: Any, **more: Any) -> Any:
                run = found.follow(*given, **more)
                if outer.kind == "raises":
                    raise FloatingPointError("a rate below zero")
                run.record.flows[:] = np.nan
                return run

        return Bad()


@pytest.mark.parametrize("kind", ["raises", "nan"])
def test_one_failing_history_in_a_hundred_is_set_aside_and_the_others_stand(tmp_path: Path, kind: str) -> None:
    case = load_case("el_salvador_2012")
    decision = next(iter(case.decisions))
    experiment = Experiment(case, draws=50, readings=("default",), arms=("open_truce",))
    shards: list[Shard] = experiment.compare_shards(decision)
    struck = Struck(experiment)
    struck.kind = kind
    sound, broken = (Store.open(tmp_path / name, experiment.origin) for name in ("sound", "broken"))
    run_shards(shards, Worker(experiment), sound, 2)
    report = run_shards(shards, struck, broken, 2)
    assert report.failures
    assert {failure.draw for failure in report.failures} == {37}
    assert all("--draw 37" in failure.reproduce for failure in report.failures)
    assert not report.failed
    for shard in shards:
        one, two = sound.read(shard, "summaries"), broken.read(shard, "summaries")
        kept = one.filter(np.array(one["draw"]) != 37)
        assert kept.drop_columns("value").equals(two.drop_columns("value"))
        np.testing.assert_array_equal(np.array(kept["value"]), np.array(two["value"]))
    again = run_shards(shards, struck, broken, 2)
    assert again.computed == 0


def test_a_worker_that_dies_whole_leaves_the_other_shards(tmp_path: Path) -> None:
    case = load_case("el_salvador_2012")
    experiment = Experiment(case, draws=50, readings=("default",), arms=("open_truce",))
    shards = experiment.compare_shards(next(iter(case.decisions)))
    worker = Worker(experiment)

    def dying(shard: Shard) -> Computed:
        if shard is shards[0]:
            raise MemoryError
        return worker(shard)

    store = Store.open(tmp_path, experiment.origin)
    report = run_shards(shards, dying, store, 2)
    assert report.failed == 1
    assert len(report.failed_shards) == 1
    assert report.computed == len(shards) - 1
    assert run_shards(shards, worker, store, 2).computed == 1


def test_the_first_day_may_be_any_day() -> None:
    leap = replace(world(2, 1), start=date(2012, 2, 29))
    assert np.isfinite(run(Simulator(leap), 7.0 * 60).record.flows).all()
