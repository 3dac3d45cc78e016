"""What is worth finding out: how much expected regret it would save to settle a dispute before choosing.

Readings are settled exactly (`tregua.explore.regret.value_of_readings`). A parameter is settled by regressing the
paired outcomes of all draws on it, which needs no new run (Strong, Oakley and Brennan, *Medical Decision Making* 34,
2014): the fitted values are what one would expect of each response if the parameter were known. Errors come from
resampling the draws; the check is the same calculation with the parameter shuffled, which tells nothing and must be
worth nothing.

A claim has the value of what it bears on. One that bears on no reading and no parameter is not expressed in this
model; one about a person is not evaluated, whatever it bears on, and gets no number in any form.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from tregua.errors import UsageError
from tregua.explore.regret import (
    BROKER_READINGS,
    PERMUTATIONS,
    RESAMPLES,
    Repeats,
    Utilities,
    Value,
    reading_weights,
    value_of_each_reading,
    value_of_readings,
)

if TYPE_CHECKING:
    from tregua.explore.experiment import Experiment
    from tregua.ledger.ledger import Ledger
    from tregua.model.parameter import Parameter

EVERY = "*"
"""Target of a claim that bears on every reading alike and so settles none."""

Array = np.ndarray[Any, np.dtype[Any]]

LEAST_DRAWS = 20
"""Below this number of draws nothing is regressed."""

KNOTS = 7
"""Knots of the spline of one parameter; fewer where it takes fewer values."""

_PENALTIES = np.concatenate([10.0 ** np.arange(-8.0, 6.5, 0.5), [1e12]])
"""Weights on wiggliness that are tried; the last one leaves a straight line."""

ABOVE, BELOW, SOME = "above its median", "below its median", "some values"

NOT_EXPRESSED = "not_expressed"
NOT_ASKED = "not_asked"
CONCERNS_PERSON = "concerns_person"
EVALUATED = "evaluated"


@dataclass(frozen=True)
class Noise:
    """Error rates of an inquiry into a question with two answers.

    Attributes
    ----------
    false_yes : float
        Chance that it says yes where the answer is no, 0..1.
    false_no : float
        Chance that it says no where the answer is yes, 0..1.
    """

    false_yes: float
    false_no: float

    def __post_init__(self) -> None:
        for name, rate in (("false_yes", self.false_yes), ("false_no", self.false_no)):
            if not (math.isfinite(rate) and 0.0 <= rate <= 1.0):
                raise UsageError(
                    "an error rate is not a chance",
                    key=f"--noise, {name}",
                    found=rate,
                    allowed="0 to 1",
                    mend="write it like 0.1",
                )


@dataclass(frozen=True)
class Item:
    """One dispute and what it is worth to settle it.

    Attributes
    ----------
    kind : {"reading", "group", "parameter"}
    id : str
    value : Value
        In deaths, under one set of weights over outcomes and one over readings.
    noisy : float or None
        The same for an inquiry with the error rates given; None where none were given or the question has more than
        two answers.
    lead : float
        Expected lead of the response chosen now over the next one, in deaths.
    left : float
        The least that is left of this lead whatever the answer; below zero where some answer moves the choice.
    errors : float
        Errors beyond which the value counts: two, and more where many parameters are tried one after another.
    lead_error : float
        Monte-Carlo error of the lead and of what is left of it, the larger one; 0 for a parameter: not known there.
    """

    kind: Literal["reading", "group", "parameter"]
    id: str
    value: Value
    noisy: float | None
    lead: float
    left: float
    errors: float = 2.0
    lead_error: float = 0.0

    @property
    def matters(self) -> bool:
        """True where it is worth more than hindsight, beyond errors; otherwise nothing would change."""
        gain, error = self.value.value - self.value.permuted, max(self.value.mcse, self.value.permuted_error)
        return gain > self.errors * error and bool(self.value.switches)


@dataclass(frozen=True)
class ClaimValue:
    """A claim of the ledger, and the dispute whose value it has.

    Attributes
    ----------
    claim : str
    status : {"evaluated", "not_expressed", "not_asked", "concerns_person"}
        ``not_asked``: it bears on a reading or parameter that was not compared here.
        Without ``evaluated`` there is no item, no value and no place in any ranking.
    item : Item or None
        The most valuable reading or parameter that it bears on.
    """

    claim: str
    status: str
    item: Item | None = None


@dataclass(frozen=True)
class Curve:
    """A penalised natural cubic spline on one or more inputs, fitted to several outputs at once.

    Attributes
    ----------
    fitted : array, shape (n, outputs)
    basis : array, shape (n, terms)
    penalty : array, shape (terms, terms)
    weight : array, shape (outputs,)
        Weight on wiggliness chosen for each output by generalised cross-validation.
    """

    fitted: Array
    basis: Array
    penalty: Array
    weight: Array


def regress(x: Array, y: Array) -> Curve:
    """Fit outputs on inputs, additively over the inputs, as wiggly as cross-validation supports.

    Parameters
    ----------
    x : array, shape (n,) or (n, inputs)
    y : array, shape (n, outputs)
    """
    columns = np.asarray(x, float).reshape(len(y), -1)
    basis, penalty = _basis(columns)
    coefficients, weight = _solve(basis, penalty, np.asarray(y, float))
    return Curve(basis @ coefficients, basis, penalty, weight)


def value_of_parameters(
    u: Utilities,
    x: Array,
    names: Sequence[str],
    weights: str | Mapping[str, float],
    *,
    noise: Noise | None = None,
    resamples: int = RESAMPLES,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> dict[str, Item]:
    """Value of settling each parameter alone, readings staying as uncertain as they are.

    Parameters
    ----------
    u : Utilities
    x : array, shape (draws, parameters)
        Values of the draws of `u`, in its order.
    names : sequence of str
    weights : str or mapping
        Over readings, as `tregua.explore.regret.reading_weights` takes them.
    noise : Noise, optional
        Error rates of an inquiry into whether the parameter lies above its median.
    resamples, permutations, seed : int
        For the Monte-Carlo error, for the check, and their key.

    Returns
    -------
    dict
        Name -> `Item`, the most valuable first. A parameter that does not vary is absent.

    Raises
    ------
    UsageError
        E62: weights that cannot be used; E65: too few draws to regress on.
    """
    given = reading_weights(weights, u.readings)
    if len(u.draws) < LEAST_DRAWS:
        raise UsageError(
            "there are too few draws to say what a parameter is worth",
            key="--draws",
            found=len(u.draws),
            allowed=f"{LEAST_DRAWS} or more",
            mend="ask for more draws; what is stored is kept",
        )
    y = np.einsum("r,rad->da", np.array(list(given.values())), u.values)
    now = int(y.mean(axis=0).argmax())
    paired = y - y[:, now : now + 1]
    out = {}
    # The largest of m values that are worth nothing lies about sqrt(2 log m) errors above zero.
    errors = max(2.0, math.sqrt(2.0 * math.log(max(1, len(names)))))
    for i, name in enumerate(names):
        if np.ptp(x[:, i]) > 0:
            rng = np.random.Generator(np.random.Philox(key=[seed, i]))
            out[name] = _item(u, given, name, x[:, i], paired, now, noise, resamples, permutations, errors, rng)
    return dict(sorted(out.items(), key=lambda pair: -pair[1].value.value))


def value_of_evidence(
    u: Utilities,
    weights: str | Mapping[str, float],
    *,
    groups: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    noise: Noise | None = None,
    resamples: int = RESAMPLES,
    permutations: int = PERMUTATIONS,
    repeats: Repeats | None = None,
) -> dict[str, Item]:
    """Value of settling each reading, and each question with several answers, exactly.

    Parameters
    ----------
    u : Utilities
    weights : str or mapping
        Over readings.
    groups : mapping, optional
        Question -> answer -> readings; readings not named form an answer of their own.
    noise : Noise, optional
        Error rates of an inquiry into whether a reading holds.
    resamples, permutations : int
    repeats : Repeats, optional
        Made of `u`: shared by those who ask under several weights.

    Returns
    -------
    dict
        Id -> `Item`, the most valuable first.
    """
    given = reading_weights(weights, u.readings)
    w = np.array(list(given.values()))
    mean = u.values.mean(axis=2)
    overall = w @ mean
    now = int(overall.argmax())
    lead = _kept(overall, now)
    made = repeats if repeats is not None else Repeats(u, resamples, permutations)
    out: dict[str, Item] = {}
    for reading, value in value_of_each_reading(u, weights, repeats=made).items():
        yes = np.array([name == reading for name in u.readings])
        by_answer = np.stack([(w * yes) @ mean, (w * ~yes) @ mean])
        noisy = None if noise is None else noisy_value(by_answer, np.array([w[yes].sum(), w[~yes].sum()]), noise)
        error = _lead_error(u, w, (yes, ~yes), now)
        out[reading] = Item("reading", reading, value, noisy, lead, _left(w, mean, yes, now), lead_error=error)
    for question, answers in (groups or {}).items():
        named = {answer: [r for r in members if r in given] for answer, members in answers.items()}
        rest = [r for r in u.readings if all(r not in members for members in named.values())]
        if rest:
            named["other"] = rest
        named = {answer: members for answer, members in named.items() if members}
        weighing = [answer for answer, members in named.items() if any(given[r] > 0 for r in members)]
        if len(weighing) > 1:
            value = value_of_readings(u, weights, named, repeats=made)
            sides = [np.array([r in members for r in u.readings]) for members in named.values()]
            left = min(_kept((w * side) @ mean / w[side].sum(), now) for side in sides if w[side].sum() > 0)
            error = _lead_error(u, w, sides, now)
            out[question] = Item("group", question, value, None, lead, left, lead_error=error)
    return dict(sorted(out.items(), key=lambda pair: -pair[1].value.value))


def noisy_value(by_answer: Array, chance: Array, noise: Noise) -> float:
    """Value of an inquiry with stated error rates into a question with two answers.

    Parameters
    ----------
    by_answer : array, shape (2, arms)
        Expected utility where the answer is yes, and where it is no, each times the chance of that answer.
    chance : array, shape (2,)
        Chances of the two answers.
    noise : Noise

    Returns
    -------
    float
        E[max_a E(U(a) | what it says)] - max_a E(U(a)); zero where it says yes as often under both answers.
    """
    said = np.array([[1.0 - noise.false_no, noise.false_yes], [noise.false_no, 1.0 - noise.false_yes]])
    gain = float((said @ by_answer).max(axis=1).sum() - by_answer.sum(axis=0).max())
    return max(0.0, gain) if chance.min() > 0 else 0.0


QUESTIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "interlocutors": {name: (name,) for name in BROKER_READINGS},
    "repression": {"repress_works": ("repress_works",), "repress_backfires": ("repress_backfires",)},
    "fall": {
        "hidden_killings": ("hidden_killings",),
        "fall_not_concessions": ("fall_not_concessions",),
        "gangs_first": ("gangs_first",),
    },
}
"""Questions with several answers: what interlocutors are, what repression does, why killings fell."""


def parameter_draws(experiment: Experiment, draws: Sequence[int]) -> tuple[Array, tuple[str, ...]]:
    """Values of every parameter that varies, by draw.

    Returns
    -------
    values : array, shape (draws, parameters)
    names : tuple of str
    """
    parameters = experiment.parameters
    rows = experiment.rows()
    names = tuple(n for n, p in parameters.items() if p.role != "fixed" and n not in experiment.overrides)
    return np.array([[rows[d][n] for n in names] for d in draws], float), names


def value_of_claims(ledger: Ledger, items: Mapping[str, Item]) -> list[ClaimValue]:
    """Every claim with the dispute whose value it has; claims about a person without any.

    Parameters
    ----------
    ledger : Ledger
    items : mapping
        Readings and parameters by id, from `value_of_evidence` and `value_of_parameters`.

    Returns
    -------
    list of ClaimValue
        Claims in the order of the ledger, never by value: a claim about a person has no place in a ranking.
    """
    out = []
    for claim in ledger.claims.values():
        if claim.about_person:
            out.append(ClaimValue(claim.id, CONCERNS_PERSON))
            continue
        links = [
            link
            for link in ledger.links_of.get(claim.id, ())
            if link.kind in ("reading", "parameter") and link.base != EVERY
        ]
        borne = [items[link.base] for link in links if link.base in items and items[link.base].kind == link.kind]
        if borne:
            out.append(ClaimValue(claim.id, EVALUATED, max(borne, key=lambda item: item.value.value)))
        else:
            out.append(ClaimValue(claim.id, NOT_ASKED if links else NOT_EXPRESSED))
    return out


def reasons(item: Item, experiment: Experiment, most: int = 4) -> list[Parameter]:
    """Parameters without evidence that make a dispute unimportant: those it touches, and those its mechanisms use.

    Parameters
    ----------
    item : Item
        A reading, a question or a parameter.
    experiment : Experiment
    most : int
        Named at most.

    Returns
    -------
    list of Parameter
        None of them can be narrowed by the figures; what a reading sets itself comes first.
    """
    from tregua.model.declare import MECHANISM_OF

    parameters = experiment.parameters
    if item.kind == "parameter":
        touched = [item.id]
    else:
        members = [item.id] if item.kind == "reading" else [r for a in QUESTIONS.get(item.id, {}).values() for r in a]
        known = [experiment.case.readings[r] for r in members if r in experiment.case.readings]
        touched = list(dict.fromkeys(n for r in known for n in (*r.sets, *r.scales) if n in parameters))
    rooms = {MECHANISM_OF[name] for name in touched if name in MECHANISM_OF}
    beside = [n for n, p in parameters.items() if MECHANISM_OF.get(n) in rooms and p.identifiable == "no"]
    names = list(dict.fromkeys([*touched, *beside]))
    return [parameters[n] for n in names if parameters[n].identifiable == "no"][:most]


def _item(
    u: Utilities,
    given: Mapping[str, float],
    name: str,
    x: Array,
    paired: Array,
    now: int,
    noise: Noise | None,
    resamples: int,
    permutations: int,
    errors: float,
    rng: np.random.Generator,
) -> Item:
    n = len(x)
    curve = regress(x, paired)
    fitted = curve.fitted
    counts = rng.multinomial(n, np.full(n, 1.0 / n), size=resamples).astype(float)
    resampled = _resampled(curve, paired, counts)
    orders = np.argsort(rng.random((permutations, n)), axis=1)
    shuffled = _shuffled(curve, paired, orders)
    above = x > np.median(x)
    by_answer = np.stack([(side[:, None] * fitted).mean(axis=0) for side in (above, ~above)])
    overall = fitted.mean(axis=0)
    choices = {answer: u.arms[int(row.argmax())] for answer, row in zip((ABOVE, BELOW), by_answer, strict=True)}
    noisy = None if noise is None else noisy_value(by_answer, np.array([above.mean(), 1 - above.mean()]), noise)
    switched = {u.arms[a] for a in fitted.argmax(axis=1)} - {u.arms[now]}
    if switched and all(arm == u.arms[now] for arm in choices.values()):
        choices[SOME] = u.arms[int(np.bincount(fitted.argmax(axis=1), minlength=len(u.arms)).argsort()[-2])]
    value = Value(
        question=(name,),
        weights=dict(given),
        value=_gain(fitted),
        mcse=float(resampled.std(ddof=1)),
        q05=float(np.quantile(resampled, 0.05)),
        q95=float(np.quantile(resampled, 0.95)),
        permuted=float(shuffled.mean()),
        permuted_error=float(shuffled.std(ddof=1)),
        choice=u.arms[now],
        choices=choices,
    )
    left = float((fitted[:, now] - np.delete(fitted, now, axis=1).max(axis=1)).min()) if fitted.shape[1] > 1 else 0.0
    return Item("parameter", name, value, noisy, _kept(overall, now), left, errors)


def _basis(columns: Array) -> tuple[Array, Array]:
    """Constant and natural cubic splines of each input, and the penalty on their second derivatives."""
    n = len(columns)
    parts = [np.ones((n, 1))]
    blocks = [np.zeros((1, 1))]
    for column in columns.T:
        low, high = column.min(), column.max()
        if high == low:
            continue
        z = (column - low) / (high - low)
        knots = np.unique(np.quantile(z, np.linspace(0.0, 1.0, KNOTS)))
        part = _natural(z, knots)
        grid = np.linspace(0.0, 1.0, 201)
        bend = np.gradient(np.gradient(_natural(grid, knots), grid, axis=0), grid, axis=0)
        centre, scale = part.mean(axis=0), part.std(axis=0)
        scale = np.where(scale > 0, scale, 1.0)
        parts.append((part - centre) / scale)
        blocks.append((bend / scale).T @ (bend / scale) / len(grid))
    basis = np.hstack(parts)
    penalty = np.zeros((basis.shape[1], basis.shape[1]))
    at = 0
    for block in blocks:
        penalty[at : at + len(block), at : at + len(block)] = block
        at += len(block)
    return basis, penalty


def _natural(z: Array, knots: Array) -> Array:
    """A natural cubic spline without its constant (Hastie, Tibshirani and Friedman 2009, section 5.2.1)."""
    columns = [z]
    if len(knots) > 2:
        last, before = knots[-1], knots[-2]

        def bend(k: float) -> Array:
            return np.asarray((np.maximum(z - k, 0.0) ** 3 - np.maximum(z - last, 0.0) ** 3) / (last - k))

        end = bend(before)
        columns += [bend(k) - end for k in knots[:-2]]
    return np.column_stack(columns)


def _solve(basis: Array, penalty: Array, y: Array) -> tuple[Array, Array]:
    """Coefficients of every output, each with the penalty that generalised cross-validation chooses."""
    smooth = _Smoother(basis, penalty)
    chosen, c = smooth.choose(y[None])
    weight = chosen[0]
    return smooth.turn @ (c[0] / (1.0 + weight[None] * smooth.wiggle[:, None])), weight


class _Smoother:
    """A penalised regression in the coordinates in which the penalty is diagonal, so that many outputs cost little."""

    def __init__(self, basis: Array, penalty: Array) -> None:
        n = len(basis)
        gram = basis.T @ basis / n
        root = np.linalg.cholesky(gram + 1e-10 * np.trace(gram) * np.eye(len(gram)))
        turn = np.linalg.inv(root)
        values, vectors = np.linalg.eigh(turn @ penalty @ turn.T)
        self.turn = turn.T @ vectors
        self.rotated = basis @ self.turn  # columns orthogonal, each of mean square one
        self.wiggle = np.maximum(values, 0.0)
        self.n = n
        self.shrink = 1.0 / (1.0 + _PENALTIES[:, None] * self.wiggle[None])

    def choose(self, y: Array) -> tuple[Array, Array]:
        """Weights of the penalty, shape (..., outputs), and unpenalised coefficients; `y` is (..., n, outputs)."""
        c = np.asarray(self.rotated.T @ y / self.n)
        total = (y**2).mean(axis=-2)
        kept = np.einsum("pt,...ta->...pa", 2 * self.shrink - self.shrink**2, c**2)
        residual = np.maximum(total[..., None, :] - kept, 0.0)
        freedom = self.shrink.sum(axis=1)
        score = residual / (1.0 - np.minimum(freedom, self.n - 1) / self.n)[:, None] ** 2
        return np.asarray(_PENALTIES[score.argmin(axis=-2)]), c


def _shuffled(curve: Curve, y: Array, orders: Array) -> Array:
    """The value with the input shuffled against the outputs, once an order."""
    smooth = _Smoother(curve.basis, curve.penalty)
    weight, c = smooth.choose(y[orders])
    fitted = np.einsum("nt,pta->pna", smooth.rotated, c / (1.0 + weight[:, None] * smooth.wiggle[None, :, None]))
    return np.asarray(fitted.max(axis=2).mean(axis=1) - fitted.mean(axis=1).max(axis=1))


def _resampled(curve: Curve, y: Array, counts: Array) -> Array:
    """The value over resampled draws, the penalties kept."""
    n = len(y)
    basis, terms, outputs = curve.basis, curve.basis.shape[1], y.shape[1]
    gram = (counts @ (basis[:, :, None] * basis[:, None]).reshape(n, -1) / n).reshape(-1, 1, terms, terms)
    moment = (counts @ (y[:, :, None] * basis[:, None]).reshape(n, -1) / n).reshape(-1, outputs, terms)
    ridge = 1e-9 * np.trace(basis.T @ basis / n) * np.eye(terms)
    solved = np.linalg.solve(gram + curve.weight[:, None, None] * curve.penalty + ridge, moment[..., None])[..., 0]
    fitted = solved.reshape(-1, terms) @ basis.T
    fitted = fitted.reshape(len(counts), outputs, n)
    expected = (fitted @ counts[..., None])[..., 0] / n
    return np.asarray((counts * fitted.max(axis=1)).sum(axis=1) / n - expected.max(axis=1))


def _gain(fitted: Array) -> float:
    """Mean of the best over the best of the means."""
    return float(fitted.max(axis=1).mean() - fitted.mean(axis=0).max())


def _left(w: Array, mean: Array, members: Array, now: int) -> float:
    """Smallest lead that the arm chosen now keeps, once some readings are known to hold or not to hold."""
    left = math.inf
    for side in (members, ~members):
        if w[side].sum() > 0:
            left = min(left, _kept((w * side) @ mean / w[side].sum(), now))
    return left


def _kept(utility: Array, now: int) -> float:
    """Lead of one arm over the best of the others, below zero where it is behind."""
    return float(utility[now] - np.delete(utility, now).max()) if len(utility) > 1 else 0.0


def _lead_error(u: Utilities, w: Array, sides: Sequence[Array], now: int) -> float:
    """Largest Monte-Carlo error of a lead: under all readings, and under those of each side."""
    if len(u.arms) < 2:
        return 0.0
    worst = 0.0
    for weights in (w, *(w * side / w[side].sum() for side in sides if w[side].sum() > 0)):
        by_draw = np.tensordot(weights, u.values, axes=1)
        mean = by_draw.mean(axis=1)
        mean[now] = -math.inf
        gap = by_draw[now] - by_draw[int(mean.argmax())]
        worst = max(worst, float(gap.std(ddof=1) / math.sqrt(len(gap)))) if len(gap) > 1 else worst
    return worst
