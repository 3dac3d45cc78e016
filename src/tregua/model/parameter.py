"""Parameters and their priors: the declaration from which draws, sliders, help and the ODD document are made."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tregua.errors import ModelError

Floats = npt.NDArray[np.float64]
_CANDIDATES = 8


@dataclass(frozen=True)
class Prior:
    """A prior in the notation of the tables, for example ``LogN(26,0.35)``.

    Families: ``LogN(median, log sd)``, ``LgtN(median, logit sd)``, ``N(mean, sd)``, ``HalfN(sd)``, ``Beta(a,b)``,
    ``U(lower, upper)``, ``Gamma(shape, mean x)``, ``x/U(lower, upper)``, ``Dirichlet(a,b,c)`` (one component of a
    joint draw) and ``fixed``.

    Raises
    ------
    ModelError
        A notation that is none of these.
    """

    text: str

    def __post_init__(self) -> None:
        self._parse()

    def _parse(self) -> tuple[str, tuple[float, ...]]:
        text = self.text.replace(" ", "")
        if text == "fixed":
            return "fixed", ()
        inverse = re.fullmatch(r"([\d.]+)/U\(([\d.]+),([\d.]+)\)", text)
        if inverse:
            return "inverse_uniform", tuple(float(x) for x in inverse.groups())
        call = re.fullmatch(r"(LogN|LgtN|N|HalfN|Beta|U|Gamma|Dirichlet)\((.+)\)", text)
        if not call:
            raise ModelError(
                "a prior is written in an unknown way",
                key="prior",
                found=self.text,
                allowed="LogN, LgtN, N, HalfN, Beta, U, Gamma, x/U, Dirichlet or fixed",
                mend="write it like LogN(26,0.35)",
            )
        return call.group(1), tuple(float(part.removeprefix("mean")) for part in call.group(2).split(","))

    @property
    def family(self) -> str:
        return self._parse()[0]

    def sample(self, stream: np.random.Generator, n: int) -> Floats:
        """Draw `n` values; the first k values do not depend on n."""
        family, args = self._parse()
        if family == "LogN":
            return args[0] * np.exp(args[1] * stream.standard_normal(n))
        if family == "LgtN":
            centre = math.log(args[0] / (1 - args[0]))
            return 1.0 / (1.0 + np.exp(-(centre + args[1] * stream.standard_normal(n))))
        if family == "N":
            return args[0] + args[1] * stream.standard_normal(n)
        if family == "HalfN":
            return np.abs(args[0] * stream.standard_normal(n))
        if family == "Beta":
            return stream.beta(args[0], args[1], n)
        if family == "U":
            return args[0] + (args[1] - args[0]) * stream.random(n)
        if family == "Gamma":
            return stream.gamma(args[0], args[1] / args[0], n)
        if family == "inverse_uniform":
            return args[0] / (args[1] + (args[2] - args[1]) * stream.random(n))
        if family == "Dirichlet":
            return stream.dirichlet(args, n)[:, 0]
        raise ModelError("a fixed parameter has no prior to draw from", key="prior", found=self.text)


@dataclass(frozen=True)
class Parameter:
    """One parameter of the model.

    Attributes
    ----------
    name, symbol, unit : str
    default : float
        Mode (fitted) or prior median (varied).
    prior : str
        See `Prior`.
    lower, upper : float
        Bounds; a value outside them is refused.
    role : str
        ``fitted`` (estimated jointly), ``varied`` (drawn from its prior) or ``fixed``.
    tier : str
        ``core`` (always varied) or ``accounting`` (varied where its own outcome is shown).
    meaning_en, meaning_es : str
    claims : tuple of str
        Claims of the ledger that bear on it.
    evidence : str
        What the value rests on; "assumption" where nobody has measured it.
    identifiable : str
        ``yes``, ``part`` or ``no``: how far the figures to 2013 narrow the prior.
    """

    name: str
    symbol: str
    unit: str
    default: float
    prior: str
    lower: float
    upper: float
    role: str
    tier: str
    meaning_en: str
    meaning_es: str
    claims: tuple[str, ...] = ()
    evidence: str = "assumption"
    identifiable: str = "no"

    def __post_init__(self) -> None:
        Prior(self.prior)
        if self.role not in ("fitted", "varied", "fixed"):
            raise ModelError(
                "a parameter has no such role",
                key=f"{self.name}.role",
                found=self.role,
                allowed="fitted, varied or fixed",
            )
        if not self.lower <= self.default <= self.upper:
            raise ModelError(
                "a default lies outside its own bounds",
                key=f"{self.name}.default",
                found=self.default,
                allowed=f"{self.lower:g} to {self.upper:g}",
            )

    @property
    def is_assumption(self) -> bool:
        return "assum" in self.evidence or "none" in self.evidence

    def check(self, value: float, *, file: str = "", line: int | None = None) -> None:
        """Refuse a value that is not finite or lies outside the bounds."""
        if not math.isfinite(value) or not self.lower <= value <= self.upper:
            raise ModelError(
                f"parameter {self.name} is outside its bounds",
                file=file,
                line=line,
                key=self.name,
                found=value,
                allowed=f"{self.lower:g} to {self.upper:g} ({self.unit})",
                mend="choose a value inside the bounds",
            )


def keyed_stream(seed: int, name: str) -> np.random.Generator:
    """Generator that depends on the seed and a name only, so that adding a parameter moves no other."""
    digest = hashlib.blake2b(f"{seed}:{name}".encode(), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "little")))


def draw_priors(parameters: Iterable[Parameter], n: int, seed: int) -> dict[str, Floats]:
    """Independent prior draws, each inside its bounds.

    A draw outside the bounds is replaced by the next of eight candidates of the same row that lies inside (then by
    the nearest bound), so that the first k rows are the same for every n. Parameters with one Dirichlet prior are
    drawn together and sum to one.

    Returns
    -------
    dict
        Name -> array, shape (n,).
    """
    out: dict[str, Floats] = {}
    simplex: dict[str, list[Parameter]] = {}
    for parameter in parameters:
        prior = Prior(parameter.prior)
        if prior.family == "fixed":
            out[parameter.name] = np.full(n, parameter.default)
        elif prior.family == "Dirichlet":
            simplex.setdefault(parameter.prior, []).append(parameter)
        else:
            rows = prior.sample(keyed_stream(seed, parameter.name), n * _CANDIDATES).reshape(n, _CANDIDATES)
            inside = (rows >= parameter.lower) & (rows <= parameter.upper)
            first = np.argmax(inside, axis=1)
            chosen = rows[np.arange(n), first]
            out[parameter.name] = np.clip(chosen, parameter.lower, parameter.upper)
    for text, members in simplex.items():
        weights = [float(x) for x in text[len("Dirichlet(") : -1].split(",")]
        joint = keyed_stream(seed, members[0].name).dirichlet(weights, n)
        for column, parameter in enumerate(members):
            out[parameter.name] = joint[:, column]
    return out


def check_values(values: Mapping[str, float], parameters: Mapping[str, Parameter], *, file: str = "") -> None:
    """Refuse unknown names and values out of bounds."""
    for name, value in values.items():
        if name not in parameters:
            raise ModelError(
                "no such parameter",
                file=file,
                key=name,
                found=name,
                allowed="an id of the parameter table",
                mend="see `tregua odd` for the list",
            )
        parameters[name].check(value, file=file)
