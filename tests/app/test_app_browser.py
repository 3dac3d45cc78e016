"""The app in a real browser: levers, comparison, languages, drawer, links, jobs, exports, keys, phone, no network."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from live_server import serving

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")]
PAGES = ("", "why", "compare", "effect", "check", "ledger", "report", "jobs", "workshop", "about")
WRITTEN = "w.government.t.homicides=-500&w.victims.t.deaths_by_state=0&w.victims.w.homicides=1"
"""What two roles of a workshop wrote."""
OWN_PAGES = ("", "why", "effect", "jobs", f"workshop?{WRITTEN}")
"""Pages that are the app's own, and the smallest of those made of the report's sections: the frame is the same."""
LEAST = (
    "Object.values(tregua.store.results).length < 3 ? 0 : "
    "Math.min(...Object.values(tregua.store.results).map(r => r.n))"
)
ABSENT = re.compile(r"null|undefined|\bNaN\b|\[object|\{\w+\}|\b(?:app|claim|unit|key)\.[a-z]")
"""What a page prints when it has nothing to print, or nothing to fill a slot with."""
WITHOUT_REPORT = {"exclude": [[".doc"]]}
"""The sections of the report pass the same check in the report's own tests; here the app around them."""
IMPORTANT = {"serious", "critical"}


@pytest.fixture(scope="module")
def shown(case, tmp_path_factory) -> Iterator[str]:
    from tregua.app.server import make_app

    app = make_app(case, tmp_path_factory.mktemp("shown"), seed=20120308, most_runs=8)
    app.kitchen.laboratory.stages = (4, 8)  # a band that sharpens once, at the cost of eight pairs
    with serving(app) as where:
        app.kitchen.ready.wait(120)
        for lang in ("en", "es"):
            app.kitchen.pages.written(lang)
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


class Visit:
    """A page with everything it asks for and complains about."""

    def __init__(self, browser, address: str, path: str, width: int, height: int, **options: object) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, accept_downloads=True, **options
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.address = address
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.open(path)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}/{path}")
        self.page.wait_for_selector("main h1", state="attached")
        if urlsplit(path).path in ("", "/"):
            self.settled()

    def until(self, expression: str, seconds: float = 60) -> None:
        """Wait for an expression; the content policy forbids the page to evaluate text by itself."""
        end = time.monotonic() + seconds
        while not self.page.evaluate(expression):
            assert time.monotonic() < end, expression
            self.page.wait_for_timeout(30)

    def settled(self) -> None:
        """Wait until the runs asked for have come."""
        self.until(f"{LEAST} >= 8 && !tregua.store.running")
        self.page.wait_for_timeout(60)

    @property
    def state(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.page.url).query)


@pytest.fixture
def visit(browser, shown) -> Iterator[object]:
    made: list[Visit] = []

    def go(path: str = "?lang=en", width: int = 1280, height: int = 900, **options: object) -> Visit:
        made.append(Visit(browser, shown, path, width, height, **options))
        return made[-1]

    yield go
    for one in made:
        one.context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_asks_the_network_complains_or_scrolls_sideways(visit, shown, width):
    seen = visit("?lang=es", width, 800)
    for page in PAGES[1:]:
        seen.page.locator(f"[data-page='{page}']").first.evaluate("one => one.click()")
        seen.until(f"location.pathname === '/{page}' && !document.querySelector('main [role=status].muted')")
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, page
        assert not ABSENT.search(seen.page.locator("#root").inner_text()), page
    assert [url for url in seen.asked if not url.startswith((shown, "data:", "blob:"))] == []
    assert seen.complaints == []


def test_a_lever_moves_one_scenario_and_only_that(visit):
    seen = visit()
    before = (
        seen.page.evaluate("tregua.store.results.default.a.band[2]"),
        seen.page.evaluate("tregua.store.results.default.b.band[2]"),
    )
    seen.page.locator("#lever-contact").focus()
    seen.page.keyboard.press("Home")
    seen.settled()
    after = (
        seen.page.evaluate("tregua.store.results.default.a.band[2]"),
        seen.page.evaluate("tregua.store.results.default.b.band[2]"),
    )
    assert before[0] == after[0]
    assert before[1] != after[1]
    assert seen.state["b.contact"] == ["0"]
    assert "a.contact" not in seen.state
    assert seen.page.evaluate("document.activeElement.id") == "lever-contact"
    row = seen.page.locator(".what-differs tr", has_text="Contact").inner_text().split()
    assert row[-2:] == ["0.35", "0"]


def test_a_lever_redraws_what_belongs_to_it_and_leaves_the_rest(visit):
    seen = visit("?lang=en&a=secret_truce&b=secret_truce&b.contact=0.2")
    strip = seen.page.locator(".columns figure >> nth=0 >> .strip-line.b").get_attribute("d")
    seen.page.evaluate(
        """() => { const put = [...document.querySelectorAll('.argue, svg.story-chart, .events, .controls')];
             put.push(document.querySelector("[data-lever='arrests']"));
             window.stood = put; window.moved = document.querySelector("[data-lever='contact']"); }"""
    )
    seen.page.locator("[data-lever='contact'] summary").click()
    seen.page.locator("#lever-contact").focus()
    seen.page.keyboard.press("Home")
    seen.settled()
    assert seen.page.evaluate("window.stood.length > 6 && window.stood.every(one => one.isConnected)")
    assert not seen.page.evaluate("window.moved.isConnected")
    assert seen.page.evaluate("document.activeElement.id") == "lever-contact"
    assert seen.page.locator("[data-lever='contact'] details").get_attribute("open") is not None
    assert seen.page.locator(".columns figure >> nth=0 >> .strip-line.b").get_attribute("d") != strip
    assert seen.page.locator(".what-differs tr", has_text="Contact").inner_text().split()[-1] == "0"
    assert "b.contact=0" in seen.page.locator("[data-page='why']").first.get_attribute("href")
    # a response brings other levers, and takes back what was moved
    seen.page.locator("[data-focus='arm-b']").select_option("mano_dura")
    seen.settled()
    assert seen.page.evaluate("window.stood.slice(0, 2).every(one => one.isConnected)")
    assert "Mano dura" in seen.page.locator("#levers").inner_text()
    shown = seen.page.locator("#lever-arrests").input_value()
    assert float(shown) == seen.page.evaluate(
        "tregua.store.caseView.decisions[0].arms.find(one => one.id === 'mano_dura').sets.arrests"
    )


