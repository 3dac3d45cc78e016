from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from markupsafe import Markup

import tregua.report
from tregua.model.declare import MECHANISMS
from tregua.report.catalogue import LANGUAGES, Catalogue, MissingStringError, slots, strings
from tregua.report.section import slug

FOLDER = Path(str(files(tregua.report)))
DIGITS_ALLOWED = {
    "band.90": {"90"},
    "unit.0-1": {"0", "1"},
    "app.effect.dates": {"03", "04", "2012"},
    "cal.before.out": {"1"},
    "app.shop.set.caption": {"90"},
    "app.shop.who": {"1"},
    "app.shop.write": {"2"},
    "app.shop.table": {"3"},
    "app.shop.talk": {"4"},
    "app.shop.end": {"5"},
}
"""Fixed wordings: the band of 90 in a hundred, the ends of a scale, a day that may be read in two ways, the limit of
what a model hardly ever gives, and the steps of a workshop."""
NEVER = {
    "en": ("forecast", "predict", "lives saved", "optimal", "winner", "best ", "hot spot", "high-risk", "neutralis",
           "significant", "proves", "terrorist", "gang member", "war on"),
    "es": ("pronóstico", "predic", "vidas salvadas", "óptim", "la mejor", "zona roja", "abatid", "neutraliz",
           "demuestra", "comprueba", "terrorista", "pandillero", "marero", "billones"),
}  # fmt: skip
NEGATED = {"harm.notice", "harm.short"}


def test_both_languages_have_the_same_keys():
    assert strings("en").keys() == strings("es").keys()


def test_every_text_has_the_same_slots_in_both_languages():
    english, spanish = strings("en"), strings("es")
    assert [key for key in english if slots(english[key]) != slots(spanish[key])] == []


def test_no_text_is_empty_or_left_in_the_other_language():
    english, spanish = strings("en"), strings("es")
    same = {key for key in english if english[key] == spanish[key] and len(re.findall(r"[a-z]{4,}", english[key])) > 1}
    assert all(text.strip() for text in [*english.values(), *spanish.values()])
    assert same <= {"target.line", "target.line.unsaid"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_result_is_typed_in_a_text(lang):
    for key, text in strings(lang).items():
        told = re.sub(r"\{\w+\}|\b(of|de cada) 100\b", "", text)
        years = {"2012", "2016", "2017"} if key.startswith("decision.") else set()
        assert set(re.findall(r"\d+", told)) <= years | DIGITS_ALLOWED.get(key, set()), key


def test_no_digit_is_typed_in_a_template():
    for path in sorted((FOLDER / "templates").glob("*.j2")):
        text = path.read_text(encoding="utf-8")
        shown = re.sub(r"\{%.*?%\}|\{#.*?#\}", "", text, flags=re.S)
        shown = re.sub(r"\{\{.*?\}\}", "", shown, flags=re.S)
        shown = re.sub(r"<[^>]+>", "", shown)
        assert not re.search(r"\d", shown), (path.name, re.findall(r".{0,20}\d.{0,20}", shown))


def test_every_text_that_the_page_asks_for_exists():
    known = set(strings("en"))
    asked: set[str] = set()
    for path in [*FOLDER.glob("*.py"), *FOLDER.glob("sections/*.py"), *FOLDER.glob("templates/*.j2")]:
        source = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r"\bwords\.(?:text|html)\(\s*[\"']([\w.]+)[\"']", source))
        asked |= set(re.findall(r"(?<![\w.])tx?\('([\w.]+)'\s*[,)]", source))
        asked |= set(re.findall(r"Need\(\"\w+\", \"([\w.]+)\"", source))
    assert len(asked) > 100
    assert sorted(asked - known) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_that_claim_too_much_stand_only_in_the_negated_notice(lang):
    for key, text in strings(lang).items():
        if key not in NEGATED:
            assert [word for word in NEVER[lang] if word in text.lower()] == [], key


def test_a_missing_text_names_its_key():
    with pytest.raises(MissingStringError, match=r"no\.such\.key"):
        Catalogue("en").text("no.such.key")


def test_an_unfilled_slot_is_an_error():
    with pytest.raises(MissingStringError):
        Catalogue("es").html("left.flip", k=1)


def test_an_unknown_language_is_an_error():
    with pytest.raises(MissingStringError, match="no such language"):
        Catalogue("fr")


def test_values_are_escaped_and_markup_is_kept():
    told = Catalogue("en").html("left.flip", k="<b>", n=Markup("<i>2</i>"))
    assert "&lt;b&gt;" in told
    assert "<i>2</i>" in told


def test_names_are_joined_as_a_sentence_does():
    assert Catalogue("en").listing(["a", "b", "c"]) == "a, b and c"
    assert Catalogue("es").listing(["a", "b"]) == "a y b"
    assert Catalogue("es").listing([]) == ""


def test_every_unit_of_a_parameter_has_its_words_in_both_languages():
    units = {one.unit for mechanism in MECHANISMS for one in mechanism.parameters} - {"-"}
    for lang in LANGUAGES:
        assert {unit for unit in units if f"parameter.unit.{slug(unit)}" not in Catalogue(lang)} == set()
