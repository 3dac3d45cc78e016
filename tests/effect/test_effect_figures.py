"""Golden figures of the estimators: moved only on purpose, by `make baselines`, with a line that says so.

Those of the study of the bundled case are held in test_study.py, which makes it anyway.
"""

from __future__ import annotations

import copy
from typing import Any

import effect_figures as golden
import pytest

for library in ("numpyro", "pysyncon", "ruptures"):
    pytest.importorskip(library, reason="the extra effect is not installed")

KEPT = golden.kept()


def test_every_part_has_its_figures() -> None:
    assert set(KEPT["parts"]) == set(golden.PARTS), "run make baselines after a part was added"


@pytest.mark.parametrize("name", [name for name in golden.PARTS if name != "study"])
def test_the_figures_are_those_recorded(name: str) -> None:
    far = golden.far(
        name, KEPT["parts"][name], golden.PARTS[name].work(), same_machine=golden.fingerprint() == KEPT["fingerprint"]
    )
    assert not far, f"results moved; if on purpose, say so in CHANGELOG.md and run make baselines: {far[:5]}"


def leaves(tree: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(tree, dict | list):
        pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
        return [place for key, part in pairs for place in leaves(part, (*at, key))]
    return [at]


@pytest.mark.parametrize("name", golden.PARTS)
def test_one_leaf_that_moved_is_seen(name: str) -> None:
    """Of every part, each of a number of leaves in turn: a figure by a hundred-thousandth, a word, a yes for a no."""
    tree = KEPT["parts"][name]
    places = leaves(tree)
    for place in places[:: max(1, len(places) // 60)]:
        other = copy.deepcopy(tree)
        inner = other
        for key in place[:-1]:
            inner = inner[key]
        old = inner[place[-1]]
        number = type(old) in (int, float)
        size = abs(inner.get("size", old)) if number and isinstance(inner, dict) else abs(old) if number else 0.0
        inner[place[-1]] = old + 1e-5 * (1 + size) if number else not old if isinstance(old, bool) else f"{old}."
        assert len(list(golden.differences(tree, other))) == 1, place
        inner[place[-1]] = old * (1 + 1e-9) if number else old
        assert not list(golden.differences(tree, other)), place


def test_an_entry_too_many_or_too_few_is_seen() -> None:
    assert list(golden.differences({"a": [1.0]}, {"a": [1.0, 2.0]}))
    assert list(golden.differences({"a": [1.0]}, {"a": [1.0], "b": 1}))


def test_elsewhere_a_drawn_figure_may_move_by_chance_and_no_further() -> None:
    tree = KEPT["parts"]["fits"]
    for factor, seen in ((1.01, False), (1.2, True)):
        other = copy.deepcopy(tree)
        other["structural"]["path"][0][1] *= factor
        assert bool(golden.far("fits", tree, other, same_machine=False)) is seen
        assert golden.far("fits", tree, other, same_machine=True)
    other = copy.deepcopy(KEPT["parts"]["mixtures"])
    other["negbin"]["evidence"] *= 1 + 1e-4
    assert golden.far("mixtures", KEPT["parts"]["mixtures"], other, same_machine=False), "nothing is drawn there"
