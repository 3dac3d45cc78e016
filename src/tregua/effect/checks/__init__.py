"""Checks of an estimate: each says whether it applies, whether it passed, and why, in one sentence."""

from tregua.effect.checks.counting import Institutions, RecordingChange, Revisions
from tregua.effect.checks.placebo import PlaceboInTime
from tregua.effect.checks.protocol import Check, CheckResult
from tregua.effect.checks.residuals import Autocorrelation, PosteriorPredictive, PriorSensitivity
from tregua.effect.checks.windows import PreTrend, RegressionToTheMean, Windows

CHECKS: tuple[Check, ...] = (
    PlaceboInTime(),
    Windows(),
    PreTrend(),
    RegressionToTheMean(),
    Revisions(),
    Institutions(),
    RecordingChange(),
    Autocorrelation(),
    PosteriorPredictive(),
    PriorSensitivity(),
)
"""Checks of estimators of counts, in the order in which they are shown."""

__all__ = [
    "CHECKS",
    "Autocorrelation",
    "Check",
    "CheckResult",
    "Institutions",
    "PlaceboInTime",
    "PosteriorPredictive",
    "PreTrend",
    "PriorSensitivity",
    "RecordingChange",
    "RegressionToTheMean",
    "Revisions",
    "Windows",
]
