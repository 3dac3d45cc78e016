"""Regret, and what it is worth to settle a dispute.

A response is judged by its utility U(a, r, t): minus the weighted harm of arm *a* under reading *r* with the
parameters of draw *t*, **averaged over luck first**. No quantity here takes a best arm inside one history: nobody
chooses knowing what chance will bring.

Weights are assumptions and say so. Three sets of weights over outcomes and three over readings are published here and
shown together; none is the default.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from tregua.errors import Problem, ProblemList, UsageError
from tregua.runs.cube import Cube
from tregua.runs.disk import store_error

Array = np.ndarray[Any, np.dtype[Any]]

RESAMPLES = 400
"""Resamples of the draws behind a Monte-Carlo error."""

PERMUTATIONS = 200
"""Permutations of the readings behind the check that chance alone is worth nothing."""

_TOLERANCE = 1e-6


@dataclass(frozen=True)
class OutcomeWeights:
    """How much harm one unit of each outcome is, in deaths.

    Attributes
    ----------
    id, title_en, title_es : str
    meaning_en, meaning_es : str
        What is weighed, why so, and what is left out.
    weights : mapping
        Outcome -> deaths per unit of the outcome, above zero. Outcomes not named weigh nothing.
    """

    id: str
    title_en: str
    title_es: str
    meaning_en: str
    meaning_es: str
    weights: Mapping[str, float]


OUTCOME_PRESETS: dict[str, OutcomeWeights] = {
    preset.id: preset
    for preset in (
        OutcomeWeights(
            "deaths_only",
            "deaths only",
            "solo muertes",
            "Every killing and every death in custody counts one. Nothing else counts.",
            "Cada homicidio y cada muerte en custodia cuenta uno. Nada más cuenta.",
            {"homicides": 1.0, "deaths_in_custody": 1.0},
        ),
        OutcomeWeights(
            "deaths_and_rights",
            "deaths and rights",
            "muertes y derechos",
            "As deaths only. A person killed by state agents counts once more, because the state answers for it. Fifty "
            "years of wrongful detention, or fifty detained minors, count as one death: an assumption, since a killing "
            "takes about fifty years of life. Loss of monitoring and removal of genuine brokers have no such measure; "
            "they count through the deaths that follow.",
            "Como solo muertes. Una persona muerta por agentes del Estado cuenta otra vez, porque el Estado responde "
            "por ella. Cincuenta años de detención injusta, o cincuenta menores detenidos, cuentan como una muerte: es "
            "un supuesto, pues un homicidio quita unos cincuenta años de vida. La pérdida de vigilancia y la remoción "
            "de mediadores genuinos no tienen esa medida; cuentan por las muertes que siguen.",
            {
                "homicides": 1.0,
                "deaths_in_custody": 1.0,
                "deaths_by_state": 1.0,
                "detention_wrongful_years": 0.02,
                "minors_detained": 0.02,
            },
        ),
        OutcomeWeights(
            "residents",
            "what residents bear",
            "lo que soporta la población",
            "Deaths, wrongful detention and detained minors as above, killings by the state counted once, and what "
            "extortion costs residents and firms: US$ 670,000 count as one death. That rate is an assumption of the "
            "order at which the value of a statistical life is carried over by national income (Viscusi and Masterman "
            "2017). Votes and captured municipalities have no such measure and count nothing here.",
            "Muertes, detención injusta y menores detenidos como arriba, las muertes por el Estado una sola vez, y lo "
            "que la extorsión cuesta a residentes y empresas: 670 mil US$ cuentan como una muerte. Esa tasa es un "
            "supuesto, del orden con que se traslada el valor de una vida estadística según el ingreso nacional "
            "(Viscusi y Masterman 2017). Los votos y los municipios capturados no tienen esa medida y aquí no cuentan.",
            {
                "homicides": 1.0,
                "deaths_in_custody": 1.0,
                "detention_wrongful_years": 0.02,
                "minors_detained": 0.02,
                "extortion_paid": 1.0 / 670_000.0,
            },
        ),
    )
}
"""The three published sets of outcome weights; none is the default."""

PRICED = "detention_wrongful_years"
"""The outcome whose assumed price decides most: how far it could move is told beside every answer."""

BROKER_READINGS = ("brokers_genuine", "brokers_dual", "brokers_agents")
"""The readings that differ in what interlocutors are."""

READING_PRESETS: dict[str, tuple[float, float, float] | None] = {
    "equal": None,
    "civil_society": (0.9, 0.05, 0.05),
    "law_enforcement": (0.1, 0.2, 0.7),
}
"""Weights over readings: shares of `BROKER_READINGS` under each expert prior, None for equal weights.

