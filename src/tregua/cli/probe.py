"""Deeper questions of a comparison on the screen: what moves a contrast, where a response fails, errors about roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tregua.cli.phrase import phrase
from tregua.cli.screen import ID_STYLE, RESPONSE_STYLE, Cell, Column, Screen
from tregua.errors import UsageError

if TYPE_CHECKING:
    from tregua.explore.comparison import Comparison
    from tregua.explore.contrast import Spread
    from tregua.explore.experiment import Experiment
    from tregua.explore.interlocutor import Errors
    from tregua.explore.sensitivity import Bar, Index
    from tregua.report.format import Formatter
    from tregua.runs.store import Store

SAMPLES, LUCK = 64, 4
SHOWN = 12
WORSE = {"homicides": 0.0}
"""What failing means where no threshold was given: more killings than without a truce."""


def arm_of(experiment: Experiment, decision: str, arm: str, key: str) -> str:
    """A response to probe: one of the decision that is neither the reference nor the record."""
    from tregua.model.policies import REFERENCE_ARM

    point = experiment.case.decisions[decision]
    known = [name for name in experiment.arms_of(decision) if name != REFERENCE_ARM and not point.arms[name].record]
    if arm not in known:
        raise UsageError(
            "no such response", key=key, found=arm, allowed=", ".join(known), mend="use one of the ids listed"
        )
    return arm


def sensitivity(
    screen: Screen, words: Formatter, experiment: Experiment, decision: str, arm: str, horizon: int, threads: int
) -> dict[str, Any]:
    """Sobol indices over the core tier, and the tornado of what no figure identifies; printed and returned."""
    from tregua.explore.outside import Paired
    from tregua.explore.sensitivity import contrast_sensitivity, tornado

    model = Paired(experiment, decision, arm_of(experiment, decision, arm, "--sensitivity"), horizon=horizon)
    with screen.stages() as shown, shown.begin(phrase("compare.sensitivity.stage", screen.lang)):
        indices = contrast_sensitivity(model, samples=SAMPLES, threads=threads)
        bars = tornado(model, luck=LUCK, threads=threads)
    _indices(screen, words, arm, indices)
    _bars(screen, words, arm, bars)
    return {
        "arm": arm,
        "horizon": horizon,
        "outcome": "homicides",
        "sobol": [asdict(index) for index in indices],
        "tornado": [asdict(bar) for bar in bars],
    }


def _indices(screen: Screen, words: Formatter, arm: str, indices: Sequence[Index]) -> None:
    screen.say()
    screen.say(phrase("compare.sensitivity.head", screen.lang, arm=arm), RESPONSE_STYLE)
    columns = [
        Column(phrase("compare.sensitivity.factor", screen.lang), keep=True),
        Column(phrase("compare.sensitivity.first", screen.lang), True, keep=True),
        Column(phrase("compare.sensitivity.total", screen.lang), True, keep=True),
        Column("±", True, keep=True),
    ]
    rows = [
        [
            Cell(_factor(i.factor, screen.lang), ID_STYLE),
            Cell(_share(words, i.first)),
            Cell(_share(words, i.total)),
            Cell(_share(words, i.mcse_total)),
        ]
        for i in indices
        if i.factor == "chance" or i.total > 2 * i.mcse_total
    ]  # fmt: skip
    screen.table(columns, rows)
    screen.say(phrase("compare.sensitivity.chance.note", screen.lang, n=len(indices) - len(rows)), "dim")


def _bars(screen: Screen, words: Formatter, arm: str, bars: Sequence[Bar]) -> None:
    screen.say()
    screen.say(phrase("compare.tornado.head", screen.lang, arm=arm), RESPONSE_STYLE)
    columns = [
        Column(phrase("compare.sensitivity.factor", screen.lang), keep=True),
        Column(phrase("compare.tornado.low", screen.lang), True, keep=True),
        Column(phrase("compare.tornado.high", screen.lang), True, keep=True),
        Column("±", True, keep=True),
        Column(phrase("compare.tornado.evidence", screen.lang)),
    ]
    known = [bar for bar in bars if bar.known]
    rows = []
    for bar in known[:SHOWN]:
        unit = _unit(bar.mcse)
        rows.append(
            [
                Cell(bar.parameter, ID_STYLE),
                Cell(words.number(bar.low, unit, signed=True, table=True)),
                Cell(words.number(bar.high, unit, signed=True, table=True)),
                Cell(words.number(bar.mcse, 1.0, table=True)),
                Cell(bar.evidence),
            ]
        )
    screen.table(columns, rows)
    screen.say(phrase("compare.tornado.rest", screen.lang, n=len(bars) - len(rows)), "dim")


def failures(
    screen: Screen,
    experiment: Experiment,
    comparison: Comparison,
    arm: str,
    thresholds: Mapping[str, float],
    horizon: int,
) -> dict[str, Any]:
    """The region in which a response fails, as a rule with coverage and density; printed and returned."""
    from tregua.explore.discovery import where_it_fails

    chosen = dict(thresholds) or dict(WORSE)
    arm_of(experiment, comparison.decision, arm, "--fails")
    region = where_it_fails(experiment, comparison, arm, chosen, horizon)
    told = ", ".join(f"{name} {value:+g}" for name, value in chosen.items())
    screen.say()
    screen.say(phrase("compare.fails.head", screen.lang, arm=arm, list=told), RESPONSE_STYLE)
    if region is None:
        screen.say(phrase("compare.fails.none", screen.lang), indent="   ")
    else:
        screen.say(region.rule(screen.lang), indent="   ")
        screen.say(
            phrase(
                "compare.fails.numbers", screen.lang, coverage=f"{region.coverage:.2f}",
                density=f"{region.density:.2f}", n=region.histories,
            ),
            "dim", indent="   ",
        )  # fmt: skip
    return {
        "arm": arm,
        "label": comparison.label,
        "thresholds": chosen,
        "region": None
        if region is None
        else {**asdict(region), "rule_en": region.rule("en"), "rule_es": region.rule("es")},
    }


def interlocutors(
    screen: Screen, words: Formatter, experiment: Experiment, store: Store, decision: str, horizon: int, threads: int
) -> list[dict[str, Any]]:
    """Both errors of prosecuting, listing and protecting, by prior and worth of the signals; printed and returned."""
    from tregua.explore.experiment import Worker
    from tregua.explore.interlocutor import interlocutor_errors, interlocutor_experiments, interlocutor_shards
    from tregua.runs.local import run_shards

    made = interlocutor_experiments(experiment)
    with screen.stages() as shown, shown.begin(phrase("compare.roles.stage", screen.lang)):
        for key, shards in interlocutor_shards(made, decision).items():
            run_shards(shards, Worker(made[key]), store, threads)
    found = interlocutor_errors(made, store, decision, horizon)
    _roles(screen, words, experiment, found)
    return [
        {
            "prior": e.prior, "policy": e.policy, "ratio": e.ratio,
            **{name: _numbers(getattr(e, name)) for name in ("removed", "missed", "watch", "homicides")},
        }
        for e in found
    ]  # fmt: skip


def _roles(screen: Screen, words: Formatter, experiment: Experiment, found: Sequence[Errors]) -> None:
    screen.say()
    n = len(experiment.case.world.broker_roles)
    screen.say(phrase("compare.roles.head", screen.lang, n=n), RESPONSE_STYLE)
    columns = [
        Column(phrase("compare.roles.prior", screen.lang), keep=True),
        Column(phrase("compare.roles.ratio", screen.lang), True, keep=True),
        Column(phrase("compare.roles.policy", screen.lang), keep=True),
        Column(phrase("compare.roles.removed", screen.lang), True, keep=True),
        Column(phrase("compare.roles.missed", screen.lang), True, keep=True),
        Column(phrase("compare.roles.watch", screen.lang), True, keep=True),
        Column(phrase("compare.roles.homicides", screen.lang), True, keep=True),
    ]
    rows = [
        [
            Cell(phrase(f"compare.belief.{e.prior}", screen.lang)),
            Cell(words.number(e.ratio, 0.1)),
            Cell(phrase(f"compare.roles.{e.policy}", screen.lang), RESPONSE_STYLE),
            Cell(_mean(words, e.removed)),
            Cell(_mean(words, e.missed)),
            Cell(_mean(words, e.watch, signed=True)),
            Cell(words.number(float(e.homicides.mean), _unit(float(e.homicides.mcse_mean)), signed=True, table=True)),
        ]
        for e in found
    ]
    screen.table(columns, rows)
    screen.say(phrase("compare.roles.note", screen.lang), "dim", indent="   ")


def _mean(words: Formatter, told: Spread, *, signed: bool = False) -> str:
    return words.number(float(told.mean), 0.01 if float(told.mcse_mean) < 0.02 else 0.1, signed=signed)


def _numbers(told: Spread) -> dict[str, float]:
    return {name: float(getattr(told, name)) for name in ("mean", "mcse_mean", "q05", "median", "q95")}


def _factor(name: str, lang: str) -> str:
    return phrase(f"compare.sensitivity.{name}", lang) if name in ("fitted", "chance") else name


def _share(words: Formatter, value: float) -> str:
    return words.number(max(0.0, value), 0.01)


def _unit(mcse: float) -> float:
    from tregua.report.format import rounding_unit

    return rounding_unit(mcse, 1.0)