def test_the_first_page_of_a_known_state_comes_with_its_charts(visit):
    seen = visit("?lang=en")
    seen.open("?lang=en")
    assert seen.page.evaluate("JSON.parse(document.getElementById('given').textContent).first.stories.length") == 3
    assert seen.page.evaluate("tregua.store.firstChart") > 0
    assert not any(path in url for url in seen.asked for path in ("/api/words", "/api/case", "/api/link"))
    assert seen.complaints == []


def test_moves_are_undone_and_redone_by_key(visit):
    seen = visit()
    seen.page.locator("#lever-contact").focus()
    seen.page.keyboard.press("End")
    seen.until("tregua.store.state.b.sets.contact === 1")
    # a change of language loses no move
    seen.page.locator("input[name='lang'][value='es']").check(force=True)
    seen.until("document.documentElement.lang === 'es'")
    seen.page.locator("#lever-contact").focus()
    seen.page.keyboard.press("Control+z")
    seen.until("!('contact' in tregua.store.state.b.sets)")
    seen.page.keyboard.press("Control+Shift+z")
    seen.until("tregua.store.state.b.sets.contact === 1")
    seen.page.keyboard.press("h")
    seen.until("tregua.store.state.b.sets.contact !== undefined")
    seen.page.keyboard.press("PageDown")
    seen.until("tregua.store.state.b.sets.contact < 1")


def test_a_state_is_kept_by_name_and_comes_back(visit):
    seen = visit("?lang=en&b=secret_truce&b.contact=0.3")
    seen.page.locator("[data-focus='kept-name']").fill("<b>ours</b>")
    seen.page.locator("[data-focus='kept-keep']").click()
    seen.page.locator("[data-focus='arm-b']").select_option("mano_dura")
    seen.settled()
    seen.page.locator(".kept .open").click()
    seen.until("tregua.store.state.b.arm === 'secret_truce' && tregua.store.state.b.sets.contact === 0.3")
    assert seen.page.locator(".kept .open").inner_text() == "<b>ours</b>"
    seen.settled()
    seen.page.keyboard.press("Control+z")
    seen.until("tregua.store.state.b.arm === 'mano_dura'")
    seen.open("?lang=es")
    seen.page.locator(".kept .drop").click()
    seen.until("document.querySelectorAll('.kept .open').length === 0")
    assert seen.complaints == []


def test_values_that_nobody_has_seen_are_hatched_and_said(visit):
    seen = visit()
    seen.page.locator("#lever-concession").focus()
    seen.page.keyboard.press("End")
    lever = seen.page.locator("[data-lever='legal']")
    assert "Outside the evidence" in lever.inner_text()
    # a word of a question that is no lever leads to what answers to it
    seen.page.locator("[data-focus='find']").fill("weak command")
    assert seen.page.locator(".found button").count() == 2
    seen.page.locator("[data-focus='found-outcome-command']").press("Enter")
    seen.until("tregua.store.state.outcome === 'command'")
    seen.settled()
    seen.page.locator("[data-focus='found-reading-leader_split']").press("Enter")
    assert seen.page.locator("#all-readings").get_attribute("open") is not None
    seen.page.locator("[data-focus='find']").fill("arrests")
    seen.page.locator("[data-focus='found-lever-arrests']").press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "lever-arrests"
    seen.page.locator("[data-focus='find']").fill("qwxz")
    assert seen.page.locator(".found").inner_text() == "Nothing here has that word."
    assert "in history" in seen.page.locator("[data-lever='concession']").inner_text()


def test_the_same_scenario_twice_has_no_difference(visit):
    seen = visit("?lang=en&a=mano_dura&b=mano_dura")
    told = seen.page.locator("#others a.num").all_inner_texts()
    assert len(told) >= 24
    assert [text for text in told if set(re.findall(r"\d", text)) != {"0"}] == []
    assert seen.page.locator(".what-differs h3").inner_text() == "What differs: 0"


def small_stories_are_large_enough(seen: Visit) -> None:
    sizes = [box.bounding_box() for box in seen.page.locator(".columns.focused .thumb-button").all()]
    assert len(sizes) == 2
    assert [size for size in sizes if size["width"] < 160 or size["height"] < 90] == []
    seen.page.locator(".columns.focused .thumb-button").first.focus()
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.tagName") != "svg", (
        "a small picture is reached by its button alone"
    )


def test_deaths_never_stand_without_rights_and_three_explanations_stand_together(visit):
    seen = visit()
    heads = seen.page.locator("#others tbody th").all_inner_texts()
    assert [name.split("\n")[0] for name in heads][:4] == [
        "Homicides",
        "Killed by the state",
        "Deaths in custody",
        "Wrongful arrests",
    ]
    assert seen.page.locator(".columns figure").count() == 3
    seen.page.locator("button", has_text="Enlarge").first.click()
    assert seen.page.locator(".columns figure").count() == 3
    small_stories_are_large_enough(seen)


