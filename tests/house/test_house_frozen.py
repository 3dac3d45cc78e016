"""Parameters are frozen for each release: what moves afterwards is named where results are said to move."""

from __future__ import annotations

import json

from freeze_parameters import FROZEN, declared
from source_tree import ROOT

from tregua import __version__

RELEASES = json.loads(FROZEN.read_text(encoding="utf-8"))


def moved(before: dict[str, list[object]], after: dict[str, list[object]]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def test_the_release_is_frozen() -> None:
    assert __version__ in RELEASES, "run: python tests/house/freeze_parameters.py"
    assert len(RELEASES[__version__]) > 90


def test_what_moved_since_the_release_is_named_in_the_changelog() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    unreleased = text.split("## [Unreleased]")[1].split(f"## [{__version__}]")[0]
    changed = [name for name in moved(RELEASES[__version__], declared()) if f"`{name}`" not in unreleased]
    assert changed == [], "name them under [Unreleased], in a line that begins with Numbers change"


def test_a_parameter_that_moves_is_seen() -> None:
    name = next(iter(RELEASES[__version__]))
    other = {**declared(), name: [123.0, "fixed", 0.0, 1.0, "fixed", "core"]}
    assert name in moved(RELEASES[__version__], other)
