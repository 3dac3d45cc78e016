"""Certification: worlds with a known effect, scores, and a table that cannot flatter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tregua.case import load_case
from tregua.effect import study
from tregua.effect.certification import (
    COUNTRIES,
    EFFECT,
    EXTRA,
    FAST,
    NOT_CERTIFIED,
    PROCESSES,
    PUBLISHED_WINDOW,
    RHO,
    SIGMA,
    WALK,
    CertificationRow,
    Score,
    binomial_interval,
    certified,
    full_job,
    full_score,
    make_world,
    read_design,
    read_table,
    score,
    tabulate,
)
from tregua.effect.design import Design, Phases
from tregua.effect.inputs import case_inputs
from tregua.effect.panel import published_months
from tregua.effect.posterior import Gate, Posterior

SEED = 20120309


@pytest.mark.parametrize("process", PROCESSES)
def test_a_world_has_the_spans_of_the_case_and_about_its_counts(design: Design, process: str) -> None:
    totals = []
    for number in range(30):
        world = make_world(design, process, 1.0, number, SEED)
        assert world.design is not None
        assert [c.spans for c in world.design.series.counts] == [c.spans for c in design.series.counts]
        totals.append(sum(c.count for c in world.design.before))
    assert np.mean(totals) == pytest.approx(sum(c.count for c in design.before), rel=0.12)


@pytest.mark.parametrize("process", PROCESSES)
def test_the_planted_effect_is_there(design: Design, process: str) -> None:
    ratios = []
    for number in range(40):
        with_, without = (make_world(design, process, e, number + 100, SEED).design for e in (EFFECT, 1.0))
        assert with_ is not None
        assert without is not None
        counts = [[c.count for c in d.series.counts if c.start >= d.active.start] for d in (with_, without)]
        ratios.append(np.log(sum(counts[0][:15]) / sum(counts[1][:15])))
    # worlds of different effects have noise of their own: their mean tells
    assert np.mean(ratios) == pytest.approx(np.log(EFFECT), abs=0.1)


def test_a_world_is_the_same_whatever_else_is_run(design: Design) -> None:
    one, two = (make_world(design, "serial", 1.0, 7, SEED) for _ in range(2))
    other, seeded = make_world(design, "serial", 1.0, 8, SEED), make_world(design, "serial", 1.0, 7, SEED + 1)
    assert one == two
    assert one.design is not None
    assert len({tuple(c.count for c in w.design.series.counts) for w in (one, other, seeded) if w.design}) == 3


@pytest.mark.parametrize("estimator", [name for name in FAST if name != PUBLISHED_WINDOW])
def test_a_large_effect_is_seen_and_held(design: Design, estimator: str) -> None:
    process = COUNTRIES if estimator == "synthetic_control" else "overdispersed"
    found = [score(make_world(design, process, 0.35, number, SEED), estimator) for number in range(4)]
    assert sum(one.saw for one in found) >= 3
    assert not any(one.failed for one in found)


def test_the_months_of_the_published_pair_are_a_design_of_their_own(design: Design) -> None:
    own = published_months(design)
    assert (own.series.start.year, own.series.end.year) == (2010, 2013)
    assert len(own.phases.phases) == 1
    found = [score(make_world(own, "overdispersed", 0.4, number, SEED), PUBLISHED_WINDOW) for number in range(3)]
    assert all(one.saw for one in found)


def test_chains_that_did_not_converge_give_no_score(design: Design) -> None:
    world = make_world(design, "serial", 1.0, 0, SEED)
    stopped = Posterior("interrupted_serial", {}, Gate(3, 1.2, 50.0, "3 divergences", "3 divergencias", "x", "x"))
    assert full_score(world, "interrupted_serial.full", stopped) == Score(False, False, True)


def test_full_jobs_of_all_worlds_have_one_shape(design: Design) -> None:
    for estimator in ("interrupted_negbin.full", "interrupted_serial.full", "structural.full"):
        jobs = [full_job(make_world(design, "walk", 1.0, number, SEED), estimator) for number in (0, 1)]
        assert jobs[0].kind == jobs[1].kind
        assert jobs[0].overlap.shape == jobs[1].overlap.shape
        assert jobs[0].map.steps.shape == jobs[1].map.steps.shape
        assert not np.array_equal(jobs[0].counts, jobs[1].counts)


def test_binomial_intervals_are_those_of_clopper_and_pearson() -> None:
    lo, hi = binomial_interval(190, 200)
    assert (lo, hi) == (pytest.approx(0.9100, abs=5e-4), pytest.approx(0.9758, abs=5e-4))
    assert binomial_interval(0, 50)[0] == 0.0
    assert binomial_interval(50, 50)[1] == 1.0


def test_worlds_without_an_estimate_are_counted_apart() -> None:
    scores = [Score(False, True)] * 90 + [Score(True, False)] * 5 + [Score(False, False, True)] * 5
    rows = tabulate({("a", "serial", 1.0): scores, ("a", "serial", EFFECT): scores}, 1, "2026-01-01")
    assert {row.measure for row in rows} == {"false_positive", "coverage_null", "power", "coverage"}
    assert all((row.worlds, row.failed) == (95, 5) for row in rows)
    assert next(row.share for row in rows if row.measure == "false_positive") == pytest.approx(5 / 95)


def row(measure: str, share: float, lo: float, hi: float, process: str = "serial") -> CertificationRow:
    return CertificationRow("a", process, measure, share, lo, hi, 1000, 0, 1, "2026-01-01")


def test_the_worst_kind_of_world_speaks() -> None:
    table = [
        row("coverage", 0.96, 0.95, 0.97),
        row("coverage", 0.80, 0.77, 0.82, "walk"),
        row("false_positive", 0.05, 0.04, 0.06),
        row("false_positive", 0.20, 0.18, 0.22, "walk"),
    ]
    found = certified("a", table)
    assert (found.coverage, found.false_positive, found.passed) == (0.80, 0.20, False)
    assert "rate that walks" in found.note_en
    assert "deambula" in found.note_es
    fine = certified("a", [table[0], table[2]])
    assert fine.passed
    assert not fine.note_en
    assert certified("b", table) == NOT_CERTIFIED


def test_few_worlds_cannot_fail_an_estimator_by_chance() -> None:
    lo, hi = binomial_interval(17, 20)
    table = [replace(row("coverage", 0.85, lo, hi), worlds=20), row("false_positive", 0.05, 0.04, 0.06)]
    assert certified("a", table).passed, "an interval that reaches 0.90 does not say that coverage is below it"


def test_the_committed_table_holds_every_estimator_with_seed_and_date() -> None:
    table = read_table()
    assert {line.estimator for line in table} >= set(FAST) - {PUBLISHED_WINDOW}
    assert {line.process for line in table} >= {*PROCESSES, COUNTRIES, "simulator"}
    for line in table:
        assert line.seed == SEED
        assert line.date
        assert line.machine
        assert (line.process == "simulator") == bool(line.model)
        assert line.worlds >= 1000 or line.estimator.endswith(".full")
        hits = round(line.share * line.worlds)
        assert (line.lo, line.hi) == pytest.approx(binomial_interval(hits, line.worlds), abs=2e-4)


def test_the_table_belongs_to_the_bundled_case_as_it_stands() -> None:
    """Where the counts or phases of the case change, its shares are somebody else's until `make certify` is run."""
    own = read_design()
    assert own is not None
    case = case_inputs(load_case(own.case))
    assert own.is_of(case.design)
    assert case.pool is not None
    assert own.is_of_pool(case.pool)
    assert read_design(own.as_text()) == own
    assert dict(own.noise) == {"overdispersion": EXTRA, "serial_sd": SIGMA, "serial_rho": RHO, "walk_sd": WALK}


