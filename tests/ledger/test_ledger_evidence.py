"""Coverage, the matrix of readings, leaving voices out, disputes and the chain of a claim."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_ledger import DECLARED, small, spoiled

from tregua.errors import UsageError
from tregua.ledger import Contrast, Ledger, chain_of, moves, parse_ledger
from tregua.ledger.dispute import find_cycle


def test_the_only_hole_is_a_reading_that_nobody_speaks_for() -> None:
    holes = {(hole.kind, hole.id) for hole in small().coverage(DECLARED).holes}
    assert holes == {("reading", "bad")}


@pytest.mark.parametrize(
    ("declared", "code", "says"),
    [
        ({"parameter": ("rate", "guess", "new")}, "E38", "parameter new has no claim"),
        ({"mechanism": ("contest",)}, "E38", "mechanism contest has no claim"),
        ({"pattern": ("P2",)}, "E38", "pattern P2 has no claim"),
        ({"parameter": ("guess",)}, "E37", "a link of C03 points to nothing"),
        ({"parameter": ("rate",)}, "E37", "an assumption about nothing"),
        ({"lever": ("offer",)}, "E37", "a link of C01 points to nothing"),
    ],
)
def test_holes_and_dangling_links_are_problems(declared: dict[str, tuple[str, ...]], code: str, says: str) -> None:
    assert any(problem.code == code and says in problem.message for problem in small().check(declared))


def test_a_claim_without_a_home_and_without_a_reason_is_a_hole() -> None:
    texts = spoiled(
        "claims.toml",
        'no_home = { en = "The model has no place for it.", es = "El modelo no tiene lugar para ello." }',
        "",
    )
    ledger = parse_ledger(texts)
    assert ("claim", "Q01") in {(hole.kind, hole.id) for hole in ledger.coverage({}).holes}
    assert small().coverage({}).homeless == ("Q01",)


def test_a_claim_that_only_fits_gives_no_size_to_a_parameter() -> None:
    texts = spoiled("claims.toml", '"pattern:P1"], how = "supports"', '"pattern:P1"], how = "consistent"')
    holes = {(hole.kind, hole.id) for hole in parse_ledger(texts).coverage(DECLARED).holes}
    assert ("parameter", "rate") in holes
    assert ("pattern", "P1") not in holes


def test_kinds_that_are_not_declared_are_named_as_unchecked() -> None:
    found = small().coverage(DECLARED)
    assert "mechanism" in found.unchecked
    assert "parameter" not in found.unchecked


def test_the_matrix_is_computed_from_the_links() -> None:
    found = small().matrix(("good", "bad"))
    assert [column.claim for column in found.columns] == ["C01", "C02", "C03"]
    assert [column.cells for column in found.columns] == [("C", "C"), ("C", "I"), ("C", "N")]
    assert [column.claim for column in found.all_fit] == ["C01"]
    assert found.spoken_for() == {"good": ("C02", "C03"), "bad": ()}
    assert found.cell("bad", "C02") == "I"
    assert found.cell("bad", "Q01") == "N"


def test_contact_fits_every_reading_and_discriminates_nothing(
    bundled: Ledger, declared: dict[str, tuple[str, ...]]
) -> None:
    found = bundled.matrix(declared["reading"])
    assert {"C09", "C34", "C29"} <= {column.claim for column in found.all_fit}
    own = {column.claim: column for column in found.columns}
    for claim in ("C02", "C03"):
        assert own[claim].fits == ("brokers_genuine",)
        assert own[claim].against == ("brokers_agents",)


def test_no_number_is_attached_to_a_claim_about_a_person(bundled: Ledger, declared: dict[str, tuple[str, ...]]) -> None:
    for column in bundled.matrix(declared["reading"]).columns:
        assert (column.pairs_separated is None) == bundled.claims[column.claim].about_person


def test_every_reading_has_a_voice_of_its_own(bundled: Ledger, declared: dict[str, tuple[str, ...]]) -> None:
    assert all(bundled.matrix(declared["reading"]).spoken_for().values())


def test_leaving_out_tells_what_falls() -> None:
    ledger = small()
    found = ledger.leave_out(asserters=["broker"], readings=("good", "bad"))
    assert found.fallen == ("C02",)
    assert found.unanswered == ("C01",)
    assert found.readings_fallen == ()
    both = ledger.leave_out(asserters=["broker", "paper", "prosecutors"], readings=("good", "bad"))
    assert both.readings_fallen == ("good",)
    assert both.parameters_lost == ("rate",)
    assert both.sizes_lost == ("rate",)
    assert both.readings_left == ("bad",)


def test_leaving_a_kind_out_shortens_a_claim_of_two_kinds() -> None:
    found = small().leave_out(kinds=["causal_thesis"])
    assert found.shortened == ("C03",)
    assert found.fallen == ()


def test_leaving_out_the_revolt_takes_a_reading_away(bundled: Ledger, declared: dict[str, tuple[str, ...]]) -> None:
    found = bundled.leave_out(kinds=["alleged"], readings=declared["reading"])
    assert found.readings_fallen == ("leader_split",)
    assert set(found.sizes_lost) == {"rent_share", "rent_revolt"}


@pytest.mark.parametrize("out", [{}, {"sources": ["NOWHERE"]}, {"asserters": ["nobody"]}, {"kinds": ["rumour"]}])
def test_leaving_out_nothing_or_nobody_is_told(out: dict[str, list[str]]) -> None:
    with pytest.raises(UsageError) as caught:
        small().leave_out(**out)
    assert "nobody" not in str(caught.value)


def test_contrasts_move_when_readings_fall_away() -> None:
    rows = [
        Contrast("open_truce", "good", "homicides", "2012", 5, -100.0),
        Contrast("open_truce", "bad", "homicides", "2012", 5, 40.0),
        Contrast("mano_dura", "bad", "homicides", "2012", 5, 10.0),
    ]
    without_bad = moves(rows, ["bad"])
    assert [(move.arm, move.before, move.after, move.flip_gone) for move in without_bad] == [
        ("open_truce", (-100.0, 40.0), (-100.0, -100.0), True)
    ]
    assert not any(move.moved for move in moves(rows, []))
    within = [replace(rows[0], sign=-1), replace(rows[1], sign=0)]
    assert [move.flip_gone for move in moves(within, ["bad"])] == [False], "what is within error never was a change"


def test_a_contradiction_by_the_subject_is_its_reply(bundled: Ledger) -> None:
    assert {"C02", "C03"} <= set(bundled.dispute("C01").replies)
    assert bundled.dispute("C34").contradicted_by == ("Q17",)


def test_contradiction_goes_both_ways(bundled: Ledger) -> None:
    for relation in bundled.relations:
        if relation.kind == "contradicts":
            assert relation.object in bundled.web.contradictions(relation.subject)
            assert relation.subject in bundled.web.contradictions(relation.object)


def test_the_end_of_a_charge_is_drawn_under_it(bundled: Ledger) -> None:
    for claim in ("C17", "C18"):
        assert bundled.show(claim).outcomes == ("C20", "Q09")


def test_one_clicks_from_the_fall_to_its_dispute_pattern_series_and_mechanism_and_back(bundled: Ledger) -> None:
    found = chain_of(bundled, "C34")
    assert found.disputed_by == ("Q17",)
    assert {"C28", "C41"} <= set(found.supported_by)
    assert {"Q20", "F22", "Q17"} <= set(found.support_disputed_by)
    assert "F1" in found.patterns
    assert found.series == ("homicides",)
    assert "contest" in found.mechanisms
    back = [link.claim for link in bundled.links_to("mechanism", "contest")]
    assert "C34" in back


def test_search_finds_words_in_both_languages_without_accents(bundled: Ledger) -> None:
    english = {claim.id for claim in bundled.search("extortion")}
    assert "C46" in english
    assert "C46" in {claim.id for claim in bundled.search("EXTORSION")}
    assert [claim.id for claim in bundled.search("fried chicken")] == ["C44"]
    assert bundled.search("zzz") == ()
    assert bundled.search("  ") == ()


GRAPHS = st.dictionaries(st.integers(0, 7).map(str), st.lists(st.integers(0, 7).map(str), max_size=4), max_size=8)


def reachable(graph: dict[str, list[str]], start: str) -> set[str]:
    seen: set[str] = set()
    queue = list(graph.get(start, []))
    while queue:
        node = queue.pop()
        if node not in seen:
            seen.add(node)
            queue.extend(graph.get(node, []))
    return seen


@given(GRAPHS)
def test_a_cycle_is_found_exactly_where_one_is(graph: dict[str, list[str]]) -> None:
    circle = find_cycle(graph)
    assert bool(circle) == any(node in reachable(graph, node) for node in graph)
    if circle:
        assert circle[0] == circle[-1]
        assert all(b in graph[a] for a, b in pairwise(circle))
