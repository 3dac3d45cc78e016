"""Wording: the fixed sentences of the ledger, in both languages, with the same hedges."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, str]]] = {
    "unknown": {"en": "unknown", "es": "se desconoce"},
    "reply": {"en": "Reply", "es": "Respuesta"},
    "reply_none": {"en": "No reply is recorded here", "es": "Aquí no consta respuesta"},
    "reply_within": {"en": "The reply stands in the same claim", "es": "La respuesta está en la misma afirmación"},
    "outcome": {"en": "Outcome", "es": "Desenlace"},
    "no_date": {"en": "no date given", "es": "sin fecha"},
    "no_publisher": {"en": "publisher not given", "es": "sin editor conocido"},
    "no_place": {"en": "where in it is not given", "es": "sin indicar en qué parte"},
    "outcome_unknown": {"en": "Outcome unknown to us", "es": "No conocemos el desenlace"},
    "contradicts": {"en": "Contradicted by", "es": "En contradicción con"},
    "qualifies": {"en": "Narrowed by", "es": "Matizado por"},
    "supports": {"en": "Supported by", "es": "Apoyado por"},
    "supersedes": {"en": "Followed by", "es": "Seguido por"},
    "answers": {"en": "Replies to", "es": "Responde a"},
    "bears_on": {"en": "Bears on", "es": "Incide en"},
    "tells": {"en": "Tells", "es": "Aporta"},
    "source": {"en": "Source", "es": "Fuente"},
    "asserted": {"en": "said", "es": "dicho"},
    "period": {"en": "about", "es": "sobre"},
    "by": {"en": "by", "es": "por"},
    "about": {"en": "about", "es": "sobre"},
    "grade": {"en": "grade", "es": "grado"},
    "graded_by": {"en": "graded by", "es": "graduado por"},
    "hedged": {"en": "The source itself hedges.", "es": "La propia fuente lo matiza."},
    "no_home": {"en": "No place in the model", "es": "Sin lugar en el modelo"},
    "not_valued": {"en": "Not evaluated: concerns a person", "es": "No se evalúa: concierne a una persona"},
    "all_fit": {"en": "Fits every reading: it tells us little.", "es": "Encaja con todas las lecturas: nos dice poco."},
    "no_reading": {"en": "Speaks to no reading.", "es": "No habla de ninguna lectura."},
    "fits": {"en": "Fits {readings}", "es": "Encaja con {readings}"},
    "against": {"en": "does not fit {readings}", "es": "no encaja con {readings}"},
    "against_only": {"en": "Does not fit {readings}", "es": "No encaja con {readings}"},
    "open": {"en": "leaves the others open", "es": "deja abiertas las demás"},
    "single": {"en": "Rests on one asserter: {role}.", "es": "Se apoya en una sola voz: {role}."},
    "assumption": {"en": "Assumption. Nobody has measured this.", "es": "Supuesto. Nadie lo ha medido."},
    "and": {"en": "and", "es": "y"},
}  # fmt: skip
"""Fixed words by key and language."""

TARGET_WORDS: Final[dict[str, dict[str, str]]] = {
    "mechanism": {"en": "mechanism", "es": "mecanismo"},
    "parameter": {"en": "parameter", "es": "parámetro"},
    "lever": {"en": "lever", "es": "palanca"},
    "outcome": {"en": "outcome", "es": "resultado"},
    "observation": {"en": "series", "es": "serie"},
    "pattern": {"en": "pattern", "es": "patrón"},
    "reading": {"en": "reading", "es": "lectura"},
    "arm": {"en": "response", "es": "respuesta"},
    "guard_rail": {"en": "guard rail", "es": "salvaguarda"},
}
"""Words for what a claim can bear on."""

DIRECTION_WORDS: Final[dict[str, dict[str, str]]] = {
    "supports": {"en": "supports", "es": "apoya"},
    "against": {"en": "speaks against", "es": "habla en contra"},
    "consistent": {"en": "fits", "es": "encaja"},
    "inconsistent": {"en": "does not fit", "es": "no encaja"},
    "neutral": {"en": "bears on, either way", "es": "incide, sin inclinar"},
}
"""Words for the direction of a link."""

RELIABILITY_WORDS: Final[dict[str, dict[str, str]]] = {
    "A": {"en": "source completely reliable", "es": "fuente del todo fiable"},
    "B": {"en": "source usually reliable", "es": "fuente por lo general fiable"},
    "C": {"en": "source fairly reliable", "es": "fuente bastante fiable"},
    "D": {"en": "source not usually reliable", "es": "fuente por lo general no fiable"},
    "E": {"en": "source unreliable", "es": "fuente no fiable"},
    "F": {"en": "reliability of the source cannot be judged", "es": "no puede juzgarse la fiabilidad de la fuente"},
}
"""First character of an Admiralty grade."""

CREDIBILITY_WORDS: Final[dict[str, dict[str, str]]] = {
    "1": {"en": "confirmed by others", "es": "confirmado por otros"},
    "2": {"en": "probably so", "es": "probable"},
    "3": {"en": "possibly so", "es": "posible"},
    "4": {"en": "doubtful", "es": "dudoso"},
    "5": {"en": "improbable", "es": "improbable"},
    "6": {"en": "whether it is true is not judged", "es": "no se juzga si es cierto"},
}
"""Second character of an Admiralty grade."""

NOTICE: Final[dict[str, str]] = {
    "en": (
        "Attributed statements, not findings. Nothing here says anything about any person. Out of scope: case work, "
        "policing, asylum or immigration decisions, sanction listing, sentencing."
    ),
    "es": (
        "Afirmaciones atribuidas, no conclusiones. Nada de lo que hay aquí dice algo sobre ninguna persona. Fuera de "
        "alcance: casos concretos, labores policiales, decisiones de asilo o migración, listas de sanciones y "
        "sentencias."
    ),
}
"""What stands in every export."""


def say(key: str, lang: str, **slots: str) -> str:
    """A fixed sentence in one language, with its slots filled.

    Parameters
    ----------
    key : str
        Key of `TEXTS`.
    lang : {"en", "es"}
    **slots : str
        Values for the slots of the sentence.
    """
    text = TEXTS[key][lang]
    return text.format(**slots) if slots else text


def joined(words: tuple[str, ...] | list[str], lang: str) -> str:
    """``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    link = TEXTS["and"][lang]
    if lang == "es" and words[-1][:1].lower() == "i":
        link = "e"
    return f"{', '.join(words[:-1])} {link} {words[-1]}"
