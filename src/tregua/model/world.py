"""What a case gives the model: areas, gangs and the levels at the start. Plain values, no files."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from tregua.errors import ModelError


@dataclass(frozen=True)
class Area:
    """A place in which people live and gangs compete.

    Attributes
    ----------
    id : str
        Identifier; draws are keyed by its hash, so the order of areas never matters.
    population : float
        People, > 0.
    urban_share : float
        Share of the population in towns, 0..1; weights the split of members.
    municipalities : int
        Municipalities in the area, >= 1; turns captured shares into an expected number.
    presence : float or None
        Weight of gang presence; None means population x urban share.
    """

    id: str
    name: str
    population: float
    urban_share: float
    municipalities: int = 1
    presence: float | None = None


@dataclass(frozen=True)
class Gang:
    """A gang: its mean share of all members, and the parameters that carry its name.

    `family` is the suffix of the gang's own parameters (``command_0_<family>``, ``prison_leverage_<family>``).
    """

    id: str
    name: str
    share: float
    family: str


@dataclass(frozen=True)
class World:
    """Everything about a place that the equations need, at the start date.

    Attributes
    ----------
    areas, gangs : tuples of Area and Gang
        Any number of each; no gang at all is allowed.
    start : date
        Day 0 of the model.
    members_active, members_imprisoned : float
        People nationally at the start, before the setup seed splits them.
    calmado_share : float
        Calmados per active member at the start.
    youth_share : float
        At-risk youth over population.
    split_concentration : float
        Concentration of the Dirichlet draw that splits an area's members over gangs.
    split_floor : float
        Local shares below this are set to zero (0 keeps all).
    prison_presence : float
        0 = prisoners independent of local presence, 1 = proportional (fine partitions only).
    prison_by_presence : bool
        False splits prisoners in proportion to members; True uses `prison_presence`.
    broker_roles : tuple of str
        Abstract roles; never persons.
    mixing_reference : float or None
        Mixing of the pack that a counterfactual is compared with; None computes its own.
    """

    areas: tuple[Area, ...]
    gangs: tuple[Gang, ...]
    start: date
    members_active: float = 26_000.0
    members_imprisoned: float = 7_200.0
    calmado_share: float = 0.17
    youth_share: float = 0.04
    split_concentration: float = 8.0
    split_floor: float = 0.0
    prison_presence: float = 0.1
    prison_by_presence: bool = False
    broker_roles: tuple[str, ...] = ("facilitator_1", "facilitator_2", "organisation_1", "organisation_2")
    mixing_reference: float | None = None

    def __post_init__(self) -> None:
        for kind, items in (("area", self.areas), ("gang", self.gangs)):
            ids = [item.id for item in items]
            for name in sorted({i for i in ids if ids.count(i) > 1}):
                raise ModelError(
                    f"two {kind}s share one id",
                    key=f"{kind}.id",
                    found=name,
                    allowed="each id once",
                    mend=f"rename one of the {kind}s",
                )
        if not self.areas:
            raise ModelError("a world needs at least one area", key="areas", mend="add an area")
        for area in self.areas:
            if not 0 < area.population < math.inf:
                raise ModelError(
                    "an area has no population",
                    key=f"area {area.id}, population",
                    found=area.population,
                    allowed="a number above 0",
                    mend="give its population, or leave the area out",
                )
            if not 0 <= area.urban_share <= 1:
                raise ModelError(
                    "a share lies outside 0..1",
                    key=f"area {area.id}, urban_share",
                    found=area.urban_share,
                    allowed="0 to 1",
                    mend="write the share as a fraction",
                )
        for gang in self.gangs:
            if not gang.share >= 0:
                raise ModelError(
                    "a gang's share is not a share",
                    key=f"gang {gang.id}, share",
                    found=gang.share,
                    allowed="0 or more",
                    mend="give the mean share of members",
                )
        # above one part in so many gangs, every share of an area could fall under the floor
        floor = 1.0 / len(self.gangs) if self.gangs else 1.0
        ranges = {
            "members_active": (0.0, math.inf),
            "members_imprisoned": (0.0, math.inf),
            "calmado_share": (0.0, math.inf),
            "youth_share": (0.0, 1.0),
            "split_concentration": (1e-6, math.inf),
            "split_floor": (0.0, floor),
            "prison_presence": (-10.0, 10.0),
        }
        for name, (lower, upper) in ranges.items():
            value = getattr(self, name)
            if not (lower <= value <= upper and math.isfinite(value)):
                raise ModelError(
                    "a number of the world is outside its range",
                    key=name,
                    found=value,
                    allowed=f"{lower:g} to {upper:g}",
                    mend="choose a value inside the range",
                )

    def day(self, when: date) -> int:
        """Days from the start of the model to `when`."""
        return (when - self.start).days
