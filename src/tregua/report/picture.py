"""Specifications become pictures: rows kept by name, one configuration, static SVG without a browser."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Literal

from tregua.report import theme
from tregua.report.format import Formatter

WidthClass = Literal["wide", "mid", "phone"]
Spec = dict[str, Any]


class Sheets:
    """Rows of a specification, kept beside it by name: Altair copies what it is given, many times."""

    def __init__(self) -> None:
        self.rows: dict[str, Sequence[Mapping[str, object]]] = {}

    def chart(self, rows: Sequence[Mapping[str, object]]) -> Any:
        """A chart over `rows`."""
        import altair as alt

        name = f"rows{len(self.rows)}"
        self.rows[name] = rows
        return alt.Chart(alt.NamedData(name))


def unchecked() -> Any:
    """Altair checks every piece against its schema as it is made, ten times the cost of the chart; tests do it once."""
    from altair.utils.schemapi import debug_mode

    return debug_mode(False)


def layered(charts: Sequence[Any], width: float, height: float) -> Spec:
    """Layers as one view. Put together as plain data: Altair copies every layer again at each step up."""
    layers = []
    for chart in charts:
        layer = chart.to_dict(validate=False)
        layers.append({key: value for key, value in layer.items() if key not in ("$schema", "config", "datasets")})
    return {"layer": layers, "width": width, "height": height}


def finished(chart: Spec, sheets: Sheets, width_class: WidthClass) -> Spec:
    """Plain specification with the one configuration and its rows; the tests hold it against the schema."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        **chart,
        "config": theme.chart_config(width_class),
        "datasets": dict(sheets.rows),
    }


@cache
def _register_font() -> None:
    import vl_convert

    with as_file(files("tregua.report").joinpath("fonts")) as folder:
        vl_convert.register_font_directory(str(folder))


def draw(spec: Spec, fmt: Formatter) -> str:
    """Turn a specification into SVG text that scales with its container.

    Parameters
    ----------
    spec : dict
        Vega-Lite.
    fmt : Formatter
        Gives number and date locales.
    """
    import altair
    import vl_convert

    _register_font()
    version = ".".join(altair.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    svg: str = vl_convert.vegalite_to_svg(
        spec, vl_version=version, format_locale=fmt.vega_number(), time_format_locale=fmt.vega_time()
    )
    width, height = _size(svg)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" aria-hidden="true" focusable="false">'
    )
    body = re.sub(r"^\s*<svg[^>]*>", "", svg, count=1)
    body = re.sub(r'<rect width="\d+(?:\.\d+)?" height="\d+(?:\.\d+)?" fill="none"\s*(?:/>|></rect>)', "", body)
    body = re.sub(r"<[^>]+>", _slim, body)
    body = re.sub(r'<path d="M0,0h-?[\d.]+v-?[\d.]+h-?[\d.]+Z"/>', "", body)
    while (lighter := re.sub(r"<g(?: [^>]*)?></g>|<g>((?:(?!</?g).)*)</g>", r"\1", body)) != body:
        body = lighter
    return head + body.replace("\n", "")


def _slim(tag: re.Match[str]) -> str:
    """A tag without what the page sets itself, and with coordinates to a tenth of a pixel. Words are left alone."""
    kept = re.sub(r' (?:aria-\w+|role|class|stroke-miterlimit|pointer-events|font-family)="[^"]*"', "", tag.group(0))
    kept = re.sub(r"(\d+\.\d)\d+", r"\1", kept.replace(' opacity="1"', ""))
    return re.sub(r' d="([^"]*)"', lambda path: f' d="{_stepped(path.group(1))}"', kept)


def _stepped(path: str) -> str:
    """The same path with level and upright strokes told by one coordinate: bands are steps from month to month."""
    made: list[str] = []
    at: tuple[str, str] | None = None
    for kind, told in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        ends = told.split(",")
        if kind in "ML" and len(ends) == 2:
            x, y = ends
            if kind == "M" or at is None or (x != at[0] and y != at[1]):
                made.append(f"{kind}{told}")
            elif (x, y) != at:
                made.append(f"V{y}" if x == at[0] else f"H{x}")
            at = (x, y)
        else:
            made.append(f"{kind}{told}")
            at = None
    return "".join(made)


def _size(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if found is None:
        raise ValueError("the exporter gave no picture")
    return float(found.group(1)), float(found.group(2))
