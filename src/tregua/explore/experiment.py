"""Experiments: policies x readings x draws x luck, each paired with the others of the same draw and luck.

The vocabulary is that of exploratory modelling: uncertainties (draws and readings), levers (arms), relationships (the
kernel), outcomes.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.case.draws import DrawSource
from tregua.case.draws import draw_source as find_source
from tregua.errors import ModelError, Problem, TreguaWarning, UsageError
from tregua.explore.uncertainty import DEFAULT_SEED
from tregua.model import draws as keyed
from tregua.model.compiled import Engine, declared, engine, model_digest
from tregua.model.levers import check_lever
from tregua.model.outcomes import AREA_FLOWS, AREA_STOCKS, FLOWS, GANG_FLOWS, GANG_STOCKS, PATHS, STOCKS
from tregua.model.parameter import Prior
from tregua.model.policies import REFERENCE_ARM
from tregua.model.simulate import WEEK, Course, Run, Simulator, Snapshot
from tregua.runs.local import Computed
from tregua.runs.shard import Failure, Origin, Shard, blocks

if TYPE_CHECKING:
    from tregua.case.load import Case
    from tregua.model.levers import Timeline
    from tregua.model.parameter import Parameter
    from tregua.model.policies import Arm, Decision
    from tregua.model.readings import Reading

RECORD = "record"
RECORD_ARM = "as_it_happened"
FORCE = ("lethal", "arrests")
"""Levers of the state's force: rules of lethal force, and arrest effort."""
WITHOUT_FORCE = "as_it_happened_without_later_force"
"""The record with those held as the reference holds them: what it differs by without the force that came later."""
STORIES = ("default", "hidden_killings", "fall_not_concessions")
SETUPS = 5
BLOCK = 25
NATIONAL, ALL_GANGS = "national", "all"


