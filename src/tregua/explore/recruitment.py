"""The recruitment and incapacitation model of 2023, from the public files of that study.

Prieto-Curiel, Campedelli and Hope (2023), Science 381(6664):1312-1316. Its equations are this model with its switches
thrown: groups recruit in proportion to their size, lose a fixed number of arrests shared by head, fight by mass action
and break up in proportion to the square of their size,

    dy_i/dt = y_i (rho - eta / sum(y) - theta (F y)_i - omega y_i)   a week,   F_ij = (R_ij + 1) / (A_i + 1), F_ii = 0.

The files are not ours to ship. A person who has them names their folder. Of their columns only the ids of nodes and
the weights are read: names of groups, some of which are names or aliases of persons, are never kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tregua.case.table import Table, read_table
from tregua.errors import CaseError, Problem, ProblemList
from tregua.model.compiled import engine
from tregua.model.declare import PARAMETERS
from tregua.model.levers import LEVERS, Timeline
from tregua.model.setup import place
from tregua.model.simulate import Simulator, simulate_history
from tregua.model.world import Area, Gang, World

Floats = npt.NDArray[np.float64]

WEEKS_A_YEAR = 52.18
WEEK = 7.0
MEMBERS = 115_000.0
RECRUITED = 2.527474e-3
ARRESTED = 110.0
KILLED = 1.549231e-8
CROWDED = 4e-8
START = date(2012, 1, 1)
# A rate per pair of members lies far below the bounds of a rate per member; the reference of mixing carries the rest.
LEAST_CONTEST = 0.002
FILES = {"nodes": "*odes*.csv", "rivals": "*ivals*.csv", "alliances": "*lliances*.csv"}
EDGE = ("Node", "RNode", "weight")
SWITCHED_OFF: Mapping[str, float] = {
    "contest_scale": 0.0, "clique_rivalry": 0.0, "member_victim_share": 1.0, "retaliation_branching": 0.0,
    "coercion_rate": 0.0, "calm_rate": 0.0, "rejoin_share": 0.0, "relapse_rate": 0.0, "prison_recruit": 0.0,
    "state_kill_rate": 0.0, "social_recruit": 0.0, "war_gain": 0.0, "capture_0": 0.001, "rival_weight": 0.0,
    "adherence_threshold": 3.0, "adherence_slope": 30.0,
}  # fmt: skip


@dataclass(frozen=True)
class Network:
    """Groups, who fights whom and who is allied with whom.

    Attributes
    ----------
    ids : tuple of str
        Nodes by falling strength (sum of the weights of their edges), as the study ranks them.
    rivals, allies : array, shape (groups, groups)
        Symmetric weights, the larger where the two directions differ; zero on the diagonal.
    """

    ids: tuple[str, ...]
    rivals: Floats
    allies: Floats

    @property
    def fights(self) -> Floats:
        """F, first index the victim: rivals add, allies of a victim divide."""
        out = (self.rivals + 1.0) / (self.allies.sum(axis=1)[:, None] + 1.0)
        np.fill_diagonal(out, 0.0)
        return np.asarray(out)

    def sizes(self, members: float = MEMBERS) -> Floats:
        """Members of each group, in proportion to 1 / rank."""
        raw = 1.0 / np.arange(1, len(self.ids) + 1)
        return np.asarray(members * raw / raw.sum())


@dataclass(frozen=True)
class Recruited:
    """A run of the recruitment model, week by week where flows are read and at the end of each where stocks are.

    Attributes
    ----------
    weeks : array of int, shape (n,)
        Weeks after the start at which stocks were read.
    members : array, shape (n, groups)
    deaths, arrests, recruits : array, shape (n - 1,)
        Sums over the weeks between two readings.
    """

    weeks: npt.NDArray[np.int64]
    members: Floats
    deaths: Floats
    arrests: Floats
    recruits: Floats

    @property
    def total(self) -> Floats:
        """Members of all groups at each reading."""
        return np.asarray(self.members.sum(axis=1))


def read_network(folder: str | Path) -> Network:
    """Read the tables of nodes, rivals and alliances.

    Parameters
    ----------
    folder : str or Path
        Holds one file each whose name holds Nodes, Rivals and Alliances. Nodes have a column ``Node``; the other two
        ``Node``, ``RNode`` and ``weight``. Other columns are not read.

    Raises
    ------
    CaseError
        A file is missing, twice there or cannot be read; a node twice; an edge of a node with itself, of an unknown
        node, or with a weight that is no number above 0. Everything wrong is told at once; names are not repeated.
    """
    folder = Path(folder)
    problems = ProblemList()
    tables = {kind: _table(folder, kind, pattern, problems) for kind, pattern in FILES.items()}
    problems.raise_errors(CaseError, "the files of the study cannot be read")
    nodes, rivals, alliances = (table for table in tables.values() if table is not None)
    place_of: dict[str, int] = {}
    for row in nodes:
        node = row.cells.get("Node", "")
        if not node or node in place_of:
            message = "a node is given twice" if node else "a node has no id"
            problems.add(Problem("E18" if node else "E14", message, nodes.file, row.line, "Node", node[:40],
                                 "each id once", "remove or rename the row"))  # fmt: skip
        place_of.setdefault(node, len(place_of))
    weights = [_weights(table, place_of, problems) for table in (rivals, alliances)]
    problems.raise_errors(CaseError, "the files of the study cannot be used")
    strength = weights[0].sum(axis=1) + weights[1].sum(axis=1)
    order = np.argsort(-strength, kind="stable")
    ids = list(place_of)
    grid = np.ix_(order, order)
    return Network(tuple(ids[i] for i in order), weights[0][grid], weights[1][grid])


def recruitment_run(
    network: Network,
    years: float = 10.0,
    *,
    recruitment: float = 1.0,
    arrests: float = 1.0,
    changed_after: float = 0.0,
    every: int = 52,
) -> Recruited:
    """Run the recruitment model in mean-field.

    Parameters
    ----------
    network : Network
    years : float
        Length in years of 52 weeks, as the study counts them.
    recruitment, arrests : float
        Multiples of the published rates, from `changed_after` years on. Compare a run with these at 1 over the same
        years, never with the level at which the change begins.
    changed_after : float
        Years of 52 weeks.
    every : int
        Weeks between two readings.

    Raises
    ------
    ModelError
        A multiple outside the bounds of its parameter.
    """
    weeks = round(52 * years)
    turn = min(weeks, round(52 * changed_after))
    cuts = sorted({0, *range(0, weeks + 1, every), turn, weeks})
    sizes = dict(zip(network.ids, network.sizes(), strict=True))
    first = _leg(network, sizes, [cut for cut in cuts if cut <= turn], 1.0, 1.0)
    later = [c - turn for c in cuts if c >= turn]
    if len(later) < 2:
        return first
    reached = dict(zip(network.ids, first.members[-1], strict=True))
    second = _leg(network, reached, later, recruitment, arrests)
    if len(first.weeks) < 2:
        return second
    return Recruited(
        np.concatenate([first.weeks, second.weeks[1:] + turn]),
        np.concatenate([first.members, second.members[1:]]),
        np.concatenate([first.deaths, second.deaths]),
        np.concatenate([first.arrests, second.arrests]),
        np.concatenate([first.recruits, second.recruits]),
    )


def _leg(
    network: Network, members: Mapping[str, float], cuts: list[int], recruitment: float, arrests: float
) -> Recruited:
    """The model over some weeks from given sizes."""
    if len(cuts) < 2:
        start = np.array([[members[i] for i in network.ids]])
        return Recruited(np.array(cuts, dtype=np.int64), start, np.zeros(0), np.zeros(0), np.zeros(0))
    names = sorted(network.ids)
    order = [network.ids.index(name) for name in names]
    world = World(
        areas=(Area("country", "Country", 1e13, 0.5),),
        gangs=tuple(Gang(name, name, 1.0 / len(names), "b18") for name in names),
        start=START,
        calmado_share=0.0,
        members_imprisoned=0.0,
        mixing_reference=LEAST_CONTEST / (WEEKS_A_YEAR * KILLED),
    )
    ground = place(
        world,
        rivalry=network.fights[np.ix_(order, order)],
        active={name: float(members[name]) for name in names},
        arrest_mode="number",
        crowding_scope="own",
    )
    values = {name: parameter.default for name, parameter in PARAMETERS.items()} | dict(SWITCHED_OFF)
    values |= {
        "recruit_rate": WEEKS_A_YEAR * RECRUITED * recruitment,
        "arrest_number": WEEKS_A_YEAR * ARRESTED * arrests,
        "contest_rate": LEAST_CONTEST,
        "own_crowding": WEEKS_A_YEAR * CROWDED,
    }
    for name, value in values.items():
        PARAMETERS[name].check(value)
    rest = Timeline({lever.id: ((0, 1.0 if lever.unit == "multiple" else 0.0),) for lever in LEVERS})
    days = [WEEK * week for week in cuts]
    simulator = Simulator(world, kernel=engine(mean_field=True), place=ground)
    run: Any = simulate_history(simulator, values, rest, until=days[-1], cuts=days)
    back = np.argsort(order)
    # The record holds stocks at the ends of intervals; the start is what was given.
    ends = np.asarray(run.record.gang_stocks[:, :, 0], dtype=float)[:, back]
    stocks = np.vstack([[members[i] for i in network.ids], ends])
    deaths, taken = np.asarray(run.flow("deaths_gang")), np.asarray(run.flow("arrests_made"))
    lost = deaths + taken
    # What is recruited follows from the balance; crowding is taken at the mean of the two ends of each interval.
    squares = (stocks**2).sum(axis=1)
    lengths = np.diff(cuts)
    crowded = CROWDED * lengths * (squares[:-1] + squares[1:]) / 2
    recruits = np.diff(stocks.sum(axis=1)) + lost + crowded
    return Recruited(np.array(cuts, dtype=np.int64), stocks, deaths, taken, recruits)


def _table(folder: Path, kind: str, pattern: str, problems: ProblemList) -> Table | None:
    found = sorted(folder.glob(pattern)) if folder.is_dir() else []
    if len(found) != 1:
        problems.add(
            Problem(
                "E10",
                f"there is no table of {kind}" if not found else f"there are several tables of {kind}",
                str(folder),
                found=", ".join(path.name for path in found) or "nothing",
                allowed=f"one file named like {pattern}",
                mend="put the three tables of the study into one folder",
            )
        )
        return None
    required = ("Node",) if kind == "nodes" else EDGE
    table = read_table(found[0], found[0].name, problems, required=required, optional=None)
    if table is None:
        return None
    # Nothing but ids and weights leaves this function.
    kept = tuple(type(row)(row.line, {k: v for k, v in row.cells.items() if k in required}) for row in table)
    return Table(table.file, tuple(required), kept)


def _weights(table: Table, place_of: Mapping[str, int], problems: ProblemList) -> Floats:
    out = np.zeros((len(place_of), len(place_of)))
    for row in table:
        a, b = (row.cells.get(key, "") for key in EDGE[:2])
        unknown = [node for node in (a, b) if node not in place_of]
        try:
            weight = float(row.cells.get("weight", ""))
        except ValueError:
            weight = float("nan")
        text = row.cells.get("weight", "")
        wrong: tuple[str, str, str, str, str, str] | None = None
        if unknown:
            wrong = ("E25", "an edge of a node that is not in the table of nodes", "Node, RNode", unknown[0],
                     "ids of the table of nodes", "correct the id")  # fmt: skip
        elif a == b:
            wrong = ("E25", "an edge of a node with itself", "RNode", a, "two nodes", "remove the row")
        elif not (np.isfinite(weight) and weight > 0):
            wrong = ("E16", "a weight is no number above 0", "weight", text, "a number above 0", "correct the cell")
        if wrong is not None:
            code, message, key, given, allowed, mend = wrong
            problems.add(Problem(code, message, table.file, row.line, key, given[:40], allowed, mend))
        else:
            i, j = place_of[a], place_of[b]
            out[i, j] = out[j, i] = max(out[i, j], weight)
    return out
