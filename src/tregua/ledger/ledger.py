"""The ledger: who said what, who denies it, and what rests on it."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from tregua.errors import UsageError
from tregua.ledger.claim import EVERY, Claim, Item, Link, Reason, digest, source_hash
from tregua.ledger.dispute import Dispute, Relation, Web
from tregua.ledger.name import fold, words
from tregua.ledger.role import Role
from tregua.ledger.source import Source
from tregua.ledger.status import KINDS

if TYPE_CHECKING:
    from tregua.errors import Problem
    from tregua.ledger.coverage import Coverage
    from tregua.ledger.leave_out import LeaveOut
    from tregua.ledger.matrix import Matrix
    from tregua.ledger.rests import Foundation, Rests

Declared = Mapping[str, Collection[str]]
"""Ids that a link may point to: kind -> ids. A kind that is absent is not checked."""


@dataclass(frozen=True)
class Seal:
    """Hashes of what has been published: claims, relations and sources that may no longer change.

    Attributes
    ----------
    claims, relations, sources : mapping
        Id or key -> hash.
    """

    claims: Mapping[str, str] = field(default_factory=dict)
    relations: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Thread:
    """A claim with everything that stands around it.

    Attributes
    ----------
    claim : Claim
    source : Source
    dispute : Dispute
    answers : tuple of str
        Claims that this one replies to.
    outcomes : tuple of str
        Later claims with a legal outcome, oldest first.
    superseded_by : tuple of str
    links : tuple of Link
    """

    claim: Claim
    source: Source
    dispute: Dispute
    answers: tuple[str, ...]
    outcomes: tuple[str, ...]
    superseded_by: tuple[str, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Ledger:
    """Attributed statements about a case, their relations and what in the model they bear on.

    Immutable. Made by `tregua.ledger.load.load_ledger`, which checks what this class takes for granted.

    Attributes
    ----------
    roles, sources, claims : mapping
        By id or key, in file order.
    relations : tuple of Relation
    links : tuple of Link
    assumptions : tuple of Reason
        What in the model has no claim behind it, and why.
    items : mapping
        (kind, id) -> Item: the patterns and guard rails that claims point to.
    seal : Seal
    """

    roles: Mapping[str, Role]
    sources: Mapping[str, Source]
    claims: Mapping[str, Claim]
    relations: tuple[Relation, ...] = ()
    links: tuple[Link, ...] = ()
    assumptions: tuple[Reason, ...] = ()
    items: Mapping[tuple[str, str], Item] = field(default_factory=dict)
    seal: Seal = field(default_factory=Seal)

    @cached_property
    def web(self) -> Web:
        """The relations, indexed both ways."""
        return Web(self.relations)

    @cached_property
    def links_of(self) -> Mapping[str, tuple[Link, ...]]:
        """Claim id -> its links."""
        found: dict[str, list[Link]] = {}
        for link in self.links:
            found.setdefault(link.claim, []).append(link)
        return {claim: tuple(links) for claim, links in found.items()}

    @cached_property
    def _links_to(self) -> Mapping[tuple[str, str], tuple[Link, ...]]:
        found: dict[tuple[str, str], list[Link]] = {}
        for link in self.links:
            found.setdefault((link.kind, link.base), []).append(link)
        return {target: tuple(links) for target, links in found.items()}

    def links_to(self, kind: str, target: str) -> tuple[Link, ...]:
        """Links to one thing in the model, those to every id of its kind included."""
        return self._links_to.get((kind, target), ()) + self._links_to.get((kind, EVERY), ())

    @cached_property
    def targets(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """(kind, id) -> claims that speak for it. Links to every id of a kind tell nothing apart and are left aside."""
        found: dict[tuple[str, str], set[str]] = {}
        for link in self.links:
            if link.favours and link.target != EVERY:
                found.setdefault((link.kind, link.base), set()).add(link.claim)
        return {target: frozenset(claims) for target, claims in found.items()}

    @cached_property
    def assumption_of(self) -> Mapping[tuple[str, str], Reason]:
        """(kind, id) -> why no claim stands behind it."""
        return {(reason.kind, reason.target): reason for reason in self.assumptions}

    @cached_property
    def digest(self) -> str:
        """Hash of the whole ledger: claims, relations, sources, links and assumptions."""
        return digest(
            [
                [claim.content_hash for claim in self.claims.values()],
                [str(claim.grade) for claim in self.claims.values()],
                [relation.content_hash for relation in self.relations],
                [source_hash(source) for source in self.sources.values()],
                [[x.claim, x.kind, x.target, x.direction, x.why_en, x.why_es] for x in self.links],
                [[x.kind, x.target, x.why_en, x.why_es] for x in self.assumptions],
            ]
        )

    def own_items(self, kind: str) -> tuple[str, ...]:
        """Ids of the patterns or guard rails that the ledger itself names."""
        return tuple(name for own, name in self.items if own == kind)

    def claim(self, id: str) -> Claim:
        """One claim.

        Raises
        ------
        UsageError
            Where there is no such claim.
        """
        found = self.claims.get(id.strip().upper())
        if found is None:
            raise UsageError(
                "no such claim",
                key="id",
                found=id[:40],
                allowed=self._id_ranges(),
                mend="look for words with tregua ledger search",
            )
        return found

    def _id_ranges(self) -> str:
        parts = []
        for letter in ("C", "Q", "F"):
            ids = [claim for claim in self.claims if claim.startswith(letter)]
            if ids:
                parts.append(f"{min(ids)} to {max(ids)}")
        return ", ".join(parts) or "none: this ledger is empty"

    def show(self, id: str) -> Thread:
        """A claim with its source, its replies, what contradicts it, its outcomes and its links."""
        claim = self.claim(id)
        return Thread(
            claim,
            self.sources[claim.source],
            self.dispute(claim.id),
            self.web.out_of(claim.id, "replies_to"),
            self.web.outcomes(claim.id, self.claims),
            self.web.into(claim.id, "supersedes"),
            self.links_of.get(claim.id, ()),
        )

    def search(self, text: str) -> tuple[Claim, ...]:
        """Claims in which every word of the text stands, without regard to case or accents.

        Looked in: id, both paraphrases, role labels, kinds, source publisher and title, link targets. A word matches
        the beginning of a word ("extor" finds extortion and extorsión).
        """
        wanted = [fold(word) for word in text.split()]
        if not wanted:
            return ()
        return tuple(
            claim
            for claim in self.claims.values()
            if all(any(word.startswith(want) for word in self._haystack[claim.id]) for want in wanted)
        )

    @cached_property
    def _haystack(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for claim in self.claims.values():
            source = self.sources[claim.source]
            roles = [self.roles[role] for role in (*claim.asserters, claim.subject)]
            texts = [
                claim.text("en"), claim.text("es"), source.publisher, source.title, *claim.kinds, *claim.legals,
                *(label for role in roles for label in (role.label_en, role.label_es)),
                *(link.target for link in self.links_of.get(claim.id, ())),
            ]  # fmt: skip
            found[claim.id] = frozenset(words(" ".join(texts))) | {
                fold(claim.id), fold(claim.source), *(fold(link.target) for link in self.links_of.get(claim.id, ())),
            }  # fmt: skip
        return found

    def dispute(self, id: str) -> Dispute:
        """What stands against one claim.

        What its subject says against it is a reply, even where the relation is written as a contradiction.
        """
        dispute = self.web.dispute(id)
        subject = self.claims[id].subject
        own = tuple(other for other in dispute.contradicted_by if subject in self.claims[other].asserters)
        if not own:
            return dispute
        return Dispute(
            id,
            tuple(dict.fromkeys((*dispute.replies, *own))),
            tuple(other for other in dispute.contradicted_by if other not in own),
            dispute.qualified_by,
        )

    def is_disputed(self, id: str) -> bool:
        """True where somebody replies to the claim or contradicts it, inside the claim itself or in another."""
        if id not in self._open:
            self._open[id] = self.web.dispute(id).is_open or self.claims[id].answers_itself
        return self._open[id]

    @cached_property
    def _open(self) -> dict[str, bool]:
        return {}

    def disputed(self) -> tuple[Dispute, ...]:
        """Every claim in dispute, in ledger order."""
        return tuple(self.dispute(claim) for claim in self.claims if self.is_disputed(claim))

    def asserters(self) -> tuple[str, ...]:
        """Role ids that say something, in order of first appearance."""
        return tuple(dict.fromkeys(role for claim in self.claims.values() for role in claim.asserters))

    def voice(self, id: str) -> tuple[str, str]:
        """Tell what an id names among those who speak.

        Returns
        -------
        tuple of (str, str)
            ``claim``, ``asserter``, ``source`` or ``kind``, and the id as the ledger writes it.

        Raises
        ------
        UsageError
            Where it names none of them.
        """
        prefix, _, rest = id.strip().partition(":")
        prefixed = bool(rest) and prefix in {"claim", "asserter", "source", "kind"}
        wanted, name = (prefix, rest) if prefixed else ("", id.strip())
        candidates: dict[str, dict[str, str]] = {
            "claim": {claim.upper(): claim for claim in self.claims},
            "asserter": {role.upper(): role for role in self.asserters()},
            "source": {source.upper(): source for source in self.sources},
            "kind": {kind.upper(): str(kind) for kind in KINDS},
        }
        for what, known in candidates.items():
            if wanted in ("", what) and name.upper() in known:
                return what, known[name.upper()]
        everything = {key: known[key] for known in candidates.values() for key in known}
        close = [everything[key] for key in difflib.get_close_matches(name.upper(), everything, 3, 0.6)]
        hint = f"; did you mean {' or '.join(close)}?" if close else ""
        raise UsageError(
            "nothing in this ledger has that id",
            key="id",
            found="(not repeated here)",
            allowed="a claim (C09), an asserter (prosecutors), a source (SEED), a kind (alleged), or something in the "
            "model (parameter:hide_truce)",
            mend=f"tregua ledger voices lists who speaks; tregua ledger search finds claims{hint}",
        )

    def rests_on(self, id: str) -> Rests:
        """What in the model rests on a claim, an asserter, a source or a kind of statement, alone or with others."""
        from tregua.ledger.rests import rests_on

        return rests_on(self, id)

    def foundation(self, kind: str, target: str) -> Foundation:
        """What one thing in the model rests on."""
        from tregua.ledger.rests import foundation

        return foundation(self, kind, target)

    def check(self, declared: Declared) -> list[Problem]:
        """Links that point to nothing, and holes in the coverage, as problems."""
        from tregua.ledger.coverage import check

        return check(self, declared)

    def coverage(self, declared: Declared) -> Coverage:
        """Claims without a home in the model, and things in the model without a claim, both with their reasons."""
        from tregua.ledger.coverage import coverage

        return coverage(self, declared)

    def matrix(self, readings: Iterable[str]) -> Matrix:
        """Readings against claims: consistent, inconsistent, neutral."""
        from tregua.ledger.matrix import matrix

        rows = tuple(readings)
        if rows not in self._matrices:
            self._matrices[rows] = matrix(self, rows)
        return self._matrices[rows]

    @cached_property
    def _matrices(self) -> dict[tuple[str, ...], Matrix]:
        return {}

    def leave_out(
        self,
        *,
        sources: Collection[str] = (),
        asserters: Collection[str] = (),
        kinds: Collection[str] = (),
        readings: Iterable[str] = (),
    ) -> LeaveOut:
        """What is lost when some voices are left out."""
        from tregua.ledger.leave_out import leave_out

        return leave_out(self, frozenset(sources), frozenset(asserters), frozenset(kinds), tuple(readings))

    def keeping(self, claims: Iterable[Claim]) -> Ledger:
        """The same ledger with these claims only, and with the relations and links among them."""
        kept = {claim.id: claim for claim in claims}
        return replace(
            self,
            claims=kept,
            relations=tuple(r for r in self.relations if r.subject in kept and r.object in kept),
            links=tuple(link for link in self.links if link.claim in kept),
        )
