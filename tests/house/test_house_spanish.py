"""Every text of an error exists in Spanish, says the same with the same slots, and is found by its English words."""

from __future__ import annotations

import re

import pytest
from error_text import error_texts, is_prose

from tregua.errors import Problem
from tregua.spanish import BEYOND, FOUND, PART, WHOLE, catalogue, say

_SLOT = re.compile(r"{(\d?)~?}")


def table_of(where: str) -> str:
    """Table of the catalogue that a text is looked up in."""
    return {"found": FOUND, "part": PART}.get(where, WHOLE)


def test_every_text_of_an_error_is_said_in_spanish() -> None:
    known = catalogue()
    lacking = sorted(
        {
            f"{text.place}: {text.template!r} ({table_of(text.where)})"
            for text in error_texts()
            if is_prose(text.template)
            if text.template not in known[table_of(text.where)] and text.template not in known[BEYOND]
        }
    )
    assert lacking == []


def test_no_spanish_is_kept_of_a_text_that_is_gone() -> None:
    there = {(table_of(text.where), text.template) for text in error_texts()}
    kept = {(table, text) for table in (WHOLE, FOUND, PART) for text in catalogue()[table] if " " in text}
    assert sorted(kept - there) == []


@pytest.mark.parametrize("table", [WHOLE, FOUND, PART, BEYOND])
def test_both_languages_have_the_same_slots(table: str) -> None:
    for english, spanish in catalogue()[table].items():
        assert spanish.strip(), english
        given = _SLOT.findall(spanish)
        turn = iter(range(len(given)))
        assert sorted(int(number) if number else next(turn) for number in given) == list(range(english.count("{}"))), (
            english
        )


@pytest.mark.parametrize("table", [WHOLE, FOUND, PART])
def test_a_filled_text_is_not_taken_for_another(table: str) -> None:
    for english, spanish in catalogue()[table].items():
        values = [f"1{n}2" for n in range(english.count("{}"))]
        turn = iter(values)
        told = _SLOT.sub(lambda slot: values[int(slot[1])] if slot[1] else next(turn), spanish)  # noqa: B023
        assert say(english.format(*values) if values else english, table) == told


def test_what_is_quoted_stays_as_it_was_written() -> None:
    problem = Problem("E16", "not a number", "a.csv", 3, "value", "nothing to see in 2012", "a number such as 0.35")
    told = problem.in_language("es")
    assert (told.message, told.found) == ("no es un número", "nothing to see in 2012")
    assert told.place_in("es") == "a.csv línea 3, clave value"
    assert say("parameter nothing is outside its bounds") == "el parámetro nothing está fuera de sus límites"


def test_what_was_found_is_told_as_far_as_it_is_not_quoted() -> None:
    assert say("lines 36, 43, 50 ...", FOUND) == "líneas 36, 43, 50 ..."
    assert say("Invalid value, column 8", FOUND) == "valor no válido, columna 8"
    assert say("12 of 300", FOUND) == "12 de 300"
    assert say("city of light", FOUND) == "city of light"
    assert say("no record", FOUND) == "no record"
    assert say("the mayor and the priest", FOUND) == "the mayor and the priest"


def test_a_text_inside_a_text_is_said_in_spanish_too() -> None:
    assert say("no such decision").startswith("no existe ese momento")
    assert say("add it to sources.csv; did you mean PNC?") == "añádala a sources.csv; ¿quiso decir PNC?"


def test_a_text_that_nobody_translated_stays_in_english() -> None:
    assert say("nobody has written this sentence") == "nobody has written this sentence"
    assert Problem("E16", "not a number").in_language("en").message == "not a number"
