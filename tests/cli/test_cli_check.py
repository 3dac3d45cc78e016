"""``tregua check``: a case folder, told what is wrong with it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from command_line import leave

from tregua.case import find_case


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A copy of the bundled case whose first lever has a value out of range."""
    folder = tmp_path / "my-truce"
    shutil.copytree(find_case("el_salvador_2012"), folder)
    levers = folder / "levers.csv"
    lines = levers.read_text(encoding="utf-8").splitlines()
    head = lines[0].split(",")
    cells = lines[1].split(",")
    cells[head.index("value")] = "17"
    levers.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", encoding="utf-8")
    return folder


def test_the_bundled_case_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("check") == 0
    assert "Valid." in capsys.readouterr().out


def test_a_broken_case_leaves_with_one_and_names_file_and_line(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert leave("check", str(broken)) == 1
    out = capsys.readouterr().out
    assert "E22" in out
    assert "levers.csv line 2" in out
    assert "mend" in out
    assert "my-truce: 1 error, " in out
    assert "Not valid yet" in out


def test_json_tells_the_same_as_the_text(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("check", str(broken), "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["valid"] is False
    first = told["problems"][0]
    assert (first["code"], first["file"], first["line"]) == ("E22", "levers.csv", 2)
    assert leave("check", "--json") == 0
    assert json.loads(capsys.readouterr().out)["valid"] is True


@pytest.mark.parametrize("lang", ["en", "es"])
def test_partition_shows_the_pieces_of_the_fit(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("check", "--partition", "--lang", lang) == 0
    lines = capsys.readouterr().out.splitlines()
    pieces = [line for line in lines if line.startswith("P") and line[1:3].isdigit()]
    assert len(pieces) == 38
    assert leave("check", "--partition", "--json") == 0
    assert json.loads(capsys.readouterr().out)["partition"]


def test_schema_is_a_json_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("check", "--schema") == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert "title_en" in schema["properties"]
