"""Sentences about an effect, built from slots, in two languages; a failed check can only make them weaker."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from tregua.effect.checks.protocol import FAILED, PASSED, CheckResult, number, span
from tregua.effect.inputs import PhaseMark
from tregua.effect.results import ChangeRow, EstimateRow

EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ES_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
ALIKE = 1.25
OURS = ("interrupted_negbin", "interrupted_serial", "structural", "synthetic_control")
SURE, LIKELY = 0.95, 0.5
"""A fall found without its date is told where it is more probable than not, and with its doubt where it is not sure."""
PRESET = "preset"
"""Ids of rows over windows that no count can have set begin so."""
PRESET_TEXT = {
    "year": {"en": "over twelve months", "es": "en doce meses"},
    "end": {"en": "to the end of the counts, {}", "es": "hasta el fin de los conteos, el {}"},
}


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
    """The estimate of which the verdict speaks, one of the two likelihoods.

    The one whose intervals were right often enough on made-up worlds shaped like these very counts; of two such, or
    where no worlds are shaped like them, the one with the wider interval.
    """
    found = [row for row in estimates if row.id in OURS[:2]]
    usable = [row for row in found if row.status == "ok" and row.lo and row.hi]
    if len(usable) < len(found) or not usable:
        return None
    vouched = [row for row in usable if row.certified and not row.other_counts]
    return max(vouched or usable, key=lambda row: math.log((row.hi or 1) / (row.lo or 1)))


def verdict(
    estimates: Sequence[EstimateRow],
    checks: Sequence[CheckResult],
    killings: tuple[PhaseMark | None, PhaseMark | None] = (None, None),
) -> tuple[str, str, bool]:
    """The verdict in English and Spanish, and whether there is one.

    No verdict where chains of either likelihood did not converge, or where an interval leaves out 1 and a blocking
    check of its estimator failed. An interval that holds 1 is a verdict: no change was shown. Windows that killings
    set, a failed certification, and failed checks of every design are said.

    Parameters
    ----------
    killings : (PhaseMark or None, PhaseMark or None)
        What set the two ends of the stated window, where killings did.
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
    if blocked is not None and not _holds_one(chosen):
        return (
            f"No verdict: {blocked.title_en} failed. {blocked.sentence_en}",
            f"Sin veredicto: no pasó {blocked.title_es}. {blocked.sentence_es}",
            False,
        )
    said = [
        headline(estimates, killings),
        _own_checks(chosen, own),
        _other_checks(chosen, estimates, checks),
        _certification(chosen),
        ("Counts alone do not say why.", "Los conteos por sí solos no dicen por qué."),
    ]
    return " ".join(en for en, _ in said if en), " ".join(es for _, es in said if es), True


def headline(
    estimates: Sequence[EstimateRow], killings: tuple[PhaseMark | None, PhaseMark | None] = (None, None)
) -> tuple[str, str]:
    """What the verdict begins with: the estimate, what set its window, and the same over windows that nothing set.

    Empty where there is nothing to speak of.
    """
    chosen = principal(estimates)
    if chosen is None:
        return "", ""
    said = [
        _no_change(chosen) if _holds_one(chosen) else _changed(chosen),
        _set_by_killings(killings),
        _other_windows(estimates, set_by_killings=any(killings)),
    ]
    return " ".join(en for en, _ in said if en), " ".join(es for _, es in said if es)


def _values(row: EstimateRow) -> tuple[float, float, float]:
    return row.ratio or 1.0, row.lo or 1.0, row.hi or 1.0


def _holds_one(row: EstimateRow) -> bool:
    _, lo, hi = _values(row)
    return lo <= 1 <= hi


def _changed(chosen: EstimateRow) -> tuple[str, str]:
    ratio, lo, hi = _values(chosen)
    return (
        f"Between {day_text(chosen.start, 'en')} and {day_text(chosen.end, 'en')}, recorded homicides were "
        f"{number(ratio)} times {span(lo, hi)} what “{chosen.name_en}” expects without the break.",
        f"Entre el {day_text(chosen.start, 'es')} y el {day_text(chosen.end, 'es')}, los homicidios registrados fueron "
        f"{number(ratio, 'es')} veces {span(lo, hi, 'es')} lo que «{chosen.name_es}» espera sin el quiebre.",
    )