def test_both_expert_priors_stand_side_by_side_in_the_order_of_the_language(visit):
    for lang, first in (("en", "Civil-society"), ("es", "Supuesto de la sociedad")):
        seen = visit(f"?lang={lang}")
        seen.page.locator("input[name='triad'][value='priors']").check(force=True)
        seen.until("Object.keys(tregua.store.results).includes('brokers_agents') && !tregua.store.running")
        names = seen.page.locator(".columns figure h2").all_inner_texts()
        assert len(names) == 3
        assert first in names[0]


def test_every_reading_is_listed_and_the_sign_is_told_first(visit):
    seen = visit()
    seen.until("Object.keys(tregua.store.others).length >= 10")
    seen.page.wait_for_timeout(100)
    told = seen.page.locator("#flipline").inner_text()
    assert re.search(r"killings than A", told), told
    zero = seen.page.evaluate(
        """() => { const { results, others, caseView } = tregua.store;
             return caseView.decisions[0].readings.map(id => results[id] || others[id]).filter(
               one => one.rows[0].q05 < 0 && one.rows[0].q95 > 0).length; }"""
    )
    assert (f"Under {zero} of them" if zero > 1 else "Under one of them") in told or not zero
    seen.page.locator("#all-readings summary").click()
    rows = seen.page.locator("#all-readings tbody tr").count()
    assert rows == seen.page.evaluate("tregua.store.caseView.decisions[0].readings.length")


@pytest.mark.parametrize("path", ["?lang=en&b.contact=0.42&b=secret_truce", "why?lang=en", "ledger?lang=en"])
def test_the_language_changes_everything_and_keeps_the_state(visit, path):
    seen = visit(path)
    state = {key: value for key, value in seen.state.items() if key != "lang"}
    before = len([url for url in seen.asked if url.endswith("/api/runs")])
    seen.page.locator("input[name='lang'][value='es']").check(force=True)
    seen.until("document.documentElement.lang === 'es'")
    assert {key: value for key, value in seen.state.items() if key != "lang"} == state
    assert len([url for url in seen.asked if url.endswith("/api/runs")]) == before
    nav = seen.page.locator("#rail").inner_text()
    assert "¿Por qué?" in nav
    assert "Jobs" not in nav
    assert "no un pronóstico" in seen.page.locator("#notice").inner_text()


def test_a_number_opens_its_six_stops_and_a_claim_and_escape_returns(visit):
    seen = visit()
    number = seen.page.locator("#others a.num").first
    number.focus()
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector("#drawer li[data-stop='runs']")
    assert seen.page.locator("#drawer li[data-stop]").count() == 6
    assert seen.page.locator("#drawer .crumbs button").all_inner_texts() == [
        "Number",
        "Effect",
        "Series",
        "Claims",
        "Mechanism",
        "Runs",
    ]
    seen.page.locator("#drawer a.id").first.click()
    seen.page.wait_for_selector("#drawer .claim .box")
    assert seen.page.locator("#drawer .claim .chip").first.is_visible()
    seen.page.keyboard.press("Escape")
    assert seen.page.locator("#drawer").is_hidden()
    assert seen.page.evaluate("document.activeElement.classList.contains('num')")


def test_a_claim_of_a_lever_leads_to_its_box_and_from_there_to_a_page(visit):
    seen = visit()
    lever = seen.page.locator("[data-lever='contact']")
    lever.locator("summary").click()
    lever.locator("a.id").first.click()
    seen.page.wait_for_selector("#drawer .claim .box")
    seen.page.locator("#drawer li[data-stop='mechanism'] a").first.click()
    seen.until("location.pathname === '/about'")


def test_a_link_opens_the_state_that_it_was_made_from(visit):
    seen = visit("?lang=en&b=secret_truce&b.legal=1&b.start=2012-06-01")
    link = seen.page.evaluate("location.search")
    other = visit(link)
    assert other.page.evaluate("JSON.stringify(tregua.store.state)") == seen.page.evaluate(
        "JSON.stringify(tregua.store.state)"
    )
    assert other.page.evaluate("tregua.store.results.default.rows[0].q50") == seen.page.evaluate(
        "tregua.store.results.default.rows[0].q50"
    )


def test_an_old_link_explains_itself(visit):
    seen = visit("?lang=en&v=1&m=00000000&b=old_name&b.contact=9")
    notes = seen.page.locator(".link-notes li").all_inner_texts()
    assert len(notes) == 3
    assert any("another model" in note for note in notes)


def test_the_window_of_a_truce_is_dragged_or_typed(visit):
    seen = visit("?lang=en&b=secret_truce")
    handle = seen.page.locator(".columns [data-handle='start'] .hit").first
    box = handle.bounding_box()
    seen.page.mouse.move(box["x"] + 22, box["y"] + 22)
    seen.page.mouse.down()
    seen.page.mouse.move(box["x"] + 52, box["y"] + 22, steps=4)
    seen.page.mouse.up()
    seen.until("tregua.store.state.b.start !== null")
    assert seen.state["b.start"][0] > "2012-06"
    seen.settled()
    seen.page.locator("[data-focus='window-end']").fill("2014-06-01")
    seen.until("tregua.store.state.b.end === '2014-06-01'")
    seen.settled()
    assert seen.complaints == []


