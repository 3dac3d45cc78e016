"""The recruitment model of 2023 from files of that study's form: generated, because those are not ours to ship."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from tregua.errors import CaseError
from tregua.explore.recruitment import (
    ARRESTED,
    CROWDED,
    KILLED,
    RECRUITED,
    Network,
    read_network,
    recruitment_run,
)

GROUPS = 40


def write(folder: Path, name: str, head: list[str], rows: list[list[object]]) -> None:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A star with a fringe: node k fights node 0 with weight k mod 5 + 1 one way, and is allied with node k + 1."""
    nodes = [[f"N{k:05d}", f"Group {k}", "Some state", f"G{k}"] for k in range(GROUPS)]
    write(tmp_path, "BACRIM2020_Nodes.csv", ["Node", "Group", "State", "ShortName"], nodes)
    edges = [[f"E{k}", f"N{k:05d}", f"Group {k}", "N00000", "Group 0", k % 5 + 1] for k in range(1, GROUPS, 2)]
    edges += [[f"E{k}b", "N00000", "Group 0", f"N{k:05d}", f"Group {k}", 1] for k in range(1, GROUPS, 4)]
    write(tmp_path, "BACRIM2020_Rivals.csv", ["Edge", "Node", "Group", "RNode", "RGroup", "weight"], edges)
    allied = [[f"R{k}", f"N{k:05d}", "x", f"N{k + 1:05d}", "y", 2] for k in range(1, GROUPS - 1, 3)]
    write(tmp_path, "BACRIM2020_Alliances.csv", ["Edge", "Node", "Group", "RNode", "RGroup", "weight"], allied)
    return tmp_path


def test_the_tables_become_a_network_ranked_by_strength(files: Path) -> None:
    network = read_network(files)
    assert len(network.ids) == GROUPS
    assert network.ids[0] == "N00000", "the group with most edges comes first"
    assert np.array_equal(network.rivals, network.rivals.T)
    assert np.array_equal(network.allies, network.allies.T)
    strength = (network.rivals + network.allies).sum(axis=1)
    assert np.all(np.diff(strength) <= 0)
    k = network.ids.index("N00005")
    assert network.rivals[0, k] == 1.0 * (5 % 5 + 1)
    k = network.ids.index("N00009")
    assert network.rivals[0, k] == 5.0, "the larger of the two directions"
    assert network.sizes().sum() == pytest.approx(115_000)
    assert np.all(np.diag(network.fights) == 0)


def test_no_name_of_a_group_is_kept(files: Path) -> None:
    """Some groups of the study bear names or aliases of persons."""
    network = read_network(files)
    assert "Group" not in repr(network.ids)
    assert not any("Group" in str(value) for value in vars(network).values())


def solution(network: Network, weeks: int, recruitment: float = 1.0, arrests: float = 1.0) -> np.ndarray:
    fights = network.fights

    def change(week: float, y: np.ndarray) -> np.ndarray:
        pull = RECRUITED * recruitment - ARRESTED * arrests / y.sum()
        return np.asarray(y * (pull - KILLED * (fights @ y) - CROWDED * y))

    out = solve_ivp(change, (0, weeks), network.sizes(), rtol=1e-10, atol=1e-8, t_eval=[0.0, weeks])
    return np.asarray(out.y.T)


def test_the_run_agrees_with_the_published_equations(files: Path) -> None:
    network = read_network(files)
    run = recruitment_run(network, 10)
    exact = solution(network, 520)
    assert run.weeks[-1] == 520
    assert np.allclose(run.members[0], exact[0], rtol=1e-9)
    assert np.allclose(run.members[-1], exact[1], rtol=5e-3)
    assert run.total[-1] == pytest.approx(exact[1].sum(), rel=2e-3)
    assert run.arrests / 52 == pytest.approx(np.full(10, ARRESTED), rel=5e-3)
    assert run.deaths.sum() == pytest.approx(deaths(network, 520), rel=5e-3)
    recruited = run.total[-1] - run.total[0] + run.deaths.sum() + run.arrests.sum()
    assert run.recruits.sum() > recruited, "some left because groups break up"


def deaths(network: Network, weeks: int) -> float:
    """Deaths of all weeks, integrated beside the members."""
    fights, n = network.fights, len(network.ids)

    def change(week: float, state: np.ndarray) -> np.ndarray:
        y = state[:n]
        moved = y * (RECRUITED - ARRESTED / y.sum() - KILLED * (fights @ y) - CROWDED * y)
        return np.append(moved, KILLED * y @ (fights @ y))

    out = solve_ivp(change, (0, weeks), np.append(network.sizes(), 0.0), rtol=1e-10, atol=1e-8, t_eval=[weeks])
    return float(out.y[-1, -1])


@pytest.mark.parametrize(("recruitment", "arrests"), [(0.5, 1.0), (1.0, 2.0)])
def test_a_change_half_way_is_that_of_the_equations(files: Path, recruitment: float, arrests: float) -> None:
    network = read_network(files)
    run = recruitment_run(network, 6, recruitment=recruitment, arrests=arrests, changed_after=3)
    same = recruitment_run(network, 6)
    assert np.array_equal(run.members[:4], same.members[:4])
    assert run.total[-1] < same.total[-1], "both cut members against the same years without the change"
    whole = recruitment_run(network, 3, recruitment=recruitment, arrests=arrests)
    exact = solution(network, 156, recruitment, arrests)
    assert whole.members[-1] == pytest.approx(exact[1], rel=5e-3)


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    path = next(folder.glob(f"*{name}*"))
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("Nodes", "N00003", "N00002", "a node is given twice"),
        ("Nodes", "Node,", "Id,", "a column is missing"),
        ("Rivals", "N00003", "N99999", "not in the table of nodes"),
        ("Rivals", "E1,N00001", "E1,N00000", "with itself"),
        ("Rivals", ",2\n", ",-2\n", "no number above 0"),
        ("Alliances", ",2\n", ",two\n", "no number above 0"),
        ("Alliances", "weight", "strength", "a column is missing"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(files: Path, name: str, old: str, new: str, said: str) -> None:
    spoil(files, name, old, new)
    with pytest.raises(CaseError) as told:
        read_network(files)
    assert said in str(told.value)
    assert name in str(told.value)
    assert "Group 3" not in str(told.value)


def test_missing_files_are_told_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as told:
        read_network(tmp_path)
    assert [word in str(told.value) for word in ("nodes", "rivals", "alliances")] == [True] * 3


def test_nothing_of_the_study_is_shipped() -> None:
    package = Path(__file__).parents[2] / "src" / "tregua"
    assert list(package.rglob("*BACRIM*")) == []
