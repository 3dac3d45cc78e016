from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from tregua.report import strips, theme
from tregua.report.cards import BY_READING
from tregua.report.catalogue import Catalogue
from tregua.report.charts import as_it_happened, drawn_observations, story, story_arms
from tregua.report.choices import evidence_chart, flips_chart, labelled, symlog, told_findings, tradeoff_chart
from tregua.report.export import picture, table, write_figures
from tregua.report.format import Formatter
from tregua.report.inputs import BESIDE, CAPITAL_OUTCOMES, ELSE_OUTCOMES, STORY_READINGS, Observation
from tregua.report.multiples import FEW_PAIRS, Step, capitals_chart, difference, else_chart, quantile_dots, scale_of
from tregua.report.picture import PAPER_ROWS, compiled, draw, for_paper, plain_text, register_font, without_zones
from tregua.report.places import edges_of, places_chart, thinned
from tregua.report.strips import numbered_events
from tregua.report.svg import stepped

WORDS = {lang: Catalogue(lang) for lang in ("en", "es")}
FORMAT = {lang: Formatter(WORDS[lang]) for lang in WORDS}


def made(inputs, lang="en"):
    words, fmt = WORDS[lang], FORMAT[lang]
    every = [(as_it_happened(inputs, words, fmt, small=small), width) for small in (True, False)
             for width in ("wide", "mid", "phone")]  # fmt: skip
    every += [(story(inputs, words, fmt, name), "phone") for name in STORY_READINGS]
    both = [else_chart(inputs, words, fmt, ELSE_OUTCOMES), capitals_chart(inputs, words, fmt, CAPITAL_OUTCOMES)]
    steps = [Step(row.start, row.end, -9.0, -5.0, -2.0, 1.0, 6.0) for row in inputs.months[:96]]
    totals = [float(n - 30) for n in range(60)]
    both.append(difference(words, fmt, id="c17", title="B - A", unit="x", steps=steps, totals=totals))
    both += [
        flips_chart(inputs, words, fmt, "2012", 5, BY_READING),
        tradeoff_chart(inputs, words, fmt, "arrests_wrongful", "2012", 5),
        evidence_chart(inputs, words, fmt, "rights"),
        places_chart(inputs, words, fmt),
    ]
    return every + [(chart, width) for chart in both for width in chart.widths]


@pytest.fixture(scope="module")
def drawn(inputs):
    return {(chart.id, width): draw(chart.spec(width), FORMAT["es"]) for chart, width in made(inputs, "es")}


def plainly_named(schema):
    """The same schema, its definitions under names that a reference may hold as they are."""
    names = {name: re.sub(r"\W+", "_", name) + f"_{n}" for n, name in enumerate(schema["definitions"])}

    def told(part):
        if isinstance(part, list):
            return [told(one) for one in part]
        if not isinstance(part, dict):
            return part
        return {
            key: f"#/definitions/{names[one.removeprefix('#/definitions/')]}"
            if key == "$ref" and isinstance(one, str)
            else told(one)
            for key, one in part.items()
        }

    whole = told({**schema, "definitions": {}})
    return {**whole, "definitions": {names[name]: told(one) for name, one in schema["definitions"].items()}}


def test_every_specification_keeps_the_schema(inputs):
    import altair
    import jsonschema_rs

    validator = jsonschema_rs.Draft7Validator(plainly_named(altair.load_schema()))
    for chart, width in made(inputs):
        spec = json.loads(json.dumps(chart.spec(width)))
        assert validator.is_valid(spec), (chart.id, width, next(validator.iter_errors(spec)).message[:300])
    spec["background"] = {"colour": 1}
    assert not validator.is_valid(spec)


def bars(spec):
    """Rows of every drawn count, by layer."""
    found = []
    for view in spec["vconcat"]:
        for layer in view.get("layer", []):
            mark = layer["mark"]
            if mark["type"] == "rect" and "y2" in layer["encoding"]:
                found += spec["datasets"][layer["data"]["name"]]
            if mark["type"] == "rule" and "x2" in layer["encoding"] and mark.get("stroke") == theme.LIGHT["ink"]:
                found += spec["datasets"][layer["data"]["name"]]
    return found


