"""What live charts and exports need, packed once for the page: compiled pictures, the data drawn, captions.

A block is LZMA, written in 91 printable marks, in a script element that no browser runs; ``unpack.js`` opens it when a
chart comes near. A Python without LZMA packs with zlib, and the page opens that as well.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tregua.report.charts import Chart

try:
    import lzma
except ImportError:  # pragma: no cover - a Python that was built without it
    lzma = None  # type: ignore[assignment]


@dataclass
class Pack:
    """Everything that the charts of a page carry beside their still pictures.

    Attributes
    ----------
    live : dict
        ``<chart>-<language>-<width class>`` -> compiled picture.
    data : dict
        Chart -> columns as they are exported.
    captions : dict
        ``<chart>-<language>`` -> title, lines and the name of a file.
    rows : dict
        Rows as text, column by column -> their number: pictures hold the number.
    parts : dict
        Marks as text -> their number: pictures hold the number, and so do the marks that they are part of.
    """

    live: dict[str, object] = field(default_factory=dict)
    data: dict[str, object] = field(default_factory=dict)
    captions: dict[str, object] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)

    def add_live(self, key: str, vega: dict[str, Any]) -> None:
        """Take in a compiled picture; rows and marks that several pictures share are kept once."""
        sets = [
            {**one, "values": _number(self.rows, _text(_by_column(one["values"])))}
            if isinstance(one.get("values"), list)
            else one
            for one in vega.get("data", [])
        ]
        self.live[key] = {**vega, "data": sets, "marks": [self._part(mark) for mark in vega.get("marks", [])]}

    def _part(self, mark: dict[str, Any]) -> int:
        """The number of a mark; those inside it are kept first."""
        inside = {"marks": [self._part(one) for one in mark["marks"]]} if "marks" in mark else {}
        return _number(self.parts, _text({**mark, **inside}))

    def add(self, chart: Chart, lang: str, lines: Sequence[str]) -> None:
        """Take in a chart's data and its caption in one language."""
        columns, rows = columns_of(chart)
        self.data.setdefault(
            chart.id, {"columns": columns, "values": [list(column) for column in zip(*rows, strict=True)]}
        )
        self.captions[f"{chart.id}-{lang}"] = {
            "title": chart.question,
            "lines": list(lines),
            "name": chart.export_name or chart.id,
        }

    def merge(self, other: Pack) -> None:
        """Take in another pack, as if what it holds had been added here."""
        texts, marks = list(other.rows), [json.loads(text) for text in other.parts]
        known: dict[int, int] = {}
        for place, mark in enumerate(marks):
            inside = {"marks": [known[one] for one in mark["marks"]]} if "marks" in mark else {}
            known[place] = _number(self.parts, _text({**mark, **inside}))
        for key, picture in other.live.items():
            vega: dict[str, Any] = picture  # type: ignore[assignment]
            sets = [
                {**one, "values": _number(self.rows, texts[one["values"]])}
                if isinstance(one.get("values"), int)
                else one
                for one in vega["data"]
            ]
            self.live[key] = {**vega, "data": sets, "marks": [known[one] for one in vega["marks"]]}
        for name, data in other.data.items():
            self.data.setdefault(name, data)
        self.captions |= other.captions

    def text(self) -> str:
        """The pack as text, for `packed`."""
        text = _text({"live": self.live, "data": self.data, "captions": self.captions})
        return f'{text[:-1]},"rows":[{",".join(self.rows)}],"parts":[{",".join(self.parts)}]}}'


def _text(part: object) -> str:
    return json.dumps(part, ensure_ascii=False, separators=(",", ":"))


def _number(known: dict[str, int], text: str) -> int:
    return known.setdefault(text, len(known))


def _by_column(rows: Sequence[object]) -> object:
    """Rows of the same fields as ``{"fields": …, "columns": …}``; any others as they are."""
    if not rows or not all(isinstance(row, dict) for row in rows):
        return rows
    fields = list(rows[0])  # type: ignore[call-overload]
    if any(list(row) != fields for row in rows):  # type: ignore[call-overload]
        return rows
    return {"fields": fields, "columns": [[row[name] for row in rows] for name in fields]}  # type: ignore[index]


MARKS = "".join(chr(code) for code in range(33, 127) if chr(code) not in "&<>")
"""The marks that a block is written in: every printable one that means nothing where it stands."""
_PAIRS = tuple(MARKS[value % 91] + MARKS[value // 91] for value in range(91 * 91))


@lru_cache(maxsize=8)
def packed(text: str) -> str:
    """A block: how it is packed, how many bytes it holds, and those."""
    data = text.encode()
    if lzma is None:
        return f"deflate {len(data)} {marked(zlib.compress(data, 9))}"
    filters = [{"id": lzma.FILTER_LZMA1, "lc": 3, "lp": 0, "pb": 0, "dict_size": 1 << 22, "nice_len": 273}]
    return f"lzma {len(data)} {marked(lzma.compress(data, format=lzma.FORMAT_RAW, filters=filters))}"


def marked(data: bytes) -> str:
    """Bytes in printable marks: two hold 13 bits, or 14 where those are few enough; base64 takes a twelfth more."""
    out: list[str] = []
    held = bits = 0
    for byte in data:
        held |= byte << bits
        bits += 8
        if bits > 13:
            taken = 13 if held & 8191 > 88 else 14
            out.append(_PAIRS[held & ((1 << taken) - 1)])
            held >>= taken
            bits -= taken
    if bits:
        out.append(_PAIRS[held] if bits > 7 or held > 90 else MARKS[held])
    return "".join(out)


def columns_of(chart: Chart) -> tuple[list[str], list[list[object]]]:
    """The rows of a chart as columns and lists: every column that any row has, in order of appearance."""
    columns = list(dict.fromkeys(name for row in chart.data for name in row))
    return columns, [[row.get(name, "") for name in columns] for row in chart.data]
