"""Numbers that are doors: each opens a card with six stops, and each card leads back.

Stops, always in this order: Number, Effect, Series, Claims, Mechanism, Runs. A stop that does not apply is kept and
says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from markupsafe import Markup, escape

STOPS: tuple[str, ...] = ("number", "effect", "series", "claims", "mechanism", "runs")


@dataclass(frozen=True)
class Stop:
    """One stop of a card: its content, or the reason why it does not apply."""

    content: Markup
    applies: bool = True


@dataclass(frozen=True)
class Card:
    """What a number rests on.

    Attributes
    ----------
    id : str
        Without the prefix ``w-`` and without the language.
    title : str
    stops : tuple of six Stop
    group, short : str
        Where many cards are listed: what they share, and what tells this one apart. Empty: listed by title.
    """

    id: str
    title: str
    stops: tuple[Stop, ...]
    group: str = ""
    short: str = ""

    def __post_init__(self) -> None:
        if len(self.stops) != len(STOPS):
            raise ValueError(f"card {self.id} has {len(self.stops)} stops, not {len(STOPS)}")


@dataclass
class CardBook:
    """All cards of one language of a page, and where the numbers that open them stand.

    Attributes
    ----------
    section, section_name : str
        Anchor and words of the section being written.
    used_in : dict
        Card -> anchors and words of the places that open it.
    rests : dict
        Claim -> cards in which it stands: the way back from a claim to the numbers that rest on it.
    """

    lang: str
    section: str = ""
    section_name: str = ""
    cards: dict[str, Card] = field(default_factory=dict)
    used_in: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    rests: dict[str, list[str]] = field(default_factory=dict)
    _writing: list[str] = field(default_factory=list)

    def num(
        self, card: str, text: str, build: Callable[[], Card], *, row: str = "", css: str = "", label: str = ""
    ) -> Markup:
        """A number as a link to its card; the card is built the first time.

        Parameters
        ----------
        row : str
            The row of the card that this number is (``h5``, ``r3``).
        label : str
            Text for a screen reader where the number alone says too little.
        """
        if card not in self.cards:
            self._writing.append(card)
            self.cards[card] = build()
            self._writing.pop()
        places = self.used_in.setdefault(card, [])
        anchor = ""
        place = (self.section, self.section_name)
        if place not in places:
            places.append(place)
            if len(places) == 1:
                anchor = f' id="{escape(self.number_id(card))}"'
        kind = f"num {css}".strip()
        data = f' data-r="{escape(row)}"' if row else ""
        said = f' aria-label="{escape(label)}"' if label else ""
        return Markup(f'<a class="{kind}" href="#{escape(self.card_id(card))}"{anchor}{data}{said}>{escape(text)}</a>')

    def claim(self, claim: str, anchor: str) -> Markup:
        """A claim as a link to its box; where it stands in a card, the box will lead back to that card."""
        if self._writing and self._writing[-1] not in self.rests.setdefault(claim, []):
            self.rests[claim].append(self._writing[-1])
        return Markup('<a class="id" href="#{}">{}</a>').format(anchor, claim)

    def card_id(self, card: str) -> str:
        return f"w-{card}-{self.lang}"

    def number_id(self, card: str) -> str:
        return f"n-{card}-{self.lang}"
