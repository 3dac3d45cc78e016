"""Hostile input: edited files of every parser are read or refused in words, soon, in little memory.

An input is a seed (a valid file) and a few edits that hypothesis draws: spans taken out, doubled or replaced, bytes
flipped, lines moved, and tokens put in that have broken parsers before. A parser may return or raise `TreguaError`
with a problem that says something; anything else is a defect. `python tests/hostile/fuzz.py` is the long version.
"""

from __future__ import annotations

import contextlib
import io
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tregua.errors import TreguaError
from tregua.runs import Disk

HERE = Path(__file__).resolve().parent
for neighbour in ("case", "ledger", "runs"):
    if str(HERE.parent / neighbour) not in sys.path:
        sys.path.append(str(HERE.parent / neighbour))

SECONDS = 5.0
"""Time after which one input counts as a hang (of the processor, on a busy machine)."""

TOKENS: tuple[bytes, ...] = (
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n\n", b"\x1b[2J", b"\x7f", b"\xc3", b"\xed\xa0\x80",
    b"\xe2\x80\xae", b"\xe2\x80\x8b", b"\xf0\x9f\x92\xa3", b"nan", b"NaN", b"inf", b"-inf", b"Infinity", b"1e999",
    b"-1", b"0", b"-0.0", b"1e-320", b"9" * 400, b"99999999999999999999", b"0x10", b"1_000", b"1,5", b"1;5",
    b"0001-01-01", b"9999-12-31", b"2012-02-30", b"2012-13-01", b"10000-01-01", b"2012-W01-1", b"01/02/03",
    b"2015-01-01..2010-01-01", b"true", b"null", b"None", b"''", b'""', b'"""', b"'''", b'"', b"'", b"\\", b"\\u0000",
    b"\\ud800", b"[" * 3000, b"{" * 3000, b"a." * 2000, b"[[", b"]]", b"{}", b"[]", b"{", b"}", b"=", b",", b";", b"|",
    b"\t", b"..", b"../../../../etc/passwd", b"/etc/passwd", b"C:\\Windows", b"file:///etc/passwd", b"<script>alert(1)",
    b"</script>", b"<img src=x onerror=alert(1)>", b"&lt;", b"javascript:alert(1)", b"{{7*7}}", b"%s%n", b"${x}",
    b"=HYPERLINK(1)", b"=1+1", b"+1", b"@SUM(1)", b"-2+3", b"__proto__", b"__class__", b"id", b"A" * 20_000,
    b"a,b,c,d,e,f,g\n" * 40, b"[a]\nb=1\n[a]\n", b"x = 1\n", b"#", b"x0.5", b"*", b"reading:*", b"R1;R1",
)  # fmt: skip


@dataclass(frozen=True)
class Edit:
    """One change of the bytes of a file: what, where (per mille of its length), how long, and which token."""

    kind: str
    place: int
    length: int
    token: int

    def apply(self, data: bytes, more: tuple[bytes, ...]) -> bytes:
        """The bytes after the change."""
        tokens = TOKENS + more
        at = min(len(data), self.place * (len(data) + 1) // 1000)
        end = min(len(data), at + self.length)
        token = tokens[self.token % len(tokens)]
        if self.kind == "put":
            return data[:at] + token + data[at:]
        if self.kind == "replace":
            return data[:at] + token + data[end:]
        if self.kind == "take":
            return data[:at] + data[end:]
        if self.kind == "double":
            return data[:end] + data[at:end] + data[end:]
        if self.kind == "flip":
            return data[:at] + bytes(b ^ (1 << (self.token % 8)) for b in data[at : at + 1]) + data[at + 1 :]
        if self.kind == "cut":
            return data[:at]
        lines = data.split(b"\n")
        line = self.place * len(lines) // 1000
        if self.kind == "swap":
            other = (line + 1 + self.length) % len(lines)
            lines[line], lines[other] = lines[other], lines[line]
        elif self.kind == "repeat":
            lines[line:line] = [lines[line]] * (1 + self.length % 5)
        else:
            # "value": what stands between two separators of a line is replaced
            cells = _cells(lines[line])
            if cells:
                a, b = cells[self.length % len(cells)]
                lines[line] = lines[line][:a] + token + lines[line][b:]
        return b"\n".join(lines)


def _cells(line: bytes) -> list[tuple[int, int]]:
    """Begin and end of every piece between separators."""
    out, begin = [], 0
    for place, char in enumerate(line + b","):
        if char in b',;="[]{}: ':
            if place > begin:
                out.append((begin, place))
            begin = place + 1
    return out


KINDS = ("put", "replace", "take", "double", "flip", "cut", "swap", "repeat", "value", "value", "value")
edits = st.lists(
    st.builds(Edit, st.sampled_from(KINDS), st.integers(0, 999), st.integers(0, 60), st.integers(0, 1000)),
    min_size=1,
    max_size=4,
)


@dataclass(frozen=True)
class Parser:
    """Something that reads what a stranger wrote.

    Attributes
    ----------
    name : str
    group : str
        What it is a part of: files of one thing share the inputs of the long version.
    seeds : tuple of bytes
        Valid inputs.
    read : callable
        Takes the bytes and an empty folder.
    tokens : tuple of bytes
        Words that mean something to this parser.
    """

    name: str
    group: str
    seeds: tuple[bytes, ...]
    read: Callable[[bytes, Path], object]
    tokens: tuple[bytes, ...] = ()

    def inputs(self) -> st.SearchStrategy[bytes]:
        """Edited seeds, and now and then bytes of no kind at all."""

        return st.builds(self._made, st.sampled_from(self.seeds), edits) | st.binary(max_size=200)

    def edited(self, chance: random.Random) -> bytes:
        """One such input of a seeded generator."""
        if chance.random() < 0.02:
            return chance.randbytes(chance.randrange(200))
        changes = [
            Edit(chance.choice(KINDS), chance.randrange(1000), chance.randrange(61), chance.randrange(1001))
            for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4)))
        ]
        return self._made(chance.choice(self.seeds), changes)

    def _made(self, seed: bytes, changes: list[Edit]) -> bytes:
        for change in changes:
            seed = change.apply(seed, self.tokens)
        return seed[:400_000]

    def hold(self, data: bytes, folder: Path) -> bool:
        """Read an input under the watch of `limits`; True where it was accepted.

        Raises
        ------
        AssertionError
            A defect: another exception, an error without words, a hang.
        """
        begun = time.process_time()
        try:
            with limits():
                self.read(data, folder)
            accepted = True
        except TreguaError as error:
            accepted = False
            for problem in error.problems:
                assert problem.message, f"{self.name}: an error without words for {data[:200]!r}"
            str(error).encode("utf-8", "replace")
        except Slow:
            raise AssertionError(f"{self.name}: no answer in {SECONDS} s for {data[:200]!r}") from None
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            what = f"{type(error).__name__}: {error}"[:300]
            raise AssertionError(f"{self.name}: {what} for {data[:300]!r}") from error
        spent = time.process_time() - begun
        assert spent < SECONDS, f"{self.name}: {spent:.1f} s for {data[:200]!r}"
        return accepted


