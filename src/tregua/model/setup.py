"""From a world to a place: the setup seed splits members over areas and gangs (section 3)."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from tregua.model import draws
from tregua.model.parameter import keyed_stream
from tregua.model.state import (
    PLACE_AREA,
    PLACE_CELL,
    PLACE_GANG,
    PLACE_ROLE,
    SWITCHES,
    Floats,
    Place,
    records,
)
from tregua.model.world import World


def _normal(seed: int, purpose: str, *ids: str) -> float:
    return draws.normal(_uniform(seed, purpose, *ids))


def _uniform(seed: int, purpose: str, *ids: str) -> float:
    return draws.uniform(draws.join(draws.mix(seed), draws.id_key(purpose, "/".join(ids))), 1)


def _standardised(values: Floats, weights: Floats) -> Floats:
    """Centre and scale to mean 0 and sd 1, weighted by members; zeros where there is no spread."""
    total = weights.sum()
    if total <= 0:
        return np.zeros_like(values)
    mean = math.fsum(values * weights) / total
    spread = math.sqrt(math.fsum((values - mean) ** 2 * weights) / total)
    return (values - mean) / spread if spread > 1e-12 else np.zeros_like(values)


def gang_shares(world: World, seed: int) -> Floats:
    """Local shares of the gangs: one Dirichlet draw per area, shares under the floor set to zero; shape (m, g)."""
    out = np.zeros((len(world.areas), len(world.gangs)))
    means = np.array([gang.share for gang in world.gangs])
    for row, area in enumerate(world.areas):
        stream = keyed_stream(seed, f"split/{area.id}")
        weights = world.split_concentration * means
        local = np.array(
            [
                keyed_stream(seed, f"split/{area.id}/{gang.id}").gamma(weight) if weight > 0 else 0.0
                for gang, weight in zip(world.gangs, weights, strict=True)
            ]
        )
        if local.sum() <= 0:
            local = means * 1.0
            local[int(stream.integers(len(means)))] += 1.0
        local = local / math.fsum(local)
        local[local < world.split_floor] = 0.0
        out[row] = local / math.fsum(local)
    return out


def place(
    world: World,
    setup_seed: int = 0,
    *,
    rivalry: Floats | None = None,
    active: Mapping[str, float] | None = None,
    arrest_mode: str = "hazard",
    crowding_scope: str = "area",
) -> Place:
    """Split a world over areas and gangs.

    Parameters
    ----------
    world : World
        Areas and gangs in any order; the place holds them in order of id.
    setup_seed : int
        Keys the split, the prisoners' origins and the differences between cliques; not the run seed.
    rivalry : array, shape (g, g), optional
        Weights F of victim h for attacker g with their own diagonal, in order of gang id; None gives 1 between gangs
        and clique_rivalry within.
    active : mapping, optional
        Gang id -> members, one area only: sets the start instead of the split.
    arrest_mode : {"hazard", "number"}
    crowding_scope : {"area", "own"}
    """
    areas = sorted(world.areas, key=lambda a: a.id)
    gangs = sorted(world.gangs, key=lambda g: g.id)
    world = World(**{**world.__dict__, "areas": tuple(areas), "gangs": tuple(gangs)})
    population = np.array([a.population for a in areas], float)
    presence = np.array([a.population * a.urban_share if a.presence is None else a.presence for a in areas], float)
    if presence.sum() <= 0:
        presence = population.copy()
    presence = presence / math.fsum(presence)
    shape = (len(areas), len(gangs))
    members = np.zeros(shape)
    if gangs and active is not None:
        members[0] = [active[g.id] for g in gangs]
    elif gangs:
        share = gang_shares(world, setup_seed)
        for m, a in enumerate(areas):
            for g, gang in enumerate(gangs):
                chance = _uniform(setup_seed, "members", a.id, gang.id)
                members[m, g] = math.floor(world.members_active * presence[m] * share[m, g] + chance)
    prisoners = _prisoners(world, setup_seed, members, population)
    density = np.zeros(shape)
    clique = np.zeros(shape)
    for g, gang in enumerate(gangs):
        if world.prison_by_presence:
            here = members[:, g] > 0
            logs = np.where(here, np.log((prisoners[:, g] + 0.5) / population), 0.0)
            density[:, g] = np.where(here, _standardised(logs, members[:, g]), 0.0)
        raw = np.array([_normal(setup_seed, "clique", a.id, gang.id) for a in areas])
        clique[:, g] = _standardised(raw, members[:, g])
    inside, outside = prisoners.sum(axis=0), members.sum(axis=0)
    weights = np.ones((len(gangs), len(gangs))) if rivalry is None else np.asarray(rivalry, float)
    out = Place(
        records(PLACE_CELL, *shape),
        records(PLACE_AREA, len(areas)),
        records(PLACE_GANG, len(gangs)),
        records(PLACE_ROLE, len(world.broker_roles)),
        weights,
        records(SWITCHES, 1),
    )
    out.cell["active"], out.cell["imprisoned"] = members, prisoners
    out.cell["calmados"] = np.floor(world.calmado_share * members)
    out.cell["prison_density"], out.cell["clique_draw"] = density, clique
    out.area["population"] = population
    out.area["municipalities"] = [a.municipalities for a in areas]
    out.area["youth"] = np.floor(world.youth_share * population)
    out.area["key"] = [draws.id_key("area", a.id) for a in areas]
    out.gang["size_start"] = outside
    out.gang["prison_reference"] = np.divide(
        inside, inside + outside, out=np.zeros(len(gangs)), where=inside + outside > 0
    )
    out.gang["key"] = [draws.id_key("gang", g.id) for g in gangs]
    out.role["key"] = [draws.id_key("role", name) for name in world.broker_roles]
    for m in range(len(areas)):
        for g in range(len(gangs)):
            out.cell["key"][m, g] = draws.join(int(out.area["key"][m]), int(out.gang["key"][g]))
    switch = out.switch[0]
    switch.arrest_by_number = float(arrest_mode == "number")
    switch.crowding_by_own = float(crowding_scope == "own")
    switch.own_diagonal = float(rivalry is not None)
    switch.mixing = world.mixing_reference or 0.0
    return out


def _prisoners(world: World, seed: int, members: Floats, population: Floats) -> Floats:
    """Members in prison by area of origin; shape (m, g)."""
    total = members.sum()
    out = np.zeros_like(members)
    if total <= 0:
        return out
    for g, gang in enumerate(world.gangs):
        national = world.members_imprisoned * members[:, g].sum() / total
        if world.prison_by_presence:
            local = members[:, g] / population
            country = members[:, g].sum() / population.sum()
            weight = np.zeros(len(world.areas))
            for m, area in enumerate(world.areas):
                if members[m, g] > 0:
                    noise = math.exp(0.6 * _normal(seed, "prisoners", area.id, gang.id))
                    weight[m] = population[m] * (local[m] / country) ** world.prison_presence * noise
        else:
            weight = members[:, g].copy()
        scale = math.fsum(weight)
        for m, area in enumerate(world.areas):
            if scale > 0:
                chance = _uniform(seed, "prisoners_rounded", area.id, gang.id)
                out[m, g] = math.floor(national * weight[m] / scale + chance)
    return out
