"""Experiments on the real kernel: the same digits whatever the threads, the chunks and the interruptions."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tregua.case.load import Case, load_case
from tregua.errors import UsageError
from tregua.explore.experiment import RECORD_ARM, Experiment, Worker
from tregua.explore.study import stages, store_folder
from tregua.model.outcomes import FLOWS, STOCKS
from tregua.model.readings import Reading
from tregua.model.simulate import Simulator, simulate_history
from tregua.runs.local import run_shards
from tregua.runs.query import read
from tregua.runs.shard import Shard
from tregua.runs.store import Store

ARMS = ("secret_truce", "mano_dura")


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("el_salvador_2012")


def small(case: Case, **settings: object) -> Experiment:
    return Experiment(case, **{"draws": 4, "readings": ("default", "brokers_agents"), "arms": ARMS, **settings})  # type: ignore[arg-type]


def rows(folder: Path, experiment: Experiment, shards: list[Shard], threads: int) -> dict[str, list[object]]:
    store = Store.open(folder, experiment.origin)
    report = run_shards(shards, Worker(experiment), store, threads)
    assert report.complete
    table = read(store, "summaries")
    columns = {name: table.column(name).to_pylist() for name in table.column_names}
    keys = ("decision", "reading", "arm", "draw", "luck", "horizon", "outcome")
    order = sorted(range(table.num_rows), key=lambda i: tuple(columns[k][i] for k in keys))
    return {name: [column[i] for i in order] for name, column in columns.items()}


def test_threads_and_chunks_do_not_change_a_digit(case: Case, tmp_path: Path) -> None:
    experiment = small(case)
    whole = experiment.compare_shards("2012")
    pieces = [
        Shard(s.kind, s.label, {**s.settings, "draws": [d]}, 1) for s in reversed(whole) for d in s.settings["draws"]
    ]
    one = rows(tmp_path / "one", experiment, whole, 1)
    two = rows(tmp_path / "two", experiment, pieces, 2)
    assert repr(one) == repr(two)


def test_another_seed_gives_other_digits(case: Case, tmp_path: Path) -> None:
    one, two = small(case), small(case, seed=7)
    first = rows(tmp_path / "one", one, one.compare_shards("2012", ["default"]), 2)
    second = rows(tmp_path / "two", two, two.compare_shards("2012", ["default"]), 2)
    assert first["value"] != second["value"]


def test_readings_of_ones_own_that_lay_other_paths_are_other_results(case: Case) -> None:
    keys = set()
    for paths in ({}, {"lethal": ((1000, 1.0),)}, {"lethal": ((1000, 2.0),)}, {"arrests": ((1000, 2.0),)}):
        asked = small(case, readings=("mine",), own_readings=(Reading("mine", "mine", "mía", paths=paths),))
        keys.add(asked.compare_shards("2012")[0].key(asked.origin))
    assert len(keys) == 4


def test_luck_is_counted_within_a_draw(case: Case, tmp_path: Path) -> None:
    """Two draws under one luck number do not share their chance: with equal parameters they still differ."""
    experiment = small(case, luck=2, overrides={})
    worker = Worker(experiment)
    simulator = worker.simulator(0)
    ends = []
    for draw, luck in ((0, 0), (0, 1), (5, 0)):
        values = worker.values(0, "default")
        run = simulate_history(
            simulator, values, case.history, seed=1, draw=draw, luck=luck, until=700.0, cuts=[0.0, 700.0]
        )
        ends.append(float(run.flow("homicides")[0]))
    assert len(set(ends)) == 3


def test_an_arm_with_the_levers_of_history_is_history(case: Case) -> None:
    """Branching on the decision day under unchanged levers gives the digits of the run that never branched."""
    experiment = small(case)
    worker = Worker(experiment)
    decision = case.decisions["2012"]
    record = decision.arms[RECORD_ARM]
    unchanged = decision.timeline(type(record)(record.id, "", "", record=True), case.history)
    cuts = worker.horizon_days(decision)
    simulator, since, th = worker.past(2, 0, "default", float(decision.day))
    breaks = [float(d.day) for d in case.decisions.values()]
    arm = simulator.run(th, since, unchanged, cuts[-1], breaks=breaks, cuts=cuts)
    straight = simulate_history(
        simulator,
        worker.values(2, "default"),
        case.history,
        seed=experiment.seed,
        draw=2,
        luck=0,
        until=cuts[-1],
        breaks=breaks,
        cuts=cuts,
    )
    assert np.array_equal(arm.record.flows, straight.record.flows)
    assert np.array_equal(arm.record.stocks, straight.record.stocks)
    for one, two in zip(arm.end.state, straight.end.state, strict=True):
        assert one.tobytes() == two.tobytes()


def test_every_history_keeps_integers_in_counts_of_people(case: Case, tmp_path: Path) -> None:
    """Horizons fall inside steps, where flows are shared by days; stocks are read whole."""
    experiment = small(case)
    table = rows(tmp_path, experiment, experiment.compare_shards("2012", ["default"]), 2)
    people = {"members_active", "calmados", "members_imprisoned", "youth_detained", "members_exited", "members_dead"}
    values = [v for v, o in zip(table["value"], table["outcome"], strict=True) if o in people]
    assert values
    assert all(float(v) == int(float(v)) for v in values)  # type: ignore[arg-type]


def test_the_record_covers_every_day_once(case: Case, tmp_path: Path) -> None:
    experiment = Experiment(case, draws=1, readings=("default",))
    store = Store.open(tmp_path, experiment.origin)
    run_shards(experiment.record_shards(), Worker(experiment), store, 1)
    table = read(store, "flows", where={"area": "national", "gang": "all", "outcome": "homicides"})
    spans = sorted(zip(table.column("start").to_pylist(), table.column("end").to_pylist(), strict=True))
    assert spans[0][0] == case.start
    assert spans[-1][1] == case.end
    assert all((b[0] - a[1]).days == 1 for a, b in pairwise(spans))
    months = {(s.year, s.month) for s, _ in spans if s.day == 1}
    assert len(months) == 12 * (case.end.year - case.start.year + 1)


def test_stocks_and_flows_have_every_declared_outcome(case: Case, tmp_path: Path) -> None:
    experiment = small(case, draws=1)
    table = rows(tmp_path, experiment, experiment.compare_shards("2012", ["default"]), 1)
    assert set(table["outcome"]) == {*FLOWS, *STOCKS, "structural_end_months", "command_left"}


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"draws": 0}, "--draws"),
        ({"readings": ("no_such",)}, "--reading"),
        ({"arms": ("no_such",)}, "--arm"),
        ({"overrides": {"no_such": 1.0}}, "--set"),
    ],
)
def test_what_does_not_exist_is_refused(case: Case, settings: dict[str, object], word: str) -> None:
    with pytest.raises(UsageError) as told:
        small(case, **settings)
    assert told.value.problems[0].key == word


def test_a_failed_history_is_set_aside_and_the_rest_goes_on(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = small(case)
    worker = Worker(experiment)
    usual = Simulator.start

    def start(self: Simulator, values: dict[str, float], *rest: object) -> object:
        if values["contest_rate"] == worker.values(1, "default")["contest_rate"]:
            raise ArithmeticError("planted")
        return usual(self, values, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Simulator, "start", start)
    store = Store.open(tmp_path, experiment.origin)
    report = run_shards(experiment.compare_shards("2012", ["default"]), worker, store, 2)
    assert {(f.draw, f.message) for f in report.failures} == {(1, "planted")}
    assert "tregua simulate" in report.failures[0].reproduce
    assert set(read(store, "summaries").column("draw").to_pylist()) == {0, 2, 3}


def test_killed_and_resumed_is_the_same_as_never_stopped(case: Case, tmp_path: Path) -> None:
    """Kill -9 while shards are written, resume, and compare with a run that was left alone."""
    experiment = Experiment(case, draws=2, arms=ARMS)
    shards = list({s.key(experiment.origin): s for stage in stages(experiment) for s in stage.shards}.values())
    start = "import sys; from tregua.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", start, "run", "--draws", "2", "--out", str(tmp_path / "killed"), "--quiet"]
    for arm in ARMS:
        command += ["--arm", arm]
    folder = store_folder(tmp_path / "killed", case.id) / "shards"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and process.poll() is None:
            if folder.exists() and len(list(folder.glob("*.parquet"))) >= 4:
                os.kill(process.pid, signal.SIGKILL)
                break
            time.sleep(0.01)
    killed = Store.open(store_folder(tmp_path / "killed", case.id), experiment.origin)
    before = sum(shard in killed for shard in shards)
    report = run_shards(shards, Worker(experiment), killed, 2)
    assert report.complete
    assert report.reused == before
    alone = Store.open(tmp_path / "alone", experiment.origin)
    assert run_shards(shards, Worker(experiment), alone, 1).complete
    for shard in shards:
        for name in ("summaries", "flows"):
            if (shard.kind == "record") == (name == "flows"):
                one, two = killed.read(shard, name), alone.read(shard, name)
                assert one.drop_columns(["value"]).equals(two.drop_columns(["value"]))
                assert one.column("value").to_numpy().tobytes() == two.column("value").to_numpy().tobytes()
