"""The store: whole files, broken and foreign ones, several processes, a full disk."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO

import keyed_work
import pytest
from keyed_work import ORIGIN, bytes_of, compute, plan

from tregua.errors import StoreError
from tregua.runs import Disk, Origin, Store, run_shards
from tregua.runs.manifest import Manifest

OTHER = Origin(model="9" * 64, case=ORIGIN.case)


def filled(folder: Path, **more: Any) -> Store:
    store = Store.open(folder, ORIGIN, case_id="test")
    run_shards(plan(**more), compute, store, 2)
    return store


def code(error: pytest.ExceptionInfo[StoreError]) -> str:
    problem = error.value.problems[0]
    assert problem.file
    assert problem.found
    assert problem.allowed
    assert problem.mend
    return problem.code


class Broken(Disk):
    """A disk that fails after `room` bytes, as a full or read-only one does."""

    def __init__(self, room: int, number: int = errno.ENOSPC) -> None:
        super().__init__()
        self.room = room
        self.number = number

    def open(self, path: Path) -> BinaryIO:
        disk = self

        class Stream(io.FileIO):
            def write(self, data: Any) -> int:
                size = len(data)
                if disk.room < size:
                    super().write(bytes(data)[: disk.room])
                    disk.room = 0
                    raise OSError(disk.number, os.strerror(disk.number))
                disk.room -= size
                return super().write(data) or 0

        return Stream(path, "xb")  # type: ignore[return-value]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    again = Store.open(tmp_path / "store", ORIGIN)
    for shard in plan():
        assert shard in again
        assert again.read(shard, "summaries").equals(store.read(shard, "summaries"))
        assert again.entry(shard).tables["flows"].rows == again.read(shard, "flows").num_rows
    assert again.manifest.seeds == [20120308]


def test_clock_host_and_versions_stand_in_the_manifest_only(tmp_path: Path) -> None:
    filled(tmp_path / "a")
    filled(tmp_path / "b")
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    tree = json.loads((tmp_path / "a" / "manifest.json").read_bytes())
    (writer,) = tree["writers"].values()
    assert writer["versions"]["numpy"]
    assert writer["machine"]["cores"] >= 1
    assert all(shard["finished"].endswith("+00:00") for shard in tree["shards"].values())


def test_a_manifest_comes_back_as_it_went(tmp_path: Path) -> None:
    manifest = filled(tmp_path).manifest
    assert Manifest.from_bytes(manifest.to_bytes(), tmp_path) == manifest


def test_a_lost_manifest_is_built_again_from_the_receipts(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / "manifest.json").unlink()
    store = Store.open(tmp_path, ORIGIN)
    report = run_shards(plan(), compute, store, 2)
    assert (report.computed, report.reused) == (0, 6)
    assert not store.problems


def test_a_shard_whose_receipt_was_never_written_is_not_finished(tmp_path: Path) -> None:
    store = filled(tmp_path)
    shard = plan()[0]
    (store.shards / f"{store.key(shard)}.json").unlink()
    again = Store.open(tmp_path, ORIGIN)
    assert shard not in again
    with pytest.raises(StoreError) as error:
        again.read(shard, "summaries")
    assert code(error) == "E55"


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "gone", "foreign", "cut receipt", "edited receipt"])
def test_a_damaged_shard_is_set_aside_and_computed_again(tmp_path: Path, damage: str) -> None:
    whole = bytes_of(filled(tmp_path / "sound").folder)
    store = filled(tmp_path / "store")
    shard, neighbour = plan()[0], plan()[1]
    path = store.path(shard, "summaries")
    receipt = store.shards / f"{store.key(shard)}.json"
    data = path.read_bytes()
    if damage == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "flip":
        path.write_bytes(data[:200] + bytes([data[200] ^ 1]) + data[201:])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "gone":
        path.unlink()
    elif damage == "foreign":
        path.write_bytes(store.path(neighbour, "summaries").read_bytes())
    elif damage == "cut receipt":
        receipt.write_bytes(receipt.read_bytes()[:100])
        (store.folder / "manifest.json").unlink()
    else:
        receipt.write_bytes(receipt.read_bytes().replace(b'"rows": 48', b'"rows": 47'))
        (store.folder / "manifest.json").unlink()
    again = Store.open(tmp_path / "store", ORIGIN)
    report = run_shards(plan(), compute, again, 2)
    assert (report.computed, report.reused) == (1, 5)
    (problem,) = again.problems
    assert problem.code == "W50"
    assert bytes_of(again.folder) == whole
    kept = {p.name: p.read_bytes() for p in again.quarantine.iterdir()}
    assert f"{store.key(shard)}.why.txt" in kept
    if damage == "cut":
        assert kept[path.name] == data[: len(data) // 2]


def test_a_broken_shard_is_never_half_read(tmp_path: Path) -> None:
    store = filled(tmp_path)
    shard = plan()[0]
    path = store.path(shard, "summaries")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StoreError) as error:
        store.read(shard, "summaries")
    assert code(error) == "E55"
    assert shard not in store


def test_results_of_another_model_are_refused_labelled_or_set_aside(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    whole = bytes_of(filled(folder).folder)
    with pytest.raises(StoreError, match="of another model") as error:
        Store.open(folder, OTHER)
    assert code(error) == "E51"
    labelled = Store.open(folder, OTHER, other="label")
    assert labelled.label == "of another model"
    assert labelled.read(labelled.key(plan()[0]), "summaries").num_rows > 0
    with pytest.raises(StoreError, match="of another model"):
        labelled.write(plan()[0], compute(plan()[0]))
    with pytest.raises(StoreError, match="of another model"):
        labelled.save()
    with pytest.raises(StoreError, match="of another case"):
        Store.open(folder, Origin(ORIGIN.model, "8" * 64))
    assert bytes_of(folder) == whole
    fresh = Store.open(folder, OTHER, other="set_aside")
    assert not fresh.manifest.shards
    (aside,) = (p for p in tmp_path.iterdir() if p != folder)
    assert bytes_of(aside) == whole
    assert plan()[0] in Store.open(aside, ORIGIN)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace('"format": 1', '"format": 2'), "another version"),
        (lambda text: text[:300], "cannot be read"),
        (lambda text: "[]", "cannot be read"),
        (lambda text: text.replace('"shards": {', '"pieces": {'), "cannot be read"),
        (lambda text: text.replace('"rows": ', '"lines": ', 1), "cannot be read"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_an_error_and_nothing_is_changed(
    tmp_path: Path, change: Any, words: str
) -> None:
    filled(tmp_path)
    path = tmp_path / "manifest.json"
    path.write_text(change(path.read_text()))
    before = bytes_of(tmp_path)
    with pytest.raises(StoreError, match=words) as error:
        Store.open(tmp_path, ORIGIN)
    assert code(error) == "E52"
    assert bytes_of(tmp_path) == before


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("x")
    with pytest.raises(StoreError) as error:
        Store.open(tmp_path / "store", ORIGIN)
    assert code(error) == "E53"


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_read_only_folder_is_an_error(tmp_path: Path, number: int) -> None:
    store = Store.open(tmp_path, ORIGIN, disk=Broken(0, number))
    with pytest.raises(StoreError, match="cannot be written") as error:
        run_shards(plan(), compute, store, 2)
    assert code(error) == "E53"
    assert not bytes_of(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_without_write_permission_is_an_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(StoreError) as error:
            Store.open(tmp_path / "store", ORIGIN)
        assert code(error) == "E53"
    finally:
        tmp_path.chmod(0o755)


def test_a_disk_that_fills_at_any_byte_leaves_only_whole_shards(tmp_path: Path) -> None:
    whole = bytes_of(filled(tmp_path / "sound").folder)
    total = sum(map(len, whole.values()))
    for room in [0, 1, *range(700, total, 2311), total - 1]:
        folder = tmp_path / str(room)
        store = Store.open(folder, ORIGIN, disk=Broken(room))
        with pytest.raises(StoreError, match="disk is full") as error:
            run_shards(plan(), compute, store, 1)
        assert code(error) == "E54"
        assert "runs are kept" in error.value.problems[0].mend
        there = bytes_of(folder)
        assert all(whole[name] == data for name, data in there.items())
        finished = sum(name.endswith(".json") for name in there)
        again = Store.open(folder, ORIGIN)
        report = run_shards(plan(), compute, again, 1)
        assert (report.reused, report.computed) == (finished, 6 - finished)
        assert bytes_of(folder) == whole


def test_a_disk_that_fills_while_the_manifest_is_written_keeps_the_old_one(tmp_path: Path) -> None:
    store = filled(tmp_path)
    before = (tmp_path / "manifest.json").read_bytes()
    full = Store.open(tmp_path, ORIGIN, disk=Broken(10))
    with pytest.raises(StoreError):
        full.save()
    assert (tmp_path / "manifest.json").read_bytes() == before
    assert set(full.manifest.shards) == set(store.manifest.shards)


def test_the_system_limit_on_file_size_is_told_as_a_full_disk(tmp_path: Path) -> None:
    script = (
        "import resource, sys, keyed_work\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "from tregua.errors import StoreError\n"
        "try:\n"
        "    keyed_work.main(sys.argv[1], '1', 'fast')\n"
        "except StoreError as error:\n"
        "    print(error.problems[0].code)\n"
    )
    done = run_script(["-c", script, str(tmp_path)])
    assert done.stdout.strip() == "E54", done.stderr
    assert not [p for p in tmp_path.rglob("*") if p.suffix == ".part"]


def test_leftovers_of_killed_writers_are_swept_and_those_of_living_ones_are_not(tmp_path: Path) -> None:
    store = filled(tmp_path)
    host = store._disk._host
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    dead = store.shards / f".x.parquet.{host}-{child.pid}-0.part"
    living = store.shards / f".x.parquet.{host}-{os.getpid()}-99.part"
    elsewhere = store.shards / ".x.parquet.00000000-1-0.part"
    for path in (dead, living, elsewhere):
        path.write_bytes(b"half")
    Store.open(tmp_path, ORIGIN)
    assert not dead.exists()
    assert living.exists()
    assert elsewhere.exists()
    os.utime(elsewhere, (0, 0))
    Store.open(tmp_path, ORIGIN)
    assert not elsewhere.exists()


def test_two_manifests_on_one_store_lose_nothing(tmp_path: Path) -> None:
    shards = plan()
    one = Store.open(tmp_path, ORIGIN, command="one")
    two = Store.open(tmp_path, ORIGIN, command="two")
    one.write(shards[0], compute(shards[0]))
    two.write(shards[1], compute(shards[1]))
    two.fail(shards[2], "no", "again")
    one.save()
    two.save()
    one.save()
    tree = Manifest.from_bytes((tmp_path / "manifest.json").read_bytes(), tmp_path)
    assert set(tree.shards) == {one.key(shards[0]), one.key(shards[1])}
    assert set(tree.failed) == {one.key(shards[2])}
    assert set(tree.commands) == {"one", "two"}


def test_two_processes_on_one_store_give_what_one_gives(tmp_path: Path) -> None:
    script = str(Path(keyed_work.__file__))
    alone = run_script([script, str(tmp_path / "alone"), "2", "fast"])
    assert alone.returncode == 0, alone.stderr
    both = [start_script([script, str(tmp_path / "both"), "2", "slow"]) for _ in range(2)]
    for process in both:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    assert bytes_of(tmp_path / "both") == bytes_of(tmp_path / "alone")
    tree = Manifest.from_bytes((tmp_path / "both" / "manifest.json").read_bytes(), tmp_path)
    assert len(tree.shards) == 40
    assert not (tmp_path / "both" / "quarantine").exists()


def test_an_unknown_table_is_refused(tmp_path: Path) -> None:
    store = filled(tmp_path)
    with pytest.raises(StoreError, match="holds no stocks") as error:
        store.read(plan()[0], "stocks")
    assert code(error) == "E55"
    assert plan()[0] in store


def environment() -> dict[str, str]:
    paths = [str(Path(keyed_work.__file__).parent), *sys.path]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def start_script(arguments: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )


def run_script(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=environment(), timeout=120, check=False
    )
