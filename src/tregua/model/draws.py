"""Counter-based random numbers and exact samplers.

Every draw is a pure function of (seed, draw and luck, step, area id, gang id, process): nothing is stored, so results
do not depend on threads, chunks or order, and two policies share each draw that both make. The mixing function is the
finaliser of splitmix64 (Steele, Lea and Flood 2014). Counts are drawn by exact inversion of their distribution
function, so that a count moves monotonically with its rate under the same uniform.

Functions whose names end in ``_mean`` replace the draw by its mean; the mean-field mode binds those. Functions whose
names end in ``_compiled`` do the same integer arithmetic on machine words; the compiled kernel binds those.
"""

from __future__ import annotations

import hashlib
import math
from typing import Any

import numpy as np

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
UNIT = 2.0**-53
HALF_UNIT = 2.0**-54
LARGE_MEAN = 600.0
TINY = 1e-300
SEARCH_SD = 9.0
MOST_LEAVE = 0.7
HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)


def id_key(kind: str, identifier: str) -> int:
    """64-bit key of an identifier: draws follow names, never positions."""
    return int.from_bytes(hashlib.blake2b(f"{kind}:{identifier}".encode(), digest_size=8).digest(), "little")


def mix(z: int) -> int:
    """Finaliser of splitmix64 on a 64-bit integer."""
    z = int(z) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def join(key: int, other: int) -> int:
    """Key that depends on both of two keys."""
    return mix((key + GOLDEN) ^ mix(other))


def uniform(key: int, process: int) -> float:
    """Uniform on the open interval (0, 1) for one process under a key."""
    return float(mix(key + process * GOLDEN) >> 11) * UNIT + HALF_UNIT


def count_key(count: float) -> int:
    """Key of a count (a step, a generation)."""
    return int(count)


