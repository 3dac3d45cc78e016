"""Tregua alone: the full model, what pairing buys, how cost grows, what draws alone cost, many runs."""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = 9
WEEKS = 574
WHOLE = 100_000
MINUTES, GIBIBYTES = 6.0, 1.0


def spent(work: Any, times: int = 1) -> float:
    """Seconds of this thread's processor time of one run."""
    begun = time.thread_time()
    for _ in range(times):
        work()
    return (time.thread_time() - begun) / times


def told(seconds: list[float]) -> dict[str, Any]:
    return {"median": statistics.median(seconds), "spread": [min(seconds), max(seconds)], "rounds": len(seconds)}


def history(world: Any, weeks: int) -> Any:
    """A function of luck that runs one history of a world at the default parameters under the record's levers."""
    from tregua.case import load_case
    from tregua.model import draws
    from tregua.model.declare import DEFAULTS
    from tregua.model.simulate import Simulator

    case = load_case("el_salvador_2012")
    simulator = Simulator(world, setup_seed=1)
    until = 7.0 * weeks
    course = simulator.course(case.history, 0.0, until)
    values = {**DEFAULTS, "capture_0": min(DEFAULTS["capture_0"], 0.5 / len(world.gangs))}

    def once(luck: int = 0) -> None:
        since, th = simulator.start(values, case.history, draws.history_key(1, 0, luck))
        simulator.follow(th, since, course, cuts=(0.0, until))

    once()
    return once


def invented(areas: int, gangs: int) -> Any:
    """An invented country of any number of areas and gangs."""
    from dataclasses import replace

    from tregua.model.synthetic import synthetic_country
    from tregua.model.world import Gang

    base = synthetic_country(max(areas, 14), 1)
    families = [gang.family for gang in base.gangs]
    many = tuple(Gang(f"g{n:02d}", f"gang {n}", 1.0 / gangs, families[n % len(families)]) for n in range(gangs))
    floor = min(base.split_floor, 0.5 / gangs)
    return replace(base, gangs=many, areas=base.areas[:areas], split_floor=floor)


def full(quick: bool) -> dict[str, Any]:
    """One history of the bundled case, and one of 262 invented areas, beside a reference loop."""
    from benchmarks.__main__ import reference
    from tregua.case import load_case

    works = {
        "ten million keyed uniforms (reference)": reference(),
        "bundled case, 14 areas, 3 gangs, 574 weeks": history(load_case("el_salvador_2012").world, WEEKS),
        "262 invented areas, 3 gangs, 574 weeks": history(invented(262, 3), WEEKS),
    }
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            seconds[name].append(spent(work))
    return {"rows": {name: told(values) for name, values in seconds.items()}}


def contrast(quick: bool) -> dict[str, Any]:
    """What sharing the luck buys: runs and time to a standard error of 1 % of the reference, with and without."""
    from tregua.case import load_case
    from tregua.explore.experiment import Experiment
    from tregua.explore.outside import READ, Paired

    case = load_case("el_salvador_2012")
    decision = next(iter(case.decisions))
    runs = 60 if quick else 400
    out = {}
    for arm in ("open_truce", "as_happened_then_prevention", "mano_dura"):
        if arm not in case.decisions[decision].arms:
            continue
        paired = Paired(Experiment(case), decision, arm, horizon=5)
        begun = time.thread_time()
        found = np.stack([paired.run({}, luck) for luck in range(runs)])
        each = (time.thread_time() - begun) / runs
        rows = {}
        for outcome in ("homicides", "arrests_wrongful"):
            one, two = found[:, 0, READ.index(outcome)], found[:, 1, READ.index(outcome)]
            with_pairing = float(np.var(one - two, ddof=1))
            without = float(np.var(one, ddof=1) + np.var(two, ddof=1))
            aim = 0.01 * float(two.mean())
            needed = [max(2.0, v / aim**2) for v in (with_pairing, without)]
            rows[outcome] = {
                "difference": float((one - two).mean()),
                "sd_paired": math.sqrt(with_pairing),
                "sd_unpaired": math.sqrt(without),
                "factor": without / with_pairing if with_pairing else math.inf,
                "aim": aim,
                "pairs_of_runs": needed,
                "seconds": [n * each for n in needed],
            }
        out[arm] = rows
    return {"rows": out, "runs": runs, "decision": decision}


SIZES = {
    "areas": (14, 28, 56, 112, 262, 524, 1000),
    "gangs": (1, 2, 3, 5, 8, 12, 20),
    "weeks": (52, 104, 261, 574, 1044, 2609, 5218),
    "histories": (10, 20, 40, 80, 160),
}


