"""Views: a claim as it may be shown, with everything that has to stand beside it. Plain text, no markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tregua.errors import LedgerError, UsageError
from tregua.ledger.claim import EVERY, UNKNOWN, Claim, Part
from tregua.ledger.ledger import Ledger
from tregua.ledger.matrix import Column, column
from tregua.ledger.source import Source
from tregua.ledger.status import LANGUAGES, LEGAL_CAVEATS, chips
from tregua.ledger.wording import (
    CREDIBILITY_WORDS,
    DIRECTION_WORDS,
    RELIABILITY_WORDS,
    TARGET_WORDS,
    joined,
    say,
)


@dataclass(frozen=True)
class PartView:
    """One part of a claim.

    Attributes
    ----------
    chips : tuple of str
        Status in words, one or two nouns.
    kind, legal : str
        Status in ids, for the form of the border.
    text : str
        The paraphrase; begins with the asserter.
    caveat : str
        What the legal state must be read with; empty where nothing is needed.
    hedged : str
        Says that the source hedges; empty where it does not.
    """

    chips: tuple[str, ...]
    kind: str
    legal: str
    text: str
    caveat: str
    hedged: str


@dataclass(frozen=True)
class Beside:
    """Another claim that has to stand beside this one: a reply, a contradiction, an outcome.

    Attributes
    ----------
    id : str
    chips : tuple of str
    text : str
    why : str
        The reasoning of the relation; empty where the relation is indirect.
    answer : str
        Where the other claim is an allegation itself: who replies to it, or that nobody does. Empty otherwise.
    """

    id: str
    chips: tuple[str, ...]
    text: str
    why: str
    answer: str = ""

    @property
    def full(self) -> str:
        """The text with its answer: how it has to be shown."""
        return f"{self.text} ({self.answer})" if self.answer else self.text


@dataclass(frozen=True)
class Bears:
    """What a claim bears on.

    Attributes
    ----------
    kind, id : str
        As in the links; ``*`` for every reading.
    word, direction : str
        Kind and direction in words.
    how : str
        Direction as an id.
    why : str
    """

    kind: str
    id: str
    word: str
    direction: str
    how: str
    why: str


@dataclass(frozen=True)
class ClaimView:
    """A claim as it may be shown.

    It cannot be made without what a guard rail demands: an allegation always carries asserter, status and either a
    reply or the sentence that none is recorded.

    Attributes
    ----------
    id, lang : str
    parts : tuple of PartView
    asserter, subject : str
        Role labels.
    asserted, period, source, place : str
        In words; what is unknown says so.
    source_key : str
    grade, grade_words, grader : str
        Two characters, what they mean, and whose judgement they are.
    replies : tuple of Beside
    reply_note : str
        Says that no reply is recorded, or that it stands in the same claim; empty otherwise.
    contradicted_by, qualified_by, supported_by, followed_by : tuple of Beside
    answers : tuple of str
        Ids of the claims that this one replies to.
    outcomes : tuple of Beside
    outcome_note : str
        Says that the outcome is unknown; empty where one is recorded or none is to be expected.
    bears_on : tuple of Bears
    no_home : str
        Why the model has no place for it; empty where it has one.
    tells : str
        What it tells between readings, in a sentence.
    not_valued : str
        Says that the claim is never evaluated; empty where it may be.
    is_allegation, about_person, disputed : bool
    """

    id: str
    lang: str
    parts: tuple[PartView, ...]
    asserter: str
    subject: str
    asserted: str
    period: str
    source: str
    source_key: str
    place: str
    grade: str
    grade_words: str
    grader: str
    replies: tuple[Beside, ...]
    reply_note: str
    contradicted_by: tuple[Beside, ...]
    qualified_by: tuple[Beside, ...]
    supported_by: tuple[Beside, ...]
    followed_by: tuple[Beside, ...]
    answers: tuple[str, ...]
    outcomes: tuple[Beside, ...]
    outcome_note: str
    bears_on: tuple[Bears, ...]
    no_home: str
    tells: str
    not_valued: str
    is_allegation: bool
    about_person: bool
    disputed: bool

    def __post_init__(self) -> None:
        """Refuse a view that a guard rail forbids."""
        complete = self.asserter and self.chips and (self.replies or self.reply_note)
        if self.is_allegation and not complete:
            raise LedgerError(
                f"{self.id} is an allegation and cannot be shown without asserter, status and reply", key="view",
                mend="make the view with render_claim",
            )  # fmt: skip

    @property
    def chips(self) -> tuple[str, ...]:
        """Chips of all parts, each once."""
        return tuple(dict.fromkeys(chip for part in self.parts for chip in part.chips))

    @property
    def sentence(self) -> str:
        """All parts and their caveats, in one paragraph."""
        return " ".join(" ".join(text for text in (part.text, part.hedged, part.caveat) if text) for part in self.parts)

    @property
    def box(self) -> str:
        """What must wrap and be cut together: id, status, sentence, and for an allegation the reply and outcome."""
        rows = [f"{self.id} {' · '.join(self.chips).upper()}", self.sentence]
        if self.is_allegation:
            rows += [f"{say('reply', self.lang)} {reply.id}: {reply.full}" for reply in self.replies]
            rows += [f"{note}." for note in (self.reply_note, self.outcome_note) if note]
        rows += [f"{say('outcome', self.lang)} {later.id}: {later.full}" for later in self.outcomes]
        return "\n".join(rows)


def language(lang: str) -> str:
    """A language that the ledger speaks.

    Raises
    ------
    UsageError
        For any other.
    """
    if lang not in LANGUAGES:
        raise UsageError(
            "no such language", key="lang", found=lang[:20], allowed=", ".join(LANGUAGES), mend="choose one of them"
        )
    return lang


def dated(value: str, lang: str) -> str:
    """A date or a span as it is printed; unknown is a word of the language, never blank."""
    return say("unknown", lang) if value == UNKNOWN else value.replace("/", " – ")


def citation(ledger: Ledger, claim: Claim, lang: str) -> str:
    """Publisher, title and date of a claim's source. Never its locator."""
    source = ledger.sources[claim.source]
    date = say("no_date", lang) if source.date == UNKNOWN else dated(source.date, lang)
    return f"{published(source, lang)}, {source.title}, {date}"


