"""The public names: one list, each documented, each read only when it is used."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys

import pytest
from source_tree import PACKAGE, ROOT

import tregua

LISTED = dict(
    re.findall(r"^\| `tregua\.(\w+)` \| (.+) \|$", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), re.M)
)
CONSTANTS = {"LEVERS", "MECHANISMS", "OUTCOMES", "PARAMETERS"}
NAMES = [name for name in tregua.__all__ if name != "__version__"]


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(tregua, name)
    if name not in CONSTANTS:
        assert len(value.__doc__ or "") > 10
        assert value.__module__.startswith("tregua.")
    assert name in dir(tregua)
    assert name in LISTED


def test_the_map_lists_no_name_that_is_not_public() -> None:
    assert sorted(LISTED) == sorted(NAMES)


def test_what_a_type_checker_sees_is_what_is_there() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        (node.module, alias.name) for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert seen == {(home, name) for name, home in tregua._HOME.items()}
    assert sorted([*tregua._HOME, "__version__"], key=str) == sorted(tregua.__all__, key=str)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'truth'"):
        _ = tregua.truth


def test_importing_the_package_loads_nothing_else() -> None:
    code = "import sys; old = set(sys.modules); import tregua; print(sorted(n for n in set(sys.modules) - old))"
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True).stdout
    names = set(ast.literal_eval(out))
    assert {name for name in names if name.startswith("tregua")} == {"tregua"}
    assert not names & {"numpy", "pandas", "jax", "pyarrow", "duckdb", "altair", "typer", "rich"}


def test_the_version_is_one() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f'version = "{tregua.__version__}"' in project
    assert f"## [{tregua.__version__}]" in changes
    assert f"version: {tregua.__version__}" in citation
