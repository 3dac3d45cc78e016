"""A small valid ledger, as texts that tests copy and spoil."""

from __future__ import annotations

from collections.abc import Mapping

from tregua.errors import LedgerError, Problem
from tregua.ledger import Ledger, parse_ledger

ROLES = """\
[[role]]
id = "editors"
kind = "group"
label_en = "the editors"
label_es = "quienes editan"

[[role]]
id = "paper"
kind = "text"
label_en = "the paper"
label_es = "el periódico"

[[role]]
id = "prosecutors"
kind = "institution"
label_en = "the prosecutors"
label_es = "la fiscalía"

[[role]]
id = "broker"
kind = "person"
label_en = "the broker"
label_es = "el mediador"

[[role]]
id = "truce"
kind = "topic"
label_en = "the truce"
label_es = "la tregua"
"""

SOURCES = """\
[[source]]
key = "PAPER"
kind = "press"
publisher = "A newspaper"
title = "A report"
date = "2016-05"
locator = "https://example.org/somebody-by-name"

[[source]]
key = "STUDY"
kind = "paper"
publisher = "A press"
title = "Killings & truces: 50 % less?"
date = "2017"
authors = ["Writer, Ann", "Other"]
container = "A Journal"
volume = "3"
pages = "1-9"
doi = "10.1000/abc"
"""

CLAIMS = """\
[[claim]]
id = "C01"
asserter = "prosecutors"
subject = "broker"
about_person = true
asserted = "2016-05-01"
period = "unknown"
source = "PAPER"
place = "p. 1"
grade = "B6"
part = [
  { kind = "alleged", en = "The prosecutors allege that he passed messages.", es = "Según la fiscalía, mediaba." },
]
link = [
  { to = "lever:contact", how = "supports", en = "Messages travel.", es = "Los mensajes viajan." },
  { to = "reading:*", how = "consistent", en = "Everybody talks.", es = "Todos hablan." },
]

[[claim]]
id = "C02"
asserter = "broker"
subject = "broker"
about_person = true
asserted = "unknown"
period = "unknown"
source = "PAPER"
place = "p. 2"
grade = "B6"
part = [
  { kind = "denial", en = "The broker says that it was his work.", es = "El mediador dice que era su trabajo." },
]
link = [
  { to = "reading:good", how = "consistent", en = "So he says.", es = "Así lo dice." },
  { to = "reading:bad", how = "inconsistent", en = "So he says.", es = "Así lo dice." },
]

[[claim]]
id = "C03"
asserter = "paper"
subject = "truce"
about_person = false
asserted = "2016-05"
period = "2012-03/2013"
source = "PAPER"
place = "p. 3"
grade = "B2"
part = [
  { kind = "reported", en = "The paper reports that killings fell.", es = "El periódico informa que bajaron." },
  { kind = "causal_thesis", by = "prosecutors", en = "The prosecutors argue why.", es = "La fiscalía dice por qué." },
]
link = [
  { to = ["parameter:rate", "pattern:P1"], how = "supports", en = "A count.", es = "Un conteo." },
  { to = "reading:good", how = "consistent", en = "It fits.", es = "Encaja." },
]

[[claim]]
id = "Q01"
asserter = "editors"
subject = "truce"
about_person = false
asserted = "2017"
period = "unknown"
source = "STUDY"
place = "abstract"
grade = "A2"
part = [
  { kind = "estimate", en = "The editors put it at half.", es = "Quienes editan lo calculan en la mitad." },
]
no_home = { en = "The model has no place for it.", es = "El modelo no tiene lugar para ello." }
"""

RELATIONS = """\
[[relation]]
from = "C02"
kind = "replies_to"
to = "C01"
en = "It gives another reason."
es = "Da otra razón."

[[relation]]
from = "Q01"
kind = "contradicts"
to = "C03"
en = "Other numbers."
es = "Otros números."
"""

ITEMS = """\
[[assumption]]
to = "parameter:guess"
en = "Nobody measured it."
es = "Nadie lo midió."

[[pattern]]
id = "P1"
en = "A fall"
es = "Una baja"

[[guard_rail]]
id = "roles_only"
en = "Roles only"
es = "Solo roles"
"""

SMALL: Mapping[str, str] = {
    "claims.toml": CLAIMS,
    "items.toml": ITEMS,
    "relations.toml": RELATIONS,
    "roles.toml": ROLES,
    "sources.toml": SOURCES,
}
DECLARED: Mapping[str, tuple[str, ...]] = {
    "parameter": ("rate", "guess"),
    "lever": ("contact",),
    "reading": ("good", "bad"),
}


def spoiled(file: str, old: str, new: str) -> dict[str, str]:
    """The small ledger with one text replaced, which must stand in the file exactly once."""
    text = SMALL[file]
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    return {**SMALL, file: text.replace(old, new)}


def problems(texts: Mapping[str, str]) -> tuple[Problem, ...]:
    """What is wrong with a ledger; empty where nothing is."""
    try:
        parse_ledger(texts)
    except LedgerError as error:
        return error.problems
    return ()


def small() -> Ledger:
    """The small ledger."""
    return parse_ledger(SMALL)
