from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import fields, replace

import numpy as np
import pytest
from html_reader import Element, read, unpacked
from markupsafe import Markup
from report_hostile import HOSTILE, LONG
from report_sample import B

from tregua.calibrate.score import Score
from tregua.case.load import load_case
from tregua.case.posterior import POSTERIORS
from tregua.errors import StoreError
from tregua.report import theme
from tregua.report.aside import Aside
from tregua.report.calibration import CalibrationText, GateRow, LearntRow, rank_cell, ranks_told
from tregua.report.cards import coverage_numbers
from tregua.report.catalogue import Catalogue
from tregua.report.charts import as_it_happened, story
from tregua.report.format import NARROW, Formatter
from tregua.report.gather import readings
from tregua.report.inputs import Estimate, Gate, Reported, ReportInputs, SourceRow
from tregua.report.num import STOPS, Card, CardBook, Stop
from tregua.report.page import build_report, css_string, page
from tregua.report.probes import FAILS, ROLES, SENSITIVITY, failing_of, keep, roles_of, sensitivity_of
from tregua.report.section import Context, Need, Section
from tregua.report.sections import all_sections, rival_explanations, three_sentences
from tregua.report.sections.patterns import gates, hindcast_text, spaced
from tregua.report.verdict import judged

MIB = 2**20


@pytest.fixture(scope="module")
def tree(built: str) -> Element:
    return read(built)


def halves(tree: Element) -> dict[str, Element]:
    return {lang: tree.find(css=f"doc-{lang}")[0] for lang in ("en", "es")}


def lean(inputs: ReportInputs) -> ReportInputs:
    """The same with one horizon of one decision and few pictures: the page is made in a tenth of the time."""
    kept = inputs.main_horizon[0]
    return replace(
        inputs,
        months=(),
        spots=(),
        outlines=(),
        readings=inputs.readings[:5] + tuple(one for one in inputs.readings[5:] if one.id == "fall_not_concessions"),
        contrasts=tuple(row for row in inputs.contrasts if (row.decision, row.horizon) == kept),
        regret=tuple(row for row in inputs.regret if (row.decision, row.horizon) == kept),
    )


def only(*names: str) -> tuple[Section, ...]:
    """The installed sections of these names, so that a page is made of what a test reads and no more."""
    found = tuple(section for section in all_sections() if section.id in names)
    assert len(found) == len(names)
    return found


def test_every_tag_is_closed_and_no_id_is_used_twice(tree):
    ids = [one.attrs["id"] for one in tree.walk() if "id" in one.attrs]
    assert len(ids) > 300
    assert len(ids) == len(set(ids))


def test_every_link_lands_in_the_same_language(tree):
    for lang, half in halves(tree).items():
        known = {one.attrs["id"] for one in half.walk() if "id" in one.attrs}
        links = [one.attrs["href"] for one in half.find("a")]
        assert len(links) > 1000, lang
        assert {link for link in links if not (link.startswith("#") and link[1:] in known)} == set(), lang


def test_who_hears_the_page_is_told_what_each_table_is_and_each_chart_once(tree):
    for lang, half in halves(tree).items():
        for table in half.find("table"):
            if not table.inside(css="card"):
                named = table.find("caption") or table.attrs.get("aria-label", "").strip()
                assert named, table.text()[:200]
            assert all(one.text().strip() for one in table.find("th")), table.text()[:200]
        for figure in half.find("figure", css="chart"):
            told = [one.attrs["aria-label"] for one in figure.find() if one.attrs.get("role") in ("group", "img")]
            shown = {one.attrs["aria-label"] for one in figure.find(css="pic")}
            assert len([one for one in told if one in shown]) == len(figure.find(css="pic")), "told by its group too"
            long = figure.find("p", id=f"{figure.find(css='plot')[0].next().attrs['id']}")[0].text()
            assert figure.text().count(long) == 1
            assert any(mark.isdigit() for mark in long), long
        if lang != "en":
            assert {one.attrs.get("lang") for one in half.find("pre")} <= {"en"}


def test_a_percentage_is_written_one_way(tree):
    told = [
        text
        for one in tree.walk()
        if one.tag not in ("script", "style") and not one.inside("script") and not one.inside(css="sources")
        for text in one.texts
        if re.search(r"\d%(?![0-9A-F]{2})", text)
    ]
    assert not told, told[:5]
    assert spaced("intervals of 90% hold the truth in 87.8%") == "intervals of 90\u00a0% hold the truth in 87.8\u00a0%"


def test_no_figure_has_exactly_three_decimals(tree):
    """Such a figure reads as thousands in the other style of numbers."""
    for half in halves(tree).values():
        told = " ".join(half.texts_in_order())
        assert re.findall(r".{20}(?<![\d.,/-])\d+[.,]\d{3}(?![\d.,])(?<=\.\d{3})", told) == []


def test_every_label_belongs_to_a_control(tree):
    controls = {one.attrs.get("id") for one in tree.find("input")}
    assert {one.attrs["for"] for one in tree.find("label")} <= controls


def test_every_number_opens_a_card_with_six_stops_that_leads_back(tree):
    for half in halves(tree).values():
        cards = {card.attrs["id"]: card for card in half.find("section", css="card")}
        numbers = {one.attrs["href"][1:] for one in half.find("a", css="num")}
        claims = {one.attrs["href"][1:] for one in half.find("a", css="id")}
        assert numbers <= set(cards)
        assert claims <= {name for name, card in cards.items() if "claim" in card.attrs["class"].split()}
        for name, card in cards.items():
            stops = [one for one in card.find("li") if "data-stop" in one.attrs]
            assert [stop.attrs["data-stop"] for stop in stops] == list(STOPS)
            assert all(stop.find("h4") and len(stop.text()) > len(stop.find("h4")[0].text()) for stop in stops), name
            if "claim" not in card.attrs["class"].split():
                assert name in numbers
                assert card.find("p", css="back")[0].find("a"), name


