"""Figures as files: a picture with its question, caption and sources in it, and the data drawn as a table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from tregua.report import theme
from tregua.report.pack import columns_of
from tregua.report.picture import WidthClass, draw, register_font, wrapped
from tregua.runs.disk import Disk

if TYPE_CHECKING:
    from tregua.report.catalogue import Catalogue
    from tregua.report.charts import Chart
    from tregua.report.format import Formatter
    from tregua.report.inputs import ReportInputs

KINDS = ("svg", "png", "pdf", "csv")
PAD, TITLE, SMALL = 24.0, 19.0, 13.0
_FORMULA = re.compile(r"^[=+@\t\r]|^-(?![\d.]+(e[-+]?\d+)?$)")


def caption_lines(chart: Chart, inputs: ReportInputs, words: Catalogue, fmt: Formatter) -> list[str]:
    """What has to travel with a picture: what it shows, its marks, what the draws are, sources, origin, the notice."""
    origin = inputs.provenance
    lines = [chart.alt_long, chart.key]
    lines += [words.sentence(flag) for flag in chart.flags]
    if chart.simulated:
        draws = words.opening(words.text(f"draws.chip.{origin.draw_source}"))
        state = words.text(f"gate.chip.{inputs.gate.state}{'.default' if inputs.gate.failed else ''}")
        lines.append("; ".join(one for one in (draws, state, words.gate_failed(inputs.gate, short=True)) if one) + ".")
    if chart.sources:
        known = {source.key: source.citation for source in inputs.sources}
        few = len(chart.sources) <= 4
        cited = [known.get(key, key).rstrip(".") for key in chart.sources] if few else [inputs.named(chart.sources)]
        lines.append(words.text("figure.sources", list="; ".join(cited)))
    lines.append(
        words.text(
            "figure.origin",
            version=origin.version,
            case=origin.case_hash[:7],
            model=origin.model_hash[:7],
            seed=origin.seed,
            date=fmt.day(origin.made),
        )
    )
    lines.append(words.text("harm.notice"))
    return [line for line in lines if line]


def picture(
    chart: Chart, inputs: ReportInputs, words: Catalogue, fmt: Formatter, *, width_class: WidthClass | None = None
) -> str:
    """SVG of a chart with everything that has to travel with it.

    Parameters
    ----------
    width_class : str, optional
        The widest that the chart has by default.
    """
    drawn = draw(chart.spec(width_class or chart.widths[0]), fmt)
    found = re.match(r'<svg[^>]*viewBox="0 0 ([\d.]+) ([\d.]+)"[^>]*>', drawn)
    assert found is not None
    width, height = float(found[1]), float(found[2])
    inner = max(width, 420.0)
    y = PAD
    texts = []

    def put(text: str, size: float, weight: int, colour: str) -> None:
        texts.append(
            f'<text x="{PAD:g}" y="{y:g}" font-size="{size:g}" font-weight="{weight}" fill="{colour}">'
            f"{escape(text, quote=False)}</text>"
        )

    for line in wrapped(chart.question, TITLE, inner):
        y += 22
        put(line, TITLE, 600, theme.LIGHT["ink"])
    y += 18
    body = drawn[found.end() : drawn.rindex("</svg>")]
    texts.append(f'<g transform="translate({PAD:g},{y:g})">{body}</g>')
    y += height + 14
    for text in caption_lines(chart, inputs, words, fmt):
        for line in wrapped(text, SMALL, inner):
            y += 17
            put(line, SMALL, 400, theme.LIGHT["ink-2"])
        y += 4
    full, tall = inner + 2 * PAD, y + PAD
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full:g} {tall:g}" width="{full:g}" '
        f'height="{tall:g}" font-family="{escape(theme.FONT)}">'
        f'<rect width="{full:g}" height="{tall:g}" fill="{theme.LIGHT["paper"]}"/>{"".join(texts)}</svg>'
    )


def table(chart: Chart) -> str:
    """The data drawn as CSV; a text that a spreadsheet would run as a formula is quoted."""
    columns, rows = columns_of(chart)
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[_plain(value) for value in row] for row in rows])
    return sink.getvalue()


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def write_figures(
    charts: Sequence[Chart],
    inputs: ReportInputs,
    words: Catalogue,
    fmt: Formatter,
    folder: Path,
    kinds: Sequence[str] = KINDS,
) -> list[Path]:
    """Write every chart in every kind of file asked for, each whole or not at all.

    Returns
    -------
    list of Path
        In the order of `charts`.
    """
    import vl_convert

    register_font()
    disk = Disk()
    disk.folder(folder)
    out = []
    for chart in charts:
        name = chart.export_name or chart.id
        drawn = picture(chart, inputs, words, fmt) if set(kinds) & {"svg", "png", "pdf"} else ""
        made: dict[str, bytes] = {}
        for kind in kinds:
            if kind == "csv":
                path = folder / f"{name}.csv"
                made[path.name] = table(chart).encode()
                continue
            path = folder / f"{name}-{words.lang}.{kind}"
            if kind == "svg":
                made[path.name] = drawn.encode()
            elif kind == "png":
                made[path.name] = vl_convert.svg_to_png(drawn, scale=2)
            else:
                made[path.name] = vl_convert.svg_to_pdf(drawn)
        for file, data in made.items():
            disk.write(folder / file, data)
            out.append(folder / file)
    return out
