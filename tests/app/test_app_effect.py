"""The effect as a job: in a process of its own, with its end, its cancelling, its failure and somebody's own counts."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from job_wait import until

pytest.importorskip("scipy")

from tregua.app import estimate as estimating
from tregua.app.estimate import RESULTS, Asked, digest_of, inputs_of, kept_counts, shown_name
from tregua.app.pages import Pages
from tregua.effect.results import load_results
from tregua.errors import TreguaError, UsageError

OWN = "date,count\n" + "".join(
    f"{year}-{month:02d}-01,{(9 if (year, month) < (2011, 7) else 4) + (3 * year + month * month) % 4}\n"
    for year in range(2010, 2013)
    for month in range(1, 13)
)
PHASES = ["active=2011-07-01"]


def test_own_counts_are_estimated_as_the_command_line_does_and_shown_with_the_section_of_the_report(case, jobs):
    from tregua.effect.study import study_key

    made = jobs.add("effect", {"data": OWN, "name": "C:\\files\\our <i>town.csv", "phases": PHASES, "fast": True})
    assert made.settings["name"] == "our_itown.csv"
    assert "data" not in made.settings
    seen = []
    job = made
    while job.state not in ("done", "failed", "cancelled"):
        job = jobs.wait(made.id, job, 60)
        seen.append(job)
    assert job.state == "done", job.problem
    assert any(one.part and one.part["en"] != one.part["es"] for one in seen)
    assert 0 < max(one.done for one in seen) <= job.total
    asked, path = jobs.effect(job.id)
    # under the key of the command line: it would show this result and compute nothing
    found = load_results(path, study_key(inputs_of(case, jobs.folder, asked), estimating.SEED, False, None))
    assert found is not None
    assert next(row.method for row in found.estimates if row.ratio is not None) == "laplace"
    assert not (jobs.folder / "effect").exists()

    experiment = jobs.experiment({})
    pages = Pages(case, experiment, jobs.store(experiment))
    for lang in ("en", "es"):
        shown = pages.estimated(asked, path, lang)
        assert shown is not None
        body = str(shown.pages["effect"])
        assert (found.verdict_es if lang == "es" else found.verdict_en)[:40] in body
        assert "checks" in body
        cards = "".join(map(str, shown.cards.values()))
        assert f"tregua effect --data {asked.name} --phase active=2011-07-01 --fast" in cards
        assert "C01" not in cards, "a claim about the case stands behind somebody's own counts"
    # asked again, it is found: nothing is computed
    again = jobs.add("effect", {"data": OWN, "name": "x.csv", "phases": PHASES, "fast": True})
    assert until(jobs, again.id, ("done", "failed")).part is None


def test_no_path_is_made_of_what_a_request_says(case, jobs, tmp_path):
    before = {file for file in tmp_path.rglob("*") if file.is_file()}
    for name in ("../../evil.csv", "/etc/passwd", "..", "", "a\x00b\n.csv"):
        made = jobs.add("effect", {"data": OWN, "name": name, "phases": PHASES, "fast": True})
        jobs.cancel(made.id)
        assert "/" not in shown_name(name)
    fresh = {file for file in tmp_path.rglob("*") if file.is_file()} - before
    stray = {file.relative_to(jobs.folder) for file in fresh} - {
        Path("app/jobs.json"), kept_counts(jobs.folder, digest_of(OWN)).relative_to(jobs.folder)
    }  # fmt: skip
    assert {file for file in stray if file.parts[:2] != ("app", "effect")} == set()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"data": "nothing\nhere", "phases": PHASES}, "columns are not known"),
        ({"data": OWN}, "need the day"),
        ({"data": OWN, "phases": ["active=soon"]}, "phase cannot be read"),
        ({"phases": ["active=1850-01-01"]}, ""),
        ({"data": OWN.replace(",1", ",one", 1), "phases": PHASES}, "not a whole number"),
    ],
)
def test_counts_that_cannot_be_used_are_refused_before_they_wait(jobs, settings, said):
    with pytest.raises(TreguaError) as refused:
        jobs.add("effect", {"name": "ours.csv", "fast": True, **settings})
    problem = refused.value.problems[0]
    assert said in problem.message
    assert problem.file in ("", "ours.csv") or "data" not in settings
    assert jobs.all() == []
    assert not list((jobs.folder / "app").glob("counts/*"))


def test_cancelling_ends_the_process_and_its_samplers_and_it_begins_anew(jobs, monkeypatch):
    started = []
    plain = estimating.subprocess.Popen

    def follow(*words, **options):
        started.append(plain(*words, **options))
        return started[-1]

    monkeypatch.setattr(estimating.subprocess, "Popen", follow)
    made = jobs.add("effect", {})
    until(jobs, made.id, ("running",))
    end = time.monotonic() + 30
    while not started and time.monotonic() < end:
        time.sleep(0.02)
    jobs.cancel(made.id)
    job = until(jobs, made.id, ("cancelled",), 20)
    assert started[0].poll() is not None
    assert (job.done, job.part) == (0, None)
    assert not (jobs.folder / "effect" / RESULTS).exists()
    jobs.resume(made.id)
    until(jobs, made.id, ("running",))
    while len(started) < 2:
        time.sleep(0.02)
    os.kill(started[1].pid, signal.SIGKILL)
    failed = until(jobs, made.id, ("failed",), 20)
    assert failed.problem["code"] == "E89"
    assert "signal 9" in failed.problem["found"]
    assert [row["command"] for row in failed.failures] == ["tregua effect el_salvador_2012"]


def test_an_app_that_ends_takes_the_process_with_it(case, tmp_path):
    """Its standard input closes, as when the app is killed."""
    asked = Asked()
    inputs = inputs_of(case, tmp_path, asked)
    child = estimating.subprocess.Popen(
        [estimating.sys.executable, "-m", "tregua.app.estimate"], stdin=-1, stdout=-1, stderr=-3, start_new_session=True
    )
    estimating._give(child, estimating.pickle.dumps((inputs, str(tmp_path / RESULTS), False)))
    time.sleep(1.0)
    assert child.poll() is None
    child.stdin.close()
    assert child.wait(20) == -signal.SIGKILL
    child.stdout.close()


def test_a_job_that_is_no_estimate_has_no_page_of_its_own(jobs):
    made = jobs.add("compare", {"draws": 2})
    jobs.cancel(made.id)
    with pytest.raises(UsageError, match="estimates no effect"):
        jobs.effect(made.id)


def test_the_page_follows_the_file_of_results(case, jobs, tmp_path):
    """`tregua effect` in a terminal, or a job, writes it: the page is composed again."""
    experiment = jobs.experiment({})
    pages = Pages(case, experiment, jobs.store(experiment))
    before = pages._now()
    (jobs.folder / "effect").mkdir(parents=True)
    (jobs.folder / "effect" / RESULTS).write_text("{}")
    assert pages._now() != before


def test_an_estimate_is_stopped_by_its_halt(case, tmp_path):
    halt = threading.Event()
    halt.set()
    inputs = inputs_of(case, tmp_path, Asked(fast=True))
    whole = estimating.estimate(inputs, tmp_path / RESULTS, fast=True, halt=halt, told=lambda *_: None)
    assert not whole
    assert not (tmp_path / RESULTS).exists()


def test_the_address_takes_counts_up_to_its_limit(client):
    answer = client.post("/api/jobs", json={"kind": "effect", "data": "x" * 50_000})
    assert answer.status_code == 422
    answer = client.post("/api/jobs", json={"kind": "effect", "data": "date,count\n", "phases": PHASES, "fast": True})
    assert answer.status_code == 400
    assert client.get("/api/pages/effect", params={"job": "nothing"}).status_code == 400
    assert client.get("/api/pages/effect", params={"job": "../x"}).status_code == 422
