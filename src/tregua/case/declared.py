"""Ids that the links of a ledger may point to: those of the model, and those of the case."""

from __future__ import annotations

from collections.abc import Iterable


def declared_ids(
    readings: Iterable[str] = (), arms: Iterable[str] = (), observations: Iterable[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Kind -> ids in their fixed order; a kind of the case whose ids are not given is left out, and so is not checked.

    Parameters
    ----------
    readings, arms, observations : iterable of str
        Ids of the case.
    """
    from tregua.model.declare import MECHANISMS, PARAMETERS
    from tregua.model.levers import LEVERS
    from tregua.model.outcomes import OUTCOMES
    from tregua.series.measure import MEASURES

    out: dict[str, tuple[str, ...]] = {
        "mechanism": tuple(mechanism.id for mechanism in MECHANISMS),
        "parameter": tuple(PARAMETERS),
        "lever": tuple(lever.id for lever in LEVERS),
        "outcome": tuple(OUTCOMES),
        "observation": tuple(dict.fromkeys((*MEASURES, *observations))),
    }
    for kind, ids in (("reading", tuple(readings)), ("arm", tuple(dict.fromkeys(arms)))):
        if ids:
            out[kind] = ids
    return out
