"""Tregua against what a user would pick instead: ``make bench-peers``, rules in benchmarks/DECLARATION.md.

    python -m benchmarks.peers [--only reduced epidemic decision contrast scaling floor whole] [--quick]

Every peer is a process of its own in its own environment. Equality of distributions must hold before any time is taken.
Figures are kept in ``build/reliability/peers.json``, so that parts can be run apart, and written together to
benchmarks/RESULTS-PEERS.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))

from benchmarks.peers import own  # noqa: E402
from benchmarks.reliability import keep, produced  # noqa: E402

ROUNDS = 9
LEVEL = 0.001
"""Chance, over all tests of one peer together, of refusing a peer that is right."""
TOTALS = ("homicides", "recorded", "highest week", "active at the end", "calmados at the end")
COLUMNS = ("peer", "time of a run", "spread", "times tregua", "spread of the ratio", "compile, import", "peak memory")


class Peer:
    """A peer in a process of its own.

    Parameters
    ----------
    name : str
        As the table calls it.
    env : str
        Folder of its environment under build/peers, or nothing for tregua's own.
    module : str
        Module of this folder.
    options : mapping
        For its `prepare`.
    """

    def __init__(self, name: str, env: str, module: str, **options: Any) -> None:
        self.name, self.env, self.module, self.options = name, env, module, options
        self.load = self.compile = self.memory = 0.0
        self.process: subprocess.Popen[str] | None = None

    @contextmanager
    def ready(self, world: dict[str, Any]) -> Iterator[Peer]:
        """Start, import, prepare and run once (which compiles where something compiles)."""
        python = ROOT / "build" / "peers" / self.env / "bin" / "python" if self.env else Path(sys.executable)
        if not python.exists():
            raise SystemExit(f"{self.name} is not installed: use make bench-peers, which sets the peers up")
        env = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
        env |= {"PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        words = [str(python), str(HERE / "worker.py")]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
        try:
            self.load = self.ask(do="load", module=self.module)["cpu"]
            begun = self.ask(do="prepare", world=world, options=self.options)["cpu"]
            first = self.ask(do="compile")["cpu"]
            again = self.ask(do="compile")["cpu"]
            self.compile = max(0.0, begun + first - again)
            yield self
        finally:
            self.process.terminate()
            self.process.wait()

    def ask(self, **what: Any) -> dict[str, Any]:
        """One question, one answer."""
        assert self.process is not None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        told: dict[str, Any] = json.loads(line) if line else {"error": "the process ended"}
        if "error" in told:
            raise SystemExit(f"{self.name}: {told['error']}")
        self.memory = told["peak"]
        return told

    def time(self, seed: int, times: int = 1, clock: str = "cpu") -> float:
        """Mean seconds of a run over several."""
        return statistics.fmean(self.ask(do="run", seed=seed + i)[clock] for i in range(times))

    def lines(self) -> int:
        """Lines of model code: between the marks, without comments and blank lines."""
        path = HERE / ("reduced.c" if self.module == "peer_c" else f"{self.module}.py")
        text = path.read_text(encoding="utf-8")
        inside = False
        found = 0
        for line in text.splitlines():
            bare = line.strip()
            if bare in ("# model", "/* model */"):
                inside = True
            elif bare in ("# end of model", "/* end of model */"):
                inside = False
            elif inside and bare and not bare.startswith(("#", "/*", '"""')):
                found += 1
        return found


def equal(ours: Sequence[Sequence[float]], theirs: Sequence[Sequence[float]], names: Sequence[str]) -> dict[str, Any]:
    """Two-sample Kolmogorov-Smirnov and Welch tests of every total; refused below `LEVEL` over all of them.

    Raises
    ------
    SystemExit
        The distributions differ: nothing is timed.
    """
    from scipy.stats import ks_2samp, ttest_ind

    out: dict[str, Any] = {}
    for i, name in enumerate(names):
        a, b = [row[i] for row in ours], [row[i] for row in theirs]
        means = statistics.fmean(a), statistics.fmean(b)
        same = min(a) == max(a) == min(b) == max(b)
        p = (1.0, 1.0) if same else (float(ks_2samp(a, b).pvalue), float(ttest_ind(a, b, equal_var=False).pvalue))
        out[name] = {"p_distribution": p[0], "p_mean": p[1], "ours": means[0], "theirs": means[1]}
    worst = min(min(row["p_distribution"], row["p_mean"]) for row in out.values())
    limit = LEVEL / (2 * len(names))
    return {"tests": out, "worst_p": worst, "limit": limit, "runs": [len(ours), len(theirs)], "held": worst > limit}


