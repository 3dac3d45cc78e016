"""What rests on whose word: from a voice up to the model, and from something in the model down to its voices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tregua.ledger.claim import Claim, Link, Reason
from tregua.ledger.ledger import Ledger


@dataclass(frozen=True)
class Rests:
    """What in the model rests on a voice.

    Attributes
    ----------
    what : {"claim", "asserter", "source", "kind"}
    id : str
    claims : tuple of str
        The claims that fall with the voice.
    touched : tuple of str
        Claims of which only a part is said by the voice; they stand without it.
    joint : tuple of str
        Claims that the voice makes together with others; they stand on the others' word.
    alone : mapping
        Kind of target -> ids for which no other claim speaks.
    shared : mapping
        Kind of target -> ids for which other claims speak too.
    contested : tuple of str
        Those of ``claims`` that somebody replies to or contradicts.
    """

    what: str
    id: str
    claims: tuple[str, ...]
    touched: tuple[str, ...]
    joint: tuple[str, ...]
    alone: Mapping[str, tuple[str, ...]]
    shared: Mapping[str, tuple[str, ...]]
    contested: tuple[str, ...]


@dataclass(frozen=True)
class Foundation:
    """What something in the model rests on.

    Attributes
    ----------
    kind, id : str
    favourable, unfavourable, neutral : tuple of Link
    asserters : tuple of str
        Who says the favourable ones.
    assumption : Reason or None
        Why no claim gives its size, where that is so.
    """

    kind: str
    id: str
    favourable: tuple[Link, ...]
    unfavourable: tuple[Link, ...]
    neutral: tuple[Link, ...]
    asserters: tuple[str, ...]
    assumption: Reason | None

    @property
    def single_asserter(self) -> str | None:
        """The one role on whose word it rests, or None."""
        return self.asserters[0] if len(self.asserters) == 1 else None


def left_of(claim: Claim, sources: frozenset[str], asserters: frozenset[str], kinds: frozenset[str]) -> Claim | None:
    """What is left of a claim without some sources, asserters and kinds; None when nothing is."""
    if claim.source in sources:
        return None
    rest = claim.without(asserters) if asserters else claim
    if rest is None or not kinds:
        return rest
    if kinds.issuperset(rest.kinds):
        return None
    return rest if kinds.isdisjoint(rest.kinds) else rest.only(tuple(p for p in rest.parts if p.kind not in kinds))


def rests_on(ledger: Ledger, id: str) -> Rests:
    """What in the model rests on a claim, an asserter, a source or a kind of statement.

    Parameters
    ----------
    ledger : Ledger
    id : str
        ``C09``, ``prosecutors``, ``SEED``, ``alleged``; with a prefix (``source:SEED``) where two share an id.

    Raises
    ------
    tregua.errors.UsageError
        Where the id names none of these.
    """
    what, name = ledger.voice(id)
    none: frozenset[str] = frozenset()
    one = frozenset({name})
    fallen, touched, joint = [], [], []
    for claim in ledger.claims.values():
        if what == "claim":
            rest = None if claim.id == name else claim
        else:
            rest = left_of(
                claim,
                one if what == "source" else none,
                one if what == "asserter" else none,
                one if what == "kind" else none,
            )
        if rest is None:
            fallen.append(claim.id)
        elif rest is not claim:
            touched.append(claim.id)
        elif what == "asserter" and name in claim.asserters:
            joint.append(claim.id)
    gone = set(fallen)
    alone: dict[str, list[str]] = {}
    shared: dict[str, list[str]] = {}
    for (kind, target), speakers in ledger.targets.items():
        if gone.intersection(speakers):
            (alone if speakers <= gone else shared).setdefault(kind, []).append(target)
    return Rests(
        what, name, tuple(fallen), tuple(touched), tuple(joint),
        {kind: tuple(ids) for kind, ids in alone.items()},
        {kind: tuple(ids) for kind, ids in shared.items()},
        tuple(claim for claim in fallen if ledger.is_disputed(claim)),
    )  # fmt: skip


def foundation(ledger: Ledger, kind: str, target: str) -> Foundation:
    """What something in the model rests on.

    Parameters
    ----------
    ledger : Ledger
    kind, target : str
        ``"parameter"``, ``"hide_truce"``.
    """
    links = ledger.links_to(kind, target)
    favourable = tuple(link for link in links if link.favours)
    asserters = dict.fromkeys(role for link in favourable for role in ledger.claims[link.claim].asserters)
    return Foundation(
        kind, target, favourable,
        tuple(link for link in links if link.direction in ("against", "inconsistent")),
        tuple(link for link in links if link.direction == "neutral"),
        tuple(asserters),
        ledger.assumption_of.get((kind, target)),
    )  # fmt: skip