def test_a_number_names_a_row_that_its_card_has(tree):
    for half in halves(tree).values():
        rows = {
            card.attrs["id"]: {one.attrs["data-r"] for one in card.walk() if "data-r" in one.attrs}
            for card in half.find("section", css="card")
        }
        named = 0
        for number in half.find("a", css="num"):
            at = number
            while at is not None and "data-r" not in at.attrs:
                at = at.parent
            if at is not None:
                named += 1
                assert at.attrs["data-r"] in rows[number.attrs["href"][1:]], number.attrs
        assert named > 1000


def test_a_stop_that_does_not_apply_says_why(tree):
    off = [one for one in tree.find("li", css="off") if "data-stop" in one.attrs]
    assert off
    assert all(len(stop.text()) > 20 for stop in off)


def test_nothing_is_loaded_from_anywhere(built, tree):
    loading = {"src", "srcset", "poster", "action", "formaction", "background", "ping", "manifest"}
    for one in tree.walk():
        assert not loading & set(one.attrs), one.attrs
        assert one.tag not in {"link", "iframe", "object", "embed", "img", "base", "form"}
        if "href" in one.attrs or "xlink:href" in one.attrs:
            assert one.attrs.get("href", one.attrs.get("xlink:href", "")).startswith("#")
    assert set(re.findall(r"url\(\s*['\"]?([a-z]+:)", built)) == {"data:"}
    assert "@import" not in built


def scripts_of(tree: Element) -> tuple[list[Element], list[Element]]:
    """Blocks of data that no browser runs, and what it runs."""
    every = tree.find("script")
    blocks = [one for one in every if one.attrs.get("type") == "text/plain"]
    assert {one.attrs["id"] for one in blocks} <= {"pack-charts", "pack-vega", "pack-en", "pack-es"}
    return blocks, [one for one in every if one not in blocks]


def test_only_the_scripts_that_the_policy_names_can_run(tree):
    policy = next(one.attrs["content"] for one in tree.find("meta") if "http-equiv" in one.attrs)
    blocks, scripts = scripts_of(tree)
    assert len(scripts) == 1
    packed = next(one for one in blocks if one.attrs["id"] == "pack-vega")
    runtime = unpacked(packed.text()).encode()
    digests = [base64.b64encode(hashlib.sha256(one).digest()).decode() for one in (scripts[0].text().encode(), runtime)]
    assert "script-src " + " ".join(f"'sha256-{digest}'" for digest in digests) + ";" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert not [one for one in tree.walk() for name in one.attrs if name.startswith("on")]


def test_the_first_screen_lies_in_the_first_two_hundred_kilobytes(built):
    head = built.encode()[:200_000].decode("utf-8", "ignore")
    assert 'id="summary-en"' in head
    assert head.index("on-wide") > 0
    assert head.count("</figure>") >= 1


def test_the_page_stays_within_its_size(shipped):
    assert len(shipped.encode()) < 2.4 * MIB


def test_patterns_tell_why_they_were_not_run_and_what_to_know(inputs):
    noted = tuple(
        replace(one, verdict="not_scored" if one.id == "H8" else one.verdict, note=B(f"A hindcast. {one.id}.", "Una."))
        if one.window == "held_out"
        else one
        for one in inputs.patterns
    )
    both = halves(
        read(page(replace(lean(inputs), patterns=noted, calibration=learnt()), sections=only("check"), plain=True))
    )
    part = both["en"].find("section", id="check-en")[0]
    told = part.text()
    assert "Needs runs by municipality." in told
    assert "Suspected: needs" not in told
    assert "not scored" in part.find("tr", id="pattern-H8-en")[0].text()
    assert "no band says what to accept: 1." in told
    assert told.count("A hindcast.") == 1
    assert all(f"{one.id}." in told for one in noted if one.window == "held_out")
    # the pictures of ranks say in words what they show: one inside its band, one outside it
    shown = [
        [one.attrs["aria-label"].replace("\u00a0", " ") for one in half.find("span") if one.attrs.get("role") == "img"]
        for half in both.values()
    ]
    assert [len(labels) for labels in shown] == [2, 2]
    labels = [one.attrs.get("data-label") for one in part.find("table", css="learnt")[0].find("td", css="pic")]
    assert labels == ["Prior above, posterior below", "Ranks of the truth in their band"] * 2
    inside, outside = shown[0]
    assert "200 simulated data sets: the line stays inside its 95 % band" in inside
    assert "leaves its 95 % band. It is furthest from even ranks at 0.50, by +25 percentage points" in outside
    assert "queda dentro de su franja de 95 %" in shown[1][0]
    assert "sale de su franja de 95 %. Donde más se aparta de rangos parejos es en 0.50" in shown[1][1].replace(
        "0,5", "0.5"
    )


def learnt():
    """What was learnt of two parameters: the ranks of one are even, those of the other too low."""
    even = (np.arange(200) + 0.5) / 200
    low = np.sort(np.concatenate([(np.arange(150) + 0.5) / 300, 0.5 + (np.arange(50) + 0.5) / 100]))
    rows = tuple(
        LearntRow(name, ("what it means", "qué significa"), 0.4, "much", (0.0, 0.5, 1.0), (0.4, 0.5, 0.6),
                  Markup(""), rank_cell(ranks), ranks_told(ranks))
        for name, ranks in (("phi", even), ("peace", low))
    )  # fmt: skip
    gate = GateRow("default", ("the default", "la de partida"), "passed", "2026-01-15", 200, (), (0.494, 0.898), 0.35,
                   0.73, 1.0, 1200.0, (36, 30, 37, 38), (37, 30, 37, 38), 0.0093)  # fmt: skip
    return CalibrationText("default", True, "", (gate,), rows, (), (), Markup(""), None, None)


