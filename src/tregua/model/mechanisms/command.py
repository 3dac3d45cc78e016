"""Command of the leadership over cliques: reach, obedience and growth (6.5, 6.9).

Contact carries command and can replace none of it. Claims: C40, C41, C43, C61. Leaders seen to be paid in
secret face revolt (C43).
"""

from __future__ import annotations

import math
from typing import Any

from tregua.model.parameter import Parameter

PARAMETERS = (
    Parameter(
        "command_0_ms13",
        "C0",
        "0..1",
        0.5196,
        "LgtN(0.5,0.5)",
        0.02,
        0.98,
        "fitted",
        "core",
        "hold of the leadership on cliques at the start",
        "mando inicial de la jefatura sobre las clicas",
        ("C40", "C41", "C61"),
        "B.8, assumption",
        "no",
    ),
    Parameter(
        "command_0_b18",
        "C0",
        "0..1",
        0.4494,
        "LgtN(0.4,0.5)",
        0.02,
        0.98,
        "fitted",
        "core",
        "hold of the leadership on cliques at the start",
        "mando inicial de la jefatura sobre las clicas",
        ("C40", "C41", "C61"),
        "B.8, assumption",
        "no",
    ),
    Parameter(
        "command_gain",
        "-",
        "1/yr",
        0.4365,
        "LogN(0.6,0.5)",
        0,
        5,
        "fitted",
        "core",
        "growth of command where orders travel",
        "crecimiento del mando donde las órdenes circulan",
        ("C41", "C61"),
        "review range",
        "no",
    ),
    Parameter(
        "obedience_power",
        "-",
        "log-odds",
        3.813,
        "LogN(4,0.25)",
        0,
        10,
        "fitted",
        "core",
        "steepness of obedience in command times reach",
        "pendiente de la obediencia en mando por alcance",
        ("C41",),
        "command control (test 12) only",
        "no",
    ),
    Parameter(
        "obedience_scale",
        "-",
        "0..1",
        0.32,
        "fixed",
        0.1,
        1,
        "fixed",
        "core",
        "command times reach at which half of cliques obey",
        "mando por alcance con que obedece la mitad",
        ("C41",),
        "convention; acts as one number with command_0",
        "no",
    ),
    Parameter(
        "prison_leverage_ms13",
        "-",
        "logit per sd",
        1.0,
        "LogN(1,0.5)",
        -1,
        3,
        "varied",
        "accounting",
        "effect of local imprisoned members on obedience",
        "efecto de los presos locales en la obediencia",
        ("C40",),
        "B.2 (F6)",
        "no",
    ),
    Parameter(
        "prison_leverage_b18",
        "-",
        "logit per sd",
        0,
        "N(0,0.2)",
        -1,
        3,
        "varied",
        "accounting",
        "effect of local imprisoned members on obedience",
        "efecto de los presos locales en la obediencia",
        ("C40",),
        "B.2 (F6)",
        "no",
    ),
    Parameter(
        "clique_sd",
        "-",
        "logit",
        0.8,
        "LogN(0.8,0.3)",
        0,
        2,
        "varied",
        "accounting",
        "differences between cliques in obedience",
        "diferencias de obediencia entre clicas",
        ("C41",),
        "B.3",
        "no",
    ),
    Parameter(
        "rent_revolt",
        "-",
        "logit; 1/yr",
        0.3,
        "LogN(0.3,0.35)",
        0,
        5,
        "varied",
        "core",
        "revolt against leaders seen to be paid in secret",
        "revuelta contra jefes pagados en secreto",
        ("C43",),
        "A.2; reading leader_split sets 2.5",
        "no",
    ),
    Parameter(
        "message_share",
        "-",
        "share",
        0.3,
        "Beta(3,7)",
        0,
        1,
        "varied",
        "accounting",
        "share of lost contact that messengers replace",
        "parte del contacto perdido que suplen los mensajeros",
        ("C09", "C27"),
        "assumption",
        "no",
    ),
    Parameter(
        "linking_command",
        "-",
        "1/yr per package",
        0.20,
        "HalfN(0.3)",
        0,
        2,
        "varied",
        "accounting",
        "command bought with diverted programme money",
        "mando comprado con dinero desviado de programas",
        ("C10", "C12"),
        "assumption",
        "no",
    ),
)


def messages(th: Any, contact: float, carried: float) -> float:
    """Effective contact through prison walls and messengers; `carried` = access x channel of the brokers."""
    return contact + (1.0 - contact) * th.message_share * min(1.0, carried)


def reach(effective_contact: float, own_halt: float, active: float, imprisoned: float) -> float:
    """How far an order travels; an order of the gangs' own travels through leaders at large."""
    total = active + imprisoned
    if total <= 0.0:
        return effective_contact
    return max(effective_contact, own_halt * active / total)


def revolt(th: Any, lv: Any, concession: float, exposure: float) -> float:
    """Revolt against leaders seen to be paid in secret: taken from log-odds of obedience and from command (C43)."""
    return th.rent_revolt * exposure * concession * (1.0 - lv.transparency)


def obedience_odds(th: Any, command: float, reach_of_gang: float, revolt_now: float) -> float:
    """Odds that the average clique would obey an order now: a power of command x reach, 0 without command (C41)."""
    carried = command * reach_of_gang
    if carried <= 0.0:
        return 0.0
    return math.exp(th.obedience_power * math.log(carried / th.obedience_scale) - revolt_now)


def clique_odds(leverage: float, prison_density: float, clique_sd: float, clique_draw: float) -> float:
    """Factor on the odds for one gang in one area: local imprisoned members and differences between cliques."""
    return math.exp(leverage * prison_density + clique_sd * clique_draw)


def obedience(odds: float, factor: float) -> float:
    """Share of a gang's cliques in an area that would obey, 0..1."""
    combined = odds * factor
    return combined / (1.0 + combined)


def reference_loss(th: Any, command_start: float, contact_start: float) -> float:
    """Loss of command (per year) that keeps it steady under the levers of the start (section 4)."""
    if contact_start >= 1.0:
        return 0.0
    return th.command_gain * contact_start * (1.0 - command_start) / (1.0 - contact_start)


def command_step(
    th: Any,
    command: float,
    reach_of_gang: float,
    prison_ratio: float,
    bought: float,
    loss_start: float,
    revolt_now: float,
    years: float,
) -> float:
    """Command after a step: the exact logistic solution of 6.9.

    `prison_ratio` is the gang's share in prison over its share at the start; `bought` is diversion x programme x flow.
    """
    gain = th.command_gain * reach_of_gang * min(prison_ratio, 3.0) + th.linking_command * bought
    loss = loss_start * (1.0 - reach_of_gang) + revolt_now
    net = gain - loss
    if abs(net * years) < 1e-12:
        return command / (1.0 + gain * command * years)
    growth = math.exp(net * years)
    return command * growth / (1.0 + (gain * command / net) * (growth - 1.0))
