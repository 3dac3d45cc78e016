"""A made-up country of any number of areas, for tests and for scale.

No head count of municipalities and no gang census by area exists, so a fine partition has to be invented: the totals of
departments, of members and of prisoners are real, everything below them is drawn. Nothing simulated here is a statement
about a real place, and no area carries the name of one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tregua.errors import ModelError
from tregua.model import draws
from tregua.model.world import Area, Gang, World

SIZE_SPREAD = 1.05
SIZE_FLOOR = 900.0
URBAN_SIZE = 15_000.0
URBAN_SLOPE = 0.8
URBAN_SPREAD = 0.7
PRESENCE_RURAL = 0.15
PRESENCE_SPREAD = 0.6
SPLIT_CONCENTRATION = 2.5
SPLIT_FLOOR = 0.06


@dataclass(frozen=True)
class Department:
    """What is known of a part of the country.

    Attributes
    ----------
    id : str
        Prefix of the ids of its invented areas.
    population : float
        People, > 0.
    municipalities : int
        Municipalities, >= 1; the department's weight when areas are allotted.
    """

    id: str
    population: float
    municipalities: int


# Populations of 2013: WIKI_DEP2016. Municipalities: DIGESTYC2007.
DEPARTMENTS: tuple[Department, ...] = (
    Department("SV-AH", 333_406, 12),
    Department("SV-CA", 164_945, 9),
    Department("SV-CH", 204_808, 33),
    Department("SV-CU", 252_528, 16),
    Department("SV-LI", 747_662, 22),
    Department("SV-MO", 199_519, 26),
    Department("SV-PA", 328_221, 22),
    Department("SV-SA", 572_081, 13),
    Department("SV-SM", 478_792, 20),
    Department("SV-SO", 463_732, 16),
    Department("SV-SS", 1_740_847, 19),
    Department("SV-SV", 174_561, 13),
    Department("SV-UN", 263_271, 18),
    Department("SV-US", 366_040, 23),
)
# Mean shares are those of the inmate count: VICE.
GANGS: tuple[Gang, ...] = (
    Gang("MS13", "MS13", 0.55, "ms13"),
    Gang("B18S", "B18S", 0.215, "b18"),
    Gang("B18R", "B18R", 0.235, "b18"),
)


def _normal(seed: int, purpose: str, identifier: str) -> float:
    return draws.normal(draws.uniform(draws.join(draws.mix(seed), draws.id_key(purpose, identifier)), 1))


def largest_remainder(weights: Sequence[float], total: int, least: int = 1) -> list[int]:
    """Share `total` whole things in proportion to weights, at least `least` each; ties go to the earlier.

    Parameters
    ----------
    weights : sequence of float
        > 0.
    total : int
        At least ``least`` times the number of weights.
    """
    quota = [weight / math.fsum(weights) * total for weight in weights]
    out = [max(least, math.floor(q)) for q in quota]
    while sum(out) < total:
        out[max(range(len(out)), key=lambda i: (quota[i] - out[i], -i))] += 1
    while sum(out) > total:
        spare = [i for i in range(len(out)) if out[i] > least]
        out[min(spare, key=lambda i: (quota[i] - out[i], i))] -= 1
    return out


def _populations(department: Department, ids: Sequence[str], seed: int) -> list[float]:
    """Log-normal sizes that add up to the department; small ones are lifted to the floor, the rest rescaled once."""
    raw = [math.exp(SIZE_SPREAD * _normal(seed, "size", name)) for name in ids]
    scale = department.population / math.fsum(raw)
    sizes = [scale * size for size in raw]
    large = math.fsum(size for size in sizes if size >= SIZE_FLOOR)
    small = sum(size < SIZE_FLOOR for size in sizes)
    rest = department.population - SIZE_FLOOR * small
    if rest <= 0.0 or large <= 0.0:
        raise ModelError(
            f"too many areas for the people of department {department.id}",
            key="n_areas",
            found=len(ids),
            allowed=f"areas of {SIZE_FLOOR:g} people and more",
            mend="ask for fewer areas",
        )
    return [SIZE_FLOOR if size < SIZE_FLOOR else size * rest / large for size in sizes]


def synthetic_country(
    n_areas: int,
    seed: int = 0,
    *,
    departments: Sequence[Department] = DEPARTMENTS,
    gangs: tuple[Gang, ...] = GANGS,
    start: date = date(2009, 1, 1),
) -> World:
    """A country of `n_areas` invented areas inside real departments.

    Members, prisoners and calmados are split when the world is placed (`tregua.model.setup.place`), with the same seed.

    Parameters
    ----------
    n_areas : int
        At least one for each department.
    seed : int
        Setup seed; keys every draw by area id and purpose.
    departments : sequence of Department
    gangs : tuple of Gang
    start : date
        Day 0.

    Raises
    ------
    ModelError
        Fewer areas than departments, or so many that areas would be empty.
    """
    if n_areas < len(departments):
        raise ModelError(
            "fewer areas than departments",
            key="n_areas",
            found=n_areas,
            allowed=f"{len(departments)} or more",
            mend="ask for one area for each department at least",
        )
    counts = largest_remainder([d.municipalities for d in departments], n_areas)
    areas: list[Area] = []
    for department, count in zip(departments, counts, strict=True):
        ids = [f"{department.id}-{k + 1:03d}" for k in range(count)]
        share = largest_remainder([1.0] * count, max(count, department.municipalities))
        for name, population, municipalities in zip(ids, _populations(department, ids, seed), share, strict=True):
            odds = URBAN_SLOPE * math.log(population / URBAN_SIZE) + URBAN_SPREAD * _normal(seed, "urban", name)
            urban = 1.0 / (1.0 + math.exp(-odds))
            noise = math.exp(PRESENCE_SPREAD * _normal(seed, "presence", name))
            areas.append(
                Area(
                    id=name,
                    name=name,
                    population=population,
                    urban_share=urban,
                    municipalities=municipalities,
                    presence=population * (PRESENCE_RURAL + urban) * noise,
                )
            )
    return World(
        areas=tuple(areas),
        gangs=gangs,
        start=start,
        split_concentration=SPLIT_CONCENTRATION,
        split_floor=SPLIT_FLOOR,
        prison_by_presence=True,
    )