class Slow(BaseException):
    """An input took too long."""


@contextlib.contextmanager
def limits() -> Iterator[None]:
    """Stop what hangs (processor time, so that a busy machine is not taken for a hang)."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def strike(*_: Any) -> None:
        raise Slow

    before = signal.signal(signal.SIGVTALRM, strike)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


# the parsers


def _case_parsers() -> list[Parser]:
    from small_case import SMALL, write_case

    from tregua.case import load_case

    names = sorted(name for name in SMALL if not name.endswith(".json"))
    held: dict[str, Path] = {}

    def reader(name: str) -> Callable[[bytes, Path], object]:
        def read(data: bytes, folder: Path) -> object:
            if str(folder) not in held:
                held[str(folder)] = write_case(folder / "small", dict(SMALL))
            case = held[str(folder)]
            (case / name).write_bytes(data)
            try:
                return load_case(case)
            finally:
                (case / name).write_text(SMALL[name], encoding="utf-8")

        return read

    words = tuple(w.encode() for w in ("G1", "A1", "S1", "default", "no_truce", "contact", "fixed", "U(0,1)", "x2"))
    return [Parser(f"case {name}", "case folder", (SMALL[name].encode(),), reader(name), words) for name in names]


def _ledger_parsers() -> list[Parser]:
    import small_ledger

    from tregua.ledger import parse_ledger
    from tregua.ledger.export import from_csv, from_json, to_csv, to_json

    texts = dict(small_ledger.SMALL)
    whole = parse_ledger(texts)
    tables = to_csv(whole)

    def toml(name: str) -> Callable[[bytes, Path], object]:
        return lambda data, folder: parse_ledger({**texts, name: _text(data)})

    def table(name: str) -> Callable[[bytes, Path], object]:
        return lambda data, folder: from_csv({**tables, name: _text(data)})

    words = (b"broker", b"alleged", b"reading:default", b"supports", b"B6", b"replies_to", b"unknown")
    out = [
        Parser(f"ledger {name}", "ledger folder", (text.encode(),), toml(name), words) for name, text in texts.items()
    ]
    out.append(
        Parser(
            "ledger json", "ledger JSON", (to_json(whole).encode(),), lambda data, folder: from_json(_text(data)), words
        )
    )
    out += [
        Parser(f"ledger {name}", "ledger CSV", (text.encode(),), table(name), words) for name, text in tables.items()
    ]
    return out


PLAN = b"""\
case = "small"
decision = "2012"
draws = 10
luck = 2
seed = 5
step = 7.0
readings = ["default"]
arms = ["no_truce", "open_truce"]
set = { war_gain = 0.5 }
weights = { homicides = 1.0, arrests_wrongful = 2.0 }
belief = { default = 1.0 }
threshold = { homicides = 100.0 }
prior = { calm_rate = "U(0,0.2)" }