def milliseconds(day):
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def test_each_count_is_drawn_over_its_own_days_and_no_others(inputs):
    spec = as_it_happened(inputs, WORDS["en"], FORMAT["en"]).spec("wide")
    shown = {(row["x"], row["x2"]) for row in bars({**spec, "vconcat": spec["vconcat"][:1]})}
    counted = {
        (milliseconds(start), milliseconds(end + timedelta(days=1)))
        for row in drawn_observations(inputs.observations)
        for start, end in row.spans
    }
    assert shown == counted


def test_a_count_stands_at_its_daily_mean(inputs):
    lone = Observation(
        "x", ((date(2010, 1, 1), date(2010, 1, 31)),), 310, "police", "police", "stated", "fit", ("S",)
    )  # fmt: skip
    spec = as_it_happened(replace(inputs, observations=(lone,)), WORDS["en"], FORMAT["en"]).spec("wide")
    (row,) = bars(spec)
    assert (row["y"] + row["y2"]) / 2 == pytest.approx(10.0)


def test_a_total_over_separate_months_has_one_height_on_each(inputs):
    row = next(one for one in inputs.observations if len(one.spans) > 1)
    spec = as_it_happened(replace(inputs, observations=(row,)), WORDS["en"], FORMAT["en"]).spec("wide")
    found = bars(spec)
    assert len(found) == len(row.spans)
    assert {one["y"] for one in found} == {row.rate}
    assert row.rate == pytest.approx(row.count / row.days)


def test_police_and_forensic_counts_differ_without_colour(inputs):
    spec = as_it_happened(inputs, WORDS["en"], FORMAT["en"]).spec("wide")
    looks = {
        (mark.get("fill"), mark.get("stroke"))
        for layer in spec["vconcat"][0]["layer"]
        for mark in [layer["mark"]]
        if mark["type"] == "rect" and "y2" in layer["encoding"]
    }
    assert (theme.LIGHT["ink"], None) in looks
    assert (theme.LIGHT["paper"], theme.LIGHT["ink"]) in looks


def test_alternatives_are_never_drawn(inputs):
    assert {row.use for row in drawn_observations(inputs.observations)} <= {"fit", "score"}


def test_the_three_stories_share_every_scale(inputs):
    def scales(value):
        if isinstance(value, dict):
            for key, below in value.items():
                if key == "domain" and isinstance(below, list):
                    yield tuple(below)
                yield from scales(below)
        elif isinstance(value, list):
            for below in value:
                yield from scales(below)

    found = [
        sorted(set(scales(story(inputs, WORDS["en"], FORMAT["en"], name).spec("phone")))) for name in STORY_READINGS
    ]
    assert found[0] == found[1] == found[2]


def test_zero_is_in_every_scale_of_counts(inputs):
    spec = as_it_happened(inputs, WORDS["en"], FORMAT["en"]).spec("wide")
    domains = [layer["encoding"]["y"]["scale"]["domain"] for layer in spec["vconcat"][0]["layer"]
               if "y" in layer["encoding"]]  # fmt: skip
    assert domains
    assert all(low == 0 for low, _ in domains)


def test_pictures_hold_their_words_and_their_numbers(drawn):
    assert "homicidios por día" in drawn["c1", "wide"]
    assert "2012" in drawn["c1", "wide"]
    assert "Tregua abierta" in drawn["c2-default", "phone"]
    for svg in drawn.values():
        assert svg.count("<text") > 5
        assert not re.search(r"<text[^>]*>\s*</text>", svg)
        assert "serif" not in svg.replace("sans-serif", "")


def test_no_text_in_a_picture_is_under_twelve_pixels(drawn):
    for svg in drawn.values():
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', svg)]
        assert re.match(r'<svg [^>]*font-size="', svg)
        assert sizes
        assert min(sizes) >= 12


def test_pictures_use_only_colours_that_the_page_can_turn_dark(drawn):
    known = {value.lower() for value in theme.LIGHT.values()} | {"none", "transparent", "#000"}
    for svg in drawn.values():
        used = {colour.lower() for colour in re.findall(r'(?:fill|stroke)="([^"]+)"', svg)}
        assert used <= known, used - known


