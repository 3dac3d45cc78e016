"""Write a posterior with everything that stands behind it: gate, identifiability, versions, seeds and hashes."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.calibrate.coverage import placements
from tregua.calibrate.fit import Fit
from tregua.calibrate.gate import LEVELS, Ranks, Verdict, expected_band
from tregua.calibrate.identifiability import identified
from tregua.calibrate.left_out import left_out_places
from tregua.calibrate.register import SEED, register, register_bytes, register_digest
from tregua.calibrate.replay import replay
from tregua.case.draws import DrawSource
from tregua.case.posterior import FORMAT, Posterior, draws_bytes, draws_digest, fit_origin
from tregua.runs.disk import Disk

if TYPE_CHECKING:
    from tregua.case.load import Case

Array = np.ndarray[Any, np.dtype[Any]]

PREDICTED = 400
"""Draws whose histories are held against the fitted counts."""


def as_posterior(found: Fit) -> Posterior:
    """The draws of a fit as they will be read back, without a gate yet."""
    bank = found.procedure.bank
    rows = found.values
    manifest = {
        "format": FORMAT,
        "case": bank.case.id,
        "reading": bank.reading,
        "model": bank.kernel.digest,
        "origin": fit_origin(bank.case, bank.reading),
        "register": register_digest(register(bank.case, found.procedure.rules)),
        "seed": bank.seed,
        "draws": len(rows),
        "draws_digest": draws_digest(found.names, rows),
    }
    return Posterior(bank.case.id, bank.reading, found.names, rows, manifest)


def parameter_rows(case: Case, posterior: Posterior, n: int, parameters: Mapping[str, Any]) -> list[dict[str, float]]:
    """Every parameter of `n` draws of one posterior, the reading laid over them; the rest from priors."""
    source = DrawSource(case, "prior")
    rows = source.rows(n, SEED, parameters)
    rule = case.readings[posterior.reading]
    return [
        replace(rule, fitted=posterior.row(i * max(1, len(posterior.rows) // n))).overlay(row)
        for i, row in enumerate(rows)
    ]


def left_out(found: Fit) -> dict[str, tuple[int, int, int, int]]:
    """How many fitted counts lie inside what the other figures expect of them: inside, fewest, most, counts."""
    places = left_out_places(found)
    bands = expected_band(len(places))
    return {
        f"{share:g}": (int((np.abs(places - 0.5) <= share / 2).sum()), *bands[f"{share:g}"], len(places))
        for share in LEVELS
    }


def predict(found: Fit, posterior: Posterior, threads: int = 2) -> dict[str, tuple[int, int, int, int]]:
    """How many fitted counts lie inside what histories of the model itself, with the error of counting, expect."""
    bank = found.procedure.bank
    case = bank.case
    rows = parameter_rows(case, posterior, min(PREDICTED, len(posterior.rows)), bank.kernel.parameters)
    histories = replay(
        case, bank.reading, rows, until=bank.figures.fit_end, seed=SEED, outcomes=("homicides_recorded",),
        kernel=bank.kernel, threads=threads,
    )  # fmt: skip
    phi = {bank.reading: {i: row["phi"] for i, row in enumerate(rows)}}
    placed = placements(case, {bank.reading: histories}, phi, window="fit")
    bands = expected_band(len(placed))
    inside = (sum(p.inside50 for p in placed), sum(p.inside90 for p in placed))
    return {f"{share:g}": (hit, *bands[f"{share:g}"], len(placed)) for share, hit in zip(LEVELS, inside, strict=True)}


def versions() -> dict[str, str]:
    """What the digits depend on: versions, kind of processor and system; no name of a machine."""
    out = {name: metadata.version(name) for name in ("numpy", "numba", "llvmlite")}
    return {
        "python": platform.python_version(),
        **out,
        "machine": platform.machine(),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": platform.system(),
        "libc": "-".join(platform.libc_ver()),
    }


def _processor() -> str:
    """Kind of processor as the system names it; empty where it does not."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())


def write_posterior(
    folder: Path,
    found: Fit,
    posterior: Posterior,
    ranks: Ranks | None,
    verdict: Verdict | None,
    made: str,
    told: Mapping[str, tuple[int, int, int, int]] | None = None,
    redrawn: Mapping[str, tuple[int, int, int, int]] | None = None,
    seconds: Mapping[str, float] | None = None,
) -> Posterior:
    """Put a posterior into a folder: draws, manifest, ranks of the gate and the register.

    Parameters
    ----------
    folder : Path
    found : Fit
    posterior : Posterior
        From `as_posterior`.
    ranks, verdict
        Of the gate; None where it was not run.
    made : str
        Day on which it was made.
    told : mapping, optional
        From `left_out`.
    redrawn : mapping, optional
        From `predict`.
    seconds : mapping, optional
        What each stage took.
    """
    disk = Disk()
    bank = found.procedure.bank
    gate: dict[str, Any] = {"state": "not_run", "reasons": []}
    if verdict is not None and ranks is not None:
        gate = {
            "state": verdict.state,
            "date": made,
            "reasons": [list(reason) for reason in verdict.reasons],
            "sets": verdict.sets,
            "outside": list(verdict.outside),
            "coverage": {k: list(v) for k, v in verdict.coverage.items()},
            "by_parameter": verdict.by_parameter,
            "detectable": asdict(verdict.detectable),
            "rhat": verdict.rhat,
            "effective": verdict.effective,
            "diverged": verdict.diverged,
            "ranks": {
                name: [round(float(x), 4) for x in np.sort(ranks.ranks[:, j])] for j, name in enumerate(ranks.names)
            },
        }
    identity = identified(found)
    emulator = found.procedure.likelihood.emulator
    manifest = {
        **posterior.manifest,
        "made": made,
        "histories": found.procedure.trained,
        "procedure": "emulated synthetic likelihood, Hamiltonian Monte Carlo",
        "emulator": {
            "explained_least": float(emulator.explained.min()),
            "explained_median": float(np.median(emulator.explained)),
        },
        "chains": {
            "rhat": float(np.nanmax(found.rhat)),
            "effective": float(np.nanmin(found.effective)),
            "accepted": float(found.chains.accepted[0]),
            "diverged": int(found.chains.diverged[0]),
        },
        "identifiability": identity,
        "gate": gate,
        "left_out": {k: list(v) for k, v in (told or {}).items()},
        "redrawn": {k: list(v) for k, v in (redrawn or {}).items()},
        "seconds": dict(seconds or {}),
        "versions": versions(),
    }
    disk.write(folder / f"{bank.reading}.parquet", draws_bytes(found.names, found.values))
    disk.write(folder / "register.json", register_bytes(register(bank.case, found.procedure.rules)))
    text = json.dumps(_plain(manifest), indent=1, ensure_ascii=False) + "\n"
    disk.write(folder / f"{bank.reading}.json", text.encode("utf-8"))
    return Posterior(posterior.case, posterior.reading, posterior.names, posterior.rows, manifest)


def _plain(value: Any) -> Any:
    """Numbers that JSON holds: six digits where they are no whole number, null where there is none."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(v) for v in value]
    if isinstance(value, float | np.floating):
        number = float(value)
        return None if number != number else float(f"{number:.6g}")
    if isinstance(value, np.integer):
        return int(value)
    return value
