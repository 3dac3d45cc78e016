"""The Makefile: one command sets up, the second time nothing is installed, and a want is told with its remedy."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from source_tree import ROOT

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
STUB = """#!/bin/sh
echo "$0 $@" >> "$CALLS"
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with the Makefile, and a python3 that only tells what it was asked."""
    folder = tmp_path / "clone"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def make(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "CALLS": str(folder / "calls"), **variables}
    env.pop("MAKEFLAGS", None)
    return subprocess.run(["make", *words], cwd=folder, env=env, capture_output=True, text=True, check=False)


def stub(path: Path, body: str = STUB) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body)
    path.chmod(0o755)


def calls(folder: Path) -> list[str]:
    path = folder / "calls"
    return path.read_text().splitlines() if path.exists() else []


def environment(folder: Path) -> None:
    """A virtual environment that is there and set up, as far as make can see."""
    for name in ("python", "tregua", "ruff", "mypy"):
        stub(folder / ".venv" / "bin" / name)


def test_the_first_run_installs_the_core_with_exact_versions(clone: Path) -> None:
    environment(clone)
    out = make(clone, "run")
    assert out.returncode == 0, out.stderr
    install, ahead, run = calls(clone)
    assert "pip" in install
    assert "--constraint constraints.txt" in install
    assert install.endswith("--editable .")
    assert "compile_ahead()" in ahead
    assert run.endswith("tregua run")


def test_the_second_run_installs_nothing(clone: Path) -> None:
    environment(clone)
    make(clone, "run")
    (clone / "calls").unlink()
    out = make(clone, "run", "ARGS=--draws 5")
    assert out.returncode == 0
    assert len(calls(clone)) == 1
    assert calls(clone)[0].endswith("tregua run --draws 5")


def test_a_changed_requirement_is_installed(clone: Path) -> None:
    environment(clone)
    make(clone, "run")
    later = (clone / ".venv" / ".core").stat().st_mtime + 10
    os.utime(clone / "pyproject.toml", (later, later))
    (clone / "calls").unlink()
    make(clone, "run")
    assert len(calls(clone)) == 3


def test_tests_bring_what_they_need_and_leave_the_core_ready(clone: Path) -> None:
    environment(clone)
    assert make(clone, "test").returncode == 0
    install, ahead, tests = calls(clone)
    assert install.endswith("--editable .[dev]")
    assert "compile_ahead()" in ahead
    assert "pytest" in tests
    assert "not slow" in tests
    (clone / "calls").unlink()
    make(clone, "run")
    assert len(calls(clone)) == 1


def test_the_site_is_built_with_warnings_as_errors_and_set_up_once(clone: Path) -> None:
    environment(clone)
    assert make(clone, "docs").returncode == 0
    install, build = calls(clone)
    assert install.endswith("--editable .[docs]")
    assert "-m mkdocs build" in build
    assert "--strict" in build
    (clone / "calls").unlink()
    make(clone, "docs")
    assert len(calls(clone)) == 1


def test_a_failed_set_up_is_not_taken_for_done(clone: Path) -> None:
    environment(clone)
    stub(clone / ".venv" / "bin" / "python", "#!/bin/sh\nexit 1\n")
    out = make(clone, "run")
    assert out.returncode != 0
    assert "needs the network" in out.stdout
    assert not (clone / ".venv" / ".core").exists()


def test_a_python_without_venv_is_told_what_to_install(clone: Path) -> None:
    lacking = clone / "bin" / "python3"
    stub(lacking, '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n')
    out = make(clone, "run", f"PYTHON={lacking}")
    assert out.returncode != 0
    assert "apt install python3-venv" in out.stdout


def test_an_old_python_is_told_which_is_needed(clone: Path) -> None:
    old = clone / "bin" / "python3"
    stub(old, '#!/bin/sh\n[ "$1" = -V ] && echo Python 3.9.2 && exit 0\nexit 1\n')
    out = make(clone, "run", f"PYTHON={old}")
    assert out.returncode != 0
    assert "3.11 or newer" in out.stdout
    assert "3.9.2" in out.stdout


def test_no_python_at_all_is_told(clone: Path) -> None:
    out = make(clone, "run", "PYTHON=no-such-python")
    assert out.returncode != 0
    assert "No no-such-python found" in out.stdout


def test_nothing_needs_git() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = [line for line in text.splitlines() if line.startswith("\t")]
    assert [line for line in commands if re.search(r"\bgit\b", line)] == []


def test_the_gate_is_a_script_that_checks_and_tests() -> None:
    gate = ROOT / ".ci" / "run"
    assert os.access(gate, os.X_OK)
    lines = gate.read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert lines[-2:] == ["make check", "make test"]


def test_the_files_that_are_begun_first_exist() -> None:
    text = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    named = re.findall(r'^    "([a-z]+/test_\w+\.py)",$', text, re.M)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / "tests" / name).exists()] == []