def anniversary(day: date, years: int) -> date:
    """The same day `years` later (28 February for a leap day)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def later_force(point: Decision, history: Timeline) -> dict[str, int]:
    """Levers of force that the record moves after the day of a decision, and the first day on which each does.

    The reference holds every lever at its value of the day before the decision, so that a contrast of the record with
    it includes what these did later. What moves on the day itself is the response. Empty where the record moves none,
    where the reference follows it, or where a decision has no record.
    """
    record = point.arms.get(RECORD_ARM)
    if record is None or not record.record:
        return {}
    line = point.timeline(record, history)
    found = {}
    for name in FORCE:
        level = line.at(name, point.day - 1)
        if name in point.keep or line.at(name, point.day) != level:
            continue
        moved = [day for day, value in line.paths.get(name, ()) if day > point.day and value != level]
        if moved:
            found[name] = moved[0]
    return found


def arm_at(point: Decision, history: Timeline, arm: str) -> Arm:
    """A response of a decision, or the record without the force that came later.

    Raises
    ------
    KeyError
        The decision has no such response.
    """
    force = later_force(point, history) if arm == WITHOUT_FORCE else {}
    if not force:
        return point.arms[arm]
    record = point.arms[RECORD_ARM]
    return replace(record, id=WITHOUT_FORCE, without=tuple(dict.fromkeys((*record.without, *force))))


@dataclass(frozen=True)
class Experiment:
    """What to run.

    Attributes
    ----------
    case : Case
    draws, luck : int
        Rows of parameters, and replicates of chance for each.
    seed : int
    readings : tuple of str
        Empty for all that can be run.
    arms : tuple of str
        Empty for all; the reference arm is always added.
    step : float
        Days a step.
    overrides : mapping
        Parameters set to one value in every draw, after the draws and before the reading.
    kernel : Engine, optional
    own_arms : tuple of Arm
        Responses of the user's own, added to those of every decision. What they set is part of the name of their
        shards, so that the case's own results are found again and another response under the same id is another result.
    own_readings : tuple of Reading
        Readings of the user's own, likewise.
    priors : mapping
        Parameter -> prior in the notation of the tables, in place of the declared one.
    draws_from : str
        ``posterior``, ``provisional`` or ``prior``; empty for the best source that there is, with a warning
        (`TreguaWarning`, W60) where a kernel of one's own leaves no posterior.
    posteriors : str
        Folder of posteriors of one's own; empty for those that ship.
    """

    case: Case
    draws: int = 100
    luck: int = 1
    seed: int = DEFAULT_SEED
    readings: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
    step: float = WEEK
    overrides: Mapping[str, float] = field(default_factory=dict)
    kernel: Engine | None = None
    own_arms: tuple[Arm, ...] = ()
    own_readings: tuple[Reading, ...] = ()
    priors: Mapping[str, str] = field(default_factory=dict)
    draws_from: str = ""
    posteriors: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "case", _with_own(self.case, self.own_arms, self.own_readings))
        for name, value in (("--draws", self.draws), ("--luck", self.luck)):
            if value < 1:
                raise UsageError(
                    f"{name} asks for nothing", key=name, found=value, allowed="1 or more", mend="ask for some"
                )
        known = self.case.readings
        for reading in self.readings:
            if reading not in known:
                raise UsageError(
                    "no such reading",
                    key="--reading",
                    found=reading,
                    allowed=", ".join(known),
                    mend="use one of the ids listed",
                )
        arms = {arm for decision in self.case.decisions.values() for arm in decision.arms}
        for arm in self.arms:
            if arm not in arms:
                raise UsageError(
                    "no such response",
                    key="--arm",
                    found=arm,
                    allowed=", ".join(sorted(arms)),
                    mend="use one of the ids listed",
                )
        for parameter, prior in self.priors.items():
            _check_prior(self.declared, parameter, prior)
        parameters = self.parameters
        for parameter, level in self.overrides.items():
            if parameter not in parameters:
                raise UsageError(
                    "no such parameter",
                    key="--set",
                    found=parameter,
                    allowed="an id listed by `tregua odd`",
                    mend="check the spelling",
                )
            parameters[parameter].check(level)

    @property
    def engine(self) -> Engine:
        """The kernel bound for this experiment."""
        return self.kernel or engine()

    @cached_property
    def model_digest(self) -> str:
        """Hash of the model; known without binding the kernel, which results from the store do not need."""
        return self.kernel.digest if self.kernel else model_digest()

    @property
    def declared(self) -> Mapping[str, Parameter]:
        """Every parameter of the kernel, as declared."""
        return self.kernel.parameters if self.kernel else declared()

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """Every parameter of the kernel, with the priors of this experiment."""
        if not self.priors:
            return self.declared
        return {n: replace(p, prior=self.priors[n]) if n in self.priors else p for n, p in self.declared.items()}

    @cached_property
    def source(self) -> DrawSource:
        """Where the parameters come from: a posterior of this model and these figures, where there is one.

        A prior of the user's own takes its parameter out of every posterior: it was fitted under another one.

        Warns
        -----
        TreguaWarning
            W60: a replaced mechanism leaves no posterior that may be used, and other draws are taken unasked, so that
            nothing that the original gives with its posterior may be held against it.
        """
        own = Path(self.posteriors) if self.posteriors else None
        found = find_source(self.case, self.model_digest, asked=self.draws_from, own=own)
        if self.kernel is not None and not self.draws_from and found.main is None and found.set_aside:
            told = Problem(
                "W60",
                "a replaced mechanism has no posterior, and other draws are taken than the original takes by itself",
                key="draws_from",
                found=found.kind,
                allowed="draws that both models can take",
                mend=f'give draws_from="{found.kind}" to this experiment and to the one that it is held against',
            )
            warnings.warn(TreguaWarning(told), stacklevel=2)
        return found.without(self.priors)

    def rows(self) -> list[dict[str, float]]:
        """Every parameter of every draw, before a reading is laid over it."""
        return self.source.rows(self.draws, self.seed, self.parameters)

    def values(self, row: Mapping[str, float], draw: int, reading: str) -> dict[str, float]:
        """One of `rows` with what the experiment sets, under a reading."""
        return self.source.overlaid({**row, **self.overrides}, draw, self.seed, reading)

    @property
    def origin(self) -> Origin:
        """Model and case that the results come from."""
        return Origin(self.model_digest, self.case.digest)

    def runnable(self, asked: Sequence[str] = ()) -> list[str]:
        """Readings that can be run, in their fixed order: those that need a refit and have none are left out."""
        chosen = asked or self.readings or tuple(self.case.readings)
        return [r for r in self.case.readings if r in chosen and self.source.can_run(r)]

    @property
    def stories(self) -> tuple[str, ...]:
        """Rival explanations of the record, the default first: those that the case names, or the usual ones."""
        return self.case.rivals or STORIES

    def record_shards(self, readings: Sequence[str] = ()) -> list[Shard]:
        """The run as it happened, month by month, under the rival explanations of the record."""
        found = [r for r in self.runnable(readings or self.stories) if not self.readings or r in self.readings]
        return [
            Shard(
                RECORD,
                f"as it happened, {reading}, draws {block[0]}-{block[-1]}",
                {**self._settings(block), "reading": reading, "arm": RECORD_ARM},
                len(block) * self.luck,
            )
            for block in blocks(range(self.draws), BLOCK)
            for reading in found
        ]

    def compare_shards(self, decision: str, readings: Sequence[str] = (), *, held: bool = False) -> list[Shard]:
        """Every arm of a decision under every reading.

        Parameters
        ----------
        decision : str
        readings : sequence of str
            Empty for those of the experiment.
        held : bool
            Hold every parameter that was not fitted at its default and draw the fitted ones only; kept as decision
            ``<decision>_fitted_only``. What is then left of the spread is what the figures can speak to.
        """
        if decision not in self.case.decisions:
            raise UsageError(
                "no such decision",
                key="--decision",
                found=decision,
                allowed=", ".join(self.case.decisions),
                mend="use one of the ids listed",
            )
        mine = {arm.id: arm for arm in self.own_arms}
        arms = self.arms_of(decision)
        groups = [tuple(a for a in arms if a not in mine), *((a,) for a in arms if a in mine)]
        variants = 2 if self.case.decisions[decision].halt_ends and not held else 1
        extra: dict[str, Any] = {"held": True} if held else {}
        return [
            Shard(
                "compare",
                f"decision {decision}, {reading}, draws {block[0]}-{block[-1]}",
                {
                    **self._settings(block),
                    "reading": reading,
                    "decision": decision,
                    "arms": list(group),
                    **extra,
                    **self._own(group, reading),
                },
                len(block) * self.luck * len(group) * variants,
            )
            for reading in self.runnable(readings)
            if reading not in self.case.decisions[decision].left_out
            for block in blocks(range(self.draws), BLOCK)
            for group in groups
        ]

    def force_shards(self, decision: str, readings: Sequence[str] = ()) -> list[Shard]:
        """The record without the force that came later, to be held against the reference of `compare_shards`.

        Parameters
        ----------
        decision : str
        readings : sequence of str
            Empty for those of the experiment.

        Returns
        -------
        list of Shard
            Empty where the record moves no lever of force after the decision, or was not asked for.
        """
        point = self.case.decisions[decision]
        held = list(later_force(point, self.case.history))
        if not held or RECORD_ARM not in self.arms_of(decision):
            return []
        variants = 2 if point.halt_ends else 1
        return [
            Shard(
                "compare",
                f"decision {decision}, {reading}, without later force, draws {block[0]}-{block[-1]}",
                {
                    **self._settings(block),
                    "reading": reading,
                    "decision": decision,
                    "arms": [WITHOUT_FORCE],
                    "without": held,
                },
                len(block) * self.luck * variants,
            )
            for reading in self.runnable(readings)
            if reading not in point.left_out and not any(mine.id == reading for mine in self.own_readings)
            for block in blocks(range(self.draws), BLOCK)
        ]

    def _own(self, arms: Sequence[str], reading: str) -> dict[str, Any]:
        """What the user's own response and reading set, for the name of a shard."""
        out: dict[str, Any] = {}
        chosen = {arm.id: dict(sorted(arm.sets.items())) for arm in self.own_arms if arm.id in arms}
        if chosen:
            out["own_arms"] = chosen
        for mine in self.own_readings:
            if mine.id == reading:
                out["own_reading"] = {
                    "sets": dict(sorted(mine.sets.items())),
                    "scales": dict(sorted(mine.scales.items())),
                    **(
                        {"paths": {name: list(path) for name, path in sorted(mine.paths.items())}} if mine.paths else {}
                    ),
                }
        return out

    def arms_of(self, decision: str) -> tuple[str, ...]:
        """Arms of a decision in their fixed order, the reference always among them."""
        arms = self.case.decisions[decision].arms
        return tuple(a for a in arms if not self.arms or a in self.arms or a == REFERENCE_ARM)

    def _settings(self, block: Sequence[int]) -> dict[str, Any]:
        settings: dict[str, Any] = {
            "case": self.case.id,
            "seed": self.seed,
            "draws": list(block),
            "luck": self.luck,
            "step": self.step,
            "setups": SETUPS,
        }
        if self.overrides:
            settings["set"] = dict(sorted(self.overrides.items()))
        if self.priors:
            settings["priors"] = dict(sorted(self.priors.items()))
        if self.source.address:
            settings["draws_from"] = self.source.address
        return settings