def mix_compiled(z: Any) -> Any:
    """`mix` on machine words."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def join_compiled(key: Any, other: Any) -> Any:
    """`join` on machine words."""
    return mix((key + np.uint64(GOLDEN)) ^ mix(other))


def uniform_compiled(key: Any, process: Any) -> Any:
    """`uniform` on machine words."""
    return np.float64(mix(key + np.uint64(process) * np.uint64(GOLDEN)) >> np.uint64(11)) * UNIT + HALF_UNIT


def count_key_compiled(count: Any) -> Any:
    """`count_key` as a machine word."""
    return np.uint64(count)


def history_key(seed: int, draw: int, luck: int) -> int:
    """Key of one history. Luck is counted within a draw, so that two draws never share their chance."""
    return join(join(mix(seed), draw), luck)


def normal(u: float) -> float:
    """Standard normal quantile (Wichura 1988, algorithm AS 241, relative error near 1e-16)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return (
            q
            * (
                (
                    (
                        (
                            (
                                ((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4)
                                * r
                                + 4.5921953931549871457e4
                            )
                            * r
                            + 1.3731693765509461125e4
                        )
                        * r
                        + 1.9715909503065514427e3
                    )
                    * r
                    + 1.3314166789178437745e2
                )
                * r
                + 3.3871328727963666080e0
            )
            / (
                (
                    (
                        (
                            (
                                ((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r + 3.9307895800092710610e4)
                                * r
                                + 2.1213794301586595867e4
                            )
                            * r
                            + 5.3941960214247511077e3
                        )
                        * r
                        + 6.8718700749205790830e2
                    )
                    * r
                    + 4.2313330701600911252e1
                )
                * r
                + 1.0
            )
        )
    r = u if q < 0.0 else 1.0 - u
    r = math.sqrt(-math.log(r))
    if r <= 5.0:
        r -= 1.6
        value = (
            (
                (
                    (
                        (
                            ((7.7454501427834140764e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1)
                            * r
                            + 1.27045825245236838258e0
                        )
                        * r
                        + 3.64784832476320460504e0
                    )
                    * r
                    + 5.76949722146069140550e0
                )
                * r
                + 4.63033784615654529590e0
            )
            * r
            + 1.42343711074968357734e0
        ) / (
            (
                (
                    (
                        (
                            (
                                (1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r
                                + 1.51986665636164571966e-2
                            )
                            * r
                            + 1.48103976427480074590e-1
                        )
                        * r
                        + 6.89767334985100004550e-1
                    )
                    * r
                    + 1.67638483018380384940e0
                )
                * r
                + 2.05319162663775882187e0
            )
            * r
            + 1.0
        )
    else:
        r -= 5.0
        value = (
            (
                (
                    (
                        (
                            (
                                (2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
                                + 1.24266094738807843860e-3
                            )
                            * r
                            + 2.65321895265761230930e-2
                        )
                        * r
                        + 2.96560571828504891230e-1
                    )
                    * r
                    + 1.78482653991729133580e0
                )
                * r
                + 5.46378491116411436990e0
            )
            * r
            + 6.65790464350110377720e0
        ) / (
            (
                (
                    (
                        (
                            (
                                (2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r
                                + 1.84631831751005468180e-5
                            )
                            * r
                            + 7.86869131145613259100e-4
                        )
                        * r
                        + 1.48753612908506148525e-2
                    )
                    * r
                    + 1.36929880922735805310e-1
                )
                * r
                + 5.99832206555887937690e-1
            )
            * r
            + 1.0
        )
    return -value if q < 0.0 else value


def normal_mean(u: float) -> float:
    """Mean of the standard normal."""
    return 0.0


def log_factorial(k: float) -> float:
    """log k! by Stirling's series (shifted above 16 first); relative error near 1e-15."""
    shift = 0.0
    x = k + 1.0
    while x < 16.0:
        shift += math.log(x)
        x += 1.0
    y = 1.0 / (x * x)
    series = (1.0 / 12.0 - y * (1.0 / 360.0 - y * (1.0 / 1260.0 - y * (1.0 / 1680.0 - y / 1188.0)))) / x
    return (x - 0.5) * math.log(x) - x + HALF_LOG_TWO_PI + series - shift


def poisson(mean: float, u: float) -> float:
    """Poisson count by exact inversion.

    The first terms are compared without branching, which a processor cannot predict; the search goes on from there.

    Parameters
    ----------
    mean : float
        Expected number, >= 0.
    u : float
        Uniform on (0, 1).
    """
    if u <= 1.0 - mean:
        return 0.0
    if mean < LARGE_MEAN:
        pmf = math.exp(-mean)
        first = pmf
        pmf *= mean
        second = first + pmf
        pmf *= mean / 2.0
        third = second + pmf
        pmf *= mean / 3.0
        fourth = third + pmf
        k = (
            (1.0 if u > first else 0.0)
            + (1.0 if u > second else 0.0)
            + (1.0 if u > third else 0.0)
            + (1.0 if u > fourth else 0.0)
        )
        if k < 4.0:
            return k
        k = 3.0
        cdf = fourth
    else:
        k = math.floor(mean - SEARCH_SD * math.sqrt(mean)) * 1.0
        pmf = math.exp(k * math.log(mean) - mean - log_factorial(k))
        cdf = pmf
    while u > cdf and pmf > TINY:
        k += 1.0
        pmf *= mean / k
        cdf += pmf
    return k


def poisson_mean(mean: float, u: float) -> float:
    """Mean of a Poisson count."""
    return mean


def binomial_from(n: float, log_q: float, odds: float, u: float) -> float:
    """Binomial count by exact inversion; `log_q` = log(1 - p), `odds` = p / (1 - p).

    The first terms are compared without branching, as in `poisson`; terms beyond `n` are zero.
    """
    if n * odds < LARGE_MEAN:
        pmf = math.exp(n * log_q)
        first = pmf
        pmf *= odds * n
        second = first + pmf
        pmf *= odds * (n - 1.0) / 2.0
        third = second + pmf
        pmf *= odds * max(0.0, n - 2.0) / 3.0
        fourth = third + pmf
        k = (
            (1.0 if u > first else 0.0)
            + (1.0 if u > second else 0.0)
            + (1.0 if u > third else 0.0)
            + (1.0 if u > fourth else 0.0)
        )
        if k < 4.0 or n <= 4.0:
            return min(k, n)
        k = 3.0
        cdf = fourth
    else:
        p = odds / (1.0 + odds)
        k = max(0.0, math.floor(n * p - SEARCH_SD * math.sqrt(n * p * (1.0 - p))) * 1.0)
        pmf = math.exp(log_factorial(n) - log_factorial(k) - log_factorial(n - k) + k * math.log(odds) + n * log_q)
        cdf = pmf
    while u > cdf and k < n and pmf > TINY:
        k += 1.0
        pmf *= odds * (n - k + 1.0) / k
        cdf += pmf
    return k


def odds_of(hazard: float) -> float:
    """Odds of leaving under an accumulated hazard, exp(hazard) - 1; a series where the hazard of a week is small."""
    if hazard < 0.01:
        return hazard * (1.0 + hazard * (0.5 + hazard * (1.0 / 6.0 + hazard * (1.0 / 24.0 + hazard * (1.0 / 120.0)))))
    return math.expm1(hazard)


def exits(n: float, hazard: float, u: float) -> float:
    """How many of `n` people leave under an accumulated hazard: binomial with p = 1 - exp(-hazard).

    Where most leave, those who stay are counted, so that the search starts below everything that has a chance.
    """
    if u <= 1.0 - n * hazard:
        return 0.0
    if hazard > MOST_LEAVE:
        return n - below_half(n, math.exp(-hazard), 1.0 - u)
    return binomial_from(n, -hazard, odds_of(hazard), u)


def exits_mean(n: float, hazard: float, u: float) -> float:
    """Expected number who leave under an accumulated hazard."""
    return n * (1.0 - math.exp(-hazard))


def few(n: float, p: float, u: float) -> float:
    """Binomial count of a handful (2 to 16) by exact inversion, without a logarithm."""
    q = 1.0 - p
    pmf = q * q * (q if n >= 3.0 else 1.0) * (q if n >= 4.0 else 1.0)
    i = 4.0
    while i < n:
        pmf *= q
        i += 1.0
    odds = p / q
    first = pmf
    pmf *= odds * n
    second = first + pmf
    pmf *= odds * (n - 1.0) / 2.0
    third = second + pmf
    k = (1.0 if u > first else 0.0) + (1.0 if u > second else 0.0) + (1.0 if u > third else 0.0)
    if k < 3.0 or n <= 3.0:
        return min(k, n)
    k = 2.0
    cdf = third
    while u > cdf and k < n:
        k += 1.0
        pmf *= odds * (n - k + 1.0) / k
        cdf += pmf
    return k


def below_half(n: float, p: float, u: float) -> float:
    """Binomial count for p <= 1/2 by exact inversion."""
    if u <= 1.0 - n * p:
        return 0.0
    if n == 1.0:
        return 1.0
    if n <= 16.0:
        return few(n, p, u)
    return binomial_from(n, math.log1p(-p), p / (1.0 - p), u)


def split(n: float, p: float, u: float) -> float:
    """How many of `n` fall on one side: binomial with probability `p`; the count rises with `u` on either half."""
    if n <= 0.0 or p <= 0.0:
        return 0.0
    if p >= 1.0:
        return n
    if p <= 0.5:
        return below_half(n, p, u)
    return n - below_half(n, 1.0 - p, 1.0 - u)


def split_mean(n: float, p: float, u: float) -> float:
    """Expected number who fall on one side."""
    return n * min(1.0, max(0.0, p))


def rounded(x: float, u: float) -> float:
    """Integer with mean `x`: the fraction decides by chance."""
    return math.floor(x + u)


def rounded_mean(x: float, u: float) -> float:
    """Mean of a randomly rounded number."""
    return x


def exponential(u: float) -> float:
    """Unit exponential: the accumulated hazard at which an event strikes."""
    return -math.log(1.0 - u)
