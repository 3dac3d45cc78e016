"""Worked questions a reporter would ask of the bundled ledger, and their answers."""

from __future__ import annotations

import pytest
from small_ledger import small

from tregua.errors import UsageError
from tregua.ledger import Ledger


def test_what_rests_on_the_prosecutors_word_alone(bundled: Ledger) -> None:
    # Nothing: every channel that their allegations speak to is argued or alleged by others too.
    found = bundled.rests_on("prosecutors")
    assert found.alone == {}
    assert {"C10", "Q03", "Q04"} <= set(found.claims)
    assert set(found.joint) == {"C57", "C58"}
    assert "linking_command" in found.shared["parameter"]


def test_what_rests_on_prosecutors_and_police_together(bundled: Ledger) -> None:
    found = bundled.leave_out(asserters=["prosecutors", "police"])
    assert {"C10", "C57", "C58"} <= set(found.fallen)
    assert found.lost["outcome"] == ("capital_criminal", "disappearance_reports")


def test_what_rests_on_the_listing_of_the_interlocutor(bundled: Ledger) -> None:
    found = bundled.rests_on("C01")
    assert found.alone == {"arm": ("secret_truce_sanctions",)}
    assert found.contested == ("C01",)
    assert "sanction" in found.shared["lever"]


def test_what_rests_on_the_treasury(bundled: Ledger) -> None:
    # The article itself reports that the listing took place; only its content is the Treasury's word.
    found = bundled.rests_on("us_treasury")
    assert found.claims == ("Q01",)
    assert found.touched == ("C01",)
    assert found.alone == {}


def test_what_rests_on_the_interlocutors_own_account(bundled: Ledger) -> None:
    found = bundled.rests_on("interlocutor")
    assert {"C02", "C03", "C04", "C05", "C11"} <= set(found.claims)
    assert set(found.touched) == {"C24"}
    assert found.alone == {"parameter": ("legal_weight",)}
    assert found.shared["reading"] == ("brokers_genuine",)


def test_what_rests_on_reports_that_nobody_signed(bundled: Ledger) -> None:
    found = bundled.rests_on("reports")
    assert found.claims == ("C43",)
    assert found.alone == {"parameter": ("rent_share",)}


def test_what_rests_on_one_witness_with_a_plea_agreement(bundled: Ledger) -> None:
    found = bundled.rests_on("state_witness")
    assert found.claims == ("F64",)
    assert found.alone == {}
    assert found.shared["parameter"] == ("votes_per_member",)


def test_what_rests_on_allegations_alone(bundled: Ledger) -> None:
    found = bundled.rests_on("alleged")
    assert found.alone["reading"] == ("leader_split",)
    assert set(found.alone["parameter"]) == {"rent_share", "rent_revolt", "leader_rent"}
    assert {"C01", "C26", "C54", "C67"} <= set(found.touched)


def test_what_rests_on_the_article(bundled: Ledger) -> None:
    found = bundled.rests_on("SEED")
    assert len(found.claims) == 67
    assert found.alone["reading"] == ("politics_revealed",)
    assert {"peace_politics", "politics_0"} <= set(found.alone["parameter"])
    assert "mechanism" not in found.alone


def test_what_rests_on_the_gangs_own_books(bundled: Ledger) -> None:
    found = bundled.rests_on("gang_books")
    assert found.claims == ("F41",)
    assert "take_per_member" in found.shared["parameter"]
    assert bundled.coverage({"parameter": ["take_per_member"]}).single["gang_books"]["parameter"] == (
        "take_per_member",
    )


def test_what_hidden_killings_rest_on(bundled: Ledger) -> None:
    found = bundled.foundation("parameter", "hide_truce")
    assert {link.claim for link in found.favourable if link.direction == "supports"} == {"F29", "F33"}
    assert found.assumption is None
    assert found.single_asserter is None


def test_what_the_type_of_a_broker_rests_on(bundled: Ledger) -> None:
    found = bundled.foundation("parameter", "type_agent")
    assert [link.claim for link in found.unfavourable] == ["C02"]
    assert found.assumption is not None
    assert "Nobody has counted" in found.assumption.why_en


def test_what_the_fall_not_concessions_reading_rests_on_and_who_speaks_against_it(bundled: Ledger) -> None:
    found = bundled.foundation("reading", "fall_not_concessions")
    own = {link.claim for link in found.favourable if link.target != "*"}
    assert own == {"F22", "Q18", "Q20"}
    assert {"C40", "C43", "C44", "Q21", "Q22"} <= {link.claim for link in found.unfavourable}


def test_a_lever_event_counts_for_its_lever(bundled: Ledger) -> None:
    claims = {link.claim for link in bundled.foundation("lever", "sanction").favourable}
    assert {"C01", "Q01", "F69"} <= claims


def test_a_voice_is_found_with_or_without_its_prefix(bundled: Ledger) -> None:
    assert bundled.rests_on("c09") == bundled.rests_on("claim:C09")
    assert bundled.voice("source:seed") == ("source", "SEED")


def test_an_unknown_voice_is_not_repeated_and_close_ones_are_offered(bundled: Ledger) -> None:
    with pytest.raises(UsageError) as caught:
        bundled.rests_on("prosecuters")
    assert "prosecutors" in str(caught.value)
    assert "prosecuters" not in str(caught.value)


def test_a_target_is_alone_only_when_every_claim_for_it_falls() -> None:
    ledger = small()
    assert ledger.rests_on("C03").alone == {"parameter": ("rate",), "pattern": ("P1",)}
    assert ledger.rests_on("C03").shared == {"reading": ("good",)}


def test_a_part_said_by_another_keeps_the_claim_standing() -> None:
    found = small().rests_on("paper")
    assert found.claims == ()
    assert found.touched == ("C03",)
