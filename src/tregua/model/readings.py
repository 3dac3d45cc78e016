"""Readings: rival accounts of the facts, laid over a draw of the parameters and over the levers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tregua.errors import ModelError
from tregua.model.levers import Path, Timeline


@dataclass(frozen=True)
class Reading:
    """One reading of the facts.

    Attributes
    ----------
    id, meaning_en, meaning_es : str
    sets : mapping
        Parameter -> value.
    scales : mapping
        Parameter -> factor on the current draw.
    paths : mapping
        Lever -> path laid over every arm, whatever the arm does.
    refit : bool
        True when the overlay changes what the data mean, so that the fitted parameters must be estimated again
        under it before any policy is compared.
    fitted : mapping or None
        The refitted values (a mode) where there is one; None with ``refit`` means "refit needed".
    short : str
        Code of the reading in the literature review (R3, R7b ...), empty if none.
    """

    id: str
    meaning_en: str
    meaning_es: str
    sets: Mapping[str, float] = field(default_factory=dict)
    scales: Mapping[str, float] = field(default_factory=dict)
    paths: Mapping[str, Path] = field(default_factory=dict)
    refit: bool = False
    fitted: Mapping[str, float] | None = None
    short: str = ""

    @property
    def needs_refit(self) -> bool:
        """True where the reading must be refitted and has not been: no number may be shown."""
        return self.refit and self.fitted is None

    def overlay(self, draw: Mapping[str, float]) -> dict[str, float]:
        """Lay the reading over one draw of the parameters.

        Order: refitted values replace the draw's, then factors, then values. Factors act on the draw only where the
        reading has no refitted value of its own (a refitted value already contains the factor).
        """
        if self.needs_refit:
            raise ModelError(
                f"reading {self.id} changes what the data mean and has not been refitted",
                key="reading",
                found=self.id,
                allowed="a reading without refit, or one with refitted values",
                mend="run tregua calibrate for it, or leave it out",
            )
        out = dict(draw)
        fitted = self.fitted or {}
        out.update(fitted)
        for name, factor in self.scales.items():
            if name not in fitted:
                out[name] = out[name] * factor
        out.update(self.sets)
        return out

    def apply(self, timeline: Timeline) -> Timeline:
        """Lay the reading's lever paths over an arm's."""
        for name, path in self.paths.items():
            timeline = timeline.with_path(name, path)
        return timeline
