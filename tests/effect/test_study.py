"""One study: rows, verdict, months, agreement; stored and read back; the same digits again."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import effect_figures as golden
import numpy as np
import pytest

from tregua.case import load_case
from tregua.effect import study as room
from tregua.effect.certification import read_table
from tregua.effect.changepoint import Break, ChangePoints, find_changes
from tregua.effect.checks.protocol import FAILED, PASSED, CheckResult
from tregua.effect.design import CountOver, CountSeries, Design, Phases
from tregua.effect.inputs import EffectInputs, PhaseMark, case_inputs
from tregua.effect.posterior import Gate, Job, Posterior
from tregua.effect.results import ChangeRow, EffectResults, EstimateRow, load_results, save_results
from tregua.effect.study import study, study_key, with_points
from tregua.effect.summary import agreement, day_text, months_until_erosion, principal, verdict, whole
from tregua.errors import StoreError
from tregua.series.span import Span

OURS = {"interrupted_negbin", "interrupted_serial", "structural", "synthetic_control"}


@pytest.fixture(scope="module")
def inputs() -> EffectInputs:
    return case_inputs(load_case("el_salvador_2012"))


@pytest.fixture(autouse=True)
def _fewer_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Change points over coarser dates, as in the golden figures of the case."""
    monkeypatch.setattr(room, "find_changes", partial(find_changes, sets=1500))


@pytest.fixture(scope="module")
def found() -> EffectResults:
    return golden.usual_study()


