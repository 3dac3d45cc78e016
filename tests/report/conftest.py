"""One page of invented inputs, built once and read by many tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import report_hostile
import report_sample

from tregua.report.inputs import ReportInputs
from tregua.report.page import page

try:
    import fcntl
except ImportError:  # pragma: no cover - a system without locks of this kind
    fcntl = None  # type: ignore[assignment]


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[], str]) -> str:
    """A text that all processes of one test run share: the first makes it, the others wait and read it."""
    base = factory.getbasetemp()
    if fcntl is None or not base.name.startswith("popen-"):
        return make()
    path = base.parent / f"shared-{name}.html"
    with (base.parent / f"shared-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_bytes(make().encode())
    return path.read_bytes().decode()


@pytest.fixture(scope="session")
def inputs() -> ReportInputs:
    return report_sample.inputs()


@pytest.fixture(scope="session")
def built(inputs: ReportInputs, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Both languages written out, so that a parser sees them."""
    return once(tmp_path_factory, "built", lambda: page(inputs, plain=True))


@pytest.fixture(scope="session")
def shipped(inputs: ReportInputs, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page as it is written by default: the second language lies packed in it."""
    return once(tmp_path_factory, "shipped", lambda: page(inputs))


@pytest.fixture(scope="session")
def hostile_page(inputs: ReportInputs, tmp_path_factory: pytest.TempPathFactory) -> str:
    return once(tmp_path_factory, "hostile", lambda: page(report_hostile.hostile(inputs), plain=True))
