"""Checks from outside the case: a published model, a planted rate that must be found again, signs that theory states.

The signs are those of four published theories that the model can express; each is a paired difference over draws under
the same luck, and a sign holds where the mean difference lies two standard errors on the stated side.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.calibrate.replay import replay
from tregua.model.compiled import Engine, engine
from tregua.model.declare import DEFAULTS
from tregua.model.levers import LEVERS, Timeline
from tregua.model.setup import place
from tregua.model.simulate import Simulator, simulate_history
from tregua.model.world import Area, Gang, World
from tregua.series.span import Span

if TYPE_CHECKING:
    from tregua.case.load import Case

Array = np.ndarray[Any, np.dtype[Any]]
Row = Mapping[str, float]

ERRORS = 2.0
GROUPS, MEMBERS, WEEKS, WEEKS_A_YEAR = 150, 115_000.0, 520, 52.18
RECRUITED, ARRESTED, KILLED, CROWDED = 2.527474e-3, 110.0, 1.549231e-8, 4e-8
PUBLISHED_MEMBERS = 152_424.0
"""Members after 520 weeks, from a tight integration of the published equations on the generated start."""
LEAST_CONTEST = 0.002
LEVER_OF = {lever.id: lever for lever in LEVERS}


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes
    ----------
    id : str
    found, wanted : float
        What the model gives, and what was planted or published; for a sign, the mean difference and 0.
    error : float
        Standard error of `found`; for a published value, the tolerance.
    passed : bool
    """

    id: str
    found: float
    wanted: float
    error: float
    passed: bool


def recruitment_balance() -> Check:
    """The recruitment and incapacitation model of 2023, to which the model reduces with its switches thrown."""
    rivals, allies = np.zeros((GROUPS, GROUPS)), np.zeros((GROUPS, GROUPS))
    for k in range(92):
        rivals[k, (k + 7) % GROUPS] = rivals[(k + 7) % GROUPS, k] = 1.0
    for k in range(91):
        allies[k, (k + 11) % GROUPS] = allies[(k + 11) % GROUPS, k] = 1.0
    fights = (rivals + 1.0) / (allies.sum(axis=1)[:, None] + 1.0)
    np.fill_diagonal(fights, 0.0)
    raw = 1.0 / np.arange(1, GROUPS + 1)
    sizes = MEMBERS * raw / raw.sum()
    names = [f"group_{i:03d}" for i in range(GROUPS)]
    world = World(
        areas=(Area("country", "Country", 1e13, 0.5),),
        gangs=tuple(Gang(name, name, 1.0 / GROUPS, "b18") for name in names),
        start=date(2009, 1, 1),
        calmado_share=0.0,
        members_imprisoned=0.0,
        mixing_reference=LEAST_CONTEST / (WEEKS_A_YEAR * KILLED),
    )
    ground = place(
        world, rivalry=fights, active=dict(zip(names, sizes.tolist(), strict=True)), arrest_mode="number",
        crowding_scope="own",
    )  # fmt: skip
    zero = (
        "contest_scale", "clique_rivalry", "retaliation_branching", "coercion_rate", "calm_rate", "rejoin_share",
        "relapse_rate", "prison_recruit", "state_kill_rate", "social_recruit", "war_gain", "rival_weight",
        "background_rate",
    )  # fmt: skip
    values = {
        **DEFAULTS, **dict.fromkeys(zero, 0.0), "background_rate": 5.0, "member_victim_share": 1.0,
        "recruit_rate": WEEKS_A_YEAR * RECRUITED, "arrest_number": WEEKS_A_YEAR * ARRESTED,
        "contest_rate": LEAST_CONTEST, "own_crowding": WEEKS_A_YEAR * CROWDED, "adherence_threshold": 3.0,
        "adherence_slope": 30.0, "capture_0": 0.001,
    }  # fmt: skip
    history = Timeline({"arrests": ((0, 1.0),), "lethal": ((0, 1.0),)})
    run = simulate_history(
        Simulator(world, kernel=engine(mean_field=True), place=ground), values, history, until=7.0 * WEEKS,
        cuts=(0.0, 7.0 * WEEKS),
    )  # fmt: skip
    found = float(run.record.gang_stocks[-1, :, 0].sum())
    allowed = 0.002 * PUBLISHED_MEMBERS
    return Check("recruitment_balance", found, PUBLISHED_MEMBERS, allowed, abs(found - PUBLISHED_MEMBERS) <= allowed)


