"""Compliance: cliques comply when their leaders adhere and their orders are obeyed (6.5).

Claims: C40, C41, C43; Katz, Hedberg and Amaya (2016) for the gradient with imprisoned members.
"""

from __future__ import annotations

from tregua.model.parameter import Parameter

PARAMETERS: tuple[Parameter, ...] = ()


def compliance(adhered: float, obeyed: float) -> float:
    """Share of a gang's cliques in an area that keep restraint, k = a x o."""
    return adhered * obeyed
