"""Size, time to paint, language switch, drawer and live charts of a built page, in a real Chromium without a network.

``python benchmarks/page_budgets.py PAGE.html`` prints the figures with the budgets they are held against, and the time
of a fixed piece of work in the same browser, so that figures of different machines can be compared.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
from pathlib import Path

BUDGETS = {
    "file, MB": (3.2, 5.0),
    "first contentful paint, s": (0.6, 1.0),
    "the same at a quarter of the speed, s": (1.5, 2.5),
    "bytes before the first chart, kB": (200.0, 200.0),
    "language switch, ms": (300.0, 600.0),
    "drawer open, ms": (100.0, 200.0),
    "live charts at once": (6.0, 10.0),
    "chart awake after it came near, ms": (1000.0, 2000.0),
}
"""Figure -> target, and the value at which it fails."""
REFERENCE = """() => {
  const from = performance.now();
  let x = 0;
  for (let i = 0; i < 2e7; i++) { x += Math.sqrt(i); }
  return performance.now() - from + 0 * x;
}"""
SWITCH = """lang => new Promise(done => {
  const from = performance.now();
  document.getElementById('lang-' + lang).click();
  const doc = document.querySelector('.doc-' + lang);
  const there = () => doc.querySelector('h1') && doc.offsetHeight;
  const look = () => there() ? requestAnimationFrame(() => done(performance.now() - from)) : setTimeout(look, 2);
  look();
})"""
DRAWER = """() => new Promise(done => {
  const from = performance.now();
  document.querySelector('.doc:not([data-pack]) .three a.num').click();
  const there = () => document.querySelector('.card:target');
  const look = () => there() ? requestAnimationFrame(() => done(performance.now() - from)) : setTimeout(look, 2);
  look();
})"""
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"


def measured(path: Path, rounds: int = 3) -> dict[str, float]:
    """The figures of a page: medians over rounds, each in a fresh window."""
    from playwright.sync_api import sync_playwright

    chromium = next(
        found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))
    )
    data = path.read_bytes()
    out: dict[str, list[float]] = {
        name: [] for name in (*BUDGETS, "reference work, ms", "requests outside, console lines")
    }
    head = data.find(b"</figure>")
    with sync_playwright() as engine:
        for slow in (1, 4):
            for _ in range(rounds):
                browser = engine.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
                page = context.new_page()
                noise: list[str] = []
                page.on("console", lambda one, noise=noise: noise.append(one.text))
                page.on("request", lambda one, noise=noise: noise.append(one.url) if one.url[:4] == "http" else None)
                context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slow})
                page.goto(path.resolve().as_uri())
                page.wait_for_timeout(600)
                paint = page.evaluate(PAINT) / 1000
                if slow > 1:
                    out["the same at a quarter of the speed, s"].append(paint)
                    browser.close()
                    continue
                out["first contentful paint, s"].append(paint)
                out["reference work, ms"].append(page.evaluate(REFERENCE))
                out["drawer open, ms"].append(page.evaluate(DRAWER))
                page.keyboard.press("Escape")
                figure = page.locator("figure[data-chart]:visible").first
                from_then = page.evaluate("() => performance.now()")
                figure.scroll_into_view_if_needed()
                page.wait_for_selector(".pic.awake")
                out["chart awake after it came near, ms"].append(page.evaluate("() => performance.now()") - from_then)
                page.set_viewport_size({"width": 1280, "height": 16_000})
                page.wait_for_timeout(1500)
                out["live charts at once"].append(page.locator(".pic.awake").count())
                page.set_viewport_size({"width": 1280, "height": 720})
                out["language switch, ms"].append(page.evaluate(SWITCH, "es"))
                out["requests outside, console lines"].append(len(noise))
                browser.close()
    out["file, MB"] = [len(data) / 1e6]
    out["bytes before the first chart, kB"] = [head / 1000]
    return {name: statistics.median(values) for name, values in out.items() if values}


def main() -> int:
    """Print the figures as a table and as JSON; 1 where one fails its budget."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        print("usage: python benchmarks/page_budgets.py PAGE.html")
        return 2
    found = measured(Path(sys.argv[1]))
    failed = 0
    for name, value in found.items():
        target, limit = BUDGETS.get(name, (float("nan"), float("inf")))
        verdict = "over its limit" if value > limit else "within target" if value <= target else "within limit"
        failed += value > limit
        print(f"{name:44} {value:10.2f}   {verdict if name in BUDGETS else ''}")
    print(json.dumps(found))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
