"""Disputes: how claims stand to each other. Contradiction is data and is kept as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from tregua.errors import Problem
from tregua.ledger.claim import Claim, digest
from tregua.ledger.status import OUTCOMES

RelationType = Literal["supports", "contradicts", "qualifies", "replies_to", "supersedes"]
RELATIONS: Final[tuple[RelationType, ...]] = get_args(RelationType)

ANSWERS: Final[frozenset[str]] = frozenset({"replies_to", "contradicts"})
"""Relations that put a claim in dispute."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One claim's stand towards another.

    Attributes
    ----------
    subject, kind, object : str
        ``C11 replies_to C09`` reads from left to right. ``contradicts`` goes both ways and is written once.
    why_en, why_es : str
        One line of reasoning.
    """

    subject: str
    kind: RelationType
    object: str
    why_en: str
    why_es: str

    @property
    def key(self) -> str:
        """``C11 replies_to C09``."""
        return f"{self.subject} {self.kind} {self.object}"

    @property
    def content_hash(self) -> str:
        """Hash of the relation and its reasoning."""
        return digest([self.subject, self.kind, self.object, self.why_en, self.why_es])

    def why(self, lang: str) -> str:
        """The line of reasoning in one language."""
        return self.why_es if lang == "es" else self.why_en


@dataclass(frozen=True, slots=True)
class Dispute:
    """What stands against one claim.

    Attributes
    ----------
    claim : str
    replies : tuple of str
        Claims that reply to it.
    contradicted_by : tuple of str
        Claims that cannot both hold with it.
    qualified_by : tuple of str
        Claims that narrow it.
    """

    claim: str
    replies: tuple[str, ...]
    contradicted_by: tuple[str, ...]
    qualified_by: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """True where somebody replies to the claim or contradicts it."""
        return bool(self.replies or self.contradicted_by)


class Web:
    """All relations, indexed both ways.

    Parameters
    ----------
    relations : iterable of Relation
    """

    def __init__(self, relations: Iterable[Relation]) -> None:
        self.outgoing: dict[str, list[Relation]] = {}
        self.incoming: dict[str, list[Relation]] = {}
        for relation in relations:
            self.outgoing.setdefault(relation.subject, []).append(relation)
            self.incoming.setdefault(relation.object, []).append(relation)

    def into(self, claim: str, kind: str) -> tuple[str, ...]:
        """Claims that stand in the relation to this one ("who replies to it")."""
        return tuple(r.subject for r in self.incoming.get(claim, ()) if r.kind == kind)

    def out_of(self, claim: str, kind: str) -> tuple[str, ...]:
        """Claims to which this one stands in the relation ("what it replies to")."""
        return tuple(r.object for r in self.outgoing.get(claim, ()) if r.kind == kind)

    def contradictions(self, claim: str) -> tuple[str, ...]:
        """Claims that contradict this one, whichever way the relation was written."""
        both = (*self.into(claim, "contradicts"), *self.out_of(claim, "contradicts"))
        return tuple(dict.fromkeys(both))

    def dispute(self, claim: str) -> Dispute:
        """What stands against one claim."""
        return Dispute(
            claim,
            self.into(claim, "replies_to"),
            self.contradictions(claim),
            self.into(claim, "qualifies"),
        )

    def outcomes(self, claim: str, claims: Mapping[str, Claim]) -> tuple[str, ...]:
        """Later claims with a legal outcome that supersede this one, and what narrows them, oldest first."""
        found: dict[str, None] = {}
        queue = [claim]
        while queue:
            current = queue.pop(0)
            for later in (*self.into(current, "supersedes"), *(self.into(current, "qualifies") if found else ())):
                if later in claims and later not in found and OUTCOMES.intersection(claims[later].legals):
                    found[later] = None
                    queue.append(later)
        return tuple(found)


def check_relations(
    relations: Iterable[tuple[Relation, str, int | None]], claims: Mapping[str, Claim]
) -> list[Problem]:
    """Everything wrong with a set of relations.

    Parameters
    ----------
    relations : iterable of (Relation, file, line)
        Where each was written, for the message.
    claims : mapping
        Claim id -> Claim.

    Returns
    -------
    list of Problem
        Self reference, dangling ends, duplicates (a contradiction written from both ends is one), cycles of any
        directed relation, a denial that denies nothing.
    """
    problems: list[Problem] = []
    seen: set[tuple[str, str, str]] = set()
    edges: dict[str, dict[str, list[str]]] = {}
    places: dict[tuple[str, str, str], tuple[str, int | None]] = {}
    answering: set[str] = set()
    for relation, file, line in relations:
        if relation.subject == relation.object:
            what = "supersede" if relation.kind == "supersedes" else f"stand in relation {relation.kind} to"
            problems.append(Problem(
                "E34", f"a claim cannot {what} itself", file, line, "from, to", relation.key,
                "two different claims", "write the later outcome or the reply as a claim of its own",
            ))  # fmt: skip
            continue
        missing = [end for end in (relation.subject, relation.object) if end not in claims]
        if missing:
            message = "a reply to nothing" if relation.kind == "replies_to" else "a relation to nothing"
            problems.append(Problem(
                "E34", message, file, line, "from, to", f"{relation.key} ({', '.join(missing)} is no claim)",
                "ids of claims in this ledger", "correct the id, or add the claim",
            ))  # fmt: skip
            continue
        ends = (relation.subject, relation.object)
        one = ends if relation.kind != "contradicts" else (min(ends), max(ends))
        triple = (one[0], relation.kind, one[1])
        if triple in seen:
            problems.append(Problem(
                "E34", "the same relation twice", file, line, "from, to", relation.key,
                "each relation once; a contradiction goes both ways and is written once", "take one of them out",
            ))  # fmt: skip
            continue
        seen.add(triple)
        if relation.kind in ANSWERS:
            answering.add(relation.subject)
            if relation.kind == "contradicts":
                answering.add(relation.object)
        if relation.kind != "contradicts":
            edges.setdefault(relation.kind, {}).setdefault(relation.subject, []).append(relation.object)
            places[triple] = (file, line)
    for kind, graph in edges.items():
        circle = find_cycle(graph)
        if circle:
            file, line = places[(circle[0], kind, circle[1])]
            problems.append(Problem(
                "E34", f"a circle of {kind}", file, line, "from, to", " > ".join(circle),
                "relations that end somewhere", "take one relation of the circle out",
            ))  # fmt: skip
    for claim in claims.values():
        if "denial" in claim.kinds and claim.id not in answering and not claim.answers_itself:
            problems.append(Problem(
                "E34", f"{claim.id} is a denial that denies nothing", "ledger", None, "kind", "denial",
                "a denial with a relation replies_to or contradicts", "say which claim it answers",
            ))  # fmt: skip
    return problems


def find_cycle(graph: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """One cycle of a directed graph, first node repeated at the end, or an empty tuple.

    Iterative, so that a chain of many thousand relations is no deeper than a chain of two.
    """
    done: set[str] = set()
    for root in graph:
        if root in done:
            continue
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, bool]] = [(root, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                path.pop()
                on_path.discard(node)
                done.add(node)
                continue
            if node in on_path:
                return (*path[path.index(node) :], node)
            if node in done:
                continue
            path.append(node)
            on_path.add(node)
            stack.append((node, True))
            stack.extend((target, False) for target in graph.get(node, ()))
    return ()
