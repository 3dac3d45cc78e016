"""How fast tregua is on this machine, written to RESULTS.md: ``make bench``, or ``python -m benchmarks [--quick]``.

Every figure is a median of seven, all taken in one go on one machine. The machine may be shared: a reference (ten
million keyed uniforms, compiled) is timed beside whatever is measured, and an aim that the clock misses is judged by
the time that the same ratio to the reference would be on an idle machine of this kind; the text then tells both. Times
of one thread are processor time, which waits for nobody; what two threads do is brought to an idle machine by the
processor time of both over the gain that is asked of them, and their gain is not judged where a loop that never meets
the interpreter gains less. ``--quick`` leaves out the whole of ``tregua run``.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.results import put

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WEEKS = 574
DAYS = 7.0 * WEEKS


@dataclass(frozen=True)
class Measured:
    """One line of the results: what, how much, and what it should be."""

    what: str
    value: str
    aim: str
    met: bool | None


ROUNDS = 7
IDLE_REFERENCE = 0.0117
"""Seconds that the reference takes on an idle machine of this kind: 1.17 ns a uniform."""
GAIN = 1.8
"""What two threads bring over one at least."""


def median(work: Callable[[], Any], times: int = ROUNDS) -> float:
    """Median of the seconds of several repetitions."""
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)


def interleaved(works: Mapping[str, Callable[[], Any]], rounds: int = ROUNDS) -> dict[str, float]:
    """Median of the seconds of this thread's processor time of each work, taken in turns."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            begun = time.thread_time()
            work()
            seconds[name].append(time.thread_time() - begun)
    return {name: statistics.median(values) for name, values in seconds.items()}


def reference() -> Callable[[], Any]:
    """Ten million keyed uniforms in a compiled loop."""
    import numba
    import numpy as np

    @numba.njit
    def uniforms(n: int) -> float:
        total = 0.0
        for i in range(n):
            z = np.uint64(i)
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            total += np.float64((z ^ (z >> np.uint64(31))) >> np.uint64(11)) * 2.0**-53
        return total

    uniforms(10)
    return lambda: uniforms(10_000_000)


def uninterpreted() -> Callable[[int], float]:
    """The reference without the lock of the interpreter: the most that a second thread can bring on this machine."""
    import numba
    import numpy as np

    @numba.njit(nogil=True)
    def uniforms(n: int) -> float:
        total = 0.0
        for i in range(n):
            z = np.uint64(i) * np.uint64(0xBF58476D1CE4E5B9)
            total += np.float64((z ^ (z >> np.uint64(31))) >> np.uint64(11)) * 2.0**-53
        return total

    uniforms(10)
    work: Callable[[int], float] = uniforms
    return work


def two_threads(work: Callable[[int], None]) -> float:
    """How much faster two threads are than one: the quickest round of each, taken in turns."""
    rounds = [(median(lambda: work(1), 1), median(lambda: work(2), 1)) for _ in range(ROUNDS)]
    return min(alone for alone, _ in rounds) / min(together for _, together in rounds)


def within(what: str, value: float, aim: float, scale: float) -> Measured:
    """A time of one core that should not be above its aim, judged on the clock or scaled to an idle machine."""
    text = f"{1000.0 * value:.3g} ms"
    if value > aim and scale < 1.0:
        text += f" (scaled to an idle machine: {1000.0 * value * scale:.3g} ms)"
    return Measured(what, text, f"at most {1000.0 * aim:g} ms", value * min(1.0, scale) <= aim)


def below(what: str, value: float, aim: float, unit: str, scale: float = 1.0) -> Measured:
    """A measure that should not be above its aim."""
    return Measured(what, f"{scale * value:.3g} {unit}", f"at most {scale * aim:g} {unit}", value <= aim)


def kernel() -> list[Measured]:
    """One history, compiled and plain, on the bundled case and on an invented country; one thread and two."""
    from tregua.case import load_case
    from tregua.model.compiled import engine
    from tregua.model.declare import DEFAULTS
    from tregua.model.oracle import PlainHistory
    from tregua.model.simulate import Simulator
    from tregua.model.synthetic import synthetic_country

    case = load_case("el_salvador_2012")
    small = Simulator(case.world, kernel=engine())
    large = Simulator(synthetic_country(262, 1), setup_seed=1, kernel=engine())
    course = small.course(case.history, 0.0, DAYS)

    def one(simulator: Simulator, key: int = 1) -> None:
        since, values = simulator.start(DEFAULTS, case.history, key)
        simulator.follow(values, since, course, cuts=(0.0, DAYS))

    def several(threads: int) -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda key: one(small, key), range(60)))

    free = uninterpreted()

    def busy(threads: int) -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(free, [4_000_000] * 60))

    def plainly() -> None:
        PlainHistory(case.world, small.place, DEFAULTS, case.history.at("contact", 0), 1).run(case.history, DAYS)

    mean = Simulator(case.world, kernel=engine(mean_field=True))
    for simulator in (small, large, mean):
        one(simulator)
    spent = interleaved(
        {
            "reference": reference(),
            "small": lambda: one(small),
            "large": lambda: one(large),
            "mean": lambda: one(mean),
        }
    )
    scale = IDLE_REFERENCE / spent["reference"]
    gain, most = two_threads(several), two_threads(busy)
    plain = interleaved({"plain": plainly}, 1)["plain"]
    return [
        Measured(
            "reference: ten million keyed uniforms",
            f"{1000.0 * spent['reference']:.3g} ms",
            f"{1000.0 * IDLE_REFERENCE:.3g} ms when idle",
            None,
        ),
        within(f"one history, 14 areas, 3 gangs, {WEEKS} weeks, one core", spent["small"], 0.005, scale),
        within(f"one history, 262 invented areas, 3 gangs, {WEEKS} weeks, one core", spent["large"], 0.060, scale),
        Measured("mean-field, 14 areas", f"{1000.0 * spent['mean']:.3g} ms", "-", None),
        Measured(
            "two threads over one",
            f"{gain:.2f} times ({most:.2f} for a loop that never meets the interpreter)",
            f"at least {GAIN} times",
            gain >= GAIN if max(gain, most) >= GAIN else None,
        ),
        Measured("the same history in plain Python", f"{plain:.3g} s ({plain / spent['small']:.0f} times)", "-", None),
    ]


