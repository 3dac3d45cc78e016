"""Names: the guard that keeps them out.

Two instruments. `looks_like_a_name` is a rule of thumb for the fields that hold roles. `find_forbidden` searches any
text for the names of the best-known people of the affair through salted, stretched hashes: the list itself is nowhere.
Neither ever repeats what it found.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CAMEL: Final = re.compile(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
_TITLE: Final = re.compile(
    r"\b(?:alias|a\.k\.a\.|aka|mr|mrs|ms|dr|sr|sra|srta|don|doña|gral|cnel|lic|monseñor|fray)\b\.?\s+[A-ZÁÉÍÓÚÑÜ]"
    r"|[\"“«'‘][A-ZÁÉÍÓÚÑÜ][^\"”»'’]{1,40}[\"”»'’]",
    re.IGNORECASE,
)
_JOINS: Final[frozenset[str]] = frozenset({"de", "del", "la", "las", "los", "y", "da", "van", "von", "of", "the"})

SHORTEST: Final = 3
"""Words with fewer letters belong to no forbidden name."""

PLACES: Final[tuple[str, ...]] = (
    "El Salvador", "San Salvador", "Los Angeles", "Los Ángeles", "United States", "Estados Unidos", "East Coast",
    "Costa Este", "Central America", "Centroamérica", "América Central", "Latin America", "América Latina",
    "New York", "Nueva York", "Santa Tecla", "August Town", "São Paulo", "Sao Paulo", "Eighteenth Street",
    "Barrio 18", "Los Ángeles",
)  # fmt: skip
"""Places that may stand in the label of a role."""

_INSTITUTION_WORDS: Final = """
academia academy agency assembly asamblea association asociación attorney attorneys authorities authority
bank banco bishop bulletin cámara catholic católica católico cathedral central centre center chamber church
civil clique clinic coast commission comisión congress consejo constitutional constitucional coroner corte
council county court crime department departamento defence defensa district elections electoral embassy
embajada estado faculty federal fiscalía force forensic forense foundation fundación gangs general gobierno
government group grupo house hospital human iglesia institute instituto interior international
internacional investigation jail journal judicial justice justicia law legal legislative legislativa
library medicine medicina mesa ministry ministerio mission misión national nacional navy newspaper nations
naciones observatory observatorio office oficina organisation organization organización ombudsman
parliament parlamento party partido police policía presidency presidencia press prensa prison prisons
procuraduría programme program programa prosecutor prosecutors public pública público red region republic
república rights sala school secretaría secretary security seguridad senate society sociedad state states
street supreme suprema system tesoro times treasury tribunal truce unidas union unión unit united
universidad university welfare women world youth zone ee uu us usa uk eu un onu oea salvadoran salvadoreño
salvadoreña honduran hondureño hondureña guatemalan guatemalteco german alemán alemana british británico
británica american estadounidense colombian colombiano ecuadorian ecuatoriano ecuatoriana jamaican
jamaicano brazilian brasileño mexican mexicano haitian haitiano belizean español spanish english
"""
INSTITUTIONS: Final[frozenset[str]] = frozenset(_INSTITUTION_WORDS.split())
"""Words with a capital that belong to institutions and countries, not to people (lower case here)."""


def looks_like_a_name(text: str, *, places: Collection[str] = (), strict: bool = False) -> bool:
    """Tell whether a text in a role field looks like the name of a person.

    Parameters
    ----------
    text : str
        A role id or a role label.
    places : collection of str
        Further places of the case that may stand in a label.
    strict : bool
        For labels of roles that a person holds: any capitalised word that is neither first nor known to belong to an
        institution or a place counts.

    Returns
    -------
    bool
        True for two capitalised words in a row that belong to no known institution or place, for an honorific or an
        alias, for a nickname in quotation marks. A rule of thumb: it would rather refuse once too often.
    """
    for place in sorted((*PLACES, *places), key=len, reverse=True):
        text = text.replace(place, " ")
    if _TITLE.search(text):
        return True
    run = 0
    for position, match in enumerate(_WORD.finditer(text)):
        word = match.group()
        plain = word.lower()
        if plain in _JOINS:
            continue
        capital = word[0].isupper() and not (word.isupper() and len(word) > 1)
        if not capital or plain in INSTITUTIONS:
            run = 0
            continue
        run += 1
        if run == 2 or (strict and position > 0):
            return True
    return False


def fold(text: str) -> str:
    """Lower case without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    """Folded words of any text, code and addresses included: split at digits, underscores, hyphens and camel case."""
    return [fold(match.group()) for match in _WORD.finditer(_CAMEL.sub(" ", text).replace("_", " "))]


@dataclass(frozen=True)
class ForbiddenNames:
    """Hashes of words and pairs of words that may stand nowhere.

    Attributes
    ----------
    salt : bytes
    rounds : int
        Of PBKDF2-HMAC-SHA256: a guess costs that many hashes.
    alone : frozenset of str
        Words that are forbidden by themselves (rare surnames).
    part : frozenset of str
        Words that are common by themselves and belong to a forbidden pair.
    pairs : frozenset of str
        Pairs of words, in order, next to each other or with one word between.
    """

    salt: bytes
    rounds: int
    alone: frozenset[str]
    part: frozenset[str]
    pairs: frozenset[str]

    def hash(self, text: str) -> str:
        """Stretched hash of a folded word or of two folded words with a space between."""
        return _stretch(text, self.salt, self.rounds)

    def positions(self, text: str) -> tuple[int, ...]:
        """Places (word numbers from 0) at which a forbidden name stands. The words are never returned."""
        found = words(text)
        keys = {word: self.hash(word) for word in set(found) if len(word) >= SHORTEST}
        alone = {word for word, key in keys.items() if key in self.alone}
        part = {word for word, key in keys.items() if key in self.part}
        found_at = [place for place, word in enumerate(found) if word in alone]
        partial = [(place, word) for place, word in enumerate(found) if word in part]
        for (here, first), (there, second) in _near(partial):
            if self.hash(f"{first} {second}") in self.pairs:
                found_at.extend((here, there))
        return tuple(sorted(set(found_at)))


def _near(places: list[tuple[int, str]]) -> Iterable[tuple[tuple[int, str], tuple[int, str]]]:
    for index, one in enumerate(places):
        for other in places[index + 1 : index + 3]:
            if other[0] - one[0] <= 2:
                yield one, other


@cache
def _stretch(text: str, salt: bytes, rounds: int) -> str:
    return hashlib.pbkdf2_hmac("sha256", text.encode("utf-8"), salt, rounds, dklen=10).hex()


@cache
def forbidden_names() -> ForbiddenNames:
    """The hashes that come with the package."""
    raw = json.loads(resources.files("tregua.ledger").joinpath("forbidden.json").read_text(encoding="utf-8"))
    return ForbiddenNames(
        bytes.fromhex(raw["salt"]),
        int(raw["rounds"]),
        frozenset(raw["alone"]),
        frozenset(raw["part"]),
        frozenset(raw["pairs"]),
    )


def find_forbidden(text: str) -> tuple[int, ...]:
    """Search a text (a page, an export, an error, a file name) for the names that may stand nowhere.

    Returns
    -------
    tuple of int
        Word numbers, from 0; empty where nothing was found. The words themselves are not repeated.
    """
    return forbidden_names().positions(text)