def test_axes_stand_still_while_the_band_sharpens(visit):
    """Every change of the drawing is kept: ticks and grid may move with the first bands of a lever, never after."""
    seen = visit("?lang=en&b=secret_truce")
    seen.page.evaluate(
        """() => { const host = document.getElementById('page'); window.drawn = [];
             const look = () => { const shown = Object.values(tregua.store.results);
               const place = part => ['x1', 'x2', 'y1', 'y2', 'x', 'y'].map(name => part.getAttribute(name)).join();
               const axis = one => [...one.querySelectorAll('line.grid, line.zero, text.tick, text.unit')].map(
                 part => part.textContent + place(part)).join(';');
               window.drawn.push({ n: Math.min(...shown.map(one => one.n)), most: Math.max(...shown.map(one => one.n)),
                 mark: [...new Set(shown.map(one => one.mark))],
                 axes: [...host.querySelectorAll('svg.story-chart')].map(axis),
                 bands: [...host.querySelectorAll('svg.story-chart .band90.b')].map(one => one.getAttribute('d')) }); };
             new MutationObserver(look).observe(host, { childList: true, subtree: true }); }"""
    )
    seen.page.locator("#lever-contact").focus()
    for key in ("Home", "End"):
        seen.page.evaluate("window.drawn.length = 0")
        before = seen.page.evaluate("tregua.store.results.default.mark")
        seen.page.keyboard.press(key)
        seen.settled()
        drawn = seen.page.evaluate("window.drawn")
        later = [one for one in drawn if one["mark"] == [before + 1] and one["most"] > 4]
        first = [one for one in drawn if one["mark"] == [before + 1] and one["n"] == one["most"] == 4]
        assert first, [(one["mark"], one["n"], one["most"]) for one in drawn]
        assert later[-1]["n"] == 8
        assert {tuple(one["axes"]) for one in later} == {tuple(first[-1]["axes"])}
        assert all(one["axes"][0] for one in later)
        assert later[-1]["bands"] != first[-1]["bands"], "nothing sharpened: the test would see no jump"
    seen.page.locator("[data-focus='outcome']").select_option("capital_political")
    seen.settled()
    assert seen.page.evaluate("window.drawn.at(-1).axes") != drawn[-1]["axes"]


def test_levers_that_differ_lie_under_the_time_axis(visit):
    seen = visit("?lang=en&a=secret_truce&b=secret_truce&b.contact=0.2")
    names = seen.page.locator(".columns figure").first.locator(".strip-name").all_text_contents()
    assert names == ["Contact"]
    lines = [
        seen.page.locator(f".columns figure >> nth=0 >> .strip-line.{side}").get_attribute("d") for side in ("a", "b")
    ]
    assert lines[0] != lines[1]
    seen.page.locator("[data-focus='arm-b']").select_option("open_truce")
    seen.settled()
    assert seen.page.locator(".columns figure").first.locator(".strip-name").count() == 2
    assert "more levers" in seen.page.locator(".columns figure").first.locator(".strips").text_content()


def test_the_map_shows_what_was_counted_and_nothing_simulated(visit):
    seen = visit()
    seen.page.locator("input[name='tab'][value='map']").check(force=True)
    seen.page.wait_for_selector("#places .doc svg:visible")
    text = seen.page.locator("#places").inner_text()
    assert "Nothing simulated" in text
    assert "no figure" in text.lower()
    assert seen.page.locator("#places .band90, #places .median").count() == 0
    assert seen.page.locator("#others tbody th").count() >= 8
    seen.page.locator("input[name='lang'][value='es']").check(force=True)
    seen.until(
        "document.querySelector('#places') && document.querySelector('#places').innerText.includes('Nada simulado')"
    )
    seen.page.wait_for_selector("#places .doc svg:visible")
    assert seen.complaints == []


def test_two_outcomes_are_told_as_two(visit):
    seen = visit()
    seen.page.evaluate(
        """() => { const say = one => ({ en: one, es: one });
             const part = (q50, value, n) =>
               ({ q50, share: n / 100, text: say({ value, span: '' }), chance: say(String(n)) });
             for (const one of Object.values(tregua.store.results)) {
               one.rows[0].humps = [part(-9000, 'less 9,000', 70), part(-400, 'less 400', 30)]; } }"""
    )
    seen.page.locator("input[name='tab'][value='table']").check(force=True)
    seen.page.locator("input[name='tab'][value='chart']").check(force=True)
    seen.page.wait_for_selector("#others .hump")
    cell = seen.page.locator("#others tbody tr").first.locator("td").first
    assert [one for one in cell.locator(".num").inner_text().split("\n") if one] == [
        "two outcomes", "less 9,000 in 70 of 100", "less 400 in 30 of 100",
    ]  # fmt: skip
    assert cell.locator("circle").count() == 2
    assert seen.page.locator("svg.difference .median").count() == 0


def test_the_table_has_the_numbers_of_the_chart(visit):
    seen = visit()
    seen.page.locator(".story-chart").first.focus()
    seen.page.keyboard.press("t")
    seen.page.wait_for_selector("#table tbody tr")
    assert seen.page.locator("#table tbody tr").count() == len(
        seen.page.evaluate("tregua.store.results.default.a.band[2]")
    )
    assert "[" in seen.page.locator("#table tbody td").nth(1).inner_text()


def test_the_words_of_a_chart_have_its_numbers_and_a_comparison(visit):
    for lang, before in (("en", "in the year before the decision"), ("es", "en el año anterior a la decisión")):
        seen = visit(f"?lang={lang}")
        for outcome in ("homicides_recorded", "capital_political"):
            seen.page.locator("[data-focus='outcome']").select_option(outcome)
            seen.settled()
            told = seen.page.locator("#alt-default").text_content()
            means = seen.page.evaluate(
                """() => { const one = tregua.store.results.default, point = tregua.store.caseView.decisions[0];
                     const at = point.months.findIndex(month => month >= point.day), mean = values =>
                       values.reduce((sum, value) => sum + value, 0) / values.length;
                     return [mean(one.a.band[2].slice(at - 12, at)), mean(one.a.band[2].slice(at)),
                             mean(one.b.band[2].slice(at))]; }"""
            )
            places = 1 if outcome == "homicides_recorded" else 2
            assert before in told
            for value in means:
                assert f"{value:.{places}f}" in told.replace(",", "."), (outcome, value, told)
            assert "[" in told or "two outcomes" in told or "dos resultados" in told
        figure = seen.page.locator("svg.difference").first.get_attribute("aria-label")
        assert re.search(r"\d", figure)