def small(scale: int = 1) -> EffectInputs:
    counts = tuple(
        CountOver((Span.of_month(2000 + m // 12, m % 12 + 1),), scale * (30 if m < 26 else 14), "", f"M{m}")
        for m in range(40)
    )
    return EffectInputs(Design(CountSeries(counts, "small"), Phases.parse(["active=2002-03-01"])), digest="x")


def test_the_figures_of_the_case_are_those_recorded(found: EffectResults) -> None:
    kept = golden.kept()
    same = golden.fingerprint() == kept["fingerprint"]
    far = golden.far("study", kept["parts"]["study"], golden.of_study(found), same_machine=same)
    assert not far, f"results moved; if on purpose, say so in CHANGELOG.md and run make baselines: {far[:5]}"


def test_every_estimator_has_a_row_with_checks_and_measured_error(found: EffectResults) -> None:
    rows = {row.id: row for row in found.estimates}
    assert set(rows) >= OURS | {"change_point", "synthetic_control_levels", "published_without_controls"}
    for name in OURS:
        row = rows[name]
        assert row.ratio is not None
        assert row.lo is not None
        assert row.hi is not None
        assert row.lo < row.ratio < row.hi < 1
        assert row.checks_counted >= 5
        assert row.coverage is not None
        assert row.false_positive is not None
        assert row.worlds >= 1000
        assert row.checks_passed + len(row.failed) == row.checks_counted
    assert not any(row.other_counts for row in rows.values()), "the table was made for these counts"
    assert found.certified_here
    assert rows["interrupted_serial"].certified
    assert rows["interrupted_negbin"].certified is False
    assert "fails certification" in rows["interrupted_negbin"].note_en
    assert "no pasa la certificación" in rows["interrupted_negbin"].note_es


def test_the_published_pair_stands_beside_ours_with_reasons(found: EffectResults) -> None:
    rows = {row.id: row for row in found.estimates}
    pair = [rows["published_without_controls"], rows["published_with_controls"]]
    assert [(row.ratio, row.lo, row.hi) for row in pair] == [(0.61, 0.54, 0.69), (0.55, 0.49, 0.63)]
    ours = rows["interrupted_serial_published_window"]
    assert (ours.start, ours.end) == (pair[0].start, pair[0].end)
    assert ours.lo is not None
    assert ours.hi is not None
    assert ours.lo < 0.61 < ours.hi
    assert any("published pair" in en and "par publicado" in es for en, es in found.reasons)
    assert any(f"{ours.ratio:.2f} looking back as far as they do" in en for en, _ in found.reasons)
    assert "Synthetic control compares whole calendar years" in " ".join(en for en, _ in found.reasons)


def test_the_verdict_speaks_of_the_wider_of_the_two_likelihoods(found: EffectResults) -> None:
    assert found.has_verdict
    chosen = principal(found.estimates)
    assert chosen is not None
    assert chosen.id == "interrupted_serial"
    assert chosen.name_en in found.verdict_en
    assert "Counts alone do not say why." in found.verdict_en
    assert "no dicen por qué" in found.verdict_es
    assert "lives saved" not in json.dumps(found.as_dict())


def test_windows_that_the_killings_set_are_said_to_be_and_others_stand_beside(found: EffectResults) -> None:
    """The stated window begins where killings fell and ends where they burst: it finds a change by construction."""
    rows = {row.id: row for row in found.estimates}
    stated, year, end = (rows[name] for name in ("interrupted_serial", "preset_year", "preset_end"))
    assert (year.start, year.end) == ("2012-03-08", "2013-03-07"), "twelve months from the day of the decision"
    assert (end.start, end.end) == ("2012-03-08", found.end)
    place = [row.id for row in found.estimates].index(stated.id)
    assert [row.id for row in found.estimates][place + 1 : place + 3] == ["preset_year", "preset_end"], (
        "directly beside"
    )
    for row in (year, end):
        assert row.coverage is None, "worlds of the table have the stated phases"
        assert row.estimator == stated.estimator
        assert row.method == stated.method
        assert row.lo is not None
        assert row.hi is not None
        for lang, text, told in (
            ("en", found.verdict_en, found.headline_en),
            ("es", found.verdict_es, found.headline_es),
        ):
            value = f"{row.ratio:.2f} [{row.lo:.2f}; {row.hi:.2f}]"
            assert value in told, lang
            assert text.startswith(told)
    assert end.ratio is not None
    assert stated.ratio is not None
    assert end.ratio > stated.ratio, "with the erosion less of a change is left"
    assert "Both ends of this window were set by the killings themselves" in found.headline_en
    assert "“daily homicides fall" in found.headline_en
    assert "“burst of killings" in found.headline_en
    assert "Los dos extremos de esta ventana los fijaron los propios homicidios" in found.headline_es
    assert "«oleada de homicidios" in found.headline_es


def test_the_verdict_names_what_failed_in_designs_that_it_does_not_speak_of(found: EffectResults) -> None:
    failed = [c for c in found.checks if c.result == FAILED and c.estimator != "interrupted_serial"]
    assert {c.id for c in failed} >= {"placebo_space", "hull"}
    for check in failed:
        assert check.title_en in found.verdict_en
        assert check.title_es in found.verdict_es
    assert "(placebo countries: rank 5 of 14, p 0.36; donors span the rates)" in found.verdict_en
    assert "among placebo dates: rank 1 of 13 by size, p 0.08" in found.verdict_en


def test_the_synthetic_control_says_what_it_is_made_of_and_what_its_donors_can_show(found: EffectResults) -> None:
    row = next(row for row in found.estimates if row.id == "synthetic_control")
    used = sorted((d for d in found.donors if d.weight), key=lambda d: -(d.weight or 0))
    named = [d for d in used if d.weight is not None and d.weight >= 0.05]
    told = ", ".join(f"{d.name} {100 * (d.weight or 0):.0f} %" for d in named)
    assert len(named) >= 2
    assert f"made of {told};" in row.note_en
    assert "México" in row.note_es
    donors = sum(d.used for d in found.donors)
    assert f"with {donors} donors no placebo p lies below 1/{donors + 1} = {1 / (donors + 1):.2f}" in row.note_en
    assert f"ningún p de placebo baja de 1/{donors + 1}" in row.note_es


def test_what_a_change_point_was_measured_by_is_its_date_and_not_its_ratio(found: EffectResults) -> None:
    row = next(row for row in found.estimates if row.id == "change_point")
    assert row.coverage is None
    assert row.coverage_of_date is not None
    assert [other.id for other in found.estimates if other.coverage_of_date is not None] == ["change_point"]


def test_whether_estimators_agree_is_said_in_sign_and_in_size(found: EffectResults) -> None:
    values = [row.ratio or 1.0 for row in found.estimates if row.id in OURS]
    size = "agree in size" if max(values) / min(values) <= 1.25 else "but not in size"
    assert found.agreement_en.startswith("All 4 estimators lie below 1")
    assert size in found.agreement_en
    counted = [row for row in found.estimates if row.id in OURS and row.certified]
    below = sum(1 for row in counted if row.hi is not None and row.hi < 1)
    left = "not counted: interrupted counts, negative binomial, whose intervals fail certification"
    assert f"{below} of {len(counted)} intervals leave out 1 ({left})" in found.agreement_en
    assert "no se cuenta: conteos interrumpidos, binomial negativa" in found.agreement_es


def test_the_path_is_cumulative_and_covers_every_later_count(found: EffectResults) -> None:
    spans = {span for row in found.path for span in row.spans}
    assert min(start for start, _ in spans) <= "2012-04-01"
    assert max(end for _, end in spans) == found.end
    for row in found.path:
        assert row.cf05 <= row.cf50 <= row.cf95
        assert row.cum05 <= row.cum50 <= row.cum95
    assert found.path[-1].cum95 < 0


def test_donors_are_shown_used_or_not_with_the_reason(found: EffectResults) -> None:
    assert {d.used for d in found.donors} == {True, False}
    for donor in found.donors:
        assert donor.reason_en
        assert donor.reason_es
        assert (donor.weight is not None) == donor.used
        if donor.weight is not None:
            assert donor.lo is not None
            assert donor.hi is not None
            assert donor.lo - 1e-9 <= donor.weight <= donor.hi + 1e-9


def test_spanish_numbers_follow_the_country(found: EffectResults) -> None:
    assert found.number_style == "es-SV"
    assert " 0." in found.verdict_es
    assert " 0," not in found.verdict_es
    assert with_points("0,45 [0,3; 1,2], 2\u202f447 y 2012, 2013") == "0.45 [0.3; 1.2], 2,447 y 2012, 2013"


def test_the_same_seed_gives_the_same_digits_and_another_does_not() -> None:
    def told(seed: int) -> dict[str, object]:
        return {**study(small(), full=False, seed=seed).as_dict(), "seconds": 0}

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_results_come_back_as_they_were_written(found: EffectResults, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "effect.json"
    save_results(found, path, "key")
    assert load_results(path, "key") == found
    assert load_results(path) == found
    assert load_results(path, "other") is None
    assert not list(path.parent.glob("*.part"))


def test_what_is_torn_or_foreign_is_not_read(found: EffectResults, tmp_path: Path) -> None:
    path = tmp_path / "effect.json"
    assert load_results(path) is None
    save_results(found, path)
    whole_text = path.read_text(encoding="utf-8")
    for broken in (whole_text[: len(whole_text) // 2], "[]", "null", whole_text.replace('"format": 2', '"format": 1')):
        path.write_text(broken, encoding="utf-8")
        assert load_results(path) is None
    data = json.loads(whole_text)
    del data["estimates"][0]["ratio"]
    path.write_text(json.dumps(data), encoding="utf-8")
    assert load_results(path) is None


def test_a_folder_that_cannot_be_written_is_told(found: EffectResults, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError) as told:
        save_results(found, tmp_path / "file" / "effect.json")
    assert "--out" in told.value.problems[0].mend


def test_a_stored_study_is_of_its_inputs_settings_and_code(monkeypatch: pytest.MonkeyPatch) -> None:
    base = small()
    keys = {
        study_key(base, 1, True, None),
        study_key(base, 2, True, None),
        study_key(base, 1, False, None),
        study_key(base, 1, True, 800),
        study_key(small(2), 1, True, None),
    }
    assert len(keys) == 5
    assert study_key(small(), 1, True, None) in keys
    monkeypatch.setattr(room, "_versions", lambda: (("numpy", "0.0"),))
    assert study_key(base, 1, True, None) not in keys


def test_chains_that_did_not_converge_stop_the_verdict(
    found: EffectResults, inputs: EffectInputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = Gate(3, 1.2, 50.0, "3 divergences", "3 divergencias", "use --posterior-draws 8000", "use más")
    posteriors = [Posterior(name, {}, stopped) for name in ("structural", "serial", "negbin")]
    design = inputs.design
    fits = room._fits(room.interrupted_model(design), room.structural_model(design), posteriors, 1)
    rows = room._count_rows(inputs, fits, posteriors, found.checks, (), True)
    assert not room._preset_rows(inputs, fits, rows)
    assert all((row.status, row.ratio, row.fewer) == ("no_estimate", None, None) for row in rows)
    en, es, has = verdict(rows, found.checks)
    assert not has
    assert en.startswith("No verdict: ")
    assert "3 divergences" in en
    assert "--posterior-draws" in en
    assert es.startswith("Sin veredicto: ")


def test_a_row_says_where_its_measured_error_is_that_of_its_fast_form(
    found: EffectResults, inputs: EffectInputs
) -> None:
    passed = Gate(0, 1.0, 2000.0)
    posteriors = [Posterior(name, {}, passed) for name in ("structural", "serial", "negbin")]
    design = inputs.design
    fits = room._fits(room.interrupted_model(design), room.structural_model(design), (), 1)
    table = [line for line in read_table() if line.estimator != "interrupted_serial.full"]
    rows = {row.id: row for row in room._count_rows(inputs, fits, posteriors, found.checks, table, True)}
    assert {name for name, row in rows.items() if row.certified_fast} == {"interrupted_serial"}
    assert rows["interrupted_serial"].measured_on == "fast form"
    assert rows["structural"].measured_on == "this form"
    assert not any(row.certified_fast for row in found.estimates), "fast estimates have worlds of their own"


def row(name: str, ratio: float, lo: float, hi: float, **more: object) -> EstimateRow:
    base = EstimateRow(name, name, f"{name} en", f"{name} es", "2012-03-09", "2013-06-30", "", "ok", ratio, lo, hi)
    return replace(base, checks_passed=9, checks_counted=10, **more)  # type: ignore[arg-type]


PAIR = [row("interrupted_negbin", 0.5, 0.45, 0.55), row("interrupted_serial", 0.5, 0.3, 0.8)]


def check(name: str, result: str, blocking: bool = False, estimator: str = "interrupted_serial") -> CheckResult:
    return CheckResult(
        name,
        estimator,
        result,
        f"{name} title",
        f"{name} título",
        "It failed.",
        "No pasó.",
        blocking and result == FAILED,
    )


def test_a_blocking_check_that_failed_leaves_no_verdict() -> None:
    en, es, has = verdict(PAIR, [check("placebo_time", FAILED, True)])
    assert (en, has) == ("No verdict: placebo_time title failed. It failed.", False)
    assert es == "Sin veredicto: no pasó placebo_time título. No pasó."
    other, otro, has = verdict(PAIR, [check("placebo_time", FAILED, True, "interrupted_negbin")])
    assert has, "of the one not spoken of"
    assert "Failed in other designs: interrupted_negbin en (placebo_time title)." in other
    assert "No pasaron en otros diseños: interrupted_negbin es (placebo_time título)." in otro


def test_an_interval_that_holds_one_is_a_verdict_whatever_placebos_say() -> None:
    """Without this only large effects got a verdict: those published would have been chosen for their size."""
    wide = [PAIR[0], replace(PAIR[1], ratio=0.8, lo=0.44, hi=1.41)]
    for checks in ([], [check("placebo_time", FAILED, True)]):
        en, es, has = verdict(wide, checks)
        assert has
        assert "no change in recorded homicides was shown: they were 0.80 times [0.44; 1.41]" in en
        assert "do not rule out a fall by 56 % or a rise by 41 %." in en
        assert "no se mostró un cambio en los homicidios registrados: fueron 0,80 veces [0,44; 1,41]" in es
        assert "no descartan una baja del 56 % ni un alza del 41 %." in es
    assert "failed: placebo_time title" in en, "told all the same"
    at_one = verdict([PAIR[0], replace(PAIR[1], ratio=0.8, lo=0.44, hi=1.0)], [])[0]
    assert "do not rule out a fall by 56 %. " in at_one


def test_the_verdict_speaks_of_the_estimate_whose_intervals_were_right_on_these_counts() -> None:
    narrow = replace(PAIR[0], certified=True)
    wide = replace(PAIR[1], certified=False, note_en="fails certification: x", note_es="no pasa")
    chosen = principal([narrow, wide])
    assert chosen is not None
    assert chosen.id == "interrupted_negbin", "certified, though narrower"
    elsewhere = principal([replace(narrow, other_counts=True), replace(wide, other_counts=True)])
    assert elsewhere is not None
    assert elsewhere.id == "interrupted_serial", "worlds of other counts vouch for nobody: the wider one"
    both = principal([narrow, replace(wide, certified=True)])
    assert both is not None
    assert both.id == "interrupted_serial"


def test_an_error_measured_on_other_counts_is_said_to_be() -> None:
    there = [replace(one, certified=True, other_counts=True) for one in PAIR]
    en, es, _ = verdict(there, [])
    assert "How often this estimator errs was measured on other counts or phases, not on these." in en
    assert "se midió con otros conteos o fases, no con estos." in es
    assert "other counts" not in verdict([replace(one, certified=True) for one in PAIR], [])[0]
    told = agreement([replace(there[0], certified=False), there[1], row("structural", 0.8, 0.6, 1.1)])
    assert "0 of" not in told[0]
    assert "whose intervals fail certification on other counts or phases" in told[0]
    assert "con otros conteos o fases" in told[1]


KILLINGS = PhaseMark(date(2012, 3, 9), "a fall", "una baja", True)


@pytest.mark.parametrize(
    ("killings", "en", "es"),
    [
        ((KILLINGS, None), "The start of this window was set by", "El comienzo de esta ventana lo fijaron"),
        ((None, KILLINGS), "The end of this window was set by", "El fin de esta ventana lo fijaron"),
        ((KILLINGS, KILLINGS), "Both ends of this window were set by", "Los dos extremos de esta ventana los fijaron"),
    ],
)
def test_each_end_that_killings_set_is_named(
    killings: tuple[PhaseMark | None, PhaseMark | None], en: str, es: str
) -> None:
    told = verdict(PAIR, [], killings)
    assert en in told[0]
    assert es in told[1]
    assert "killings themselves" not in verdict(PAIR, [])[0]


def test_failed_checks_an_open_range_and_a_failed_certification_are_said() -> None:
    plain, _, _ = verdict(PAIR, [check("windows", PASSED)])
    failed, es, _ = verdict(PAIR, [check("windows", FAILED)])
    assert "; failed: windows title" in failed
    assert "; no pasaron: windows título" in es
    wide = [PAIR[0], replace(PAIR[1], hi=1.1)]
    open_en, open_es, _ = verdict(wide, [])
    assert "no change in recorded homicides was shown" in open_en
    assert "no se mostró un cambio" in open_es
    plain_en, plain_es, _ = verdict(PAIR, [])
    assert "no change" not in plain + plain_en
    assert "no se mostró" not in plain_es
    risen = [replace(PAIR[0], ratio=1.3, lo=1.25, hi=1.4), replace(PAIR[1], ratio=1.3, lo=1.05, hi=1.7)]
    assert "no change" not in verdict(risen, [])[0]
    assert "no change" in verdict([risen[0], replace(risen[1], lo=1.0)], [])[0]
    weak = [PAIR[0], replace(PAIR[1], certified=False, note_en="fails certification: x", note_es="no pasa")]
    assert "This estimator fails certification: x." in verdict(weak, [])[0]
    assert "no pasa" in verdict(weak, [])[1]


def test_a_window_is_set_by_killings_where_the_events_that_date_it_speak_of_them(inputs: EffectInputs) -> None:
    first, last = inputs.set_by_killings
    assert first is not None
    assert last is not None
    assert (first.day, last.day) == (date(2012, 3, 9), date(2013, 7, 1))
    valleys = case_inputs(load_case("two_valleys"))
    assert len(valleys.marks) == 2
    assert valleys.set_by_killings == (None, None), "a pact and its end"
    assert valleys.decided == date(2004, 3, 1)
    assert valleys.preset_windows == (
        ("year", date(2004, 3, 1), date(2005, 2, 28)),
        ("end", date(2004, 3, 1), date(2005, 12, 31)),
    )
    given = case_inputs(load_case("el_salvador_2012"), Phases.parse(["active=2012-06-01"]))
    assert given.set_by_killings == (None, None), "no event dates that day"
    assert given.decided is None, "that is no start of what was decided in March"
    assert given.preset_windows == (("year", date(2012, 6, 1), date(2013, 5, 31)),)


def test_nothing_estimated_gives_no_verdict() -> None:
    assert verdict([], [])[2] is False


def test_agreement_is_of_sign_first_then_of_size() -> None:
    near = [*PAIR, row("structural", 0.55, 0.4, 0.7)]
    assert "agree in size" in agreement(near)[0]
    assert "but not in size" in agreement([*PAIR, row("structural", 0.8, 0.6, 1.1)])[0]
    assert "2 of 3 intervals" in agreement([*PAIR, row("structural", 0.8, 0.6, 1.1)])[0]
    assert "do not agree in sign" in agreement([*PAIR, row("structural", 1.2, 0.9, 1.6)])[0]
    edge = agreement([PAIR[0], replace(PAIR[1], hi=1.0)])[0]
    assert edge.endswith("1 of 2 intervals leave out 1."), "an interval that ends at 1 holds it"
    assert agreement([PAIR[0]])[0] == "Only one estimator gives an estimate."


def test_months_until_erosion_carry_their_doubt() -> None:
    none = ChangeRow((1.0,), (), None, 0.0, None, None, None, 0.0, (), ())
    assert "No fall" in months_until_erosion(None)[0]
    assert "no fall is found (probability of one: 0.00; of no break at all: 1.00)" in months_until_erosion(none)[0]
    fall = room.BreakRow("2012-03-11", "2012-03-01", "2012-03-20", 0.5, 0.4, 0.6)
    sure = replace(
        none, fall=fall, fall_probability=0.99, months=15.6, months_lo=9.6, months_hi=18.4, months_probability=0.99
    )
    assert "16 months later [10; 18]." in months_until_erosion(sure)[0]
    assert "of 100 draws" in months_until_erosion(replace(sure, months_probability=0.8))[0]
    assert "in 50 of 100 draws" in months_until_erosion(replace(sure, months_probability=0.5))[0]
    assert "of 100 draws" in months_until_erosion(replace(sure, months_probability=0.95))[0]
    assert "no rise" in months_until_erosion(replace(sure, months_probability=0.2))[0]


@pytest.mark.parametrize(
    ("probability", "found_one"), [(0.97, True), (0.86, True), (0.51, True), (0.5, False), (0.37, False)]
)
def test_a_fall_is_said_to_be_found_where_it_is_more_probable_than_not(probability: float, found_one: bool) -> None:
    """Of a flat series, a fall was once "found" that was less probable than no break at all."""
    fall = room.BreakRow("2010-08-29", "2009-04-16", "2013-11-06", 0.74, 0.37, 0.98)
    en, es = months_until_erosion(ChangeRow((0.52, 0.48), (), fall, probability, None, None, None, 0.1, (), ()))
    assert ("a fall is found on 29 Aug 2010" in en) is found_one
    assert ("se halla una baja el 29 ago 2010" in es) is found_one
    if not found_one:
        assert f"no fall is found (probability of one: {probability:.2f}; of no break at all: 0.52)." in en
        assert "no se halla una baja" in es
    else:
        assert (f"(probability {probability:.2f})" in en) is (probability < 0.95)


@pytest.mark.parametrize(("value", "en", "es"), [(2604.3, "2,600", "2\u202f600"), (-37, "−37", "−37"), (0, "0", "0")])
def test_people_are_rounded_to_two_figures(value: float, en: str, es: str) -> None:
    assert (whole(value, "en"), whole(value, "es")) == (en, es)


def test_dates_are_said_in_words() -> None:
    assert (day_text("2012-03-09", "en"), day_text("2012-03-09", "es")) == ("9 Mar 2012", "9 mar 2012")


def test_a_short_series_is_estimated_with_what_applies() -> None:
    results = study(small(), full=False)
    rows = {line.id for line in results.estimates}
    assert rows >= OURS - {"synthetic_control"}
    assert "synthetic_control" not in rows
    assert not any(name.startswith("published") for name in rows), "the pair is of one truce only"
    assert not results.donors
    assert not results.certified_here
    measured = [line for line in results.estimates if line.false_positive is not None]
    assert measured
    assert all(line.other_counts for line in measured)
    assert {line.measured_counts for line in measured} == {"other counts or phases"}
    negbin = results.estimates[0]
    assert negbin.note_en.startswith("failed certification, on other counts or phases: ")
    assert negbin.note_es.startswith("no pasó la certificación, con otros conteos o fases: ")
    year = next(line for line in results.estimates if line.id == "preset_year")
    assert (year.start, year.end) == ("2002-03-01", "2003-02-28")
    assert not year.note_en, "of somebody's own counts nobody knows what set the day"
    assert "preset_end" not in rows, "that is the stated window"
    assert results.verdict_en.startswith(results.headline_en)
    assert all(dataclasses.is_dataclass(line) for line in results.estimates)


@pytest.mark.slow
def test_full_posteriors_give_the_same_digits_with_one_process_or_two() -> None:
    one, two = (study(small(), draws=150, threads=n) for n in (1, 2))
    assert replace(one, seconds=0.0) == replace(two, seconds=0.0)
    three = [line for line in one.estimates if line.id in OURS]
    sampled = [line for line in three if line.method == "nuts"]
    assert sampled, "with so few draws some chains miss the gate, not all"
    assert all(line.ratio is not None for line in sampled)
    for line in three:
        if line.method != "nuts":
            assert (line.status, line.ratio) == ("no_estimate", None)
            assert line.reason_en
            assert line.remedy_en


class Pool:
    """Stands for the processes: works at once, and notes how it was closed."""

    closed: list[dict[str, object]]

    def __init__(self, **options: object) -> None:
        Pool.closed = []

    def submit(self, work: Callable[[Job], Posterior], job: Job) -> Future[Posterior]:
        done: Future[Posterior] = Future()
        try:
            done.set_result(work(job))
        except ValueError as error:
            done.set_exception(error)
        return done

    def shutdown(self, **how: object) -> None:
        Pool.closed.append(how)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Jobs that a study gives to its processes; what they find is made up, checks and change points are left out."""
    jobs: list[Job] = []

    def sampled(job: Job) -> Posterior:
        jobs.append(job)
        kept = job.draws // job.thin
        noise = np.random.default_rng(job.seed).normal(0, 0.02, (kept, job.columns.shape[1]))
        sites = {name: np.full(kept, 0.1) for name in ("extra", "sigma", "rho", "tau")}
        return Posterior(
            job.name, {"beta": job.map.beta + noise, "latent": np.zeros((kept, job.blocks)), **sites}, Gate(0, 1.0, 900)
        )

    monkeypatch.setattr(room, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(room, "sample", sampled)
    monkeypatch.setattr(room, "_count_checks", lambda *_: [])
    monkeypatch.setattr(room, "_changes", lambda *_: None)
    return jobs


def test_full_posteriors_keep_as_many_draws_as_were_asked_for(asked: list[Job]) -> None:
    told: list[str] = []
    found = study(small(), draws=60, told=lambda en, es: told.append(en))
    assert [job.name for job in asked] == ["structural", "interrupted_serial", "interrupted_negbin"]
    assert [job.draws // job.thin for job in asked] == [60, 60, 60], "of the serial form every third is kept"
    assert {job.thin for job in asked} == {1, 3}
    assert Pool.closed == [{}]
    assert told[-1] == "full posteriors"
    assert [row.method for row in found.estimates] == ["nuts"] * 4, "other windows are of the same posterior"
    study(small(), seed=3)
    assert [(job.draws, job.seed) for job in asked[3:]] == [(1500, 3), (6000, 3), (2000, 3)]


def test_a_study_that_breaks_leaves_no_process_behind(asked: list[Job], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(job: Job) -> Posterior:
        raise ValueError("no memory")

    monkeypatch.setattr(room, "sample", broken)
    with pytest.raises(ValueError, match="no memory"):
        study(small(), draws=60)
    assert Pool.closed == [{"wait": False, "cancel_futures": True}]


def test_the_published_pair_stands_only_beside_the_truce_that_it_studies(inputs: EffectInputs) -> None:
    def rows(changed: EffectInputs) -> list[str]:
        return [row.id for row in room._published_rows(changed, (), 1, True)]

    own = inputs.design
    pair = ["published_without_controls", "published_with_controls"]
    assert rows(inputs)[1:] == pair
    assert rows(replace(inputs, design=replace(own, phases=own.phases.moved(90)))) == [], "another month"
    assert rows(replace(inputs, pool=None)) == []
    assert inputs.pool is not None
    assert rows(replace(inputs, pool=replace(inputs.pool, treated="GTM"))) == [], "another country"


@pytest.mark.parametrize(("probability", "shown"), [(0.7, True), (0.51, True), (0.5, False), (0.3, False)])
def test_a_fall_found_without_a_date_is_a_row_where_it_is_more_probable_than_not(
    asked: list[Job], monkeypatch: pytest.MonkeyPatch, probability: float, shown: bool
) -> None:
    fall = Break(date(2002, 3, 4), date(2002, 2, 20), date(2002, 3, 20), 0.5, 0.4, 0.6)
    rise = Break(date(2003, 1, 1), date(2002, 12, 9), date(2003, 1, 9), 1.4, 1.2, 1.6)
    early = replace(rise, day=date(2002, 3, 20))
    points = ChangePoints((0.2, 0.3, 0.5), (fall, early, rise), (), fall, probability, None, 0.0)
    monkeypatch.setattr(room, "_changes", lambda *_: points)
    rows = [row for row in study(small(), full=False).estimates if row.id == "change_point"]
    assert bool(rows) is shown
    if shown:
        assert (rows[0].start, rows[0].end) == ("2002-03-04", "2002-12-31"), "until the day before the next rise"


@pytest.mark.parametrize(
    ("first", "break_year", "told"), [(2008, 2012, "4 before, 2 after"), (2000, 2013, "13 before, 1")]
)
def test_years_too_few_for_a_range_give_no_estimate_and_can_be_stored(
    asked: list[Job], inputs: EffectInputs, tmp_path: Path, first: int, break_year: int, told: str
) -> None:
    """Stored results once broke on an interval without an end."""
    assert inputs.pool is not None
    pool = replace(inputs.pool, first=first, break_year=break_year)
    results = study(replace(inputs, pool=pool), full=False)
    row = next(row for row in results.estimates if row.id == "synthetic_control")
    assert (row.status, row.ratio, row.hi, row.fewer_lo) == ("no_estimate", None, None, None)
    assert told in row.reason_en
    assert "años" in row.reason_es
    assert row.remedy_en
    assert row.remedy_es
    save_results(results, tmp_path / "effect.json")
    assert load_results(tmp_path / "effect.json") == results
    assert agreement(results.estimates)[0].startswith("All 3 estimators")


def test_rates_without_a_population_give_a_ratio_and_no_number_of_people(
    asked: list[Job], inputs: EffectInputs, tmp_path: Path
) -> None:
    assert inputs.pool is not None
    rows = tuple(replace(row, population=None) if row.unit == "SLV" else row for row in inputs.pool.rows)
    results = study(replace(inputs, pool=replace(inputs.pool, rows=rows)), full=False)
    row = next(row for row in results.estimates if row.id == "synthetic_control")
    assert row.status == "ok"
    assert row.ratio is not None
    assert (row.fewer, row.fewer_lo, row.fewer_hi) == (None, None, None)
    save_results(results, tmp_path / "effect.json")