def test_panels_that_fill_more_than_a_printed_page_are_cut_between_rows(inputs):
    whole = flips_chart(inputs, WORDS["en"], FORMAT["en"], "2012", 5, BY_READING).spec("wide")
    panels, columns = whole["concat"], whole["columns"]
    assert len(panels) > PAPER_ROWS * columns
    parts = for_paper(whole)
    assert len(parts) > 1
    assert [panel for part in parts for panel in part["concat"]] == panels
    assert all(len(part["concat"]) <= PAPER_ROWS * columns for part in parts)
    assert all(len(part["concat"]) % columns == 0 for part in parts[:-1])
    assert for_paper({**whole, "concat": panels[: PAPER_ROWS * columns]}) == []
    assert for_paper(as_it_happened(inputs, WORDS["en"], FORMAT["en"]).spec("wide")) == []


def test_words_in_their_usual_colour_leave_it_to_the_page():
    usual, own = theme.LIGHT["ink-2"], theme.LIGHT["ink"]
    told = f'<text x="1" fill="{usual}">a</text><text fill="{own}">b</text><path fill="{usual}"/>'
    assert plain_text(told) == f'<text x="1">a</text><text fill="{own}">b</text><path fill="{usual}"/>'


@pytest.mark.parametrize(("chart", "width"), [("c1", "phone"), ("c7-arrests_wrongful", "wide"), ("c15", "wide")])
def test_a_picture_told_in_fewer_words_looks_the_same(inputs, drawn, chart, width):
    image = pytest.importorskip("PIL.Image")
    import vl_convert

    register_font()  # the drawn one may have been kept from before
    record = next(one for one, _ in made(inputs, "es") if one.id == chart)
    vega = json.dumps(without_zones(compiled(record.spec(width), FORMAT["es"])), sort_keys=True)
    raw, light = vl_convert.vega_to_svg(vega), drawn[chart, width]
    assert len(light) < 0.6 * len(raw)
    named = light.replace("<svg ", f'<svg font-family="{theme.FONT}" ', 1)
    seen = []
    for svg in (raw, named):
        ground = image.open(io.BytesIO(vl_convert.svg_to_png(svg))).convert("RGBA")
        seen.append(image.alpha_composite(image.new("RGBA", ground.size, "white"), ground).convert("L"))
    assert seen[0].size == seen[1].size
    apart = np.abs(np.subtract(*(np.asarray(one, int) for one in seen)))
    assert apart.mean() < 0.5
    assert np.mean(apart > 60) < 0.001


def test_a_picture_keeps_how_faint_its_bands_are(drawn):
    told = set(re.findall(r'fill-opacity="([\d.]+)"', drawn["c1", "wide"]))
    assert {str(theme.BAND_50), str(theme.BAND_90)} <= told


def test_steps_of_a_path_add_up_to_its_points():
    path = "M10,0.5L10,3L12.25,3L12.25,-4C1,2,3,4,5.5,6Zm1,1h-2.5v0.3M7,7L7,7L8,9"
    assert stepped(path, 10, -20) == "M11-1.5v2.5h2.2v-7c-11.2 6-9.2 8-6.7 10zm1 1h-2.5v.3m-1.5 5.2l1 2"


def test_spanish_axes_group_with_a_space_that_the_face_holds(drawn):
    assert re.search(r"\d\u00a0\d{3}", drawn["c2-default", "phone"])
    assert "\u202f" not in "".join(drawn.values())


def test_the_text_alternative_has_numbers_and_a_comparison(inputs):
    for lang in ("en", "es"):
        told = as_it_happened(inputs, WORDS[lang], FORMAT[lang]).alt_long
        assert len(re.findall(r"\d+[.,]\d", told)) >= 3
        assert "34" in told
        assert "38" in told


def test_the_table_of_the_chart_has_every_count(inputs):
    chart = as_it_happened(inputs, WORDS["en"], FORMAT["en"])
    assert len(chart.table.rows) == len(drawn_observations(inputs.observations))
    assert all(len(row) == len(chart.table.headers) for row in chart.table.rows)


