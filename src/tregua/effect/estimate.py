"""An effect for a notebook: every estimator of a case at once, as tables."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tregua.case.load import Case, load_case
from tregua.effect.extra import require_extra
from tregua.errors import optional

if TYPE_CHECKING:
    import pandas

    from tregua.effect.design import Phases
    from tregua.effect.results import EffectResults

SEED = 20120309


@dataclass(frozen=True)
class Estimated:
    """What a truce did to recorded homicides, as far as the counts of a case can tell.

    Attributes
    ----------
    estimates : pandas.DataFrame
        One row an estimator: rate ratio and interval, fewer homicides than expected, checks passed, measured coverage.
        A row without an estimate says why.
    checks : pandas.DataFrame
        One row a check: whether it applies, whether it passed, and why.
    verdict : str
        Never stronger than the checks allow.
    has_verdict : bool
        False where a gate or a blocking check stopped it; that no change was shown is a verdict.
    results : EffectResults
        Everything, as the page shows it.
    """

    estimates: pandas.DataFrame
    checks: pandas.DataFrame
    verdict: str
    has_verdict: bool
    results: EffectResults


def estimate_effect(
    case: Case | str | Path,
    *,
    phases: Phases | None = None,
    full: bool = False,
    posterior_draws: int | None = None,
    seed: int = SEED,
    threads: int = 2,
) -> Estimated:
    """Estimate what the truce of a case did to recorded homicides, apart from the model.

    Parameters
    ----------
    case : Case, str or Path
        A case, its folder, or the id of a bundled one.
    phases : Phases, optional
        Those of the case by default: its events of kind truce_start and truce_end, else its lever of concessions.
    full : bool
        Sample full posteriors (minutes); without, approximations (seconds), and every row says so.
    posterior_draws : int, optional
        Draws of each chain.
    seed : int
        Settles every digit.
    threads : int
        Processes that sample side by side.

    Raises
    ------
    UsageError
        A package of ``pip install 'tregua[effect]'`` is not installed.
    DesignError
        The case has no counts that can be used, or they do not fit the phases.
    """
    require_extra(fast=not full)
    pd = optional("pandas", "effect", "a table of estimates")
    from tregua.effect.inputs import case_inputs
    from tregua.effect.study import study

    loaded = case if isinstance(case, Case) else load_case(case)
    found = study(case_inputs(loaded, phases), seed=seed, full=full, draws=posterior_draws, threads=threads)

    def table(rows: Any) -> Any:
        return pd.DataFrame([asdict(row) for row in rows])

    return Estimated(table(found.estimates), table(found.checks), found.verdict_en, found.has_verdict, found)
