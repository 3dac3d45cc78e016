"""Certify the estimators of the effect on simulated worlds; resumable, one line a world.

    python benchmarks/certify_effect.py --worlds 1000 --slow-worlds 200 --processes 2

Writes scores to ``build/certify/scores.jsonl`` (finished worlds are never run again) and the table to
``src/tregua/effect/certification.csv``, with the design that it belongs to beside it (``.json``). Worlds of the
simulator are made first, from the model as it stands, and kept beside the scores. ``--platform cuda`` samples full
posteriors of many worlds side by side on an accelerator; without it each is sampled by a process of its own.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import multiprocessing
import os
import pickle
import platform
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, fields, replace
from datetime import date
from pathlib import Path

from tregua.effect.certification import (
    COUNTRIES,
    EFFECT,
    FAST,
    PROCESSES,
    PUBLISHED_WINDOW,
    SLOW,
    CertificationRow,
    CertifiedDesign,
    Score,
    World,
    full_job,
    full_score,
    make_world,
    read_table,
    score,
    tabulate,
)
from tregua.effect.design import Design
from tregua.effect.panel import published_months
from tregua.effect.posterior import Job, sample_many

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "certify"
SCORES, SIMULATED, MODEL = FOLDER / "scores.jsonl", FOLDER / "simulator.csv", FOLDER / "simulator.model"
DESIGN = FOLDER / "design.pickle"
TABLE = ROOT / "src" / "tregua" / "effect" / "certification.csv"
CHUNK, SLOW_CHUNK, SIDE_BY_SIDE = 25, 5, 100
CASE, SIMULATOR = "el_salvador_2012", "simulator"
SLOW_PROCESSES = ("serial", "walk")
Cell = tuple[str, str, float]


def prepare(options: argparse.Namespace) -> None:
    """The design of the case and the worlds of the simulator, as files that every process reads."""
    if not DESIGN.exists():
        from tregua.case import load_case
        from tregua.effect.inputs import case_inputs

        DESIGN.write_bytes(pickle.dumps(case_inputs(load_case(CASE)).design))
    if options.simulator_worlds and not SIMULATED.exists():
        from simulated_worlds import write_worlds
        from tregua.case import load_case

        print("worlds of the simulator", file=sys.stderr, flush=True)
        MODEL.write_text(write_worlds(load_case(CASE), _design(), SIMULATED, options.simulator_worlds, options.seed))


def cells(options: argparse.Namespace) -> Iterator[tuple[Cell, int]]:
    """Each (estimator, process, effect) and how many worlds it gets."""
    for estimator in (*FAST, *SLOW):
        if options.only and estimator not in options.only:
            continue
        if estimator in SLOW:
            # the slow forms share their worlds among processes and between the two effects
            for process, effect in itertools.product(SLOW_PROCESSES, (1.0, EFFECT)):
                yield (estimator, process, effect), options.slow_worlds // (2 * len(SLOW_PROCESSES))
            continue
        kinds: tuple[str, ...] = (COUNTRIES,) if estimator == "synthetic_control" else (*PROCESSES, SIMULATOR)
        if estimator == PUBLISHED_WINDOW:
            # the ratio planted in a simulated history is that of the active phase, not of these months
            kinds = PROCESSES
        for process, effect in itertools.product(kinds, (1.0, EFFECT)):
            if process != SIMULATOR:
                yield (estimator, process, effect), options.worlds
            elif options.simulator_worlds:
                yield (estimator, process, effect), len(_simulated(effect))


def _simulated(effect: float) -> list[dict[str, str]]:
    with SIMULATED.open(newline="", encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if (float(row["effect"]) == 1.0) == (effect == 1.0)]


def _design() -> Design:
    design = pickle.loads(DESIGN.read_bytes())
    assert isinstance(design, Design)
    return design


def worlds(cell: Cell, numbers: Iterable[int], seed: int) -> Iterator[World]:
    """The worlds of one cell."""
    estimator, process, effect = cell
    design = published_months(_design()) if estimator == PUBLISHED_WINDOW else _design()
    rows = _simulated(effect) if process == SIMULATOR else []
    for number in numbers:
        if rows:
            values = [int(rows[number][count.id]) for count in design.series.counts]
            series = design.series.with_counts(values)
            yield World(process, float(rows[number]["effect"]), number, replace(design, series=series))
        else:
            yield make_world(design, process, effect, number, seed)


def line(cell: Cell, world: World, seed: int, seconds: float, machine: str, result: Score) -> str:
    """One finished world."""
    estimator, process, effect = cell
    row = {"estimator": estimator, "process": process, "effect": effect, "world": world.number, "seed": seed}
    return json.dumps({**row, "seconds": round(seconds, 3), "machine": machine, **asdict(result)}) + "\n"


def run(cell: Cell, numbers: list[int], seed: int, machine: str) -> list[str]:
    """Lines of some worlds of one cell."""
    if cell[0] in SLOW:
        listed = [(cell, world) for world in worlds(cell, numbers, seed)]
        return list(side_by_side(listed, [full_job(world, cell[0]) for _, world in listed], seed, machine))
    out = []
    for world in worlds(cell, numbers, seed):
        began = time.perf_counter()
        result = score(world, cell[0])
        out.append(line(cell, world, seed, time.perf_counter() - began, machine, result))
    return out


def side_by_side(
    listed: list[tuple[Cell, World]],
    jobs: list[Job],
    seed: int,
    machine: str,
    where: str = "cpu",
    batch: int = SLOW_CHUNK,
) -> Iterator[str]:
    """Lines of worlds whose full posteriors are sampled together; the seconds are those since the line before."""
    last = time.perf_counter()
    for place, posterior in sample_many(jobs, platform=where, batch=batch):
        cell, world = listed[place]
        result = full_score(world, cell[0], posterior)
        now = time.perf_counter()
        yield line(cell, world, seed, now - last, machine, result)
        last = now


def run_side_by_side(waiting: list[tuple[Cell, list[int]]], seed: int, machine: str, where: str, batch: int) -> None:
    """All waiting worlds of one estimator on an accelerator; lines are written as batches are finished."""
    listed = [(cell, world) for cell, numbers in waiting for world in worlds(cell, numbers, seed)]
    estimator = waiting[0][0][0]
    with ProcessPoolExecutor(max_workers=4, mp_context=multiprocessing.get_context("spawn")) as pool:
        jobs = list(pool.map(full_job, (world for _, world in listed), itertools.repeat(estimator), chunksize=8))
    began = time.perf_counter()
    with SCORES.open("a", encoding="utf-8") as out:
        for count, text in enumerate(side_by_side(listed, jobs, seed, machine, where, batch), start=1):
            out.write(text)
            out.flush()
            if count % 50 == 0 or count == len(jobs):
                minutes = (time.perf_counter() - began) / 60
                print(f"{estimator}: {count} of {len(jobs)}, {minutes:.1f} min", file=sys.stderr, flush=True)


def done() -> dict[tuple[str, str, float, int], dict[int, dict[str, object]]]:
    """Finished worlds by (estimator, process, effect, seed); a torn line is left out."""
    found: dict[tuple[str, str, float, int], dict[int, dict[str, object]]] = {}
    if SCORES.exists():
        for text in SCORES.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(text)
            except json.JSONDecodeError:
                continue
            key = (row["estimator"], row["process"], row["effect"], row["seed"])
            found.setdefault(key, {})[row["world"]] = row
    return found


def write_table(options: argparse.Namespace) -> None:
    """The table of everything finished with this seed; rows made elsewhere, of which no scores lie here, stay."""
    scores: dict[Cell, list[Score]] = {}
    machines: dict[Cell, str] = {}
    seconds: dict[str, list[float]] = {}
    for (estimator, process, effect, seed), rows in done().items():
        if seed != options.seed:
            continue
        cell = (estimator, process, effect)
        scores[cell] = [
            Score(bool(row["saw"]), bool(row["held"]), bool(row["failed"])) for _, row in sorted(rows.items())
        ]
        machines[cell] = "; ".join(sorted({str(row["machine"]) for row in rows.values()}))
        seconds.setdefault(estimator, []).extend(float(str(row["seconds"])) for row in rows.values())
    model = MODEL.read_text() if MODEL.exists() else ""
    here = {(estimator, process) for estimator, process, _ in scores}
    stay = [row for row in read_table() if (row.estimator, row.process) not in here and row.seed == options.seed]
    made = tabulate(scores, options.seed, options.date, machines, model[:12])
    table = sorted([*stay, *made], key=lambda row: (row.estimator, row.process))
    part = TABLE.with_suffix(".part")
    with part.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow([field.name for field in fields(CertificationRow)])
        for row in table:
            writer.writerow([f"{v:.4f}" if isinstance(v, float) else v for v in asdict(row).values()])
    part.replace(TABLE)
    TABLE.with_suffix(".json").write_text(CertifiedDesign.of(CASE, _design()).as_text(), encoding="utf-8")
    for row in table:
        text = f"{row.estimator:26} {row.process:14} {row.measure:15} {row.share:.3f} [{row.lo:.3f}; {row.hi:.3f}]"
        print(f"{text}  {row.worlds} worlds" + (f", {row.failed} without estimate" if row.failed else ""))
    for estimator, values in sorted(seconds.items()):
        print(f"{estimator:26} {sum(values) / len(values):.2f} s a world", file=sys.stderr)


def machine_type(extra: str = "") -> str:
    """Kind of machine, without a name: processor type, cores, and an accelerator where one is used."""
    return ", ".join(part for part in (f"{platform.machine()}, {os.cpu_count()} cores", extra) if part)


def main() -> None:
    """Run what is missing, then write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=1000, help="worlds of each kind for fast estimators")
    parser.add_argument("--slow-worlds", type=int, default=200, help="worlds in all for each full posterior")
    parser.add_argument("--simulator-worlds", type=int, default=500, help="histories of the simulator, 0 for none")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--platform", default="cpu", help="where full posteriors are sampled: cpu or cuda")
    parser.add_argument("--batch", type=int, default=SIDE_BY_SIDE, help="worlds side by side on an accelerator")
    parser.add_argument("--accelerator", default="", help="its kind, for the table")
    parser.add_argument("--seed", type=int, default=20120309)
    parser.add_argument("--date", default=date.today().isoformat())
    parser.add_argument("--only", nargs="*", default=[], help="estimators, all by default")
    options = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        # read by the spawned processes: matrices are small, one thread each is fastest
        os.environ[name] = "1"
    # processes beside each other share the memory of an accelerator
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    FOLDER.mkdir(parents=True, exist_ok=True)
    prepare(options)
    finished = done()
    waiting = []
    for cell, number in cells(options):
        known = finished.get((*cell, options.seed), {})
        waiting.append((cell, [n for n in range(number) if n not in known]))
    aside = options.platform != "cpu"
    context = multiprocessing.get_context("spawn")
    others = []
    if aside:
        kind = machine_type(options.accelerator or options.platform)
        for estimator in SLOW:
            own = [(cell, numbers) for cell, numbers in waiting if cell[0] == estimator and numbers]
            if own:
                settings = (own, options.seed, kind, options.platform, options.batch)
                others.append(context.Process(target=run_side_by_side, args=settings))
                others[-1].start()
    began = time.monotonic()
    with (
        ProcessPoolExecutor(max_workers=options.processes, mp_context=context) as pool,
        SCORES.open("a", encoding="utf-8") as out,
    ):
        chunks = []
        for cell, numbers in waiting:
            if cell[0] in SLOW and aside:
                continue
            size = SLOW_CHUNK if cell[0] in SLOW else CHUNK
            chunks += [(cell, numbers[first : first + size]) for first in range(0, len(numbers), size)]
        # kinds of worlds in turn: what is stopped early has as many of each
        chunks.sort(key=lambda chunk: (chunk[0][0] in SLOW, chunk[1][0] if chunk[0][0] in SLOW else 0))
        futures = [pool.submit(run, cell, numbers, options.seed, machine_type()) for cell, numbers in chunks]
        for number, future in enumerate(as_completed(futures), start=1):
            out.write("".join(future.result()))
            out.flush()
            if number % 40 == 0 or number == len(futures):
                minutes = (time.monotonic() - began) / 60
                print(f"{number} of {len(futures)} chunks, {minutes:.1f} min", file=sys.stderr, flush=True)
    for other in others:
        other.join()
    write_table(options)


if __name__ == "__main__":
    main()