def test_a_design_with_other_spans_phases_or_counts_is_another() -> None:
    own = read_design()
    assert own is not None
    design = case_inputs(load_case(own.case)).design
    counts = design.series.counts
    revised = [round(1.08 * count.count) for count in counts]
    assert own.is_of(replace(design, series=design.series.with_counts(revised))), "a revision"
    larger = [*revised[:5], round(1.2 * counts[5].count), *revised[6:]]
    assert not own.is_of(replace(design, series=design.series.with_counts(larger)))
    assert not own.is_of(replace(design, series=replace(design.series, counts=counts[1:])))
    assert not own.is_of(replace(design, phases=design.phases.moved(1)))
    assert not own.is_of(replace(design, phases=Phases(design.phases.phases[:1])))
    pool = case_inputs(load_case(own.case)).pool
    assert pool is not None
    assert not own.is_of_pool(pool.without(pool.used[0].unit))
    assert not own.is_of_pool(replace(pool, first=pool.first + 1))
    assert read_design('{"case": "x", "phases": [], "noise": {}, "countries": {}, "counts": []}').is_of(design) is False  # type: ignore[union-attr]


def test_shares_beside_other_counts_say_so_and_no_shares_say_nothing() -> None:
    found = certified("interrupted_negbin", read_table())
    assert found.beside(True) == found
    there = found.beside(False)
    assert there.of_other_counts
    assert (there.coverage, there.passed) == (found.coverage, found.passed)
    assert there.note_en == found.note_en.replace(
        "fails certification: ", "failed certification, on other counts or phases: "
    )
    assert NOT_CERTIFIED.beside(False) == NOT_CERTIFIED


def test_the_table_can_be_made_again(design: Design) -> None:
    table = {(r.estimator, r.process, r.measure): r for r in read_table()}
    scores = [score(make_world(design, "overdispersed", EFFECT, n, SEED), "interrupted_negbin") for n in range(60)]
    told = table["interrupted_negbin", "overdispersed", "coverage"]
    lo, hi = binomial_interval(sum(one.held for one in scores), 60, 0.999)
    assert lo <= told.share <= hi


def test_a_sampled_posterior_is_shown_with_the_worlds_of_its_own_form() -> None:
    table = read_table()
    for estimator in ("interrupted_negbin", "structural"):
        fast = study._proof_of(estimator, table, sampled=False)
        sampled = study._proof_of(estimator, table, sampled=True)
        assert fast == certified(estimator, table)
        assert sampled == certified(f"{estimator}.full", table) != fast
        assert 40 <= sampled.worlds < fast.worlds
        assert not fast.of_fast_form
        assert not sampled.of_fast_form


def test_a_sampled_posterior_without_worlds_says_whose_numbers_it_shows() -> None:
    table = [row for row in read_table() if row.estimator != "structural.full"]
    assert study._proof_of("structural", table, sampled=True) == replace(
        certified("structural", table), of_fast_form=True
    )
    assert not study._proof_of("structural", table, sampled=False).of_fast_form
    assert study._proof_of("structural", (), sampled=True) == NOT_CERTIFIED, "no numbers, nobody's"
