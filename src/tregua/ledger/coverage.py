"""Coverage both ways: claims without a home in the model, and things in the model without a claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tregua.errors import Problem
from tregua.ledger.claim import EVERY, TARGETS
from tregua.ledger.ledger import Declared, Ledger

SIZED: Final = frozenset({"parameter"})
"""Kinds whose size has to be supported: a claim that merely fits the form is not enough."""

NEEDS_EVIDENCE: Final = ("mechanism", "parameter", "lever", "outcome", "pattern", "reading", "arm")
"""Kinds of which every id needs a claim or a reason."""


@dataclass(frozen=True)
class Hole:
    """Something without evidence and without a reason, or a claim without a home and without a reason.

    Attributes
    ----------
    kind, id : str
        ``claim`` or a kind of target.
    """

    kind: str
    id: str


@dataclass(frozen=True)
class Coverage:
    """What the ledger covers.

    Attributes
    ----------
    homeless : tuple of str
        Claims that no part of the model answers to, each with its reason in the ledger.
    assumed : mapping
        Kind -> ids that rest on an assumption with a rationale and on no claim that gives their size.
    supported : mapping
        Kind -> ids with a claim behind them.
    holes : tuple of Hole
        What has neither. ``tregua check`` fails on any.
    single : mapping
        Asserter -> {kind -> ids} that rest on this one voice.
    unchecked : tuple of str
        Kinds whose ids were not handed in.
    claims, sources, links, relations : int
        Totals.
    """

    homeless: tuple[str, ...]
    assumed: Mapping[str, tuple[str, ...]]
    supported: Mapping[str, tuple[str, ...]]
    holes: tuple[Hole, ...]
    single: Mapping[str, Mapping[str, tuple[str, ...]]]
    unchecked: tuple[str, ...]
    claims: int
    sources: int
    links: int
    relations: int

    @property
    def is_complete(self) -> bool:
        """True without a hole in either direction."""
        return not self.holes


def with_own(ledger: Ledger, declared: Declared) -> dict[str, tuple[str, ...]]:
    """The declared ids, completed by the patterns and guard rails that the ledger itself names."""
    known = {kind: tuple(ids) for kind, ids in declared.items()}
    for kind in ("pattern", "guard_rail"):
        known[kind] = tuple(dict.fromkeys((*known.get(kind, ()), *ledger.own_items(kind))))
    return known


def coverage(ledger: Ledger, declared: Declared) -> Coverage:
    """Hold the ledger against what the model and the case declare.

    Parameters
    ----------
    ledger : Ledger
    declared : mapping
        Kind of target -> ids. Kinds that are absent are reported as unchecked.

    Returns
    -------
    Coverage
    """
    known = with_own(ledger, declared)
    holes: list[Hole] = []
    homeless: list[str] = []
    for claim in ledger.claims.values():
        if claim.id in ledger.links_of:
            continue
        if claim.no_home_en:
            homeless.append(claim.id)
        else:
            holes.append(Hole("claim", claim.id))
    assumed: dict[str, tuple[str, ...]] = {}
    supported: dict[str, tuple[str, ...]] = {}
    single: dict[str, dict[str, list[str]]] = {}
    for kind in NEEDS_EVIDENCE:
        with_claim, without = [], []
        for id in known.get(kind, ()):
            links = [link for link in ledger.links_to(kind, id) if link.favours and link.target != EVERY]
            giving = [link for link in links if link.direction == "supports"] if kind in SIZED else links
            if giving:
                with_claim.append(id)
                voices = dict.fromkeys(role for link in giving for role in ledger.claims[link.claim].asserters)
                if len(voices) == 1:
                    single.setdefault(next(iter(voices)), {}).setdefault(kind, []).append(id)
            elif (kind, id) in ledger.assumption_of:
                without.append(id)
            else:
                holes.append(Hole(kind, id))
        supported[kind] = tuple(with_claim)
        assumed[kind] = tuple(without)
    return Coverage(
        tuple(homeless), assumed, supported, tuple(holes),
        {role: {kind: tuple(ids) for kind, ids in kinds.items()} for role, kinds in single.items()},
        tuple(kind for kind in TARGETS if kind not in known),
        len(ledger.claims), len(ledger.sources), len(ledger.links), len(ledger.relations),
    )  # fmt: skip


def check(ledger: Ledger, declared: Declared) -> list[Problem]:
    """Links and assumptions that point to nothing, and holes, as problems for ``tregua check``.

    Parameters
    ----------
    ledger : Ledger
    declared : mapping
        As for `coverage`.
    """
    known = {kind: frozenset(ids) for kind, ids in with_own(ledger, declared).items()}
    problems: list[Problem] = []
    for link in ledger.links:
        if link.kind in known and link.target != EVERY and link.base not in known[link.kind]:
            problems.append(Problem(
                "E37", f"a link of {link.claim} points to nothing", "ledger", None, "link.to",
                f"{link.kind}:{link.target}", f"a declared {link.kind}", "correct the id, or declare it first",
            ))  # fmt: skip
    for reason in ledger.assumptions:
        if reason.kind in known and reason.target not in known[reason.kind]:
            problems.append(Problem(
                "E37", "an assumption about nothing", "ledger", None, "assumption.to",
                f"{reason.kind}:{reason.target}", f"a declared {reason.kind}", "correct the id, or take it out",
            ))  # fmt: skip
    for hole in coverage(ledger, declared).holes:
        if hole.kind == "claim":
            problems.append(Problem(
                "E38", f"{hole.id} bears on nothing in the model and does not say why", "ledger", None, "link",
                "no link", "at least one link, or no_home with a reason", "link it, or say why the model has no place",
            ))  # fmt: skip
        else:
            problems.append(Problem(
                "E38", f"{hole.kind} {hole.id} has no claim behind it and no reason", "ledger", None, "assumption",
                "nothing", "a claim that supports it, or an assumption with a rationale",
                f'link a claim to "{hole.kind}:{hole.id}", or write an [[assumption]]',
            ))  # fmt: skip
    return problems
