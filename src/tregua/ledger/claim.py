"""Claims: attributed statements in parts, their grades, their links and the hash of what they say."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal, get_args

from tregua.ledger.source import Source
from tregua.ledger.status import ALLEGING_KINDS, OPEN_LEGALS, Kind, Legal

UNKNOWN: Final = "unknown"
"""What stands in a file, and is printed, where something is not known. Never blank, never zero."""

Target = Literal["mechanism", "parameter", "lever", "outcome", "observation", "pattern", "reading", "arm", "guard_rail"]
TARGETS: Final[tuple[Target, ...]] = get_args(Target)

Direction = Literal["supports", "against", "consistent", "inconsistent", "neutral"]
DIRECTIONS: Final[tuple[Direction, ...]] = get_args(Direction)

FAVOURABLE: Final[frozenset[str]] = frozenset({"supports", "consistent"})
"""Directions that count as a reason for something to be in the model."""

HASH_LENGTH: Final = 32
"""Hexadecimal digits kept of a SHA-256: enough against accident and against a patient editor."""

EVERY: Final = "*"
"""Target id that stands for every id of its kind (a claim that bears on every reading)."""


@dataclass(frozen=True, slots=True)
class Grade:
    """Admiralty grade: two characters that are never multiplied into one number.

    Attributes
    ----------
    reliability : str
        ``A`` (completely reliable) to ``E`` (unreliable), ``F`` cannot be judged: of the source.
    credibility : str
        ``1`` (confirmed by others) to ``5`` (improbable), ``6`` cannot be judged: of what it says. A claim about a
        person always has 6: this ledger does not judge whether such a claim is true.
    by : str
        Role id of whoever graded.
    """

    reliability: str
    credibility: str
    by: str

    def __str__(self) -> str:
        return f"{self.reliability}{self.credibility}"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing said, in one way.

    Attributes
    ----------
    kind : str
        How it was put; one of `tregua.ledger.status.KINDS`.
    legal : str
        Where it stands before the law; one of `tregua.ledger.status.LEGALS`.
    hedged : bool
        True where the source itself hedges ("purportedly", "seem").
    asserters : tuple of str
        Role ids; several where they say it together.
    text_en, text_es : str
        The paraphrase, a sentence that begins with the asserter. Plain text: a page escapes it.
    """

    kind: Kind
    legal: Legal
    hedged: bool
    asserters: tuple[str, ...]
    text_en: str
    text_es: str

    def text(self, lang: str) -> str:
        """The paraphrase in one language."""
        return self.text_es if lang == "es" else self.text_en


