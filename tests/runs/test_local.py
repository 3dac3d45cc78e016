"""Running shards: resume, threads, chunks, interruption, failures, progress."""

from __future__ import annotations

import _thread
import os
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import keyed_work
import pyarrow as pa
import pytest
from keyed_work import ORIGIN, bytes_of, compute, plan, with_failures

from tregua.errors import ModelError
from tregua.runs import Computed, Interrupted, Progress, Shard, Store, run_shards
from tregua.runs.local import reproduce_command
from tregua.runs.query import read


def rows(folder: Path, shards: list[Shard]) -> pa.Table:
    return read(Store.open(folder, ORIGIN), "summaries", shards)


def run(folder: Path, shards: list[Shard], threads: int = 2, work: Any = compute) -> Store:
    store = Store.open(folder, ORIGIN)
    run_shards(shards, work, store, threads)
    return store


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_threads_do_not_change_a_byte(tmp_path: Path, threads: int) -> None:
    one = run(tmp_path / "one", plan(), 1)
    many = run(tmp_path / "many", plan(), threads)
    assert bytes_of(one.folder) == bytes_of(many.folder)


def test_order_does_not_change_a_byte(tmp_path: Path) -> None:
    forth = run(tmp_path / "forth", plan())
    back = run(tmp_path / "back", plan()[::-1])
    assert bytes_of(forth.folder) == bytes_of(back.folder)


@pytest.mark.parametrize("size", [1, 3, 4, 6])
def test_chunking_does_not_change_a_digit(tmp_path: Path, size: int) -> None:
    whole = rows(run(tmp_path / "a", plan(size=2)).folder, plan(size=2))
    cut = rows(run(tmp_path / "b", plan(size=size)).folder, plan(size=size))
    assert cut.equals(whole)


def test_another_seed_differs(tmp_path: Path) -> None:
    one = rows(run(tmp_path / "a", plan(seed=1)).folder, plan(seed=1))
    two = rows(run(tmp_path / "b", plan(seed=2)).folder, plan(seed=2))
    assert one.num_rows == two.num_rows
    assert not one.equals(two)


