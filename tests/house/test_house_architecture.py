"""The map and the house agree, and nothing reaches upward."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from source_tree import FLOORS, PACKAGE, ROOT, floor, imports, modules, room, rooms_imported, says_of_itself, tree

MAP = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
NAMED = re.findall(r"^\| `([\w/]+\.py)` \| (.*) \|$", MAP, re.M)
HEAVY = {"jax", "numpyro", "pandas", "altair", "vl_convert", "duckdb", "pyarrow", "matplotlib", "numba"}
FORBIDDEN_STEMS = {"utils", "helpers", "common", "misc", "util", "helper"}
NETWORK = {"socket", "ssl", "urllib.request", "http.client", "http.server", "requests", "httpx", "aiohttp", "ftplib"}


def test_the_map_names_every_module_once_and_no_other() -> None:
    named = [name for name, _ in NAMED]
    assert sorted(named) == sorted(module.as_posix() for module in modules())


def test_the_map_says_something_of_each() -> None:
    assert [name for name, text in NAMED if len(text) < 10] == []


def test_every_room_stands_on_a_floor() -> None:
    rooms = {room(module) for module in modules()} - {"__init__"}
    assert rooms <= {name for rooms_of_floor in FLOORS for name in rooms_of_floor}


@pytest.mark.parametrize("module", modules(), ids=Path.as_posix)
def test_nothing_imports_upward(module: Path) -> None:
    here = room(module)
    if here == "__init__":
        return
    upward = []
    for other, asked in rooms_imported(module):
        if other in ("__version__", here):
            continue
        if other in {name for rooms in FLOORS for name in rooms} and floor(other) < floor(here):
            continue
        upward.append(asked)
    assert upward == []


def test_an_upward_import_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import source_tree

    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "x.py").write_text("def f():\n    from ..case import load\n    import tregua.runs.store\n")
    monkeypatch.setattr(source_tree, "PACKAGE", tmp_path)
    assert [name for name, _ in rooms_imported(Path("model/x.py"))] == ["case", "runs"]
    assert floor("case") > floor("model")


@pytest.mark.parametrize("module", modules(), ids=Path.as_posix)
def test_heavy_libraries_are_imported_inside_functions(module: Path) -> None:
    heavy = []
    for node in tree(module).body:
        if isinstance(node, ast.Import):
            heavy += [alias.name for alias in node.names if alias.name.split(".")[0] in HEAVY]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in HEAVY:
            heavy.append(node.module)
    assert heavy == []


@pytest.mark.parametrize("module", [m for m in modules() if room(m) != "app"], ids=Path.as_posix)
def test_no_command_can_reach_the_network(module: Path) -> None:
    asked = {f"{stem}.{name}" if name else stem for stem, name in imports(module)}
    stems = {stem for stem, _ in imports(module)}
    assert (asked | stems) & NETWORK == set()


def test_one_noun_a_file() -> None:
    assert [m.as_posix() for m in modules() if m.stem in FORBIDDEN_STEMS] == []


@pytest.mark.parametrize("module", modules(), ids=Path.as_posix)
def test_every_module_says_what_it_is_for(module: Path) -> None:
    said = says_of_itself(module)
    assert said
    assert said.endswith((".", ":", "?", ")")), said


def test_every_mechanism_is_found_by_its_name() -> None:
    from tregua.model.declare import MECHANISM_IDS

    files = {path.stem for path in (PACKAGE / "model" / "mechanisms").glob("*.py")} - {"__init__"}
    assert files == set(MECHANISM_IDS)
