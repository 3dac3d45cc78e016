"""What live charts and exports need, packed once for the page: compiled pictures, the data drawn, captions.

A block is zlib, in base64, in a script element that no browser runs; the page opens it when a chart comes near.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tregua.report.charts import Chart


@dataclass
class Pack:
    """Everything that the charts of a page carry beside their still pictures.

    Attributes
    ----------
    live : dict
        ``<chart>-<language>-<width class>`` -> compiled picture.
    data : dict
        Chart -> columns and rows as they are exported.
    captions : dict
        ``<chart>-<language>`` -> title, lines and the name of a file.
    rows : dict
        Rows as text -> their number: pictures hold the number.
    """

    live: dict[str, object] = field(default_factory=dict)
    data: dict[str, object] = field(default_factory=dict)
    captions: dict[str, object] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def add_live(self, key: str, vega: dict[str, Any]) -> None:
        """Take in a compiled picture; rows that several pictures share are kept once."""
        sets = []
        for one in vega.get("data", []):
            if isinstance(one.get("values"), list):
                text = json.dumps(one["values"], ensure_ascii=False, separators=(",", ":"))
                sets.append({**one, "values": self.rows.setdefault(text, len(self.rows))})
            else:
                sets.append(one)
        self.live[key] = {**vega, "data": sets}

    def add(self, chart: Chart, lang: str, lines: Sequence[str]) -> None:
        """Take in a chart's data and its caption in one language."""
        columns, rows = columns_of(chart)
        self.data.setdefault(chart.id, {"columns": columns, "rows": rows})
        self.captions[f"{chart.id}-{lang}"] = {
            "title": chart.question,
            "lines": list(lines),
            "name": chart.export_name or chart.id,
        }

    def merge(self, other: Pack) -> None:
        """Take in another pack, as if what it holds had been added here."""
        texts = list(other.rows)
        for key, picture in other.live.items():
            vega: dict[str, Any] = picture  # type: ignore[assignment]
            sets = [
                {**one, "values": self.rows.setdefault(texts[one["values"]], len(self.rows))}
                if isinstance(one.get("values"), int)
                else one
                for one in vega["data"]
            ]
            self.live[key] = {**vega, "data": sets}
        for name, data in other.data.items():
            self.data.setdefault(name, data)
        self.captions |= other.captions

    def block(self) -> str:
        """The pack as text for the page."""
        text = json.dumps(
            {"live": self.live, "data": self.data, "captions": self.captions},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        rows = ",".join(self.rows)
        return packed(f'{text[:-1]},"rows":[{rows}]}}')


@lru_cache(maxsize=8)
def packed(text: str) -> str:
    """zlib, then base64."""
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def columns_of(chart: Chart) -> tuple[list[str], list[list[object]]]:
    """The rows of a chart as columns and lists: every column that any row has, in order of appearance."""
    columns = list(dict.fromkeys(name for row in chart.data for name in row))
    return columns, [[row.get(name, "") for name in columns] for row in chart.data]