[[arm]]
id = "mine"
sets = { contact = 0.5 }

[[reading]]
id = "my_reading"
like = "default"
sets = { hide_truce = 0.3, breach_weight = "x0.5" }
"""

COUNTS = (
    b"date,count\n2010-01-01,5\n2010-02-01,7\n2010-03-01,6\n2010-04-01,3\n",
    b"fecha;homicidios;institucion\n01/02/2010;5;PNC\n01/03/2010;7;PNC\n01/04/2010;6;IML\n",
    b"start,end,count,area\n2010-01-01,2010-01-31,5,A\n2010-02-01,2010-02-28,1,A\n2010-01-01,2010-01-31,9,B\n",
    "date,count\n2010-01-01,5\n2010-02-01,7\n2010-03-01,7\n".encode("utf-16"),
    b"spans,count\n2010-01-01..2010-01-31,5\n2010-02-01..2010-02-28;2010-04-01..2010-04-30,1\n",
)


class Quick(Disk):
    """A disk that does not wait for the platter: a hundred thousand stores are opened."""

    def write(self, path: Path, data: bytes) -> None:
        self.folder(path.parent)
        path.write_bytes(data)


def _other_parsers() -> list[Parser]:
    from keyed_work import ORIGIN, compute, plan

    from tregua.effect.read_counts import read_counts
    from tregua.errors import StoreError
    from tregua.explore.plan import load_plan
    from tregua.runs import Store, run_shards
    from tregua.runs.manifest import Manifest

    def file(name: str, read: Callable[[Path], object]) -> Callable[[bytes, Path], object]:
        def at(data: bytes, folder: Path) -> object:
            path = folder / name
            path.write_bytes(data)
            return read(path)

        return at

    scratch = Path(tempfile.mkdtemp(prefix="tregua-hostile-"))
    store = Store.open(scratch / "store", ORIGIN, case_id="test")
    shard = plan(draws=2, readings=("default",))[0]
    run_shards([shard], compute, store, 1)
    key = store.key(shard)
    receipt = (store.shards / f"{key}.json").read_bytes()
    table = store.path(shard, "summaries").read_bytes()
    manifest = store.manifest.to_bytes()
    whole_table = store.read(shard, "summaries")
    bytes_of = {path.name: path.read_bytes() for path in store.shards.iterdir()}

    def spoiled(name: str) -> Callable[[bytes, Path], object]:
        """A store in which one file was changed is opened and read: set aside, or the very digits that were written."""

        def read(data: bytes, folder: Path) -> object:
            # a name is looked for beside all that was set aside before: of one shard, a hundred thousand times
            shutil.rmtree(folder / "quarantine", ignore_errors=True)
            (folder / "shards").mkdir(exist_ok=True)
            for other, whole in bytes_of.items():
                (folder / "shards" / other).write_bytes(data if other == name else whole)
            again = Store.open(folder, ORIGIN, disk=Quick())
            if shard not in again:
                return None
            try:
                assert again.read(shard, "summaries").equals(whole_table), "other digits were read"
            except StoreError:
                assert shard not in again
            return None

        return read

    return [
        Parser("plan", "plan", (PLAN,), file("plan.toml", load_plan), (b"[[arm]]", b"war_gain", b"U(0,1)", b"2012")),
        Parser(
            "counts", "counts", COUNTS, file("counts.csv", read_counts), (b"date", b"count", b"2010-01", b"enero 2010")
        ),
        Parser(
            "manifest",
            "manifest",
            (manifest,),
            lambda data, folder: Manifest.from_bytes(data, folder),
            (b'"format": 1',),
        ),
        Parser("receipt", "receipt of a shard", (receipt,), spoiled(f"{key}.json"), (b'"format": 1',)),
        Parser("shard", "shard", (table,), spoiled(f"{key}.summaries.parquet"), (b"PAR1",)),
    ]


def _workbook() -> bytes:
    """A workbook with counts, as a spreadsheet program writes it, the parts not packed so that edits reach them."""
    import zipfile
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in (["fecha", "homicidios"], [datetime(2010, 1, 1), 5], [datetime(2010, 2, 1), 7.5], ["total", "=B2+B3"]):
        sheet.append(row)
    packed = io.BytesIO()
    book.save(packed)
    plain = io.BytesIO()
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(plain, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return plain.getvalue()


LINK = b"v=1&m=01234567&d=2012&a=no_truce&b=open_truce&b.contact=0.8&b.from=2012-05-01&o=homicides_recorded&s=7"
BODY = b"""{"decision": "2012", "a": {"arm": "no_truce"},
"b": {"arm": "open_truce", "sets": {"contact": 0.8, "legal": 1},
"start": "2012-05-01", "end": "2013-05-01"}, "outcome": "homicides_recorded", "readings": ["default"], "runs": 24}"""


def _visitor_parsers() -> list[Parser]:
    """What a visitor of the app or a person with a spreadsheet can send."""
    from importlib.util import find_spec

    from tregua.case import load_case
    from tregua.case.spreadsheet import read_sheet

    case = load_case("el_salvador_2012")

    def sheet(name: str) -> Callable[[bytes, Path], object]:
        def read(data: bytes, folder: Path) -> object:
            path = folder / name
            path.write_bytes(data)
            return read_sheet(path)

        return read

    out = [Parser("import csv", "import of CSV", COUNTS, sheet("table.csv"), (b"fecha", b";", b"1.234,5"))]
    if find_spec("openpyxl") is not None:
        import zipfile

        book = _workbook()
        inside = "xl/worksheets/sheet1.xml"

        def part(data: bytes, folder: Path) -> object:
            """A workbook in which one part was edited and the archive is sound."""
            path = folder / "part.xlsx"
            with zipfile.ZipFile(io.BytesIO(book)) as source, zipfile.ZipFile(path, "w") as target:
                for name in source.namelist():
                    target.writestr(name, data if name == inside else source.read(name))
            return read_sheet(path)

        with zipfile.ZipFile(io.BytesIO(book)) as source:
            xml = source.read(inside)
        words = (b"<c ", b"</row>", b"&lol;", b'r="XFD1048576"', b't="s"', b"<v>99999</v>", b"PK\x05\x06")
        out.append(Parser("import xlsx", "import of Excel", (book,), sheet("table.xlsx"), words))
        out.append(Parser("import xlsx sheet", "import of Excel", (xml,), part, words))
    if find_spec("fastapi") is not None:
        from urllib.parse import parse_qsl

        from pydantic import ValidationError

        from tregua.app.link import read_link
        from tregua.app.scenario import decision_of, plan_of
        from tregua.app.schema import RunsIn
        from tregua.errors import UsageError

        def link(data: bytes, folder: Path) -> object:
            pairs = parse_qsl(_text(data), keep_blank_values=True)
            return read_link(case, pairs, model="0" * 64, seed=20120308)

        def body(data: bytes, folder: Path) -> object:
            try:
                asked = RunsIn.model_validate_json(data)
            except ValidationError as error:
                raise UsageError("the request is refused", found=str(error)[:80]) from None
            decision = decision_of(case, asked.decision or next(iter(case.decisions))).id
            return [plan_of(case, decision, side.scenario()) for side in (asked.a, asked.b)]

        keys = (b"b.from", b"b.until", b"contact", b"open_truce", b"2015", b"\xc2\xb2", b"%F0%9F", b"&", b"v=2")
        out.append(Parser("permalink", "permalink", (LINK,), link, keys))
        out.append(Parser("request", "request of the API", (BODY,), body, keys))
    return out


def parsers() -> dict[str, Parser]:
    """Every parser, by name."""
    return {p.name: p for p in (*_case_parsers(), *_ledger_parsers(), *_other_parsers(), *_visitor_parsers())}
