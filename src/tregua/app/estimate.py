"""An estimate of an effect as a job: in a process of its own, which can be ended, and which levers do not wait for.

Samplers take a processor and more than a gigabyte for a minute or two. The process is given everything on its standard
input, tells each part on its standard output, and ends when the app does, however the app ends.
"""

from __future__ import annotations

import json
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tregua.errors import Problem, TreguaError, UsageError

if TYPE_CHECKING:
    from tregua.case.load import Case
    from tregua.effect.design import Phases
    from tregua.effect.inputs import EffectInputs

SEED = 20120309
"""That of `tregua effect`: the same estimate, found in the same place."""
RESULTS = "effect.json"
NAMELESS = "counts.csv"
NICE = 5
LOOK_SECONDS = 0.2
Told = Callable[[int, int, dict[str, str]], None]
"""Called with the parts finished, all parts, and the name of the last one in both languages."""


class EndedError(TreguaError):
    """The process that estimates ended without a word."""

    code = "E89"


@dataclass(frozen=True)
class Asked:
    """What is estimated.

    Attributes
    ----------
    fast : bool
        Approximate posteriors only.
    counts : str
        Digest of somebody's own counts, kept under it; empty for those of the case.
    name : str
        What their file was called, for the eye alone: no path is made of it.
    phases : tuple of str
        ``kind=YYYY-MM-DD``; those of the case where empty.
    dates : str
        How 03/04/2012 is to be read.
    """

    fast: bool = False
    counts: str = ""
    name: str = ""
    phases: tuple[str, ...] = ()
    dates: str = ""

    @classmethod
    def of(cls, settings: dict[str, Any]) -> Asked:
        """From the settings of a job."""
        return cls(
            bool(settings.get("fast")), str(settings.get("counts") or ""), str(settings.get("name") or ""),
            tuple(settings.get("phases") or ()), str(settings.get("dates") or ""),
        )  # fmt: skip

    def folder(self, results: Path) -> Path:
        """Where its results lie, below the folder of the case: those of the case where the command line puts them."""
        if not self.counts:
            return results / "effect"
        settled = sha256(repr((self.counts, self.phases, self.dates)).encode()).hexdigest()[:16]
        return results / "app" / "effect" / settled

    def command(self, case: str) -> str:
        """What repeats it in a terminal."""
        words = ["tregua effect", f"--data {self.name}" if self.counts else case]
        words += [f"--phase {phase}" for phase in self.phases]
        words += [f"--dates {self.dates}"] if self.dates else []
        return " ".join([*words, *(["--fast"] if self.fast else [])])


def kept_counts(results: Path, digest: str) -> Path:
    """The place of somebody's own counts: named by what is in them, never by whoever sends them."""
    return results / "app" / "counts" / f"{digest}.csv"


def digest_of(text: str) -> str:
    """The name under which counts are kept."""
    return sha256(text.encode()).hexdigest()[:20]


def shown_name(name: str) -> str:
    """A file name as it is shown: its last part, without signs that a terminal or a page would act on."""
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(ch for ch in last if ch.isalnum() or ch in "._- ").strip()[-60:]
    return clean.replace(" ", "_") or NAMELESS


def inputs_of(case: Case, results: Path, asked: Asked) -> EffectInputs:
    """Counts, phases and what else the estimators take.

    Raises
    ------
    TreguaError
        Counts or phases that cannot be used; libraries that are missing.
    """
    from tregua.effect.design import Design, Phases
    from tregua.effect.extra import require_extra
    from tregua.effect.inputs import EffectInputs, case_inputs

    require_extra(fast=asked.fast)
    phases: Phases | None = Phases.parse(asked.phases) if asked.phases else None
    if not asked.counts:
        return case_inputs(case, phases)
    if phases is None:
        raise UsageError(
            "your own counts need the day on which the truce began", key="phases", found="none",
            allowed="one phase or more", mend="give the day on which it began",
        )  # fmt: skip
    from tregua.effect.read_counts import read_counts

    path = kept_counts(results, asked.counts)
    try:
        read = read_counts(path, asked.dates)
        series = replace(read.series, name=Path(asked.name).stem)
        return EffectInputs(Design(series, phases), title=asked.name, digest=asked.counts, notes=read.notes)
    except TreguaError as error:
        # the problem is told with the name that its owner knows
        named = tuple(replace(p, file=asked.name) if p.file in (path.name, str(path)) else p for p in error.problems)
        raise type(error)(str(error.args[0]), problems=named) from None


