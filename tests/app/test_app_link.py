"""Permalinks: a state comes back whole, and what cannot come back is named."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tregua.app.link import State, read_link, write_link
from tregua.app.scenario import Scenario
from tregua.model.levers import LEVERS

MODEL = "a" * 64
BY_ID = {lever.id: lever for lever in LEVERS}


def read(case, pairs):
    return read_link(case, pairs, model=MODEL, seed=7)


def write(state, case):
    return write_link(state, model=MODEL, case=case.digest, seed=7)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(BY_ID)), st.floats(0, 1), max_size=6),
    st.dates(date(2010, 1, 1), date(2015, 1, 1)) | st.none(),
    st.sampled_from(["2012", "2017"]),
    st.sampled_from(["band", "histories", "dots"]),
)
def test_a_state_comes_back_as_it_was_written(case, sets, start, decision, view):
    fractions = {
        name: round(BY_ID[name].lower + x * (BY_ID[name].upper - BY_ID[name].lower), 4) for name, x in sets.items()
    }
    state = State(decision, Scenario("no_truce", fractions, start), Scenario("open_truce"), view=view)
    again = read(case, write(state, case))
    assert (again.a, again.b, again.decision, again.view, again.notes) == (state.a, state.b, decision, view, [])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=12) | st.sampled_from(["a", "b", "a.start", "d", "v", "s", "m", "o"]),
                          st.text(max_size=20)), max_size=12))  # fmt: skip
def test_whatever_a_link_says_a_state_comes_of_it(case, pairs):
    state = read(case, pairs)
    assert state.decision in case.decisions
    assert state.a.arm in case.decisions[state.decision].arms
    again = read(case, write(state, case))
    assert (again.a, again.b, again.notes) == (state.a, state.b, [])


@pytest.mark.parametrize(
    ("pairs", "note"),
    [
        ([("v", "1"), ("m", "bbbbbbbb")], "link.model"),
        ([("v", "1"), ("c", "00000000")], "link.case"),
        ([("v", "1"), ("s", "8")], "link.seed"),
        ([("v", "9")], "link.newer"),
        ([("v", "1"), ("a", "amnesty")], "link.unknown"),
        ([("v", "1"), ("b.contact", "3")], "link.unknown"),
        ([("v", "1"), ("b.contact", "nan")], "link.unknown"),
        ([("v", "1"), ("b.start", "soon")], "link.unknown"),
        ([("v", "1"), ("b.start", "1950-01-01")], "link.window"),
        ([("v", "1"), ("o", "happiness")], "link.unknown"),
    ],
)
def test_what_cannot_be_kept_is_named(case, pairs, note):
    assert note in [key for key, _ in read(case, pairs).notes]


def test_links_without_a_version_are_migrated(case):
    state = read(case, [("d", "2012"), ("b", "open_truce"), ("b.from", "2012-06-01"), ("b.until", "2014-06-01")])
    assert (state.b.start, state.b.end, state.notes) == (date(2012, 6, 1), date(2014, 6, 1), [])


def test_the_address_explains_itself_in_both_languages(client):
    query = urlencode([("v", "1"), ("m", "deadbeef"), ("a", "<script>alert(1)</script>")])
    notes = client.get(f"/api/link?{query}").json()["notes"]
    assert len(notes) == 2
    assert all(note["en"] and note["es"] and note["en"] != note["es"] for note in notes)