def test_finished_work_is_never_computed_again(tmp_path: Path) -> None:
    begun: list[str] = []

    def counting(shard: Shard) -> Any:
        begun.append(shard.label)
        return compute(shard)

    store = Store.open(tmp_path, ORIGIN)
    first = run_shards(plan(draws=4), counting, store, 2)
    second = run_shards(plan(draws=6), counting, Store.open(tmp_path, ORIGIN), 2)
    third = run_shards([*plan(draws=6), *plan(draws=6)], counting, Store.open(tmp_path, ORIGIN), 2)
    assert (first.computed, first.reused) == (4, 0)
    assert (second.computed, second.reused) == (2, 4)
    assert (third.computed, third.reused, third.total) == (0, 6, 6)
    assert len(begun) == len(set(begun)) == 6
    assert third.complete


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(keyed_work.__file__).parent), *sys.path])}
    return subprocess.Popen(
        [sys.executable, keyed_work.__file__, str(folder), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def test_kill_and_resume_equals_uninterrupted(tmp_path: Path) -> None:
    whole = start(tmp_path / "whole", "2", "fast")
    assert whole.communicate(timeout=120)[0].strip() == "computed 40 reused 0"
    folder = tmp_path / "killed"
    kept = 0
    for _ in range(3):
        process = start(folder, "2", "slow")
        until = time.monotonic() + 60
        while time.monotonic() < until and len(list(folder.glob("shards/*.json"))) < kept + 3:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
        kept = len(list(folder.glob("shards/*.json")))
    assert 9 <= kept < 40
    last = start(folder, "2", "fast")
    assert last.communicate(timeout=120)[0].strip() == f"computed {40 - kept} reused {kept}"
    assert bytes_of(folder) == bytes_of(tmp_path / "whole")
    assert not (folder / "quarantine").exists()


def test_ctrl_c_keeps_what_is_finished_and_the_rest_follows(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", ORIGIN)

    def stop_after_three(state: Progress) -> None:
        if state.done >= 3 * plan()[0].size:
            _thread.interrupt_main()

    with pytest.raises(Interrupted, match="runs are kept; the same command goes on from here") as error:
        run_shards(plan(draws=40), keyed_work.slow, store, 2, stop_after_three)
    report = error.value.report
    assert report.interrupted
    assert report.failed == 0
    assert 3 <= report.computed < 40
    assert report.computed + report.remaining == 40
    assert f"{report.histories} runs" in str(error.value)
    assert len(list((tmp_path / "store" / "shards").glob("*.json"))) == report.computed
    resumed = run_shards(plan(draws=40), compute, Store.open(tmp_path / "store", ORIGIN), 2)
    assert (resumed.reused, resumed.computed) == (report.computed, 40 - report.computed)
    assert bytes_of(tmp_path / "store") == bytes_of(run(tmp_path / "whole", plan(draws=40)).folder)


def test_shards_that_outlast_the_grace_are_dropped(tmp_path: Path) -> None:
    gate = threading.Event()
    store = Store.open(tmp_path, ORIGIN)

    def stuck(shard: Shard) -> Any:
        _thread.interrupt_main()
        gate.wait(30)
        return compute(shard)

    began = time.monotonic()
    with pytest.raises(Interrupted) as error:
        run_shards(plan(), stuck, store, 1, grace=0.3)
    assert time.monotonic() - began < 10
    assert error.value.report.computed == 0
    gate.set()
    time.sleep(0.2)
    assert not list((tmp_path / "shards").glob("*.json"))


def test_a_cancel_button_stops_after_the_shards_in_hand(tmp_path: Path) -> None:
    stop = threading.Event()
    store = Store.open(tmp_path, ORIGIN)

    def press(shard: Shard) -> Any:
        stop.set()
        return compute(shard)

    report = run_shards(plan(), press, store, 1, stop=stop)
    assert report.interrupted
    assert (report.computed, report.remaining) == (1, 5)
    assert not report.complete


def test_failed_work_is_set_aside_with_its_command_while_the_rest_goes_on(tmp_path: Path) -> None:
    store = Store.open(tmp_path, ORIGIN)
    shards = plan()
    report = run_shards(shards, with_failures, store, 2)
    assert (report.computed, report.failed, report.remaining) == (4, 2, 0)
    assert not report.complete
    row = report.failed_shards[0]
    assert row.message == "ZeroDivisionError: people fell below zero"
    assert row.reproduce == (
        "tregua compare test --decision 2012 --reading bonding --arm no_truce --arm open_truce --arm mano_dura "
        "--seed 20120308 --luck 2 --draws 6"
    )
    assert {(f.draw, f.luck, f.reproduce) for f in report.failures} == {(2, 1, "tregua simulate --draw 2 --luck 1")}
    again = Store.open(tmp_path, ORIGIN)
    assert {row.label for row in again.manifest.failed.values()} == {"bonding, draws 4 to 5", "default, draws 4 to 5"}
    assert len(again.manifest.failures) == 2
    notes = sorted(again.quarantine.glob("*.failed.txt"))
    assert len(notes) == 2
    assert "reproduce: tregua compare test" in notes[0].read_text()
    assert "in with_failures" in notes[0].read_text()

    mended = run_shards(shards, compute, again, 2)
    assert (mended.computed, mended.reused) == (2, 4)
    assert not Store.open(tmp_path, ORIGIN).manifest.failed
    assert not list(again.quarantine.glob("*.failed.txt"))


def test_the_command_of_a_shard_says_every_option() -> None:
    record = Shard("record", "", {"case": "el_salvador_2012", "arm": "as_it_happened", "draws": [0, 1], "step": 3.5,
                                  "set": {"war_gain": 0.5, "phi": 20}, "setups": 5})  # fmt: skip
    assert reproduce_command(record) == (
        "tregua simulate el_salvador_2012 --arm as_it_happened --step 3.5 --draws 2 --set phi=20 --set war_gain=0.5"
    )


def test_an_error_of_the_model_is_told_in_its_own_words(tmp_path: Path) -> None:
    def refuse(shard: Shard) -> Any:
        raise ModelError("lever contact is outside its range", key="contact")

    report = run_shards(plan()[:1], refuse, Store.open(tmp_path, ORIGIN), 1)
    assert report.failed_shards[0].message == "lever contact is outside its range"


def test_tables_of_another_form_count_as_failed_work(tmp_path: Path) -> None:
    report = run_shards(
        plan()[:2], lambda shard: Computed({"summaries": {"arm": "x"}}), Store.open(tmp_path, ORIGIN), 2
    )
    assert report.failed == 2
    assert "needs the columns" in report.failed_shards[0].message


def test_progress_counts_histories_and_tells_the_time_left(tmp_path: Path) -> None:
    run(tmp_path, plan(draws=2))
    states: list[Progress] = []
    run_shards(plan(), with_failures, Store.open(tmp_path, ORIGIN), 2, states.append)
    size = plan()[0].size
    assert (states[0].total, states[0].done, states[0].reused, states[0].left) == (6 * size, 2 * size, 2 * size, None)
    assert len(states) == 5
    assert (states[-1].done, states[-1].failed, states[-1].left) == (4 * size, 2 * size, 0.0)
    assert all(a.done <= b.done for a, b in pairwise(states))
    middle = next(s for s in states if s.rate > 0)
    assert middle.left == pytest.approx((middle.total - middle.done - middle.failed) / middle.rate)


def test_no_work_at_all_is_a_finished_run(tmp_path: Path) -> None:
    report = run_shards([], compute, Store.open(tmp_path, ORIGIN), 2)
    assert report.complete
    assert report.total == 0
