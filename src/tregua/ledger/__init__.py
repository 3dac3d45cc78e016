"""The ledger: attributed statements, their disputes, and what in the model rests on them.

Names are read from their modules when they are first used: who only asks whether a text names a person reads no more.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tregua.ledger.chain import Chain, chain_of
    from tregua.ledger.claim import Claim, Grade, Item, Link, Part, Reason
    from tregua.ledger.coverage import Coverage
    from tregua.ledger.dispute import Dispute, Relation
    from tregua.ledger.leave_out import Contrast, LeaveOut, moves
    from tregua.ledger.ledger import Declared, Ledger
    from tregua.ledger.load import load_ledger, parse_ledger
    from tregua.ledger.matrix import Matrix
    from tregua.ledger.name import find_forbidden
    from tregua.ledger.rests import Foundation, Rests
    from tregua.ledger.role import Role
    from tregua.ledger.source import Source
    from tregua.ledger.view import ClaimView, render_claim

_HOMES: dict[str, tuple[str, ...]] = {
    "tregua.ledger.chain": ("Chain", "chain_of"),
    "tregua.ledger.claim": ("Claim", "Grade", "Item", "Link", "Part", "Reason"),
    "tregua.ledger.coverage": ("Coverage",),
    "tregua.ledger.dispute": ("Dispute", "Relation"),
    "tregua.ledger.leave_out": ("Contrast", "LeaveOut", "moves"),
    "tregua.ledger.ledger": ("Declared", "Ledger"),
    "tregua.ledger.load": ("load_ledger", "parse_ledger"),
    "tregua.ledger.matrix": ("Matrix",),
    "tregua.ledger.name": ("find_forbidden",),
    "tregua.ledger.rests": ("Foundation", "Rests"),
    "tregua.ledger.role": ("Role",),
    "tregua.ledger.source": ("Source",),
    "tregua.ledger.view": ("ClaimView", "render_claim"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Chain",
    "Claim",
    "ClaimView",
    "Contrast",
    "Coverage",
    "Declared",
    "Dispute",
    "Foundation",
    "Grade",
    "Item",
    "LeaveOut",
    "Ledger",
    "Link",
    "Matrix",
    "Part",
    "Reason",
    "Relation",
    "Rests",
    "Role",
    "Source",
    "chain_of",
    "find_forbidden",
    "load_ledger",
    "moves",
    "parse_ledger",
    "render_claim",
]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'tregua.ledger' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value
