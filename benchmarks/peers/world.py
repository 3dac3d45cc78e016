"""The declared worlds and parameters of the reduced model, and of the epidemic, as lists that any peer can read."""

from __future__ import annotations

from typing import Any

import numpy as np

YEARS = 7.0 / 365.25
THETA = {
    "years": YEARS, "contest_rate": 0.0443, "branching": 0.3239, "forget_rate": 365.25 / 28.0, "adherence_rate": 4.0,
    "hide_truce": 0.1645, "hide_rate": 1.0 / 0.6238, "member_victim_share": 0.5, "background_rate": 26.78,
    "saturation_share": 0.02, "calm_rate": 0.07087, "relapse_rate": 0.12, "retire_rate": 0.10, "recruit_rate": 0.1733,
}  # fmt: skip
"""The defaults of the full model where it has the parameter; per year."""


def country(areas: int, gangs: int, weeks: int, scale: float = 1.0, seed: int = 1) -> dict[str, Any]:
    """An invented country: people lognormal over areas, members in proportion, a truce in the middle third.

    Parameters
    ----------
    areas, gangs, weeks : int
    scale : float
        Size of the country; 1 is 6.2 million people with 31,000 active members.
    seed : int
    """
    rng = np.random.default_rng(seed)
    weight = rng.lognormal(0.0, 1.0, areas)
    population = np.maximum(200.0, 6_200_000 * scale * weight / weight.sum())
    share = rng.dirichlet(np.full(gangs, 1.5), areas)
    active = np.floor(0.005 * population[:, None] * share + rng.random((areas, gangs)))
    calmados = np.floor(0.0015 * population[:, None] * share + rng.random((areas, gangs)))
    rivalry = np.full((gangs, gangs), 1.0)
    np.fill_diagonal(rivalry, 0.5)
    local = active.sum(axis=1, keepdims=True)
    shares = np.divide(active, local, out=np.zeros_like(active), where=local > 0)
    mixing = float((active * (1.0 - 0.5 * shares)).sum() / active.sum())
    offer = np.where((np.arange(weeks) >= weeks // 3) & (np.arange(weeks) < 2 * weeks // 3), 0.8, 0.0)
    return {
        "theta": THETA,
        "mixing": mixing,
        "population": population.tolist(),
        "rivalry": rivalry.tolist(),
        "obedience": rng.uniform(0.5, 0.95, (areas, gangs)).tolist(),
        "will": np.linspace(1.0, 0.7, gangs).tolist(),
        "offer": offer.tolist(),
        "active": active.tolist(),
        "calmados": calmados.tolist(),
    }


def epidemic(groups: int = 16, days: int = 180, people: float = 1_000_000.0) -> dict[str, Any]:
    """A population in groups that mix unevenly, a day a step."""
    rng = np.random.default_rng(7)
    size = np.floor(people * rng.dirichlet(np.full(groups, 8.0)))
    contacts = 8.0 * rng.dirichlet(np.full(groups, 2.0), groups)
    infected = np.full(groups, 10.0)
    return {
        "size": size.tolist(), "contacts": contacts.tolist(), "infected": infected.tolist(), "days": days,
        "transmission": 0.04, "recovery": 0.15,
    }  # fmt: skip
