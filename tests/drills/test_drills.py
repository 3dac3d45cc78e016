"""Drills on real commands: however a run is disturbed, the same command then ends with the same bytes.

The long version, with more commands and more points, is `make drill`; broken and foreign files, several processes and
dying cluster workers have their tests in tests/runs.
"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tregua.cli.drill import Drill, DrillError, digests, shards

SMALL = ("compare", "--draws", "4", "--arm", "open_truce", "--reading", "default,bonding,hidden_killings")


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Drill:
    return Drill(tmp_path_factory.mktemp("drill"), SMALL)


def test_a_killed_comparison_ends_with_the_same_digits(drill: Drill) -> None:
    assert drill.killed(2, begin=0.4) == len(drill.whole[0]) > 4


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="no limit on the size of files here")
def test_a_disk_that_fills_up_is_told_and_the_run_goes_on_later(drill: Drill) -> None:
    assert drill.starved(1) == len(drill.whole[0])


def test_a_truncated_last_shard_is_set_aside_and_computed_again(drill: Drill) -> None:
    assert drill.spoiled(1) == len(drill.whole[0])


def test_two_comparisons_on_one_store_agree(drill: Drill) -> None:
    assert drill.doubled(2) == len(drill.whole[0])


def test_a_drill_sees_a_lost_and_a_changed_shard(drill: Drill) -> None:
    out = drill.out()
    drill.run(out)
    receipt = next(path for path in shards(out) if path.suffix == ".json")
    receipt.write_bytes(receipt.read_bytes() + b" ")
    with pytest.raises(DrillError, match="1 other"):
        drill.hold(out)
    receipt.unlink()
    with pytest.raises(DrillError, match="1 files lost"):
        drill.hold(out)


def test_a_drill_sees_a_shard_that_is_not_what_its_receipt_says(drill: Drill, tmp_path: Path) -> None:
    drill.run(tmp_path)
    table = next(path for path in shards(tmp_path) if path.suffix == ".parquet")
    table.write_bytes(table.read_bytes()[:-1])
    with pytest.raises(DrillError, match="not what its receipt says"):
        drill.whole_files(tmp_path)
    assert digests(tmp_path) != drill.whole[0]
