"""The register: what is fitted, what is scored, by which rules and with which seeds, written down before any fit.

It is made from the declarations of the code and hashed; every posterior names the hash of the register under which it
was made, and a test holds the file that ships against the code. A band that is moved after a fit therefore shows.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tregua.calibrate.figures import LEAST_COUNTS, Figures
from tregua.calibrate.likelihood import PHI
from tregua.calibrate.network import Training
from tregua.calibrate.pattern import MARGINAL_SHARE, PASS_SHARE, Statistic
from tregua.calibrate.patterns import CASES, PATTERNS
from tregua.calibrate.sampler import Plan
from tregua.model.declare import FITTED, PARAMETERS
from tregua.runs.shard import canonical, digest

if TYPE_CHECKING:
    from tregua.case.load import Case

SEED = 20131231
"""Seed of banks, training, chains and gates."""
WITH_FITTED: tuple[str, ...] = (
    "misid_calm", "relapse_rate", "saturation_share", "member_victim_share", "rejoin_share", "capture_0",
    "retire_rate", "breach_weight", "war_gain", "betrayal_decay", "exposure_rate", "clique_sd", "rent_share",
    "rent_revolt", "message_share", "local_volatility",
)  # fmt: skip
"""Parameters that are drawn from priors elsewhere and fitted here: those that explain a thousandth or more of the
variance of some figure over 8 000 prior histories, those that the model description asks for, and the one that sets
the size of chance."""
NAMES: tuple[str, ...] = (*(n for n in FITTED if n != PHI), *WITH_FITTED, PHI)
"""Everything that is fitted together, phi last."""


@dataclass(frozen=True)
class Rules:
    """Sizes and thresholds of a fit and of its gate.

    Attributes
    ----------
    bank, bank_refit : int
        Histories of the bank of the default reading, and of one that needs a refit.
    sets, sets_refit : int
        Simulated data sets of the gate, likewise.
    draws : int
        Joint draws that are kept.
    familywise : float
        Probability that a right procedure is found wanting by the rank bands of all parameters together.
    coverage_errors : float
        Standard errors by which the pooled coverage of intervals may miss its level.
    rhat, effective : float
        R-hat at most, and effective sample size at least, of every parameter of the posterior.
    set_rhat, set_share : float
        Share of simulated data sets whose chains may have an R-hat above the first number.
    """

    bank: int = 60_000
    bank_refit: int = 30_000
    sets: int = 200
    sets_refit: int = 50
    draws: int = 2_000
    familywise: float = 0.05
    coverage_errors: float = 2.6
    rhat: float = 1.02
    effective: float = 400.0
    set_rhat: float = 1.05
    set_share: float = 0.05
    training: Training = field(default_factory=Training)
    chains: Plan = field(default_factory=lambda: Plan(chains=4, warm=400, kept=1000, few=8, many=16))
    factors: int = 10

    def histories(self, refit: bool) -> int:
        return self.bank_refit if refit else self.bank

    def data_sets(self, refit: bool) -> int:
        return self.sets_refit if refit else self.sets


def register(case: Case, rules: Rules | None = None) -> dict[str, Any]:
    """The register of a case as plain JSON values."""
    figures = Figures.of(case)
    patterns = [
        {"id": p.id, "window": p.window, "lo": p.lo, "hi": p.hi, "within": getattr(p, "within", None),
         "definition": p.definition[0] if isinstance(p, Statistic) else p.name[0], "known": p.known,
         "computed": isinstance(p, Statistic)}
        for p in PATTERNS
    ] if case.id in CASES else []  # fmt: skip
    return {
        "format": 1,
        "case": case.id,
        "window": [str(figures.start), str(figures.fit_end)],
        "least_counts": LEAST_COUNTS,
        "figures": [
            {"id": f.id, "kind": f.kind, "spans": [str(s) for s in f.spans], "value": f.value, "error": f.error}
            for f in figures.items
        ],
        "parameters": {name: PARAMETERS[name].prior for name in NAMES},
        "readings": {
            "one_fit": "default",
            "refit": [name for name, reading in case.readings.items() if reading.refit],
        },
        "patterns": patterns,
        "rules": {
            "pattern": {"passes": PASS_SHARE, "marginal": MARGINAL_SHARE},
            "fit": "expected log predictive density of the fitted counts, piece by piece, runs averaged before the "
            "logarithm; readings differ where it is more than two errors and four log units",
            "hindcast": "2014-01-01 to 2016-12-31 given the levers; counts that the case keeps for scores, each day "
            "once; CRPS, log score, coverage of 50 and 90 %, PIT; beside the mean of the window, the mean of its last "
            "twelve months, its last count carried forward, a baseline that knows the lever dates (for each stretch "
            "between them, the window's level of the stretch whose levers are nearest), the model with its levers "
            "frozen on the last day of the window, and priors without a fit",
            "skill": "one less the ratio of mean CRPS, with intervals from a circular block bootstrap of the counts in "
            "blocks of six months",
            "left_out": "of the fitted counts, the number inside what the other figures expect of each, at 50 and 90 "
            "%, lies in the 95 % binomial band; the number inside histories that redraw their mood is published too",
        },
        "procedure": "emulated synthetic likelihood and Hamiltonian Monte Carlo; see docs/calibration.md",
        "sizes": asdict(rules or Rules()),
        "seed": SEED,
    }


def register_digest(told: dict[str, Any]) -> str:
    """Hash of a register, 64 hexadecimal digits."""
    return digest(canonical(told))


def register_bytes(told: dict[str, Any]) -> bytes:
    """The file, with its own hash in it."""
    whole = {"digest": register_digest(told), **told}
    return (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def read_register(path: Path) -> dict[str, Any]:
    """A register as its file says, without its hash.

    Raises
    ------
    ValueError
        The file does not have the hash that it names.
    """
    whole: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    named = whole.pop("digest", "")
    if named != register_digest(whole):
        raise ValueError(f"{path.name} was changed after it was written")
    return whole