def sample(peer: Peer, runs: int, first: int = 1000) -> list[list[float]]:
    """Totals of many runs."""
    found: list[list[float]] = []
    while len(found) < runs:
        made = peer.ask(do="run", seed=first + len(found))["found"]
        found += made if isinstance(made[0], list) else [made]
    return found[:runs]


def compared(
    ours: Peer,
    peers: Sequence[tuple[Peer, int]],
    small: dict[str, Any],
    large: dict[str, Any],
    names: Sequence[str],
    rounds: int,
    own_times: int,
    clock: str = "cpu",
) -> list[dict[str, Any]]:
    """Equality on the small world, then interleaved times on the large one.

    Parameters
    ----------
    peers : sequence of (peer, runs for the test of equality)
    own_times : int
        Runs of tregua a round: they are so short that one would measure the clock.
    """
    told: dict[str, Any] = {}
    with ours.ready(small):
        mine = sample(ours, max(runs for _, runs in peers))
    for peer, runs in peers:
        with peer.ready(small):
            told[peer.name] = equal(mine, sample(peer, runs, 900_000), names)
        if not told[peer.name]["held"]:
            raise SystemExit(f"{peer.name} has another distribution; nothing is timed: {told[peer.name]}")
        print(f"  {peer.name}: same distributions, smallest p {told[peer.name]['worst_p']:.3g}", flush=True)
    rows: list[dict[str, Any]] = []
    with ExitStack() as stack:
        running = [stack.enter_context(peer.ready(large)) for peer in (ours, *(peer for peer, _ in peers))]
        seconds: dict[str, list[float]] = {peer.name: [] for peer in running}
        for turn in range(rounds):
            for peer in running if turn % 2 == 0 else running[::-1]:
                times = own_times if peer is ours else 1
                batch = float(peer.options.get("runs", 1))
                seconds[peer.name].append(peer.time(turn * own_times, times, clock) / batch)
        for peer in running:
            ratios = [theirs / mine for theirs, mine in zip(seconds[peer.name], seconds[ours.name], strict=True)]
            rows.append(
                {
                    "peer": peer.name,
                    "median": statistics.median(seconds[peer.name]),
                    "spread": [min(seconds[peer.name]), max(seconds[peer.name])],
                    "ratio": statistics.median(ratios),
                    "ratio_spread": [min(ratios), max(ratios)],
                    "rounds": rounds,
                    "load": peer.load,
                    "compile": peer.compile,
                    "memory": peer.memory,
                    "lines": peer.lines(),
                    "equality": told.get(peer.name),
                }
            )
            print(f"  {rows[-1]['peer']}: {1000 * rows[-1]['median']:.3g} ms, {rows[-1]['ratio']:.3g} x", flush=True)
    return rows


def tregua() -> Peer:
    return Peer("tregua's kernel style (Numba)", "", "reduced")


def reduced(quick: bool) -> dict[str, Any]:
    """The reduced model at three horizons: the slower the peer, the shorter."""
    from world import country

    rounds = 7
    small, runs = country(14, 3, 104, 0.05), 60 if quick else 300
    few = 30 if quick else 100
    fast = [
        (Peer("tregua's kernel style, all inlined", "", "reduced", tight=True), runs),
        (Peer("C (cc -O3 -march=native)", "", "peer_c"), runs),
        (Peer("NumPy, one run", "", "peer_numpy"), runs),
        (Peer("NumPy, 16 runs at once", "", "peer_numpy", runs=16), runs),
    ]
    middle = [
        (Peer("plain Python", "", "peer_python"), runs),
        (Peer("Mesa, an agent an area", "mesa", "peer_mesa_areas"), runs),
        (Peer("Mesa, an agent an area, cheap draws", "mesa", "peer_mesa_areas", cheap=True), runs),
    ]
    slow = [(Peer("Mesa, an agent a person", "mesa", "peer_mesa_persons"), few)]
    out = {}
    for label, peers, weeks, times in (("574", fast, 574, 5), ("52", middle, 52, 20), ("8", slow, 8, 60)):
        out[label] = compared(tregua(), peers, small, country(262, 3, weeks), TOTALS, rounds, times)
    out["14 areas"] = compared(tregua(), fast[:2], small, country(14, 3, 574), TOTALS, rounds, 40)
    out["digits"] = same_digits()
    return out


