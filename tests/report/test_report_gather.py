"""What the page is made of, from the bundled case and a store of single histories."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tregua.calibrate.pattern import beside_priors
from tregua.calibrate.validation import before_shares
from tregua.case.draws import draw_source
from tregua.case.load import Case, load_case
from tregua.effect.certification import LEAST_COVERAGE, MOST_FALSE, binomial_interval, read_table
from tregua.explore.experiment import WITHOUT_FORCE, Experiment, Worker, arm_at, later_force
from tregua.explore.stored import stored_scale
from tregua.explore.study import stages
from tregua.explore.yearly import simulate_years
from tregua.model.compiled import model_digest
from tregua.report.calibration import gate_row, validation_of
from tregua.report.gather import counted, force_of, headline, reported, span_count, truce_years
from tregua.runs.local import run_shards
from tregua.runs.query import cube
from tregua.runs.store import Store
from tregua.series.span import Span

BREAK = date(2012, 3, 8)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("el_salvador_2012")


def test_the_first_truce_year_is_one_and_the_year_before_is_one_that_counts_tell_apart(case: Case) -> None:
    before, truce = truce_years(case, BREAK)
    assert truce == Span(date(2012, 4, 1), date(2013, 3, 31))
    assert before == Span.of_year(2011)
    assert span_count(counted(case), Span(date(2011, 3, 1), date(2012, 2, 29))) is None
    assert truce_years(case, date(2012, 3, 1))[1].start == date(2012, 3, 1), "a month that it begins is a whole one"
    assert truce_years(case, date(2012, 12, 9))[1] == Span(date(2013, 1, 1), date(2013, 12, 31))
    head = headline(case, (before, truce), None, None, None)
    assert head is not None
    assert (head.before.count, head.truce.count) == (4371.0, 2055.0)


def test_what_was_reported_of_extortion_is_read_from_the_case(case: Case) -> None:
    found = reported(case, truce_years(case, BREAK))
    assert (found.ratio, found.year) == (0.9, (date(2012, 1, 1), date(2012, 12, 31)))
    assert found.before is not None
    assert found.after is not None
    assert (found.before.count, found.after.count) == (3992.0, 2785.0)
    assert (found.before.start.year, found.after.start.year) == (2010, 2013)
    assert set(found.sources) == {"NOTA2013JAN", "NOTA2014MAY"}


def test_what_priors_alone_pass_in_nearly_every_run_is_no_test_in_what_ships(case: Case) -> None:
    told = validation_of(case, model_digest(), None)
    assert told is not None
    before = before_shares(told)
    verdicts = {row["id"]: beside_priors(row["verdict"], before.get(row["id"])) for row in told["patterns"]["after"]}
    assert [name for name, verdict in verdicts.items() if verdict == "no_test"] == ["F7", "F8"]
    assert verdicts["F11"] == "passes", "priors fail it in one run of seven"
    assert {row["verdict"] for row in told["patterns"]["after"] if row["id"] in ("F7", "F8")} == {"passes"}
    assert before_shares({**told, "source": "prior"}) == {}, "runs of priors are not held against themselves"
    assert beside_priors("fails", 1.0) == "fails"
    assert beside_priors("passes", None) == "passes"


def test_what_the_documents_say_of_counts_and_gates_is_what_was_counted_and_measured(case: Case) -> None:
    head = headline(case, truce_years(case, BREAK), None, None, None)
    assert head is not None
    fewer = f"{1 - head.truce.rate / head.before.rate:.0%}".replace("%", " %")
    for name in ("README.md", "docs/index.md", "docs/explanation/faq.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert fewer in text, name
        assert "year from April 2012" in " ".join(text.split()), name
        assert "almost half" not in text, "that is what one source asserts (C34), told as fact"
    found = draw_source(case, model_digest()).posteriors
    rows = {name: gate_row(case, one) for name, one in found.items()}
    few = [row for row in rows.values() if row.sets == 50]
    told = " ".join((ROOT / "docs/calibration.md").read_text(encoding="utf-8").split())
    low, high = (f"{100 * end(row.missed or 0.0 for row in few):.1f}" for end in (min, max))
    assert f"off by {low} to {high} points pass 50 sets" in told
    assert f"200 sets where it is off by {100 * (rows['default'].missed or 0.0):.1f}" in told
    low, high = (f"{100 * end(row.coverage[1] for row in few):.1f}" for end in (min, max))
    assert f"cover {low} to {high} %" in told
    sizes = {name: len(one.manifest["identifiability"]["parameters"]) for name, one in found.items()}
    fewer_fitted = [name for name, size in sizes.items() if size == 41]
    card = " ".join((ROOT / "MODEL_CARD.md").read_text(encoding="utf-8").split())
    assert sizes["default"] == 42
    assert f"(41 under {', '.join(fewer_fitted[:-1])} and {fewer_fitted[-1]}," in card
    assert (
        f"Of the 42 the figures say nothing about {len(found['default'].manifest['identifiability']['silent'])}" in card
    )


def test_what_the_rule_of_certification_lets_pass_is_what_the_page_of_it_says() -> None:
    text = " ".join((ROOT / "docs/how-to/effect-on-your-counts.md").read_text(encoding="utf-8").split())
    passes = {}
    for worlds in (50, 1000):
        hits = range(worlds + 1)
        held = min(k for k in hits if binomial_interval(k, worlds)[1] >= LEAST_COVERAGE)
        passes[worlds] = held, max(k for k in hits if binomial_interval(k, worlds)[0] <= MOST_FALSE)
    assert f"lets {passes[50][0]} intervals of 50 that hold the truth pass, and {passes[50][1]} false findings" in text
    assert f"with 1,000 worlds {passes[1000][0]} and {passes[1000][1]}" in text
    assert max(row.worlds + row.failed for row in read_table() if row.estimator.endswith(".full")) == 50


def test_without_the_later_force_nothing_but_the_levers_of_force_is_held(case: Case) -> None:
    point = case.decisions["2012"]
    assert later_force(point, case.history) == {
        "lethal": (date(2014, 6, 1) - case.start).days,
        "arrests": (date(2015, 1, 5) - case.start).days,
    }
    without, record, reference = (
        point.timeline(arm, case.history)
        for arm in (arm_at(point, case.history, WITHOUT_FORCE), point.arms["as_it_happened"], point.arms["no_truce"])
    )
    days = range(point.day, (date(2019, 12, 31) - case.start).days, 7)
    for name in record.paths:
        other = reference if name in ("lethal", "arrests") else record
        assert [without.at(name, day) for day in days] == [other.at(name, day) for day in days], name
    calm = load_case("two_valleys")
    assert later_force(next(iter(calm.decisions.values())), calm.history) == {}
    measures = load_case("el_salvador_2016")
    assert later_force(measures.decisions["2016"], measures.history) == {}, "arrests of the day itself are the response"


def test_the_record_without_later_force_is_held_against_the_same_reference(case: Case, tmp_path: Path) -> None:
    asked = Experiment(case, draws=2, readings=("default",), arms=("as_it_happened",))
    grid, beside = asked.compare_shards("2012"), asked.force_shards("2012")
    assert {s.key(asked.origin) for s in beside} <= {s.key(asked.origin) for part in stages(asked) for s in part.shards}
    store = Store.open(tmp_path, asked.origin)
    assert run_shards([*grid, *beside], Worker(asked), store, 1).complete
    found = force_of(case, store, asked, ("2012", cube(store, "2012", grid)))
    assert found is not None
    assert [day for _, day in found.levers] == [date(2014, 6, 1), date(2015, 1, 5)]
    end = date(2017, 3, 7)
    one, two = (
        simulate_years(asked, arm=arm, decision="2012", start=BREAK, end=end, threads=1)
        for arm in (WITHOUT_FORCE, "no_truce")
    )
    rows = {(row.horizon, row.outcome): row for row in found.rows}
    for name in ("homicides", "deaths_by_state"):
        gap = (one.of(name) - two.of(name)).sum(axis=1)
        assert np.isclose(rows[5, name].q50, np.median(gap), rtol=0.02, atol=2.0), name
    whole = Experiment(case, draws=2)
    scale = stored_scale(store)
    assert scale is not None
    assert scale.draws == whole.draws
    assert force_of(case, store, asked, None).rows == ()  # type: ignore[union-attr]
