"""Interlocutors as abstract roles: hidden type, belief about it, removal and return (section 7).

Prosecution and sanctions act on beliefs, never on the truth. Claims: C01-C22, C57-C59, C63. No role is a person.
"""

from __future__ import annotations

import math
from typing import Any

from tregua.model.parameter import Parameter
from tregua.model.relaxation import fraction as fraction

PARAMETERS = (
    Parameter(
        "signal_info",
        "-",
        "nats per yr",
        0.36,
        "HalfN(0.534)",
        0,
        20,
        "varied",
        "accounting",
        "information about a broker's type per year",
        "información por año sobre el tipo de un mediador",
        ("C09", "C11", "C19"),
        "none; 0 admissible",
        "no",
    ),
    Parameter(
        "type_genuine",
        "-",
        "share",
        0.3333,
        "Dirichlet(1,1,1)",
        0,
        1,
        "varied",
        "accounting",
        "prior share of genuine brokers",
        "parte previa de mediadores genuinos",
        ("C01", "C16"),
        "none exists",
        "no",
    ),
    Parameter(
        "type_dual",
        "-",
        "share",
        0.3333,
        "Dirichlet(1,1,1)",
        0,
        1,
        "varied",
        "accounting",
        "prior share of dual brokers",
        "parte previa de mediadores dobles",
        ("C11", "C16"),
        "none exists",
        "no",
    ),
    Parameter(
        "type_agent",
        "-",
        "share",
        0.3333,
        "Dirichlet(1,1,1)",
        0,
        1,
        "varied",
        "accounting",
        "prior share of agents",
        "parte previa de agentes",
        ("C02", "C15"),
        "none exists",
        "no",
    ),
    Parameter(
        "removal_hazard",
        "-",
        "1/yr",
        0.5,
        "LogN(0.5,0.5)",
        0,
        3,
        "varied",
        "accounting",
        "removal of a role believed to be an agent",
        "remoción de un rol que se cree agente",
        ("C05", "C12"),
        "assumption",
        "no",
    ),
    Parameter(
        "broker_supply",
        "-",
        "1/yr",
        0.3,
        "LogN(0.3,0.5)",
        0,
        3,
        "varied",
        "accounting",
        "filling of an empty role",
        "ocupación de un rol vacío",
        ("C12",),
        "assumption",
        "no",
    ),
    Parameter(
        "belief_stickiness",
        "-",
        "share",
        0.7,
        "Beta(7,3)",
        0,
        1,
        "varied",
        "accounting",
        "belief kept after a charge is dropped",
        "creencia que queda al retirarse los cargos",
        ("C18", "C20", "C21"),
        "assumption",
        "no",
    ),
    Parameter(
        "programme_survival",
        "-",
        "share",
        0.8,
        "Beta(8,2)",
        0,
        1,
        "varied",
        "accounting",
        "programme work kept after a removal",
        "trabajo de programa que sobrevive a una remoción",
        ("C22",),
        "C22",
        "no",
    ),
)

GENUINE, DUAL, AGENT = 0, 1, 2


def cover_of(kind: int) -> float:
    """Peace work done by an active role of this type, 0..1."""
    return 0.2 if kind == AGENT else 1.0


def channel_of(kind: int) -> float:
    """Messages carried by an active role of this type, 0..1."""
    return 0.0 if kind == GENUINE else 1.0


def diversion_of(kind: int) -> float:
    """Share of programme money that an active role of this type diverts, 0..1."""
    if kind == GENUINE:
        return 0.0
    return 0.5 if kind == DUAL else 1.0


def drift_of(kind: int) -> float:
    """Direction in which information about a role moves the belief that it is an agent: -1, 0 or 1."""
    if kind == GENUINE:
        return -1.0
    return 0.0 if kind == DUAL else 1.0


def kind_drawn(th: Any, uniform: float) -> int:
    """Type of a fresh role."""
    if uniform <= th.type_genuine:
        return GENUINE
    if uniform <= th.type_genuine + th.type_dual:
        return DUAL
    return AGENT


def prior_log_odds(th: Any) -> float:
    """Log-odds, before any signal, that a role is an agent; the prior is kept inside 1e-6..1-1e-6."""
    agent = min(1.0 - 1e-6, max(1e-6, th.type_agent))
    return math.log(agent / (1.0 - agent))


def believed_agent(belief: float) -> float:
    """Probability that goes with a belief in log-odds."""
    return 1.0 / (1.0 + math.exp(-belief))


def belief_moved(th: Any, belief: float, kind: int, noise: float, years: float) -> float:
    """Belief after a step: a Gaussian log-likelihood walk with `signal_info` nats a year (C09, C11, C18, C19)."""
    information = th.signal_info * years
    return belief + 0.5 * information * drift_of(kind) + math.sqrt(information) * noise


def removal_hazard(th: Any, lv: Any, belief: float) -> float:
    """Hazard (per year) that an active role is removed; acts on the belief (C05, C12)."""
    return th.removal_hazard * (lv.prosecute_brokers + lv.sanction) * believed_agent(belief)


def filling_hazard(th: Any, lv: Any) -> float:
    """Hazard (per year) that an empty role is filled (C12)."""
    return th.broker_supply * (1.0 - 0.5 * min(1.0, lv.prosecute_brokers + lv.sanction))


def belief_returned(th: Any, belief: float, prior: float) -> float:
    """Belief about a role that returns after its charge was dropped: suspicion decays back only partly (C20, C21)."""
    return prior + th.belief_stickiness * (belief - prior)
