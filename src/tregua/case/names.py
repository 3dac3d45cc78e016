"""Tell whether a text that should name a role looks like the name of a person. It is never repeated in a message."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

# Frequent given names in Spanish and English: enough to stop a name typed where a role belongs, not a register.
_GIVEN = frozenset(
    """
    aaron abel abigail adam adriana adrian agustin alan alba alberto alejandra alejandro alex alexander alfonso
    alfredo alicia alma alonso alvaro amanda ana andrea andres andrew angel angela angelica anthony antonio ariel
    armando arthur arturo aurora beatriz benjamin bernardo berta brandon brenda brian bryan camila carla carlos
    carmen carolina catalina cecilia cesar charles christian christopher claudia concepcion cristian cristina daniel
    daniela david deborah diana diego dolores domingo donald douglas edgar edith eduardo edward edwin elena elias
    elizabeth elmer elsa emilio emma enrique eric erick ernesto esteban esther eugenio eva evelyn fabian fabio fatima
    federico felipe felix fernanda fernando fidel francisca francisco frank fredy gabriel gabriela george gerardo
    german gilberto gladys gloria gonzalo graciela gregorio guillermo gustavo harold hector helen henry herbert
    hernan hilda hugo ignacio ines irene irma isabel ismael ivan jack jacob jaime james janet javier jeffrey jennifer
    jeremias jerson jessica jesus joaquin joel john jonathan jorge jose joseph josefina joshua josue juan juana
    juanita judith julia julian julio justin karen karina karla kathleen katherine kelly kenneth kevin larry laura
    lawrence leonardo leticia lidia lilian linda lisa lorena lorenzo lucas lucia luis luisa manuel marcela marcelo
    marco marcos margaret margarita maria mariana mario marlon marta martha martin mary mateo matthew mauricio melissa
    melvin mercedes michael michelle miguel miriam mirna moises monica nancy nathan nelson nestor nicolas noe nora
    norma octavio olga omar orlando oscar osvaldo otto pablo pamela patricia patricio patrick paul paula pedro peter
    rafael ramiro ramon raquel raul rebeca rebecca rene ricardo richard rigoberto robert roberto rocio rodolfo rodrigo
    rogelio ronald rosa rosario roxana ruben ruth samuel sandra sara sarah saul scott
    sebastian sergio silvia sofia sonia stephanie stephen steven susan susana teodoro teresa thomas timothy tomas
    ulises valeria vanessa veronica vicente victor victoria vilma vincent virginia walter wendy wilfredo william
    wilmer wilson xavier ximena yesenia yolanda zoila
    """.split()
)
# Words after which a given name is part of a place, and words that show an office or a body.
_PLACE_BEFORE = frozenset("san santa santo ciudad puerto villa".split())
_BODY = frozenset(
    """
    agency alcaldia asamblea asociacion assembly association bank banco bishops cabinet camara center central centro
    chamber church city comision comite commission committee consejo constitutional corte council country court
    defence defense department departamento direccion directorate ejercito embajada embassy executive federation
    fiscalia force fuerza foundation fundacion gobierno government group grupo house iglesia institute instituto
    justice justicia law ministerio ministry mission municipal national nacional nations network newspaper ngo oficina
    office organization organizacion parliament parlamento partido party police policia poll president presidency
    presidencia press prensa prison procuraduria prosecutor red secretaria secretariat senate state states survey
    supremo supreme treasury tribunal united universidad university watch world
    """.split()
)
_ALIAS = re.compile(r"\b(alias|a\.?k\.?a\.?|apodad[oa]|nicknamed)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.lower())
    return "".join(c for c in folded if not unicodedata.combining(c))


def looks_like_a_name(text: str, institutions: Collection[str] = ()) -> bool:
    """True where `text`, a role or an asserter, looks like a person's name.

    Parameters
    ----------
    text : str
        A role id such as ``facilitator_1``, or words such as ``security ministry``.
    institutions : collection of str
        Names of bodies that the case declares (``institutions`` in case.toml); these pass.

    Notes
    -----
    Three signs: a word such as *alias*; a frequent given name that is not part of a place; two capitalised words in
    a row, none of which names an office or a body. A role in small letters with none of them passes.
    """
    if text in institutions:
        return False
    if _ALIAS.search(text):
        return True
    words = _WORD.findall(re.sub(r"\bEl Salvador\b", "", text))
    plain = [_plain(word) for word in words]
    if any(word in _BODY for word in plain):
        return False
    for before, word in zip(["", *plain], plain, strict=False):
        if word in _GIVEN and before not in _PLACE_BEFORE:
            return True
    return any(
        _is_capitalised(one) and _is_capitalised(two) and _plain(one) not in _PLACE_BEFORE
        for one, two in zip(words, words[1:], strict=False)
    )


def _is_capitalised(word: str) -> bool:
    return len(word) > 1 and word[0].isupper() and word[1:].islower()