def published(source: Source, lang: str) -> str:
    """Who published a source; where that is not known, that it is not given."""
    return say("no_publisher", lang) if source.publisher == UNKNOWN else source.publisher


def tells(column: Column | None, lang: str, labels: Mapping[str, str] | None = None) -> str:
    """What a claim tells between readings, in a sentence without a number."""
    words = labels or {}
    if column is None or not (column.fits or column.against):
        return say("no_reading", lang)
    if column.fits_all:
        return say("all_fit", lang)
    pieces = []
    if column.fits:
        pieces.append(say("fits", lang, readings=joined([words.get(r, r) for r in column.fits], lang)))
    if column.against:
        key = "against" if pieces else "against_only"
        pieces.append(say(key, lang, readings=joined([words.get(r, r) for r in column.against], lang)))
    if column.open:
        pieces.append(say("open", lang))
    return "; ".join(pieces) + "."


def render_claim(
    ledger: Ledger, id: str, lang: str = "en", readings: Iterable[str] | Mapping[str, str] = ()
) -> ClaimView:
    """A claim as it may be shown.

    Parameters
    ----------
    ledger : Ledger
    id : str
        ``C09``.
    lang : {"en", "es"}
    readings : iterable of str, or mapping
        The readings of the case in their order, or their ids with the words to show for them; without them those that
        links name are taken.

    Returns
    -------
    ClaimView
        Plain text throughout: a page escapes it, a terminal prints it as it is.

    Raises
    ------
    UsageError
        For an unknown claim or language.
    """
    language(lang)
    thread = ledger.show(id)
    claim = thread.claim
    outcomes = tuple(_beside(ledger, other, claim.id, lang) for other in thread.outcomes)
    replies = tuple(_beside(ledger, other, claim.id, lang, reply=True) for other in thread.dispute.replies)
    rows = tuple(readings) or known_readings(ledger)
    labels = readings if isinstance(readings, Mapping) else {}
    roles = ledger.roles
    return ClaimView(
        id=claim.id,
        lang=lang,
        parts=tuple(
            PartView(
                chips(part.kind, part.legal, lang),
                part.kind,
                part.legal,
                part.text(lang),
                LEGAL_CAVEATS.get(part.legal, {}).get(lang, ""),
                say("hedged", lang) if part.hedged else "",
            )
            for part in claim.parts
        ),
        asserter=joined([roles[role].label(lang) for role in claim.asserters], lang),
        subject=roles[claim.subject].label(lang),
        asserted=dated(claim.asserted, lang),
        period=dated(claim.period, lang),
        source=citation(ledger, claim, lang),
        source_key=claim.source,
        place=say("no_place", lang) if claim.place == UNKNOWN else dated(claim.place, lang),
        grade=str(claim.grade),
        grade_words=(
            f"{RELIABILITY_WORDS[claim.grade.reliability][lang]}; {CREDIBILITY_WORDS[claim.grade.credibility][lang]}"
        ),
        grader=roles[claim.grade.by].label(lang),
        replies=replies,
        reply_note=_reply_note(claim, bool(replies), lang),
        contradicted_by=tuple(_beside(ledger, other, claim.id, lang) for other in thread.dispute.contradicted_by),
        qualified_by=tuple(_beside(ledger, other, claim.id, lang) for other in thread.dispute.qualified_by),
        supported_by=tuple(_beside(ledger, other, claim.id, lang) for other in ledger.web.into(claim.id, "supports")),
        followed_by=tuple(_beside(ledger, other, claim.id, lang) for other in thread.superseded_by),
        answers=thread.answers,
        outcomes=outcomes,
        outcome_note=say("outcome_unknown", lang) if claim.has_open_outcome and not outcomes else "",
        bears_on=tuple(
            Bears(
                link.kind,
                link.target,
                TARGET_WORDS[link.kind][lang],
                DIRECTION_WORDS[link.direction][lang],
                link.direction,
                link.why(lang),
            )
            for link in thread.links
        ),
        no_home=(claim.no_home_es if lang == "es" else claim.no_home_en),
        tells=tells(column(ledger, claim.id, rows), lang, labels),
        not_valued=say("not_valued", lang) if claim.about_person else "",
        is_allegation=claim.is_allegation,
        about_person=claim.about_person,
        disputed=ledger.is_disputed(claim.id),
    )