def test_counts_that_were_fitted_are_told_as_no_test_or_left_out_one_at_a_time(inputs, tree):
    for lang, half in halves(tree).items():
        shown = half.find("section", id=f"fall-{lang}")[0].find("p", css="inside")[0].text()
        assert {"en": "34 of 38", "es": "34 de 38"}[lang] in shown
        assert {"en": "adjusted to, which is no test", "es": "el modelo, lo que no es prueba"}[lang] in shown
        card = next(one for one in half.walk() if one.attrs.get("id") == f"w-b-default-{lang}")
        assert {"en": "The first row is no test", "es": "La primera fila no es prueba"}[lang] in card.text()
    c = context(replace(inputs, calibration=learnt()))
    fit, held = (said(one) for one in coverage_numbers(c, "default"))
    assert "36 of 38 that the model was adjusted to, each held against what the others expect" in fit
    assert "a right fit: 30 to 37" in fit
    assert "34 of 38" not in fit
    assert "13 of 32" in held
    alt = as_it_happened(c.inputs, c.words, c.fmt).alt_long
    assert "Of the 38 counts that the model was adjusted to, 36 lie in the range that the others expect" in alt


def test_a_gate_says_what_a_pass_could_have_missed(inputs):
    c = context(inputs)
    assert gates(c, learnt())[0]["seen"] == "bias of 0.35 sd; coverage off by 0.9 points"


def test_the_same_inputs_give_the_same_bytes(built, shipped):
    """Both pages were made of the same inputs, one after the other."""
    first = [re.search(r'<div class="doc doc-en" lang="en">.*?(?=</div>\s*<div class="doc)', one, re.S)[0]
             for one in (built, shipped)]  # fmt: skip
    assert len(first[0]) > 100_000
    assert first[0] == first[1]
    packed = re.search(r'id="pack-es">(.*?)</script>', shipped, re.S)[1]
    assert unpacked(packed) in built


def test_the_second_language_lies_packed_in_the_page_word_for_word(shipped, tree):
    told = read(shipped)
    blocks = {one.attrs["id"]: one.text() for one in scripts_of(told)[0]}
    second = told.find("div", css="doc-es")[0]
    assert second.attrs["data-pack"] == "pack-es"
    assert "--lang es" in second.text()
    opened = read(unpacked(blocks["pack-es"]))
    assert opened.text().split() == halves(tree)["es"].text().split()
    assert told.find("div", css="doc-en")[0].text().split() == halves(tree)["en"].text().split()


def test_the_language_of_the_run_comes_first(inputs):
    told = read(page(inputs, lang="es", sections=only("notice", "summary"), plain=True))
    assert [half.attrs["lang"] for half in told.find("div", css="doc")] == ["es", "en"]
    assert told.find("html")[0].attrs["lang"] == "es"
    assert told.find("input", id="lang-es")[0].attrs.get("checked") is not None


def test_the_sections_come_in_the_order_of_their_numbers(tree):
    for lang, half in halves(tree).items():
        order = [one.attrs["id"] for one in half.find("main")[0].children if one.tag == "section"]
        wanted = [f"{section.id}-{lang}" for section in all_sections()]
        assert [one for one in order if one in wanted] == wanted


def test_flips_stand_before_the_first_number_of_their_table(built):
    for panel in re.findall(r'<div class="panel.*?</table>', built, re.S):
        if 'class="flips"' in panel:
            assert panel.index('class="flips"') < panel.index("<table")


def test_each_response_whose_sign_changes_says_so_in_its_own_row(tree, inputs):
    half = halves(tree)["en"]
    table = next(
        one for one in half.find("table", css="decision") if "5 years, default reading" in one.find("caption")[0].text()
    )
    for row in table.find("tr"):
        name = next((one.text() for one in row.find("span", css="arm")), "")
        if name in ("As it happened", "Secret truce", "Mano dura"):
            assert "changes sign" in row.text(), name
    assert {row.arm for row in inputs.contrasts if row.flip} >= {"as_it_happened", "secret_truce", "mano_dura"}
    lines = {lang: next(one for one in half.find("div", css="flips")).text() for lang, half in halves(tree).items()}
    assert "in 3 of 11 responses" in lines["en"]
    # The default reading leaves mano dura within error: both sides are told, not one against it.
    assert re.search(r"Within error of zero under “.*?”\. In the model, fewer killings under “", lines["en"])
    assert re.search(r"Dentro del error de cero con «.*?»\. En el modelo, menos homicidios con «", lines["es"])


def test_the_short_answer_tells_the_price_the_span_and_what_no_term_counts(tree, inputs):
    shown = {lang: next(one for one in half.find("div", css="verdict")).text() for lang, half in halves(tree).items()}
    en, es = shown["en"], shown["es"]
    assert "Wrongful detention counts nothing here. If fewer than about 30 years of it counted as one death" in en
    assert "Here 50 years of wrongful detention count as one death: an assumption. If fewer than about 30 years" in en
    assert "more than about 80 years of it to count as one death, it would be reintegration" in en
    assert "No price of it, up to one death a year, changes this answer." in en
    assert "Si menos de unos 30 años de ella contaran como una muerte, sería" in es
    assert "no term for what a response does to courts and to the law" in en
    assert "ningún término para lo que una respuesta hace a los tribunales y a la ley" in es
    # The invented regrets differ by span: what each other span would answer is told, and it is what its table says.
    for preset in inputs.weights:
        rows = [r for r in inputs.regret if (r.decision, r.weights) == ("2012", preset.id)]
        least = {h: judged([r for r in rows if r.horizon == h]).least for h in (1, 2, 5, 7)}
        for horizon, arm in least.items():
            if arm != least[5]:
                label = next(one.label.en for one in inputs.arms if one.id == arm)
                told = next(line for line in en.split("With weights ") if f"“{preset.label.en}”" in line[:120]
                            and "the answer turns on the span: " in line)  # fmt: skip
                assert re.search(rf"over [^:]*{horizon} years?[^:]* it would be {label.lower()}", told), (
                    preset.id,
                    horizon,
                )


