"""Code blocks of the documents, and how each is run: as its reader would, in an empty folder, page by page.

Python blocks of a page share their names. Shell blocks run ``tregua`` in this process. A block with a title is a file
that the reader writes. A block of text after code is output: each of its lines must have been shown, ``…`` standing for
anything. A comment before a block says what cannot be seen: ``<!-- slow -->``, ``<!-- exit: 1 -->``,
``<!-- not run: reason -->``; what is not run is still read: its Python must compile, its commands and options exist.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_CODE = {"docs/contracts.md"}
FENCE = re.compile(
    r"(?:<!-- (?P<told>slow|exit: \d+|not run: [^>]+) -->\n)?"
    r"^(?P<indent> *)```(?P<head>[^\n`]*)\n(?P<body>.*?)^(?P=indent)```$",
    re.M | re.S,
)
TITLE = re.compile(r'title="([^"]+)"')
RUN = {"python", "sh"}
FILES = {"toml", "csv", "python", "text", "json"}


@dataclass(frozen=True)
class Block:
    """One fenced block.

    Attributes
    ----------
    page : str
        Path from the root.
    line : int
    language, title, body : str
    told : str
        What the comment before it says.
    """

    page: str
    line: int
    language: str
    title: str
    body: str
    told: str

    @property
    def slow(self) -> bool:
        return self.told == "slow"

    @property
    def exit(self) -> int:
        return int(self.told.removeprefix("exit: ")) if self.told.startswith("exit: ") else 0

    @property
    def is_run(self) -> bool:
        return self.language in RUN and not self.title and not self.told.startswith("not run")

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[str]:
    """Documents that may hold code, from the root."""
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [name for path in found if (name := path.relative_to(ROOT).as_posix()) not in WITHOUT_CODE]


def blocks(page: str) -> list[Block]:
    """Fenced blocks of a page, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    out = []
    for found in FENCE.finditer(text):
        head = found["head"].strip()
        language = re.split(r"[\s{]", head)[0]
        title = TITLE.search(head)
        body = "\n".join(line.removeprefix(found["indent"]) for line in found["body"].splitlines())
        line = text[: found.start()].count("\n") + 1
        out.append(Block(page, line, language, title[1] if title else "", body, found["told"] or ""))
    return out


def commands(block: Block) -> Iterator[list[str]]:
    """Words of each command line of a shell block."""
    joined = re.sub(r"\\\n\s*", " ", block.body)
    for line in joined.splitlines():
        words = shlex.split(line, comments=True)
        if words:
            yield words


@dataclass
class Reader:
    """Somebody who does what a page says, in a folder of their own."""

    folder: Path
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "page"})
    shown: str = ""

    def follow(self, page: str, *, slow: bool) -> int:
        """Do every block of a page; slow ones only if asked. Gives the number of blocks that were run."""
        done, skipped = 0, False
        for block in blocks(page):
            if block.title and block.language in FILES:
                path = self.folder / block.title
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.body + "\n", encoding="utf-8")
            elif block.is_run:
                skipped = block.slow and not slow
                if not skipped:
                    self.do(block)
                    done += 1
            elif block.language == "text" and not block.told and not skipped and done:
                self.compare(block)
        return done

    def do(self, block: Block) -> None:
        out = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            if block.language == "python":
                exec(compile(block.body, block.place, "exec"), self.names)
            else:
                for words in commands(block):
                    code = self.command(words, out)
                    assert code == block.exit, f"{block.place}: {shlex.join(words)} left with {code}\n{out.getvalue()}"
        self.shown = out.getvalue()

    def command(self, words: list[str], out: io.StringIO) -> int:
        program, *rest = words
        if program in ("tregua", ".venv/bin/tregua"):
            return tregua(rest)
        if program == "cd":
            self.folder = (self.folder / rest[0]).resolve()
            os.chdir(self.folder)
            return 0
        if program == "make":
            return 0 if rest[0] in targets() else 2
        if program == "python":
            env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
            done = subprocess.run([sys.executable, *rest], env=env, capture_output=True, text=True, check=False)
            out.write(done.stdout + done.stderr)
            return done.returncode
        raise AssertionError(f"the pages show {program}, which nothing here can run")

    def compare(self, block: Block) -> None:
        plain = " ".join(self.shown.split())
        at = 0
        for line in block.body.splitlines():
            for part in line.split("…"):
                wanted = " ".join(part.split())
                found = plain.find(wanted, at)
                assert found >= 0, f"{block.place}: {wanted!r} was not shown:\n{self.shown}"
                at = found + len(wanted)


def tregua(words: list[str]) -> int:
    """Exit status of a command line in this process."""
    from tregua.cli import main

    with pytest.raises(SystemExit) as left:
        main(words)
    code = left.value.code
    return code if isinstance(code, int) else 0 if code is None else 1


def targets() -> set[str]:
    """Targets of the Makefile."""
    return set(re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


def unknown_words(words: list[str]) -> list[str]:
    """Commands and options of a ``tregua`` line that do not exist."""
    import typer

    from tregua.cli import ANYWHERE, questions

    group: Any = typer.main.get_command(questions)
    context = group.make_context("tregua", [], resilient_parsing=True)
    command, known, wrong = group, {"--lang", "--version", "--help", *ANYWHERE}, []
    for before, word in zip(["", *words], words, strict=False):
        below = getattr(command, "commands", None)
        if word.startswith("--"):
            if word.split("=")[0] not in known:
                wrong.append(word)
        elif before != "--lang" and (command is group or below):
            found = group.get_command(context, word) if command is group else below.get(word)
            if found is None:
                wrong.append(word)
                break
            command = found
            known |= {option for p in command.params for option in p.opts}
    return wrong


def compiles(block: Block) -> bool:
    """Whether a block of Python is Python."""
    try:
        ast.parse(block.body)
    except SyntaxError:
        return False
    return True
