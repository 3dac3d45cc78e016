"""What the calibration gives the page: gates, what was learnt of each parameter, scores of years never fitted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from tregua.calibrate.coordinate import Coordinates
from tregua.calibrate.register import Rules
from tregua.calibrate.uniform import rank_band
from tregua.case.posterior import POSTERIORS
from tregua.model.declare import PARAMETERS

if TYPE_CHECKING:
    from tregua.case.draws import DrawSource
    from tregua.case.load import Case
    from tregua.case.posterior import Posterior

Array = np.ndarray[Any, np.dtype[Any]]

LIKELIHOOD = "log_likelihood"
BASELINES = ("prior", "frozen", "window", "last_year", "last_count", "levers")
WIDE, TALL = 100, 28
LEFT = 0.05
"""Probability that uniform ranks leave the band drawn."""


@dataclass(frozen=True)
class GateRow:
    """The gate of one reading.

    Attributes
    ----------
    coverage : tuple
        Shares of intervals of 50 and of 90 % that held the truth.
    left_out, redrawn : tuple
        (inside, fewest, most, counts) of the fitted counts at 90 %.
    missed : float or None
        How far the share of intervals of 90 % that hold the truth may be off and still pass every other time (0..1).
    """

    reading: str
    label: tuple[str, str]
    state: str
    day: str
    sets: int
    reasons: tuple[tuple[str, str], ...]
    coverage: tuple[float, ...]
    shift: float | None
    narrow: float | None
    rhat: float
    effective: float
    left_out: tuple[int, ...]
    redrawn: tuple[int, ...]
    missed: float | None = None


@dataclass(frozen=True)
class RanksTold:
    """What a picture of ranks shows, for those who do not see it.

    Attributes
    ----------
    n : int
        Simulated data sets.
    inside : bool
        Whether the line stays in the band.
    off : float
        Largest distance between the shares of ranks below a place and those of uniform ranks, with its sign.
    at : float
        That place, 0..1.
    """

    n: int
    inside: bool
    off: float
    at: float


@dataclass(frozen=True)
class LearntRow:
    """One parameter, before and after.

    Attributes
    ----------
    ratio : float
        Standard deviation of the posterior over that of the prior.
    says : {"much", "part", "little"}
    densities, ranks : Markup
        Prior above and posterior below; ranks of the truth against their band.
    told : RanksTold or None
        What the second picture shows.
    """

    name: str
    meaning: tuple[str, str]
    ratio: float
    says: str
    before: tuple[float, float, float]
    after: tuple[float, float, float]
    densities: Markup
    ranks: Markup
    told: RanksTold | None = None


@dataclass(frozen=True)
class CalibrationText:
    """Calibration and held-out scores as the page shows them.

    Attributes
    ----------
    main : str
        Reading whose parameters are listed.
    passed : bool
        Whether its gate was passed: without it no density is drawn in the normal style.
    ranks : Markup
        Ranks of the likelihood of the truth.
    before : mapping or None
        What priors alone expected of the figures (`tregua.calibrate.prior_check`).
    validation : mapping or None
        From `tregua validate`.
    """

    main: str
    passed: bool
    register: str
    gates: tuple[GateRow, ...]
    learnt: tuple[LearntRow, ...]
    silent: tuple[str, ...]
    trades: tuple[tuple[str, str, float], ...]
    ranks: Markup
    before: Mapping[str, Any] | None
    validation: Mapping[str, Any] | None


def calibration_of(case: Case, source: DrawSource, model: str, own: Path | None = None) -> CalibrationText | None:
    """What stands behind the posterior in use; None where runs use no posterior.

    Parameters
    ----------
    case : Case
    source : DrawSource
    model : str
        Hash of the model: a validation of another one is not shown.
    own : Path, optional
        Folder of results of this case, in which `tregua validate` writes.
    """
    main = source.main
    if main is None:
        return None
    told = main.manifest.get("identifiability", {})
    gate = main.manifest.get("gate", {})
    passed = main.gate == "passed"
    rows = sorted(told.get("parameters", {}).items(), key=lambda item: item[1]["ratio"])
    learnt = tuple(
        LearntRow(
            name,
            (PARAMETERS[name].meaning_en, PARAMETERS[name].meaning_es) if name in PARAMETERS else (name, name),
            row["ratio"],
            row["says"],
            (row["prior_q05"], row["prior_q50"], row["prior_q95"]),
            (row["q05"], row["q50"], row["q95"]),
            density_cell(main, name, passed),
            rank_cell(gate.get("ranks", {}).get(name, ())),
            ranks_told(gate.get("ranks", {}).get(name, ())),
        )
        for name, row in rows
        if row["says"] != "nothing"
    )
    return CalibrationText(
        main.reading,
        passed,
        str(main.manifest.get("register", ""))[:12],
        tuple(gate_row(case, found) for found in source.posteriors.values()),
        learnt,
        tuple(told.get("silent", ())),
        tuple((a, b, r) for a, b, r in told.get("trades", ())),
        rank_cell(gate.get("ranks", {}).get(LIKELIHOOD, ())),
        prior_check_of(case, main, own),
        validation_of(case, model, own),
    )


def gate_row(case: Case, found: Posterior) -> GateRow:
    """The gate of one posterior."""
    gate = found.manifest.get("gate", {})
    reading = case.readings[found.reading]
    seen = gate.get("detectable") or {}
    chains = found.manifest.get("chains", {})
    return GateRow(
        found.reading,
        (reading.meaning_en, reading.meaning_es),
        found.gate,
        str(gate.get("date", "")),
        int(gate.get("sets", 0)),
        tuple((en, es) for en, es in gate.get("reasons", ())),
        tuple(float(pair[0]) for pair in gate.get("coverage", {}).values()),
        seen.get("shift"),
        seen.get("narrow"),
        float(chains.get("rhat", float("nan"))),
        float(chains.get("effective", float("nan"))),
        tuple(found.manifest.get("left_out", {}).get("0.9", ())),
        tuple(found.manifest.get("redrawn", {}).get("0.9", ())),
        Rules().coverage_errors * gate["coverage"]["0.9"][1] if "0.9" in gate.get("coverage", {}) else None,
    )


def validation_of(case: Case, model: str, own: Path | None) -> dict[str, Any] | None:
    """The newest validation of this model: one's own, else the one that ships."""
    places = [own / "validation" / "validation.json"] if own is not None else []
    for place in (*places, POSTERIORS / case.id / "validation.json"):
        try:
            told: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if told.get("model") == model and told.get("case") == case.id:
            return told
    return None


