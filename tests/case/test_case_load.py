"""What a folder says is what the case holds, and its digest changes when, and only when, its content does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tregua.case import CODES, digest_of, find_case, json_schema, load_case
from tregua.case.document import read_document
from tregua.case.names import looks_like_a_name
from tregua.case.overlay import Overlay, parse_overlay, parse_without
from tregua.case.schema import ROW_MODELS, columns_of, parse_days, parse_period
from tregua.case.table import read_table
from tregua.errors import ObservationError, ProblemList
from tregua.series import Span

Spoil = Callable[[str, str, str], Path]


def test_the_small_case_is_what_its_files_say(small: Path) -> None:
    case = load_case(small)
    assert (case.id, case.title_en, case.title_es) == ("small", "Small", "Pequeño")
    assert case.folder == small
    assert [area.name for area in case.world.areas] == ["North", "South"]
    assert case.world.broker_roles == ("facilitator_1", "organisation_1")
    assert case.world.members_active == 1000
    assert case.world.calmado_share == 0.17
    assert case.parameter_overrides == {"contest_rate": 0.05}
    assert case.history.at("contact", case.world.day(date(2012, 3, 8))) == 1.0
    assert case.decisions["2012"].arms["open_truce"].sets == {"contact": 0.8, "legal": 1.0}
    assert case.decisions["2012"].return_contact == 0.35
    reading = case.readings["hidden_killings"]
    assert (reading.sets, reading.scales, reading.short) == ({"hide_truce": 0.4}, {"breach_weight": 0.5}, "R3")
    assert reading.fitted == {"contest_rate": 0.043, "hide_truce": 0.4}, "only what the draws hold is refitted"
    assert case.draws[1] == {"contest_rate": 0.05, "hide_truce": 0.2}
    assert case.labels["arm", "open_truce"] == ("Open truce", "Tregua abierta")
    assert case.sources["S1"].citation == "A paper, 2013"
    assert case.events[0].value == 30
    assert case.days == 2191
    assert case.geo is not None
    assert case.geo.name == "areas.json"


def test_figures_keep_their_place_and_their_words(small: Path) -> None:
    figures = {o.id: o for o in load_case(small).observations.filter(file="figures")}
    disappearances = figures["figures:3"]
    assert (disappearances.measure, disappearances.value, disappearances.value_high) == (
        "disappearance_reports",
        50,
        60,
    )
    assert (disappearances.file, disappearances.line) == ("series/figures.csv", 3)
    assert figures["figures:6"].value == pytest.approx(0.2)
    assert figures["figures:6"].outcome == "support"


def test_the_digest_is_that_of_the_content(small: Path, tmp_path: Path) -> None:
    digest = digest_of(small)
    assert len(digest) == 64
    assert load_case(small).digest == digest
    copy = Path(shutil.copytree(small, tmp_path / "elsewhere"))
    assert digest_of(copy) == digest, "the place of the folder does not matter"
    path = copy / "areas.csv"
    text = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    assert digest_of(copy) == digest, "line ends and a byte order mark do not matter"
    (copy / ".editor").write_text("x", encoding="utf-8")
    assert digest_of(copy) == digest, "hidden files are no part of a case"
    path.write_bytes(text.replace(b"100000", b"100001"))
    assert digest_of(copy) != digest
    path.write_bytes(text)
    (copy / "geo/areas.json").rename(copy / "geo/other.json")
    assert digest_of(copy) != digest, "names of files are content"


def test_a_folder_with_a_case_goes_before_a_bundled_id(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_case("el_salvador_2012").name == "el_salvador_2012"
    assert find_case("el_salvador_2012").is_absolute()
    shutil.copytree(small, small.parent / "el_salvador_2012")
    monkeypatch.chdir(small.parent)
    assert find_case("el_salvador_2012") == Path("el_salvador_2012")
    assert load_case("el_salvador_2012").id == "small"


def test_an_arm_of_the_record_leaves_out_what_it_says(spoiled: Spoil) -> None:
    folder = spoiled("arms.csv", "open_truce,contact,0.8", "open_truce,timeline,without own_halt; contact")
    spoiled("arms.csv", "open_truce,legal,1,2012-03-08\n", "")
    arm = load_case(folder).decisions["2012"].arms["open_truce"]
    assert arm.record
    assert arm.without == ("own_halt", "contact")


@pytest.mark.parametrize(
    ("text", "spans", "precision"),
    [
        ("2012", ("2012-01-01..2012-12-31",), "year"),
        ("2012-02", ("2012-02-01..2012-02-29",), "month"),
        ("2012-02-09", ("2012-02-09..2012-02-09",), "day"),
        ("2012-07..2012-09", ("2012-07-01..2012-09-30",), "span"),
        ("2014/2015", ("2014-01-01..2015-12-31",), "span"),
        ("2014-02-02..2014-03-09", ("2014-02-02..2014-03-09",), "span"),
        ("undated", (), "undated"),
    ],
)
def test_loose_dates_keep_their_precision(text: str, spans: tuple[str, ...], precision: str) -> None:
    found, how = parse_period(text)
    assert (tuple(str(span) for span in found), how) == (spans, precision)


@pytest.mark.parametrize("text", ["", "soon", "2012-13", "2012-02-30", "12-02-2012", "2012-2-9", "0000", "２０１２"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|day"):
        parse_period(text)


def test_days_of_targets_are_a_date_or_spans() -> None:
    assert parse_days("2012-11-20") == (Span(date(2012, 11, 20), date(2012, 11, 20)),)
    assert len(parse_days("2009-01-01..2009-06-30;2010-01-01..2010-06-30")) == 2
    with pytest.raises(ObservationError):
        parse_days("2009-06-30..2009-01-01")


def test_cells_of_readings_are_a_value_a_factor_or_a_path() -> None:
    assert parse_overlay("0.4") == Overlay(value=0.4)
    assert parse_overlay("x0.5") == Overlay(factor=0.5)
    assert parse_overlay("2012-03-08:0.97;2014-03-01:0") == Overlay(
        path=((date(2012, 3, 8), 0.97), (date(2014, 3, 1), 0.0))
    )
    for text in ("", "x", "y0.5", "nan", "inf", "1_0", "2012-03-08:", "2014-03-01:0;2012-03-08:1", "soon:1"):
        with pytest.raises(ValueError, match=r"not|dates|day"):
            parse_overlay(text)
    assert parse_without("") == ()
    assert parse_without("without own_halt; contact") == ("own_halt", "contact")


@pytest.mark.parametrize(
    "text",
    [
        "facilitator_1", "organisation_2", "interlocutor", "security ministry", "state witness with a plea agreement",
        "El Salvador", "government of El Salvador", "San Salvador city council", "PNC", "authorities, as told",
        "Ministry of Justice", "US Treasury", "santa ana police", "san miguel",
    ],
)  # fmt: skip
def test_roles_and_bodies_are_no_names(text: str) -> None:
    assert not looks_like_a_name(text)


@pytest.mark.parametrize(
    "text", ["Fulano Mengano", "juan_perez", "carlos", "the minister Fulano Mengano", "alias Sirena", "María", "JOSÉ_X"]
)
def test_names_are_seen_in_capitals_and_in_ids(text: str) -> None:
    assert looks_like_a_name(text)


def test_keys_of_a_document_have_their_lines(tmp_path: Path) -> None:
    text = (
        'a = 1\n# b = 2\n"c d" = 3\nlong = """\nd = 4\n[e]\n"""\n[t]\nx = 1\ny.z = 2\n'
        "[[list]]\nid = 1\n[[list]]\nid = 2\n[list.inner]\nv = 1\n[[list.more]]\nw = 5\n"
    )
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    document = read_document(tmp_path / "x.toml", "x.toml", ProblemList())
    assert document is not None
    places = {
        ("a",): 1, ("c d",): 3, ("long",): 4, ("t", "x"): 9, ("t", "y", "z"): 10, ("list", 0, "id"): 12,
        ("list", 1, "id"): 14, ("list", 1, "inner", "v"): 16, ("list", 1, "more", 0, "w"): 18,
        ("list", 1, "missing"): 13, ("t", "missing"): 8, ("nothing",): 1,
    }  # fmt: skip
    assert {path: document.line_of(path) for path in places} == places


@pytest.mark.parametrize("text", ["[" * 100_000, "a = " + "[" * 100_000, "a = " + "9" * 10_000, 'a = "\x00"'])
def test_hostile_documents_are_refused_without_a_traceback(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    problems = ProblemList()
    assert read_document(tmp_path / "x.toml", "x.toml", problems) is None
    assert [p.code for p in problems.problems] == ["E13"]


def test_lines_of_a_table_count_breaks_inside_quotes(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('\na,b\n1,"two\nlines"\n\n3,4\n', encoding="utf-8")
    table = read_table(tmp_path / "x.csv", "x.csv", ProblemList(), required=("a", "b"))
    assert table is not None
    assert [(row.line, row.cells) for row in table] == [(3, {"a": "1", "b": "two\nlines"}), (6, {"a": "3", "b": "4"})]


def test_the_schema_for_editors_knows_every_file(tmp_path: Path) -> None:
    schema = json.loads(json.dumps(json_schema()))
    assert {"format", "id", "title_en", "title_es", "start", "end"} <= set(schema["required"])
    assert schema["additionalProperties"] is False
    definitions = schema["$defs"]
    for file, model in ROW_MODELS.items():
        required, optional = columns_of(model)
        assert set(definitions[model.__name__]["properties"]) == {*required, *optional}, file
        assert file in definitions[model.__name__]["description"]
    assert set(definitions["SeriesRow"]["properties"]["use"]["anyOf"][0]["enum"]) == {
        "fit", "score", "alternative", "excluded",
    }  # fmt: skip


def test_codes_are_told_in_words() -> None:
    assert all(CODES.values())
    assert list(CODES) == sorted(CODES)
