"""A stand-in for the kernel: numbers that depend on the settings of a shard and on nothing else."""

from __future__ import annotations

import hashlib
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from tregua.runs import Computed, Failure, Origin, Shard, Store, blocks, run_shards

ORIGIN = Origin(model="m" * 64, case="c" * 64)
ARMS = ("no_truce", "open_truce", "mano_dura")
OUTCOMES = ("homicides", "truce_years")
HORIZONS = (1, 5)


def number(*key: Any) -> float:
    """A keyed uniform in 0..1."""
    word = hashlib.sha256(repr(key).encode()).digest()[:8]
    return int.from_bytes(word, "big") / 2**64


def plan(
    draws: int = 6,
    size: int = 2,
    luck: int = 2,
    readings: tuple[str, ...] = ("default", "bonding"),
    arms: tuple[str, ...] = ARMS,
    seed: int = 20120308,
    decision: str = "2012",
    **more: Any,
) -> list[Shard]:
    """Shards of a small experiment, cut into blocks of `size` draws."""
    return [
        Shard(
            kind="compare",
            label=f"{reading}, draws {block[0]} to {block[-1]}",
            settings={
                "case": "test",
                "seed": seed,
                "decision": decision,
                "reading": reading,
                "arms": list(arms),
                "draws": list(block),
                "luck": luck,
                **more,
            },
            size=len(block) * luck * len(arms),
        )
        for reading in readings
        for block in blocks(range(draws), size)
    ]


def compute(shard: Shard) -> dict[str, Any]:
    """Summaries and flows of a shard."""
    s = shard.settings
    rows = [
        (arm, draw, luck, horizon, outcome, number(s["seed"], s["reading"], arm, draw, luck, horizon, outcome))
        for draw in s["draws"]
        for arm in s["arms"]
        for luck in range(s["luck"])
        for outcome in OUTCOMES
        for horizon in HORIZONS
    ]
    arm, draw, luck, horizon, outcome, value = zip(*rows, strict=True)
    summaries = {
        "arm": list(arm),
        "reading": s["reading"],
        "draw": np.array(draw),
        "luck": np.array(luck),
        "decision": s["decision"],
        "horizon": np.array(horizon),
        "outcome": list(outcome),
        "value": np.array(value),
    }
    pairs = [(d, k) for d in s["draws"] for k in range(s["luck"])]
    flows = {
        "arm": "as_it_happened",
        "reading": s["reading"],
        "draw": [d for d, _ in pairs],
        "luck": [k for _, k in pairs],
        "start": "2012-01-01",
        "end": "2012-01-31",
        "area": "national",
        "gang": "all",
        "outcome": "homicides",
        "value": [number("flow", s["seed"], s["reading"], d, k) for d, k in pairs],
    }
    return {"summaries": summaries, "flows": flows}


def slow(shard: Shard) -> dict[str, Any]:
    time.sleep(0.05)
    return compute(shard)


def with_failures(shard: Shard) -> Computed:
    """One history of the second block fails; the third block fails whole."""
    draws = shard.settings["draws"]
    if 4 in draws:
        raise ZeroDivisionError("people fell below zero")
    lost = (Failure(draw=2, luck=1, message="not finite", reproduce="tregua simulate --draw 2 --luck 1"),)
    return Computed(compute(shard), lost if 2 in draws else ())


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every shard file of a store."""
    return {path.name: path.read_bytes() for path in sorted((folder / "shards").iterdir())}


def main(folder: str, threads: str, work: str, seed: str = "20120308") -> None:
    """Run the small experiment as a process of its own (for tests that kill or double it)."""
    store = Store.open(folder, ORIGIN, case_id="test")
    shards = plan(draws=40, seed=int(seed))
    report = run_shards(shards, {"fast": compute, "slow": slow}[work], store, int(threads))
    print(f"computed {report.computed} reused {report.reused}")


if __name__ == "__main__":
    main(*sys.argv[1:])