def prior_check_of(case: Case, found: Posterior, own: Path | None) -> dict[str, Any] | None:
    """What priors expected of the figures that a posterior was fitted to: one's own look before, else what ships."""
    places = [own / "posterior"] if own is not None else []
    for place in (*places, POSTERIORS / case.id):
        try:
            told: dict[str, Any] = json.loads((place / f"{found.reading}-prior.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if (told.get("model"), told.get("origin")) == (found.manifest.get("model"), found.manifest.get("origin")):
            return told
    return None


def density_cell(found: Posterior, name: str, passed: bool) -> Markup:
    """Prior above the line and posterior below, on the scale on which the prior is normal; hatched without a gate."""
    if name not in found.names or name not in PARAMETERS:
        return Markup("")
    values = found.rows[:, found.names.index(name)][:, None]
    scores = Coordinates.of(PARAMETERS, [name]).scores(values)[:, 0]
    edges = np.linspace(-3.5, 3.5, 36)
    middle = 0.5 * (edges[1:] + edges[:-1])
    after = np.histogram(scores, edges, density=True)[0]
    smooth = np.convolve(np.pad(after, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid")
    before = np.exp(-0.5 * middle**2) / np.sqrt(2 * np.pi)
    top = max(float(smooth.max()), float(before.max()))
    half = TALL / 2

    def path(heights: Array, sign: float) -> str:
        x = (middle + 3.5) / 7.0 * WIDE
        points = " ".join(f"{a:.0f},{half - sign * h / top * (half - 1):.1f}" for a, h in zip(x, heights, strict=True))
        return f"0,{half:g} {points} {WIDE},{half:g}"

    kind = "post" if passed else "post ungated"
    return Markup(
        f'<svg class="dens" viewBox="0 0 {WIDE} {TALL}" aria-hidden="true"><polygon class="prior" '
        f'points="{path(before, 1.0)}"/><polygon class="{kind}" points="{path(smooth, -1.0)}"/></svg>'
    )


def ranks_told(ranks: Sequence[float]) -> RanksTold | None:
    """What the picture of these ranks shows; None where there are none."""
    if not len(ranks):
        return None
    band = rank_band(len(ranks), LEFT)
    values = np.asarray(ranks)
    off = (values[None, :] <= band.points[:, None]).mean(axis=1) - band.points
    place = int(np.abs(off).argmax())
    return RanksTold(len(ranks), bool(band.inside(values[:, None])[0]), float(off[place]), float(band.points[place]))


def rank_cell(ranks: Sequence[float]) -> Markup:
    """Distribution of the ranks of the truth, less that of uniform ranks, inside its 95 % band."""
    if not len(ranks):
        return Markup("")
    band = rank_band(len(ranks), LEFT)
    found = (np.asarray(ranks)[None, :] <= band.points[:, None]).mean(axis=1) - band.points
    low, high = band.low - band.points, band.high - band.points
    reach = max(float(np.abs(np.concatenate([found, low, high])).max()), 1e-6)

    def points(values: Array) -> list[str]:
        return [
            f"{WIDE * x:.0f},{TALL / 2 - y / reach * (TALL / 2 - 1):.1f}"
            for x, y in zip(band.points[::2], values[::2], strict=True)
        ]

    outline = " ".join([*points(low), *reversed(points(high))])
    return Markup(
        f'<svg class="dens" viewBox="0 0 {WIDE} {TALL}" aria-hidden="true"><polygon class="band" points="{outline}"/>'
        f'<polyline class="rank" points="{" ".join(points(found))}"/></svg>'
    )
