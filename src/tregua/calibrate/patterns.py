"""Patterns: the statistics of the record that the model is held against.

Bands were set before the fit. Patterns of the held-out window reconstruct years after it and are used for scoring only.
What national runs as they happened cannot compute is listed as not run, with the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.calibrate.history import Histories
from tregua.calibrate.pattern import (
    NO_SUSPECT,
    VERDICTS,
    Pattern,
    Statistic,
    Text,
    Untried,
    Verdict,
    hold,
    untried,
)
from tregua.calibrate.term import HOMICIDES, Answer, Fraction, MonthlyMean, Quotient, Total, TruceEnd
from tregua.series.span import Span

if TYPE_CHECKING:
    from tregua.case.load import Case

CASES = ("el_salvador_2012",)
"""Cases whose record the bands below were set for; no other case has patterns."""
HINDCAST: Text = (
    "A hindcast given the levers: what the state did after 2013 is put in, not foretold.",
    "Reconstrucción con las palancas dadas: lo que el Estado hizo después de 2013 se introduce, no se predice.",
)
AIMED_AT: Text = (
    "Weaker evidence than the others: the model was mended knowing which direction was wanted here.",
    "Evidencia más débil que las demás: el modelo se corrigió sabiendo qué dirección se buscaba aquí.",
)
FITTED: Text = ("The model was adjusted to its figure.", "El modelo se ajustó a su cifra.")


def patterns(case: Case, histories: Histories) -> tuple[Pattern, ...]:
    """Every pattern against the runs of one reading, in the order of their ids.

    Parameters
    ----------
    case : Case
    histories : Histories
        Runs as it happened; `OUTCOMES_USED` names what they must hold for nothing to be left out.

    Returns
    -------
    tuple of Pattern
        Empty for a case that the bands were not set for. A pattern whose figures or runs are missing is in it, as
        not run, with the reason.

    Raises
    ------
    ObservationError
        A pattern of the fit window whose target rests on a figure after the window.
    StoreError
        E59: the runs are cut at other days than those of a pattern.
    """
    if case.id not in CASES:
        return ()
    found: list[Pattern] = []
    for declared in PATTERNS:
        if isinstance(declared, Untried):
            found.append(untried(declared, case, histories.reading))
        else:
            found.append(hold(declared, case, histories))
    return tuple(found)


def _both(*notes: Text) -> Text:
    return " ".join(note[0] for note in notes), " ".join(note[1] for note in notes)


def _months(first_year: int, first: int, last_year: int, last: int) -> tuple[Span, ...]:
    return (Span(Span.of_month(first_year, first).start, Span.of_month(last_year, last).end),)


def _year(year: int) -> tuple[Span, ...]:
    return (Span.of_year(year),)


def _killings(spans: tuple[Span, ...], institution: str = "", revision: str = "") -> Total:
    return Total(HOMICIDES, spans, institution, revision)


def _police_year(year: int, revision: str = "final") -> Total:
    return _killings(_year(year), "PNC", revision)


def _ratio(one: Any, other: Any) -> Any:
    return one / other


def _same(value: Any) -> Any:
    return value


_BEFORE = _months(2011, 1, 2011, 12)
_FIRST_HALF = _months(2012, 3, 2012, 9)
_SECOND_HALF = _months(2012, 10, 2013, 4)
_APRIL = _months(2012, 4, 2012, 4)
_WAR = _months(2015, 1, 2016, 8)
_REPORTS = "disappearance_reports"
_MEAN_REPORTS = "disappearance_reports_per_month"
_EXTORTION = Quotient("extortion_reports", "extortion_reports_ratio", _year(2012), _year(2011))
_MISSING_2014 = MonthlyMean(_REPORTS, _MEAN_REPORTS, Span.of_year(2014))
_MISSING_2015 = MonthlyMean(_REPORTS, _MEAN_REPORTS, Span(date(2015, 1, 1), date(2015, 9, 30)))
_MISSING_2016 = MonthlyMean(_REPORTS, _MEAN_REPORTS, Span(date(2016, 1, 1), date(2016, 7, 19)))


def _over_the_highest(peak: Any, *others: Any) -> Any:
    highest = others[0]
    for other in others[1:]:
        highest = np.maximum(highest, other)
    return peak / highest


def _annual(year: int, revision: str = "final", low: Text = NO_SUSPECT, high: Text = NO_SUSPECT) -> Statistic:
    return Statistic(
        f"F1-{year}",
        "fit",
        (f"Homicides of {year}", f"Homicidios de {year}"),
        ("Recorded in the year, as the police count it.", "Registrados en el año, según el conteo policial."),
        (_police_year(year, revision),),
        _same,
        within=0.08,
        unit="deaths",
        if_low=low,
        if_high=high,
        note=(
            "The months of these years are fitted; this total is not.",
            "Los meses de estos años se ajustan; este total, no.",
        ),
        mechanisms=("contest", "retaliation", "recording"),
    )


_SAME_GROUND: Text = (
    "nothing in the model makes 2010 a better year than 2009 or 2011: no lever and no rate changes between them",
    "nada en el modelo hace de 2010 un año mejor que 2009 o 2011: ninguna palanca ni tasa cambia entre ellos",
)
_EROSION: Text = (
    "when the truce begins to fail differs between runs: it follows how fast contacts come to light and how much a "
    "breach weighs, priors that figures before 2014 hardly narrow",
    "el momento en que la tregua empieza a fallar difiere entre corridas: depende de qué tan pronto salen a la luz los "
    "contactos y de cuánto pesa un incumplimiento, priors que las cifras anteriores a 2014 apenas estrechan",
)
_DRIFT: Text = (
    "command keeps growing while the truce lasts, so killings drift down where the count stayed flat",
    "el mando sigue creciendo mientras dura la tregua, y los homicidios bajan donde el conteo quedó plano",
)
_HIDING: Text = (
    "hiding bodies follows the order to be discreet and explains about a fifth of the rise in reports; the rest has no "
    "cause in the model, and more hiding would make recorded killings drift down further (F4)",
    "ocultar cuerpos sigue la orden de discreción y explica cerca de un quinto del alza de denuncias; el resto no "
    "tiene causa en el modelo, y ocultar más haría bajar aún más los homicidios registrados (F4)",
)
_COLLAPSE: Text = (
    "the fall of the truce in early 2014 hangs on offers counting only as far as cliques would obey, on the strength "
    "of betrayal and on levers whose sizes are judgements; no figure before 2014 sets them, so runs differ widely",
    "la caída de la tregua a inicios de 2014 depende de que la oferta pese solo hasta donde las clicas obedecerían, de "
    "la fuerza de la traición y de palancas cuyo tamaño es un juicio; ninguna cifra anterior a 2014 los fija, y por "
    "eso las corridas difieren mucho",
)
_WAR_GAIN: Text = (
    "how much war with the state feeds killing is drawn from a prior that no figure before 2014 can narrow",
    "cuánto alimenta los homicidios la guerra con el Estado sale de un prior que ninguna cifra previa a 2014 estrecha",
)
_HALT: Text = (
    "the months before the gangs' own halt come out too low and the halt holds too well: command is high by then and "
    "the halt travels through members at large",
    "los meses previos al alto de las propias pandillas salen demasiado bajos y el alto se sostiene demasiado bien: el "
    "mando ya es alto y el alto corre por los miembros en libertad",
)
_NO_HALT: Text = (
    "where the gangs' own halt of 2016 is left out, more arrests and cutting off the leaders hardly lower killings in "
    "the model",
    "donde se quita el alto propio de las pandillas de 2016, más capturas y aislar a los jefes apenas bajan los "
    "homicidios en el modelo",
)
_LETHAL: Text = (
    "state killing follows war and non-compliance, at a scale set by the lever for rules of lethal force",
    "la muerte a manos del Estado sigue a la guerra y al incumplimiento, a una escala que fija la palanca de reglas de "
    "fuerza letal",
)


def _needs_places(case: Case) -> Text:
    areas = len(case.world.areas)
    return (
        f"needs counts for 262 municipalities, and these runs hold {areas} areas",
        f"exige conteos de 262 municipios, y estas corridas tienen {areas} áreas",
    )


def _needs(en: str, es: str) -> Callable[[Case], Text]:
    return lambda case: (en, es)


PATTERNS: tuple[Statistic | Untried, ...] = (
    _annual(2010, high=_SAME_GROUND),
    _annual(2011),
    _annual(2012, "preliminary"),
    _annual(2013, low=_EROSION, high=_EROSION),
    Untried(
        "F2",
        "fit",
        ("Rate ratio of a panel of municipalities", "Razón de tasas de un panel de municipios"),
        _needs_places,
        target=0.61,
        lo=0.49,
        hi=0.69,
        known=True,
        sources=("WHO2016",),
    ),
    Statistic(
        "F3",
        "fit",
        ("Speed of the fall: the level reached", "Rapidez de la caída: nivel alcanzado"),
        (
            "Mean month of March to September 2012 over the mean month of 2011.",
            "Mes medio de marzo a septiembre de 2012 entre el mes medio de 2011.",
        ),
        (_killings(_FIRST_HALF), _killings(_BEFORE)),
        lambda truce, before: (truce / 7) / (before / 12),
        lo=0.42,
        hi=0.55,
        mechanisms=("adherence", "command", "compliance"),
    ),
    Statistic(
        "F3-speed",
        "fit",
        ("Speed of the fall: share reached by April", "Rapidez de la caída: parte alcanzada en abril"),
        (
            "Fall from the mean month of 2011 to April 2012, over that to the mean month of March to September 2012.",
            "Caída del mes medio de 2011 a abril de 2012, entre la caída al mes medio de marzo a septiembre de 2012.",
        ),
        (_killings(_APRIL), _killings(_FIRST_HALF), _killings(_BEFORE)),
        lambda april, truce, before: (before / 12 - april) / (before / 12 - truce / 7),
        lo=0.80,
        mechanisms=("adherence", "command", "compliance"),
    ),
    Statistic(
        "F4",
        "fit",
        ("Second truce half over the first", "Segunda mitad de la tregua entre la primera"),
        (
            "October 2012 to April 2013 over March to September 2012, seven months each.",
            "Octubre de 2012 a abril de 2013 entre marzo a septiembre de 2012, siete meses cada uno.",
        ),
        (_killings(_SECOND_HALF), _killings(_FIRST_HALF)),
        _ratio,
        lo=0.88,
        hi=1.08,
        if_low=_DRIFT,
        mechanisms=("command",),
    ),
    Untried(
        "F5",
        "fit",
        ("Municipalities in which killing fell", "Municipios en que bajaron los homicidios"),
        _needs_places,
        target=0.58,
        lo=0.55,
        unit="share",
        known=True,
        sources=("IS2013DIST",),
    ),
    Untried(
        "F6",
        "fit",
        ("Stronger fall where more members are imprisoned", "Más caída donde hay más miembros presos"),
        _needs_places,
        lo=0.05,
        hi=0.25,
        sources=("WHO2016",),
    ),
    Statistic(
        "F7",
        "fit",
        ("Extortion reported, 2012 over 2011", "Extorsiones denunciadas, 2012 entre 2011"),
        (
            "Reports of the calendar year over those of the year before, as the source gives the change.",
            "Denuncias del año calendario entre las del año anterior, como la fuente da el cambio.",
        ),
        (_EXTORTION,),
        _same,
        lo=0.80,
        hi=1.10,
        if_high=(
            "payers follow the ground held, and nothing ties reporting to the truce: the fall of a tenth has no cause "
            "in the model",
            "quienes pagan siguen al terreno controlado, y nada liga la denuncia con la tregua: la baja de un décimo "
            "no tiene causa en el modelo",
        ),
        mechanisms=("extortion",),
    ),
    Statistic(
        "F8",
        "fit",
        ("Fall of extortion over fall of homicides", "Baja de la extorsión entre baja de los homicidios"),
        (
            "One less the ratio of reports, 2012 over 2011, divided by one less the same ratio of homicides.",
            "Uno menos la razón de denuncias, 2012 entre 2011, dividido entre uno menos la misma razón de homicidios.",
        ),
        (_EXTORTION, _police_year(2012, "preliminary"), _police_year(2011)),
        lambda reports, truce, before: (1 - reports) / (1 - truce / before),
        hi=0.40,
        mechanisms=("extortion",),
    ),
    Statistic(
        "F9",
        "fit",
        ("Disappearances reported, 2013 over 2011", "Desapariciones denunciadas, 2013 entre 2011"),
        ("First half of each year.", "Primer semestre de cada año."),
        (Total(_REPORTS, _months(2013, 1, 2013, 6)), Total(_REPORTS, _months(2011, 1, 2011, 6))),
        _ratio,
        lo=1.15,
        hi=1.45,
        if_low=_HIDING,
        note=FITTED,
        mechanisms=("recording",),
    ),
    Statistic(
        "F10-2012",
        "fit",
        ("Trust in the truce, November 2012", "Confianza en la tregua, noviembre de 2012"),
        ("Share with some or much trust.", "Parte con alguna o mucha confianza."),
        (Answer("support", date(2012, 11, 20)),),
        _same,
        lo=0.10,
        hi=0.35,
        unit="share",
        note=FITTED,
        mechanisms=("politics",),
    ),
    Statistic(
        "F10-2013",
        "fit",
        ("Positive view of the truce, February 2013", "Opinión positiva de la tregua, febrero de 2013"),
        ("Share with a positive view.", "Parte con opinión positiva."),
        (Answer("support", date(2013, 2, 15)),),
        _same,
        lo=0.10,
        hi=0.35,
        unit="share",
        note=FITTED,
        mechanisms=("politics",),
    ),
    Statistic(
        "F11",
        "fit",
        ("Share of homicides by gangs, 2009 to 2011", "Parte de los homicidios por pandillas, 2009 a 2011"),
        (
            "Killings between and within gangs and under coercion, over all that were recorded.",
            "Muertes entre y dentro de pandillas y por coacción, entre todas las registradas.",
        ),
        (
            Fraction(
                ("deaths_gang", "deaths_coercion"),
                HOMICIDES,
                "gang_share_of_homicides",
                Span(date(2009, 1, 1), date(2011, 12, 31)),
            ),
        ),
        _same,
        lo=0.45,
        hi=0.80,
        unit="share",
        note=(
            "The model was adjusted to its figure, a judgement over statements that contradict each other.",
            "El modelo se ajustó a su cifra, que es un juicio sobre declaraciones que se contradicen.",
        ),
        mechanisms=("contest", "retaliation"),
    ),
    Statistic(
        "F12",
        "fit",
        ("Months until the truce ends in fact", "Meses hasta que la tregua termina de hecho"),
        (
            "From 8 March 2012 until compliance is under half of its peak, before the gangs' own halt of 2016.",
            "Desde el 8 de marzo de 2012 hasta que el cumplimiento baja de la mitad de su máximo, antes del alto "
            "propio de las pandillas en 2016.",
        ),
        (TruceEnd(date(2012, 3, 8), date(2016, 3, 25)),),
        _same,
        lo=14.0,
        hi=30.0,
        unit="months",
        if_low=_COLLAPSE,
        if_high=_COLLAPSE,
        note=(
            "Nobody counted it: killings rose again from month 16, and the state spoke of its end near month 26. The "
            "band reaches past the fit window; it enters no fit.",
            "Nadie lo contó: los homicidios volvieron a subir desde el mes 16, y el Estado habló de su fin hacia el "
            "mes 26. La franja pasa de la ventana de ajuste; no entra en ningún ajuste.",
        ),
        mechanisms=("politics", "betrayal", "compliance"),
    ),
    Statistic(
        "H1",
        "held_out",
        ("First quarter of 2014 over that of 2013", "Primer trimestre de 2014 entre el de 2013"),
        ("Forensic counts, the latest printing.", "Conteos forenses, última publicación."),
        (
            _killings(_months(2014, 1, 2014, 3), "IML"),
            _killings(_months(2013, 1, 2013, 3), "IML", "revised"),
        ),
        _ratio,
        lo=1.2,
        hi=1.7,
        if_low=_COLLAPSE,
        if_high=_COLLAPSE,
        note=HINDCAST,
        mechanisms=("adherence", "betrayal", "politics"),
    ),
    Statistic(
        "H2",
        "held_out",
        ("2014 over 2011", "2014 entre 2011"),
        ("Police totals of the year.", "Totales policiales del año."),
        (_police_year(2014), _police_year(2011)),
        _ratio,
        lo=0.75,
        hi=1.05,
        if_low=_COLLAPSE,
        if_high=_COLLAPSE,
        note=HINDCAST,
        mechanisms=("adherence", "betrayal", "retaliation"),
    ),
    Statistic(
        "H3",
        "held_out",
        ("Overshoot: 2015 over 2011", "Rebote: 2015 entre 2011"),
        (
            "Forensic total of 2015 over the police total of 2011.",
            "Total forense de 2015 entre el total policial de 2011.",
        ),
        (_killings(_year(2015), "IML", "final"), _police_year(2011)),
        _ratio,
        lo=1.25,
        hi=1.8,
        if_low=_WAR_GAIN,
        if_high=_WAR_GAIN,
        note=HINDCAST,
        mechanisms=("repression", "betrayal", "retaliation"),
    ),
    Statistic(
        "H4",
        "held_out",
        ("Second quarter of 2016 over the first", "Segundo trimestre de 2016 entre el primero"),
        (
            "Recommended counts of the months; other printings of April and March give 0.50.",
            "Conteos recomendados de los meses; otras publicaciones de abril y marzo dan 0.50.",
        ),
        (_killings(_months(2016, 4, 2016, 6)), _killings(_months(2016, 1, 2016, 3))),
        _ratio,
        lo=0.40,
        hi=0.62,
        if_low=_HALT,
        if_high=_NO_HALT,
        note=_both(HINDCAST, AIMED_AT),
        mechanisms=("command", "adherence"),
    ),
    Untried(
        "H5",
        "held_out",
        ("Slope of the fall of 2016 over municipalities", "Pendiente de la caída de 2016 entre municipios"),
        _needs_places,
    ),
    Untried(
        "H6",
        "held_out",
        ("Extortion of a large payer after the pact of 2016", "Extorsión de un gran pagador tras el pacto de 2016"),
        _needs(
            "the price that gangs agree on is put into one reading, and payers are not told apart by size",
            "el precio que las pandillas acuerdan se introduce en una lectura, y no se distingue a quienes pagan por "
            "tamaño",
        ),
        mechanisms=("extortion",),
    ),
    Statistic(
        "H7",
        "held_out",
        (
            "Share of homicides by the state, 2015 to August 2016",
            "Parte de los homicidios por el Estado, 2015 a agosto de 2016",
        ),
        (
            "Alleged members killed in clashes, over all homicides of the same twenty months.",
            "Presuntos miembros muertos en enfrentamientos, entre todos los homicidios de los mismos veinte meses.",
        ),
        (Total("deaths_by_state", _WAR), _killings(_WAR)),
        _ratio,
        lo=0.04,
        hi=0.10,
        unit="share",
        if_low=_LETHAL,
        if_high=_LETHAL,
        note=_both(
            HINDCAST,
            AIMED_AT,
            (
                "No clean test: the lever for lethal force was sized with these counts in view.",
                "No es una prueba limpia: la palanca de fuerza letal se dimensionó con estos conteos a la vista.",
            ),
        ),
        mechanisms=("repression",),
    ),
    Untried(
        "H8",
        "held_out",
        ("Other places lead after the collapse", "Otros lugares encabezan tras el colapso"),
        _needs_places,
        lo=0.10,
        unit="correlation",
    ),
    Untried(
        "H9",
        "held_out",
        ("Violent municipalities that rise inside the truce", "Municipios violentos que suben dentro de la tregua"),
        _needs_places,
        target=0.40,
        unit="share",
        sources=("IS2013DIST",),
    ),
    Untried(
        "H10",
        "held_out",
        ("Spike after a breach with contact kept", "Alza repentina tras una ruptura con contacto"),
        _needs(
            "needs runs in which a pact is broken while the leaders keep contact, as in March 2022; and a week is too "
            "long for a spike of three days",
            "exige corridas en que se rompe un pacto mientras los jefes conservan contacto, como en marzo de 2022; y "
            "una semana es demasiado larga para un alza de tres días",
        ),
        mechanisms=("betrayal", "command"),
    ),
    Untried(
        "H11",
        "held_out",
        ("Hardly a truce with half the command", "Casi sin tregua con la mitad del mando"),
        _needs(
            "needs runs of their own, with command halved and quartered",
            "exige corridas propias, con el mando a la mitad y a la cuarta parte",
        ),
        lo=0.80,
        known=True,
        mechanisms=("command",),
    ),
    Untried(
        "H12",
        "held_out",
        ("One gang alone, without a truce", "Una sola pandilla, sin tregua"),
        _needs(
            "needs runs of their own, of a country with one gang", "exige corridas propias, de un país con una pandilla"
        ),
        lo=-0.20,
        hi=0.0,
        known=True,
        mechanisms=("contest",),
    ),
    Statistic(
        "H13-peak",
        "held_out",
        ("Disappearances are highest in 2014", "Las desapariciones son mayores en 2014"),
        (
            "Mean month of 2014 over the highest of the first halves of 2011, 2012 and 2013, January to September 2015 "
            "and January to 19 July 2016.",
            "Mes medio de 2014 entre el mayor de los primeros semestres de 2011, 2012 y 2013, enero a septiembre de "
            "2015 y enero al 19 de julio de 2016.",
        ),
        (
            _MISSING_2014,
            _MISSING_2015,
            _MISSING_2016,
            *(Total(_REPORTS, _months(year, 1, year, 6)) for year in (2011, 2012, 2013)),
        ),
        lambda peak, later, last, *halves: _over_the_highest(peak, later, last, *(half / 6 for half in halves)),
        lo=1.0,
        if_low=_HIDING,
        note=_both(HINDCAST, AIMED_AT),
        mechanisms=("recording",),
    ),
    Statistic(
        "H13",
        "held_out",
        ("Disappearances reported, 2016 over 2014", "Desapariciones denunciadas, 2016 entre 2014"),
        (
            "Mean month of January to 19 July 2016 over that of 2014.",
            "Mes medio de enero al 19 de julio de 2016 entre el de 2014.",
        ),
        (_MISSING_2016, _MISSING_2014),
        _ratio,
        lo=0.6,
        hi=0.8,
        if_high=_HIDING,
        note=_both(HINDCAST, AIMED_AT),
        mechanisms=("recording",),
    ),
    Statistic(
        "2016-2011",
        "held_out",
        ("2016 over 2011", "2016 entre 2011"),
        ("Police totals of the year.", "Totales policiales del año."),
        (_police_year(2016), _police_year(2011)),
        _ratio,
        note=_both(
            HINDCAST,
            ("Reported and not scored: no band was set for it.", "Se informa y no se puntúa: no se le fijó franja."),
        ),
        mechanisms=("command", "adherence"),
    ),
)
"""All patterns, in the order of their ids."""

OUTCOMES_USED: tuple[str, ...] = tuple(
    dict.fromkeys(name for declared in PATTERNS if isinstance(declared, Statistic) for name in declared.outcomes)
)
"""Outcomes that runs must hold for every pattern to be computed."""


def by_verdict(found: Iterable[Pattern]) -> dict[Verdict, int]:
    """How many patterns have each verdict."""
    counted = Counter(pattern.verdict for pattern in found)
    return {verdict: counted[verdict] for verdict in VERDICTS}