@dataclass(frozen=True)
class Claim:
    """An attributed statement.

    Attributes
    ----------
    id : str
        ``C01`` a claim of the seed text, ``Q01`` an outside qualification, ``F01`` a published figure.
    subject : str
        Role id of what it is about.
    about_person : bool
        True where the subject is one person, or a few who could be recognised. Such a claim never carries a value,
        a probability or a rank.
    asserted, period : str
        When it was said; the period it is about. ISO date, month or year, a span ``a/b``, or ``unknown``.
    source, place : str
        Source key; where in the source (a paragraph, a table).
    grade : Grade
    parts : tuple of Part
        At least one.
    no_home_en, no_home_es : str
        Why no part of the model answers to it; empty where a link exists.
    """

    id: str
    subject: str
    about_person: bool
    asserted: str
    period: str
    source: str
    place: str
    grade: Grade
    parts: tuple[Part, ...]
    no_home_en: str = ""
    no_home_es: str = ""

    @cached_property
    def asserters(self) -> tuple[str, ...]:
        """Role ids of everybody who says a part of it, in order of appearance."""
        return tuple(dict.fromkeys(role for part in self.parts for role in part.asserters))

    @cached_property
    def voice(self) -> str:
        """Role id of whoever it belongs to: who says the first part that is more than a report, else the first part."""
        part = next((part for part in self.parts if part.kind != "reported"), self.parts[0])
        return part.asserters[0]

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of its parts, in order of appearance."""
        return tuple(dict.fromkeys(part.kind for part in self.parts))

    @cached_property
    def legals(self) -> tuple[str, ...]:
        """Legal states of its parts other than none, in order of appearance."""
        return tuple(dict.fromkeys(part.legal for part in self.parts if part.legal != "none"))

    @property
    def is_allegation(self) -> bool:
        """True where it must never be shown without asserter, status and reply.

        That is: something alleged or testified, a listing or a charge, or an opinion about a person.
        """
        return any(
            part.kind in ALLEGING_KINDS
            or part.legal in ("listed", "charged")
            or (part.kind == "opinion" and self.about_person)
            for part in self.parts
        )

    @property
    def answers_itself(self) -> bool:
        """True where one part is the denial, by somebody else, of another part."""
        denying = {role for part in self.parts if part.kind == "denial" for role in part.asserters}
        others = [part for part in self.parts if part.kind != "denial"]
        return bool(denying) and any(denying.isdisjoint(part.asserters) for part in others)

    @property
    def has_open_outcome(self) -> bool:
        """True where an outcome must be stated, or stated to be unknown."""
        return self.is_allegation or any(part.legal in OPEN_LEGALS for part in self.parts)

    def text(self, lang: str) -> str:
        """All parts in one language, one sentence after another."""
        return " ".join(part.text(lang) for part in self.parts)

    def without(self, asserters: frozenset[str]) -> Claim | None:
        """What is left of the claim when some voices are left out, or None when nothing is.

        A part said by several falls only when all of them are left out.
        """
        parts = tuple(part for part in self.parts if not asserters.issuperset(part.asserters))
        if len(parts) == len(self.parts):
            return self
        return self.only(parts) if parts else None

    def only(self, parts: tuple[Part, ...]) -> Claim:
        """The same claim with these parts only."""
        return replace(self, parts=parts)

    @cached_property
    def content_hash(self) -> str:
        """Hash of everything that the claim says and of its attribution; links and grades are judgements beside it.

        A later outcome or a retraction is a new claim that supersedes this one, so this never has to change.
        """
        return digest(
            {
                "id": self.id,
                "subject": self.subject,
                "about_person": self.about_person,
                "asserted": self.asserted,
                "period": self.period,
                "source": self.source,
                "place": self.place,
                "parts": [
                    [part.kind, part.legal, part.hedged, list(part.asserters), part.text_en, part.text_es]
                    for part in self.parts
                ],
            }
        )


@dataclass(frozen=True, slots=True)
class Link:
    """What a claim bears on in the model.

    Attributes
    ----------
    claim : str
    kind : str
        One of `TARGETS`.
    target : str
        Id within its kind, ``*`` for all of a kind; a lever event is ``contact@2012-03-08``.
    direction : str
        ``supports``: a reason for it to be there, or for its size. ``consistent``: fits it, and would not tell its
        size. ``inconsistent``, ``against``: the same, speaking against it. ``neutral``: bears on it either way.
    why_en, why_es : str
        One line of reasoning.
    """

    claim: str
    kind: Target
    target: str
    direction: Direction
    why_en: str
    why_es: str

    @property
    def base(self) -> str:
        """Target without the date of a lever event."""
        return self.target.partition("@")[0]

    @property
    def favours(self) -> bool:
        """True where the claim is a reason for the target."""
        return self.direction in FAVOURABLE

    def why(self, lang: str) -> str:
        """The line of reasoning in one language."""
        return self.why_es if lang == "es" else self.why_en


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something in the model has no claim behind it: an assumption, with its rationale.

    Attributes
    ----------
    kind, target : str
        As in `Link`.
    why_en, why_es : str
        The rationale.
    """

    kind: Target
    target: str
    why_en: str
    why_es: str

    def why(self, lang: str) -> str:
        """The rationale in one language."""
        return self.why_es if lang == "es" else self.why_en


@dataclass(frozen=True, slots=True)
class Item:
    """Something that the ledger itself names so that claims can point to it: a pattern or a guard rail.

    Attributes
    ----------
    kind : {"pattern", "guard_rail"}
    id : str
    label_en, label_es : str
    held_out : bool
        True for a pattern that is never tuned on.
    """

    kind: Target
    id: str
    label_en: str
    label_es: str
    held_out: bool = False

    def label(self, lang: str) -> str:
        """The words in one language."""
        return self.label_es if lang == "es" else self.label_en


def digest(content: object) -> str:
    """Hash of plain data: SHA-256 of its canonical JSON, first `HASH_LENGTH` hexadecimal digits."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:HASH_LENGTH]


def source_hash(source: Source) -> str:
    """Hash of what identifies a source; the locator is outside it."""
    return digest(
        [source.key, source.kind, source.publisher, source.title, source.date, source.doi, list(source.authors)]
    )
