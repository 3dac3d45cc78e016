"""Invented inputs with the shape of real ones: nothing here was counted or simulated. For tests only."""

from __future__ import annotations

import calendar
import math
import random
from dataclasses import replace
from datetime import date, timedelta

from tregua.report.inputs import (
    BELIEFS,
    CAPITAL_OUTCOMES,
    ELSE_OUTCOMES,
    TABLE_OUTCOMES,
    ArmText,
    Assumption,
    Band,
    Bearing,
    Beside,
    Bilingual,
    CaseFacts,
    Change,
    ClaimPart,
    ClaimView,
    Contrast,
    Coverage,
    Department,
    Estimate,
    Event,
    Figure,
    Finding,
    Gate,
    Headline,
    Humps,
    LaterForce,
    LedgerText,
    LeftOut,
    LeverPath,
    MechanismText,
    Month,
    Observation,
    OutcomeText,
    Outline,
    ParameterText,
    Pattern,
    Price,
    Provenance,
    ReadingsByClaim,
    ReadingText,
    Regret,
    Reported,
    ReportInputs,
    SingleVoice,
    SourceRow,
    SpanCount,
    Spot,
    TargetRow,
    WeightPreset,
)

B = Bilingual
BREAK = date(2012, 3, 8)
FIT_END = date(2013, 12, 31)

