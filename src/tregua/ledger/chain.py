"""The chain of a claim: who disputes it, who disputes its cause, and where it leads in the model and back."""

from __future__ import annotations

from dataclasses import dataclass

from tregua.ledger.ledger import Ledger


@dataclass(frozen=True)
class Chain:
    """What one clicks through from a claim.

    Attributes
    ----------
    claim : str
    disputed_by : tuple of str
        Claims that reply to it or contradict it.
    supported_by : tuple of str
        Claims that support it, with a count or with a cause.
    support_disputed_by : tuple of str
        Claims that reply to those, contradict them or narrow them: who disputes the cause.
    patterns, series, mechanisms, outcomes, parameters : tuple of str
        What it bears on, ids of each kind.
    siblings : tuple of str
        Other claims that bear on one of the same patterns, series or mechanisms: the way back.
    """

    claim: str
    disputed_by: tuple[str, ...]
    supported_by: tuple[str, ...]
    support_disputed_by: tuple[str, ...]
    patterns: tuple[str, ...]
    series: tuple[str, ...]
    mechanisms: tuple[str, ...]
    outcomes: tuple[str, ...]
    parameters: tuple[str, ...]
    siblings: tuple[str, ...]


def chain_of(ledger: Ledger, id: str) -> Chain:
    """Follow a claim to everything that a reader may ask for next.

    Parameters
    ----------
    ledger : Ledger
    id : str
        ``C34``.

    Raises
    ------
    tregua.errors.UsageError
        Where there is no such claim.
    """
    claim = ledger.claim(id).id
    own = ledger.dispute(claim)
    supporting = ledger.web.into(claim, "supports")
    against: dict[str, None] = {}
    for other in supporting:
        dispute = ledger.dispute(other)
        against.update(dict.fromkeys((*dispute.replies, *dispute.contradicted_by, *dispute.qualified_by)))
    links = ledger.links_of.get(claim, ())

    def of(kind: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(link.base for link in links if link.kind == kind))

    siblings = dict.fromkeys(
        link.claim
        for kind in ("pattern", "observation", "mechanism")
        for target in of(kind)
        for link in ledger.links_to(kind, target)
        if link.claim != claim
    )
    return Chain(
        claim,
        (*own.replies, *own.contradicted_by),
        supporting,
        tuple(other for other in against if other != claim),
        of("pattern"),
        of("observation"),
        of("mechanism"),
        of("outcome"),
        of("parameter"),
        tuple(siblings),
    )
