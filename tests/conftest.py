"""What every test may rely on: one thread of linear algebra, where a browser is, and that its absence is said."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest
from hypothesis import settings

# Matrices here are small, and threads of linear algebra wait for each other: with several tests side by side they took
# ten times as long. Set before numpy is read; processes that a test starts inherit it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Speed is measured in benchmarks/: on a shared machine any example may take a third of a second.
settings.register_profile("tregua", deadline=None)
settings.load_profile("tregua")

LONGEST = (
    "app/test_app_browser.py",
    "report/test_report_browser.py",
    "report/test_report_page.py",
    "cli/test_compare.py",
    "report/test_report_access.py",
    "report/test_report_claims.py",
    "effect/test_estimate.py",
    "effect/test_study.py",
    "drills/test_drills.py",
    "cli/test_cli_effect.py",
    "app/test_app_jobs.py",
    "app/test_app_door.py",
    "app/test_app_hostile.py",
    "runs/test_local.py",
    "runs/test_cluster.py",
    "drills/test_extremes.py",
    "docs/test_docs_snippets.py",
)
"""Files that take longest, the longest first: begun first, none of them is left alone at the end."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DEMANDED = "TREGUA_DEMAND_BROWSER"
_left_out = pytest.StashKey[int]()


def find_chromium() -> str | None:
    """Path of a chromium on this machine, or None."""
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a chromium; give it to Playwright as `executable_path`."""
    path = find_chromium()
    if path is None:
        pytest.skip("no chromium on this machine")
    return path


def pytest_sessionstart() -> None:
    """Let Ctrl-C reach the tests of it, where a shell in the background started them deaf to it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    place = {Path(__file__).parent / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(LONGEST)))
    wanting = [item for item in items if item.get_closest_marker("browser")]
    if find_chromium() is not None:
        return
    if wanting and os.environ.get(DEMANDED):
        raise pytest.UsageError(f"{len(wanting)} browser tests are demanded ({DEMANDED}) and there is no chromium")
    config.stash[_left_out] = len(wanting)
    for item in wanting:
        item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


def pytest_unconfigure(config: pytest.Config) -> None:
    number = config.stash.get(_left_out, 0)
    if number:
        print(f"{number} browser tests did not run: no chromium here (on Debian: apt install chromium)")
