"""The model for other people's tools: a plain function of its parameters, and problems built from the declarations.

``simulate(theta)`` runs one response and the reference with the same luck and returns what the response changes.
`salib_problem` and `ema_model` describe the same function to SALib and to the EMA Workbench; neither is needed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.errors import UsageError, optional
from tregua.explore.experiment import Experiment, at_horizons
from tregua.explore.uncertainty import DEFAULT_SEED
from tregua.model import draws as keyed
from tregua.model.declare import PARAMETERS
from tregua.model.outcomes import FLOWS, PATHS, STOCKS
from tregua.model.parameter import Parameter, check_values, draw_priors
from tregua.model.policies import REFERENCE_ARM
from tregua.model.simulate import Course, Simulator

if TYPE_CHECKING:
    from tregua.case.load import Case

Array = np.ndarray[Any, np.dtype[Any]]

READ: tuple[str, ...] = (*FLOWS, *STOCKS, *PATHS)
"""Outcomes of `simulate`, in order."""

GRID = 4096
"""Prior draws behind the quantiles of a prior."""


@dataclass(frozen=True)
class Paired:
    """One response held against the reference at one decision, as a function of the parameters.

    Attributes
    ----------
    experiment : Experiment
        Case, kernel, seed, step and overrides; its draws and luck are not used.
    decision, arm, reading : str
    horizon : int
        Years.
    """

    experiment: Experiment
    decision: str
    arm: str
    reading: str = "default"
    horizon: int = 5

    def __post_init__(self) -> None:
        case = self.experiment.case
        for key, found, known in (
            ("decision", self.decision, tuple(case.decisions)),
            ("reading", self.reading, tuple(self.experiment.runnable())),
        ):
            if found not in known:
                raise UsageError(
                    f"no such {key}", key=key, found=found, allowed=", ".join(known), mend="use one of those listed"
                )
        point = case.decisions[self.decision]
        if self.arm not in point.arms:
            raise UsageError(
                "no such response",
                key="arm",
                found=self.arm,
                allowed=", ".join(point.arms),
                mend="use one of those listed",
            )
        if self.horizon not in point.horizons:
            raise UsageError(
                "the run is not read at this horizon", key="horizon", found=self.horizon,
                allowed=", ".join(str(h) for h in point.horizons), mend="choose one of these",
            )  # fmt: skip

    @cached_property
    def _simulator(self) -> Simulator:
        return Simulator(self.experiment.case.world, setup_seed=0, kernel=self.experiment.engine)

    @cached_property
    def _cuts(self) -> tuple[float, ...]:
        """The decision and all its horizons: a run that ended at an earlier one would cut its last step short."""
        from datetime import timedelta

        from tregua.explore.experiment import anniversary

        case = self.experiment.case
        point = case.decisions[self.decision]
        day = case.start + timedelta(days=point.day)
        ends = [float((anniversary(day, years) - case.start).days) for years in point.horizons]
        return (float(point.day), *ends)

    @cached_property
    def _courses(self) -> tuple[Course, Course, Course]:
        """The past, the response and the reference."""
        case = self.experiment.case
        point, rule = case.decisions[self.decision], case.readings[self.reading]
        breaks = tuple(sorted(float(d.day) for d in case.decisions.values()))
        history = rule.apply(case.history)
        begin, end = self._cuts[0], self._cuts[-1]
        step = self.experiment.step
        past = self._simulator.course(
            history, 0.0, begin, step=step, breaks=breaks, return_contact=history.at("contact", 0)
        )
        ways = [
            self._simulator.course(
                rule.apply(point.timeline(point.arms[name], case.history)), begin, end, step=step, breaks=breaks,
                return_contact=point.return_contact,
            )
            for name in (self.arm, REFERENCE_ARM)
        ]  # fmt: skip
        return past, ways[0], ways[1]

    def values(self, theta: Mapping[str, float]) -> dict[str, float]:
        """Every parameter: defaults, the case's own, `theta`, the experiment's, then the reading.

        Raises
        ------
        ModelError
            An unknown parameter, or a value outside its bounds.
        """
        parameters = self.experiment.parameters
        check_values(theta, parameters)
        values = {name: p.default for name, p in parameters.items()}
        values.update(self.experiment.case.parameter_overrides)
        values.update(theta)
        values.update(self.experiment.overrides)
        return self.experiment.case.readings[self.reading].overlay(values)

    def run(self, theta: Mapping[str, float], luck: int = 0) -> Array:
        """Outcomes of the response and of the reference with the same luck; shape (2, outcomes of `READ`)."""
        past, response, reference = self._courses
        case = self.experiment.case
        history = case.readings[self.reading].apply(case.history)
        key = keyed.history_key(self.experiment.seed, 0, luck)
        simulator = self._simulator
        since, th = simulator.start(self.values(theta), history, key)
        stopped = simulator.follow(th, since, past).end
        cuts = self._cuts
        place = case.decisions[self.decision].horizons.index(self.horizon)
        return np.stack(
            [at_horizons(simulator.follow(th, stopped, way, cuts=cuts), cuts)[place] for way in (response, reference)]
        )

    def contrast(self, theta: Mapping[str, float], luck: int = 0) -> Array:
        """What the response changes; shape (outcomes of `READ`,)."""
        both = self.run(theta, luck)
        return np.asarray(both[0] - both[1])

    def contrasts(self, thetas: Sequence[Mapping[str, float]], lucks: Sequence[int], threads: int = 2) -> Array:
        """Many contrasts on several threads; shape (thetas, outcomes of `READ`). The same digits on any number."""
        self._courses  # noqa: B018  made once, before the threads ask for it
        with ThreadPoolExecutor(max(1, threads)) as pool:
            return np.stack(list(pool.map(self.contrast, thetas, lucks)))


def simulate(
    theta: Mapping[str, float] | None = None,
    *,
    case: str = "el_salvador_2012",
    decision: str = "2012",
    arm: str = "open_truce",
    reading: str = "default",
    horizon: int = 5,
    luck: int = 1,
    seed: int = DEFAULT_SEED,
) -> dict[str, float]:
    """What a response changes against no truce: a plain function of the parameters.

    Parameters
    ----------
    theta : mapping, optional
        Parameter -> value, in its unit and bounds (`tregua.PARAMETERS`); the others stand at their default.
    case : str
        A bundled case, or a folder.
    decision, arm, reading : str
    horizon : int
        Years after the decision.
    luck : int
        Replicates of chance to average over, >= 1; the same for every `theta`.
    seed : int

    Returns
    -------
    dict
        Outcome -> difference from the reference, mean over luck, in the unit of the outcome; NaN where it is not
        defined. For the reference itself: the levels.

    Raises
    ------
    UsageError, ModelError
        An unknown id, a value outside its bounds.

    Examples
    --------
    >>> simulate({"legal_shield": 0.1}, arm="open_truce")["homicides"]  # doctest: +SKIP
    """
    if luck < 1:
        raise UsageError("luck asks for nothing", key="luck", found=luck, allowed="1 or more", mend="ask for some")
    model = _paired(case, decision, arm, reading, horizon, seed)
    told = [model.run(theta or {}, k) for k in range(luck)]
    change = np.mean([both[0] if arm == REFERENCE_ARM else both[0] - both[1] for both in told], axis=0)
    return dict(zip(READ, change.tolist(), strict=True))


@lru_cache(maxsize=8)
def _paired(case: str, decision: str, arm: str, reading: str, horizon: int, seed: int) -> Paired:
    from tregua.case.load import load_case

    loaded: Case = load_case(case)
    return Paired(Experiment(loaded, seed=seed), decision, arm, reading, horizon)


def core(parameters: Mapping[str, Parameter] = PARAMETERS) -> tuple[str, ...]:
    """Parameters of the core tier that are drawn by themselves: those that the joint fit does not hold."""
    return tuple(n for n, p in parameters.items() if p.role == "varied" and p.tier == "core" and _alone(p))


def untestable(parameters: Mapping[str, Parameter] = PARAMETERS) -> tuple[str, ...]:
    """Parameters drawn by themselves that no figure identifies."""
    return tuple(n for n, p in parameters.items() if p.role == "varied" and p.identifiable == "no" and _alone(p))


def _alone(parameter: Parameter) -> bool:
    return not parameter.prior.startswith("Dirichlet")


def prior_quantiles(parameters: Mapping[str, Parameter], names: Sequence[str], levels: Array) -> Array:
    """Quantiles of priors inside their bounds, from `GRID` prior draws.

    Parameters
    ----------
    parameters : mapping
    names : sequence of str
    levels : array in 0..1, shape (n, names)

    Returns
    -------
    array, shape (n, names)
    """
    drawn = draw_priors([parameters[n] for n in names], GRID, DEFAULT_SEED)
    return np.column_stack([np.quantile(drawn[n], levels[:, i]) for i, n in enumerate(names)])


def salib_problem(
    names: Sequence[str] | None = None, parameters: Mapping[str, Parameter] = PARAMETERS
) -> dict[str, Any]:
    """A SALib problem over parameters of the core tier: each as the level of its prior, between 0 and 1.

    Turn a sample into parameters with `prior_quantiles`, and rows of it into outcomes with `simulate`.
    """
    chosen = tuple(names) if names is not None else core(parameters)
    return {"num_vars": len(chosen), "names": list(chosen), "bounds": [[0.0, 1.0]] * len(chosen)}


def ema_model(
    names: Sequence[str] | None = None, outcomes: Sequence[str] = ("homicides", "deaths_by_state", "arrests_wrongful"),
    **settings: Any,
) -> Any:  # fmt: skip
    """An EMA Workbench model: uncertainties with the bounds of the declarations, outcomes as differences from no truce.

    Parameters
    ----------
    names : sequence of str, optional
        Parameters; the core tier by default.
    outcomes : sequence of str
        Deaths never without rights.
    **settings : object
        As `simulate` takes them.

    Raises
    ------
    UsageError
        The EMA Workbench is not installed.
    """
    workbench = optional("ema_workbench", "explore", "a model of the EMA Workbench")

    def function(**theta: float) -> dict[str, float]:
        found = simulate(theta, **settings)
        return {name: found[name] for name in outcomes}

    model = workbench.Model("tregua", function=function)
    chosen = tuple(names) if names is not None else core()
    model.uncertainties = [workbench.RealParameter(n, PARAMETERS[n].lower, PARAMETERS[n].upper) for n in chosen]
    model.outcomes = [workbench.ScalarOutcome(name) for name in outcomes]
    return model
