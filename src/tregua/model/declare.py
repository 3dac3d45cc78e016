"""The one declaration: mechanisms in order, with their parameters.

From it come priors, sliders, help and the ODD document.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from tregua.model.mechanisms import (
    adherence,
    betrayal,
    capital,
    command,
    compliance,
    contest,
    extortion,
    interlocutors,
    linking,
    membership,
    politics,
    prison,
    recording,
    repression,
    retaliation,
)
from tregua.model.parameter import Parameter


@dataclass(frozen=True)
class Mechanism:
    """One mechanism: its equations (a module of plain scalar functions) and what it reads and writes.

    Attributes
    ----------
    id : str
    module : module
        Functions are the slots that a user may replace by name.
    level : str
        ``national``, ``gang`` or ``area;gang``.
    sections : str
        Sections of the model description.
    reads, writes : str
    meaning_en, meaning_es : str
    """

    id: str
    module: ModuleType
    level: str
    sections: str
    reads: str
    writes: str
    meaning_en: str
    meaning_es: str

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        declared: tuple[Parameter, ...] = self.module.PARAMETERS
        return declared


MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism(
        "politics",
        politics,
        "national",
        "6.8, 6.11, 6.12",
        "levers, support, exposure, compliance, votes",
        "standing, commitment, exposure, support, political capital",
        "standing, commitment, exposure, support, political capital",
        "vigencia, compromiso, escándalo, apoyo, capital político",
    ),
    Mechanism(
        "interlocutors",
        interlocutors,
        "national",
        "7",
        "levers, beliefs",
        "roles, types, beliefs; cover, channel, diversion, watch",
        "roles, types, beliefs, removals",
        "roles, tipos, creencias, remociones",
    ),
    Mechanism(
        "linking",
        linking,
        "gang",
        "6.8",
        "roles, compliance, programme, sanction, prosecution, exposure",
        "linking capital, access, flow",
        "linking capital and what flows through it",
        "capital de enlace y lo que fluye por él",
    ),
    Mechanism(
        "command",
        command,
        "gang",
        "6.5, 6.9",
        "contact, channel, own halt, members, prisoners, exposure",
        "reach, obedience, command",
        "reach, obedience, command",
        "alcance, obediencia, mando",
    ),
    Mechanism(
        "adherence",
        adherence,
        "gang",
        "6.4",
        "levers, obedience, compliance of rivals, commitment, promises, betrayal",
        "adherence",
        "leaders' choice",
        "decisión de los jefes",
    ),
    Mechanism(
        "compliance",
        compliance,
        "area;gang",
        "6.5",
        "adherence, obedience",
        "compliance",
        "cliques that comply",
        "clicas que cumplen",
    ),
    Mechanism(
        "contest",
        contest,
        "area;gang",
        "6.1",
        "members, war chest, betrayal, command, adherence, compliance, mood, memory",
        "killings by side and kind, victims",
        "killing over ground and coercion",
        "muertes por terreno y coacción",
    ),
    Mechanism(
        "retaliation",
        retaliation,
        "area;gang",
        "6.3",
        "victims, cover",
        "memory, branching, mood",
        "revenge memory and mood",
        "memoria de venganza y ánimo",
    ),
    Mechanism(
        "repression",
        repression,
        "area;gang",
        "6.2, 6.6",
        "levers, compliance, war, watch, capture",
        "arrests, state killings, attacks",
        "arrests, state killings, attacks on the state",
        "capturas, muertes por el Estado, ataques al Estado",
    ),
    Mechanism(
        "betrayal",
        betrayal,
        "gang",
        "6.9",
        "levers, promises, hazards",
        "promises, betrayal",
        "promises and betrayal",
        "promesas y traición",
    ),
    Mechanism(
        "membership",
        membership,
        "area;gang",
        "6.6",
        "hazards, bonding, compliance, programme",
        "members, calmados, youth, exits",
        "recruits, calming down, exit",
        "reclutas, calma, salida",
    ),
    Mechanism(
        "prison",
        prison,
        "area;gang",
        "6.6",
        "arrests",
        "prisoners, detained youth, returns",
        "prison, release, deaths in custody",
        "cárcel, liberación, muertes en custodia",
    ),
    Mechanism(
        "extortion",
        extortion,
        "area;gang",
        "6.7",
        "members, compliance",
        "take, burden, reports",
        "take, cost, reports",
        "cobro, costo, denuncias",
    ),
    Mechanism(
        "capital",
        capital,
        "area;gang",
        "6.8",
        "take, political capital, compliance, programme",
        "bonding capital, capture, war chest",
        "bonding capital, capture, war chest",
        "capital vecinal, captura, fondo de guerra",
    ),
    Mechanism(
        "recording",
        recording,
        "area;gang",
        "6.10",
        "adherence, killings",
        "hiding practice, hidden, recorded, reports",
        "hiding, counts, reports",
        "ocultamiento, conteos, denuncias",
    ),
)
MECHANISM_IDS: tuple[str, ...] = tuple(mechanism.id for mechanism in MECHANISMS)
PARAMETERS: dict[str, Parameter] = {
    parameter.name: parameter for mechanism in MECHANISMS for parameter in mechanism.parameters
}
MECHANISM_OF: dict[str, str] = {
    parameter.name: mechanism.id for mechanism in MECHANISMS for parameter in mechanism.parameters
}
FITTED: tuple[str, ...] = tuple(name for name, p in PARAMETERS.items() if p.role == "fitted")
VARIED: tuple[str, ...] = tuple(name for name, p in PARAMETERS.items() if p.role == "varied")
FIXED: tuple[str, ...] = tuple(name for name, p in PARAMETERS.items() if p.role == "fixed")
DEFAULTS: dict[str, float] = {name: p.default for name, p in PARAMETERS.items()}
