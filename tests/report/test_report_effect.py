"""Section 8: every estimate is a door, nothing that failed is hidden, both languages, no script needed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from html_reader import read
from report_sample import inputs

from tregua.effect.check_result import CheckResult
from tregua.effect.results import (
    CertificationLine,
    DonorRow,
    EffectResults,
    EstimateRow,
    PathRow,
    PhaseRow,
    YearRow,
)
from tregua.report.catalogue import Catalogue
from tregua.report.effect_charts import against_counterfactual, covers_text, forest, measured_text, thumbnail
from tregua.report.format import Formatter
from tregua.report.page import page
from tregua.report.sections.effect import SECTION


def estimate(name: str, ratio: float | None = 0.5, **more: object) -> EstimateRow:
    base = EstimateRow(
        name, name, f"{name} in English", f"{name} en español", "2012-03-09", "2013-06-30", "PNC", "ok", ratio,
        None if ratio is None else 0.8 * ratio, None if ratio is None else 1.3 * ratio, 2000.0, 1000.0, 3100.0, 8, 9,
        coverage=0.94, false_positive=0.06, worlds=1000, certified=True, method="nuts",
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def placebo(kind: str, label: str, real: bool, rank: int) -> dict[str, object]:
    path = [["2011-01-01", "2011-06-30", 0.1], ["2011-07-01", "2011-12-31", -0.4 if real else 0.05]]
    return {"kind": kind, "label": label, "ratio": 0.5 if real else 0.98, "statistic": 1.0, "rank": rank,
            "real": real, "path": path}  # fmt: skip


def results(**changes: object) -> EffectResults:
    dates = tuple(placebo("date", f"2011-0{m}-01", m == 9, 1 if m == 9 else m + 1) for m in range(1, 10))
    lands = tuple(placebo("country", name, name == "El Salvador", 2) for name in ("Brazil", "El Salvador", "Uruguay"))
    made = EffectResults(
        title="El Salvador 2012",
        digest="9f3c1e08b7aa6642",
        counts=38,
        start="2009-01-01",
        end="2013-12-31",
        institutions=("PNC", "IML"),
        break_day="2012-03-09",
        phases=(
            PhaseRow("before", "before", "antes", "2009-01-01", "2012-03-08"),
            PhaseRow("active", "active", "vigente", "2012-03-09", "2013-06-30"),
            PhaseRow("eroding", "eroding", "en erosión", "2013-07-01", "2013-12-31"),
        ),
        estimates=(
            estimate("interrupted_negbin", certified=False, coverage=0.6, note_en="fails certification: x"),
            estimate("interrupted_serial", 0.46, certified_fast=True),
            estimate("structural", None, status="no_estimate", fewer=None, reason_en="3 divergences",
                     reason_es="3 divergencias", remedy_en="more draws", remedy_es="más sorteos"),
            estimate("change_point", 0.46, coverage=None, coverage_of_date=0.96, false_positive=0.69, certified=False,
                     fewer=None, checks_counted=0, method="enumeration"),
            estimate("published_with_controls", 0.55, estimator="published", status="published", fewer=None,
                     method="published", coverage=None, false_positive=None, checks_counted=0),
        ),
        path=(
            PathRow((("2012-04-01", "2012-04-30"),), 30, 156, 320.0, 400.0, 490.0, -330.0, -240.0, -160.0),
            PathRow((("2012-05-01", "2012-06-30"),), 61, 339, 600.0, 780.0, 980.0, -950.0, -680.0, -420.0),
        ),
        placebos=(*dates, *lands),  # type: ignore[arg-type]
        donors=(
            DonorRow("CUB", "Cuba", True, "complete", "completa", 0.4, 0.0, 0.6),
            DonorRow("HND", "Honduras", False, "a truce of its own", "una tregua propia"),
            DonorRow("MEX", "Mexico", False, "another war", "otra guerra", name_es="México"),
            DonorRow("BRA", "Brazil", True, "complete", "completa", 0.6, 0.4, 1.0, name_es="Brasil"),
        ),
        years=(YearRow(2012, 41.0, 70.0),),
        change=None,
        checks=(
            CheckResult("windows", "interrupted_serial", "failed", "windows", "ventanas",
                        "It varies (most without Mexico).", "Varía (más sin México)."),
            CheckResult("placebo_time", "interrupted_serial", "passed", "placebo", "placebos", "One.", "Una.", False,
                        dates),  # type: ignore[arg-type]
        ),
        certification=(
            CertificationLine("interrupted_serial", "walk", "rate that walks", "tasa que deambula", "coverage", 0.94,
                              0.92, 0.95, 1000, 2, 7, "2026-01-15", "x86_64, 2 cores", "abc123"),
        ),
        certified_here=True,
        headline_en="Between a and b it was half.",
        headline_es="Entre a y b fue la mitad.",
        verdict_en="Between a and b it was half. Counts alone do not say why.",
        verdict_es="Entre a y b fue la mitad. Los conteos por sí solos no dicen por qué.",
        has_verdict=True,
        agreement_en="All agree.",
        agreement_es="Todos coinciden.",
        months_en="Sixteen months.",
        months_es="Dieciséis meses.",
        reasons=(("because of this", "por esto"),),
        notes=(("a note", "una nota"),),
        number_style="",
        seed=7,
        seconds=1.0,
        versions=(("numpy", "2.1"),),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def html() -> str:
    return page(inputs(effect=results()), sections=(SECTION,), plain=True)


def test_each_figure_of_the_table_of_estimates_tells_its_column_where_a_phone_shows_records(html: str) -> None:
    tree = read(html)
    for lang in ("en", "es"):
        table = tree.find("table", id=f"effect-table-{lang}")[0]
        heads = [one.text() for one in table.find("thead")[0].find("th")]
        rows = table.find("tbody")[0].find("tr")
        assert len(rows) == len(results().estimates)
        for row in rows:
            told = [one.attrs["data-label"] for one in row.find("td")]
            spans = [int(one.attrs.get("colspan", 1)) for one in row.find("td")]
            at = [1 + sum(spans[:place]) for place in range(len(spans))]
            assert told == [heads[place] for place in at]


def test_countries_and_machines_are_told_in_the_words_of_each_language(html: str) -> None:
    tree = read(html)
    told = {lang: tree.find("section", id=f"effect-{lang}")[0] for lang in ("en", "es")}
    names = {lang: [one.text() for one in told[lang].find("b")] for lang in told}
    assert "Brazil" in names["en"]
    assert "Brasil" in names["es"]
    assert "(most without Mexico)" in told["en"].text()
    assert "(más sin México)" in told["es"].text()
    assert "Brazil" not in told["es"].text()
    assert "Mexico" not in told["es"].text()
    assert "x86_64, 2 cores" in told["en"].text()
    assert "x86_64, 2 núcleos" in told["es"].text()


def test_without_results_the_page_says_which_command_makes_them() -> None:
    told = page(inputs(effect=None), sections=(SECTION,), plain=True)
    assert "tregua effect" in told
    assert Catalogue("es").text("what.effect") in told


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_verdict_and_the_agreement_come_first(html: str, lang: str) -> None:
    found = results()
    head, agreement = getattr(found, f"headline_{lang}"), getattr(found, f"agreement_{lang}")
    rest = getattr(found, f"verdict_{lang}").removeprefix(head).strip()
    reason = found.reasons[0][0 if lang == "en" else 1]
    assert html.index(f'<p class="lead">{head}</p>') < html.index(rest) < html.index(agreement) < html.index(reason)
    assert html.count(head) == 1, "said once"


def test_every_ratio_is_a_door_with_six_stops(html: str) -> None:
    tree = read(html)
    for lang in ("en", "es"):
        for row in results().estimates:
            if row.ratio is not None:
                name = f"w-e-{row.id}-{lang}"
                assert f'href="#{name}"' in html
                assert f'id="{name}"' in html
    cards = tree.find("section", css="card")
    assert len(cards) == 2 * sum(row.ratio is not None for row in results().estimates)


def test_a_failed_estimator_keeps_its_row_with_reason_and_remedy(html: str) -> None:
    assert "No estimate: 3 divergences. To do: more draws." in html
    assert "Sin estimación: 3 divergencias. Qué hacer: más sorteos." in html


def test_every_estimate_stands_beside_its_measured_error(html: str) -> None:
    words = Catalogue("en")
    fmt = Formatter(words)
    rows = {row.id: row for row in results().estimates}
    borrowed = "coverage 0.94, false 0.06 · measured on its fast form"
    assert measured_text(rows["interrupted_serial"], words, fmt) == borrowed
    assert measured_text(rows["interrupted_serial"], words, fmt, verdict=False) == borrowed
    own = replace(rows["interrupted_serial"], certified_fast=False)
    assert measured_text(own, words, fmt) == "coverage 0.94, false 0.06"
    assert "fails certification" in measured_text(rows["interrupted_negbin"], words, fmt)
    dated = "coverage of the date 0.96, false 0.69"
    assert measured_text(rows["change_point"], words, fmt, verdict=False) == dated, "not of the ratio beside it"
    assert covers_text(rows["change_point"], words, fmt) == "covers the date 0.96"
    assert dated in html
    assert "cobertura de la fecha 0" in html
    assert measured_text(replace(rows["interrupted_serial"], coverage=None), words, fmt) == "not certified"
    # of three estimates with figures one has borrowed them: it says so in the table and on its card, in each language
    assert html.count(borrowed) == html.count("cobertura 0,94, falsos 0,06 · medido en su forma rápida") > 0
    chart = {str(row["estimator"]): row for row in forest(results(), words, fmt).data}
    assert chart["interrupted_serial"]["measured_on"] == "fast form"
    assert chart["interrupted_negbin"]["measured_on"] == "this form"
    assert chart["published_with_controls"]["measured_on"] is None
    assert "x86_64, 2 cores" in html
    assert "abc123" in html


def test_failed_checks_come_before_passed_ones(html: str) -> None:
    assert html.index("It varies (") < html.index("One.")


def test_nothing_says_more_than_counts_can(html: str) -> None:
    shown = re.sub(r"<(script|style).*?</\1>", "", html, flags=re.S)
    for word in ("lives saved", "vidas salvadas", "proves", "significant"):
        assert word not in shown


def test_the_forest_holds_every_row_and_no_pooled_one() -> None:
    words = Catalogue("en")
    chart = forest(results(), words, Formatter(words))
    assert [row["estimator"] for row in chart.data] == [row.id for row in results().estimates]
    assert "4 estimates between 0.46 and 0.55" in chart.alt_long
    dated = next(row for row in chart.data if row["estimator"] == "change_point")
    assert (dated["measured_coverage"], dated["measured_coverage_of_date"]) == (None, 0.96)
    assert {row["measured_counts"] for row in chart.data} == {"these counts", None}
    for width in ("wide", "phone"):
        spec = chart.spec(width)  # type: ignore[arg-type]
        text = str(spec)
        assert "'type': 'log'" in text
        assert text.count("'shape': 'diamond'") == 1
        domain = next(layer["encoding"]["x"]["scale"]["domain"] for layer in spec["layer"])
        assert domain[0] <= 0.3
        assert domain[1] >= 1.2


def test_an_interval_beyond_the_usual_scale_widens_it() -> None:
    words = Catalogue("en")
    wide = replace(results(), estimates=(estimate("interrupted_serial", 0.5, lo=0.05, hi=3.0),))
    spec = forest(wide, words, Formatter(words)).spec("wide")
    low, high = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low < 0.05
    assert high > 3.0


def test_the_counterfactual_is_told_with_its_range_and_starts_at_zero() -> None:
    words = Catalogue("en")
    chart = against_counterfactual(results(), words, Formatter(words), {("2012-04-01", "2012-04-30"): "police"})
    assert chart.alt_long.endswith("680 [420; 950] below the counterfactual.")
    upper = chart.spec("wide")["vconcat"][0]
    domains = [e["y"]["scale"]["domain"] for layer in upper["layer"] if "y" in (e := layer["encoding"])]
    assert all(domain[0] == 0 for domain in domains)


def test_a_rise_is_told_as_one() -> None:
    words = Catalogue("en")
    rows = tuple(replace(row, cum05=100.0, cum50=200.0, cum95=300.0) for row in results().path)
    chart = against_counterfactual(replace(results(), path=rows), words, Formatter(words), {})
    assert chart.alt_long.endswith("200 [100; 300] above the counterfactual.")


def test_placebos_share_a_scale_and_the_truth_is_framed(html: str) -> None:
    real, other = placebo("date", "2011-07-01", True, 1), placebo("date", "2011-07-01", False, 2)
    one, two = (str(thumbnail(row, 0.4, "x")) for row in (real, other))  # type: ignore[arg-type]
    assert 'class="thumb real"' in one
    assert 'class="thumb"' in two
    assert "67" in one, "the largest misfit reaches the edge"
    assert html.count('class="thumb real"') == 4, "two galleries in two languages"
    assert "By size the real date ranks 1 of 9" in html


def test_an_error_measured_on_other_counts_says_so_wherever_it_is_shown(html: str) -> None:
    """Shares of El Salvador's worlds once stood beside anybody's counts, as if measured on them."""
    words, fmt = Catalogue("en"), Formatter(Catalogue("en"))
    rows = tuple(replace(row, other_counts=row.false_positive is not None) for row in results().estimates)
    there = results(estimates=rows, certified_here=False)
    told = page(inputs(effect=there), sections=(SECTION,), plain=True)
    for lang in ("en", "es"):
        catalogue = Catalogue(lang)
        for key in ("effect.table.caption.other", "effect.certified.note.other"):
            text = str(catalogue.html(key, level=95, false=5)) if "caption" in key else str(catalogue.html(key))
            assert text in told
            assert text not in html
        for key in ("effect.table.caption", "effect.certified.note"):
            text = str(catalogue.html(key, level=95, false=5)) if "caption" in key else str(catalogue.html(key))
            assert text not in told
            assert text in html
        long, short = (str(catalogue.html(key)) for key in ("effect.other", "effect.other.short"))
        cards = sum(row.other_counts and row.ratio is not None for row in rows)
        assert told.count(long) == cards, "each card"
        assert told.count(short) > cards, "each row"
        assert long not in html
        assert short not in html
    for row in rows:
        if row.other_counts:
            assert "other counts or phases" in measured_text(row, words, fmt)
            assert "other counts" in covers_text(row, words, fmt)
    assert {row["measured_counts"] for row in forest(there, words, fmt).data} == {"other counts or phases", None}


def test_a_study_of_few_counts_leaves_out_what_it_does_not_have() -> None:
    bare = results(path=(), placebos=(), donors=(), years=(), certification=(), notes=())
    told = page(inputs(effect=bare), sections=(SECTION,), plain=True)
    assert "No table was made yet" in told
    assert 'class="thumb' not in re.sub(r"<style.*?</style>", "", told, flags=re.S)


def test_hostile_names_stay_text() -> None:
    nasty = '"><script>alert(1)</script>'
    rows = (estimate("interrupted_serial", name_en=nasty, name_es=nasty, note_en=nasty, note_es=nasty),)
    donors = (DonorRow("X", nasty, True, nasty, nasty, 0.5, 0.1, 0.9),)
    marks = (placebo("country", nasty, True, 1),)
    told = page(inputs(effect=results(estimates=rows, donors=donors, placebos=marks)), sections=(SECTION,), plain=True)
    assert "<script>alert(1)" not in told
