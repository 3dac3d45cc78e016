"""Jobs: longer computations in the store of the case, one at a time; they survive a restart of the app.

A job is the same shards that a command would compute. Cancelling keeps what is finished; resuming computes the rest.
An estimate of an effect is the exception: it is kept whole or not at all, and resuming begins it anew.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tregua.app.estimate import RESULTS, Asked, digest_of, estimate, inputs_of, kept_counts, shown_name
from tregua.app.guard import told_problem
from tregua.errors import Problem, TreguaError, UsageError
from tregua.explore.comparison import comparison_shards
from tregua.explore.experiment import Experiment, Worker
from tregua.explore.study import stages
from tregua.runs.disk import Disk
from tregua.runs.local import Interrupted, Progress, RunReport, run_shards
from tregua.runs.store import Store
from tregua.spanish import say

if TYPE_CHECKING:
    from tregua.case.load import Case
    from tregua.runs.shard import Shard

MOST_WAITING, MOST_KEPT, MOST_FAILURES = 8, 50, 20
ENDED = ("done", "failed", "cancelled", "interrupted")
EFFECT = "effect"


@dataclass(frozen=True)
class Job:
    """What was asked for, and how far it is.

    Attributes
    ----------
    state : str
        ``waiting``, ``running``, ``done``, ``failed``, ``cancelled`` or ``interrupted`` (the app was closed).
    part : dict or None
        The part of an estimate that has just ended, in both languages.
    failures : tuple of dict
        Histories or shards set aside: ``what``, ``es`` the same in Spanish, and the command that computes it again.
    """

    id: str
    kind: str
    settings: dict[str, Any]
    state: str = "waiting"
    done: int = 0
    total: int = 0
    failed: int = 0
    left: float | None = None
    stage: str = ""
    part: dict[str, str] | None = None
    made: str = ""
    ended: str = ""
    failures: tuple[dict[str, str], ...] = ()
    problem: dict[str, Any] | None = None


@dataclass
class _Turn:
    halt: threading.Event = field(default_factory=threading.Event)


class Jobs:
    """The queue of jobs of one case; a thread of its own works on it.

    Parameters
    ----------
    case : Case
    folder : Path
        ``<out>/<case>``; the list is kept in ``app/jobs.json`` inside it.
    seed : int
    threads : int
        Threads of a job: fewer than the machine has, so that levers still answer.
    ended : callable, optional
        Told the experiment and its store before a job that came to its end is called done.
    """

    def __init__(
        self,
        case: Case,
        folder: Path,
        *,
        seed: int,
        threads: int = 1,
        ended: Callable[[Experiment, Store], None] | None = None,
    ) -> None:
        self.ended = ended
        self.case = case
        self.folder = folder
        self.seed = seed
        self.threads = threads
        self._file = folder / "app" / "jobs.json"
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._turns: dict[str, _Turn] = {}
        self._closing = threading.Event()
        self._jobs: dict[str, Job] = {}
        for job in self._read():
            lost = job.state in ("waiting", "running")
            self._jobs[job.id] = replace(job, state="interrupted", left=None) if lost else job
        self._thread = threading.Thread(target=self._work, daemon=True, name="jobs")
        self._thread.start()

    def close(self, grace: float = 5.0) -> None:
        """Stop between two shards; what is finished is kept and the job can be resumed."""
        self._closing.set()
        with self._changed:
            for turn in self._turns.values():
                turn.halt.set()
            self._changed.notify_all()
        self._thread.join(grace)

    def all(self) -> list[Job]:
        """Every job, the newest first."""
        with self._lock:
            return sorted(self._jobs.values(), key=lambda job: (job.made, job.id), reverse=True)

    def get(self, id: str) -> Job:
        """One job.

        Raises
        ------
        UsageError
            There is no such job.
        """
        with self._lock:
            found = self._jobs.get(id)
        if found is None:
            raise UsageError("no such job", key="id", found=id, allowed="an id of the list", mend="list the jobs")
        return found

    def add(self, kind: str, settings: dict[str, Any]) -> Job:
        """Put a job in the queue.

        Parameters
        ----------
        kind : str
            ``study``, ``compare`` or ``effect``.
        settings : dict
            ``data`` of an effect are somebody's own counts as text: they are kept under their digest.

        Raises
        ------
        UsageError
            The queue is full, or the settings ask for nothing that exists.
        TreguaError
            Counts or dates that cannot be read.
        """
        if kind == EFFECT:
            settings = self._counts(settings)
        else:
            self._shards(Job("", kind, settings))
        with self._changed:
            waiting = sum(job.state in ("waiting", "running") for job in self._jobs.values())
            if waiting >= MOST_WAITING:
                raise UsageError(
                    "the queue of jobs is full", key="jobs", found=waiting, allowed=f"at most {MOST_WAITING}",
                    mend="wait, or cancel one",
                )  # fmt: skip
            job = Job(secrets.token_hex(6), kind, dict(settings), made=_now())
            self._jobs[job.id] = job
            for old in self.all()[MOST_KEPT:]:
                if old.state in ENDED:
                    del self._jobs[old.id]
            self._save()
            self._changed.notify_all()
        return job

    def _counts(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Settings of an estimate with counts of one's own put away, once they are known to be readable."""
        settings = dict(settings)
        text = settings.pop("data", None)
        fresh: Path | None = None
        if text:
            settings |= {"counts": digest_of(text), "name": shown_name(str(settings.get("name") or ""))}
            path = kept_counts(self.folder, settings["counts"])
            if not path.exists():
                disk = Disk()
                disk.folder(path.parent)
                disk.write(path, text.encode())
                fresh = path
        else:
            settings.pop("name", None)
        try:
            inputs_of(self.case, self.folder, Asked.of(settings))
        except TreguaError:
            if fresh is not None:
                fresh.unlink(missing_ok=True)
            raise
        self._sweep(settings.get("counts", ""))
        return settings

    def _sweep(self, keep: str) -> None:
        """Counts that no job in the list is about are not kept."""
        with self._lock:
            asked = {str(job.settings.get("counts") or "") for job in self._jobs.values()} | {keep}
        for file in kept_counts(self.folder, "x").parent.glob("*.csv"):
            if file.stem not in asked:
                file.unlink(missing_ok=True)

    def effect(self, id: str) -> tuple[Asked, Path]:
        """What a job estimated, and where its results lie.

        Raises
        ------
        UsageError
            There is no such job, or it is no estimate.
        """
        job = self.get(id)
        if job.kind != EFFECT:
            raise UsageError(
                "this job estimates no effect", key="job", found=job.kind, allowed=EFFECT, mend="open another job"
            )
        asked = Asked.of(job.settings)
        return asked, asked.folder(self.folder) / RESULTS

    def cancel(self, id: str) -> Job:
        """Stop a job after the shards that are being computed; what is finished is kept."""
        with self._changed:
            job = self.get(id)
            if job.state == "waiting":
                job = self._set(job, state="cancelled", ended=_now())
            elif job.state == "running":
                self._turns[id].halt.set()
            return job

    def resume(self, id: str) -> Job:
        """Put a job that ended before its time into the queue again."""
        with self._changed:
            job = self.get(id)
            if job.state in ("cancelled", "interrupted", "failed"):
                job = self._set(job, state="waiting", ended="", failures=(), failed=0, problem=None)
                self._changed.notify_all()
            return job

    def wait(self, id: str, seen: Job, seconds: float) -> Job:
        """The job as soon as it is no longer as `seen`, or after some seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.get(id) != seen or self._closing.is_set(), seconds)
            return self.get(id)

    def _set(self, job: Job, *, save: bool = True, **values: Any) -> Job:
        with self._changed:
            fresh = replace(self._jobs[job.id], **values)
            self._jobs[job.id] = fresh
            if save:
                self._save()
            self._changed.notify_all()
            return fresh

    def _read(self) -> list[Job]:
        try:
            rows = json.loads(self._file.read_text(encoding="utf-8"))
            return [Job(**{**row, "failures": tuple(row.get("failures", ()))}) for row in rows]
        except (OSError, ValueError, TypeError):
            return []

    def _save(self) -> None:
        disk = Disk()
        disk.folder(self._file.parent)
        text = json.dumps([asdict(job) for job in self.all()], ensure_ascii=False, indent=1)
        disk.write(self._file, text.encode())

    def experiment(self, settings: dict[str, Any]) -> Experiment:
        """The experiment of a job; the page reads the same one back."""
        return Experiment(
            self.case, draws=int(settings.get("draws", 100)), luck=int(settings.get("luck", 1)), seed=self.seed
        )

    def _shards(self, job: Job) -> list[tuple[str, tuple[Shard, ...]]]:
        experiment = self.experiment(job.settings)
        if job.kind == "compare":
            decision = job.settings.get("decision") or next(iter(self.case.decisions))
            if decision not in self.case.decisions:
                raise UsageError(
                    "no such decision", key="decision", found=decision, allowed=", ".join(self.case.decisions),
                    mend="use one of the ids listed",
                )  # fmt: skip
            return [("compare", comparison_shards(experiment, decision))]
        return [(part.id, part.shards) for part in stages(experiment, whole=bool(job.settings.get("whole")))]

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing.is_set() or self._next() is not None)
                if self._closing.is_set():
                    return
                job = self._next()
                if job is None:
                    continue
                turn = self._turns[job.id] = _Turn()
                job = self._set(job, state="running")
            try:
                self._run(job, turn)
            except TreguaError as error:
                self._set(job, state="failed", ended=_now(), problem=told_problem(error.problems[0]), left=None)
            except Exception as fault:
                problem = Problem("E84", f"{type(fault).__name__}: {fault}"[:300], mend="report it")
                self._set(job, state="failed", ended=_now(), problem=told_problem(problem), left=None)
            finally:
                self._turns.pop(job.id, None)

    def _next(self) -> Job | None:
        waiting = [job for job in self._jobs.values() if job.state == "waiting"]
        return min(waiting, key=lambda job: (job.made, job.id)) if waiting else None

    def _estimate(self, job: Job, turn: _Turn) -> None:
        asked = Asked.of(job.settings)

        def told(part: int, parts: int, name: dict[str, str]) -> None:
            self._set(job, save=False, done=part, total=parts, part=name)

        try:
            inputs = inputs_of(self.case, self.folder, asked)
            path = asked.folder(self.folder) / RESULTS
            whole = estimate(inputs, path, fast=asked.fast, halt=turn.halt, told=told)
        except TreguaError as error:
            row = _failure(error.problems[0].message, asked.command(self.case.id))
            self._set(job, failed=1, failures=(row,))
            raise
        now = self.get(job.id)
        if whole:
            self._set(job, state="done", ended=_now(), done=now.total, part=None)
        else:
            # nothing of it is kept: going on begins it anew
            state = "interrupted" if self._closing.is_set() else "cancelled"
            self._set(job, state=state, ended=_now(), done=0, part=None)

    def _run(self, job: Job, turn: _Turn) -> None:
        if job.kind == EFFECT:
            self._estimate(job, turn)
            return
        experiment = self.experiment(job.settings)
        worker = Worker(experiment)
        store = self.store(experiment)
        parts = self._shards(job)
        whole = sum(shard.size for _, shards in parts for shard in shards)
        before, reports = 0, []
        for stage, shards in parts:
            report = self._stage(job, stage, shards, worker, store, turn, before, whole)
            reports.append(report)
            before += sum(shard.size for shard in shards)
            if report.interrupted:
                break
        found = [(f.message, f.reproduce) for report in reports for f in report.failures]
        found += [(f.message, f.reproduce) for report in reports for f in report.failed_shards]
        rows = [_failure(*one) for one in found]
        cut = any(report.interrupted for report in reports)
        state = ("interrupted" if self._closing.is_set() else "cancelled") if cut else "done"
        if not cut and self.ended is not None:
            self.ended(experiment, store)
        values: dict[str, Any] = {} if cut else {"done": whole, "total": whole}
        values |= {"failed": len(rows), "failures": tuple(rows[:MOST_FAILURES]), "left": None, "stage": ""}
        self._set(job, state=state, ended=_now(), **values)

    def store(self, experiment: Experiment) -> Store:
        """The store of the case, for the model that runs here."""
        return Store.open(
            self.folder / "store", experiment.origin, case_id=self.case.id, command="tregua app", other="set_aside"
        )

    def _stage(
        self, job: Job, stage: str, shards: tuple[Shard, ...], worker: Callable[[Shard], Any], store: Store,
        turn: _Turn, before: int, whole: int,
    ) -> RunReport:  # fmt: skip
        def follow(progress: Progress) -> None:
            left = progress.left
            self._set(
                job,
                save=False,
                done=before + progress.done,
                total=whole,
                failed=progress.failed,
                left=left,
                stage=stage,
            )

        try:
            return run_shards(shards, worker, store, self.threads, follow, stop=turn.halt)
        except Interrupted as stop:
            return stop.report


def _failure(what: str, command: str) -> dict[str, str]:
    return {"what": what, "es": say(what), "command": command}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