def test_a_chart_is_read_by_key(visit):
    seen = visit()
    chart = seen.page.locator(".story-chart").first
    chart.focus()
    seen.page.keyboard.press("Home")
    seen.page.keyboard.press("ArrowRight")
    seen.until("document.getElementById('live').textContent.includes('Feb')")
    assert "A " in seen.page.locator("#live").inner_text()
    assert chart.get_attribute("aria-label")
    described = chart.get_attribute("aria-describedby")
    assert "pairs with the same luck" in seen.page.locator(f"#{described}").text_content()


def test_a_job_runs_to_its_end_and_the_comparison_is_there(visit):
    seen = visit("jobs?lang=en")
    seen.page.locator("#job-kind").select_option("compare")
    seen.page.locator("#job-draws").fill("2")
    seen.page.locator(".job-form button[type=submit]").click()
    seen.page.wait_for_selector(".job.done", timeout=240_000)
    seen.page.locator(".job.done a").first.click()
    seen.page.locator("main table.decision:visible").first.wait_for(timeout=240_000)
    seen.page.locator("[data-preset='deaths_and_rights']").click()
    seen.page.locator("[data-focus='weigh-bounds-arrests_wrongful']").fill("500")
    seen.page.locator("[data-focus='weigh-go']").click()
    seen.page.wait_for_selector("#weighed tbody tr")
    assert seen.page.locator("#weighed tbody th").first.inner_text() == "No truce"
    assert "Killed by the state" in seen.page.locator("#weighed tbody tr.with + tr").first.inner_text()
    seen.page.locator("main table.decision a.num:visible").first.click()
    seen.page.wait_for_selector("#drawer li[data-stop='runs']")
    assert seen.complaints == []
    the_roles_of_a_workshop_write_commit_and_see_where_they_agree(seen)


def the_roles_of_a_workshop_write_commit_and_see_where_they_agree(seen: Visit) -> None:
    """On the comparison that the job has made."""
    seen.page.keyboard.press("Escape")
    seen.page.locator("[data-page='workshop']").first.click()
    seen.page.locator("[data-focus='clock-go']").click()
    for role, outcome, most in (("government", "homicides", "-1000"), ("victims", "deaths_by_state", "0")):
        seen.page.locator(f"[data-focus='here-{role}']").check()
        assert seen.page.locator("[data-focus='shop-open']").is_disabled()
        seen.page.locator(f"[data-focus='bounds-{role}']").click()
        seen.page.locator(f"[data-focus='shop-{role}-t-{outcome}']").fill(most)
        seen.page.locator(f"[data-focus='shop-{role}-t-{outcome}']").press("Tab")
    seen.page.locator("[data-focus='weights-victims']").click()
    seen.page.locator("[data-focus='shop-victims-like-deaths_only']").click()
    assert seen.state["w.victims.t.deaths_by_state"] == ["0"]
    # who would do something guesses first
    seen.page.locator("[data-focus='set-from-government']").select_option("mano_dura")
    seen.page.locator("[data-focus='set-keep-government']").click()
    assert seen.page.locator("[data-focus='commit-government']").is_disabled(), "a guess comes before the result"
    for outcome, guess in (("homicides", "-900000"), ("extortion_paid", "9000")):
        seen.page.locator(f"[data-focus='shop-government-g-{outcome}']").fill(guess)
        seen.page.locator(f"[data-focus='shop-government-g-{outcome}']").press("Tab")
    assert seen.state["w.government.g.extortion_paid"] == ["9000000000"], "money is asked for in millions"
    seen.page.locator("[data-focus='commit-government']").click()
    assert seen.page.locator("[data-focus='shop-open']").is_disabled(), "the victims have not committed"
    assert seen.page.locator("#shop-table, #shop-settings").count() == 0
    seen.page.locator("[data-focus='commit-victims']").click()
    assert seen.page.locator("#shop-clock").inner_text() < "10:00", "the clock goes on while the page is drawn again"
    seen.page.locator("[data-focus='shop-open']").click()
    seen.page.wait_for_selector("#shop-table table.shop tbody tr")
    heads = seen.page.locator("#shop-table table.shop thead th").all_inner_texts()
    assert heads == ["Response", "Government", "Victims", "Together"]
    against = seen.page.locator("#shop-table tr.against")
    assert against.count() == seen.page.locator("#shop-table tr.with").count() >= 8
    assert "Killed by the state" in against.first.inner_text()
    assert seen.page.locator("#shop-table .shop-weighed tbody tr").count() == 1
    # the setting is run, with every outcome under every explanation, and the guess is told beside it
    seen.page.wait_for_selector("#shop-settings .guesses dd")
    assert seen.page.locator("#shop-settings .set-table tbody tr").count() == 8
    assert seen.page.locator("#shop-settings .set-table tbody tr").first.locator(".line").count() == 3
    first = seen.page.locator("#shop-settings .set-table tbody tr").first
    signs = {text[0] for text in first.locator(".line b").all_inner_texts()}
    assert first.locator(".flipnote").count() <= len(signs & {"+", "\u2212"}) // 2, "a sign that changes is told there"
    guesses = seen.page.locator("#shop-settings .guesses dd").all_inner_texts()
    assert "expected \u2212900,000 deaths" in guesses[0]
    assert "lower than the range under every explanation" in guesses[0]
    assert "expected +9,000 US$ million" in guesses[1]
    assert "higher than the range under every explanation" in guesses[1]
    # two roles part over one claim
    seen.page.locator("[data-focus='claim-pick']").click()
    seen.page.locator("[data-focus='claim-search']").fill("C36")
    seen.page.locator("[data-focus='claim-rests-C36']").click()
    seen.page.locator("[data-focus='claim-role']").select_option("victims")
    seen.page.locator("[data-focus='claim-disputes-C36']").click()
    assert seen.state["w.victims.c.C36"] == ["disputes"]
    assert (
        "C36: Government would rest on it, Victims would dispute it" in seen.page.locator(".shop-claims").inner_text()
    )
    assert seen.page.locator(".picks .box .chip.status").count() >= 2, "a claim comes with its status"
    told = seen.page.locator("#shop-table .shop-sum").inner_text()
    link = seen.page.evaluate("location.href")
    seen.page.locator("[data-focus='commit-victims']").click()
    assert seen.page.locator("#shop-table, #shop-settings").count() == 0, "whoever writes again closes the results"
    # the link brings the results back, in another language and on a phone
    seen.page.goto(link)
    seen.page.wait_for_selector("#shop-table .shop-sum")
    assert seen.page.locator("#shop-table .shop-sum").inner_text() == told
    seen.page.set_viewport_size({"width": 360, "height": 760})
    seen.page.locator("input[name='lang'][value='es']").check(force=True)
    seen.until("document.querySelector('#shop-table thead th')?.textContent === 'Respuesta'")
    seen.page.wait_for_selector("#shop-settings .guesses dd")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not ABSENT.search(seen.page.locator("#root").inner_text())
    # the record is one page, and nothing else is printed
    seen.page.emulate_media(media="print")
    assert seen.page.locator(".workshop .roles").is_hidden()
    seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    record = seen.page.locator(".shop-record")
    for words in ("Acta de la ronda 1", "no un pronóstico", "por debajo del rango", "Muertes por el Estado", "C36"):
        assert words in record.inner_text(), words
    assert record.locator(".set-table tbody tr").count() == 8
    assert len(re.findall(rb"/Type\s*/Page\b", seen.page.pdf(prefer_css_page_size=True))) == 1
    seen.page.emulate_media(media="screen")
    # the next round keeps what roles would do and accept; they guess anew
    seen.page.locator("[data-focus='shop-next']").click()
    assert seen.state["w.round"] == ["2"]
    assert not [key for key in seen.state if ".g." in key or key == "w.open"]
    assert seen.state["w.k.1"] == ["government|mano_dura||||"]
    assert "round=1" in seen.page.locator(".shop-rounds a").first.get_attribute("href")
    assert seen.complaints == []


