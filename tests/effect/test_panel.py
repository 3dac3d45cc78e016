"""The panel estimator recovers what was planted, with errors that cover."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tregua.effect.design import DesignError, Phases
from tregua.effect.panel import PUBLISHED, PanelRow, fit_panel, planted_panel, read_panel
from tregua.effect.read_counts import CountsError

TRUCE = Phases.parse(["active=2012-03-01"])


def test_a_planted_ratio_and_interaction_are_found() -> None:
    fit = fit_panel(planted_panel(np.random.default_rng(1)), TRUCE)
    assert fit.interaction is not None
    assert fit.truce.lo < 0.61 < fit.truce.hi
    assert fit.interaction.lo < np.exp(-0.08) < fit.interaction.hi
    assert fit.periods == 48
    assert fit.truce.two_way_hi >= fit.truce.hi


@pytest.mark.slow
def test_intervals_cover_over_two_hundred_panels() -> None:
    """0.61 and the interaction lie inside 95 % intervals as often as a binomial allows (181 to 198 of 200)."""
    inside, within = 0, 0
    for seed in range(200):
        fit = fit_panel(planted_panel(np.random.default_rng(1000 + seed)), TRUCE)
        assert fit.interaction is not None
        inside += fit.truce.lo <= 0.61 <= fit.truce.hi
        within += fit.interaction.lo <= np.exp(-0.08) <= fit.interaction.hi
    assert 181 <= inside <= 198
    assert 181 <= within <= 198


def test_statsmodels_finds_the_same_values() -> None:
    smf = pytest.importorskip("statsmodels.api", reason="the extra effect is not installed")
    rows = planted_panel(np.random.default_rng(3), areas=20, months=40)
    fit = fit_panel(rows, TRUCE, harmonics=0)
    areas = sorted({row.area for row in rows})
    density = np.array([row.prison for row in rows], dtype=float)
    standard = (density - density.mean()) / density.std()
    on = np.array([row.start >= date(2012, 3, 1) for row in rows], dtype=float)
    days = np.array([(row.end - row.start).days + 1 for row in rows])
    middle = np.array([row.start.toordinal() for row in rows]) + days / 2
    dummies = np.array([[row.area == area for area in areas] for row in rows], dtype=float)
    columns = np.column_stack([on, (middle - date(2012, 3, 1).toordinal()) / 365.25, on * standard, dummies])
    offset = np.log(days) + np.log([row.population for row in rows])
    counts = np.array([row.count for row in rows])
    theirs = smf.GLM(counts, columns, family=smf.families.Poisson(), offset=offset).fit()
    assert fit.interaction is not None
    ours = [fit.truce.value, fit.trend.value, fit.interaction.value]
    np.testing.assert_allclose(ours, theirs.params[:3], rtol=1e-5)


def test_areas_without_events_are_counted_and_left_out() -> None:
    rows = planted_panel(np.random.default_rng(2), areas=40)
    emptied = tuple(replace(row, count=0) if row.area < "A0005" else row for row in rows)
    fit = fit_panel(emptied, TRUCE)
    assert fit.empty_areas >= 5
    assert fit.areas + fit.empty_areas == 40


def test_a_panel_without_prison_density_has_no_interaction() -> None:
    rows = tuple(replace(row, prison=None) for row in planted_panel(np.random.default_rng(2), areas=40))
    assert fit_panel(rows, TRUCE).interaction is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows: rows + rows[:1], "two counts"),
        (lambda rows: tuple(r for r in rows if r.area < "A0005"), "too few areas"),
        (lambda rows: tuple(r for r in rows if r.start < date(2012, 1, 1)), "wholly before"),
        (lambda rows: (replace(rows[0], prison=None), *rows[1:]), "one number for each area"),
    ],
)
def test_panels_that_cannot_be_used_are_refused(change, message: str) -> None:
    with pytest.raises(DesignError, match=message):
        fit_panel(change(planted_panel(np.random.default_rng(2), areas=30)), TRUCE)


def test_a_panel_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "panel.csv"
    file.write_text(
        "municipio;mes;homicidios;poblacion;presos\nApopa;2012-01;12;131286;40,5\nApopa;2012-02;9;131286;40,5\n"
    )
    rows = read_panel(file)
    assert rows[0] == PanelRow("Apopa", date(2012, 1, 1), date(2012, 1, 31), 12, 131286.0, 40.5)


def test_a_panel_file_without_areas_or_with_bad_numbers_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "panel.csv"
    file.write_text("date,count\n2012-01,3\n2012-02,3\n")
    with pytest.raises(CountsError, match="column of areas"):
        read_panel(file)
    file.write_text("area,date,count,population\nA,2012-01,3,many\n")
    with pytest.raises(CountsError) as told:
        read_panel(file)
    assert told.value.problems[0].line == 2


def test_the_published_pair_is_the_one_of_the_abstract() -> None:
    assert [row[1:] for row in PUBLISHED] == [(0.61, 0.54, 0.69), (0.55, 0.49, 0.63)]