def estimate(inputs: EffectInputs, path: Path, *, fast: bool, halt: threading.Event, told: Told) -> bool:
    """Estimate in a process of its own, or find it done; False where `halt` was set before the end.

    Raises
    ------
    TreguaError
        What the estimators refuse; a process that was ended from outside.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "tregua.app.estimate"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    lines: queue.Queue[bytes] = queue.Queue()
    out = child.stdout

    def read() -> None:
        for line in out:
            lines.put(line)
        lines.put(b"")

    threading.Thread(target=read, daemon=True, name="estimate").start()
    try:
        _give(child, pickle.dumps((inputs, str(path), fast)))
        while not halt.is_set():
            try:
                line = lines.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                continue
            if not line:
                break
            message = json.loads(line)
            if "done" in message:
                return True
            if "problems" in message:
                problems = tuple(Problem(**row) for row in message["problems"])
                raise TreguaError(problems[0].message, problems=problems)
            told(message["part"], message["parts"], {"en": message["en"], "es": message["es"]})
        if halt.is_set():
            return False
        raise EndedError(
            "the process that estimates ended before its time", key="effect", found=_how(child.wait(5)),
            allowed="memory for a sampler: about 1.5 GB",
            mend="close other programs and start it again, or ask for the fast form",
        )  # fmt: skip
    finally:
        _end(child)


def _give(child: subprocess.Popen[bytes], data: bytes) -> None:
    assert child.stdin is not None
    # it may have ended already: the loop that reads it tells how
    with suppress(BrokenPipeError):
        child.stdin.write(len(data).to_bytes(8, "big") + data)
        child.stdin.flush()


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the process and the samplers that it started."""
    if child.stdin is not None:
        with suppress(BrokenPipeError):
            child.stdin.close()
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        child.kill()
    child.wait()
    if child.stdout is not None:
        child.stdout.close()


def main() -> None:
    """The process: inputs in, parts and an end out."""
    size = int.from_bytes(sys.stdin.buffer.read(8), "big")
    inputs, path, fast = cast("tuple[EffectInputs, str, bool]", pickle.loads(sys.stdin.buffer.read(size)))

    def watch() -> None:
        # the app has ended, however it did: so do the samplers
        sys.stdin.buffer.read()
        os.killpg(os.getpgid(0), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
    os.nice(NICE)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no message

    def say(message: dict[str, Any]) -> None:
        print(json.dumps(message, ensure_ascii=False), file=out, flush=True)

    try:
        _work(inputs, Path(path), fast, say)
        say({"done": True})
    except TreguaError as error:
        say({"problems": [problem.as_dict() for problem in error.problems]})
    except Exception as fault:
        found = Problem("E84", f"{type(fault).__name__}: {fault}"[:300], mend="report it")
        say({"problems": [found.as_dict()]})


def _work(inputs: EffectInputs, path: Path, fast: bool, say: Callable[[dict[str, Any]], None]) -> None:
    from tregua.effect.refit import ESTIMATORS
    from tregua.effect.results import load_results, save_results
    from tregua.effect.study import study, study_key

    key = study_key(inputs, SEED, not fast, None)
    if load_results(path, key) is not None:
        return
    parts, part = len(ESTIMATORS) + 1 + bool(inputs.pool) + (not fast), 0

    def told(en: str, es: str) -> None:
        nonlocal part
        part += 1
        say({"part": part, "parts": max(part, parts), "en": en, "es": es})

    save_results(study(inputs, seed=SEED, full=not fast, told=told), path, key)


if __name__ == "__main__":
    main()
