"""Run the notebooks from first cell to last and keep their outputs: python tests/docs/run_notebooks.py

Run it after a change that moves numbers.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))


def run(path: Path, folder: Path) -> Any:
    """A notebook after a run in `folder`; raises where a cell fails. What it says on standard error is not kept."""
    from nbclient import NotebookClient

    notebook: Any = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=900, kernel_name="python3", coalesce_streams=True).execute(cwd=str(folder))
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if o.output_type != "stream" or o.name == "stdout"]
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


if __name__ == "__main__":
    for path in NOTEBOOKS:
        with tempfile.TemporaryDirectory() as folder:
            nbformat.write(run(path, Path(folder)), path)
        print(f"ran {path.relative_to(ROOT)}")
