"""What a fit may see: nothing outside its window, read from histories by the definition of each figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from tregua.calibrate.bank import Bank
from tregua.calibrate.figures import Figure, Figures
from tregua.calibrate.fit import fitted_readings
from tregua.calibrate.register import NAMES
from tregua.case.load import Case, Target, load_case
from tregua.errors import CaseError, ObservationError
from tregua.model.declare import DEFAULTS
from tregua.model.simulate import Simulator, simulate_history
from tregua.series.span import Span


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("el_salvador_2012")


def test_no_figure_of_the_case_lies_outside_the_window(case: Case) -> None:
    figures = Figures.of(case)
    assert figures.counts == 38
    assert len(figures.items) == 51
    assert max(item.last for item in figures.items) <= date(2013, 12, 31)


@pytest.mark.parametrize("span", [Span(date(2014, 1, 1), date(2014, 1, 31)), Span(date(2013, 12, 1), date(2014, 1, 1))])
def test_a_later_figure_cannot_be_fitted(case: Case, span: Span) -> None:
    later = Figure("later", "count", ("homicides_recorded",), (), (span,), 300.0)
    figures = Figures.of(case)
    with pytest.raises(ObservationError, match="outside its window"):
        Figures(figures.start, figures.fit_end, (*figures.items, later))


def test_a_later_target_of_a_case_cannot_be_fitted(case: Case) -> None:
    later = Target(
        "members_imprisoned", (Span(date(2016, 3, 1), date(2016, 3, 1)),), 14_000.0, 0.05, "lognormal", ("X",)
    )
    with pytest.raises(ObservationError, match="outside its window"):
        Figures.of(replace(case, targets=(*case.targets, later)))


def test_histories_of_a_bank_end_with_the_window(case: Case) -> None:
    bank = Bank.of(case, "default", NAMES, 1)
    _, course = bank._ground
    assert course.edges[-1] == bank.figures.until == bank.figures.cuts[-1]
    assert case.start + timedelta(days=int(bank.figures.until)) == date(2014, 1, 1)


def test_what_happens_after_the_window_changes_no_digit_of_a_bank(case: Case) -> None:
    """Later levers, later counts and a longer run leave the bank and its address alone."""
    from concurrent.futures import ThreadPoolExecutor

    day = (date(2014, 6, 1) - case.start).days
    path = tuple(change for change in case.history.paths["contact"] if change[0] < day)
    other = replace(
        case,
        history=case.history.with_path("contact", (*path, (day, 0.9))),
        observations=case.observations.where(lambda o: o.use != "score"),
    )
    one, two = (Bank.of(c, "default", NAMES, 1) for c in (case, other))
    assert one.digest == two.digest
    with ThreadPoolExecutor(1) as workers:
        assert np.array_equal(one.compute(range(3), workers), two.compute(range(3), workers))


def test_an_earlier_lever_gives_another_bank(case: Case) -> None:
    other = replace(case, history=case.history.with_level("contact", 0, 0.9))
    assert Bank.of(case, "default", NAMES, 1).digest != Bank.of(other, "default", NAMES, 1).digest


def test_figures_are_read_by_their_definition(case: Case) -> None:
    figures = Figures.of(case)
    run = simulate_history(
        Simulator(case.world), DEFAULTS, case.history, until=figures.until, cuts=figures.cuts, seed=3
    )
    read = dict(zip(figures.ids, figures.read(run), strict=True))
    recorded, starts = run.flow("homicides_recorded"), figures.cuts[:-1]
    first_half = (date(2009, 7, 1) - case.start).days
    assert np.exp(read["P01"]) - 0.5 == pytest.approx(recorded[starts < first_half].sum())
    killed = sum(run.flow(name)[starts < 1095].sum() for name in ("deaths_gang", "deaths_coercion"))
    share = killed / recorded[starts < 1095].sum()
    assert read["(deaths_gang+deaths_coercion)/homicides_recorded@2009-01-01"] == pytest.approx(share)
    poll = int(np.searchsorted(figures.cuts, (date(2012, 11, 21) - case.start).days)) - 1
    assert read["support@2012-11-20"] == run.stock("support")[poll]


def test_a_case_with_too_few_figures_runs_on_priors(case: Case) -> None:
    bare = replace(case, observations=case.observations.where(lambda o: o.measure != "homicides"))
    with pytest.raises(CaseError, match="runs on priors"):
        Figures.of(bare)
    with pytest.raises(CaseError, match="runs on priors"):
        Figures.of(replace(case, fit_end=None))


def test_readings_with_a_fit_of_their_own(case: Case) -> None:
    assert fitted_readings(case) == (
        "default",
        "hidden_killings",
        "leader_split",
        "fall_not_concessions",
        "gangs_first",
        "repress_works",
    )


def test_a_bank_leaves_out_what_its_reading_sets(case: Case) -> None:
    assert "rent_revolt" not in Bank.of(case, "leader_split", NAMES, 1).coordinates.names
    assert "promise_weight" in Bank.of(case, "gangs_first", NAMES, 1).coordinates.names