def _no_change(chosen: EstimateRow) -> tuple[str, str]:
    """No change was shown, and the sizes that the interval leaves possible."""
    ratio, lo, hi = _values(chosen)
    en, es = [], []
    if lo < 1:
        en.append(f"a fall by {100 * (1 - lo):.0f} %")
        es.append(f"una baja del {100 * (1 - lo):.0f} %")
    if hi > 1:
        en.append(f"a rise by {100 * (hi - 1):.0f} %")
        es.append(f"un alza del {100 * (hi - 1):.0f} %")
    left_en = f" The counts do not rule out {' or '.join(en)}." if en else ""
    left_es = f" Los conteos no descartan {' ni '.join(es)}." if es else ""
    return (
        f"Between {day_text(chosen.start, 'en')} and {day_text(chosen.end, 'en')}, no change in recorded homicides was "
        f"shown: they were {number(ratio)} times {span(lo, hi)} what “{chosen.name_en}” expects without the break."
        f"{left_en}",
        f"Entre el {day_text(chosen.start, 'es')} y el {day_text(chosen.end, 'es')} no se mostró un cambio en los "
        f"homicidios registrados: fueron {number(ratio, 'es')} veces {span(lo, hi, 'es')} lo que «{chosen.name_es}» "
        f"espera sin el quiebre.{left_es}",
    )


def _set_by_killings(killings: tuple[PhaseMark | None, PhaseMark | None]) -> tuple[str, str]:
    """That the window was cut where killings fell or rose: such a window finds a change by construction."""
    first, last = killings
    if first is None and last is None:
        return "", ""
    en, es = [], []
    if first:
        en.append(f"it begins with “{first.en}”")
        es.append(f"empieza con «{first.es}»")
    if last:
        en.append(f"it ends before “{last.en}”")
        es.append(f"termina antes de «{last.es}»")
    ends_en, ends_es = "Both ends of this window were", "Los dos extremos de esta ventana los"
    if not (first and last):
        ends_en = f"The {'start' if first else 'end'} of this window was"
        ends_es = f"El {'comienzo' if first else 'fin'} de esta ventana lo"
    return (
        f"{ends_en} set by the killings themselves: {' and '.join(en)}.",
        f"{ends_es} fijaron los propios homicidios: {' y '.join(es)}.",
    )


def _other_windows(estimates: Sequence[EstimateRow], *, set_by_killings: bool) -> tuple[str, str]:
    """The same estimator over windows that no count can have set."""
    rows = [row for row in estimates if row.id.startswith(PRESET) and row.ratio and row.lo and row.hi]
    if not rows:
        return "", ""
    told: dict[str, list[str]] = {"en": [], "es": []}
    for row in rows:
        kind = row.id.removeprefix(f"{PRESET}_")
        for lang in told:
            value = f"{number(row.ratio or 1, lang)} {span(row.lo or 1, row.hi or 1, lang)}"
            told[lang].append(f"{value} {PRESET_TEXT[kind][lang].format(day_text(row.end, lang))}")
    day = {lang: day_text(rows[0].start, lang) for lang in told}
    en = f"Over days that they did not set, from {day['en']}," if set_by_killings else f"From {day['en']}"
    es = f"En días que ellos no fijaron, desde el {day['es']}," if set_by_killings else f"Desde el {day['es']}"
    return (
        f"{en} the same estimator gives {' and '.join(told['en'])}.",
        f"{es} el mismo estimador da {' y '.join(told['es'])}.",
    )


def _named(failed: Sequence[CheckResult], lang: str) -> str:
    """Titles of checks, each with its evidence in a few words where it has some."""
    out = []
    for check in failed:
        title, short = (check.title_en, check.short_en) if lang == "en" else (check.title_es, check.short_es)
        out.append(f"{title}: {short}" if short else title)
    return "; ".join(out)


def _own_checks(chosen: EstimateRow, own: Sequence[CheckResult]) -> tuple[str, str]:
    """How many checks of its own it passed, which failed, and where the real date ranks among placebos."""
    failed = [check for check in own if check.result == FAILED]
    en = f"It passed {chosen.checks_passed} of {chosen.checks_counted} checks of its own"
    es = f"Pasó {chosen.checks_passed} de {chosen.checks_counted} pruebas propias"
    if failed:
        en, es = f"{en}; failed: {_named(failed, 'en')}", f"{es}; no pasaron: {_named(failed, 'es')}"
    placebo = next((c for c in own if c.id == "placebo_time" and c.result == PASSED and c.short_en), None)
    if placebo:
        en, es = f"{en}; among placebo dates: {placebo.short_en}", f"{es}; entre fechas placebo: {placebo.short_es}"
    return f"{en}.", f"{es}."


def _other_checks(
    chosen: EstimateRow, estimates: Sequence[EstimateRow], checks: Sequence[CheckResult]
) -> tuple[str, str]:
    """Failed checks of the other designs: the verdict rests on one, and may not be silent about the rest."""
    names = {row.estimator: row for row in reversed(estimates)}
    en, es = [], []
    for estimator in dict.fromkeys(check.estimator for check in checks):
        failed = [c for c in checks if c.estimator == estimator and c.result == FAILED]
        if estimator == chosen.estimator or not failed:
            continue
        row = names.get(estimator)
        en.append(f"{row.name_en if row else estimator} ({_named(failed, 'en')})")
        es.append(f"{row.name_es if row else estimator} ({_named(failed, 'es')})")
    if not en:
        return "", ""
    return f"Failed in other designs: {'; '.join(en)}.", f"No pasaron en otros diseños: {'; '.join(es)}."