def test_events_are_numbered_in_order_of_time_and_no_more_than_asked(inputs):
    named = numbered_events(inputs.events, 5)
    assert list(named) == [1, 2, 3, 4, 5]
    assert [event.day for event in named.values()] == sorted(event.day for event in named.values())
    assert {event.rank for event in named.values()} == {1, 2, 3, 4, 5}


def test_a_case_without_simulated_months_still_shows_its_counts(inputs):
    chart = as_it_happened(replace(inputs, bands=(), coverage=()), WORDS["en"], FORMAT["en"])
    assert "No simulated range" in chart.alt_long
    assert bars(chart.spec("wide"))


def test_a_case_without_events_or_levers_still_draws(inputs):
    bare = replace(inputs, events=(), levers=())
    assert "<svg" in draw(as_it_happened(bare, WORDS["en"], FORMAT["en"]).spec("wide"), FORMAT["en"])


def test_labels_are_not_markup(inputs):
    label = replace(inputs.case.break_label, es="<script>alert(1)</script>")
    bad = replace(inputs, case=replace(inputs.case, break_label=label))
    svg = draw(as_it_happened(bad, WORDS["es"], FORMAT["es"]).spec("wide"), FORMAT["es"])
    assert "<script" not in svg


def test_slimming_a_picture_leaves_its_words_alone(inputs):
    label = replace(inputs.case.break_label, en='rate 0.6549 role="x" class="y"')
    odd = replace(inputs, case=replace(inputs.case, break_label=label))
    svg = draw(as_it_happened(odd, WORDS["en"], FORMAT["en"]).spec("wide"), FORMAT["en"])
    assert "rate 0.6549 role=" in svg


def test_every_lane_has_a_name_in_both_languages():
    for words in WORDS.values():
        assert all(f"lane.{lane}" in words for lane in strips.LANES)


def layers_of(spec):
    """Every layer of a specification, however deep."""
    found = []
    for key in ("layer", "vconcat", "hconcat", "concat"):
        for part in spec.get(key, []):
            found += layers_of(part)
    return found if found else [spec]


def test_a_figure_of_another_outcome_is_drawn_over_its_own_days_at_its_monthly_mean(inputs):
    spec = else_chart(inputs, WORDS["en"], FORMAT["en"], ELSE_OUTCOMES).spec("wide")
    rules = [
        row
        for layer in layers_of(spec)
        if layer["mark"]["type"] == "rule" and "x2" in layer["encoding"]
        for row in spec["datasets"][layer["data"]["name"]]
    ]
    year = next(one for one in inputs.figures if one.id == "e1")
    row = next(one for one in rules if one["x"] == milliseconds(year.start))
    assert row["x2"] == milliseconds(year.end + timedelta(days=1))
    assert row["y"] == pytest.approx(year.value / 365 * 365.25 / 12)


def test_what_victims_pay_and_what_gangs_take_are_two_panels(inputs):
    chart = else_chart(inputs, WORDS["en"], FORMAT["en"], ELSE_OUTCOMES)
    names = list(chart.table.headers)
    assert "Paid by victims, US$ million a month" in names
    assert "Gang income, US$ million a month" in names
    assert len(chart.spec("wide")["concat"]) == len(ELSE_OUTCOMES)


def test_no_capital_is_drawn_without_its_meaning(inputs):
    spec = capitals_chart(inputs, WORDS["en"], FORMAT["en"], CAPITAL_OUTCOMES).spec("wide")
    shown = [one["t"] for layer in layers_of(spec) if layer["mark"]["type"] == "text"
             for one in spec["datasets"][layer["data"]["name"]]]  # fmt: skip
    told = " ".join(shown)
    for outcome in CAPITAL_OUTCOMES:
        assert WORDS["en"].text(f"panel.{outcome}.unit") in told


def test_below_two_dozen_pairs_a_difference_shows_dots_and_no_band(inputs):
    steps = [Step(row.start, row.end, -9.0, -5.0, -2.0, 1.0, 6.0) for row in inputs.months[:12]]
    few, many = (
        difference(WORDS["en"], FORMAT["en"], id="d", title="t", unit="u", steps=steps, totals=[1.0] * n)
        for n in (FEW_PAIRS - 1, FEW_PAIRS)
    )
    kinds = [{layer["mark"]["type"] for layer in layers_of(chart.spec("wide"))} for chart in (few, many)]
    assert "area" not in kinds[0]
    assert "area" in kinds[1]
    assert few.flags
    assert not many.flags


