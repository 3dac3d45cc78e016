"""The claims of the bundled case in the page: the click chain of experience.md 2.3, the boxes and the guard rails."""

from __future__ import annotations

from dataclasses import replace

import pytest
from html_reader import Element, read

from tregua.case.load import load_case
from tregua.ledger import Ledger, chain_of, find_forbidden
from tregua.report import gather
from tregua.report.gather_ledger import claim_views, claims_about, ledger_of, ledger_text
from tregua.report.inputs import Bilingual, ClaimPart, ClaimView, ReportInputs
from tregua.report.num import STOPS
from tregua.report.page import page
from tregua.report.sections.claims import WIDEST, pieces

LANGUAGES = ("en", "es")


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    found = ledger_of(load_case("el_salvador_2012"))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def real(inputs: ReportInputs, ledger: Ledger) -> ReportInputs:
    """Invented runs under the claims, mechanisms, readings and sources of the bundled case."""
    case = load_case("el_salvador_2012")
    readings = gather.readings(case, {}, ledger)
    main = inputs.main_horizon[0]
    contrasts = tuple(row for row in inputs.contrasts if (row.decision, row.horizon) == main)
    return replace(
        inputs,
        readings=readings,
        contrasts=contrasts,
        regret=(),
        outcomes=gather.outcomes(case, ledger),
        mechanisms=gather.mechanisms(ledger),
        parameters=gather.parameters(ledger),
        sources=gather.sources(case),
        patterns=tuple(replace(one, claims=claims_about(ledger, "pattern", [one.id])) for one in inputs.patterns),
        claims=claim_views(ledger, {one.id: one.label for one in readings}),
        claims_count=len(ledger.claims),
        ledger=ledger_text(ledger, case, contrasts, main),
    )


@pytest.fixture(scope="module")
def html(real: ReportInputs) -> str:
    return page(real, plain=True)


@pytest.fixture(scope="module")
def tree(html: str) -> Element:
    return read(html)


def half(tree: Element, lang: str) -> Element:
    return tree.find(css=f"doc-{lang}")[0]


def by_id(part: Element) -> dict[str, Element]:
    return {one.attrs["id"]: one for one in part.walk() if "id" in one.attrs}


def links(part: Element) -> set[str]:
    return {one.attrs["href"][1:] for one in part.find("a") if "href" in one.attrs}