def scaling(quick: bool) -> dict[str, Any]:
    """Cost against areas, gangs, weeks and histories: exponents of log-log lines, fitted to the upper part too."""
    rounds = 3 if quick else 7
    works: dict[str, list[tuple[int, Any]]] = {
        "areas": [(n, history(invented(n, 3), 104)) for n in SIZES["areas"]],
        "gangs": [(n, history(invented(14, n), 104)) for n in SIZES["gangs"]],
        "weeks": [(n, history(invented(14, 3), n)) for n in SIZES["weeks"]],
    }
    short = history(invented(14, 3), 104)
    works["histories"] = [(n, lambda n=n: [short(luck) for luck in range(n)]) for n in SIZES["histories"]]
    out = {}
    for axis, sized in works.items():
        seconds: dict[int, list[float]] = {size: [] for size, _ in sized}
        for _ in range(rounds):
            for size, work in sized:
                seconds[size].append(spent(work))
        medians = {size: statistics.median(values) for size, values in seconds.items()}
        lines = [slope(list(seconds), [values[r] for values in seconds.values()]) for r in range(rounds)]
        upper = list(medians)[len(medians) // 2 :]
        out[axis] = {
            "medians": {str(k): v for k, v in medians.items()},
            "exponent": slope(list(medians), list(medians.values())),
            "spread": [min(lines), max(lines)],
            "upper": slope(upper, [medians[size] for size in upper]),
        }
    return {"rows": out, "rounds": rounds}


def slope(sizes: list[int], seconds: list[float]) -> float:
    """Exponent of a power law through points."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def floor(quick: bool) -> dict[str, Any]:
    """The draw-bound floor: every uniform and every count of one history, drawn again and nothing else done."""
    import numba

    from tregua.case import load_case
    from tregua.model import draws
    from tregua.model.compiled import engine
    from tregua.model.declare import DEFAULTS
    from tregua.model.simulate import Simulator

    case = load_case("el_salvador_2012")
    weeks = 104 if quick else WEEKS
    plain = engine.__wrapped__(compiled=False)
    space = plain.advance.__globals__
    spied: list[tuple[int, float, float, float]] = []
    uniforms = [0, 0]
    module = space["draws"]
    kinds = {"poisson": 0, "exits": 1, "split": 2, "normal": 3}
    kept = {name: getattr(module, name) for name in (*kinds, "uniform", "join")}

    def spy(name: str) -> Any:
        function, kind = kept[name], kinds[name]

        def watched(*given: float) -> float:
            spied.append((kind, given[0], given[1] if len(given) > 2 else 0.0, given[-1]))
            return float(function(*given))

        return watched

    def counted(name: str, place: int) -> Any:
        def watched(*given: Any) -> Any:
            uniforms[place] += 1
            return kept[name](*given)

        return watched

    for name in kinds:
        setattr(module, name, spy(name))
    module.uniform, module.join = counted("uniform", 0), counted("join", 1)
    simulator = Simulator(case.world, setup_seed=1, kernel=plain)
    since, th = simulator.start(DEFAULTS, case.history, draws.history_key(1, 0, 0))
    del spied[:]
    uniforms[:] = [0, 0]
    simulator.follow(th, since, simulator.course(case.history, 0.0, 7.0 * weeks), cuts=(0.0, 7.0 * weeks))

    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from reduced import sampler

    drawn = sampler(numba)

    def again(kind: Any, a: Any, b: Any, u: Any) -> float:
        total = 0.0
        for i in range(kind.shape[0]):
            if kind[i] == 0:
                total += drawn.poisson(a[i], u[i])
            elif kind[i] == 1:
                total += drawn.exits(a[i], b[i], u[i])
            elif kind[i] == 2:
                total += drawn.split(a[i], b[i], u[i])
            else:
                total += drawn.normal(u[i])
        return total

    def keys(joins: int, n: int) -> float:
        total, key = 0.0, np.uint64(1)
        for i in range(joins):
            key = drawn.join(key, np.uint64(i))
        for i in range(n):
            total += drawn.uniform(key + np.uint64(i), 1)
        return total

    bound = {function.__name__: numba.njit(error_model="numpy")(function) for function in (again, keys)}
    rows = np.array(spied)
    arrays = (rows[:, 0].astype(np.int64), rows[:, 1].copy(), rows[:, 2].copy(), rows[:, 3].copy())
    works = {
        "one history": history(case.world, weeks),
        "its keys and uniforms alone": lambda: bound["keys"](uniforms[1], uniforms[0]),
        "its counts drawn again from known uniforms": lambda: bound["again"](*arrays),
    }
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(ROUNDS):
        for name, work in works.items():
            seconds[name].append(spent(work, 3))
    return {
        "rows": {name: told(values) for name, values in seconds.items()},
        "uniforms": uniforms[0],
        "joins": uniforms[1],
        "counts": len(spied),
        "weeks": weeks,
    }


def whole(quick: bool) -> dict[str, Any]:
    """A hundred thousand histories of the bundled case, horizon summaries stored, in a process of its own."""
    wanted = 2_000 if quick else WHOLE
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "benchmarks.peers.whole", folder, str(wanted)]
        env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        made = subprocess.run(words, cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    return dict(json.loads(made.stdout.splitlines()[-1]))
