"""Samplers against exact distributions; keyed uniforms against independence.

All tests of fit share one budget of false alarms: if every sampler is right, the chance that any of them would fail
for a fresh choice of keys is FALSE_ALARMS. The keys are fixed, so that the outcome is the same each time.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from tregua.model import draws

FALSE_ALARMS = 1e-3
DRAWS = 30_000

POISSON = (0.02, 0.06, 0.5, 1.0, 3.0, 8.0, 20.0, 100.0, 599.0, 601.0, 3000.0)
EXITS = ((1, 0.7), (3, 0.02), (10, 0.3), (30, 2.0), (200, 0.005), (2000, 0.06), (5000, 0.2))
SPLIT = ((1, 0.3), (5, 0.2), (16, 0.5), (17, 0.4), (17, 0.6), (40, 0.97), (300, 0.5), (3000, 0.5), (2000, 0.9))
PAIRS = ("next process", "next step", "next area", "next luck", "next seed", "next generation")
CONTINUOUS = ("uniform", "normal", "exponential")
CHECKS = len(POISSON) + len(EXITS) + len(SPLIT) + len(PAIRS) + len(CONTINUOUS)
LEVEL = FALSE_ALARMS / CHECKS


def uniforms(purpose: str, n: int = DRAWS) -> list[float]:
    """Uniforms of one purpose, each under a key of its own."""
    base = draws.id_key("test", purpose)
    return [draws.uniform(draws.join(base, i), 1) for i in range(n)]


def p_value(counts: list[float], distribution: stats.rv_frozen) -> float:
    """Chi-square test of whole counts against a discrete distribution; thin bins are merged."""
    n = len(counts)
    low, high = int(distribution.ppf(1e-12)), int(distribution.ppf(1 - 1e-12))
    cells = max(1, (high - low) // 200)
    edges = np.arange(low, high + cells + 1, cells)
    probability = np.diff(distribution.cdf(edges - 1), prepend=0.0, append=1.0)
    seen = np.bincount(np.digitize(counts, edges), minlength=len(edges) + 1).astype(float)
    merged_seen, merged_expected = [0.0], [0.0]
    for observed, chance in zip(seen, probability, strict=True):
        if merged_expected[-1] >= 10.0:
            merged_seen.append(0.0)
            merged_expected.append(0.0)
        merged_seen[-1] += observed
        merged_expected[-1] += n * chance
    if merged_expected[-1] < 10.0 and len(merged_expected) > 1:
        thin_seen, thin_expected = merged_seen.pop(), merged_expected.pop()
        merged_seen[-1] += thin_seen
        merged_expected[-1] += thin_expected
    if len(merged_seen) == 1:
        return 1.0
    expected = np.array(merged_expected) * n / sum(merged_expected)
    return float(stats.chisquare(merged_seen, expected).pvalue)


@pytest.mark.parametrize("mean", POISSON)
def test_poisson_counts_have_the_poisson_distribution(mean: float) -> None:
    counts = [draws.poisson(mean, u) for u in uniforms(f"poisson {mean}")]
    assert p_value(counts, stats.poisson(mean)) > LEVEL


@pytest.mark.parametrize(("n", "hazard"), EXITS)
def test_exits_have_the_binomial_distribution_of_their_hazard(n: int, hazard: float) -> None:
    counts = [draws.exits(float(n), hazard, u) for u in uniforms(f"exits {n} {hazard}")]
    assert p_value(counts, stats.binom(n, -math.expm1(-hazard))) > LEVEL


@pytest.mark.parametrize(("n", "p"), SPLIT)
def test_splits_have_the_binomial_distribution(n: int, p: float) -> None:
    counts = [draws.split(float(n), p, u) for u in uniforms(f"split {n} {p}")]
    assert p_value(counts, stats.binom(n, p)) > LEVEL


@pytest.mark.parametrize("name", CONTINUOUS)
def test_continuous_draws_have_their_distribution(name: str) -> None:
    sampler, distribution = {
        "uniform": (lambda u: u, stats.uniform()),
        "normal": (draws.normal, stats.norm()),
        "exponential": (draws.exponential, stats.expon()),
    }[name]
    values = [sampler(u) for u in uniforms(name)]
    assert stats.kstest(values, distribution.cdf).pvalue > LEVEL


@pytest.mark.parametrize("pair", PAIRS)
def test_neighbouring_uniforms_are_independent(pair: str) -> None:
    base = draws.history_key(5, 0, 0)
    area = [draws.id_key("area", f"place {m}") for m in range(301)]

    def cell(history: int, step: int, m: int, process: int) -> float:
        return draws.uniform(draws.join(draws.join(history, step), area[m]), process)

    first, second = [], []
    for i in range(DRAWS):
        step, m = divmod(i, 300)
        a = cell(base, step, m, 4)
        if pair == "next process":
            b = cell(base, step, m, 5)
        elif pair == "next step":
            b = cell(base, step + 1, m, 4)
        elif pair == "next area":
            b = cell(base, step, m + 1, 4)
        elif pair == "next luck":
            a, b = cell(draws.history_key(5, 0, i), 7, m, 4), cell(draws.history_key(5, 0, i + 1), 7, m, 4)
        elif pair == "next seed":
            a, b = cell(draws.history_key(i, 0, 0), 7, m, 4), cell(draws.history_key(i + 1, 0, 0), 7, m, 4)
        else:
            role = draws.join(base, area[m])
            a = draws.uniform(draws.join(role, step), 2)
            b = draws.uniform(draws.join(role, step + 1), 2)
        first.append(a)
        second.append(b)
    table, _, _ = np.histogram2d(first, second, bins=24, range=((0, 1), (0, 1)))
    assert stats.chisquare(table.ravel()).pvalue > LEVEL


def test_a_sampler_that_is_slightly_wrong_would_be_caught() -> None:
    shifted = [draws.poisson(3.1, u) for u in uniforms("a wrong poisson")]
    assert p_value(shifted, stats.poisson(3.0)) < LEVEL
    coarse = [math.floor(draws.uniform(i, 1) * 20) / 20 for i in range(DRAWS)]
    assert stats.kstest(coarse, stats.uniform().cdf).pvalue < LEVEL


open_unit = st.floats(1e-9, 1 - 1e-9)


def inverts(count: float, u: float, cdf: Callable[[float], float]) -> bool:
    """True where `count` is the smallest whole number whose distribution function reaches `u`, but for rounding."""
    return cdf(count) >= u - 1e-9 and cdf(count - 1.0) <= u + 1e-9


@settings(deadline=None, derandomize=True, max_examples=300)
@given(mean=st.floats(0.0, 5000.0), u=open_unit)
def test_poisson_inverts_its_distribution_function(mean: float, u: float) -> None:
    assert inverts(
        draws.poisson(mean, u), u, lambda k: float(stats.poisson.cdf(k, mean)) if mean > 0 else float(k >= 0)
    )


@settings(deadline=None, derandomize=True, max_examples=300)
@given(n=st.integers(0, 20_000), hazard=st.floats(0.0, 20.0), u=open_unit)
def test_exits_invert_their_distribution_function(n: int, hazard: float, u: float) -> None:
    count = draws.exits(float(n), hazard, u)
    assert 0.0 <= count <= n
    assert count == math.floor(count)
    assert inverts(count, u, lambda k: float(stats.binom.cdf(k, n, -math.expm1(-hazard))))


@settings(deadline=None, derandomize=True, max_examples=300)
@given(n=st.integers(0, 20_000), p=st.floats(-0.1, 1.1), u=open_unit)
def test_splits_invert_their_distribution_function_on_either_half(n: int, p: float, u: float) -> None:
    count = draws.split(float(n), p, u)
    assert 0.0 <= count <= n
    assert count == math.floor(count)
    p = min(1.0, max(0.0, p))
    if p <= 0.5:
        assert inverts(count, u, lambda k: float(stats.binom.cdf(k, n, p)))
    else:
        assert inverts(n - count, 1.0 - u, lambda k: float(stats.binom.cdf(k, n, 1.0 - p)))


@settings(deadline=None, derandomize=True, max_examples=300)
@given(low=st.floats(0.0, 800.0), more=st.floats(0.0, 10.0), u=open_unit)
def test_counts_rise_with_their_rate_under_one_uniform(low: float, more: float, u: float) -> None:
    assert draws.poisson(low, u) <= draws.poisson(low + more, u)
    hazard = low / 800.0
    assert draws.exits(900.0, hazard, u) <= draws.exits(900.0, hazard + more / 10.0, u)


@pytest.mark.parametrize("u", [draws.HALF_UNIT, 1.0 - 2.0**-53])
def test_the_most_extreme_uniforms_give_finite_counts(u: float) -> None:
    for mean in (1e-9, 0.06, 8.0, 599.0, 5000.0):
        assert math.isfinite(draws.poisson(mean, u))
    for n, hazard in ((1.0, 0.1), (40.0, 0.01), (5000.0, 0.3)):
        assert 0.0 <= draws.exits(n, hazard, u) <= n
        assert 0.0 <= draws.split(n, 1.0 - math.exp(-hazard), u) <= n
    assert math.isfinite(draws.normal(u))
    assert math.isfinite(draws.exponential(u))


def test_the_normal_quantile_is_accurate_to_the_last_digits() -> None:
    u = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 4001), 10.0 ** -np.arange(1.0, 16.0)])
    ours = np.array([draws.normal(float(x)) for x in u])
    assert np.allclose(ours, special.ndtri(u), rtol=1e-13, atol=1e-15)


def test_log_factorials_are_accurate() -> None:
    k = np.concatenate([np.arange(0.0, 200.0), [1e3, 1e5, 1e7]])
    assert np.allclose([draws.log_factorial(float(x)) for x in k], special.gammaln(k + 1.0), rtol=1e-13, atol=1e-13)


def test_means_replace_draws_by_their_expectation() -> None:
    assert draws.poisson_mean(3.7, 0.2) == 3.7
    assert draws.exits_mean(10.0, 0.3, 0.2) == pytest.approx(10.0 * -math.expm1(-0.3), rel=1e-15)
    assert draws.split_mean(10.0, 0.3, 0.2) == 3.0
    assert draws.split_mean(10.0, 1.7, 0.2) == 10.0
    assert draws.rounded_mean(2.5, 0.2) == 2.5
    assert draws.normal_mean(0.9) == 0.0


def test_rounding_by_chance_keeps_the_mean() -> None:
    values = [draws.rounded(2.3, u) for u in uniforms("rounded")]
    assert set(values) == {2.0, 3.0}
    assert np.mean(values) == pytest.approx(2.3, abs=4 * math.sqrt(0.21 / DRAWS))


@settings(deadline=None, derandomize=True)
@given(key=st.integers(0, 2**64 - 1), other=st.integers(0, 2**64 - 1), process=st.integers(0, 10_000))
def test_machine_words_mix_as_whole_numbers_do(key: int, other: int, process: int) -> None:
    words = np.array([key, other], np.uint64)
    bound = {"mix": draws.mix_compiled, "join": draws.join_compiled, "uniform": draws.uniform_compiled}
    space = {**vars(draws), **bound}
    join, uniform = (
        type(draws.join)(function.__code__, space) for function in (draws.join_compiled, draws.uniform_compiled)
    )
    space["mix"] = draws.mix_compiled
    with np.errstate(over="ignore"):
        assert int(draws.mix_compiled(words[0])) == draws.mix(key)
        assert int(join(words[0], words[1])) == draws.join(key, other)
        assert float(uniform(words[0], process)) == draws.uniform(key, process)


def test_keys_follow_names_and_kinds() -> None:
    assert draws.id_key("area", "SV-SS") == draws.id_key("area", "SV-SS")
    keys = {draws.id_key(kind, name) for kind in ("area", "gang", "role") for name in ("x", "y")}
    assert len(keys) == 6


def test_histories_of_other_draws_seeds_and_lucks_never_share_a_key() -> None:
    keys = {draws.history_key(s, d, k) for s in range(20) for d in range(20) for k in range(20)}
    assert len(keys) == 8000