def test_an_effect_is_started_cancelled_and_refused_in_the_language_of_the_reader(visit, tmp_path):
    seen = visit("effect?lang=es")
    seen.page.wait_for_selector(".estimating #job-list > *")
    counts = tmp_path / "nuestros.csv"
    counts.write_bytes("fecha,conteo\n2012-01-01,12\n2012-02-01,muchos\n2012-03-01,a\xf1o\n".encode("latin-1"))
    seen.page.locator("[data-focus='effect-own']").click()
    seen.page.locator("#effect-file").set_input_files(counts)
    seen.page.locator("#effect-began").fill("2012-02-01")
    seen.page.locator("[data-focus='effect-own-go']").click()
    alert = seen.page.locator(".estimating .stopped[role=alert]")
    alert.wait_for()
    said = alert.inner_text()
    assert "no es un número entero" in said
    assert "nuestros.csv línea 3" in said
    assert "hallado: muchos" in said
    assert not re.search(r"\b(the|found|allowed|whole)\b", said), said
    seen.page.locator("[data-focus='effect-go']").click()
    one = "#job-list .job[data-job]"
    seen.page.locator(f"{one} button", has_text="Cancelar").first.click()
    seen.page.locator(f"{one}.cancelled").first.wait_for()
    assert "cancelado" in seen.page.locator(f"{one}.cancelled").first.inner_text()
    assert seen.page.locator(f"{one}.cancelled button").first.inner_text() == "Empezar de nuevo"
    # the refusal is printed by the browser as a status of the request: nothing else is
    assert [line for line in seen.complaints if "400" not in line] == []


def test_a_job_is_cancelled_and_goes_on(visit):
    seen = visit("jobs?lang=en")
    seen.page.locator("#job-draws").fill("60")
    seen.page.locator(".job-form button[type=submit]").click()
    seen.page.wait_for_selector(".job.running button")
    seen.page.locator(".job.running button").first.click()
    seen.page.wait_for_selector(".job.cancelled button", timeout=120_000)
    seen.page.locator(".job.cancelled button").first.click()
    seen.page.wait_for_selector(".job.running button, .job.waiting button")
    seen.page.locator(".job.running button, .job.waiting button").first.click()
    seen.page.wait_for_selector(".job.cancelled", timeout=120_000)


def save(seen: Visit, words: str, where: Path) -> Path:
    seen.page.locator("details.menu summary").click()
    with seen.page.expect_download() as waiting:
        seen.page.locator("details.menu button", has_text=words).click()
    path = where / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def export(seen: Visit, words: str, where: Path) -> str:
    return save(seen, words, where).read_text(encoding="utf-8")