def test_a_reading_that_needs_a_refit_shows_no_number(tree):
    half = halves(tree)["en"]
    rows = [
        row for table in half.find("table", css="readings") for row in table.find("tr")
        if "Gangs tired of it first" in row.text()
    ]  # fmt: skip
    assert rows
    for row in rows:
        assert not row.find("a", css="num")
        assert "must be refitted" in row.text()


def test_homicides_never_stand_alone(tree):
    for half in halves(tree).values():
        for table in half.find("table", css="decision"):
            heads = [one.text() for one in table.find("thead")[0].find("th")]
            assert len(heads) >= 6
        told = " ".join(one.text() for one in half.find("dl", css="three"))
        assert re.search(r"killed by the state|muertes por el Estado", told)


def test_a_truce_that_either_lasts_or_fails_is_told_as_two_outcomes(tree):
    half = halves(tree)["en"]
    assert any("two outcomes" in one.text() for one in half.find("td"))
    assert any("Two outcomes: it lasts in" in one.text() for one in half.find("span", css="note"))


def test_a_range_in_a_table_of_responses_is_told_and_drawn_by_the_same_element(tree):
    told = [one for part in tree.find("table", css="decision") for one in part.find("small") if "style" in one.attrs]
    assert len(told) > 100
    for one in told:
        at = dict(re.findall(r"--([abx]):(\d+)", one.attrs["style"]))
        assert int(at["a"]) <= int(at["x"]) <= int(at["b"]) <= 100, one.attrs
        assert re.match(r"\[.+; .+\]$", one.text())


def test_rows_keep_their_order_and_carry_no_rank(tree, inputs):
    half = halves(tree)["en"]
    names = [arm.label.en for arm in inputs.arms]
    for table in half.find("table", css="decision"):
        if "readings" not in table.attrs["class"]:
            shown = [one.find("span", css="arm")[0].text() for one in table.find("tbody")[0].find("th")]
            assert shown == [name for name in names if name in shown]


def test_the_three_explanations_stand_together(tree):
    for half in halves(tree).values():
        assert len(half.find("div", css="story")) == 3
        assert len(half.find("figure", css="one")) == 3


def scored(name: str, gaps: list[float]) -> Score:
    """A score that differs from -10 a piece by these, without an error of the runs."""
    by_piece = -10.0 - np.array([0.0, *gaps])
    pieces, none = tuple(f"p{n}" for n in range(len(by_piece))), np.zeros(3)
    return Score(name, float(by_piece.sum()), 0.4, pieces, by_piece, np.arange(3), none)


def test_stories_are_told_apart_by_the_registered_rule_and_with_one_figure_of_each():
    case = load_case("el_salvador_2012")
    even, uneven, little = [1.4] * 6, [30.0, -21.0, 0.0, 0.0, 0.0, 0.0], [0.5] * 6
    gaps = {"default": [0.0] * 6, "leader_split": even, "hidden_killings": uneven, "gangs_first": little}
    told = {name: scored(name, values) for name, values in gaps.items()}
    found = {one.id: one for one in readings(case, told)}
    assert found["default"].told_from == ("leader_split",)
    assert found["leader_split"].told_from == ("default", "gangs_first"), "two errors and four log units"
    assert found["hidden_killings"].told_from == (), "nine log units, within two errors of nothing"
    assert found["gangs_first"].told_from == ("leader_split",), "three log units, far beyond their error"
    assert found["default"].less_first is None
    assert found["leader_split"].less_first.value == pytest.approx(-8.4)
    # A validation of the same posteriors has more runs: its figures stand everywhere, its verdict too.
    first = {"score": -189.84, "error": 0.4, "less_first": 0.0, "less_first_error": 0.0, "apart": False}
    other = {"score": -192.0, "error": 0.3, "less_first": -2.2, "less_first_error": 0.9, "apart": False}
    again = {one.id: one for one in readings(case, told, None, {"default": first, "leader_split": other})}
    assert (again["default"].score, again["leader_split"].score, again["hidden_killings"].score) == (
        -189.84, -192.0, told["hidden_killings"].value,
    )  # fmt: skip
    assert again["leader_split"].less_first.value == -2.2
    assert "default" not in again["leader_split"].told_from
    assert again["default"].told_from == ()


def test_the_model_check_has_one_verdict_of_each_pattern_and_holds_every_reading_against_later_counts(inputs):
    told = json.loads((POSTERIORS / "el_salvador_2012" / "validation.json").read_text(encoding="utf-8"))
    here = tuple(replace(inputs.patterns[0], id=name, verdict=verdict) for name, verdict in
                 (("F1-2010", "marginal"), ("F9", "fails"), ("F7", "no_test")))  # fmt: skip
    assert {row["id"]: row["verdict"] for row in told["patterns"]["before"]}["F7"] == "passes"
    weighed = tuple(replace(row, reading=name) for name in ("bonding", "elsewhere") for row in inputs.contrasts[:1])
    known = (*inputs.readings, replace(inputs.readings[1], id="elsewhere", label=B("Elsewhere", "En otra parte")))
    for lang, still, unshown in (
        ("en", "Still failing: ", "Not shown: raids"), ("es", "Siguen fallando: ", "No se mostró: redadas"),
    ):  # fmt: skip
        words = Catalogue(lang)
        asked = replace(inputs, patterns=here, contrasts=weighed, readings=known)
        found = hindcast_text(Context(lang, asked, words, Formatter(words), CardBook(lang)), told)
        failing = found["moved"].split(still)[1].split(";")[0]
        assert "F9" in failing
        assert "F1-2010" not in failing, "the table above calls it marginal"
        assert "F7" not in found["moved"], "what priors satisfy already is no test, and was not lost"
        assert any(unshown in line for line in found["checks"])
        assert sum(row["laid"] for row in found["rows"]) == len(told["hindcast"]["laid_over"]) == 11
        assert found["unheld"] == {"en": "Elsewhere", "es": "En otra parte"}[lang]


