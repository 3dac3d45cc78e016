"""Every bad ledger ends in problems that say where and how to mend it; nothing that looks like a name is repeated."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_ledger import CLAIMS, SMALL, problems, small, spoiled

from tregua.errors import LedgerError
from tregua.ledger import load_ledger, parse_ledger
from tregua.ledger.load import seal_text
from tregua.ledger.schema import json_schema

RELATION = '\n[[relation]]\nfrom = "{}"\nkind = "{}"\nto = "{}"\nen = "Because."\nes = "Porque."\n'


def related(*triples: tuple[str, str, str]) -> dict[str, str]:
    added = "".join(RELATION.format(*triple) for triple in triples)
    return {**SMALL, "relations.toml": SMALL["relations.toml"] + added}


def test_the_small_ledger_is_valid() -> None:
    assert problems(SMALL) == ()
    assert list(small().claims) == ["C01", "C02", "C03", "Q01"]


@pytest.mark.parametrize(
    ("texts", "code", "says"),
    [
        (related(("C01", "supersedes", "C01")), "E34", "cannot supersede itself"),
        (related(("C02", "replies_to", "C99")), "E34", "a reply to nothing"),
        (related(("C03", "qualifies", "C99")), "E34", "a relation to nothing"),
        (related(("C01", "replies_to", "C02")), "E34", "a circle of replies_to"),
        (
            related(("C01", "supersedes", "C02"), ("C02", "supersedes", "C03"), ("C03", "supersedes", "C01")),
            "E34",
            "a circle of supersedes",
        ),
        (related(("C03", "contradicts", "Q01")), "E34", "the same relation twice"),
        (related(("C01", "rebuts", "C02")), "E32", "unknown kind"),
        (spoiled("relations.toml", 'kind = "replies_to"', 'kind = "qualifies"'), "E34", "denies nothing"),
        (spoiled("claims.toml", 'kind = "alleged"', 'kind = "rumour"'), "E32", "unknown kind"),
        (spoiled("claims.toml", 'kind = "alleged",', 'kind = "alleged", legal = "guilty",'), "E32", "unknown legal"),
        (spoiled("claims.toml", ', es = "Según la fiscalía, mediaba."', ""), "E33", "Spanish text is missing"),
        (spoiled("claims.toml", 'es = "Un conteo."', 'es = " "'), "E33", "a text is empty"),
        (spoiled("roles.toml", 'label_es = "la tregua"', ""), "E33", "Spanish text is missing"),
        (spoiled("claims.toml", 'en = "The prosecutors allege', 'en = "It is true'), "E39", "begin with its asserter"),
        (spoiled("claims.toml", 'place = "p. 1"\ngrade = "B6"', 'place = "p. 1"\ngrade = "B1"'), "E39", "graded"),
        (spoiled("roles.toml", 'id = "truce"\nkind = "topic"', 'id = "truce"\nkind = "person"'), "E39", "a person"),
        (spoiled("claims.toml", 'source = "STUDY"', 'source = "NOWHERE"'), "E36", "source without a citation"),
        (spoiled("claims.toml", 'period = "2012-03/2013"', 'period = "2014/2012"'), "E36", "cannot stand here"),
        (spoiled("claims.toml", 'asserted = "2016-05-01"', 'asserted = "2016-02-30"'), "E36", "cannot stand here"),
        (spoiled("claims.toml", 'asserted = "2016-05-01"', 'asserted = "in May"'), "E36", "cannot stand here"),
        (spoiled("claims.toml", 'place = "p. 3"', 'place = "p. 3"\nrating = 5'), "E36", "unknown key"),
        (spoiled("claims.toml", 'place = "p. 3"\n', ""), "E36", "a key is missing"),
        (spoiled("claims.toml", 'id = "Q01"', 'id = "C03"'), "E36", "stands here twice"),
        (spoiled("claims.toml", 'to = "lever:contact"', 'to = "planet:mars"'), "E32", "unknown kind of target"),
        (spoiled("claims.toml", 'how = "inconsistent"', 'how = "against"'), "E32", "to a reading"),
        (spoiled("claims.toml", '"pattern:P1"', '"parameter:rate"'), "E36", "linked twice"),
        (spoiled("claims.toml", 'to = "lever:contact"', 'to = "lever:*"'), "E36", "to everything"),
        (spoiled("claims.toml", "Messages travel.", "Messages\\u001b[31m travel."), "E36", "cannot stand here"),
        (spoiled("claims.toml", "Messages travel.", "Messages\\u202e travel."), "E36", "cannot stand here"),
        (spoiled("items.toml", '"parameter:guess"', '["lever:a", "lever:a"]'), "E36", "an assumption"),
        (spoiled("claims.toml", "about_person = false\nasserted = \"2017\"", "about_person = 0\nasserted = \"2017\""),
         "E36", "cannot stand here"),
        ({**SMALL, "more.toml": "this is = = no TOML"}, "E30", "not valid TOML"),
        ({**SMALL, "more.toml": "x = " + "[" * 100_000}, "E30", ""),
    ],
)  # fmt: skip
def test_bad_input_is_told(texts: dict[str, str], code: str, says: str) -> None:
    found = [problem for problem in problems(texts) if problem.code == code and says in problem.message]
    assert found, [str(problem) for problem in problems(texts)]
    assert all(problem.mend and problem.allowed for problem in found)


def test_problems_name_the_line() -> None:
    line = next(n for n, row in enumerate(CLAIMS.splitlines(), 1) if row == 'period = "2012-03/2013"')
    found = problems(spoiled("claims.toml", 'period = "2012-03/2013"', 'period = "2014/2012"'))
    assert [(problem.file, problem.line) for problem in found] == [("ledger/claims.toml", line)]


def test_lines_of_inline_relations_are_found() -> None:
    texts = {
        **SMALL,
        "relations.toml": "# head\nrelation = [\n"
        '  { from = "C02", kind = "replies_to", to = "C01", en = "So.", es = "Así." },\n'
        '  { from = "C02", kind = "qualifies", to = "C77", en = "So.", es = "Así." },\n]\n',
    }
    assert [problem.line for problem in problems(texts)] == [4]


def test_all_problems_are_told_at_once() -> None:
    texts = spoiled("claims.toml", 'source = "STUDY"', 'source = "NOWHERE"')
    texts["relations.toml"] += RELATION.format("C01", "supersedes", "C01")
    assert {problem.code for problem in problems(texts)} == {"E34", "E36"}


NAMES = ["John Smithson", "Smithson, John", "john_smithson", 'alias "Shorty"', "Juan Carlos de la Peña", "Don Pedro"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("field", ["asserter", "subject", "graded_by", "by"])
def test_a_name_in_a_role_field_is_refused_and_never_repeated(name: str, field: str) -> None:
    quoted = name.replace('"', '\\"')
    old, new = {
        "asserter": ('asserter = "broker"', f'asserter = "{quoted}"'),
        "subject": ('subject = "truce"\nabout_person = false\nasserted = "2017"',
                    f'subject = "{quoted}"\nabout_person = false\nasserted = "2017"'),
        "graded_by": ('grade = "A2"', f'grade = "A2"\ngraded_by = "{quoted}"'),
        "by": ('by = "prosecutors"', f'by = "{quoted}"'),
    }[field]  # fmt: skip
    found = problems(spoiled("claims.toml", old, new))
    assert any(problem.code == "E31" and "role" in problem.mend for problem in found)
    told = "\n".join(str(problem) for problem in found).lower()
    assert not any(word in told for word in ("smithson", "peña", "pedro", "shorty"))


@pytest.mark.parametrize("label", ["Pedro Ramírez", "the mayor Ramírez", "the broker “Shorty”", "the Don Pedro"])
def test_a_name_in_the_label_of_a_role_is_refused(label: str) -> None:
    found = problems(spoiled("roles.toml", 'label_en = "the broker"', f'label_en = "{label}"'))
    assert "E31" in {problem.code for problem in found}
    assert "ramírez" not in "\n".join(str(problem) for problem in found).lower()


def test_places_and_institutions_are_no_names() -> None:
    labels = ["the Los Angeles broker", "the Constitutional Chamber", "the San Salvador police", "US prosecutors"]
    for label in labels:
        texts = spoiled("roles.toml", 'label_en = "the truce"', f'label_en = "{label}"')
        assert problems(texts) == (), label


def test_an_unknown_key_never_repeats_a_name() -> None:
    found = problems(spoiled("claims.toml", 'place = "p. 3"', 'place = "p. 3"\nname = "John Smithson"'))
    assert [problem.code for problem in found] == ["E36"]
    assert "Smithson" not in str(found[0])


def test_markup_in_a_text_stays_text() -> None:
    evil = "<script>alert(1)</script> [bold]{{ x }}"
    ledger = parse_ledger(spoiled("claims.toml", "passed messages.", f"passed {evil}"))
    assert evil in ledger.claims["C01"].text("en")


def test_a_sealed_claim_cannot_change() -> None:
    sealed = {**SMALL, "seal.toml": seal_text(small())}
    assert problems(sealed) == ()
    changed = {**sealed, "claims.toml": CLAIMS.replace("passed messages", "passed one message")}
    assert [(p.code, "C01" in p.message) for p in problems(changed)] == [("E35", True)]


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("claims.toml", CLAIMS[CLAIMS.index('[[claim]]\nid = "Q01"'):], "", "claim Q01 was published and is gone"),
        ("relations.toml", 'to = "C01"', 'to = "C03"', "relation C02 replies_to C01 was published and is gone"),
        ("relations.toml", "Other numbers.", "No matter.", "relation Q01 contradicts C03 was published with other"),
        ("sources.toml", 'title = "A report"', 'title = "Another"', "source PAPER was published with other content"),
        ("claims.toml", 'kind = "alleged"', 'kind = "reported"', "claim C01 was published with other content"),
    ],
)  # fmt: skip
def test_nothing_sealed_is_edited_away(file: str, old: str, new: str, says: str) -> None:
    sealed = {**spoiled(file, old, new), "seal.toml": seal_text(small())}
    assert any(problem.code == "E35" and says in problem.message for problem in problems(sealed))


def test_a_regrade_and_a_new_link_do_not_break_the_seal() -> None:
    sealed = {**SMALL, "seal.toml": seal_text(small())}
    regraded = CLAIMS.replace('grade = "A2"', 'grade = "A3"').replace('to = "lever:contact"', 'to = "lever:offer"')
    assert problems({**sealed, "claims.toml": regraded}) == ()


def test_the_seal_keeps_old_hashes_and_adds_new_ones() -> None:
    grown = {
        **SMALL,
        "later.toml": CLAIMS[CLAIMS.index('[[claim]]\nid = "Q01"'):].replace("Q01", "Q02"),
        "seal.toml": seal_text(small()),
    }  # fmt: skip
    again = seal_text(parse_ledger(grown))
    old = set(grown["seal.toml"].splitlines())
    assert old < set(again.splitlines())
    assert '"Q02" = ' in again


def test_a_byte_order_mark_is_no_harm_and_another_encoding_is_told(tmp_path: Path) -> None:
    for name, text in SMALL.items():
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert len(load_ledger(tmp_path).claims) == 4
    (tmp_path / "roles.toml").write_bytes(SMALL["roles.toml"].encode("latin-1"))
    with pytest.raises(LedgerError, match="not UTF-8"):
        load_ledger(tmp_path)


def test_an_empty_or_missing_folder_is_told(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(LedgerError, match="E3"):
            load_ledger(folder)


def test_a_long_chain_of_relations_is_checked_without_recursion() -> None:
    claim = CLAIMS[CLAIMS.index('[[claim]]\nid = "Q01"'):]  # fmt: skip
    many = "".join(claim.replace("Q01", f"F{n:05d}") for n in range(3000))
    chain = "".join(RELATION.format(f"F{n + 1:05d}", "supersedes", f"F{n:05d}") for n in range(2999))
    texts = {**SMALL, "many.toml": many, "chain.toml": chain}
    assert problems(texts) == ()
    closed = {**texts, "chain.toml": chain + RELATION.format("F00000", "supersedes", "F02999")}
    assert [problem.code for problem in problems(closed)] == ["E34"]


def test_the_schema_for_editors_names_the_keys_of_a_claim() -> None:
    definitions = json_schema()["$defs"]
    assert {"asserter", "part", "grade"} <= set(definitions["ClaimTable"]["properties"])
    assert definitions["ClaimTable"]["additionalProperties"] is False


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    for found in (problems({"a.toml": text}), problems({**SMALL, "more.toml": text})):
        assert all(problem.code.startswith("E3") for problem in found)


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20)
)
KEYS = st.sampled_from(["id", "asserter", "subject", "part", "link", "kind", "en", "es", "grade", "to", "x"])


def as_toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {as_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(as_toml(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return (
            '"'
            + "".join(c if c.isalnum() else f"\\U{ord(c):08x}" for c in value if not 0xD800 <= ord(c) < 0xE000)
            + '"'
        )
    return repr(value) if value is not None else '""'


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["claim", "role", "source", "relation", "assumption", "pattern", "seal"]),
    st.recursive(SCALARS, lambda inner: st.dictionaries(KEYS, inner, max_size=4) | st.lists(inner, max_size=3)),
)
def test_no_shape_of_table_breaks_the_reader(table: str, value: object) -> None:
    found = problems({**SMALL, "more.toml": f"{table} = {as_toml(value)}"})
    assert all(problem.code.startswith("E3") and problem.mend for problem in found)
