"""A small valid case that the tests copy and then spoil."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_case import SMALL, write_case

Spoil = Callable[..., Path]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The small case as it stands."""
    return write_case(tmp_path / "small", dict(SMALL))


@pytest.fixture
def spoiled(small: Path) -> Spoil:
    """Replace one text in one file of the small case, which must hold it exactly once."""

    def spoil(file: str, old: str, new: str) -> Path:
        path = small / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return small

    return spoil
