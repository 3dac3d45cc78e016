"""Donors: does the comparison rest on one country, or on a match that does not exist?"""

from __future__ import annotations

from tregua.effect.checks.protocol import CheckResult, Named, Row, number, same_side, span
from tregua.effect.design import country_es
from tregua.effect.synthetic_control import LeftOut, SyntheticFit

MOST_SPREAD = 1.25
ID = "synthetic_control"


def leave_one_donor_out(fit: SyntheticFit, left: tuple[LeftOut, ...]) -> CheckResult:
    """No donor moves the ratio across 1, or by more than a quarter."""
    named = Named("leave_one_out", "leave one donor out", "sin un donante")
    values = [row.ratio for row in left]
    low, high = min(values), max(values)
    same = same_side(fit, fit.ratio, values)
    most = max(left, key=lambda row: abs(row.ratio / fit.ratio - 1))
    rows: tuple[Row, ...] = tuple({"label": row.name, "ratio": row.ratio} for row in left)
    return named.result(
        ID,
        same and high / fit.ratio <= MOST_SPREAD and fit.ratio / low <= MOST_SPREAD,
        f"Leaving out one donor at a time, the ratio runs from {number(low)} to {number(high)} "
        f"(most without {most.name}).",
        f"Sin un donante a la vez, el cociente va de {number(low, 'es')} a {number(high, 'es')} "
        f"(más sin {country_es(most.unit, most.name)}).",
        rows,
    )


def weights_not_unique(fit: SyntheticFit) -> CheckResult:
    """What other weights that fit as well would say; information, not a test."""
    named = Named("weights", "weights", "pesos")
    used = sum(1 for w in fit.weights if w.hi > 0.01)
    rows: tuple[Row, ...] = tuple({"label": w.name, "weight": w.weight, "lo": w.lo, "hi": w.hi} for w in fit.weights)
    return named.result(
        ID,
        None,
        f"Weights are not unique: {used} donors can carry weight, and equally good sets give "
        f"{span(fit.good_lo, fit.good_hi)}.",
        f"Los pesos no son únicos: {used} donantes pueden llevar peso, y conjuntos igual de buenos dan "
        f"{span(fit.good_lo, fit.good_hi, 'es')}.",
        rows,
    )


def inside_hull(fit: SyntheticFit) -> CheckResult:
    """Whether donors span the rates before; where not, only the shifted form can be read."""
    named = Named("hull", "donors span the rates", "los donantes abarcan las tasas")
    inside = fit.is_inside_hull
    return named.result(
        ID,
        inside,
        "The rates before lie within those of the donors."
        if inside
        else "In some years before, the rate lies above every donor: only changes are compared, not levels.",
        "Las tasas previas caen dentro de las de los donantes."
        if inside
        else "En algunos años previos la tasa supera a la de todos los donantes: se comparan cambios, no niveles.",
    )


def other_years(fit: SyntheticFit, ratios: tuple[tuple[int, float], ...]) -> CheckResult:
    """Other first years leave the ratio on the same side of 1 and within a quarter."""
    named = Named("windows", "windows", "ventanas")
    if not ratios:
        return named.not_applicable(
            ID, "No other first year leaves enough years.", "Ningún otro año inicial deja suficientes años."
        )
    values = [ratio for _, ratio in ratios]
    same = same_side(fit, fit.ratio, values)
    spread = max(*values, fit.ratio) / min(*values, fit.ratio)
    rows: tuple[Row, ...] = tuple(
        {"label_en": f"from {year}", "label_es": f"desde {year}", "ratio": ratio} for year, ratio in ratios
    )
    return named.result(
        ID,
        same and spread <= MOST_SPREAD,
        f"With other first years the ratio runs from {number(min(values))} to {number(max(values))}.",
        f"Con otros años iniciales el cociente va de {number(min(values), 'es')} a {number(max(values), 'es')}.",
        rows,
    )
