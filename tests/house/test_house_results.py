"""Pages of results: a part that was run again replaces its own section, and every other stands as it stood."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "hostile"), str(ROOT / "tests" / "drills")]

from benchmarks.peers.page import PARTS, TITLES, page  # noqa: E402
from benchmarks.reliability import merged  # noqa: E402
from benchmarks.results import put, read  # noqa: E402

PEERS = (ROOT / "benchmarks" / "RESULTS-PEERS.md").read_text(encoding="utf-8")
WHOLE = {
    "histories": 100_000, "wall": 300.0, "cpu": 500.0, "memory": 0.4, "bytes": 8e7, "load": 0.1, "shards": 300,
    "produced": "Produced by a test.",
}  # fmt: skip


def sections(text: str) -> dict[str, str]:
    return {title: body for title, _, body in (part.partition("\n") for part in text.split("\n## ")[1:])}


def test_nothing_run_leaves_the_page_of_peers_as_it_is() -> None:
    assert page({}, PEERS) == PEERS
    assert page({}).count("Not run.") == len(PARTS)


def test_a_part_run_again_changes_its_own_section_alone() -> None:
    before, after = sections(PEERS), sections(page({"whole": WHOLE}, PEERS))
    assert "Produced by a test." in after[TITLES["whole"]]
    for name, title in TITLES.items():
        if name != "whole":
            key = title if title in before else name
            assert after[key].strip() == before[key].strip(), name


def test_every_part_has_the_title_that_it_writes() -> None:
    assert PARTS["whole"](WHOLE)[0] == f"## {TITLES['whole']}"
    assert set(TITLES) == set(PARTS)
    source = (ROOT / "benchmarks" / "peers" / "page.py").read_text(encoding="utf-8")
    assert all(f'"## {title}"' in source for title in TITLES.values())


def _cells(table: str) -> dict[str, str]:
    return {line.strip("| ").partition(" |")[0]: line for line in table.splitlines()[2:]}


def test_parsers_and_drills_that_were_not_run_again_keep_their_figures_and_their_place() -> None:
    pytest.importorskip("fastapi")
    import drill
    import fuzz

    inputs = {**vars(fuzz.Tally(inputs=7)), "defects": []}
    struck = {"times": 3, "fault": "", "seconds": 4.0, "files": 9}
    for table, name, row, told in (
        (fuzz.table, "plan", inputs, "| plan | 7 |"),
        (drill.table, "compare: killed", struck, "| compare: killed | 3 | 9 | 4 |"),
    ):
        rows = _cells(table({}))
        again = _cells(table({name: row}))
        assert again[name].startswith(told) != rows[name].startswith(told)
        assert list(again) == list(rows)
        assert {n: line for n, line in again.items() if n != name} == {n: v for n, v in rows.items() if n != name}


def test_what_no_longer_exists_leaves_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- x -->\n| head | of |\n| --- | --- |\n| a | 1 |\n| b | 2 |\n<!-- end of x -->\n| a | 9 |\n")
    assert merged("x", {"c": "| c | 3 |"}, {"a", "c"}, page) == ["| a | 1 |", "| c | 3 |"]


def test_a_benchmark_leaves_the_sections_of_others(tmp_path: Path) -> None:
    results = tmp_path / "RESULTS.md"
    results.write_text("# Benchmark\n\nold\n\n# Somebody else's\n\nkept\n", encoding="utf-8")
    put("Benchmark", "new", results)
    assert read(results) == {"Benchmark": "new", "Somebody else's": "kept"}


@pytest.mark.slow
def test_the_floor_of_the_draws_is_measured() -> None:
    """It once could not be: its loops were bound in a way that Python refuses."""
    from benchmarks.peers.own import floor

    made = floor(True)
    assert made["uniforms"] > made["counts"] > 10_000
    assert set(made["rows"]) == {
        "one history", "its keys and uniforms alone", "its counts drawn again from known uniforms",
    }  # fmt: skip


def test_planted_errors_have_names_that_changes_elsewhere_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mutate

    one = "def one(a):\n    return a + 1 if a < 2 else -a\n\n\n"
    text = f"{one}def two(a, began):\n    return told(a * 3.0, seconds=clock() - began)\n"
    monkeypatch.setattr(mutate, "ROOT", tmp_path)
    file = tmp_path / "file.py"
    file.write_text(text, encoding="utf-8")
    before = [error for error, _ in mutate.planted(file, "effect")]
    assert len({error.key for error in before}) == len(before)
    assert not any("began" in error.told for error in before), "how long a study took is no figure"
    assert mutate.spoiled(next(e for e in before if e.told == "a < 2 -> a <= 2")).count("a <= 2") == 1
    file.write_text(text.replace("3.0", "4.0"), encoding="utf-8")
    after = [error for error, _ in mutate.planted(file, "effect")]
    kept = {error.key for error in before} & {error.key for error in after}
    assert {e.told for e in before if e.key not in kept} == {"a * 3.0 -> a / 3.0", "3.0 -> 4.5"}
    places = [error.key for error in mutate.drawn(before, 99, 7) if error.key in kept]
    assert places == [error.key for error in mutate.drawn(after, 99, 7) if error.key in kept]


def test_a_shorter_run_of_planted_errors_is_not_written_over_a_longer_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mutate
    from benchmarks import reliability

    page = tmp_path / "page.md"
    marks = "".join(
        f"<!-- mutation of {room} -->\n\n<!-- end of mutation of {room} -->\n\nprose of {room}\n" for room in "ab"
    )
    page.write_text(marks, encoding="utf-8")
    monkeypatch.setattr(reliability, "PAGE", page)
    monkeypatch.setattr(reliability, "produced", lambda command, seed=None: f"Produced by `{command}`.")
    rows = [{"where": "a.py:1", "change": "x -> y", "found": found} for found in ("digits", "seen", "survived")]
    mutate.publish("a", 10, rows, 1)
    mutate.publish("b", 20, rows[:2], 1)
    whole = page.read_text(encoding="utf-8")
    assert "| a | 10 | 3 | 1 | 1 | not asked | 1 | 33 % |" in whole
    assert "- `a.py:1`: `x -> y`" in whole
    assert "| b | 20 | 2 | 1 | 1 | not asked | 0 | 0 % |" in whole
    assert all(f"prose of {room}" in whole for room in "ab")
    mutate.publish("a", 10, rows[:2], 1)
    assert page.read_text(encoding="utf-8") == whole
    asked = [{**row, "whole": "asked"} for row in (rows[2], {**rows[2], "found": "suite"})]
    mutate.publish("a", 10, [*rows[:2], *asked], 1)
    assert "| a | 10 | 4 | 1 | 1 | 1 of 2 asked | 1 | 25 % |" in page.read_text(encoding="utf-8")
