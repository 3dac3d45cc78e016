"""What a set of histories says: bands by month, paired differences, totals in print, in both languages at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.app.laboratory import OUTCOMES_KEPT, Told
from tregua.explore.contrast import Spread, spread
from tregua.explore.humps import two_humps
from tregua.model.outcomes import OUTCOMES
from tregua.report.catalogue import LANGUAGES, Catalogue
from tregua.report.format import Formatter, kind_of
from tregua.report.inputs import TABLE_OUTCOMES, Estimate

if TYPE_CHECKING:
    from tregua.app.laboratory import Calendar

DIGITS = 5
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
HISTORIES, DOTS = 20, 20
FEW = 100
"""Fewer histories than this draw their band with broken edges."""
SHARP = 50
"""A band is sharp enough where its error is this many times smaller than its range."""
CHARTED: tuple[str, ...] = (
    "homicides_recorded", "homicides", "homicides_hidden", "deaths_by_state", "deaths_of_state",
    "disappearance_reports", "arrests_wrongful", "extortion_paid", "gang_income", "members_active", "calmados",
    "members_imprisoned", "capital_bonding", "capital_political", "capital_criminal", "capital_linking", "command",
    "adherence", "compliance", "betrayal", "votes_deliverable", "support",
)  # fmt: skip
PER_DAY = ("deaths",)
_TABLE = [OUTCOMES_KEPT.index(outcome) for outcome in TABLE_OUTCOMES]
HUMPED = ("homicides",)
"""Outcomes whose differences are told as two where they fall into two, as in the decision table."""


@dataclass(frozen=True)
class Voice:
    """The formatter of each language."""

    formats: dict[str, Formatter]

    @classmethod
    def of(cls, number_style: str) -> Voice:
        return cls({lang: Formatter(Catalogue(lang), number_style) for lang in LANGUAGES})

    def text(self, key: str, **values: object) -> dict[str, str]:
        """A string of the catalogue in every language; a value may itself be a text in every language."""
        return {
            lang: fmt.words.text(key, **{n: v[lang] if isinstance(v, dict) else v for n, v in values.items()})
            for lang, fmt in self.formats.items()
        }

    def estimate(self, estimate: Estimate, kind: str, *, signed: bool) -> dict[str, dict[str, str]]:
        """Value and range in print."""
        out = {}
        for lang, fmt in self.formats.items():
            told = fmt.estimate(estimate, kind, signed=signed, table=True)
            out[lang] = {"value": told.value, "span": told.span}
        return out

    def number(self, value: float, unit: float = 1.0) -> dict[str, str]:
        return {lang: fmt.number(value, unit) for lang, fmt in self.formats.items()}


def shown(values: Any) -> list[Any]:
    """Numbers for a chart, with as many digits as a screen can show."""
    x = np.asarray(values, float)
    x = np.where(np.isfinite(x), x, 0.0)
    size = np.floor(np.log10(np.maximum(np.abs(x), 1e-30)))
    # powers of ten that are whole numbers divide without a trace: the shortest text of the number stays short
    up, down = 10.0 ** np.maximum(DIGITS - 1 - size, 0.0), 10.0 ** np.maximum(size - DIGITS + 1, 0.0)
    out: list[Any] = (np.round(x * up / down) / up * down).tolist()
    return out


def scaled(values: Any, outcome: str, calendar: Calendar) -> Any:
    """Months of an outcome as it is drawn: deaths a day, other flows a month, stocks as they are."""
    if OUTCOMES[outcome].kind == "flow" and OUTCOMES[outcome].unit in PER_DAY:
        return values / np.diff(np.array(calendar.months, float))
    return values


def stacked(histories: Sequence[Told], outcome: str, calendar: Calendar) -> Any:
    """Months of one outcome of every history, shape (histories, months)."""
    column = OUTCOMES_KEPT.index(outcome)
    return scaled(np.stack([told.months[:, column] for told in histories]), outcome, calendar)


def band(values: Any) -> list[Any]:
    """5, 25, 50, 75 and 95 of 100 histories, by month."""
    return shown(np.quantile(values, LEVELS, axis=0))


def dots(values: Any) -> list[float]:
    """Twenty values that stand for equal shares of the histories."""
    return shown(np.quantile(values, (np.arange(DOTS) + 0.5) / DOTS))


def side(histories: Sequence[Told], outcome: str, calendar: Calendar, *, each: bool) -> dict[str, Any]:
    """One scenario under one reading."""
    values = stacked(histories, outcome, calendar)
    out: dict[str, Any] = {"band": band(values)}
    if each:
        out["histories"] = shown(values[:HISTORIES])
    return out


def difference(
    a: Sequence[Told], b: Sequence[Told], outcome: str, calendar: Calendar, horizon: int, *, each: bool
) -> dict[str, Any]:
    """B minus A, history by history: by month, summed from the decision on, and in total."""
    gap = stacked(b, outcome, calendar) - stacked(a, outcome, calendar)
    column = OUTCOMES_KEPT.index(outcome)
    out: dict[str, Any] = {"band": band(gap)}
    if OUTCOMES[outcome].kind == "flow":
        raw = np.stack([y.months[:, column] - x.months[:, column] for x, y in zip(a, b, strict=True)])
        out["sum"] = band(np.cumsum(raw, axis=1))
    total = np.array([y.totals[horizon, column] - x.totals[horizon, column] for x, y in zip(a, b, strict=True)])
    out["dots"] = dots(total)
    if each:
        out["histories"] = shown(gap[:HISTORIES])
    return out


def totals(a: Sequence[Told], b: Sequence[Told], horizon: int) -> tuple[Spread, Any]:
    """B minus A at a horizon, for each outcome of the table, as every other command tells contrasts."""
    gap = np.stack([y.totals[horizon] - x.totals[horizon] for x, y in zip(a, b, strict=True)], axis=1)[_TABLE]
    return spread(gap, np.arange(len(a))), gap


def rows(voice: Voice, a: Sequence[Told], b: Sequence[Told], horizon: int) -> list[dict[str, Any]]:
    """B minus A for every outcome of the decision table: deaths never without rights."""
    found, gap = totals(a, b, horizon)
    out = []
    for i, outcome in enumerate(TABLE_OUTCOMES):
        kind = kind_of(OUTCOMES[outcome].unit)
        ends = max(_known(found.mcse_q05[i]), _known(found.mcse_q95[i])) or None
        mcse = _known(found.mcse[i])
        estimate = Estimate(
            float(found.median[i]), float(found.q05[i]), float(found.q95[i]), mcse, ends, int(found.n[i])
        )
        low, high = float(found.low[i]), float(found.high[i])
        out.append(
            {
                "outcome": outcome,
                "q05": float(found.q05[i]),
                "q50": float(found.median[i]),
                "q95": float(found.q95[i]),
                "mcse": mcse,
                "n": int(found.n[i]),
                "fall": float(found.p_fall[i]),
                "rise": float(found.p_rise[i]),
                "sign": -1 if high < 0 else 1 if low > 0 else 0,
                "text": voice.estimate(estimate, kind, signed=True),
                "chance": {
                    lang: fmt.of_runs(float(found.p_fall[i]), int(found.n[i])) for lang, fmt in voice.formats.items()
                },
                "humps": humps(voice, gap[:, i], kind) if outcome in HUMPED else None,
            }
        )
    return out


def humps(voice: Voice, gap: Any, kind: str) -> list[dict[str, Any]] | None:
    """Two outcomes in place of one, the lower first; None where one hump explains the differences."""
    two = two_humps(gap)
    if two is None:
        return None
    out = []
    for hump, part in ((two.low, gap[gap <= two.cut]), (two.high, gap[gap > two.cut])):
        found = spread(part[None, :], np.arange(len(part)))
        ends = max(_known(found.mcse_q05[0]), _known(found.mcse_q95[0])) or None
        estimate = Estimate(hump.median, hump.q05, hump.q95, _known(found.mcse[0]), ends, len(part))
        out.append(
            {
                "q50": hump.median,
                "share": hump.share,
                "text": voice.estimate(estimate, kind, signed=True),
                "chance": {lang: fmt.of_hundred(hump.share) for lang, fmt in voice.formats.items()},
            }
        )
    return out


def _known(value: float) -> float:
    return float(value) if np.isfinite(value) else 0.0


def sharp(row: dict[str, Any]) -> bool:
    """True where more histories would change nothing that is printed."""
    wide = row["q95"] - row["q05"]
    return bool(row["n"] >= FEW and row["mcse"] * SHARP <= wide)
