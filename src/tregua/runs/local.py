"""Many shards on the threads of this machine.

Resume is the ordinary path: finished shards are found in the store and never computed again, whatever ended the last
run. Compiled kernels release the interpreter lock, so threads are enough and share one compiled model.
"""

from __future__ import annotations

import os
import queue
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tregua.errors import Problem, StoreError, TreguaError
from tregua.runs.manifest import Failed
from tregua.runs.shard import Failure, Shard
from tregua.runs.store import Store

SAVE_EVERY = 2.0
"""Seconds between two writings of the manifest; receipts keep what is finished in between."""


@dataclass(frozen=True)
class Computed:
    """What computing a shard gave.

    Attributes
    ----------
    tables : mapping
        ``summaries`` and ``flows``, either or both.
    failures : tuple of Failure
        Histories that could not be computed; the others stand.
    """

    tables: Mapping[str, Any]
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Attributes
    ----------
    total, done, reused, failed : int
        Histories asked for; finished (those found in the store included); found in the store; not computable.
    rate : float
        Histories a second computed by this run; 0 before the first.
    elapsed : float
        Seconds.
    left : float or None
        Seconds left at this rate; None before anything can be said.
    label : str
        The shard that has just ended.
    """

    total: int
    done: int
    reused: int
    failed: int
    rate: float
    elapsed: float
    left: float | None
    label: str = ""


@dataclass(frozen=True)
class RunReport:
    """What a run did.

    Attributes
    ----------
    total, computed, reused, failed, remaining : int
        Shards: asked for, computed now, found in the store, not computable, not reached.
    histories : int
        Histories in the finished shards, those that failed inside them not counted.
    histories_reused : int
        Of these, histories found in the store.
    failed_shards : tuple of Failed
    failures : tuple of Failure
        Histories that failed inside finished shards.
    problems : tuple of Problem
        Stored results that were found broken and computed again.
    seconds : float
    interrupted : bool
        Stopped by hand before the end.
    """

    total: int
    computed: int
    reused: int
    failed: int
    remaining: int
    histories: int
    histories_reused: int
    failed_shards: tuple[Failed, ...] = ()
    failures: tuple[Failure, ...] = ()
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0
    interrupted: bool = False

    @property
    def complete(self) -> bool:
        """True where every history that was asked for is stored."""
        return not (self.failed or self.remaining or self.failures)


class Interrupted(KeyboardInterrupt):
    """A run stopped by hand; everything finished is kept and the same command goes on from there.

    Attributes
    ----------
    report : RunReport
    """

    def __init__(self, report: RunReport) -> None:
        self.report = report
        super().__init__(f"Stopped. {report.histories:,} runs are kept; the same command goes on from here.")


def reproduce_command(shard: Shard) -> str:
    """The command that computes a shard again, from the settings that are options of the command line.

    Draws are asked for up to the last one of the shard: those before it are in the store and are not computed again.
    """
    s = shard.settings
    words = ["tregua", "simulate" if shard.kind == "record" else "compare"]
    if "case" in s:
        words.append(str(s["case"]))
    for option in ("decision", "reading", "arm", "arms", "seed", "luck", "start", "end", "step"):
        values = s.get(option, [])
        for value in values if isinstance(values, list) else [values]:
            words.append(f"--{option.removesuffix('s')} {value}")
    if s.get("draws"):
        words.append(f"--draws {max(s['draws']) + 1}")
    words += [f"--set {name}={value}" for name, value in s.get("set", {}).items()]
    return " ".join(words)


@dataclass
class _Tally:
    """Counts that the threads and the watcher share."""

    total: int
    reused: int
    start: float
    done: int = 0
    failed: int = 0
    computed: int = 0

    def progress(self, label: str) -> Progress:
        elapsed = time.monotonic() - self.start
        rate = self.computed / elapsed if self.computed and elapsed > 0 else 0.0
        rest = self.total - self.done - self.failed
        left = rest / rate if rate else (0.0 if rest == 0 else None)
        return Progress(self.total, self.done, self.reused, self.failed, rate, elapsed, left, label)


def run_shards(
    shards: Sequence[Shard],
    compute: Callable[[Shard], Computed | Mapping[str, Any]],
    store: Store,
    threads: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    *,
    reproduce: Callable[[Shard], str] = reproduce_command,
    stop: threading.Event | None = None,
    grace: float = 30.0,
) -> RunReport:
    """Compute what is not yet in the store.

    Parameters
    ----------
    shards : sequence of Shard
        In the order in which they are begun. Shards with one address are computed once.
    compute : callable
        Shard -> `Computed`, or a mapping of tables. Called from several threads at once. What it gives must depend on
        the settings of the shard alone: then threads, order and chunking cannot move a digit.
    store : Store
    threads : int, optional
        As many as the machine has cores by default.
    progress : callable, optional
        Called from the calling thread with a `Progress`: once at the start, and after each shard.
    reproduce : callable
        Shard -> the command that repeats it.
    stop : threading.Event, optional
        Set it to stop after the shards in hand (the app's cancel button); the report then says ``interrupted``.
    grace : float
        Seconds that shards in hand get to finish after Ctrl-C. A second Ctrl-C drops them at once.

    Returns
    -------
    RunReport

    Raises
    ------
    Interrupted
        Ctrl-C. Carries the report; nothing finished is lost.
    StoreError
        The store cannot be written any more (E53, E54). Nothing finished is lost.
    """
    begin = time.monotonic()
    threads = max(1, threads or os.cpu_count() or 1)
    unique = list({store.key(shard): shard for shard in shards}.values())
    interrupted = False
    problems: list[Problem] = []
    try:
        problems = store.check(unique, threads)
    except KeyboardInterrupt:
        interrupted = True
    waiting = [shard for shard in unique if shard not in store]
    reused = [shard for shard in unique if shard in store]
    tally = _Tally(total=sum(s.size for s in unique), reused=sum(s.size for s in reused), start=time.monotonic())
    tally.done = tally.reused
    failed: list[Failed] = []
    results: queue.Queue[tuple[Shard | None, str, Any]] = queue.Queue()
    work = iter(waiting)
    turn = threading.Lock()
    halt = threading.Event()
    drop = threading.Event()

    def labour() -> None:
        while True:
            with turn:
                shard = None if halt.is_set() or (stop is not None and stop.is_set()) else next(work, None)
            if shard is None:
                results.put((None, "gone", threading.current_thread()))
                return
            results.put((shard, *_one(shard, compute, store, reproduce, drop)))

    workers = [threading.Thread(target=labour, daemon=True) for _ in range(min(threads, len(waiting)))]
    if interrupted:
        workers.clear()
    unstarted = list(workers)
    trouble: StoreError | None = None
    saved = time.monotonic()
    deadline = float("inf")
    greeted = progress is None
    # Ctrl-C may strike between any two lines here; whatever it cuts short, the next turn of the loop takes up.
    while True:
        try:
            if not greeted and progress is not None:
                greeted = True
                progress(tally.progress(""))
            while unstarted and not interrupted:
                unstarted.pop(0).start()
            if results.empty() and not any(worker.is_alive() for worker in workers):
                break
            try:
                shard, outcome, what = results.get(timeout=max(0.0, min(0.2, deadline - time.monotonic())))
            except queue.Empty:
                if time.monotonic() >= deadline:
                    drop.set()
                    break
                continue
            if shard is None:
                what.join()
                continue
            if outcome == "stored":
                tally.done += shard.size
                tally.computed += shard.size
            elif outcome == "found":
                tally.done += shard.size
                tally.reused += shard.size
                reused.append(shard)
            elif outcome == "failed":
                tally.failed += shard.size
                failed.append(what)
            elif outcome == "trouble":
                trouble = trouble or what
                halt.set()
            if progress is not None and outcome != "dropped":
                progress(tally.progress(shard.label))
            if trouble is None and time.monotonic() - saved > SAVE_EVERY:
                store.save()
                saved = time.monotonic()
        except KeyboardInterrupt:
            halt.set()
            if interrupted:
                drop.set()
                break
            interrupted = True
            deadline = time.monotonic() + grace
        except StoreError as error:
            trouble = trouble or error
            halt.set()
        except BaseException:
            # An error of the progress display is not ours to hide, but no thread may go on computing behind it.
            halt.set()
            raise

    finished = [shard for shard in unique if shard in store]
    entries = [store.entry(shard) for shard in finished]
    lost = tuple(failure for entry in entries for failure in entry.failures)
    report = RunReport(
        total=len(unique),
        computed=len(finished) - len(reused),
        reused=len(reused),
        failed=len(failed),
        remaining=len(unique) - len(finished) - len(failed),
        histories=sum(e.size - len({(f.draw, f.luck, f.arm, f.reading) for f in e.failures}) for e in entries),
        histories_reused=sum(shard.size for shard in reused),
        failed_shards=tuple(sorted(failed, key=lambda row: row.label)),
        failures=lost,
        problems=tuple(problems),
        seconds=time.monotonic() - begin,
        interrupted=interrupted or (stop is not None and stop.is_set() and len(finished) + len(failed) < len(unique)),
    )
    if trouble is not None:
        kept = f"{report.histories} runs are kept in {store.folder}; the same command goes on from there"
        raise StoreError(str(trouble.args[0]), problems=tuple(_with(p, kept) for p in trouble.problems)) from trouble
    if waiting or problems:
        try:
            store.save()
        except KeyboardInterrupt:
            interrupted = True
    if interrupted:
        raise Interrupted(replace(report, interrupted=True))
    return report


def _one(
    shard: Shard,
    compute: Callable[[Shard], Computed | Mapping[str, Any]],
    store: Store,
    reproduce: Callable[[Shard], str],
    drop: threading.Event,
) -> tuple[str, Any]:
    """Compute and store one shard; say how it ended."""
    try:
        if store.fetch(shard):
            return "found", None
        begin = time.monotonic()
        try:
            made = compute(shard)
            result = made if isinstance(made, Computed) else Computed(made)
            if drop.is_set():
                return "dropped", None
            store.write(shard, result.tables, result.failures, seconds=round(time.monotonic() - begin, 3))
            return "stored", None
        except StoreError:
            raise
        except BaseException as error:
            # In a worker thread nothing but the work itself raises here; Ctrl-C reaches the main thread only.
            if isinstance(error, TreguaError) and error.problems:
                message = error.problems[0].message
            else:
                message = f"{type(error).__name__}: {error}"
            return "failed", store.fail(shard, message, reproduce(shard), traceback.format_exc())
    except StoreError as error:
        return "trouble", error


def _with(problem: Problem, kept: str) -> Problem:
    """The same problem, saying what is kept."""
    row = problem.as_dict()
    row["mend"] = f"{problem.mend} ({kept})"
    return Problem(**row)  # type: ignore[arg-type]
