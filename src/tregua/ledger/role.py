"""Roles: who speaks and who is spoken of. A ledger holds roles, institutions and topics, never names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

RoleKind = Literal["person", "institution", "group", "text", "topic"]
ROLE_KINDS: Final[tuple[RoleKind, ...]] = get_args(RoleKind)


@dataclass(frozen=True, slots=True)
class Role:
    """A voice or a subject.

    Attributes
    ----------
    id : str
        Snake case.
    kind : {"person", "institution", "group", "text", "topic"}
        ``person`` is a role that one person, or a few who could be recognised, held: whatever is said of it is a
        claim about a person. ``text`` is a document that speaks in its own voice; ``topic`` only ever is a subject.
    label_en, label_es : str
        As the words stand inside a sentence, with the article ("the interlocutor").
    """

    id: str
    kind: RoleKind
    label_en: str
    label_es: str

    @property
    def is_person(self) -> bool:
        """True where the role was held by one person, or by a few who could be recognised."""
        return self.kind == "person"

    def label(self, lang: str) -> str:
        """The words for the role inside a sentence."""
        return self.label_es if lang == "es" else self.label_en
