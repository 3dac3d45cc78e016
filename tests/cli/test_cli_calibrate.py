"""``tregua calibrate`` and ``tregua validate``: refusals, and what is asked of which case."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from command_line import leave

import tregua
from tregua.calibrate import external
from tregua.calibrate.external import SIGNS, sign_tests, signs_left_out
from tregua.case.draws import draw_source
from tregua.case.posterior import POSTERIORS
from tregua.case.scaffold import Sketch, new_case
from tregua.cli.calibrate import figure_rows, share
from tregua.cli.screen import Screen
from tregua.cli.validate import show


@pytest.fixture
def town(tmp_path: Path) -> Path:
    days = (date(2009, 1, 1), date(2015, 12, 31), date(2012, 3, 8), date(2013, 12, 31))
    return new_case(tmp_path / "town", Sketch("Town", "Pueblo", *days))


@pytest.mark.parametrize("command", ["calibrate", "validate"])
def test_too_few_figures_run_on_priors_and_are_told_so(
    command: str, town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert leave(command, str(town), "--out", str(town.parent / "out")) == 1
    told = capsys.readouterr().err
    assert "runs on priors" in told
    assert "0 counts inside the fit window" in told
    assert not (town.parent / "out").exists(), "nothing is written for what is refused"


def test_a_reading_that_does_not_exist_is_told_apart_from_one_without_a_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for reading, why in (("rumour", "no such reading"), ("bonding", "no fit of its own")):
        assert leave("calibrate", "--before", "--reading", reading, "--out", str(tmp_path)) == 1
        assert why in capsys.readouterr().err


def test_the_figures_before_a_fit_are_a_table_at_eighty() -> None:
    ratio = "(deaths_gang+deaths_coercion)/homicides_recorded"
    cells = ("2009-01-01", "0.62")
    assert figure_rows(ratio, cells, in_two=False) == [(ratio, *cells)]
    first, second = figure_rows(ratio, cells, in_two=True)
    assert first[0] + second[0].replace(" ", "") == ratio
    assert (first[1:], second[1:]) == (cells, ("", ""))
    assert figure_rows("P05", cells, in_two=True) == [("P05", *cells)]
    assert share(0.4349) == "43\u00a0%"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_halt_is_not_asked_what_only_a_pact_can_show(
    lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["validate", "el_salvador_2016", "--draws", "20", "--threads", "1", "--quiet", "--lang", lang]
    assert leave(*words, "--out", str(tmp_path)) == 0
    shown = capsys.readouterr().out
    assert {"en": "does NOT hold", "es": "NO se cumple"}[lang] not in shown
    assert shown.count({"en": "not asked here", "es": "aquí no se pregunta"}[lang]) == 2
    assert {"en": "No patterns are registered", "es": "no registra patrones"}[lang] in shown
    assert {"en": "too few to say", "es": "muy pocos para decir"}[lang] in shown
    assert {"en": "the model, default", "es": "el modelo, default"}[lang] in shown
    assert not re.search(r"\de[+-]\d", shown), "a number is written out to its error"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_priors_alone_pass_is_shown_as_no_test(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    from tregua.cli.screen import Screen
    from tregua.cli.validate import show_patterns

    told = json.loads((POSTERIORS / "el_salvador_2012" / "validation.json").read_text(encoding="utf-8"))
    show_patterns(Screen(lang), told)
    lines = capsys.readouterr().out.splitlines()
    name = {"en": "no test", "es": "no es prueba"}[lang]
    assert [line.split()[0] for line in lines if line.rstrip().endswith(name)] == ["F7", "F8"]
    assert sum("90\u00a0%" in line and name in line for line in lines) == 1
    passed = {"en": "passes", "es": "cumple"}[lang]
    assert "F3" in [line.split()[0] for line in lines if line.rstrip().endswith(passed)]


def test_signs_are_asked_of_the_cases_that_can_show_them(town: Path) -> None:
    for name, left in (("two_valleys", set()), ("el_salvador_2012", set()), ("el_salvador_2016", set(SIGNS[3:]))):
        found = signs_left_out(tregua.load_case(name))
        assert set(found) == left, name
        assert all(len(text) > 20 for why in found.values() for text in why)
    assert set(signs_left_out(tregua.load_case(town))) == {*SIGNS} - {"unconditional_provokes", "force_provokes"}


def test_force_is_raised_from_where_it_stood_and_never_lowered() -> None:
    case = tregua.load_case("el_salvador_2016")
    day = next(iter(case.decisions.values())).day
    assert case.history.at("lethal", day) > 3, "a lever set to a level of another case would have been lowered here"
    rows = draw_source(case, tregua.engine().digest, asked="prior").rows(24, 1, tregua.PARAMETERS)
    rows = [case.readings["default"].overlay(row) for row in rows]
    (check,) = sign_tests(case, "default", rows, seed=1, threads=1, without={*SIGNS} - {"force_provokes"})
    assert check.passed
    assert check.found < 0


def test_unconditional_repression_is_raids_and_force_together(monkeypatch: pytest.MonkeyPatch) -> None:
    case = tregua.load_case("el_salvador_2012")
    day = next(iter(case.decisions.values())).day
    asked: list[tuple[float, float]] = []

    def replay(*_: object, history: Any, **__: object) -> Any:
        asked.append((history.at("arrests", day), history.at("lethal", day)))
        return SimpleNamespace(total=lambda *_: np.zeros(2))

    monkeypatch.setattr(external, "replay", replay)
    for name, times in (("unconditional_provokes", (2.0, 3.0)), ("force_provokes", (1.0, 3.0))):
        asked.clear()
        sign_tests(case, "default", [{}, {}], seed=1, without={*SIGNS} - {name})
        stood, raised = asked
        assert raised == pytest.approx((times[0] * stood[0], times[1] * stood[1])), name


def test_what_ships_was_asked_every_sign() -> None:
    told = json.loads((POSTERIORS / "el_salvador_2012" / "validation.json").read_text(encoding="utf-8"))
    asked = [check["id"] for check in told["checks"]]
    assert asked == ["recruitment_balance", "planted_branching", *SIGNS]
    assert told["model"] == tregua.engine().digest
    case = tregua.load_case("el_salvador_2012")
    assert set(case.readings) <= set(told["hindcast"]["scores"]), "what weighs in regret was held against later counts"
    laid = told["hindcast"]["laid_over"]
    assert {name for name, rule in case.readings.items() if not rule.refit} - {"default"} == set(laid)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_sign_within_its_errors_of_zero_is_not_shown_and_is_not_said_to_fail(lang: str) -> None:
    told = json.loads((POSTERIORS / "el_salvador_2012" / "validation.json").read_text(encoding="utf-8"))
    raids = next(check for check in told["checks"] if check["id"] == "unconditional_provokes")
    assert (external.standing(raids), abs(raids["found"]) < 2 * raids["error"]) == ("open", True)
    against = {**raids, "found": 3 * raids["error"]}
    recruits = {**told["checks"][0], "passed": False}
    assert [external.standing(one) for one in (told["checks"][0], against, recruits)] == ["holds", "fails", "fails"]
    text = io.StringIO()
    show(Screen(lang, out=text, err=io.StringIO(), width=None, color=False), told)
    shown = text.getvalue()
    assert {"en": "not shown: raids", "es": "no se mostró: redadas"}[lang] in shown
    assert {"en": "does NOT hold", "es": "NO se cumple"}[lang] not in shown
    assert "−4.7 ± 1.3" in shown or "−4,7 ± 1,3" in shown


def test_one_draw_is_refused_with_a_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("validate", "two_valleys", "--draws", "1", "--out", str(tmp_path)) == 1
    assert "2 or more" in capsys.readouterr().err


@pytest.mark.parametrize(("share", "told"), [(0.1, "+10\u00a0%"), (-0.09, "−9\u00a0%"), (0.274, "+27\u00a0%")])
def test_a_gain_is_told_with_a_true_minus_and_a_space(share: float, told: str) -> None:
    from tregua.cli.validate import gained

    assert gained(share) == told
