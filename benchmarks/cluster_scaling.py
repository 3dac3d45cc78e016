"""What a second worker of a Dask cluster is worth, a section of RESULTS.md: ``python -m benchmarks.cluster_scaling``.

The same histories of the bundled case go through a cluster of one worker process and through one of two, in turns and
each time into an empty store, as ``tregua compare --cluster`` sends them. The machine may be shared and its cores need
not be whole ones, so that a plain loop in one process and in two is timed beside it: no cluster can do better.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.results import put

HEADING = "Workers of a cluster"
AIM = 1.7
LOOP = 30_000_000


def loop(n: int = LOOP) -> int:
    """A loop that needs nothing but a core."""
    total = 0
    for k in range(n):
        total += k & 3
    return total


def loops(pool: ProcessPoolExecutor, workers: int) -> float:
    """Loops a second of the clock on some processes."""
    began = time.perf_counter()
    for told in [pool.submit(loop) for _ in range(workers)]:
        told.result()
    return workers / (time.perf_counter() - began)


def measure(rounds: int, draws: int) -> tuple[dict[int, list[float]], dict[int, list[float]], int]:
    """Histories a second and loops a second by number of workers, and the histories of one pass."""
    from distributed import LocalCluster

    from tregua.case import load_case
    from tregua.explore.experiment import Experiment, Recipe
    from tregua.runs import Store
    from tregua.runs.cluster import connected, run_on_cluster

    warnings.filterwarnings("ignore", message="Port .* is already in use")
    case = load_case("el_salvador_2012")
    experiment = Experiment(case, draws=draws)
    shards = experiment.compare_shards(next(iter(case.decisions)), ("default",))
    recipe = Recipe.of(experiment)
    histories: dict[int, list[float]] = {1: [], 2: []}
    plain: dict[int, list[float]] = {1: [], 2: []}
    count = 0
    options: dict[str, Any] = {"threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with (
        LocalCluster(n_workers=1, **options) as one,
        LocalCluster(n_workers=2, **options) as two,
        connected(one.scheduler_address) as first,
        connected(two.scheduler_address) as second,
        ProcessPoolExecutor(2) as pool,
        tempfile.TemporaryDirectory() as folder,
    ):
        second.wait_for_workers(2, timeout=60)

        def passed(workers: int, name: str, asked: list[Any]) -> float:
            nonlocal count
            store = Store.open(Path(folder) / name, experiment.origin, case_id=case.id)
            began = time.perf_counter()
            report = run_on_cluster(asked, recipe, store, first if workers == 1 else second)
            count = report.histories
            return report.histories / (time.perf_counter() - began)

        for workers in (1, 2):  # each worker loads the case and the compiled model before anything is timed
            passed(workers, f"warm {workers}", shards[: 2 * workers])
        for number in range(rounds):
            for workers in (1, 2) if number % 2 else (2, 1):
                plain[workers].append(loops(pool, workers))
                histories[workers].append(passed(workers, f"{number} {workers}", shards))
    return histories, plain, count


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--draws", type=int, default=100)
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    histories, plain, count = measure(asked.rounds, asked.draws)

    def gain(rates: dict[int, list[float]]) -> tuple[float, float, float]:
        each = [two / one for one, two in zip(rates[1], rates[2], strict=True)]
        return statistics.median(each), min(each), max(each)

    found, machine = gain(histories), gain(plain)
    verdict = "met" if found[0] >= AIM else "**missed**"
    body = f"""Written by `python -m benchmarks.cluster_scaling` in one go: {asked.rounds} rounds of {count:,} histories, in turns; load
{load:.1f} at the start and {os.getloadavg()[0]:.1f} at the end, {os.cpu_count()} cores.

| measure | median | least | most | aim | |
| --- | --- | --- | --- | --- | --- |
| histories a second, one worker | {statistics.median(histories[1]):.0f} | {min(histories[1]):.0f} | {max(histories[1]):.0f} | - |  |
| histories a second, two workers | {statistics.median(histories[2]):.0f} | {min(histories[2]):.0f} | {max(histories[2]):.0f} | - |  |
| two workers over one | {found[0]:.2f} | {found[1]:.2f} | {found[2]:.2f} | at least {AIM} | {verdict} |
| a plain loop in two processes over one | {machine[0]:.2f} | {machine[1]:.2f} | {machine[2]:.2f} | - | what the machine gives |
"""  # noqa: E501
    put(HEADING, body)
    print(body)


if __name__ == "__main__":
    main()