def test_twenty_dots_are_the_quantiles_of_the_totals():
    dots = quantile_dots([float(n) for n in range(101)])
    assert len(dots) == 20
    assert dots[0] == pytest.approx(2.5)
    assert dots[-1] == pytest.approx(97.5)
    assert quantile_dots([]) == []


@pytest.mark.parametrize("highest", [0.03, 0.8, 1.0, 7.0, 66.7, 912.0, 41_000.0])
def test_a_scale_begins_at_zero_holds_its_highest_value_and_has_few_round_ticks(highest):
    top, ticks = scale_of(highest)
    assert ticks[0] == 0
    assert top >= highest
    assert 2 <= len(ticks) <= 5
    assert top < 2.1 * highest


def test_a_still_picture_carries_no_fields_that_only_a_live_one_reads(inputs):
    vega = compiled(else_chart(inputs, WORDS["en"], FORMAT["en"], ELSE_OUTCOMES).spec("phone"), FORMAT["en"])
    assert '"say"' in json.dumps(vega)
    assert '"say"' not in json.dumps(without_zones(vega))
    assert "datetime(" not in json.dumps(vega)


def test_a_reading_that_agrees_is_drawn_beside_one_that_does_not(inputs):
    chart = flips_chart(inputs, WORDS["en"], FORMAT["en"], "2012", 5, BY_READING)
    spec = chart.spec("wide")
    rows = [one for part in spec["concat"] for layer in part["layer"] if layer["mark"]["type"] == "point"
            for one in spec["datasets"][layer["data"]["name"]]]  # fmt: skip
    arms = [arm for arm in inputs.arms if arm.id != "no_truce"]
    shown = [one for one in inputs.readings if one.refit != "needed"]
    assert len(rows) == len(arms) * len(shown)
    assert "on the other side of zero under: " in chart.alt_long


def test_no_data_of_a_comparison_leave_with_deaths_alone(inputs):
    chart = flips_chart(inputs, WORDS["en"], FORMAT["en"], "2012", 5, BY_READING)
    assert {row["outcome"] for row in chart.data} == set(BY_READING)
    changing = {row["response"] for row in chart.data if row["changes_sign"] and row["outcome"] == "homicides"}
    assert changing == {"as_it_happened", "secret_truce", "mano_dura"}
    every = [
        row["changes_sign"] for row in chart.data if (row["response"], row["outcome"]) == ("mano_dura", "homicides")
    ]
    assert all(every), "the response changes sign, in whichever reading its row stands"
    assert "Mano dura: fewer killings in 1 of" in chart.alt_long
    cloud = tradeoff_chart(inputs, WORDS["en"], FORMAT["en"], "deaths_by_state", "2012", 5)
    assert all(set(BESIDE) <= set(row) for row in cloud.data)
    flipping = {row.arm for row in inputs.contrasts if row.flip and (row.decision, row.horizon) == ("2012", 5)
                and row.outcome == "homicides"}  # fmt: skip
    assert flipping
    assert {row["response"] for row in cloud.data if row["homicides_change_sign"]} == flipping
    arm = next(arm.label.en for arm in inputs.arms if arm.id in flipping)
    assert f"change sign in some reading: {arm}" in cloud.key


def test_points_that_cover_one_another_share_a_label_and_no_other_does():
    points = [(0.0, 0.0, 2), (0.5, 4.0, 7), (0.9, 1.0, 5), (0.0, 30.0, 3), (3.0, 0.0, 11)]
    assert labelled(points, (1.0, 5.0)) == [
        {"x": 0.9, "y": pytest.approx(1.67), "t": "2, 5, 7"},
        {"x": 0.0, "y": 30.0, "t": "3"},
        {"x": 3.0, "y": 0.0, "t": "11"},
    ]


