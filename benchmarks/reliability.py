"""Sections of docs/reliability.md that commands write: between marks, with date, machine, versions and seed."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reliability.md"
KEPT = ROOT / "build" / "reliability"


def produced(command: str, seed: int | None = None) -> str:
    """The line under a section: what produced it, when, on what."""
    from benchmarks.__main__ import machine

    here = " ".join(machine().split("\n"))
    told = f"Produced by `{command}` on {datetime.now(UTC).date().isoformat()}"
    return f"{told}{'' if seed is None else f', seed {seed}'}. {here}"


def write(section: str, text: str, command: str, seed: int | None = None, page: Path | None = None) -> None:
    """Put a section between its marks."""
    page = page or PAGE
    begin, end = f"<!-- {section} -->", f"<!-- end of {section} -->"
    whole = page.read_text(encoding="utf-8")
    body = f"{begin}\n\n{text.strip()}\n\n{produced(command, seed)}\n\n{end}"
    found = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.S)
    if not found.search(whole):
        raise SystemExit(f"{page.name} has no marks for {section}")
    page.write_text(found.sub(lambda _: body, whole), encoding="utf-8")


def merged(section: str, rows: Mapping[str, str], known: Collection[str], page: Path = PAGE) -> list[str]:
    """Rows of a table of the page, by the name in their first cell: those run now are new, others stand as they stood.

    What is not `known` is gone: a parser or a drill that no longer exists.
    """
    text = page.read_text(encoding="utf-8")
    within = text.partition(f"<!-- {section} -->")[2].partition(f"<!-- end of {section} -->")[0]
    cells = {line.strip("| ").partition(" |")[0]: line for line in within.splitlines() if line.startswith("| ")}
    there = {name: line for name, line in cells.items() if name in known}
    return list((there | dict(rows)).values())


def keep(name: str, rows: dict[str, Any]) -> dict[str, Any]:
    """Merge figures into ``build/reliability/NAME.json``, so that a long command can be run in parts; return all."""
    path = KEPT / f"{name}.json"
    there = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    there.update(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(there, out, indent=1)
    os.replace(part, path)
    return dict(there)