def _certification(chosen: EstimateRow) -> tuple[str, str]:
    if chosen.certified is False:
        return f"This estimator {chosen.note_en}.", f"Este estimador {chosen.note_es}."
    if chosen.other_counts:
        return (
            "How often this estimator errs was measured on other counts or phases, not on these.",
            "Cada cuánto se equivoca este estimador se midió con otros conteos o fases, no con estos.",
        )
    return "", ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def agreement(estimates: Sequence[EstimateRow]) -> tuple[str, str]:
    """Whether the estimators agree in sign and in size."""
    ours = [row for row in estimates if row.id in OURS and row.status == "ok" and row.ratio]
    values = [row.ratio or 1.0 for row in ours]
    if len(values) < 2:
        return "Only one estimator gives an estimate.", "Solo un estimador da una estimación."
    low, high = min(values), max(values)
    trusted = [row for row in ours if row.certified is not False]
    outside = sum(1 for row in trusted if (row.hi or 2) < 1 or (row.lo or 0) > 1)
    left_en, left_es = _left_out([row for row in ours if row.certified is False])
    if (low < 1) != (high < 1):
        return (
            f"The {len(values)} estimators do not agree in sign: from {number(low)} to {number(high)}; "
            f"{outside} of {len(trusted)} intervals leave out 1{left_en}.",
            f"Los {len(values)} estimadores no coinciden en el signo: de {number(low, 'es')} a {number(high, 'es')}; "
            f"{outside} de {len(trusted)} intervalos no contienen el 1{left_es}.",
        )
    side_en, side_es = ("below", "por debajo de") if high < 1 else ("above", "por encima de")
    alike = high / low <= ALIKE
    size_en = "and agree in size" if alike else "but not in size"
    size_es = "y coinciden en el tamaño" if alike else "pero no en el tamaño"
    return (
        f"All {len(values)} estimators lie {side_en} 1 {size_en}: from {number(low)} to {number(high)}; "
        f"{outside} of {len(trusted)} intervals leave out 1{left_en}.",
        f"Los {len(values)} estimadores quedan {side_es} 1 {size_es}: de {number(low, 'es')} a {number(high, 'es')}; "
        f"{outside} de {len(trusted)} intervalos no contienen el 1{left_es}.",
    )


def _left_out(rows: Sequence[EstimateRow]) -> tuple[str, str]:
    """Estimators whose intervals say nothing, since on made-up worlds they were wrong too often."""
    if not rows:
        return "", ""
    en, es = ", ".join(row.name_en for row in rows), ", ".join(row.name_es for row in rows)
    where_en = " on other counts or phases" if all(row.other_counts for row in rows) else ""
    where_es = " con otros conteos o fases" if where_en else ""
    return (
        f" (not counted: {en}, whose intervals fail certification{where_en})",
        f" (no se cuenta: {es}, cuyos intervalos no pasan la certificación{where_es})",
    )


def months_until_erosion(change: ChangeRow | None) -> tuple[str, str]:
    """How long the fall lasted before the rate rose again, found without being told either date."""
    if change is None:
        return (
            "No fall is found without being told the date.",
            "No se halla una baja si no se indica la fecha.",
        )
    if change.fall is None or change.fall_probability <= LIKELY:
        none = change.probability[0]
        return (
            f"Without being told the date, no fall is found (probability of one: {number(change.fall_probability)}; "
            f"of no break at all: {number(none)}).",
            f"Sin indicar la fecha no se halla una baja (probabilidad de que haya una: "
            f"{number(change.fall_probability, 'es')}; de ningún quiebre: {number(none, 'es')}).",
        )
    certain = change.fall_probability > SURE
    doubt_en = "" if certain else f" (probability {number(change.fall_probability)})"
    doubt_es = "" if certain else f" (probabilidad {number(change.fall_probability, 'es')})"
    en = (
        f"Without being told the date, a fall is found on {day_text(change.fall.day, 'en')} "
        f"[{day_text(change.fall.lo, 'en')}; {day_text(change.fall.hi, 'en')}]{doubt_en}"
    )
    es = (
        f"Sin indicar la fecha, se halla una baja el {day_text(change.fall.day, 'es')} "
        f"[{day_text(change.fall.lo, 'es')}; {day_text(change.fall.hi, 'es')}]{doubt_es}"
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