def test_the_words_under_a_story_are_those_of_the_model_check(inputs):
    gaps = {"hidden_killings": (-4.68, 1.25, ("default",)), "fall_not_concessions": (3.43, 1.55, ())}

    def told(*names: str) -> str:
        rows = []
        for one in inputs.readings:
            value, error, apart = gaps.get(one.id, (0.0, 0.0, ()))
            less = Estimate(value, mcse=error) if one.id in names else None
            rows.append(replace(one, less_first=less, told_from=apart if one.id in names else ()))
        return page(replace(lean(inputs), readings=tuple(rows)), sections=only("why"))

    same, apart = told("fall_not_concessions"), told(*gaps)
    assert "cannot tell these apart. No two fit scores differ by more than two errors and four log units" in same
    assert "cannot tell it from the first story (+3.4 ± 1.6 log units)" in same
    assert "cannot tell these apart" not in apart
    assert "The fitted counts tell it from the first story (−4.7 ± 1.3 log units)" in apart
    assert re.search("the fitted counts tell “[^”]+” from “[^”]+”[.] A better score is no proof", apart)


@pytest.fixture(scope="module")
def own_page(inputs: ReportInputs) -> str:
    """The page of a case of one's own: another town, another word for the reference, one story, nothing fitted."""
    story = replace(
        next(one for one in inputs.readings if one.id == "default"), label=B("Leaders paid", "Jefes pagados")
    )
    arms = tuple(
        replace(arm, label=B("No answer", "Sin respuesta")) if arm.id == "no_truce" else arm for arm in inputs.arms
    )
    counts = tuple(
        replace(row, institution="police of the port", institution_class="police") for row in inputs.observations[:6]
    )
    own = replace(
        lean(inputs),
        case=replace(inputs.case, id="puerto"),
        provenance=replace(inputs.provenance, draw_source="prior"),
        readings=(replace(story, meaning=B("leaders paid", "jefes pagados")),),
        stories=("default",),
        arms=arms,
        observations=counts,
        events=(),
    )
    return page(own, plain=True)


def test_a_story_that_stands_alone_is_told_from_nothing_and_says_its_name_once(own_page, built):
    assert "Fit score" in own_page
    assert "annot tell it from the first story" not in own_page
    assert "annot tell it from the first story" in built
    story = own_page[own_page.index('class="story"') :][:400]
    assert "Leaders paid" in story
    assert "meaning" not in story
    assert "meaning" in built[built.index('class="story"') :][:400]


def test_stories_keep_to_the_same_rows_where_one_says_its_name_only(inputs):
    """They stand in one grid: a story with a part less would push its chart under those of the others."""
    readings = tuple(
        replace(one, label=B("Paid", "Pagados"), meaning=B("paid", "pagados")) if one.id == "default" else one
        for one in inputs.readings
    )
    own = replace(inputs, case=replace(inputs.case, id="puerto"), readings=readings)
    words = Catalogue("en")
    context = Context("en", own, words, Formatter(words, ""), CardBook("en"))
    stories = read(str(rival_explanations.render(context))).find("div", css="story")
    assert len(stories) == 3
    assert [[child.tag for child in story.children] for story in stories] == [["h3", "p", "figure"]] * 3
    assert [bool(story.children[1].text().strip()) for story in stories] == [False, True, True]


def test_a_case_that_calls_its_reference_otherwise_is_taken_at_its_word(own_page, built):
    for said in (
        "against the simulated history “no answer”",
        "Differences from “no answer” over",
        "homicides more or fewer than with “no answer”",
        "Diferencias con «sin respuesta» en",
    ):
        assert said in own_page
        assert said not in built
    assert "against a simulated history without a truce:" in built
    assert "without a truce:" not in own_page


def test_the_key_names_who_counted_and_no_one_else(own_page, built):
    assert "</svg>police count</li>" in built
    assert "</svg>forensic count</li>" in built
    assert "count (police)" not in built
    assert "police count (police of the port)" in own_page
    assert "forensic count (" not in own_page


def test_a_case_without_a_fit_says_that_nothing_was_fitted(own_page, built):
    assert "Nothing was fitted to these counts" in own_page
    assert "Nothing was fitted to these counts" not in built
    assert "was adjusted to the years before the dashed line only" in built
    for word in ("adjust the model", "adjusted to the years", "kept aside", "usado para ajustar", "apartado para"):
        assert word not in own_page.replace("the model was adjusted to none of them", ""), word
    assert '"held"' not in own_page
    assert theme.LIGHT["held"] not in own_page[own_page.index("<body>") :]
    assert theme.LIGHT["held"] in built[built.index("<body>") :]
    assert "The simulated range contains" not in own_page or "adjusted to none of them" in own_page


def test_draws_brought_from_another_case_are_no_fit_to_this_one(inputs):
    brought = replace(inputs.provenance, draw_source="provisional")
    own = replace(inputs.case, id="puerto")
    assert replace(inputs, provenance=brought).fitted
    assert not replace(inputs, provenance=brought, case=own).fitted
    assert replace(inputs, provenance=replace(brought, draw_source="posterior"), case=own).fitted


