"""The TOML file of a case, with the line of every key."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from tregua.case.table import FIELD_LIMIT, read_text
from tregua.errors import Problem, ProblemList

KeyPath = tuple[str | int, ...]
_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_SYNTAX_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")

DEEPEST = 50
"""Levels of tables and lists inside one another; a case has five."""


@dataclass(frozen=True)
class Document:
    """A parsed TOML file that remembers where each key stands."""

    file: str
    content: dict[str, object]
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def line_of(self, path: KeyPath) -> int | None:
        """Line of a key, or of the nearest table that would hold it."""
        for length in range(len(path), 0, -1):
            line = self.lines.get(path[:length])
            if line is not None:
                return line
        return 1 if self.content else None


def write_path(path: KeyPath) -> str:
    """Key path as printed: ``gangs[2].share``; positions are counted from 1."""
    out = ""
    for part in path:
        if isinstance(part, int):
            out += f"[{part + 1}]"
        else:
            out += f".{part}" if out else part
    return out


def read_document(path: Path, file: str, problems: ProblemList) -> Document | None:
    """Parse a TOML file; None, with the line told, where its syntax is broken."""
    text = read_text(path, file, problems)
    if text is None:
        return None
    try:
        content = tomllib.loads(text)
        if _is_deep(content):
            raise RecursionError
    except RecursionError:
        problems.add(Problem("E13", "the file is nested too deeply", file, mend="take the nesting out"))
        return None
    except ValueError as error:
        place = _SYNTAX_PLACE.search(str(error))
        line = int(place.group(1)) if place and place.group(1) else text.count("\n") + 1
        column = f", column {place.group(2)}" if place and place.group(2) else ""
        problems.add(
            Problem(
                "E13",
                "the file is not valid TOML",
                file,
                line,
                found=f"{_SYNTAX_PLACE.sub('', str(error))}{column}",
                allowed='key = value; text in "quotes"; dates as 2012-03-08',
                mend="correct that line",
            )
        )
        return None
    document = Document(file, content, _find_lines(text))
    _refuse_long_text(document, content, (), problems)
    return document


def _is_deep(content: object) -> bool:
    """Whether tables and lists lie inside one another beyond any case: keys with dots nest without a bracket."""
    level: list[object] = [content]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)  # type: ignore[attr-defined]
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _find_lines(text: str) -> dict[KeyPath, int]:
    """Line of each table and key; a scan, not a parser: it only has to find lines in valid TOML."""
    lines: dict[KeyPath, int] = {}
    counts: dict[tuple[str, ...], int] = {}
    table: KeyPath = ()
    closing = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            if closing in line:
                closing = ""
            continue
        header = _HEADER.match(line)
        if header:
            names = _split_key(header.group(2))
            if header.group(1) == "[[":
                counts[names] = counts.get(names, -1) + 1
            table = _with_positions(names, counts)
            lines.setdefault(table, number)
            continue
        key = _KEY.match(line)
        if key:
            lines.setdefault((*table, *_split_key(key.group(1))), number)
        for quotes in ('"""', "'''"):
            if line.count(quotes) % 2:
                closing = quotes
    return lines


def _split_key(text: str) -> tuple[str, ...]:
    parts = re.findall(r""""[^"]*"|'[^']*'|[A-Za-z0-9_-]+""", text)
    return tuple(part.strip("\"'") for part in parts)


def _with_positions(names: tuple[str, ...], counts: dict[tuple[str, ...], int]) -> KeyPath:
    path: list[str | int] = []
    for length in range(1, len(names) + 1):
        path.append(names[length - 1])
        if names[:length] in counts:
            path.append(counts[names[:length]])
    return tuple(path)


def _refuse_long_text(document: Document, value: object, path: KeyPath, problems: ProblemList) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _refuse_long_text(document, inner, (*path, key), problems)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            _refuse_long_text(document, inner, (*path, position), problems)
    elif isinstance(value, str) and len(value) > FIELD_LIMIT:
        problems.add(
            Problem(
                "E08",
                "a text is too long",
                document.file,
                document.line_of(path),
                write_path(path),
                f"{len(value)} characters",
                f"at most {FIELD_LIMIT} characters",
                "shorten it",
            )
        )
