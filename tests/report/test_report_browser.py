"""The built page in a real browser with no network: what is seen, what is asked for, what the keyboard reaches."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tregua.report import vega
from tregua.report.brief import build_brief
from tregua.report.pack import packed
from tregua.report.page import static

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")]


@pytest.fixture(scope="module")
def address(shipped: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(shipped, encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def plain_address(built: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("plain") / "report.html"
    path.write_text(built, encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


class Visit:
    """A page with everything it asks for and complains about."""

    def __init__(self, browser, address: str, width: int, height: int, **options: object) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": height}, **options)
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(address)

    def bottom(self, selector: str) -> float:
        box = self.page.locator(selector).first.bounding_box()
        return box["y"] + box["height"]


@pytest.fixture
def visit(browser, address) -> Iterator[object]:
    made: list[Visit] = []

    def go(width: int = 1280, height: int = 720, where: str = "", **options: object) -> Visit:
        made.append(Visit(browser, address + where, width, height, **options))
        return made[-1]

    yield go
    for one in made:
        one.page.close()


def choose(seen: Visit, lang: str) -> None:
    """Switch the language and wait until it stands."""
    seen.page.evaluate(f"document.getElementById('lang-{lang}').click()")
    seen.page.wait_for_selector(f".doc-{lang} h1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_asked_of_the_network_and_nothing_complains(visit, address, scheme):
    seen = visit(color_scheme=scheme)
    seen.page.locator("label[for=lang-es]:visible").first.click()
    seen.page.locator(".doc-es a.num:visible").first.click()
    outside = [url for url in seen.asked if not url.startswith(("data:", address.split("#")[0]))]
    assert outside == []
    assert seen.complaints == []


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_first_screen_of_a_desk_holds_the_sentences_the_flip_and_the_top_of_the_chart(visit, lang):
    seen = visit(1280, 720)
    choose(seen, lang)
    half = f".doc-{lang}"
    assert seen.bottom(f"{half} .notice") < 720
    assert seen.bottom(f"{half} h1") < 720
    assert seen.bottom(f"{half} .flipline") < 720
    assert seen.bottom(f"{half} .three") < 600
    assert seen.page.locator(f"{half} .chart.small .on-wide svg").bounding_box()["y"] < 560


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_first_screen_of_a_phone_holds_title_bought_and_cost(visit, lang):
    seen = visit(360, 740)
    choose(seen, lang)
    assert seen.bottom(f".doc-{lang} h1") < 740
    assert seen.bottom(f".doc-{lang} .three > div:nth-child(2)") < 740
    table = seen.page.locator(f".doc-{lang} table.decision").first
    assert table.get_attribute("role") == "table", "laid out as cards, it is still a table to those who hear it"
    assert table.locator("tbody td:not([role=cell]), tbody th:not([role=rowheader])").count() == 0


UNSEEN = """lang => {
  document.querySelectorAll('details').forEach(one => { one.open = true; });
  const seen = pic => pic.offsetParent !== null && pic.getBoundingClientRect().height > 20;
  return [...document.querySelectorAll('.doc-' + lang + ' figure.chart')]
    .filter(one => [...one.querySelectorAll('.pic')].filter(seen).length !== 1).map(one => one.id);
}"""
"""Figures of which not just one picture is seen."""


@pytest.mark.parametrize("width", [320, 360, 560, 768, 900, 1024, 1280, 1920])
def test_the_page_never_scrolls_sideways(visit, width):
    seen = visit(width, 800)
    for lang in ("en", "es"):
        choose(seen, lang)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, lang
    assert seen.page.evaluate(UNSEEN, "es") == []


def test_the_language_changes_everything_that_is_seen(visit):
    seen = visit()
    assert seen.page.locator("h1:visible").inner_text().startswith("The truce")
    seen.page.locator("label[for=lang-es]:visible").first.click()
    seen.page.wait_for_selector(".doc-es h1")
    assert seen.page.locator("h1:visible").inner_text().startswith("La tregua")
    assert seen.page.evaluate("document.documentElement.lang") == "es"
    assert seen.page.locator(".doc-en").is_hidden()


def test_the_language_changes_with_scripts_off_where_both_are_written_out(browser, plain_address):
    seen = Visit(browser, plain_address, 1280, 720, java_script_enabled=False)
    seen.page.locator("label[for=lang-es]:visible").first.click()
    assert seen.page.locator("h1:visible").inner_text().startswith("La tregua")
    seen.page.close()


def test_a_browser_opens_what_was_packed_whatever_it_holds_and_however(browser, monkeypatch):
    """Short and long, plain and not, so often repeated that it is copied from far, and by a Python without LZMA."""
    chance = random.Random(20120308)
    texts = ["", "a", "<&>\u00e9\U0001f54a", vega.runtime()[:150_000]]
    for size in (2, 40, 900, 30_000):
        texts += ["".join(chr(chance.choice((32, 60, 97, 233, 8722))) for _ in range(size)), "0.1;" * size]
    long = "".join(chr(chance.randrange(32, 900)) for _ in range(2_000))
    texts += [long + "x" * 90_000 + long]
    packed.cache_clear()
    blocks = [packed(text) for text in texts]
    monkeypatch.setattr("tregua.report.pack.lzma", None)
    packed.cache_clear()
    blocks += [packed(text) for text in texts[:6]]
    packed.cache_clear()
    assert {block.split()[0] for block in blocks} == {"lzma", "deflate"}
    page = browser.new_page()
    page.set_content("".join(f'<script type="text/plain" id="b{n}">{block}</script>' for n, block in enumerate(blocks)))
    page.add_script_tag(content=static("unpack.js"))
    opened = page.evaluate("n => Promise.all([...Array(n).keys()].map(one => treguaUnpack('b' + one)))", len(blocks))
    assert opened == [*texts, *texts[:6]]
    page.close()


def test_a_packed_language_says_with_scripts_off_how_to_get_it(visit):
    seen = visit(java_script_enabled=False)
    seen.page.evaluate("document.getElementById('lang-es').checked = true")
    assert "tregua report --lang es" in seen.page.locator(".doc-es").inner_text()


def test_a_change_of_language_keeps_the_place(visit):
    seen = visit()
    seen.page.locator("#why-en").scroll_into_view_if_needed()
    seen.page.evaluate("document.getElementById('why-en').scrollIntoView()")
    choose(seen, "es")
    seen.page.wait_for_timeout(200)
    assert abs(seen.page.locator("#why-es").bounding_box()["y"]) < 200


@pytest.mark.parametrize("scripts", [True, False])
def test_a_number_opens_its_card_with_or_without_scripts(visit, scripts):
    seen = visit(java_script_enabled=scripts)
    number = seen.page.locator(".doc-en .three a.num").first
    number.click()
    card = seen.page.locator(f"[id='{number.get_attribute('href')[1:]}']")
    assert card.is_visible()
    assert card.locator("li[data-stop]").count() == 6
    card.locator("a.close").click()
    assert card.is_hidden()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_claim_opens_beside_the_page_and_all_boxes_in_a_list_with_or_without_scripts(visit, scripts):
    seen = visit(where="#claim-C09-en", java_script_enabled=scripts)
    claim = seen.page.locator("#claim-C09-en")
    assert claim.locator(".box .reply").first.is_visible()
    assert claim.locator("li[data-stop]").count() == 6
    assert claim.locator(".stops").is_visible()
    claim.locator("a.close").click()
    assert claim.is_hidden()
    seen.page.locator("label[for=boxes-C-en]").click()
    assert claim.locator(".box").is_visible()
    assert claim.locator(".stops").is_hidden()


def test_a_mechanism_that_is_folded_away_opens_when_a_link_leads_to_it(visit):
    for scripts in (True, False):
        seen = visit(where="#mechanism-contest-en", java_script_enabled=scripts)
        assert seen.page.locator("#mechanism-contest-en").is_visible()


def test_the_keyboard_opens_a_card_and_escape_returns_to_the_number(visit):
    seen = visit()
    number = seen.page.locator(".doc-en .three a.num").first
    number.focus()
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector(".card:target")
    seen.page.keyboard.press("Escape")
    seen.page.wait_for_function("document.activeElement && document.activeElement.classList.contains('num')")
    assert seen.page.locator(".card:target").count() == 0


def test_the_card_marks_the_row_that_the_number_came_from(visit):
    seen = visit()
    seen.page.locator("#decide-2012-en .panel:visible table[data-r='h5'] tbody a.num").first.click()
    assert seen.page.locator(".card:target [data-r='h5'].here").count() == 1


def test_horizons_change_with_scripts_off(visit):
    seen = visit(java_script_enabled=False)
    question = seen.page.locator("#decide-2012-en")
    assert "5 years" in question.locator("caption:visible").first.inner_text()
    question.locator("label", has_text="1 year").first.click()
    assert "over 1 year," in question.locator(".panel:visible caption").first.inner_text()


def test_the_second_decision_shows_the_halt_held_or_ended(visit):
    seen = visit()
    question = seen.page.locator("#decide-2017-en")
    shown = question.locator(".panel:visible table").first.inner_text()
    question.locator("label", has_text="The halt ends").first.click()
    assert question.locator(".panel:visible table").first.inner_text() != shown
    assert question.locator(".panel:visible").count() == 1


def test_a_link_into_the_other_language_lands(visit):
    seen = visit(where="#why-es")
    seen.page.wait_for_selector("#why-es")
    assert seen.page.locator("#why-es").is_visible()
    assert seen.page.evaluate("document.documentElement.lang") == "es"


def test_the_face_of_the_page_is_the_embedded_one(visit):
    seen = visit()
    seen.page.evaluate("document.fonts.ready.then(() => 1)")
    assert seen.page.evaluate("document.fonts.check('17px \"Atkinson Hyperlegible Next\"')")
    assert seen.page.evaluate("[...document.fonts].every(face => face.status === 'loaded')")
    icons = "[...document.querySelectorAll('svg.icon')].map(one => parseFloat(getComputedStyle(one).width))"
    assert 10 <= seen.page.evaluate(f"Math.max(...{icons})") <= 16


SMALL = """least => [...document.querySelectorAll('.doc-en *')].filter(one =>
  one.childNodes.length && [...one.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
  && !one.closest('svg') && parseFloat(getComputedStyle(one).fontSize) < least)
  .map(one => one.className + one.textContent.slice(0, 30)).slice(0, 5)"""
"""Texts outside pictures that are smaller than so many pixels."""
DRAWN = """() => Math.min(...[...document.querySelectorAll('.doc-en figure svg[viewBox] text')]
  .filter(one => one.textContent.trim() && one.getClientRects().length)
  .map(one => parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a))"""
"""The size in pixels of the smallest text that a picture shows."""


def test_no_text_is_smaller_than_twelve_pixels(visit):
    for width in (360, 1280):
        seen = visit(width, 800)
        assert seen.page.evaluate(SMALL, 12) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_hostile_texts_neither_run_nor_break_the_page(browser, hostile_page, tmp_path, width):
    path = Path(tmp_path) / "hostile.html"
    path.write_text(hostile_page, encoding="utf-8")
    seen = Visit(browser, path.as_uri(), width, 800)
    dialogs: list[str] = []
    seen.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    seen.page.wait_for_timeout(200)
    assert dialogs == []
    assert seen.complaints == []
    assert [url for url in seen.asked if not url.startswith(("data:", "file:"))] == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    seen.page.close()


def test_printed_pages_open_what_was_folded_and_show_one_language(visit, browser, inputs, tmp_path):
    seen = visit()
    sheets = browser.new_page()
    sheets.goto(build_brief(inputs, tmp_path / "brief.html").as_uri())
    printed = sheets.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2, "one sheet in each language"
    sheets.close()
    seen.page.emulate_media(media="print")
    assert seen.page.locator(".doc-en .bar").is_hidden()
    assert seen.page.locator("#counts-en table").is_visible()
    assert seen.page.locator(".doc-en .card").first.is_visible()
    assert seen.page.locator(".doc-es").is_hidden()
    assert seen.page.evaluate(UNSEEN, "en") == []
    assert seen.page.evaluate(SMALL, 8 * 96 / 72 - 0.05) == []
    first = "getComputedStyle(document.querySelector('.doc-en .readings tbody th')).position"
    assert seen.page.evaluate(first) == "static", "a column that stays in place covers its neighbour on paper"
    assert seen.page.evaluate("getComputedStyle(document.querySelector('.doc-en .cards')).columnCount") == "2"
    # 711 px are the width of a printed sheet without its margins
    seen.page.set_viewport_size({"width": 711, "height": 1000})
    assert seen.page.evaluate(DRAWN) >= 7 * 96 / 72
    assert seen.page.evaluate("getComputedStyle(document.querySelector('.doc-en .cards .paper')).columnSpan") == "none"
    out = Path(tmp_path) / "page.pdf"
    seen.page.pdf(path=str(out), prefer_css_page_size=True)
    assert out.stat().st_size > 100_000


def test_a_chart_comes_alive_when_it_is_near_and_is_read_with_arrow_keys(visit):
    seen = visit()
    assert seen.page.locator("#figure-c1-en .pic.awake").count() == 0
    seen.page.locator("#figure-c1-en .plot").focus()
    seen.page.wait_for_selector("#figure-c1-en .pic.awake")
    stop = seen.page.locator("#figure-c1-en .plot")
    assert "arrow keys" in stop.get_attribute("aria-label")
    assert stop.get_attribute("aria-label") != stop.locator(".pic").first.get_attribute("aria-label")
    assert re.search(r"\d", seen.page.locator(f"#{stop.get_attribute('aria-describedby')}").text_content())
    told = set()
    for key in ("ArrowRight", "ArrowRight", "End", "Home"):
        seen.page.keyboard.press(key)
        told.add(seen.page.locator("#figure-c1-en .read").inner_text())
    assert len(told) == 3
    assert all(re.search(r"= \d+\.\d a day|simulated [\d.]+ to", one) for one in told)
    seen.page.wait_for_selector("#figure-c1-en .said:not(:empty)", state="attached")
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("location.hash") == "#w-counts-en"
    seen.page.keyboard.press("Escape")
    seen.page.wait_for_selector("#figure-c1-en .plot:focus")
    assert seen.complaints == []


def test_a_live_chart_shows_what_the_still_one_shows(visit):
    seen = visit()
    figure = seen.page.locator("#figure-c1-en")
    figure.scroll_into_view_if_needed()
    seen.page.wait_for_selector("#figure-c1-en .pic.awake")

    def words(path: str) -> list[str]:
        return sorted(figure.locator(f".pic.awake {path} text").all_text_contents())

    assert words("> svg") == [text for text in words(".live svg") if text]
    fills = """path => [...new Set([...document.querySelectorAll('#figure-c1-en .pic.awake ' + path + ' text')]
      .filter(one => one.textContent).map(one => getComputedStyle(one).fill))].sort()"""
    assert seen.page.evaluate(fills, "> svg") == seen.page.evaluate(fills, ".live svg")


def test_no_more_than_six_charts_live_at_once(visit):
    seen = visit(360, 20_000)
    seen.page.wait_for_timeout(2500)
    assert 1 <= seen.page.locator(".pic.awake").count() <= 6


@pytest.mark.parametrize(("kind", "holds"), [("csv", b"series,start,end"), ("svg", b"<svg"), ("png", b"\x89PNG")])
def test_a_figure_can_be_taken_away_with_its_caption(visit, kind, holds):
    seen = visit(accept_downloads=True)
    with seen.page.expect_download() as waiting:
        seen.page.locator(f"#figure-c1-en [data-take={kind}]").click()
    data = Path(waiting.value.path()).read_bytes()
    assert data.startswith(holds)
    if kind == "svg":
        told = data.decode()
        assert "Did recorded killings fall" in told
        assert "must not be used for" in told
        assert "Sources:" in told
    assert seen.complaints == []