def test_a_case_that_calls_its_reference_otherwise_is_not_told_as_a_truce(own_page, built):
    assert "<h1>The truce: what it bought, what it cost, what it left</h1>" in built
    assert "<h1>What it bought, what it cost, what it left</h1>" in own_page
    assert re.search(r"Did recorded killings fall after 8.Mar.2012\?", own_page)
    assert "killings fall when the truce began" not in own_page
    assert "the leaders were moved over the year before" not in own_page
    assert "in the first truce year were about" not in own_page
    assert "killings differ from the simulated history “no answer” by" in own_page
    assert "killings differ from the simulated history without a truce by" in built


def test_the_first_screen_says_what_brackets_hold_and_that_the_old_level_was_passed(built, inputs):
    first = re.sub(r"<[^>]+>", "", built[built.index('id="summary-en"') : built.index('id="fall-en"')])
    assert "In brackets: the range that holds 90 of 100 simulated histories" in first
    assert "each with who makes it and who disputes it" in first
    head = inputs.headline
    assert head.peak.rate > head.before.rate
    assert f"stood above their old level: {head.peak.rate:.1f} a day against {head.before.rate:.1f}." in first
    lower = replace(inputs, headline=replace(head, peak=replace(head.peak, count=1.0)))
    assert "old level" not in str(three_sentences.bought(context(lower)))


def context(inputs: ReportInputs, lang: str = "en") -> Context:
    words = Catalogue(lang)
    return Context(lang, inputs, words, Formatter(words, ""), CardBook(lang))


def said(markup: object) -> str:
    return re.sub(r"<[^>]+>", "", str(markup)).replace("\u00a0", " ")


def test_the_first_sentence_and_the_second_name_the_two_years_that_they_compare(inputs):
    for lang, spans in (
        ("en", ("Apr 2012 to Mar 2013", "2011")),
        ("es", ("abr 2012 a mar 2013", "2011")),
    ):
        c = context(inputs, lang)
        assert all(span in said(three_sentences.bought(c)) for span in spans)
        assert spans[1] in said(three_sentences.cost(c))


def test_the_cost_says_what_is_assumed_and_what_was_counted(inputs):
    told = said(three_sentences.cost(context(inputs)))
    assert "extortion goes on unless it is bargained for" in told
    assert "Counted reports: 10 % fewer in 2012; 3,992 in 2010, 2,785 in 2013 (A newspaper 2012)" in told
    assert "la extorsión sigue si no se negocia" in said(three_sentences.cost(context(inputs, "es")))
    silent = replace(inputs, headline=replace(inputs.headline, reported=Reported()))
    assert "Counted" not in said(three_sentences.cost(context(silent)))


def test_a_pattern_that_priors_alone_pass_is_no_test_and_no_pass(tree):
    for lang, half in halves(tree).items():
        row = half.find("tr", id=f"pattern-F8-{lang}")[0].text()
        table = half.find("tr", id=f"pattern-F8-{lang}")[0].parent.parent
        assert {"en": "no test", "es": "no es prueba"}[lang] in row
        assert {"en": "in 94 of 100 runs", "es": "en 94 de cada 100 corridas"}[lang] in row
        caption = table.find("caption")[0].text()
        assert {"en": "; pass: 1", "es": "; pasan: 1"}[lang] in caption
        assert {"en": "already pass: 1", "es": "ya pasan: 1"}[lang] in caption


def test_what_was_left_behind_is_told_with_and_without_the_force_that_came_later(inputs, tree):
    c = context(inputs)
    told = said(three_sentences.left(c).force)
    assert "lethal force from Jun 2014, arrests from Jan 2015" in told
    before, after = told.split("homicides")
    assert "CHANGES SIGN under 1 of 3 readings" in before
    assert "−2,100" in before
    assert "−20 killed by the state" in after
    steady = tuple(replace(row, flip=False) for row in inputs.later_force.rows)
    calm = replace(inputs, later_force=replace(inputs.later_force, rows=steady))
    assert "no change of sign in 3 readings" in said(three_sentences.left(context(calm)).force)
    unrun = replace(inputs, later_force=replace(inputs.later_force, rows=()))
    assert "lethal force from Jun 2014" in said(three_sentences.left(context(unrun)).force)
    assert "Without it" not in said(three_sentences.left(context(unrun)).force)
    assert not three_sentences.left(context(replace(inputs, later_force=None))).force
    for lang, half in halves(tree).items():
        name = {"en": "As it happened, without the later force", "es": "Como ocurrió, sin la fuerza posterior"}[lang]
        card = next(one for one in half.walk() if one.attrs.get("id") == f"w-2012-record_less_force-1-{lang}")
        assert name in card.text()


def test_sources_stand_with_their_name_and_year_beside_what_they_say(tree):
    events = halves(tree)["en"].find("ol", css="events")[0].text()
    assert "A newspaper 2012" in events
    assert "ELFARO" not in events
    for citation, short in (
        ("El Faro, March 2012", "El Faro 2012"),
        ("BBC News, Gangs rule in jails, 12 July 2009", "BBC News 2009"),
        ("U.S. Treasury, 2016", "U.S. Treasury 2016"),
        ("2001online, April 2014", "2001online 2014"),
        ("allthe.news", "allthe.news"),
        ("Invented for teaching; counts made by the model", "Invented for teaching"),
    ):
        assert SourceRow("X", citation).short == short


def test_the_table_of_the_stories_holds_counts_months_and_differences(tree, inputs):
    section = halves(tree)["en"].find("section", id="why-en")[0]
    buttons = [one.attrs["href"] for one in section.find("a", css="table")]
    assert buttons == ["#why-table-en"] * 3
    tables = section.find("details", id="why-table-en")[0].find("table")
    assert len(tables) == 2
    words = Catalogue("en")
    charts = [story(inputs, words, Formatter(words, ""), name) for name in inputs.stories]
    assert len(tables[1].find("tr")) == 1 + len(charts[0].table.rows)
    for chart in charts:
        assert {row["series"] for row in chart.data} == {"counted", "simulated", "difference"}
        assert len({row["response"] for row in chart.data if row["series"] == "difference"}) == 4


