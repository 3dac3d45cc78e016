"""The claims of a case as the page shows them: boxes, the grid of readings, coverage, what is lost without a voice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from tregua.case.declared import declared_ids
from tregua.ledger import Contrast as LedgerContrast
from tregua.ledger import Ledger, load_ledger, moves, render_claim
from tregua.ledger.claim import EVERY
from tregua.ledger.wording import TARGET_WORDS
from tregua.report.inputs import (
    NOTHING,
    REFERENCE_ARM,
    Assumption,
    Bearing,
    Beside,
    Bilingual,
    ClaimPart,
    ClaimView,
    Contrast,
    LedgerText,
    LeftOut,
    ReadingsByClaim,
    SingleVoice,
)

if TYPE_CHECKING:
    from tregua.case.load import Case
    from tregua.ledger.view import Beside as LedgerBeside

LABELLED = ("guard_rail",)
"""Kinds of target whose ids say nothing to a reader and whose words the ledger holds."""


def ledger_of(case: Case) -> Ledger | None:
    """The ledger of a case, or None where it has none."""
    folder = case.folder / "ledger"
    return load_ledger(folder) if folder.is_dir() else None


def claims_about(ledger: Ledger | None, kind: str, ids: Iterable[str]) -> tuple[str, ...]:
    """Claims that bear on any of these things in the model, in ledger order."""
    if ledger is None:
        return ()
    found = {link.claim for id in ids for link in ledger.links_to(kind, id) if link.target != EVERY}
    return tuple(claim for claim in ledger.claims if claim in found)


def claim_views(ledger: Ledger, readings: Mapping[str, Bilingual]) -> tuple[ClaimView, ...]:
    """Every claim with everything that has to stand beside it.

    Parameters
    ----------
    ledger : Ledger
    readings : mapping
        Readings of the case in their order, with the words to show for them.
    """
    english = {id: label.en for id, label in readings.items()}
    spanish = {id: label.es for id, label in readings.items()}
    views = []
    for id in ledger.claims:
        en, es = render_claim(ledger, id, "en", english), render_claim(ledger, id, "es", spanish)
        parts = tuple(
            ClaimPart(
                one.kind,
                Bilingual(one.text, other.text),
                _pairs(one.chips, other.chips),
                one.legal,
                Bilingual(one.caveat, other.caveat),
                Bilingual(one.hedged, other.hedged),
            )
            for one, other in zip(en.parts, es.parts, strict=True)
        )
        views.append(
            ClaimView(
                id=id,
                asserter=Bilingual(en.asserter, es.asserter),
                parts=parts,
                asserted=Bilingual(en.asserted, es.asserted),
                source=Bilingual(en.source, es.source),
                source_key=en.source_key,
                place=Bilingual(en.place, es.place),
                grade=en.grade,
                grader=Bilingual(en.grader, es.grader),
                replies=_beside(en.replies, es.replies),
                reply_note=Bilingual(en.reply_note, es.reply_note),
                outcomes=_beside(en.outcomes, es.outcomes),
                outcome_note=Bilingual(en.outcome_note, es.outcome_note),
                contradicted_by=_beside(en.contradicted_by, es.contradicted_by),
                qualified_by=_beside(en.qualified_by, es.qualified_by),
                supported_by=_beside(en.supported_by, es.supported_by),
                followed_by=_beside(en.followed_by, es.followed_by),
                answers=en.answers,
                bears_on=tuple(_bearings(ledger, id)),
                tells=Bilingual(en.tells, es.tells),
                no_home=Bilingual(en.no_home, es.no_home),
                not_valued=Bilingual(en.not_valued, es.not_valued),
                is_allegation=en.is_allegation,
                about_person=en.about_person,
                disputed=en.disputed,
            )
        )
    return tuple(views)


def _pairs(en: Sequence[str], es: Sequence[str]) -> tuple[Bilingual, ...]:
    return tuple(Bilingual(one, other) for one, other in zip(en, es, strict=True))


def _beside(en: Sequence[LedgerBeside], es: Sequence[LedgerBeside]) -> tuple[Beside, ...]:
    return tuple(
        Beside(one.id, _pairs(one.chips, other.chips), Bilingual(one.full, other.full), Bilingual(one.why, other.why))
        for one, other in zip(en, es, strict=True)
    )


def _bearings(ledger: Ledger, id: str) -> Iterable[Bearing]:
    seen = dict.fromkeys((link.kind, link.base) for link in ledger.links_of.get(id, ()))
    for kind, target in seen:
        item = ledger.items.get((kind, target)) if kind in LABELLED else None
        label = Bilingual(item.label_en, item.label_es) if item is not None else NOTHING
        yield Bearing(kind, target, _word(kind), label)


def _word(kind: str) -> Bilingual:
    words = TARGET_WORDS[kind]
    return Bilingual(words["en"], words["es"])


def ledger_text(ledger: Ledger, case: Case, contrasts: Sequence[Contrast], main: tuple[str, int]) -> LedgerText:
    """The grid, the coverage and, for every asserter, what is lost without that voice.

    Parameters
    ----------
    ledger : Ledger
    case : Case
    contrasts : sequence of Contrast
        From runs; empty where there are none.
    main : tuple of (decision, horizon)
        The contrasts of homicides that are told.
    """
    readings = tuple(case.readings)
    arms = [arm for decision in case.decisions.values() for arm in decision.arms]
    covered = ledger.coverage(declared_ids(readings, arms))
    grid = ledger.matrix(readings)
    rows = killings(contrasts, main)
    return LedgerText(
        columns=tuple(
            ReadingsByClaim(column.claim, _voice(ledger, column.voice), "".join(column.cells), column.pairs_separated)
            for column in grid.columns
        ),
        supported=tuple((_word(kind), len(ids)) for kind, ids in covered.supported.items() if ids),
        assumptions=tuple(
            Assumption(_word(kind), id, Bilingual(reason.why_en, reason.why_es))
            for kind, ids in covered.assumed.items()
            for id in ids
            for reason in (ledger.assumption_of[kind, id],)
        ),
        single=tuple(
            SingleVoice(_voice(ledger, role), tuple((_word(kind), ids) for kind, ids in kinds.items()))
            for role, kinds in covered.single.items()
        ),
        left_out=tuple(_without(ledger, role, readings, rows) for role in ledger.asserters()),
    )


def _voice(ledger: Ledger, role: str) -> Bilingual:
    found = ledger.roles[role]
    return Bilingual(found.label_en, found.label_es)


def killings(contrasts: Sequence[Contrast], main: tuple[str, int]) -> tuple[LedgerContrast, ...]:
    """Medians of homicides with their signs at the horizon shown first, one a response and reading."""
    return tuple(
        LedgerContrast(row.arm, row.reading, row.outcome, row.decision, row.horizon, row.q50, row.sign)
        for row in contrasts
        if (row.decision, row.horizon) == main
        and row.outcome == "homicides"
        and row.arm != REFERENCE_ARM
        and row.status == "ok"
    )


def _without(ledger: Ledger, role: str, readings: tuple[str, ...], rows: Sequence[LedgerContrast]) -> LeftOut:
    lost = ledger.leave_out(asserters=[role], readings=readings)
    moved = moves(rows, lost.readings_fallen) if lost.readings_fallen else ()
    return LeftOut(
        voice=_voice(ledger, role),
        fallen=lost.fallen,
        shortened=lost.shortened,
        lost=tuple((_word(kind), ids) for kind, ids in lost.lost.items()),
        sizes=lost.sizes_lost,
        readings=lost.readings_fallen,
        unanswered=lost.unanswered,
        flips_gone=tuple(move.arm for move in moved if move.flip_gone),
        narrowed=tuple(move.arm for move in moved if move.moved and not move.flip_gone),
    )
