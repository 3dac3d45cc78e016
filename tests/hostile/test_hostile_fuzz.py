"""Edited files of every parser are read or refused in words; the long version is `make fuzz`."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile_input import Parser, parsers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ALL = parsers()
SHORT = 40


@pytest.mark.parametrize("name", ALL)
def test_edited_files_are_read_or_refused_in_words(name: str, tmp_path: Path) -> None:
    parser: Parser = ALL[name]

    @settings(max_examples=SHORT, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def held(data: st.DataObject) -> None:
        parser.hold(data.draw(parser.inputs()), tmp_path)

    held()


@pytest.mark.parametrize("name", ALL)
def test_the_seeds_of_the_fuzz_are_valid(name: str, tmp_path: Path) -> None:
    for seed in ALL[name].seeds:
        assert ALL[name].hold(seed, tmp_path), "an edited file says little if the unedited one is refused"
