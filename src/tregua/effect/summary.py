"""Sentences about an effect, built from slots, in two languages; a failed check can only make them weaker."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from tregua.effect.checks.protocol import FAILED, CheckResult, number, span
from tregua.effect.results import ChangeRow, EstimateRow

EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ES_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
ALIKE = 1.25
OURS = ("interrupted_negbin", "interrupted_serial", "structural", "synthetic_control")
SURE = 0.95


def day_text(day: str, lang: str) -> str:
    """A date in words: 8 Mar 2012, 8 mar 2012."""
    d = date.fromisoformat(day)
    return f"{d.day} {(EN_MONTHS if lang == 'en' else ES_MONTHS)[d.month - 1]} {d.year}"


def whole(value: float, lang: str) -> str:
    """A number of people rounded to two figures, grouped in the style of a language."""
    if value == 0 or not math.isfinite(value):
        return "0"
    unit = 10 ** max(math.floor(math.log10(abs(value))) - 1, 0)
    text = f"{round(value / unit) * unit:,.0f}".replace("-", "\u2212")
    return text if lang == "en" else text.replace(",", "\u202f")


def principal(estimates: Sequence[EstimateRow]) -> EstimateRow | None:
    """The estimate of which the verdict speaks: of the two likelihoods, the one with the wider interval."""
    found = [row for row in estimates if row.id in OURS[:2]]
    usable = [row for row in found if row.status == "ok" and row.lo and row.hi]
    if len(usable) < len(found) or not usable:
        return None
    return max(usable, key=lambda row: math.log((row.hi or 1) / (row.lo or 1)))


def verdict(
    estimates: Sequence[EstimateRow],
    checks: Sequence[CheckResult],
) -> tuple[str, str, bool]:
    """The verdict in English and Spanish, and whether there is one.

    No verdict where chains of either likelihood did not converge, or a blocking check of the one of which the verdict
    would speak failed. An interval that holds 1, a failed certification and failed checks are said in the sentence.
    """
    chosen = principal(estimates)
    if chosen is None:
        stopped = next((row for row in estimates if row.id in OURS[:2] and row.status != "ok"), None)
        if stopped is None:
            return "No verdict: nothing was estimated.", "Sin veredicto: no se estimó nada.", False
        return (
            f"No verdict: {stopped.name_en} gives no estimate ({stopped.reason_en}). {_sentence(stopped.remedy_en)}",
            f"Sin veredicto: {stopped.name_es} no da estimación ({stopped.reason_es}). {_sentence(stopped.remedy_es)}",
            False,
        )
    own = [check for check in checks if check.estimator == chosen.estimator]
    blocked = next((check for check in own if check.blocking and check.result == FAILED), None)
    if blocked is not None:
        return (
            f"No verdict: {blocked.title_en} failed. {blocked.sentence_en}",
            f"Sin veredicto: no pasó {blocked.title_es}. {blocked.sentence_es}",
            False,
        )
    failed = [check for check in own if check.result == FAILED]
    listed_en = f"; failed: {', '.join(c.title_en for c in failed)}" if failed else ""
    listed_es = f"; no pasaron: {', '.join(c.title_es for c in failed)}" if failed else ""
    ratio, lo, hi = chosen.ratio or 1.0, chosen.lo or 1.0, chosen.hi or 1.0
    open_en = " The range includes no change." if lo <= 1 <= hi else ""
    open_es = " El rango incluye que nada cambió." if lo <= 1 <= hi else ""
    weak_en = f" This estimator {chosen.note_en}." if chosen.certified is False else ""
    weak_es = f" Este estimador {chosen.note_es}." if chosen.certified is False else ""
    return (
        f"Between {day_text(chosen.start, 'en')} and {day_text(chosen.end, 'en')}, recorded homicides were "
        f"{number(ratio)} times {span(lo, hi)} what “{chosen.name_en}” expects without the break. "
        f"{chosen.checks_passed} of {chosen.checks_counted} checks passed{listed_en}.{open_en}{weak_en} "
        "Counts alone do not say why.",
        f"Entre el {day_text(chosen.start, 'es')} y el {day_text(chosen.end, 'es')}, los homicidios registrados fueron "
        f"{number(ratio, 'es')} veces {span(lo, hi, 'es')} lo que «{chosen.name_es}» espera sin el quiebre. "
        f"Pasaron {chosen.checks_passed} de {chosen.checks_counted} pruebas{listed_es}.{open_es}{weak_es} "
        "Los conteos por sí solos no dicen por qué.",
        True,
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def agreement(estimates: Sequence[EstimateRow]) -> tuple[str, str]:
    """Whether the estimators agree in sign and in size."""
    ours = [row for row in estimates if row.id in OURS and row.status == "ok" and row.ratio]
    values = [row.ratio or 1.0 for row in ours]
    if len(values) < 2:
        return "Only one estimator gives an estimate.", "Solo un estimador da una estimación."
    low, high = min(values), max(values)
    below = sum(1 for row in ours if (row.hi or 2) < 1)
    if (low < 1) != (high < 1):
        return (
            f"The {len(values)} estimators do not agree in sign: from {number(low)} to {number(high)}.",
            f"Los {len(values)} estimadores no coinciden en el signo: de {number(low, 'es')} a {number(high, 'es')}.",
        )
    side_en, side_es = ("below", "por debajo de") if high < 1 else ("above", "por encima de")
    alike = high / low <= ALIKE
    size_en = "and agree in size" if alike else "but not in size"
    size_es = "y coinciden en el tamaño" if alike else "pero no en el tamaño"
    return (
        f"All {len(values)} estimators lie {side_en} 1 {size_en}: from {number(low)} to {number(high)}; "
        f"{below} of {len(values)} intervals leave out 1.",
        f"Los {len(values)} estimadores quedan {side_es} 1 {size_es}: de {number(low, 'es')} a {number(high, 'es')}; "
        f"{below} de {len(values)} intervalos no contienen el 1.",
    )


def months_until_erosion(change: ChangeRow | None) -> tuple[str, str]:
    """How long the fall lasted before the rate rose again, found without being told either date."""
    if change is None or change.fall is None:
        return (
            "No fall is found without being told the date.",
            "No se halla una baja si no se indica la fecha.",
        )
    en = (
        f"Without being told the date, a fall is found on {day_text(change.fall.day, 'en')} "
        f"[{day_text(change.fall.lo, 'en')}; {day_text(change.fall.hi, 'en')}]"
    )
    es = (
        f"Sin indicar la fecha, se halla una baja el {day_text(change.fall.day, 'es')} "
        f"[{day_text(change.fall.lo, 'es')}; {day_text(change.fall.hi, 'es')}]"
    )
    if change.months is None or change.months_probability < 0.5:
        return f"{en}; no rise after it is found within the data.", f"{es}; no se halla un alza posterior en los datos."
    sure = change.months_probability > SURE
    hedge_en = "" if sure else f" (in {100 * change.months_probability:.0f} of 100 draws)"
    hedge_es = "" if sure else f" (en {100 * change.months_probability:.0f} de cada 100 sorteos)"
    low, high = change.months_lo or change.months, change.months_hi or change.months
    return (
        f"{en}; the rate rises again {change.months:.0f} months later [{low:.0f}; {high:.0f}]{hedge_en}.",
        f"{es}; la tasa vuelve a subir {change.months:.0f} meses después [{low:.0f}; {high:.0f}]{hedge_es}.",
    )