@dataclass(frozen=True)
class Recipe:
    """An experiment as it travels to the workers of a cluster: without case and kernel, which they have themselves.

    Attributes
    ----------
    case : str
        Id of a bundled case, or the folder of one, which every worker must see under the same path.
    settings : mapping
        The other fields of `Experiment`.
    """

    case: str
    settings: Mapping[str, Any]

    @classmethod
    def of(cls, experiment: Experiment) -> Recipe:
        """The recipe of an experiment.

        Raises
        ------
        UsageError
            Its kernel was bound by hand: mechanisms of the user's own do not travel.
        """
        if experiment.kernel is not None:
            raise UsageError(
                "a kernel of your own cannot be sent to a cluster",
                key="--cluster",
                found="a kernel bound by hand",
                allowed="the kernel that is installed",
                mend="run it on this machine, or install the mechanism on every worker",
            )
        from tregua.case.load import BUNDLED

        folder = experiment.case.folder.resolve()
        name = experiment.case.id if folder.parent == BUNDLED.resolve() else str(folder)
        left = ("case", "kernel")
        return cls(name, {f.name: getattr(experiment, f.name) for f in fields(experiment) if f.name not in left})

    def experiment(self) -> Experiment:
        """The experiment again, in this process."""
        from tregua.case.load import load_case

        return Experiment(load_case(self.case), **self.settings)

    def origin(self) -> Origin:
        """Model and case that this process would compute with."""
        return self.experiment().origin

    def build(self) -> Worker:
        """What computes its shards in this process."""
        return Worker(self.experiment())


