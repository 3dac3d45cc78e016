"""The site: every page has a place, links lead on, nothing is asked of another machine."""

from __future__ import annotations

import importlib.util
import posixpath
import re
import sys
import types
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

import pytest
import yaml
from snippets import ROOT

DOCS = ROOT / "docs"


class Loader(yaml.SafeLoader):
    """Reads mkdocs.yml without the objects that it names."""


def nav() -> list[str]:
    """Pages that the site lists."""
    settings = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader)

    def leaves(item: object) -> Iterator[str]:
        if isinstance(item, str):
            yield item
        elif isinstance(item, list):
            for below in item:
                yield from leaves(below)
        elif isinstance(item, dict):
            yield from leaves(list(item.values()))

    return list(leaves(settings["nav"]))


@pytest.fixture(scope="module")
def hooks() -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("site_hooks", DOCS / "_site" / "hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["site_hooks"] = module
    spec.loader.exec_module(module)
    return module


def test_every_page_is_listed_once_and_every_listed_page_is_there(hooks: types.ModuleType) -> None:
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    made = {target for name, target in hooks.PAGES.items() if name != "README.md"}
    made |= {f"notebooks/{path.stem}.md" for path in (ROOT / "examples").glob("*.ipynb")}
    listed = nav()
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) == pages | made


def test_a_reader_gets_from_the_readme_to_a_case_of_their_own() -> None:
    """By links alone, in three steps or fewer."""
    seen, edge = {"README.md"}, ["README.md"]
    steps = 0
    while "docs/how-to/your-own-truce.md" not in seen and edge:
        steps += 1
        edge = [link for page in edge for link in links_of(page) if link not in seen]
        seen |= set(edge)
    assert "docs/how-to/your-own-truce.md" in seen
    assert steps <= 3


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen, edge = {"README.md"}, ["README.md"]
    while edge:
        edge = list(dict.fromkeys(link for page in edge for link in links_of(page) if link not in seen))
        seen |= set(edge)
    pages = {path.relative_to(ROOT).as_posix() for path in DOCS.rglob("*.md")}
    assert pages - seen == set()


def links_of(page: str) -> list[str]:
    text = re.sub(r"^ *```.*?^ *```$", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.M | re.S)
    found = [link for link in re.findall(r"\]\(<?([^)#\s>]+)", text) if not re.match(r"[a-z]+:", link)]
    whole = [posixpath.normpath(posixpath.join(posixpath.dirname(page), link)) for link in found]
    return [link for link in whole if link.endswith(".md") and (ROOT / link).is_file()]


def test_the_settings_ask_for_nothing_from_elsewhere() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert "font: false" in text
    assert "strict: true" in text
    assert "analytics" not in text
    assert re.findall(r"https?://", text) == []
    for path in (DOCS / "_site").iterdir():
        if path.suffix in (".css", ".js"):
            assert re.findall(r"https?://|//[a-z]+\.", path.read_text(encoding="utf-8")) == [], path.name


def test_a_formula_becomes_mathml(hooks: types.ModuleType) -> None:
    made = hooks.formula("k = a \\cdot o\nb = \\frac{1}{2}\n")
    assert made.count("<math") == 2
    assert "<mfrac>" in made
    assert "\\" not in re.sub(r"<annotation.*?</annotation>", "", made)


def test_links_to_documents_of_the_root_lead_to_their_pages(hooks: types.ModuleType) -> None:
    led = hooks._led(
        "[a](../../RESPONSIBLE_USE.md#x) [b](levers.md) [c](https://x.y)", "docs/reference", "reference/p.md"
    )
    assert led == "[a](../project/responsible-use.md#x) [b](levers.md) [c](https://x.y)"
    code = "```text\n[a](../../NOTICE)\n```"
    assert hooks._led(code, "docs/reference", "reference/p.md") == code


def test_a_claim_in_the_text_leads_to_its_box(hooks: types.ModuleType) -> None:
    known = hooks.known_claims(DOCS)
    assert {"C34", "Q01", "F01"} <= known
    made = hooks.claims_linked("<p>C34, C999 <code>C34</code> C40-C41</p>", "../c.html", known)
    assert made.count('href="../c.html#C34"') == 1
    assert "<code>C34</code>" in made
    assert "#C999" not in made


