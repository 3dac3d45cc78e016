"""Outcomes: what a history is read for, with unit, direction of harm and rights flag (section 13)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """One outcome.

    Attributes
    ----------
    id, unit : str
    kind : str
        ``flow`` (accumulates between two days), ``stock`` (read at a day) or ``path`` (needs the whole history).
    meaning_en, meaning_es : str
    harm : str
        ``up`` if more is worse, ``down`` if less is worse, ``none``.
    rights : bool
        Stands beside homicides wherever responses are compared.
    by_gang : bool
        Also kept gang by gang.
    """

    id: str
    unit: str
    kind: str
    meaning_en: str
    meaning_es: str
    harm: str
    rights: bool = False
    by_gang: bool = False


_ALL = (
    Outcome(
        "homicides", "deaths", "flow", "all killings, seen and hidden", "todos los homicidios, visibles y ocultos", "up"
    ),
    Outcome(
        "homicides_recorded",
        "deaths",
        "flow",
        "killings that reach the count",
        "homicidios que llegan al registro",
        "up",
    ),
    Outcome(
        "homicides_hidden", "deaths", "flow", "killings whose bodies are hidden", "homicidios con cuerpos ocultos", "up"
    ),
    Outcome(
        "deaths_gang",
        "deaths",
        "flow",
        "killings between and within gangs",
        "muertes entre pandillas y dentro de ellas",
        "up",
        by_gang=True,
    ),
    Outcome(
        "deaths_coercion", "deaths", "flow", "residents killed under coercion", "residentes muertos por coacción", "up"
    ),
    Outcome(
        "deaths_background", "deaths", "flow", "killings outside the gangs", "homicidios ajenos a las pandillas", "up"
    ),
    Outcome(
        "deaths_by_state",
        "deaths",
        "flow",
        "people killed by state agents",
        "personas muertas por agentes del Estado",
        "up",
        rights=True,
    ),
    Outcome(
        "deaths_of_state",
        "deaths",
        "flow",
        "police and state agents killed",
        "policías y agentes del Estado muertos",
        "up",
    ),
    Outcome(
        "disappearance_reports",
        "reports",
        "flow",
        "disappearances reported",
        "desapariciones denunciadas",
        "up",
        rights=True,
    ),
    Outcome(
        "extortion_paid",
        "US$",
        "flow",
        "what extortion costs residents and firms",
        "lo que la extorsión cuesta a residentes y empresas",
        "up",
    ),
    Outcome(
        "gang_income",
        "US$",
        "flow",
        "income of the gangs by source: take, capture, leader rents",
        "ingreso de las pandillas por fuente: cobro, captura, rentas de jefes",
        "up",
        by_gang=True,
    ),
    Outcome("extortion_reports", "reports", "flow", "extortion reported", "extorsiones denunciadas", "none"),
    Outcome("members_active", "people", "stock", "active members", "miembros activos", "up", by_gang=True),
    Outcome("calmados", "people", "stock", "members at rest", "miembros calmados", "none", by_gang=True),
    Outcome("members_imprisoned", "people", "stock", "imprisoned members", "miembros presos", "none", by_gang=True),
    Outcome("members_exited", "people", "stock", "members who left for good", "miembros que salieron del todo", "down"),
    Outcome("members_dead", "people", "stock", "members who died", "miembros muertos", "up"),
    Outcome(
        "youth_detained",
        "people",
        "stock",
        "young non-members in detention",
        "jóvenes no miembros detenidos",
        "up",
        rights=True,
    ),
    Outcome("arrests_made", "people", "flow", "arrests", "capturas", "none"),
    Outcome(
        "arrests_wrongful",
        "people",
        "flow",
        "calmados and non-members arrested as active",
        "calmados y no miembros capturados como activos",
        "up",
        rights=True,
    ),
    Outcome(
        "detention_wrongful_years",
        "person-years",
        "flow",
        "time in detention of people wrongly arrested",
        "tiempo en detención de personas mal capturadas",
        "up",
        rights=True,
    ),
    Outcome(
        "minors_detained",
        "people",
        "flow",
        "minors among those arrested",
        "menores entre los capturados",
        "up",
        rights=True,
    ),
    Outcome(
        "deaths_in_custody",
        "deaths",
        "flow",
        "deaths in prisons and detention",
        "muertes en cárceles y detención",
        "up",
        rights=True,
    ),
    Outcome(
        "removals_false", "roles", "flow", "genuine brokers removed", "mediadores genuinos removidos", "up", rights=True
    ),
    Outcome("agents_missed", "roles", "stock", "agents active at the end", "agentes activos al final", "up"),
    Outcome(
        "monitoring_lost",
        "share",
        "stock",
        "share of watching roles lost",
        "parte de roles de vigilancia perdida",
        "up",
        rights=True,
    ),
    Outcome(
        "votes_deliverable",
        "votes",
        "stock",
        "votes the gangs could deliver",
        "votos que las pandillas podrían entregar",
        "up",
    ),
    Outcome(
        "municipalities_captured",
        "municipalities",
        "stock",
        "municipalities with a deal, expected number",
        "municipios con un trato, número esperado",
        "up",
    ),
    Outcome(
        "capital_bonding",
        "0..1",
        "stock",
        "bonding social capital: residents who treat the gang as the authority",
        "capital social vecinal: residentes que ven a la pandilla como autoridad",
        "up",
        by_gang=True,
    ),
    Outcome(
        "capital_linking",
        "0..1",
        "stock",
        "linking social capital: outside bodies that would work with or vouch for its people",
        "capital social de enlace: entidades externas que trabajarían con su gente o la avalarían",
        "none",
        by_gang=True,
    ),
    Outcome(
        "capital_political",
        "0..1",
        "stock",
        "political capital: parties and mayors that would deal",
        "capital político: partidos y alcaldes que tratarían",
        "up",
        by_gang=True,
    ),
    Outcome(
        "capital_criminal",
        "index",
        "stock",
        "criminal capital (war chest)",
        "capital criminal (fondo de guerra)",
        "up",
        by_gang=True,
    ),
    Outcome(
        "command",
        "0..1",
        "stock",
        "hold of the leadership on cliques",
        "mando de la jefatura sobre las clicas",
        "up",
        by_gang=True,
    ),
    Outcome(
        "command_left",
        "0..1",
        "path",
        "command 24 months after the structural end",
        "mando 24 meses después del fin estructural",
        "up",
    ),
    Outcome(
        "adherence",
        "0..1",
        "stock",
        "leadership behind restraint",
        "jefatura a favor de la contención",
        "none",
        by_gang=True,
    ),
    Outcome(
        "compliance",
        "0..1",
        "stock",
        "cliques that keep restraint",
        "clicas que cumplen la contención",
        "down",
        by_gang=True,
    ),
    Outcome(
        "betrayal", "0..1", "stock", "broken promises still counted", "promesas rotas que aún pesan", "up", by_gang=True
    ),
    Outcome("promises", "packages", "stock", "promises outstanding", "promesas pendientes", "none"),
    Outcome(
        "commitment_effective",
        "0..1",
        "stock",
        "effective executive backing",
        "respaldo efectivo del Ejecutivo",
        "none",
    ),
    Outcome(
        "exposure", "0..1", "stock", "hidden terms as public scandal", "términos ocultos como escándalo público", "none"
    ),
    Outcome("support", "0..1", "stock", "public with a favourable view", "público con opinión favorable", "none"),
    Outcome(
        "truce_years", "years", "flow", "time with compliance above 0.35", "tiempo con cumplimiento sobre 0.35", "none"
    ),
    Outcome(
        "structural_end_months",
        "months",
        "path",
        "months until compliance is under half its peak",
        "meses hasta que el cumplimiento baja de la mitad de su máximo",
        "none",
    ),
    Outcome(
        "external_command",
        "index",
        "stock",
        "command times war chest of MS13: reach abroad",
        "mando por fondo de guerra de MS13: alcance en el exterior",
        "up",
    ),
)
OUTCOMES: dict[str, Outcome] = {outcome.id: outcome for outcome in _ALL}
FLOWS: tuple[str, ...] = tuple(o.id for o in _ALL if o.kind == "flow")
STOCKS: tuple[str, ...] = tuple(o.id for o in _ALL if o.kind == "stock")
PATHS: tuple[str, ...] = tuple(o.id for o in _ALL if o.kind == "path")
GANG_FLOWS: tuple[str, ...] = tuple(o.id for o in _ALL if o.kind == "flow" and o.by_gang)
GANG_STOCKS: tuple[str, ...] = tuple(o.id for o in _ALL if o.kind == "stock" and o.by_gang)
AREA_FLOWS: tuple[str, ...] = ("homicides", "homicides_recorded")
AREA_STOCKS: tuple[str, ...] = ("members_active", "calmados", "members_imprisoned", "youth_detained")