class Worker:
    """Computes the shards of an experiment; safe to call from several threads.

    Parameters
    ----------
    experiment : Experiment
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.case = experiment.case
        self._lock = threading.Lock()
        self._simulators: dict[int, Simulator] = {}
        self._values = experiment.rows()
        self._courses: dict[tuple[Any, ...], Course] = {}
        self._breaks = tuple(sorted(float(d.day) for d in self.case.decisions.values()))

    def __call__(self, shard: Shard) -> Computed:
        if shard.kind == RECORD:
            return self._record(shard)
        return self._compare(shard)

    def values(self, draw: int, reading: str, held: bool = False) -> dict[str, float]:
        """Every parameter of one draw under one reading; `held` keeps those that no fit speaks of at their default."""
        values = self._values[draw]
        if held:
            fitted = self.experiment.source.fitted
            declared = self.experiment.declared
            values = values | {n: p.default for n, p in declared.items() if p.role == "varied" and n not in fitted}
        return self.experiment.values(values, draw, reading)

    def simulator(self, draw: int) -> Simulator:
        """The split world of one draw; draws go round five setup seeds."""
        setup = draw % SETUPS
        with self._lock:
            if setup not in self._simulators:
                self._simulators[setup] = Simulator(self.case.world, setup_seed=setup, kernel=self.experiment.engine)
            return self._simulators[setup]

    def _course(
        self,
        simulator: Simulator,
        key: tuple[Any, ...],
        timeline: Callable[[], Timeline],
        first: float,
        until: float,
        return_contact: float,
    ) -> Course:
        """Levers of one arm on its grid, made once; arms whose levers are the same share one course."""
        with self._lock:
            found = self._courses.get(key)
        if found is None:
            line = timeline()
            same = (first, until, return_contact, tuple(sorted((n, p) for n, p in line.paths.items() if p)))
            with self._lock:
                found = self._courses.get(same)
            if found is None:
                found = simulator.course(
                    line, first, until, step=self.experiment.step, breaks=self._breaks, return_contact=return_contact
                )
            with self._lock:
                found = self._courses.setdefault(same, found)
                self._courses[key] = found
        return found

    def past(
        self, draw: int, luck: int, reading: str, until: float, held: bool = False
    ) -> tuple[Simulator, Snapshot, Any]:
        """The history of one draw and luck as it happened, stopped on a day."""
        simulator = self.simulator(draw)
        rule = self.case.readings[reading]
        history = rule.apply(self.case.history)
        key = keyed.history_key(self.experiment.seed, draw, luck)
        since, th = simulator.start(self.values(draw, reading, held), history, key)
        course = self._course(
            simulator, ("past", reading, until), lambda: history, 0.0, until, history.at("contact", 0)
        )
        return simulator, simulator.follow(th, since, course).end, th

    # the run as it happened

    def record_cuts(self) -> list[float]:
        """Days between which the recorded run is kept: all month ends, and all ends of observations."""
        start = self.case.world.start
        ends = self.case.observations.cut_dates(start, self.case.end)
        return [0.0, *(float((day - start).days + 1) for day in ends)]

    def _record(self, shard: Shard) -> Computed:
        settings = shard.settings
        reading, draws, luck = str(settings["reading"]), list(settings["draws"]), int(settings["luck"])
        start = self.case.world.start
        until = float((self.case.end + timedelta(days=1) - start).days)
        cuts = self.record_cuts()
        years = [float((date(y, 1, 1) - start).days) for y in range(start.year, self.case.end.year + 2)]
        years = [day for day in years if 0 <= day <= until] if reading == "default" else []
        history = self.case.readings[reading].apply(self.case.history)
        pieces: list[dict[str, Any]] = []
        failures: list[Failure] = []
        for draw in draws:
            for replicate in range(luck):
                try:
                    simulator, since, th = self.past(draw, replicate, reading, 0.0)
                    course = self._course(
                        simulator, (RECORD, reading), lambda: history, 0.0, until, history.at("contact", 0)
                    )
                    run = simulator.follow(th, since, course, cuts=cuts, area_cuts=years)
                    _finite(run)
                except (ModelError, ArithmeticError) as error:
                    failures.append(self._failure(shard, draw, replicate, RECORD_ARM, reading, "", error))
                    continue
                pieces.append(_flow_rows(run, simulator, draw, replicate, start, by_place=reading == "default"))
        columns = (
            {
                name: np.concatenate([piece[name] for piece in pieces])
                for name in ("draw", "luck", "start", "end", "area", "gang", "outcome", "value")
            }
            if pieces
            else _no_rows()
        )
        return Computed({"flows": {"reading": reading, "arm": RECORD_ARM, **columns}}, tuple(failures))

    # arms

    def horizon_days(self, decision: Decision) -> list[float]:
        """Days of the horizons of a decision, the decision itself first."""
        start = self.case.world.start
        day = start + timedelta(days=decision.day)
        return [float(decision.day), *(float((anniversary(day, h) - start).days) for h in decision.horizons)]

    def _line(self, decision: Decision, arm: str, reading: str, halt_ends: bool) -> Timeline:
        """Levers of one arm under one reading."""
        chosen = arm_at(decision, self.case.history, arm)
        line = decision.timeline(chosen, self.case.history, halt_ends=halt_ends)
        return self.case.readings[reading].apply(line)

    def _compare(self, shard: Shard) -> Computed:
        settings = shard.settings
        decision = self.case.decisions[str(settings["decision"])]
        reading, draws, luck = str(settings["reading"]), list(settings["draws"]), int(settings["luck"])
        arms = [str(a) for a in settings["arms"]]
        held = bool(settings.get("held", False))
        cuts = self.horizon_days(decision)
        variants = [(f"{decision.id}_fitted_only" if held else decision.id, False)]
        if decision.halt_ends and not held:
            variants.append((f"{decision.id}_halt_ends", True))
        outcomes = (*FLOWS, *STOCKS, *PATHS)
        shape = (len(variants), len(draws), luck, len(arms), len(decision.horizons), len(outcomes))
        values = np.full(shape, np.nan)
        kept = np.ones(shape[:4], bool)
        failures: list[Failure] = []
        for d, draw in enumerate(draws):
            for replicate in range(luck):
                try:
                    simulator, since, th = self.past(draw, replicate, reading, float(decision.day), held)
                except (ModelError, ArithmeticError) as error:
                    failures.append(self._failure(shard, draw, replicate, "", reading, variants[0][0], error))
                    kept[:, d, replicate] = False
                    continue
                for v, (label, halt_ends) in enumerate(variants):
                    courses = [
                        self._course(
                            simulator,
                            (label, reading, name),
                            partial(self._line, decision, name, reading, halt_ends),
                            float(decision.day),
                            cuts[-1],
                            decision.return_contact,
                        )
                        for name in arms
                    ]
                    for a, name in enumerate(arms):
                        twin = next(i for i, course in enumerate(courses) if course is courses[a])
                        if twin < a and kept[v, d, replicate, twin]:
                            values[v, d, replicate, a] = values[v, d, replicate, twin]
                            continue
                        try:
                            run = simulator.follow(th, since, courses[a], cuts=cuts)
                            _finite(run)
                        except (ModelError, ArithmeticError) as error:
                            failures.append(self._failure(shard, draw, replicate, name, reading, label, error))
                            kept[v, d, replicate, a] = False
                            continue
                        values[v, d, replicate, a] = at_horizons(run, cuts)
        mask = np.broadcast_to(kept[..., None, None], shape).ravel()
        grid = np.indices(shape).reshape(len(shape), -1)[:, mask]
        columns: dict[str, Any] = {
            "decision": np.array([label for label, _ in variants])[grid[0]],
            "reading": reading,
            "arm": np.array(arms)[grid[3]],
            "draw": np.array(draws, np.int32)[grid[1]],
            "luck": grid[2].astype(np.int32),
            "horizon": np.array(decision.horizons, np.int32)[grid[4]],
            "outcome": np.array(outcomes)[grid[5]],
            "value": values.ravel()[mask],
        }
        return Computed({"summaries": columns}, tuple(failures))

    def _failure(
        self, shard: Shard, draw: int, luck: int, arm: str, reading: str, decision: str, error: Exception
    ) -> Failure:
        words = [
            f"tregua simulate {self.case.id}",
            f"--seed {self.experiment.seed}",
            f"--draw {draw}",
            f"--luck-id {luck}",
        ]
        if arm:
            words.append(f"--arm {arm}")
        words.append(f"--reading {reading}")
        if decision:
            words.append(f"--decision {decision}")
        return Failure(
            draw,
            luck,
            str(error.args[0] if error.args else error),
            " ".join(words),
            arm=arm,
            reading=reading,
            decision=decision,
        )


def _with_own(case: Case, arms: Sequence[Arm], readings: Sequence[Reading]) -> Case:
    """The case with the user's own responses and readings after its own; an id stands for one thing only."""
    for mine in arms:
        for name, value in mine.sets.items():
            check_lever(name, value)
    taken = [a.id for a in arms if any(d.arms.get(a.id, a) is not a for d in case.decisions.values())]
    taken += [r.id for r in readings if case.readings.get(r.id, r) is not r]
    if taken:
        raise UsageError(
            "this id is taken by the case",
            key="id",
            found=taken[0],
            allowed="an id that the case does not use",
            mend="give your own response or reading another id",
        )
    if not (arms or readings):
        return case
    decisions = {
        name: replace(point, arms={**point.arms, **{a.id: a for a in arms}}) for name, point in case.decisions.items()
    }
    return replace(case, decisions=decisions, readings={**case.readings, **{r.id: r for r in readings}})