def same_digits() -> bool:
    """Do the compiled kernel, the same code in plain Python, and C agree to the last digit?"""
    import peer_c
    import reduced as kernel
    from world import country

    world = country(14, 3, 104, 0.05)
    made = [kernel.prepare(world), kernel.prepare(world, compiled=False), peer_c.prepare(world)]
    return all(len({tuple(once(seed)) for once in made}) == 1 for seed in range(20))


def epidemic(quick: bool) -> dict[str, Any]:
    """A stochastic SIR in sixteen groups against epydemix."""
    from world import epidemic as declared

    small = declared(people=20_000.0, days=60)
    runs = 60 if quick else 400
    peers = [(Peer("epydemix", "epydemix", "peer_epydemix"), runs)]
    ours = Peer("tregua's kernel style (Numba)", "", "peer_sir")
    names = ("ever infected", "highest day", "ill at the end")
    return {"rows": compared(ours, peers, small, declared(), names, 7 if quick else ROUNDS, 50)}


def decision(quick: bool) -> dict[str, Any]:
    """Every response of the first decision under many scenarios, on the full model."""
    from decision import asked

    question = asked(8 if quick else 40)
    rounds = 7
    ours = Peer("tregua: branches of one past, two threads", "", "decision", threads=2)
    peers = [
        Peer("EMA Workbench, sequential", "ema", "peer_ema", evaluator="sequential"),
        Peer("EMA Workbench, two processes", "ema", "peer_ema", evaluator="multiprocessing"),
    ]
    with ExitStack() as stack:
        running = [stack.enter_context(peer.ready(question)) for peer in (ours, *peers)]
        found = [peer.ask(do="run", seed=0)["found"] for peer in running]
        if any(other != found[0] for other in found[1:]):
            raise SystemExit("the EMA Workbench gave other digits; nothing is timed")
        seconds: dict[str, list[float]] = {peer.name: [] for peer in running}
        for turn in range(rounds):
            for peer in running if turn % 2 == 0 else running[::-1]:
                seconds[peer.name].append(peer.time(turn, 1, "wall"))
        rows = []
        for peer in running:
            ratios = [a / b for a, b in zip(seconds[peer.name], seconds[ours.name], strict=True)]
            rows.append(
                {
                    "peer": peer.name,
                    "median": statistics.median(seconds[peer.name]),
                    "spread": [min(seconds[peer.name]), max(seconds[peer.name])],
                    "ratio": statistics.median(ratios),
                    "ratio_spread": [min(ratios), max(ratios)],
                    "rounds": rounds,
                    "load": peer.load,
                    "compile": peer.compile,
                    "memory": peer.memory,
                    "lines": peer.lines(),
                }
            )
    return {"rows": rows, "experiments": question["scenarios"] * len(question["arms"])}


PARTS: dict[str, Callable[[bool], dict[str, Any]]] = {
    "reduced": reduced,
    "epidemic": epidemic,
    "decision": decision,
    "full": own.full,
    "contrast": own.contrast,
    "scaling": own.scaling,
    "floor": own.floor,
    "whole": own.whole,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", nargs="*", default=[], choices=list(PARTS))
    options.add_argument("--quick", action="store_true", help="fewer runs and histories, to see that everything works")
    asked = options.parse_args()
    for name, part in PARTS.items():
        if asked.only and name not in asked.only:
            continue
        print(name, flush=True)
        made = part(asked.quick)
        keep("peers", {name: {**made, "quick": asked.quick, "produced": produced("make bench-peers")}})
    from benchmarks.peers.page import page

    results = ROOT / "benchmarks" / "RESULTS-PEERS.md"
    results.write_text(page(keep("peers", {}), results.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