def test_a_response_whose_sign_changes_says_so_inside_the_chart_of_stories(inputs):
    spec = story(inputs, WORDS["en"], FORMAT["en"], "default").spec("phone")
    shown = [one["t"] for layer in layers_of(spec) if layer["mark"]["type"] == "text"
             for one in spec["datasets"][layer["data"]["name"]]]  # fmt: skip
    flipping = {row.arm for row in inputs.contrasts if row.flip and (row.decision, row.horizon) == ("2012", 5)
                and row.outcome == "homicides"}  # fmt: skip
    for arm in story_arms(inputs):
        told = [text for text in shown if text.startswith(arm.label.en)]
        assert [text.endswith("changes sign") for text in told] == [arm.id in flipping]


def test_level_strokes_that_follow_one_another_are_told_as_one():
    assert stepped("M0,5L6.4,5L12.6,5L12.6,7L10,7L8,7L9,7") == "M0 5h12.6v2h-4.6h1"


def test_the_scale_of_rights_is_straight_near_zero_and_odd():
    assert symlog(0) == 0
    assert symlog(-250) == -symlog(250)
    assert symlog(1) == pytest.approx(0.01, rel=0.01)
    assert symlog(10_000) < symlog(100_000) < symlog(10_000) + 3


def test_evidence_is_shown_under_both_expert_priors_and_what_changes_nothing_is_no_bar(inputs):
    lists = told_findings(inputs, "rights")
    assert [rows[0].id for rows in lists] == ["repression", "bonding"]
    assert all([one.belief for one in rows] == ["equal", "civil_society", "law_enforcement"] for rows in lists)
    assert evidence_chart(replace(inputs, findings=()), WORDS["en"], FORMAT["en"], "rights") is None


def test_a_place_with_too_few_shows_no_number(inputs):
    chart = places_chart(inputs, WORDS["en"], FORMAT["en"])
    row = next(one for one in chart.data if one["not_shown_too_few"])
    assert row["homicides"] == ""
    assert row["per_100000_a_year"] == ""
    assert not chart.simulated


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_no_place_is_cut_off_its_map(inputs, width):
    chart = places_chart(inputs, WORDS["en"], FORMAT["en"])
    svg = str(draw(chart.spec(width), FORMAT["en"]))
    filled = [colour for colour in re.findall(r'fill="([^"]+)"', svg) if colour != "none"]
    assert len(filled) >= len(inputs.outlines) >= 1
    assert "clip" not in svg


def test_edges_of_bins_are_round_rising_and_inside_the_values():
    edges = edges_of([31, 33, 48, 57, 66, 74, 93, 108, 123, 161])
    assert edges == sorted(set(edges))
    assert all(31 <= edge <= 161 for edge in edges)
    assert edges_of([]) == []


def test_a_thinned_ring_is_closed_and_keeps_its_far_corners():
    ring = [(0.0, 0.0), (0.5, 0.1), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]
    assert thinned(ring) == [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0], [0.0, 0.0]]


def test_a_figure_is_written_as_picture_and_table_with_what_must_travel_with_it(inputs, tmp_path):
    charts = [as_it_happened(inputs, WORDS["en"], FORMAT["en"]), places_chart(inputs, WORDS["en"], FORMAT["en"])]
    paths = write_figures(charts, inputs, WORDS["en"], FORMAT["en"], tmp_path)
    starts = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "csv": b"series,"}
    assert len(paths) == 8
    for path in paths[:4]:
        assert path.read_bytes().startswith(starts[path.suffix[1:]]), path
    told = picture(charts[0], inputs, WORDS["en"], FORMAT["en"])
    for must in (charts[0].question, "must not be used", "seed 20120308", "Sources:", "the fit’s self-test not run"):
        assert must in told
    assert "calibration gate" not in picture(charts[1], inputs, WORDS["en"], FORMAT["en"])


def test_a_text_that_a_spreadsheet_would_run_is_quoted(inputs):
    chart = replace(places_chart(inputs, WORDS["en"], FORMAT["en"]), data=({"a": "=1+1", "b": "-2.5", "c": "@x"},))
    assert table(chart).splitlines()[1] == "'=1+1,-2.5,'@x"