def test_no_list_of_events_is_announced_where_there_is_none(own_page, built):
    assert "events, with sources" in built
    assert "events, with sources" not in own_page


def test_the_answer_follows_the_counts(inputs, built):
    assert "Yes, in the count." in built
    head = inputs.headline
    risen = replace(head, truce=head.before, before=head.truce)
    assert "No: the count did not fall." in page(replace(inputs, headline=risen), sections=only("fall"))


def test_the_notice_is_open_and_in_the_print_footer(tree, built):
    for lang, half in halves(tree).items():
        notice = half.find("section", css="notice")[0]
        assert not notice.inside("details")
        assert ("not a forecast" if lang == "en" else "no un pronóstico") in notice.text()
    assert "@bottom-left" in built


def test_every_chart_shows_where_its_draws_come_from(tree):
    for half in halves(tree).values():
        for figure in half.find("figure", css="chart"):
            holder = figure.parent.parent.parent if "one" in figure.attrs["class"] else figure
            assert holder.find("span", css="chip"), figure.attrs


@pytest.mark.parametrize("name", ["observations", "bands", "contrasts", "findings", "readings"])
def test_what_is_missing_is_told_with_the_command_that_makes_it(inputs, name):
    lacking = replace(lean(inputs), **{name: ()})
    wanted = [section for section in all_sections() if name in {need.field for need in section.needs}]
    assert wanted
    told = read(page(lacking, sections=wanted, plain=True))
    for lang, half in halves(told).items():
        for section in wanted:
            shown = half.find("section", css="missing", id=f"{section.id}-{lang}")
            assert len(shown) == 1, section.id
            made = next(need for need in section.needs if need.field == name).command
            assert (f"{made} {inputs.case.id}" in shown[0].text()) if made else not shown[0].find("code")


def test_no_command_is_named_for_what_only_the_case_can_hold(inputs):
    lacking = replace(lean(inputs), headline=None, patterns=(), departments=(), claims_count=None)
    told = halves(read(page(lacking, sections=only("summary", "check", "where"), plain=True)))
    for lang, half in told.items():
        for name in ("check", "where"):
            section = half.find("section", css="missing", id=f"{name}-{lang}")
            assert len(section) == 1
            assert "tregua" not in section[0].text()
    assert "no se dice cómo se movieron" in told["es"].find("section", id="summary-es")[0].text()
    assert "ningún registro de afirmaciones" in told["es"].find("section", id="summary-es")[0].text()


def test_the_gate_of_the_default_is_told_apart_from_that_of_other_readings(inputs):
    gate = Gate("passed", B("", ""), inputs.provenance.made, 200, (B("partly hidden", "en parte ocultos"),))
    told = halves(read(page(replace(lean(inputs), gate=gate), sections=only("summary"), plain=True)))
    expected = (("en", "partly hidden", "passed, default"), ("es", "en parte ocultos", "superada, lectura"))
    for lang, name, state in expected:
        chips = [one.text() for one in told[lang].find("section", id=f"summary-{lang}")[0].find("span", css="chip")]
        assert any(state in one for one in chips)
        assert any(name in one for one in chips)


def test_a_page_can_be_made_of_nothing_but_the_case(inputs):
    empty = ReportInputs(case=inputs.case, provenance=inputs.provenance, gate=inputs.gate)
    told = read(page(empty, plain=True))
    assert len(told.find("section", css="missing")) == 2 * sum(1 for section in all_sections() if section.needs)


def test_hostile_texts_of_a_case_are_shown_and_never_run(hostile_page):
    told = read(hostile_page)
    assert len(scripts_of(told)[1]) == 1
    assert not told.find("img")
    assert not [one for one in told.walk() for name in one.attrs if name.startswith("on")]
    assert not [one for one in told.find("a") if not one.attrs["href"].startswith("#")]
    title = halves(told)["en"].find("span", css="case")[0].text()
    assert title == HOSTILE + "abc" + LONG
    assert "alert(1)" not in told.find("style")[0].text().replace("\\28 1\\29", "(1)")


def test_no_mark_of_a_case_turns_the_direction_of_the_page(hostile_page):
    assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", hostile_page)


def test_a_style_string_cannot_be_ended_from_inside():
    assert css_string('a"}</style>') == '"a\\22 \\7d \\3c \\2f style\\3e "'


def test_a_new_section_is_a_plug_in(inputs):
    def render(c):
        return c.html("missing.html.j2", section=extra, lacking=[])

    extra = Section(7, "extra", "q.evidence", "q.evidence", render)
    told = read(page(lean(inputs), sections=(*all_sections(), extra), plain=True))
    assert told.find("section", id="extra-en")
    assert told.find("a", href="#extra-es")


def test_every_need_names_a_part_of_the_inputs():
    known = {field.name for field in fields(ReportInputs)}
    for section in all_sections():
        assert {need.field for need in section.needs} <= known
    assert Need("x", "y", "z") not in all_sections()[0].needs


def test_a_card_without_six_stops_is_refused():
    with pytest.raises(ValueError, match="stops"):
        Card("x", "x", (Stop(content=B("a", "b").en),))


def test_the_file_is_replaced_whole_or_not_at_all(inputs, tmp_path, monkeypatch):
    lean = replace(inputs, contrasts=(), bands=())
    out = tmp_path / "deep" / "report.html"
    assert build_report(lean, out) == out
    before = out.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(StoreError, match="No space left"):
        build_report(replace(lean, events=()), out)
    assert out.read_bytes() == before
    assert [path.name for path in out.parent.iterdir()] == ["report.html"]


def test_no_person_is_named_and_no_machine_is_told(built):
    assert not re.search(r"/(root|tmp|work|home)/", built)


