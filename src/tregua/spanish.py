"""Errors in Spanish: an English text is found in a catalogue by its words, and what was filled into it is kept.

The sources hold English only, so that an error stands where it arises as it reads. ``spanish.json`` gives for each text
what it says in Spanish, ``{}`` standing for what is filled in: ``{}`` in turn or ``{0}``, ``{1}`` out of turn as it
is, ``{~}`` and ``{0~}`` where it is a text too. Three tables keep apart what is told (``whole``), what was found
(``found``; most of it is quoted from a person and stays as it is) and what is filled in (``part``); ``beyond`` holds
what no source of ours says: the system, the parser of TOML, a list put together; ``usage`` what the library says that
reads the options. A text that is not in them stays in English.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

WHOLE, FOUND, PART, BEYOND, USAGE = "whole", "found", "part", "beyond", "usage"
# A text of what was found that has fewer letters of its own is too close to what a person may write:
# its slots then take numbers and dates only.
FEW_LETTERS = 5
_SLOT = re.compile(r"{(\d?)(~?)}")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """The tables of ``spanish.json``: table, English text, Spanish text."""
    tables: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("spanish.json").read_text(encoding="utf-8"))
    return tables


def say(text: str, table: str = WHOLE) -> str:
    """A text of an error in Spanish, or as it is where the catalogue does not have it.

    Parameters
    ----------
    text : str
        In English.
    table : str
        ``whole``, ``found``, ``part`` or ``usage``.
    """
    known = _known(table)
    if text in known:
        return known[text]
    for template, pieces in _templates(table):
        if all(piece in text for piece in pieces):
            match = _pattern(template, narrow=_is_close_to_words_of_a_person(template, table)).fullmatch(text)
            if match:
                return _fill(known[template], match.groups(), USAGE if table == USAGE else PART)
    return text


@cache
def _known(table: str) -> dict[str, str]:
    return catalogue()[BEYOND] | catalogue()[table]


@cache
def _templates(table: str) -> tuple[tuple[str, list[str]], ...]:
    """Texts with slots, those with most words of their own first, each with the pieces between its slots."""
    slotted = sorted((t for t in _known(table) if "{}" in t), key=lambda t: -len(t.replace("{}", "")))
    return tuple((template, template.split("{}")) for template in slotted)


def _is_close_to_words_of_a_person(template: str, table: str) -> bool:
    quoted = table == FOUND and template in catalogue()[FOUND]
    return quoted and sum(letter.isalpha() for letter in template) < FEW_LETTERS


@cache
def _pattern(template: str, *, narrow: bool) -> re.Pattern[str]:
    slot = r"([^A-Za-z]*\d[^A-Za-z]*)" if narrow else "(.*?)"
    return re.compile(slot.join(map(re.escape, template.split("{}"))), re.DOTALL)


def _fill(spanish: str, values: tuple[str, ...], inside: str) -> str:
    turn = iter(values)

    def value(slot: re.Match[str]) -> str:
        number, is_text = slot.groups()
        given = values[int(number)] if number else next(turn)
        return say(given, inside) if is_text else given

    return _SLOT.sub(value, spanish)
