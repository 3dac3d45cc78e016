"""The page held against WCAG 2.2 AA by axe-core, in a real browser, in both languages and both schemes."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def findings(page_file: Path, lang: str, scheme: str, width: int, where: str = "") -> list[str]:
    """Serious and critical findings, one line each."""
    playwright = pytest.importorskip("playwright.sync_api")
    script = files(pytest.importorskip("axe_core_python")).joinpath("axe.min.js").read_text(encoding="utf-8")
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True, offline=True
        ).new_page()
        page.goto(page_file.as_uri() + where)
        page.evaluate(f"document.getElementById('lang-{lang}').click()")
        page.wait_for_selector(f".doc-{lang} h1")
        page.evaluate(script)
        told = page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})", RULES
        )
        browser.close()
    return [
        f"{one['id']}: {one['help']}: {node['target']} {node['html'][:120]}"
        for one in told["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


@pytest.fixture(scope="module")
def page_file(inputs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every section, with a few responses and readings of the first decision: axe reads each element."""
    from dataclasses import replace

    from tregua.report.page import page

    kept = inputs.main_horizon[0]
    arms, readings = inputs.arms[:4], inputs.readings[:3]
    shown = {one.id for one in (*arms, *readings)}
    lean = replace(
        inputs,
        arms=arms,
        readings=readings,
        spots=(),
        contrasts=tuple(
            row
            for row in inputs.contrasts
            if (row.decision, row.horizon) == kept and row.arm in shown and row.reading in shown
        ),
        regret=tuple(
            row
            for row in inputs.regret
            if (row.decision, row.horizon) == kept and row.arm in shown and row.reading in shown
        ),
    )
    path = tmp_path_factory.mktemp("access") / "report.html"
    path.write_text(page(lean), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("lang", "scheme", "width"), [("en", "light", 1280), ("es", "dark", 1280), ("es", "light", 360)]
)
def test_no_serious_finding_on_the_page(page_file, lang, scheme, width):
    assert findings(page_file, lang, scheme, width) == []