def planted_branching(planted: float = 0.35, histories: int = 200, kernel: Engine | None = None) -> Check:
    """Retaliation planted in a world of two equal gangs, found again from the killings alone.

    Without turnover and truce the killings of the model are a branching process with immigration; the same world with
    the branching at zero gives the immigration, and the branching is one less the ratio of the two.
    """
    world = World(
        areas=(Area("town", "Town", 500_000.0, 0.5),),
        gangs=(Gang("one", "One", 0.5, "b18"), Gang("two", "Two", 0.5, "b18")),
        start=date(2009, 1, 1),
        members_active=2_000.0,
        members_imprisoned=0.0,
        calmado_share=0.0,
    )
    still = (
        "clique_rivalry", "coercion_rate", "recruit_rate", "calm_rate", "arrest_rate", "state_kill_rate",
        "member_victim_share", "local_volatility", "leader_noise", "war_gain", "rival_weight", "social_recruit",
    )  # fmt: skip
    values = {**DEFAULTS, **dict.fromkeys(still, 0.0), "release_rate": 0.05, "adherence_threshold": 3.0,
              "adherence_slope": 30.0, "contest_rate": 0.05}  # fmt: skip
    history = Timeline({"arrests": ((0, 1.0),), "lethal": ((0, 1.0),)})
    simulator = Simulator(world, kernel=kernel or engine())
    years = 10.0 * 365.25

    def killings(branching: float, luck: int) -> float:
        run = simulate_history(
            simulator, {**values, "retaliation_branching": branching}, history, luck=luck, until=years + 730.5,
            cuts=(730.5, years + 730.5),
        )  # fmt: skip
        return float(run.flow("deaths_gang").sum())

    # Different luck on the two sides, so that their errors add and are not hidden by pairing.
    with_memory = np.array([killings(planted, luck) for luck in range(histories)])
    without = np.array([killings(0.0, 10_000 + luck) for luck in range(histories)])
    ratio = without.mean() / with_memory.mean()
    relative = math.hypot(
        without.std(ddof=1) / without.mean(), with_memory.std(ddof=1) / with_memory.mean()
    ) / math.sqrt(histories)
    found, error = 1.0 - ratio, ratio * relative
    return Check("planted_branching", found, planted, error, abs(found - planted) <= ERRORS * error)


SIGNS = (
    "conditional_deters", "unconditional_provokes", "force_provokes", "cut_off_leaders_break_pacts",
    "weak_command_weakens",
)  # fmt: skip
LATER = 300
"""Days into a truce on which its leaders are cut off."""
HEARD, CUT_OFF = 0.3, 0.03
"""Level of contact at or above which leaders can be cut off, and that at which they are."""


def signs_left_out(case: Case) -> dict[str, tuple[str, str]]:
    """Signs that the record of a case cannot show, with the reason in English and Spanish.

    The theories speak of a truce that leaders agree and command. Where none begins on the first decision, or the fit
    window ends before anything could be seen, a sign is not asked, and that is no failure of it.
    """
    if not case.decisions:
        why = ("the case has no decision", "el caso no tiene decisión")
        return dict.fromkeys(SIGNS, why)
    day = next(iter(case.decisions.values())).day
    if _after(case) is None:
        why = ("the figures of the fit end before a month after the decision", "las cifras del ajuste acaban antes de "
               "un mes tras la decisión")  # fmt: skip
        return dict.fromkeys(SIGNS, why)
    out: dict[str, tuple[str, str]] = {}
    level = case.history.at
    agreed = level("concession", day) > level("concession", day - 1)
    if not agreed and level("concession", day) == 0.0 and level("own_halt", day) == 0.0:
        out["conditional_deters"] = ("no truce and no halt is on record that day", "ese día no consta tregua ni alto")
    last = ((case.fit_end or case.end) - case.start).days
    if not agreed:
        why = ("no truce against concessions begins on that day: there is no pact to break",
               "ese día no empieza una tregua a cambio de concesiones: no hay pacto que romper")  # fmt: skip
        out["cut_off_leaders_break_pacts"] = out["weak_command_weakens"] = why
    elif day + LATER >= last or level("contact", day + LATER) < HEARD:
        out["cut_off_leaders_break_pacts"] = (
            f"{LATER} days later leaders are not heard any more, or the figures of the fit have ended",
            f"{LATER} días después ya no se oye a los líderes, o las cifras del ajuste han acabado",
        )
    return out


