"""The workshop: what roles wrote, under which readings they accept a response, and where they agree."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tregua.app.scenario import Scenario
from tregua.app.sheet import (
    GUESSED,
    KINDS,
    MOST,
    MOST_CLAIMS,
    MOST_NAME,
    MOST_SETTINGS,
    ROLES,
    STANCES,
    Setting,
    Sheet,
    read_sheet,
    write_sheet,
)  # fmt: skip
from tregua.app.workshop import told
from tregua.errors import UsageError
from tregua.explore.answers import satisficing
from tregua.explore.regret import OUTCOME_PRESETS
from tregua.report.inputs import TABLE_OUTCOMES

STRICT = {"homicides": -1000.0, "deaths_by_state": 50.0}
LAX = {"arrests_wrongful": 1e9}


def test_nobody_plays_the_gangs_and_no_role_is_in_the_table_that_wrote_nothing(case, compared, voice):
    assert not any("gang" in role for role in ROLES)
    found = told(case, compared, voice, "2012", 5, 50, {"government": (STRICT, {}), "victims": ({}, {})})
    assert found["roles"] == ["government"]
    assert found["weighing"] == {}


def test_a_role_accepts_where_its_limits_are_met_often_enough(case, compared, voice):
    known = satisficing(compared.cube("2012"), STRICT, 5)
    found = told(case, compared, voice, "2012", 5, 50, {"victims": (STRICT, {}), "donors": (LAX, {})})
    assert [row["arm"] for row in found["rows"]] == [
        id for id, arm in case.decisions["2012"].arms.items() if id != "no_truce" and not arm.record
    ]
    seen = set()
    for row in found["rows"]:
        share = known.share[:, known.arms.index(row["arm"])]
        assert row["cells"]["victims"]["met"] == [bool(value >= 0.5) for value in share]
        assert all(row["cells"]["donors"]["met"])
        assert row["cells"]["victims"]["worst"]["under"] == known.worst(row["arm"])[0]
        # deaths never without rights, whatever the roles asked about
        assert [one["outcome"] for one in row["outcomes"]] == list(TABLE_OUTCOMES)
        seen |= set(row["cells"]["victims"]["met"])
    assert seen == {True, False}
    harder = told(case, compared, voice, "2012", 5, 100, {"victims": (STRICT, {})})
    assert sum(sum(row["cells"]["victims"]["met"]) for row in harder["rows"]) < sum(
        sum(row["cells"]["victims"]["met"]) for row in found["rows"]
    )


def test_each_role_has_the_least_regret_of_its_own_weights(case, compared, voice):
    from tregua.explore.regret import regret, utilities

    weights = {role: preset.weights for role, preset in zip(ROLES, OUTCOME_PRESETS.values(), strict=False)}
    found = told(case, compared, voice, "2012", 5, 50, {role: ({}, one) for role, one in weights.items()})
    records = [arm.id for arm in case.decisions["2012"].arms.values() if arm.record]
    for role, one in weights.items():
        loss = regret(utilities(compared.cube("2012"), dict(one), 5, records=records))
        assert found["weighing"][role] == {"worst": loss.minimax, **{id: e.best for id, e in loss.expected.items()}}
    assert all(row["outcomes"] for row in found["rows"])


@pytest.mark.parametrize(
    ("decision", "years", "roles"),
    [
        ("2017", 5, {"victims": (STRICT, {})}),
        ("2012", 4, {"victims": (STRICT, {})}),
        ("2012", 5, {"victims": ({"pacts": 1.0}, {})}),
        ("2012", 5, {"victims": ({}, {"pacts": 1.0})}),
    ],
)
def test_what_cannot_be_told_is_refused(case, compared, voice, decision, years, roles):
    with pytest.raises(UsageError) as refused:
        told(case, compared, voice, decision, years, 50, roles)
    assert refused.value.problems[0].mend


numbers = st.floats(-MOST, MOST, allow_nan=False).map(lambda x: float(f"{x:.12g}"))
held = {
    kind: st.dictionaries(
        st.sampled_from(ROLES),
        st.dictionaries(st.sampled_from(KINDS[kind]), numbers.map(abs if kind == "w" else float).filter(bool),
                        min_size=1, max_size=3), max_size=3)
    for kind in KINDS
}  # fmt: skip


claims = st.dictionaries(
    st.sampled_from(ROLES),
    st.dictionaries(st.from_regex(r"[A-Z]\d{2}[a-z]?", fullmatch=True), st.sampled_from(STANCES), min_size=1,
                    max_size=MOST_CLAIMS), max_size=3,
)  # fmt: skip
days = st.dates(date(2010, 1, 1), date(2016, 1, 1)) | st.none()
levers = st.dictionaries(st.sampled_from(["contact", "legal", "concession"]),
                         st.floats(0, 1).map(lambda x: float(f"{x:.12g}")))  # fmt: skip
names = st.text(max_size=MOST_NAME).map(lambda text: "".join(ch for ch in text if ch.isprintable()).strip())
proposals = st.lists(
    st.builds(Setting, st.sampled_from(ROLES), names, st.sampled_from(["open_truce", "mano_dura"]), levers, days, days),
    max_size=MOST_SETTINGS,
)


@settings(max_examples=60, deadline=None)
@given(held["t"], held["w"], held["g"], claims, proposals, st.integers(1, 20), st.integers(1, 100), st.booleans())
def test_a_sheet_comes_back_as_it_was_written(bounds, counts, guesses, claims, kept, number, chance, opened):
    sheet = Sheet(number, chance, number, number, opened, bounds, counts, guesses, claims, kept)
    again, lost = read_sheet(dict(write_sheet(sheet)))
    assert lost == []
    assert again == (sheet if bounds or counts or guesses or claims or kept else Sheet())


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "w.victims.t.homicides",
                "w.gangs.t.homicides",
                "w.years",
                "w.open",
                "w.victims.w.homicides",
                "w.round",
                "w.minutes",
                "w.victims.g.homicides",
                "w.victims.c.C09",
                "w.k.1",
                "w.k.2",
            ]
        )
        | st.text(max_size=12).map(lambda text: f"w.{text}"),
        st.text(max_size=8)
        | st.sampled_from(
            [
                "1",
                "nan",
                "inf",
                "-3",
                "1e99",
                "rests",
                "victims|open_truce|||contact=0.5|a",
                "gangs|open_truce||||a",
                "victims|open_truce|||contact=9|a",
                "victims|x|y|z||a",
            ]
        ),
        max_size=6,
    )
)
def test_whatever_a_link_says_a_sheet_comes_of_it(given_pairs):
    sheet, lost = read_sheet(given_pairs)
    assert set(sheet.bounds) | set(sheet.counts) <= set(ROLES)
    assert 1 <= sheet.years <= 20
    assert 1 <= sheet.chance <= 100
    assert 1 <= sheet.round <= 20
    assert 1 <= sheet.minutes <= 90
    assert all(number > 0 for one in sheet.counts.values() for number in one.values())
    assert {one.role for one in sheet.settings} <= set(ROLES)
    json.dumps([sheet.bounds, sheet.counts], allow_nan=False)
    assert len(lost) <= len(given_pairs)


def test_the_link_of_a_workshop_is_read_by_the_server(client):
    found = client.get("/api/link", params={"w.victims.t.homicides": "-1000", "w.gangs.t.homicides": "5"}).json()
    assert found["sheet"]["bounds"] == {"victims": {"homicides": -1000.0}}
    assert len(found["notes"]) == 1
    asked = {
        "w.k.1": "victims|open_truce|2012-06-01||legal=1|Ours", "w.k.2": "victims|no_such|||legal=1|Theirs",
        "w.victims.c.C09": "disputes", "w.victims.g.homicides": "-20", "w.round": "2",
    }  # fmt: skip
    kept = client.get("/api/link", params=asked).json()
    assert [(one["name"], one["arm"], one["start"], one["sets"]) for one in kept["sheet"]["settings"]] == [
        ("Ours", "open_truce", "2012-06-01", {"legal": 1.0})
    ]
    assert "Theirs" in kept["notes"][0]["en"]
    assert (kept["sheet"]["claims"], kept["sheet"]["round"]) == ({"victims": {"C09": "disputes"}}, 2)
    assert ["w.victims.t.homicides", "-1000"] in found["link"]


def test_a_setting_is_run_as_the_scenario_that_it_names(case):
    sheet, _ = read_sheet({"w.k.1": "donors|secret_truce|2012-05-01|2014-01-01|contact=0.5|Half | open"})
    assert sheet.settings == [
        Setting("donors", "Half | open", "secret_truce", {"contact": 0.5}, date(2012, 5, 1), date(2014, 1, 1))
    ]
    assert sheet.settings[0].scenario() == Scenario(
        "secret_truce", {"contact": 0.5}, date(2012, 5, 1), date(2014, 1, 1)
    )
    assert set(GUESSED) & {"deaths_by_state", "arrests_wrongful"}, "deaths are not guessed without rights"


def test_claims_to_choose_from_have_asserter_status_and_reply_and_are_about_no_person(client, case):
    from tregua.report.gather_ledger import ledger_of

    found = client.get("/api/claims").json()
    ledger = ledger_of(case)
    assert {one["id"] for one in found} == {id for id, one in ledger.claims.items() if not one.about_person}
    assert len(found) > 100
    for one in found:
        for lang in ("en", "es"):
            assert one["asserter"][lang]
            assert all(part["text"][lang] and part["chips"] for part in one["parts"])
        if any(chip["en"] == "Alleged" for part in one["parts"] for chip in part["chips"]):
            assert one["replies"] or one["reply_note"]["en"], one["id"]


def test_the_address_takes_roles_alone(client):
    asked = {"roles": {"victims": {"thresholds": {"homicides": 0}}}}
    assert client.post("/api/workshop", json=asked).status_code == 400
    for roles in ({"gangs": {"thresholds": {"homicides": 0}}}, {}, {"victims": {"name": "x"}}):
        assert client.post("/api/workshop", json={"roles": roles}).status_code == 422
