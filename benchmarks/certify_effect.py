"""Certify the estimators of the effect on simulated worlds; resumable, one line a world.

    python benchmarks/certify_effect.py --worlds 1000 --slow-worlds 200 --processes 2

Writes scores to ``build/certify/scores.jsonl`` (finished worlds are never run again) and the table to
``src/tregua/effect/certification.csv``. ``--simulator FILE.csv`` adds worlds of the simulator: columns ``world``,
``effect`` (1 for histories without a truce) and one column for each count of the case, named by its id.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, fields, replace
from datetime import date
from pathlib import Path

from tregua.case import load_case
from tregua.effect.certification import (
    COUNTRIES,
    EFFECT,
    FAST,
    PROCESSES,
    SLOW,
    CertificationRow,
    Score,
    World,
    make_world,
    score,
    tabulate,
)
from tregua.effect.design import Design
from tregua.effect.inputs import case_inputs

ROOT = Path(__file__).resolve().parent.parent
SCORES = ROOT / "build" / "certify" / "scores.jsonl"
TABLE = ROOT / "src" / "tregua" / "effect" / "certification.csv"
CHUNK, SLOW_CHUNK = 25, 5
Task = tuple[str, str, float, int, int, int, str]


def tasks(options: argparse.Namespace) -> Iterator[Task]:
    """(estimator, process, effect, first, last, seed, simulator file): chunks of worlds."""
    for estimator in (*FAST, *SLOW):
        slow = estimator in SLOW
        if options.only and estimator not in options.only:
            continue
        worlds, size = (options.slow_worlds, SLOW_CHUNK) if slow else (options.worlds, CHUNK)
        processes = (COUNTRIES,) if estimator == "synthetic_control" else ("serial",) if slow else PROCESSES
        if options.simulator and estimator != "synthetic_control" and not slow:
            processes = (*processes, "simulator")
        for process, effect in itertools.product(processes, (1.0, EFFECT)):
            # the slow forms share their worlds between the two effects
            count = worlds // 2 if slow else worlds
            if process == "simulator":
                count = len(_simulated(options.simulator, effect))
            for first in range(0, count, size):
                yield estimator, process, effect, first, min(first + size, count), options.seed, options.simulator


def _simulated(path: str, effect: float) -> list[dict[str, str]]:
    with Path(path).open(newline="", encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if (float(row["effect"]) == 1.0) == (effect == 1.0)]


def _design() -> Design:
    return case_inputs(load_case("el_salvador_2012")).design


def run(task: Task, known: frozenset[int]) -> list[dict[str, object]]:
    """Scores of one chunk, worlds already known left out."""
    estimator, process, effect, first, last, seed, simulator = task
    design = _design()
    rows = _simulated(simulator, effect) if process == "simulator" else []
    out: list[dict[str, object]] = []
    for number in range(first, last):
        if number in known:
            continue
        planted = effect
        if process == "simulator":
            planted = float(rows[number]["effect"])
            values = [int(rows[number][count.id]) for count in design.series.counts]
            world = World(process, planted, number, replace(design, series=design.series.with_counts(values)))
        else:
            world = make_world(design, process, effect, number, seed)
        began = time.perf_counter()
        result = score(world, estimator)
        out.append(
            {
                "estimator": estimator,
                "process": process,
                "effect": effect,
                "world": number,
                "seed": seed,
                "seconds": round(time.perf_counter() - began, 3),
                **asdict(result),
            }
        )
    return out


def done() -> dict[tuple[str, str, float, int], dict[int, dict[str, object]]]:
    """Finished worlds by (estimator, process, effect, seed); a torn last line is left out."""
    found: dict[tuple[str, str, float, int], dict[int, dict[str, object]]] = {}
    if SCORES.exists():
        for line in SCORES.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                continue
            key = (row["estimator"], row["process"], row["effect"], row["seed"])
            found.setdefault(key, {})[row["world"]] = row
    return found


def write_table(options: argparse.Namespace) -> None:
    """The table of everything finished with this seed, worlds up to the number asked."""
    scores: dict[tuple[str, str, float], list[Score]] = {}
    seconds: dict[str, list[float]] = {}
    for (estimator, process, effect, seed), rows in done().items():
        if seed != options.seed:
            continue
        scores[estimator, process, effect] = [
            Score(bool(row["saw"]), bool(row["held"]), bool(row["failed"])) for _, row in sorted(rows.items())
        ]
        seconds.setdefault(estimator, []).extend(float(str(row["seconds"])) for row in rows.values())
    table = tabulate(scores, options.seed, options.date)
    with TABLE.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow([field.name for field in fields(CertificationRow)])
        for row in table:
            writer.writerow([f"{v:.4f}" if isinstance(v, float) else v for v in asdict(row).values()])
    for row in table:
        text = f"{row.estimator:26} {row.process:14} {row.measure:15} {row.share:.3f} [{row.lo:.3f}; {row.hi:.3f}]"
        print(f"{text}  {row.worlds} worlds" + (f", {row.failed} without estimate" if row.failed else ""))
    for estimator, values in sorted(seconds.items()):
        print(f"{estimator:26} {sum(values) / len(values):.2f} s a world", file=sys.stderr)


def main() -> None:
    """Run what is missing, then write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=1000)
    parser.add_argument("--slow-worlds", type=int, default=200)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=20120309)
    parser.add_argument("--date", default=date.today().isoformat())
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--simulator", default="")
    options = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        # read by the spawned processes: matrices are small, one thread each is fastest
        os.environ[name] = "1"
    SCORES.parent.mkdir(parents=True, exist_ok=True)
    finished = done()
    waiting = []
    for task in tasks(options):
        known = frozenset(finished.get((task[0], task[1], task[2], task[5]), {}))
        if not known.issuperset(range(task[3], task[4])):
            waiting.append((task, known))
    began = time.monotonic()
    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(max_workers=options.processes, mp_context=context) as pool,
        SCORES.open("a", encoding="utf-8") as out,
    ):
        futures = [pool.submit(run, task, known) for task, known in waiting]
        for number, future in enumerate(as_completed(futures), start=1):
            for row in future.result():
                out.write(json.dumps(row) + "\n")
            out.flush()
            if number % 20 == 0 or number == len(futures):
                minutes = (time.monotonic() - began) / 60
                print(f"{number} of {len(futures)} chunks, {minutes:.1f} min", file=sys.stderr, flush=True)
    write_table(options)


if __name__ == "__main__":
    main()
