"""The long fuzz: at least a hundred thousand edited files for each parser, defects told apart by where they struck.

The edits are those of the test suite, drawn by a seeded generator: hypothesis, which looks for the shortest example,
costs more than most parsers.

    python tests/hostile/fuzz.py [--inputs 100000] [--only plan counts] [--seed 20120308] [--first 0] [--write]

``--write`` puts the figures into docs/reliability.md. Parsers that read several files of one thing (a case, a ledger)
share their inputs over the files. Input number n is the same in every run: ``--first`` goes on where a run ended. The
status is 1 where a defect was found.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from benchmarks.reliability import keep, merged, write  # noqa: E402
from hostile_input import Parser, parsers  # noqa: E402

LEAP = 200_000
"""Kilobytes by which the memory of the whole process may grow on one input."""


@dataclass
class Tally:
    """What came of the inputs of one parser."""

    inputs: int = 0
    accepted: int = 0
    slowest: float = 0.0
    seconds: float = 0.0
    grown: int = 0
    defects: dict[str, bytes] = field(default_factory=dict)


def run(members: list[Parser], inputs: int, seed: int, first: int = 0) -> Tally:
    """Feed a group of parsers in turn; every defect once, with its shortest input."""
    tally = Tally()
    begun = time.process_time()
    with tempfile.TemporaryDirectory() as scratch:
        places = [Path(scratch) / str(number) for number in range(len(members))]
        for place in places:
            place.mkdir()
        for number in range(first, first + inputs):
            chance = random.Random(f"{seed} {members[0].group} {number}")
            which = number % len(members)
            feed(members[which], members[which].edited(chance), places[which], tally)
    tally.seconds = time.process_time() - begun
    return tally


def feed(parser: Parser, data: bytes, folder: Path, tally: Tally) -> None:
    """Give a parser one input."""
    before = peak()
    begun = time.process_time()
    tally.inputs += 1
    try:
        tally.accepted += parser.hold(data, folder)
    except AssertionError as error:
        note(tally, signature(error), data)
    tally.slowest = max(tally.slowest, time.process_time() - begun)
    grown = peak() - before
    tally.grown = max(tally.grown, grown)
    if grown > LEAP:
        note(tally, f"{parser.name}: memory grew by {grown // 1024} MB", data)


def signature(error: AssertionError) -> str:
    """Kind of the defect and the line of this package at which it struck."""
    cause = error.__cause__
    if cause is None:
        return str(error)[:100]
    frames = [f for f in traceback.extract_tb(cause.__traceback__) if "tregua" in f.filename]
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(cause).__name__} at {where}"


def note(tally: Tally, what: str, data: bytes) -> None:
    if what not in tally.defects or len(data) < len(tally.defects[what]):
        tally.defects[what] = data


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def groups(only: list[str]) -> dict[str, list[Parser]]:
    """Parsers by what they read as a whole."""
    out: dict[str, list[Parser]] = {}
    for parser in parsers().values():
        if not only or parser.group in only or parser.name in only:
            out.setdefault(parser.group, []).append(parser)
    return out


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--inputs", type=int, default=100_000)
    options.add_argument("--only", nargs="*", default=[])
    options.add_argument("--seed", type=int, default=20120308)
    options.add_argument("--first", type=int, default=0, help="number of the first input; figures are added up")
    options.add_argument("--write", action="store_true")
    asked = options.parse_args()
    defects = 0
    for group, members in groups(asked.only).items():
        tally = run(members, asked.inputs, asked.seed, asked.first)
        defects += len(tally.defects)
        keep("fuzz", {group: added(keep("fuzz", {}).get(group) if asked.first else None, tally)})
        print(line(group, tally), flush=True)
        for what, data in tally.defects.items():
            print(f"    {what}\n        {data[:160]!r}", flush=True)
    if asked.write:
        rows = keep("fuzz", {})
        write("fuzz", table(rows), "make fuzz ARGS=--write", asked.seed)
    sys.exit(1 if defects else 0)


def added(before: dict[str, Any] | None, tally: Tally) -> dict[str, Any]:
    """Figures of a run that goes on where another ended."""
    now = {**vars(tally), "defects": sorted(tally.defects)}
    if before is None:
        return now
    sums = {name: before[name] + now[name] for name in ("inputs", "accepted", "seconds")}
    most = {name: max(before[name], now[name]) for name in ("slowest", "grown")}
    return {**sums, **most, "defects": sorted({*before["defects"], *now["defects"]})}


def line(group: str, tally: Tally) -> str:
    return (
        f"{group:<20} {tally.inputs:>8} inputs, {tally.accepted:>7} accepted, {len(tally.defects)} defects, "
        f"slowest {1000 * tally.slowest:.0f} ms, memory at most +{tally.grown // 1024} MB, {tally.seconds:.0f} s"
    )


def table(rows: dict[str, Any]) -> str:
    """The figures in Markdown; parsers that were not run again stand as they stood on the page."""
    lines = {
        group: f"| {group} | {t['inputs']:,} | {t['accepted']:,} | {len(t['defects'])} | {1000 * t['slowest']:.0f} ms "
        f"| +{t['grown'] // 1024} MB | {t['seconds']:.0f} s |"
        for group, t in rows.items()
    }
    head = "| parser | inputs | accepted | defects left | slowest input | memory of one input | processor time |"
    return "\n".join([head, "| --- | ---: | ---: | ---: | ---: | ---: | ---: |", *merged("fuzz", lines, groups([]))])


if __name__ == "__main__":
    main()