def _check_prior(parameters: Mapping[str, Parameter], name: str, prior: str) -> None:
    if name not in parameters:
        raise UsageError(
            "no such parameter",
            key="prior",
            found=name,
            allowed="an id listed by `tregua odd`",
            mend="check the spelling",
        )
    declared = parameters[name]
    if declared.role != "varied" or "Dirichlet" in (Prior(declared.prior).family, Prior(prior).family):
        raise UsageError(
            "the prior of this parameter cannot be changed alone",
            key=f"prior {name}",
            found=f"{declared.role}, {declared.prior}",
            allowed="a parameter that is varied by itself",
            mend="hold it at a value with --set, or give a reading of your own",
        )


def _finite(run: Run) -> None:
    if not (np.isfinite(run.record.flows).all() and np.isfinite(run.record.stocks).all()):
        raise ModelError(
            "a history left the range of numbers",
            key="history",
            found="a value that is not finite",
            allowed="finite flows and stocks",
            mend="reproduce it with the command given, and report it",
        )


def at_horizons(run: Run, cuts: Sequence[float]) -> Any:
    """Flows since the decision, stocks on the day, paths up to it; shape (horizons, outcomes)."""
    flows = np.cumsum(run.record.flows, axis=0)
    paths = np.array([run.structural_end(day - cuts[0]) for day in cuts[1:]])
    order = {"structural_end_months": 0, "command_left": 1}
    return np.hstack([flows, run.record.stocks, paths[:, [order[name] for name in PATHS]]])


