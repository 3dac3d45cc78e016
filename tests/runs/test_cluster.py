"""A real Dask cluster of worker processes gives the digits of this machine, also when a worker is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("distributed")

from cluster_work import Keyed
from distributed import Client, LocalCluster
from keyed_work import ORIGIN, plan

from tregua.case.load import load_case
from tregua.errors import StoreError, UsageError
from tregua.explore.experiment import Experiment, Recipe, Worker
from tregua.model.compiled import engine
from tregua.runs import Progress, Shard, Store, run_shards
from tregua.runs.cluster import connected, run_on_cluster

pytestmark = pytest.mark.filterwarnings("ignore")  # Dask warns of ports and of slow event loops on a busy machine


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as started:
        yield started


@pytest.fixture
def client(cluster: LocalCluster) -> Iterator[Client]:
    with connected(cluster.scheduler_address) as made:
        made.wait_for_workers(2, timeout=30)
        yield made


def written(folder: Path) -> dict[str, bytes]:
    """Tables of a store, by name."""
    return {path.name: path.read_bytes() for path in sorted((folder / "shards").glob("*.parquet"))}


def at_home(folder: Path, shards: list[Shard], recipe: Any) -> dict[str, bytes]:
    """The same shards on the threads of this process."""
    run_shards(shards, recipe.build(), Store.open(folder, recipe.origin()), 2)
    return written(folder)


def test_a_cluster_gives_the_bytes_of_this_machine(client: Client, tmp_path: Path) -> None:
    experiment = Experiment(
        load_case("el_salvador_2012"), draws=3, readings=("default", "brokers_agents", "bonding"), arms=("mano_dura",)
    )
    shards, recipe = experiment.compare_shards("2012"), Recipe.of(experiment)
    report = run_on_cluster(shards, recipe, Store.open(tmp_path / "away", experiment.origin), client)
    assert report.complete
    assert report.computed == len(shards)
    run_shards(shards, Worker(experiment), Store.open(tmp_path / "home", experiment.origin), 2)
    assert written(tmp_path / "away") == written(tmp_path / "home")


def test_a_second_call_computes_nothing(client: Client, tmp_path: Path) -> None:
    shards = plan()
    first = run_on_cluster(shards, Keyed(), Store.open(tmp_path, ORIGIN), client)
    again = run_on_cluster(shards, Keyed(broken=0), Store.open(tmp_path, ORIGIN), client)
    assert (first.computed, again.computed, again.reused) == (len(shards), 0, len(shards))


def test_killing_a_worker_loses_nothing(client: Client, tmp_path: Path) -> None:
    shards = plan(draws=16, size=1, readings=("default",))
    pids = client.run(os.getpid)
    killed = []

    def kill(progress: Progress) -> None:
        if progress.done > progress.total // 4 and not killed:
            killed.append(next(iter(pids.values())))
            os.kill(killed[0], signal.SIGKILL)

    store = Store.open(tmp_path / "away", ORIGIN)
    report = run_on_cluster(shards, Keyed(pause=0.2), store, client, kill)
    assert killed
    assert killed[0] not in client.run(os.getpid).values()
    assert report.complete
    assert written(tmp_path / "away") == at_home(tmp_path / "home", shards, Keyed())


def test_what_one_machine_began_a_cluster_finishes(client: Client, tmp_path: Path) -> None:
    shards = plan(draws=8, size=1)
    run_shards(shards[:5], Keyed().build(), Store.open(tmp_path, ORIGIN), 2)
    report = run_on_cluster(shards, Keyed(), Store.open(tmp_path, ORIGIN), client)
    assert (report.reused, report.computed) == (5, len(shards) - 5)
    assert Store.open(tmp_path, ORIGIN).manifest.shards.keys() == {s.key(ORIGIN) for s in shards}


def test_a_shard_that_fails_is_set_aside_and_the_rest_is_kept(client: Client, tmp_path: Path) -> None:
    shards = plan(draws=4, size=1, readings=("default",))
    report = run_on_cluster(shards, Keyed(broken=2), Store.open(tmp_path, ORIGIN), client, retries=0)
    assert (report.failed, report.computed) == (1, 3)
    assert "cannot be computed" in report.failed_shards[0].message
    assert "--draws 3" in report.failed_shards[0].reproduce


def test_a_worker_of_another_model_is_refused_before_anything_is_computed(client: Client, tmp_path: Path) -> None:
    store = Store.open(tmp_path, ORIGIN)
    with pytest.raises(StoreError) as told:
        run_on_cluster(plan(), Keyed(foreign=True, home=os.getpid()), store, client)
    problems = told.value.problems
    assert {problem.code for problem in problems} == {"E72"}
    assert len(problems) == 2
    assert "model xxxxxxxxxxxx, not mmmmmmmmmmmm" in problems[0].found
    assert not store.manifest.shards


def test_progress_ends_at_the_whole(client: Client, tmp_path: Path) -> None:
    seen: list[Progress] = []
    run_on_cluster(plan(), Keyed(), Store.open(tmp_path, ORIGIN), client, seen.append)
    assert seen[0].done == 0
    assert seen[-1].done == seen[-1].total


def test_an_address_without_a_scheduler_is_told_with_its_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    from tregua.runs import cluster as module

    monkeypatch.setattr(module, "PATIENCE", 0.5)
    with pytest.raises(StoreError) as told, connected("tcp://127.0.0.1:9"):
        pass
    assert told.value.problems[0].code == "E71"
    assert "nothing is lost" in told.value.problems[0].mend


def test_an_experiment_travels_and_is_the_same_there() -> None:
    import pickle

    experiment = Experiment(load_case("el_salvador_2012"), draws=5, overrides={"war_gain": 0.5}, readings=("default",))
    there = pickle.loads(pickle.dumps(Recipe.of(experiment))).experiment()
    here = [s.key(experiment.origin) for s in experiment.compare_shards("2012")]
    assert [s.key(there.origin) for s in there.compare_shards("2012")] == here


def test_a_kernel_bound_by_hand_does_not_travel() -> None:
    with pytest.raises(UsageError, match="kernel of your own"):
        Recipe.of(Experiment(load_case("el_salvador_2012"), kernel=engine()))
