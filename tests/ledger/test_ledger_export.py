"""Exports come back whole, and what must not leave does not."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_ledger import SMALL, small, spoiled

from tregua.errors import LedgerError
from tregua.ledger import Ledger, parse_ledger
from tregua.ledger.export import from_csv, from_json, to_bibtex, to_csl_json, to_csv, to_json, to_json_ld
from tregua.ledger.status import LANGUAGES

# What a ledger may hold: no control or invisible characters, and not blank.
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), min_size=1, max_size=40
)


def test_csv_and_json_give_back_the_bundled_ledger(bundled: Ledger) -> None:
    assert from_json(to_json(bundled)) == bundled
    assert from_csv(to_csv(bundled)) == bundled
    assert from_csv(to_csv(bundled)).digest == bundled.digest


def test_a_disputed_claim_survives_as_disputed(bundled: Ledger) -> None:
    for back in (from_json(to_json(bundled)), from_csv(to_csv(bundled))):
        assert back.disputed() == bundled.disputed()
        assert back.dispute("C09").replies == bundled.dispute("C09").replies != ()
        assert back.claims["C18"].parts[1].asserters == ("interlocutor_los_angeles",)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_any_text_survives_both_round_trips(english: str, spanish: str) -> None:
    ledger = small()
    claim = ledger.claims["C01"]
    part = claim.parts[0].__class__("alleged", "charged", True, ("prosecutors", "paper"), english, spanish)
    changed = ledger.keeping([*list(ledger.claims.values())[1:], claim.only((part, *claim.parts))])
    assert from_csv(to_csv(changed)) == changed
    assert from_json(to_json(changed)) == changed


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'quoted"])
def test_no_cell_can_be_taken_for_a_formula(start: str) -> None:
    ledger = small()
    claim = ledger.claims["C03"]
    part = claim.parts[0].__class__("reported", "none", False, ("paper",), start, start)
    changed = ledger.keeping([claim.only((part,))])
    files = to_csv(changed)
    cells = [cell for text in files.values() for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert from_csv(files) == changed


def test_every_row_of_an_allegation_has_asserter_status_reply_and_notice(bundled: Ledger) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(bundled)["claims.csv"])))
    assert len(rows) == sum(len(claim.parts) for claim in bundled.claims.values())
    for row in rows:
        assert all(row[name] for name in ("asserters", "status_en", "status_es", "notice_en", "notice_es"))
        if bundled.claims[row["id"]].is_allegation:
            assert all(row[name] for name in ("reply_en", "reply_es", "outcome_en", "outcome_es")), row["id"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_json_ld_has_claims_without_any_rating(bundled: Ledger, lang: str) -> None:
    text = to_json_ld(bundled, lang)
    graph = json.loads(text)["@graph"]
    assert {entry["@type"] for entry in graph} == {"Claim"}
    assert not re.search(r'"[^"]*(rating|review|score|probability|rank|value)[^"]*":', text, re.IGNORECASE)
    for entry in graph:
        assert all(entry[key] for key in ("author", "creativeWorkStatus", "usageInfo"))
        if bundled.claims[entry["identifier"]].is_allegation:
            assert entry["comment"], entry["identifier"]


def test_json_ld_can_stand_inside_a_page() -> None:
    ledger = parse_ledger(
        spoiled("claims.toml", "passed messages.", "passed </script><script>alert(1)</script> & more.")
    )
    text = to_json_ld(ledger)
    assert not set("<>&").intersection(text)
    assert "</script>" in json.loads(text)["@graph"][0]["text"]


def test_no_export_holds_a_locator() -> None:
    ledger = small()
    assert ledger.sources["PAPER"].locator
    everything = [to_json(ledger), to_bibtex(ledger), to_csl_json(ledger), to_json_ld(ledger), *to_csv(ledger).values()]
    assert not any("somebody-by-name" in text for text in (*everything, repr(ledger)))


def test_bibliographies_hold_sources_only(bundled: Ledger) -> None:
    bibtex, csl = to_bibtex(bundled), json.loads(to_csl_json(bundled))
    assert re.findall(r"^@\w+\{(\w+),", bibtex, re.MULTILINE) == list(bundled.sources)
    assert [entry["id"] for entry in csl] == list(bundled.sources)
    said = [part.text_en for claim in bundled.claims.values() for part in claim.parts]
    assert not any(text in bibtex or text in json.dumps(csl) for text in said)


def test_bibtex_escapes_what_tex_would_read() -> None:
    text = to_bibtex(small())
    assert r"{Killings \& truces: 50 \% less?}" in text
    assert "author = {Writer, Ann and {Other}}" in text
    assert text.count("{") == text.count("}")


def test_a_changed_export_is_refused() -> None:
    ledger = small()
    with pytest.raises(LedgerError, match="changed outside"):
        from_json(to_json(ledger).replace('"text_en": "The prosecutors allege', '"text_en": "It is proven'))
    files = to_csv(ledger)
    with pytest.raises(LedgerError, match="changed outside"):
        from_csv({**files, "claims.csv": files["claims.csv"].replace(",alleged,", ",reported,")})


@pytest.mark.parametrize("text", ["", "[]", "{}", "nonsense", '{"format": "tregua-ledger-1"}', "[" * 100_000])
def test_what_is_no_export_is_refused(text: str) -> None:
    with pytest.raises(LedgerError):
        from_json(text)


def test_a_missing_table_is_refused() -> None:
    files = to_csv(small())
    for name in files:
        with pytest.raises(LedgerError):
            from_csv({other: text for other, text in files.items() if other != name})


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(to_csv(small()))), st.text(max_size=80)))
def test_no_table_breaks_the_csv_reader(files: dict[str, str]) -> None:
    with pytest.raises(LedgerError):
        from_csv({**to_csv(small()), "seal.csv": "x", **files})


def test_the_small_ledger_survives_a_second_writing() -> None:
    once = to_csv(parse_ledger(SMALL))
    assert to_csv(from_csv(once)) == once
