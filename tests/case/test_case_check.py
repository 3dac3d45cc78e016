"""Every bad input ends in a problem with file, line, key and remedy, and the good ones do not."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_case import SMALL, write_case

from tregua.case import CODES, check_case, load_case
from tregua.case.check import partition_lines
from tregua.errors import CaseError, ObservationError, Problem

Spoil = Callable[[str, str, str], Path]


def errors(folder: Path) -> list[Problem]:
    return [problem for problem in check_case(folder) if not problem.is_warning]


def codes(folder: Path) -> list[str]:
    return [problem.code for problem in check_case(folder)]


def test_a_valid_case_has_no_errors(small: Path) -> None:
    assert errors(small) == []


def test_all_that_the_small_case_lacks_is_a_ledger_and_a_second_gang(small: Path) -> None:
    assert [(p.code, p.file) for p in check_case(small)] == [("W03", "case.toml"), ("W03", "ledger")]


# file, what is replaced, by what, code, line, part of the key, part of what was found
BAD = [
    ("case.toml", 'id = "small"', 'id = "small"\nhorizon = 3', "E15", 3, "horizon", "horizon"),
    ("case.toml", "members_active = 1000", "members_activ = 1000", "E15", 10, "world.members_activ", "members_activ"),
    ("case.toml", "members_active = 1000", 'members_active = "many"', "E16", 10, "world.members_active", "many"),
    ("case.toml", "members_active = 1000", "members_active = true", "E16", 10, "world.members_active", "True"),
    ("case.toml", "members_active = 1000", "members_active = nan", "E16", 10, "world.members_active", "nan"),
    ("case.toml", "members_active = 1000", "members_active = inf", "E16", 10, "world.members_active", "inf"),
    ("case.toml", "members_active = 1000", "members_active = -5", "E17", 10, "world.members_active", "-5"),
    ("case.toml", "start = 2010-01-01", 'start = "January"', "E16", 5, "start", "January"),
    ("case.toml", "start = 2010-01-01", "start = 2010-01-01T08:00:00", "E16", 5, "start", "2010"),
    ("case.toml", "end = 2015-12-31", "end = 2009-12-31", "E12", 6, "end", "2009-12-31"),
    ("case.toml", "fit_end = 2012-12-31", "fit_end = 2019-12-31", "E19", 7, "fit_end", "2019-12-31"),
    ("case.toml", "fit_end = 2012-12-31\n", "", "E28", 2, "use", "fit"),
    ("case.toml", "format = 1", "format = 2", "E09", 1, "format", "2"),
    ("case.toml", "format = 1\n", "", "E14", 1, "format", ""),
    ("case.toml", 'title_es = "Pequeño"\n', "", "E14", 1, "title_es", ""),
    ("case.toml", "date = 2012-03-08", "date = 2019-03-08", "E19", 25, "decisions[1].date", "2019-03-08"),
    ("case.toml", "horizons = [1, 2]", "horizons = [2, 1]", "E16", 26, "decisions[1].horizons", "[2, 1]"),
    ("case.toml", "horizons = [1, 2]", "horizons = []", "E14", 26, "decisions[1].horizons", ""),
    ("case.toml", 'keep = ["pacts"]', 'keep = ["packs"]', "E21", 27, "decisions[1].keep", "packs"),
    ("case.toml", 'id = "open_truce"', 'id = "no_truce"', "E18", 37, "arms[2].id", "no_truce"),
    ("case.toml", 'id = "hidden_killings"', 'id = "default"', "E18", 47, "readings[2].id", "default"),
    ("case.toml", "share = 1.0", "share = 0.6", "E17", 19, "gangs[1].share", "0.6"),
    ("case.toml", 'family = "ms13"', 'family = "ms14"', "E23", 18, "gangs[1].family", "ms14"),
    ("case.toml", "contest_rate = 0.05", "contest_rat = 0.05", "E23", 14, "parameters.contest_rat", "contest_rat"),
    ("case.toml", "contest_rate = 0.05", "contest_rate = 5.0", "E24", 14, "parameters.contest_rate", "5"),
    ("case.toml", 'title_en = "Small"', 'title_en = "Small', "E13", 3, "", "Illegal"),
    ("case.toml", "[world]", "[world", "E13", 9, "", ""),
    ("case.toml", "start = 2010-01-01", "start = 2010-02-31", "E13", 5, "", ""),
    ("case.toml", '"facilitator_1"', '"Facilitator 1"', "E16", 11, "world.broker_roles[1]", "not repeated"),
    ("case.toml", '"facilitator_1"', '"juan_perez"', "E31", 11, "world.broker_roles[1]", ""),
    ("case.toml", '"facilitator_1"', '"organisation_1"', "E18", 11, "world.broker_roles[2]", ""),
    ("areas.csv", "A2,South,50000", "A1,South,50000", "E18", 3, "id", "A1"),
    ("areas.csv", "A2,South,50000", "A2,South,0", "E26", 3, "population", "0"),
    ("areas.csv", "A2,South,50000", "A2,South,-3", "E26", 3, "population", "-3"),
    ("areas.csv", "A2,South,50000", "A2,South,", "E26", 3, "population", "empty"),
    ("areas.csv", "A2,South,50000", "A2,South,nan", "E16", 3, "population", "nan"),
    ("areas.csv", "50000,0.2", "50000,20", "E17", 3, "urban_share", "20"),
    ("areas.csv", ",2\n", ",2,9\n", "E14", 3, "", "6 cells"),
    ("areas.csv", "urban_share", "urban", "E14", 1, "urban_share", "urban"),
    ("areas.csv", "municipalities\n", "towns\n", "E15", 1, "towns", "towns"),
    ("areas.csv", "id,name,population,urban_share,municipalities", "id,name,population,urban_share,name", "E14", 1,
     "name", ""),
    ("areas.csv", "North", '"North', "E14", 2, "", ""),
    ("areas.csv", "North", "N" * 10_001, "E08", 2, "name", "10000"),
    ("areas.csv", "North", "N" * 200_000, "E08", 2, "", ""),
    ("levers.csv", "contact,2012-03-08,1", "contacts,2012-03-08,1", "E21", 5, "id", "contacts"),
    ("levers.csv", "contact,2012-03-08,1", "contact,2012-03-08,1.5", "E22", 5, "value", "1.5"),
    ("levers.csv", "contact,2012-03-08,1", "contact,2012-03-08,inf", "E16", 5, "value", "inf"),
    ("levers.csv", "contact,2012-03-08,1", "contact,2012-13-08,1", "E16", 5, "date", "2012-13-08"),
    ("levers.csv", "contact,2012-03-08,1", "contact,2016-03-08,1", "E19", 5, "date", "2016-03-08"),
    ("levers.csv", "contact,2012-03-08,1", "contact,2010-01-01,1", "E22", 5, "date", "2010-01-01"),
    ("levers.csv", "S1,date sourced", "S9,date sourced", "E20", 5, "source", "S9"),
    ("levers.csv", "homicides.csv", "killings.csv", "E20", 6, "source", "killings.csv"),
    ("arms.csv", "open_truce,contact,0.8", "shut_truce,contact,0.8", "E25", 3, "arm", "shut_truce"),
    ("arms.csv", "open_truce,contact,0.8", "open_truce,contakt,0.8", "E21", 3, "lever", "contakt"),
    ("arms.csv", "open_truce,contact,0.8", "open_truce,contact,8", "E22", 3, "value", "8"),
    ("arms.csv", "open_truce,contact,0.8", "open_truce,contact,much", "E16", 3, "value", "much"),
    ("arms.csv", "open_truce,contact,0.8", "open_truce,legal,0.8", "E18", 4, "lever", "legal"),
    ("arms.csv", "contact,0.8,2012-03-08", "contact,0.8,2013-03-08", "E25", 3, "from", "2013-03-08"),
    ("arms.csv", "no_truce,none,,2012-03-08\n", "", "E25", 1, "arm", "open_truce"),
    ("arms.csv", "contact,0.8", "timeline,but contact", "E16", 3, "value", "but contact"),
    ("arms.csv", "contact,0.8", "timeline,without kontact", "E21", 3, "value", "kontact"),
    ("readings.csv", "hidden_killings,hide_truce", "hiden_killings,hide_truce", "E25", 3, "reading", "hiden_killings"),
    ("readings.csv", "hide_truce,0.4", "hide_truse,0.4", "E23", 3, "target", "hide_truse"),
    ("readings.csv", "hide_truce,0.4", "hide_truce,7", "E24", 3, "value", "7"),
    ("readings.csv", "hide_truce,0.4", "hide_truce,nan", "E16", 3, "value", "nan"),
    ("readings.csv", "breach_weight,x0.5", "breach_wait,x0.5", "E23", 4, "target", "breach_wait"),
    ("readings.csv", "breach_weight,x0.5", "contact,0.5", "E16", 4, "value", "contact"),
    ("readings.csv", "2012-03-08:0.97", "2012-03-08:1.97", "E22", 5, "value", "1.97"),
    ("readings.csv", "2014-03-01:0", "2011-03-01:0", "E16", 5, "value", "2011-03-01"),
    ("readings.csv", "2014-03-01:0", "2024-03-01:0", "E19", 5, "value", "2024-03-01"),
    ("readings.csv", "x0.5,1", "x0.5,maybe", "E16", 4, "refit", "maybe"),
    ("readings.csv", "breach_weight,x0.5", "hide_truce,x0.5", "E18", 4, "target", "hide_truce"),
    ("refits.csv", "name,hidden_killings", "name,hidden_things", "E25", 1, "hidden_things", "hidden_things"),
    ("refits.csv", "contest_rate,0.043", "contest_rate,4.3", "E24", 2, "hidden_killings", "4.3"),
    ("refits.csv", "contest_rate,0.043", "contest_rate,", "E16", 2, "hidden_killings", ""),
    ("refits.csv", "contest_rate,0.043", "hide_truce,0.3", "E18", 3, "name", "hide_truce"),
    ("draws.csv", "1,0.05,0.2", "1,0.05,9", "E24", 3, "hide_truce", "9"),
    ("draws.csv", "1,0.05,0.2", "0,0.05,0.2", "E18", 3, "draw", "0"),
    ("draws.csv", "contest_rate", "contest", "E23", 1, "contest", "contest"),
    ("fit_targets.csv", "2011-05-15", "2014-05-15", "E28", 2, "date_or_spans", "2014-05-15"),
    ("fit_targets.csv", "2011-05-15", "2009-05-15", "E19", 2, "date_or_spans", "2009-05-15"),
    ("fit_targets.csv", "2012-01-01..2012-06-30", "2012-06-30..2012-01-01", "E12", 3, "date_or_spans", "2012-06-30"),
    ("fit_targets.csv", "2011-05-15", "mid 2011", "E16", 2, "date_or_spans", "mid 2011"),
    ("fit_targets.csv", "1200,0.1", "1200,0", "E17", 2, "error", "0"),
    ("fit_targets.csv", "lognormal", "gamma", "E16", 2, "distribution", "gamma"),
    ("fit_targets.csv", "S1;S2", "S1;S3", "E20", 3, "source", "S3"),
    ("chronology.csv", "2012-11,month", "2012-11,day", "E16", 3, "date", "2012-11"),
    ("chronology.csv", "2012-11,month", "2018-11,month", "E19", 3, "date", "2018-11"),
    ("chronology.csv", "month,outside", "month,abroad", "E16", 3, "lane", "abroad"),
    ("chronology.csv", "traslado de jefes", "", "E14", 2, "event_es", ""),
    ("sources.csv", "S2,A bulletin", "S2,", "E14", 3, "citation", ""),
    ("sources.csv", "S2,A bulletin", "S1,A bulletin", "E18", 3, "key", "S1"),
    ("series/homicides.csv", "2011-01-01,2011-12-31", "2011-12-31,2011-01-01", "E12", 4, "start, end", "2011-12-31"),
    ("series/homicides.csv", "2011-01-01,2011-12-31", "2011-01-01,2011-12-32", "E16", 4, "start, end", "2011-12-32"),
    ("series/homicides.csv", "2011-01-01,2011-12-31", "2011-01-01,", "E14", 4, "start, end", "2011-01-01"),
    ("series/homicides.csv", ",640,", ",-640,", "E17", 4, "homicides", "-640"),
    ("series/homicides.csv", ",640,", ",640.5,", "E16", 4, "homicides", "640.5"),
    ("series/homicides.csv", ",640,", ",nan,", "E16", 4, "homicides", "nan"),
    ("series/homicides.csv", ",640,", ",,", "E14", 4, "value", ""),
    ("series/homicides.csv", "IML,S2", "IML,", "E14", 4, "source", ""),
    ("series/homicides.csv", "IML,S2", "IML,S7", "E20", 4, "source", "S7"),
    ("series/homicides.csv", "640,IML,S2,,fit", "640,IML,S2,,used", "E16", 4, "use", "used"),
    ("series/homicides.csv", "excluded,not final", "excluded,", "E14", 7, "use_reason", ""),
    ("series/homicides.csv", "410,PNC,S1,,score", "410,PNC,S1,,fit", "E28", 6, "use", "2013-01-01"),
    ("series/homicides.csv", "2013-01-01,2013-12-31", "2018-01-01,2018-12-31", "E19", 6, "use", "2018-01-01"),
    ("series/homicides.csv", "620,PNC,S1,,alternative", "620,PNC,S1,,fit", "E27", 3, "use", "2010-01-01..2010-06-30"),
    ("series/homicides.csv", "2011-01-01,2011-12-31", "2010-06-01,2011-12-31", "E27", 4, "use", "2010-06-30"),
    ("series/homicides.csv", ",620,", ",299,", "E29", 3, "use", "= -1"),
    ("series/homicides.csv", "640,IML", "640,José Pérez", "E31", 4, "institution", ""),
    ("series/figures.csv", "extortion_reports,100", "extorsion_reports,100", "E25", 2, "measure", "extorsion_reports"),
    ("series/figures.csv", "extortion_reports,100", "extortion_reports,-1", "E17", 2, "value", "-1"),
    ("series/figures.csv", "extortion_reports,100", "extortion_reports,1.5", "E17", 2, "value", "1.5"),
    ("series/figures.csv", "extortion_reports,100", "extortion_reports,1e999", "E16", 2, "value", "1e999"),
    ("series/figures.csv", "50,60", "50,40", "E17", 3, "value_high", "40"),
    ("series/figures.csv", "truce,20", "truce,120", "E17", 6, "value_pct", "120"),
    ("series/figures.csv", "2012-05-01,2012-05-31,members_imprisoned", "2012-05-01,2012-05-31,", "E14", 5, "measure",
     ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "line", "key", "found"),
    BAD,
    ids=[f"{row[0].removeprefix('series/')}-{row[3]}-{number}" for number, row in enumerate(BAD)],
)
def test_bad_input_is_told_with_its_place(
    spoiled: Spoil, file: str, old: str, new: str, code: str, line: int, key: str, found: str
) -> None:
    problems = errors(spoiled(file, old, new))
    told = [p for p in problems if p.code == code]
    assert told, [str(p) for p in problems]
    place = "series/homicides.csv" if code == "E28" and key == "use" and file == "case.toml" else file
    matching = [p for p in told if p.file == place and p.line == line and key in p.key and found in p.found]
    assert matching, [str(p) for p in told]
    assert matching[0].mend, "every problem says how to mend it"


def test_every_error_code_of_the_case_is_reached_by_a_bad_input() -> None:
    reached = {row[3] for row in BAD} | {"E10", "E11", "E71"}  # E71: test_case_intake.py
    own = {code for code, text in CODES.items() if code.startswith("E") and not text.startswith("ledger:")}
    assert own == reached


def test_everything_wrong_is_told_at_once(spoiled: Spoil) -> None:
    spoiled("levers.csv", "contact,2012-03-08,1", "contacts,2012-03-08,1")
    spoiled("areas.csv", "A2,South,50000", "A2,South,0")
    folder = spoiled("series/homicides.csv", ",640,", ",-640,")
    assert {"E21", "E26", "E17"} <= set(codes(folder))


def test_loading_a_spoiled_case_raises_every_error_at_once(spoiled: Spoil) -> None:
    spoiled("levers.csv", "contact,2012-03-08,1", "contacts,2012-03-08,1")
    folder = spoiled("areas.csv", "A2,South,50000", "A2,South,0")
    with pytest.raises(CaseError) as told:
        load_case(folder)
    assert {p.code for p in told.value.problems} == {"E21", "E26"}
    assert "levers.csv line 5" in str(told.value)


def test_an_unknown_word_is_answered_with_the_closest_known_one(spoiled: Spoil) -> None:
    problem = next(p for p in errors(spoiled("levers.csv", "contact,2012-03-08", "contakt,2012-03-08")))
    assert "contact" in problem.mend


@pytest.mark.parametrize("secret", ["José Pérez", "juan_perez", "Fulano Mengano", 'alias "Sirena"'])
def test_a_suspected_name_is_never_repeated(spoiled: Spoil, secret: str) -> None:
    folder = spoiled("case.toml", '"facilitator_1"', "'" + secret + "'")
    text = "\n".join(str(p) for p in check_case(folder))
    assert text
    for part in re.findall(r"[^\W\d_]{4,}", secret):
        if part != "alias":
            assert part not in text


def test_a_name_in_an_asserter_column_is_refused_and_not_repeated(small: Path) -> None:
    (small / "series/claims.csv").write_text(
        "period,asserted_by,measure,value,unit,source\n2012,Fulano Mengano,runoff_margin,5,votes,S1\n", encoding="utf-8"
    )
    problem = next(p for p in errors(small) if p.code == "E31")
    assert (problem.file, problem.line, problem.key) == ("series/claims.csv", 2, "asserted_by")
    assert "Mengano" not in str(problem)


def test_a_body_that_looks_like_a_name_passes_once_it_is_declared(spoiled: Spoil) -> None:
    spoiled("series/homicides.csv", "640,IML", "640,Instituto Carlos")
    folder = spoiled("case.toml", 'title_en = "Small"', 'title_en = "Small"\ninstitutions = ["Instituto Carlos"]')
    assert errors(folder) == []


def test_a_byte_order_mark_is_accepted_with_a_warning(small: Path) -> None:
    path = small / "areas.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert [p.code for p in check_case(small) if p.file == "areas.csv"] == ["W01"]
    assert len(load_case(small).world.areas) == 2


@pytest.mark.parametrize(("file", "line"), [("areas.csv", 2), ("case.toml", 3), ("series/homicides.csv", 2)])
def test_another_encoding_is_refused_with_the_place_of_the_byte(small: Path, file: str, line: int) -> None:
    path = small / file
    lines = path.read_bytes().split(b"\n")
    lines[line - 1] = lines[line - 1][:3] + b"\xf1" + lines[line - 1][3:]
    path.write_bytes(b"\n".join(lines))
    place = len(b"\n".join(lines[: line - 1])) + 1 + 3
    problem = next(p for p in errors(small) if p.code == "E11")
    assert (problem.file, problem.line) == (file, line)
    assert f"byte 0xf1 at place {place}" in problem.found


@pytest.mark.parametrize("file", ["case.toml", "areas.csv"])
def test_a_missing_file_that_must_be_there_is_told(small: Path, file: str) -> None:
    (small / file).unlink()
    assert ("E10", file) in [(p.code, p.file) for p in errors(small)]


@pytest.mark.parametrize("file", ["case.toml", "areas.csv", "levers.csv", "series/homicides.csv", "sources.csv"])
@pytest.mark.parametrize("content", ["", "  \n\n"])
def test_an_empty_file_is_told(small: Path, file: str, content: str) -> None:
    (small / file).write_text(content, encoding="utf-8")
    assert ("E14", file) in [(p.code, p.file) for p in errors(small)]


def test_a_table_with_a_header_only_is_an_empty_table(small: Path) -> None:
    (small / "areas.csv").write_text("id,name,population,urban_share\n", encoding="utf-8")
    assert [(p.code, p.file, p.message) for p in errors(small)] == [("E14", "areas.csv", "the case has no area")]


def test_a_file_in_place_of_a_folder_and_a_folder_in_place_of_a_file_are_told(small: Path, tmp_path: Path) -> None:
    (small / "areas.csv").unlink()
    (small / "areas.csv").mkdir()
    assert ("E10", "areas.csv") in [(p.code, p.file) for p in errors(small)]
    assert codes(tmp_path / "nowhere") == ["E10"]
    with pytest.raises(CaseError, match="no such case"):
        load_case(tmp_path / "nowhere")


def test_a_case_without_series_is_valid_and_says_what_that_costs(small: Path) -> None:
    for path in (small / "series").glob("*.csv"):
        path.unlink()
    (small / "levers.csv").write_text("id,date,value\narrests,2010-01-01,1\nlethal,2010-01-01,1\n", encoding="utf-8")
    problems = check_case(small)
    assert [p for p in problems if not p.is_warning] == []
    costs = " ".join(p.message for p in problems if p.code == "W03")
    assert '"paid by victims" will run on priors' in costs
    assert "no counts of killings" in costs
    assert load_case(small).observations.fit_pieces() == ()


@pytest.mark.parametrize("file", ["levers.csv", "chronology.csv", "draws.csv", "fit_targets.csv", "refits.csv"])
def test_what_may_be_left_out_is_a_warning(small: Path, file: str) -> None:
    (small / file).unlink()
    problems = check_case(small)
    assert [p for p in problems if not p.is_warning] == []
    assert any(p.file in (file, "readings.csv") for p in problems)


def test_a_missing_start_of_a_multiple_is_a_warning_and_means_one(spoiled: Spoil) -> None:
    folder = spoiled("levers.csv", "arrests,2010-01-01,1,-,start\n", "")
    warning = next(p for p in check_case(folder) if p.code == "W05")
    assert "arrests" in warning.message
    assert load_case(folder).history.at("arrests", 0) == 1.0


def test_an_unread_file_is_a_warning(small: Path) -> None:
    (small / "area.csv").write_text("id\n", encoding="utf-8")
    (small / "series/notes.txt").write_text("x", encoding="utf-8")
    (small / "README.md").write_text("x", encoding="utf-8")
    (small / "LICENSE.txt").write_text("x", encoding="utf-8")
    (small / ".hidden").write_text("x", encoding="utf-8")
    told = {p.file: p.mend for p in check_case(small) if p.code == "W02"}
    assert set(told) == {"area.csv", "series/notes.txt"}
    assert "areas.csv" in told["area.csv"]


def test_a_ledger_is_checked_with_the_rest(small: Path) -> None:
    (small / "ledger").mkdir()
    (small / "ledger/claims.toml").write_text("[[claim\n", encoding="utf-8")
    problem = next(p for p in errors(small) if p.code.startswith("E3"))
    assert problem.file == "ledger/claims.toml"


def test_alternatives_may_contradict_each_other(spoiled: Spoil) -> None:
    folder = spoiled("series/homicides.csv", "620,PNC,S1,,alternative,the year,yes", "9999,IML,S1,,alternative,x,no")
    assert errors(folder) == []


def test_two_levels_of_one_thing_cannot_both_be_fitted(small: Path) -> None:
    path = small / "series/figures.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "2012-05-01,2012-05-31,members_imprisoned,350,,ministry,S2,fit,other\n", encoding="utf-8")
    problem = next(p for p in errors(small) if p.code == "E29")
    assert (problem.file, problem.line) == ("series/figures.csv", 7)


def test_stored_pieces_must_be_what_the_rows_imply(small: Path) -> None:
    header = "piece_id,spans,homicides,arithmetic,source,basis,institution\n"
    rows = [
        "P01,2010-01-01..2010-06-30,300,as stated,S1,stated,PNC",
        "P02,2010-07-01..2010-12-31,320,620 - 300,S1,subtraction,PNC",
        "P03,2011-01-01..2011-12-31,640,as stated,S2,stated,IML",
        "P04,2012-01-01..2012-12-31,400,as stated,S1;S2,stated,PNC",
    ]
    path = small / "series/homicides_fit_pieces.csv"
    path.write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
    assert errors(small) == []
    path.write_text(header + "\n".join(rows).replace(",320,", ",321,") + "\n", encoding="utf-8")
    problem = errors(small)[0]
    assert (problem.code, problem.file, problem.line) == ("E29", path.relative_to(small).as_posix(), 3)
    assert "620 (PNC 2010) - 300 (PNC Jan-Jun 2010)" in problem.allowed
    path.write_text(header + "\n".join(rows[:3]) + "\n", encoding="utf-8")
    assert [p.message for p in errors(small)] == ["the rows imply a piece that is not stored"]


def test_the_partition_is_printed_with_its_arithmetic(small: Path) -> None:
    lines = partition_lines(small)
    assert lines[0].startswith("4 pieces, 1660 killings")
    assert any("320" in line and "620 (PNC 2010) - 300 (PNC Jan-Jun 2010)" in line for line in lines)
    assert partition_lines(small, "es")[0].startswith("4 piezas, 1660 homicidios")


def test_the_partition_of_contradicting_counts_is_refused(spoiled: Spoil) -> None:
    with pytest.raises(ObservationError, match="smaller than the parts"):
        partition_lines(spoiled("series/homicides.csv", ",620,", ",299,"))


def test_every_code_that_is_told_is_in_the_one_table() -> None:
    source = Path(__file__).parents[2] / "src/tregua"
    told = {
        code
        for room in ("case", "series", "ledger")
        for path in (source / room).glob("*.py")
        for code in re.findall(r'"([EW]\d\d)"', path.read_text(encoding="utf-8"))
    }
    assert told == set(CODES)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    file=st.sampled_from(sorted(name for name in SMALL if not name.startswith("geo"))),
    place=st.floats(0, 1),
    length=st.integers(0, 6),
    new=st.one_of(
        st.binary(max_size=4),
        st.sampled_from(
            [b",", b"\n", b'"', b"-", b"nan", b"1e999", b"9" * 400, b"..", b":", b"x", b"\x00", b"[", b"="]
        ),
    ),
)
def test_no_damage_to_a_file_ends_in_anything_but_problems(
    tmp_path_factory: pytest.TempPathFactory, file: str, place: float, length: int, new: bytes
) -> None:
    text = SMALL[file].encode()
    cut = int(place * len(text))
    files: dict[str, str | bytes] = {**SMALL, file: text[:cut] + new + text[cut + length :]}
    folder = write_case(tmp_path_factory.mktemp("damaged"), files)
    problems = check_case(folder)
    assert all(problem.code in CODES for problem in problems)
    if any(not problem.is_warning for problem in problems):
        with pytest.raises(CaseError):
            load_case(folder)
    else:
        assert load_case(folder).world.areas


def test_hundreds_of_areas_and_thousands_of_counts_are_read_in_seconds(small: Path) -> None:
    areas = "".join(f"X{i},Place {i},{1000 + i},0.3,1\n" for i in range(400))
    (small / "areas.csv").write_text("id,name,population,urban_share,municipalities\n" + areas, encoding="utf-8")
    months = [f"{year}-{month:02d}" for year in range(2010, 2013) for month in range(1, 13)]
    rows = "".join(f"{m},X{i},{i % 7},PNC,S1,score\n" for i in range(100) for m in months)
    (small / "series/local.csv").write_text("month,area,homicides,institution,source,use\n" + rows, encoding="utf-8")
    began = time.perf_counter()
    case = load_case(small)
    assert time.perf_counter() - began < 5.0
    assert len(case.world.areas) == 400
    assert len(case.observations.filter(area=None, measure="homicides")) == 3606
