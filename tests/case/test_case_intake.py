"""Counts of one's own come into a case with source and use, or leave it as it was."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tregua.case import check_case, load_case
from tregua.case.intake import Provenance, bring
from tregua.case.layout import Hints
from tregua.case.scaffold import Sketch, new_case
from tregua.errors import CaseError
from tregua.series import Count
from tregua.series.written import CountsError

FROM = Provenance("police", "PNC2015", "final", "Police, yearbook 2015")
Made = Callable[..., Path]


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    days = (date(2009, 1, 1), date(2015, 12, 31), date(2012, 3, 8), date(2013, 12, 31))
    return new_case(tmp_path / "mine", Sketch("Mine", "Mío", *days, areas=(("Norte", 1000), ("Sur", 2000))))


def table(folder: Path, text: str, name: str = "counts.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def monthly(first: int, last: int, count: int = 300) -> str:
    rows = [f"{year}-{month:02d},{count}" for year in range(first, last + 1) for month in range(1, 13)]
    return "\n".join(["mes,homicidios", *rows]) + "\n"


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_counts_get_source_revision_and_a_use_by_the_fit_window(mine: Path, tmp_path: Path) -> None:
    intake = bring(table(tmp_path, monthly(2008, 2016)), mine, FROM)
    assert snapshot(mine).keys() & {"series/counts.csv"} == set(), "nothing is written before it is asked for"
    outside = next(note for note in intake.notes if "outside" in note[0])
    assert outside == (
        "24 excluded, the first from 2008-01-01 on: outside the run of the case",
        "24 excluidos, el primero desde 2008-01-01: fuera de la corrida del caso",
    )
    intake.write()
    case = load_case(mine)
    counts = [o for o in case.observations if isinstance(o, Count)]
    uses = {year: {c.use for c in counts if c.spans[0].start.year == year} for year in range(2008, 2017)}
    assert uses[2008] == uses[2016] == {"excluded"}
    assert uses[2009] == uses[2013] == {"fit"}
    assert uses[2014] == {"score"}
    assert (counts[0].institution, counts[0].revision, counts[0].sources) == ("police", "final", ("PNC2015",))
    assert case.sources["PNC2015"].citation == "Police, yearbook 2015"
    assert len(case.observations.fit_pieces()) == 60
    assert not [p for p in check_case(mine) if not p.is_warning]


def test_a_second_count_of_the_same_days_becomes_an_alternative(mine: Path, tmp_path: Path) -> None:
    bring(table(tmp_path, monthly(2009, 2012)), mine, FROM).write()
    second = Provenance("forensic institute", "IML2015", "first", "Institute, bulletin")
    intake = bring(table(tmp_path, monthly(2012, 2013, 290), "institute.csv"), mine, second)
    assert (intake.of_use("alternative"), intake.of_use("fit")) == (12, 12)
    intake.write()
    assert not [p for p in check_case(mine) if not p.is_warning]


def test_places_are_summed_and_kept(mine: Path, tmp_path: Path) -> None:
    text = "municipio,mes,homicidios\nNorte,2012-01,3\nSur,2012-01,4\nNorte,2012-02,5\n"
    intake = bring(table(tmp_path, text), mine, FROM)
    intake.write()
    national = load_case(mine).observations.counts()
    assert [(c.spans[0].start, c.count) for c in national] == [(date(2012, 1, 1), 7)]
    places = load_case(mine).observations.filter(area=None, kind="count")
    assert sorted(o.area for o in places) == ["", "Norte", "Norte", "Sur"]
    assert "1 periods have no national count" in "\n".join(note[0] for note in intake.notes)
    assert "no areas of the case" not in "\n".join(note[0] for note in intake.notes)


def test_daily_means_are_stated_figures_with_their_arithmetic(mine: Path, tmp_path: Path) -> None:
    bring(table(tmp_path, "mes;promedio diario\n2012-01;13,4\n2012-02;9,1\n"), mine, FROM).write()
    first, second = load_case(mine).observations.fit_pieces()
    assert (first.count, second.count) == (415, 264)
    with (mine / "series" / "counts.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    assert row["arithmetic"] == "13.4 a day x 31 days"
    assert row["note"].endswith("rounding leaves 2 either way")


def test_reports_of_extortion_are_a_measure_of_their_own(mine: Path, tmp_path: Path) -> None:
    path = table(tmp_path, "año,denuncias\n2009,4578\n2010,3992\n")
    hints = Hints(columns={"count": "denuncias"})
    bring(path, mine, FROM, measure="extortion_reports", hints=hints).write()
    found = load_case(mine).observations.filter(outcome="extortion_reports")
    assert [o.value for o in found] == [4578, 3992]
    assert "extortion_reports" not in {p.key for p in check_case(mine) if p.code == "W03"}


@pytest.mark.parametrize(
    ("change", "measure", "use", "said"),
    [
        ({"institution": " "}, "homicides", "", "--institution"),
        ({"revision": "last"}, "homicides", "", "--revision"),
        ({"source": "a b"}, "homicides", "", "--source"),
        ({}, "support", "", "--measure"),
        ({}, "homicides", "maybe", "--use"),
    ],
)
def test_words_that_mean_nothing_are_refused(
    mine: Path, tmp_path: Path, change: dict[str, str], measure: str, use: str, said: str
) -> None:
    before = snapshot(mine)
    given = Provenance(**{**vars(FROM), **change})
    with pytest.raises(CaseError, match=said):
        bring(table(tmp_path, monthly(2009, 2010)), mine, given, measure=measure, use=use)
    assert snapshot(mine) == before


def test_a_name_of_a_person_as_institution_is_refused_and_never_repeated(mine: Path, tmp_path: Path) -> None:
    person = " ".join(["Maria", "Lopez", "Garcia"])
    before = snapshot(mine)
    with pytest.raises(CaseError) as told:
        bring(table(tmp_path, monthly(2009, 2010)), mine, Provenance(person, "S1", "final", "A bulletin"))
    assert "E31" in str(told.value)
    assert "Lopez" not in str(told.value)
    assert snapshot(mine) == before


def test_figures_that_are_there_are_not_overwritten_unless_asked(mine: Path, tmp_path: Path) -> None:
    path = table(tmp_path, monthly(2009, 2010))
    bring(path, mine, FROM).write()
    with pytest.raises(CaseError, match="--replace"):
        bring(path, mine, FROM)
    bring(path, mine, FROM, replace=True).write()
    bring(path, mine, FROM, name="again", use="alternative").write()
    assert not [p for p in check_case(mine) if not p.is_warning]
    assert len(load_case(mine).observations.fit_pieces()) == 24


def test_a_source_is_not_given_a_second_citation(mine: Path, tmp_path: Path) -> None:
    bring(table(tmp_path, monthly(2009, 2010)), mine, FROM).write()
    other = Provenance("police", "PNC2015", "final", "Another book")
    with pytest.raises(CaseError, match="another citation"):
        bring(table(tmp_path, monthly(2011, 2012), "b.csv"), mine, other)


def test_cases_that_ship_and_folders_that_are_no_cases_are_not_written_to(tmp_path: Path) -> None:
    path = table(tmp_path, monthly(2009, 2010))
    with pytest.raises(CaseError, match="ships"):
        bring(path, "el_salvador_2012", FROM)
    with pytest.raises(CaseError, match="tregua new"):
        bring(path, tmp_path, FROM)


def test_a_table_that_cannot_be_read_leaves_the_case_as_it_was(mine: Path, tmp_path: Path) -> None:
    before = snapshot(mine)
    with pytest.raises(CountsError, match="line 2"):
        bring(table(tmp_path, "mes,homicidios\n2012-01,unos 300\n"), mine, FROM)
    assert snapshot(mine) == before


def test_counts_that_do_not_fit_the_population_are_told(mine: Path, tmp_path: Path) -> None:
    """Three thousand people cannot have three hundred killings a month."""
    bring(table(tmp_path, monthly(2009, 2010)), mine, FROM).write()
    told = [p for p in check_case(mine) if p.code == "W07"]
    assert [p.file for p in told] == ["areas.csv"]
    assert told[0].found.startswith("120,")
    areas = mine / "areas.csv"
    areas.write_text(areas.read_text(encoding="utf-8").replace("1000", "1000000"), encoding="utf-8")
    assert "W07" not in {p.code for p in check_case(mine)}
