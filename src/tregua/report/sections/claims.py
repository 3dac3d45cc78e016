"""Section 11: who says so, who denies it, what it tells between readings, and what rests on whose word."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from tregua.report.cards import plain_claim_link
from tregua.report.claim_card import claim_box
from tregua.report.inputs import Bilingual, ClaimView, LedgerText, LeftOut, ReadingsByClaim
from tregua.report.section import Context, Need, Section

WIDEST = 22
"""Claims in one piece of the grid: as many columns as a desk shows without scrolling."""
GROUPS = ("C", "Q", "F")
"""Leading letters of claim ids: claims of the text, qualifications from elsewhere, published figures."""


@dataclass(frozen=True)
class Voice:
    """Columns of one asserter."""

    name: Bilingual
    columns: tuple[ReadingsByClaim, ...]


def pieces(columns: tuple[ReadingsByClaim, ...]) -> list[list[Voice]]:
    """The grid cut into pieces of at most `WIDEST` claims, an asserter kept whole where it fits.

    Voices come in order of appearance and so do their claims: nothing is sorted by what it says.
    """
    order = list(dict.fromkeys(column.voice for column in columns))
    sorted_columns = sorted(columns, key=lambda column: order.index(column.voice))
    cut: list[list[Voice]] = [[]]
    for name, found in groupby(sorted_columns, key=lambda column: column.voice):
        left = tuple(found)
        while left:
            room = WIDEST - sum(len(voice.columns) for voice in cut[-1])
            if len(left) > room and cut[-1]:
                cut.append([])
                continue
            cut[-1].append(Voice(name, left[:room]))
            left = left[room:]
    return [piece for piece in cut if piece]


def group_of(claim: ClaimView) -> str:
    """Leading letter of its id, where the page has words for it."""
    return claim.id[:1] if claim.id[:1] in GROUPS else "other"


def loses(left: LeftOut) -> bool:
    """True where something beyond the claims themselves is lost without this voice."""
    return bool(left.lost or left.sizes or left.readings or left.unanswered)


def named(c: Context, arms: tuple[str, ...]) -> str:
    """Responses as a sentence names them."""
    return c.words.listing([c.words.inside(c.arm_label(arm)) for arm in arms])


def render(c: Context) -> Markup:
    """The grid, the disputes, every claim in its box, coverage both ways and what is lost without a voice."""
    ledger = c.inputs.ledger or LedgerText()
    telling = tuple(column for column in ledger.columns if len(set(column.cells)) > 1)
    boxes: dict[str, list[Markup]] = {}
    for claim in c.inputs.claims:
        boxes.setdefault(group_of(claim), []).append(claim_box(c, claim))
    return c.html(
        "claims.html.j2",
        section=SECTION,
        ledger=ledger,
        pieces=pieces(telling),
        telling=len(telling),
        same=[column.claim for column in ledger.columns if column.fits_all],
        silent=len(c.inputs.claims) - len(ledger.columns),
        boxes=boxes,
        disputed=[claim for claim in c.inputs.claims if claim.disputed],
        homeless=[claim for claim in c.inputs.claims if claim.no_home.of(c.lang)],
        losing=[left for left in ledger.left_out if loses(left)],
        harmless=[left for left in ledger.left_out if not loses(left)],
        link=plain_claim_link,
        named=named,
    )


SECTION = Section(11, "claims", "q.claims", "short.claims", render, needs=(Need("claims", "what.claims"),), last=True)
