"""Memory while histories are computed does not grow with how many there are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import sys
from pathlib import Path

from keyed_work import ORIGIN, compute, plan

from tregua.runs import Store, run_shards

folder, draws = Path(sys.argv[1]), int(sys.argv[2])
store = Store.open(folder, ORIGIN)
shards = plan(draws=draws, size=50, luck=1)
assert run_shards(shards, compute, store, 2).complete
status = Path("/proc/self/status").read_text(encoding="utf-8")
print(sum(shard.size for shard in shards), next(line.split()[1] for line in status.splitlines() if "VmHWM" in line))
"""
SLACK = 48 * 1024
"""Kilobytes by which two runs of a process differ anyway."""


def computed(folder: Path, draws: int) -> tuple[int, int]:
    """Histories, and the most kilobytes that a process of its own held while it computed them."""
    paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    words = [sys.executable, "-c", SCRIPT, str(folder), str(draws)]
    done = subprocess.run(words, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=True)
    histories, most = done.stdout.split()
    return int(histories), int(most)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell the memory of a process")
def test_thirty_times_the_histories_take_no_more_memory(tmp_path: Path) -> None:
    few, small = computed(tmp_path / "few", 100)
    many, large = computed(tmp_path / "many", 3000)
    assert (few, many) == (600, 18_000)
    assert large < small + SLACK