def _after(case: Case) -> Span | None:
    """From the month after the first decision to the end of the fit window; none where that is no time."""
    first = date.fromordinal(case.start.toordinal() + next(iter(case.decisions.values())).day)
    until = case.fit_end or case.end
    begins = date(first.year, first.month + 1, 1) if first.month < 12 else date(first.year + 1, 1, 1)
    return Span(begins, until) if begins < until else None


def sign_tests(
    case: Case,
    reading: str,
    rows: Sequence[Row],
    *,
    seed: int,
    threads: int = 2,
    kernel: Engine | None = None,
    without: Iterable[str] = (),
) -> tuple[Check, ...]:
    """Signs: conditional repression deters, unconditional provokes, cut-off leaders break pacts, weak command.

    Arrests are doubled and lethal force is tripled from their level on the day of the decision. Unconditional
    repression is both at once; lethal force is asked alone too, because arrests also take members off the street.

    Parameters
    ----------
    case : Case
    reading : str
    rows : sequence of mapping
        Every parameter, the reading laid over them.
    seed, threads, kernel
        As elsewhere.
    without : iterable of str
        Signs that are not asked, from `signs_left_out`.
    """
    asked = [name for name in SIGNS if name not in set(without)]
    truce = _after(case) if asked else None
    if truce is None:
        return ()
    decision = next(iter(case.decisions.values()))
    day = decision.day

    def run(line: Timeline, changed: Sequence[Row]) -> Any:
        return replay(
            case, reading, changed, until=truce.end, seed=seed, history=line, threads=threads, kernel=kernel,
            outcomes=("homicides", "compliance"),
        )  # fmt: skip

    def killed(line: Timeline, changed: Sequence[Row] = rows) -> Array:
        return np.asarray(run(line, changed).total("homicides", (truce,)))

    def raised(line: Timeline, name: str, times: float) -> Timeline:
        level = line.at(name, day) or 1.0
        return line.with_level(name, day, min(times * level, LEVER_OF[name].upper))

    def weakened(base: Array) -> Array:
        half = [
            {**row, **{name: max(0.02, 0.5 * row[name]) for name in row if name.startswith("command_0_")}}
            for row in rows
        ]
        no_truce = decision.timeline(decision.arms["no_truce"], history) if "no_truce" in decision.arms else history
        fall = 1.0 - base / killed(no_truce)
        return np.asarray(1.0 - killed(history, half) / killed(no_truce, half) - fall)

    history = case.history
    base = killed(history)
    found: list[Check] = []
    for name in asked:
        if name == "conditional_deters":
            raids = raised(history, "arrests", 2.0)
            values = killed(raids.with_level("conditional", day, 1.0)) - killed(raids)
        elif name == "unconditional_provokes":
            values = base - killed(raised(raised(history, "arrests", 2.0), "lethal", 3.0))
        elif name == "force_provokes":
            values = base - killed(raised(history, "lethal", 3.0))
        elif name == "cut_off_leaders_break_pacts":
            values = base - killed(history.with_level("contact", day + LATER, CUT_OFF))
        else:
            values = weakened(base)
        found.append(_sign(name, values))
    return tuple(found)


def _sign(name: str, values: Array) -> Check:
    """A mean difference that must be below zero by two standard errors."""
    mean, error = float(values.mean()), float(values.std(ddof=1) / math.sqrt(len(values)))
    return Check(name, mean, 0.0, error, mean < -ERRORS * error)


def standing(check: Mapping[str, Any]) -> str:
    """What a stored check says: ``holds``, ``fails``, or ``open`` where a sign is within its errors of zero."""
    if check["passed"]:
        return "holds"
    within = check["wanted"] == 0.0 and abs(check["found"]) <= ERRORS * check["error"]
    return "open" if within else "fails"


CHECKS: tuple[Callable[[], Check], ...] = (recruitment_balance, planted_branching)
