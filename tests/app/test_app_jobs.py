"""Jobs: they end, they can be stopped and go on, and a restart loses nothing."""

from __future__ import annotations

import json
import time

import pytest
from job_wait import until

from tregua.app.jobs import Jobs
from tregua.errors import UsageError


def test_a_job_is_stopped_kept_over_a_restart_and_goes_on(case, tmp_path):
    first = Jobs(case, tmp_path / case.id, seed=20120308)
    made = first.add("compare", {"decision": "2012", "draws": 60})
    until(first, made.id, ("running",))
    end = time.monotonic() + 60
    while first.get(made.id).done == 0 and time.monotonic() < end:
        time.sleep(0.02)
    first.close(grace=60)
    kept = json.loads((tmp_path / case.id / "app" / "jobs.json").read_text())
    assert kept[0]["id"] == made.id

    second = Jobs(case, tmp_path / case.id, seed=20120308)
    try:
        again = second.get(made.id)
        assert again.state == "interrupted"
        second.resume(made.id)
        job = until(second, made.id, ("running", "done"))
        second.cancel(made.id)
        job = until(second, made.id, ("cancelled", "done"))
        assert job.state == "cancelled"
        assert len(second.store(second.experiment(job.settings)).manifest.shards) > 0
    finally:
        second.close(grace=60)


def test_a_job_that_asks_for_nothing_that_exists_is_refused(jobs):
    with pytest.raises(UsageError, match="no such decision"):
        jobs.add("compare", {"decision": "1066"})
    with pytest.raises(UsageError, match="no such job"):
        jobs.get("nothing")


def test_the_queue_has_an_end(jobs, monkeypatch):
    monkeypatch.setattr(Jobs, "_run", lambda self, job, turn: turn.halt.wait(10))
    made = [jobs.add("compare", {"draws": 25}) for _ in range(8)]
    with pytest.raises(UsageError, match="queue"):
        jobs.add("compare", {"draws": 25})
    waiting = jobs.cancel(made[-1].id)
    assert waiting.state == "cancelled"


def test_what_fails_is_told_with_the_command_that_repeats_it(jobs, monkeypatch):
    from tregua.errors import ModelError
    from tregua.explore.experiment import Worker

    plain = Worker.past

    def breaks(self, draw, luck, reading, until, held=False):
        if draw == 3:
            raise ModelError("a history left the range of numbers", key="history")
        return plain(self, draw, luck, reading, until, held)

    monkeypatch.setattr(Worker, "past", breaks)
    monkeypatch.setattr(Jobs, "_shards", lambda self, job: [
        ("compare", tuple(self.experiment(job.settings).compare_shards("2012", ["default"])))
    ])  # fmt: skip
    made = jobs.add("compare", {"decision": "2012", "draws": 5})
    job = until(jobs, made.id, ("done", "failed"))
    assert job.state == "done"
    assert job.failed == 1
    assert "--draw 3" in job.failures[0]["command"]


def test_a_study_has_the_record_and_every_decision(jobs, monkeypatch):
    """Run to its end on a part of each: the record and the responses of both decisions come from one job."""
    whole = Jobs._shards
    kinds: list[list[str]] = []

    def part(self, job):
        stages = whole(self, job)
        kinds.append([name for name, _ in stages])
        return [(name, shards[:1]) for name, shards in stages]

    monkeypatch.setattr(Jobs, "_shards", part)
    job = until(jobs, jobs.add("study", {"draws": 2}).id, ("done", "failed"))
    assert (job.state, job.failed) == ("done", 0)
    assert job.done == job.total > 0
    assert len(set(kinds[0])) >= 3, kinds[0]


def test_a_fault_ends_the_job_and_not_the_queue(jobs, monkeypatch):
    plain = Jobs._run

    def breaks(self, job, turn):
        if job.settings.get("draws") == 1:
            raise ZeroDivisionError("x")
        self._set(job, state="done")

    monkeypatch.setattr(Jobs, "_run", breaks)
    first = jobs.add("compare", {"draws": 1})
    second = jobs.add("compare", {"draws": 2})
    assert until(jobs, first.id, ("failed",)).problem["code"] == "E84"
    assert until(jobs, second.id, ("done",)).state == "done"
    assert plain is not breaks


def test_a_list_that_cannot_be_read_is_an_empty_list(case, tmp_path):
    file = tmp_path / case.id / "app" / "jobs.json"
    file.parent.mkdir(parents=True)
    file.write_text("{broken")
    made = Jobs(case, tmp_path / case.id, seed=1)
    try:
        assert made.all() == []
    finally:
        made.close()


def test_jobs_over_the_api(client):
    assert client.post("/api/jobs", json={"draws": 100000}).status_code == 422
    assert client.post("/api/jobs", json={"kind": "mine"}).status_code == 422
    assert client.get("/api/jobs/none").status_code == 400
    made = client.post("/api/jobs", json={"kind": "compare", "decision": "2012", "draws": 50}).json()
    assert made["state"] in ("waiting", "running")
    assert any(row["id"] == made["id"] for row in client.get("/api/jobs").json())
    client.post(f"/api/jobs/{made['id']}/cancel")
    lines = client.get(f"/api/jobs/{made['id']}/events").text.splitlines()
    assert json.loads(lines[-1])["state"] in ("cancelled", "done")
