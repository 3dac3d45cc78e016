"""Full posteriors by Hamiltonian Monte Carlo, each in a process of its own, behind a gate.

NumPyro samples the same model that `tregua.effect.laplace` approximates. The process is spawned, never forked (JAX
does not survive a fork), computes in 64 bits and on one thread, so that two run side by side on two cores. A chain
that has not converged gives no estimate: it gives a reason and what to do.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tregua.effect.interrupted import NEGBIN, SERIAL, Draws, InterruptedFit, InterruptedModel, Priors, hyper_grid
from tregua.effect.laplace import EXTRA_SCALE, RHO_SHAPE, SIGMA_SCALE, WALK_SCALE, mode_of, nested_laplace, walk_steps

Floats = npt.NDArray[np.float64]

MOST_RHAT = 1.01
LEAST_ESS = 400
SERIAL_KIND, NEGBIN_KIND, STRUCTURAL_KIND = SERIAL, NEGBIN, "structural"
HYPERS: dict[str, tuple[str, ...]] = {
    NEGBIN_KIND: ("extra",),
    SERIAL_KIND: ("sigma", "rho"),
    STRUCTURAL_KIND: ("tau", "extra"),
}
SCALE_OF = {SERIAL_KIND: "sigma", STRUCTURAL_KIND: "tau"}


@dataclass(frozen=True)
class Map:
    """Coordinates in which the sampler moves: see `prepared`.

    Attributes
    ----------
    beta, beta_root : array
        Coefficients at the mode, and the root of their covariance given the latent vector.
    steps : array, shape (blocks, steps)
        Latent vector of scale 1 per standard step.
    size, turn, pull : array
        Eigenvalues and eigenvectors of the information about the steps, and the pull of the counts along them.
    drag, reference : array
        How coefficients follow the steps, and the steps at the mode.
    """

    beta: Floats
    beta_root: Floats
    steps: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    size: Floats = field(default_factory=lambda: np.zeros(0))
    turn: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    pull: Floats = field(default_factory=lambda: np.zeros(0))
    drag: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    reference: Floats = field(default_factory=lambda: np.zeros(0))


NO_MAP = Map(np.zeros(0), np.zeros((0, 0)))


@dataclass(frozen=True)
class Job:
    """Everything one process needs, as plain arrays.

    Attributes
    ----------
    name : str
    kind : {"negbin", "serial", "structural"}
    overlap, columns, block, prior_mean, prior_sd, counts : array
        As in `tregua.effect.laplace.CountModel`.
    blocks : int
        Length of the latent vector.
    scale : float
        Multiplies the scales of the hyperpriors.
    seed, warmup, draws, thin, chains : int
        Every `thin`-th draw is kept.
    target : float
        Accepted share that the step size aims at.
    map, start
        Coordinates of the sampler and the hyperparameters from which it starts: see `prepared`.
    """

    name: str
    kind: str
    overlap: Floats
    columns: Floats
    block: npt.NDArray[np.int64]
    prior_mean: Floats
    prior_sd: Floats
    counts: Floats
    blocks: int
    scale: float = 1.0
    seed: int = 1
    warmup: int = 600
    draws: int = 2000
    thin: int = 1
    chains: int = 4
    target: float = 0.9
    map: Map = NO_MAP
    start: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Gate:
    """Whether a set of chains may be used.

    Attributes
    ----------
    divergences : int
    rhat, ess : float
        The worst split R-hat and the smallest effective sample size over all parameters.
    reason_en, reason_es, remedy_en, remedy_es : str
        Empty where the gate is passed.
    """

    divergences: int
    rhat: float
    ess: float
    reason_en: str = ""
    reason_es: str = ""
    remedy_en: str = ""
    remedy_es: str = ""

    @property
    def passed(self) -> bool:
        return not self.reason_en


def judge(divergences: int, rhat: float, ess: float) -> Gate:
    """The gate: no divergence, R-hat at most 1.01, effective sample size at least 400."""
    reasons_en, reasons_es = [], []
    if divergences:
        reasons_en.append(f"{divergences} divergences")
        reasons_es.append(f"{divergences} divergencias")
    if not rhat <= MOST_RHAT:
        reasons_en.append(f"R-hat {rhat:.2f}")
        reasons_es.append(f"R-hat {rhat:.2f}")
    if not ess >= LEAST_ESS:
        reasons_en.append(f"effective sample size {ess:.0f}")
        reasons_es.append(f"tamaño efectivo de muestra {ess:.0f}")
    if not reasons_en:
        return Gate(divergences, rhat, ess)
    return Gate(
        divergences,
        rhat,
        ess,
        "; ".join(reasons_en),
        "; ".join(reasons_es),
        "use --posterior-draws 8000; if it stays, the counts are too few for this estimator: leave it out",
        "use --posterior-draws 8000; si sigue, los conteos no bastan para este estimador: omítalo",
    )


@dataclass(frozen=True)
class Posterior:
    """Draws of one job and the gate they passed or not.

    Attributes
    ----------
    sites : mapping of str to array
        ``beta`` (draws, k), ``latent`` (draws, blocks) and hyperparameters (draws,).
    """

    name: str
    sites: Mapping[str, Floats]
    gate: Gate
    retried: bool = False

    def draws(self) -> Draws:
        """As an interrupted model takes them."""
        beta = self.sites["beta"]
        none = np.zeros(len(beta))
        return Draws(
            beta,
            self.sites.get("latent", np.zeros((len(beta), 0))),
            self.sites.get("extra", none),
            self.sites.get("sigma", none),
            self.sites.get("rho", none),
        )


def interrupted_job(
    matrices: InterruptedModel, likelihood: str, priors: Priors | None = None, **options: int | float
) -> Job:
    """The job of an interrupted model."""
    priors = priors or Priors()
    m = matrices.model
    mixture = nested_laplace(m, matrices.values, hyper_grid(likelihood, matrices.grid.blocks, priors))
    job = Job(
        name=f"interrupted_{likelihood}",
        kind=likelihood,
        overlap=m.overlap,
        columns=m.columns,
        block=m.block,
        prior_mean=m.prior_mean,
        prior_sd=m.prior_sd,
        counts=matrices.values,
        blocks=0 if likelihood == NEGBIN else matrices.grid.blocks,
        scale=priors.scale,
        # correlation and size of the serial part mix slowly: more draws, as many kept
        draws=2000 if likelihood == NEGBIN else 6000,
        thin=1 if likelihood == NEGBIN else 3,
    )
    start = {name: mixture.hyper_mean(name) for name in HYPERS[likelihood]}
    return replace(prepared(job, start), **options)  # type: ignore[arg-type]


def interrupted_fit(matrices: InterruptedModel, likelihood: str, posterior: Posterior) -> InterruptedFit:
    """An interrupted fit made of sampled draws."""
    return InterruptedFit(matrices, likelihood, posterior.draws(), "nuts")


def sample_all(jobs: Sequence[Job], threads: int = 2) -> list[Posterior]:
    """Run jobs in spawned processes, at most `threads` at once, results in the order of the jobs."""
    if not jobs:
        return []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=max(1, min(threads, len(jobs))), mp_context=context) as pool:
        return list(pool.map(sample, jobs))


def sample(job: Job) -> Posterior:
    """Sample one job; a second time with shorter steps and more draws where the gate is not passed."""
    posterior = _sample_once(job)
    if posterior.gate.passed:
        return posterior
    return replace(_sample_once(_harder(job)), retried=True)


def sample_many(jobs: Sequence[Job], *, platform: str = "cpu", batch: int = 100) -> Iterator[tuple[int, Posterior]]:
    """Sample many data sets of one shape, all chains of a batch in one program: for certification.

    Those that do not pass the gate are sampled a second time at the end, as in `sample`.

    Parameters
    ----------
    jobs : sequence of Job
        Of one kind and one shape, with the same settings of the sampler.
    platform : str
        Where JAX computes: ``cpu``, or an accelerator such as ``cuda``.
    batch : int
        Data sets sampled side by side; a batch takes as long as its slowest chain.

    Yields
    ------
    tuple of int, Posterior
        Place among the jobs and what was found, as batches are finished.
    """
    again: list[int] = []
    for number, posterior in _batches(list(enumerate(jobs)), platform, batch):
        if posterior.gate.passed:
            yield number, posterior
        else:
            again.append(number)
    # powers of two, so that few sizes are compiled; the last data set fills what is left of a batch
    size = min(batch, 1 << max(len(again) - 1, 0).bit_length())
    for number, posterior in _batches([(i, _harder(jobs[i])) for i in again], platform, size):
        yield number, replace(posterior, retried=True)


def _batches(numbered: list[tuple[int, Job]], platform: str, size: int) -> Iterator[tuple[int, Posterior]]:
    if not numbered:
        return
    _pin_threads(platform)
    import jax

    jax.config.update("jax_enable_x64", True)
    first = numbered[0][1]
    shapes = tuple(sorted((name, np.shape(value)) for name, value in _data(first).items()))
    key = (platform, size, first.kind, shapes, first.warmup, first.draws, first.thin, first.chains, first.target)

    def one(seed: Any, data: dict[str, Any]) -> tuple[Any, Any]:
        chains = _chains(first)
        chains.run(seed, data, extra_fields=("diverging",))
        sites = chains.get_samples(group_by_chain=True)
        return {name: value for name, value in sites.items() if name not in OWN_COORDINATES}, chains.get_extra_fields()

    if key not in _COMPILED:
        _COMPILED[key] = jax.jit(jax.vmap(one))
    program = _COMPILED[key]
    for begin in range(0, len(numbered), size):
        part = numbered[begin : begin + size]
        filled = [job for _, job in part] + [part[-1][1]] * (size - len(part))
        rows = [_data(job) for job in filled]
        data = {name: np.stack([np.asarray(row[name]) for row in rows]) for name in rows[0]}
        keys = np.stack([np.asarray(jax.random.PRNGKey(job.seed)) for job in filled])
        sites, fields = program(keys, data)
        found = {name: np.asarray(value) for name, value in sites.items()}
        diverging = np.asarray(fields["diverging"])
        for place, (number, job) in enumerate(part):
            yield number, _judged(job.name, {name: value[place] for name, value in found.items()}, diverging[place])


def _harder(job: Job) -> Job:
    """The same job with shorter steps and more draws."""
    return replace(job, target=0.99, warmup=job.warmup * 2, draws=job.draws * 2, seed=job.seed + 1)


def _pin_threads(platform: str = "cpu") -> None:
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ["JAX_PLATFORMS"] = platform
    os.environ["JAX_ENABLE_X64"] = "1"


_COMPILED: dict[tuple[object, ...], Any] = {}
START = {"extra": 0.07, "sigma": 0.1, "rho": 0.6, "tau": 0.04}
OWN_COORDINATES = ("z", "v")
"""Coordinates in which the sampler moves: nothing to report."""


def _chains(job: Job) -> Any:
    """The sampler of a job, with the settings of the job and without its data."""
    from numpyro.infer import MCMC, NUTS, init_to_value

    start = {name: START[name] for name in HYPERS[job.kind]}
    zeros = {"z": np.zeros(job.columns.shape[1])} | ({"v": np.zeros(len(job.map.size))} if job.blocks else {})
    kernel = NUTS(
        _program(job.kind, job.blocks),
        target_accept_prob=job.target,
        dense_mass=[HYPERS[job.kind]],
        init_strategy=init_to_value(values={**start, **zeros}),
    )
    return MCMC(
        kernel,
        num_warmup=job.warmup,
        num_samples=job.draws,
        num_chains=job.chains,
        thinning=job.thin,
        chain_method="vectorized",
        progress_bar=False,
        jit_model_args=True,
    )


def _sample_once(job: Job) -> Posterior:
    _pin_threads()
    import jax

    jax.config.update("jax_enable_x64", True)
    data = _data(job)
    shapes = tuple(sorted((name, value.shape) for name, value in data.items()))
    key = (job.kind, job.blocks, shapes, job.warmup, job.draws, job.thin, job.chains, job.target)
    # one compiled program serves every data set of the same shape: certification samples hundreds
    if key not in _COMPILED:
        _COMPILED[key] = _chains(job)
    mcmc = _COMPILED[key]
    mcmc.run(jax.random.PRNGKey(job.seed), data, extra_fields=("diverging",))
    grouped = {
        name: np.asarray(value)
        for name, value in mcmc.get_samples(group_by_chain=True).items()
        if name not in OWN_COORDINATES
    }
    return _judged(job.name, grouped, np.asarray(mcmc.get_extra_fields()["diverging"]))


def _judged(name: str, grouped: Mapping[str, Floats], diverging: npt.NDArray[np.bool_]) -> Posterior:
    """Draws by chain and what the gate says of them."""
    from numpyro.diagnostics import effective_sample_size, split_gelman_rubin

    moving = {site: value.reshape((*value.shape[:2], -1)) for site, value in grouped.items()}
    # entries fixed by construction (the anchor of a walk) have no variance to judge
    moving = {site: value[..., value.std(axis=(0, 1)) > 0] for site, value in moving.items()}
    rhats = [np.max(split_gelman_rubin(value)) for value in moving.values() if value.size]
    sizes = [np.min(effective_sample_size(value)) for value in moving.values() if value.size]
    gate = judge(int(diverging.sum()), float(np.max(rhats)), float(np.min(sizes)))
    sites = {site: value.reshape((-1, *value.shape[2:])) for site, value in grouped.items()}
    return Posterior(name, sites, gate)


def _data(job: Job) -> dict[str, Any]:
    """The arrays of a job, as the program takes them."""
    m = job.map
    out: dict[str, Any] = {
        "overlap": job.overlap,
        "columns": job.columns,
        "counts": job.counts,
        "centre": job.prior_mean,
        "sd": job.prior_sd,
        "scale": np.asarray(job.scale),
        "beta": m.beta,
        "beta_root": m.beta_root,
    }
    if job.blocks:
        out |= {
            "block": job.block,
            "steps": m.steps,
            "size": m.size,
            "turn": m.turn,
            "pull": m.pull,
            "drag": m.drag,
            "reference": m.reference,
        }
    return out


def prepared(job: Job, start: Mapping[str, float]) -> Job:
    """The job with the map by which the sampler scales its steps, worked out at hyperparameters `start`.

    With the weights of the counts fixed at the mode, the coefficients given the latent vector are Gaussian with a
    covariance that no hyperparameter changes, and the latent steps w (u = sigma F w) have, in the eigenvectors of
    their information, independent posteriors of variance 1 / (1 + sigma^2 d): exact for every sigma.
    """
    width = job.columns.shape[1]
    steps = np.zeros((0, 0))
    design = job.columns
    if job.blocks:
        steps = _steps(job, start)
        design = np.hstack([job.columns, (start[SCALE_OF[job.kind]] * steps)[job.block]])
    precision = np.eye(design.shape[1])
    precision[np.arange(width), np.arange(width)] = job.prior_sd**-2.0
    centre = np.concatenate([job.prior_mean, np.zeros(design.shape[1] - width)])
    extra = start.get("extra", 0.0)
    point, _, _ = mode_of(job.overlap, design, job.counts, extra, precision, centre, centre)
    daily = np.exp(design @ point)
    mean = job.overlap @ daily
    weight = 1.0 / (mean + (extra * mean) ** 2)
    of_beta = (job.overlap * daily) @ job.columns
    given = np.linalg.inv(of_beta.T @ (of_beta * weight[:, None]) + np.diag(job.prior_sd**-2.0))
    shape = Map(point[:width], np.linalg.cholesky(given))
    if job.blocks:
        of_steps = (job.overlap * daily) @ steps[job.block]
        drag = given @ of_beta.T @ (of_steps * weight[:, None])
        information = of_steps.T @ (of_steps * weight[:, None]) - (of_beta.T @ (of_steps * weight[:, None])).T @ drag
        size, turn = np.linalg.eigh(information)
        scale = start[SCALE_OF[job.kind]]
        # pull of the counts on the steps, from the mode at which it balances the prior
        pull = turn.T @ (information @ (scale * point[width:]) + point[width:] / scale)
        shape = Map(
            point[:width], shape.beta_root, steps, np.maximum(size, 0.0), turn, pull, drag, scale * point[width:]
        )
    return replace(job, map=shape, start=dict(start))


def _steps(job: Job, start: Mapping[str, float]) -> Floats:
    """Matrix F that turns independent standard steps into a latent vector of scale 1."""
    if job.kind == STRUCTURAL_KIND:
        return walk_steps(job.blocks)
    lag = np.abs(np.subtract.outer(np.arange(job.blocks), np.arange(job.blocks))).astype(np.float64)
    return np.asarray(np.linalg.cholesky(start["rho"] ** lag), dtype=np.float64)


def _program(kind: str, blocks: int) -> Any:
    """The model as a NumPyro program, in the coordinates of `prepared`.

    The map from the standard coordinates z and v to coefficients and steps depends on the hyperparameters; its
    determinant corrects the density exactly, so that a poor map would cost speed, never truth.
    """
    import jax.numpy as jnp
    import numpyro
    from numpyro import distributions as dist

    scales = {"extra": EXTRA_SCALE, "sigma": SIGMA_SCALE, "tau": WALK_SCALE}

    def program(data: dict[str, Any]) -> None:
        hyper = {
            name: numpyro.sample(
                name, dist.Beta(*RHO_SHAPE) if name == "rho" else dist.HalfNormal(scales[name] * data["scale"])
            )
            for name in HYPERS[kind]
        }
        z = numpyro.sample("z", dist.Normal(jnp.zeros(data["columns"].shape[1]), 1.0))
        beta = data["beta"] + data["beta_root"] @ z
        change = 0.5 * z @ z
        log_rate = 0.0
        if blocks:
            sigma = hyper[SCALE_OF[kind]]
            v = numpyro.sample("v", dist.Normal(jnp.zeros(data["size"].shape[0]), 1.0))
            shrink = 1.0 / (1.0 + sigma**2 * data["size"])
            w = data["turn"] @ (sigma * data["pull"] * shrink + jnp.sqrt(shrink) * v)
            unit = data["steps"] @ w
            if kind == SERIAL_KIND:
                rho = hyper["rho"]
                fresh = (unit[1:] - rho * unit[:-1]) / jnp.sqrt(1.0 - rho**2)
                steps_prior = -0.5 * (unit[0] ** 2 + fresh @ fresh) - 0.5 * (blocks - 1) * jnp.log1p(-(rho**2))
            else:
                steps_prior = -0.5 * w @ w
            change = change + 0.5 * v @ v + 0.5 * jnp.sum(jnp.log(shrink)) + steps_prior
            beta = beta - data["drag"] @ (sigma * w - data["reference"])
            latent = numpyro.deterministic("latent", sigma * unit)
            log_rate = latent[data["block"]]
        numpyro.deterministic("beta", beta)
        numpyro.factor("change_of_variables", change - 0.5 * jnp.sum(((beta - data["centre"]) / data["sd"]) ** 2))
        expected = data["overlap"] @ jnp.exp(jnp.clip(data["columns"] @ beta + log_rate, -30.0, 30.0))
        if "extra" in hyper:
            numpyro.sample("y", dist.NegativeBinomial2(expected, hyper["extra"] ** -2), obs=data["counts"])
        else:
            numpyro.sample("y", dist.Poisson(expected), obs=data["counts"])

    return program
