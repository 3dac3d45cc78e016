"""The scale of the results in a store is that of the experiment with most histories."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tregua.explore.experiment import BLOCK
from tregua.explore.stored import Scale, stored_scale
from tregua.runs.shard import blocks


def store(*shards: tuple[str, dict[str, Any]]) -> Any:
    entries = {str(n): SimpleNamespace(kind=kind, settings=said, size=len(said["draws"])) for n, (kind, said) in
               enumerate(shards)}  # fmt: skip
    return SimpleNamespace(manifest=SimpleNamespace(shards=entries), entry=entries.__getitem__)


def run(
    draws: int, seed: int = 1, luck: int = 1, kind: str = "compare", **more: Any
) -> list[tuple[str, dict[str, Any]]]:
    settings = {"seed": seed, "luck": luck, "step": 7, **more}
    return [(kind, {**settings, "draws": list(block)}) for block in blocks(range(draws), BLOCK)]


def test_most_histories_win() -> None:
    assert stored_scale(store()) is None
    assert stored_scale(store(*run(12))) == Scale(12, 1, 1, 7.0)
    assert stored_scale(store(*run(12), *run(40, seed=2))) == Scale(40, 1, 2, 7.0)
    assert stored_scale(store(*run(30), *run(60))) == Scale(60, 1, 1, 7.0)
    assert stored_scale(store(*run(8, kind="record"))) == Scale(8, 1, 1, 7.0)


def test_what_is_not_the_case_as_it_stands_does_not_count() -> None:
    assert stored_scale(store(*run(12), *run(99, set={"war_gain": 0.5}))) == Scale(12, 1, 1, 7.0)
    assert stored_scale(store(*run(50, kind="bank"))) is None


def test_a_run_that_was_stopped_early_does_not_hide_the_one_before() -> None:
    before = [shard for _ in range(5) for shard in run(12)]
    assert stored_scale(store(*before, *run(40)[1:])) == Scale(12, 1, 1, 7.0)
