"""Every code block of the documents runs, shows what the page says it shows, and names what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from snippets import Reader, blocks, commands, compiles, pages, targets, unknown_words

ALL = [block for page in pages() for block in blocks(page)]
LANGUAGES = {"python", "sh", "toml", "csv", "text", "json", "math"}
WITH_QUICK = [p for p in pages() if any(b.is_run and not b.slow for b in blocks(p))]
WITH_SLOW = [p for p in pages() if any(b.is_run and b.slow for b in blocks(p))]


@pytest.mark.parametrize("page", WITH_QUICK)
def test_the_code_of_a_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert Reader(tmp_path).follow(page, slow=False) > 0


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_SLOW)
def test_the_slow_code_of_a_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert Reader(tmp_path).follow(page, slow=True) > 0


def test_every_block_says_what_language_it_is_in() -> None:
    assert [(b.place, b.language) for b in ALL if b.language not in LANGUAGES] == []


def test_what_is_not_run_is_still_right() -> None:
    wrong = []
    for block in ALL:
        if block.language == "python" and not compiles(block):
            wrong.append((block.place, "does not compile"))
        if block.language == "sh":
            for words in commands(block):
                if words[0].endswith("tregua"):
                    wrong += [(block.place, word) for word in unknown_words(words[1:])]
                elif words[0] == "make" and words[1] not in targets():
                    wrong.append((block.place, words[1]))
    assert wrong == []


def test_commands_named_in_the_text_exist() -> None:
    from snippets import ROOT

    wrong = []
    for page in pages():
        prose = re.sub(r"^ *```.*?^ *```$", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.M | re.S)
        for line in re.findall(r"`tregua ([^`]+)`", prose):
            words = [word for word in line.replace("…", " ").split() if not re.fullmatch(r"[A-Z][A-Z0-9_./]*", word)]
            wrong += [(page, word) for word in unknown_words(words)]
    assert wrong == []


def test_a_wrong_block_would_be_seen(tmp_path: Path) -> None:
    from snippets import Block

    reader = Reader(tmp_path)
    reader.do(Block("p", 1, "python", "", "print('a 12 b')", ""))
    reader.compare(Block("p", 2, "text", "", "a … b", ""))
    with pytest.raises(AssertionError, match="was not shown"):
        reader.compare(Block("p", 2, "text", "", "a 13 b", ""))
    with pytest.raises(AssertionError, match="left with 1"):
        reader.do(Block("p", 3, "sh", "", "tregua check no-such-case", ""))
    with pytest.raises(AssertionError, match="nothing here can run"):
        reader.do(Block("p", 4, "sh", "", "curl something", ""))
    assert unknown_words(["run", "--drawz", "5"]) == ["--drawz"]
    assert unknown_words(["ledger", "shew"]) == ["shew"]