A prior about interlocutors says something about the readings that differ in interlocutors and nothing about the
others. Under it those three share among themselves, in the proportions of the prior, the weight that they have
together under equal weights; every other reading keeps its own.
"""


def harms() -> dict[str, str]:
    """Direction of harm of every outcome: ``up``, ``down`` or ``none``."""
    from tregua.model.outcomes import OUTCOMES

    return {name: outcome.harm for name, outcome in OUTCOMES.items()}


def outcome_weights(
    weights: str | Mapping[str, float], *, harm: Mapping[str, str] | None = None, name: str = "own"
) -> OutcomeWeights:
    """A published set of outcome weights, or the user's own, checked.

    Parameters
    ----------
    weights : str or mapping
        Id of a preset; or outcome -> deaths per unit, at or above zero. An outcome of which less is worse
        (``harm`` "down") counts with the other sign.
    harm : mapping, optional
        Outcome -> direction of harm; that of the model by default.
    name : str
        Id of the user's own set.

    Raises
    ------
    UsageError
        E61: an unknown preset or outcome, a negative or infinite weight, an outcome without a direction of harm, no
        weight above zero. Every problem is told at once.
    """
    if isinstance(weights, str):
        if weights not in OUTCOME_PRESETS:
            raise _bad(
                "there is no such set of outcome weights", weights, ", ".join(OUTCOME_PRESETS), "outcome weights"
            )
        return OUTCOME_PRESETS[weights]
    direction = harms() if harm is None else harm
    problems = ProblemList()
    for outcome, weight in weights.items():
        key = f"outcome weight {outcome}"
        if outcome not in direction:
            near = difflib.get_close_matches(outcome, list(direction), 1)
            mend = f"did you mean {near[0]}?" if near else "correct or remove it"
            problems.add(_problem("there is no such outcome", outcome, ", ".join(direction), key, mend))
        elif direction[outcome] == "none":
            allowed = ", ".join(n for n, way in direction.items() if way != "none")
            problems.add(_problem("this outcome has no direction of harm and cannot be weighed", outcome, allowed, key))
        if not _number(weight) or weight < 0:
            problems.add(_problem("a weight is a number at or above zero", weight, "a number >= 0", key))
    if not problems.errors and not any(weights.values()):
        problems.add(
            _problem("at least one outcome must weigh something", "no weight above zero", "a number > 0", "weights")
        )
    problems.raise_errors(UsageError, "these outcome weights cannot be used")
    en, es = (
        ", ".join(_told(outcome, weight, words) for outcome, weight in weights.items())
        for words in ("weigh as one death", "pesan como una muerte")
    )
    return OutcomeWeights(name, "own weights", "pesos propios", en, es, dict(weights))


def _told(outcome: str, weight: float, words: str) -> str:
    """A weight; one under 1 also as how much of the outcome it holds equal to a death, so that a wrong unit shows."""
    from tregua.model.outcomes import OUTCOMES

    told = f"{outcome} {np.format_float_positional(weight, precision=4, fractional=False, trim='-')}"
    if not 0.0 < weight < 1.0:
        return told
    money = "US$ " if outcome in OUTCOMES and OUTCOMES[outcome].unit == "US$" else ""
    return f"{told} ({money}{1.0 / weight:,.0f} {words})"


def reading_weights(weights: str | Mapping[str, float], readings: Sequence[str]) -> dict[str, float]:
    """Weights over readings, from a preset or the user's own, checked.

    Parameters
    ----------
    weights : str or mapping
        ``equal``, ``civil_society`` or ``law_enforcement``; or reading -> weight. The user's own weights sum to 1;
        readings not named weigh nothing.
    readings : sequence of str
        Readings under which there are results.

    Returns
    -------
    dict
        Reading -> weight, in the order of `readings`, summing to 1.

    Raises
    ------
    UsageError
        E62: an unknown preset or reading, a negative weight, weights that do not sum to 1. Every problem is told.
    """
    if not readings:
        raise _bad("there are no readings to weigh", "none", "at least one reading", "reading weights", code="E62")
    if isinstance(weights, str):
        if weights not in READING_PRESETS:
            allowed = ", ".join(READING_PRESETS)
            raise _bad("there is no such set of reading weights", weights, allowed, "reading weights", code="E62")
        out = dict.fromkeys(readings, 1.0 / len(readings))
        shares = READING_PRESETS[weights]
        there = {r: s for r, s in zip(BROKER_READINGS, shares or (), strict=False) if r in out}
        mass = sum(out[r] for r in there)
        for reading, share in there.items():
            out[reading] = mass * share / sum(there.values())
        return out
    problems = ProblemList()
    for reading, weight in weights.items():
        key = f"reading weight {reading}"
        if reading not in readings:
            told = "there is no such reading among the results"
            problems.add(_problem(told, reading, ", ".join(readings), key, code="E62"))
        if not _number(weight) or weight < 0:
            problems.add(_problem("a weight is a number at or above zero", weight, "a number >= 0", key, code="E62"))
    if not problems.errors:
        total = math.fsum(weights.values())
        if abs(total - 1.0) > _TOLERANCE:
            mend = f"divide each by {total:g}" if total > 0 else "give at least one reading a weight"
            problems.add(
                _problem("the weights of the readings must sum to 1", f"{total:g}", "1", "reading weights", mend, "E62")
            )
    problems.raise_errors(UsageError, "these reading weights cannot be used")
    total = math.fsum(weights.values())
    return {reading: float(weights.get(reading, 0.0)) / total for reading in readings}


@dataclass(frozen=True)
class Utilities:
    """U(a, r, t), averaged over luck.

    Attributes
    ----------
    decision : str
    horizon : int
        Years.
    weights : OutcomeWeights
    readings, arms : tuple of str
        Arms are choosable ones only.
    draws : tuple of int
        Draws that every reading and arm has.
    values : array of float, shape (readings, arms, draws)
        Minus the weighted harm, in deaths: higher is better.
    """

    decision: str
    horizon: int
    weights: OutcomeWeights
    readings: tuple[str, ...]
    arms: tuple[str, ...]
    draws: tuple[int, ...]
    values: Array


def utilities(
    cube: Cube,
    weights: str | Mapping[str, float] | OutcomeWeights,
    horizon: int,
    *,
    records: Collection[str] = ("as_it_happened",),
    harm: Mapping[str, str] | None = None,
) -> Utilities:
    """Weigh the outcomes of every choosable arm and average over luck.

    Parameters
    ----------
    cube : Cube
        Without readings that need a refit.
    weights : str, mapping or OutcomeWeights
        As in `outcome_weights`.
    horizon : int
        Years.
    records : collection of str
        Arms that are shown and never ranked: they are left out.
    harm : mapping, optional
        Outcome -> direction of harm; that of the model by default.

    Raises
    ------
    UsageError
        E61: weights that cannot be used; E63: nothing to choose between.
    StoreError
        E56: no such horizon or outcome; E58: an arm without results under some reading, or an outcome that is not
        defined in every history.
    """
    direction = harms() if harm is None else harm
    chosen = weights if isinstance(weights, OutcomeWeights) else outcome_weights(weights, harm=direction)
    arms = [i for i, arm in enumerate(cube.arms) if arm not in records]
    if len(arms) < 2:
        told = "there is nothing to choose between"
        raise _bad(told, ", ".join(cube.arms), "at least two arms that can be chosen", "arms", code="E63")
    total = np.zeros((len(cube.readings), len(arms), len(cube.draws), len(cube.lucks)))
    there = np.ones(total.shape, dtype=bool)
    for outcome, weight in chosen.weights.items():
        if weight == 0:
            continue
        h, o = cube.at("horizon", horizon), cube.at("outcome", outcome)
        sign = -1.0 if direction[outcome] == "up" else 1.0
        total += sign * weight * cube.values[:, arms, h, o]
        there &= cube.there[:, arms, h, o]
    lost = np.stack([cube.lost(reading) for reading in cube.readings])
    bare = ~(there & ~lost[:, None]).any(axis=(2, 3))
    if bare.any():
        r, a = (int(i[0]) for i in np.nonzero(bare))
        raise _gap(cube, f"no results of {cube.arms[arms[a]]} under {cube.readings[r]}")
    # A history counts where every arm has it; a draw where every reading has one of its histories.
    whole = there.all(axis=1) & ~lost
    if (there.any(axis=1) & ~lost & ~whole).any():
        r, d, k = (int(i[0]) for i in np.nonzero(there.any(axis=1) & ~lost & ~whole))
        where = f"under {cube.readings[r]}, draw {cube.draws[d]}, luck {cube.lucks[k]}"
        raise _gap(cube, f"only some arms have results {where}")
    if np.isnan(np.where(whole[:, None], total, 0.0)).any():
        raise _gap(cube, "a weighted outcome is not defined in some history")
    common: Array = np.asarray(whole.any(axis=2).all(axis=0))
    if np.count_nonzero(common) < 2:
        raise _gap(cube, f"{np.count_nonzero(common)} draws that every reading and arm has")
    count = whole.sum(axis=2)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(whole[:, None], total, 0.0).sum(axis=3) / count
    return Utilities(
        decision=cube.decision,
        horizon=horizon,
        weights=chosen,
        readings=cube.readings,
        arms=tuple(cube.arms[i] for i in arms),
        draws=tuple(d for d, keep in zip(cube.draws, common, strict=True) if keep),
        values=np.ascontiguousarray(mean[:, :, common]),
    )


@dataclass(frozen=True)
class Expected:
    """Expected regret under one set of weights over readings.

    Attributes
    ----------
    id : str
        Preset, or name of the user's own weights.
    weights : mapping
        Reading -> weight.
    regret, mcse : array, shape (arms,)
        In deaths.
    best : str
        Arm with the smallest expected regret.
    steady : float
        Share of resamples of the draws in which it is the same arm.
    """

    id: str
    weights: Mapping[str, float]
    regret: Array
    mcse: Array
    best: str
    steady: float


@dataclass(frozen=True)
class Regret:
    """How much worse each arm is than the best one under each reading.

    Attributes
    ----------
    decision, horizon, outcome_weights
        What was weighed.
    arms, readings : tuple of str
    utility, mcse_utility : array, shape (arms, readings)
        E_t U(a, r, t) and its Monte-Carlo error, in deaths.
    regret, mcse : array, shape (arms, readings)
        max over b of E U(b, r) minus E U(a, r), and its error.
    worst, mcse_worst : array, shape (arms,)
        Largest regret over the readings.
    worst_under : tuple of str
        Reading of the largest regret of each arm.
    minimax : str
        Arm with the smallest worst regret.
    steady : float
        Share of resamples of the draws in which it is the same arm.
    expected : dict
        Id of reading weights -> `Expected`.
    draws : int
        Draws behind the means.
    """

    decision: str
    horizon: int
    outcome_weights: OutcomeWeights
    arms: tuple[str, ...]
    readings: tuple[str, ...]
    utility: Array
    mcse_utility: Array
    regret: Array
    mcse: Array
    worst: Array
    mcse_worst: Array
    worst_under: tuple[str, ...]
    minimax: str
    steady: float
    expected: dict[str, Expected]
    draws: int

    def rows(self) -> list[dict[str, Any]]:
        """One row an arm and reading: arm, reading, weights (id of the outcome weights), horizon, decision, utility,
        regret, mcse, worst (True for the arm's worst reading)."""
        return [
            {
                "decision": self.decision,
                "horizon": self.horizon,
                "weights": self.outcome_weights.id,
                "arm": arm,
                "reading": reading,
                "utility": float(self.utility[a, r]),
                "regret": float(self.regret[a, r]),
                "mcse": float(self.mcse[a, r]),
                "worst": reading == self.worst_under[a],
            }
            for a, arm in enumerate(self.arms)
            for r, reading in enumerate(self.readings)
        ]


def regret(
    u: Utilities,
    readings: Mapping[str, str | Mapping[str, float]] | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Regret:
    """Regret of every arm under every reading, at worst and on average.

    Parameters
    ----------
    u : Utilities
    readings : mapping, optional
        Name -> weights over readings as `reading_weights` takes them; the three presets by default. Give the user's
        own beside them: ``{**{p: p for p in READING_PRESETS}, "own": {...}}``.
    resamples, seed : int
        Resamples of the draws for the Monte-Carlo errors, and their key.

    Raises
    ------
    UsageError
        E62: weights that cannot be used.
    """
    asked = {name: name for name in READING_PRESETS} if readings is None else readings
    weights = {name: reading_weights(given, u.readings) for name, given in asked.items()}
    mean = u.values.mean(axis=2).T
    means = _resampled(u.values, resamples, seed).transpose(0, 2, 1)
    loss, losses = _regret(mean), _regret(means)
    worst, worsts = loss.max(axis=1), losses.max(axis=2)
    best = int(worst.argmin())
    expected = {}
    for name, given in weights.items():
        w = np.array(list(given.values()))
        on_average, averages = loss @ w, losses @ w
        first = int(on_average.argmin())
        expected[name] = Expected(
            id=name,
            weights=given,
            regret=on_average,
            mcse=averages.std(axis=0, ddof=1),
            best=u.arms[first],
            steady=float((averages.argmin(axis=1) == first).mean()),
        )
    return Regret(
        decision=u.decision,
        horizon=u.horizon,
        outcome_weights=u.weights,
        arms=u.arms,
        readings=u.readings,
        utility=mean,
        mcse_utility=u.values.std(axis=2, ddof=1).T / math.sqrt(len(u.draws)),
        regret=loss,
        mcse=losses.std(axis=0, ddof=1),
        worst=worst,
        mcse_worst=worsts.std(axis=0, ddof=1),
        worst_under=tuple(u.readings[int(r)] for r in loss.argmax(axis=1)),
        minimax=u.arms[best],
        steady=float((worsts.argmin(axis=1) == best).mean()),
        expected=expected,
        draws=len(u.draws),
    )


@dataclass(frozen=True)
class Switch:
    """A weight at which two arms have the same worst regret, its Monte-Carlo error, and the arm beyond it."""

    weight: float
    mcse: float
    arm: str

    @property
    def units(self) -> tuple[float, float]:
        """How many units of the outcome count as one death at that weight, and the error of that number."""
        return 1.0 / self.weight, self.mcse / self.weight**2


@dataclass(frozen=True)
class BreakEven:
    """How far the price of one outcome can move before another arm has the smallest worst regret.

    Attributes
    ----------
    outcome : str
    weight : float
        Its weight as given, in deaths per unit; 0 where it is not weighed.
    least : str
        Arm with the smallest worst regret at that weight.
    dearer, cheaper : Switch or None
        The nearest weight above, and below, at which another arm takes its place; None where none does.
    """

    outcome: str
    weight: float
    least: str
    dearer: Switch | None
    cheaper: Switch | None


FINE, COARSE = 1e-4, 1.02
"""Smallest price tried, as a part of the largest or of the given one, and the factor between one price and the next."""


def break_even(
    cube: Cube,
    weights: str | Mapping[str, float] | OutcomeWeights,
    outcome: str,
    horizon: int,
    *,
    records: Collection[str] = ("as_it_happened",),
    most: float = 1.0,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> BreakEven:
    """At which price of one outcome another arm would have the smallest worst regret; the other weights stay.

    Utility is linear in a weight, so that means are taken once and the price alone moves: in small steps until the
    answer is another, then by halving.

    Parameters
    ----------
    cube, weights, horizon, records
        As in `utilities`.
    outcome : str
        The outcome whose weight moves.
    most : float
        Largest weight tried, in deaths per unit; a weight as large is not raised.
    resamples, seed : int
        Resamples of the draws for the errors, and their key.
    """
    given = weights if isinstance(weights, OutcomeWeights) else outcome_weights(weights)
    at_one, at_two = (
        utilities(cube, replace(given, weights={**given.weights, outcome: price}), horizon, records=records)
        for price in (1.0, 2.0)
    )
    each = at_two.values - at_one.values
    parts = (at_one.values - each, each)
    means = [part.mean(axis=2).T for part in parts]
    weight = float(given.weights.get(outcome, 0.0))

    def worst(price: float, found: Sequence[Array]) -> Array:
        return np.asarray(_regret(found[0] + price * found[1]).max(axis=-1))

    def best(price: float) -> int:
        return int(worst(price, means).argmin())

    least = best(weight)

    def switch(prices: Sequence[float]) -> Switch | None:
        near = weight
        for far in prices:
            if best(far) != least:
                break
            near = far
        else:
            return None
        for _ in range(40):
            middle = 0.5 * (near + far)
            near, far = (middle, far) if best(middle) == least else (near, middle)
        arm = best(far)

        def gap(price: float, found: Sequence[Array]) -> Array:
            told = worst(price, found)
            return np.asarray(told[..., arm] - told[..., least])

        step = 1e-3 * far
        rise = float(gap(far + step, means) - gap(far - step, means)) / (2 * step)
        again = [_resampled(part, resamples, seed).transpose(0, 2, 1) for part in parts]
        error = float(gap(far, again).std(ddof=1)) / abs(rise) if rise else math.inf
        return Switch(far, error, at_one.arms[arm])

    up = _ladder(max(weight, FINE * most), most) if weight < most else []
    # down to no price at all nothing is left to weigh where no other outcome is weighed
    down = _ladder(FINE * weight, weight)[::-1] if weight else []
    return BreakEven(outcome, weight, at_one.arms[least], switch(up), switch(down))


def _ladder(low: float, high: float) -> list[float]:
    """Prices from one to the other, each `COARSE` times the one before."""
    return [*np.geomspace(low, high, 1 + math.ceil(math.log(high / low) / math.log(COARSE))).tolist()]


def least_worst(u: Utilities) -> str:
    """The arm with the smallest worst regret."""
    return u.arms[int(_regret(u.values.mean(axis=2).T).max(axis=1).argmin())]


@dataclass(frozen=True)
class Value:
    """What it is worth to settle which of several groups of readings holds.

    Attributes
    ----------
    question : tuple of str
        Names of the groups.
    weights : mapping
        Reading -> weight.
    value : float
        E_X[max_a E(U(a) | X)] - max_a E(U(a)), in deaths: the expected regret that settling it avoids.
    mcse, q05, q95 : float
        Monte-Carlo error, and ends of the values over resamples of the draws.
    permuted, permuted_error : float
        The same after the readings were shuffled inside each draw, so that they tell nothing: mean and standard
        deviation over the shuffles. It is what choosing with hindsight looks like with these draws, and must be zero
        within the error of the value.
    choice : str
        Best arm if nothing is settled.
    choices : mapping
        Group -> best arm once it is known to hold.
    """

    question: tuple[str, ...]
    weights: Mapping[str, float]
    value: float
    mcse: float
    q05: float
    q95: float
    permuted: float
    permuted_error: float
    choice: str
    choices: Mapping[str, str]

    @property
    def passes(self) -> bool:
        """True where shuffled readings are worth nothing within two errors; where not, more draws are needed."""
        return self.permuted <= 2 * self.mcse + 1e-9

    @property
    def clear(self) -> bool:
        """True where settling it is worth more than hindsight with shuffled readings, beyond two errors of either."""
        return self.value - self.permuted > 2 * max(self.mcse, self.permuted_error) and bool(self.switches)

    @property
    def switches(self) -> dict[str, str]:
        """Groups under which another arm would be chosen, with that arm."""
        return {group: arm for group, arm in self.choices.items() if arm != self.choice}


def value_of_readings(
    u: Utilities,
    weights: str | Mapping[str, float],
    groups: Mapping[str, Sequence[str]] | None = None,
    *,
    resamples: int = RESAMPLES,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
    repeats: Repeats | None = None,
) -> Value:
    """Value of settling which reading, or which group of readings, holds.

    Parameters
    ----------
    u : Utilities
    weights : str or mapping
        As in `reading_weights`.
    groups : mapping, optional
        Name -> readings. Together they hold every reading that weighs something, each once. One group a reading by
        default: everything is settled.
    resamples, permutations, seed : int
        For the Monte-Carlo error, for the check, and their key.
    repeats : Repeats, optional
        Made of `u` with other numbers of them: what many questions about the same runs share.

    Raises
    ------
    UsageError
        E62: weights that cannot be used, or groups that leave out or repeat a reading.
    """
    given = reading_weights(weights, u.readings)
    named = (
        {r: (r,) for r in u.readings if given[r] > 0} if groups is None else {k: tuple(v) for k, v in groups.items()}
    )
    _check_groups(named, given)
    named = {name: members for name, members in named.items() if any(given[r] > 0 for r in members)}
    # Weights of the readings inside each group, not normalised: a row sums to the chance of its group.
    w = np.zeros((len(named), len(u.readings)))
    for g, members in enumerate(named.values()):
        for reading in members:
            w[g, u.readings.index(reading)] = given[reading]
    by_group = w @ u.values.mean(axis=2)
    made = repeats if repeats is not None else Repeats(u, resamples, permutations, seed)
    values = _settled(w @ made.resampled)
    weighing = tuple(np.flatnonzero(w.sum(axis=0) > 0).tolist())
    shuffled = _settled(w[:, weighing] @ made.shuffled(weighing))
    return Value(
        question=tuple(named),
        weights=given,
        value=float(_settled(by_group)),
        mcse=float(values.std(ddof=1)),
        q05=float(np.quantile(values, 0.05)),
        q95=float(np.quantile(values, 0.95)),
        permuted=float(shuffled.mean()),
        permuted_error=float(shuffled.std(ddof=1)),
        choice=u.arms[int(by_group.sum(axis=0).argmax())],
        choices={name: u.arms[int(by_group[g].argmax())] for g, name in enumerate(named)},
    )


def value_of_each_reading(
    u: Utilities, weights: str | Mapping[str, float], *, repeats: Repeats | None = None, **settings: int
) -> dict[str, Value]:
    """Value of settling, for each reading alone, whether it holds; the most valuable first.

    Parameters
    ----------
    u, weights
        As in `value_of_readings`.
    repeats : Repeats, optional
        As in `value_of_readings`.
    **settings : int
        `resamples`, `permutations`, `seed`.
    """
    given = reading_weights(weights, u.readings)
    weighing = [reading for reading, weight in given.items() if weight > 0]
    repeats = repeats if repeats is not None else Repeats(u, **settings)
    out = {}
    for reading in weighing:
        others = [other for other in weighing if other != reading]
        if others:
            groups = {reading: [reading], f"not {reading}": others}
            out[reading] = value_of_readings(u, weights, groups, repeats=repeats)
    return dict(sorted(out.items(), key=lambda item: -item[1].value))


def _regret(mean: Array) -> Array:
    """Regret from mean utilities, shape (..., arms, readings)."""
    return np.asarray(mean.max(axis=-2, keepdims=True) - mean)


class Repeats:
    """Means over resampled draws and over shuffled readings: the same for every question about the same runs.

    Parameters
    ----------
    u : Utilities
    resamples, permutations, seed : int
    """

    def __init__(
        self, u: Utilities, resamples: int = RESAMPLES, permutations: int = PERMUTATIONS, seed: int = 0
    ) -> None:
        self._values = u.values
        self._resamples, self._permutations, self._seed = resamples, permutations, seed
        self._shuffled: dict[tuple[int, ...], Array] = {}

    @cached_property
    def resampled(self) -> Array:
        """Shape (resamples, readings, arms)."""
        return _resampled(self._values, self._resamples, self._seed)

    def shuffled(self, weighing: tuple[int, ...]) -> Array:
        """Readings that weigh something, shuffled inside each draw; shape (permutations, readings that weigh, arms)."""
        if weighing not in self._shuffled:
            rng = _key(self._seed, 1)
            part = self._values[list(weighing)]
            made = np.empty((self._permutations, *part.shape[:2]))
            for i in range(self._permutations):
                order = rng.random((len(weighing), 1, part.shape[2])).argsort(axis=0)
                made[i] = np.take_along_axis(part, order, axis=0).mean(axis=2)
            self._shuffled[weighing] = made
        return self._shuffled[weighing]


def _resampled(values: Array, resamples: int, seed: int) -> Array:
    """Means over resampled draws, shape (resamples, readings, arms); every arm and reading sees the same draws."""
    draws = values.shape[2]
    counts = _key(seed, 0).multinomial(draws, np.full(draws, 1.0 / draws), size=resamples)
    flat = values.reshape(-1, draws)
    return np.asarray((counts @ flat.T / draws).reshape(resamples, *values.shape[:2]))


def _settled(by_group: Array) -> Array:
    """Gain of choosing group by group over choosing once, shape (..., groups, arms) to (...)."""
    return np.asarray(by_group.max(axis=-1).sum(axis=-1) - by_group.sum(axis=-2).max(axis=-1))


def _key(seed: int, use: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=[seed, use]))


def _check_groups(groups: Mapping[str, Sequence[str]], given: Mapping[str, float]) -> None:
    listed = [reading for members in groups.values() for reading in members]
    problems = ProblemList()
    for name, members in groups.items():
        for reading in members:
            if reading not in given:
                told = "there is no such reading among the results"
                problems.add(_problem(told, reading, ", ".join(given), f"group {name}", code="E62"))
            elif listed.count(reading) > 1:
                told = "a reading stands in one group only"
                problems.add(_problem(told, reading, "each reading once", f"group {name}", code="E62"))
    left = [reading for reading, weight in given.items() if weight > 0 and reading not in listed]
    if left:
        told = "the groups leave out a reading that weighs something"
        problems.add(_problem(told, ", ".join(left), "every reading with a weight", "groups", code="E62"))
    problems.raise_errors(UsageError, "these groups of readings cannot be used")


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _problem(
    message: str, found: object, allowed: str, key: str, mend: str = "correct or remove it", code: str = "E61"
) -> Problem:
    return Problem(code, message, key=key, found=str(found), allowed=allowed, mend=mend)


def _bad(message: str, found: object, allowed: str, key: str, code: str = "E61") -> UsageError:
    return UsageError(message, problems=(_problem(message, found, allowed, key, "choose one of these", code),))


def _gap(cube: Cube, found: str) -> Exception:
    return store_error(
        "E58",
        "regret needs every choosable arm under every reading, on the same draws",
        f"decision {cube.decision}",
        found,
        "results of every arm under every reading",
        "run the comparison again for what is missing, or leave that arm or reading out",
    )
