"""A small network: two hidden layers beside a straight line, trained by stochastic gradient descent in plain NumPy.

It stands in for the mean of what the model records, as a function of its parameters, where a polynomial is too stiff:
whether a truce takes hold is a threshold. Seeded and in one order, so that the same histories give the same weights.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
_F = np.float32


@dataclass(frozen=True)
class Network:
    """Weights of a network from `inputs` numbers to `outputs` numbers.

    Attributes
    ----------
    weights : tuple of array
        First layer and its offset, second layer and its offset, last layer and its offset, straight line.
    """

    weights: tuple[Array, ...]

    def __call__(self, x: Array) -> Array:
        """Outputs, shape (rows, outputs)."""
        return self.forward(x)[0]

    def forward(self, x: Array) -> tuple[Array, tuple[Array, ...]]:
        """Outputs, and what `backward` needs."""
        w1, b1, w2, b2, w3, b3, line = self.weights
        x = np.asarray(x, _F)
        a1 = x @ w1 + b1
        s1 = _logistic(a1)
        h1 = a1 * s1
        a2 = h1 @ w2 + b2
        s2 = _logistic(a2)
        h2 = a2 * s2
        return h2 @ w3 + b3 + x @ line, (x, a1, s1, h1, a2, s2, h2)

    def backward(self, kept: tuple[Array, ...], slope: Array) -> Array:
        """Derivative by the inputs of a sum whose derivative by the outputs is `slope`."""
        w1, _, w2, _, w3, _, line = self.weights
        _, a1, s1, _, a2, s2, _ = kept
        slope = np.asarray(slope, _F)
        d2 = (slope @ w3.T) * (s2 * (1 + a2 * (1 - s2)))
        d1 = (d2 @ w2.T) * (s1 * (1 + a1 * (1 - s1)))
        return np.asarray(d1 @ w1.T + slope @ line.T)

    def _gradient(self, kept: tuple[Array, ...], slope: Array) -> list[Array]:
        """Derivative by the weights."""
        x, a1, s1, h1, a2, s2, h2 = kept
        d2 = (slope @ self.weights[4].T) * (s2 * (1 + a2 * (1 - s2)))
        d1 = (d2 @ self.weights[2].T) * (s1 * (1 + a1 * (1 - s1)))
        return [x.T @ d1, d1.sum(0), h1.T @ d2, d2.sum(0), h2.T @ slope, slope.sum(0), x.T @ slope]


@dataclass(frozen=True)
class Training:
    """How a network is trained.

    Attributes
    ----------
    width : int
        Units of each hidden layer.
    rounds : int
        Times that every history is seen.
    batch : int
        Histories a step.
    rate, shrink : float
        First step size, falling to zero along a cosine, and decay of the weights.
    """

    width: int = 96
    rounds: int = 40
    batch: int = 256
    rate: float = 2e-3
    shrink: float = 0.01


def train(x: Array, y: Array, plan: Training, seed: int, *, spread: bool = False) -> Network:
    """Train a network on rows of inputs and outputs.

    Parameters
    ----------
    x : array, shape (rows, inputs)
    y : array, shape (rows, outputs)
        To be met in squares; with `spread`, residuals whose log standard deviation is to be given.
    plan : Training
    seed : int
    spread : bool
        Train a network of log standard deviations on residuals.

    Returns
    -------
    Network
    """
    x, y = np.ascontiguousarray(x, _F), np.ascontiguousarray(y, _F)
    rng = np.random.Generator(np.random.Philox(key=seed))
    inputs, outputs = x.shape[1], y.shape[1]
    weights = [
        _start(rng, inputs, plan.width),
        np.zeros(plan.width, _F),
        _start(rng, plan.width, plan.width),
        np.zeros(plan.width, _F),
        _start(rng, plan.width, outputs) * _F(0.3),
        np.zeros(outputs, _F),
        np.zeros((inputs, outputs), _F),
    ]
    if not spread:
        ones = np.column_stack([np.ones(len(x)), x])
        weights[6] = np.linalg.solve(ones.T @ ones + 1e-6 * np.eye(inputs + 1), ones.T @ y)[1:].astype(_F)
    first = [np.zeros_like(w) for w in weights]
    second = [np.zeros_like(w) for w in weights]
    size = min(plan.batch, len(x))
    steps = plan.rounds * (len(x) // size)
    step = 0
    for _ in range(plan.rounds):
        order = rng.permutation(len(x))
        for begin in range(0, len(x) - size + 1, size):
            rows = order[begin : begin + size]
            net = Network(tuple(weights))
            out, kept = net.forward(x[rows])
            if spread:
                out = np.clip(out, -4.0, 4.0)
                slope = (1.0 - y[rows] ** 2 * np.exp(-2.0 * out)) * _F(1.0 / size)
            else:
                slope = (out - y[rows]) * _F(2.0 / size)
            step += 1
            rate = plan.rate * 0.5 * (1.0 + math.cos(math.pi * step / steps))
            for k, part in enumerate(net._gradient(kept, np.asarray(slope, _F))):
                first[k] = _F(0.9) * first[k] + _F(0.1) * part
                second[k] = _F(0.999) * second[k] + _F(0.001) * part * part
                move = (first[k] / _F(1.0 - 0.9**step)) / (np.sqrt(second[k] / _F(1.0 - 0.999**step)) + _F(1e-8))
                decay = _F(plan.shrink) * weights[k] if k in (0, 2, 4) else _F(0.0)
                weights[k] = weights[k] - _F(rate) * (move + decay)
    return Network(tuple(weights))


def _start(rng: np.random.Generator, rows: int, columns: int) -> Array:
    return np.asarray(rng.standard_normal((rows, columns)) / math.sqrt(rows), _F)


def _logistic(x: Array) -> Array:
    return np.asarray(_F(0.5) * (np.tanh(_F(0.5) * x) + _F(1.0)))
