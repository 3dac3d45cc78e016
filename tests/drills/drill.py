"""The long drills: real commands struck at many random points, figures kept for docs/reliability.md.

    python tests/drills/drill.py [--points 20] [--only run compare report calibrate] [--fault killed "closed folder"]
        [--seed 20120308] [--write]

``--write`` leaves the rows of drills that were not run as they stand on the page. The folder that may not be written
can be tried only by a user who is not root. The status is 1 where a drill ended otherwise than it must.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from benchmarks.reliability import keep, merged, write

from tregua.cli import BY_NAME
from tregua.cli.drill import SHARDS, Drill, DrillError

COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("run", "--draws", "30", "--arm", "open_truce"),
    "compare": ("compare", "--draws", "50", "--arm", "open_truce", "--reading", "default,bonding,hidden_killings"),
    "report": ("report",),
    "calibrate": ("calibrate", "--histories", "1000"),
}


FAULTS = ("killed", "out of space", "broken files", "two at once", "closed folder")
POSTERIOR = "*/posterior/**/*"


def drills(name: str, drill: Drill, points: int) -> dict[str, tuple[int, Callable[[], int | None]]]:
    """Drills of a command: how often each strikes, and the work."""
    if name == "report":
        return {"killed": (points, lambda: page_killed(drill, points))}
    few = max(1, points // 4)
    if name == "calibrate":
        return {
            "killed": (points, lambda: drill.killed(points)),
            "out of space": (few, lambda: drill.starved(few) if hasattr(signal, "SIGXFSZ") else None),
            "broken files": (few, lambda: parts_cut(drill, few)),
            "two at once": (2, lambda: drill.doubled(2)),
        }
    return {
        "killed": (points, lambda: drill.killed(points)),
        "out of space": (few, lambda: drill.starved(few) if hasattr(signal, "SIGXFSZ") else None),
        "broken files": (few, lambda: drill.spoiled(few)),
        "two at once": (2, lambda: drill.doubled(2)),
        "closed folder": (1, drill.closed),
    }


def parts_cut(drill: Drill, points: int) -> int:
    """A part of the bank is cut short or has a bit turned: it is drawn again, to the same digits."""
    out = drill.out()
    drill.run(out)
    for number in range(points):
        victim = drill.chance.choice(sorted(out.glob("*/posterior/*/*.npz")))
        drill.damage(victim, turned=number % 2 == 1)
        drill.run(out)
    return drill.hold(out)


def page_killed(drill: Drill, points: int) -> int:
    """Building the page again is killed at random points: the page that stood there stands, or the new one, whole."""
    out = drill.folder / "results"
    first = Drill(drill.folder, COMMANDS["run"])
    first.run(out)
    page = next(out.rglob("report.html"))
    begun = time.monotonic()
    drill.run(out)
    took = time.monotonic() - begun
    whole = page.read_bytes()
    for _ in range(points):
        process = drill.start(out)
        time.sleep(took * drill.chance.uniform(0.3, 1.05))
        process.kill()
        process.communicate()
        if page.read_bytes() != whole:
            raise DrillError("the page is neither as it was nor as it is built again")
    drill.run(out)
    if page.read_bytes() != whole:
        raise DrillError("the page built again differs")
    if left := [path.name for path in page.parent.glob(".*") if path.is_file()]:
        raise DrillError(f"half-written files are left: {left[:3]}")
    return 1


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--points", type=int, default=20)
    options.add_argument("--only", nargs="*", default=[], choices=list(COMMANDS))
    options.add_argument("--fault", nargs="*", default=[], choices=FAULTS, help="these faults only")
    options.add_argument("--seed", type=int, default=20120308)
    options.add_argument("--write", action="store_true")
    asked = options.parse_args()
    faults = 0
    for name, words in COMMANDS.items():
        if (asked.only and name not in asked.only) or not BY_NAME[name].exists:
            continue
        with tempfile.TemporaryDirectory(prefix="tregua-drill-") as folder:
            kept = POSTERIOR if name == "calibrate" else SHARDS
            drill = Drill(Path(folder), words, asked.seed, kept=kept)
            for what, (times, work) in drills(name, drill, asked.points).items():
                if asked.fault and what not in asked.fault:
                    continue
                begun = time.monotonic()
                row: dict[str, Any] = {"times": times, "fault": ""}
                try:
                    held = work()
                    row["files"] = held
                    if held is None:
                        row["times"] = 0
                except DrillError as fault:
                    row["fault"] = str(fault)
                    faults += 1
                row["seconds"] = round(time.monotonic() - begun, 1)
                keep("drills", {f"{name}: {what}": row})
                print(f"{name:<10} {what:<14} {row}", flush=True)
    if asked.write:
        write("drills", table(keep("drills", {})), "make drill ARGS=--write", asked.seed)
    sys.exit(1 if faults else 0)


def table(rows: dict[str, Any]) -> str:
    """The figures in Markdown; drills that were not run again stand as they stood on the page."""
    lines = {}
    for name, row in rows.items():
        ended = row["fault"] or ("as it must" if row["times"] else "cannot be tried by this user")
        held = row.get("files") or "-"
        lines[name] = f"| {name} | {row['times']} | {held} | {row['seconds']:.0f} | {ended} |"
    known = {f"{name}: {fault}" for name in COMMANDS for fault in FAULTS}
    head = "| command and fault | times struck | files held to the byte | seconds | |"
    return "\n".join([head, "| --- | ---: | ---: | ---: | --- |", *merged("drills", lines, known)])


if __name__ == "__main__":
    main()