def known_readings(ledger: Ledger) -> tuple[str, ...]:
    """Readings that links or assumptions name, in order of appearance."""
    named = (link.target for link in ledger.links if link.kind == "reading" and link.target != EVERY)
    return tuple(dict.fromkeys(named))


def _reply_note(claim: Claim, replied: bool, lang: str) -> str:
    if replied or not claim.is_allegation:
        return ""
    return say("reply_within" if claim.answers_itself else "reply_none", lang)


def _beside(ledger: Ledger, id: str, to: str, lang: str, *, reply: bool = False) -> Beside:
    claim = ledger.claims[id]
    relations = (*ledger.web.incoming.get(to, ()), *ledger.web.outgoing.get(to, ()))
    why = next((r.why(lang) for r in relations if id in (r.subject, r.object)), "")
    subject = ledger.claims[to].subject
    parts = tuple(part for part in claim.parts if reply and subject in part.asserters) or claim.parts
    marks = tuple(dict.fromkeys(chip for part in parts for chip in chips(part.kind, part.legal, lang)))
    text = " ".join(_said(part, lang) for part in parts)
    answer = ""
    if claim.is_allegation and parts == claim.parts:
        replies = ledger.dispute(id).replies
        answer = f"{say('reply', lang)}: {', '.join(replies)}" if replies else _reply_note(claim, False, lang)
    return Beside(id, marks, text, why, answer)


def _said(part: Part, lang: str) -> str:
    caveat = LEGAL_CAVEATS.get(part.legal, {}).get(lang, "")
    hedge = say("hedged", lang) if part.hedged else ""
    return " ".join(text for text in (part.text(lang), hedge, caveat) if text)
