"""One page of invented inputs, built once and read by many tests."""

from __future__ import annotations

import pytest
import report_hostile
import report_sample

from tregua.report.inputs import ReportInputs
from tregua.report.page import page


@pytest.fixture(scope="session")
def inputs() -> ReportInputs:
    return report_sample.inputs()


@pytest.fixture(scope="session")
def built(inputs: ReportInputs) -> str:
    """Both languages written out, so that a parser sees them."""
    return page(inputs, plain=True)


@pytest.fixture(scope="session")
def shipped(inputs: ReportInputs) -> str:
    """The page as it is written by default: the second language lies packed in it."""
    return page(inputs)


@pytest.fixture(scope="session")
def hostile_page(inputs: ReportInputs) -> str:
    return page(report_hostile.hostile(inputs), plain=True)
