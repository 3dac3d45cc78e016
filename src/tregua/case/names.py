"""Tell whether a text that should name a role looks like the name of a person. It is never repeated in a message."""

from __future__ import annotations

from collections.abc import Collection

from tregua.ledger.name import looks_like_a_name as looks_like_a_written_name
from tregua.ledger.name import words

# Frequent given names in Spanish and English: enough to stop a name typed where a role belongs, not a register.
_GIVEN_WORDS = """
aaron abel abigail adam adriana adrian agustin alan alberto alejandra alejandro alex alexander alfonso alfredo
alicia alonso alvaro amanda ana andrea andres andrew angela angelica anthony antonio ariel armando arthur arturo
beatriz benjamin bernardo berta brandon brenda brian bryan camila carla carlos carmen carolina catalina cecilia cesar
charles christian christopher claudia cristian cristina daniel daniela david deborah diana diego domingo donald
douglas edgar edith eduardo edward edwin elena elias elizabeth elmer elsa emilio emma enrique eric erick ernesto
esteban esther eugenio evelyn fabian fabio federico felipe felix fernanda fernando fidel francisca francisco frank
fredy gabriel gabriela george gerardo gilberto gladys gonzalo graciela gregorio guillermo gustavo harold hector helen
henry herbert hernan hilda hugo ignacio irene irma isabel ismael ivan jacob jaime james janet javier jeffrey jennifer
jeremias jerson jessica joaquin joel john jonathan jorge jose joseph josefina joshua josue juan juana juanita judith
julia julian julio justin karen karina karla kathleen katherine kelly kenneth kevin larry laura lawrence leonardo
leticia lidia lilian linda lorena lorenzo lucas lucia luis luisa manuel marcela marcelo marco marcos margaret
margarita maria mariana mario marlon marta martha martin mary mateo matthew mauricio melissa melvin michael michelle
miguel miriam mirna moises monica nancy nathan nelson nestor nicolas nora norma octavio olga omar orlando oscar
osvaldo otto pablo pamela patricia patricio patrick paul paula pedro peter rafael ramiro ramon raquel raul rebeca
rebecca rene ricardo richard rigoberto robert roberto rodolfo rodrigo rogelio ronald roxana ruben ruth samuel sandra
sara sarah saul scott sebastian sergio silvia sofia sonia stephanie stephen steven susan susana teodoro teresa thomas
timothy tomas ulises valeria vanessa veronica vicente victor vilma vincent walter wendy wilfredo william wilmer
wilson xavier ximena yesenia yolanda zoila
"""
_GIVEN = frozenset(_GIVEN_WORDS.split())
# After these a given name is part of a place.
_BEFORE_A_PLACE = frozenset({"san", "santa", "santo", "ciudad", "puerto", "villa", "st", "saint", "sao"})


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
    The rule of the ledger (capitalised words in a row, aliases, honorifics), and one more for ids, which have no
    capitals: a frequent given name that is not part of a place.
    """
    if looks_like_a_written_name(text, places=institutions):
        return True
    plain = words(text)
    return any(
        word in _GIVEN and before not in _BEFORE_A_PLACE for before, word in zip(["", *plain], plain, strict=False)
    )