def test_the_state_is_exported_as_one_page_figures_numbers_and_a_plan(visit, browser, tmp_path):
    seen = visit("?lang=en&b.arrests=2")
    page = export(seen, "one page", tmp_path)
    assert "not a forecast" in page
    assert "arrests = 2" in page
    assert "<script" not in page
    assert "Wrongful arrests" in page
    assert "<b>Open truce</b>" in page, "what was chosen stands as a word"
    assert "<select" not in page
    assert len(re.findall(r"<details[^>]* open", page)) == 1
    assert seen.complaints == []
    figure = export(seen, "SVG", tmp_path)
    assert figure.startswith("<svg")
    assert "not a forecast" in figure
    assert "Wrongful arrests" in figure
    alone = browser.new_page()
    alone.set_content(figure)
    assert alone.locator("path.band90.b").first.evaluate("one => getComputedStyle(one).fill") == "rgb(94, 44, 148)"
    assert alone.locator("text.unit").first.evaluate("one => getComputedStyle(one).fontFamily").startswith('"Atkinson')
    alone.close()
    picture = save(seen, "PNG", tmp_path)
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert picture.stat().st_size > 30_000
    numbers = export(seen, "Numbers", tmp_path)
    assert "not a forecast" in numbers
    assert "deaths_by_state" in numbers
    assert "arrests = 2.0" in export(seen, "Plan", tmp_path)
    written = next(tmp_path.glob("*.html"))
    alone = browser.new_page()
    asked: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(written.as_uri())
    assert alone.locator("svg.story-chart").count() == 3
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    alone.close()


def test_on_a_phone_the_levers_lie_in_a_sheet_under_the_chart(visit):
    seen = visit("?lang=en", 360, 740)
    assert seen.page.locator("#levers").is_hidden()
    seen.page.locator(".bottom-bar button").first.click()
    sheet = seen.page.locator("#levers").bounding_box()
    assert sheet["height"] <= 0.62 * 740
    seen.page.locator("#lever-contact").focus()
    seen.page.keyboard.press("Home")
    seen.settled()
    assert seen.page.locator("#levers").is_visible()
    seen.page.locator(".sheet-close").click()
    assert seen.page.locator("#levers").is_hidden()
    assert seen.page.locator(".columns figure").count() == 3
    small_stories_are_large_enough(seen)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_first_page_never_scrolls_sideways(visit, lang):
    seen = visit(f"?lang={lang}", 320, 800)
    for width in (320, 360, 560, 768, 900, 1024, 1280, 1920):
        seen.page.set_viewport_size({"width": width, "height": 800})
        seen.page.wait_for_timeout(200)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, width


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_an_automated_check_finds_nothing_serious(visit, width, scheme):
    axe = pytest.importorskip("axe_core_python.sync_playwright")
    seen = visit("?lang=en", width, 800, color_scheme=scheme)
    found = []
    for page in OWN_PAGES:
        if page:
            seen.open(f"{page}{'&' if '?' in page else '?'}lang=en")
            seen.until("!document.querySelector('main [role=status].muted')")
        if page == "why":
            seen.page.wait_for_selector(".why-grid")
        result = axe.Axe().run(seen.page, WITHOUT_REPORT, {"resultTypes": ["violations"]})
        found += [
            (page, row["id"], row["impact"], row["nodes"][0]["html"][:120], len(row["nodes"]))
            for row in result["violations"]
            if row["impact"] in IMPORTANT
        ]
    assert found == []


def test_the_drawer_and_the_sheet_pass_the_check_too(visit):
    axe = pytest.importorskip("axe_core_python.sync_playwright")
    seen = visit()
    seen.page.locator("#others a.num").first.click()
    seen.page.wait_for_selector("#drawer li[data-stop='runs']")
    result = axe.Axe().run(seen.page, "#drawer", {"resultTypes": ["violations"]})
    assert [
        (row["id"], row["nodes"][0]["html"][:160]) for row in result["violations"] if row["impact"] in IMPORTANT
    ] == []


def tabbed(seen: Visit, most: int) -> tuple[list[str], list[str]]:
    """What the Tab key reaches from here on, and what of it is reached without being seen."""
    reached: list[str] = []
    unseen: list[str] = []
    for _ in range(most):
        seen.page.keyboard.press("Tab")
        told = seen.page.evaluate(
            """() => { const one = document.activeElement;
                 const shown = one.matches('input.sr') ? one.parentElement : one;
                 const look = getComputedStyle(shown), box = shown.getBoundingClientRect();
                 const name = one.dataset.focus || one.id || one.className.baseVal || one.className || one.tagName;
                 const ring = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2;
                 return [name, ring || one.classList.contains('skip'), box.width > 0]; }"""
        )
        if seen.page.evaluate("document.activeElement === document.body"):
            break
        reached.append(str(told[0]))
        if not (told[1] and told[2]):
            unseen.append(str(told[0]))
    return reached, unseen


def test_everything_is_reached_by_keyboard_and_focus_is_seen(visit):
    """From the address bar: skip link, language, scenario, outcome, lever, number, drawer, and back."""
    seen = visit()
    seen.page.evaluate("document.body.focus()")
    reached, unseen = tabbed(seen, 140)
    names = " ".join(reached)
    for wanted in (
        "skip", "lang-en", "theme", "export", "rail-why", "rail-workshop", "arm-a", "arm-b", "outcome", "view-band",
        "tab-chart", "story-chart", "num", "edit-b", "window-start", "lever-contact",
    ):  # fmt: skip
        assert wanted in names, wanted
    assert unseen == []
    assert reached.index("arm-a") < reached.index("outcome") < reached.index("lever-contact")


