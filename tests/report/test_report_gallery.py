"""A page with every chart in every state, for looking at: written by each run of the tests, asserted to be complete."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from tregua.report import theme
from tregua.report.catalogue import Catalogue
from tregua.report.figures import every_figure
from tregua.report.format import Formatter
from tregua.report.inputs import Gate
from tregua.report.multiples import Step, difference
from tregua.report.picture import draw

PLACES = ("wide", "mid", "phone")


def states(inputs):
    """Name of a state -> inputs in it."""
    passed = Gate("passed", inputs.gate.reason, inputs.provenance.made, 300)
    return {
        "as it is": inputs,
        "no simulated months": replace(inputs, bands=(), coverage=()),
        "no counts of other outcomes": replace(inputs, figures=()),
        "one reading, no flip": replace(
            inputs,
            contrasts=tuple(replace(row, flip=False) for row in inputs.contrasts if row.reading == "default"),
        ),
        "a run before any figure behind": replace(
            inputs, prior_months=tuple(replace(row, q05=row.q05 * 0.6, q95=row.q95 * 1.4) for row in inputs.months)
        ),
        "gate passed": replace(inputs, gate=passed),
        "no map": replace(inputs, outlines=()),
    }


def gallery(inputs, lang: str) -> tuple[str, dict[str, list[str]]]:
    """HTML of the gallery, and which charts each state shows."""
    words = Catalogue(lang)
    fmt = Formatter(words, inputs.case.number_style)
    parts, shown = [], {}
    for name, state in states(inputs).items():
        charts = every_figure(state, words, fmt)
        if name == "as it is":
            steps = [Step(row.start, row.end, -9.0, -5.0, -2.0, 1.0, 6.0) for row in inputs.months[:96]]
            for pairs in (12, 96):
                totals = [float(n - pairs / 2) for n in range(pairs)]
                charts.append(
                    difference(words, fmt, id=f"c17-{pairs}", title="C17", unit="x", steps=steps, totals=totals)
                )
        shown[name] = [chart.id for chart in charts]
        parts.append(f"<h2>{escape(name)}</h2>")
        for chart in charts:
            widths = chart.widths if name == "as it is" else chart.widths[:1]
            parts.append(f"<h3>{escape(chart.id)} · {escape(chart.question)}</h3><p>{escape(chart.alt_long)}</p>")
            for width in widths:
                parts.append(f'<div class="chart {width}">{draw(chart.spec(width), fmt)}</div>')
    style = theme.css_variables() + theme.css_charts()
    look = (
        "body{font:16px/24px sans-serif;background:var(--paper);color:var(--ink);margin:32px}.chart svg{max-width:100%}"
    )
    html = (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><style>{style}{look}</style>{"".join(parts)}</html>'
    )
    return html, shown


def test_the_gallery_holds_every_chart_in_every_state(inputs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("gallery")
    html, shown = gallery(inputs, "en")
    (folder / "gallery.html").write_text(html, encoding="utf-8")
    whole = set(shown["as it is"])
    assert {"c1", "c3", "c4", "c15", "c17-12", "c17-96"} <= whole
    assert {name.split("-")[0] for name in whole} == {"c1", "c2", "c3", "c4", "c6", "c7", "c9", "c15", "c17"}
    assert "c15" not in shown["no map"]
    assert not any(name.startswith("c2") for name in shown["no simulated months"])
    assert html.count("<svg") >= 40
    assert "<script" not in html
