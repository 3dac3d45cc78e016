"""Draws for peers that draw one number at a time: exact inversion on the standard library, which is what is fastest."""

from __future__ import annotations

import math
import random


def poisson(rng: random.Random, mean: float) -> int:
    """Poisson count."""
    u = rng.random()
    pmf = math.exp(-mean)
    k, cdf = 0, pmf
    while u > cdf and pmf > 0.0:
        k += 1
        pmf *= mean / k
        cdf += pmf
    return k


def binomial(rng: random.Random, n: int, p: float) -> int:
    """Binomial count; the means of the reduced model are small."""
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    if p > 0.5:
        return n - binomial(rng, n, 1.0 - p)
    u = rng.random()
    pmf = (1.0 - p) ** n
    odds = p / (1.0 - p)
    k, cdf = 0, pmf
    while u > cdf and k < n and pmf > 0.0:
        pmf *= odds * (n - k) / (k + 1)
        k += 1
        cdf += pmf
    return k
