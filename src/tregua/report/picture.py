"""Specifications become pictures: rows kept by name, one configuration, static SVG without a browser."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import Any, Literal

from tregua.report import theme
from tregua.report.format import Formatter
from tregua.report.kept import any_kept, kept
from tregua.report.svg import lighter

WidthClass = Literal["wide", "mid", "phone"]
Spec = dict[str, Any]
ZONES, CURSOR = "zones", "cursor"
"""Name of every layer that only a live chart has, and of the signal that holds the number of the field read last."""


@dataclass(frozen=True)
class Zone:
    """A field of a chart that can be read by pointer, tap or arrow key.

    Attributes
    ----------
    start, end : float
        On the horizontal scale (instants in milliseconds, or values).
    say : str
        What lies there, in words and numbers.
    card : str
        Card that it opens, without the prefix and the language; empty for none.
    low, high : float
        On the vertical scale, where the field is not as high as the panel.
    """

    start: float
    end: float
    say: str
    card: str = ""
    low: float = 0.0
    high: float = 0.0


class Sheets:
    """Rows of a specification, kept beside it by name: Altair copies what it is given, many times."""

    def __init__(self) -> None:
        self.rows: dict[str, Sequence[Mapping[str, object]]] = {}
        self.zones = 0

    def keep(self, rows: Sequence[Mapping[str, object]]) -> str:
        """Keep `rows`; the name to ask for them by."""
        name = f"rows{len(self.rows)}"
        self.rows[name] = rows
        return name

    def chart(self, rows: Sequence[Mapping[str, object]]) -> Any:
        """A chart over `rows`."""
        import altair as alt

        return alt.Chart(alt.NamedData(self.keep(rows)))

    def layer(
        self, rows: Sequence[Mapping[str, object]], mark: str, look: Mapping[str, object], **encoding: object
    ) -> Spec:
        """A layer over `rows` as plain data: what Altair would write, without its ten thousand copies."""
        return {"data": {"name": self.keep(rows)}, "mark": {"type": mark, **look}, "encoding": encoding}

    def zone_layer(self, rows: Sequence[Zone], x: Spec, y: Spec | None = None, panel: int = 0) -> Spec:
        """Invisible fields that tell what lies there, when a chart is alive; left out of still pictures.

        Parameters
        ----------
        rows : sequence of Zone
        x, y : dict
            Channels with fields ``x``, ``x2`` and ``y``, ``y2``; without `y` the fields are as high as the panel.
        panel : int
            Fields of one panel follow one another under the arrow keys, panels stand above one another.
        """
        first = self.zones
        self.zones += len(rows)
        told = [
            {
                "x": row.start,
                "x2": row.end,
                **({} if y is None else {"y": row.low, "y2": row.high}),
                "z": first + place,
                "p": panel,
                "say": row.say,
                "go": row.card,
            }
            for place, row in enumerate(rows)
        ]
        encoding: Spec = {"x": x, "x2": {"field": "x2"}}
        if y is not None:
            encoding |= {"y": y, "y2": {"field": "y2"}}
        encoding["fillOpacity"] = {"condition": {"test": f"datum.z === {CURSOR}", "value": 0.14}, "value": 0}
        layer = self.layer(told, "rect", {"fill": theme.LIGHT["ink"], "cursor": "pointer"}, **encoding)
        return {"name": f"{ZONES}{first}", **layer}


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
        "params": [{"name": CURSOR, "value": -1}],
        "config": theme.chart_config(width_class),
        "datasets": dict(sheets.rows),
    }


PER_CHARACTER = 0.52
"""Mean width of a character over its size: wide enough that no line of the face runs out of its column."""


WIDEST = 0.7
"""Width of a character over its size that hardly any line of words exceeds."""


def limited(texts: Sequence[str], size: float, width: float) -> Spec:
    """A limit for texts that may run over a width; none for short ones, which need not be measured once more."""
    return {"limit": width} if any(len(text) * size * WIDEST > width for text in texts) else {}


def wrapped(text: str, size: float, width: float) -> list[str]:
    """Text cut into lines that fit a width at a size."""
    most = max(8, int(width / (size * PER_CHARACTER)))
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > most:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line] if line else lines


def cut(text: str, size: float, width: float) -> str:
    """A text that is far too long for a width, cut to it; others are left to the exporter, which measures letters."""
    most = int(width / (size * PER_CHARACTER))
    return f"{text[: most - 1]}…" if len(text) > 1.25 * most else text


@cache
def register_font() -> None:
    """Tell the exporter of the face of the page; without it all text of a picture is lost."""
    import vl_convert

    with as_file(files("tregua.report").joinpath("fonts")) as folder:
        vl_convert.register_font_directory(str(folder))


def ready() -> None:
    """Load what draws, so that the first chart need not wait for it; the exporter only where no picture is kept."""
    import altair  # noqa: F401
    import vl_convert

    if any_kept():
        return
    register_font()
    vl_convert.vega_to_svg({"$schema": "https://vega.github.io/schema/vega/v6.json", "width": 1, "height": 1})


def compiled(spec: Spec, fmt: Formatter) -> Spec:
    """Turn a specification into Vega, with the number and date locales of `fmt`.

    Live charts are built from this and nothing else: the page needs no compiler.
    """
    located = {**spec, "config": {**spec["config"], "locale": {"number": fmt.vega_number(), "time": fmt.vega_time()}}}
    vega: Spec = json.loads(_vega(json.dumps(located, sort_keys=True)))
    return vega


def draw(spec: Spec, fmt: Formatter) -> str:
    """Turn a specification into SVG text that scales with its container.

    Parameters
    ----------
    spec : dict
        Vega-Lite.
    fmt : Formatter
        Gives number and date locales.
    """
    return still(compiled(spec, fmt))


def still(vega: Spec) -> str:
    """The same of a compiled specification: a still picture, without what only a live one needs."""
    return _svg(json.dumps(without_zones(vega), sort_keys=True))


PAPER_ROWS = 4
"""Rows of panels that a printed page holds."""


def for_paper(spec: Spec) -> list[Spec]:
    """A specification of many rows of panels as several of as many rows as a printed page holds; empty for others."""
    panels, columns = spec.get("concat", []), int(spec.get("columns", 1))
    rows = -(-len(panels) // columns)
    pages = -(-rows // PAPER_ROWS)
    if pages < 2:
        return []
    most = -(-rows // pages) * columns
    return [{**spec, "concat": panels[at : at + most]} for at in range(0, len(panels), most)]


def plain_text(svg: str) -> str:
    """A picture whose words do not tell the usual colour of words: the page gives it to them, and so do its exports."""
    return re.sub(rf'(<text[^>]*) fill="{theme.LIGHT["ink-2"]}"', r"\1", svg)


def without_zones(vega: Spec) -> Spec:
    """A compiled specification without the fields that can be read."""
    gone: set[str] = set()

    def kept(marks: Sequence[Spec]) -> list[Spec]:
        out = []
        for mark in marks:
            if str(mark.get("name", "")).startswith(ZONES):
                gone.add(str(mark.get("from", {}).get("data", "")))
                continue
            out.append({**mark, "marks": kept(mark["marks"])} if "marks" in mark else mark)
        return out

    marks = kept(vega.get("marks", []))
    sets = vega.get("data", [])
    gone |= {str(one.get("source", "")) for one in sets if one["name"] in gone}
    return {**vega, "marks": marks, "data": [one for one in sets if one["name"] not in gone]}


_DAY = re.compile(r'\{"signal": "(?:datetime\((-?\d+)\)|\{data: datetime\((-?\d+)\)\})"\}')


def plain_days(vega: str) -> str:
    """The same specification, as `json.dumps` writes it, with instants as numbers.

    The compiler writes ``datetime(<milliseconds>)``; the interpreter that a strict policy asks for takes a single
    argument of ``datetime`` to be a year.
    """
    return _DAY.sub(lambda told: told[1] if told[1] else f"[{told[2]}]", vega)


@lru_cache(maxsize=256)
def _vega(spec: str) -> str:
    import altair

    version = ".".join(altair.SCHEMA_VERSION.lstrip("v").split(".")[:2])

    def compile_() -> str:
        import vl_convert

        return plain_days(json.dumps(vl_convert.vegalite_to_vega(spec, vl_version=version), sort_keys=True))

    return kept(f"vega {version}", spec, compile_)


@lru_cache(maxsize=256)
def _svg(vega: str) -> str:
    def drawn() -> str:
        import vl_convert

        register_font()
        return lighter(vl_convert.vega_to_svg(vega), hashlib.sha256(vega.encode()).hexdigest())

    return kept("svg", vega, drawn)