def _no_rows() -> dict[str, Any]:
    empty = np.zeros(0)
    day = np.zeros(0, "datetime64[D]")
    word = np.zeros(0, "U1")
    return {
        "draw": empty.astype(np.int32),
        "luck": empty.astype(np.int32),
        "start": day,
        "end": day,
        "area": word,
        "gang": word,
        "outcome": word,
        "value": empty,
    }


def _flow_rows(run: Run, simulator: Simulator, draw: int, luck: int, start: date, *, by_place: bool) -> dict[str, Any]:
    """One history as rows of the table of flows."""
    record = run.record
    zero = np.datetime64(start, "D")
    first = zero + record.cuts[:-1].astype("timedelta64[D]")
    last = zero + record.cuts[1:].astype("timedelta64[D]") - np.timedelta64(1, "D")
    parts: list[tuple[Any, Any, Any, Any, Any, Any]] = []

    def add(
        begin: Any, end: Any, values: Any, areas: Sequence[str], gangs: Sequence[str], names: Sequence[str]
    ) -> None:
        """Rows of an array of shape (pieces, areas, gangs, names)."""
        grid = np.indices(values.shape).reshape(4, -1)
        parts.append(
            (
                begin[grid[0]],
                end[grid[0]],
                np.array(areas)[grid[1]],
                np.array(gangs)[grid[2]],
                np.array(names)[grid[3]],
                values.ravel(),
            )
        )

    national = np.hstack([record.flows, record.stocks])[:, None, None, :]
    add(first, last, national, [NATIONAL], [ALL_GANGS], [*FLOWS, *STOCKS])
    if by_place:
        by_gang = np.concatenate([record.gang_flows, record.gang_stocks], axis=2)[:, None, :, :]
        add(first, last, by_gang, [NATIONAL], simulator.gang_ids, [*GANG_FLOWS, *GANG_STOCKS])
        if record.area_flows.size:
            begin = zero + record.area_cuts[:-1].astype("timedelta64[D]")
            end = zero + record.area_cuts[1:].astype("timedelta64[D]") - np.timedelta64(1, "D")
            add(begin, end, record.area_flows[:, :, None, :], simulator.area_ids, [ALL_GANGS], AREA_FLOWS)
            people = AREA_STOCKS.index("youth_detained")
            add(
                begin,
                end,
                record.area_stocks[:, :, :, :people],
                simulator.area_ids,
                simulator.gang_ids,
                AREA_STOCKS[:people],
            )
            add(
                begin, end, record.area_stocks[:, :, :1, people:], simulator.area_ids, [ALL_GANGS], AREA_STOCKS[people:]
            )
    columns = [np.concatenate([part[i] for part in parts]) for i in range(6)]
    rows = len(columns[0])
    return {
        "draw": np.full(rows, draw, np.int32),
        "luck": np.full(rows, luck, np.int32),
        "start": columns[0],
        "end": columns[1],
        "area": columns[2],
        "gang": columns[3],
        "outcome": columns[4],
        "value": columns[5],
    }
