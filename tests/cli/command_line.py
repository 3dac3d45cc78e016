"""Run command lines as a person does, in a process of their own or in this one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`tregua WORDS` in a process of its own, its output in pipes."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **variables}
    return subprocess.run(
        [sys.executable, "-m", "tregua", *words], capture_output=True, text=True, env=env, check=False, timeout=300
    )


def leave(*words: str) -> int:
    """Exit status of `tregua WORDS` in this process."""
    from tregua.cli import main

    with pytest.raises(SystemExit) as left:
        main(list(words))
    code = left.value.code
    return code if isinstance(code, int) else 0 if code is None else 1
