"""Recipes for the tests of a cluster; in a module of their own so that workers can import them."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from keyed_work import ORIGIN, compute

from tregua.runs.shard import Origin, Shard


@dataclass(frozen=True)
class Keyed:
    """Numbers that depend on the settings of a shard alone.

    `pause` makes a shard last; `broken` names a draw on which it fails; `home` is the process whose model it is: with
    `foreign`, any other has another model.
    """

    pause: float = 0.0
    broken: int = -1
    foreign: bool = False
    home: int = 0

    def origin(self) -> Origin:
        if self.foreign and os.getpid() != self.home:
            return Origin(model="x" * 64, case=ORIGIN.case)
        return ORIGIN

    def build(self) -> Any:
        import time

        def work(shard: Shard) -> dict[str, Any]:
            time.sleep(self.pause)
            if self.broken in shard.settings["draws"]:
                raise ArithmeticError("this draw cannot be computed")
            return compute(shard)

        return work
