"""What the extra `effect` brings, asked for before anything is read or computed."""

from __future__ import annotations

import importlib.util

from tregua.errors import UsageError

FAST = ("scipy",)
FULL = ("scipy", "jax", "numpyro", "pysyncon", "ruptures", "pandas")


def require_extra(*, fast: bool = False) -> None:
    """Say which libraries of the extra are missing.

    Parameters
    ----------
    fast : bool
        The fast form needs no sampler.

    Raises
    ------
    UsageError
        One of them is not installed.
    """
    missing = [name for name in (FAST if fast else FULL) if importlib.util.find_spec(name) is None]
    if missing:
        raise UsageError(
            "this command needs an extra that is not installed",
            key="effect",
            found="missing: " + ", ".join(missing),
            allowed="the extra effect",
            mend='pip install "tregua[effect]"',
        )
