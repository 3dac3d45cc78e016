"""Measures: what a figure counts, in which unit, and which outcome of the model it may be held against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """One thing that is counted.

    Attributes
    ----------
    id : str
    kind : str
        count, stock, ratio, share or amount.
    unit : str
    meaning_en, meaning_es : str
    outcome : str
        Id of the model outcome that it corresponds to; empty where there is none.
    """

    id: str
    kind: str
    unit: str
    meaning_en: str
    meaning_es: str
    outcome: str = ""


_ROWS: tuple[Measure, ...] = (
    Measure("homicides", "count", "deaths", "killings counted", "homicidios contados", "homicides_recorded"),
    Measure(
        "homicide_rate",
        "ratio",
        "per 100,000 a year",
        "killings per 100,000 people, as printed",
        "homicidios por 100 000 habitantes, como se publicó",
    ),
    Measure(
        "gang_share_of_homicides",
        "share",
        "share",
        "share of killings that is gang-related",
        "parte de los homicidios ligada a pandillas",
    ),
    Measure(
        "municipalities_without_homicides",
        "share",
        "share",
        "municipalities without a recorded killing",
        "municipios sin homicidio registrado",
    ),
    Measure(
        "disappearance_reports",
        "count",
        "reports",
        "disappearances reported",
        "desapariciones denunciadas",
        "disappearance_reports",
    ),
    Measure(
        "disappearance_reports_per_month",
        "ratio",
        "reports a month",
        "mean monthly reports of disappearance",
        "media mensual de denuncias de desaparición",
    ),
    Measure(
        "disappearance_reports_change",
        "ratio",
        "percent",
        "change of reports on the year before",
        "cambio de las denuncias frente al año anterior",
    ),
    Measure(
        "extortion_reports", "count", "reports", "extortion reported", "extorsiones denunciadas", "extortion_reports"
    ),
    Measure(
        "extortion_reports_ratio",
        "ratio",
        "ratio",
        "reports over those of the same months a year before",
        "denuncias frente a los mismos meses del año anterior",
    ),
    Measure(
        "extortion_amount_demanded",
        "amount",
        "USD",
        "money demanded in reported cases",
        "dinero exigido en casos denunciados",
    ),
    Measure(
        "paid_by_bus_operators",
        "amount",
        "USD million",
        "paid by bus operators, as claimed",
        "pagado por transportistas, según afirman",
    ),
    Measure("cash_seized_in_raids", "amount", "USD", "cash seized in raids", "efectivo incautado en redadas"),
    Measure(
        "gang_income_per_member_month",
        "amount",
        "USD",
        "gang income per member and month",
        "ingreso de la pandilla por miembro y mes",
    ),
    Measure("gang_income_per_week", "amount", "USD", "gang income per week", "ingreso semanal de la pandilla"),
    Measure("gang_income_per_year", "amount", "USD million", "gang income per year", "ingreso anual de la pandilla"),
    Measure("members_assumed", "amount", "people", "members assumed as a divisor", "miembros supuestos como divisor"),
    Measure("paid_in_recorded_cases", "amount", "USD million", "paid in recorded cases", "pagado en casos registrados"),
    Measure("paid_per_month", "amount", "USD", "paid per month", "pagado al mes"),
    Measure("paid_per_week", "amount", "USD", "paid per week", "pagado a la semana"),
    Measure("paid_per_year", "amount", "USD million", "paid per year", "pagado al año"),
    Measure("total_cost_of_violence", "amount", "percent of GDP", "cost of all violence", "costo de toda la violencia"),
    Measure(
        "victim_cost_per_year",
        "amount",
        "USD million",
        "cost of extortion to victims per year",
        "costo anual de la extorsión para las víctimas",
    ),
    Measure(
        "some_or_much_trust_in_truce",
        "share",
        "share",
        "some or much trust in the truce",
        "algo o mucha confianza en la tregua",
        "support",
    ),
    Measure(
        "little_or_no_trust_in_truce",
        "share",
        "share",
        "little or no trust in the truce",
        "poca o ninguna confianza en la tregua",
    ),
    Measure(
        "truce_reduces_crime_much_or_some",
        "share",
        "share",
        "the truce reduces crime much or somewhat",
        "la tregua reduce mucho o algo la delincuencia",
    ),
    Measure(
        "truce_reduces_crime_little_or_not",
        "share",
        "share",
        "the truce reduces crime little or not at all",
        "la tregua reduce poco o nada la delincuencia",
    ),
    Measure(
        "positive_view_of_truce",
        "share",
        "share",
        "positive view of the truce",
        "opinión positiva de la tregua",
        "support",
    ),
    Measure("negative_view_of_truce", "share", "share", "negative view of the truce", "opinión negativa de la tregua"),
    Measure("for_negotiations", "share", "share", "in favour of negotiating", "a favor de negociar"),
    Measure(
        "against_negotiating_with_gangs",
        "share",
        "share",
        "against negotiating with gangs",
        "en contra de negociar con pandillas",
    ),
    Measure(
        "gangs_cannot_be_trusted_to_keep_promises",
        "share",
        "share",
        "gangs will not keep promises",
        "las pandillas no cumplirán sus promesas",
    ),
    Measure("gangs_gain_most", "share", "share", "gangs gain most", "las pandillas ganan más"),
    Measure("government_gains_most", "share", "share", "the government gains most", "el gobierno gana más"),
    Measure("population_gains_most", "share", "share", "the population gains most", "la población gana más"),
    Measure(
        "truce_has_political_ends", "share", "share", "the truce has political ends", "la tregua tiene fines políticos"
    ),
    Measure("truce_had_no_results", "share", "share", "the truce had no results", "la tregua no tuvo resultados"),
    Measure(
        "votes_swayed_by_both_gangs",
        "amount",
        "votes",
        "votes that both gangs could sway, as claimed",
        "votos que ambas pandillas podrían mover, según se afirma",
    ),
    Measure(
        "votes_asked_of_gangs_first_round",
        "amount",
        "votes",
        "votes asked of gangs, as testified",
        "votos pedidos a pandillas, según testimonio",
    ),
    Measure(
        "payment_by_governing_party_first_round",
        "amount",
        "USD",
        "payment by the governing party, first round, as testified",
        "pago del partido de gobierno, primera vuelta, según testimonio",
    ),
    Measure(
        "payment_by_governing_party_total",
        "amount",
        "USD",
        "payment by the governing party, as testified",
        "pago del partido de gobierno, según testimonio",
    ),
    Measure(
        "payment_by_opposition_party_total",
        "amount",
        "USD",
        "payment by an opposition party, as testified",
        "pago de un partido opositor, según testimonio",
    ),
    Measure("runoff_margin", "amount", "votes", "margin of the second round", "margen de la segunda vuelta"),
    Measure(
        "share_of_registered_electorate_500000",
        "share",
        "share",
        "500,000 votes over the electoral roll",
        "500 000 votos sobre el padrón",
    ),
    Measure(
        "share_of_valid_first_round_votes_120000",
        "share",
        "share",
        "120,000 votes over valid votes",
        "120 000 votos sobre los votos válidos",
    ),
    Measure("members", "stock", "people", "members", "miembros"),
    Measure("members_at_large", "stock", "people", "members at large", "miembros en libertad", "members_active"),
    Measure(
        "members_at_large_minimum",
        "stock",
        "people",
        "members at large, a minimum by definition",
        "miembros en libertad, mínimo por definición",
        "members_active",
    ),
    Measure("members_imprisoned", "stock", "people", "imprisoned members", "miembros presos", "members_imprisoned"),
    Measure(
        "members_imprisoned_or_deported",
        "stock",
        "people",
        "imprisoned or deported members",
        "miembros presos o deportados",
        "members_imprisoned",
    ),
    Measure("members_worldwide", "stock", "people", "members worldwide", "miembros en el mundo"),
    Measure(
        "people_linked",
        "stock",
        "people",
        "people linked to gangs, by formula",
        "personas ligadas a pandillas, por fórmula",
    ),
    Measure("cliques", "stock", "cliques", "cliques", "clicas"),
    Measure("groups_dismantled", "stock", "groups", "groups dismantled", "grupos desarticulados"),
    Measure("programs", "stock", "programmes", "programmes of a gang", "programas de una pandilla"),
    Measure(
        "share_of_prison_population_pct",
        "share",
        "share",
        "gang members among prisoners",
        "pandilleros entre los presos",
    ),
    Measure("prison_population", "stock", "people", "prisoners", "población en prisión"),
    Measure("capacity", "stock", "places", "places in prisons", "plazas en prisiones"),
    Measure(
        "mean_annual_growth",
        "ratio",
        "people a year",
        "mean yearly growth of prisoners",
        "crecimiento medio anual de presos",
    ),
    Measure(
        "prisoners_per_100k", "ratio", "per 100,000", "prisoners per 100,000 people", "presos por 100 000 habitantes"
    ),
    Measure("police_personnel", "stock", "people", "police personnel", "personal policial"),
    Measure(
        "soldiers_in_public_security", "stock", "people", "soldiers in public security", "soldados en seguridad pública"
    ),
    Measure("police_killed", "count", "deaths", "police killed", "policías muertos"),
    Measure(
        "police_and_soldiers_killed",
        "count",
        "deaths",
        "police and soldiers killed",
        "policías y soldados muertos",
        "deaths_of_state",
    ),
    Measure("attacks_on_police", "count", "attacks", "attacks on police", "ataques a la policía"),
    Measure("arrests_for_homicide", "count", "arrests", "arrests for homicide", "capturas por homicidio"),
    Measure("arrests_for_extortion", "count", "arrests", "arrests for extortion", "capturas por extorsión"),
    Measure(
        "gang_members_killed",
        "count",
        "deaths",
        "alleged gang members killed by security forces",
        "presuntos pandilleros muertos por fuerzas de seguridad",
        "deaths_by_state",
    ),
    Measure("gang_members_wounded", "count", "people", "alleged gang members wounded", "presuntos pandilleros heridos"),
    Measure(
        "confrontations",
        "count",
        "clashes",
        "clashes of security forces and gangs",
        "enfrentamientos de fuerzas de seguridad y pandillas",
    ),
    Measure(
        "extralegal_cases_handled",
        "count",
        "cases",
        "cases of extralegal killing handled",
        "casos de ejecución extralegal atendidos",
    ),
    Measure(
        "gang_members_killed_per_100k",
        "ratio",
        "per 100,000",
        "alleged gang members killed per 100,000",
        "presuntos pandilleros muertos por 100 000",
    ),
    Measure(
        "gang_members_killed_per_police_killed",
        "ratio",
        "ratio",
        "killed per police killed",
        "muertos por policía muerto",
    ),
    Measure(
        "gang_members_killed_per_security_force_member_killed",
        "ratio",
        "ratio",
        "killed per member of the forces killed",
        "muertos por agente muerto",
    ),
    Measure("killed_to_wounded_ratio", "ratio", "ratio", "killed over wounded", "muertos por herido"),
    Measure("population", "stock", "people", "people", "habitantes"),
)
MEASURES: dict[str, Measure] = {row.id: row for row in _ROWS}

# Words that a file of the bundled case uses for a measure that needs its own name once files are put together.
SERIES_WORDS: dict[str, dict[str, str]] = {
    "disappearances": {
        "reports": "disappearance_reports",
        "mean_monthly_reports": "disappearance_reports_per_month",
        "change_on_previous_year_pct": "disappearance_reports_change",
    },
    "extortion": {
        "reports": "extortion_reports",
        "reports_ratio_to_same_period_a_year_before": "extortion_reports_ratio",
        "amount_demanded_usd": "extortion_amount_demanded",
        "paid_by_bus_operators_usd_million": "paid_by_bus_operators",
    },
}
