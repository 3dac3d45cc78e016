"""What is worth finding out, on the screen: disputes ranked by the regret that settling them avoids, never persons."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tregua.cli.phrase import phrase
from tregua.cli.screen import FLIP_STYLE, ID_STYLE, RESPONSE_STYLE, Cell, Column, Screen

if TYPE_CHECKING:
    from tregua.explore.experiment import Experiment
    from tregua.explore.regret import Utilities
    from tregua.explore.value_of_evidence import ClaimValue, Item, Noise
    from tregua.ledger.ledger import Ledger
    from tregua.report.format import Formatter

RESAMPLES, PERMUTATIONS = 200, 60
ANSWERS = {"above its median": "above", "below its median": "below", "some values": "some", "other": "other"}


@dataclass(frozen=True)
class Evidence:
    """Values of evidence under one set of weights over outcomes.

    Attributes
    ----------
    label, weights, title : str
        Decision or variant; id and title of the outcome weights.
    items : mapping
        Reading weights -> dispute -> `Item`.
    claims : tuple of ClaimValue
        In the order of the ledger, by the first set of reading weights; empty without a ledger.
    """

    label: str
    weights: str
    title: str
    items: Mapping[str, Mapping[str, Item]]
    claims: tuple[ClaimValue, ...] = field(default=())

    def ranked(self) -> list[str]:
        """Disputes that matter under some reading weights, the most valuable first."""
        best: dict[str, float] = {}
        for items in self.items.values():
            for name, item in items.items():
                if item.matters:
                    best[name] = max(best.get(name, 0.0), item.value.value)
        return sorted(best, key=lambda name: -best[name])

    def idle(self) -> list[str]:
        """Disputes of which settling would change nothing under any of the weights, in their own order."""
        first = next(iter(self.items.values()))
        ranked = set(self.ranked())
        return [
            name
            for name in sorted(first, key=lambda n: (first[n].kind != "group", first[n].kind, n))
            if name not in ranked
        ]


def evaluate(
    experiment: Experiment,
    label: str,
    utilities: Mapping[str, Utilities],
    titles: Mapping[str, str],
    beliefs: Mapping[str, str | Mapping[str, float]],
    noise: Noise | None,
    ledger: Ledger | None,
) -> list[Evidence]:
    """Value every reading, question, parameter and claim, under every set of weights."""
    from tregua.explore.value_of_evidence import (
        LEAST_DRAWS,
        QUESTIONS,
        parameter_draws,
        value_of_claims,
        value_of_evidence,
        value_of_parameters,
    )

    out = []
    for name, u in utilities.items():
        found: dict[str, dict[str, Item]] = {}
        for belief, weights in beliefs.items():
            items = value_of_evidence(
                u, weights, groups=QUESTIONS, noise=noise, resamples=RESAMPLES, permutations=PERMUTATIONS
            )
            if len(u.draws) >= LEAST_DRAWS:
                x, names = parameter_draws(experiment, u.draws)
                items |= value_of_parameters(
                    u, x, names, weights, noise=noise, resamples=RESAMPLES, permutations=PERMUTATIONS
                )
            found[belief] = items
        claims = value_of_claims(ledger, next(iter(found.values()))) if ledger is not None else []
        out.append(Evidence(label, name, titles[name], found, tuple(claims)))
    return out


def rows(evidence: Sequence[Evidence]) -> list[dict[str, Any]]:
    """Disputes as plain rows for CSV and JSON; claims about a person are not among them."""
    return [
        {
            "decision": one.label, "weights": one.weights, "reading_weights": belief, "kind": item.kind, "id": name,
            "value": item.value.value, "mcse": item.value.mcse, "q05": item.value.q05, "q95": item.value.q95,
            "permuted": item.value.permuted, "permuted_error": item.value.permuted_error,
            "permuted_check": item.value.passes, "changes_choice": item.matters, "noisy": item.noisy,
            "choice": item.value.choice,
            "switches_to": "; ".join(f"{answer}: {arm}" for answer, arm in item.value.switches.items()),
            "lead": item.lead, "lead_left": item.left, "lead_error": item.lead_error,
            "claims": " ".join(c.claim for c in one.claims if c.item is not None and c.item.id == name),
        }
        for one in evidence
        for belief, items in one.items.items()
        for name, item in items.items()
    ]  # fmt: skip


def show(
    screen: Screen, words: Formatter, experiment: Experiment, evidence: Sequence[Evidence], noise: Noise | None
) -> None:
    """Print the disputes that would change the choice, then those that would not, with the priors that make it so."""
    for one in evidence:
        screen.say()
        screen.say(phrase("compare.evidence.head", screen.lang, weights=one.title), RESPONSE_STYLE)
        if noise is not None:
            screen.say(
                phrase("compare.evidence.noise", screen.lang, yes=f"{noise.false_yes:g}", no=f"{noise.false_no:g}")
            )
        ranked = one.ranked()
        if ranked:
            _table(screen, words, experiment, one, ranked, noise is not None)
        _idle(screen, words, experiment, one)
    _claims(screen, evidence)


def _table(
    screen: Screen, words: Formatter, experiment: Experiment, one: Evidence, ranked: Sequence[str], noisy: bool
) -> None:
    columns = [Column(phrase("compare.evidence.dispute", screen.lang), keep=True)]
    for belief in one.items:
        columns.append(Column(phrase(f"compare.belief.{belief}", screen.lang), True, keep=True))
    if noisy:
        columns.append(Column(phrase("compare.evidence.noisy", screen.lang), True, keep=True))
    columns.append(Column(phrase("compare.evidence.moves", screen.lang), keep=True))
    columns.append(Column(phrase("compare.evidence.claims", screen.lang)))
    lines = []
    for name in ranked:
        there = [items.get(name) for items in one.items.values()]
        telling = next(item for item in there if item is not None and item.matters)
        cells = [Cell(question(experiment, telling, screen.lang), ID_STYLE)]
        for item in there:
            if item is None or not item.matters:
                cells.append(Cell("≈ 0"))
                continue
            value = words.number(item.value.value, _unit(item.value.mcse), table=True)
            cells.append(Cell(f"{value} ± {words.number(item.value.mcse, _first_digit(item.value.mcse), table=True)}"))
        if noisy:
            told = "-"
            if telling.noisy is not None:
                told = words.number(telling.noisy, _unit(telling.value.mcse), table=True)
            cells.append(Cell(told))
        moves = [
            f"{said(answer, screen.lang)}: "
            f"{label(experiment, one, telling.value.choice, screen.lang)} → {label(experiment, one, arm, screen.lang)}"
            for answer, arm in telling.value.switches.items()
        ]
        cells.append(Cell("; ".join(moves)))
        cells.append(Cell(" ".join(c.claim for c in one.claims if c.item is not None and c.item.id == name)))
        lines.append(cells)
    screen.table(columns, lines)


def said(answer: str, lang: str) -> str:
    """An answer to a dispute in words: a reading by its id, or what stands for the others."""
    if answer in ANSWERS:
        return phrase(f"compare.evidence.{ANSWERS[answer]}", lang)
    negated = answer.removeprefix("not ")
    return answer if negated == answer else phrase("compare.evidence.not", lang, reading=negated)


def question(experiment: Experiment, item: Item, lang: str) -> str:
    """A dispute in words, its id in brackets."""
    if item.kind == "group":
        return f"{phrase(f'compare.question.{item.id}', lang)} ({item.id})"
    about = experiment.case.readings[item.id] if item.kind == "reading" else experiment.parameters[item.id]
    return f"{about.meaning_es if lang == 'es' else about.meaning_en} ({item.id})"


def label(experiment: Experiment, one: Evidence, arm: str, lang: str) -> str:
    """A response as it stands inside a sentence."""
    for point in experiment.case.decisions.values():
        if arm in point.arms and one.label.split("_")[0] == point.id:
            found = point.arms[arm]
            text = found.label_es if lang == "es" else found.label_en
            return text[:1].lower() + text[1:]
    return arm


def _idle(screen: Screen, words: Formatter, experiment: Experiment, one: Evidence) -> None:
    from tregua.explore.value_of_evidence import reasons

    idle = one.idle()
    if not idle:
        return
    first = next(iter(one.items.values()))
    told = [name for name in idle if first[name].kind != "parameter"]
    screen.say(phrase("compare.evidence.nothing", screen.lang, list=", ".join(told) or "-"), FLIP_STYLE, indent="   ")
    others = len(idle) - len(told)
    if others:
        screen.say(phrase("compare.evidence.parameters", screen.lang, n=others), indent="   ")
    for name in told:
        item = first[name]
        if item.kind == "group":
            priors = ", ".join(p.name for p in reasons(item, experiment)) or "-"
            unit = _unit(item.lead_error)
            left, lead = (words.number(value, unit, table=True) for value in (item.left, item.lead))
            choice = label(experiment, one, item.value.choice, screen.lang)
            key = "compare.evidence.why" if item.left > 0 else "compare.evidence.close"
            text = phrase(key, screen.lang, name=name, choice=choice, left=left, lead=lead, priors=priors)
            screen.say(text, indent="   ")


def _claims(screen: Screen, evidence: Sequence[Evidence]) -> None:
    from tregua.explore.value_of_evidence import CONCERNS_PERSON, NOT_EXPRESSED

    claims = next((one.claims for one in evidence if one.claims), ())
    if claims:
        persons = sum(claim.status == CONCERNS_PERSON for claim in claims)
        mute = [claim.claim for claim in claims if claim.status == NOT_EXPRESSED]
        screen.say(phrase("compare.evidence.persons", screen.lang, n=persons), indent="   ")
        screen.say(phrase("compare.evidence.mute", screen.lang, list=" ".join(mute) or "-"), indent="   ")


def _first_digit(value: float) -> float:
    """Power of ten of the first digit, never finer than one."""
    return float(10.0 ** max(0, math.floor(math.log10(value)))) if value > 0 else 1.0


def _unit(mcse: float) -> float:
    from tregua.report.format import rounding_unit

    return rounding_unit(mcse, 1.0)