ARMS = (
    ArmText("no_truce", B("No truce", "Sin tregua"), B("levers held", "palancas sin cambio")),
    ArmText("as_it_happened", B("As it happened", "Como ocurrió"), B("the record", "lo ocurrido"), record=True),
    ArmText("secret_truce", B("Secret truce", "Tregua secreta"), B("secret concessions", "concesiones secretas")),
    ArmText("open_truce", B("Open truce", "Tregua abierta"), B("published pact", "pacto público")),
    ArmText(
        "secret_truce_prosecute_brokers",
        B("Secret truce and interlocutors prosecuted", "Tregua secreta y procesar a interlocutores"),
        B("secret truce while brokers are prosecuted", "tregua secreta con procesos a mediadores"),
    ),
    ArmText(
        "secret_truce_prosecute_principals",
        B("Secret truce and political sponsors prosecuted", "Tregua secreta y procesar a responsables políticos"),
        B("secret truce while officials are prosecuted", "tregua secreta con procesos a funcionarios"),
    ),
    ArmText(
        "secret_truce_sanctions",
        B("Secret truce and sanctions", "Tregua secreta y sanciones"),
        B("secret truce with listing", "tregua secreta con listas"),
    ),
    ArmText(
        "open_truce_extortion",
        B("Open truce that covers extortion", "Tregua abierta que cubre la extorsión"),
        B("bargain covers extortion", "el trato cubre la extorsión"),
    ),
    ArmText("mano_dura", B("Mano dura", "Mano dura"), B("raids", "redadas")),
    ArmText(
        "conditional_deterrence",
        B("Conditional deterrence", "Disuasión condicionada"),
        B("arrests aimed at breakers", "capturas a quien rompe"),
    ),
    ArmText("mass_detention", B("Mass detention", "Detención masiva"), B("detention", "detención")),
    ArmText("reintegration", B("Reintegration", "Reinserción"), B("programmes", "programas")),
)
_MIDDLE = {
    "as_it_happened": -400,
    "secret_truce": -3210,
    "open_truce": -9250,
    "secret_truce_prosecute_brokers": -2960,
    "secret_truce_prosecute_principals": -950,
    "secret_truce_sanctions": -2930,
    "open_truce_extortion": -9270,
    "mano_dura": 360,
    "conditional_deterrence": -1940,
    "mass_detention": -8490,
    "reintegration": 81,
}
_READINGS = (
    ("default", "Concessions", "Las concesiones", "no"),
    ("brokers_genuine", "Interlocutors mostly genuine", "Interlocutores sobre todo genuinos", "no"),
    ("brokers_dual", "Interlocutors serve both sides", "Interlocutores que sirven a ambos lados", "no"),
    ("brokers_agents", "Interlocutors mostly agents", "Interlocutores sobre todo agentes", "no"),
    ("hidden_killings", "Killings partly hidden", "Homicidios en parte ocultos", "done"),
    ("leader_split", "Cliques against paid leaders", "Clicas contra jefes pagados", "done"),
    ("bonding", "Peace builds roots", "La paz crea raíces", "no"),
    ("exit_via_recognition", "Recognition lets members leave", "El reconocimiento permite salir", "no"),
    ("politics_revealed", "Political capital was there before", "El capital político ya estaba", "no"),
    ("fall_not_concessions", "Not the concessions", "No fueron las concesiones", "done"),
    ("gangs_first", "Gangs tired of it first", "Las pandillas se cansaron primero", "needed"),
    ("rebound_trend", "The rebound was not betrayal", "El repunte no fue traición", "no"),
    ("repriced", "Extortion only repriced", "La extorsión solo cambió de precio", "no"),
    ("repress_works", "Repression does not feed gangs", "La represión no alimenta", "done"),
    ("repress_backfires", "Repression feeds gangs", "La represión alimenta", "no"),
    ("law_no_shield", "Law protects the pact little", "La ley protege poco el pacto", "no"),
)
READINGS = tuple(
    ReadingText(
        name,
        B(en, es),
        B(f"{en}, in one line", f"{es}, en una línea"),
        refit,  # type: ignore[arg-type]
        score=-190.9 if name != "rebound_trend" else -203.0,
        score_error=0.4,
        less_first=None if name == "default" else Estimate(0.0, mcse=0.7),
        changes=() if name == "default" else (("hide_truce", "0.40"), ("concession_weight", "0")),
        claims=("C34",),
    )
    for name, en, es, refit in _READINGS
)
_OUTCOMES = (
    ("homicides", "Homicides (recorded and hidden)", "Homicidios (registrados y ocultos)", "deaths", "up", 23380),
    ("deaths_by_state", "Killed by the state", "Muertes por el Estado", "deaths", "up", 333),
    ("deaths_in_custody", "Deaths in custody", "Muertes bajo custodia", "deaths", "up", 153),
    ("arrests_wrongful", "Wrongful arrests", "Capturas indebidas", "people", "up", 3060),
    ("minors_detained", "Minors detained", "Menores detenidos", "people", "up", 350),
    ("extortion_paid", "Paid by victims", "Pagado por las víctimas", "US$", "up", 1.31e9),
    ("votes_deliverable", "Votes deliverable", "Votos entregables", "votes", "up", 163000),
    ("command", "Leaders’ command", "Mando de la jefatura", "0..1", "up", 0.58),
)
_OTHERS = (
    ("extortion_reports", "reports"), ("gang_income", "US$"), ("disappearance_reports", "reports"),
    ("members_imprisoned", "people"), ("members_active", "people"), ("capital_bonding", "0..1"),
    ("capital_political", "0..1"), ("capital_criminal", "index"), ("adherence", "0..1"), ("compliance", "0..1"),
    ("support", "0..1"), ("betrayal", "0..1"),
)  # fmt: skip
OTHERS = tuple(
    OutcomeText(
        name, B(name, name), B(f"what {name} means", f"qué significa {name}"), unit, "none", mechanisms=("contest",)
    )
    for name, unit in _OTHERS
)
OUTCOMES = (
    tuple(
        OutcomeText(
            name,
            B(en, es),
            B(f"what {en.lower()} means", f"qué significa {es.lower()}"),
            unit,
            harm,  # type: ignore[arg-type]
            rights=name in ("deaths_by_state", "arrests_wrongful"),
            claims=("C34", "C46"),
            mechanisms=("contest", "compliance"),
            targets=(TargetRow(27, "deaths", date(2013, 1, 1), date(2013, 12, 31), "PNC", "fit", ("DIARIO1",)),)
            if name == "deaths_by_state"
            else (),
        )
        for name, en, es, unit, harm, _ in _OUTCOMES
    )
    + OTHERS
)
_BASE = {row[0]: float(row[5]) for row in _OUTCOMES}
_EFFECT = {
    "deaths_by_state": 0.1,
    "deaths_in_custody": 0.05,
    "arrests_wrongful": 0.05,
    "minors_detained": 0.05,
    "extortion_paid": 0.05,
    "votes_deliverable": 0.15,
    "command": 0.1,
}


