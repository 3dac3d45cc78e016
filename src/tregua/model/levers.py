"""Levers: the only way in which policy enters. Step functions of time, in days from the start of the model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from tregua.errors import ModelError

Path = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Lever:
    """A lever: its range, its meaning and the claims that bear on it."""

    id: str
    unit: str
    lower: float
    upper: float
    meaning_en: str
    meaning_es: str
    claims: tuple[str, ...] = ()


LEVERS: tuple[Lever, ...] = (
    Lever(
        "contact",
        "0..1",
        0,
        1,
        "how freely jailed leaders reach cliques",
        "con qué libertad los jefes presos llegan a las clicas",
        ("C40", "C41", "C09"),
    ),
    Lever(
        "concession",
        "0..1",
        0,
        1,
        "prison benefits and payments; 1 = package of March 2012",
        "beneficios y pagos en prisión; 1 = paquete de marzo de 2012",
        ("C40", "C42", "C43", "C44"),
    ),
    Lever(
        "commitment",
        "0..1",
        0,
        1,
        "executive backing declared",
        "respaldo declarado del Ejecutivo",
        ("C32", "C35"),
    ),
    Lever("legal", "0..1", 0, 1, "legal framework of the pact", "marco legal del pacto", ("C04", "C36")),
    Lever("transparency", "0..1", 0, 1, "terms published", "términos publicados", ("C42",)),
    Lever("offer", "packages/yr", 0, 5, "programmes promised", "programas prometidos", ("C53",)),
    Lever(
        "programme",
        "packages/yr",
        0,
        5,
        "programme money paid",
        "dinero de programas pagado",
        ("C22", "C24", "C53"),
    ),
    Lever(
        "opposition",
        "0..1",
        0,
        1,
        "mean of four pressures: church, US government, business, parties",
        "media de cuatro presiones: iglesia, gobierno de EE. UU., empresa, partidos",
        ("C37", "C38"),
    ),
    Lever(
        "arrests",
        "multiple",
        0,
        50,
        "arrest effort, 1 = 2009",
        "esfuerzo de captura, 1 = 2009",
        ("C14", "C64"),
    ),
    Lever(
        "conditional",
        "0..1",
        0,
        1,
        "share of arrest effort aimed only at breakers",
        "parte del esfuerzo dirigida solo a quien rompe",
        ("C66",),
    ),
    Lever(
        "lethal",
        "multiple",
        0,
        50,
        "rules of lethal force, 1 = 2009",
        "reglas de fuerza letal, 1 = 2009",
        ("C25", "C26"),
    ),
    Lever(
        "sanction",
        "0..1",
        0,
        1,
        "listing of roles and of the gang",
        "inclusión en listas de roles y de la pandilla",
        ("C01", "C05"),
    ),
    Lever(
        "prosecute_brokers",
        "0..1",
        0,
        1,
        "prosecution of brokers",
        "procesos a mediadores",
        ("C12", "C59", "C63"),
    ),
    Lever("prosecute_principals", "0..1", 0, 1, "prosecution of officials", "procesos a funcionarios", ("C63",)),
    Lever(
        "pacts",
        "0..1",
        0,
        1,
        "election and municipal deals",
        "tratos electorales y municipales",
        ("C49", "C51", "C52"),
    ),
    Lever(
        "own_halt",
        "0..1",
        0,
        1,
        "floor on adherence set by the gangs themselves",
        "piso de adherencia fijado por las propias pandillas",
        (),
    ),
    Lever(
        "endogenous_state",
        "0/1",
        0,
        1,
        "abandonment by the state drawn by the model",
        "abandono del Estado sorteado por el modelo",
        ("C35", "C39"),
    ),
    Lever(
        "weariness",
        "benefit units",
        -2,
        2,
        "added to the adherence threshold (reading gangs_first)",
        "se suma al umbral de adherencia (lectura gangs_first)",
        (),
    ),
    Lever(
        "bargain_extortion",
        "0..1",
        0,
        1,
        "share of extortion that the bargain covers",
        "parte de la extorsión que cubre el trato",
        ("C45", "C46"),
    ),
)
LEVER_IDS: tuple[str, ...] = tuple(lever.id for lever in LEVERS)
LEVER_DTYPE = np.dtype([(name, np.float64) for name in LEVER_IDS])
_BY_ID = {lever.id: lever for lever in LEVERS}


def check_lever(name: str, value: float, *, file: str = "", line: int | None = None) -> None:
    """Refuse an unknown lever, or a value that is not finite or lies outside the lever's range."""
    lever = _BY_ID.get(name)
    if lever is None:
        raise ModelError(
            "no such lever",
            file=file,
            line=line,
            key="lever",
            found=name,
            allowed=", ".join(LEVER_IDS),
            mend="use one of the ids listed",
        )
    if not math.isfinite(value) or not lever.lower <= value <= lever.upper:
        raise ModelError(
            f"lever {name} is outside its range",
            file=file,
            line=line,
            key=name,
            found=value,
            allowed=f"{lever.lower:g} to {lever.upper:g} ({lever.unit})",
            mend="choose a value inside the range",
        )


