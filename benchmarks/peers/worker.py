"""A peer in a process of its own: reads one JSON line, answers one. Times are this process's own processor time.

Runs in the environment of the peer, so it imports nothing but the standard library and the peer.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))


def peak() -> float:
    """Most memory held so far, MiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return float("nan")


def answer(asked: dict[str, Any], held: dict[str, Any]) -> dict[str, Any]:
    """Do what a line asks."""
    begun, spent = time.perf_counter(), time.process_time()
    told: dict[str, Any] = {}
    if asked["do"] == "load":
        held["module"] = __import__(asked["module"])
    elif asked["do"] == "prepare":
        held["once"] = held["module"].prepare(asked["world"], **asked["options"])
    elif asked["do"] == "compile":
        run(held["once"], 0)
    elif asked["do"] == "run":
        made = run(held["once"], asked["seed"], timed := {})
        told = {"found": made, **timed}
    told.setdefault("wall", time.perf_counter() - begun)
    told.setdefault("cpu", time.process_time() - spent)
    return {**told, "peak": peak()}


def run(once: Any, seed: int, timed: dict[str, float] | None = None) -> Any:
    """One run; where a peer sets up in a step of its own, only what follows is timed."""
    work = once(seed) if getattr(once, "two_steps", False) else lambda: once(seed)
    begun, spent = time.perf_counter(), time.process_time()
    made = work()
    if timed is not None:
        timed["wall"], timed["cpu"] = time.perf_counter() - begun, time.process_time() - spent
    return made


def main() -> None:
    held: dict[str, Any] = {}
    for line in sys.stdin:
        try:
            told = answer(json.loads(line), held)
        except Exception as error:
            told = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
