"""The notebooks run from first cell to last, and what is kept of their outputs comes from such a run."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from run_notebooks import NOTEBOOKS, ROOT, run

NAMES = [path.stem for path in NOTEBOOKS]


def cells(path: Path, kind: str) -> list[Any]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_is_whole(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = cells(path, "code")
    assert code
    for number, cell in enumerate(code, 1):
        ast.parse(cell.source)
        assert cell.execution_count == number, "run: python tests/docs/run_notebooks.py"
        assert [o for o in cell.outputs if o.output_type == "error"] == []
    assert any(cell.outputs for cell in code)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_names_no_place_of_a_machine_and_its_links_lead_on(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w./:])/(?:work|root|tmp|home)/", text) == []
    for cell in cells(path, "markdown"):
        for link in re.findall(r"\]\(([^)#\s]+)", cell.source):
            assert link.startswith("http") or (path.parent / link).exists(), link


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    shown = run(path, tmp_path)
    kept = cells(path, "code")
    for one, other in zip([c for c in shown.cells if c.cell_type == "code"], kept, strict=True):
        assert bool(one.outputs) == bool(other.outputs)
    assert not list(tmp_path.iterdir())
