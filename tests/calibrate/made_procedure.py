"""A procedure over a made-up model whose posterior is known, so that gates and samplers can be held against it."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from tregua.calibrate.gate import Ranks, _rank
from tregua.calibrate.sampler import Plan, sample

NAMES = ("one", "two", "three")


@dataclass(frozen=True)
class Straight:
    """Figures = scores times a matrix, with a normal error; the prior is standard normal."""

    matrix: np.ndarray[Any, Any]
    error: float

    @property
    def size(self) -> int:
        return self.matrix.shape[0]

    def __call__(self, state: Any, figures: Any) -> tuple[Any, Any]:
        off = figures - state @ self.matrix
        return -0.5 * (off**2).sum(axis=1) / self.error**2, (off @ self.matrix.T) / self.error**2

    def posterior(self, figures: Any) -> tuple[Any, Any]:
        """Mean and covariance given one set of figures."""
        covariance = np.linalg.inv(np.eye(self.size) + self.matrix @ self.matrix.T / self.error**2)
        return covariance @ self.matrix @ figures / self.error**2, covariance


RIGHT = Straight(np.array([[1.0, 0.5, 0.0, 0.2], [0.0, 0.4, 0.6, 0.1], [0.3, 0.0, 0.0, 0.05]]), 0.5)
PLAN = Plan(chains=3, warm=120, kept=150, few=5, many=9)


def ranks(stated: Straight, sets: int, seed: int = 2) -> Ranks:
    """Ranks of the truth where figures come from `RIGHT` and the procedure believes `stated`."""
    rng = np.random.default_rng(seed)
    scores = rng.standard_normal((sets, RIGHT.size))
    figures = scores @ RIGHT.matrix + RIGHT.error * rng.standard_normal((sets, RIGHT.matrix.shape[1]))
    pool = rng.standard_normal((200, RIGHT.size))
    procedure: Any = SimpleNamespace(
        likelihood=stated, draws=lambda rows, key: sample(stated, rows, pool, key, PLAN, threads=2)
    )
    told = _rank(procedure, scores, figures, 7)
    return Ranks((*NAMES, "log_likelihood"), told["ranks"], scores, told["mean"], told["spread"], told["rhat"], 0)