def stop(card: Element, name: str) -> Element:
    return next(one for one in card.find("li") if one.attrs.get("data-stop") == name)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_from_almost_half_one_clicks_to_the_claim_its_disputants_the_pattern_the_series_the_mechanism_and_back(
    tree, ledger, lang
):
    page_half = half(tree, lang)
    at = by_id(page_half)
    bought = page_half.find("dl", css="three")[0].find("a", css="num")[0]
    ratio = at[bought.attrs["href"][1:]]
    assert f"claim-C34-{lang}" in links(stop(ratio, "claims"))
    claim = at[f"claim-C34-{lang}"]
    chain = chain_of(ledger, "C34")
    around = links(stop(claim, "claims")) | links(claim.find(css="box")[0])
    assert {f"claim-{id}-{lang}" for id in (*chain.disputed_by, *chain.supported_by)} <= around
    causes = set().union(*(links(at[f"claim-{id}-{lang}"]) for id in chain.supported_by))
    assert {f"claim-{id}-{lang}" for id in chain.support_disputed_by} <= causes | around
    assert f"counts-{lang}" in links(stop(claim, "series"))
    assert f"mechanism-contest-{lang}" in links(stop(claim, "mechanism"))
    assert f"claim-C34-{lang}" in links(at[f"mechanism-contest-{lang}"])
    pattern = at[next(one for one in links(stop(claim, "series")) if one.startswith("w-p-F3"))]
    assert f"counts-{lang}" in links(stop(pattern, "series"))
    assert links(stop(pattern, "mechanism"))
    assert f"rests-{lang}" in links(stop(pattern, "runs"))
    assert f"claim-C34-{lang}" in links(stop(pattern, "claims"))
    assert {ratio.attrs["id"], pattern.attrs["id"]} <= links(claim)
    assert bought.attrs["id"] in links(ratio)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_section_two_leads_to_the_claim_that_the_counts_fell(tree, lang):
    page_half = half(tree, lang)
    at = by_id(page_half)
    numbers = at[f"fall-{lang}"].find("a", css="num")
    assert numbers
    assert any(f"claim-C34-{lang}" in links(at[one.attrs["href"][1:]]) for one in numbers)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_card_has_six_stops_and_every_link_of_it_lands(tree, lang):
    page_half = half(tree, lang)
    at = by_id(page_half)
    cards = page_half.find("section", css="card")
    assert len(cards) > 175
    for card in cards:
        stops = [one.attrs["data-stop"] for one in card.find("li") if "data-stop" in one.attrs]
        assert stops == list(STOPS), card.attrs["id"]
        assert links(card) <= set(at), card.attrs["id"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_claim_leads_back_to_every_number_that_rests_on_it(tree, lang):
    page_half = half(tree, lang)
    at = by_id(page_half)
    checked = 0
    for card in page_half.find("section", css="card"):
        if "claim" in card.attrs["class"].split():
            continue
        said = stop(card, "claims").find("ul", css="said")
        for line in said[0].children if said else ():
            claim = at[line.find("a", css="id")[0].attrs["href"][1:]]
            assert card.attrs["id"] in links(stop(claim, "number")), (card.attrs["id"], claim.attrs["id"])
            checked += 1
    assert checked > 60


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_claim_stands_once_in_its_box_with_asserter_status_and_what_it_says(tree, real, lang):
    page_half = half(tree, lang)
    at = by_id(page_half)
    for claim in real.claims:
        box = at[f"claim-{claim.id}-{lang}"].find("div", css="box")[0]
        told = box.text()
        assert claim.asserter.of(lang)[1:] in told
        assert all(chip.of(lang) in told for chip in claim.chips)
        assert all(part.text.of(lang) in told and part.caveat.of(lang) in told for part in claim.parts)
        assert all(reply.text.of(lang) in told for reply in (*claim.replies, *claim.outcomes)), claim.id
        assert claim.outcome_note.of(lang) in told
        assert claim.grader.of(lang) in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_allegation_shows_its_reply_or_that_none_is_recorded_in_the_same_box(tree, real, lang):
    at = by_id(half(tree, lang))
    alleged = [claim for claim in real.claims if claim.is_allegation]
    assert len(alleged) > 10
    for claim in alleged:
        box = at[f"claim-{claim.id}-{lang}"].find("div", css="box")[0]
        assert box.find("p", css="reply"), claim.id
        assert claim.replies or claim.reply_note.of(lang) in box.text()


def test_a_box_names_its_source_as_a_reader_knows_it(tree, real):
    short = {f"source-{source.key}-en": source.short for source in real.sources}
    links = [one for box in tree.find("div", css="doc-en")[0].find("p", css="src") for one in box.find("a")]
    told = [(one.attrs["href"][1:], one.text()) for one in links if one.attrs["href"].startswith("#source-")]
    assert len(told) > 100
    assert [pair for pair in told if pair[1] != short[pair[0]]] == []
    assert not {text for _, text in told} & {source.key for source in real.sources}


def test_an_allegation_without_status_or_reply_cannot_be_made():
    words = Bilingual("The state alleges it.", "Según el Estado.")
    part = ClaimPart("alleged", words, (Bilingual("Alleged", "Señalamiento"),))
    with pytest.raises(ValueError, match="asserter, status and reply"):
        ClaimView("C1", words, (part,), words, words, "S", is_allegation=True)
    with pytest.raises(ValueError, match="asserter, status and reply"):
        ClaimView("C1", words, (replace(part, chips=()),), words, words, "S", reply_note=words, is_allegation=True)


def test_a_claim_about_a_person_carries_no_value(tree, real):
    at = by_id(half(tree, "en"))
    about = {claim.id for claim in real.claims if claim.about_person}
    assert len(about) > 5
    for id in about:
        assert "concerns a person" in stop(at[f"claim-{id}-en"], "effect").text()
    columns = [column for column in real.ledger.columns if column.claim in about]
    assert columns
    assert all(column.pairs is None for column in columns)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_grid_holds_every_cell_of_the_matrix_and_no_sum(tree, real, ledger, lang):
    readings = tuple(one.id for one in real.readings)
    matrix = ledger.matrix(readings)
    shown: dict[str, str] = {}
    for table in half(tree, lang).find("table", css="rxc"):
        heads = [one.text() for one in table.find("a", css="id")]
        rows = table.find("tbody")[0].find("tr")
        assert len(rows) == len(readings) + 1
        assert all(len(row.find("td")) == len(heads) for row in rows)
        for place, claim in enumerate(heads):
            shown[claim] = "".join(row.find("td")[place].text() for row in rows[1:])
    assert shown == {column.claim: "".join(column.cells) for column in matrix.discriminating}
    section = by_id(half(tree, lang))[f"claims-{lang}"]
    (same,) = section.find("p", css="tellsnot")
    assert [one.text() for one in same.find("a", css="id")] == [column.claim for column in matrix.all_fit]


def test_the_grid_is_cut_by_asserter_and_loses_no_claim(real):
    columns = tuple(column for column in real.ledger.columns if len(set(column.cells)) > 1)
    cut = pieces(columns)
    assert [column for piece in cut for voice in piece for column in voice.columns] != []
    assert {column.claim for piece in cut for voice in piece for column in voice.columns} == {
        column.claim for column in columns
    }
    assert max(sum(len(voice.columns) for voice in piece) for piece in cut) <= WIDEST
    assert pieces(()) == []
    crowd = tuple(replace(columns[0], claim=f"C{n}") for n in range(2 * WIDEST + 3))
    assert [sum(len(voice.columns) for voice in piece) for piece in pieces(crowd)] == [WIDEST, WIDEST, 3]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_coverage_is_told_both_ways(tree, real, ledger, lang):
    told = half(tree, lang).find("section", id=f"claims-{lang}")[0].text()
    assert real.ledger.assumptions
    assert all(one.id in told and one.why.of(lang) in told for one in real.ledger.assumptions)
    assert all(one.voice.of(lang)[1:] in told for one in real.ledger.single)
    assert all(claim.no_home.of(lang) in told for claim in real.claims)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_leaving_out_an_asserter_tells_what_is_lost_and_how_the_contrasts_move(tree, real, lang):
    table = half(tree, lang).find("details", id=f"leave-out-{lang}")[0]
    told = table.text()
    for left in real.ledger.left_out:
        assert left.voice.of(lang)[1:] in told
    moving = [left for left in real.ledger.left_out if left.flips_gone or left.narrowed]
    assert moving
    assert all(left.readings for left in moving)


def test_the_contrasts_that_move_are_those_of_the_readings_that_fall(real, ledger):
    case = load_case("el_salvador_2012")
    without_runs = ledger_text(ledger, case, (), real.main_horizon[0])
    assert not any(left.flips_gone or left.narrowed for left in without_runs.left_out)
    fallen = next(left for left in real.ledger.left_out if left.readings)
    assert set(fallen.readings) <= set(case.readings)


def test_no_name_that_may_stand_nowhere_stands_in_the_page(html):
    assert find_forbidden(html) == ()


def test_the_page_with_all_claims_stays_within_its_size(inputs, real):
    whole = replace(real, contrasts=inputs.contrasts, regret=inputs.regret)
    assert len(page(whole).encode()) < 3.2 * 2**20
