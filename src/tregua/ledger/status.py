"""Statuses of what was said: how a part of a claim was put, and where it stands before the law.

The two never collapse into one another or into a property of a person: *charged*, *listed* or *dropped* is a fact
about a procedure. Chips are nouns in both languages, so that no status turns into an adjective of somebody.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

Language = Literal["en", "es"]

Kind = Literal[
    "reported",
    "self_claim",
    "alleged",
    "denial",
    "estimate",
    "opinion",
    "causal_thesis",
    "testimony",
    "unknown",
]
Legal = Literal[
    "none", "listed", "charged", "dropped", "dismissed_without_prejudice", "convicted", "convicted_in_absentia",
    "acquitted", "annulled", "unknown",
]  # fmt: skip

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
LEGALS: Final[tuple[Legal, ...]] = get_args(Legal)

KIND_CHIPS: Final[dict[str, dict[str, str]]] = {
    "reported": {"en": "Reported", "es": "Reporte"},
    "self_claim": {"en": "Own account", "es": "Declaración propia"},
    "alleged": {"en": "Alleged", "es": "Señalamiento"},
    "denial": {"en": "Denied", "es": "Negación"},
    "estimate": {"en": "Estimate", "es": "Estimación"},
    "opinion": {"en": "Opinion", "es": "Opinión"},
    "causal_thesis": {"en": "Causal thesis", "es": "Tesis causal"},
    "testimony": {"en": "Testimony", "es": "Testimonio"},
    "unknown": {"en": "Unknown", "es": "Se desconoce"},
}
"""Chip of a kind, by language."""

LEGAL_CHIPS: Final[dict[str, dict[str, str]]] = {
    "listed": {"en": "Listed by a government", "es": "Inclusión en lista de un gobierno"},
    "charged": {"en": "Charged", "es": "Acusación formal"},
    "dropped": {"en": "Charge dropped", "es": "Acusación retirada"},
    "dismissed_without_prejudice": {
        "en": "Case dismissed without prejudice",
        "es": "Causa desestimada sin perjuicio",
    },
    "convicted": {"en": "Conviction", "es": "Condena"},
    "convicted_in_absentia": {"en": "Conviction in absentia", "es": "Condena en ausencia"},
    "acquitted": {"en": "Acquittal", "es": "Absolución"},
    "annulled": {"en": "Annulled", "es": "Anulación"},
    "unknown": {"en": "Legal outcome unknown", "es": "Desenlace legal desconocido"},
}
"""Chip of a legal state, by language; ``none`` has no chip."""

LEGAL_CAVEATS: Final[dict[str, dict[str, str]]] = {
    "listed": {
        "en": "Being listed is an administrative act, not a finding.",
        "es": "La inclusión en una lista es un acto administrativo, no una prueba.",
    },
    "charged": {"en": "A charge is not a finding.", "es": "Acusar no es probar."},
    "dismissed_without_prejudice": {
        "en": "Without prejudice: the case could be brought again.",
        "es": "Sin perjuicio: la causa podría presentarse de nuevo.",
    },
}
"""What a legal state must always be read with."""

OUTCOMES: Final[frozenset[str]] = frozenset(
    {"dropped", "dismissed_without_prejudice", "convicted", "convicted_in_absentia", "acquitted", "annulled"}
)
"""Legal states that end a charge or an allegation, for now."""

OPEN_LEGALS: Final[frozenset[str]] = frozenset({"listed", "charged", "unknown"})
"""Legal states whose outcome has to be stated, or stated to be unknown."""

ALLEGING_KINDS: Final[frozenset[str]] = frozenset({"alleged", "testimony"})
"""Kinds that are never shown without asserter, status and reply."""


def chips(kind: str, legal: str, lang: str) -> tuple[str, ...]:
    """Chips of one part: how it was put, and its legal state where there is one.

    Parameters
    ----------
    kind, legal : str
        One of `KINDS`; one of `LEGALS`.
    lang : {"en", "es"}

    Returns
    -------
    tuple of str
        One or two nouns. They are never merged: *reported* and *charged* stay two chips.
    """
    first = KIND_CHIPS[kind][lang]
    return (first,) if legal == "none" else (first, LEGAL_CHIPS[legal][lang])
