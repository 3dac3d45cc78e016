"""Many shards on a Dask cluster: the same shards, the same digits, whatever worker computes them and however often.

A task is one shard. It computes the shard, writes it into the store, which lies on a disk that all workers share, and
returns only the key of its receipt; a shard that is there already is not computed again. A worker that dies takes
nothing with it but the shard in its hands, which another worker does anew. Workers of another version or model are
refused before anything is computed: their digits would not be ours.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from tregua.errors import Problem, StoreError, TreguaError
from tregua.runs.disk import store_error
from tregua.runs.local import Computed, Interrupted, Progress, RunReport, reproduce_command
from tregua.runs.manifest import Failed
from tregua.runs.shard import Origin, Shard, digest
from tregua.runs.store import Store

PATIENCE = 10.0
"""Seconds to wait for a scheduler, and for its first worker."""

RETRIES = 3
"""Times that a shard is begun anew after its task failed; a worker that dies does not count as a failure of the shard
until it has died on it this often."""

CODE_NO_SCHEDULER, CODE_OTHER_WORKER = "E71", "E72"


class Recipe(Protocol):
    """What a worker needs to compute shards, small enough to send: it is pickled, the model and the case are not."""

    def origin(self) -> Origin:
        """Model and case that this process would compute with."""
        ...

    def build(self) -> Callable[[Shard], Computed | Mapping[str, Any]]:
        """The function that computes a shard; called once a process."""
        ...


@dataclass(frozen=True)
class Version:
    """What a process computes with.

    Attributes
    ----------
    tregua, python, numpy, numba : str
        Versions.
    machine : str
        Kind of processor.
    origin : Origin
    """

    tregua: str
    python: str
    numpy: str
    numba: str
    machine: str
    origin: Origin

    def differences(self, other: Version) -> str:
        """Where the other one differs, in words; empty where it does not."""
        parts = []
        for name in ("tregua", "python", "numpy", "numba", "machine"):
            mine, there = getattr(self, name), getattr(other, name)
            if mine != there:
                parts.append(f"{name} {there}, not {mine}")
        for name in ("model", "case"):
            mine, there = getattr(self.origin, name), getattr(other.origin, name)
            if mine != there:
                parts.append(f"{name} {there[:12]}, not {mine[:12]}")
        return "; ".join(parts)


def version_of(recipe: Recipe) -> Version:
    """What this process would compute with; run on every worker before the first shard."""
    import platform
    from importlib import metadata

    from tregua import __version__

    return Version(
        tregua=__version__,
        python=".".join(str(part) for part in sys.version_info[:2]),
        numpy=metadata.version("numpy"),
        numba=metadata.version("numba"),
        machine=platform.machine(),
        origin=recipe.origin(),
    )


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """A client of a scheduler.

    Raises
    ------
    StoreError
        E71: Dask is missing, no scheduler answers at this address, or it has no worker.
    """
    try:
        dask = import_module("distributed")
    except ImportError as error:
        raise _unreachable(
            "a cluster needs Dask, which is not installed",
            "nothing",
            "dask and distributed",
            "pip install 'tregua[cluster]'",
        ) from error
    try:
        client = dask.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise _unreachable(
            "no scheduler answers at this address",
            address,
            "the address of a running scheduler, tcp://host:port",
            "start one with `dask scheduler`, or leave out --cluster; nothing was computed and nothing is lost",
        ) from error
    try:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            raise _unreachable(
                "the scheduler has no worker", address, "at least one worker", f"start one with `dask worker {address}`"
            ) from error
        yield client
    finally:
        client.close()


def run_on_cluster(
    shards: Sequence[Shard],
    recipe: Recipe,
    store: Store,
    client: Any,
    progress: Callable[[Progress], None] | None = None,
    *,
    retries: int = RETRIES,
    reproduce: Callable[[Shard], str] = reproduce_command,
) -> RunReport:
    """Compute what the store does not hold yet, on the workers of a cluster.

    Parameters
    ----------
    shards : sequence of Shard
    recipe : Recipe
        Of the model and case of the store.
    store : Store
        In a folder that every worker sees under the same path.
    client : distributed.Client
        From `connected`.
    progress : callable, optional
        Called in this thread whenever a shard ends.
    retries : int
        As `RETRIES`.
    reproduce : callable
        Shard -> command that repeats it.

    Returns
    -------
    RunReport
        As `tregua.runs.local.run_shards` gives it.

    Raises
    ------
    Interrupted
        Ctrl-C. Carries the report; nothing finished is lost.
    StoreError
        E72 a worker of another version; E53, E54 the store cannot be written.
    """
    begin = time.monotonic()
    unique = list({store.key(shard): shard for shard in shards}.values())
    check_workers(client, recipe)
    problems = store.check(unique)
    waiting = [shard for shard in unique if shard not in store]
    reused = [shard for shard in unique if shard in store]
    done = sum(s.size for s in reused)
    start, computed, lost = time.monotonic(), 0, 0
    failed: list[Failed] = []
    interrupted = False

    def tell(label: str) -> None:
        if progress is not None:
            total = sum(s.size for s in unique)
            elapsed = time.monotonic() - start
            rate = computed / elapsed if computed and elapsed > 0 else 0.0
            rest = total - done - lost
            left = rest / rate if rate else (0.0 if rest == 0 else None)
            progress(Progress(total, done, sum(s.size for s in reused), lost, rate, elapsed, left, label))

    tell("")
    futures: dict[Any, Shard] = {}
    try:
        for shard in waiting:
            task = client.submit(
                compute_shard, recipe, shard, str(store.folder.resolve()), store.origin,
                key=f"tregua-{store.key(shard)}", retries=retries, pure=False,
            )  # fmt: skip
            futures[task] = shard
        for future in import_module("distributed").as_completed(list(futures), loop=client.loop):
            shard = futures[future]
            error = future.exception() if future.status == "error" else None
            if error is None and store.fetch(shard):
                done += shard.size
                computed += shard.size
            elif isinstance(error, StoreError):
                raise error
            else:
                lost += shard.size
                failed.append(store.fail(shard, _sentence(error), reproduce(shard), repr(error)))
            tell(shard.label)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        # What still waits is taken back; a shard in the hands of a worker may yet be finished, which harms nothing.
        client.cancel([future for future in futures if not future.done()])
        store.adopt()
        if waiting or problems:
            store.save()
    finished = [shard for shard in unique if shard in store]
    entries = [store.entry(shard) for shard in finished]
    report = RunReport(
        total=len(unique),
        computed=len(finished) - len(reused),
        reused=len(reused),
        failed=len(failed),
        remaining=len(unique) - len(finished) - len(failed),
        histories=sum(e.size - len({(f.draw, f.luck, f.arm, f.reading) for f in e.failures}) for e in entries),
        histories_reused=sum(shard.size for shard in reused),
        failed_shards=tuple(sorted(failed, key=lambda row: row.label)),
        failures=tuple(failure for entry in entries for failure in entry.failures),
        problems=tuple(problems),
        seconds=time.monotonic() - begin,
    )
    if interrupted:
        raise Interrupted(replace(report, interrupted=True))
    return report


def check_workers(client: Any, recipe: Recipe) -> None:
    """Refuse a cluster in which some worker would give other digits.

    Raises
    ------
    StoreError
        E72, one problem a worker.
    """
    ours = version_of(recipe)
    problems = []
    for worker, theirs in sorted(client.run(_try_version, recipe, on_error="return").items()):
        if isinstance(theirs, Version):
            found = ours.differences(theirs)
        else:
            found = _sentence(theirs) if isinstance(theirs, BaseException) else str(theirs)
        if found:
            problems.append(
                Problem(
                    CODE_OTHER_WORKER, "a worker would not give the same digits", str(worker), None, "--cluster", found,
                    "the same tregua, Python, NumPy, Numba, model and case on every worker",
                    "install the same versions on it, or leave this worker out; nothing was computed",
                )
            )  # fmt: skip
    if problems:
        raise StoreError("some workers would not give the same digits", problems=tuple(problems))


def compute_shard(recipe: Recipe, shard: Shard, folder: str, origin: Origin) -> str:
    """Compute one shard on a worker and store it; returns its key.

    Runs on the worker. What the recipe builds is kept for the next shard of the same recipe.
    """
    store = _store(folder, origin)
    if not store.fetch(shard):
        begin = time.monotonic()
        made = _compute(recipe, origin)(shard)
        result = made if isinstance(made, Computed) else Computed(made)
        store.write(shard, result.tables, result.failures, seconds=round(time.monotonic() - begin, 3))
    return store.key(shard)


_BUILT: dict[str, Any] = {}
_STORES: dict[tuple[str, Origin], Store] = {}
_LOCK = threading.Lock()
_KEPT = 4


def _compute(recipe: Recipe, origin: Origin) -> Callable[[Shard], Computed | Mapping[str, Any]]:
    name = digest(repr((recipe, origin)).encode())
    with _LOCK:
        if name not in _BUILT:
            here = recipe.origin()
            if here != origin:
                raise store_error(
                    CODE_OTHER_WORKER,
                    "this worker would not give the same digits",
                    "worker",
                    f"model {here.model[:12]}, case {here.case[:12]}",
                    f"model {origin.model[:12]}, case {origin.case[:12]}",
                    "install the same version on it",
                )
            while len(_BUILT) >= _KEPT:
                _BUILT.pop(next(iter(_BUILT)))
            _BUILT[name] = recipe.build()
        found: Callable[[Shard], Computed | Mapping[str, Any]] = _BUILT[name]
        return found


def _store(folder: str, origin: Origin) -> Store:
    """The store as this worker sees it; only shards and receipts are written, the manifest is its owner's."""
    with _LOCK:
        key = (folder, origin)
        if key not in _STORES:
            if not Path(folder).is_dir():
                raise store_error(
                    "E53",
                    "this worker does not see the results folder",
                    folder,
                    "nothing there",
                    "a disk that all workers share, under the same path",
                    "choose such a folder with --out",
                )
            _STORES[key] = Store.open(folder, origin)
        return _STORES[key]


def _try_version(recipe: Recipe) -> Version | str:
    try:
        return version_of(recipe)
    except TreguaError as error:
        return _sentence(error)


def _sentence(error: BaseException | None) -> str:
    if isinstance(error, TreguaError) and error.problems:
        return error.problems[0].message
    return f"{type(error).__name__}: {error}" if error is not None else "the result was not found in the store"


def _unreachable(message: str, found: str, allowed: str, mend: str) -> StoreError:
    return StoreError(
        message, problems=(Problem(CODE_NO_SCHEDULER, message, "", None, "--cluster", found, allowed, mend),)
    )
