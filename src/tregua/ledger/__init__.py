"""The ledger: attributed statements, their disputes, and what in the model rests on them."""

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
