"""No personal name stands anywhere: in the package, in what it prints or exports. The list itself is hashes."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest

import tregua
from tregua.ledger import Ledger, find_forbidden, render_claim
from tregua.ledger.export import to_bibtex, to_csl_json, to_csv, to_json, to_json_ld
from tregua.ledger.name import ForbiddenNames, fold, forbidden_names, looks_like_a_name, words
from tregua.ledger.status import LANGUAGES

PACKAGE = Path(tregua.__file__).resolve().parent
REPOSITORY = PACKAGE.parent.parent
BINARY = {".woff2", ".woff", ".ttf", ".png", ".ico", ".pyc", ".parquet", ".npz"}


def readable(folder: Path) -> list[Path]:
    """Text files below a folder, bytecode and fonts left aside."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in BINARY and "__pycache__" not in path.parts
    ]


def test_no_file_of_the_package_holds_a_forbidden_name() -> None:
    files = readable(PACKAGE)
    assert len(files) > 100
    # Only the path is told: what was found is not repeated.
    guilty = [
        str(path.relative_to(PACKAGE))
        for path in files
        if find_forbidden(path.read_text(encoding="utf-8", errors="replace"))
        or find_forbidden(str(path.relative_to(PACKAGE)))
    ]
    assert guilty == []


@pytest.mark.parametrize("folder", ["tests", "docs", "benchmarks"])
def test_nothing_beside_the_package_holds_a_forbidden_name(folder: str) -> None:
    if not (REPOSITORY / folder).is_dir():
        pytest.skip("installed without the repository")
    guilty = [
        str(path.relative_to(REPOSITORY))
        for path in readable(REPOSITORY / folder)
        if find_forbidden(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert guilty == []


def test_no_export_and_no_view_holds_a_forbidden_name(bundled: Ledger) -> None:
    texts = [to_json(bundled), to_bibtex(bundled), to_csl_json(bundled), *to_csv(bundled).values()]
    for lang in LANGUAGES:
        texts.append(to_json_ld(bundled, lang))
        texts.extend(render_claim(bundled, claim, lang).box for claim in bundled.claims)
    assert not any(find_forbidden(text) for text in texts)


def invented(text: str) -> ForbiddenNames:
    """A list made of invented names, to show that the search finds what it should."""
    blank = ForbiddenNames(b"salt", 10, frozenset(), frozenset(), frozenset())
    first, second = (fold(word) for word in text.split())
    return ForbiddenNames(
        b"salt", 10, frozenset({blank.hash("quetzalmont")}), frozenset({blank.hash(first), blank.hash(second)}),
        frozenset({blank.hash(f"{first} {second}")}),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "they met Ándor Bellweather in March",
        "andor_bellweather.html",
        "https://example.org/2016/andor-bellweather-case",
        "class AndorBellweather:",
        "ANDOR J. BELLWEATHER",
        "a Quetzalmont of note",
        '{"who": "quetzalmont"}',
    ],
)
def test_a_name_is_found_in_any_dress(text: str) -> None:
    assert invented("Ándor Bellweather").positions(text) != ()


@pytest.mark.parametrize(
    "text", ["Bellweather alone", "andor alone", "Bellweather met Andor", "andor and then the bellweather", ""]
)
def test_parts_of_a_name_are_no_name(text: str) -> None:
    assert invented("Ándor Bellweather").positions(text) == ()


def test_the_list_holds_hashes_and_no_word() -> None:
    raw = json.loads(resources.files("tregua.ledger").joinpath("forbidden.json").read_text(encoding="utf-8"))
    hashes = [*raw["alone"], *raw["part"], *raw["pairs"]]
    assert len(raw["alone"]) >= 20
    assert len(raw["pairs"]) >= 200
    assert all(len(entry) == 20 and set(entry) <= set("0123456789abcdef") for entry in hashes)
    assert raw["rounds"] >= 300
    assert len(bytes.fromhex(raw["salt"])) == 16


def test_the_hashes_depend_on_the_salt() -> None:
    real = forbidden_names()
    other = ForbiddenNames(b"another salt....", real.rounds, real.alone, real.part, real.pairs)
    assert real.hash("word") != other.hash("word")


def test_words_are_split_in_code_and_addresses() -> None:
    assert words("DoñaJuana_x2y/el-faro%20Año") == ["dona", "juana", "x", "y", "el", "faro", "ano"]


def test_roles_of_the_bundled_ledger_look_like_no_names(bundled: Ledger) -> None:
    places = ["Honduras", "Jamaica", "Ecuador", "Medellín", "California", "London", "Londres", "Human Rights Watch"]
    for role in bundled.roles.values():
        for label in (role.label_en, role.label_es):
            assert not looks_like_a_name(label, places=places, strict=role.is_person), role.id
