"""State variables: what the kernel keeps from step to step, with symbol, unit, meaning and where each starts."""

from __future__ import annotations

from dataclasses import dataclass

Pair = tuple[str, str]


@dataclass(frozen=True)
class Variable:
    """One state variable of the kernel.

    Attributes
    ----------
    record, name : str
        Where the kernel keeps it: a record type of `tregua.model.state` and a field of it.
    symbol, unit : str
    meaning_en, meaning_es : str
    start_en, start_es : str
        Where its value at the start comes from.
    """

    record: str
    name: str
    symbol: str
    unit: str
    meaning_en: str
    meaning_es: str
    start_en: str
    start_es: str


def _variable(record: str, name: str, symbol: str, unit: str, meaning: Pair, start: Pair) -> Variable:
    return Variable(record, name, symbol, unit, *meaning, *start)


_SPLIT = ("setup seed splits the national level", "la semilla de montaje reparte el nivel nacional")
_ZERO = ("0", "0")
_STEADY = ("steady start", "inicio estacionario")

STATE: tuple[Variable, ...] = (
    _variable("CELL", "active", "A", "people", ("active members", "miembros activos"), _SPLIT),
    _variable("CELL", "calmados", "Q", "people", ("members at rest (calmados)", "calmados"), (
        "a share of the active members", "una parte de los miembros activos")),
    _variable("CELL", "imprisoned", "I", "people", (
        "imprisoned members, by area of origin", "miembros presos, por área de origen"), _SPLIT),
    _variable("CELL", "remembered", "R", "killings per year", (
        "killings suffered that are remembered", "muertes sufridas que se recuerdan"), (
        "fixed point of killing and memory", "punto fijo de muertes y memoria")),
    _variable("CELL", "bonding", "S", "0..1", (
        "bonding capital: residents who treat the gang as the local authority",
        "capital vecinal: residentes que tratan a la pandilla como autoridad"), ("social_0", "social_0")),
    _variable("CELL", "captured", "Z", "0..1", (
        "probability that a municipality of the area has a deal with the gang",
        "probabilidad de que un municipio del área tenga trato con la pandilla"), ("capture_0", "capture_0")),
    _variable("CELL", "local_mood", "eta", "sd", (
        "local part of the mood that moves killing", "parte local del ánimo que mueve las muertes"), (
        "drawn from its stationary distribution", "sorteado de su distribución estacionaria")),
    _variable("CELL", "mood_factor", "epsilon", "factor", (
        "factor on killing from local and shared mood", "factor sobre las muertes por ánimo local y común"), (
        "from the mood", "del ánimo")),
    _variable("CELL", "clique_factor", "-", "factor", (
        "factor on the odds that cliques of this gang here obey; constant in a run",
        "factor sobre la razón con que obedecen las clicas de aquí; constante en una corrida"), (
        "prisoners by origin, differences between cliques", "presos por origen, diferencias entre clicas")),
    _variable("AREA", "youth", "Y", "people", ("youth at risk", "jóvenes en riesgo"), (
        "a share of the population", "una parte de la población")),
    _variable("AREA", "detained", "J", "people", (
        "young people detained who are not members", "jóvenes detenidos que no son miembros"), _ZERO),
    _variable("GANG", "command", "C", "0..1", (
        "hold of the leadership on the average clique", "mando de la jefatura sobre la clica media"), (
        "command_0 of its family", "command_0 de su familia")),
    _variable("GANG", "adherence", "a", "0..1", (
        "share of the leadership's weight behind restraint", "parte del peso de la jefatura a favor de la contención"),
        _ZERO),
    _variable("GANG", "hiding", "H", "0..1", (
        "share of the gang's killings whose bodies are hidden", "parte de sus muertes con cuerpos ocultos"), _ZERO),
    _variable("GANG", "political", "P", "0..1", (
        "political capital: probability that a party or mayor's office approached would deal",
        "capital político: probabilidad de que un partido o alcaldía contactados traten"),
        ("politics_0", "politics_0")),
    _variable("GANG", "chest", "K", "index", (
        "criminal capital: war chest of cash, arms and logistics",
        "capital criminal: fondo de guerra en dinero, armas y logística"), ("1", "1")),
    _variable("GANG", "betrayal", "B", "0..1", (
        "broken promises still counted", "promesas rotas que aún pesan"), _ZERO),
    _variable("GANG", "linking", "V", "0..1", (
        "linking capital: probability that an outside body would work with or vouch for its people",
        "capital de enlace: probabilidad de que una entidad externa trabaje con su gente o la avale"),
        ("linking_0", "linking_0")),
    _variable("GANG", "leader_mood", "nu", "benefit", (
        "passing mood of the leadership", "ánimo pasajero de la jefatura"), _ZERO),
    _variable("GANG", "mean_compliance", "k", "0..1", (
        "member-weighted compliance of last step, which rivals see",
        "cumplimiento del paso anterior, ponderado por miembros, que ven los rivales"), _ZERO),
    _variable("GANG", "loss_start", "-", "1/yr", (
        "loss of command at the reach of the start; constant", "pérdida de mando con el alcance inicial; constante"),
        _STEADY),
    _variable("GANG", "income_start", "-", "US$/yr", ("income at the start; constant", "ingreso inicial; constante"),
        _STEADY),
    _variable("ROLE", "active", "r", "0..1", (
        "an interlocutor role of this hidden type is active",
        "un rol de interlocutor de este tipo oculto está activo"), (
        "type drawn from its prior", "tipo sorteado de su supuesto previo")),
    _variable("ROLE", "empty", "-", "0..1", (
        "a role of this type was removed and not yet filled", "un rol de este tipo fue removido y no se ha llenado"),
        _ZERO),
    _variable("ROLE", "belief", "b", "log-odds", (
        "belief of authorities that the role is an agent", "creencia de las autoridades de que el rol es agente"), (
        "the prior's log-odds", "razón logarítmica del supuesto previo")),
    _variable("POST", "hazard", "-", "hazard", (
        "accumulated hazard of the next removal or return", "riesgo acumulado de la próxima remoción o retorno"),
        _ZERO),
    _variable("POST", "generation", "-", "count", (
        "removals and returns so far; keys the chance of the next", "remociones y retornos; clave del próximo azar"),
        _ZERO),
    _variable("NATION", "promises", "D", "packages", ("promises outstanding", "promesas pendientes"), _ZERO),
    _variable("NATION", "backing", "G", "0..1", (
        "effective executive backing", "respaldo efectivo del Ejecutivo"), _ZERO),
    _variable("NATION", "exposure", "E", "0..1", (
        "how far the hidden terms are public scandal", "hasta dónde los términos ocultos son escándalo"), _ZERO),
    _variable("NATION", "support", "U", "0..1", (
        "public with a favourable view of the pact", "público con opinión favorable del pacto"), (
        "support_floor", "support_floor")),
    _variable("NATION", "standing", "w", "0..1", (
        "the state's offer still stands", "la oferta del Estado sigue en pie"), ("1", "1")),
    _variable("NATION", "wrongly_imprisoned", "W", "people", (
        "calmados arrested as active and still inside", "calmados capturados como activos y aún presos"), _ZERO),
    _variable("NATION", "exited", "-", "people", ("left for good, so far", "salieron del todo, hasta ahora"), _ZERO),
    _variable("NATION", "dead", "-", "people", ("members who died, so far", "miembros muertos, hasta ahora"), _ZERO),
    _variable("NATION", "abandonment", "-", "hazard", (
        "accumulated hazard that the state drops its offer", "riesgo acumulado de que el Estado retire su oferta"),
        _ZERO),
    _variable("NATION", "mood", "eta", "sd", ("shared part of the mood", "parte común del ánimo"), (
        "drawn from its stationary distribution", "sorteado de su distribución estacionaria")),
    _variable("NATION", "mood_age", "-", "years", ("time since the mood was renewed", "tiempo desde que se renovó"),
        _ZERO),
    _variable("NATION", "recorded_smooth", "-", "killings per year", (
        "smoothed recorded killings, which the public sees", "homicidios registrados, suavizados, que ve el público"), (
        "the first step's", "los del primer paso")),
    _variable("NATION", "recorded_base", "-", "killings", (
        "recorded killings of the years that the public compares with",
        "homicidios registrados de los años con que compara el público"), _ZERO),
    _variable("NATION", "base_years", "-", "years", ("length of those years", "duración de esos años"), _ZERO),
    _variable("NATION", "concession", "-", "package", ("concession of last step", "concesión del paso anterior"),
        _ZERO),
    _variable("NATION", "mixing", "mu_0", "0..1", (
        "mixing of groups at the start; constant", "mezcla de grupos al inicio; constante"), _STEADY),
    _variable("NATION", "capture_rate", "-", "1/yr", (
        "rate of deals with a party that would deal; constant", "tasa de tratos con un partido dispuesto; constante"),
        _STEADY),
    _variable("NATION", "cover_start", "-", "0..1", (
        "peace work of the roles at the start; constant", "trabajo de paz de los roles al inicio; constante"), _STEADY),
    _variable("NATION", "state_killing_start", "-", "1/yr", (
        "hazard of being killed by the state at the start, above which betrayal is felt; constant",
        "riesgo inicial de morir a manos del Estado, sobre el que se siente traición; constante"), _STEADY),
    _variable("NATION", "votes_now", "-", "votes", (
        "votes the gangs could deliver now", "votos que las pandillas podrían entregar ahora"), _ZERO),
    _variable("NATION", "captured_now", "-", "municipalities", (
        "municipalities with a deal now, expected number", "municipios con trato ahora, número esperado"), _ZERO),
    _variable("NATION", "watch", "-", "0..1", (
        "share of roles that watch for abuse", "parte de roles que vigilan abusos"), (
        "the active roles", "los roles activos")),
)  # fmt: skip

LEVELS: dict[str, Pair] = {
    "CELL": ("area and gang", "área y pandilla"),
    "AREA": ("area", "área"),
    "GANG": ("gang", "pandilla"),
    "ROLE": ("interlocutor role and hidden type", "rol de interlocutor y tipo oculto"),
    "POST": ("interlocutor role", "rol de interlocutor"),
    "NATION": ("national", "nacional"),
}