@dataclass(frozen=True)
class Timeline:
    """Paths of all levers: for each, (day, value) pairs in order of day; 0 before the first pair.

    Raises
    ------
    ModelError
        A lever that does not exist, a value outside its range, or days out of order.
    """

    paths: Mapping[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, path in self.paths.items():
            days = [day for day, _ in path]
            if days != sorted(set(days)):
                raise ModelError(
                    f"the changes of lever {name} are not in order of date",
                    key=name,
                    found=days,
                    allowed="each date once, in order",
                    mend="sort them, drop repeats",
                )
            for _, value in path:
                check_lever(name, value)

    def at(self, name: str, day: float) -> float:
        """Value in force on `day`."""
        value = 0.0
        for since, level in self.paths.get(name, ()):
            if since > day:
                break
            value = level
        return value

    def hold_from(self, day: int, keep: tuple[str, ...] = ()) -> Timeline:
        """Hold every lever at its value of the day before `day`, except those in `keep`, which go on as they are."""
        paths: dict[str, Path] = {}
        for name, path in self.paths.items():
            paths[name] = path if name in keep else tuple(pair for pair in path if pair[0] < day)
        return Timeline(paths)

    def with_level(self, name: str, day: int, value: float) -> Timeline:
        """Set one lever to `value` from `day` on, whatever it did after."""
        before = tuple(pair for pair in self.paths.get(name, ()) if pair[0] < day)
        return Timeline({**self.paths, name: (*before, (day, float(value)))})

    def with_path(self, name: str, path: Path) -> Timeline:
        """Lay `path` over one lever from its first day to its last change; later changes of the lever stand."""
        if not path:
            return self
        first, last = path[0][0], path[-1][0]
        own = self.paths.get(name, ())
        before = tuple(pair for pair in own if pair[0] < first)
        after = tuple(pair for pair in own if pair[0] > last)
        return Timeline({**self.paths, name: (*before, *path, *after)})

    def sample(self, edges: npt.NDArray[np.int64] | npt.NDArray[np.float64]) -> npt.NDArray[np.void]:
        """Mean of each lever over each step.

        Parameters
        ----------
        edges : array, shape (steps + 1,)
            Days at which steps begin, and the day at which the last one ends.

        Returns
        -------
        structured array, shape (steps,)
            One field per lever; the mean over the days of the step, so that a change inside a step counts by days.
        """
        start, end = edges[:-1].astype(float), edges[1:].astype(float)
        out = np.zeros(len(start), LEVER_DTYPE)
        for name in LEVER_IDS:
            values = np.zeros(len(start))
            previous, level = -math.inf, 0.0
            for since, following in (*self.paths.get(name, ()), (math.inf, 0.0)):
                share = (np.minimum(end, since) - np.maximum(start, previous)) / (end - start)
                covered = share >= 1.0
                values[covered] = level
                part = (share > 0.0) & ~covered
                values[part] += share[part] * level
                previous, level = since, following
            out[name] = values
        return out