class Tags(HTMLParser):
    """What a page asks for, where it leads, and what can be led to in it."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {key: value or "" for key, value in attrs}
        self.ids |= {told[key] for key in ("id", "name") if key in told}
        if tag in ("script", "img", "iframe", "source") and "src" in told:
            self.wanted.append(told["src"])
        if tag == "link" and told.get("rel") in ("stylesheet", "icon", "preload", "preconnect", "modulepreload"):
            self.wanted.append(told.get("href", ""))
        if tag == "a" and "href" in told:
            self.links.append(told["href"])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built with warnings as errors from a copy of what it is made of."""
    import subprocess

    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = "\n".join(line for line in done.stderr.splitlines() if "WARNING" in line or "ERROR" in line)
    assert done.returncode == 0, said or done.stderr
    return folder


@pytest.mark.slow
def test_the_site_builds_and_its_links_lead_somewhere(site: Path) -> None:
    pages = {}
    for path in site.rglob("*.html"):
        pages[path] = Tags()
        pages[path].feed(path.read_text(encoding="utf-8"))
    assert len(pages) > 30
    outside = [(p.name, w) for p, tags in pages.items() for w in tags.wanted if re.match(r"(https?:)?//", w)]
    assert outside == []
    broken = []
    for path, tags in pages.items():
        if path.name == "404.html":
            continue
        for link in tags.links:
            if re.match(r"[a-z]+:", link):
                continue
            target, _, anchor = unquote(link).partition("#")
            whole = (path.parent / target).resolve() if target else path
            if whole.is_dir():
                whole = whole / "index.html"
            if not whole.is_file() or (anchor and whole in pages and anchor not in pages[whole].ids):
                broken.append((path.name, link))
    assert broken == []


@pytest.mark.slow
@pytest.mark.browser
def test_no_page_asks_for_anything_from_elsewhere(site: Path, chromium: str) -> None:
    from playwright.sync_api import sync_playwright

    outside: list[str] = []
    said: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium)
        page = browser.new_page(viewport={"width": 360, "height": 740})
        page.on(
            "request", lambda r: outside.append(r.url) if not r.url.startswith(("file:", "data:", "blob:")) else None
        )
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        wide = []
        for path in sorted(set(site.rglob("*.html")) - {site / "404.html"}):
            page.goto(path.as_uri(), wait_until="load")
            if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
                wide.append(path.name)
        browser.close()
    assert outside == []
    assert said == []
    assert wide == []


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("served", [False, True])
def test_the_search_finds_in_both_languages_without_a_network(site: Path, chromium: str, served: bool) -> None:
    from playwright.sync_api import sync_playwright

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}/" if served else f"{site.as_uri()}/"
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium)
            page = browser.new_page()
            outside: list[str] = []
            page.on(
                "request", lambda r: outside.append(r.url) if not r.url.startswith((home, "data:", "blob:")) else None
            )
            for word, wanted in (("regret", "regret"), ("arrepentimiento", "argumento")):
                page.goto(home + "tutorial/first-run.html", wait_until="load")
                page.locator('[data-md-component="search-query"]').fill(word)
                page.locator(".md-search-result__item").first.wait_for(state="attached", timeout=20_000)
                assert wanted in page.locator(".md-search-result__list").inner_text().lower()
            assert outside == []
            browser.close()
    finally:
        server.shutdown()
        server.server_close()


def test_the_site_is_made_by_one_command() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^docs: .*\n\t@?.*mkdocs build .*--strict", text, re.M)


def test_every_path_that_the_configuration_names_is_there() -> None:
    from snippets import ROOT

    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    named = {word.strip("[],") for word in text.split() if "_site/" in word}
    missing = [n for n in named if not (ROOT / n.lstrip("/")).exists() and not (ROOT / "docs" / n.lstrip("/")).exists()]
    assert named
    assert missing == [], "an empty folder is not kept, and the site would not build"