def starts() -> list[Measured]:
    """From the shell: help, and the first simulated result with compiled code in its cache."""
    simulate = ["simulate", "--draws", "1", "--quiet"]
    with tempfile.TemporaryDirectory() as folder:
        command("--help", folder=folder)
        command(*simulate, folder=folder)
        bare, work = [], reference()
        help_page, first = [], []
        for _ in range(ROUNDS):
            bare.append(interleaved({"reference": work}, 1)["reference"])
            help_page.append(spent_by("--help", folder=folder))
            first.append(spent_by(*simulate, folder=folder))
    scale = IDLE_REFERENCE / statistics.median(bare)
    return [
        within("tregua --help", statistics.median(help_page), 0.35, scale),
        within("tregua simulate, one history, compiled code cached", statistics.median(first), 1.2, scale),
    ]


def spent_by(*words: str, folder: str) -> float:
    """Seconds of processor time that a command line takes, start of the interpreter included."""
    before = os.times()
    command(*words, folder=folder)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def command(*words: str, folder: str) -> None:
    """A command line in a process of its own; a failure stops the benchmark."""
    subprocess.run(
        [sys.executable, "-m", "tregua", *words], cwd=folder, env=environment(), check=True, capture_output=True
    )


def environment() -> dict[str, str]:
    """The environment, with this source tree first, and modules kept compiled as they are for any user."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])}


def whole_run() -> list[Measured]:
    """All of ``tregua run`` in an empty folder: first screen, end, memory."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "out" / "el_salvador_2012" / "report.html"
        work, bare = reference(), []
        begun, looked = time.perf_counter(), 0.0
        words = [sys.executable, "-m", "tregua", "run", "--quiet"]
        process = subprocess.Popen(words, cwd=folder, env=environment(), stdout=subprocess.DEVNULL)
        first = total = Spent(0.0, 0.0)
        peak = 0.0
        while process.poll() is None:
            total = Spent(time.perf_counter() - begun, processor(process.pid))
            if not first.clock and page.exists():
                first = total
            peak = max(resident(process.pid), peak)
            if total.clock - looked > 5.0:
                looked = total.clock
                bare.append(interleaved({"reference": work}, 1)["reference"])
            time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"tregua run left with {process.returncode}")
    scale = IDLE_REFERENCE / statistics.median(bare or [IDLE_REFERENCE])
    return [
        both("tregua run, first screen", first if first.clock else total, 20.0, scale),
        both("tregua run, all of it", total, 120.0, scale),
        below("tregua run, memory", peak, 1.5, "GiB"),
    ]


@dataclass(frozen=True)
class Spent:
    """Seconds of the clock, and of the processors."""

    clock: float
    processor: float


def both(what: str, spent: Spent, aim: float, scale: float) -> Measured:
    """A time of two threads, judged on the clock or by what it would be on an idle machine."""
    text = f"{spent.clock:.3g} s"
    idle = spent.processor * min(1.0, scale) / GAIN
    if spent.clock > aim:
        text += f" (processor time {spent.processor:.3g} s: {idle:.3g} s on an idle machine)"
    return Measured(what, text, f"at most {aim:g} s", min(spent.clock, idle) <= aim)


def processor(process: int) -> float:
    """Seconds of processor time that a process has taken so far; 0 where the system does not tell."""
    try:
        words = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def resident(process: int) -> float:
    """Most memory a process has held so far, GiB; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    kilobytes = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), "0")
    return int(kilobytes) / 2**20


def machine() -> str:
    """Processor, cores, system, versions, and how busy it was."""
    from tregua.cli.doctor import versions

    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    named = ", ".join(f"{name} {number}" for name, number in versions().items())
    return f"{model}, {os.cpu_count()} cores, {platform.system()}{load}.\n{named}."


def table(rows: list[Measured]) -> str:
    """The results in Markdown."""
    marks = {True: "met", False: "**missed**", None: ""}
    lines = ["| measure | value | aim | |", "| --- | --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {r.what} | {r.value} | {r.aim} | {marks[r.met]} |" for r in rows)])


def main() -> None:
    here = machine()
    rows = [*kernel(), *starts()]
    if "--quick" not in sys.argv[1:]:
        rows += whole_run()
    text = table(rows)
    print(text)
    put("Benchmark", f"Written by `make bench` in one go on one machine.\n\n{here}\n\n{text}")


if __name__ == "__main__":
    main()
