"""Where the parameters of a run come from: a posterior, provisional joint draws, or priors alone.

A posterior is used where one belongs to this model and these figures; else the joint draws that a case brings, which
no gate has tested; else priors. Parameters that were not fitted are drawn from their priors in every case, each from
a stream of its own, and the first k draws are the same for every n.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from tregua.case.posterior import Gate, Posterior, posteriors_of
from tregua.errors import UsageError
from tregua.model.parameter import draw_priors, keyed_stream

if TYPE_CHECKING:
    from tregua.case.load import Case
    from tregua.model.parameter import Parameter

Kind = Literal["posterior", "provisional", "prior"]
KINDS: tuple[Kind, ...] = ("posterior", "provisional", "prior")


@dataclass(frozen=True)
class DrawSource:
    """Where parameters come from.

    Attributes
    ----------
    case : Case
    kind : {"posterior", "provisional", "prior"}
    posteriors : mapping
        Reading -> posterior that is used; empty unless `kind` is posterior.
    set_aside : mapping
        Reading -> posterior that belongs to another model or other figures.
    """

    case: Case = field(repr=False)
    kind: Kind
    posteriors: Mapping[str, Posterior] = field(default_factory=dict, repr=False)
    set_aside: Mapping[str, Posterior] = field(default_factory=dict, repr=False)

    @property
    def main(self) -> Posterior | None:
        """Posterior of the first reading that needs no fit of its own."""
        return next((p for name, p in self.posteriors.items() if not self.case.readings[name].refit), None)

    @property
    def gate(self) -> Gate:
        """State of the gate of what is used, the worst over readings; not run without a posterior."""
        states = {posterior.gate for posterior in self.posteriors.values()}
        if self.main is None or "not_run" in states:
            return "not_run"
        return "failed" if "failed" in states else "passed"

    @property
    def address(self) -> str:
        """What tells results of different draws apart; empty for the joint draws that the hash of the case covers."""
        if self.kind == "provisional":
            return ""
        if self.kind == "prior":
            return "prior" if self.case.draws else ""
        return " ".join(f"{name}:{found.digest[:16]}" for name, found in sorted(self.posteriors.items()))

    @property
    def fitted(self) -> tuple[str, ...]:
        """Parameters drawn together."""
        if self.main is not None:
            return self.main.names
        return tuple(self.case.draws[0]) if self.kind == "provisional" else ()

    @property
    def joint(self) -> tuple[dict[str, float], ...]:
        """The joint draws themselves; empty where there are none."""
        if self.main is not None:
            return tuple(self.main.row(i) for i in range(len(self.main.rows)))
        return self.case.draws if self.kind == "provisional" else ()

    def without(self, names: Iterable[str]) -> DrawSource:
        """The same source with some parameters left to their priors."""
        left = set(names)
        if not left or not self.posteriors:
            return self
        taken = {}
        for reading, found in self.posteriors.items():
            kept = [j for j, name in enumerate(found.names) if name not in left]
            taken[reading] = replace(found, names=tuple(found.names[j] for j in kept), rows=found.rows[:, kept])
        return replace(self, posteriors=taken)

    def can_run(self, reading: str) -> bool:
        """Whether a reading may be shown: one that needs a fit of its own has one."""
        rule = self.case.readings[reading]
        return not rule.needs_refit or reading in self.posteriors or self.kind == "prior"

    def rows(self, n: int, seed: int, parameters: Mapping[str, Parameter]) -> list[dict[str, float]]:
        """Joint draws of all parameters before a reading is laid over them.

        Parameters
        ----------
        n : int
            Draws, >= 1.
        seed : int
        parameters : mapping
            All declared parameters, those of replaced mechanisms included.
        """
        drawn = draw_priors((p for p in parameters.values() if p.role != "fixed"), n, seed)
        main = self.main
        joint = len(main.rows) if main is not None else len(self.case.draws) if self.kind == "provisional" else 0
        order = self._order(joint, seed)
        out = []
        for i in range(n):
            values = {name: p.default for name, p in parameters.items() if p.role == "fixed"}
            values.update({name: float(column[i]) for name, column in drawn.items()})
            if main is not None:
                values.update(main.row(order[i % joint]))
            elif joint:
                values.update(self.case.draws[order[i % joint]])
            values.update(self.case.parameter_overrides)
            out.append(values)
        return out

    def overlaid(self, row: Mapping[str, float], number: int, seed: int, reading: str) -> dict[str, float]:
        """One draw under a reading: its own joint draw where it has been fitted, then what it sets.

        Parameters
        ----------
        row : mapping
            From `rows`.
        number : int
            Its number there.
        seed : int
            As in `rows`.
        reading : str
        """
        rule = self.case.readings[reading]
        mine = self.posteriors.get(reading) if rule.refit else None
        if mine is not None:
            order = self._order(len(mine.rows), seed)
            rule = replace(rule, fitted=mine.row(order[number % len(order)]))
        elif rule.refit and self.kind == "prior":
            rule = replace(rule, refit=False, fitted=None)
        return rule.overlay(row)

    def _order(self, joint: int, seed: int) -> list[int]:
        cached = self.__dict__.setdefault("_orders", {})
        if (joint, seed) not in cached:
            found = keyed_stream(seed, "joint draws").permutation(joint) if joint else np.zeros(0, int)
            cached[joint, seed] = found.tolist()
        order: list[int] = cached[joint, seed]
        return order


def draw_source(
    case: Case, model: str, *, asked: str = "", own: Path | None = None, readings: Mapping[str, object] | None = None
) -> DrawSource:
    """The best source that there is, or the one asked for.

    Parameters
    ----------
    case : Case
    model : str
        Hash of the model that will run.
    asked : str
        ``posterior``, ``provisional`` or ``prior``; empty for the best.
    own : Path, optional
        Folder of one's own posteriors.

    Raises
    ------
    UsageError
        Asked for something unknown, or for draws that do not exist for this model and these figures.
    """
    if asked not in ("", *KINDS):
        raise UsageError(
            "no such source of draws",
            key="--draws-from",
            found=asked,
            allowed=", ".join(KINDS),
            mend="leave it out for the best source that there is",
        )
    found = posteriors_of(case, model, own) if asked in ("", "posterior") else {}
    used = {name: p for name, p in found.items() if p.usable}
    aside = {name: p for name, p in found.items() if not p.usable}
    if any(not case.readings[name].refit for name in used):
        return DrawSource(case, "posterior", used, aside)
    if asked == "posterior":
        other = next(iter(aside.values()), None)
        raise UsageError(
            "there is no posterior for this model and these figures",
            key="--draws-from",
            found="none" if other is None else f"one of {other.standing.replace('_', ' ')}",
            allowed="a posterior of this model, fitted to this case",
            mend=f"run tregua calibrate {case.id}, or leave --draws-from out",
        )
    if case.draws and asked != "prior":
        return DrawSource(case, "provisional", {}, aside)
    if asked == "provisional":
        raise UsageError(
            "this case brings no joint draws",
            key="--draws-from",
            found="none",
            allowed="a case with draws.csv",
            mend="use --draws-from prior",
        )
    return DrawSource(case, "prior", {}, aside)
