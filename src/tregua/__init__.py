"""tregua: an open laboratory of gang truces.

Public names are read from their modules when they are first used, so that ``import tregua`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tregua.calibrate.labelled import Fitted, Validated, calibrate_case, validate_case
    from tregua.case import Case, bundled_cases, check_case, load_case
    from tregua.effect.estimate import Estimated, estimate_effect
    from tregua.errors import Problem, TreguaError, TreguaWarning
    from tregua.explore.arrays import Compared, compare, simulate
    from tregua.explore.experiment import Experiment
    from tregua.explore.recruitment import read_network, recruitment_run
    from tregua.explore.yearly import Years, simulate_years
    from tregua.ledger.ledger import Ledger
    from tregua.ledger.load import load_ledger
    from tregua.model.compiled import Engine, Replacement, engine
    from tregua.model.declare import MECHANISMS, PARAMETERS
    from tregua.model.levers import LEVERS, Timeline
    from tregua.model.odd import odd
    from tregua.model.outcomes import OUTCOMES, Outcome
    from tregua.model.parameter import Parameter
    from tregua.model.policies import Arm, Decision
    from tregua.model.readings import Reading
    from tregua.model.simulate import Run, Simulator, simulate_history
    from tregua.model.synthetic import synthetic_country
    from tregua.model.world import Area, Gang, World

__version__ = "0.1.0"

_HOMES: dict[str, tuple[str, ...]] = {
    "tregua.calibrate.labelled": ("Fitted", "Validated", "calibrate_case", "validate_case"),
    "tregua.case": ("Case", "bundled_cases", "check_case", "load_case"),
    "tregua.effect.estimate": ("Estimated", "estimate_effect"),
    "tregua.errors": ("Problem", "TreguaError", "TreguaWarning"),
    "tregua.explore.arrays": ("Compared", "compare", "simulate"),
    "tregua.explore.experiment": ("Experiment",),
    "tregua.explore.recruitment": ("read_network", "recruitment_run"),
    "tregua.explore.yearly": ("Years", "simulate_years"),
    "tregua.ledger.ledger": ("Ledger",),
    "tregua.ledger.load": ("load_ledger",),
    "tregua.model.compiled": ("Engine", "Replacement", "engine"),
    "tregua.model.declare": ("MECHANISMS", "PARAMETERS"),
    "tregua.model.levers": ("LEVERS", "Timeline"),
    "tregua.model.odd": ("odd",),
    "tregua.model.outcomes": ("OUTCOMES", "Outcome"),
    "tregua.model.parameter": ("Parameter",),
    "tregua.model.policies": ("Arm", "Decision"),
    "tregua.model.readings": ("Reading",),
    "tregua.model.simulate": ("Run", "Simulator", "simulate_history"),
    "tregua.model.synthetic": ("synthetic_country",),
    "tregua.model.world": ("Area", "Gang", "World"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Area",
    "Arm",
    "Case",
    "Compared",
    "Decision",
    "Engine",
    "Estimated",
    "Experiment",
    "Fitted",
    "Gang",
    "LEVERS",
    "Ledger",
    "MECHANISMS",
    "OUTCOMES",
    "Outcome",
    "PARAMETERS",
    "Parameter",
    "Problem",
    "Reading",
    "Replacement",
    "Run",
    "Simulator",
    "Timeline",
    "TreguaError",
    "TreguaWarning",
    "Validated",
    "World",
    "Years",
    "__version__",
    "bundled_cases",
    "calibrate_case",
    "check_case",
    "compare",
    "engine",
    "estimate_effect",
    "load_case",
    "load_ledger",
    "odd",
    "read_network",
    "recruitment_run",
    "simulate",
    "simulate_history",
    "simulate_years",
    "synthetic_country",
    "validate_case",
]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'tregua' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