def test_a_page_written_by_two_processes_is_the_same_to_the_last_byte(inputs, monkeypatch, tmp_path):
    small = lean(inputs)
    monkeypatch.setattr("tregua.report.aside._cores", lambda: 2)
    with Aside() as aside:
        with monkeypatch.context() as elsewhere:
            # it draws for itself: none of the pictures kept here
            elsewhere.setenv("TREGUA_CACHE", str(tmp_path))
            aside.start()
        assert page(small, aside=aside) == page(small)


def test_a_second_process_that_is_lost_costs_nothing_but_time(inputs, monkeypatch):
    small = lean(inputs)
    monkeypatch.setattr("tregua.report.aside._cores", lambda: 2)
    with Aside() as aside:
        aside.start()
        aside._process.kill()
        assert page(small, lang="es", aside=aside).count("<html") == 1
    monkeypatch.setattr("tregua.report.aside._cores", lambda: 1)
    with Aside() as aside:
        aside.start()
        assert aside._process is None


def test_a_first_look_says_that_the_rest_is_on_its_way(inputs):
    first = replace(lean(inputs), unfinished=True, findings=(), patterns=(), departments=(), ledger=None)
    parts = only("notice", "decide", "evidence", "check", "where", "claims")
    half = halves(read(page(first, sections=parts, plain=True)))["es"]
    assert "Una primera mirada" in half.find("section", css="notice")[0].text()
    missing = half.find("section", css="missing")
    assert missing
    assert all("Aún se está calculando" in one.text() for one in missing)
    assert not any(one.find("code") for one in missing)


def test_probes_are_shown_where_they_were_kept_and_named_with_their_command_where_not(inputs, tmp_path):
    origin = {"case_digest": "case", "model_digest": "model", "decision": "2012", "horizon": 5}
    spread = {"mean": 1.24, "mcse_mean": 0.1, "q05": 0.0, "median": 1.0, "q95": 3.0}
    roles = [
        {"policy": policy, "prior": prior, "ratio": ratio, "removed": spread, "missed": spread, "watch": spread}
        for policy in ("prosecute", "list", "protect")
        for prior in ("law_enforcement", "civil_society")
        for ratio in (1.0, 3.0)
    ]
    hostile = "<script>alert(1)</script>"
    found = {
        "arm": "open_truce",
        "horizon": 5,
        "sobol": [{"factor": "chance", "first": 0.2, "total": 0.4, "mcse_first": 0.1, "mcse_total": 0.1}],
        "tornado": [
            {"parameter": hostile, "low": -900.0, "high": 1_400.0, "mcse": 40.0, "evidence": hostile},
            {"parameter": "quiet", "low": 3.0, "high": 4.0, "mcse": 40.0, "evidence": ""},
            {"parameter": "rough", "low": -11_200.0, "high": -6_100.0, "mcse": 1_700.0, "evidence": ""},
        ],
    }
    keep(tmp_path, SENSITIVITY, found, **origin)
    keep(tmp_path, ROLES, roles, **origin)
    cuts = [
        {"factor": hostile, "low": None, "high": 0.57, "least": 0.1, "most": 0.9, "among": (), "chance": 0.001},
        {"factor": "reading", "low": None, "high": None, "among": ("bonding",), "chance": 0.02, "tried": 16},
    ]
    region = {"limits": cuts, "density": 0.96, "base": 0.31, "coverage": 0.58, "histories": 40}
    one = {"label": "2012", "arm": "open_truce", "thresholds": {"homicides": 0.0}}
    keep(tmp_path, FAILS, [{**one, "region": region}, {**one, "region": None}], **origin)
    assert failing_of(tmp_path, "case", "another model") == ()
    assert sensitivity_of(tmp_path, "case", "another model") is None
    assert roles_of(tmp_path, "another case", "model") == ()
    told = replace(
        lean(inputs),
        sensitivity=sensitivity_of(tmp_path, "case", "model"),
        failing=failing_of(tmp_path, "case", "model"),
        roles=roles_of(tmp_path, "case", "model"),
    )
    decision = only("decide")
    for lang, half in halves(read(page(told, sections=decision, plain=True))).items():
        moved = half.find("details", id=f"moves-2012-{lang}")[0].text()
        assert hostile in moved
        assert "+1,400" in moved or "+1400" in moved or f"+1{NARROW}400" in moved
        assert re.search(r"−11\W000.*−6\W000", moved, re.S), "ends that differ are told apart"
        errors = half.find("details", id=f"roles-2012-{lang}")[0]
        assert len(errors.find("table")) == 3
        rows = errors.find("table")[0].find("tr")[1:]
        assert len(rows) == 4
        priors = [one for row in rows for one in row.find("th")]
        assert [one.attrs["rowspan"] for one in priors] == ["2", "2"]
        assert [one.text() for one in priors] == sorted(one.text() for one in priors)
        failing = half.find("details", id=f"fails-2012-{lang}")[0]
        assert hostile in failing.text()
        assert re.search(r"\b96\b.*\b31\b.*\b58\b", failing.text(), re.S)
        said = r"more homicides.* than no truce" if lang == "en" else r"más homicidios.* que sin tregua"
        assert re.search(said, failing.text())
        filled = [len(one.find("circle", css="si")) for one in failing.find("svg") if one.find("circle")]
        assert filled == [19, 6, 12]
        (bar,) = failing.find("rect")
        assert 50 < float(bar.attrs["width"]) < 60
        assert len(failing.find("b")) == 2
        assert "tregua compare" not in half.find("section", id=f"decide-{lang}")[0].text()
    for lang, half in halves(read(page(lean(inputs), sections=decision, plain=True))).items():
        section = half.find("section", id=f"decide-{lang}")[0].text()
        assert "--sensitivity" in section
        assert "--interlocutors" in section
        assert "--fails" in section
