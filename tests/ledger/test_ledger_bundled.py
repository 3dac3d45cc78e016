"""What the bundled ledger promises: every claim, both languages, statuses that never collapse, and nothing unsaid."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest

from tregua.cli.ledger import ledger_folder
from tregua.errors import LedgerError
from tregua.ledger import Ledger, render_claim
from tregua.ledger.status import KIND_CHIPS, KINDS, LANGUAGES, LEGAL_CHIPS, LEGALS
from tregua.ledger.wording import CREDIBILITY_WORDS, DIRECTION_WORDS, RELIABILITY_WORDS, TARGET_WORDS, TEXTS

PERSON = {"interlocutor", "interlocutor_los_angeles", "security_minister", "facilitators", "mayor", "mayor_honduras"}


def test_all_claims_of_the_article_are_here(bundled: Ledger) -> None:
    article = [claim for claim in bundled.claims.values() if claim.id.startswith("C")]
    assert sorted(claim.id for claim in article) == [f"C{n:02d}" for n in range(1, 68)]
    assert {claim.source for claim in article} == {"SEED"}


def test_qualifications_and_figures_come_from_outside_the_article(bundled: Ledger) -> None:
    outside = [claim for claim in bundled.claims.values() if not claim.id.startswith("C")]
    assert len(outside) >= 100
    assert "SEED" not in {claim.source for claim in outside}


def test_there_is_no_unexplained_hole_in_either_direction(
    bundled: Ledger, declared: dict[str, tuple[str, ...]]
) -> None:
    assert {"parameter", "mechanism", "lever", "outcome", "reading", "arm", "observation"} <= set(declared)
    assert bundled.check(declared) == []
    found = bundled.coverage(declared)
    assert found.is_complete
    assert found.unchecked == ()


def test_every_claim_that_the_model_names_bears_on_what_names_it(bundled: Ledger) -> None:
    from tregua.model.declare import PARAMETERS
    from tregua.model.levers import LEVERS

    named = [("parameter", name, claim) for name, p in PARAMETERS.items() for claim in p.claims]
    named += [("lever", lever.id, claim) for lever in LEVERS for claim in lever.claims]
    missing = [
        (kind, name, claim)
        for kind, name, claim in named
        if re.fullmatch(r"C\d\d", claim) and claim not in {link.claim for link in bundled.links_to(kind, name)}
    ]
    assert len(named) > 150
    assert missing == []


def test_an_assumption_is_never_left_beside_a_size_that_somebody_gives(bundled: Ledger) -> None:
    sized = {link.base for link in bundled.links if link.kind == "parameter" and link.direction == "supports"}
    assert [r.target for r in bundled.assumptions if r.kind == "parameter" and r.target in sized] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_allegation_is_shown_with_asserter_status_reply_and_outcome(bundled: Ledger, lang: str) -> None:
    allegations = [claim for claim in bundled.claims.values() if claim.is_allegation]
    assert len(allegations) > 15
    for claim in allegations:
        view = render_claim(bundled, claim.id, lang)
        assert view.asserter, claim.id
        assert view.chips, claim.id
        assert view.replies or view.reply_note, claim.id
        assert view.outcomes or view.outcome_note, claim.id
        note = view.reply_note or view.replies[0].id
        assert note in view.box, claim.id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_allegation_beside_another_claim_carries_its_own_answer(bundled: Ledger, lang: str) -> None:
    for claim in bundled.claims:
        view = render_claim(bundled, claim, lang)
        for other in (*view.contradicted_by, *view.qualified_by, *view.supported_by, *view.followed_by):
            if bundled.claims[other.id].is_allegation:
                assert other.answer in other.full
                assert other.answer, (claim, other.id)


def test_a_view_without_a_reply_line_cannot_be_made(bundled: Ledger) -> None:
    view = render_claim(bundled, "C55")
    assert view.reply_note == "No reply is recorded here"
    with pytest.raises(LedgerError):
        replace(view, reply_note="")
    with pytest.raises(LedgerError):
        replace(view, asserter="")


def test_statuses_never_collapse(bundled: Ledger) -> None:
    assert render_claim(bundled, "C01").chips == ("Reported", "Listed by a government", "Alleged")
    assert render_claim(bundled, "C18").chips == ("Alleged", "Charged", "Denied")
    assert render_claim(bundled, "Q12").chips == ("Reported", "Conviction", "Conviction in absentia")
    labels = [chips[lang] for chips in (*KIND_CHIPS.values(), *LEGAL_CHIPS.values()) for lang in LANGUAGES]
    assert len({*(c["en"] for c in KIND_CHIPS.values()), *(c["en"] for c in LEGAL_CHIPS.values())}) == len(labels) // 2
    assert set(KIND_CHIPS) == set(KINDS)
    assert set(LEGAL_CHIPS) == set(LEGALS) - {"none"}
    assert not any(re.search(r"member|miembro|pandillero|guilty|culpable", label, re.IGNORECASE) for label in labels)


def test_a_charge_says_that_it_is_no_finding(bundled: Ledger) -> None:
    for claim in bundled.claims.values():
        for lang, caveat in (("en", "A charge is not a finding."), ("es", "Acusar no es probar.")):
            if "charged" in claim.legals:
                assert caveat in render_claim(bundled, claim.id, lang).sentence


def test_what_is_unknown_is_printed_as_unknown(bundled: Ledger) -> None:
    [undated] = [claim for claim in bundled.claims.values() if claim.place == "unknown"]
    english, spanish = (render_claim(bundled, undated.id, lang) for lang in LANGUAGES)
    assert (english.source[-13:], english.place) == ("no date given", "where in it is not given")
    assert (spanish.source[-9:], spanish.place) == ("sin fecha", "sin indicar en qué parte")
    assert render_claim(bundled, "C02", "en").asserted == "unknown"
    assert render_claim(bundled, "C02", "es").asserted == "se desconoce"
    assert render_claim(bundled, "C09", "en").outcome_note == "Outcome unknown to us"
    assert render_claim(bundled, "C59", "es").outcome_note == "No conocemos el desenlace"
    for claim in bundled.claims:
        for lang in LANGUAGES:
            view = render_claim(bundled, claim, lang)
            assert not {"unknown", "se desconoce"} & {*view.source.split(", "), view.place}, "unknown of what?"
            assert all((view.asserted, view.period, view.source, view.place, view.tells, view.grade_words))


def test_claims_about_a_person_carry_no_value_anywhere(bundled: Ledger) -> None:
    for claim in bundled.claims.values():
        if claim.about_person:
            assert claim.grade.credibility == "6"
            view = render_claim(bundled, claim.id)
            assert view.not_valued
            assert not any(isinstance(getattr(view, field.name), int | float) for field in fields(view)
                           if not isinstance(getattr(view, field.name), bool))  # fmt: skip
            assert not re.search(r"\d", view.tells.replace(claim.id, ""))


def test_whatever_is_said_of_a_person_is_marked(bundled: Ledger) -> None:
    for claim in bundled.claims.values():
        if claim.subject in PERSON:
            assert claim.about_person, claim.id
    assert {role for role in PERSON if not bundled.roles[role].is_person} == set()


def test_sources_that_concern_one_person_have_no_address(bundled: Ledger) -> None:
    for key in ("OFAC2016", "IS_COMPANION", "INTERCEPT2016", "IS2016RIGHTS", "LAT2013", "LAPRENSALATINA2023"):
        assert bundled.sources[key].address == ""
    assert all(source.locator == "" for source in bundled.sources.values())


def test_every_source_and_every_role_is_used(bundled: Ledger) -> None:
    assert {claim.source for claim in bundled.claims.values()} == set(bundled.sources)
    used = {role for c in bundled.claims.values() for role in (*c.asserters, c.subject, c.grade.by)}
    assert used == set(bundled.roles)


def test_everything_is_sealed(bundled: Ledger) -> None:
    assert set(bundled.seal.claims) == set(bundled.claims)
    assert set(bundled.seal.relations) == {relation.key for relation in bundled.relations}
    assert set(bundled.seal.sources) == set(bundled.sources)


HEDGES = {"en": r"purportedly|may have|seem|alleg", "es": r"supuestamente|pudo|parecen|supuest"}


def test_a_hedge_of_the_source_stands_in_both_languages(bundled: Ledger) -> None:
    hedged = [part for claim in bundled.claims.values() for part in claim.parts if part.hedged]
    assert len(hedged) >= 3
    for part in hedged:
        for lang, pattern in HEDGES.items():
            assert re.search(pattern, part.text(lang), re.IGNORECASE), part.text_en


NEVER = {
    "en": r"\b(forecasts?|predicts?|proves?|proven|lives saved|hot ?spots?|neutralised|so-called|terrorists)\b",
    "es": r"\b(pronóstico|predice|demuestra|comprueba|vidas salvadas|abatidos?|dar de baja|marer[oa]s?|señala que)\b",
}


def test_words_that_are_never_used_are_not_used(bundled: Ledger) -> None:
    for lang, pattern in NEVER.items():
        texts = [claim.text(lang) for claim in bundled.claims.values()]
        texts += [x.why(lang) for x in (*bundled.links, *bundled.relations, *bundled.assumptions)]
        texts += [item.label(lang) for item in bundled.items.values()]
        assert [text for text in texts if re.search(pattern, text, re.IGNORECASE)] == []


def test_alleged_parts_say_so_in_both_languages(bundled: Ledger) -> None:
    says = {
        "en": r"\b(alleg|accus|believe|charged|testified|say|says|said|seem)",
        "es": r"\b(Según|denunciaba|señal|acus|dice|supuest|apoyó)",
    }
    for claim in bundled.claims.values():
        for part in claim.parts:
            if part.kind in ("alleged", "testimony"):
                for lang, pattern in says.items():
                    assert re.search(pattern, part.text(lang)), (claim.id, part.text(lang))


def test_every_word_has_both_languages() -> None:
    for table in (TEXTS, KIND_CHIPS, LEGAL_CHIPS, TARGET_WORDS, DIRECTION_WORDS, RELIABILITY_WORDS, CREDIBILITY_WORDS):
        for key, texts in table.items():
            assert set(texts) == set(LANGUAGES), key
            assert all(texts.values()), key
    for texts in TEXTS.values():
        assert set(re.findall(r"\{\w+\}", texts["en"])) == set(re.findall(r"\{\w+\}", texts["es"]))


def test_the_ledger_room_imports_no_other_room() -> None:
    package = ledger_folder("el_salvador_2012").parents[2] / "ledger"
    sources = [path.read_text(encoding="utf-8") for path in sorted(package.glob("*.py"))]
    imported = {name for text in sources for name in re.findall(r"(?:from|import) tregua\.(\w+)", text)}
    assert len(sources) > 10
    assert imported <= {"ledger", "errors"}
