"""Fault drills on this machine: a run is killed, starved, spoiled and doubled, and must end with undisturbed digits.

Every drill runs a command in processes of its own, disturbs it, gives the same command again, and holds every shard
of the store against those of a store that nothing disturbed. `tregua doctor --drill` runs the short version; the test
suite and ``tests/drills/drill.py`` run the same functions with other commands and more points.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

SHORT = ("compare", "--draws", "50", "--arm", "open_truce", "--reading", "default", "--reading", "bonding")
"""A comparison of a few hundred histories in a handful of shards."""
PATIENCE = 600.0
"""Seconds after which a command counts as hanging."""
TRACEBACK = "Traceback (most recent call last)"


class DrillError(AssertionError):
    """A drill ended otherwise than it must; the text says how."""


@dataclass(frozen=True)
class Drilled:
    """One drill.

    Attributes
    ----------
    id : str
    times : int
        Disturbances; 0 where this system does not allow the drill.
    shards : int
        Shards held against those of the undisturbed run.
    fault : str
        How it ended otherwise than it must; empty where it did not.
    """

    id: str
    times: int
    shards: int
    fault: str = ""


SHARDS = "*/store/shards/*"
"""Files of finished shards under a results folder."""


@dataclass
class Drill:
    """A command to be disturbed.

    Parameters
    ----------
    folder : Path
        An empty folder.
    words : sequence of str
        The command, without ``--out`` and ``--quiet``.
    seed : int
        Of the moments and places at which it strikes.
    environment : dict
        Added to that of this process.
    kept : str
        Pattern of the files, under the results, that must be the same after every disturbance.
    """

    folder: Path
    words: Sequence[str] = SHORT
    seed: int = 20120308
    environment: dict[str, str] = field(default_factory=dict)
    kept: str = SHARDS

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self._made = 0

    def out(self) -> Path:
        """A new folder for results."""
        self._made += 1
        return self.folder / f"out{self._made}"

    def start(self, out: Path, limit: int | None = None) -> subprocess.Popen[str]:
        """Start the command; `limit` is the size in bytes beyond which the system refuses to let a file grow."""
        words = [sys.executable, "-m", "tregua", *self.words, "--out", str(out), "--quiet"]
        if limit is not None:
            words[1:3] = ["-c", _LIMITED, str(limit)]
        env = {**os.environ, **self.environment}
        return subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def finish(self, process: subprocess.Popen[str], allowed: Sequence[int] = (0,)) -> str:
        """Wait for a command; what it said.

        Raises
        ------
        DrillError
            It hung, left with another status, or showed a traceback.
        """
        try:
            said, _ = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise DrillError(f"no end after {PATIENCE:g} s") from None
        if TRACEBACK in said:
            raise DrillError(f"a traceback: {said.splitlines()[-1]}")
        if process.returncode not in allowed:
            last = said.strip().splitlines()[-1:] or [""]
            raise DrillError(f"left with {process.returncode}: {last[0][:160]}")
        return said

    def run(self, out: Path, **options: Any) -> str:
        return self.finish(self.start(out, **options))

    @cached_property
    def whole(self) -> tuple[dict[str, str], float, int]:
        """Digests of an undisturbed run, its seconds, and the size of its largest file of the store."""
        out = self.out()
        begun = time.monotonic()
        self.run(out)
        took = time.monotonic() - begun
        largest = max(path.stat().st_size for path in shards(out, self.kept))
        return digests(out, self.kept), took, largest

    def hold(self, out: Path) -> int:
        """Hold a store against the undisturbed one; how many files were the same.

        Raises
        ------
        DrillError
        """
        wanted, found = self.whole[0], digests(out, self.kept)
        if found != wanted:
            lost = sorted(wanted.keys() - found.keys())
            other = sorted(name for name in wanted.keys() & found.keys() if wanted[name] != found[name])
            more = sorted(found.keys() - wanted.keys())
            raise DrillError(
                f"{len(lost)} files lost, {len(other)} other, {len(more)} more: {(lost + other + more)[:2]}"
            )
        half = [path.name for path in out.rglob("*.part")]
        if half:
            raise DrillError(f"half-written files are left: {half[:2]}")
        return len(found)

    # the drills

    def killed(self, points: int = 3, begin: float = 0.0) -> int:
        """kill -9 at random moments of one run, which is begun again each time; then it ends."""
        out = self.out()
        _, took, _ = self.whole
        for _ in range(points):
            process = self.start(out)
            time.sleep(took * self.chance.uniform(begin, 1.0))
            process.kill()
            process.communicate()
            self.whole_files(out)
        self.run(out)
        return self.hold(out)

    def starved(self, points: int = 2) -> int:
        """No file may grow beyond n bytes, as on a full disk; afterwards there is room again."""
        out = self.out()
        _, _, largest = self.whole
        for _ in range(points):
            limit = self.chance.randrange(100, max(101, largest))
            said = self.finish(self.start(out, limit=limit), allowed=(0, 1, 3))
            if "disk is full" not in said and "disco está lleno" not in said and "E54" not in said:
                raise DrillError(f"a full disk was not told: {said.strip()[-160:]!r}")
            self.whole_files(out)
        self.run(out)
        return self.hold(out)

    def spoiled(self, points: int = 2) -> int:
        """The last shard is cut short, another has a bit turned; both are set aside and computed again."""
        out = self.out()
        self.run(out)
        for number in range(points):
            tables = sorted((p for p in shards(out) if p.suffix == ".parquet"), key=lambda p: p.stat().st_mtime_ns)
            victim = tables[-1] if number == 0 else self.chance.choice(tables)
            self.damage(victim, turned=number % 2 == 1)
            self.run(out)
            if not any(path.name.endswith(".why.txt") for path in out.rglob("quarantine/*")):
                raise DrillError("a broken shard was not set aside")
        return self.hold(out)

    def damage(self, victim: Path, *, turned: bool) -> None:
        """Cut a file short at a random place, or turn a bit there."""
        data = victim.read_bytes()
        place = self.chance.randrange(len(data))
        whole = data[:place] + bytes([data[place] ^ 16]) + data[place + 1 :]
        victim.write_bytes(whole if turned else data[:place])

    def doubled(self, processes: int = 2) -> int:
        """Several processes work on one store at once."""
        out = self.out()
        for process in [self.start(out) for _ in range(processes)]:
            self.finish(process)
        return self.hold(out)

    def closed(self) -> int | None:
        """The results folder may not be written: said in words, and nothing in it changes. None where root may all."""
        if not hasattr(os, "geteuid") or os.geteuid() == 0:
            return None
        out = self.out()
        self.run(out)
        before = digests(out)
        folders = [out, *(path for path in out.rglob("*") if path.is_dir())]
        try:
            for folder in folders:
                folder.chmod(0o555)
            self.finish(self.start(out), allowed=(0, 1))
        finally:
            for folder in folders:
                folder.chmod(0o755)
        if digests(out) != before:
            raise DrillError("files changed in a folder that may not be written")
        return self.hold(out)

    def whole_files(self, out: Path) -> None:
        """Whatever stands under a final name is whole: every receipt has its tables with their digests.

        Raises
        ------
        DrillError
        """
        import json

        for receipt in out.glob("*/store/shards/*.json"):
            body = json.loads(receipt.read_bytes())
            for name, table in body["tables"].items():
                data = receipt.with_name(f"{receipt.stem}.{name}.parquet").read_bytes()
                if hashlib.sha256(data).hexdigest() != table["digest"]:
                    raise DrillError(f"a finished shard is not what its receipt says: {receipt.stem[:12]}")
        for page in out.rglob("*.html"):
            if not page.read_text(encoding="utf-8").rstrip().endswith("</html>"):
                raise DrillError(f"half a page: {page.name}")


_LIMITED = """
import resource, signal, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sys.argv = ["tregua", *sys.argv[2:]]
from tregua.cli import main
main()
"""


def shards(out: Path, kept: str = SHARDS) -> list[Path]:
    """Finished files under a results folder: those of shards, or of another pattern."""
    return sorted(path for path in out.glob(kept) if path.is_file())


def digests(out: Path, kept: str = SHARDS) -> dict[str, str]:
    """SHA-256 of every finished file; how long something took is left out of a JSON document."""
    return {path.name: hashlib.sha256(_lasting(path)).hexdigest() for path in shards(out, kept)}


def _lasting(path: Path) -> bytes:
    import json

    data = path.read_bytes()
    if path.suffix == ".json" and b'"seconds"' in data:
        body = json.loads(data)
        body.pop("seconds", None)
        data = json.dumps(body, sort_keys=True).encode()
    return data


def examine() -> Iterator[Drilled]:
    """The short version, one drill at a time, in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="tregua-drill-") as folder:
        drill = Drill(Path(folder))
        short: tuple[tuple[str, int, Callable[[], int | None]], ...] = (
            ("killed", 3, lambda: drill.killed(3)),
            ("starved", 2, lambda: drill.starved(2) if hasattr(signal, "SIGXFSZ") else None),
            ("spoiled", 2, lambda: drill.spoiled(2)),
            ("doubled", 2, lambda: drill.doubled(2)),
            ("closed", 1, drill.closed),
        )
        for name, times, work in short:
            try:
                held = work()
            except DrillError as fault:
                yield Drilled(name, times, 0, str(fault))
            else:
                yield Drilled(name, 0 if held is None else times, held or 0)
            with contextlib.suppress(OSError):
                for path in Path(folder).glob("out*"):
                    path.chmod(0o755)