def month_days(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def level(day: date) -> float:
    """Invented homicides a day."""
    if day < BREAK:
        return 11.9
    if day < date(2013, 6, 1):
        return 5.6
    if day < date(2014, 3, 1):
        return 7.8
    if day < date(2015, 1, 1):
        return 11.5
    if day < date(2016, 4, 1):
        return 18.5
    return 11.6


def observations() -> tuple[Observation, ...]:
    rng = random.Random(3)
    rows = [
        Observation(
            "P01", ((date(2009, 1, 1), date(2009, 6, 30)),), 2160, "police", "police", "stated", "fit", ("PL",)
        ),
        Observation(
            "P02",
            ((date(2009, 7, 1), date(2009, 9, 30)),),
            1060,
            "police",
            "police",
            "subtraction",
            "fit",
            ("LA",),
            "3990 - 2160 - 770",
        ),
        Observation(
            "P06", ((date(2010, 1, 1), date(2010, 6, 30)),), 2170, "police", "police", "stated", "fit", ("PL",)
        ),
        Observation(
            "P07", ((date(2010, 7, 1), date(2010, 12, 31)),), 1830, "several", "other", "subtraction", "fit", ("ED",)
        ),
        Observation(
            "P08",
            ((date(2011, 1, 1), date(2011, 2, 28)), (date(2011, 6, 1), date(2011, 6, 30))),
            1034,
            "police",
            "police",
            "subtraction",
            "fit",
            ("PL",),
        ),
    ]
    months = [(2009, 10), (2009, 11), (2009, 12), (2011, 3), (2011, 4), (2011, 5), (2011, 8), (2011, 11), (2011, 12)]
    months += [(year, month) for year in (2012, 2013) for month in range(1, 13)]
    months += [
        (year, month)
        for year in (2014, 2015, 2016)
        for month in range(1, 13)
        if (year, month) not in ((2014, 4), (2014, 11), (2016, 10), (2016, 12))
    ]
    for year, month in months:
        start, end = month_days(year, month)
        count = round(sum(level(start + timedelta(days=i)) for i in range((end - start).days + 1)) * rng.gauss(1, 0.08))
        if (year, month) == (2015, 8):
            count = 912
        kind = "forensic" if rng.random() < 0.45 else "police"
        basis = "subtraction" if rng.random() < 0.15 else "stated"
        rows.append(
            Observation(
                f"M{year}{month:02d}",
                ((start, end),),
                count,
                "forensic" if kind == "forensic" else "police",
                kind,  # type: ignore[arg-type]
                basis,
                "fit" if end <= FIT_END else "score",
                ("IS" if kind == "police" else "AP",),  # type: ignore[arg-type]
            )
        )
    rows.append(
        Observation(
            "A1", ((date(2009, 10, 1), date(2009, 10, 31)),), 431, "police", "police", "stated", "alternative", ("LA",)
        )
    )
    return tuple(rows)


def bands() -> tuple[Band, ...]:
    rows = []
    for reading, factor in (("default", 1.0), ("hidden_killings", 0.98), ("fall_not_concessions", 1.03)):
        for year in range(2009, 2017):
            for month in range(1, 13):
                start, end = month_days(year, month)
                days = (end - start).days + 1
                base = level(start) * days * factor * (0.86 if year >= 2015 else 1.0)
                spread = 0.1 if end <= FIT_END else 0.22
                wave = 1 + 0.03 * math.sin(month + year)
                rows.append(
                    Band(
                        reading,
                        start,
                        end,
                        base * wave * (1 - 1.6 * spread),
                        base * wave * (1 - 0.6 * spread),
                        base * wave,
                        base * wave * (1 + 0.6 * spread),
                        base * wave * (1 + 1.7 * spread),
                    )
                )
    return tuple(rows)


def months() -> tuple[Month, ...]:
    """Invented months of other outcomes: each with a level and a slow wave."""
    levels = {
        "extortion_reports": 320, "extortion_paid": 2.1e7, "gang_income": 2.6e6, "disappearance_reports": 135,
        "deaths_by_state": 5, "arrests_wrongful": 45, "members_imprisoned": 8200, "members_active": 27000,
        "capital_bonding": 0.42, "capital_political": 0.36, "capital_criminal": 1.1, "command": 0.55, "adherence": 0.4,
        "compliance": 0.3, "support": 0.12, "betrayal": 0.2,
    }  # fmt: skip
    rows = []
    for outcome, base in levels.items():
        for year in range(2009, 2017):
            for month in range(1, 13):
                start, end = month_days(year, month)
                middle = base * (1 + 0.1 * math.sin(year + month / 12))
                spread = (0.8, 0.92, 1.0, 1.08, 1.25)
                rows.append(
                    Month(
                        outcome, start, end, *(middle * one for one in spread), mcse=base * 0.01, mcse_ends=base * 0.02
                    )
                )
    return tuple(rows)


def moved() -> tuple[Change, ...]:
    """Invented years before and in the truce."""
    out = []
    for outcome in (*ELSE_OUTCOMES, *CAPITAL_OUTCOMES):
        level = next(row for row in months() if row.outcome == outcome).q50
        share = outcome in CAPITAL_OUTCOMES and outcome != "capital_criminal"
        one = Estimate(level, level * 0.8, level * 1.2, level * 0.01, level * 0.02, 100)
        moved = Estimate(0.05, 0.01, 0.11, 0.004, 0.01, 100) if share else Estimate(1.05, 0.96, 1.2, 0.01, 0.02, 100)
        out.append(Change(outcome, one, one, moved, share))
    return tuple(out)


def figures() -> tuple[Figure, ...]:
    """Invented counts of other outcomes, one of each look."""
    reports, held = B("extortion reported", "extorsiones denunciadas"), B("imprisoned members", "miembros presos")
    rows = (
        ("e1", "extortion_reports", (2009, 1, 1), (2009, 12, 31), 4000, "PNC", "police", "fit", reports, False),
        (
            "e2",
            "extortion_reports",
            (2013, 1, 1),
            (2013, 12, 31),
            2700,
            "office",
            "other",
            "alternative",
            reports,
            False,
        ),
        ("d1", "disappearance_reports", (2014, 3, 1), (2014, 3, 31), 160, "IML", "forensic", "score", reports, False),
        ("m1", "members_imprisoned", (2013, 5, 15), (2013, 5, 15), 9500, "", "other", "fit", held, True),
        ("m2", "members_imprisoned", (2014, 4, 1), (2014, 4, 30), 10000, "", "other", "alternative", held, True),
    )
    return tuple(
        Figure(id, outcome, date(*start), date(*end), value, who, kind, use, ("DIARIO1",), what, stock)  # type: ignore[arg-type]
        for id, outcome, start, end, value, who, kind, use, what, stock in rows
    )


def findings() -> tuple[Finding, ...]:
    """Invented values of evidence: two disputes that would move the choice, two that would not."""
    rows = (
        ("repression", "group", 220.0),
        ("bonding", "reading", 90.0),
        ("repriced", "reading", 0.4),
        ("clique_sd", "parameter", 1.0),
    )
    out = []
    for weights in ("deaths", "rights", "residents"):
        for n, belief in enumerate(BELIEFS):
            for id, kind, value in rows:
                if kind == "parameter" and weights != "rights":
                    continue
                moves = (("yes", "open_truce"),) if value > 2 else ()
                estimate = Estimate(value + n, value * 0.4, value * 1.5, value * 0.1, value * 0.1, 50)
                told = (estimate, value > 2, "mass_detention", moves, ("C46",))
                out.append(Finding("2012", 5, weights, belief, kind, id, *told))  # type: ignore[arg-type]
    return tuple(out)


def spots() -> tuple[Spot, ...]:
    """Invented centres and outlines of every response under the three stories."""
    out = []
    for reading in ("default", "hidden_killings", "fall_not_concessions"):
        for outcome in ("arrests_wrongful", "deaths_by_state"):
            for n, (arm, middle) in enumerate(_MIDDLE.items()):
                x, y = 40.0 * n - 100, float(middle)
                ring = tuple((x + 30 * math.cos(a), y + 500 * math.sin(a)) for a in (0, 1, 2, 3, 4, 5, 6.283))
                out.append(Spot("2012", 5, arm, reading, outcome, x, y, ring, arm == "mass_detention"))
    return tuple(out)


def departments() -> tuple[Department, ...]:
    """Invented counts of six departments, one of them too few to show."""
    names = ("Alba", "Brisa", "Cima", "Duna", "Ensenada", "Fuente")
    rows = [
        Department(f"X-{n}", name, date(2015, 1, 1), date(2015, 12, 31), 100.0 + 20 * n, 30.0 + 9 * n, "IML", ("ED",))
        for n, name in enumerate(names[:5])
    ]
    rows.append(Department("X-5", names[5], date(2015, 1, 1), date(2015, 12, 31), None, None, "IML", ("ED",), True))
    return tuple(rows)


def outlines() -> tuple[Outline, ...]:
    """Six squares in a row."""
    names = ("Alba", "Brisa", "Cima", "Duna", "Ensenada", "Fuente")
    return tuple(
        Outline(name, (((n, 13.0), (n + 1.0, 13.0), (n + 1.0, 14.0), (n, 14.0), (n, 13.0)),))
        for n, name in enumerate(names)
    )


def events() -> tuple[Event, ...]:
    rows = (
        (date(2009, 6, 1), "day", "state", "presidency changes", "cambia la presidencia", None),
        (date(2011, 11, 1), "month", "state", "security minister replaced", "cambia el ministro de seguridad", 9),
        (
            date(2012, 3, 8),
            "day",
            "truce",
            "leaders moved out of maximum security",
            "jefes trasladados de máxima seguridad",
            1,
        ),
        (
            date(2012, 3, 11),
            "day",
            "elections",
            "legislative and municipal election",
            "elección legislativa y municipal",
            None,
        ),
        (date(2012, 3, 14), "day", "truce", "press reports a deal", "la prensa informa de un trato", None),
        (date(2012, 9, 1), "month", "truce", "government formally admits its role", "el Gobierno admite su papel", 5),
        (
            date(2012, 10, 1),
            "month",
            "outside",
            "a foreign treasury lists the gang",
            "un tesoro extranjero lista a la pandilla",
            7,
        ),
        (
            date(2013, 1, 18),
            "day",
            "truce",
            "first four municipalities announced",
            "se anuncian los cuatro primeros municipios",
            None,
        ),
        (
            date(2013, 6, 1),
            "month",
            "state",
            "new security minister and police director",
            "nuevos ministro y director de policía",
            3,
        ),
        (date(2013, 7, 1), "month", "violence", "burst of killings", "brote de homicidios", None),
        (
            date(2014, 2, 2),
            "day",
            "elections",
            "presidential election, first round",
            "elección presidencial, primera vuelta",
            None,
        ),
        (date(2014, 6, 1), "day", "state", "presidency changes", "cambia la presidencia", 4),
        (date(2015, 1, 5), "day", "state", "president rules out dialogue", "el presidente descarta el diálogo", 2),
        (
            date(2015, 2, 19),
            "day",
            "state",
            "top leaders back in maximum security",
            "jefes de vuelta a máxima seguridad",
            6,
        ),
        (date(2015, 8, 1), "month", "violence", "most violent month of the record", "mes más violento del registro", 8),
        (
            date(2016, 3, 26),
            "day",
            "truce",
            "gangs announce their own halt",
            "las pandillas anuncian un alto propio",
            None,
        ),
        (
            date(2016, 3, 29),
            "day",
            "state",
            "extraordinary measures in prisons",
            "medidas extraordinarias en cárceles",
            None,
        ),
    )
    return tuple(
        Event(day, precision, lane, B(en, es), ("ELFARO",), rank)  # type: ignore[arg-type]
        for day, precision, lane, en, es, rank in rows
    )


def levers() -> tuple[LeverPath, ...]:
    start = date(2009, 1, 1)
    return (
        LeverPath(
            "contact",
            B("contact", "contacto"),
            1,
            (
                (start, 0.35),
                (BREAK, 1),
                (date(2013, 6, 1), 0.75),
                (date(2014, 6, 1), 0.55),
                (date(2015, 2, 19), 0.15),
                (date(2016, 3, 29), 0.03),
            ),
            strip=True,
        ),
        LeverPath(
            "concession",
            B("concession", "concesión"),
            1,
            ((start, 0), (BREAK, 1), (date(2013, 6, 1), 0.7), (date(2014, 6, 1), 0.3), (date(2015, 2, 19), 0)),
            strip=True,
        ),
        LeverPath(
            "lethal",
            B("lethal force", "fuerza letal"),
            5,
            ((start, 1), (date(2014, 6, 1), 2), (date(2015, 1, 5), 5)),
            strip=True,
        ),
        LeverPath("arrests", B("arrests", "capturas"), 2, ((start, 1), (date(2015, 1, 5), 1.2))),
    )


def contrasts() -> tuple[Contrast, ...]:
    rng = random.Random(11)
    rows: list[Contrast] = []
    for decision, horizons in (("2012", (1, 2, 5, 7)), ("2017", (1, 2, 3, 5)), ("2017_halt_ends", (1, 2, 3, 5))):
        for horizon in horizons:
            for arm in ARMS:
                if decision != "2012" and arm.id == "as_it_happened":
                    continue
                for reading in READINGS:
                    if decision != "2012" and reading.id not in ("default", "repress_works", "hidden_killings"):
                        continue
                    for outcome in TABLE_OUTCOMES:
                        rows.append(_contrast(rng, decision, horizon, arm.id, reading, outcome))
    return tuple(rows)


def _contrast(
    rng: random.Random, decision: str, horizon: int, arm: str, reading: ReadingText, outcome: str
) -> Contrast:
    base = _BASE[outcome] * (1.0 if outcome == "command" else horizon / 5)
    status = "refit_needed" if reading.refit == "needed" else "ok"
    if arm == "no_truce":
        return Contrast(
            decision,
            horizon,
            arm,
            reading.id,
            outcome,
            base * 0.8,
            base,
            base * 1.25,
            base,
            0.0,
            base * 0.02,
            100,
            status=status,
        )  # type: ignore[arg-type]
    if outcome == "homicides":
        middle = _MIDDLE[arm] * horizon / 5 * rng.uniform(0.8, 1.2)
        flip = False
        if reading.id in ("fall_not_concessions", "bonding") and arm == "as_it_happened":
            middle, flip = abs(middle) * 3, True
        if reading.id == "fall_not_concessions" and arm == "secret_truce":
            middle, flip = 350.0, True
        if reading.id == "repress_works" and arm == "mano_dura":
            middle, flip = -1230.0, True
        if reading.id == "default" and arm == "mano_dura":
            middle = 0.001 * base  # within its error, so that the default leaves the sign open
    else:
        sign = 1 if arm not in ("open_truce", "secret_truce") or outcome in ("command", "votes_deliverable") else -1
        if arm == "mass_detention":
            sign = 9 if outcome == "arrests_wrongful" else sign
        middle, flip = base * _EFFECT[outcome] * sign * rng.uniform(0.6, 1.4), False
    spread = abs(middle) * 0.6 + base * 0.02
    humps = None
    if arm in ("open_truce", "secret_truce") and outcome == "homicides" and horizon >= 5:
        humps = Humps(0.53, 0.17, middle * 1.4, middle * 0.1)
    return Contrast(
        decision,
        horizon,
        arm,
        reading.id,
        outcome,
        middle - spread,
        middle,
        middle + spread * 0.9,
        middle,
        min(1.0, max(0.0, 0.5 - middle / (4 * spread))),
        spread * 0.09,
        100,
        sign=0 if abs(middle) <= 2 * spread * 0.09 else 1 if middle > 0 else -1,
        flip=flip,
        mcse_ends=spread * 0.14,
        prior_share=0.71 if arm in ("open_truce", "secret_truce") else 0.2,
        humps=humps,
        status=status,  # type: ignore[arg-type]
    )


WEIGHTS = (
    WeightPreset("deaths", B("deaths only", "solo muertes"), B("deaths", "muertes")),
    WeightPreset("rights", B("deaths and rights", "muertes y derechos"), B("deaths", "muertes")),
    WeightPreset("residents", B("what residents bear", "lo que soportan los residentes"), B("deaths", "muertes")),
)


def prices() -> tuple[Price, ...]:
    """With one set of weights nothing is counted, with one a price would change the answer, with one none would."""
    fewer = (Estimate(29.6, mcse=5.1), "open_truce")
    return (
        Price("2012", 5, "deaths", None, fewer, None),
        Price("2012", 5, "rights", 50.0, fewer, (Estimate(81.0, mcse=4.0), "reintegration")),
        Price("2012", 5, "residents", 50.0, None, None),
    )


def regret() -> tuple[Regret, ...]:
    rng = random.Random(5)
    rows = []
    for decision, horizons in (("2012", (1, 2, 5, 7)), ("2017", (1, 2, 3, 5)), ("2017_halt_ends", (1, 2, 3, 5))):
        for horizon in horizons:
            for preset in WEIGHTS:
                for reading in READINGS[:4]:
                    for arm in ARMS:
                        if not arm.record:
                            rows.append(
                                Regret(decision, horizon, arm.id, reading.id, preset.id, rng.uniform(0, 9000), 60.0)
                            )
    return tuple(rows)


def patterns() -> tuple[Pattern, ...]:
    none = B("", "")
    return (
        Pattern(
            "F1",
            B("homicides of 2010", "homicidios de 2010"),
            "fit",
            3987,
            3668,
            4306,
            3871,
            4363,
            4951,
            0.4,
            "fails",
            B("nothing makes 2010 a good year", "nada hace de 2010 un buen año"),
            unit="deaths",
            mcse=20,
        ),
        Pattern(
            "F2",
            B("panel rate ratio", "razón de tasas del panel"),
            "fit",
            0.61,
            0.49,
            0.69,
            0.44,
            0.49,
            0.54,
            0.5,
            "marginal",
            B("truce too strong", "tregua demasiado fuerte"),
            known=True,
        ),
        Pattern(
            "F3",
            B("size of the fall", "tamaño de la baja"),
            "fit",
            0.49,
            0.42,
            0.55,
            0.455,
            0.505,
            0.567,
            0.87,
            "passes",
            none,
            sources=("IS2012JUN",),
            mechanisms=("compliance",),
            claims=("C34",),
            note=B("the months before are a total", "los meses previos son un total"),
        ),
        Pattern(
            "F8",
            B("extortion fall over homicide fall", "baja de extorsión entre baja de homicidios"),
            "fit",
            0.25,
            None,
            0.4,
            -0.05,
            -0.02,
            0.01,
            0.99,
            "no_test",
            none,
            before=0.94,
        ),
        Pattern(
            "H1",
            B("first quarter 2014 over 2013", "primer trimestre 2014 entre 2013"),
            "held_out",
            1.44,
            1.2,
            1.7,
            1.14,
            1.49,
            2.2,
            0.66,
            "passes",
            none,
        ),
        Pattern(
            "H8",
            B("geography changes", "cambia la geografía"),
            "held_out",
            None,
            0.1,
            None,
            0.0,
            0.02,
            0.05,
            0.0,
            "fails",
            B("no moving fronts", "sin frentes móviles"),
        ),
        Pattern(
            "H5",
            B("municipal slope 2016", "pendiente municipal 2016"),
            "held_out",
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            "not_run",
            none,
            reason=B("needs runs by municipality", "requiere corridas por municipio"),
        ),
    )


def said(name: str, en: str, es: str, kind: str = "reported", chip: tuple[str, str] = ("Reported", "Reporte"), **more):
    """An invented claim of one part."""
    return ClaimView(
        name,
        more.pop("asserter", B("the researcher", "la investigadora")),
        (ClaimPart(kind, B(en, es), (B(*chip),), more.pop("legal", "none")),),
        B("2013", "2013"),
        B("A newspaper", "Un periódico"),
        "ELFARO",
        B("¶ one", "¶ uno"),
        "B3",
        B("the editors", "la redacción"),
        **more,
    )


_OWN = B("Own account", "Declaración propia")
_REPLY = Beside("C11", (_OWN,), B("The mediator says no.", "El mediador dice que no."))
CLAIMS = (
    said(
        "C34",
        "The researcher reports that homicides fell by about half.",
        "La investigadora informa que los homicidios bajaron a cerca de la mitad.",
        "estimate",
        ("Estimate", "Estimación"),
        bears_on=(
            Bearing("mechanism", "contest", B("mechanism", "mecanismo")),
            Bearing("parameter", "contest_rate", B("parameter", "parámetro")),
            Bearing("pattern", "F3", B("pattern", "patrón")),
            Bearing("observation", "homicides", B("series", "serie")),
            Bearing("reading", "*", B("reading", "lectura")),
        ),
        contradicted_by=(
            Beside("C46", (B("Opinion", "Opinión"),), B("The police say no.", "La policía dice no."), B("a", "b")),
        ),
        tells=B("Fits every reading: it tells us little.", "Encaja con todas las lecturas: nos dice poco."),
        disputed=True,
    ),
    said(
        "C46",
        "The police report that extortion did not fall.",
        "La policía informa que la extorsión no bajó.",
        asserter=B("the police", "la policía"),
        answers=("C34",),
        bears_on=(
            Bearing("reading", "bonding", B("reading", "lectura")),
            Bearing("pattern", "H5", B("pattern", "patrón")),
        ),
        tells=B("Fits one.", "Encaja con una."),
    ),
    said(
        "C09",
        "The government alleges regular contact.",
        "Según el Gobierno, hubo contacto regular.",
        "alleged",
        ("Alleged", "Señalamiento"),
        asserter=B("the government", "el Gobierno"),
        replies=(_REPLY,),
        outcome_note=B("Outcome unknown to us", "No conocemos el desenlace"),
        not_valued=B("Not evaluated: concerns a person", "No se evalúa: concierne a una persona"),
        is_allegation=True,
        about_person=True,
        disputed=True,
    ),
    said(
        "C11",
        "The mediator says no.",
        "El mediador dice que no.",
        "self_claim",
        ("Own account", "Declaración propia"),
        asserter=B("the mediator", "el mediador"),
        answers=("C09",),
        no_home=B("The model has no person in it.", "El modelo no tiene personas."),
    ),
)
LEDGER = LedgerText(
    columns=(
        ReadingsByClaim("C34", B("the researcher", "la investigadora"), "C" * len(READINGS), 0),
        ReadingsByClaim("C46", B("the police", "la policía"), "CI" + "N" * (len(READINGS) - 2), 1),
        ReadingsByClaim("C09", B("the government", "el Gobierno"), "NI" + "N" * (len(READINGS) - 2), None),
    ),
    supported=((B("parameter", "parámetro"), 1),),
    assumptions=(Assumption(B("parameter", "parámetro"), "clique_sd", B("nobody measured it", "nadie lo midió")),),
    single=(SingleVoice(B("the police", "la policía"), ((B("reading", "lectura"), ("bonding",)),)),),
    left_out=(
        LeftOut(
            B("the police", "la policía"),
            ("C46",),
            readings=("bonding",),
            unanswered=("C34",),
            flips_gone=("as_it_happened",),
            narrowed=("open_truce",),
        ),
        LeftOut(B("the mediator", "el mediador"), ("C11",)),
    ),
)


def inputs(**changes: object) -> ReportInputs:
    """A full set of invented inputs; `changes` replaces attributes."""
    made = ReportInputs(
        case=CaseFacts(
            "el_salvador_2012",
            B("El Salvador 2012", "El Salvador 2012"),
            date(2009, 1, 1),
            date(2016, 12, 31),
            FIT_END,
            BREAK,
            B("leaders moved to lower security", "jefes trasladados a menor seguridad"),
        ),
        provenance=Provenance(
            "0.1.0",
            "a41b77d20c9e5512",
            "9f3c1e08b7aa6642",
            20120308,
            "tregua run el_salvador_2012",
            "provisional",
            50,
            2,
            date(2026, 1, 15),
            fitted=26,
            varied=66,
            libraries=(("numpy", "2.1"),),
        ),
        gate=Gate("not_run", B("no posterior has been computed", "no se ha calculado un ajuste posterior")),
        observations=observations(),
        events=events(),
        levers=levers(),
        bands=bands(),
        months=months(),
        changes=moved(),
        figures=figures(),
        findings=findings(),
        spots=spots(),
        departments=departments(),
        outlines=outlines(),
        coverage=tuple(
            Coverage(reading, window, inside50, inside90, n)  # type: ignore[arg-type]
            for reading in ("default", "hidden_killings", "fall_not_concessions")
            for window, inside50, inside90, n in (("fit", 19, 34, 38), ("held_out", 6, 13, 32))
        ),
        headline=Headline(
            SpanCount(4283, date(2011, 1, 1), date(2011, 12, 31)),
            SpanCount(2094, date(2012, 4, 1), date(2013, 3, 31)),
            SpanCount(912, date(2015, 8, 1), date(2015, 8, 31)),
            Estimate(1.08, 1.04, 1.15, 0.004, 0.008, 100),
            Estimate(0.52, 0.45, 0.6, 0.004, 0.008, 100),
            Estimate(0.64, 0.5, 0.76, 0.006, 0.01, 100),
            ("C40",),
            Reported(
                0.9,
                (date(2012, 1, 1), date(2012, 12, 31)),
                SpanCount(3992, date(2010, 1, 1), date(2010, 12, 31)),
                SpanCount(2785, date(2013, 1, 1), date(2013, 12, 31)),
                ("ELFARO",),
            ),
        ),
        later_force=LaterForce(
            ((B("lethal force", "fuerza letal"), date(2014, 6, 1)), (B("arrests", "capturas"), date(2015, 1, 5))),
            "record_less_force",
            tuple(
                Contrast("2012", 5, "record_less_force", reading, name, lo, mid, hi, mid, 0.9, mcse, 100, flip=flip)
                for reading, flip in (("default", False), ("hidden_killings", False), ("fall_not_concessions", True))
                for name, lo, mid, hi, mcse in (
                    ("homicides", -4200.0, -2100.0, 130.0, 30.0),
                    ("deaths_by_state", -86.0, -16.0, 127.0, 3.0),
                    ("arrests_wrongful", -90.0, 40.0, 110.0, 3.0),
                )
            ),
        ),
        arms=ARMS,
        readings=READINGS,
        outcomes=OUTCOMES,
        contrasts=contrasts(),
        weights=WEIGHTS,
        regret=regret(),
        prices=prices(),
        patterns=patterns(),
        mechanisms=(
            MechanismText(
                "contest",
                B("killing over ground and coercion", "muertes por terreno y coacción"),
                ("contest = contest_rate · A · war",),
                ("contest_rate",),
                ("C34",),
            ),
            MechanismText("compliance", B("cliques that comply", "clicas que cumplen"), ("k = a · o",), ("clique_sd",)),
        ),
        parameters=(
            ParameterText(
                "contest_rate",
                "-",
                "killings per member per yr",
                0.0443,
                "LogN(0.045,0.5)",
                "fitted",
                B("killing over ground", "muertes por disputa de terreno"),
                "level of homicide",
                "",
                ("C34",),
            ),
            ParameterText(
                "clique_sd",
                "-",
                "log odds",
                0.8,
                "LogN(0.8,0.3)",
                "varied",
                B("spread of cliques", "dispersión de clicas"),
            ),
        ),
        sources=(
            SourceRow("ELFARO", "A newspaper (2012). An article about the truce.", "https://example.org/truce"),
            SourceRow("PL", "An agency (2016). Totals.", "https://example.org/totals"),
        ),
        claims_count=67,
        claims=CLAIMS,
        ledger=LEDGER,
    )
    return replace(made, **changes)  # type: ignore[arg-type]
