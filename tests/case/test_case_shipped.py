"""Every case that ships: valid, cited, sealed, without names, and honest about what it is."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from tregua.case import Case, bundled_cases, check_case, load_case
from tregua.case.load import BUNDLED
from tregua.explore.experiment import Experiment
from tregua.ledger.load import load_ledger
from tregua.ledger.name import find_forbidden
from tregua.series import Count

CASES = bundled_cases()
# What a case may lack, and says so; anything else is a mistake.
LACKS = {
    "el_salvador_2012": set(),
    "el_salvador_2016": {"geo", "series support"},
    "two_valleys": {
        "draws.csv", "fit_targets.csv", "geo", "ledger", "series extortion_reports", "series disappearance_reports",
        "series deaths_by_state", "series members_imprisoned", "series support",
    },
}  # fmt: skip


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return load_case(str(request.param))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_three_cases_ship() -> None:
    assert set(CASES) == set(LACKS)


def test_nothing_is_wrong_and_what_is_lacking_is_known(case: Case) -> None:
    problems = check_case(case.id)
    assert [str(p) for p in problems if not p.is_warning] == []
    assert {p.code for p in problems} <= {"W03"}
    assert {f"{p.file} {p.key}".strip() for p in problems} == LACKS[case.id]


def test_every_source_is_cited_and_every_citation_is_used(case: Case) -> None:
    used = {key for o in case.observations for key in o.sources}
    used |= {key for event in case.events for key in event.sources}
    used |= {key for target in case.targets for key in target.sources}
    used |= {key for change in case.lever_sources for key in change.source.split(";")}
    used |= {key for area in rows(case.folder / "areas.csv") for key in area["source"].split(";")}
    used |= {key for table in case.tables.values() for row in table for key in row["source"].split(";")}
    assert set(case.sources) - used == set()


def test_names_that_may_stand_nowhere_stand_nowhere(case: Case) -> None:
    for path in sorted(case.folder.rglob("*")):
        if path.suffix in (".csv", ".toml", ".md") and path.stem not in ("draws", "lac_homicide_rates"):
            assert find_forbidden(path.read_text(encoding="utf-8")) == (), path.name


def test_a_ledger_is_sealed_whole(case: Case) -> None:
    folder = case.folder / "ledger"
    if not folder.is_dir():
        pytest.skip("this case has no ledger and says what that costs")
    ledger = load_ledger(folder)
    assert set(ledger.seal.claims) == set(ledger.claims)
    assert set(ledger.seal.sources) == set(ledger.sources)


def test_every_folder_explains_itself_in_a_readme(case: Case) -> None:
    text = (case.folder / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert len(text) > 500


def test_every_name_is_given_in_both_languages(case: Case) -> None:
    assert case.title_en
    assert case.title_es
    assert all(english and spanish for english, spanish in case.labels.values())


def test_a_case_that_is_invented_says_so_wherever_its_title_stands() -> None:
    case = load_case("two_valleys")
    assert "invented" in case.title_en
    assert "inventado" in case.title_es
    assert all("invented" in o.institution for o in case.observations)
    assert case.sources["INVENTED"].reliability == "invented"


def test_the_halt_of_2016_has_two_explanations_three_days_apart() -> None:
    case = load_case("el_salvador_2016")
    assert case.rivals == ("default", "measures_not_halt", "halt_and_measures")
    assert Experiment(case, draws=1).stories == case.rivals
    changes = {
        c.lever: c.date for c in case.lever_sources if c.date.year == 2016 and c.lever in ("own_halt", "contact")
    }
    assert (changes["contact"] - changes["own_halt"]).days == 3
    decision = case.decisions["2016"]
    assert decision.halt_ends
    no_answer = decision.timeline(decision.arms["no_truce"], case.history)
    day = case.world.day(date(2016, 4, 15))
    assert (no_answer.at("own_halt", day), no_answer.at("contact", day)) == (0.9, 0.15)
    without = case.readings["measures_not_halt"].apply(no_answer)
    assert without.at("own_halt", day) == 0.0


def test_the_halt_is_seen_in_its_own_counts() -> None:
    case = load_case("el_salvador_2016")
    months = {o.spans[0].start: o.count for o in case.observations.counts() if o.use == "fit" and o.spans[0].is_month}
    first = sum(months[date(2016, m, 1)] for m in (1, 2, 3))
    second = sum(months[date(2016, m, 1)] for m in (4, 5, 6))
    assert (first, second) == (2003, 1036)
    scored = [o for o in case.observations.scored() if isinstance(o, Count)]
    assert [o.spans[0].start.month for o in scored] == [7, 8, 9, 11]
    assert case.observations.partition().pieces[3].total == 614, "April and November 2014, from the total of the year"


def test_the_cases_share_no_figure_of_one_fit_with_the_other() -> None:
    """Counts that the second case may fit are held out of the first."""
    first, second = load_case("el_salvador_2012"), load_case("el_salvador_2016")
    last = max(piece.spans[-1].end for piece in first.observations.fit_pieces())
    assert min(piece.spans[0].start for piece in second.observations.fit_pieces()) > last


def test_rival_readings_must_exist(tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "copy"
    shutil.copytree(BUNDLED / "el_salvador_2016", folder)
    file = folder / "case.toml"
    text = file.read_text(encoding="utf-8").replace('"halt_and_measures"]', '"halt"]')
    file.write_text(text, encoding="utf-8")
    told = [p for p in check_case(folder) if p.code == "E25"]
    assert [(p.found, p.key) for p in told] == [("halt", "rival_readings[3]")]


def test_a_case_without_rivals_of_its_own_carries_the_usual_ones() -> None:
    assert load_case("el_salvador_2012").rivals == ("default", "hidden_killings", "fall_not_concessions")
    assert load_case("two_valleys").rivals == ("default",)


def test_shipped_digests_name_every_case() -> None:
    assert set(json.loads((BUNDLED / "shipped.json").read_text(encoding="utf-8"))) == set(CASES)