def test_map_weighing_estimate_and_workshop_are_reached_by_keyboard(visit):
    seen = visit()
    seen.page.locator("[data-focus='tab-chart']").focus()
    seen.page.keyboard.press("ArrowRight")
    seen.page.wait_for_selector("#places .doc svg:visible")
    assert seen.page.evaluate("document.activeElement.dataset.focus") == "tab-map"
    for page, wanted in (
        ("compare", ("preset-", "weigh-counts-homicides", "weigh-bounds-arrests_wrongful", "weigh-years", "weigh-go")),
        ("effect", ("effect-fast", "effect-go", "effect-own")),
        (f"workshop?{WRITTEN}", ("here-mediators", "clock-go", "shop-years", "shop-chance", "set-from-government",
                                 "set-keep-government", "shop-government-t-homicides", "weights-victims",
                                 "commit-victims", "claim-pick", "shop-print")),
    ):  # fmt: skip
        seen.open(f"{page}{'&' if '?' in page else '?'}lang=en")
        seen.until("!document.querySelector('main [role=status].muted')")
        seen.page.evaluate(
            "() => { const one = [...document.querySelectorAll('main h1, .weighing h2, .estimating h2')].at(-1);"
            " one.tabIndex = -1; one.focus(); }"
        )
        reached, unseen = tabbed(seen, 120)
        for name in wanted:
            assert any(one.startswith(name) for one in reached), (page, name)
        assert unseen == [], page
    # the space bar takes a role in and out, Enter commits
    seen.page.locator("[data-focus='here-mediators']").focus()
    seen.page.keyboard.press("Space")
    assert seen.page.locator("[data-role='mediators']").count() == 1
    assert seen.page.evaluate("document.activeElement.dataset.focus") == "here-mediators"
    seen.page.keyboard.press("Space")
    seen.page.locator("[data-focus='commit-victims']").focus()
    seen.page.keyboard.press("Enter")
    assert seen.page.locator("[data-role='victims'].done").count() == 1


def test_single_keys_act_on_the_page_and_never_inside_a_field(visit):
    seen = visit()
    seen.page.locator("#lever-contact-box, [data-focus='lever-contact-box']").focus()
    seen.page.keyboard.press("]")
    assert urlsplit(seen.page.url).path == "/"
    seen.page.locator("#page").focus()
    seen.page.keyboard.press("]")
    seen.until("location.pathname === '/why'")
    seen.page.keyboard.press("l")
    seen.until("location.pathname === '/ledger'")
    seen.page.keyboard.press("?")
    assert seen.page.locator("#keys").is_visible()
    seen.page.keyboard.press("Escape")
    seen.page.go_back()
    seen.until("location.pathname === '/why'")


@pytest.mark.parametrize("width", [360, 1280])
def test_no_text_is_smaller_than_twelve_pixels(visit, width):
    seen = visit("?lang=en", width, 800)
    small = seen.page.evaluate(
        """() => [...document.querySelectorAll('#root *')].filter(one =>
             [...one.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && !one.closest('.small-story svg')
             && parseFloat(getComputedStyle(one).fontSize) < 12).map(one => one.outerHTML.slice(0, 80)).slice(0, 5)"""
    )
    assert small == []


def test_the_first_visit_is_told_what_this_is_and_the_line_stays(visit):
    seen = visit()
    assert "must not be used" in seen.page.locator("#notice").inner_text()
    seen.page.locator("#notice button", has_text="I have read this").click()
    seen.open("why?lang=en")
    assert "Not a forecast" in seen.page.locator("#notice").inner_text()
    assert seen.page.locator("#notice button", has_text="I have read this").count() == 0


def test_a_server_that_does_not_answer_is_told_and_asked_again(visit):
    seen = visit()
    seen.page.route("**/api/runs", lambda route: route.abort())
    seen.page.locator("#lever-contact").focus()
    seen.page.keyboard.press("Home")
    seen.page.wait_for_selector("#problem [role=alert]")
    seen.page.unroute("**/api/runs")
    seen.page.locator("#problem button").click()
    seen.settled()
    assert seen.page.locator("#problem [role=alert]").count() == 0


def test_why_tells_the_flows_of_a_week_and_of_a_window(visit):
    seen = visit("why?lang=en")
    seen.page.wait_for_selector(".why-grid")
    first = seen.page.locator(".why-head b").inner_text()
    nodes = seen.page.evaluate("[...document.querySelectorAll('svg.flows .node')].map(n => n.getAttribute('x'))")
    seen.page.locator("[data-focus='why-on']").click()
    seen.until(
        f"document.querySelector('.why-head b') && document.querySelector('.why-head b').textContent !== {first!r}"
    )
    assert (
        seen.page.evaluate("[...document.querySelectorAll('svg.flows .node')].map(n => n.getAttribute('x'))") == nodes
    )
    assert seen.page.locator(".bars tr").count() >= 5 + 4


def test_on_paper_everything_folded_is_open_and_controls_are_gone(visit, tmp_path):
    seen = visit()
    seen.page.emulate_media(media="print")
    assert seen.page.locator(".rail").is_hidden()
    assert seen.page.locator(".controls").first.is_hidden()
    assert "must not be used" in seen.page.locator("#notice").inner_text()
    out = tmp_path / "page.pdf"
    seen.page.pdf(path=str(out))
    assert out.stat().st_size > 30_000


def test_hidden_tabs_are_not_computed_for(visit):
    seen = visit()
    seen.page.evaluate(
        """() => { Object.defineProperty(document, 'hidden', { value: true, configurable: true });
             tregua.store.running = true; document.dispatchEvent(new Event('visibilitychange')); }"""
    )
    assert seen.page.evaluate("tregua.store.paused")
